"""The left pane: the notes of the library, filtered and sorted."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import set_apart, tr
from viewer.library.entries import NoteEntry
from viewer.qt.models import LibraryFilterModel, LibraryModel, SortKey
from viewer.qt.note_filter import FilterChoices, NoteFilter, choices_of
from viewer.qt.plain_words import plain_tip
from viewer.qt.roles import Role
from viewer.ui.actions import describe_action, key_of
from viewer.ui.buttons import clearable, describe, icon_button, text_button
from viewer.ui.empty_page import EmptyPage
from viewer.ui.filter_bar import FilterBar
from viewer.ui.fonts import font
from viewer.ui.library_delegate import LibraryDelegate
from viewer.ui.reading_progress import ReadingProgress
from viewer.ui.theme import ThemeManager


class LibraryList(QListView):
    """The list itself: one click opens a note, so do Enter and Space."""

    chosen = Signal(QModelIndex)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("libraryView")
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.verticalScrollBar().setSingleStep(24)
        self.clicked.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class LibraryPane(QWidget):
    """Folder line, filter, sort, list. ``noteChosen`` carries the entry the reader wants."""

    noteChosen = Signal(object)
    openFolderWanted = Signal()
    addVideoWanted = Signal()
    sortChanged = Signal(str)
    stopWanted = Signal()
    """the reading of the folders is to stop"""

    def __init__(
        self, model: LibraryFilterModel, themes: ThemeManager, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("libraryPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = model
        self.view = LibraryList(self)
        self.view.setModel(model)
        self.view.setItemDelegate(LibraryDelegate(themes, self.view))
        self.view.setAccessibleName(tr("Notes of the library"))
        self.view.chosen.connect(self._choose)
        self.heading = QLabel(tr("LIBRARY"), self)
        self.heading.setFont(font(11, bold=True, spacing=0.8))
        self.heading.setProperty("role", "caps")
        self.count = QLabel(self)
        self.count.setFont(font(12))
        self.count.setProperty("role", "soft")
        self.folder = QLabel(self)
        self.folder.setFont(font(12))
        self.folder.setProperty("role", "soft")
        self.folder.setWordWrap(True)
        self.folder.setTextFormat(Qt.TextFormat.PlainText)
        self.open_own = text_button(tr("Open your own folder…"), "link", self)
        self.open_own.setFont(font(12, bold=True))
        describe_action(self.open_own, tr("Choose the folder that holds your notes"), "open_folder")
        self.open_own.clicked.connect(self.openFolderWanted)
        self.add_own = text_button(tr("Add a video by address…"), "link", self)
        self.add_own.setFont(font(12, bold=True))
        describe_action(self.add_own, tr("Make a note of a video on the web"), "add_video")
        self.add_own.clicked.connect(self.addVideoWanted)
        self.filter = QLineEdit(self)
        self.filter.setObjectName("libraryFilter")
        self.filter.setPlaceholderText(tr("Filter"))
        clearable(self.filter, themes.theme, tr("Clear the filter"))
        describe(self.filter, tr("Filter the notes by title, channel or tag"))
        self.filter.textChanged.connect(self._filter_changed)
        self.sort = QComboBox(self)
        self.sort.setObjectName("librarySort")
        describe(self.sort, tr("Sort the notes by"))
        for key, words in self._sort_words():
            self.sort.addItem(words, key.value)
        self.sort.activated.connect(lambda _: self.sortChanged.emit(self.sort.currentData()))
        self.filters = FilterBar(themes, self._choices, self)
        self.filters.filterChanged.connect(self._filters_changed)
        self.filter_button = icon_button(
            "filter", tr("Filter by tag, channel, speaker, year"), themes.theme, self
        )
        describe_action(self.filter_button, self.filter_button.toolTip(), "filter_notes")
        self.filter_button.setObjectName("filterButton")
        self.filter_button.setCheckable(True)
        self.filter_button.toggled.connect(self.filters.set_open)
        self.filters.closed.connect(self._filters_closed)
        self.progress = ReadingProgress(self)
        self.progress.stopped.connect(self.stopWanted)
        self.nothing = EmptyPage(themes, self, small=True)
        self.nothing.activated.connect(self._nothing_activated)
        self._build()
        model.rowsInserted.connect(self._counted)
        model.rowsRemoved.connect(self._counted)
        model.modelReset.connect(self._counted)
        model.layoutChanged.connect(self._counted)
        self.set_busy(0, 0)

    def _sort_words(self) -> list[tuple[SortKey, str]]:
        return [
            (SortKey.DATE, tr("Newest")),
            (SortKey.TITLE, tr("Title")),
            (SortKey.CHANNEL, tr("Channel")),
            (SortKey.DURATION, tr("Length")),
            (SortKey.OPENED, tr("Last opened")),
        ]

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 16, 20, 0)
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.count)
        where = QVBoxLayout()
        where.setContentsMargins(20, 6, 16, 0)
        where.setSpacing(0)
        where.addWidget(self.folder)
        where.addWidget(self.open_own, 0, Qt.AlignmentFlag.AlignLeft)
        where.addWidget(self.add_own, 0, Qt.AlignmentFlag.AlignLeft)
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 10, 16, 8)
        tools.setSpacing(4)
        tools.addWidget(self.filter, 1)
        tools.addWidget(self.filter_button)
        tools.addWidget(self.sort)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(where)
        column.addLayout(tools)
        column.addWidget(self.filters)
        column.addWidget(self.progress)
        column.addWidget(self._stack, 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(216, 240)

    def show_folder(self, words: str, *, samples: bool) -> None:
        """Say which folder is shown; for the samples also how to open one's own."""
        self.folder.setText(set_apart(words))
        self.folder.setToolTip(plain_tip(words))
        self.open_own.setVisible(samples)
        self.add_own.setVisible(samples)

    def set_sort(self, key: str) -> None:
        """Sort by ``key``, one of the values of the setting ``library.sort``."""
        self.sort.setCurrentIndex(max(0, self.sort.findData(key)))
        self._model.set_sort(SortKey(key))

    def set_busy(self, done: int, total: int) -> None:
        """Show how far the reading of the folder is; nothing when ``done`` has reached ``total``."""
        self.progress.show_progress(done, total)
        self._counted()

    def select(self, index: QModelIndex) -> None:
        """Mark the note of the source model's ``index`` as the open one."""
        mine = self._model.mapFromSource(index)
        if mine.isValid():
            self.view.setCurrentIndex(mine)

    def _choose(self, index: QModelIndex) -> None:
        entry = index.data(Role.NOTE_ENTRY)
        if isinstance(entry, NoteEntry):
            self.noteChosen.emit(entry)

    def toggle_filters(self) -> None:
        """Open or close the panel with the filters."""
        self.filter_button.setChecked(not self.filter_button.isChecked())

    def _filters_closed(self) -> None:
        self.filter_button.setChecked(False)
        self.filter_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear_filters(self) -> None:
        """Show every note."""
        self.filter.clear()
        self.filters.clear()

    @property
    def filtered(self) -> bool:
        """Whether notes may be left out."""
        return bool(self.filter.text() or self.filters.wanted)

    def _choices(self) -> FilterChoices:
        source = self._model.sourceModel()
        return choices_of(source.entries) if isinstance(source, LibraryModel) else FilterChoices()

    def _filters_changed(self, wanted: NoteFilter) -> None:
        self._model.set_filter(wanted)
        self._counted()

    def _filter_changed(self, text: str) -> None:
        self._model.set_text(text)
        self._counted()

    def _counted(self, *_: object) -> None:
        rows = self._model.rowCount()
        source = self._model.sourceModel()
        total = source.rowCount() if source is not None else rows
        words = str(rows) if rows == total else tr("{n} of {m}").format(n=rows, m=total)
        self.count.setText(words if total else "")
        if rows or self.progress.busy:
            self._stack.setCurrentIndex(0)
        elif total:
            self.nothing.show_words(
                tr("No note matches"),
                tr("Try fewer letters, or take a filter away."),
                tr("Clear the filter"),
                "filter",
            )
            self._stack.setCurrentIndex(1)
        else:
            self.nothing.show_words(
                tr("No notes here"),
                tr(
                    "This folder holds no files that can be read as notes. {key} adds a video by its address."
                ).format(key=key_of("add_video")),
                tr("Open a folder"),
                "folder",
            )
            self._stack.setCurrentIndex(1)

    def _nothing_activated(self) -> None:
        if self.filtered:
            self.clear_filters()
        else:
            self.openFolderWanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.filter.text():
            self.filter.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return) and self.filter.hasFocus():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
            if self._model.rowCount() and not self.view.currentIndex().isValid():
                self.view.setCurrentIndex(self._model.index(0, 0))
        else:
            super().keyPressEvent(event)
