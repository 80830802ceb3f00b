# ruff: noqa: N815 - signals carry Qt's camelCase
"""Plays one segment out of a local media file, or while it still comes in, in the video's own time.

What Qt's player does not do by itself, and is done here: a seek is held until the media can be seeked (earlier
it is dropped in silence); nothing outside the segment is shown, not one frame; at the end the last frame stays
(Qt sends an empty one: a black picture); a file whose pictures cannot be decoded fails instead of ending.

Every command goes to the player through the event loop, never by a direct call: a direct ``stop()`` from Python
holds the interpreter's lock while Qt waits for its audio thread, which may want that lock. It hung at exit.
"""

from __future__ import annotations

import enum
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Q_ARG, QMetaObject, QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtMultimedia import QMediaMetaData, QMediaPlayer

from viewer.domain.video import Segment
from viewer.media.playable import LEAD_MS, at_place
from viewer.qt.frame_gate import FrameGate
from viewer.qt.player_choices import PlayerChoices

TICK_MS = 33
"""How often the position is told while playing."""

NO_PICTURE_AFTER_S = 3.0
"""Playing so long without one frame of a file that has a picture means that it cannot be decoded."""

_LAST_STRETCH_MS = 2 * TICK_MS
_REOPEN_MS = 40
"""A slider that is dragged asks for many places: the stream is begun anew at the last of them."""


class PlayerState(enum.Enum):
    """What the player does. ENDED: stands on the segment's last frame. FAILED: ``failed`` said why."""

    EMPTY = "empty"
    LOADING = "loading"
    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class _Media:
    """What Qt is given. Its time 0 is ``start_ms`` of the video; what ``grows`` cannot be sought in."""

    url: QUrl
    start_ms: int
    grows: bool = False


_NOTHING = _Media(QUrl(), 0)

_Status = QMediaPlayer.MediaStatus
_LOADED = (_Status.LoadedMedia, _Status.BufferedMedia)


