"""The lower part of the left column: one collection, which takes quotes, marks and hits from wherever they are dragged."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragMoveEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QStackedWidget,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import tr
from viewer.domain.collection import CollectionItem, ItemKind
from viewer.qt.collection_items import ORDER
from viewer.qt.collection_model import ITEM_ROLE, CollectionModel
from viewer.ui.actions import describe_action
from viewer.ui.buttons import KeyGuard, describe, icon_button, keep_bar_quiet
from viewer.ui.collection_cards import CollectionCards
from viewer.ui.empty_page import EmptyPage
from viewer.ui.fonts import font
from viewer.ui.theme import ThemeManager

NUDGE_MS = 500
"""How far one press moves a clip's end."""

_ROOM_FOR_CAPTIONS = 300
"""px in which the two ends have room for what they are called; their places say it as well."""

_NUDGES = {"[": (-NUDGE_MS, 0), "{": (NUDGE_MS, 0), "]": (0, NUDGE_MS), "}": (0, -NUDGE_MS)}
"""The player's own keys, here for the chosen item."""


class _ElidedChoice(QComboBox):
    """Titles that are longer than there is room end in an ellipsis: Qt cuts them in the middle of a letter."""

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width() - 2
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class CollectionList(QListView):
    """The items. Enter plays or writes, Alt+Up and Alt+Down move, Del takes out, the brackets move a clip's ends."""

    activatedItem = Signal(object)
    """CollectionItem that was clicked or chosen with Enter"""
    moveWanted = Signal(int)
    """-1 up, 1 down"""
    removeWanted = Signal()
    nudgeWanted = Signal(int, int)
    """ms at the start, ms at the end"""
    menuWanted = Signal(object, QMenu)
    """CollectionItem, menu to fill"""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("collectionView")
        self.setAccessibleName(tr("Items of the collection"))
        self.setAccessibleDescription(
            tr("Alt+Up and Alt+Down move an item, Del takes it out, the brackets move the ends of its clip.")
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(CollectionCards(themes, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_bar_quiet(self)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setMouseTracking(True)
        self.hint = ""
        """what is said while the collection is empty"""
        self.verticalScrollBar().setSingleStep(24)
        self.clicked.connect(lambda index: self._activate(index))
        self.doubleClicked.connect(self._edit)
        themes.changed.connect(self.viewport().update)

    def _activate(self, index: QModelIndex) -> None:
        item = index.data(ITEM_ROLE)
        if isinstance(item, CollectionItem) and item.kind is ItemKind.CLIP:
            self.activatedItem.emit(item)

    def _edit(self, index: QModelIndex) -> None:
        item = index.data(ITEM_ROLE)
        if isinstance(item, CollectionItem) and item.kind is not ItemKind.CLIP:
            self.edit(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hint:
            painter = QPainter(self.viewport())
            painter.setFont(font(13))
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            place = self.viewport().rect().adjusted(24, 24, -24, -24)
            wrapped = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(place, int(wrapped), self.hint)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        # What comes from elsewhere is copied, what is ours is moved: the pointer says so.
        super().dragMoveEvent(event)
        own = event.mimeData().hasFormat(ORDER)
        event.setDropAction(Qt.DropAction.MoveAction if own else Qt.DropAction.CopyAction)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            steps = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            if event.text() in _NUDGES or (alt and steps):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if self.state() == QAbstractItemView.State.EditingState:
            return  # a key that the field of an item has left over
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moveWanted.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._activate(index)
            self._edit(index)
        elif event.key() == Qt.Key.Key_Delete and index.isValid():
            self.removeWanted.emit()
        elif event.text() in _NUDGES:
            self.nudgeWanted.emit(*_NUDGES[event.text()])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        item = index.data(ITEM_ROLE)
        if isinstance(item, CollectionItem):
            self.setCurrentIndex(index)
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.menuWanted.emit(item, menu)
            menu.popup(event.globalPos())


class ClipEndsRow(QWidget):
    """Start and end of the chosen clip, each with a button to either side."""

    nudged = Signal(int, int)
    """ms at the start, ms at the end"""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("clipEndsRow")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 4)
        row.setSpacing(0)
        self.labels: list[QLabel] = []
        self._captions: list[QLabel] = []
        parts = (
            (tr("Starts"), tr("Start earlier ([)"), tr("Start later ({)"), (-1, 0), (1, 0)),
            (tr("Ends"), tr("End earlier (})"), tr("End later (])"), (0, -1), (0, 1)),
        )
        for number, (name, less_words, more_words, less, more) in enumerate(parts):
            if number:
                row.addStretch(1)
            caption = QLabel(name, self)
            caption.setFont(font(12))
            caption.setProperty("role", "soft")
            row.addWidget(caption)
            self._captions.append(caption)
            row.addWidget(self._button("left", less_words, less, themes))
            value = QLabel(self)
            value.setFont(font(12, bold=True))
            value.setAlignment(Qt.AlignmentFlag.AlignCenter)
            value.setMinimumWidth(value.fontMetrics().horizontalAdvance("00:00.0"))
            self.labels.append(value)
            row.addWidget(value)
            row.addWidget(self._button("right", more_words, more, themes))

    def _button(self, icon: str, words: str, by: tuple[int, int], themes: ThemeManager) -> QToolButton:
        button = icon_button(icon, words, themes.theme, self, 16)
        button.setAutoRepeat(True)
        button.clicked.connect(lambda: self.nudged.emit(by[0] * NUDGE_MS, by[1] * NUDGE_MS))
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for caption in self._captions:
            caption.setVisible(event.size().width() >= _ROOM_FOR_CAPTIONS)

    def show_ends(self, start_ms: int, end_ms: int) -> None:
        """Write these times."""
        for label, ms in zip(self.labels, (start_ms, end_ms), strict=True):
            label.setText(exact_time(ms))


def exact_time(ms: int) -> str:
    """``1:02.5``: minutes, seconds and tenths; ``1:00:02.5`` from an hour on."""
    minutes, rest = divmod(ms, 60_000)
    seconds = f"{rest // 1000:02}.{rest % 1000 // 100}"
    return f"{minutes // 60}:{minutes % 60:02}:{seconds}" if minutes >= 60 else f"{minutes}:{seconds}"


class CollectionsPane(QWidget):
    """Which collection, what can be done with it, its items, and the ends of the chosen clip."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("collectionsPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme = themes.theme
        self.model = CollectionModel(self)
        self.choice = _ElidedChoice(self)
        self.choice.setObjectName("collectionChoice")
        self.choice.setFont(font(13))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(8)
        describe(self.choice, tr("Which collection is shown"))
        self.more = icon_button("more", tr("New, rename, delete, take away"), theme, self, 16)
        self.more.setObjectName("collectionMenuButton")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.more)
        self.menu.setObjectName("collectionMenu")
        self.more.setMenu(self.menu)
        self.close_button = icon_button("close", tr("Close the collections"), theme, self, 16)
        self.play = icon_button("play", "", theme, self, 16)
        self.play.setObjectName("playCollection")
        describe_action(self.play, tr("Play the collection"), "play_collection")
        self.heading = icon_button("heading", tr("Add a heading"), theme, self, 16)
        self.heading.setObjectName("addHeading")
        self.text = icon_button("text", tr("Add words of your own"), theme, self, 16)
        self.text.setObjectName("addText")
        self.length = QLabel(self)
        self.length.setObjectName("collectionLength")
        self.length.setFont(font(12))
        self.length.setProperty("role", "soft")
        self.view = CollectionList(themes, self)
        self.view.setModel(self.model)
        self.empty = EmptyPage(themes, self, small=True)
        self.empty.setAcceptDrops(False)
        self.ends = ClipEndsRow(themes, self)
        self.stack = QStackedWidget(self)
        self._build()
        self._guard = KeyGuard(self)
        self._guard.guard(self)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(3)
        self.caps = QLabel(tr("Collections").upper(), self)
        self.caps.setFont(font(11, bold=True, spacing=0.8))
        self.caps.setProperty("role", "caps")
        self.caps.setContentsMargins(8, 0, 0, 0)  # beneath the library's own
        title = QHBoxLayout()
        title.setContentsMargins(12, 0, 8, 0)
        title.setSpacing(2)
        title.addWidget(self.caps, 1)
        title.addWidget(self.choice, 1)
        title.addWidget(self.more)
        title.addWidget(self.close_button)
        column.addLayout(title)
        tools = QHBoxLayout()
        tools.setContentsMargins(12, 0, 12, 0)
        tools.setSpacing(2)
        for button in (self.play, self.heading, self.text):
            tools.addWidget(button)
        tools.addSpacing(6)
        tools.addWidget(self.length, 1)
        column.addLayout(tools)
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        column.addWidget(self.stack, 1)
        column.addWidget(self.ends)
        self.ends.hide()

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 220)

    def current(self) -> CollectionItem | None:
        """The item that is chosen in the list."""
        item = self.view.currentIndex().data(ITEM_ROLE)
        return item if isinstance(item, CollectionItem) else None

    def choose(self, item_id: str) -> bool:
        """Choose this item; False when it is not shown."""
        row = self.model.row_of(item_id)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row, 0))
        return row >= 0
