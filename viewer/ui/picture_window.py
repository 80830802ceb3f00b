"""The picture in a small window of its own that stays above all others, while one works with something else.

On Wayland programs may neither put a window on top nor choose its place: there the desktop's own menu of the window
("Always on Top") does the first.
"""

from __future__ import annotations

import base64

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from viewer.base.language import tr
from viewer.domain.timestamp import format_timestamp
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.now_playing import PlayerState
from viewer.ui.actions import ACTIONS, CLIPS, PLAY, describe_action, tooltip
from viewer.ui.buttons import KeyGuard, describe, icon_button, text_button
from viewer.ui.fonts import font
from viewer.ui.icons import recolor, set_icon
from viewer.ui.main_window import MainWindow
from viewer.ui.player_controls import JumpSlider

USUAL_WIDTH = 480
LEAST_SIZE = QSize(256, 190)
_FROM_CORNER = 24
_SETTING = "window.picture"
_KEYS = frozenset({"next_highlight", "previous_highlight", "captions", "sound_only", "quit"})
"""Actions whose keys work here, beside all that play and those of the clip."""


class PictureWindow(QWidget):
    """Takes the picture out of the main window and gives it back. Hidden while the picture is at home.

    The same widgets move from window to window, so what they show goes on without a gap.
    """

    seekWanted = Signal(int)
    """ms in the video's time"""

    def __init__(self, main: MainWindow, player: ClipPlayer) -> None:
        flags = Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self.setObjectName("sidePane")  # the same ground
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowIcon(main.windowIcon())
        self.setMinimumSize(LEAST_SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._main = main
        self._player = player
        self._home = self._placeholder()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 6)
        self._rows.setSpacing(4)
        self._rows.addLayout(self._bar())
        for spec in ACTIONS:
            if (spec.menu in (PLAY, CLIPS) or spec.id in _KEYS) and not spec.local:
                self.addAction(main.actions_set[spec.id])
        self._guard = KeyGuard(self)
        self._guard.guard(self)
        player.stateChanged.connect(self._show_state)
        player.rangeChanged.connect(self._show_range)
        player.positionChanged.connect(self._show_position)
        self.seekWanted.connect(player.seek)
        main.themes.changed.connect(lambda: recolor(self, main.themes.theme))
        main.windowTitleChanged.connect(lambda _: self._show_title())
        main.closing.connect(self.bring_back)
        main.destroyed.connect(self.deleteLater)
        main.actions_set.connect({"detach": self.toggle})
        self._show_state(player.state)
        self._show_range(*player.range_ms)

    def _placeholder(self) -> QWidget:
        """What stands in the main window meanwhile."""
        home = QWidget(self)
        words = QLabel(tr("The picture has a window of its own."), home)
        words.setProperty("role", "soft")
        words.setWordWrap(True)
        back = text_button(tr("Bring it back"), "link", home)
        back.setToolTip(tooltip("detach"))
        back.clicked.connect(self.bring_back)
        row = QHBoxLayout(home)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words, 1)
        row.addWidget(back)
        home.hide()
        return home

    def _bar(self) -> QHBoxLayout:
        actions, theme = self._main.actions_set, self._main.themes.theme
        self.play = icon_button("play", tooltip("pause"), theme, self)
        self.play.clicked.connect(actions["pause"].trigger)
        self.seek = JumpSlider(Qt.Orientation.Horizontal, self)
        describe(self.seek, tr("Place in the clip (Left and Right)"))
        self.seek.sliderMoved.connect(lambda value: self.seekWanted.emit(self._player.range_ms[0] + value))
        self.seek.actionTriggered.connect(self._stepped)
        self.times = QLabel(self)
        self.times.setFont(font(12))
        self.times.setProperty("role", "soft")
        self.times.setAccessibleName(tr("Place and length of the clip"))
        self.back: QToolButton = icon_button("attach", tr("Back into the main window (Esc)"), theme, self)
        self.back.clicked.connect(self.bring_back)
        row = QHBoxLayout()
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(6)
        row.addWidget(self.play)
        row.addWidget(self.seek, 1)
        row.addWidget(self.times)
        row.addWidget(self.back)
        return row

    # -- out and back ----------------------------------------------------------------------------------------

    @property
    def out(self) -> bool:
        """Whether the picture is here."""
        return self._main.side.player.window() is self

    def toggle(self) -> None:
        """Take the picture out, or bring it back."""
        self.bring_back() if self.out else self.take_out()

    def take_out(self) -> None:
        """Show the picture here, where this window was the last time."""
        if self.out:
            return
        if self._main.full:
            self._main.toggle_full()
        side = self._main.side
        side.leave_picture_to(self._home)
        self._rows.insertWidget(0, side.player, 1)
        self._rows.insertWidget(1, side.caption)
        side.player.show()
        side.caption.setVisible(side.captions)
        self._main.actions_set["detach"].setChecked(True)
        self._show_title()
        self._place()
        self.show()
        self.activateWindow()
        self.setFocus()

    def bring_back(self) -> None:
        """Give the picture back to the main window."""
        if not self.out:
            return
        if not self.isFullScreen():
            geometry = base64.b64encode(bytes(self.saveGeometry().data())).decode()
            self._main.settings.set(_SETTING, geometry)
        self.setWindowState(Qt.WindowState.WindowNoState)
        self.hide()
        self._main.side.take_picture_back()
        self._main.actions_set["detach"].setChecked(False)
        self._main.activateWindow()

    def _place(self) -> None:
        geometry = self._main.settings.get(_SETTING)
        if geometry and self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            return
        below = self.sizeHint().height() - self._main.side.player.sizeHint().height()
        self.resize(USUAL_WIDTH, USUAL_WIDTH * 9 // 16 + below)
        screen = self._main.screen() or QGuiApplication.primaryScreen()
        corner = screen.availableGeometry().bottomRight()
        self.move(corner - QPoint(self.width() + _FROM_CORNER, self.height() + _FROM_CORNER))

    # -- what the player says --------------------------------------------------------------------------------

    def _show_title(self) -> None:
        self.setWindowTitle(self._main.windowTitle())

    def _show_state(self, state: PlayerState) -> None:
        playing = state is PlayerState.PLAYING
        set_icon(self.play, "pause" if playing else "play", self._main.themes.theme)
        describe_action(self.play, tr("Pause") if playing else tr("Play"), "pause")
        self.seek.setEnabled(state not in (PlayerState.EMPTY, PlayerState.FAILED))

    def _show_range(self, start_ms: int, end_ms: int) -> None:
        self.seek.setRange(0, max(1, end_ms - start_ms))
        self.seek.setSingleStep(1000)
        self.seek.setPageStep(5000)
        self._show_position(self._player.position_ms)

    def _show_position(self, video_ms: int) -> None:
        start_ms, end_ms = self._player.range_ms
        into = max(0, min(video_ms, end_ms) - start_ms)
        self.times.setText(f"{format_timestamp(into)} / {format_timestamp(end_ms - start_ms)}")
        if not self.seek.isSliderDown():
            self.seek.setValue(into)

    def _stepped(self, action: int) -> None:
        if not self.seek.isSliderDown():
            self.seekWanted.emit(self._player.range_ms[0] + self.seek.sliderPosition())

    # -- events ----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.isFullScreen():
            self.setWindowState(Qt.WindowState.WindowNoState)
        else:
            self.bring_back()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.bring_back()
        super().closeEvent(event)
