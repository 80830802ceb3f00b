"""Finding in the page that is shown, with "3 of 12". It floats, so that the text beneath does not jump."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from viewer.base.language import tr
from viewer.ui.actions import describe_action
from viewer.ui.buttons import icon_button
from viewer.ui.fonts import font
from viewer.ui.reading_text import ReadingText
from viewer.ui.theme import ThemeManager


class FindBar(QFrame):
    """A field, the count, previous, next, close. ``page`` says in which page it looks."""

    closed = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.setAccessibleName(tr("Find in this note"))
        self._page: ReadingText | None = None
        self._count = 0
        self._current = -1
        self.field = QLineEdit(self)
        self.field.setObjectName("findField")
        self.field.setPlaceholderText(tr("Find in this note"))
        self.field.setAccessibleName(tr("Text to find in this note"))
        self.field.setToolTip(tr("Enter goes to the next place, Shift+Enter to the previous, Esc closes"))
        self.field.setMinimumWidth(160)
        self.counter = QLabel(self)
        self.counter.setObjectName("findCounter")
        self.counter.setProperty("role", "soft")
        self.counter.setFont(font(12))
        self.counter.setMinimumWidth(64)
        self.counter.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        previous = icon_button("up", tr("Previous place"), themes.theme, self)
        following = icon_button("down", tr("Next place"), themes.theme, self)
        describe_action(previous, tr("Previous place"), "find_previous")
        describe_action(following, tr("Next place"), "find_next")
        close = icon_button("close", tr("Close (Esc)"), themes.theme, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 4, 4)
        row.setSpacing(2)
        for widget in (self.field, self.counter, previous, following, close):
            row.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(80)
        self._timer.timeout.connect(self._look)
        self.field.textChanged.connect(self._timer.start)
        previous.clicked.connect(self.find_previous)
        following.clicked.connect(self.find_next)
        close.clicked.connect(self.close_bar)
        self.hide()

    def open_on(self, page: ReadingText) -> None:
        """Show the bar, looking in ``page``; selected words are looked for at once."""
        words = page.textCursor().selectedText()
        self.set_page(page)
        if words and "\u2029" not in words and len(words) < 80:
            self.field.setText(words)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._look()

    def set_page(self, page: ReadingText) -> None:
        """Look in ``page`` from now on."""
        if self._page is not None and self._page is not page:
            self._page.find_all("")
        self._page = page
        if self.isVisible():
            self._look()

    def find_next(self) -> None:
        """Go to the next place, from the last to the first."""
        self._step(1)

    def find_previous(self) -> None:
        """Go to the previous place, from the first to the last."""
        self._step(-1)

    def close_bar(self) -> None:
        """Hide the bar and its marks, and give the focus back to the text."""
        self.hide()
        if self._page is not None:
            self._page.find_all("")
            self._page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def _look(self) -> None:
        if self._page is None:
            return
        self._count = self._page.find_all(self.field.text())
        self._current = self._page.first_find_from_here() if self._count else -1
        self._show()

    def _step(self, by: int) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._look()
            return
        if self._count:
            self._current = (self._current + by) % self._count
            self._show()

    def _show(self) -> None:
        if self._page is not None and self._count:
            self._page.show_find(self._current)
            words = tr("{n} of {m}").format(n=self._current + 1, m=self._count)
        else:
            words = tr("not found") if self.field.text() else ""
        self.counter.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step(-1 if back else 1)
        else:
            super().keyPressEvent(event)
