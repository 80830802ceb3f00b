"""The storage window: what is kept on this computer, how much of the space it takes, and letting go of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QSortFilterProxyModel, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import set_apart, tr, tr_n
from viewer.media.clip_files import Clip
from viewer.qt.kept_clips import Column, KeptClipsModel
from viewer.qt.roles import Role
from viewer.qt.store_controller import StoreContents, StoreController
from viewer.ui.buttons import close_button, dialog_button
from viewer.ui.fonts import font
from viewer.ui.reveal import reveal
from viewer.ui.screen_room import open_size
from viewer.ui.text import failure_line, size_text

_DAY_S = 86_400


class StorageDialog(QDialog):
    """Opened with ``open()``. ``titles`` are the notes' by video id; ``own_folder`` is where clips are kept by default."""

    def __init__(
        self,
        store: StoreController,
        titles: Mapping[str, str],
        own_folder: Path,
        set_budget: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("storageDialog")
        self.setWindowTitle(tr("Storage"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_size(self, 860, 600)
        self._store = store
        self._titles = titles
        self._own_folder = own_folder
        self._set_budget = set_budget
        self.contents: StoreContents | None = None
        self.model = KeptClipsModel(
            {
                Column.NOTE: tr("Note"),
                Column.CLIP: tr("Clip"),
                Column.QUALITY: tr("Picture"),
                Column.SIZE: tr("Size"),
                Column.PLAYED: tr("Last played"),
                Column.PINNED: tr("Stays"),
            },
            {"whole": tr("Whole video"), "pinned": tr("pinned")},
            size_text,
            self._time_words,
            self,
        )
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(Role.SORT)
        self._build_labels()
        self._build_view()
        self._build_buttons()
        self._arrange()
        store.contentsRead.connect(self._show)
        store.changed.connect(store.read_contents)
        store.failed.connect(self._fail)
        store.moveProgressed.connect(self._moving)
        store.moved.connect(self._moved)
        store.moveEnded.connect(self._move_ended)
        self._update_buttons()
        self.close_button.setFocus()
        store.read_contents()

    # -- building --------------------------------------------------------------------------------------------

    def _build_labels(self) -> None:
        self.title = QLabel(tr("Storage"), self)
        self.title.setFont(font(20, bold=True))
        self.usage = QLabel(self)
        self.usage.setFont(font(13))
        self.bar = QProgressBar(self)
        self.bar.setObjectName("storageBar")
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Used space"))
        self.place = QLabel(self)
        self.place.setTextFormat(Qt.TextFormat.PlainText)
        self.place.setFont(font(12))
        self.place.setProperty("role", "soft")
        self.place.setWordWrap(True)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.trouble = QLabel(self)
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.setObjectName("storageTrouble")
        self.trouble.setFont(font(13))
        self.trouble.setWordWrap(True)
        self.trouble.hide()

    def _build_view(self) -> None:
        self.view = QTreeView(self)
        self.view.setObjectName("keptClipsView")
        self.view.setAccessibleName(tr("Kept clips"))
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)
        self.view.setAllColumnsShowFocus(True)
        self.view.setSortingEnabled(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setFont(font(13))
        self.view.setModel(self._sorted)
        self.view.sortByColumn(Column.NOTE, Qt.SortOrder.AscendingOrder)
        header = self.view.header()
        header.setFont(font(12, bold=True))
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(Column.NOTE, QHeaderView.ResizeMode.Stretch)
        self.view.selectionModel().selectionChanged.connect(self._update_buttons)

    def _button(self, words: str, hint: str, act: Callable[[], object]) -> QPushButton:
        return dialog_button(words, "outline", self, act, hint)

    def _build_buttons(self) -> None:
        self.remove = self._button(tr("Remove"), tr("Delete the chosen clips from the disk"), self._remove)
        self.pin = self._button(
            tr("Pin"),
            tr("The chosen clips stay, whatever space is needed"),
            lambda: self._pin(True),
        )
        self.unpin = self._button(
            tr("Unpin"),
            tr("The chosen clips may go when space is needed"),
            lambda: self._pin(False),
        )
        self.show_file = self._button(
            tr("Show in folder"), tr("Show the file in the file manager"), self._reveal
        )
        self.clear = self._button(tr("Clear all…"), tr("Delete kept clips from the disk"), self._ask_clear)
        self.move_button = self._button(tr("Move…"), tr("Keep the clips in another folder"), self._ask_folder)
        self.home = self._button(
            tr("Move back"),
            tr("Keep the clips in the program's own folder again"),
            lambda: self._store.move_to(self._own_folder),
        )
        self.stop_move = self._button(
            tr("Stop moving"),
            tr("What is moved already stays in the new folder"),
            self._store.cancel_move,
        )
        self.budget = self._button(
            tr("Change the limit…"), tr("How much space clips may take"), self._set_budget
        )
        self.close_button = close_button(self)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(self.title)
        first = QHBoxLayout()
        first.addWidget(self.usage, 1)
        first.addWidget(self.budget)
        column.addLayout(first)
        column.addWidget(self.bar)
        second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.place, 1)
        for button in (self.home, self.stop_move, self.move_button):
            second.addWidget(button)
        column.addLayout(second)
        column.addWidget(self.view, 1)
        column.addWidget(self.trouble)
        third = QHBoxLayout()
        third.setSpacing(8)
        for button in (self.remove, self.pin, self.unpin, self.show_file):
            third.addWidget(button)
        third.addStretch(1)
        third.addWidget(self.clear)
        third.addWidget(self.close_button)
        column.addLayout(third)

    # -- showing ---------------------------------------------------------------------------------------------

    def _time_words(self, seconds: float) -> str:
        days = int(time.time() // _DAY_S) - int(seconds // _DAY_S)
        if days <= 0:
            return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(seconds)).time(), "HH:mm")
        return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(seconds)).date(), tr("d MMM yyyy"))

    def _show(self, contents: StoreContents) -> None:
        chosen = {clip.path for clip in self.chosen()}
        self.contents = contents
        self.model.set_clips(contents.clips, self._titles)
        selection = self.view.selectionModel()
        for row in range(self._sorted.rowCount()):
            index = self._sorted.index(row, 0)
            if self.model.clip(self._sorted.mapToSource(index).row()).path in chosen:
                selection.select(index, selection.SelectionFlag.Select | selection.SelectionFlag.Rows)
        count = len(contents.clips)
        clips = tr_n("{n} clip", "{n} clips", count).format(n=count)
        words = tr("{used} of {budget} used by {clips}").format(
            used=size_text(contents.used_bytes), budget=size_text(contents.budget_bytes), clips=clips
        )
        if contents.pinned_bytes:
            words += tr(", {size} of it pinned").format(size=size_text(contents.pinned_bytes))
        self.usage.setText(words)
        share = contents.used_bytes / contents.budget_bytes if contents.budget_bytes else 1.0
        self.bar.setValue(round(1000 * min(1.0, share)))
        place = tr("Kept in {folder}").format(folder=set_apart(str(contents.folder)))
        if contents.free_bytes is not None:
            place += tr(" ({size} free on this disk)").format(size=size_text(contents.free_bytes))
        self.place.setText(place)
        self._update_buttons()

    def _update_buttons(self, *_: object) -> None:
        chosen, moving = self.chosen(), self._store.moving
        self.remove.setEnabled(bool(chosen) and not moving)
        self.pin.setEnabled(any(not clip.pinned for clip in chosen) and not moving)
        self.unpin.setEnabled(any(clip.pinned for clip in chosen) and not moving)
        self.show_file.setEnabled(len(chosen) == 1)
        self.clear.setEnabled(self.model.rowCount() > 0 and not moving)
        self.move_button.setVisible(not moving)
        self.home.setVisible(not moving and self._store.folder != self._own_folder)
        self.stop_move.setVisible(moving)

    def chosen(self) -> list[Clip]:
        """The clips whose rows are selected."""
        rows = self.view.selectionModel().selectedRows()
        return [self.model.clip(self._sorted.mapToSource(index).row()) for index in rows]

    def _fail(self, error: object) -> None:
        self.trouble.setText(failure_line(error))
        self.trouble.show()

    # -- doing -----------------------------------------------------------------------------------------------

    def _remove(self) -> None:
        self.trouble.hide()
        self._store.remove(self.chosen())

    def _pin(self, pinned: bool) -> None:
        self.trouble.hide()
        self._store.set_pinned(self.chosen(), pinned)

    def _reveal(self) -> None:
        for clip in self.chosen()[:1]:
            if not reveal(clip.path):
                self.trouble.setText(
                    tr("No file manager could be opened. The file is {path}").format(path=clip.path)
                )
                self.trouble.show()

    def _ask_clear(self) -> None:
        contents = self.contents
        if contents is None:
            return
        loose = [clip for clip in contents.clips if not clip.pinned]
        pinned = len(contents.clips) - len(loose)
        box = QMessageBox(self)
        box.setObjectName("clearQuestion")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("Clear the storage"))
        box.setText(tr("Delete kept clips from the disk?"))
        box.setInformativeText(tr("They can be fetched again as long as the videos are there."))
        if loose:
            size = size_text(sum(clip.size_bytes for clip in loose))
            words = tr_n("Delete {n} clip ({size})", "Delete {n} clips ({size})", len(loose))
            if pinned:
                words = tr_n("Delete {n} not pinned ({size})", "Delete {n} not pinned ({size})", len(loose))
            words = words.format(n=len(loose), size=size)
            box.addButton(words, QMessageBox.ButtonRole.AcceptRole).clicked.connect(
                lambda: self._store.clear(pinned_too=False)
            )
        if pinned:
            words = tr("Delete all, pinned too ({size})").format(size=size_text(contents.used_bytes))
            box.addButton(words, QMessageBox.ButtonRole.DestructiveRole).clicked.connect(
                lambda: self._store.clear(pinned_too=True)
            )
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        cancel.setIcon(QIcon())
        box.setDefaultButton(cancel)
        for button in box.buttons():
            button.setProperty("kind", "outline")
            button.style().polish(button)
        box.open()

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, tr("Keep the clips in"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.move_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def move_to(self, folder: str) -> None:
        """Move every clip to this folder."""
        self.trouble.hide()
        self._store.move_to(Path(folder))
        self._update_buttons()
        self._moving(0.0)

    def _moving(self, fraction: float) -> None:
        self.bar.setValue(round(1000 * fraction))
        self.usage.setText(tr("Moving the clips: {n} %").format(n=int(100 * fraction)))

    def _moved(self, folder: Path) -> None:
        self.trouble.hide()

    def _move_ended(self) -> None:
        self._update_buttons()
