# ruff: noqa: N802 - Qt's own names
"""A preference that names a folder: written, chosen in a dialog, or emptied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from viewer.base.language import tr
from viewer.ui.buttons import text_button
from viewer.ui.fonts import font


class FolderRow(QWidget):
    """Calls ``take`` with the folder's path; with an empty text for none."""

    def __init__(self, folder: str, take: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._take = take
        self.line = QLineEdit(folder, self)
        self.line.setFont(font(13))
        self.line.setPlaceholderText(tr("No folder"))
        self.line.setClearButtonEnabled(False)
        self.choose = text_button(tr("Choose…"), "outline", self)
        self.choose.setAutoDefault(False)
        self.choose.setToolTip(tr("Choose a folder"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.choose)
        self.line.editingFinished.connect(lambda: take(self.line.text().strip()))
        self.choose.clicked.connect(self._ask)
        self.setFocusProxy(self.line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def _ask(self) -> None:
        dialog = QFileDialog(self, tr("Choose a folder"), self.line.text())
        dialog.setObjectName("folderDialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.set_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def set_folder(self, folder: str) -> None:
        """Use this folder."""
        self.line.setText(folder)
        self._take(folder)
