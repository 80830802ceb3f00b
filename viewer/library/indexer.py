"""Brings the index up to the files: what is new is read and written, what is gone is removed.

Every batch is one transaction that holds notes, their passages and the files' states together. A process killed
at any moment leaves a state from which the next refresh goes on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import Cancelled
from viewer.library.database import DamagedError
from viewer.library.entries import RefreshProgress, RefreshSummary
from viewer.library.index_store import Indexed, IndexStore, id_of_path
from viewer.library.loader import stem_of
from viewer.library.passages import NoteRows, clean
from viewer.library.planning import Plan, caption_groups, make_plan
from viewer.library.reading import read_all, read_captions
from viewer.library.scanner import FileState, Scan, compare, scan
from viewer.library.vocabulary import fact, renew_vocabulary

_FIRST_BATCH_S = 0.25
_LAST_BATCH_S = 5.0
"""Batches grow from the first length to the last: rows appear early, and large transactions are cheaper."""

_BATCH_CHARACTERS = 40_000_000
"""A batch is written when it holds this much text, however short it took: it lies in memory."""


MoveListener = Callable[[str, str], None]
"""Told the old and the new path of a note's file, before the index knows of it."""


def _nobody(old: str, new: str) -> None:
    """Stand where nobody listens for moves."""


class Indexer:
    """Refreshes one index. One thread at a time; the catalog sees to that."""

    def __init__(self, store: IndexStore) -> None:
        self._store = store
        self._known: int | None = None
        """The mark of what was found last, when the index agrees with it; None: not looked yet."""
        self._roots: tuple[str, ...] = ()
        self._total = 0

    def forget(self) -> None:
        """Take nothing as known any more: the index has been made anew."""
        self._known = None
        self._roots = ()

    def refresh(
        self,
        folders: Iterable[Path | str],
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
        on_move: MoveListener = _nobody,
    ) -> RefreshSummary:
        """Make the index agree with the folders, and with nothing but them.

        ``progress`` gets :class:`RefreshProgress`. Raises Cancelled (what is written stays), DamagedError,
        ReadError, BusyError.
        """
        roots = tuple(dict.fromkeys(os.path.abspath(folder) for folder in folders))
        generation = self._store.generation
        scanned = scan(roots, cancel)
        first = self._known is None
        if first:
            self._store.check()
        known: dict[str, FileState] | None = None
        unmounted = tuple(root for root in roots if self._is_unmounted(root, scanned))
        scanned = replace(scanned, unreadable=scanned.unreadable + unmounted)
        if scanned.unreadable:
            known = self._store.known_files()
            _keep_unreadable(scanned, known)
        mark = scanned.mark
        if mark == self._known and roots == self._roots:
            return RefreshSummary(total=self._total, unreadable=scanned.unreadable, folders=scanned.folders)
        if known is None:
            known = self._store.known_files()
        changes = compare(known, scanned.files)
        plan = make_plan(self._store, scanned, known, changes, roots, thorough=first)
        self._known = None
        run = _Run(self._store, plan, progress, cancel, on_move)
        run.all()
        renew_vocabulary(self._store, cancel)
        if self._store.generation != generation:
            raise DamagedError("somebody else found the index damaged while it was written")
        self._remember_disks(root for root in roots if root not in scanned.unreadable)
        self._known, self._roots = mark, roots
        self._total = len(self._store.note_paths())
        return RefreshSummary(
            added=tuple(run.added),
            changed=tuple(run.changed),
            removed=tuple(run.removed),
            renamed=tuple(run.renamed),
            total=self._total,
            unreadable=scanned.unreadable,
            folders=scanned.folders,
        )

    def _is_unmounted(self, root: str, scanned: Scan) -> bool:
        """Whether a library folder is empty because the disk is away that was mounted there."""
        below = os.path.join(root, "")
        if root not in scanned.folders or any(path.startswith(below) for path in scanned.files):
            return False
        try:
            empty, disk = not os.listdir(root), _disk_of(root)
        except OSError:
            return False
        known = fact(self._store.pool.session(), _disk_fact(root))
        return empty and known not in (0, disk)

    def _remember_disks(self, roots: Iterable[str]) -> None:
        for root in roots:
            try:
                disk = _disk_of(root)
            except OSError:
                continue
            if fact(self._store.pool.session(), _disk_fact(root)) != disk:
                with self._store.writing() as session:
                    session.run("INSERT OR REPLACE INTO facts VALUES(?,?)", (_disk_fact(root), disk))


def _disk_of(folder: str) -> int:
    """A number for the file system that a folder lies on. Raises OSError."""
    return os.stat(folder).st_dev & 0x7FFF_FFFF_FFFF_FFFF


def _disk_fact(root: str) -> str:
    return clean(f"disk of {root}")


def _keep_unreadable(scanned: Scan, known: dict[str, FileState]) -> None:
    """Notes below a folder that cannot be read now (a disk not mounted) stay as they are known."""
    for folder in scanned.unreadable:
        below = folder.rstrip(os.sep) + os.sep
        for path, state in known.items():
            if path.startswith(below) or path == folder:
                scanned.files.setdefault(path, state)


