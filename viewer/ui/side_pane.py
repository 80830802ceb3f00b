"""The right pane: the picture, its controls, and the lists beneath."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.ui.actions import ActionSet
from viewer.ui.highlights_pane import HighlightsPane
from viewer.ui.player_controls import PlayerControls
from viewer.ui.player_view import PlayerView
from viewer.ui.theme import ThemeManager


class SidePane(QWidget):
    """Keeps the picture at 16:9, and at less than half of the height."""

    def __init__(self, actions: ActionSet, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.player = PlayerView(themes, self)
        self.controls = PlayerControls(actions, themes, self)
        self.lists = HighlightsPane(themes, self)
        self._full = False
        self._top = QVBoxLayout()
        self._top.setContentsMargins(16, 16, 16, 0)
        self._top.setSpacing(8)
        self._top.addWidget(self.player, 1)
        self._top.addWidget(self.controls)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._top)
        column.addWidget(self.lists, 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(344, 400)

    def set_full(self, full: bool) -> None:
        """Give the picture the whole pane, or its usual place."""
        self._full = full
        self.player.full = full
        self.lists.setVisible(not full)
        margin = 0 if full else 16
        self._top.setContentsMargins(margin, margin, margin, 8 if full else 0)
        self.controls.setContentsMargins(16 if full else 0, 0, 16 if full else 0, 0)
        self._size_picture()

    def _size_picture(self) -> None:
        if self._full:
            self.player.setMinimumHeight(120)
            self.player.setMaximumHeight(16_777_215)
            return
        height = round((self.width() - 32) * 9 / 16)
        self.player.setFixedHeight(max(112, min(height, round(self.height() * 0.42))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_picture()
