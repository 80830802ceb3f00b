"""The library and a note's timed things as Qt models."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QSortFilterProxyModel

from viewer.domain.note import Highlight, KeyPoint, Mention, Note, Quote
from viewer.domain.video import Segment
from viewer.qt.clip_state import ClipState


class RowKind(enum.Enum):
    """Which list of a note."""

    HIGHLIGHT = "highlight"
    QUOTE = "quote"
    KEY_POINT = "key point"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class TimedRow:
    """One row: what it says, who, when, and what plays. ``kind_name`` is a mention's kind (``Companies``)."""

    kind: RowKind
    title: str
    text: str
    speaker: str | None
    segment: Segment | None
    source: Highlight | Quote | KeyPoint | Mention
    kind_name: str = ""


class TimedRowsModel(QAbstractListModel):
    """One list of one note (Role.ROW, Role.SEGMENT, Role.CLIP_STATE, Role.PLAYING)."""

    def __init__(self, kind: RowKind, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def set_note(self, note: Note | None, default_length_ms: int) -> None: ...
    def set_clip_state(self, segment: Segment, state: ClipState) -> None: ...
    def set_playing(self, segment: Segment | None) -> None: ...
    def segments(self) -> list[Segment]: ...


class LibraryModel(QAbstractListModel):
    """NoteEntry rows, updated by id without a reset (Role.NOTE_ENTRY, Role.KEPT)."""

    def set_entries(self, entries: Iterable[Any]) -> None: ...
    def update_entries(self, changed: Iterable[Any], removed: Iterable[Any] = ()) -> None: ...
    def index_of(self, note_id: Any) -> QModelIndex: ...
    def set_kept(self, note_id: Any, kept: int, total: int) -> None: ...


class SortKey(str, enum.Enum):
    """What the library is sorted by; the values are those of the setting ``library.sort``."""

    DATE = "date"
    TITLE = "title"
    CHANNEL = "channel"
    DURATION = "duration"
    OPENED = "opened"


class LibraryFilterModel(QSortFilterProxyModel):
    """Sorts and filters the library."""

    def set_sort(self, key: SortKey) -> None: ...
    def set_text(self, text: str) -> None: ...
    def set_tag(self, tag: str | None) -> None: ...
    def set_channel(self, channel: str | None) -> None: ...
    def set_only_transcript(self, only: bool) -> None: ...
    def set_only_kept(self, only: bool) -> None: ...
