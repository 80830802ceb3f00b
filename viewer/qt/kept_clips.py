"""The kept clips as a table for the storage window."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from viewer.base.language import set_apart
from viewer.domain.timestamp import format_range
from viewer.media.clip_files import Clip
from viewer.qt.plain_words import plain_tip
from viewer.qt.roles import Role

Index = QModelIndex | QPersistentModelIndex


class Column(enum.IntEnum):
    """The columns, in order."""

    NOTE = 0
    CLIP = 1
    QUALITY = 2
    SIZE = 3
    PLAYED = 4
    PINNED = 5


class KeptClipsModel(QAbstractTableModel):
    """One row a kept file. ``words`` writes a size (int, bytes) or a time (float, seconds) for the reader.

    Answers Role.SORT for sorting. Texts that need translating come from ``headings`` and ``phrases``.
    """

    def __init__(
        self,
        headings: Mapping[Column, str],
        phrases: Mapping[str, str],
        size_words: Callable[[int], str],
        time_words: Callable[[float], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._headings = headings
        self._phrases = phrases
        self._size_words = size_words
        self._time_words = time_words
        self._clips: list[Clip] = []
        self._titles: dict[str, str] = {}

    def set_clips(self, clips: Iterable[Clip], titles: Mapping[str, str]) -> None:
        """Show these; ``titles`` are the notes' by video id."""
        self.beginResetModel()
        self._clips, self._titles = list(clips), dict(titles)
        self.endResetModel()

    def clip(self, row: int) -> Clip:
        """The clip of a row of this model."""
        return self._clips[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, D102 - Qt's own signature
        return 0 if parent.isValid() else len(self._clips)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, D102 - Qt's own signature
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: D102
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[Column(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole and section == Column.SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102 - Qt's own
        if not index.isValid() or index.row() >= len(self._clips):
            return None
        clip, column = self._clips[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(clip, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._text(clip, column) if column is Column.NOTE else clip.path.name)
        if role == Role.SORT:
            return self._sort_key(clip, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._headings[column]}: {self._text(clip, column)}"
        return None

    def _title(self, clip: Clip) -> str:
        video = clip.segment.video
        return self._titles.get(video.id) or video.id

    def _text(self, clip: Clip, column: Column) -> str:
        if column is Column.NOTE:
            return set_apart(self._title(clip))
        if column is Column.CLIP:
            segment = clip.segment
            return self._phrases["whole"] if clip.whole else format_range(segment.start_ms, segment.end_ms)
        if column is Column.QUALITY:
            return clip.quality
        if column is Column.SIZE:
            return self._size_words(clip.size_bytes)
        if column is Column.PLAYED:
            return self._time_words(clip.played)
        return self._phrases["pinned"] if clip.pinned else ""

    def _sort_key(self, clip: Clip, column: Column) -> Any:
        if column is Column.NOTE:
            # A note's clips stay together, in the order of the talk.
            return f"{self._title(clip).casefold()}\0{clip.segment.start_ms:012d}"
        if column is Column.CLIP:
            return clip.segment.start_ms
        if column is Column.SIZE:
            return clip.size_bytes
        if column is Column.PLAYED:
            return clip.played
        return self._text(clip, column)
