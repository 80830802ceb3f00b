"""The system's own notices of changed files (inotify, FSEvents, ReadDirectoryChangesW), through watchdog.

A module of its own, since loading watchdog takes longer than showing the list: the watcher imports it on its thread.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Sequence

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from viewer.library.scanner import is_left_alone, is_of_interest

_IGNORED_EVENTS = frozenset({"opened", "closed_no_write"})
"""Reading a file is no change; taking it for one would make every refresh cause the next."""

# An observer that is stopped while it starts calls that an error of its own, in the user's log.
logging.getLogger("watchdog.observers.inotify").addFilter(
    lambda record: "when the thread is inactive" not in record.getMessage()
)


def observe(folders: Sequence[str], stirred: threading.Event) -> tuple[BaseObserver, bool]:
    """Ask the system to set ``stirred`` at every change that may concern a note.

    Returns the running observer and whether the system agreed for every folder. Raises OSError when it refuses
    (inotify's limits are the usual reason).
    """
    observer = Observer()
    handler = Handler(folders, stirred)
    complete = True
    for folder in folders:
        if os.path.isdir(folder):
            observer.schedule(handler, folder, recursive=True)
        elif os.path.isdir(os.path.dirname(folder)):
            observer.schedule(handler, os.path.dirname(folder), recursive=False)
            complete = complete and os.path.exists(folder)
        else:
            complete = False
    observer.start()
    return observer, complete


class Handler(FileSystemEventHandler):
    """Lets through what may concern a note."""

    def __init__(self, folders: Iterable[str], stirred: threading.Event) -> None:
        self._folders = tuple(folders)
        self._stirred = stirred

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog for everything that happens below a watched folder."""
        if event.event_type in _IGNORED_EVENTS:
            return
        # A folder's "modified" comes with what happened in it; a moved or deleted folder carries notes with it.
        if event.is_directory and event.event_type == "modified":
            return
        paths = (os.fsdecode(event.src_path), os.fsdecode(event.dest_path or ""))
        if any(path and self._concerns(path, event.is_directory) for path in paths):
            self._stirred.set()

    def _concerns(self, path: str, is_directory: bool) -> bool:
        for folder in self._folders:
            below = os.path.relpath(path, folder) if path.startswith(folder) else None
            if below is None or below.startswith(".."):
                continue
            parts = below.split(os.sep)
            if below == "." or not any(is_left_alone(part) for part in parts):
                return is_directory or is_of_interest(parts[-1]) or below == "."
        return False
