"""The preferences, made from the settings table: searchable, and in force at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from viewer.base.errors import ViewerError
from viewer.base.language import OWN_NAMES, tr, tr_noop
from viewer.base.settings import Settings
from viewer.base.settings_table import SETTINGS, Setting
from viewer.ui import restarting
from viewer.ui.buttons import close_button, describe, dialog_button, text_button
from viewer.ui.folder_row import FolderRow
from viewer.ui.fonts import font
from viewer.ui.renewal_row import RenewalRow
from viewer.ui.screen_room import open_size

_CHOICES: dict[str, str] = {
    "date": tr_noop("Date"),
    "title": tr_noop("Title"),
    "channel": tr_noop("Channel"),
    "duration": tr_noop("Length"),
    "opened": tr_noop("Last opened"),
    "light": tr_noop("Light"),
    "dark": tr_noop("Dark"),
    "sepia": tr_noop("Sepia"),
    "contrast": tr_noop("High contrast"),
    "best": tr_noop("The best there is"),
    "renewed": tr_noop("Renewed"),
    "bundled": tr_noop("The program's own"),
    "system": tr_noop("The system's"),
}
"""The choices in words; a browser's name is its own."""

_BY_KEY: dict[tuple[str, str], str] = {
    ("look.theme", "system"): tr_noop("Like the desktop"),
    ("look.language", "system"): tr_noop("Like the system"),
    ("look.motion", "system"): tr_noop("Like the desktop"),
    ("look.motion", "full"): tr_noop("Full"),
    ("look.motion", "reduced"): tr_noop("Reduced"),
}
"""Choices that mean something else in one setting."""


