"""The row below the picture: play, the place in the clip, times, speed, volume, repeat, save, full screen."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QStyle, QToolButton, QVBoxLayout, QWidget

from viewer.base.language import is_right_to_left, tr
from viewer.domain.timestamp import format_timestamp
from viewer.qt.now_playing import PlayerState
from viewer.ui.actions import ActionSet, describe_action, tooltip
from viewer.ui.buttons import describe, icon_button
from viewer.ui.fonts import font
from viewer.ui.icons import set_icon
from viewer.ui.theme import ThemeManager

_BETWEEN = 2

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
"""The speeds that are offered; the pitch is kept."""


class JumpSlider(QSlider):
    """A slider whose handle goes where one clicks, instead of a page towards it."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            handle = 12
            room = max(1, self.width() - handle)
            place = int(event.position().x()) - handle // 2
            value = QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, room)
            self.setValue(value)
            self.sliderMoved.emit(value)
        super().mousePressEvent(event)


def speed_text(speed: float) -> str:
    """``1.25×``"""
    # In a line from right to left the sign would else stand before the number.
    return f"\u200e{speed:g}×\u200e" if is_right_to_left() else f"{speed:g}×"


class PlayerControls(QWidget):
    """Shows the player's state and asks for changes by signals; it holds no state of its own."""

    seekWanted = Signal(int)
    """ms in the video's time"""
    speedWanted = Signal(float)
    volumeWanted = Signal(int)

    def __init__(self, actions: ActionSet, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("controlsRow")
        self._themes = themes
        self._playable = self._usable = False
        self._start = 0
        self._end = 0
        self.play = QToolButton(self)
        self.play.setObjectName("playButton")
        self.play.setFixedSize(36, 36)
        self.play.setIconSize(QSize(18, 18))
        describe(self.play, tooltip("pause"))
        self.play.clicked.connect(actions["pause"].trigger)
        self.seek = JumpSlider(Qt.Orientation.Horizontal, self)
        self.seek.setObjectName("seekSlider")
        describe(self.seek, tr("Place in the clip (Left and Right)"))
        self.seek.sliderMoved.connect(lambda value: self.seekWanted.emit(self._start + value))
        self.seek.actionTriggered.connect(self._stepped)
        self.times = QLabel("0:00 / 0:00", self)
        self.times.setFont(font(12))
        self.times.setProperty("role", "soft")
        self.times.setAccessibleName(tr("Place and length of the clip"))
        self.previous = self._button("previous", "previous_highlight", actions)
        self.following = self._button("next", "next_highlight", actions)
        self.loop = self._button("loop", "loop", actions)
        self.mute = self._button("volume", "mute", actions)
        self.save = self._button("download", "save_clip", actions)
        self.detach = self._button("detach", "detach", actions)
        actions["detach"].toggled.connect(self.detach.setChecked)
        self.full = self._button("fullscreen", "fullscreen", actions)
        self.volume = QSlider(Qt.Orientation.Horizontal, self)
        self.volume.setObjectName("volumeSlider")
        self.volume.setRange(0, 100)
        self.volume.setMinimumWidth(48)
        self.volume.setMaximumWidth(72)
        describe(self.volume, tr("Volume"))
        self.volume.valueChanged.connect(self.volumeWanted)
        self.speed = QToolButton(self)
        self.speed.setObjectName("speedButton")
        self.speed.setProperty("wide", True)
        self.speed.setFont(font(12, bold=True))
        self.speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.speed.setMenu(self._speeds())
        self._build()
        # Time runs from left to right in every language, and so do the controls of players in Arabic.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.set_state(PlayerState.EMPTY)
        self.set_speed(1.0)

    def _button(self, icon: str, action_id: str, actions: ActionSet) -> QToolButton:
        action = actions[action_id]
        button = icon_button(icon, tooltip(action_id), self._themes.theme, self)
        button.setObjectName(f"{action_id}_button")
        button.setCheckable(action.isCheckable())
        button.clicked.connect(action.trigger)
        action.enabledChanged.connect(button.setEnabled)
        button.setEnabled(action.isEnabled())
        return button

    def _speeds(self) -> QMenu:
        menu = QMenu(self)
        for speed in SPEEDS:
            action = menu.addAction(speed_text(speed))
            action.triggered.connect(lambda _=False, speed=speed: self.speedWanted.emit(speed))
        return menu

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.seek, 1)
        top.addWidget(self.times)
        row = QHBoxLayout()
        row.setSpacing(_BETWEEN)
        for widget in (self.previous, self.play, self.following):
            row.addWidget(widget)
        row.addSpacing(_BETWEEN)
        for widget in (self.speed, self.loop):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.mute)
        row.addWidget(self.volume)
        row.addSpacing(_BETWEEN)
        for widget in (self.save, self.detach, self.full):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is too narrow for all, what has a key and stands in a menu too is left out."""
        super().resizeEvent(event)
        room = self.width() - 3 * _BETWEEN
        for widget in (*self._always, self.detach, self.save):
            # A slider's own minimum is not in its hint: without it the speed would be squeezed until it is not read.
            room -= max(widget.minimumSizeHint().width(), widget.minimumWidth()) + _BETWEEN
            if widget not in self._always:
                widget.setVisible(room >= 0)

    @property
    def _always(self) -> tuple[QWidget, ...]:
        return (
            *(self.previous, self.play, self.following, self.speed, self.loop),
            *(self.mute, self.volume, self.full),
        )

    # -- what the player says --------------------------------------------------------------------------------

    def set_state(self, state: PlayerState) -> None:
        """Show what the player does."""
        playing = state is PlayerState.PLAYING
        set_icon(self.play, "pause" if playing else "play", self._themes.theme, "accent_text")
        describe_action(self.play, tr("Pause") if playing else tr("Play"), "pause")
        usable = state not in (PlayerState.EMPTY, PlayerState.FAILED)
        self._usable = usable
        self.set_playable(self._playable)
        self.seek.setEnabled(usable)
        if not usable:
            self.times.setText("0:00 / 0:00")
            with QSignalBlocker(self.seek):
                self.seek.setValue(0)

    def set_playable(self, playable: bool) -> None:
        """Whether there is something that the play button could begin with."""
        self._playable = playable
        self.play.setEnabled(playable or self._usable)

    def set_range(self, start_ms: int, end_ms: int) -> None:
        """The stretch of the video that the slider spans."""
        self._start, self._end = start_ms, end_ms
        with QSignalBlocker(self.seek):
            self.seek.setRange(0, max(1, end_ms - start_ms))
            self.seek.setSingleStep(1000)
            self.seek.setPageStep(5000)

    def set_position(self, video_ms: int) -> None:
        """Show the place; not while the reader drags the handle."""
        into = max(0, min(video_ms, self._end) - self._start)
        self.times.setText(f"{format_timestamp(into)} / {format_timestamp(self._end - self._start)}")
        if not self.seek.isSliderDown():
            with QSignalBlocker(self.seek):
                self.seek.setValue(into)

    def set_speed(self, speed: float) -> None:
        """Show the speed."""
        self.speed.setText(speed_text(speed))
        describe_action(self.speed, tr("Speed {speed}").format(speed=speed_text(speed)), "slower", "faster")
        self.speed.setAccessibleName(tr("Speed {speed}").format(speed=speed_text(speed)))

    def set_volume(self, percent: int) -> None:
        """Show the volume."""
        with QSignalBlocker(self.volume):
            self.volume.setValue(percent)

    def set_muted(self, muted: bool) -> None:
        """Show whether it is silent."""
        self.mute.setChecked(muted)
        set_icon(self.mute, "muted" if muted else "volume", self._themes.theme)
        describe_action(self.mute, tr("Sound on") if muted else tr("Mute"), "mute")

    def set_loop(self, loop: bool) -> None:
        """Show whether the clip repeats."""
        self.loop.setChecked(loop)

    def _stepped(self, action: int) -> None:
        if not self.seek.isSliderDown():
            self.seekWanted.emit(self._start + self.seek.sliderPosition())
