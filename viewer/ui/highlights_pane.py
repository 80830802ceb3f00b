"""The lists beside the text: highlights, quotes, key points, mentions, my marks. Every row is a play button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import tr
from viewer.domain.note import Note
from viewer.domain.video import Segment
from viewer.qt.clip_state import ClipState
from viewer.qt.mark_rows import MarkRowsModel
from viewer.qt.models import RowKind, TimedRow, TimedRowsModel
from viewer.qt.roles import Role
from viewer.ui.actions import key_of, tooltip
from viewer.ui.buttons import keep_bar_quiet, text_button
from viewer.ui.empty_page import EmptyPage
from viewer.ui.fonts import font
from viewer.ui.mark_cards import MarkCards
from viewer.ui.quote_mark import Part
from viewer.ui.row_delegate import RowDelegate
from viewer.ui.theme import ThemeManager

if TYPE_CHECKING:
    from viewer.domain.quote_checks import QuoteCheck

KINDS = (RowKind.HIGHLIGHT, RowKind.QUOTE, RowKind.KEY_POINT, RowKind.MENTION, RowKind.MARK)
_QUOTED = (RowKind.HIGHLIGHT, RowKind.QUOTE)
_NAMES = ("highlightView", "quoteView", "keyPointView", "mentionView", "markView")


class RowList(QListView):
    """One list of cards. A click anywhere on a card plays it; so does Enter."""

    rowActivated = Signal(QModelIndex)
    partActivated = Signal(QModelIndex, object)
    """row, Part of its card that was clicked"""
    menuWanted = Signal(QModelIndex, QMenu)

    def __init__(
        self,
        themes: ThemeManager,
        name: str,
        parent: QWidget | None = None,
        cards: type[RowDelegate] = RowDelegate,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_bar_quiet(self)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.verticalScrollBar().setSingleStep(24)
        self._cards = cards(themes, self)
        self._released = QPointF(-1, -1)
        self.setItemDelegate(self._cards)
        self.clicked.connect(self._clicked)
        themes.changed.connect(self.viewport().update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.rowActivated.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._released = event.position()
        super().mouseReleaseEvent(event)

    def _clicked(self, index: QModelIndex) -> None:
        part = self._cards.part_at(index, self.visualRect(index), self._released)
        if part is None:
            self.rowActivated.emit(index)
        else:
            self.partActivated.emit(index, part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if index.isValid():
            self.open_menu(index, event.globalPos())

    def open_menu(self, index: QModelIndex, place: QPoint) -> None:
        """Open the row's menu at this place of the screen."""
        self.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menuWanted.emit(index, menu)
        menu.popup(place)


