"""A note's highlights, quotes, key points and mentions as rows that play."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
)

from viewer.base.language import tr
from viewer.domain.judgement import Verdict
from viewer.domain.mark import Mark
from viewer.domain.note import Highlight, KeyPoint, Mention, Note, Quote
from viewer.domain.playing import segment_from
from viewer.domain.timestamp import format_range, format_timestamp
from viewer.domain.video import Segment
from viewer.qt.clip_state import NOT_FETCHED, ClipState, clip_state_text
from viewer.qt.roles import Role

if TYPE_CHECKING:  # the judging of quotes is loaded when a note is judged, not at the start
    from viewer.domain.quote_checks import QuoteCheck

Index = QModelIndex | QPersistentModelIndex
Source = Highlight | Quote | KeyPoint | Mention | Mark


class RowKind(enum.Enum):
    """Which list of a note."""

    HIGHLIGHT = "highlight"
    QUOTE = "quote"
    KEY_POINT = "key point"
    MENTION = "mention"
    MARK = "mark"
    """The reader's own: see :class:`viewer.qt.mark_rows.MarkRowsModel`."""


_CHECKED = {RowKind.HIGHLIGHT: "highlight", RowKind.QUOTE: "quote"}
"""The lists whose rows are quotes, and the kind of their checks."""


def verdict_text(verdict: Verdict) -> str:
    """The verdict in a word or two, for a row and a screen reader: ``verbatim``, ``not found``."""
    from viewer.domain.judgement import VERDICT_WORDS  # here: the judges are loaded when they are asked

    return tr(VERDICT_WORDS[verdict])


@dataclass(frozen=True, slots=True)
class TimedRow:
    """One row: what it says, who, when, and what plays. ``kind_name`` is a mention's kind (``Companies``) or a quote's section.

    ``segment`` is None when no time is known; ``time_text`` is then empty. ``check`` is what a comparison with the
    transcript found, None before it was made. ``words`` is the stretch in which exactly the quote's words are said;
    where the note gives no time, ``segment`` is the same.
    """

    kind: RowKind
    title: str
    text: str
    speaker: str | None
    segment: Segment | None
    time_text: str
    source: Source
    kind_name: str = ""
    check: QuoteCheck | None = None
    words: Segment | None = None
    lost: bool = False
    """A mark whose words are not in the transcript that is shown."""

    @property
    def found(self) -> bool:
        """Whether the time is not the note's but was found in the transcript."""
        return self.check is not None and self.check.note_start_ms is None and self.segment is not None

    @property
    def to_check(self) -> bool:
        """Whether somebody should look at this quote before it is printed."""
        return self.check is not None and self.check.to_check


