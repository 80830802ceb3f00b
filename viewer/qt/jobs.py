"""Blocking work on threads, its outcome as signals on the GUI thread.

Why it is shaped so. The obvious worker (``finished`` connected to a lambda that captures the runner the job is a
child of) ends in a segmentation fault on PySide6 6.8 to 6.11: the lambda holds the last reference to the runner,
and deleting the job deletes its parent from inside the child's destructor. Here the runner lives as long as the
application, worker threads touch only its one queued signal, and no callable captures an owner; a
worker knows its work by a plain ticket, never by the job, so that no QObject can die on its thread. The threads are
daemons of our own and not a ``ThreadPoolExecutor``'s, since that one is joined without a bound at exit.
"""

from __future__ import annotations

import enum
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import Cancelled, ViewerError

log = logging.getLogger(__name__)

_TURN_S = 0.0005
"""So long a thread may keep Python to itself while another waits. With Python's 5 ms the GUI thread, which lets go at
every call into Qt, waits 5 ms each time it comes back while a worker computes: a click then takes twice as long."""

Work = Callable[[Progress, CancelToken], object]
"""Blocking work: called with (progress, cancel) on a lane's thread; its result is the job's."""


class Lane(enum.Enum):
    """Where work waits for its turn. Work of one lane never delays that of another."""

    INDEX = "index"
    SEARCH = "search"
    FETCH = "fetch"
    NOTE = "note"
    STORE = "store"
    PREFETCH = "prefetch"
    LONG = "long"
    CHECK = "check"
    CAPTIONS = "captions"
    ADD = "add"
    ASK = "ask"
    STILLS = "stills"
    PICTURES = "pictures"
    MARKS = "marks"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class LaneRule:
    """How a lane runs: on how many threads, and whether new work cancels the older."""

    threads: int = 1
    newest_wins: bool = False


LANES: dict[Lane, LaneRule] = {
    Lane.INDEX: LaneRule(1),
    Lane.SEARCH: LaneRule(1, newest_wins=True),
    # The largest "downloads at once" and as many that are paused, and one more: the clicked clip waits for none.
    Lane.FETCH: LaneRule(9),
    Lane.NOTE: LaneRule(1, newest_wins=True),
    # Two, so that a click's look into the store never waits for the look-up of a whole note.
    Lane.STORE: LaneRule(2),
    Lane.PREFETCH: LaneRule(1, newest_wins=True),
    # Whole videos, moving the store, converting: minutes each, so that nothing short may wait behind them.
    Lane.LONG: LaneRule(3),
    Lane.CHECK: LaneRule(1, newest_wins=True),
    Lane.CAPTIONS: LaneRule(1),
    # The queue of videos to be added, and beside it the look at the next address.
    Lane.ADD: LaneRule(3),
    Lane.ASK: LaneRule(2),
    # Pictures of clips, one after the other: they are nice to have and may not take the processor from the reader.
    Lane.STILLS: LaneRule(1),
    # Pictures from the network: two, so that a host that is slow does not hold up the others.
    Lane.PICTURES: LaneRule(2),
    # One thread: what is marked, changed and undone happens in the order in which the user did it.
    Lane.MARKS: LaneRule(1),
    Lane.PLACES: LaneRule(1, newest_wins=True),
}


class JobState(enum.Enum):
    """How far a job is. The last three are final."""

    PENDING = 1
    RUNNING = 2
    CANCELLED = 3
    FAILED = 4
    SUCCEEDED = 5

    @property
    def final(self) -> bool:
        """Whether nothing more will happen."""
        return self.value >= JobState.CANCELLED.value


