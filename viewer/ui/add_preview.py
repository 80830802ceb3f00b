"""The card that says what an address holds, before anything is added."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from viewer.base.language import set_apart, tr, tr_n
from viewer.domain.timestamp import format_timestamp
from viewer.media.listing import MOST_ENTRIES
from viewer.qt.adding import Preview
from viewer.ui.buttons import text_button
from viewer.ui.fonts import font
from viewer.ui.text import DOT, count_text, date_text, length_text


class PreviewCard(QFrame):
    """Title, facts, what is left out, and what can be done."""

    addWanted = Signal()
    openWanted = Signal(str)
    """path of the note that is there already"""
    wholeWanted = Signal()
    """the playlist is meant, not the one video"""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("addPreview")
        self.preview: Preview | None = None
        self.name = self._label(15, bold=True)
        self.facts = self._label(13)
        self.remarks = self._label(13)
        self.add_button = self._button(tr("Add this video"), "primary")
        self.add_button.setObjectName("addVideosButton")
        self.add_button.clicked.connect(lambda _=False: self.addWanted.emit())
        self.open_button = self._button(tr("Open its note"), "primary")
        self.open_button.clicked.connect(lambda _=False: self._open())
        self.whole_button = self._button(tr("Look at the whole playlist"), "link")
        self.whole_button.clicked.connect(lambda _=False: self.wholeWanted.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        for label in (self.name, self.facts, self.remarks):
            column.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 6, 0, 0)
        buttons.setSpacing(8)
        for button in (self.add_button, self.open_button, self.whole_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.hide()

    def _label(self, size: float, *, bold: bool = False) -> QLabel:
        label = QLabel(self)
        label.setFont(font(size, bold=bold))
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if not bold:
            label.setProperty("role", "soft")
        return label

    def _button(self, words: str, kind: str) -> QPushButton:
        button = text_button(words, kind, self)
        button.setFont(font(13, bold=kind == "link"))
        button.setAutoDefault(False)
        return button

    def clear(self) -> None:
        """Show nothing."""
        self.preview = None
        self.hide()

    def show_preview(self, preview: Preview, *, in_playlist: bool) -> QPushButton:
        """Say what was found; returns the button that comes next. ``in_playlist``: the address names a list, too."""
        found = preview.found
        self.preview = preview
        self.name.setText(set_apart(found.title or found.source.url))
        self.facts.setText(_facts(preview))
        remarks = _remarks(preview)
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))
        fresh = _fresh(preview)
        words = tr_n("Add {n} video", "Add {n} videos", fresh).format(n=count_text(fresh))
        words = words if found.is_list else tr("Add this video")
        self.add_button.setText(words)
        self.add_button.setAccessibleName(words)
        self.add_button.setToolTip(words)
        self.add_button.setVisible(fresh > 0)
        self.open_button.setVisible(not found.is_list and not fresh)
        self.whole_button.setVisible(in_playlist)
        self.show()
        return self.add_button if fresh else self.open_button

    def _open(self) -> None:
        if self.preview is not None and self.preview.there:
            self.openWanted.emit(next(iter(self.preview.there.values())))


def _fresh(preview: Preview) -> int:
    entries = preview.found.entries
    return sum(entry.gone is None and entry.video not in preview.there for entry in entries)


def _facts(preview: Preview) -> str:
    """``Turing Post · 16 Jun 2025 · 8:36 · the author's captions, en``, or of a list how many and how long."""
    found = preview.found
    if found.facts is not None:
        meta = found.facts.metadata
        parts = [found.channel, date_text(meta.published)]
        parts.append(format_timestamp(meta.duration_ms) if meta.duration_ms else "")
        parts.append(found.captions)
        count = len(found.facts.chapters)
        parts.append(tr_n("{n} chapter", "{n} chapters", count).format(n=count) if count else "")
        return DOT.join(part for part in parts if part)
    count = len(found.entries)
    parts = [found.channel, tr_n("{n} video", "{n} videos", count).format(n=count_text(count))]
    whole = sum(entry.duration_ms or 0 for entry in found.entries)
    parts.append(length_text(whole) if whole else "")
    return DOT.join(part for part in parts if part)


def _remarks(preview: Preview) -> list[str]:
    """What is not added, and why."""
    found, there = preview.found, len(preview.there)
    if not found.is_list:
        return [tr("There is a note about this video in the library already.")] if there else []
    gone = sum(entry.gone is not None for entry in found.entries)
    words = (
        (
            there,
            tr_n(
                "{n} is in the library already and is not fetched again.",
                "{n} are in the library already and are not fetched again.",
                there,
            ),
        ),
        (
            gone,
            tr_n(
                "{n} is private or removed and is left out.",
                "{n} are private or removed and are left out.",
                gone,
            ),
        ),
        (
            found.passed_over,
            tr_n(
                "{n} entry is no video and is left out.",
                "{n} entries are no videos and are left out.",
                found.passed_over,
            ),
        ),
    )
    remarks = [text.format(n=count_text(count)) for count, text in words if count]
    if len(found.entries) + found.passed_over >= MOST_ENTRIES:
        remarks.append(tr("Only the first {n} are taken.").format(n=count_text(MOST_ENTRIES)))
    return remarks
