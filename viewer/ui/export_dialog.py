"""The window "Export": what, in which form, and where to; then how far it is, then where it lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_n, tr_noop
from viewer.base.settings import Settings
from viewer.qt.exporting import Exported, Exporting, ExportOrder, Gather
from viewer.ui.buttons import close_button, text_button
from viewer.ui.fonts import font, serif_family
from viewer.ui.reveal import reveal

_TRANSCRIPT_NAMES = {
    "txt": tr_noop("Text"),
    "md": tr_noop("Markdown"),
    "srt": tr_noop("Captions (SRT)"),
    "vtt": tr_noop("Captions (WebVTT)"),
}


@dataclass(frozen=True, slots=True)
class ExportSource:
    """One thing that can be written: its id, its name in the list, the document's title, and how it is gathered."""

    id: str
    name: str
    title: str
    gather: Gather = field(repr=False)
    transcript: bool = False


class ExportDialog(QDialog):
    """Shown beside the window with ``show()``. Closed while it works, it stops."""

    def __init__(
        self,
        sources: Sequence[ExportSource],
        exporting: Exporting,
        settings: Settings,
        language: str,
        parent: QWidget | None = None,
    ) -> None:
        """``sources`` are what can be chosen, the first being what is meant."""
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Export"))
        self.setMinimumWidth(480)
        self._sources = list(sources)
        self._exporting = exporting
        self._settings = settings
        self._language = language
        self._made: Path | None = None
        self._build()
        exporting.setParent(self)
        exporting.progressed.connect(self._progressed)
        exporting.done.connect(self._done)
        exporting.failed.connect(self._fail)
        exporting.ended.connect(self._ended)
        self._turn(working=False)

    # -- building --------------------------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        heading = QLabel(tr("Export"), self)
        heading.setFont(font(20, bold=True))
        column.addWidget(heading)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.what = self._choice(form, tr("What"))
        for source in self._sources:
            self.what.addItem(source.name, source.id)
        self.form = self._choice(form, tr("Form"))
        self.what.currentIndexChanged.connect(self._fill_forms)
        column.addLayout(form)
        self._fill_forms()
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far it is"))
        column.addWidget(self.bar)
        self.state = QLabel(self)
        self.state.setObjectName("takeOutState")
        self.state.setFont(font(13))
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.state)
        column.addStretch(1)
        self.start_button = self._button(tr("Choose where…"), "primary", self.choose)
        self.start_button.setDefault(True)
        self.stop_button = self._button(tr("Stop"), "outline", self._exporting.cancel)
        self.show_button = self._button(tr("Show in folder"), "outline", self._reveal)
        self.close_button = close_button(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.show_button, self.start_button, self.stop_button, self.close_button):
            row.addWidget(button)
        column.addLayout(row)

    def _choice(self, form: QFormLayout, words: str) -> QComboBox:
        label = QLabel(words, self)
        label.setFont(font(13))
        box = QComboBox(self)
        box.setFont(font(13))
        box.setAccessibleName(words)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(18)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        label.setBuddy(box)
        form.addRow(label, box)
        return box

    def _button(self, words: str, kind: str, act: Callable[[], object]) -> QPushButton:
        button = text_button(words, kind, self)
        button.setFont(font(13))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: act())
        return button

    @property
    def source(self) -> ExportSource:
        """What is chosen."""
        return self._sources[max(0, self.what.currentIndex())]

    def _fill_forms(self) -> None:
        """Offer the forms that fit what is chosen, the one that was used last chosen."""
        from viewer.export.writing import FORMATS

        self.form.clear()
        if self.source.transcript:
            forms, key = list(_TRANSCRIPT_NAMES.items()), "export.transcript_format"
        else:
            forms, key = [(one.id, one.name) for one in FORMATS], "export.format"
        for form_id, name in forms:
            self.form.addItem(tr(name), form_id)
        self.form.setCurrentIndex(max(0, self.form.findData(self._settings.get(key))))

    # -- doing -----------------------------------------------------------------------------------------------

    def _suffix(self) -> str:
        from viewer.export.writing import format_by_id

        form_id = str(self.form.currentData())
        return form_id if self.source.transcript else format_by_id(form_id).suffix

    def choose(self) -> None:
        """Ask for the file, and begin."""
        from viewer.export.safe_names import folder_name

        suffix = self._suffix()
        dialog = QFileDialog(self, tr("Export"))
        dialog.setObjectName("exportTarget")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        folder = self._settings.get("export.folder") or QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        if Path(folder).is_dir():
            dialog.setDirectory(folder)
        dialog.setNameFilter(f"{self.form.currentText()} (*.{suffix})")
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"{folder_name(self.source.title)}.{suffix}")
        dialog.fileSelected.connect(lambda path: self.start(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def start(self, target: Path) -> None:
        """Write what is chosen to ``target``."""
        source, form_id = self.source, str(self.form.currentData())
        self._settings.set("export.folder", str(target.parent))
        self._settings.set("export.transcript_format" if source.transcript else "export.format", form_id)
        self._made = None
        self._say(tr("Writing {name}…").format(name=target.name))
        self.bar.setRange(0, 0)
        self._turn(working=True)
        self._exporting.start(
            ExportOrder(source.title, form_id, target, source.gather, self._language, serif_family())
        )

    @Slot(float)
    def _progressed(self, fraction: float) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(fraction * 1000))

    @Slot(object)
    def _done(self, made: Exported) -> None:
        self._made = made.path
        words = tr("Saved as {name}").format(name=made.path.name)
        if made.quotes:
            words += "\n" + tr_n("{n} quote", "{n} quotes", made.quotes).format(n=made.quotes)
        self._say(words)

    @Slot(object)
    def _fail(self, error: object) -> None:
        if isinstance(error, ViewerError):
            self._say(f"{error.message}\n{error.advice}".strip(), trouble=True)
        else:
            self._say(tr("Something went wrong inside Soundbite; the log has the details."), trouble=True)

    @Slot()
    def _ended(self) -> None:
        if self._made is None and self.state.objectName() != "takeOutTrouble":
            self._say(tr("Stopped. Nothing was written."))
        self._turn(working=False)

    # -- what is shown ---------------------------------------------------------------------------------------

    def _say(self, words: str, *, trouble: bool = False) -> None:
        self.state.setObjectName("takeOutTrouble" if trouble else "takeOutState")
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)
        self.state.setText(words)

    def _turn(self, *, working: bool) -> None:
        done = self._made is not None
        self.start_button.setVisible(not working)
        self.stop_button.setVisible(working)
        self.show_button.setVisible(done and not working)
        self.close_button.setVisible(not working)
        self.bar.setVisible(working)
        self.what.setEnabled(not working)
        self.form.setEnabled(not working)
        self.state.setVisible(bool(self.state.text()))
        if working:
            self.stop_button.setFocus()
        elif done:
            self.show_button.setFocus()

    def _reveal(self) -> None:
        if self._made is not None:
            reveal(self._made)

    def reject(self) -> None:
        """Esc: stop what runs first, then close."""
        if self._exporting.busy:
            self._exporting.cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._exporting.cancel()
        super().closeEvent(event)
