"""The marks of each note as a file in the user's folder: kept in step after every change, off the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ViewerError
from viewer.domain.mark import Mark
from viewer.library.entries import NoteEntry
from viewer.library.journal import Act, Change
from viewer.library.mark_merge import REMOVED_HERE, REMOVED_THERE, Conflict
from viewer.library.mark_notes import MarkNote, MarkNotes
from viewer.library.mark_store import MarkStore
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.marks_controller import Direction, MarksController

log = logging.getLogger(__name__)

_REST_MS = 1_000
"""The file is written when the user has marked nothing for so long."""


@dataclass(frozen=True, slots=True)
class TwoVersions:
    """A mark that was changed here and in its file: how it was here, how it is there. ``now`` is what was kept of both.

    None stands for removed: ``mine`` or ``theirs``, never both. ``copy_id`` is the second mark that holds the file's
    state; None where one mark holds both.
    """

    conflict: Conflict
    mine: Mark | None
    theirs: Mark | None
    now: Mark
    copy_id: str | None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What was done, and the marks with two versions as they are now."""

    done: list[MarkNote]
    marks: dict[str, Mark]

    @classmethod
    def of(cls, done: list[MarkNote], store: MarkStore) -> _Outcome:
        ids = [conflict.mark_id for one in done for conflict in one.conflicts]
        return cls(done, {mark.id: mark for mark in store.some(ids)} if ids else {})


class MarkNotesController(QObject):
    """Owns the use of the mark notes from Qt. All methods on the GUI thread. Without a folder nothing happens."""

    conflicted = Signal(object)
    """list of TwoVersions: the user is asked which are to stay"""
    told = Signal(object)
    """list of sentences: what was kept though it is gone from a file, with all the others"""
    failed = Signal(object)
    """error, or a sentence, why files could not be brought up to date"""

    def __init__(
        self,
        runner: JobRunner,
        notes: MarkNotes,
        store: MarkStore,
        marks: MarksController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._notes = notes
        self._store = store
        self._marks = marks
        self._folder: Path | None = None
        self._changed: set[str] = set()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._sync_changed)
        marks.changed.connect(self._note_changed)

    def use_folder(self, folder: str, entries: Iterable[NoteEntry] = ()) -> None:
        """Keep the files in this folder from now on, and bring all of them up to date; empty: keep none."""
        self._folder = Path(folder) if folder else None
        if self._folder is None:
            return
        notes, store, chosen, known = self._notes, self._store, self._folder, list(entries)

        def work(progress: Progress, cancel: CancelToken) -> _Outcome:
            return _Outcome.of(notes.sync_all(chosen, known, cancel), store)

        self._runner.start(Lane.LONG, work).finished.connect(self._synced)

    def look_at(self, path: str) -> None:
        """Read what was changed in the file of this note, and write what is new here."""
        if self._folder is not None and path:
            self._changed.add(path)
            self._rest.start()

    def finish(self) -> None:
        """Write what waits, now: the program ends. What cannot be written is written at the next start."""
        self._rest.stop()
        waiting, self._changed = self._changed, set()
        for path in waiting if self._folder is not None else ():
            try:
                self._notes.sync(path, self._folder)  # type: ignore[arg-type]
            except ViewerError as error:  # the database has everything
                log.warning("the marks of %s were not written: %s", path, error)

    # -- choosing between two versions -----------------------------------------------------------------------

    def keep_mine(self, found: TwoVersions) -> None:
        """Let it be as it was here."""
        store, copy_id = self._store, found.copy_id
        if found.mine is None:
            self._marks.remove(found.now.id)
        elif copy_id is not None:
            self._marks.act(lambda: store.remove(copy_id))
        elif found.theirs is not None:
            self._marks.change(replace(found.now, comment=found.mine.comment))

    def keep_theirs(self, found: TwoVersions) -> None:
        """Let it be as it is in the file."""
        store, copy_id = self._store, found.copy_id
        if found.theirs is None:
            self._marks.remove(found.now.id)
        elif found.mine is None:
            return  # it is as it is there
        elif copy_id is not None:
            put = (replace(found.theirs, id=found.mine.id, created_ms=found.mine.created_ms),)
            self._marks.act(lambda: store.apply(Act.CHANGE_MARK, put, (copy_id,)))
        else:
            self._marks.change(replace(found.now, comment=found.theirs.comment))

    # -- what comes back -------------------------------------------------------------------------------------

    @Slot(object, object)
    def _note_changed(self, change: Change, direction: object) -> None:
        from_file = change.act is Act.TAKE_FROM_FILE and direction is Direction.DONE
        if self._folder is not None and not from_file:
            self._changed |= change.note_paths
            self._rest.start()

    @Slot()
    def _sync_changed(self) -> None:
        waiting, self._changed = sorted(self._changed), set()
        folder, notes, store = self._folder, self._notes, self._store
        if folder is None or not waiting:
            return

        def work(progress: Progress, cancel: CancelToken) -> _Outcome:
            return _Outcome.of([notes.sync(path, folder) for path in waiting], store)

        self._runner.start(Lane.LONG, work).finished.connect(self._synced)

    @Slot(object)
    def _synced(self, job: Job) -> None:
        if job.state is JobState.FAILED:
            self.failed.emit(job.error)
        if job.state is not JobState.SUCCEEDED:
            return
        found: list[TwoVersions] = []
        kept: list[str] = []
        outcome: _Outcome = job.value
        for one in outcome.done:
            if one.change is not None:
                self._marks.take(one.change)
            for conflict in one.conflicts:
                versions = two_versions(conflict, one.change, outcome.marks.get(conflict.mark_id))
                if versions is not None:
                    found.append(versions)
                else:
                    kept.append(conflict.message)
            if one.problem:
                self.failed.emit(one.problem)
        if kept:
            self.told.emit(kept)
        if found:
            self.conflicted.emit(found)


def two_versions(conflict: Conflict, change: Change | None, kept: Mark | None) -> TwoVersions | None:
    """Both states of a mark, from what a merge has done; ``kept`` is the mark now. None where there is nothing to ask."""
    if conflict.what in (REMOVED_HERE, REMOVED_THERE):
        if kept is None or conflict.all_gone:
            return None
        here = conflict.what == REMOVED_THERE
        return TwoVersions(conflict, kept if here else None, None if here else kept, kept, None)
    if change is None:
        return None
    edits = {edit.after.id: edit for edit in change.edits if isinstance(edit.after, Mark)}
    own = edits.get(conflict.mark_id)
    if conflict.copy_id is not None:
        copy = edits.get(conflict.copy_id)
        theirs = copy.after if copy is not None else None
        if not isinstance(theirs, Mark) or kept is None:
            return None
        return TwoVersions(conflict, kept, theirs, kept, conflict.copy_id)
    if own is None or not isinstance(own.before, Mark) or not isinstance(own.after, Mark):
        return None
    mine, now = own.before, own.after
    head = f"{mine.comment}\n\n"
    if conflict.what != "comment" or not now.comment.startswith(head):
        return None
    return TwoVersions(conflict, mine, replace(now, comment=now.comment[len(head) :]), now, None)
