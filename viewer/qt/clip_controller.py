# ruff: noqa: N815 - signals carry Qt's camelCase
"""From a click to sound: finds or fetches the clip of a segment, and plays it if it is still wanted."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_noop
from viewer.domain.video import Segment
from viewer.media.clip_files import Clip
from viewer.media.failures import FailureKind, MediaError
from viewer.qt.clip_lookup import ClipLookup, KeepsClips
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.clip_state import NOT_FETCHED, READY, ClipState, ClipStatus
from viewer.qt.fetch_queue import FetchesClips, FetchQueue
from viewer.qt.jobs import Job, JobRunner, JobState
from viewer.qt.now_playing import PlayerState

_PLAYABLE = (PlayerState.PLAYING, PlayerState.PAUSED, PlayerState.ENDED)

_PLAYER_WORDS = {
    "no-picture": (
        FailureKind.NO_FORMAT,
        tr_noop("The picture of this clip cannot be shown on this computer."),
    ),
    "cannot-decode": (FailureKind.DAMAGED, tr_noop("The kept clip cannot be played.")),
    "cannot-open": (FailureKind.DAMAGED, tr_noop("The kept clip cannot be opened.")),
    "file-missing": (FailureKind.DAMAGED, tr_noop("The kept clip is no longer on the disk.")),
}


class ClipController(QObject):
    """Click to sound. All methods on the GUI thread; store and fetcher are used on the runner's threads, but for
    ``recall``.

    The segment that was clicked last is *wanted*: only that is ever played, however late its clip comes. Others
    that were begun are fetched to the end and kept.
    """

    clipStateChanged = Signal(object)
    """Segment whose state is another now"""
    failed = Signal(object, object)
    """Segment, error: the wanted clip could not be played (ViewerError, or another exception: a bug)"""
    playingChanged = Signal(object)
    """Segment in the player, or None"""
    offlineChanged = Signal(bool)

    def __init__(
        self,
        runner: JobRunner,
        player: ClipPlayer,
        store: KeepsClips,
        fetcher: FetchesClips,
        quality: str = "720",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._kept = ClipLookup(runner, store, quality, self)
        self._kept.looked.connect(self._looked_up)
        self._offline = False
        self._wanted: Segment | None = None
        self._growing: Segment | None = None
        self._change: tuple[Segment, int | None] | None = None
        self._failed: Segment | None = None
        self._playing: Segment | None = None
        self._clip: Clip | None = None
        self._unplayable: Clip | None = None
        self._queue = FetchQueue(runner, fetcher, self)
        self._queue.stateChanged.connect(self.clipStateChanged)
        self._queue.playable.connect(self._play_growing)
        self._queue.fetched.connect(self._fetched)
        self._queue.failed.connect(self._fetch_failed)
        self._queue.cancelled.connect(self._fetch_cancelled)
        player.failed.connect(self._player_failed)
        player.stateChanged.connect(self._player_changed)

    @property
    def playing(self) -> Segment | None:
        """The segment in the player."""
        return self._playing

    @property
    def wanted(self) -> Segment | None:
        """The segment that was clicked and has not come yet; None when nothing is awaited."""
        return self._wanted

    @property
    def held(self) -> Segment | None:
        """What the file in the player holds: its range can be moved within; the segment itself while it comes in."""
        return self._playing if self._clip is None or self._playing is None else self._clip.segment

    @property
    def offline(self) -> bool:
        """Whether nothing may be fetched."""
        return self._offline

    def state(self, segment: Segment) -> ClipState:
        """How far a segment's clip is, as far as known: see ``look_up``."""
        return self._queue.state(segment)

    def play(self, segment: Segment) -> None:
        """Play it: at once when it is kept, else as soon as it is fetched and if it is still wanted then."""
        self._failed = self._change = None
        if segment == self._playing and self._player.state in _PLAYABLE:
            self._wanted = None
            self._player.seek(segment.start_ms)
            self._player.play()
            return
        self._wanted = segment
        kept = self._kept.recall(segment) if self._unplayable is None else None
        if kept is not None:
            self._queue.set_state(segment, READY)
            self._play_clip(segment, kept)
            self._kept.touch(kept)
            return
        self._player.pause()
        if self._queue.busy(segment):
            self._queue.put(segment, first=True)
            address = self._queue.address(segment)
            if address is not None:
                self._play_growing(segment, address)
            return
        if self._kept.known_missing(segment) and self._unplayable is None and not self._offline:
            self._queue.put(segment, first=True)  # the fetcher itself looks into the store once more
            return
        damaged, self._unplayable = self._unplayable, None
        looking = self._kept.find_to_play(segment, any_quality=self._offline, damaged=damaged)
        looking.finished.connect(self._found)

    def fetch(self, segments: Iterable[Segment]) -> None:
        """Fetch these to keep them, after what is wanted. Does nothing offline."""
        if self._offline:
            return
        for segment in segments:
            state = self.state(segment)
            if state.status is not ClipStatus.READY and not state.busy:
                self._queue.put(segment)

    def change_to(self, segment: Segment, place_ms: int | None) -> None:
        """Turn to a clip that is a little longer or shorter as soon as it is there; until then the old one plays on.

        It goes on at ``place_ms``, or where it is then. Fails as ``play`` does.
        """
        self._failed = None
        self._change = (segment, place_ms)
        self._kept.find(segment).finished.connect(self._change_found)

    def look_up(self, segments: Iterable[Segment]) -> None:
        """Find out which of these are kept; their states change accordingly. A new call replaces the last."""
        self._kept.look_up(segments)

    def retry(self) -> None:
        """Try again what failed last."""
        if self._failed is not None:
            self.play(self._failed)

    def cancel(self, segment: Segment) -> None:
        """Stop fetching this segment, and do not play it."""
        if segment == self._wanted:
            self._wanted = None
        self._queue.cancel(segment)

    def pause(self, segment: Segment) -> None:
        """Let the fetch of this segment stand still; what has come so far plays."""
        self._queue.pause(segment)

    def resume(self, segment: Segment) -> None:
        """Let it go on where it stood."""
        self._queue.resume(segment)

    def cancel_all(self) -> None:
        """Stop every fetch; nothing is wanted any more."""
        self._wanted = None
        self._queue.cancel_all()

    def stop(self) -> None:
        """Stop playing and let go of the file; fetches go on."""
        self._wanted = self._change = None
        self._player.stop()

    def set_offline(self, offline: bool) -> None:
        """With it nothing is fetched; what runs is cancelled, and what was wanted fails as offline."""
        if offline == self._offline:
            return
        self._offline = offline
        if offline:
            wanted = self._wanted or self._growing
            self._queue.cancel_all()
            if wanted is not None:
                self._fail(wanted, MediaError(FailureKind.OFFLINE))
        self.offlineChanged.emit(offline)

    def set_quality(self, quality: str) -> None:
        """Look for clips of this picture height from now on (the fetcher has its own options)."""
        self._kept.quality = quality

    def set_parallel(self, count: int) -> None:
        """Fetch so many clips at once, beside the wanted one."""
        self._queue.parallel = count

    @Slot(object)
    def _found(self, job: Job) -> None:
        segment: Segment = job.subject
        if job.state is JobState.CANCELLED:
            return
        if job.state is JobState.FAILED:
            if segment == self._wanted:
                self._fail(segment, job.error)
        elif job.value is not None:
            self._queue.set_state(segment, READY)
            self._play_clip(segment, job.value)
        elif segment == self._wanted:
            if self._offline:
                self._fail(segment, MediaError(FailureKind.OFFLINE))
            else:
                self._queue.put(segment, first=True)
        elif not self.state(segment).busy:
            self._queue.set_state(segment, NOT_FETCHED)

    @Slot(object)
    def _looked_up(self, found: list[tuple[Segment, bool]]) -> None:
        for segment, kept in found:
            if self._queue.busy(segment):
                continue  # it is on its way
            if kept or self.state(segment).status is ClipStatus.READY:
                self._queue.set_state(segment, READY if kept else NOT_FETCHED)

    @Slot(object, str)
    def _play_growing(self, segment: Segment, address: str) -> None:
        if segment != self._wanted:
            return
        self._wanted, self._clip, self._growing = None, None, segment
        self._set_playing(segment)
        self._player.open_growing(address, segment)
        self._player.play()

    @Slot(object, object)
    def _fetched(self, segment: Segment, clip: Clip) -> None:
        self._kept.came(segment)
        if self._change is not None and segment == self._change[0]:
            self._change_clip(clip)
        if segment == self._growing:
            self._growing, self._clip = None, clip
            self._player.complete(clip.path, clip.segment.start_ms)
        self._play_clip(segment, clip)

    @Slot(object, object)
    def _fetch_failed(self, segment: Segment, error: Exception) -> None:
        if segment == self._growing:
            self._break_off()
            if self._wanted is None:  # else the user has turned to something else already
                self._fail(segment, error)
        elif segment == self._wanted or (self._change is not None and segment == self._change[0]):
            self._change = None
            self._fail(segment, error)

    @Slot(object)
    def _change_found(self, job: Job) -> None:
        segment: Segment = job.subject
        if self._change is None or segment != self._change[0]:
            return
        if job.value is not None:
            self._queue.set_state(segment, READY)
            self._change_clip(job.value)
        elif self._offline:
            self._change = None
            self._fail(segment, job.error or MediaError(FailureKind.OFFLINE))
        else:
            self._queue.put(segment, first=True)

    def _change_clip(self, clip: Clip) -> None:
        if self._change is None:
            return
        (segment, place), self._change = self._change, None
        if self._playing is None:
            return
        playing = self._player.state is PlayerState.PLAYING
        place = self._player.position_ms if place is None else place
        self._growing, self._clip = None, clip
        self._set_playing(segment)
        self._player.open(clip.path, clip.segment.start_ms, segment)
        self._player.seek(place)
        if playing:
            self._player.play()

    def _break_off(self) -> None:
        """What grew will never be whole; its last picture stays."""
        self._growing = None
        self._player.break_off()

    @Slot(object)
    def _fetch_cancelled(self, segment: Segment) -> None:
        if segment == self._growing:
            self._break_off()
            self._failed = segment
        if segment == self._wanted and not self._offline:
            self._queue.put(segment, first=True)  # clicked again while the cancelled one was ending

    def _play_clip(self, segment: Segment, clip: Clip) -> None:
        if segment != self._wanted:
            return
        self._wanted = self._growing = None
        self._clip = clip
        self._set_playing(segment)
        self._player.open(clip.path, clip.segment.start_ms, segment)
        self._player.play()

    def _fail(self, segment: Segment, error: Exception | None) -> None:
        self._wanted = None
        self._failed = segment
        shown = error if isinstance(error, ViewerError) else None
        self._queue.set_state(segment, ClipState(ClipStatus.FAILED, error=shown))
        self.failed.emit(segment, error)

    @Slot(str)
    def _player_failed(self, reason: str) -> None:
        segment, clip = self._playing, self._clip
        if segment is None:
            return
        self._growing = None
        self._set_playing(None)
        # A picture that this computer cannot decode is no damage: fetching it again would bring the same.
        self._unplayable = clip if reason != "no-picture" else None
        kind, message = _PLAYER_WORDS.get(reason, _PLAYER_WORDS["cannot-open"])
        self._fail(segment, MediaError(kind, f"{reason}: {clip.path if clip else ''}", message=tr(message)))

    @Slot(object)
    def _player_changed(self, state: PlayerState) -> None:
        if state is PlayerState.EMPTY:
            self._growing = None
            self._set_playing(None)

    def _set_playing(self, segment: Segment | None) -> None:
        if segment != self._playing:
            self._playing = segment
            self.playingChanged.emit(segment)
