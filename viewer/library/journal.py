"""Undo and redo for what the user makes (marks, collections): every confirmed act is a step in the same database.

An act and its step are one transaction, on the disk when the call returns. So the steps survive a restart.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from viewer.domain.collection import Collection, CollectionItem
from viewer.domain.mark import Mark
from viewer.library.database import Pool, Session
from viewer.library.mark_rows import Row, drop_row, get_row, put_row, value_of

MOST_STEPS = 1000
"""So many acts can be undone; older ones are forgotten."""

Step = tuple[str, str, "Row | None", "Row | None"]
"""A table, the id of a row of it, the row before and after."""


class Act(str, enum.Enum):
    """What the user did in one step."""

    ADD_MARK = "add-mark"
    CHANGE_MARK = "change-mark"
    REMOVE_MARK = "remove-mark"
    CREATE_COLLECTION = "create-collection"
    RENAME_COLLECTION = "rename-collection"
    DELETE_COLLECTION = "delete-collection"
    ADD_ITEMS = "add-items"
    CHANGE_ITEM = "change-item"
    MOVE_ITEM = "move-item"
    REMOVE_ITEMS = "remove-items"
    TAKE_FROM_FILE = "take-from-file"
    """What was changed outside, in the file of a note's marks, was taken over."""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Edit:
    """One value before and after an act; None before: it was made, None after: it is gone."""

    before: Mark | Collection | CollectionItem | None
    after: Mark | Collection | CollectionItem | None


@dataclass(frozen=True, slots=True)
class Change:
    """What one act, undo or redo did. ``act`` is always the user's own act, also when it is undone."""

    act: Act
    edits: tuple[Edit, ...]

    @property
    def before(self) -> Mark | Collection | CollectionItem | None:
        """The first value that changed, as it was."""
        return self.edits[0].before if self.edits else None

    @property
    def after(self) -> Mark | Collection | CollectionItem | None:
        """The first value that changed, as it is now."""
        return self.edits[0].after if self.edits else None

    @property
    def note_paths(self) -> frozenset[str]:
        """The notes whose marks have changed."""
        values = [value for edit in self.edits for value in (edit.before, edit.after)]
        return frozenset(value.note_path for value in values if isinstance(value, Mark))

    @property
    def collection_ids(self) -> frozenset[str]:
        """The collections that have changed, or whose items have."""
        values = [value for edit in self.edits for value in (edit.before, edit.after)]
        return frozenset(
            value.collection_id if isinstance(value, CollectionItem) else value.id
            for value in values
            if isinstance(value, (Collection, CollectionItem))
        )


class Recorder:
    """One act while it is under way: it writes rows and remembers what they were before."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._steps: dict[tuple[str, str], Step] = {}

    def put(self, table: str, row: Row) -> None:
        """Write a row (in the place of the one with its id)."""
        self._note(table, str(row["id"]), row)
        put_row(self.session, table, row)

    def drop(self, table: str, row_id: str) -> None:
        """Remove a row."""
        self._note(table, row_id, None)
        drop_row(self.session, table, row_id)

    def _note(self, table: str, row_id: str, after: Row | None) -> None:
        known = self._steps.get((table, row_id))
        before = known[2] if known else get_row(self.session, table, row_id)
        self._steps[table, row_id] = (table, row_id, before, after)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was changed, in order; what is as it was is left out."""
        return tuple(step for step in self._steps.values() if step[2] != step[3])


class Journal:
    """The steps that can be undone and redone. Safe from any thread."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.acted = False
        """Whether anything was done since the start."""

    def perform(self, act: Act, work: Callable[[Recorder], None]) -> Change | None:
        """Do ``work`` as one act that can be undone, on the disk when this returns; None when it changed nothing.

        What was undone before can then not be done again. Raises ReadError, and whatever ``work`` raises; nothing
        is changed then.
        """
        self.acted = True
        with self._pool.writing(durable=True) as session:
            recorder = Recorder(session)
            work(recorder)
            steps = recorder.steps
            if not steps:
                return None
            session.run("DELETE FROM journal WHERE undone=1")
            text = json.dumps(steps, ensure_ascii=False, separators=(",", ":"))
            session.run("INSERT INTO journal(act, edits) VALUES(?,?)", (act.value, text))
            session.run(
                "DELETE FROM journal WHERE number <= "
                "(SELECT number FROM journal ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (MOST_STEPS,),
            )
            return _change(session, act, steps)

    def undo(self) -> Change | None:
        """Take the last act back; None when there is nothing to undo. Raises ReadError."""
        return self._turn(_LAST_DONE, back=True)

    def redo(self) -> Change | None:
        """Do again what was undone last; None when there is nothing. Raises ReadError."""
        return self._turn(_LAST_UNDONE, back=False)

    def _turn(self, which: str, *, back: bool) -> Change | None:
        self.acted = True
        with self._pool.writing(durable=True) as session:
            row = session.row(f"SELECT number, act, edits FROM journal {which}")
            if row is None:
                return None
            steps: list[Step] = [_step(step) for step in json.loads(row[2])]
            if back:
                steps = [(table, row_id, after, before) for table, row_id, before, after in reversed(steps)]
            for table, row_id, _, after in steps:
                if after is None:
                    drop_row(session, table, row_id)
                else:
                    put_row(session, table, after)
            session.run("UPDATE journal SET undone=? WHERE number=?", (int(back), row[0]))
            return _change(session, Act(row[1]), steps)

    def next_undo(self) -> Act | None:
        """What :meth:`undo` would take back, for a menu's words; None when nothing."""
        return self._next(_LAST_DONE)

    def next_redo(self) -> Act | None:
        """What :meth:`redo` would do again; None when nothing."""
        return self._next(_LAST_UNDONE)

    def _next(self, which: str) -> Act | None:
        row = self._pool.session().row(f"SELECT act FROM journal {which}")
        return Act(row[0]) if row else None


_LAST_DONE = "WHERE undone=0 ORDER BY number DESC LIMIT 1"
_LAST_UNDONE = "WHERE undone=1 ORDER BY number LIMIT 1"


def _step(step: list[Any]) -> Step:
    table, row_id, before, after = step
    return str(table), str(row_id), before, after


def _change(session: Session, act: Act, steps: Iterable[Step]) -> Change:
    def value(table: str, row: Row | None) -> Mark | Collection | CollectionItem | None:
        return None if row is None else value_of(session, table, row)

    return Change(
        act, tuple(Edit(value(table, before), value(table, after)) for table, _, before, after in steps)
    )
