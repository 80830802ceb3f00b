# ruff: noqa: N815 - signals carry Qt's camelCase
"""Downloads in their order: a few at once, the clicked one first, each segment once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ViewerError
from viewer.domain.video import Segment
from viewer.media.clip_store import Clip
from viewer.media.fetcher import FetchProgress, FetchStage
from viewer.qt.clip_state import NOT_FETCHED, READY, WAITING, ClipState, ClipStatus
from viewer.qt.jobs import Job, JobRunner, JobState, Lane, Work


class FetchesClips(Protocol):
    """What is needed of :class:`viewer.media.fetcher.Fetcher`."""

    def fetch(self, segment: Segment, progress: Progress, cancel: CancelToken) -> Clip:
        """The clip of ``segment``; blocks. Raises ViewerError or Cancelled."""
        ...


class FetchQueue(QObject):
    """Runs fetches on the runner's fetch lane and knows the state of every segment it has heard of."""

    stateChanged = Signal(object)
    """Segment"""
    fetched = Signal(object, object)
    """Segment, Clip"""
    failed = Signal(object, object)
    """Segment, exception"""
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

    def put(self, segment: Segment, *, first: bool = False) -> None:
        """Fetch this segment: once, however often asked; ``first`` before all others, and at once.

        The first takes a place of its own beside the ``parallel`` ones, so that it never waits for them.
        """
        if first:
            self._first = segment
        if segment not in self._running:
            if segment in self._waiting:
                self._waiting.remove(segment)
            self._waiting.insert(0 if first else len(self._waiting), segment)
            self.set_state(segment, WAITING)
            self._pump()

    def cancel(self, segment: Segment) -> None:
        """Stop fetching this segment; ``cancelled`` comes when it has stopped."""
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
        running = len(self._running)
        for segment in self._waiting:
            if running >= self.parallel + (segment == self._first):
                return
            running += 1
            yield segment

    @Slot(object)
    def _progressed(self, told: tuple[Segment, object]) -> None:
        segment, value = told
        if isinstance(value, FetchProgress) and segment in self._running:
            self.set_state(segment, _state_of(value))

    @Slot(object)
    def _finished(self, job: Job) -> None:
        segment: Segment = job.subject
        del self._running[segment]
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


def _fetching(fetcher: FetchesClips, segment: Segment) -> Work:
    def work(progress: Progress, cancel: CancelToken) -> Any:
        return fetcher.fetch(segment, lambda value: progress((segment, value)), cancel)

    return work


def _state_of(value: FetchProgress) -> ClipState:
    fraction = value.fraction
    if fraction is None and value.total_bytes:
        fraction = min(1.0, value.done_bytes / value.total_bytes)
    status = ClipStatus.WAITING if value.stage is FetchStage.WAITING else ClipStatus.FETCHING
    return ClipState(status, fraction, value.done_bytes, value.total_bytes, value.speed_bps, value.eta_s)