class _Run:
    """One refresh at work."""

    def __init__(
        self,
        store: IndexStore,
        plan: Plan,
        progress: Progress,
        cancel: CancelToken | None,
        on_move: MoveListener,
    ) -> None:
        self.store, self.plan, self.progress, self.cancel, self.on_move = (
            store,
            plan,
            progress,
            cancel,
            on_move,
        )
        self.added: dict[int, None] = {}
        self.changed: dict[int, None] = {}
        self.removed: dict[int, None] = {}
        self.renamed: dict[int, None] = {}
        self._ids = set(plan.paths.values())
        self._prints: dict[bytes, str] | None = None
        self._done = 0
        self._total = len(plan.texts)
        self._batch: list[tuple[str, NoteRows]] = []
        self._characters = 0
        self._length_s = _FIRST_BATCH_S
        self._since = time.monotonic()

    def all(self) -> None:
        """Everything in order: names, texts, captions that stand alone, what is gone."""
        self._names()
        self._read(self.plan.texts)
        self._captions()
        self._gone()

    def _names(self) -> None:
        """Write what is known without reading: renamed files keep their note, new ones get a row at once."""
        plan, stubs = self.plan, []
        touched: list[int] = [number for number, _ in plan.moved_roots]
        for path, old in plan.same_file.items():
            if old in plan.gone:
                touched.append(self._take_over(path, old))
        with self.store.writing() as session:
            for path in plan.same_file:
                if path in plan.paths:
                    self.store.move(session, plan.paths[path], path, plan.root_of(path))
            for path in plan.texts:
                if path not in plan.paths:
                    number = self._new_id(path)
                    modified_ns = plan.scanned.files[path][1]
                    stubs.append(
                        (number, path, plan.root_of(path), modified_ns, stem_of(os.path.basename(path)))
                    )
                    touched.append(number)
            self.store.put_stubs(session, stubs)
            for number, path in plan.moved_roots:
                self.store.move(session, number, path, plan.root_of(path))
                self.changed[number] = None
        self.progress(RefreshProgress(0, self._total, tuple(touched)))

    def _new_id(self, path: str) -> int:
        number = id_of_path(path, self._ids)
        self._ids.add(number)
        self.plan.paths[path] = number
        self.added[number] = None
        return number

    def _take_over(self, path: str, old: str) -> int:
        """The file at ``path`` is the one that was at ``old``: the note and the user's things go with it."""
        number = self.plan.gone.pop(old)
        self.plan.paths.pop(old, None)
        # First the user's things: were we killed in between, the rename would be seen once more.
        self.on_move(old, path)
        self.plan.paths[path] = number
        self.renamed[number] = None
        return number

    def _read(self, paths: Sequence[str]) -> None:
        """Read files and write them in batches."""
        try:
            for path, rows in read_all(paths, self.plan.scanned.files, self.cancel):
                self._done += 1
                self._keep(path, rows)
        except Cancelled:
            self._write()
            raise
        self._write()

    def _keep(self, path: str, rows: NoteRows) -> None:
        self._batch.append((path, rows))
        self._characters += sum(len(passage.text) for passage in rows.passages)
        if self._characters > _BATCH_CHARACTERS or time.monotonic() - self._since > self._length_s:
            self._write()

    def _write(self) -> None:
        """One transaction: the batch's notes, their passages and their files' states."""
        if self._batch:
            files = self.plan.scanned.files
            notes, states = [], []
            for path, rows in self._batch:
                number = self._number(path, rows)
                notes.append(Indexed(number, path, self.plan.root_of(path), files[path][1], rows))
                states.append((path, files[path]))
                states.extend((side, files[side]) for side in rows.siblings if side in files)
            with self.store.writing() as session:
                self.store.put(session, notes)
                self.store.put_files(session, states)
            self._batch.clear()
            self._characters = 0
            self._length_s = min(self._length_s * 2, _LAST_BATCH_S)
            self.progress(RefreshProgress(self._done, self._total, tuple(item.note_id for item in notes)))
        self._since = time.monotonic()

    def _number(self, path: str, rows: NoteRows) -> int:
        """Whose rows these are: the known note's, a vanished note's with the very same bytes, or a new one's."""
        number = self.plan.paths.get(path)
        if number is None or number in self.added:
            old = self._vanished().get(rows.fingerprint) if rows.fingerprint else None
            if old is not None and old in self.plan.gone:
                if number is not None:
                    del self.added[number]
                return self._take_over(path, old)
            return self._new_id(path) if number is None else number
        if number not in self.renamed:
            self.changed[number] = None
        return number

    def _vanished(self) -> dict[bytes, str]:
        """Hash of the bytes -> path of the notes that are gone."""
        if self._prints is None:
            self._prints = {}
            if self.plan.gone:
                prints = self.store.fingerprints()
                self._prints = {prints[n]: path for path, n in self.plan.gone.items() if prints.get(n)}
        return self._prints

    def _captions(self) -> None:
        """Caption files that no note has taken become notes; those that one has taken cease to be."""
        plan = self.plan
        claimed = self.store.claimed(without=frozenset(plan.gone.values()))
        plan.gone.update({path: plan.paths[path] for path in claimed if path in plan.paths})
        for group in caption_groups(plan.sides, plan.scanned.files):
            if self.cancel is not None:
                self.cancel.raise_if_cancelled()
            found = read_captions([path for path in group if path not in claimed])
            winner = None
            if found is not None:
                winner = found[0]
                self._keep(*found)
            for path in group:
                if path != winner and path in plan.paths:
                    plan.gone[path] = plan.paths[path]
        self._write()

    def _gone(self) -> None:
        """Remove what is no more, and remember the side files as seen."""
        plan, files = self.plan, self.plan.scanned.files
        numbers = list(plan.gone.values())
        with self.store.writing() as session:
            self.store.remove(session, numbers)
            self.store.put_files(session, [(path, files[path]) for path in plan.sides if path in files])
            self.store.forget_files(session, plan.changes.removed)
        self.removed.update(dict.fromkeys(numbers))
