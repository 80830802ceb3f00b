# ruff: noqa: D102 - Qt's own methods
"""The health report as a tree: a row for each note with its counts, beneath it what looks wrong in it."""

from __future__ import annotations

import os
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from viewer.base.language import set_apart
from viewer.domain.note import Problem
from viewer.formats.problem_words import problem_text
from viewer.library.health import FileHealth, HealthReport
from viewer.qt.plain_words import plain_tip

Index = QModelIndex | QPersistentModelIndex

COLUMNS = ("", "clips", "highlights", "quotes", "key_points", "mentions", "cues", "problems")
"""The counts by the columns after the first, which has the name or the problem."""

PATH_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""Path of the note that the row is about."""

PROBLEM_ROLE = int(Qt.ItemDataRole.UserRole) + 2
"""Problem of the row; None for a note's own row."""

_TOP = 0xFFFFFFFF


class HealthModel(QAbstractItemModel):
    """Two levels. ``headings`` are the columns' titles, ``line_words`` something like ``line {line}``."""

    def __init__(self, headings: tuple[str, ...], line_words: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings = headings
        self._line_words = line_words
        self._all: tuple[FileHealth, ...] = ()
        self._files: list[FileHealth] = []
        self._only_problems = True

    def set_report(self, report: HealthReport) -> None:
        """Show this report."""
        self._all = report.files
        self._narrow()

    def set_only_problems(self, only: bool) -> None:
        """Leave out the notes in which nothing looks wrong."""
        self._only_problems = only
        self._narrow()

    def _narrow(self) -> None:
        self.beginResetModel()
        self._files = [file for file in self._all if file.problems or not self._only_problems]
        self.endResetModel()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() if parent.isValid() else _TOP)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        if not index.isValid() or index.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(int(index.internalId()), 0, _TOP)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return len(self._files)
        if parent.internalId() != _TOP or parent.column() > 0:
            return 0
        return len(self._files[parent.row()].problems)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if index.internalId() == _TOP:
            return self._of_file(self._files[index.row()], index.column(), role)
        file = self._files[int(index.internalId())]
        return self._of_problem(file, file.problems[index.row()], index.column(), role)

    def _of_file(self, file: FileHealth, column: int, role: int) -> Any:
        if role == PATH_ROLE:
            return file.path
        if role == Qt.ItemDataRole.ToolTipRole and not column:
            return plain_tip(file.path)
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                set_apart(os.path.basename(file.path))
                if not column
                else str(file.count(COLUMNS[column]) or "")
            )
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if column:
                return f"{self._headings[column]}: {file.count(COLUMNS[column])}"
            return os.path.basename(file.path)
        return None

    def _of_problem(self, file: FileHealth, problem: Problem, column: int, role: int) -> Any:
        if role == PATH_ROLE:
            return file.path
        if role == PROBLEM_ROLE:
            return problem
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) and not column:
            where = self._line_words.format(line=problem.line) + ": " if problem.line else ""
            words = where + problem_text(problem)
            return words if role == Qt.ItemDataRole.DisplayRole else plain_tip(words)
        return None
