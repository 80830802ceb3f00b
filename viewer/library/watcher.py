"""Tells when files of the library change on disk, soon and once: a ``git pull`` of a thousand files is one change.

The system's own notices (inotify, FSEvents, ReadDirectoryChangesW, through watchdog) are used where they work.
Where they do not (network disks, exhausted inotify watches, a folder that is missing) the folders are scanned
now and then; the scan is cheap, and its pause grows with what it costs.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.library.scanner import scan

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

log = logging.getLogger(__name__)

_QUIET_S = 0.3
"""A change is told when nothing more happened for this long ..."""

_LATEST_S = 1.2
"""... or this long after it began."""

_ASIDE_S = 0.4
"""A window that opens now has been painted after this."""

_POLL_S = 1.0
_LEAST_REST = 15
"""A poll is followed by a pause of at least so many times its own length."""

_SLOW_POLL_S = 60.0
"""Between scans where notices work: they get lost on network disks and behind symbolic links."""


class LibraryWatcher:
    """Watches folders from threads of its own, from :meth:`start` until :meth:`stop`.

    ``on_change`` is called on a thread of the watcher, never twice at once, within two seconds of a change.
    """

    def __init__(
        self, folders: Iterable[Path | str], on_change: Callable[[], None], *, polling_only: bool = False
    ) -> None:
        self._folders = [os.path.abspath(folder) for folder in folders]
        self._on_change = on_change
        self._polling_only = polling_only
        self._stirred = threading.Event()
        self._stop = CancelToken()
        self._threads: list[threading.Thread] = []
        self._observer: BaseObserver | None = None
        self._observing = threading.Lock()
        self._linked: frozenset[str] = frozenset()
        self._starter: threading.Thread | None = None
        self.polling = polling_only

    def start_aside(self) -> None:
        """As :meth:`start`, but return at once, and begin when a window that opens now has been painted.

        ``on_change`` is called once when watching has begun: what changed before has not been noticed.
        """

        def later() -> None:
            try:
                self._stop.wait(_ASIDE_S)
            except Cancelled:
                return
            self.start()
            self._stirred.set()

        self._starter = threading.Thread(target=later, name="library-watch-start", daemon=True)
        self._starter.start()

    def start(self) -> None:
        """Begin to watch. Whatever the system refuses is polled; never raises."""
        self.polling = self._polling_only or not self._observe()
        for name, work in (("library-watch", self._tell), ("library-poll", self._poll)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop watching; when this returns, ``on_change`` runs no more. Not to be called from ``on_change``."""
        self._stop.cancel()
        self._stirred.set()
        if self._starter is not None:
            self._starter.join(5)
        with self._observing:
            self._unobserve()
        for thread in self._threads:
            thread.join(5)
        self._threads.clear()

    # -- notices ----------------------------------------------------------------------------------------------

    def _observe_anew(self) -> None:
        """Ask for notices once more: a disk was mounted, a folder replaced, a link made to another."""
        with self._observing:
            if not self._stop.cancelled and not self._polling_only:
                self._unobserve()
                self.polling = not self._observe()
        self._stirred.set()

    def _unobserve(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(5)
            self._observer = None

    def _observe(self) -> bool:
        """Ask the system for notices; whether it agreed for every folder."""
        from viewer.library import notices  # here: it takes longer to load than the list to appear

        try:
            self._observer, complete = notices.observe([*self._folders, *self._linked], self._stirred)
        except OSError as error:
            # inotify's limits are the usual reason; polling finds the same changes a little later.
            log.info("no notices of changes from the system (%s): polling", error)
            return False
        return complete

    # -- telling ------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Wait for the first notice, then for quiet, then tell."""
        while True:
            self._stirred.wait()
            if self._stop.cancelled:
                return
            begun = time.monotonic()
            while time.monotonic() - begun < _LATEST_S:
                self._stirred.clear()
                if not self._stirred.wait(_QUIET_S):
                    break
            if self._stop.cancelled:
                return
            self._stirred.clear()
            self._on_change()

    def _poll(self) -> None:
        """Compare scans, often where there are no notices, seldom where there are."""
        known: int | None = None
        try:
            while True:
                begun = time.monotonic()
                places = self._places()
                scanned = scan(self._folders, self._stop)
                found, linked = scanned.mark, _behind_links(scanned.folders, self._folders)
                if known is not None and found != known:
                    self._stirred.set()
                known = found
                spent = time.monotonic() - begun
                del scanned
                if linked != self._linked:
                    self._linked = linked
                    self._observe_anew()
                self._rest(spent, places)
        except Cancelled:
            return

    def _rest(self, spent: float, places: list[tuple[int, int] | None]) -> None:
        """Wait until it is time for the next scan, or a folder has become another one. Raises Cancelled."""
        begun = time.monotonic()
        while time.monotonic() - begun < max(_POLL_S if self.polling else _SLOW_POLL_S, spent * _LEAST_REST):
            self._stop.wait(_POLL_S)
            if self._places() != places:
                self._observe_anew()
                return

    def _places(self) -> list[tuple[int, int] | None]:
        """Which folders are at the paths: the system's notices are about folders, not about paths."""
        return [_place(folder) for folder in self._folders]


def _place(folder: str) -> tuple[int, int] | None:
    try:
        state = os.stat(folder)
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _behind_links(found: Iterable[str], folders: Iterable[str]) -> frozenset[str]:
    """The folders outside the watched ones to which links in them lead: the system tells nothing of those by itself."""
    inside = tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)
    linked = {os.path.realpath(folder) for folder in found if os.path.islink(folder)}
    return frozenset(folder for folder in linked if not os.path.join(folder, "").startswith(inside))
