"""The right pane: the picture, its controls, and the lists beneath."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from viewer.base.language import tr
from viewer.ui.actions import ActionSet
from viewer.ui.fonts import font
from viewer.ui.highlights_pane import HighlightsPane
from viewer.ui.player_controls import PlayerControls
from viewer.ui.player_view import PlayerView
from viewer.ui.theme import ThemeManager

_LEAST_HEIGHT = 112
_SPACES = 16 + 3 * 8
"""Above and between what the pane shows."""
_CAPTION_LINES = 3


class SidePane(QWidget):
    """Keeps the picture at 16:9, and at less than half of the height."""

    def __init__(self, actions: ActionSet, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.player = PlayerView(themes, self)
        self.controls = PlayerControls(actions, themes, self)
        self.controls.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.lists = HighlightsPane(themes, self)
        self._full = False
        self._instead: QWidget | None = None
        self.captions = False
        """Whether what is being said stands under the picture."""
        self.caption = QLabel(self)
        self.caption.setObjectName("captionLabel")
        self.caption.setAccessibleName(tr("What is being said"))
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.caption.setWordWrap(True)
        self.caption.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.caption.setFont(font(14))
        self.caption.setFixedHeight(self.caption.fontMetrics().lineSpacing() * _CAPTION_LINES + 2)
        self.caption.hide()
        self._top = QVBoxLayout()
        self._top.setContentsMargins(16, 16, 16, 0)
        self._top.setSpacing(8)
        self._top.addWidget(self.player, 1)
        self._top.addWidget(self.caption)
        self._top.addWidget(self.controls)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._top)
        column.addWidget(self.lists, 1)
        self._rest = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, self._rest_policy(True))
        column.addItem(self._rest)

    def minimumSizeHint(self) -> QSize:
        return QSize(344, 400)

    def set_captions(self, on: bool) -> None:
        """Keep room under the picture for what is being said, or not."""
        self.captions = on
        self.caption.setVisible(on)
        self._size_picture()

    def show_caption(self, words: str) -> None:
        """The words that are being said now; empty for none."""
        if words != self.caption.text():
            self.caption.setText(words)

    def set_sound_only(self, on: bool) -> None:
        """Hide the picture; its room goes to the lists."""
        self.player.set_sound_only(on)
        self._size_picture()

    def set_full(self, full: bool) -> None:
        """Give the picture the whole pane, or its usual place."""
        self._full = full
        self.player.full = full
        self.lists.setVisible(not full)
        margin = 0 if full else 16
        self._top.setContentsMargins(margin, margin, margin, 8 if full else 0)
        self.controls.setContentsMargins(16 if full else 0, 0, 16 if full else 0, 0)
        self._size_picture()

    def leave_picture_to(self, instead: QWidget) -> None:
        """Let go of the picture and its caption, which move elsewhere; ``instead`` stands in their place."""
        self._instead = instead
        self.player.full = True
        self._top.replaceWidget(self.player, instead)
        self._top.removeWidget(self.caption)
        instead.show()
        self._size_picture()

    def take_picture_back(self) -> None:
        """Show picture and caption here again."""
        instead, self._instead = self._instead, None
        if instead is not None:
            self.player.full = self._full
            instead.hide()
            self._top.removeWidget(instead)
            self._top.insertWidget(0, self.player, 1)
            self._top.insertWidget(1, self.caption)
            self.player.show()
            self.caption.setVisible(self.captions)
            self._size_picture()

    def set_lists_shown(self, shown: bool) -> None:
        """Show the lists beneath the player, or leave their room empty."""
        self.lists.setVisible(shown)
        self._rest.changeSize(0, 0, QSizePolicy.Policy.Minimum, self._rest_policy(shown))
        layout = self.layout()
        if layout is not None:
            layout.invalidate()

    @staticmethod
    def _rest_policy(shown: bool) -> QSizePolicy.Policy:
        return QSizePolicy.Policy.Minimum if shown else QSizePolicy.Policy.Expanding

    def _size_picture(self) -> None:
        if self._full or self._instead is not None:
            self.player.setMinimumHeight(120)
            self.player.setMaximumHeight(16_777_215)
            return
        if self.player.sound_only:
            self.player.setFixedHeight(_LEAST_HEIGHT)
            return
        height = round((self.width() - 32) * 9 / 16)
        room = self.height() - self.controls.sizeHint().height() - self.lists.minimumSizeHint().height()
        room -= _SPACES + (self.caption.height() if self.captions else 0)
        self.player.setFixedHeight(max(_LEAST_HEIGHT, min(height, round(self.height() * 0.42), room)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_picture()