class ClipPlayer(PlayerChoices):
    """One player for the whole window. Every time it takes and gives is ms from the *video's* start.

    Commands may be given in any state: what comes while the media loads is done when it is loaded. ``shutdown``
    before the end, and let the event loop run once more before the object goes.
    """

    positionChanged = Signal(int)
    stateChanged = Signal(object)
    """PlayerState"""
    rangeChanged = Signal(int, int)
    """start_ms, end_ms of what plays"""
    ended = Signal()
    failed = Signal(str)
    """A reason code: ``no-picture``, ``cannot-open``, ``cannot-decode``, ``file-missing``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = PlayerState.EMPTY
        self._segment: Segment | None = None
        self._media = _NOTHING
        self._file: _Media | None = None
        self._growing = False
        self._stream = ""
        self._start_ms = self._end_ms = 0
        self._position_ms = 0
        self._play_when_loaded = self._told_early = False
        self._source_seen = False
        self._played_since: float | None = None
        self._gate = FrameGate(self)
        self._gate.overrun.connect(self._overrun)
        self._gate.began.connect(self._stream_began)
        self._player: QMediaPlayer
        self._prepared = False
        self.speedChanged.connect(self._apply_speed)
        self._tick = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._on_tick)
        self._end_timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._end_timer.timeout.connect(self._reach_end)
        self._reopen = QTimer(self, singleShot=True, interval=_REOPEN_MS)
        self._reopen.timeout.connect(self._open_stream)

    # What it is

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

    # Commands

    def prepare(self) -> None:
        """Load what plays (ffmpeg and the sound: 20 ms, 13 MB), so that the first ``open`` need not. Done once."""
        if self._prepared:
            return
        self._prepared = True
        player = self._player = QMediaPlayer(self)
        player.setAudioOutput(self._audio())
        player.setVideoSink(self._gate.sink)
        if hasattr(player, "setPitchCompensation"):  # Qt 6.10 and later; before, it is always kept
            player.setPitchCompensation(True)
        player.mediaStatusChanged.connect(self._take_status)
        player.seekableChanged.connect(self._begin_if_loaded)
        player.errorOccurred.connect(self._take_error)
        self._apply_speed(self._speed)

    def open(self, path: Path, media_start_ms: int, segment: Segment) -> None:
        """Load ``segment`` out of the file ``path``, whose own time 0 is ``media_start_ms`` of the video.

        Stands on the first frame when loaded; ``play`` may be called at once. Failures come as ``failed``.
        """
        self._take_up(segment)
        self._file = _Media(QUrl.fromLocalFile(str(path.absolute())), media_start_ms)
        if path.is_file():
            self._load(self._file)
        else:
            self._fail("file-missing")

    def open_growing(self, url: str, segment: Segment) -> None:
        """Load ``segment`` while it comes in, from an address of ``Fetcher.fetch``'s ``on_playable``.

        For another place than the next one it is begun anew there (LOADING): what has come plays at once, what has
        not as soon as it comes, or from the file when that is ``complete`` before.
        """
        self._take_up(segment)
        self._growing = True
        self._stream = url
        self._load(_Media(QUrl(url), segment.start_ms - LEAD_MS, grows=True))

    def complete(self, path: Path, media_start_ms: int) -> None:
        """What grew is whole now, in a file as ``open`` takes it: it is turned to as soon as a seek needs it."""
        if not self._growing:
            return
        self._file = _Media(QUrl.fromLocalFile(str(path.absolute())), media_start_ms)
        begins_anew = self._media is _NOTHING or self._media.start_ms != self._start_ms - LEAD_MS
        if begins_anew and self._state is PlayerState.LOADING:
            self._let_go()
            self._load(self._file)

    def break_off(self) -> None:
        """What grew will never be whole: stop on the picture that stands. FAILED, without ``failed``."""
        if self._growing and self._file is None:
            self._let_go()
            self._play_when_loaded = False
            self._set_state(PlayerState.FAILED)

    @Slot()
    def play(self) -> None:
        """Play on; from the segment's start when it stands at the end."""
        if self._state is PlayerState.LOADING:
            self._play_when_loaded = True
            self._tell_early()
        elif self._state is PlayerState.ENDED:
            self._go(self._start_ms, play=True)
        elif self._state is PlayerState.PAUSED and self._media is _NOTHING:
            self._wait_for_file(self._position_ms, play=True)
        elif self._state is PlayerState.PAUSED:
            self._begin_playing()
            self._tell("play")

    @Slot()
    def pause(self) -> None:
        """Stand still at this place."""
        self._play_when_loaded = False
        self._take_back()
        if self._state is PlayerState.PLAYING:
            self._halt(PlayerState.PAUSED)

    @Slot()
    def toggle(self) -> None:
        """Pause when playing (or about to), else play."""
        if self._state is PlayerState.PLAYING or self._play_when_loaded:
            self.pause()
        else:
            self.play()

    @Slot()
    def stop(self) -> None:
        """Let go of the file and show nothing."""
        self._play_when_loaded = self._growing = False
        self._segment = self._file = None
        self._let_go()
        self._set_state(PlayerState.EMPTY)
        self._gate.clear()

    @Slot(int)
    def seek(self, video_ms: int) -> None:
        """Go to this place, kept within the segment; held until the media is loaded. Plays on if it played."""
        if self._state in (PlayerState.EMPTY, PlayerState.FAILED):
            return
        last = max(self._start_ms, self._end_ms - self._gate.frame_us // 1000)
        place = min(max(video_ms, self._start_ms), last)
        if self._state is PlayerState.LOADING:
            if self._growing and place != self._position_ms:
                self._go(place, play=self._play_when_loaded)
            elif place != self._position_ms:
                self._take_back()
            self._set_position(place)
        else:
            self._go(place, play=self._state is PlayerState.PLAYING)

    def step_frames(self, count: int) -> None:
        """Pause and go ``count`` frames on (back when negative)."""
        if self._state not in (PlayerState.PLAYING, PlayerState.PAUSED, PlayerState.ENDED):
            return
        frame_us = self._gate.frame_us
        first = (self._start_ms - self._media.start_ms) * 1000
        last = max(first, (self._end_ms - self._media.start_ms) * 1000 - frame_us)
        start_us = min(max(self._gate.shown_us + count * frame_us, first), last)
        # Half a frame in, rounding to whole ms cannot fall into the neighbour. A stream begins with the first frame
        # that begins at its place or later.
        inside_us = 0 if self._growing and self._file is None else frame_us // 2
        self._go(self._media.start_ms + (start_us + inside_us) // 1000, play=False)
        self._gate.shown_us = start_us  # for a second step before the frame has come

    def set_range(self, start_ms: int, end_ms: int) -> None:
        """Move the segment's ends; what lies between plays. ValueError when it is empty."""
        if end_ms <= start_ms:
            raise ValueError(f"not a range: {start_ms}..{end_ms} ms")
        if (start_ms, end_ms) == (self._start_ms, self._end_ms):
            return
        self._start_ms, self._end_ms = start_ms, end_ms
        self._end_timer.stop()
        self._gate.set_end(end_ms - self._media.start_ms)
        self.rangeChanged.emit(start_ms, end_ms)
        if self._state is PlayerState.ENDED and self._position_ms < end_ms:
            self._set_state(PlayerState.PAUSED)
        if not start_ms <= self._position_ms <= end_ms:
            self.seek(self._position_ms)

    def set_video_output(self, output: QObject | None) -> None:
        """Show the picture on a QVideoSink, or on anything that has one (QVideoWidget, QGraphicsVideoItem)."""
        self._gate.set_output(output)

    def shutdown(self) -> None:
        """Let go of everything. The event loop must run once more before the object is deleted."""
        self.stop()
        self._gate.set_output(None)

    # Inside

    def _tell(self, slot: str, *arguments: Any) -> None:
        if not self._prepared:
            return  # nothing was ever opened: there is nothing to stop
        if not QMetaObject.invokeMethod(self._player, slot, Qt.ConnectionType.QueuedConnection, *arguments):
            raise RuntimeError(f"QMediaPlayer has no slot {slot}")

    def _set_state(self, state: PlayerState) -> None:
        if state is not self._state:
            self._state = state
            self.stateChanged.emit(state)

    def _set_position(self, video_ms: int) -> None:
        if video_ms != self._position_ms:
            self._position_ms = video_ms
            self.positionChanged.emit(video_ms)

    def _take_up(self, segment: Segment) -> None:
        """Forget what was there; ``segment`` comes."""
        self.prepare()
        self._segment = segment
        self._file = None
        self._growing = self._play_when_loaded = False
        self._let_go()
        self._set_state(PlayerState.LOADING)
        self.set_range(segment.start_ms, segment.end_ms)
        self._set_position(segment.start_ms)

    def _let_go(self) -> None:
        self._media = _NOTHING
        self._source_seen = self._told_early = False
        self._played_since = None
        self._gate.shut()
        self._tick.stop()
        self._end_timer.stop()
        self._reopen.stop()
        self._tell("stop")
        # Without the empty source between, Qt would not read a file again that was replaced under the same name.
        self._tell("setSource", Q_ARG(QUrl, QUrl()))

    def _load(self, media: _Media) -> None:
        self._media = media
        self._growing = media.grows
        self._gate.set_end(self._end_ms - media.start_ms)
        self._tell("setSource", Q_ARG(QUrl, media.url))
        if self._play_when_loaded:
            self._tell_early()

    def _tell_early(self) -> None:
        """Tell Qt to play while it loads, where it plays from the file's beginning: it begins in the same moment."""
        from_beginning = self._media.grows or self._position_ms <= self._media.start_ms
        if self._media is not _NOTHING and from_beginning and not self._told_early:
            self._told_early = True
            self._tell("play")

    def _take_back(self) -> None:
        """It shall not play as soon as it is loaded after all. What grows has to, to show its first picture."""
        if self._told_early and not self._media.grows:
            self._told_early = False
            self._tell("pause")

    def _wait_for_file(self, place: int, *, play: bool) -> None:
        """Turn from what grows to the file: now, or when it is whole. The stream has broken, or is begun anew."""
        self._let_go()
        self._play_when_loaded = play
        self._set_state(PlayerState.LOADING)
        self._set_position(place)
        if self._file is not None:
            self._load(self._file)

    def _go(self, video_ms: int, *, play: bool) -> None:
        """Seek, then play or stand. The order matters: a player at its end that is told to play starts at 0."""
        if self._growing:
            self._wait_for_file(video_ms, play=play)
            if self._file is None:
                self._reopen.start()
            return
        self._end_timer.stop()
        media_ms = max(0, video_ms - self._media.start_ms)
        self._gate.expect(media_ms)
        # Qt takes a frame that ends at the very place asked for as its answer: the one before.
        self._tell("setPosition", Q_ARG("qlonglong", media_ms + 1 if media_ms else 0))
        self._tell("play" if play else "pause")
        self._set_position(video_ms)
        if play:
            self._begin_playing()
        else:
            self._tick.stop()
            self._set_state(PlayerState.PAUSED)

    @Slot()
    def _open_stream(self) -> None:
        """Begin what grows at the place that is wanted now."""
        if self._growing and self._state is PlayerState.LOADING:
            place = self._position_ms
            self._load(_Media(QUrl(at_place(self._stream, place)), place - LEAD_MS, grows=True))

    @Slot(float)
    def _apply_speed(self, speed: float) -> None:
        self._end_timer.stop()
        self._tell("setPlaybackRate", Q_ARG(float, speed))

    def _begin_playing(self) -> None:
        self._gate.let_all_through()
        self._apply_volume()
        self._played_since = time.monotonic()
        self._tick.start()
        self._set_state(PlayerState.PLAYING)

    def _halt(self, state: PlayerState) -> None:
        self._tick.stop()
        self._end_timer.stop()
        self._tell("pause")
        self._set_state(state)

    def _fail(self, reason: str) -> None:
        self._play_when_loaded = False
        self._tick.stop()
        self._end_timer.stop()
        self._tell("stop")
        self._set_state(PlayerState.FAILED)
        self.failed.emit(reason)

    @Slot()
    def _begin_if_loaded(self) -> None:
        player = self._player
        if self._state is not PlayerState.LOADING or not self._source_seen:
            return
        if player.mediaStatus() not in _LOADED or player.source() != self._media.url:
            return
        if self._media.grows:
            self._gate.expect_from(LEAD_MS, only_first=not self._play_when_loaded)
            if not self._play_when_loaded:
                self._apply_volume(0)  # it has to play to show its first picture, and nobody shall hear that
            if not self._told_early:
                self._tell("play")
            if not player.hasVideo():
                self._stream_began()
            return
        if not player.isSeekable():
            return
        self._gate.set_frame_rate(player.metaData().value(QMediaMetaData.Key.VideoFrameRate))
        if self._told_early:
            self._gate.expect(0)
            self._begin_playing()
        else:
            self._go(self._position_ms, play=self._play_when_loaded)
        self._play_when_loaded = self._told_early = False

    @Slot()
    def _stream_began(self) -> None:
        """The first picture of what grows is there."""
        if self._state is not PlayerState.LOADING or not self._media.grows:
            return
        if self._play_when_loaded:
            self._play_when_loaded = False
            self._begin_playing()
        else:
            self._halt(PlayerState.PAUSED)

    @Slot(QMediaPlayer.MediaStatus)
    def _take_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is _Status.LoadingMedia and not self._player.source().isEmpty():
            self._source_seen = True
        elif status in _LOADED:
            self._begin_if_loaded()
        elif status is _Status.InvalidMedia and self._state is not PlayerState.EMPTY and self._source_seen:
            self._take_error(QMediaPlayer.Error.FormatError)
        elif status is _Status.EndOfMedia and not self._gate.seeking:
            self._media_ended()

    @Slot(QMediaPlayer.Error)
    def _take_error(self, error: QMediaPlayer.Error) -> None:
        if self._state in (PlayerState.EMPTY, PlayerState.FAILED) or error is QMediaPlayer.Error.NoError:
            return
        if self._growing:
            # The fetch may still succeed in another way, or says itself why not. Qt would repeat this error for ever.
            if self._state in (PlayerState.PAUSED, PlayerState.ENDED):
                self._let_go()
            elif self._media.grows:
                playing = self._play_when_loaded or self._state is PlayerState.PLAYING
                self._wait_for_file(self._position_ms, play=playing)
            return
        self._fail("cannot-decode" if error is QMediaPlayer.Error.FormatError else "cannot-open")

    @Slot()
    def _overrun(self) -> None:
        if self._state is PlayerState.PLAYING and not self._end_timer.isActive():
            self._reach_end()

    @Slot()
    def _on_tick(self) -> None:
        player, gate = self._player, self._gate
        if not gate.seeking and player.mediaStatus() is _Status.EndOfMedia:
            self._media_ended()
            return
        long = self._played_since is not None and time.monotonic() - self._played_since > NO_PICTURE_AFTER_S
        if long and not gate.seen and player.hasVideo():
            self._fail("no-picture")
            return
        if gate.seeking and player.hasVideo():
            return
        place = min(player.position() + self._media.start_ms, self._end_ms)
        self._set_position(max(place, self._start_ms))
        remaining_ms = (self._end_ms - place) / self._speed
        if remaining_ms <= _LAST_STRETCH_MS and not self._end_timer.isActive():
            self._end_timer.start(max(0, round(remaining_ms)))

    def _media_ended(self) -> None:
        if self._state is PlayerState.LOADING and self._media.grows:
            self._wait_for_file(self._position_ms, play=self._play_when_loaded)
        if self._state is not PlayerState.PLAYING:
            return
        if not self._gate.seen and self._player.hasVideo():
            self._fail("no-picture")
        else:
            self._reach_end()

    @Slot()
    def _reach_end(self) -> None:
        if self._state is not PlayerState.PLAYING:
            return
        if self._loop:
            self._go(self._start_ms, play=True)
            return
        self._tick.stop()
        self._end_timer.stop()
        if self._player.mediaStatus() is not _Status.EndOfMedia:
            self._tell("pause")
        self._set_position(self._end_ms)
        self._set_state(PlayerState.ENDED)
        self.ended.emit()
