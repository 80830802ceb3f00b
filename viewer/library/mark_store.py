"""The user's marks, in the user's own database. Every act is one transaction, on the disk when the call returns."""

from __future__ import annotations

from viewer.domain.mark import Mark
from viewer.library.database import Pool
from viewer.library.journal import Change, Journal


class MarkStore:
    """The marks of all notes. Safe from any thread; the calls block for a write to the disk (some ms)."""

    def __init__(self, pool: Pool, journal: Journal) -> None:
        self._pool, self._journal = pool, journal

    def add(self, mark: Mark) -> Change:
        """Keep a new mark (times of making and change are set here where they are 0). Raises ReadError."""
        raise NotImplementedError

    def change(self, mark: Mark) -> Change | None:
        """Keep a mark's new state; None when nothing is different or there is no such mark. Raises ReadError."""
        raise NotImplementedError

    def remove(self, mark_id: str) -> Change | None:
        """Remove a mark; None when there is no such mark. Raises ReadError."""
        raise NotImplementedError

    def get(self, mark_id: str) -> Mark | None:
        """One mark; None when there is no such mark."""
        raise NotImplementedError

    def for_note(self, path: str) -> tuple[Mark, ...]:
        """The marks of one note, in the order of the video, those without a time last."""
        raise NotImplementedError

    def all(self) -> tuple[Mark, ...]:
        """Every mark, the newest first."""
        raise NotImplementedError

    def tags(self) -> tuple[tuple[str, int], ...]:
        """Every tag and how many marks have it, the most used first."""
        raise NotImplementedError

    def count(self) -> int:
        """How many marks there are."""
        raise NotImplementedError

    def counts(self) -> dict[str, int]:
        """Path of a note -> how many marks it has, for all notes that have any."""
        raise NotImplementedError

    def undo(self) -> Change | None:
        """Take the last act back, whether it was about marks or collections; None when there is nothing to undo."""
        return self._journal.undo()

    def redo(self) -> Change | None:
        """Do again what was undone last; None when there is nothing."""
        return self._journal.redo()
