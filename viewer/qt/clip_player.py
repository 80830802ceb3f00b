"""Plays one segment out of a local media file, or while it still comes in, in the video's own time.

What Qt's player does not do by itself, and is done here: a seek is held until the media can be seeked (earlier
it is dropped in silence); nothing outside the segment is shown, not one frame; at the end the last frame stays
(Qt sends an empty one: a black picture); a file whose pictures cannot be decoded fails instead of ending.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from viewer.domain.video import Segment
from viewer.media.playable import LEAD_MS, at_place
from viewer.qt.frame_gate import FrameGate
from viewer.qt.media_deck import NOTHING, Media, MediaDeck
from viewer.qt.now_playing import NowPlaying, PlayerState
from viewer.qt.play_watch import PlayWatch

_REOPEN_MS = 40
"""A slider that is dragged asks for many places: the stream is begun anew at the last of them."""


class ClipPlayer(NowPlaying):
    """One player for the whole window. Every time it takes and gives is ms from the *video's* start.

    Commands may be given in any state: what comes while the media loads is done when it is loaded. ``shutdown``
    before the end, and let the event loop run once more before the object goes.
    """

    ended = Signal()
    failed = Signal(str)
    """A reason code: ``no-picture``, ``cannot-open``, ``cannot-decode``, ``file-missing``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._media = NOTHING
        self._file: Media | None = None
        self._growing = False
        self._stream = ""
        self._play_when_loaded = self._told_early = False
        self._gate = FrameGate(self)
        self._gate.began.connect(self._stream_began)
        self._deck = MediaDeck(self)
        self._deck.loaded.connect(self._begin)
        self._deck.broken.connect(self._broke)
        self.speedChanged.connect(self._apply_speed)
        self._watch = PlayWatch(self._deck, self._gate, self)
        self._watch.cameTo.connect(self._came_to)
        self._watch.over.connect(self._reach_end)
        self._watch.blind.connect(self._blind)
        self._watch.ended.connect(self._media_ended)
        self._reopen = QTimer(self, singleShot=True, interval=_REOPEN_MS)
        self._reopen.timeout.connect(self._open_stream)

    # Commands

    def prepare(self) -> None:
        """Load what plays (ffmpeg and the sound: 20 ms, 13 MB), so that the first ``open`` need not. Done once."""
        if not self._deck.prepared:
            self._deck.prepare(self._audio(), self._gate.sink)
            self._apply_speed(self._speed)

    def open(self, path: Path, media_start_ms: int, segment: Segment) -> None:
        """Load ``segment`` out of the file ``path``, whose own time 0 is ``media_start_ms`` of the video.

        Stands on the first frame when loaded; ``play`` may be called at once. Failures come as ``failed``.
        """
        self._take_up(segment)
        self._file = Media.of_file(path, media_start_ms)
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
        self._load(Media.of_stream(url, segment.start_ms))

    def complete(self, path: Path, media_start_ms: int) -> None:
        """What grew is whole now, in a file as ``open`` takes it: it is turned to as soon as a seek needs it."""
        if not self._growing:
            return
        self._file = Media.of_file(path, media_start_ms)
        begins_anew = self._media is NOTHING or self._media.start_ms != self._start_ms - LEAD_MS
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
        elif self._state is PlayerState.PAUSED and self._media is NOTHING:
            self._wait_for_file(self._position_ms, play=True)
        elif self._state is PlayerState.PAUSED:
            self._begin_playing()
            self._deck.play()

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
        self._watch.time_anew()
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
        self._media = NOTHING
        self._told_early = False
        self._gate.shut()
        self._watch.stop()
        self._reopen.stop()
        self._deck.let_go()

    def _load(self, media: Media) -> None:
        self._media = media
        self._growing = media.grows
        self._gate.set_end(self._end_ms - media.start_ms)
        self._deck.load(media)
        if self._play_when_loaded:
            self._tell_early()

    def _tell_early(self) -> None:
        """Tell Qt to play while it loads, where it plays from the file's beginning: it begins in the same moment."""
        from_beginning = self._media.grows or self._position_ms <= self._media.start_ms
        if self._media is not NOTHING and from_beginning and not self._told_early:
            self._told_early = True
            self._deck.play()

    def _take_back(self) -> None:
        """It shall not play as soon as it is loaded after all. What grows has to, to show its first picture."""
        if self._told_early and not self._media.grows:
            self._told_early = False
            self._deck.pause()

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
        self._watch.time_anew()
        media_ms = max(0, video_ms - self._media.start_ms)
        self._gate.expect(media_ms)
        self._deck.seek(media_ms)
        if play:
            self._deck.play()
        else:
            self._deck.pause()
        self._set_position(video_ms)
        if play:
            self._begin_playing()
        else:
            self._watch.stop()
            self._set_state(PlayerState.PAUSED)

    @Slot()
    def _open_stream(self) -> None:
        """Begin what grows at the place that is wanted now."""
        if self._growing and self._state is PlayerState.LOADING:
            place = self._position_ms
            self._load(Media.of_stream(at_place(self._stream, place), place))

    @Slot(float)
    def _apply_speed(self, speed: float) -> None:
        self._watch.set_speed(speed)
        self._deck.set_speed(speed)

    def _begin_playing(self) -> None:
        self._gate.let_all_through()
        self._apply_volume()
        self._watch.begin()
        self._set_state(PlayerState.PLAYING)

    def _halt(self, state: PlayerState) -> None:
        self._watch.stop()
        self._deck.pause()
        self._set_state(state)

    def _fail(self, reason: str) -> None:
        self._play_when_loaded = False
        self._watch.stop()
        self._deck.stop()
        self._set_state(PlayerState.FAILED)
        self.failed.emit(reason)

    @Slot()
    def _begin(self) -> None:
        """What was loaded is there."""
        deck = self._deck
        if self._state is not PlayerState.LOADING:
            return
        if self._media.grows:
            self._gate.expect_from(LEAD_MS, only_first=not self._play_when_loaded)
            if not self._play_when_loaded:
                self._apply_volume(0)  # it has to play to show its first picture, and nobody shall hear that
            if not self._told_early:
                self._deck.play()
            if not deck.has_picture:
                self._stream_began()
            return
        if not deck.can_seek:
            return
        self._gate.set_frame_rate(deck.frame_rate)
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

    @Slot(str)
    def _broke(self, reason: str) -> None:
        if self._state in (PlayerState.EMPTY, PlayerState.FAILED):
            return
        if self._growing:
            # The fetch may still succeed in another way, or says itself why not. Qt would repeat this error for ever.
            if self._state in (PlayerState.PAUSED, PlayerState.ENDED):
                self._let_go()
            elif self._media.grows:
                playing = self._play_when_loaded or self._state is PlayerState.PLAYING
                self._wait_for_file(self._position_ms, play=playing)
            return
        self._fail(reason)

    @Slot(int)
    def _came_to(self, media_ms: int) -> None:
        self._set_position(max(media_ms + self._media.start_ms, self._start_ms))

    @Slot()
    def _blind(self) -> None:
        self._fail("no-picture")

    @Slot()
    def _media_ended(self) -> None:
        if self._state is PlayerState.LOADING and self._media.grows:
            self._wait_for_file(self._position_ms, play=self._play_when_loaded)
        if self._state is not PlayerState.PLAYING:
            return
        if not self._gate.seen and self._deck.has_picture:
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
        self._watch.stop()
        if not self._deck.at_end:
            self._deck.pause()
        self._set_position(self._end_ms)
        self._set_state(PlayerState.ENDED)
        self.ended.emit()
