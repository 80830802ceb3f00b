"""The window for taking an outline out: a few choices, then how far it is, then where it lies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
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
from viewer.domain.cited_quote import Outline
from viewer.qt.taking_out import Order, TakenOut, TakeOutKind, TakeOutProgress, TakingOut, Wanted
from viewer.ui.buttons import close_button, text_button
from viewer.ui.fonts import font
from viewer.ui.reveal import reveal
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


class TakeOutDialog(QDialog):
    """Shown beside the window with ``show()``. Closed while it works, it stops."""

    def __init__(
        self,
        kind: TakeOutKind,
        title: str,
        outline: Outline,
        taking: TakingOut,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("takeOutDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr(_TITLES[kind]))
        self.setMinimumWidth(460)
        self.kind = kind
        self._title = title
        self._outline = outline
        self._taking = taking
        self._settings = settings
        self._made: Path | None = None
        self._build()
        taking.setParent(self)
        taking.counted.connect(self._show_wanted)
        taking.progressed.connect(self._show_progress)
        taking.done.connect(self._done)
        taking.failed.connect(self._fail)
        taking.ended.connect(self._ended)
        self._turn(working=False)
        taking.count(outline)

    # -- building --------------------------------------------------------------------------------------------

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

    def _button(self, words: str, kind: str, act: Callable[[], object]) -> QPushButton:
        button = text_button(words, kind, self)
        button.setFont(font(13))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: act())
        return button

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(self._label(tr(_TITLES[self.kind]), 20, bold=True))
        column.addWidget(self._label(self._title, 14, bold=True))
        column.addWidget(self._label(tr(_EXPLAINED[self.kind]), 13, soft=True))
        self.wanted = self._label(tr("Looking at the clips…"), 13)
        self.wanted.setObjectName("takeOutWanted")
        column.addWidget(self.wanted)
        self.choices = QWidget(self)
        self._build_choices(self.choices)
        self.choices.setVisible(self.kind is TakeOutKind.FILM)
        column.addWidget(self.choices)
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
        self.start_button = self._button(tr("Choose where…"), "primary", self.choose)
        self.start_button.setDefault(True)
        self.stop_button = self._button(tr("Stop"), "outline", self._taking.cancel)
        self.show_button = self._button(tr("Show in folder"), "primary", self._reveal)
        self.close_button = close_button(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.start_button, self.stop_button, self.show_button, self.close_button):
            row.addWidget(button)
        column.addSpacing(6)
        column.addLayout(row)

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
        self.start_button.setVisible(not working and not done)
        self.stop_button.setVisible(working)
        self.show_button.setVisible(done and not working)
        self.close_button.setVisible(not working)
        self.bar.setVisible(working)
        self.choices.setVisible(self.kind is TakeOutKind.FILM and not working and not done)
        self.wanted.setVisible(not done)
        self.state.setVisible(bool(self.state.text()))
        if working:
            self.stop_button.setFocus()
        elif done:
            self.show_button.setFocus()
        layout = self.layout()
        if layout is not None:
            layout.activate()
            width = max(self.width(), self.minimumWidth())
            self.resize(width, layout.totalHeightForWidth(width))

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
    def _show_progress(self, told: TakeOutProgress) -> None:
        self.bar.setValue(round(told.fraction * 1000))
        if told.fetching:
            words = tr("Fetching clip {n} of {total}…")
        elif told.number >= told.total and self.kind is TakeOutKind.FILM:
            words = tr("Joining the film…")
        else:
            words = tr("Making part {n} of {total}…")
        self._say(words.format(n=told.number, total=told.total))

    def _say(self, words: str, *, trouble: bool = False) -> None:
        self.state.setObjectName("takeOutTrouble" if trouble else "takeOutState")
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)
        self.state.setText(words)
        self.state.setVisible(bool(words))

    # -- doing -----------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask where to, and begin."""
        dialog = QFileDialog(self, tr(_TITLES[self.kind]))
        dialog.setObjectName("takeOutTarget")
        start = self._settings.get("export.folder") or QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.MoviesLocation
        )
        if Path(start).is_dir():
            dialog.setDirectory(start)
        if self.kind is TakeOutKind.FILM:
            from viewer.export.safe_names import folder_name

            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setNameFilter(tr("Video (*.mp4)"))
            dialog.setDefaultSuffix("mp4")
            dialog.selectFile(f"{folder_name(self._title)}.mp4")
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self.start(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
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

    @Slot(object)
    def _done(self, made: TakenOut) -> None:
        self._made = made.path
        if made.kind is not TakeOutKind.FILM:
            self._say(tr("Saved in {folder}").format(folder=made.path.parent.name))
            return
        facts = [length_text(made.duration_ms), size_text(made.size_bytes)]
        if made.encoded:
            count = made.encoded
            facts.append(tr_n("{n} clip encoded anew", "{n} clips encoded anew", count).format(n=count))
        elif made.copied:
            facts.append(tr("no clip encoded anew"))
        self._say(tr("Saved as {name}").format(name=made.path.name) + "\n" + DOT.join(facts))

    @Slot(object)
    def _fail(self, error: object) -> None:
        if isinstance(error, ViewerError):
            self._say(f"{error.message}\n{error.advice}".strip(), trouble=True)
        else:
            self._say(tr("Something went wrong inside Soundbite; the log has the details."), trouble=True)
        self.start_button.setText(tr("Try again…"))

    @Slot()
    def _ended(self) -> None:
        if self._made is None and not self.state.text().strip():
            self._say("")
        if self.bar.isVisible() and self._made is None and self.start_button.text() != tr("Try again…"):
            self._say(tr("Stopped. Nothing was written."))
        self._turn(working=False)

    def _reveal(self) -> None:
        if self._made is not None:
            reveal(self._made)

    def reject(self) -> None:
        """Esc: stop what runs first, then close."""
        if self._taking.busy:
            self._taking.cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._taking.cancel()
        super().closeEvent(event)
