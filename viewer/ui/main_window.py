"""The window: three panes, the timeline beneath, the search above. It arranges; what happens is said elsewhere."""

from __future__ import annotations

import base64
import json

from PySide6.QtCore import QByteArray, QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from viewer.base.settings import Settings
from viewer.domain.video_source import parse_source
from viewer.qt.models import LibraryFilterModel
from viewer.ui import keymap
from viewer.ui.actions import ActionSet
from viewer.ui.buttons import KeyGuard
from viewer.ui.focus_mode import FocusMode
from viewer.ui.hit_marks import HitMarks
from viewer.ui.icons import dress_actions_later, product_icon, recolor
from viewer.ui.left_column import LeftColumn
from viewer.ui.library_pane import LibraryPane
from viewer.ui.narrow import Narrow
from viewer.ui.reader_pane import ReaderPane
from viewer.ui.search_popup import SearchPopup
from viewer.ui.side_pane import SidePane
from viewer.ui.status_banner import StatusBanner
from viewer.ui.theme import ThemeManager
from viewer.ui.timeline_view import TimelineView
from viewer.ui.top_bar import TopBar

USUAL_SIZE = QSize(1440, 900)
LEAST_SIZE = QSize(560, 420)
_USUAL_PANES = (288, 732, 420)


AT_ONCE = "closesAtOnce"
"""A window with this property closes without a question about what is under way."""


