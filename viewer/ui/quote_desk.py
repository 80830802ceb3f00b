"""What the window does about the truth of the open note's quotes, its transcript and the address of its video."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu

from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.base.settings import Settings
from viewer.domain.note import Note
from viewer.domain.video import Segment, VideoRef
from viewer.media.progress import FetchProgress, FetchStage
from viewer.qt.jobs import Job, JobState
from viewer.qt.library_controller import LibraryController
from viewer.qt.quote_checks_controller import QuoteChecksController
from viewer.qt.timed_rows import RowKind, TimedRow
from viewer.ui.applied_settings import fetch_options
from viewer.ui.main_window import MainWindow
from viewer.ui.notes_view import open_in_browser
from viewer.ui.quote_check_view import QuoteCheckView
from viewer.ui.quote_words import compared_transcript
from viewer.ui.reader_pane import TRANSCRIPT
from viewer.ui.session import NoteSession
from viewer.ui.status_banner import BannerButton
from viewer.ui.text import failure_words, size_text

if TYPE_CHECKING:
    from viewer.domain.quote_checks import QuoteCheck
    from viewer.library.quotes import NoteCheck

log = logging.getLogger(__name__)

_AFTER_PAINTING_MS = 100
"""The quotes are judged when the note has been painted, and not while one leafs through notes: judging computes for up
to half a second and would hold both up."""


class QuoteDesk(QObject):
    """Has the open note judged, shows what was found, gets its transcript, and takes the address of its video."""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        library: LibraryController,
        checks: QuoteChecksController,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._library = library
        self._checks = checks
        self._settings = settings
        self._note_id: int | None = None
        self._note: Note | None = None
        self._found: NoteCheck | None = None
        self._turn_for: VideoRef | None = None
        self._comparison: QuoteCheckView | None = None
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.setInterval(_AFTER_PAINTING_MS)
        self._painted.timeout.connect(self._judge)
        window.closing.connect(self._painted.stop)
        checks.checked.connect(self.checked)
        checks.checkFailed.connect(self._check_failed)
        checks.fetchProgressed.connect(self._progressed)
        checks.fetched.connect(self._fetched)
        checks.fetchFailed.connect(self._fetch_failed)
        checks.fetchEnded.connect(lambda _: self.offer_transcript())
        lists = window.side.lists
        lists.comparisonWanted.connect(self.compare)
        lists.to_check.toggled.connect(window.actions_set["to_check"].setChecked)
        window.reader.transcript.markMenuWanted.connect(self.fill_mark_menu)
        window.reader.no_transcript.activated.connect(self._page_button)
        session.noteChanged.connect(self._note_changed)
        settings.listen(self._setting_changed)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {
            "get_transcript": self.get_transcript,
            "give_address": self.give_address,
            "play_words": self.play_words,
            "compare_quote": lambda: self.compare(self._window.side.lists.current_row()),
            "to_check": self._window.side.lists.to_check.toggle,
        }

    # -- judging ---------------------------------------------------------------------------------------------

    def note_opened(self, note_id: int, note: Note) -> None:
        """Have the note judged, if it is the one that is shown."""
        if self._session.note is note:
            self._note_id, self._note, self._found = note_id, note, None
            self.offer_transcript()
            self._checks.forget()  # of the note before
            self._painted.start()

    def _judge(self) -> None:
        if self._note_id is not None:
            self._checks.check(self._note_id)

    def _note_changed(self, note: object) -> None:
        if note is None:
            self._painted.stop()
            self._note_id = self._note = self._found = None
            self._checks.forget()

    @Slot(object, object)
    def checked(self, note_id: int, found: NoteCheck) -> None:
        """Show what was found out, if the note is still open."""
        if note_id != self._note_id:
            return
        self._found = found
        self._session.show_checks(found)
        if self._turn_for is not None and found.note.video == self._turn_for and found.reading.cues:
            self._turn_for = None
            self._window.reader.tabs.setCurrentIndex(TRANSCRIPT)

    @staticmethod
    def _check_failed(note_id: int, error: object) -> None:
        # The note is read and played as well without a judgement.
        log.warning("the quotes of note %s could not be judged: %r", note_id, error)

    # -- the transcript --------------------------------------------------------------------------------------

    @property
    def _video(self) -> VideoRef | None:
        return self._note.video if self._note is not None else None

    def offer_transcript(self) -> None:
        """On the page of a note without a transcript: what can be done about that."""
        page, video = self._window.reader.no_transcript, self._video
        title = tr("This note has no transcript")
        if video is None:
            page.show_words(
                title,
                tr("It names no video either. With the video's address its transcript can be found."),
                tr("Give the address…"),
            )
        elif self._checks.fetching(video):
            page.show_words(tr("Getting the transcript"), tr("Asking the site…"), tr("Stop"))
        else:
            page.show_words(
                title,
                tr(
                    "The video's captions can be fetched and kept: the author's, else automatic ones. "
                    "A caption file beside the note serves as well."
                ),
                tr("Get the transcript"),
            )

    def _page_button(self) -> None:
        video = self._video
        if video is None:
            self.give_address()
        elif self._checks.fetching(video):
            self._checks.cancel(video)
        else:
            self.get_transcript()

    def get_transcript(self) -> None:
        """Fetch the captions of the open note's video."""
        video = self._video
        if video is None:
            self._window.banner.show_info(
                tr("This note names no video"),
                tr("Its transcript can be found when the address of its video is known."),
                [BannerButton(tr("Give the address…"), self.give_address, primary=True)],
            )
            return
        self._window.banner.dismiss()
        self._checks.fetch(video, list(self._settings.get("fetch.subtitle_languages")))
        self._show_progress(video, tr("Asking the site…"))

    def _show_progress(self, video: VideoRef, words: str) -> None:
        note = self._session.note
        if video != self._video or note is None:
            return
        title = tr("Getting the transcript")
        if note.transcript.cues:
            stop = BannerButton(tr("Stop"), lambda: self._checks.cancel(video))
            self._window.banner.show_info(title, words, [stop])
        else:
            self._window.reader.no_transcript.show_words(title, words, tr("Stop"))

    @Slot(object, object)
    def _progressed(self, video: VideoRef, value: object) -> None:
        if not isinstance(value, FetchProgress) or not self._checks.fetching(video):
            return
        if value.stage in (FetchStage.WAITING, FetchStage.RESOLVING):
            self._show_progress(video, tr("Asking the site…"))
        elif value.stage is FetchStage.DOWNLOADING:
            done = size_text(value.done_bytes) if value.done_bytes else ""
            self._show_progress(video, tr("Fetching the captions… {size}").format(size=done).strip())

    @Slot(object, object)
    def _fetched(self, video: VideoRef, captions: object) -> None:
        if video != self._video or self._note_id is None:
            return
        self._window.banner.dismiss()
        self._turn_for = video
        self._checks.check(self._note_id)

    @Slot(object, object)
    def _fetch_failed(self, video: VideoRef, error: object) -> None:
        if video != self._video:
            return
        message, advice = failure_words(error, tr("The transcript could not be fetched."))
        retry = BannerButton(tr("Retry"), self.get_transcript, primary=True)
        self._window.banner.show_failure(message, advice, [retry])

    # -- the address -----------------------------------------------------------------------------------------

    def give_address(self) -> None:
        """Ask for the address of the video of a note that names none; an empty one forgets what was given."""
        note_id, note = self._note_id, self._note
        if note_id is None or note is None:
            return
        if note.video is not None and not self._checks.was_given(note_id):
            self._window.banner.show_info(tr("This note names its video itself"), note.video.url)
            return
        dialog = QInputDialog(self._window)
        dialog.setObjectName("addressDialog")
        dialog.setWindowTitle(tr("The address of the video"))
        dialog.setLabelText(
            tr("The address of the video that “{title}” speaks of:").format(title=note.title[:80])
        )
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.setTextValue(note.video.url if note.video is not None else "https://")
        dialog.resize(520, dialog.sizeHint().height())
        dialog.textValueSelected.connect(lambda text: self._give(note_id, text))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _give(self, note_id: int, text: str) -> None:
        text = text.strip()
        job = self._checks.give_address(note_id, text if text not in ("", "https://") else None)
        job.finished.connect(self._given)

    @Slot(object)
    def _given(self, job: Job) -> None:
        if job.state is JobState.FAILED:
            error = job.error
            words = (error.message, error.advice) if isinstance(error, ViewerError) else (str(error), "")
            again = BannerButton(tr("Try again…"), self.give_address, primary=True)
            self._window.banner.show_failure(*words, [again])
        elif job.state is JobState.SUCCEEDED and job.subject == self._note_id:
            self._library.open_note(job.subject)

    def explain_untimed(self, row: TimedRow) -> None:
        """Say why a row has no time, and offer what would find one."""
        video = self._video
        if row.check is not None and row.check.verdict.value == "not-found":
            self._window.banner.show_info(
                tr("No time known"),
                tr("The transcript of the video is complete, and these words are not in it."),
                [BannerButton(tr("Compare"), lambda: self.compare(row), primary=True)],
            )
        elif row.kind not in (RowKind.HIGHLIGHT, RowKind.QUOTE):
            self._session.explain_untimed(row)
        elif video is None:
            self._window.banner.show_info(
                tr("No time known yet"),
                tr("This note names no video. With its address the quote can be found and played."),
                [BannerButton(tr("Give the address…"), self.give_address, primary=True)],
            )
        elif not self._checks.store.has(video):
            self._window.banner.show_info(
                tr("No time known yet"),
                tr("With the transcript of the video the quote finds its place."),
                [
                    BannerButton(tr("Get the transcript"), self.get_transcript, primary=True),
                    BannerButton(tr("Open the video"), lambda: open_in_browser(video.url)),
                ],
            )
        else:
            self._session.explain_untimed(row)

    # -- one quote -------------------------------------------------------------------------------------------

    def play_words(self) -> None:
        """Play exactly the words of the chosen quote."""
        row = self._window.side.lists.current_row()
        if row is not None and row.words is not None:
            self._session.play(row.words)
            return
        if row is None or row.kind not in (RowKind.HIGHLIGHT, RowKind.QUOTE):
            self._window.banner.show_info(tr("Choose a highlight or a quote first"))
            return
        buttons = []
        if self._video is not None and not self._checks.store.has(self._video):
            buttons = [BannerButton(tr("Get the transcript"), self.get_transcript, primary=True)]
        self._window.banner.show_info(
            tr("It is not known exactly when these words begin and end"),
            tr("The captions of the video know the time of each word.") if buttons else "",
            buttons,
        )

    def compare(self, row: TimedRow | None) -> None:
        """Show the row's quote beside what was said."""
        found = self._found
        if row is None or row.check is None or found is None:
            self._window.banner.show_info(tr("Choose a highlight or a quote first"))
            return
        place = self._comparison.geometry() if self._comparison is not None else None
        if self._comparison is not None:
            self._comparison.close()
        transcript = compared_transcript(found, row.check)
        view = QuoteCheckView(row, row.check, transcript, self._window.themes, self._window)
        view.segmentActivated.connect(self._session.play)
        view.stepWanted.connect(self._compare_next)
        view.finished.connect(self._comparison_closed)
        if place is not None:
            view.setGeometry(place)
        self._comparison = view
        view.show()

    def _comparison_closed(self) -> None:
        self._comparison = None

    def _compare_next(self, by: int) -> None:
        row = self._window.side.lists.choose(by)
        if row is not None and row.check is not None:
            self.compare(row)

    def fill_row_menu(self, row: TimedRow, menu: QMenu) -> None:
        """Add to a row's menu what can be done about the truth of its quote."""
        if row.check is None:
            return
        actions = self._window.actions_set
        words = row.words
        if words is not None and words != row.segment:
            self._add(menu, actions["play_words"].text(), lambda: self._session.play(words))
        self._add(menu, actions["compare_quote"].text(), lambda: self.compare(row))
        menu.addSeparator()

    def fill_mark_menu(self, check: QuoteCheck, menu: QMenu) -> None:
        """Add to the transcript's menu what can be done with the quote whose words were pointed at."""
        lists = self._window.side.lists
        kind = RowKind.HIGHLIGHT if check.kind == "highlight" else RowKind.QUOTE
        row = lists.models[kind].row_of(check)
        if row is None:
            return
        segment: Segment | None = row.segment
        name = row.title or " ".join(row.text.split()[:6]) + "…"
        if segment is not None:
            chosen = segment
            self._add(menu, tr("Play “{name}”").format(name=name), lambda: self._session.play(chosen))
        self.fill_row_menu(row, menu)

    @staticmethod
    def _add(menu: QMenu, words: str, act: Callable[[], object]) -> None:
        menu.addAction(words).triggered.connect(lambda _=False: act())

    # -- settings --------------------------------------------------------------------------------------------

    def _setting_changed(self, key: str) -> None:
        if key.startswith("fetch."):
            languages = list(self._settings.get("fetch.subtitle_languages"))
            self._checks.set_options(fetch_options(self._settings), languages)
