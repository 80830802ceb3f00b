"""Where the notes of added videos are saved: shown, asked for, remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from viewer.base.errors import ViewerError
from viewer.base.language import set_apart, tr
from viewer.base.settings import Settings
from viewer.qt.plain_words import plain_tip
from viewer.ui.buttons import dialog_button
from viewer.ui.fonts import font

_FOLDER = "library.add_folder"
_LEAST_ROOM = 120
_GAP = 8


class NoteFolder(QWidget):
    """The folder in words and the button that asks for another."""

    failed = Signal(object)
    """error: the choice could not be kept"""

    def __init__(self, settings: Settings, start_folder: Callable[[], str], parent: QWidget) -> None:
        """``start_folder`` is where the question for a folder begins while there is none."""
        super().__init__(parent)
        self._settings = settings
        self._start_folder = start_folder
        self._then: Callable[[], object] | None = None
        self.words = QLabel(self)
        self.words.setObjectName("addFolder")
        self.words.setFont(font(13))
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("role", "soft")
        self._choose = dialog_button(
            tr("Choose…"), "outline", self, self.ask, tr("Where new notes are saved")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.words, 1)
        row.addWidget(self._choose)
        self._show()

    @property
    def path(self) -> str:
        """The folder as it was chosen; empty while there is none."""
        folder: str = self._settings.get(_FOLDER)
        return folder

    def ask(self, then: Callable[[], object] | None = None) -> None:
        """Ask where new notes are saved; ``then`` is called when there is an answer."""
        self._then = then
        dialog = QFileDialog(self, tr("Save new notes in"), self.path or self._start_folder())
        dialog.setObjectName("addFolderDialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.rejected.connect(self._refused)
        dialog.open()

    def take(self, folder: str) -> None:
        """Save new notes here from now on."""
        try:
            self._settings.set(_FOLDER, str(Path(folder).absolute()))
        except ViewerError as error:
            self.failed.emit(error)
            return
        self._show()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _refused(self) -> None:
        self._then = None

    def _show(self) -> None:
        folder = self.path
        words = tr("Notes are saved in {folder}").format(folder=set_apart(folder))
        words = words if folder else tr("You are asked where notes are saved.")
        room = max(_LEAST_ROOM, self.width() - self._choose.sizeHint().width() - 2 * _GAP)
        shown = self.words.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, room)
        self.words.setText(shown)
        self.words.setToolTip(plain_tip(folder))
        self.words.setAccessibleName(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()
