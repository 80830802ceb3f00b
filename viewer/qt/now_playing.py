# ruff: noqa: N815 - signals carry Qt's camelCase
"""How a player plays, whatever it plays, and what it tells of that: the segment, the place in it, and its state."""

from __future__ import annotations

import enum

from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QAudioOutput

from viewer.domain.video import Segment

_SPEEDS = (0.5, 3.0)
"""Slowest and fastest speed."""


class PlayerState(enum.Enum):
    """What the player does. ENDED: stands on the segment's last frame. FAILED: ``failed`` said why."""

    EMPTY = "empty"
    LOADING = "loading"
    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"
    FAILED = "failed"


class PlayerChoices(QObject):
    """The listener's choices; they stay when something else is opened."""

    speedChanged = Signal(float)
    volumeChanged = Signal(int)
    mutedChanged = Signal(bool)
    loopChanged = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speed = 1.0
        self._volume = 80
        self._loop = False
        self._muted = False
        self._share = 1.0
        self._made_audio: QAudioOutput | None = None

    def _audio(self) -> QAudioOutput:
        """Where the sound goes. Made when something is opened: it loads ffmpeg and looks for sound cards."""
        if self._made_audio is None:
            self._made_audio = QAudioOutput(self)
            self._made_audio.setMuted(self._muted)
            self._apply_volume(self._share)
        return self._made_audio

    @property
    def speed(self) -> float:
        """1.0 is as it was spoken."""
        return self._speed

    @property
    def volume(self) -> int:
        """0 to 100 per cent, as the ear hears it."""
        return self._volume

    @property
    def muted(self) -> bool:
        """Whether the sound is off."""
        return self._muted

    @property
    def loop(self) -> bool:
        """Whether the segment begins again at its end."""
        return self._loop

    def set_speed(self, speed: float) -> None:
        """Play at 0.5 to 3 times the speed (kept within), the voices' pitch as it was."""
        speed = min(max(speed, _SPEEDS[0]), _SPEEDS[1])
        if speed != self._speed:
            self._speed = speed
            self.speedChanged.emit(speed)

    def set_volume(self, percent: int) -> None:
        """0 to 100 (kept within)."""
        percent = min(max(percent, 0), 100)
        if percent != self._volume:
            self._volume = percent
            self._apply_volume()
            self.volumeChanged.emit(percent)

    def set_muted(self, muted: bool) -> None:
        """Switch the sound off or on."""
        if muted != self._muted:
            self._muted = muted
            if self._made_audio is not None:
                self._made_audio.setMuted(muted)
            self.mutedChanged.emit(muted)

    def set_loop(self, loop: bool) -> None:
        """Begin again at the segment's end, or stand on its last frame."""
        if loop != self._loop:
            self._loop = loop
            self.loopChanged.emit(loop)

    def _apply_volume(self, share: float = 1.0) -> None:
        # The ear is roughly logarithmic: half the slider should sound half as loud.
        self._share = share
        if self._made_audio is not None:
            self._made_audio.setVolume(share * (self._volume / 100) ** 2)


class NowPlaying(PlayerChoices):
    """What plays, and where it stands; :class:`ClipPlayer` is one. Times are ms of the video."""

    positionChanged = Signal(int)
    stateChanged = Signal(object)
    """PlayerState"""
    rangeChanged = Signal(int, int)
    """start_ms, end_ms of what plays"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = PlayerState.EMPTY
        self._segment: Segment | None = None
        self._start_ms = self._end_ms = 0
        self._position_ms = 0

    @property
    def state(self) -> PlayerState:
        """What the player does now."""
        return self._state

    @property
    def position_ms(self) -> int:
        """The place in the video, ms; where a held seek goes to while the media loads."""
        return self._position_ms

    @property
    def segment(self) -> Segment | None:
        """The segment that was opened; None when empty. Its ends may have been moved since: ``rangeChanged``."""
        return self._segment

    @property
    def range_ms(self) -> tuple[int, int]:
        """Start and end of what plays, ms: the segment's, or where they were moved to."""
        return self._start_ms, self._end_ms

    def _set_state(self, state: PlayerState) -> None:
        if state is not self._state:
            self._state = state
            self.stateChanged.emit(state)

    def _set_position(self, video_ms: int) -> None:
        if video_ms != self._position_ms:
            self._position_ms = video_ms
            self.positionChanged.emit(video_ms)
