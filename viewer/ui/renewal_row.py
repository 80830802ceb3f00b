"""Which yt-dlp is in use and a button to renew it, for the preferences."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from viewer.base.language import tr
from viewer.ui.buttons import text_button
from viewer.ui.fonts import font


class RenewalRow(QWidget):
    """Shows an action: its status tip as words, and a button that triggers it."""

    def __init__(self, action: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self._action = action
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setObjectName("ytdlpStatus")
        self.words.setFont(font(12))
        self.words.setWordWrap(True)
        self.button = text_button(tr("Renew"), "outline", self)
        self.button.setObjectName("renewButton")
        self.button.setFont(font(13))
        self.button.setToolTip(tr("Look for a newer yt-dlp, fetch it and use it"))
        self.button.clicked.connect(action.trigger)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 4, 0, 0)
        line.addWidget(self.words, 1)
        line.addWidget(self.button)
        action.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.words.setText(self._action.statusTip())
        self.button.setEnabled(self._action.isEnabled())
