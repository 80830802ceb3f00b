"""A QMediaPlayer that is only ever told what to do through the event loop, and says when its media is ready.

A direct ``stop()`` from Python holds the interpreter's lock while Qt waits for its audio thread, which may want that
lock. It hung at exit.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Q_ARG, QMetaObject, QObject, Qt, QUrl, Signal, Slot
from PySide6.QtMultimedia import QAudioOutput, QMediaMetaData, QMediaPlayer, QVideoSink

from viewer.media.playable import LEAD_MS

_Status = QMediaPlayer.MediaStatus
_LOADED = (_Status.LoadedMedia, _Status.BufferedMedia)


@dataclass(frozen=True, slots=True)
class Media:
    """What Qt is given. Its time 0 is ``start_ms`` of the video; what ``grows`` cannot be sought in."""

    url: QUrl
    start_ms: int
    grows: bool = False

    @classmethod
    def of_file(cls, path: Path, start_ms: int) -> Media:
        """A whole file that begins at ``start_ms`` of the video."""
        return cls(QUrl.fromLocalFile(str(path.absolute())), start_ms)

    @classmethod
    def of_stream(cls, address: str, place_ms: int) -> Media:
        """What still comes in; its first picture is that of ``place_ms`` of the video."""
        return cls(QUrl(address), place_ms - LEAD_MS, grows=True)


NOTHING = Media(QUrl(), 0)


class MediaDeck(QObject):
    """Holds one media at a time. Times are ms of the media itself; nothing happens before ``prepare``."""

    loaded = Signal()
    """The media is ready, or can now be sought in as well: may come more than once."""
    ended = Signal()
    broken = Signal(str)
    """A reason code: ``cannot-open``, ``cannot-decode``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player: QMediaPlayer
        self._prepared = False
        self._media = NOTHING
        self._source_seen = False

    @property
    def prepared(self) -> bool:
        """Whether there is a player."""
        return self._prepared

    @property
    def is_loaded(self) -> bool:
        """Whether the media that was given last is ready, not one before it."""
        if not self._source_seen or self._player.mediaStatus() not in _LOADED:
            return False
        return self._player.source() == self._media.url

    @property
    def can_seek(self) -> bool:
        """Whether the media can be sought in; a seek before that is dropped in silence."""
        return self._player.isSeekable()

    @property
    def at_end(self) -> bool:
        """Whether the media has been played to its end."""
        return self._player.mediaStatus() is _Status.EndOfMedia

    @property
    def has_picture(self) -> bool:
        """Whether the media has pictures beside its sound."""
        return self._player.hasVideo()

    @property
    def frame_rate(self) -> float | None:
        """Pictures a second, as the media says; None when it does not."""
        rate: float | None = self._player.metaData().value(QMediaMetaData.Key.VideoFrameRate)
        return rate

    @property
    def position_ms(self) -> int:
        """Where the player is."""
        return self._player.position()

    def prepare(self, audio: QAudioOutput, sink: QVideoSink) -> None:
        """Make the player, once; it loads ffmpeg."""
        self._prepared = True
        player = self._player = QMediaPlayer(self)
        player.setAudioOutput(audio)
        player.setVideoSink(sink)
        if hasattr(player, "setPitchCompensation"):  # Qt 6.10 and later; before, it is always kept
            player.setPitchCompensation(True)
        player.mediaStatusChanged.connect(self._take_status)
        player.seekableChanged.connect(self._tell_if_loaded)
        player.errorOccurred.connect(self._take_error)

    def load(self, media: Media) -> None:
        """Take this media; ``loaded`` or ``broken`` follows."""
        self._media = media
        self._tell("setSource", Q_ARG(QUrl, media.url))

    def let_go(self) -> None:
        """Stop, and hold nothing."""
        self._media = NOTHING
        self._source_seen = False
        self.stop()
        # Without the empty source between, Qt would not read a file again that was replaced under the same name.
        self._tell("setSource", Q_ARG(QUrl, QUrl()))

    def play(self) -> None:
        """Play on. At its end a player begins again at 0."""
        self._tell("play")

    def pause(self) -> None:
        """Stand still."""
        self._tell("pause")

    def stop(self) -> None:
        """Play no more; what it holds stays."""
        self._tell("stop")

    def seek(self, media_ms: int) -> None:
        """Go to the frame at this place."""
        # Qt takes a frame that ends at the very place asked for as its answer: the one before.
        self._tell("setPosition", Q_ARG("qlonglong", media_ms + 1 if media_ms else 0))

    def set_speed(self, speed: float) -> None:
        """1.0 is as it was recorded; the pitch stays."""
        self._tell("setPlaybackRate", Q_ARG(float, speed))

    def _tell(self, slot: str, *arguments: Any) -> None:
        if not self._prepared:
            return  # nothing was ever loaded: there is nothing to stop
        if not QMetaObject.invokeMethod(self._player, slot, Qt.ConnectionType.QueuedConnection, *arguments):
            raise RuntimeError(f"QMediaPlayer has no slot {slot}")

    @Slot()
    def _tell_if_loaded(self) -> None:
        if self.is_loaded:
            self.loaded.emit()

    @Slot(QMediaPlayer.MediaStatus)
    def _take_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is _Status.LoadingMedia and not self._player.source().isEmpty():
            self._source_seen = True
        elif status in _LOADED:
            self._tell_if_loaded()
        elif status is _Status.InvalidMedia and self._source_seen:
            self._take_error(QMediaPlayer.Error.FormatError)
        elif status is _Status.EndOfMedia:
            self.ended.emit()

    @Slot(QMediaPlayer.Error)
    def _take_error(self, error: QMediaPlayer.Error) -> None:
        if error is not QMediaPlayer.Error.NoError:
            self.broken.emit("cannot-decode" if error is QMediaPlayer.Error.FormatError else "cannot-open")
