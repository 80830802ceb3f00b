"""The models: the notes of the library, the filter over them, and (from its own module) a note's timed rows.

The source model is sorted, the proxy filters. A proxy that sorts asks Python for every comparison: a hundred
thousand calls for ten thousand notes; Python's own sort needs some milliseconds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QUrl,
)

from viewer.base.language import tr, tr_n
from viewer.domain.timestamp import format_timestamp
from viewer.library.entries import NoteEntry
from viewer.library.folding import fold
from viewer.qt.library_order import SORTS, Companions, SortKey
from viewer.qt.note_filter import NoteFilter
from viewer.qt.roles import Role
from viewer.qt.timed_rows import RowKind, TimedRow, TimedRowsModel

__all__ = [
    "LibraryFilterModel",
    "LibraryModel",
    "RowKind",
    "SortKey",
    "TimedRow",
    "TimedRowsModel",
    "spoken_entry",
]

Index = QModelIndex | QPersistentModelIndex

_AT_ONCE = 20
"""Up to so many new or moved rows are put in one by one; more are put in together and sorted."""

_FEW = 8
"""Beside so many rows many new ones are put in run by run, so that nothing moves."""


class LibraryModel(QAbstractListModel):
    """NoteEntry rows in sorted order, updated by id without a reset: selections and places stay.

    Answers Role.NOTE_ENTRY, Role.KEPT, Role.SORT, Role.COMPANIONS, the title for display, and a spoken line for
    screen readers.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[NoteEntry] = []
        self._rows: dict[int, int] = {}
        self._kept: dict[int, tuple[int, int]] = {}
        self._sort = SortKey.DATE
        self._companions = Companions()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, D102 - Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102 - Qt's own
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Role.NOTE_ENTRY:
            return entry
        if role == Role.KEPT:
            return self.kept(entry.id)
        if role == Role.COMPANIONS:
            return self._companions.of(entry.id)
        if role == Role.SORT:
            return SORTS[self._sort](entry)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken_entry(entry, self.kept(entry.id)[0])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:  # noqa: D102 - Qt's own
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else usual

    def mimeTypes(self) -> list[str]:  # noqa: D102 - Qt's own
        return ["text/uri-list", "text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The notes' files, for another program they are dragged to."""
        paths = [self._entries[index.row()].path for index in indexes]
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in paths])
        data.setText("\n".join(paths))
        return data

    def companions(self, note_id: int) -> tuple[NoteEntry, ...]:
        """The other notes about the same video."""
        found = (self.entry(other) for other in self._companions.of(note_id))
        return tuple(entry for entry in found if entry is not None)

    @property
    def entries(self) -> tuple[NoteEntry, ...]:
        """Every row object, in the order of the rows."""
        return tuple(self._entries)

    def entry_at(self, row: int) -> NoteEntry:
        """The row object of a row."""
        return self._entries[row]

    def kept(self, note_id: int) -> tuple[int, int]:
        """How many of a note's clips are in the store, of how many; (0, 0) while not known."""
        return self._kept.get(note_id, (0, 0))

    def entry(self, note_id: int) -> NoteEntry | None:
        """The row object of this note; None when it is not here."""
        row = self._rows.get(note_id)
        return None if row is None else self._entries[row]

    def entry_of_file(self, path: str) -> NoteEntry | None:
        """The row object of the note of this file; None when it is not here."""
        return next((entry for entry in self._entries if entry.path == path), None)

    def index_of(self, note_id: int) -> QModelIndex:
        """The place of this note; an invalid index when it is not here."""
        row = self._rows.get(note_id)
        return QModelIndex() if row is None else self.index(row)

    def set_entries(self, entries: Iterable[NoteEntry]) -> None:
        """Make the rows these and no others, touching only what differs."""
        wanted = {entry.id: entry for entry in entries}
        removed = [note_id for note_id in self._rows if note_id not in wanted]
        self.update_entries(wanted.values(), removed)

    def update_entries(self, changed: Iterable[NoteEntry], removed: Iterable[int] = ()) -> None:
        """Put in or replace ``changed`` by their ids and take out ``removed``; unknown ids are no error."""
        removed = list(removed)
        self._remove(removed)
        key = SORTS[self._sort]
        new: list[NoteEntry] = []
        replaced: list[int] = []
        moved = False
        company: set[int] = set().union(*(self._companions.take(note_id) for note_id in removed))
        for entry in changed:
            company |= self._companions.put(entry)
            row = self._rows.get(entry.id)
            if row is None:
                new.append(entry)
            elif self._entries[row] != entry:
                moved = moved or key(self._entries[row]) != key(entry)
                self._entries[row] = entry
                replaced.append(row)
        for first, last in _runs(replaced):
            self.dataChanged.emit(self.index(first), self.index(last))
        if moved:
            self._restore_order()
        if len(new) > _AT_ONCE:
            self._insert_many(new)
            company.difference_update(entry.id for entry in new)  # nobody has seen them otherwise
        else:
            self._insert(new)
        if company:
            self._restore_order()
            for first, last in _runs([self._rows[note_id] for note_id in company if note_id in self._rows]):
                self.dataChanged.emit(self.index(first), self.index(last), [int(Role.COMPANIONS)])

    def set_kept(self, note_id: int, kept: int, total: int) -> None:
        """Say how many of a note's clips are in the store."""
        if self._kept.get(note_id) == (kept, total):
            return
        self._kept[note_id] = (kept, total)
        index = self.index_of(note_id)
        if index.isValid():
            self.dataChanged.emit(index, index, [int(Role.KEPT)])

    def sort_by(self, key: SortKey) -> None:
        """Sort by another key. Dates, lengths and openings: the newest, longest, latest first."""
        if key is not self._sort:
            self._sort = key
            self._restore_order()

    def _remove(self, note_ids: Iterable[int]) -> None:
        rows = [self._rows[note_id] for note_id in note_ids if note_id in self._rows]
        for first, last in reversed(_runs(rows)):
            self.beginRemoveRows(QModelIndex(), first, last)
            for entry in self._entries[first : last + 1]:
                del self._rows[entry.id]
                self._kept.pop(entry.id, None)
            del self._entries[first : last + 1]
            self._renumber(first)
            self.endRemoveRows()

    def _insert(self, new: list[NoteEntry]) -> None:
        if not new:
            return
        key = SORTS[self._sort]
        for entry in new:
            self._insert_at(bisect_left(self._entries, key(entry), key=key), [entry])
        if self._companions:
            self._restore_order()

    def _insert_many(self, new: list[NoteEntry]) -> None:
        """Put all into their places: in one run of rows between any two that are here, while those are few."""
        ordered = self._companions.ordered([*self._entries, *new], self._sort)
        here = [row for row, entry in enumerate(ordered) if entry.id in self._rows]
        in_order = all(ordered[row] is entry for row, entry in zip(here, self._entries, strict=True))
        if len(here) > _FEW or not in_order:
            self._insert_at(len(self._entries), new)
            self._restore_order()
            return
        first = 0
        for row in (*here, len(ordered)):
            if row > first:
                self._insert_at(first, ordered[first:row])
            first = row + 1

    def _insert_at(self, row: int, entries: list[NoteEntry]) -> None:
        self.beginInsertRows(QModelIndex(), row, row + len(entries) - 1)
        self._entries[row:row] = entries
        self._renumber(row)
        self.endInsertRows()

    def _restore_order(self) -> None:
        ordered = self._companions.ordered(self._entries, self._sort)
        if all(old is new for old, new in zip(self._entries, ordered, strict=True)):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._entries[index.row()].id for index in before]
        self._entries = ordered
        self._renumber(0)
        self.changePersistentIndexList(before, [self.index(self._rows[note_id]) for note_id in ids])
        self.layoutChanged.emit()

    def _renumber(self, first: int) -> None:
        for row in range(first, len(self._entries)):
            self._rows[self._entries[row].id] = row


