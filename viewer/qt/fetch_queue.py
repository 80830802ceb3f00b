# ruff: noqa: N815 - signals carry Qt's camelCase
"""Downloads in their order: a few at once, the clicked one first, each segment once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ViewerError
from viewer.domain.video import Segment
from viewer.media.clip_files import Clip
from viewer.media.progress import FetchProgress, FetchStage
from viewer.qt.clip_state import NOT_FETCHED, READY, WAITING, ClipState, ClipStatus
from viewer.qt.jobs import Job, JobRunner, JobState, Lane, Work


class FetchesClips(Protocol):
    """What is needed of :class:`viewer.media.fetcher.Fetcher`."""

    def fetch(
        self,
        segment: Segment,
        progress: Progress,
        cancel: CancelToken,
        on_playable: Callable[[str], None] | None = None,
    ) -> Clip:
        """The clip of ``segment``; blocks. Raises ViewerError or Cancelled.

        ``on_playable`` is called on any thread with an address that plays what has come so far.
        """
        ...

    def pause(self, what: Segment | None = None) -> None:
        """Let a running fetch stand still; nothing happens when it does not run (yet)."""
        ...

    def resume(self, what: Segment | None = None) -> None:
        """Let it go on where it stood."""
        ...


MOST_BEGUN = 8
"""So many may have been begun at the same time, the paused ones with them: each takes a thread of the lane."""


class FetchQueue(QObject):
    """Runs fetches on the runner's fetch lane and knows the state of every segment it has heard of."""

    stateChanged = Signal(object)
    """Segment"""
    fetched = Signal(object, object)
    """Segment, Clip"""
    failed = Signal(object, object)
    """Segment, exception"""
    playable = Signal(object, str)
    """Segment, address that plays it while it comes in"""
    cancelled = Signal(object)
    """Segment"""

    def __init__(self, runner: JobRunner, fetcher: FetchesClips, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parallel = 2
        self._runner = runner
        self._fetcher = fetcher
        self._states: dict[Segment, ClipState] = {}
        self._waiting: list[Segment] = []
        self._running: dict[Segment, Job] = {}
        self._addresses: dict[Segment, str] = {}
        self._held: set[Segment] = set()
        self._first: Segment | None = None

    def state(self, segment: Segment) -> ClipState:
        """How far this segment's clip is, as far as known."""
        return self._states.get(segment, NOT_FETCHED)

    def set_state(self, segment: Segment, state: ClipState) -> None:
        """Remember a state that was found out elsewhere (in the store)."""
        if self.state(segment) != state:
            self._states[segment] = state
            self.stateChanged.emit(segment)

    def busy(self, segment: Segment) -> bool:
        """Whether it waits or runs."""
        return segment in self._waiting or segment in self._running

    def address(self, segment: Segment) -> str | None:
        """What plays this segment while it comes in; None when it does not run, or has not come so far."""
        return self._addresses.get(segment)

    def put(self, segment: Segment, *, first: bool = False) -> None:
        """Fetch this segment: once, however often asked; ``first`` before all others, and at once.

        The first takes a place of its own beside the ``parallel`` ones, so that it never waits for them.
        """
        if first:
            self._first = segment
        self.resume(segment)
        if segment not in self._running:
            if segment in self._waiting:
                self._waiting.remove(segment)
            self._waiting.insert(0 if first else len(self._waiting), segment)
            self.set_state(segment, WAITING)
            self._pump()

    def pause(self, segment: Segment) -> None:
        """Let this one stand still, or wait until it is resumed; others take its place meanwhile."""
        if segment in self._held or not self.busy(segment):
            return
        self._held.add(segment)
        if segment in self._running:
            self._fetcher.pause(segment)
        self.set_state(segment, self.state(segment).held())
        self._pump()

    def resume(self, segment: Segment) -> None:
        """Let what was paused go on where it stood."""
        if segment not in self._held:
            return
        self._held.discard(segment)
        if segment in self._running:
            self._fetcher.resume(segment)
            self.set_state(segment, replace(self.state(segment), status=ClipStatus.FETCHING))
        else:
            self.set_state(segment, WAITING)
            self._pump()

    def cancel(self, segment: Segment) -> None:
        """Stop fetching this segment; ``cancelled`` comes when it has stopped."""
        self._held.discard(segment)
        if segment in self._waiting:
            self._waiting.remove(segment)
            self.set_state(segment, NOT_FETCHED)
            self.cancelled.emit(segment)
        elif segment in self._running:
            self._running[segment].cancel()

    def cancel_all(self) -> None:
        """Stop every fetch."""
        for segment in [*self._waiting, *self._running]:
            self.cancel(segment)

    def _pump(self) -> None:
        for segment in list(self._next()):
            self._waiting.remove(segment)
            self.set_state(segment, ClipState(ClipStatus.FETCHING))
            job = self._runner.start(Lane.FETCH, _fetching(self._fetcher, segment), segment)
            self._running[segment] = job
            job.progressed.connect(self._progressed)
            job.finished.connect(self._finished)

    def _next(self) -> Iterator[Segment]:
        running = sum(segment not in self._held for segment in self._running)
        begun = len(self._running)
        for segment in self._waiting:
            first = segment == self._first
            if segment in self._held:
                continue
            if running >= self.parallel + first or begun >= MOST_BEGUN + first:
                return
            running += 1
            begun += 1
            yield segment

    @Slot(object)
    def _progressed(self, told: _Told) -> None:
        segment = told.segment
        if segment not in self._running:
            return
        if isinstance(told.value, FetchProgress):
            state = state_of(told.value)
            if segment in self._held:
                if told.value.stage is not FetchStage.PAUSED:
                    self._fetcher.pause(segment)  # it had not begun when it was paused
                state = state.held()
            self.set_state(segment, state)
        if told.address is not None and segment not in self._addresses:
            self._addresses[segment] = told.address
            self.playable.emit(segment, told.address)

    @Slot(object)
    def _finished(self, job: Job) -> None:
        segment: Segment = job.subject
        del self._running[segment]
        self._held.discard(segment)
        self._addresses.pop(segment, None)
        if job.state is JobState.SUCCEEDED:
            self.set_state(segment, READY)
            self.fetched.emit(segment, job.value)
        elif job.state is JobState.FAILED:
            error = job.error if isinstance(job.error, ViewerError) else None
            self.set_state(segment, ClipState(ClipStatus.FAILED, error=error))
            self.failed.emit(segment, job.error)
        else:
            if self.state(segment).busy:  # else somebody has said meanwhile what became of it
                self.set_state(segment, NOT_FETCHED)
            self.cancelled.emit(segment)
        self._pump()


@dataclass(frozen=True, slots=True)
class _Told:
    """All that is known of a fetch under way: a job's progress brings the newest only, so nothing may be left to it."""

    segment: Segment
    value: object
    address: str | None


def _fetching(fetcher: FetchesClips, segment: Segment) -> Work:
    def work(progress: Progress, cancel: CancelToken) -> Any:
        latest: list[object] = [None]
        addresses: list[str] = []

        def tell() -> None:
            progress(_Told(segment, latest[0], addresses[0] if addresses else None))

        def came(value: object) -> None:
            latest[0] = value
            tell()

        def playable(address: str) -> None:
            addresses.append(address)
            tell()

        return fetcher.fetch(segment, came, cancel, playable)

    return work


_STATUS = {FetchStage.WAITING: ClipStatus.WAITING, FetchStage.PAUSED: ClipStatus.PAUSED}


def state_of(value: FetchProgress) -> ClipState:
    """What a row shows for a fetch that is so far."""
    fraction = value.fraction
    if fraction is None and value.total_bytes:
        fraction = min(1.0, value.done_bytes / value.total_bytes)
    status = _STATUS.get(value.stage, ClipStatus.FETCHING)
    return ClipState(status, fraction, value.done_bytes, value.total_bytes, value.speed_bps, value.eta_s)
