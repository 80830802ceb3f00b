"""Names of the library as a list: who or what, in how many notes, and how often in which year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from viewer.base.language import tr_n
from viewer.library.folding import fold
from viewer.library.relations import Named
from viewer.ui.fonts import font
from viewer.ui.painting import draw_text, mirror, text_width
from viewer.ui.text import DOT, count_text
from viewer.ui.theme import ThemeManager

NAMED_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_ROW = 52
_BARS = 96
"""px for the bars of the years."""
_MOST_YEARS = 16

Index = QModelIndex | QPersistentModelIndex


def counts_words(named: Named) -> str:
    """``12 notes · 40 passages``, and the kind of a mention."""
    notes = tr_n("{n} note", "{n} notes", named.notes).format(n=count_text(named.notes))
    passages = tr_n("{n} passage", "{n} passages", named.passages).format(n=count_text(named.passages))
    return DOT.join(part for part in (named.kind, notes, passages) if part)


def years_words(named: Named) -> str:
    """``2023: 4, 2024: 9``."""
    return ", ".join(f"{year}: {count_text(count)}" for year, count in named.years)


class NamesModel(QAbstractListModel):
    """The names that hold the letters of the filter, in most notes first. ``year_span`` is from which to which year."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[tuple[str, Named]] = []
        self._rows: list[Named] = []
        self._wanted = ""
        self.year_span = (0, 0)

    def set_names(self, names: Sequence[Named]) -> None:
        """Show these names."""
        self._all = [(fold(named.name), named) for named in names]
        years = [year for named in names for year, _ in named.years]
        last = max(years, default=0)
        self.year_span = (max(min(years, default=0), last - _MOST_YEARS + 1), last)
        self._narrow()

    def set_filter(self, text: str) -> None:
        """Show only names with all these letters; case and accents do not matter."""
        self._wanted = text
        self._narrow()

    def _narrow(self) -> None:
        words = fold(self._wanted).split()
        self.beginResetModel()
        self._rows = [named for text, named in self._all if all(word in text for word in words)]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        named = self._rows[index.row()]
        if role == NAMED_ROLE:
            return named
        if role == Qt.ItemDataRole.DisplayRole:
            return named.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return years_words(named) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (named.name, counts_words(named), years_words(named)) if part)
        return None


class NamesDelegate(QStyledItemDelegate):
    """The name, beneath it the counts; at the right a bar for every year."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._name = font(13.5, bold=True)
        self._small = font(12)
        self._tiny = font(10)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        named, model = index.data(NAMED_ROLE), index.model()
        if not isinstance(named, Named) or not isinstance(model, NamesModel):
            return
        theme = self._themes.theme
        rect = QRectF(option.rect).adjusted(6, 1, -6, -1)
        painter.save()
        mirror(painter, QRectF(option.rect), option.direction)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(rect, 6, 6)
        right = rect.right() - 10
        if model.year_span[1] > 0:
            self._bars(
                painter, named, model.year_span, QRectF(right - _BARS, rect.top() + 6, _BARS, _ROW - 16)
            )
            right -= _BARS + 12
        body = QRectF(rect.left() + 12, rect.top() + 7, right - rect.left() - 12, 20)
        draw_text(painter, named.name, self._name, theme.color("text"), body)
        draw_text(painter, counts_words(named), self._small, theme.color("text_soft"), body.translated(0, 20))
        painter.restore()

    def _bars(self, painter: QPainter, named: Named, span: tuple[int, int], room: QRectF) -> None:
        theme = self._themes.theme
        first, last = span
        step = room.width() / (last - first + 1)
        counts = dict(named.years)
        most = max(counts.values(), default=1)
        base = room.bottom() - 12
        painter.setPen(Qt.PenStyle.NoPen)
        for year in range(first, last + 1):
            left = room.left() + (year - first) * step
            count = counts.get(year, 0)
            height = max(3.0, (base - room.top()) * count / most) if count else 1.0
            painter.setBrush(theme.color("mention" if count else "border"))
            painter.drawRect(QRectF(left, base - height, max(2.0, min(step - 2, 18.0)), height))
        soft = theme.color("text_soft")
        draw_text(painter, str(first), self._tiny, soft, QRectF(room.left(), base + 1, 40, 12))
        if last > first and step * (last - first) > 34:
            end = str(last)
            width = text_width(end, self._tiny)
            draw_text(painter, end, self._tiny, soft, QRectF(room.right() - width, base + 1, width + 2, 12))