class LibraryFilterModel(QSortFilterProxyModel):
    """Shows the notes that fit every filter set; the order is the source's (``set_sort`` sorts that)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = LibraryModel(self)
        self._words: list[str] = []
        self._filter = NoteFilter()
        self._wanting = False
        self._texts: dict[int, tuple[NoteEntry, str]] = {}
        self.setSourceModel(self._library)

    def setSourceModel(self, source: QAbstractItemModel) -> None:  # noqa: N802
        """Show this LibraryModel. TypeError for any other model."""
        if not isinstance(source, LibraryModel):
            raise TypeError(f"not a LibraryModel: {source!r}")
        self._library = source
        super().setSourceModel(source)

    def set_sort(self, key: SortKey) -> None:
        """Sort the library."""
        self._library.sort_by(key)

    def set_text(self, text: str) -> None:
        """Only notes with all these words (or beginnings or parts of words); case and accents do not matter."""
        self._set("_words", fold(text).split())

    @property
    def filter(self) -> NoteFilter:
        """What the shown notes must have."""
        return self._filter

    def set_filter(self, wanted: NoteFilter) -> None:
        """Only notes that fit ``wanted``, too."""
        self._set("_filter", wanted)

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: D102 - Qt's own
        if not self._wanting:
            return True
        entry = self._library.entry_at(row)
        if not self._filter.accepts(entry, self._library.kept(entry.id)[0]):
            return False
        if not self._words:
            return True
        text = self._folded(entry)
        return all(word in text for word in self._words)

    def _set(self, name: str, value: object) -> None:
        if getattr(self, name) == value:
            return
        if not hasattr(self, "endFilterChange"):  # before Qt 6.10
            setattr(self, name, value)
            self._wanting = bool(self._words or self._filter)
            self.invalidateFilter()
            return
        self.beginFilterChange()
        setattr(self, name, value)
        self._wanting = bool(self._words or self._filter)
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def _folded(self, entry: NoteEntry) -> str:
        known = self._texts.get(entry.id)
        if known is not None and known[0] is entry:
            return known[1]
        text = fold("\n".join((entry.title, entry.channel or "", *entry.tags, *entry.speakers)))
        self._texts[entry.id] = (entry, text)
        return text


def spoken_entry(entry: NoteEntry, kept: int = 0) -> str:
    """A note's row in one line for a screen reader: title, channel, date, length, and what its marks say."""
    parts = [entry.title, entry.channel]
    if entry.published is not None:
        parts.append(entry.published.isoformat())
    if entry.duration_ms is not None:
        parts.append(format_timestamp(entry.duration_ms))
    if entry.has_transcript:
        parts.append(tr("transcript"))
    if kept:
        parts.append(tr_n("{n} clip kept offline", "{n} clips kept offline", kept).format(n=kept))
    return ", ".join(part for part in parts if part)


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Rows as contiguous (first, last) runs, ascending."""
    runs: list[tuple[int, int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
