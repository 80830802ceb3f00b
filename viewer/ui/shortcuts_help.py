"""The window behind F1: every action and its keys, from the one table; here they are changed, too."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from viewer.base.errors import ViewerError
from viewer.base.language import set_apart, tr
from viewer.base.settings import Settings
from viewer.ui import keymap
from viewer.ui.actions import ACTIONS, MENUS, TABLE, ActionSpec, keys_text, tooltip
from viewer.ui.buttons import clearable, close_button, describe, text_button
from viewer.ui.fonts import font
from viewer.ui.key_field import KeyField
from viewer.ui.screen_room import open_size
from viewer.ui.theme import ThemeManager

_ID = int(Qt.ItemDataRole.UserRole) + 1
_FOUND_BY = _ID + 1


class ShortcutsHelp(QDialog):
    """A searchable list. Enter on a row, or its button, takes new keys. Opened with ``open()``; it never blocks."""

    def __init__(self, settings: Settings, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keysDialog")
        self.setWindowTitle(tr("Keys and help"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_size(self, 640, 720)
        self._settings = settings
        self._adding = False
        self._wanted = ""
        title = QLabel(tr("Keys"), self)
        title.setFont(font(20, bold=True))
        hint = QLabel(
            tr(
                "Click any quote, highlight, key point, mention or time: it plays. "
                "Esc always goes one step back."
            ),
            self,
        )
        hint.setWordWrap(True)
        hint.setProperty("role", "soft")
        hint.setFont(font(13))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Filter by words or keys"))
        describe(self.field, tr("Show only the actions that hold these letters"))
        clearable(self.field, themes.theme, tr("Clear"))
        self.view = self._make_view()
        self.trouble = QLabel(self)
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.setObjectName("keyTrouble")
        self.trouble.setWordWrap(True)
        self.trouble.setFont(font(13))
        self.trouble.hide()
        self._make_buttons()
        manual = text_button(tr("Open the manual"), "link", self)
        manual.setAutoDefault(False)
        manual.setToolTip(tooltip("manual"))
        manual.clicked.connect(self._open_manual)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        for widget in (title, hint, self.field, self.view, self.capture, self.trouble):
            column.addWidget(widget)
        column.addLayout(self._row)
        last = QHBoxLayout()
        last.addWidget(manual)
        last.addStretch(1)
        last.addWidget(close_button(self))
        column.addLayout(last)
        self.field.textChanged.connect(self._narrow)
        self._fill()
        self.view.setCurrentIndex(self._first())
        self.field.setFocus()

    # -- building --------------------------------------------------------------------------------------------

    def _make_view(self) -> QTreeView:
        self._model = QStandardItemModel(0, 2, self)
        self._model.setHorizontalHeaderLabels([tr("Action"), tr("Keys")])
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._model)
        self._shown.setRecursiveFilteringEnabled(True)
        self._shown.setFilterRole(_FOUND_BY)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        view = QTreeView(self)
        view.setObjectName("keysView")
        view.setAccessibleName(tr("Actions and their keys"))
        view.setModel(self._shown)
        view.setFont(font(13.5))
        view.setRootIsDecorated(False)
        view.setItemsExpandable(False)
        view.setIndentation(12)
        view.setUniformRowHeights(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.doubleClicked.connect(lambda _: self.begin(adding=False))
        return view

    def _make_buttons(self) -> None:
        self.capture = KeyField(self)
        self.capture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.capture.pressed.connect(self.pressed)
        self.capture.left.connect(self.end)
        self.capture.hide()
        self.change = text_button(tr("Change…"), "outline", self)
        describe(self.change, tr("Give the chosen action other keys (Enter)"))
        self.add = text_button(tr("Add…"), "outline", self)
        describe(self.add, tr("Give the chosen action one more key"))
        self.remove = text_button(tr("No keys"), "outline", self)
        describe(self.remove, tr("Take the keys of the chosen action away"))
        self.reset = text_button(tr("As it was"), "outline", self)
        describe(self.reset, tr("Give the chosen action the keys it came with"))
        self.reset_all = text_button(tr("All as they were"), "outline", self)
        describe(self.reset_all, tr("Give every action the keys it came with"))
        self.take = text_button("", "primary", self)
        self.take.hide()
        self.keep = text_button(tr("Leave it"), "outline", self)
        describe(self.keep, tr("Leave the keys as they are"))
        self.keep.hide()
        self._row = QHBoxLayout()
        for button in (self.change, self.add, self.remove, self.reset, self.reset_all, self.take, self.keep):
            button.setAutoDefault(False)
            self._row.addWidget(button)
            if button is self.reset:
                self._row.addStretch(1)
        self.change.clicked.connect(lambda: self.begin(adding=False))
        self.add.clicked.connect(lambda: self.begin(adding=True))
        self.remove.clicked.connect(lambda: self._set(()))
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(lambda: self._write({}))
        self.take.clicked.connect(self._take_over)
        self.keep.clicked.connect(self.end)

    def _fill(self) -> None:
        chosen = self.spec()
        self._model.removeRows(0, self._model.rowCount())
        changed = keymap.chosen()
        for menu in MENUS:
            head = QStandardItem(tr(menu))
            head.setFont(font(12, bold=True))
            head.setSelectable(False)
            for spec in ACTIONS:
                if spec.menu == menu:
                    head.appendRow(self._items(spec, spec.id in changed))
            if head.rowCount():
                self._model.appendRow([head, self._blank()])
        self.view.expandAll()
        header = self.view.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        self.view.setColumnWidth(1, 180)
        self.choose(chosen.id if chosen is not None else "")
        self.reset_all.setEnabled(bool(changed))

    @staticmethod
    def _blank() -> QStandardItem:
        item = QStandardItem("")
        item.setSelectable(False)
        return item

    @staticmethod
    def _items(spec: ActionSpec, changed: bool) -> list[QStandardItem]:
        words, keys = tr(spec.text).rstrip("…"), keys_text(spec)
        first, second = QStandardItem(words), QStandardItem(set_apart(keys))
        first.setData(spec.id, _ID)
        first.setData(f"{words} {keys}", _FOUND_BY)
        spoken = ", ".join(part for part in (words, keys or tr("no keys")) if part)
        first.setData(spoken, int(Qt.ItemDataRole.AccessibleTextRole))
        if changed:
            second.setFont(font(13.5, bold=True))
            second.setToolTip(tr("Changed by you"))
        return [first, second]

    # -- choosing --------------------------------------------------------------------------------------------

    def _first(self) -> QModelIndex:
        head = self._shown.index(0, 0)
        return self._shown.index(0, 0, head) if head.isValid() else head

    def _narrow(self, wanted: str) -> None:
        self._shown.setFilterFixedString(wanted)
        self.view.expandAll()
        self.view.setCurrentIndex(self._first())

    def spec(self) -> ActionSpec | None:
        """The action that is chosen."""
        index = self.view.currentIndex()
        action_id = index.siblingAtColumn(0).data(_ID) if index.isValid() else None
        return TABLE.get(action_id) if isinstance(action_id, str) else None

    def choose(self, action_id: str) -> bool:
        """Choose this action's row; False when it is not shown."""
        for part in range(self._shown.rowCount()):
            head = self._shown.index(part, 0)
            for row in range(self._shown.rowCount(head)):
                index = self._shown.index(row, 0, head)
                if index.data(_ID) == action_id:
                    self.view.setCurrentIndex(index)
                    return True
        return False

    # -- changing --------------------------------------------------------------------------------------------

    def begin(self, *, adding: bool) -> None:
        """Wait for the keys of the chosen action."""
        spec = self.spec()
        if spec is None or spec.local:
            self._say(tr("These keys belong to the lists and cannot be changed.") if spec is not None else "")
            return
        self._adding = adding
        self._say("")
        words = tr("Press the keys for “{action}”, or Esc").format(action=tr(spec.text).rstrip("…"))
        self.capture.setText(words)
        self.capture.setAccessibleName(words)
        self.capture.show()
        self.capture.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Take no keys after all."""
        if self.capture.isHidden() and self.take.isHidden():
            return
        self.capture.hide()
        self._say("")
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def pressed(self, key: str) -> None:
        """These keys were pressed for the chosen action."""
        spec = self.spec()
        if spec is None:
            return
        shown = key.replace("+", " + ") if len(key) > 1 else key
        other = keymap.holder(key, ACTIONS, spec.id)
        if keymap.is_fixed(key) or (other is not None and other.local):
            self._say(tr("{keys} has its own meaning everywhere. Press other keys.").format(keys=shown))
            return
        self._wanted = key
        if other is None:
            self.capture.hide()
            self._give(key, spec)
            return
        words = tr("{keys} already does “{action}”.").format(keys=shown, action=tr(other.text).rstrip("…"))
        self.capture.hide()
        self._say(words)
        self.take.setText(tr("Use {keys} here, take it away there").format(keys=shown))
        describe(self.take, self.take.text())
        self._ask(True)
        self.take.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_over(self) -> None:
        spec = self.spec()
        if spec is not None and self._wanted:
            self._give(self._wanted, spec)

    def _give(self, key: str, spec: ActionSpec) -> None:
        changed = keymap.chosen()
        other = keymap.holder(key, ACTIONS, spec.id)
        if other is not None:
            rest = [one for one in keymap.keys_of(other) if keymap.normal(one) != keymap.normal(key)]
            changed[other.id] = tuple(rest)
        own = keymap.keys_of(spec) if self._adding else ()
        kept = [one for one in own if keymap.normal(one) != keymap.normal(key)]
        changed[spec.id] = (*kept[: keymap.MOST_KEYS - 1], key)
        self._write(changed)

    def _set(self, keys: tuple[str, ...]) -> None:
        spec = self.spec()
        if spec is not None and not spec.local:
            self._write({**keymap.chosen(), spec.id: keys})

    def _reset(self) -> None:
        spec = self.spec()
        if spec is None:
            return
        changed = keymap.chosen()
        changed.pop(spec.id, None)
        taken = [
            (key, other)
            for key in spec.keys
            if (other := keymap.holder(key, ACTIONS, spec.id)) is not None and other.id in changed
        ]
        for key, other in taken:  # what was given away comes back
            changed[other.id] = tuple(
                one for one in changed[other.id] if keymap.normal(one) != keymap.normal(key)
            )
        self._write(changed)

    def _write(self, changed: dict[str, tuple[str, ...]]) -> None:
        real = {key: keys for key, keys in changed.items() if key in TABLE and keys != TABLE[key].keys}
        try:
            self._settings.set("keys.chosen", keymap.written(real) if real else "")
        except ViewerError as error:
            self._say(str(error))
            return
        self.capture.hide()
        self._say("")
        self._fill()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- saying ----------------------------------------------------------------------------------------------

    def _say(self, words: str) -> None:
        self._ask(False)
        self.trouble.setText(words)
        self.trouble.setAccessibleName(words)
        self.trouble.setVisible(bool(words))
        # What appears beneath takes room from the list: the row that is meant stays in sight.
        QTimer.singleShot(0, self.view, lambda: self.view.scrollTo(self.view.currentIndex()))

    def _ask(self, asking: bool) -> None:
        for button in (self.change, self.add, self.remove, self.reset, self.reset_all):
            button.setVisible(not asking)
        for button in (self.take, self.keep):
            button.setVisible(asking)

    def _open_manual(self) -> None:
        window = self.parentWidget()
        action = window.findChild(QAction, "action_manual") if window is not None else None
        if isinstance(action, QAction):
            self.accept()
            action.trigger()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.view.hasFocus():
            self.begin(adding=False)
        elif event.key() == Qt.Key.Key_Down and self.field.hasFocus():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Escape and not self.take.isHidden():
            self.end()
        elif event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
        else:
            super().keyPressEvent(event)
