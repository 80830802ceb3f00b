"""What the search finds while one types: a card beneath the search field that never takes the focus."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from viewer.domain.timestamp import format_timestamp
from viewer.library.search import SearchHit, SearchResult
from viewer.ui.buttons import text_button
from viewer.ui.fonts import font
from viewer.ui.painting import draw_text, text_width
from viewer.ui.text import DOT
from viewer.ui.theme import ThemeManager

HIT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
ROW = 64

Index = QModelIndex | QPersistentModelIndex


class HitModel(QAbstractListModel):
    """The hits, best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[SearchHit, ...] = ()

    def set_hits(self, hits: tuple[SearchHit, ...]) -> None:
        """Show these hits."""
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._hits):
            return None
        hit = self._hits[index.row()]
        if role == HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (hit.snippet, hit_source(hit)) if part)
        return None


def hit_source(hit: SearchHit, *, time: bool = True) -> str:
    """Where a hit stands: note, kind, speaker, time."""
    parts = [hit.title] if hit.kind != "title" else []
    parts.append(hit.kind if hit.kind != "title" else "note")
    if hit.speaker:
        parts.append(hit.speaker)
    if time and hit.start_ms is not None:
        parts.append(format_timestamp(hit.start_ms))
    return DOT.join(parts)


class HitDelegate(QStyledItemDelegate):
    """The words with the found ones marked, beneath them where they stand."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._words = font(13.5)
        self._bold = font(13.5, bold=True)
        self._small = font(12)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(HIT_ROLE)
        if not isinstance(hit, SearchHit):
            return
        theme = self._themes.theme
        rect = QRectF(option.rect).adjusted(6, 1, -6, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(rect, 6, 6)
        body = rect.adjusted(12, 9, -12, -8)
        time = format_timestamp(hit.start_ms) if hit.start_ms is not None else ""
        if time:
            width = text_width(time, self._bold)
            place = QRectF(body.right() - width - 2, body.top(), width + 4, 20)
            draw_text(painter, time, self._bold, theme.color("accent"), place)
            body.setRight(body.right() - width - 16)
        self._marked(painter, hit, body)
        below = QRectF(rect.left() + 12, body.top() + 23, rect.width() - 24, 18)
        draw_text(painter, hit_source(hit, time=False), self._small, theme.color("text_soft"), below)
        painter.restore()

    def _marked(self, painter: QPainter, hit: SearchHit, body: QRectF) -> None:
        """One line that begins early enough to show the first mark."""
        theme = self._themes.theme
        text = hit.snippet.replace("\n", " ")
        begin = 0
        metrics = QFontMetricsF(self._words)
        if hit.marks:
            while metrics.horizontalAdvance(text[begin : hit.marks[0][1]]) > body.width() * 0.7:
                space = text.find(" ", begin + 1)
                if space < 0 or space >= hit.marks[0][0]:
                    break
                begin = space + 1
        x = body.left()
        place = begin
        baseline = body.top() + metrics.ascent() + 1
        painter.setClipRect(body.adjusted(0, -4, 0, 0))
        if begin:
            place_x = "… "
            painter.setFont(self._words)
            painter.setPen(theme.color("text_soft"))
            painter.drawText(int(x), int(baseline), place_x)
            x += metrics.horizontalAdvance(place_x)
        for start, end in (*hit.marks, (len(text), len(text))):
            for piece, marked in (
                (text[place : max(place, start)], False),
                (text[max(begin, start) : end], True),
            ):
                if not piece:
                    continue
                typeface = self._bold if marked else self._words
                room = body.right() - x
                if room < 8:
                    break
                width = text_width(piece, typeface)
                if width > room:
                    piece = QFontMetricsF(typeface).elidedText(piece, Qt.TextElideMode.ElideRight, room)
                    width = room
                if marked:
                    painter.fillRect(
                        QRectF(x - 1, body.top(), width + 2, metrics.height()), QColor(theme.css("find"))
                    )
                painter.setFont(typeface)
                painter.setPen(theme.color("text"))
                painter.drawText(int(x), int(baseline), piece)
                x += width
            place = end
        painter.setClipping(False)


class SearchPopup(QFrame):
    """Shows the newest result. Up, Down and Enter come from the search field, so that typing goes on."""

    hitChosen = Signal(object)
    """SearchHit"""
    hitPlayed = Signal(object)
    """SearchHit that is to be opened and played"""
    queryChosen = Signal(str)
    """the offered query ("did you mean") was accepted"""
    resized = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchPopup")
        self._model = HitModel(self)
        self.view = QListView(self)
        self.view.setObjectName("searchResults")
        self.view.setAccessibleName(self.tr("Search results"))
        self.view.setModel(self._model)
        self.view.setItemDelegate(HitDelegate(themes, self.view))
        self.view.setUniformItemSizes(True)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.entered.connect(self.view.setCurrentIndex)
        self.view.clicked.connect(self._choose)
        self.words = QLabel(self)
        self.words.setFont(font(12))
        self.words.setProperty("role", "soft")
        self.suggestion = text_button("", "link", self)
        self.suggestion.setFont(font(12, bold=True))
        self.suggestion.hide()
        self.suggestion.clicked.connect(lambda: self.queryChosen.emit(self.suggestion.text()))
        line = QHBoxLayout()
        line.setContentsMargins(18, 6, 18, 8)
        line.addWidget(self.words)
        line.addWidget(self.suggestion)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 6, 1, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addLayout(line)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)
        self.hide()

    def show_result(self, result: SearchResult) -> None:
        """Show what was found, the best hit chosen."""
        self._model.set_hits(result.hits)
        if result.hits:
            self.view.setCurrentIndex(self._model.index(0, 0))
            total = f"{result.total}" if result.complete else self.tr("more than {n}").format(n=result.total)
            words = self.tr("1 place") if result.total == 1 else self.tr("{n} places").format(n=total)
            self.words.setText(
                self.tr("{places} · Enter opens, Ctrl+Enter plays, Esc closes").format(places=words)
            )
        else:
            self.words.setText(
                self.tr("Nothing found. Did you mean") if result.did_you_mean else self.tr("Nothing found.")
            )
        self.suggestion.setText(result.did_you_mean or "")
        self.suggestion.setAccessibleName(result.did_you_mean or self.tr("Suggestion"))
        self.suggestion.setToolTip(self.tr("Search for this instead"))
        self.suggestion.setVisible(bool(result.did_you_mean))
        self.view.setVisible(bool(result.hits))
        self.show()
        self.resized.emit()

    def wanted_height(self) -> int:
        """Height in px that shows up to eight hits."""
        return min(8, self._model.rowCount()) * ROW + 46

    def key(self, key: int) -> None:
        """Up, Down or Enter, as pressed in the search field."""
        if not self.isVisible() or not self._model.rowCount():
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.view.currentIndex())
            return
        by = 1 if key == Qt.Key.Key_Down else -1
        row = (self.view.currentIndex().row() + by) % self._model.rowCount()
        self.view.setCurrentIndex(self._model.index(row, 0))

    def play_current(self) -> None:
        """Open the chosen hit and play it."""
        hit = self.view.currentIndex().data(HIT_ROLE)
        if self.isVisible() and isinstance(hit, SearchHit):
            self.hide()
            self.hitPlayed.emit(hit)

    def _choose(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if isinstance(hit, SearchHit):
            self.hide()
            self.hitChosen.emit(hit)
