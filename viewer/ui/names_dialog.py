"""Who speaks and what is named across the library, and the passages of the one that is chosen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QSplitter,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import set_apart, tr, tr_n
from viewer.library.relations import Named
from viewer.library.search import SearchHit, SearchResult
from viewer.qt.library_questions import PEOPLE, LibraryQuestions
from viewer.ui.buttons import clearable, close_button, describe
from viewer.ui.fonts import font
from viewer.ui.hit_list import HIT_ROLE, HitDelegate, HitModel
from viewer.ui.names_list import NAMED_ROLE, NamesDelegate, NamesModel
from viewer.ui.screen_room import open_size
from viewer.ui.text import count_text
from viewer.ui.theme import ThemeManager

_PAUSE_MS = 120
"""The passages are searched when the arrow keys rest for so long."""


class PassageList(QListView):
    """Hits that open with Enter or a click and play with Ctrl+Enter."""

    opened = Signal(object, bool)
    """SearchHit, whether it is to be played"""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDragEnabled(True)  # into a collection
        self.clicked.connect(lambda index: self._open(index, False))

    def _open(self, index: QModelIndex, play: bool) -> None:
        hit = index.data(HIT_ROLE)
        if isinstance(hit, SearchHit):
            self.opened.emit(hit, play)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._open(self.currentIndex(), control)
            return
        super().keyPressEvent(event)


def query_of(named: Named, *, person: bool) -> str:
    """The search that finds what a person said, or where a thing is named."""
    name = named.name.replace('"', " ").strip()
    return f'speaker:"={name}"' if person else f'"{name}"'


class NamesDialog(QDialog):
    """Stays open beside the window while one goes from passage to passage."""

    passageChosen = Signal(object, str, bool)
    """SearchHit, the query that found it, whether it is to be played"""

    def __init__(
        self, questions: LibraryQuestions, themes: ThemeManager, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("namesDialog")
        self.setWindowTitle(tr("Who and what"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_size(self, 920, 640)
        self._questions = questions
        self._query = ""
        self.names = NamesModel(self)
        self.hits = HitModel(self)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("namesTabs")
        self.tabs.setAccessibleName(tr("People or mentions"))
        self.tabs.setToolTip(tr("Who speaks, or what is mentioned"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for words in (tr("People"), tr("Mentions")):
            self.tabs.addTab(words)
        self.kinds = QComboBox(self)
        self.kinds.setObjectName("mentionKinds")
        describe(self.kinds, tr("Only mentions of this kind"))
        self.kinds.setMinimumContentsLength(12)
        self.kinds.hide()
        self.filter = QLineEdit(self)
        self.filter.setObjectName("namesFilter")
        self.filter.setPlaceholderText(tr("Filter"))
        describe(self.filter, tr("Show only names with these letters"))
        clearable(self.filter, themes.theme, tr("Clear the filter"))
        self.view = self._list(QListView(self), self.names, tr("Names, in most notes first"))
        self.view.setObjectName("namesView")
        self.view.setItemDelegate(NamesDelegate(themes, self.view))
        self.passages = PassageList(self)
        self._list(self.passages, self.hits, tr("Passages"))
        self.passages.setObjectName("passagesView")
        self.passages.setItemDelegate(HitDelegate(themes, self.passages))
        self.count = self._label(12, "soft")
        self.title = self._label(20)
        self.title.setText(tr("Who and what"))
        self.title.setContentsMargins(24, 0, 24, 4)
        self.heading = self._label(15)
        self.said = self._label(12, "soft")
        self.said.setText(tr("Choose a name to see its passages."))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._build()
        self._connect()
        questions.ask_kinds()
        self._turn()
        self.filter.setFocus()

    def _list(self, view: QListView, model: NamesModel | HitModel, words: str) -> QListView:
        view.setModel(model)
        view.setAccessibleName(words)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        return view

    def _label(self, size: float, role: str = "") -> QLabel:
        label = QLabel(self)
        label.setFont(font(size, bold=not role))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if role:
            label.setProperty("role", role)
        return label

    def _build(self) -> None:
        left, right = QWidget(self), QWidget(self)
        names = QVBoxLayout(left)
        names.setContentsMargins(24, 0, 16, 0)
        names.addWidget(self.tabs)
        row = QHBoxLayout()
        row.addWidget(self.filter, 1)
        row.addWidget(self.kinds)
        names.addLayout(row)
        names.addWidget(self.count)
        names.addWidget(self.view, 1)
        passages = QVBoxLayout(right)
        passages.setContentsMargins(16, 8, 24, 0)
        passages.addWidget(self.heading)
        passages.addWidget(self.said)
        passages.addWidget(self.passages, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([400, 520])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 20, 0, 16)
        column.addWidget(self.title)
        column.addWidget(split, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 4, 24, 0)
        hint = self._label(12, "soft")
        hint.setText(tr("Enter opens the passage, Ctrl+Enter plays it."))
        foot.addWidget(hint, 1)
        foot.addWidget(close_button(self))
        column.addLayout(foot)

    def _connect(self) -> None:
        questions = self._questions
        questions.namesFound.connect(self._show_names)
        questions.kindsFound.connect(self._show_kinds)
        questions.passagesFound.connect(self._show_passages)
        self.tabs.currentChanged.connect(self._turn)
        self.kinds.activated.connect(self._turn)
        self.filter.textChanged.connect(self._filter)
        self.view.selectionModel().currentChanged.connect(lambda *_: self._pause.start())
        self._pause.timeout.connect(self._ask)
        self.finished.connect(self._pause.stop)
        self.passages.opened.connect(lambda hit, play: self.passageChosen.emit(hit, self._query, play))

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 400)

    @property
    def kind(self) -> str:
        """What is listed: PEOPLE, a kind of mention, or empty for every mention."""
        return PEOPLE if self.tabs.currentIndex() == 0 else str(self.kinds.currentData() or "")

    def _turn(self, *_: object) -> None:
        self.kinds.setVisible(self.tabs.currentIndex() == 1)
        self.count.setText(tr("Counting…"))
        self._questions.ask_names(self.kind)

    def _show_kinds(self, kinds: list[tuple[str, int]]) -> None:
        self.kinds.clear()
        self.kinds.addItem(tr("Every kind"), "")
        other = tr("Other")
        for kind, count in kinds:
            self.kinds.addItem(f"{kind or other}  ({count_text(count)})", kind)

    def _show_names(self, kind: str, names: list[Named]) -> None:
        if kind == self.kind:
            self.names.set_names(names)
            self._counted()

    def _filter(self, text: str) -> None:
        self.names.set_filter(text)
        self._counted()

    def _counted(self) -> None:
        rows = self.names.rowCount()
        none = tr("No name matches.") if self.filter.text() else tr("Nothing is named in this library.")
        self.count.setText(tr_n("{n} name", "{n} names", rows).format(n=count_text(rows)) if rows else none)
        if rows:
            self.view.setCurrentIndex(self.names.index(0, 0))
        else:
            self._query = ""
            self.hits.set_hits([])
            self.heading.setText("")
            self.said.setText("")

    def _ask(self) -> None:
        named = self.view.currentIndex().data(NAMED_ROLE)
        if isinstance(named, Named):
            self.heading.setText(set_apart(named.name))
            self._query = query_of(named, person=self.kind == PEOPLE)
            self._questions.ask_passages(self._query)

    def _show_passages(self, query: str, result: SearchResult) -> None:
        if query != self._query:
            return
        self.hits.set_hits(result.hits)
        first = self.hits.next_row(-1, 1)
        if first >= 0:
            self.passages.setCurrentIndex(self.hits.index(first, 0))
        shown, total = len(result.hits), count_text(result.total)
        if shown < result.total or not result.complete:
            words = tr_n("The best {n} of {total} passage", "The best {n} of {total} passages", result.total)
            words = words.format(n=count_text(shown), total=total)
            if not result.complete:
                words = tr("The best {n} of more than {total} passages").format(n=shown, total=total)
        else:
            words = tr_n("{n} passage", "{n} passages", shown).format(n=shown)
        self.said.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.filter.hasFocus():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Not the button's: Enter on a name goes to its passages.
            if self.view.hasFocus() or self.filter.hasFocus():
                self.passages.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)
