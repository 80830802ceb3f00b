"""The card in which a mark's comment, tags and colour are written. What is written is kept when it closes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from viewer.base.language import tr
from viewer.domain.mark import Mark, MarkColour, clean_tags
from viewer.qt.mark_rows import colour_words, mark_row
from viewer.ui.buttons import KeyGuard, describe, text_button
from viewer.ui.colour_buttons import ColourButtons
from viewer.ui.fonts import font
from viewer.ui.shadow import SoftShadow
from viewer.ui.theme import ThemeManager

WIDTH = 360


class TagField(QLineEdit):
    """Tags, separated by commas; the one that is being written is completed from those that are known."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._known = QStringListModel(self)
        self._completer = QCompleter(self._known, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._completer.setWidget(self)
        self._offers = QListView(self)
        self._offers.setObjectName("tagOffers")
        self._completer.setPopup(self._offers)
        self._completer.activated.connect(self._complete)
        self.textEdited.connect(self._offer)

    def set_known(self, tags: list[str]) -> None:
        """Offer these."""
        self._known.setStringList(tags)

    def tags(self) -> tuple[str, ...]:
        """The tags that are written."""
        return clean_tags(self.text().split(","))

    @property
    def offering(self) -> bool:
        """Whether tags are offered just now."""
        return self._offers.isVisible()

    def _offer(self) -> None:
        written = self.text()[: self.cursorPosition()].rsplit(",", 1)[-1].strip()
        if not written:
            self._offers.hide()
            return
        self._completer.setCompletionPrefix(written)
        if self._completer.completionCount():
            self._offers.setCurrentIndex(self._completer.completionModel().index(0, 0))
            self._completer.complete()

    def _complete(self, tag: str) -> None:
        head, tail = self.text()[: self.cursorPosition()], self.text()[self.cursorPosition() :]
        begin = head.rfind(",") + 1
        before = head[:begin] + (" " if begin else "")
        self.setText(f"{before}{tag}, {tail.lstrip(', ')}")
        self.setCursorPosition(len(before) + len(tag) + 2)


class MarkEditor(QFrame):
    """Floats over the window beside what it belongs to."""

    kept = Signal(object)
    """Mark with what was written"""
    removeWanted = Signal(object)
    """Mark"""

    def __init__(self, themes: ThemeManager, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("markEditor")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._mark: Mark | None = None
        self._colour = MarkColour.IMPORTANT
        self._before: QWidget | None = None
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(font(12))
        self.words.setProperty("role", "soft")
        self.words.setWordWrap(True)
        self.colours = ColourButtons(themes, self)
        self.colours.chosen.connect(self._choose)
        self.name = QLabel(self)
        self.name.setFont(font(13, bold=True))
        self.comment = QPlainTextEdit(self)
        self.comment.setObjectName("markComment")
        self.comment.setFont(font(14))
        self.comment.setPlaceholderText(tr("What do you think about it?"))
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(96)
        describe(self.comment, tr("Your note"))
        self.tags = TagField(self)
        self.tags.setObjectName("markTags")
        self.tags.setFont(font(13))
        self.tags.setPlaceholderText(tr("Tags, separated by commas"))
        describe(self.tags, tr("Tags, separated by commas"))
        self.done = text_button(tr("Done"), "primary", self)
        self.done.setToolTip(tr("Keep it (Ctrl+Enter, Esc)"))
        self.remove = text_button(tr("Remove the mark"), "link", self)
        self.remove.setToolTip(tr("Remove the mark"))
        self.done.clicked.connect(self.close_editor)
        self.remove.clicked.connect(self._remove)
        self._build()
        self.shadow = SoftShadow(self, reach=24, below=6, alpha=60, radius=12)
        self._guard = KeyGuard(self)
        self._guard.guard(self)
        for field in (self.comment, self.tags):
            field.installEventFilter(self)
        window.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._focus_changed)  # type: ignore[union-attr]
        self.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        colours = QHBoxLayout()
        colours.setSpacing(10)
        colours.addWidget(self.colours)
        colours.addWidget(self.name, 1)
        column.addWidget(self.words)
        column.addLayout(colours)
        column.addWidget(self.comment)
        column.addWidget(self.tags)
        foot = QHBoxLayout()
        foot.addWidget(self.remove)
        foot.addStretch(1)
        foot.addWidget(self.done)
        column.addLayout(foot)

    # -- opening and closing ---------------------------------------------------------------------------------

    @property
    def mark_id(self) -> str:
        """The id of the mark that is being edited; empty when the editor is closed."""
        return self._mark.id if self._mark is not None else ""

    def open_on(self, mark: Mark, place: QRect) -> None:
        """Edit ``mark`` beside ``place`` (of the window)."""
        if self._mark is not None:
            self.close_editor()
        self._before = QApplication.focusWidget()
        self._mark = mark
        text = mark_row(mark).text
        self.words.setText(text if len(text) < 120 else text[:118].rsplit(" ", 1)[0] + "…")
        self.comment.setPlainText(mark.comment)
        self.tags.setText(", ".join(mark.tags))
        self._choose(mark.colour)
        self.setAccessibleName(tr("Edit this mark"))
        self._put(place)
        self.show()
        self.raise_()
        self.comment.setFocus(Qt.FocusReason.PopupFocusReason)
        self.comment.moveCursor(self.comment.textCursor().MoveOperation.End)

    def _put(self, place: QRect) -> None:
        room = self.window().rect().adjusted(12, 12, -12, -12)
        self.setFixedWidth(min(WIDTH, room.width()))
        layout = self.layout()
        height = max(self.sizeHint().height(), layout.heightForWidth(self.width()) if layout else 0)
        top = place.bottom() + 8
        if top + height > room.bottom():
            top = place.top() - height - 8
        top = max(room.top(), min(top, room.bottom() - height))
        left = max(room.left(), min(place.left(), room.right() - self.width()))
        self.setGeometry(QRect(QPoint(left, top), self.size()).adjusted(0, 0, 0, height - self.height()))

    def close_editor(self) -> None:
        """Keep what was written, and give the focus back."""
        mark, self._mark = self._mark, None
        if mark is None:
            return
        focused = QApplication.focusWidget()
        inside = focused is not None and self.isAncestorOf(focused)
        self.hide()
        before, self._before = self._before, None
        # What had the focus may be gone: the field of a list's item closes with its focus.
        if inside and before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        written = replace(
            mark, colour=self._colour, comment=self.comment.toPlainText(), tags=self.tags.tags()
        )
        if written != mark:
            self.kept.emit(written)

    def _remove(self) -> None:
        mark = self._mark
        if mark is not None:
            self._choose(mark.colour)
            self.comment.setPlainText(mark.comment)
            self.tags.setText(", ".join(mark.tags))
            self.close_editor()
            self.removeWanted.emit(mark)

    def _choose(self, colour: MarkColour) -> None:
        self._colour = colour
        self.colours.set_colour(colour)
        self.name.setText(colour_words(colour))

    # -- events ----------------------------------------------------------------------------------------------

    def _focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if self._mark is None or now is None or now is self or self.isAncestorOf(now):
            return
        if now.window() is self.window():
            self._before = None  # the focus is where the user has put it
            self.close_editor()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._mark is not None:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if enter and (control or (watched is self.tags and not self.tags.offering)):
                self.close_editor()
                return True
        elif event.type() == QEvent.Type.Close and watched is self.parentWidget():
            self.close_editor()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_editor()
            return
        super().keyPressEvent(event)
