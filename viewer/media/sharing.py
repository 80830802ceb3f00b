"""One piece of work for everybody who wants its result at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import Cancelled

T = TypeVar("T")

_POLL_S = 0.02
_END_S = 2.0


@dataclass(slots=True)
class _Running(Generic[T]):
    cancel: CancelToken = field(default_factory=CancelToken)
    done: threading.Event = field(default_factory=threading.Event)
    listeners: list[Progress] = field(default_factory=list)
    latest: dict[type, object] = field(default_factory=dict)
    result: T | None = None
    error: BaseException | None = None

    def tell(self, value: object) -> None:
        self.latest[type(value)] = value
        for listener in list(self.listeners):
            listener(value)


class Sharing(Generic[T]):
    """Runs work on threads of its own, once per key at a time; whoever asks for the same key waits for it too.

    The work is cancelled when the last of those who wait has left.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[Hashable, _Running[T]] = {}

    def do(
        self,
        key: Hashable,
        work: Callable[[Progress, CancelToken], T],
        progress: Progress,
        cancel: CancelToken,
    ) -> T:
        """The result of ``work`` for ``key``; blocks. Raises what the work raises, or Cancelled."""
        cancel.raise_if_cancelled()
        running = self._join(key, work, progress)
        assert running is not None
        return self._await(running, progress, cancel)

    def _await(self, running: _Running[T], progress: Progress, cancel: CancelToken) -> T:
        left = threading.Event()
        with cancel.on_cancel(left.set):
            while not running.done.wait(_POLL_S):
                if left.is_set():
                    self._leave(running, progress)
                    raise Cancelled
        if running.error is not None:
            raise running.error
        assert running.result is not None
        return running.result

    def running_keys(self) -> list[Hashable]:
        """What runs now."""
        with self._lock:
            return [key for key, running in self._running.items() if not running.cancel.cancelled]

    def join(self, key: Hashable, progress: Progress, cancel: CancelToken) -> T | None:
        """The result of what runs for ``key``; None when nothing does. Blocks and raises as :meth:`do`."""
        cancel.raise_if_cancelled()
        running = self._join(key, None, progress)
        return self._await(running, progress, cancel) if running is not None else None

    def end_all(self) -> None:
        """Cancel everything and wait until it is over (two seconds at most each)."""
        with self._lock:
            everything = list(self._running.values())
        for running in everything:
            running.cancel.cancel()
        for running in everything:
            running.done.wait(_END_S)

    def _join(
        self, key: Hashable, work: Callable[[Progress, CancelToken], T] | None, progress: Progress
    ) -> _Running[T] | None:
        with self._lock:
            running = self._running.get(key)
            if running is not None and not running.cancel.cancelled:
                running.listeners.append(progress)
                latest = list(running.latest.values())
            elif work is None:
                return None
            else:
                running, latest = _Running(listeners=[progress]), []
                self._running[key] = running
                threading.Thread(
                    target=self._run, args=(key, running, work), name="fetch", daemon=True
                ).start()
        for value in latest:
            progress(value)
        return running

    def _leave(self, running: _Running[T], progress: Progress) -> None:
        with self._lock:
            running.listeners.remove(progress)
            last = not running.listeners
            if last:
                running.cancel.cancel()
        if last:
            running.done.wait(_END_S)

    def _run(self, key: Hashable, running: _Running[T], work: Callable[[Progress, CancelToken], T]) -> None:
        try:
            running.result = work(running.tell, running.cancel)
        except BaseException as error:  # noqa: BLE001 - handed to those who wait; a bug becomes their report
            running.error = error
        finally:
            with self._lock:
                if self._running.get(key) is running:
                    del self._running[key]
            running.done.set()
