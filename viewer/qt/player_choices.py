# ruff: noqa: N815 - signals carry Qt's camelCase
"""How a player plays, whatever it plays: speed, loudness, silence, again and again."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QAudioOutput

SPEEDS = (0.5, 3.0)
"""Slowest and fastest speed."""


class PlayerChoices(QObject):
    """The listener's choices; they stay when something else is opened. :class:`ClipPlayer` is one."""

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
        speed = min(max(speed, SPEEDS[0]), SPEEDS[1])
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