class MainWindow(QMainWindow):
    """Owns the widgets and their places. ``closing`` is emitted once, before it goes."""

    closing = Signal()
    filesDropped = Signal(list)
    """paths (str) that were dropped on the window"""
    addressDropped = Signal(str)
    """the address of a video, a playlist or a channel that was dropped on the window"""

    def __init__(self, settings: Settings, themes: ThemeManager, notes: LibraryFilterModel) -> None:
        super().__init__()
        self.setWindowTitle("Soundbite")
        self.setWindowIcon(product_icon())
        self.setMinimumSize(LEAST_SIZE)
        self.setAcceptDrops(True)
        self.settings = settings
        self.themes = themes
        keymap.use(keymap.read(settings.get("keys.chosen")))
        self.actions_set = ActionSet(self)
        self.top = TopBar(self.actions_set, themes, self)
        self.library = LibraryPane(notes, themes, self)
        self.left = LeftColumn(self.library, self.top, self)
        self.reader = ReaderPane(themes, self)
        self.side = SidePane(self.actions_set, themes, self)
        self.timeline = TimelineView(themes, self)
        self._build()
        self.banner = StatusBanner(themes, self.reader)
        self.results = SearchPopup(themes, self)
        self.hits = HitMarks(self.reader, self.timeline, themes)
        self._guard = KeyGuard(self)
        self._guard.guard(self)
        self.focus_mode = FocusMode(self, self.actions_set, self)
        self._full_before: bytes | None = None
        panes = self.library, self.side, self.strip
        self.narrow = Narrow(self, panes, lambda: self.full or self.focus_mode.active)
        themes.changed.connect(self._theme_changed)
        dress_actions_later(self, themes)
        self._restore()

    def _build(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("panes")
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for pane in (self.left, self.reader, self.side):
            self.splitter.addWidget(pane)
        self.reader.setMinimumWidth(400)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setStretchFactor(2, 0)
        self.strip = QWidget(self)
        self.strip.setObjectName("timelineBar")
        self.strip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        strip = QVBoxLayout(self.strip)
        strip.setContentsMargins(0, 1, 0, 0)
        strip.addWidget(self.timeline)
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.strip)
        self.setCentralWidget(whole)

    # -- panes -----------------------------------------------------------------------------------------------

    def toggle_library(self) -> None:
        """Show or hide the left pane."""
        self.library.setVisible(not self.library.isVisible())
        self._show_panes()

    def toggle_side(self) -> None:
        """Show or hide the right pane."""
        self.side.setVisible(not self.side.isVisible())
        self._show_panes()

    def _show_panes(self) -> None:
        self.actions_set["toggle_library"].setChecked(not self.library.isHidden())
        self.actions_set["toggle_side"].setChecked(not self.side.isHidden())

    @property
    def full(self) -> bool:
        """Whether the picture fills the screen."""
        return self._full_before is not None

    def toggle_full(self) -> None:
        """Let the picture fill the screen, or put everything back."""
        stage = self.side.player.window()
        if stage is not self:  # the picture has a window of its own
            stage.setWindowState(stage.windowState() ^ Qt.WindowState.WindowFullScreen)
            return
        self.focus_mode.leave()
        if self._full_before is None:
            hidden = json.dumps([self.library.isHidden(), self.side.isHidden(), self.isMaximized()])
            self._full_before = hidden.encode()
            for widget in (self.library, self.reader, self.top, self.strip):
                widget.hide()
            self.side.show()
            self.side.set_full(True)
            self.showFullScreen()
        else:
            library, side, maximized = json.loads(self._full_before)
            self._full_before = None
            self.side.set_full(False)
            for widget in (self.reader, self.top, self.strip):
                widget.show()
            self.library.setVisible(not library)
            self.side.setVisible(not side)
            if maximized:
                self.showMaximized()
            else:
                self.showNormal()

    # -- remembering -----------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Keep the window's place and the panes' sizes for the next start."""
        if self.full:
            self.toggle_full()
        geometry = base64.b64encode(bytes(self.saveGeometry().data())).decode()
        before = self.focus_mode.panes
        sizes, library, side = before or (
            self.splitter.sizes(),
            self.library.isHidden(),
            self.side.isHidden(),
        )
        if before is None:  # what has no room now will have some in a larger window
            library = library and not self.narrow.hid(self.library)
            side = side and not self.narrow.hid(self.side)
        panes = {"sizes": sizes, "library": not library, "side": not side, "left": self.left.share}
        self.settings.set("window.geometry", geometry)
        self.settings.set("window.splitters", json.dumps(panes))

    def _restore(self) -> None:
        self.resize(USUAL_SIZE)
        self.splitter.setSizes(list(_USUAL_PANES))
        geometry = self.settings.get("window.geometry")
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        try:
            panes = json.loads(self.settings.get("window.splitters") or "{}")
            if isinstance(panes, dict):
                self.splitter.setSizes([int(size) for size in panes.get("sizes", _USUAL_PANES)])
                self.library.setVisible(bool(panes.get("library", True)))
                self.side.setVisible(bool(panes.get("side", True)))
                self.left.share = min(1.0, max(0.0, float(panes.get("left", self.left.share))))
        except (ValueError, TypeError):
            pass  # a remembered layout is a convenience; the usual one serves as well
        self._show_panes()

    # -- events ----------------------------------------------------------------------------------------------

    def _theme_changed(self) -> None:
        recolor(self, self.themes.theme)
        self.top.recolor()

    def place_results(self) -> None:
        """Put the search results beneath the search field."""
        field = self.top.search
        corner = field.mapTo(self, field.rect().bottomLeft())
        width = max(field.width(), min(640, self.width() - 64))
        left = max(32, min(corner.x() + (field.width() - width) // 2, self.width() - width - 32))
        height = min(self.results.wanted_height(), self.height() - corner.y() - 48)
        self.results.setGeometry(QRect(left, corner.y() + 6, width, height))
        self.results.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.narrow.resized()
        self.place_results()
        self.banner.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._step_back()
        elif event.key() == Qt.Key.Key_F10:
            self.top.menu.showMenu()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.actions_set["paste_address"].trigger()
        else:
            super().keyPressEvent(event)

    def _step_back(self) -> None:
        """One step back: leave full screen, stop fetching, close what floats, empty the filter, then go to the text."""
        if self.full:
            self.toggle_full()
        elif self.side.player.busy:
            self.actions_set["stop_fetching"].trigger()
        elif self.results.isVisible():
            self.results.hide()
        elif self.banner.isVisible():
            self.banner.dismiss()
        elif self.reader.find_bar.isVisible():
            self.reader.find_bar.close_bar()
        elif self.focus_mode.active:
            self.focus_mode.leave()
        elif self.hits.active:
            self.hits.clear()
        elif self.library.filtered:
            self.library.clear_filters()
        elif self.reader.has_note:
            self.reader.page().setFocus(Qt.FocusReason.OtherFocusReason)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if any(url.isLocalFile() for url in data.urls()) or _address_in(data):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.filesDropped.emit(paths)
        elif address := _address_in(event.mimeData()):
            event.acceptProposedAction()
            self.addressDropped.emit(address)

    def close_at_once(self) -> None:
        """Close without a question about what is under way: the system ends the program."""
        self.setProperty(AT_ONCE, True)
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.remember()
        self.closing.emit()
        super().closeEvent(event)


def _address_in(data: QMimeData) -> str:
    """The address of a video, a playlist or a channel in what is dragged; empty when there is none."""
    texts = [url.toString() for url in data.urls()] or [data.text()]
    return next((text.strip() for text in texts if parse_source(text) is not None), "")
