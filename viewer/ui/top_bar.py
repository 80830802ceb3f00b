"""The bar at the top: the library's menu, adding, the search field, the offline switch, the main menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget

from viewer.base.language import tr
from viewer.ui.actions import TABLE, ActionSet, describe_action, keys_text, tooltip
from viewer.ui.buttons import clearable, describe
from viewer.ui.fonts import font
from viewer.ui.icons import dress_actions, product_icon, set_icon, themed_icon
from viewer.ui.text import DOT
from viewer.ui.theme import ThemeManager


def _actions_of(part: QAction) -> list[QAction]:
    menu = part.menu()
    return menu.actions() if isinstance(menu, QMenu) else []


class TopBar(QWidget):
    """Shows and asks; what the search finds is the popup's business."""

    searchTyped = Signal(str)
    searchKey = Signal(int)
    """Up, Down or Enter was pressed in the search field"""
    searchPlayed = Signal()
    """Ctrl+Enter was pressed in the search field"""
    searchLeft = Signal()
    """Esc was pressed in the search field"""
    searchEntered = Signal()
    """the search field got the focus"""
    folderChosen = Signal(str)
    """only this folder of the library is to be shown"""
    folderRemoved = Signal(str)
    """this folder is to be taken out of the library"""

    def __init__(self, actions: ActionSet, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(56)
        self._themes = themes
        self._actions = actions
        self.mark = QLabel(self)
        self.mark.setPixmap(product_icon().pixmap(QSize(28, 28)))
        self.mark.setAccessibleName("Soundbite")
        self.library = self._button("libraryButton", tr("Library"), "folder", wide=True)
        describe(self.library, tr("Choose which folder of notes is shown"))
        self.library.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._library_menu = QMenu(self.library)
        self._recent: tuple[QMenu, ...] = ()
        self.library.setMenu(self._library_menu)
        self.set_folders([])
        self.add = self._button("addButton", tr("Add"), "add", wide=True)
        describe(self.add, tr("Add a video by its address, a note or a folder"))
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        adding = QMenu(self.add)
        adding.addActions([actions[action_id] for action_id in ("add_video", "open_file", "add_folder")])
        self.add.setMenu(adding)
        self.search = QLineEdit(self)
        self.search.setObjectName("searchField")
        self.search.setMaximumWidth(560)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        describe(self.search, tooltip("search"))
        self._glass = QAction(self)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        clearable(self.search, themes.theme, tr("Clear the search"))
        self.search.textChanged.connect(self.searchTyped)
        self.search.installEventFilter(self)
        self.offline = self._button("offlineButton", "", "cloud", wide=True)
        self.offline.setCheckable(True)
        self.offline.clicked.connect(actions["offline"].trigger)
        self.menu = self._button("menuButton", "", "menu")
        describe(self.menu, tr("Menu (F10)"))
        self.menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._whole = QMenu(self.menu)
        actions.fill_menu(self._whole)
        self.menu.setMenu(self._whole)
        self._whole.aboutToShow.connect(self._dress_menu)
        self._build()
        self.set_offline(False)
        self.show_keys()
        self.recolor()

    def _button(self, name: str, words: str, icon: str, *, wide: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(words)
        button.setFont(font(13))
        button.setProperty("wide", wide)
        button.setIconSize(QSize(18, 18))
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        button.setToolButtonStyle(style)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_icon(button, icon, self._themes.theme)
        return button

    def _build(self) -> None:
        before, after = QHBoxLayout(), QHBoxLayout()
        for part in (before, after):
            part.setSpacing(4)
        before.addWidget(self.mark)
        before.addSpacing(8)
        before.addWidget(self.library)
        before.addWidget(self.add)
        before.addStretch(1)
        after.addStretch(1)
        after.addWidget(self.offline)
        after.addSpacing(4)
        after.addWidget(self.menu)
        self._after = after
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(16)
        # Both sides are given as much: the field stays in the middle when something appears beside it.
        row.addLayout(before, 1)
        row.addWidget(self.search, 6)
        row.addLayout(after, 1)

    def _dress_menu(self) -> None:
        """For whoever opens the menu before its icons are drawn by themselves."""
        self._whole.aboutToShow.disconnect(self._dress_menu)
        dress_actions(self.window(), self._themes.theme)

    def set_folders(self, folders: list[str]) -> None:
        """List the folders of the library, each with what can be done with it."""
        menu = self._library_menu
        menu.clear()
        for action_id in ("open_folder", "add_folder", "open_file", "open_samples"):
            menu.addAction(self._actions[action_id])
        for recent in self._recent:
            menu.addMenu(recent)
        menu.addSeparator()
        for folder in folders:
            part = menu.addMenu(folder.replace("&", "&&"))
            set_icon(part.menuAction(), "folder", self._themes.theme)
            only = part.addAction(tr("Show only this folder"))
            only.triggered.connect(lambda _=False, folder=folder: self.folderChosen.emit(folder))
            remove = part.addAction(tr("Take out of the library (its files stay)"))
            remove.triggered.connect(lambda _=False, folder=folder: self.folderRemoved.emit(folder))
        if folders:
            menu.addSeparator()
        for action_id in ("names", "health", "refresh"):
            menu.addAction(self._actions[action_id])

    def add_recent(self, *menus: QMenu) -> None:
        """Put these menus into the library's menu, and into the main menu beneath what opens a note."""
        self._recent = menus
        before = self._actions["open_samples"]
        part = next(one for one in self._whole.actions() if before in _actions_of(one))
        for menu in menus:
            submenu = part.menu()
            if isinstance(submenu, QMenu):
                submenu.insertMenu(before, menu)
            self._library_menu.insertMenu(self._library_menu.actions()[4], menu)

    def show_downloads(self, button: QToolButton) -> None:
        """Put the button that tells of downloads into the bar."""
        self._after.insertWidget(self._after.indexOf(self.offline), button)

    def set_offline(self, offline: bool, kept: str = "") -> None:
        """Show whether the network may be used, and how many of the note's clips are kept (``4/6``)."""
        self.offline.setChecked(offline)
        set_icon(
            self.offline,
            "offline" if offline else "cloud",
            self._themes.theme,
            "warning" if offline else "text",
        )
        words = tr("Offline") if offline else tr("Online")
        self.offline.setText(f"{words}{DOT}{kept}" if kept else words)
        said = (
            tr("Nothing goes to the network. Click to go online.")
            if offline
            else tr("Clips are fetched when you play them. Click to work offline.")
        )
        describe_action(self.offline, said, "offline")
        self.offline.setAccessibleName(tr("Work offline"))
        self.offline.setAccessibleDescription(
            tr("{kept} clips of this note are kept").format(kept=kept) if kept else ""
        )

    def show_keys(self) -> None:
        """Write in the empty field by which keys one comes to it."""
        self.search.setPlaceholderText(
            "   ".join((tr("Search everything"), keys_text(TABLE["search"]))).strip()
        )

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def recolor(self) -> None:
        """Renew what the theme colours and no button wears."""
        self._glass.setIcon(themed_icon("search", self._themes.theme, "text_soft"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and event.key() in keys[2:]:
                self.searchPlayed.emit()
                return True
            if event.key() in keys:
                self.searchKey.emit(int(event.key()))
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.searchLeft.emit()
                return True
        if watched is self.search and event.type() == QEvent.Type.FocusIn:
            self.searchEntered.emit()
        return super().eventFilter(watched, event)