class HighlightsPane(QWidget):
    """Five lists under five tabs that show how many there are."""

    segmentActivated = Signal(object)
    """Segment of the row that was clicked"""
    untimedActivated = Signal(object)
    """TimedRow that was clicked and has no time"""
    menuWanted = Signal(object, QMenu)
    """TimedRow, menu to fill"""
    comparisonWanted = Signal(object)
    """TimedRow whose verdict was clicked"""
    editWanted = Signal(object)
    """TimedRow of a mark whose comment, tags or colour was clicked"""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("highlightsPane")
        self.marks = MarkRowsModel(self)
        self.models = {kind: TimedRowsModel(kind, self) for kind in KINDS[:-1]} | {RowKind.MARK: self.marks}
        self.views: dict[RowKind, RowList] = {}
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("rowTabs")
        self.tabs.setFont(font(11, bold=True, spacing=0.2))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName(tr("Lists of the note"))
        self.tabs.setToolTip(
            tr("Highlights, quotes, key points and mentions of this note, and your own marks")
        )
        self._stack = QStackedWidget(self)
        for kind, name in zip(KINDS, _NAMES, strict=True):
            self._add_list(kind, name, themes)
        self.empty = EmptyPage(themes, self, small=True)
        self._stack.addWidget(self.empty)
        self.to_check = text_button("", "toggle", self)
        self.to_check.setObjectName("toCheckButton")
        self.to_check.setFont(font(12))
        self.to_check.setCheckable(True)
        self.to_check.setToolTip(tooltip("to_check"))
        self.to_check.toggled.connect(self._filter)
        self.to_check.hide()
        column = QVBoxLayout(self)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(16, 0, 0, 0)
        tabs.addWidget(self.tabs)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(tabs)
        filters = QHBoxLayout()
        filters.setContentsMargins(16, 0, 16, 0)
        filters.addWidget(self.to_check)
        filters.addStretch(1)
        column.addLayout(filters)
        column.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._turn)
        self._preferred = 0
        self._open_note = True
        self._named: object = None
        self._read_only = False
        self.tabs.tabBarClicked.connect(self._prefer)
        self.count()

    def _add_list(self, kind: RowKind, name: str, themes: ThemeManager) -> None:
        view = RowList(themes, name, self, MarkCards if kind is RowKind.MARK else RowDelegate)
        view.setModel(self.models[kind])
        view.setAccessibleName(self._words(kind))
        view.rowActivated.connect(self._activate)
        view.partActivated.connect(self._activate_part)
        view.menuWanted.connect(self._menu)
        self.views[kind] = view
        self._stack.addWidget(view)
        self.tabs.addTab("")

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    def _words(self, kind: RowKind) -> str:
        return {
            RowKind.HIGHLIGHT: tr("Highlights"),
            RowKind.QUOTE: tr("Quotes"),
            RowKind.KEY_POINT: tr("Points"),
            RowKind.MENTION: tr("Mentions"),
            RowKind.MARK: tr("Marks"),
        }[kind]

    def make_read_only(self) -> None:
        """Marks are shown here and made and changed elsewhere: what is clicked of one plays it."""
        self._read_only = True
        cards = self.views[RowKind.MARK].itemDelegate()
        if isinstance(cards, MarkCards):
            cards.read_only = True

    def count(self, *, open_note: bool = True) -> None:
        """Write the numbers on the tabs; turn to the list the reader chose last, or the first that has something."""
        self._open_note = open_note
        self._name_tabs()
        filled = [number for number, kind in enumerate(KINDS) if self.models[kind].count]
        if filled:
            self.tabs.setCurrentIndex(self._preferred if self._preferred in filled else filled[0])
        self._count_to_check()
        self._turn(self.tabs.currentIndex())

    def count_marks(self) -> None:
        """Write the number of the marks on their tab; in front they come only if the reader chose them last."""
        self._name_tabs()
        if KINDS[self._preferred] is RowKind.MARK and self.marks.count:
            self.tabs.setCurrentIndex(self._preferred)
        self._turn(self.tabs.currentIndex())

    def turn_to(self, kind: RowKind) -> None:
        """Bring a list in front, also when the note is read anew: whoever asks for it has chosen it."""
        self._prefer(KINDS.index(kind))
        self.tabs.setCurrentIndex(KINDS.index(kind))

    def _name_tabs(self) -> None:
        """Each tab's name and number; where there is no room only the front one's number, then smaller letters."""
        front = self.tabs.currentIndex()
        names = [self._words(kind) for kind in KINDS]
        counts = [self.models[kind].count for kind in KINDS]
        state = (front, counts, self.width(), self.tabs.font().key())
        if state == self._named:
            return  # what fits is found out by trying, which takes milliseconds
        self._named = state
        numbered = [f"{name.upper()} {count}" for name, count in zip(names, counts, strict=True)]
        bare = [words if number == front else names[number].upper() for number, words in enumerate(numbered)]
        small = [name if number != front else f"{name} {counts[front]}" for number, name in enumerate(names)]
        for words in (numbered, bare, small):
            for number, text in enumerate(words):
                if self.tabs.tabText(number) != text:
                    self.tabs.setTabText(number, text)
                self.tabs.setTabToolTip(number, f"{names[number]}: {counts[number]}")
            if self.tabs.sizeHint().width() <= self.width() - 16:
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._name_tabs()

    def show_checks(self, note: Note, checks: Sequence[QuoteCheck]) -> None:
        """Mark the rows of ``note``, which must be the one that is shown, with what was found out about its quotes."""
        for model in self.models.values():
            model.set_checks(note, checks)
        for view in self.views.values():
            view.scheduleDelayedItemsLayout()  # a card may have become a line higher
        self._count_to_check()
        self._turn(self.tabs.currentIndex())

    def _count_to_check(self) -> None:
        number = sum(model.to_check for model in self.models.values())
        self.to_check.setText(tr("Quotes to check: {n}").format(n=number))
        self.to_check.setAccessibleName(self.to_check.text())
        quotes = KINDS[max(0, self.tabs.currentIndex())] in _QUOTED
        self.to_check.setVisible(quotes and (number > 0 or self.to_check.isChecked()))

    def _filter(self, only: bool) -> None:
        chosen = self.current_row()
        for kind in _QUOTED:
            self.models[kind].show_only_to_check(only)
        model = self.view().model()
        for number in range(model.rowCount()):
            index = model.index(number, 0)
            if index.data(Role.ROW) == chosen:
                self.view().setCurrentIndex(index)
        if only and not self.view().model().rowCount():
            other = next((kind for kind in _QUOTED if self.models[kind].rowCount()), None)
            if other is not None:
                self.tabs.setCurrentIndex(KINDS.index(other))
        self._turn(self.tabs.currentIndex())

    def set_clip_state(self, segment: Segment, state: ClipState) -> None:
        """Show a clip's new state on its rows."""
        for model in self.models.values():
            model.set_clip_state(segment, state)

    def set_playing(self, segment: Segment | None) -> None:
        """Mark the rows of the segment in the player."""
        for model in self.models.values():
            model.set_playing(segment)

    def segments(self) -> list[Segment]:
        """Every segment of every list, each once, the highlights' first."""
        return list(dict.fromkeys(seg for kind in KINDS for seg in self.models[kind].segments()))

    def view(self) -> RowList:
        """The list that is in front."""
        return self.views[KINDS[self.tabs.currentIndex()]]

    def current_row(self) -> TimedRow | None:
        """The row that is chosen in the list in front."""
        row = self.view().currentIndex().data(Role.ROW)
        return row if isinstance(row, TimedRow) else None

    def step(self, by: int) -> None:
        """Choose and play the next (1) or previous (-1) row of the list in front."""
        if self.choose(by) is not None:
            self._activate(self.view().currentIndex())

    def choose(self, by: int) -> TimedRow | None:
        """Choose the next (1) or previous (-1) row of the list in front, and return it; None in an empty list."""
        view = self.view()
        rows = view.model().rowCount()
        if not rows:
            return None
        current = view.currentIndex().row()
        if current < 0:  # a list that was filled anew has lost it: go on from what plays
            places = (view.model().index(row, 0) for row in range(rows))
            current = next((index.row() for index in places if index.data(Role.PLAYING)), -1)
        target = max(0, min(rows - 1, current + by)) if current >= 0 else (0 if by > 0 else rows - 1)
        view.setCurrentIndex(view.model().index(target, 0))
        return self.current_row()

    def _prefer(self, number: int) -> None:
        if number >= 0:
            self._preferred = number

    def _turn(self, number: int) -> None:
        kind = KINDS[max(0, number)]
        self._count_to_check()
        self._name_tabs()
        if self.models[kind].rowCount():
            self._stack.setCurrentIndex(number)
            return
        names = {
            RowKind.HIGHLIGHT: tr("No highlights in this note"),
            RowKind.QUOTE: tr("No quotes in this note"),
            RowKind.KEY_POINT: tr("No key points in this note"),
            RowKind.MENTION: tr("No mentions in this note"),
            RowKind.MARK: tr("You have marked nothing here yet"),
        }
        nothing = not any(model.rowCount() for model in self.models.values())
        advice = "" if nothing else tr("The other lists have some.")
        if kind is RowKind.MARK and self._read_only:
            advice = tr("Marks are made in the main window.")
        elif kind is RowKind.MARK:
            advice = tr(
                "Select words in the transcript and press {keys}. While you listen, {last} marks the last 20 seconds."
            ).format(
                keys=", ".join(
                    key_of(f"mark_{name}") for name in ("important", "question", "agree", "doubt")
                ),
                last=key_of("mark_last"),
            )
        if not self._open_note:
            self.empty.show_words("", "")
        elif self.to_check.isChecked() and self.models[kind].count:
            self.empty.show_words(tr("Nothing to check here"), tr("Every other quote is hidden."))
        else:
            self.empty.show_words(names[kind], advice)
        self._stack.setCurrentWidget(self.empty)

    def _activate(self, index: QModelIndex) -> None:
        row = index.data(Role.ROW)
        if not isinstance(row, TimedRow):
            return
        if row.segment is None:
            self.untimedActivated.emit(row)
        else:
            self.segmentActivated.emit(row.segment)

    def _activate_part(self, index: QModelIndex, part: Part) -> None:
        row = index.data(Role.ROW)
        if not isinstance(row, TimedRow):
            return
        if part is Part.EDIT:
            self.editWanted.emit(row)
        elif part is Part.MENU:
            view = self.view()
            view.open_menu(index, view.viewport().mapToGlobal(view.visualRect(index).topRight()))
        elif part is Part.VERDICT:
            self.comparisonWanted.emit(row)
        elif part is Part.SAID and row.words is not None:
            self.segmentActivated.emit(row.words)
        else:
            self._activate(index)

    def _menu(self, index: QModelIndex, menu: QMenu) -> None:
        row = index.data(Role.ROW)
        if isinstance(row, TimedRow):
            self.menuWanted.emit(row, menu)
