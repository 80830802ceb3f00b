"""By what the library is narrowed: a panel that opens beneath the filter field, and a chip for each filter in force."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from viewer.base.language import tr
from viewer.qt.note_filter import FilterChoices, NoteFilter
from viewer.ui.buttons import KeyGuard, describe, text_button
from viewer.ui.flow_layout import FlowLayout
from viewer.ui.fonts import font
from viewer.ui.icons import set_icon
from viewer.ui.theme import ThemeManager

_CHIP_LETTERS = 28


class FilterBar(QWidget):
    """Chips, and above them the panel while it is open. ``filterChanged`` brings the new :class:`NoteFilter`.

    ``choices`` is asked whenever the panel opens: what there is to choose from then.
    """

    filterChanged = Signal(object)
    closed = Signal()
    """the panel was closed with Esc"""

    def __init__(
        self, themes: ThemeManager, choices: Callable[[], FilterChoices], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._choices = choices
        self._wanted = NoteFilter()
        self.panel = QWidget(self)
        self.panel.setObjectName("filterPanel")
        self.panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tag = self._choice("filterTag", tr("Only notes with this tag"))
        self.channel = self._choice("filterChannel", tr("Only notes of this channel"))
        self.speaker = self._choice("filterSpeaker", tr("Only notes in which this person speaks"))
        self.year = self._choice("filterYear", tr("Only notes of this year"))
        self.transcript = QCheckBox(tr("With a transcript"), self.panel)
        self.transcript.setToolTip(tr("Only notes that have a transcript"))
        self.kept = QCheckBox(tr("Kept offline"), self.panel)
        self.kept.setToolTip(tr("Only notes of which clips are kept on this computer"))
        self.clear_button = text_button(tr("Clear all filters"), "link", self.panel)
        self.clear_button.setFont(font(12, bold=True))
        self.clear_button.clicked.connect(self.clear)
        self.chips = QWidget(self)
        self._chips_row = FlowLayout(self.chips)
        self._chips_row.setContentsMargins(16, 0, 16, 8)
        self._build()
        for box in (self.tag, self.channel, self.speaker, self.year):
            box.activated.connect(self._chosen)
        for check in (self.transcript, self.kept):
            check.clicked.connect(self._chosen)
        self._guard = KeyGuard(self)
        self._guard.guard(self.panel)
        self.panel.hide()
        self.chips.hide()

    def _choice(self, name: str, words: str) -> QComboBox:
        box = QComboBox(self.panel)
        box.setObjectName(name)
        describe(box, words)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        box.setMaxVisibleItems(14)
        return box

    def _build(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, box in (
            (tr("Tag"), self.tag),
            (tr("Channel"), self.channel),
            (tr("Speaker"), self.speaker),
            (tr("Year"), self.year),
        ):
            label = QLabel(words, self.panel)
            label.setFont(font(12))
            label.setProperty("role", "soft")
            label.setBuddy(box)
            form.addRow(label, box)
        inside = QVBoxLayout(self.panel)
        inside.setContentsMargins(20, 4, 16, 10)
        inside.setSpacing(8)
        inside.addLayout(form)
        inside.addWidget(self.transcript)
        inside.addWidget(self.kept)
        inside.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.panel)
        column.addWidget(self.chips)

    # -- open and closed -------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether the panel is open."""
        return not self.panel.isHidden()

    def set_open(self, opened: bool) -> None:
        """Open the panel with what there is to choose from now, or close it."""
        if opened and not self.is_open:
            self._fill()
            self.panel.show()
            self.tag.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not opened:
            self.panel.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_open:
            self.set_open(False)
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    # -- the filter ------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> NoteFilter:
        """The filter in force."""
        return self._wanted

    def set_wanted(self, wanted: NoteFilter) -> None:
        """Put this filter in force; tells ``filterChanged`` when it is another one."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if self.is_open:
            self._fill()
        self._show_chips()
        self.filterChanged.emit(wanted)

    def clear(self) -> None:
        """No filter at all."""
        self.set_wanted(NoteFilter())

    def _fill(self) -> None:
        choices, wanted = self._choices(), self._wanted
        self._fill_one(self.tag, tr("Any tag"), choices.tags, wanted.tag)
        self._fill_one(self.channel, tr("Any channel"), choices.channels, wanted.channel)
        self._fill_one(self.speaker, tr("Anybody"), choices.speakers, wanted.speaker)
        self._fill_one(self.year, tr("Any year"), choices.years, wanted.year)
        self.transcript.setChecked(wanted.transcript)
        self.kept.setChecked(wanted.kept)
        self.clear_button.setEnabled(bool(wanted))

    @staticmethod
    def _fill_one(box: QComboBox, anything: str, values: Sequence[tuple[Any, int]], wanted: Any) -> None:
        box.clear()
        box.addItem(anything, None)
        for value, count in values:
            box.addItem(f"{value}  ({count})", value)
        place = next((n for n, (value, _) in enumerate(values, 1) if value == wanted), 0)
        if wanted is not None and not place:
            box.addItem(f"{wanted}  (0)", wanted)
            place = box.count() - 1
        box.setCurrentIndex(place)

    def _chosen(self) -> None:
        self.set_wanted(
            replace(
                self._wanted,
                tag=self.tag.currentData(),
                channel=self.channel.currentData(),
                speaker=self.speaker.currentData(),
                year=self.year.currentData(),
                transcript=self.transcript.isChecked(),
                kept=self.kept.isChecked(),
            )
        )

    # -- chips -----------------------------------------------------------------------------------------------

    def _words(self) -> list[tuple[str, dict[str, Any]]]:
        """What is in force, in words, and what takes it away again."""
        wanted = self._wanted
        found: list[tuple[str, dict[str, Any]]] = []
        if wanted.folder is not None:
            found.append((os.path.basename(wanted.folder) or wanted.folder, {"folder": None}))
        if wanted.tag is not None:
            found.append((tr("tag: {tag}").format(tag=wanted.tag), {"tag": None}))
        if wanted.channel is not None:
            found.append((wanted.channel, {"channel": None}))
        if wanted.speaker is not None:
            found.append((tr("speaks: {name}").format(name=wanted.speaker), {"speaker": None}))
        if wanted.year is not None:
            found.append((str(wanted.year), {"year": None}))
        if wanted.transcript:
            found.append((tr("with a transcript"), {"transcript": False}))
        if wanted.kept:
            found.append((tr("kept offline"), {"kept": False}))
        return found

    def _show_chips(self) -> None:
        had_focus = self.chips.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        while self._chips_row.count():
            item = self._chips_row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        words = self._words()
        for text, without in words:
            self._chips_row.addWidget(self._chip(text, without))
        self.chips.setVisible(bool(words))
        self._chips_row.invalidate()
        self.updateGeometry()
        if had_focus and words:
            first = self._chips_row.itemAt(0)
            chip = first.widget() if first is not None else None
            if chip is not None:
                chip.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chip(self, words: str, without: dict[str, Any]) -> QPushButton:
        shown = words if len(words) <= _CHIP_LETTERS else words[: _CHIP_LETTERS - 1] + "…"
        chip = QPushButton(shown.replace("&", "&&"), self.chips)
        chip.setProperty("kind", "chip")
        chip.setFont(font(12))
        set_icon(chip, "close", self._themes.theme, "text_soft")
        chip.setIconSize(QSize(12, 12))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        describe(chip, tr("Take away the filter “{filter}”").format(filter=words))
        self._guard.guard(self.chips)
        chip.installEventFilter(self._guard)
        chip.clicked.connect(lambda _=False: self.set_wanted(replace(self._wanted, **without)))
        chip.show()
        return chip
