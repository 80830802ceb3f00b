"""A mark that was changed here and in its file: both versions side by side, and which is to stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QTextBrowser, QVBoxLayout, QWidget

from viewer.base.language import tr
from viewer.domain.mark import Mark
from viewer.domain.timestamp import format_range
from viewer.qt.mark_notes_controller import TwoVersions
from viewer.qt.mark_rows import colour_words
from viewer.qt.sealed_document import SealedDocument
from viewer.ui.buttons import KeyGuard, text_button
from viewer.ui.fonts import font
from viewer.ui.screen_room import open_size
from viewer.ui.text import escape


class TwoVersionsDialog(QDialog):
    """Asks about one mark after another. Opened with ``open()``; closing it keeps both, as they are."""

    def __init__(
        self,
        found: Sequence[TwoVersions],
        keep_mine: Callable[[TwoVersions], object],
        keep_theirs: Callable[[TwoVersions], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("twoVersionsDialog")
        self.setWindowTitle(tr("Changed here and in the file"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_size(self, 680, 420)
        self._found = list(found)
        self._at = 0
        self.title = QLabel(self)
        self.title.setFont(font(16, bold=True))
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(font(13))
        self.words.setProperty("role", "soft")
        self.words.setWordWrap(True)
        self.mine = self._side("mineSide", tr("Here in Soundbite"))
        self.theirs = self._side("theirsSide", tr("In the file"))
        sides = QHBoxLayout()
        sides.setSpacing(16)
        for name, side in ((tr("Here in Soundbite"), self.mine), (tr("In the file"), self.theirs)):
            part = QVBoxLayout()
            caption = QLabel(name, self)
            caption.setFont(font(13, bold=True))
            part.addWidget(caption)
            part.addWidget(side, 1)
            sides.addLayout(part)
        self.keep_mine = text_button("", "outline", self)
        self.keep_theirs = text_button("", "outline", self)
        self.keep_both = text_button("", "primary", self)
        self.keep_mine.clicked.connect(lambda: self._answer(keep_mine))
        self.keep_theirs.clicked.connect(lambda: self._answer(keep_theirs))
        self.keep_both.clicked.connect(lambda: self._answer(None))
        self.keep_both.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.keep_mine, self.keep_theirs, self.keep_both):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addLayout(sides, 1)
        column.addLayout(buttons)
        self._guard = KeyGuard(self)
        self._guard.guard(self)
        self._show()
        self.keep_both.setFocus()

    def _side(self, name: str, words: str) -> QTextBrowser:
        side = QTextBrowser(self)
        side.setDocument(SealedDocument(side))
        side.setObjectName(name)
        side.setAccessibleName(words)
        side.setOpenLinks(False)
        side.setFont(font(14))
        return side

    def _show(self) -> None:
        found = self._found[self._at]
        count = f" ({self._at + 1}/{len(self._found)})" if len(self._found) > 1 else ""
        self.title.setText(tr("“{words}”").format(words=found.conflict.words) + count)
        self.setAccessibleName(found.conflict.message)
        self.mine.setHtml(_html(found.mine, found.theirs or found.now))
        self.theirs.setHtml(_html(found.theirs, found.mine or found.now))
        removed = found.mine is None or found.theirs is None
        words = tr("Both versions are kept so far. Which is to stay? Undo takes it back.")
        if removed:
            words = found.conflict.message + " " + tr("Is it to stay? Undo takes back what you choose.")
        self.words.setText(words)
        self.keep_mine.setText(tr("Remove it") if removed else tr("Keep mine"))
        self.keep_theirs.setText(tr("Remove it") if removed else tr("Keep theirs"))
        self.keep_both.setText(tr("Keep it") if removed else tr("Keep both"))
        for button, hint, state in (
            (self.keep_mine, tr("Keep it as it is here; the file follows"), found.mine),
            (self.keep_theirs, tr("Keep it as it is in the file"), found.theirs),
        ):
            button.setToolTip(tr("Remove it here and from the file") if removed else hint)
            button.setAccessibleName(button.text())
            button.setVisible(not removed or state is None)
        self.keep_both.setToolTip(
            tr("Keep it here and in the file (Esc)") if removed else tr("Leave both as they are (Esc)")
        )
        self.keep_both.setAccessibleName(self.keep_both.text())

    def _answer(self, act: Callable[[TwoVersions], object] | None) -> None:
        if act is not None:
            act(self._found[self._at])
        self._at += 1
        if self._at >= len(self._found):
            self.accept()
        else:
            self._show()


def _html(mark: Mark | None, other: Mark) -> str:
    """What a version says; what is different in the other stands bold."""
    if mark is None:
        removed = escape(tr("Removed"))
        return f"<p><i>{removed}</i></p>"
    parts = [
        ("", mark.text, other.text),
        (tr("Note"), mark.comment, other.comment),
        (tr("Tags"), ", ".join(mark.tags), ", ".join(other.tags)),
        (tr("Colour"), colour_words(mark.colour), colour_words(other.colour)),
        (tr("Who"), mark.speaker or "", other.speaker or ""),
        (tr("When"), _time(mark), _time(other)),
    ]
    lines = []
    for name, words, there in parts:
        if not words and not there:
            continue
        shown = escape(words).replace("\n", "<br>") or "–"
        if words != there:
            shown = f"<b>{shown}</b>"
        lines.append(f"<p>{escape(name)}{': ' if name else ''}{shown}</p>")
    return "".join(lines)


def _time(mark: Mark) -> str:
    return format_range(mark.segment.start_ms, mark.segment.end_ms) if mark.segment is not None else ""