class Preferences(QDialog):
    """One row a setting, one heading a section. Opened with ``open()``; every change counts at once.

    ``open_storage`` opens the window where the folder for clips is chosen: moving them takes time and can fail.
    """

    def __init__(
        self,
        settings: Settings,
        parent: QWidget | None = None,
        open_storage: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Preferences"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_size(self, 600, 680)
        self._settings = settings
        self._open_storage = open_storage
        self._rows: list[tuple[Setting, QLabel, QWidget]] = []
        self._headings: dict[str, QLabel] = {}
        title = QLabel(tr("Preferences"), self)
        title.setFont(font(20, bold=True))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Search the preferences"))
        describe(self.field, tr("Search the preferences"))
        self.field.textChanged.connect(self._narrow)
        self._trouble = QLabel(self)
        self._trouble.setTextFormat(Qt.TextFormat.PlainText)
        self._trouble.setWordWrap(True)
        self._trouble.hide()
        inner = QWidget(self)
        self._form = QFormLayout(inner)
        mirrored = self.isRightToLeft()  # margins are not mirrored by themselves
        self._form.setContentsMargins(16 if mirrored else 0, 0, 0 if mirrored else 16, 0)
        self._form.setHorizontalSpacing(24)
        self._form.setVerticalSpacing(10)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for setting in SETTINGS:
            if not setting.hidden:
                self._add(setting)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the control that has the focus
        scroll.setWidget(inner)
        scroll.setAccessibleName(tr("Preferences"))
        self._later = self._build_later()
        column = QVBoxLayout(self)
        column.setContentsMargins(16 if mirrored else 24, 20, 24 if mirrored else 16, 16)
        column.setSpacing(12)
        for widget in (title, self.field, scroll, self._trouble):
            column.addWidget(widget)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._later, 1)
        foot.addStretch()
        foot.addWidget(close_button(self))
        column.addLayout(foot)
        self._offer_restart()
        self.field.setFocus()

    def _build_later(self) -> QWidget:
        """What is said while something was chosen that counts from the next start on, with the button for it."""
        box = QWidget(self)
        words = QLabel(tr("Some of it counts from the next start on."), box)
        words.setFont(font(12))
        words.setProperty("role", "soft")
        words.setWordWrap(True)
        self.restart_button = dialog_button(
            tr("Restart now"), "outline", box, self._restart, tr("Close the window and open it again here")
        )
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.restart_button)
        row.addWidget(words, 1)
        box.hide()
        return box

    def _offer_restart(self) -> None:
        window = self.parentWidget()
        if window is not None:
            restarting.remember(window, self._settings)
            self._later.setVisible(restarting.is_due(window, self._settings))

    def _restart(self) -> None:
        window = self.parentWidget()
        self.accept()
        if window is not None:
            restarting.restart(window)

    def search_for(self, words: str) -> None:
        """Show only what matches these words."""
        self.field.setText(words)
        self.field.selectAll()

    def _add(self, setting: Setting) -> None:
        if setting.section not in self._headings:
            heading = QLabel(tr(setting.section).upper(), self)
            heading.setFont(font(11, bold=True, spacing=0.8))
            heading.setProperty("role", "caps")
            heading.setContentsMargins(0, 14 if self._headings else 0, 0, 2)
            self._headings[setting.section] = heading
            self._form.addRow(heading)
        label = QLabel(tr(setting.label), self)
        label.setFont(font(13))
        label.setContentsMargins(0, 0 if isinstance(setting.default, bool) else 8, 0, 0)
        # Beside its control, not beside the middle of control and hint.
        label.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        control = self._control(setting)
        control.setObjectName(f"setting_{setting.key}")
        control.setFont(font(13))
        describe(control, tr(setting.help) or tr(setting.label))
        control.setAccessibleName(tr(setting.label))
        box: QWidget = control
        if setting.help:
            box = QWidget(self)
            column = QVBoxLayout(box)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(3)
            column.addWidget(control)
            hint = QLabel(tr(setting.help), box)
            hint.setFont(font(12))
            hint.setProperty("role", "soft")
            hint.setWordWrap(True)
            column.addWidget(hint)
            action = self._action_of(setting.key)
            if action is not None:
                column.addWidget(RenewalRow(action, box))
            column.addStretch(1)  # with few rows found the room is beneath them
        label.setBuddy(control)
        self._form.addRow(label, box)
        self._rows.append((setting, label, box))

    def _action_of(self, key: str) -> QAction | None:
        """The window's action that belongs to a setting's row."""
        window = self.parentWidget()
        if key != "renew.source" or window is None:
            return None
        found = window.findChild(QAction, "action_renew")
        return found if isinstance(found, QAction) else None

    def _control(self, setting: Setting) -> QWidget:
        value = self._settings.get(setting.key)
        key = setting.key
        if key == "keys.chosen":
            return self._keys_button()
        if key == "store.folder":
            return self._storage_button(value)
        if key == "marks.folder":
            return FolderRow(value, lambda folder: self._set(key, folder), self)
        if setting.choices:
            choice = QComboBox(self)
            for item in setting.choices:
                choice.addItem(self._choice_words(setting, item), item)
            choice.setCurrentIndex(max(0, choice.findData(value)))
            choice.activated.connect(lambda _, key=key: self._set(key, choice.currentData()))
            return choice
        if isinstance(setting.default, bool):
            check = QCheckBox(self)
            check.setChecked(value)
            check.toggled.connect(lambda on, key=key: self._set(key, on))
            return check
        if isinstance(setting.default, (int, float)):
            return self._number(setting, value)
        line = QLineEdit(self)
        line.setText(", ".join(value) if isinstance(value, list) else value)
        listed = isinstance(setting.default, list)

        def take() -> None:
            text = line.text().strip()
            words = [word.strip() for word in text.split(",") if word.strip()]
            self._set(key, words if listed else text)

        line.editingFinished.connect(take)
        return line

    def _keys_button(self) -> QWidget:
        """The keys have a window of their own: it opens in place of this one."""
        window = self.parentWidget()
        action = window.findChild(QAction, "action_shortcuts") if window is not None else None
        button = text_button(tr("Change the keys…"), "outline", self)
        button.setAutoDefault(False)
        button.setEnabled(isinstance(action, QAction))

        def go() -> None:
            self.accept()
            if isinstance(action, QAction):
                action.trigger()

        button.clicked.connect(go)
        return button

    def _storage_button(self, folder: str) -> QWidget:
        button = text_button(folder or tr("The program's own folder"), "outline", self)
        button.setAutoDefault(False)
        button.setEnabled(self._open_storage is not None)
        button.clicked.connect(self._to_storage)
        return button

    def _to_storage(self) -> None:
        self.accept()
        if self._open_storage is not None:
            self._open_storage()

    def _choice_words(self, setting: Setting, item: str) -> str:
        """``date`` as ``Date``, ``720`` as ``720 lines``, nothing as ``None``; a language as it calls itself."""
        if not item:
            return tr("None")
        if setting.key == "look.language" and item in OWN_NAMES:
            return OWN_NAMES[item]
        if item.isdigit() and setting.unit:
            return f"{item} {tr(setting.unit)}"
        return tr(_BY_KEY.get((setting.key, item)) or _CHOICES.get(item, item.capitalize()))

    def _number(self, setting: Setting, value: float) -> QWidget:
        key = setting.key
        suffix = f" {tr(setting.unit)}" if setting.unit else ""
        low, high = setting.minimum or 0, setting.maximum or 1_000_000
        if isinstance(setting.default, float):
            real = QDoubleSpinBox(self)
            _begin_where_words_do(real)
            real.setRange(low, high)
            real.setSingleStep(0.25)
            real.setSuffix(suffix)
            real.setKeyboardTracking(False)  # while 10 is being typed the value is not 1
            real.setValue(value)
            real.valueChanged.connect(lambda number, key=key: self._set(key, round(number, 2)))
            return real
        whole = QSpinBox(self)
        _begin_where_words_do(whole)
        whole.setRange(int(low), int(high))
        whole.setSuffix(suffix)
        whole.setKeyboardTracking(False)
        whole.setValue(int(value))
        whole.valueChanged.connect(lambda number, key=key: self._set(key, number))
        return whole

    def _set(self, key: str, value: object) -> None:
        try:
            self._settings.set(key, value)  # type: ignore[arg-type]
        except ViewerError as error:
            self._trouble.setText(str(error))
            self._trouble.show()
        else:
            self._trouble.hide()
        self._offer_restart()

    def _narrow(self, wanted: str) -> None:
        shown: set[str] = set()
        for setting, label, box in self._rows:
            text = f"{tr(setting.section)} {tr(setting.label)} {tr(setting.help)}".lower()
            visible = wanted.lower() in text
            label.setVisible(visible)
            box.setVisible(visible)
            if visible:
                shown.add(setting.section)
        for section, heading in self._headings.items():
            heading.setVisible(section in shown)


def _begin_where_words_do(box: QAbstractSpinBox) -> None:
    """Let the number begin where the words of the fields around it do: ``160 %`` has no letter that says so itself."""
    mirrored = box.isRightToLeft()
    box.lineEdit().setTextMargins(0 if mirrored else 6, 0, -3 if mirrored else 0, 0)
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    box.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
