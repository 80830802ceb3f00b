"""What the search finds while one types: a card beneath the search field that never takes the focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QCursor, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import tr, tr_n
from viewer.library.search import SearchHit, SearchResult
from viewer.ui.buttons import text_button
from viewer.ui.fonts import font
from viewer.ui.hit_list import HIT_ROLE, HitDelegate, HitModel
from viewer.ui.shadow import SoftShadow
from viewer.ui.text import count_text
from viewer.ui.theme import ThemeManager

MOST_SHOWN = 8
"""So many hits are in sight at once."""


class SearchPopup(QFrame):
    """Shows the newest result. Up, Down and Enter come from the search field, so that typing goes on."""

    hitChosen = Signal(object)
    """SearchHit"""
    hitPlayed = Signal(object)
    """SearchHit that is to be opened and played"""
    queryChosen = Signal(str)
    """the offered query ("did you mean") was accepted"""
    resized = Signal()
    menuWanted = Signal(object, QMenu)
    """SearchHit under the pointer, menu to fill"""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setObjectName("searchPopup")
        self._model = HitModel(self)
        self._pointer = QPoint()
        self._asked = False
        self._then: Callable[[], None] | None = None
        self.view = QListView(self)
        self.view.setObjectName("searchResults")
        self.view.setAccessibleName(tr("Search results"))
        self.view.setModel(self._model)
        self.view.setItemDelegate(HitDelegate(themes, self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.entered.connect(self._point_at)
        self.view.clicked.connect(self._choose)
        self.view.setDragEnabled(True)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(font(12))
        self.words.setProperty("role", "soft")
        self.suggestion = text_button("", "link", self)
        self.suggestion.setFont(font(12, bold=True))
        self.suggestion.hide()
        self.suggestion.clicked.connect(lambda: self.queryChosen.emit(self.suggestion.text()))
        line = QHBoxLayout()
        line.setContentsMargins(18, 6, 18, 8)
        line.setSpacing(6)
        line.addWidget(self.words)
        line.addWidget(self.suggestion)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 6, 1, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addLayout(line)
        self.shadow = SoftShadow(self, reach=20, below=6, alpha=44)
        self.hide()
        themes.changed.connect(self._dress)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._dress()

    def _dress(self) -> None:
        # Opaque, so that the window beneath is not painted again with every hit. The style sheet takes it back.
        viewport = self.view.viewport()
        palette = viewport.palette()
        palette.setColor(QPalette.ColorRole.Base, self._themes.theme.color("raised"))
        viewport.setPalette(palette)
        viewport.setAutoFillBackground(True)

    def expect(self) -> None:
        """Another result is on its way: Enter means that one, not what is shown until then."""
        self._asked, self._then = True, None

    def show_result(self, result: SearchResult) -> None:
        """Show what was found, the best hit chosen."""
        self._asked = False
        # A list that opens beneath a pointer at rest is not pointed at.
        self._pointer = QCursor.pos()
        self._model.set_hits(result.hits)
        if result.hits:
            self.view.setCurrentIndex(self._model.index(self._model.next_row(-1, 1), 0))
            words = tr_n("{n} place", "{n} places", result.total)
            if not result.complete:
                words = tr_n("more than {n} place", "more than {n} places", result.total)
            words = words.format(n=count_text(result.total))
            self.words.setText(
                tr("{places} · Enter opens, Ctrl+Enter plays, Esc closes").format(places=words)
            )
        else:
            self.words.setText(
                tr("Nothing found. Did you mean") if result.did_you_mean else tr("Nothing found.")
            )
        self.suggestion.setText(result.did_you_mean or "")
        self.suggestion.setAccessibleName(result.did_you_mean or tr("Suggestion"))
        self.suggestion.setToolTip(tr("Search for this instead"))
        self.suggestion.setVisible(bool(result.did_you_mean))
        self.view.setVisible(bool(result.hits))
        self.show()
        self.resized.emit()
        # After the place is taken: choosing the first hit leaves its heading out of sight.
        self.view.scrollToTop()
        then, self._then = self._then, None
        if then is not None:
            then()

    def wanted_height(self) -> int:
        """Height in px that shows up to eight hits."""
        return self._model.height(MOST_SHOWN) + 46

    def key(self, key: int) -> None:
        """Up, Down or Enter, as pressed in the search field. Enter takes what is suggested where nothing was found."""
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self._asked:
            self._then = lambda: self.key(key)
        elif enter and self.isVisible() and self.suggestion.isVisible():
            self.queryChosen.emit(self.suggestion.text())
        if self._asked or not self.isVisible() or not self._model.rowCount():
            return
        if enter:
            self._choose(self.view.currentIndex())
            return
        by = 1 if key == Qt.Key.Key_Down else -1
        row = self._model.next_row(self.view.currentIndex().row(), by)
        self.view.setCurrentIndex(self._model.index(row, 0))

    def give_up(self) -> None:
        """Expect nothing any more, and close."""
        self._asked, self._then = False, None
        self.hide()

    def current_hit(self) -> SearchHit | None:
        """The hit that is chosen."""
        hit = self.view.currentIndex().data(HIT_ROLE)
        return hit if isinstance(hit, SearchHit) else None

    def _open_menu(self, place: QPoint) -> None:
        hit = self.view.indexAt(place).data(HIT_ROLE)
        if isinstance(hit, SearchHit):
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.menuWanted.emit(hit, menu)
            menu.popup(self.view.viewport().mapToGlobal(place))

    def _point_at(self, index: QModelIndex) -> None:
        if isinstance(index.data(HIT_ROLE), SearchHit) and QCursor.pos() != self._pointer:
            self.view.setCurrentIndex(index)

    def play_current(self) -> None:
        """Open the chosen hit and play it."""
        if self._asked:
            self._then = self.play_current
            return
        hit = self.view.currentIndex().data(HIT_ROLE)
        if self.isVisible() and isinstance(hit, SearchHit):
            self.hide()
            self.hitPlayed.emit(hit)

    def _choose(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if isinstance(hit, SearchHit):
            self.hide()
            self.hitChosen.emit(hit)
