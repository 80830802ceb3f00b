"""How far a fetch is: the value that listeners get, and the meter that makes it from bytes."""

from __future__ import annotations

import enum
import threading
import time
from collections import deque
from dataclasses import dataclass

from viewer.base.cancel import Progress

_EVERY_S = 0.1
_WINDOW_S = 3.0


class FetchStage(str, enum.Enum):
    """What a fetch is doing."""

    WAITING = "waiting"
    RESOLVING = "resolving"
    DOWNLOADING = "downloading"
    CUTTING = "cutting"
    CHECKING = "checking"
    PAUSED = "paused"
    DONE = "done"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far one fetch is. Bytes, bytes per second, seconds; ``fraction`` 0..1; None where not known."""

    stage: FetchStage
    done_bytes: int = 0
    total_bytes: int | None = None
    speed_bps: float | None = None
    eta_s: float | None = None
    fraction: float | None = None


class Meter:
    """Turns byte counts into FetchProgress values, at most ten a second. Any thread may use it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self._samples: deque[tuple[float, int]] = deque()
        self._last = 0.0
        self._stage = FetchStage.WAITING
        self._done = 0
        self._total: int | None = None
        self._paused = False

    def stage(self, stage: FetchStage) -> None:
        """Say that a new stage begins; always told to the listener."""
        with self._lock:
            self._stage = stage
            value = self._value(None)
        self._progress(value)

    def pause(self, paused: bool) -> None:
        """Say that the user has paused the fetch, or that it goes on."""
        with self._lock:
            self._paused = paused
            self._samples.clear()
            value = self._value(None)
        self._progress(value)

    def begin_download(self, total_bytes: int | None = None) -> None:
        """Begin counting anew, of ``total_bytes`` where known."""
        with self._lock:
            self._samples.clear()
            self._done, self._total = 0, total_bytes
        self.stage(FetchStage.DOWNLOADING)

    def add(self, count: int) -> None:
        """``count`` more bytes have come."""
        self._advance(count, None, None, None)

    def at(self, done_bytes: int, total_bytes: int | None = None, fraction: float | None = None) -> None:
        """``done_bytes`` have come altogether; ``fraction`` where it is known better than by bytes."""
        self._advance(0, done_bytes, total_bytes, fraction)

    def _advance(
        self, count: int, done_bytes: int | None, total_bytes: int | None, fraction: float | None
    ) -> None:
        now = time.monotonic()
        with self._lock:
            # Counted in one step: picture and sound come on two threads.
            self._done = done_bytes = self._done + count if done_bytes is None else done_bytes
            self._total = total_bytes or self._total
            self._samples.append((now, done_bytes))
            while now - self._samples[0][0] > _WINDOW_S:
                self._samples.popleft()
            if now - self._last < _EVERY_S:
                return
            self._last = now
            value = self._value(fraction)
        self._progress(value)

    def _value(self, fraction: float | None) -> FetchProgress:
        speed = eta = None
        if len(self._samples) > 1:
            (first_at, first), (last_at, last) = self._samples[0], self._samples[-1]
            if last_at > first_at:
                speed = max(0.0, (last - first) / (last_at - first_at))
        if self._total:
            fraction = min(1.0, self._done / self._total)
            if speed:
                eta = max(0, self._total - self._done) / speed
        if self._stage is FetchStage.DONE:
            fraction, eta = 1.0, 0.0
        stage = self._stage
        if self._paused and stage in (FetchStage.WAITING, FetchStage.RESOLVING, FetchStage.DOWNLOADING):
            stage, speed, eta = FetchStage.PAUSED, None, None
        return FetchProgress(stage, self._done, self._total, speed, eta, fraction)
