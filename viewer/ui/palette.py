"""A field and a list over the window: a few letters, Enter. Commands, notes and the open note's outline use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import tr
from viewer.ui.fonts import font
from viewer.ui.fuzzy import Ranked, ranked
from viewer.ui.icons import paint_icon
from viewer.ui.painting import draw_text, text_width
from viewer.ui.shadow import SoftShadow
from viewer.ui.theme import ThemeManager

ROW = 38
MOST_ROWS = 10
WIDTH = 620
_ENTRY = int(Qt.ItemDataRole.UserRole) + 1

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: its words, what stands softly at its right, how deep it stands, and what it does.

    ``more`` can be found as well, but is only said to a screen reader.
    """

    text: str
    act: Callable[[], object]
    right: str = ""
    icon: str = ""
    more: str = ""
    level: int = 0

    @property
    def found_by(self) -> str:
        """What is searched: the words, then the rest."""
        return f"{self.text} {self.more}" if self.more else self.text


class EntryModel(QAbstractListModel):
    """The entries that fit, best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: Sequence[Ranked[Entry]] = ()

    def set_shown(self, shown: Sequence[Ranked[Entry]]) -> None:
        """Show these and no others."""
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        one = self._shown[index.row()]
        if role == _ENTRY:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return one.item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (one.item.text, one.item.right, one.item.more) if part)
        return None


class EntryDelegate(QStyledItemDelegate):
    """Icon, words with the found letters marked, and the soft words at the right."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._words = font(14)
        self._small = font(12)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One line, mirrored where the language runs from right to left."""
        one = index.data(_ENTRY)
        if not isinstance(one, Ranked):
            return
        theme = self._themes.theme
        entry: Entry = one.item
        whole = QRectF(option.rect).adjusted(8, 1, -8, -1)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(whole, 6, 6)
        body = whole.adjusted(12, 0, -12, 0)
        left = body.left()
        if entry.icon:
            paint_icon(
                painter,
                entry.icon,
                theme.css("text_soft"),
                _mirror(QRectF(left, body.center().y() - 8, 16, 16), body, mirrored),
            )
        left += (28 if entry.icon else 0) + entry.level * 16
        right = body.right()
        if entry.right:
            width = min(text_width(entry.right, self._small), body.width() * 0.5)
            place = QRectF(right - width - 1, body.top() + 10, width + 2, 18)
            draw_text(
                painter, entry.right, self._small, theme.color("text_soft"), _mirror(place, body, mirrored)
            )
            right -= width + 16
        place = _mirror(QRectF(left, body.top(), max(20.0, right - left), body.height()), body, mirrored)
        self._marked(painter, one, place, mirrored)
        painter.restore()

    def _marked(self, painter: QPainter, one: Ranked[Entry], place: QRectF, mirrored: bool) -> None:
        theme = self._themes.theme
        text, typeface = one.item.text, self._words
        layout = QTextLayout(text, typeface)
        form = QTextCharFormat()
        form.setFontWeight(QFont.Weight.Bold)
        form.setForeground(theme.color("accent"))
        ranges = []
        for letter in one.match.places:
            if letter < len(text):
                mark = QTextLayout.FormatRange()
                mark.start, mark.length, mark.format = letter, 1, form
                ranges.append(mark)
        layout.setFormats(ranges)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(100_000)
        layout.endLayout()
        painter.setPen(theme.color("text"))
        painter.save()
        painter.setClipRect(place)
        height = line.height()
        x = place.right() - line.naturalTextWidth() if mirrored else place.left()
        if line.naturalTextWidth() > place.width() and not ranges:
            # Too long: an end in dots. With marked letters the edge cuts, so that the marks stay where they are.
            top = QRectF(place.left(), place.center().y() - height / 2, place.width(), height)
            draw_text(painter, text, typeface, theme.color("text"), top)
        else:
            # A layout of a mirrored paragraph stands at the far end of its very long line.
            start = line.naturalTextRect().left()
            layout.draw(painter, QPointF(x - start, place.center().y() - height / 2))
        painter.restore()


def _mirror(place: QRectF, whole: QRectF, mirrored: bool) -> QRectF:
    if not mirrored:
        return place
    return QRectF(whole.right() - (place.right() - whole.left()), place.top(), place.width(), place.height())


class Palette(QFrame):
    """Floats over the window. ``open_with`` fills and shows it; Enter acts, Esc or a click elsewhere closes it."""

    closed = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._entries: Sequence[Entry] = ()
        self._before: QWidget | None = None
        self._none = ""
        self.field = QLineEdit(self)
        self.field.setObjectName("paletteField")
        self.field.setFont(font(15))
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self._model = EntryModel(self)
        self.view = QListView(self)
        self.view.setObjectName("paletteView")
        self.view.setModel(self._model)
        self.view.setItemDelegate(EntryDelegate(themes, self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMouseTracking(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.entered.connect(self.view.setCurrentIndex)
        self.view.clicked.connect(self._run)
        self.words = QLabel(self)
        self.words.setFont(font(12))
        self.words.setProperty("role", "soft")
        self.words.setIndent(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for widget in (self.field, self.view, self.words):
            column.addWidget(widget)
        self.shadow = SoftShadow(self, reach=28, below=8, alpha=60, radius=12)
        for named in (self, self.field, self.view):
            named.setAccessibleName(tr("All commands"))
        parent.installEventFilter(self)
        self.hide()

    def open_with(self, name: str, hint: str, entries: Sequence[Entry], none: str, current: int = 0) -> None:
        """Show these entries. ``name`` is what a screen reader says, ``hint`` stands in the empty field, ``none`` when
        nothing fits; ``current`` is the entry that is chosen first.
        """
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._entries, self._none = list(entries), none
        self.setAccessibleName(name)
        self.field.setAccessibleName(name)
        self.view.setAccessibleName(name)
        self.field.setPlaceholderText(hint)
        self.field.setToolTip(hint)
        self.field.clear()
        self._fill("")
        if 0 < current < self._model.rowCount():
            self.view.setCurrentIndex(self._model.index(current, 0))
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_palette(self) -> None:
        """Hide it and give the focus back."""
        if self.isVisible():
            self.hide()
            if self._before is not None and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.PopupFocusReason)
            self._before = None
            self.closed.emit()

    def texts(self) -> list[str]:
        """The words of the entries that are shown."""
        return [self._model.index(row, 0).data() for row in range(self._model.rowCount())]

    def _fill(self, wanted: str) -> None:
        self._model.set_shown(ranked(wanted, self._entries, lambda entry: entry.found_by))
        rows = self._model.rowCount()
        if rows:
            self.view.setCurrentIndex(self._model.index(0, 0))
            self.view.scrollToTop()
            self.words.setText(tr("Up and Down choose, Enter goes, Esc closes"))
        else:
            self.words.setText(self._none)
        self.view.setVisible(bool(rows))
        self._place()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        width = min(WIDTH, window.width() - 48)
        top = min(72, window.height() // 10)
        rows = min(MOST_ROWS, self._model.rowCount(), max(3, (window.height() - top - 160) // ROW))
        self.view.setFixedHeight(rows * ROW)
        height = (
            self.field.sizeHint().height() + self.words.sizeHint().height() + rows * ROW + 22 + 6 * bool(rows)
        )
        self.setGeometry(QRect((window.width() - width) // 2, top, width, height))

    def _run(self, index: QModelIndex) -> None:
        one = index.data(_ENTRY)
        if isinstance(one, Ranked):
            self.close_palette()
            one.item.act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field's keys that belong to the list; the window's size."""
        if watched is self.field:
            if event.type() == QEvent.Type.FocusOut and self.isVisible():
                if QApplication.activeWindow() is self.window():
                    self._before = None  # the focus is where the user has put it
                    self.close_palette()
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._key(event)
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key, rows = event.key(), self._model.rowCount()
        if key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.view.currentIndex())
        elif int(key) in _STEPS and rows:
            by = _STEPS[int(key)]
            row = self.view.currentIndex().row() + by
            row = row % rows if abs(by) == 1 else max(0, min(rows - 1, row))
            self.view.setCurrentIndex(self._model.index(row, 0))
        elif int(key) not in (int(Qt.Key.Key_Tab), int(Qt.Key.Key_Backtab), *_STEPS):
            return False
        return True


_STEPS = {
    int(Qt.Key.Key_Down): 1,
    int(Qt.Key.Key_Up): -1,
    int(Qt.Key.Key_PageDown): MOST_ROWS,
    int(Qt.Key.Key_PageUp): -MOST_ROWS,
}
