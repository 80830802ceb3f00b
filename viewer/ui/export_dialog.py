"""The window "Export": what, in which form, and where to; then how far it is, then where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QSizePolicy, QWidget

from viewer.base.language import tr, tr_n, tr_noop
from viewer.base.settings import Settings
from viewer.qt.exporting import Exported, Exporting, ExportOrder, Gather
from viewer.ui.fonts import font, serif_family
from viewer.ui.order_dialog import OrderDialog

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


class ExportDialog(OrderDialog):
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
        super().__init__(tr("Export"), exporting, settings, 480, parent)
        self.setObjectName("exportDialog")
        self._sources = list(sources)
        self._exporting = exporting
        self._language = language
        column = self._column(12)
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
        self._add_foot(column)
        self._turn(working=False)

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
        suffix = self._suffix()
        dialog = self._ask("exportTarget", QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = f"{self.form.currentText()} (*.{suffix})"
        self._ask_file(dialog, self.source.title, suffix, kinds)
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

    @Slot(object)
    def _progressed(self, fraction: float) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(fraction * 1000))

    def _words_of(self, made: Exported) -> str:
        words = tr("Saved as {name}").format(name=made.path.name)
        if made.quotes:
            words += "\n" + tr_n("{n} quote", "{n} quotes", made.quotes).format(n=made.quotes)
        return words

    def _turn(self, *, working: bool) -> None:
        self.what.setEnabled(not working)
        self.form.setEnabled(not working)
        super()._turn(working=working)
