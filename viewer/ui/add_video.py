"""The window for adding videos: an address, what it holds, where the note goes, and the queue with what became of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_n
from viewer.base.settings import Settings
from viewer.domain.video_source import SourceKind, VideoSource, parse_source
from viewer.library.add_queue import AddItem, AddProgress, AddState
from viewer.qt.adding import Adding, AddModel, Preview
from viewer.qt.roles import Role
from viewer.ui.add_preview import PreviewCard
from viewer.ui.add_rows import AddDelegate, state_words
from viewer.ui.buttons import clearable, close_button, dialog_button, set_kind
from viewer.ui.fonts import font
from viewer.ui.note_folder import NoteFolder
from viewer.ui.screen_room import open_size
from viewer.ui.text import count_text, failure_line, length_text
from viewer.ui.theme import ThemeManager


class AddVideoDialog(QDialog):
    """Shown beside the window with ``show()``; closed, the work goes on. One for the life of the window."""

    openWanted = Signal(str)
    """the note at this path is to be opened"""

    def __init__(
        self,
        adding: Adding,
        settings: Settings,
        themes: ThemeManager,
        start_folder: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        """``start_folder`` is where the question for a folder begins."""
        super().__init__(parent)
        self.setObjectName("addVideoDialog")
        self.setWindowTitle(tr("Add videos"))
        open_size(self, 720, 640)
        self.setMinimumSize(460, 360)
        self._adding = adding
        self._themes = themes
        self.model = AddModel(state_words, self)
        self._build_address()
        self._build_preview()
        self.folder = NoteFolder(settings, start_folder, self)
        self.folder.failed.connect(self._fail)
        self._build_queue()
        self._arrange()
        adding.looked.connect(self._show_preview)
        adding.lookProgressed.connect(self._looking)
        adding.lookFailed.connect(self._fail)
        adding.lookEnded.connect(self._look_ended)
        adding.changed.connect(self._show_queue)
        adding.progressed.connect(self._show_progress)
        adding.ended.connect(self._ended)
        self.finished.connect(adding.cancel_look)
        self._show_queue()
        self._address_changed()

    # -- building --------------------------------------------------------------------------------------------

    def _label(self, size: float, *, soft: bool = False, bold: bool = False) -> QLabel:
        label = QLabel(self)
        label.setFont(font(size, bold=bold))
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        if soft:
            label.setProperty("role", "soft")
        return label

    def _button(self, words: str, kind: str, act: Callable[[], object], hint: str = "") -> QPushButton:
        return dialog_button(words, kind, self, act, hint or words)

    def _build_address(self) -> None:
        self.title = self._label(20, bold=True)
        self.title.setText(tr("Add videos"))
        self.address = QLineEdit(self)
        self.address.setObjectName("addAddress")
        self.address.setFont(font(14))
        self.address.setPlaceholderText(tr("Address of a video, a playlist or a channel"))
        self.address.setAccessibleName(tr("Address of a video, a playlist or a channel"))
        self.address.setMaxLength(2000)
        clearable(self.address, self._themes.theme, tr("Clear the address"))
        self.address.textChanged.connect(self._address_changed)
        self.address.returnPressed.connect(self.look)
        self.look_button = self._button(
            tr("Look it up"), "primary", self._look_or_stop, tr("Ask the site what is there (Enter)")
        )
        self.look_button.setObjectName("lookButton")
        self.hint = self._label(12, soft=True)
        self.trouble = self._label(13)
        self.trouble.setObjectName("addTrouble")
        self.trouble.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.trouble.hide()

    def _build_preview(self) -> None:
        self.card = PreviewCard(self)
        self.card.addWanted.connect(self._add)
        self.card.openWanted.connect(self.openWanted)
        self.card.wholeWanted.connect(self._look_whole)

    def _build_queue(self) -> None:
        self.heading = self._label(11, bold=True)
        self.heading.setProperty("role", "caps")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far the queue is"))
        self.view = QListView(self)
        self.view.setObjectName("addQueueView")
        self.view.setAccessibleName(tr("Videos to be added"))
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setModel(self.model)
        self.view.setItemDelegate(AddDelegate(self._themes, self.view))
        self.view.activated.connect(self._open_row)
        self.nothing = self._label(13, soft=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setText(tr("Nothing is waiting to be added."))
        self.run_button = self._button("", "outline", self._stop_or_go_on)
        self.run_button.setObjectName("addRunButton")
        self.retry_button = self._button(tr("Try failed ones again"), "outline", self._adding.retry)
        self.clear_button = self._button(
            tr("Clear the list"),
            "outline",
            self._clear,
            tr("Forget what is finished; notes and what waits stay"),
        )
        self.forget_button = self._button(
            tr("Forget the rest"), "outline", self._forget, tr("What still waits is not added")
        )
        self.close_button = close_button(self)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(self.title)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.address, 1)
        first.addWidget(self.look_button)
        column.addLayout(first)
        column.addWidget(self.hint)
        column.addWidget(self.trouble)
        column.addWidget(self.card)
        column.addWidget(self.folder)
        column.addSpacing(6)
        column.addWidget(self.heading)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        last = QHBoxLayout()
        last.setSpacing(8)
        for button in (self.run_button, self.retry_button, self.forget_button, self.clear_button):
            last.addWidget(button)
        last.addStretch(1)
        last.addWidget(self.close_button)
        column.addLayout(last)

    # -- the address -----------------------------------------------------------------------------------------

    def show_address(self, text: str) -> None:
        """Come to the front, with this address in the field where there is one. Nothing is asked yet."""
        if text and text != self.address.text():
            self.address.setText(text)
        self.show()
        self.raise_()
        self.activateWindow()
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)
        self.address.selectAll()

    def source(self) -> VideoSource | None:
        """What the field names."""
        return parse_source(self.address.text())

    def _address_changed(self) -> None:
        text = self.address.text().strip()
        source = self.source()
        self.card.clear()
        self.trouble.hide()
        if self._adding.looking:
            self._adding.cancel_look()
        self.look_button.setEnabled(source is not None)
        self._name_look_button()
        self.hint.setText(self._hint(text, source))

    def _hint(self, text: str, source: VideoSource | None) -> str:
        if not text:
            return tr("Nothing is asked of a site before you press “Look it up”.")
        if source is None:
            return tr("This is no address of a video, a playlist or a channel. It begins with https://")
        words = {
            SourceKind.VIDEO: tr("A video on YouTube"),
            SourceKind.PLAYLIST: tr("A playlist on YouTube"),
            SourceKind.CHANNEL: tr("A channel on YouTube"),
            SourceKind.UNKNOWN: tr("An address of another site"),
        }[source.kind]
        return words + (tr(", which is part of a playlist") if source.playlist is not None else "")

    def look(self) -> None:
        """Ask the site what the address holds."""
        source = self.source()
        if source is not None:
            self._look_at(source)

    def _look_whole(self) -> None:
        source = self.source()
        if source is not None and source.playlist is not None:
            self.address.setText(source.playlist.url)
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)
            self.look()

    def _look_at(self, source: VideoSource) -> None:
        self.card.clear()
        self.trouble.hide()
        self._adding.look(source, self.folder.path)
        self._name_look_button()
        self.hint.setText(tr("Asking the site…"))

    def _look_or_stop(self) -> None:
        if self._adding.looking:
            self._adding.cancel_look()
        else:
            self.look()

    def _name_look_button(self) -> None:
        looking = self._adding.looking
        words = tr("Stop") if looking else tr("Look it up")
        self.look_button.setText(words)
        self.look_button.setAccessibleName(words)
        # What was found has the button that comes next.
        set_kind(self.look_button, "outline" if looking or self.card.preview is not None else "primary")

    def _looking(self, entries: int) -> None:
        if entries > 1:
            words = tr_n("Asking the site… {n} video so far", "Asking the site… {n} videos so far", entries)
            self.hint.setText(words.format(n=count_text(entries)))

    def _look_ended(self) -> None:
        self._name_look_button()
        self.hint.setText(self._hint(self.address.text().strip(), self.source()))

    def _fail(self, error: object) -> None:
        self.trouble.setText(failure_line(error))
        self.trouble.show()

    # -- what is there ---------------------------------------------------------------------------------------

    def _show_preview(self, preview: Preview) -> None:
        source = self.source()
        in_playlist = source is not None and source.playlist is not None
        wanted = self.card.show_preview(preview, in_playlist=in_playlist)
        self._name_look_button()
        if self.address.hasFocus() or self.look_button.hasFocus():
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self) -> None:
        """Queue what is shown; the first time the folder is asked for."""
        preview = self.card.preview
        if preview is None:
            return
        folder = self.folder.path
        if not folder:
            self.folder.ask(then=self._add)
            return
        folder = str(Path(folder).expanduser().absolute())
        try:
            self._adding.add(preview.found, folder)
        except ViewerError as error:
            self._fail(error)
            return
        self.address.clear()
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)
        self.view.scrollToBottom()

    def set_folder(self, folder: str) -> None:
        """Save new notes here from now on."""
        self.folder.take(folder)

    # -- the queue -------------------------------------------------------------------------------------------

    def _show_queue(self) -> None:
        items = self._adding.queue.items()
        at_end = self.view.verticalScrollBar().value() == self.view.verticalScrollBar().maximum()
        self.model.set_items(items)
        running, waiting = self._adding.running, self._adding.queue.waiting()
        failed = any(item.state is AddState.FAILED for item in items)
        over = any(item.state not in (AddState.WAITING, AddState.FETCHING) for item in items)
        self.view.setVisible(bool(items))
        self.nothing.setVisible(not items)
        self.bar.setVisible(bool(items))
        self.run_button.setVisible(running or waiting > 0)
        words = tr("Stop") if running else tr("Go on")
        self.run_button.setText(words)
        self.run_button.setAccessibleName(words)
        self.run_button.setToolTip(
            tr("What is not fetched yet waits, also over a restart") if running else tr("Fetch what waits")
        )
        self.retry_button.setVisible(failed and not running)
        self.forget_button.setVisible(waiting > 0 and not running)
        self.clear_button.setVisible(over)
        done, total = self._adding.queue.count()
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.heading.setText(
            tr("{n} of {m} finished").format(n=count_text(done), m=count_text(total)).upper() if items else ""
        )
        self.heading.setVisible(bool(items))
        if at_end and running:
            self._follow(items)

    def _follow(self, items: tuple[AddItem, ...]) -> None:
        row = next((row for row, item in enumerate(items) if item.state is AddState.FETCHING), None)
        if row is not None:
            self.view.scrollTo(self.model.index(row, 0))

    def _show_progress(self, progress: AddProgress) -> None:
        if progress.resting_s:
            words = tr("The site wants a rest. It goes on in {n}.")
            self.trouble.setText(words.format(n=length_text(round(progress.resting_s * 1000))))
            self.trouble.show()
        elif self._adding.running and self.card.preview is None:
            self.trouble.hide()

    def _ended(self, error: object) -> None:
        if error is not None:
            self._fail(error)

    def _stop_or_go_on(self) -> None:
        if self._adding.running:
            self._adding.stop()
        else:
            self.trouble.hide()
            self._adding.start()

    def _clear(self) -> None:
        self._adding.clear()

    def _forget(self) -> None:
        self._adding.clear(all_of_it=True)

    def _open_row(self, index: QModelIndex) -> None:
        item = index.data(Role.ROW)
        if isinstance(item, AddItem) and item.path and item.state in (AddState.DONE, AddState.EXISTS):
            self.openWanted.emit(item.path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.doItemsLayout()
