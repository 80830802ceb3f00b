"""What other programs ask to be opened: files are opened, addresses are asked about first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent

from viewer.base.language import tr
from viewer.domain.timestamp import format_range
from viewer.domain.video import Segment
from viewer.ui.session import NoteSession
from viewer.ui.status_banner import BannerButton, StatusBanner

if TYPE_CHECKING:
    from viewer.domain.opening import Opening


class Openings(QObject):
    """Sorts what is to be opened, and asks before an address plays: any web page can send one, and playing goes
    to the network."""

    def __init__(self, banner: StatusBanner, session: NoteSession, parent: QObject) -> None:
        super().__init__(parent)
        self._banner = banner
        self._session = session
        self._waiting: Callable[[], None] | None = None
        session.noteChanged.connect(self._note_changed)

    def read(self, arguments: Sequence[str]) -> list[Path]:
        """The files and folders among ``arguments``; what else there is, is asked about or refused in the banner."""
        if not arguments:
            return []
        from viewer.domain.opening import read_opening  # here: most starts do without it

        opening = read_opening(arguments, self._session.default_length_ms)
        question = self._question(opening)
        if question is not None:
            if opening.paths or self._session.note is None:
                # A note is about to open, which clears the banner.
                self._waiting = question
            else:
                question()
        return list(opening.paths)

    def _note_changed(self, note: object) -> None:
        if note is not None and self._waiting is not None:
            question, self._waiting = self._waiting, None
            question()

    def _question(self, opening: Opening) -> Callable[[], None] | None:
        length = self._session.default_length_ms
        wanted = list(opening.segments)
        for address in opening.addresses:
            start = address.start_ms or 0
            wanted.append(Segment(address.video, start, start + length))
        if wanted:
            return lambda: self._ask(wanted[0])
        if opening.refused:
            return lambda: self._refuse(opening.refused[0])
        return None

    def _ask(self, segment: Segment) -> None:
        self._banner.show_info(
            tr("Play {place} of the video {video}?").format(
                place=format_range(segment.start_ms, segment.end_ms), video=segment.video.id
            ),
            tr("Another program or a web page asks for it."),
            [BannerButton(tr("Play"), lambda: self._session.play(segment), primary=True)],
        )

    def _refuse(self, text: str) -> None:
        shown = "".join(letter if letter.isprintable() else "?" for letter in text[:200])
        self._banner.show_failure(
            tr("This address cannot be read: {address}").format(address=shown),
            tr("It should look like soundbite:VIDEO?t=16-60, or name a file."),
        )


class OpenEvents(QObject):
    """Listens for the files and addresses that macOS hands to the running program as events."""

    asked = Signal(list)
    """arguments (str), as a second start would hand them over"""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.asked.emit([event.file() or event.url().toString()])
            return True
        return super().eventFilter(watched, event)
