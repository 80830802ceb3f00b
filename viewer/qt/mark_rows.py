"""The reader's own marks of the open note as rows that play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt

from viewer.base.language import tr
from viewer.domain.mark import Mark, MarkColour
from viewer.domain.note import Note
from viewer.domain.timestamp import format_range
from viewer.qt.timed_rows import Index, RowKind, TimedRow, TimedRowsModel


def colour_words(colour: MarkColour) -> str:
    """A mark's colour by what it means, in the user's language."""
    return {
        MarkColour.IMPORTANT: tr("Important"),
        MarkColour.QUESTION: tr("Question"),
        MarkColour.AGREE: tr("Agreed"),
        MarkColour.DOUBT: tr("Doubtful"),
    }[colour]


def mark_row(mark: Mark, *, lost: bool = False) -> TimedRow:
    """One mark as a row; without words its text says what it is."""
    segment = mark.segment
    time_text = format_range(segment.start_ms, segment.end_ms) if segment is not None else ""
    text = mark.text or tr("A stretch of the video")
    return TimedRow(RowKind.MARK, "", text, mark.speaker, segment, time_text, mark, lost=lost)


def mark_of(row: object) -> Mark | None:
    """The mark that a row shows; None for another row."""
    return row.source if isinstance(row, TimedRow) and isinstance(row.source, Mark) else None


class MarkRowsModel(TimedRowsModel):
    """Rows of kind MARK. They do not come with the note but from the user's own database, a moment later."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(RowKind.MARK, parent)

    def set_note(self, note: Note | None, default_length_ms: int) -> None:
        """Another note's marks are no longer shown; its own come by ``set_marks``."""
        self.set_marks((), {})

    def set_marks(self, marks: Sequence[Mark], lost: Mapping[str, bool]) -> None:
        """Show these. ``lost`` says of which ids the words are not in the transcript."""
        rows = [mark_row(mark, lost=lost.get(mark.id, False)) for mark in marks]
        same = [mark_id(row) for row in rows] == [mark_id(row) for row in self._all]
        if not same:
            self._all = rows
            self._show()
        elif rows != self._all:
            # The same marks: what is chosen in the list stays chosen.
            self._all, self._rows = rows, list(rows)
            self._find_rows()
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def row_number(self, wanted: str) -> int:
        """Which row shows the mark with this id; -1 for none."""
        return next((number for number, row in enumerate(self._rows) if mark_id(row) == wanted), -1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102 - Qt's own
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and index.isValid():
            mark = mark_of(self._rows[index.row()])
            return mark.comment if mark is not None else None
        return super().data(index, role)

    def _spoken(self, row: TimedRow) -> str:
        mark = mark_of(row)
        if mark is None:
            return super()._spoken(row)
        parts = [colour_words(mark.colour), row.text, row.time_text, row.speaker or "", *mark.tags]
        if row.lost:
            parts.append(lost_words())
        return ", ".join(part for part in parts if part)


def mark_id(row: TimedRow) -> str:
    """The id of the mark that a row shows; empty for another row."""
    mark = mark_of(row)
    return mark.id if mark is not None else ""


def lost_words() -> str:
    """What is said of a mark whose words cannot be found."""
    return tr("Its words are not in this transcript any more")