class Job(QObject):
    """One piece of work under way. Its signals come on the GUI thread; ``finished`` exactly once, last.

    ``progressed`` carries the newest value only: those that the GUI thread had no time for are left out.
    ``finished`` brings the job itself, so that one bound method can serve many jobs and nothing need be captured;
    ``subject`` is what the work is about, ``value`` its result, ``error`` its failure. Afterwards the object is
    freed: do not connect to a job kept from the past.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    """An exception: a ViewerError for the user, anything else is a bug (already logged)."""
    cancelled = Signal()
    finished = Signal(object)

    def __init__(self, lane: Lane, subject: Any, parent: QObject) -> None:
        super().__init__(parent)
        self.lane = lane
        self.subject = subject
        self.value: Any = None
        self.error: Exception | None = None
        self.state = JobState.PENDING
        self.token = CancelToken()
        self._withdraw: Callable[[], None] | None = None

    def cancel(self) -> None:
        """Ask the work to stop; whatever comes of it, the job then ends as cancelled. GUI thread only."""
        if self.state.final:
            return
        self.token.cancel()
        if self._withdraw is not None:
            self._withdraw()


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    """What a worker thread knows of a job."""

    work: Work
    token: CancelToken


_Message = tuple[_Ticket, "JobState | None", object]
_Post = Callable[[_Message], None]


class _LaneThreads:
    """The threads of one lane and the work that waits for them. No QObject: workers may touch it."""

    def __init__(self, lane: Lane, rule: LaneRule, post: _Post) -> None:
        self.rule = rule
        self._name = lane.value
        self._deliver = post
        self._changed = threading.Condition()
        self._waiting: deque[_Ticket] = deque()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False

    def put(self, ticket: _Ticket) -> None:
        with self._changed:
            if self._closed:
                raise RuntimeError("the job runner was shut down")
            self._waiting.append(ticket)
            if len(self._waiting) > self._idle and len(self._threads) < self.rule.threads:
                name = f"{self._name}-{len(self._threads) + 1}"
                thread = threading.Thread(target=self._serve, name=name, daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify()

    def withdraw(self, ticket: _Ticket) -> None:
        """End work that still waits for a thread at once; what runs ends by itself."""
        with self._changed:
            waits = ticket in self._waiting
            if waits:
                self._waiting.remove(ticket)
        if waits:
            self._post((ticket, JobState.CANCELLED, None))

    def _post(self, message: _Message) -> None:
        if not self._closed:  # afterwards the runner may be gone
            self._deliver(message)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def join(self, deadline: float) -> bool:
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                while not self._waiting and not self._closed:
                    self._changed.wait()
                self._idle -= 1
                if not self._waiting:
                    return
                ticket = self._waiting.popleft()
            self._run(ticket)
            del ticket  # else an idle thread would keep alive what the last work captured

    def _run(self, ticket: _Ticket) -> None:
        post = self._post
        try:
            ticket.token.raise_if_cancelled()
            post((ticket, JobState.RUNNING, None))
            value = ticket.work(_newest_only(ticket, post), ticket.token)
        except Cancelled:
            post((ticket, JobState.CANCELLED, None))
        except ViewerError as error:
            post((ticket, JobState.FAILED, error))
        except Exception as error:  # the edge: everything else is typed, this is a bug
            log.error("a job of lane %s failed unexpectedly", self._name, exc_info=error)
            post((ticket, JobState.FAILED, error))
        else:
            post((ticket, JobState.SUCCEEDED, value))


def _newest_only(ticket: _Ticket, post: _Post) -> Progress:
    """A progress callback that keeps at most one message of one job on its way to the GUI thread."""
    lock = threading.Lock()
    newest: list[object] = []

    def take() -> object:
        with lock:
            return newest.pop()

    def progress(value: object) -> None:
        with lock:
            on_its_way = bool(newest)
            newest[:] = [value]
        if not on_its_way:
            post((ticket, None, take))

    return progress


class JobRunner(QObject):
    """Runs work on named lanes. One per application, alive as long as it; ``shutdown`` before the end."""

    _posted = Signal(object)

    def __init__(self, lanes: dict[Lane, LaneRule] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_TURN_S)
        self._closed = False
        self._live: dict[_Ticket, Job] = {}
        self._lanes = {
            lane: _LaneThreads(lane, rule, self._posted.emit) for lane, rule in (lanes or LANES).items()
        }
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self, lane: Lane, work: Work, subject: Any = None) -> Job:
        """Queue ``work`` on ``lane`` and return its job at once. GUI thread only.

        No signal comes before control is back in the event loop, so connecting after the start is soon enough.
        RuntimeError after ``shutdown``.
        """
        if self._closed:
            raise RuntimeError("the job runner was shut down")
        threads = self._lanes[lane]
        if threads.rule.newest_wins:
            for older in self.live(lane):
                older.cancel()
        job = Job(lane, subject, self)
        ticket = _Ticket(work, job.token)
        job._withdraw = partial(threads.withdraw, ticket)
        threads.put(ticket)
        self._live[ticket] = job
        return job

    def live(self, lane: Lane | None = None) -> list[Job]:
        """The jobs that have not finished, oldest first; of one lane or of all."""
        return [job for job in self._live.values() if lane is None or job.lane is lane]

    def shutdown(self, seconds: float = 5.0) -> bool:
        """Cancel everything and wait up to ``seconds`` for the threads; False when one did not end in time.

        No signal of a job comes afterwards.
        """
        self._closed = True
        for job in self.live():
            job.cancel()
        for threads in self._lanes.values():
            threads.close()
        deadline = time.monotonic() + seconds
        ended = [threads.join(deadline) for threads in self._lanes.values()]
        self._lanes = {}  # they hold the runner's signal: a circle, which might be collected on any thread
        self._live.clear()
        if not all(ended):
            log.warning("a worker thread did not end within %.1f s", seconds)
        return all(ended)

    @Slot(object)
    def _deliver(self, message: tuple[_Ticket, JobState | None, Any]) -> None:
        ticket, state, value = message
        job = self._live.get(ticket)
        if self._closed or job is None:
            return
        if state is None:
            newest = value()
            if not job.token.cancelled:
                job.progressed.emit(newest)
            return
        if state is JobState.RUNNING:
            job.state = state
            return
        if job.token.cancelled:
            state = JobState.CANCELLED
        del self._live[ticket]
        self._finish(job, state, value)

    def _finish(self, job: Job, state: JobState, value: Any) -> None:
        job.state = state
        job._withdraw = None
        if state is JobState.SUCCEEDED:
            job.value = value
            job.succeeded.emit(value)
        elif state is JobState.FAILED:
            job.error = value
            job.failed.emit(value)
        else:
            job.cancelled.emit()
        job.finished.emit(job)
        job.deleteLater()
