"""What has changed in the library's list since it was last shown, found out off the GUI thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import Cancelled, ViewerError
from viewer.domain.note import Note
from viewer.library.entries import NoteEntry, RefreshProgress, RefreshSummary

_FEW = 30
"""Up to so many changed notes are asked for one by one; for more the whole list is read."""

_PATIENCE = 5
"""The list is read while a refresh runs, but for no more than one part in so many of the time."""

_AT_MOST_EVERY_S = 0.2
_NOTE_GOES_BEFORE_S = 0.5


class ReadsLibrary(Protocol):
    """What is needed of :class:`viewer.library.catalog.Catalog`."""

    def refresh(
        self, folders: Iterable[Path | str], progress: Progress, cancel: CancelToken | None
    ) -> RefreshSummary:
        """Make the index agree with the folders."""
        ...

    def version(self) -> tuple[int, int]:
        """Another one when the list is to be read again."""
        ...

    def entries(self) -> list[NoteEntry]:
        """Every note."""
        ...

    def entry(self, note_id: int) -> NoteEntry | None:
        """One note."""
        ...

    def note(self, note_id: int) -> Note:
        """The whole of one note."""
        ...


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """Rows to put in or replace, and note ids to take out."""

    changed: tuple[NoteEntry, ...] = ()
    removed: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed)


class ChangeFinder:
    """Compares the catalog with what was handed out before. Used by one thread at a time: the index lane's."""

    def __init__(self, catalog: ReadsLibrary) -> None:
        self._catalog = catalog
        self._known: dict[int, NoteEntry] = {}
        self._version: tuple[int, int] | None = None

    @property
    def stale(self) -> bool:
        """Whether somebody else has written since everything was compared."""
        return self._version is None or self._version != self._catalog.version()

    @property
    def known(self) -> bool:
        """Whether anything was handed out yet."""
        return bool(self._known)

    def everything(self) -> LibraryChange:
        """All that differs from what was handed out."""
        self._version = self._catalog.version()
        now, changed = {}, []
        for entry in self._catalog.entries():
            known = self._known.get(entry.id)
            if known == entry and known is not None:
                now[entry.id] = known  # the one the list holds: of ten thousand none shall be there twice
            else:
                now[entry.id] = entry
                changed.append(entry)
        removed = tuple(note_id for note_id in self._known if note_id not in now)
        self._known = now
        return LibraryChange(tuple(changed), removed)

    def of(self, note_ids: Iterable[int]) -> LibraryChange:
        """What differs of these notes."""
        wanted = set(note_ids)
        if len(wanted) > _FEW:
            return self.everything()
        changed, removed = [], []
        for note_id in wanted:
            entry = self._catalog.entry(note_id)
            if entry is None:
                if self._known.pop(note_id, None) is not None:
                    removed.append(note_id)
            elif self._known.get(note_id) != entry:
                self._known[note_id] = entry
                changed.append(entry)
        return LibraryChange(tuple(changed), tuple(removed))


def refreshing(
    catalog: ReadsLibrary,
    finder: ChangeFinder,
    folders: Iterable[Path],
    changes: deque[LibraryChange],
    calm: threading.Event | None = None,
) -> Callable[[Progress, CancelToken], RefreshSummary]:
    """The work of one refresh: what is indexed already comes first, then what changes, as it changes.

    Changes are appended to ``changes``, and ``progress`` is then called (with the last value once more, None at
    first): progress values may be left out on their way, changes may not. The files are
    looked at when ``calm`` is set, or half a second later: a note that is being opened goes before.
    """
    wanted = list(folders)

    def work(progress: Progress, cancel: CancelToken) -> RefreshSummary:
        pending: set[int] = set()
        next_look = 0.0
        latest: object = None

        def look(find: Callable[[], LibraryChange]) -> None:
            nonlocal next_look
            begun = time.monotonic()
            change = find()
            if change:
                changes.append(change)
                progress(latest)
            now = time.monotonic()
            next_look = now + max(_AT_MOST_EVERY_S, _PATIENCE * (now - begun))

        def told(value: object) -> None:
            nonlocal latest
            latest = value
            progress(value)
            if isinstance(value, RefreshProgress):
                pending.update(value.changed)
            if pending and time.monotonic() >= next_look:
                look(lambda: finder.of(pending))
                pending.clear()

        first = not finder.known
        if finder.stale:
            look(finder.everything)
        if calm is not None:
            calm.wait(_NOTE_GOES_BEFORE_S)
        try:
            summary = catalog.refresh(wanted, told, cancel)
        except (Cancelled, ViewerError):
            look(lambda: finder.of(pending))  # what was read stays, and is shown
            raise
        touched = pending.union(summary.added, summary.changed, summary.removed, summary.renamed)
        look(finder.everything if summary.rebuilt else lambda: finder.of(touched))
        if first or len(touched) > _FEW:
            from viewer.library.memory import give_back  # here: only a large refresh wants it

            give_back()
        return summary

    return work
