# ruff: noqa: N815 - signals carry Qt's camelCase
"""Keeping offline: all clips of a note, or a whole video, fetched and pinned; how far that is, and letting go again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ViewerError
from viewer.domain.video import Segment, VideoRef
from viewer.media.clip_files import Clip
from viewer.media.progress import FetchProgress, FetchStage
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_state import NOT_FETCHED, READY, WAITING, ClipState, ClipStatus
from viewer.qt.fetch_queue import state_of
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.store_controller import StoreController


class FetchesWholes(Protocol):
    """What is needed of :class:`viewer.media.fetcher.Fetcher`."""

    def fetch_whole(self, video: VideoRef, progress: Progress, cancel: CancelToken) -> Clip:
        """The whole video; blocks. Raises ViewerError or Cancelled."""
        ...

    def pause(self, what: VideoRef | None = None) -> None:
        """Let a running fetch stand still."""
        ...

    def resume(self, what: VideoRef | None = None) -> None:
        """Let it go on where it stood."""
        ...


@dataclass(frozen=True, slots=True)
class KeepProgress:
    """How much of some segments is kept. ``ready`` of ``total``; ``size_bytes`` with what has come of the rest.

    ``pinned``: every one that is kept will stay, whatever the budget says.
    """

    ready: int
    total: int
    busy: int
    failed: int
    size_bytes: int
    pinned: bool


class Keeping(QObject):
    """Fetches to keep. All methods on the GUI thread."""

    wholeChanged = Signal(object)
    """VideoRef whose ``whole_state`` is another now"""
    wholeFailed = Signal(object, object)
    """VideoRef, exception"""

    def __init__(
        self,
        runner: JobRunner,
        clips: ClipController,
        store: StoreController,
        fetcher: FetchesWholes,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._clips = clips
        self._store = store
        self._fetcher = fetcher
        self._to_pin: set[Segment] = set()
        self._wholes: dict[VideoRef, ClipState] = {}
        self._jobs: dict[VideoRef, Job] = {}
        self._held: set[VideoRef] = set()
        clips.clipStateChanged.connect(self._state_changed)
        clips.offlineChanged.connect(self._offline_changed)
        store.known.connect(self._known)

    # -- clips -----------------------------------------------------------------------------------------------

    def keep(self, segments: Iterable[Segment]) -> None:
        """Fetch what of these is not kept yet, and pin all of them. Offline only what is there is pinned."""
        wanted = list(dict.fromkeys(segments))
        self._store.pin_segments(wanted, True)
        missing = [one for one in wanted if self._clips.state(one).status is not ClipStatus.READY]
        if not self._clips.offline:
            self._to_pin.update(missing)
            self._clips.fetch(missing)

    def stop(self, segments: Iterable[Segment]) -> None:
        """Stop fetching these; what has come stays."""
        for segment in segments:
            self._to_pin.discard(segment)
            if self._clips.state(segment).busy:
                self._clips.cancel(segment)

    def let_go(self, segments: Iterable[Segment]) -> None:
        """Fetch no more of these, and let those that are kept be evicted again when space is needed."""
        wanted = list(dict.fromkeys(segments))
        self.stop(wanted)
        self._store.pin_segments(wanted, False)

    def progress(self, segments: Iterable[Segment]) -> KeepProgress:
        """How much of these is kept."""
        ready = busy = failed = coming = total = 0
        files: dict[str, Clip] = {}
        for segment in dict.fromkeys(segments):
            total += 1
            state = self._clips.state(segment)
            ready += state.status is ClipStatus.READY
            busy += state.busy
            failed += state.status is ClipStatus.FAILED
            coming += state.done_bytes or 0 if state.busy else 0
            clip = self._store.clip(segment)
            if clip is not None:
                files[str(clip.path)] = clip
        size = coming + sum(clip.size_bytes for clip in files.values())
        pinned = bool(files) and all(clip.pinned for clip in files.values())
        return KeepProgress(ready, total, busy, failed, size, pinned)

    @Slot(object)
    def _state_changed(self, segment: Segment) -> None:
        if segment not in self._to_pin:
            return
        state = self._clips.state(segment)
        if state.status is ClipStatus.READY:
            self._to_pin.discard(segment)
            self._store.pin_segments([segment], True)
        elif state.status is ClipStatus.NOT_FETCHED:
            self._to_pin.discard(segment)  # it was cancelled: pinning it after a later click would surprise

    # -- whole videos ----------------------------------------------------------------------------------------

    def whole_state(self, video: VideoRef) -> ClipState:
        """How far the whole video is, as far as known."""
        if video not in self._wholes and self._store.whole(video) is not None:
            return READY
        return self._wholes.get(video, NOT_FETCHED)

    def wholes(self) -> list[VideoRef]:
        """The videos that are being fetched, or failed."""
        return [video for video, state in self._wholes.items() if state.status is not ClipStatus.READY]

    def keep_whole(self, video: VideoRef) -> None:
        """Fetch the whole video and pin it: from then on every place of it plays. Nothing happens offline."""
        if video in self._jobs or self._clips.offline:
            return
        fetcher = self._fetcher

        def work(progress: Progress, cancel: CancelToken) -> Any:
            return fetcher.fetch_whole(video, lambda value: progress((video, value)), cancel)

        self._wholes[video] = WAITING
        job = self._runner.start(Lane.LONG, work, video)
        self._jobs[video] = job
        job.progressed.connect(self._whole_progressed)
        job.finished.connect(self._whole_finished)
        self.wholeChanged.emit(video)

    def stop_whole(self, video: VideoRef) -> None:
        """Stop fetching the whole video, or forget that it failed."""
        if video in self._jobs:
            self._jobs[video].cancel()
        elif self._wholes.pop(video, None) is not None:
            self.wholeChanged.emit(video)

    def pause_whole(self, video: VideoRef) -> None:
        """Let the fetch of the whole video stand still."""
        if video in self._jobs:
            self._held.add(video)
            self._fetcher.pause(video)
            self._set_whole(video, self._wholes[video].held())

    def resume_whole(self, video: VideoRef) -> None:
        """Let it go on where it stood."""
        if video in self._held:
            self._held.discard(video)
            self._fetcher.resume(video)
            self._set_whole(video, replace(self._wholes[video], status=ClipStatus.FETCHING))

    def _set_whole(self, video: VideoRef, state: ClipState) -> None:
        self._wholes[video] = state
        self.wholeChanged.emit(video)

    def remove_whole(self, video: VideoRef) -> None:
        """Delete the whole video from the disk; clips of it stay."""
        clip = self._store.whole(video)
        if clip is not None:
            self._store.remove([clip])

    def stop_all(self) -> None:
        """Stop everything that is being fetched to be kept."""
        self._to_pin.clear()
        for job in list(self._jobs.values()):
            job.cancel()

    @Slot(bool)
    def _offline_changed(self, offline: bool) -> None:
        if offline:
            self.stop_all()

    @Slot()
    def _known(self) -> None:
        for video, state in list(self._wholes.items()):
            if state.status is ClipStatus.READY:
                del self._wholes[video]  # the store tells from now on, also when it is removed

    @Slot(object)
    def _whole_progressed(self, told: tuple[VideoRef, object]) -> None:
        video, value = told
        if isinstance(value, FetchProgress) and video in self._jobs:
            state = state_of(value)
            if video in self._held:
                if value.stage is not FetchStage.PAUSED:
                    self._fetcher.pause(video)  # it had not begun when it was paused
                state = state.held()
            self._set_whole(video, state)

    @Slot(object)
    def _whole_finished(self, job: Job) -> None:
        video: VideoRef = job.subject
        del self._jobs[video]
        self._held.discard(video)
        if job.state is JobState.SUCCEEDED:
            self._wholes[video] = READY
            self._store.set_pinned([job.value], True)
        elif job.state is JobState.FAILED:
            error = job.error if isinstance(job.error, ViewerError) else None
            self._wholes[video] = ClipState(ClipStatus.FAILED, error=error)
            self.wholeFailed.emit(video, job.error)
        else:
            del self._wholes[video]
        self.wholeChanged.emit(video)
