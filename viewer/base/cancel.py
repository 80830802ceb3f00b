"""Asking blocking work to stop, from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from viewer.base.errors import Cancelled

Progress = Callable[[object], None]
"""Called by long work with a value that says how far it is. May be called from any thread."""


class CancelToken:
    """One request to stop, heard everywhere at once.

    A blocked pipe read cannot poll a flag, so whoever blocks registers a callback that *acts* (ends a process
    group, closes a socket). Callbacks run on the thread that cancels; they must be quick and must not raise.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._event = threading.Event()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Ask to stop. Safe from any thread and more than once."""
        with self._lock:
            if self._event.is_set():
                return
            self._event.set()
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    def raise_if_cancelled(self) -> None:
        """Raise :class:`Cancelled` if somebody asked to stop."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Sleep for up to ``seconds``, waking at once when cancelled (then :class:`Cancelled` is raised)."""
        if self._event.wait(seconds):
            raise Cancelled

    @contextmanager
    def on_cancel(self, callback: Callable[[], None]) -> Iterator[None]:
        """Call ``callback`` if the token is, or within this block becomes, cancelled."""
        with self._lock:
            already = self._event.is_set()
            if not already:
                self._callbacks.append(callback)
        if already:
            callback()
        try:
            yield
        finally:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)


def no_progress(value: object) -> None:
    """Stand where a progress callback is wanted and nobody listens."""
