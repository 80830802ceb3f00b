"""The keyboard's media keys and the desktop's player controls, on Linux: MPRIS 2.2 over the session's D-Bus.

The interface: https://specifications.freedesktop.org/mpris-spec/latest/. Names of methods and properties are the spec's.
"""
# ruff: noqa: N802 - the names of methods and properties are the specification's

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import ClassInfo, Property, QObject, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusMessage, QDBusObjectPath

from viewer.qt.clip_player import ClipPlayer
from viewer.qt.now_playing import PlayerState

SERVICE = "org.mpris.MediaPlayer2.soundbite"
PATH = "/org/mpris/MediaPlayer2"
_PLAYER = "org.mpris.MediaPlayer2.Player"
_STATUS = {PlayerState.PLAYING: "Playing", PlayerState.PAUSED: "Paused", PlayerState.ENDED: "Paused"}


@dataclass(frozen=True, slots=True)
class MediaCommands:
    """What the keys do. ``title`` and ``artist`` say what plays."""

    toggle: Callable[[], object]
    following: Callable[[], object]
    previous: Callable[[], object]
    show: Callable[[], object]
    title: Callable[[], str]
    artist: Callable[[], str]


@ClassInfo({"D-Bus Interface": "org.mpris.MediaPlayer2"})  # type: ignore[call-arg]
class _Root(QDBusAbstractAdaptor):  # type: ignore[operator]
    def __init__(self, keys: MediaKeys) -> None:
        super().__init__(keys)
        self._keys = keys

    @Slot()
    def Raise(self) -> None:
        self._keys.commands.show()

    @Slot()
    def Quit(self) -> None:
        """Not offered."""

    CanRaise = Property(bool, lambda self: True)
    CanQuit = Property(bool, lambda self: False)
    HasTrackList = Property(bool, lambda self: False)
    Identity = Property(str, lambda self: "Soundbite")
    DesktopEntry = Property(str, lambda self: "soundbite")
    SupportedUriSchemes = Property("QStringList", lambda self: ["soundbite"])  # type: ignore[arg-type]
    SupportedMimeTypes = Property("QStringList", lambda self: ["text/markdown"])  # type: ignore[arg-type]


@ClassInfo({"D-Bus Interface": _PLAYER})  # type: ignore[call-arg]
class _Player(QDBusAbstractAdaptor):  # type: ignore[operator]
    def __init__(self, keys: MediaKeys) -> None:
        super().__init__(keys)
        self._keys = keys

    @Slot()
    def PlayPause(self) -> None:
        self._keys.commands.toggle()

    @Slot()
    def Play(self) -> None:
        if self._keys.player.state is not PlayerState.PLAYING:
            self._keys.commands.toggle()

    @Slot()
    def Pause(self) -> None:
        self._keys.player.pause()

    @Slot()
    def Stop(self) -> None:
        self._keys.player.pause()

    @Slot()
    def Next(self) -> None:
        self._keys.commands.following()

    @Slot()
    def Previous(self) -> None:
        self._keys.commands.previous()

    @Slot("qlonglong")
    def Seek(self, offset_us: int) -> None:
        self._keys.player.seek(self._keys.player.position_ms + offset_us // 1000)

    PlaybackStatus = Property(str, lambda self: _STATUS.get(self._keys.player.state, "Stopped"))
    Rate = Property(float, lambda self: self._keys.player.speed)
    MinimumRate = Property(float, lambda self: 0.5)
    MaximumRate = Property(float, lambda self: 3.0)
    Volume = Property(float, lambda self: self._keys.player.volume / 100)
    Position = Property("qlonglong", lambda self: self._keys.place_us)  # type: ignore[arg-type]
    Metadata = Property("QVariantMap", lambda self: self._keys.metadata())  # type: ignore[arg-type]
    CanGoNext = Property(bool, lambda self: True)
    CanGoPrevious = Property(bool, lambda self: True)
    CanPlay = Property(bool, lambda self: True)
    CanPause = Property(bool, lambda self: True)
    CanSeek = Property(bool, lambda self: True)
    CanControl = Property(bool, lambda self: True)


class MediaKeys(QObject):
    """Offers the player on the session's bus for as long as it lives. ``start`` says whether there is one."""

    def __init__(self, player: ClipPlayer, commands: MediaCommands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.player = player
        self.commands = commands
        self._bus: QDBusConnection | None = None
        self._adaptors: list[QObject] = []

    def start(self) -> bool:
        """Join the bus; False without one, elsewhere than on Linux, or when another window has the name."""
        if not sys.platform.startswith("linux"):
            return False
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected() or not bus.registerService(SERVICE):
            return False
        self._adaptors = [_Root(self), _Player(self)]
        bus.registerObject(PATH, self)
        self._bus = bus
        self.player.stateChanged.connect(self._changed)
        self.player.rangeChanged.connect(self._changed)
        return True

    def close(self) -> None:
        """Leave the bus."""
        if self._bus is not None:
            self.player.stateChanged.disconnect(self._changed)
            self.player.rangeChanged.disconnect(self._changed)
            self._bus.unregisterObject(PATH)
            self._bus.unregisterService(SERVICE)
            self._bus = None

    @property
    def place_us(self) -> int:
        """The place in the clip, microseconds."""
        return max(0, self.player.position_ms - self.player.range_ms[0]) * 1000

    def metadata(self) -> dict[str, Any]:
        """What plays, in the specification's words."""
        if self.player.segment is None:
            return {"mpris:trackid": QDBusObjectPath(f"{PATH}/TrackList/NoTrack")}
        start, end = self.player.range_ms
        return {
            "mpris:trackid": QDBusObjectPath(f"{PATH}/clip/{start}_{end}"),
            "xesam:title": self.commands.title(),
            "xesam:artist": [self.commands.artist()],
            "xesam:url": self.player.segment.video.url_at(start),
        }

    @Slot()
    def _changed(self) -> None:
        if self._bus is None:
            return
        signal = QDBusMessage.createSignal(PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged")
        # Told as invalidated, so that whoever listens asks; an empty list would be sent in the wrong type.
        signal.setArguments([_PLAYER, {}, ["PlaybackStatus", "Metadata"]])
        self._bus.send(signal)
