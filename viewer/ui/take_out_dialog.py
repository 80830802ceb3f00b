"""The window for taking an outline out: a few choices, then how far it is, then where it lies."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.base.language import tr, tr_n, tr_noop
from viewer.base.settings import Settings
from viewer.domain.cited_quote import Outline
from viewer.domain.timestamp import format_timestamp
from viewer.qt.taking_out import Order, TakenOut, TakeOutKind, TakeOutProgress, TakingOut, Wanted
from viewer.ui.fonts import font
from viewer.ui.order_dialog import OrderDialog
from viewer.ui.text import DOT, length_text, size_text

_TITLES = {
    TakeOutKind.FILM: tr_noop("Make a film"),
    TakeOutKind.EDITING: tr_noop("Export for editing"),
    TakeOutKind.EVIDENCE: tr_noop("Evidence bundle"),
}
_EXPLAINED = {
    TakeOutKind.FILM: tr_noop(
        "One mp4 with a chapter for each clip. Clips of one size and codec are joined as they are; "
        "what does not fit is made to fit."
    ),
    TakeOutKind.EDITING: tr_noop(
        "A folder with the clips, and their order as EDL, FCPXML and OpenTimelineIO for Premiere, Final Cut Pro, "
        "DaVinci Resolve and others."
    ),
    TakeOutKind.EVIDENCE: tr_noop(
        "A folder with the clips as they were fetched, what was said around each quote, how true it is, where it comes "
        "from, and checksums of every file. Its page opens in any browser."
    ),
}
_CAPTIONS = {
    "none": tr_noop("No captions"),
    "track": tr_noop("A track that players can show or hide"),
    "burned-in": tr_noop("Part of the picture (takes longer)"),
}


class TakeOutDialog(OrderDialog):
    """Shown beside the window with ``show()``. Closed while it works, it asks."""

    show_kind = "primary"

    def __init__(
        self,
        kind: TakeOutKind,
        title: str,
        outline: Outline,
        taking: TakingOut,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr(_TITLES[kind]), taking, settings, 460, parent)
        self.setObjectName("takeOutDialog")
        self.kind = kind
        self._title = title
        self._outline = outline
        self._taking = taking
        self._build()
        taking.counted.connect(self._show_wanted)
        self._turn(working=False)
        taking.count(outline)

    # -- building --------------------------------------------------------------------------------------------

    def _build(self) -> None:
        column = self._column(10)
        column.addWidget(self._label(self._title, 14, bold=True))
        column.addWidget(self._label(tr(_EXPLAINED[self.kind]), 13, soft=True))
        self.wanted = self._label(tr("Looking at the clips…"), 13)
        self.wanted.setObjectName("takeOutWanted")
        column.addWidget(self.wanted)
        self.choices = QWidget(self)
        self._build_choices(self.choices)
        self.choices.setVisible(self.kind is TakeOutKind.FILM)
        column.addWidget(self.choices)
        self._add_foot(column)

    def _build_choices(self, box: QWidget) -> None:
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 6, 0, 6)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(12)
        words = QLabel(tr("Captions"), box)
        words.setFont(font(13))
        row.addWidget(words)
        self.captions = QComboBox(box)
        self.captions.setFont(font(13))
        self.captions.setAccessibleName(tr("Captions"))
        for value, name in _CAPTIONS.items():
            self.captions.addItem(tr(name), value)
        self.captions.setCurrentIndex(max(0, self.captions.findData(self._settings.get("film.captions"))))
        row.addWidget(self.captions, 1)
        column.addLayout(row)
        self.cards = QCheckBox(tr("A title card before each clip: who, where, when"), box)
        self.cards.setFont(font(13))
        self.cards.setChecked(bool(self._settings.get("film.cards")))
        column.addWidget(self.cards)

    # -- what is shown ---------------------------------------------------------------------------------------

    def _turn(self, *, working: bool) -> None:
        done = self._made is not None
        self.choices.setVisible(self.kind is TakeOutKind.FILM and not working and not done)
        self.wanted.setVisible(not done)
        super()._turn(working=working)
        self.start_button.setVisible(not working and not done)
        self._fit()

    @Slot(object)
    def _show_wanted(self, wanted: Wanted) -> None:
        words = [tr_n("{n} clip", "{n} clips", wanted.clips).format(n=wanted.clips)]
        if wanted.clips:
            words.append(length_text(wanted.duration_ms))
        missing = wanted.clips - wanted.kept
        if missing and self._settings.get("fetch.offline"):
            words.append(
                tr_n(
                    "{n} is not kept, and you work offline", "{n} are not kept, and you work offline", missing
                ).format(n=missing)
            )
        elif missing:
            words.append(tr_n("{n} is fetched first", "{n} are fetched first", missing).format(n=missing))
        self.wanted.setText(DOT.join(words))
        nothing = not wanted.clips and self.kind is TakeOutKind.EDITING
        self.start_button.setEnabled(not nothing)
        if nothing:
            self.wanted.setText(tr("There is no clip among these: nothing here has a time."))

    @Slot(object)
    def _progressed(self, told: TakeOutProgress) -> None:
        self.bar.setValue(round(told.fraction * 1000))
        if told.fetching:
            words = tr("Fetching clip {n} of {total}…")
        elif told.number >= told.total and self.kind is TakeOutKind.FILM:
            words = tr("Joining the film…")
        else:
            words = tr("Making part {n} of {total}…")
        self._say(words.format(n=told.number, total=told.total))

    # -- doing -----------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask where to, and begin."""
        dialog = self._ask("takeOutTarget", QStandardPaths.StandardLocation.MoviesLocation)
        if self.kind is TakeOutKind.FILM:
            self._ask_file(dialog, self._title, "mp4", tr("Video (*.mp4)"))
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.open()

    def start(self, target: Path) -> None:
        """Make it: the film as ``target``, the others in a new folder in it."""
        film = self.kind is TakeOutKind.FILM
        captions = str(self.captions.currentData())
        self._settings.set("export.folder", str(target.parent if film else target))
        if film:
            self._settings.set("film.captions", captions)
            self._settings.set("film.cards", self.cards.isChecked())
        self._say(tr("Looking at the clips…"))
        self.bar.setValue(0)
        self._turn(working=True)
        self._taking.start(
            Order(self.kind, self._title, self._outline, target, captions, self.cards.isChecked())
        )

    def _words_of(self, made: TakenOut) -> str:
        if made.kind is not TakeOutKind.FILM:
            return tr("Saved in {folder}").format(folder=made.path.parent.name)
        facts = [format_timestamp(made.duration_ms), size_text(made.size_bytes)]
        if made.encoded:
            count = made.encoded
            facts.append(tr_n("{n} clip encoded anew", "{n} clips encoded anew", count).format(n=count))
        elif made.copied:
            facts.append(tr("no clip encoded anew"))
        return tr("Saved as {name}").format(name=made.path.name) + "\n" + DOT.join(facts)

    @Slot(object)
    def _fail(self, error: object) -> None:
        super()._fail(error)
        self.start_button.setText(tr("Try again…"))
