"""The user's collections, in the user's own database, kept like the marks and with the same undo."""

from __future__ import annotations

from collections.abc import Sequence

from viewer.domain.collection import Collection, CollectionItem
from viewer.library.database import Pool
from viewer.library.journal import Change, Journal


class CollectionStore:
    """The collections and their items. Safe from any thread; the calls block for a write to the disk (some ms)."""

    def __init__(self, pool: Pool, journal: Journal) -> None:
        self._pool, self._journal = pool, journal

    def create(self, title: str) -> Collection:
        """Make an empty collection. Raises ReadError."""
        raise NotImplementedError

    def rename(self, collection_id: str, title: str) -> Change | None:
        """Give a collection another title; None when nothing is different or there is no such collection."""
        raise NotImplementedError

    def delete(self, collection_id: str) -> Change | None:
        """Delete a collection with its items; None when there is no such collection."""
        raise NotImplementedError

    def all(self) -> tuple[Collection, ...]:
        """Every collection, the one changed last first."""
        raise NotImplementedError

    def get(self, collection_id: str) -> Collection | None:
        """One collection; None when there is no such collection."""
        raise NotImplementedError

    def items(self, collection_id: str) -> tuple[CollectionItem, ...]:
        """The items of a collection in the user's order."""
        raise NotImplementedError

    def add(
        self, collection_id: str, items: Sequence[CollectionItem], at: int | None = None
    ) -> Change | None:
        """Put items before the one that is at ``at`` now (None: at the end), as one act; None without the collection."""
        raise NotImplementedError

    def move(self, item_id: str, to: int) -> Change | None:
        """Move an item so that it is the ``to``-th (from 0) of its collection; None when it is there already."""
        raise NotImplementedError

    def change(self, item: CollectionItem) -> Change | None:
        """Keep an item's new words or clip ends; None when nothing is different. Its place stays."""
        raise NotImplementedError

    def remove(self, item_ids: Sequence[str]) -> Change | None:
        """Remove items as one act; None when there are no such items."""
        raise NotImplementedError

    def undo(self) -> Change | None:
        """Take the last act back, whether it was about marks or collections; None when there is nothing to undo."""
        return self._journal.undo()

    def redo(self) -> Change | None:
        """Do again what was undone last; None when there is nothing."""
        return self._journal.redo()