class TimedRowsModel(QAbstractListModel):
    """One list of one note.

    Answers Role.ROW, Role.SEGMENT, Role.CLIP_STATE, Role.PLAYING, Role.SORT (the start, ms), the title for display,
    and for screen readers a line with title, time, speaker and state, with the text as its description.
    """

    def __init__(self, kind: RowKind, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._all: list[TimedRow] = []
        self._rows: list[TimedRow] = []
        self._rows_of: dict[Segment, list[int]] = {}
        self._only_to_check = False
        self._states: dict[Segment, ClipState] = {}
        self._playing: Segment | None = None
        self.file_of: Callable[[Segment], Path | None] | None = None
        """Which file a row hands to another program it is dragged to; None: no row can be dragged."""
        self.add_to_drag: Callable[[Sequence[TimedRow], QMimeData], None] | None = None
        """Adds what the rows mean within this program to the data of a drag."""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, D102 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102 - Qt's own
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title or row.text
        if role == Role.ROW:
            return row
        if role == Role.SEGMENT:
            return row.segment
        if role == Role.CLIP_STATE:
            return self._state(row)
        if role == Role.PLAYING:
            return self._playing is not None and self._playing in (row.segment, row.words)
        if role == Role.SORT:
            return -1 if row.segment is None else row.segment.start_ms
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.text
        return None

    def set_note(self, note: Note | None, default_length_ms: int) -> None:
        """Show this note's list (none of None). What has a start but no end plays for ``default_length_ms``."""
        self._all = rows_of(note, self.kind, default_length_ms) if note is not None else []
        self._show()
        known = set(self.segments()) | {row.words for row in self._all}
        self._states = {segment: state for segment, state in self._states.items() if segment in known}

    def set_checks(self, note: Note, checks: Iterable[QuoteCheck]) -> None:
        """Say what was found out about the quotes of ``note``, which must be the one that is shown."""
        for check in checks:
            if check.kind == _CHECKED.get(self.kind) and check.row < len(self._all):
                self._all[check.row] = _checked(note, self._all[check.row], check)
        if self._only_to_check:
            self._show()
            return
        self._rows = list(self._all)
        self._find_rows()
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def show_only_to_check(self, only: bool) -> None:
        """Leave out the rows that need no look before they are printed, or show all again."""
        if only != self._only_to_check:
            self._only_to_check = only
            self._show()

    @property
    def count(self) -> int:
        """How many rows the list has, shown or not."""
        return len(self._all)

    @property
    def to_check(self) -> int:
        """How many of the list's quotes somebody should look at, shown or not."""
        return sum(row.to_check for row in self._all)

    def _show(self) -> None:
        self.beginResetModel()
        self._rows = [row for row in self._all if row.to_check or not self._only_to_check]
        self._find_rows()
        self.endResetModel()

    def _find_rows(self) -> None:
        self._rows_of = {}
        for number, row in enumerate(self._rows):
            for segment in dict.fromkeys((row.segment, row.words)):
                if segment is not None:
                    self._rows_of.setdefault(segment, []).append(number)

    def flags(self, index: Index) -> Qt.ItemFlag:  # noqa: D102 - Qt's own
        usual = super().flags(index)
        if not index.isValid() or (self.file_of is None and self.add_to_drag is None):
            return usual
        if self.add_to_drag is None and self._rows[index.row()].segment is None:
            return usual
        return usual | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:  # noqa: D102 - Qt's own
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData | None:  # type: ignore[override]
        """The kept files of these rows, and what the rows mean to us; None when that is nothing, which ends the drag."""
        rows = [self._rows[index.row()] for index in indexes]
        segments = [row.segment for row in rows]
        files = [self.file_of(segment) for segment in segments if segment is not None and self.file_of]
        urls = [QUrl.fromLocalFile(str(file)) for file in files if file is not None]
        if not urls and self.add_to_drag is None:
            return None
        data = QMimeData()
        if urls:
            data.setUrls(urls)
        if self.add_to_drag is not None:
            self.add_to_drag(rows, data)
        return data

    def set_clip_state(self, segment: Segment, state: ClipState) -> None:
        """Show how far a segment's clip is, on its rows only."""
        if segment in self._rows_of and self._states.get(segment, NOT_FETCHED) != state:
            self._states[segment] = state
            self._tell(segment, Role.CLIP_STATE)

    def set_playing(self, segment: Segment | None) -> None:
        """Mark the rows of the segment in the player."""
        before, self._playing = self._playing, segment
        if before == segment:
            return
        for changed in (before, segment):
            if changed is not None:
                self._tell(changed, Role.PLAYING)

    def segments(self) -> list[Segment]:
        """The segments of the rows that have one, shown or not, in order, each once."""
        return list(dict.fromkeys(row.segment for row in self._all if row.segment is not None))

    def timed(self) -> list[TimedRow]:
        """The rows that have a segment, shown or not, in order."""
        return [row for row in self._all if row.segment is not None]

    def row(self, number: int) -> TimedRow:
        """The row object."""
        return self._rows[number]

    def row_of(self, check: QuoteCheck) -> TimedRow | None:
        """The row that was judged so, shown or not."""
        return next((row for row in self._all if row.check == check), None)

    def _state(self, row: TimedRow) -> ClipState | None:
        if row.segment is None:
            return None
        words = self._states.get(row.words, NOT_FETCHED) if row.words is not None else NOT_FETCHED
        return words if words.busy else self._states.get(row.segment, NOT_FETCHED)

    def _spoken(self, row: TimedRow) -> str:
        state = clip_state_text(self._state(row))
        parts = (row.title or row.text, row.time_text, row.speaker, state, self._spoken_check(row.check))
        return ", ".join(part for part in parts if part)

    @staticmethod
    def _spoken_check(check: QuoteCheck | None) -> str:
        if check is None:
            return ""
        words = verdict_text(check.verdict)
        if check.elsewhere:
            where = tr("said at {time}").format(time=format_timestamp(check.start_ms or 0))
            return f"{words}, {where}"
        return words

    def _tell(self, segment: Segment, role: Role) -> None:
        for number in self._rows_of.get(segment, ()):
            index = self.index(number)
            self.dataChanged.emit(index, index, [int(role), int(Qt.ItemDataRole.AccessibleTextRole)])


def rows_of(note: Note, kind: RowKind, default_length_ms: int) -> list[TimedRow]:
    """The rows of one list of ``note``, in the note's order."""
    sources: dict[RowKind, tuple[Source, ...]] = {
        RowKind.HIGHLIGHT: note.highlights,
        RowKind.QUOTE: note.quotes,
        RowKind.KEY_POINT: note.key_points,
        RowKind.MENTION: note.mentions,
        RowKind.MARK: (),
    }
    return [_row(note, kind, source, default_length_ms) for source in sources[kind]]


def _row(note: Note, kind: RowKind, source: Source, default_length_ms: int) -> TimedRow:
    if isinstance(source, Mark):
        raise TypeError("a mark is no part of the note")
    start_ms, end_ms = source.start_ms, getattr(source, "end_ms", None)
    video_id = source.video_id
    if isinstance(source, Highlight) and source.clip is not None:
        video_id, start_ms, end_ms = source.clip.video.id, source.clip.start_ms, source.clip.end_ms
    segment = segment_from(note, video_id, start_ms, end_ms, default_length_ms)
    title, text, speaker, kind_name = _words(source)
    time_text = format_range(start_ms, end_ms) if segment is not None else ""
    return TimedRow(kind, title, text, speaker, segment, time_text, source, kind_name)


def _checked(note: Note, row: TimedRow, check: QuoteCheck) -> TimedRow:
    """The row with what was found out; a quote without a time gets that of its words, as near as it is known."""
    duration = note.metadata.duration_ms if len(note.videos) <= 1 else None
    found = check.words_segment(duration_ms=duration)
    if row.segment is not None and not row.found:
        words = found if check.judgement.exact or check.elsewhere else None
        return replace(row, check=check, words=words)
    time_text = format_range(found.start_ms, found.end_ms) if found is not None else ""
    return replace(row, check=check, words=found, segment=found, time_text=time_text)


def _words(source: Highlight | Quote | KeyPoint | Mention) -> tuple[str, str, str | None, str]:
    if isinstance(source, Highlight):
        return source.title, source.quote or "", source.speaker, ""
    if isinstance(source, Quote):
        return "", source.text, source.speaker, source.section or ""
    if isinstance(source, KeyPoint):
        return source.title, source.text, None, ""
    return source.name, source.text, None, source.kind
