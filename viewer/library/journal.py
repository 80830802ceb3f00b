"""Undo and redo for what the user makes (marks, collections): every confirmed act is a step in the same database.

An act and its step are one transaction, on the disk when the call returns. So the steps survive a restart.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from viewer.domain.collection import Collection, CollectionItem
from viewer.domain.mark import Mark
from viewer.library.database import Pool


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


class Journal:
    """The steps that can be undone and redone. Safe from any thread."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def undo(self) -> Change | None:
        """Take the last act back; None when there is nothing to undo. Raises ReadError."""
        raise NotImplementedError

    def redo(self) -> Change | None:
        """Do again what was undone last; None when there is nothing. Raises ReadError."""
        raise NotImplementedError

    def next_undo(self) -> Act | None:
        """What :meth:`undo` would take back, for a menu's words; None when nothing."""
        raise NotImplementedError

    def next_redo(self) -> Act | None:
        """What :meth:`redo` would do again; None when nothing."""
        raise NotImplementedError
