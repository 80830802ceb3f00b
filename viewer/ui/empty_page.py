"""A page that has nothing to show: what happened, what to do next, and the button that does it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from viewer.ui.buttons import text_button
from viewer.ui.fonts import font
from viewer.ui.theme import ThemeManager


class EmptyPage(QWidget):
    """A title, a sentence and perhaps a button, in the middle."""

    activated = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None, *, small: bool = False) -> None:
        super().__init__(parent)
        self._title = QLabel(self)
        self._title.setFont(font(15 if small else 18, bold=True))
        self._advice = QLabel(self)
        self._advice.setFont(font(13 if small else 14))
        self._advice.setProperty("role", "soft")
        for label in (self._title, self._advice):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = text_button("", "primary", self)
        self.button.hide()
        self.button.clicked.connect(self.activated)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(12)
        column.addStretch(2)
        for label in (self._title, self._advice):
            column.addWidget(label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_words(self, title: str, advice: str, button: str = "") -> None:
        """Say ``title`` and ``advice``; without ``button`` there is none."""
        self._title.setText(title)
        self._advice.setText(advice)
        self.button.setText(button)
        self.button.setAccessibleName(button)
        self.button.setToolTip(button)
        self.button.setVisible(bool(button))
