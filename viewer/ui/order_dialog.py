"""A window that makes one thing: a few choices and where to; then how far it is, then where it lies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import tr
from viewer.base.settings import Settings
from viewer.qt.one_order import OneOrder
from viewer.ui.buttons import close_button, dialog_button
from viewer.ui.fonts import font
from viewer.ui.main_window import AT_ONCE
from viewer.ui.reveal import reveal
from viewer.ui.text import failure_words


class OrderDialog(QDialog):
    """Shown beside the window with ``show()``. Closed while it works, or its window, it asks first.

    One of these fills :meth:`_column` with its choices, ends it with :meth:`_add_foot`, and says what was made.
    """

    show_kind = "outline"
    """The kind of the button "Show in folder"; ``primary`` where nothing else is left to do."""

    def __init__(
        self, title: str, orders: OneOrder, settings: Settings, width: int, parent: QWidget | None = None
    ) -> None:
        """``title`` is translated; ``width`` in pixels is the least."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self._settings = settings
        self._made: Path | None = None
        self._troubled = False
        self._orders = orders
        self._question: QMessageBox | None = None
        if parent is not None:
            parent.window().installEventFilter(self)
        orders.setParent(self)
        orders.progressed.connect(self._progressed)
        orders.done.connect(self._done)
        orders.failed.connect(self._fail)
        orders.ended.connect(self._ended)

    # -- building --------------------------------------------------------------------------------------------

    def _column(self, spacing: int) -> QVBoxLayout:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(spacing)
        column.addWidget(self._label(self.windowTitle(), 20, bold=True))
        return column

    def _label(self, words: str, size: float, *, soft: bool = False, bold: bool = False) -> QLabel:
        label = QLabel(words, self)
        label.setFont(font(size, bold=bold))
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
        if soft:
            label.setProperty("role", "soft")
        return label

    def _add_foot(self, column: QVBoxLayout) -> None:
        """What every order ends with: how far it is, what there is to say, and the buttons."""
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far it is"))
        column.addWidget(self.bar)
        self.state = self._label("", 13)
        self.state.setObjectName("takeOutState")
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.state)
        column.addStretch(1)
        self.start_button = dialog_button(tr("Choose where…"), "primary", self, self.choose)
        self.start_button.setDefault(True)
        self.stop_button = dialog_button(tr("Stop"), "outline", self, self._orders.cancel)
        self.show_button = dialog_button(tr("Show in folder"), self.show_kind, self, self._reveal)
        self.close_button = close_button(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.show_button, self.start_button, self.stop_button, self.close_button):
            row.addWidget(button)
        column.addSpacing(6)
        column.addLayout(row)

    # -- doing -----------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask where to, and begin."""
        raise NotImplementedError

    def start(self, target: Path) -> None:
        """Make what is chosen, at ``target``."""
        raise NotImplementedError

    def _ask(self, name: str, place: QStandardPaths.StandardLocation) -> QFileDialog:
        """A window that asks where to: where the last thing went, else the user's ``place``. Not open yet."""
        dialog = QFileDialog(self, self.windowTitle())
        dialog.setObjectName(name)
        folder = self._settings.get("export.folder") or QStandardPaths.writableLocation(place)
        if Path(folder).is_dir():
            dialog.setDirectory(folder)
        dialog.fileSelected.connect(lambda path: self.start(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _ask_file(self, dialog: QFileDialog, stem: str, suffix: str, kinds: str) -> None:
        """Let ``dialog`` ask for a new file: a name made from ``stem``, of these ``kinds``."""
        from viewer.export.safe_names import folder_name

        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(kinds)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"{folder_name(stem)}.{suffix}")

    @Slot(object)
    def _progressed(self, told: Any) -> None:
        raise NotImplementedError

    @Slot(object)
    def _done(self, made: Any) -> None:
        self._made = made.path
        self._say(self._words_of(made))

    def _words_of(self, made: Any) -> str:
        """What is said of what was made."""
        raise NotImplementedError

    @Slot(object)
    def _fail(self, error: object) -> None:
        self._say("\n".join(failure_words(error)).strip(), trouble=True)

    @Slot()
    def _ended(self) -> None:
        if self._question is not None:
            self._question.reject()
        if self._made is None and not self._troubled:
            self._say(tr("Stopped. Nothing was written."))
        self._turn(working=False)
        if self._made is None:
            self.start_button.setFocus()

    # -- what is shown ---------------------------------------------------------------------------------------

    def _say(self, words: str, *, trouble: bool = False) -> None:
        self._troubled = trouble
        self.state.setObjectName("takeOutTrouble" if trouble else "takeOutState")
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)
        self.state.setText(words)
        self.state.setVisible(bool(words))

    def _turn(self, *, working: bool) -> None:
        """Show what belongs to working, or to not working."""
        done = self._made is not None
        self.start_button.setVisible(not working)
        self.stop_button.setVisible(working)
        self.show_button.setVisible(done and not working)
        self.close_button.setVisible(not working)
        self.bar.setVisible(working)
        self.state.setVisible(bool(self.state.text()))
        if working:
            self.stop_button.setFocus()
        elif done:
            self.show_button.setFocus()
        self._fit()

    def _fit(self) -> None:
        """As high as what is shown."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            width = max(self.width(), self.minimumWidth())
            self.resize(width, layout.totalHeightForWidth(width))

    def _reveal(self) -> None:
        if self._made is not None:
            reveal(self._made)

    # -- closing ---------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Esc: close; while something is being made, ask first."""
        if self._orders.busy:
            self._ask_to_stop(self._orders.cancel)
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        parent = self.parentWidget()
        if self._orders.busy and (parent is None or parent.window().isVisible()):
            event.ignore()
            self._ask_to_stop(lambda: self._stop_then(self.close))
            return
        self._orders.cancel()
        super().closeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window behind it is to close: what is being made would be lost."""
        parent = self.parentWidget()
        if event.type() != QEvent.Type.Close or parent is None or watched is not parent.window():
            return False
        if not self._orders.busy or watched.property(AT_ONCE):
            return False
        event.ignore()
        self.raise_()
        self._ask_to_stop(lambda: self._stop_then(parent.window().close))
        return True

    def _stop_then(self, close: Callable[[], object]) -> None:
        self._orders.ended.connect(lambda: close())
        self._orders.cancel()

    def _ask_to_stop(self, stop: Callable[[], object]) -> None:
        if self._question is not None:
            return
        box = self._question = QMessageBox(self)
        box.setObjectName("stopQuestion")
        box.setWindowTitle(self.windowTitle())
        box.setText(tr("This is not finished yet"))
        box.setInformativeText(
            tr("If it is stopped now, nothing is written. Clips that have come stay kept.")
        )
        go_on = box.addButton(tr("Go on"), QMessageBox.ButtonRole.RejectRole)
        box.addButton(tr("Stop"), QMessageBox.ButtonRole.DestructiveRole).clicked.connect(lambda: stop())
        box.setDefaultButton(go_on)
        box.setEscapeButton(go_on)
        box.finished.connect(self._answered)
        box.open()

    @Slot()
    def _answered(self) -> None:
        box, self._question = self._question, None
        if box is not None:
            box.deleteLater()
