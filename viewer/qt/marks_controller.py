# ruff: noqa: N815 - signals carry Qt's camelCase
"""The user's marks for the window: those of the open note, making and changing them, undo and redo, off the GUI thread."""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.domain.mark import Mark
from viewer.domain.transcript import Transcript
from viewer.library.journal import Act, Change, Journal
from viewer.library.mark_store import MarkStore
from viewer.qt.jobs import Job, JobRunner, JobState, Lane

if TYPE_CHECKING:  # what aligns is loaded when marks are looked for, not at the start
    from viewer.domain.anchoring import Place

Places = dict[str, "Place | None"]
"""A mark's id -> where its words stand in the open transcript; None when they cannot be found there."""


class Direction(enum.Enum):
    """How a change came about."""

    DONE = "done"
    UNDONE = "undone"
    REDONE = "redone"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What an act on the store brought: its change (None: nothing was different), and what can be undone now."""

    change: Change | None
    direction: Direction
    undo: Act | None
    redo: Act | None


@dataclass(frozen=True, slots=True)
class _Begun:
    """What is known when a note's marks were read."""

    marks: tuple[Mark, ...]
    undo: Act | None
    redo: Act | None


class MarksController(QObject):
    """Owns the use of the mark store and the journal from Qt. All methods on the GUI thread.

    A mark is shown when it is on the disk, not before: an act takes some milliseconds.
    """

    marksChanged = Signal(str)
    """path of the note whose marks are others now (``marks`` has them)"""
    changed = Signal(object, object)
    """Change, Direction: an act, undo or redo has been kept"""
    nothingToUndo = Signal(object)
    """Direction (UNDONE or REDONE) in which there is nothing any more"""
    undoChanged = Signal()
    """``undo_act`` or ``redo_act`` is another"""
    placed = Signal(str, object)
    """path, Places: where the words of the note's marks stand"""
    tagsRead = Signal(object)
    """tuple of (tag, how many marks have it)"""
    failed = Signal(object)
    """error: what was meant to be kept was not"""

    def __init__(
        self, runner: JobRunner, store: MarkStore, journal: Journal, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._store = store
        self._journal = journal
        self.path = ""
        self.marks: tuple[Mark, ...] = ()
        self.undo_act: Act | None = None
        self.redo_act: Act | None = None
        self._under_way: list[threading.Event] = []

    # -- reading ---------------------------------------------------------------------------------------------

    def open_note(self, path: str) -> None:
        """Read the marks of a note; ``marksChanged`` follows, unless another note is opened before. Empty: none."""
        if path != self.path:
            self.path, self.marks = path, ()
        store, journal = self._store, self._journal

        def work(progress: Progress, cancel: CancelToken) -> _Begun:
            marks = store.for_note(path) if path else ()
            return _Begun(marks, journal.next_undo(), journal.next_redo())

        self._runner.start(Lane.MARKS, work, path).finished.connect(self._read)

    def mark(self, mark_id: str) -> Mark | None:
        """A mark of the open note; None when there is no such mark."""
        return next((mark for mark in self.marks if mark.id == mark_id), None)

    def read_tags(self) -> None:
        """Read every tag; ``tagsRead`` follows."""
        store = self._store
        self._runner.start(Lane.MARKS, lambda progress, cancel: store.tags()).finished.connect(self._tags)

    def place(self, transcript: Transcript) -> None:
        """Find the words of the note's marks in ``transcript``; ``placed`` follows, unless asked again before."""
        marks = self.marks
        path = self.path

        def work(progress: Progress, cancel: CancelToken) -> Places:
            from viewer.domain.anchoring import AnchorFinder

            places: Places = {}
            finder = AnchorFinder(transcript)
            for mark in marks:
                cancel.raise_if_cancelled()
                if mark.anchor is not None:
                    places[mark.id] = finder.find(mark.anchor, mark.segment)
            return places

        self._runner.start(Lane.PLACES, work, path).finished.connect(self._placed)

    # -- acts ------------------------------------------------------------------------------------------------

    def add(self, mark: Mark) -> None:
        """Keep a new mark."""
        store = self._store
        self.act(lambda: store.add(mark))

    def change(self, mark: Mark) -> None:
        """Keep a mark's new state."""
        store = self._store
        self.act(lambda: store.change(mark))

    def remove(self, mark_id: str) -> None:
        """Remove a mark."""
        store = self._store
        self.act(lambda: store.remove(mark_id))

    def undo(self) -> None:
        """Take the last act back, whether it was about marks or collections."""
        self.act(self._journal.undo, Direction.UNDONE)

    def redo(self) -> None:
        """Do again what was undone last."""
        self.act(self._journal.redo, Direction.REDONE)

    def act(self, work: Callable[[], Change | None], direction: Direction = Direction.DONE) -> Job:
        """Do something with the stores, after all that was asked before; ``changed`` or ``failed`` follows."""
        journal = self._journal

        done = threading.Event()

        def run(progress: Progress, cancel: CancelToken) -> _Outcome:
            try:
                change = work()
                return _Outcome(change, direction, journal.next_undo(), journal.next_redo())
            finally:
                done.set()

        self._under_way = [*(one for one in self._under_way if not one.is_set()), done]
        job = self._runner.start(Lane.MARKS, run)
        job.finished.connect(self._acted)
        return job

    def finish(self, seconds: float = 5.0) -> bool:
        """Wait until all that was asked for is on the disk: the program ends. False when that took too long."""
        deadline = time.monotonic() + seconds
        return all(one.wait(max(0.0, deadline - time.monotonic())) for one in self._under_way)

    def take(self, change: Change) -> None:
        """Show what something else than the window has kept: what came from a mark's file."""
        self._tell(change, Direction.DONE)
        self.act(lambda: None)  # what can be undone is another now

    # -- what comes back -------------------------------------------------------------------------------------

    @Slot(object)
    def _read(self, job: Job) -> None:
        if job.state is JobState.FAILED:
            self.failed.emit(job.error)
        elif job.state is JobState.SUCCEEDED and job.subject == self.path:
            self.marks = job.value.marks
            self._set_acts(job.value.undo, job.value.redo)
            self.marksChanged.emit(self.path)

    @Slot(object)
    def _tags(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED:
            self.tagsRead.emit(job.value)

    @Slot(object)
    def _placed(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED and job.subject == self.path:
            self.placed.emit(self.path, job.value)

    @Slot(object)
    def _acted(self, job: Job) -> None:
        if job.state is JobState.FAILED:
            self.failed.emit(job.error)
        if job.state is not JobState.SUCCEEDED:
            return
        outcome: _Outcome = job.value
        self._set_acts(outcome.undo, outcome.redo)
        if outcome.change is None:
            if outcome.direction is not Direction.DONE:
                self.nothingToUndo.emit(outcome.direction)
            return
        self._tell(outcome.change, outcome.direction)

    def _tell(self, change: Change, direction: Direction) -> None:
        if self.path and self.path in change.note_paths:
            self._take(change)
            self.marksChanged.emit(self.path)
        self.changed.emit(change, direction)

    def _take(self, change: Change) -> None:
        """The open note's marks after ``change``, in the order in which the store gives them."""
        marks = {mark.id: mark for mark in self.marks}
        for edit in change.edits:
            if isinstance(edit.before, Mark):
                marks.pop(edit.before.id, None)
            if isinstance(edit.after, Mark) and edit.after.note_path == self.path:
                marks[edit.after.id] = edit.after
        self.marks = tuple(sorted(marks.values(), key=_by_time))

    def _set_acts(self, undo: Act | None, redo: Act | None) -> None:
        if (undo, redo) != (self.undo_act, self.redo_act):
            self.undo_act, self.redo_act = undo, redo
            self.undoChanged.emit()


def _by_time(mark: Mark) -> tuple[bool, int, int]:
    segment = mark.segment
    return segment is None, segment.start_ms if segment is not None else 0, mark.created_ms
