"""Pausing what runs: a gate that a fetch passes again and again, and time budgets that do not count pauses."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Hashable, Iterator

from viewer.base.cancel import CancelToken

_POLL_S = 0.05


class Gate:
    """Whether one fetch may go on. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = threading.Event()
        self._open.set()
        self._since = 0.0
        self._total_s = 0.0
        self._listeners: list[Callable[[bool], None]] = []

    @property
    def paused(self) -> bool:
        """Whether it is shut."""
        return not self._open.is_set()

    @property
    def paused_s(self) -> float:
        """How long it has been shut, altogether."""
        with self._lock:
            return self._total_s + (time.monotonic() - self._since if self.paused else 0.0)

    def pause(self) -> None:
        """Shut it. Nothing happens when it is shut."""
        with self._lock:
            if self.paused:
                return
            self._since = time.monotonic()
            self._open.clear()
            listeners = list(self._listeners)
        for listener in listeners:
            listener(True)

    def resume(self) -> None:
        """Open it. Nothing happens when it is open."""
        with self._lock:
            if not self.paused:
                return
            self._total_s += time.monotonic() - self._since
            self._open.set()
            listeners = list(self._listeners)
        for listener in listeners:
            listener(False)

    def wait(self, cancel: CancelToken) -> None:
        """Block while it is shut. Raises Cancelled."""
        while not self._open.wait(_POLL_S):
            cancel.raise_if_cancelled()

    @contextlib.contextmanager
    def on_change(self, listener: Callable[[bool], None]) -> Iterator[None]:
        """Call ``listener`` with whether it is shut now, at every change within this block and on the thread that does it.

        It must be quick and must not raise. It is called at once when the gate is shut already.
        """
        with self._lock:
            self._listeners.append(listener)
            shut = self.paused
        if shut:
            listener(True)
        try:
            yield
        finally:
            with self._lock:
                self._listeners.remove(listener)


class Gates:
    """The gates of all fetches that run, by what they fetch."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gates: dict[Hashable, tuple[Gate, int]] = {}

    @contextlib.contextmanager
    def of(self, key: Hashable) -> Iterator[Gate]:
        """The gate of ``key``, shared by all who are inside at the same time."""
        with self._lock:
            gate, users = self._gates.get(key, (None, 0))
            gate = gate or Gate()
            self._gates[key] = (gate, users + 1)
        try:
            yield gate
        finally:
            with self._lock:
                _, users = self._gates[key]
                if users == 1:
                    del self._gates[key]
                else:
                    self._gates[key] = (gate, users - 1)

    def running(self, key: Hashable | None = None) -> list[Gate]:
        """The gate of ``key`` if it runs; without a key all of them."""
        with self._lock:
            return [gate for one, (gate, _) in self._gates.items() if key is None or one == key]


@contextlib.contextmanager
def budget(outer: CancelToken, seconds: float, gate: Gate) -> Iterator[CancelToken]:
    """A token that is cancelled with ``outer``, or when the time is over; pauses do not count."""
    inner = CancelToken()
    over = threading.Event()
    began = time.monotonic() - gate.paused_s

    def watch() -> None:
        while not over.wait(max(_POLL_S, began + gate.paused_s + seconds - time.monotonic())):
            if not gate.paused and time.monotonic() - gate.paused_s - began >= seconds:
                inner.cancel()
                return

    threading.Thread(target=watch, name="budget", daemon=True).start()
    try:
        with outer.on_cancel(inner.cancel):
            yield inner
    finally:
        over.set()
