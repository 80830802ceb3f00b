"""The health report in a window: what was understood of every note, and what looks wrong. It edits nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import tr, tr_n
from viewer.library.health import HealthReport
from viewer.qt.health_model import PATH_ROLE, PROBLEM_ROLE, HealthModel
from viewer.qt.library_questions import LibraryQuestions
from viewer.ui.buttons import close_button, text_button
from viewer.ui.fonts import font
from viewer.ui.screen_room import open_size
from viewer.ui.text import DOT, count_text

_FEW = 200
"""Up to so many notes are shown with their problems unfolded."""


class HealthTree(QTreeView):
    """Enter or a double click opens a note at what looks wrong."""

    chosen = Signal(QModelIndex)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("healthView")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(False)
        self.doubleClicked.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class HealthDialog(QDialog):
    """Begins to look when it is opened; can be stopped, and asked to look again."""

    noteWanted = Signal(str, object)
    """path of a note, the Problem in it or None"""

    def __init__(
        self, questions: LibraryQuestions, folders: Sequence[Path], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("healthDialog")
        self.setWindowTitle(tr("Library health"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_size(self, 900, 640)
        self._questions = questions
        self._folders = list(folders)
        self.title = QLabel(tr("Library health"), self)
        self.title.setFont(font(20, bold=True))
        self.totals = QLabel(self)
        self.totals.setObjectName("healthTotals")
        self.totals.setWordWrap(True)
        self.totals.setFont(font(14))
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "soft")
        self.words.setFont(font(12))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName(tr("Looking through the notes"))
        self.only = QCheckBox(tr("Only notes in which something looks wrong"), self)
        self.only.setChecked(True)
        self.only.setToolTip(tr("Leave out the notes in which every part was understood"))
        headings = (
            tr("Note"),
            tr("Clips"),
            tr("Highlights"),
            tr("Quotes"),
            tr("Points"),
            tr("Mentions"),
            tr("Lines"),
            tr("Problems"),
        )
        self.model = HealthModel(headings, tr("line {line}"), self)
        self.view = HealthTree(self)
        self.view.setAccessibleName(tr("Notes and what looks wrong in them"))
        self.view.setModel(self.model)
        self.again = text_button(tr("Stop"), "outline", self)
        self.again.setObjectName("healthAgain")
        self.again.setAutoDefault(False)
        self._build()
        self.again.clicked.connect(self._stop_or_again)
        self.only.toggled.connect(self._narrow)
        self.view.chosen.connect(self._choose)
        questions.healthProgressed.connect(self._progressed)
        questions.healthFound.connect(self._found)
        self.finished.connect(questions.stop_health)
        self._busy = False
        self._look()

    def _build(self) -> None:
        header = self.view.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, self.model.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, max(78, header.sectionSizeHint(column) + 8))
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(24, 20, 24, 16)
        column_.setSpacing(8)
        for widget in (self.title, self.totals, self.words, self.bar):
            column_.addWidget(widget)
        column_.addSpacing(4)
        column_.addWidget(self.only)
        column_.addWidget(self.view, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        hint = QLabel(
            tr(
                "Enter opens a note at what looks wrong. No file is ever changed. "
                "The same as JSON: soundbite check FOLDER --json"
            ),
            self,
        )
        hint.setWordWrap(True)
        hint.setProperty("role", "soft")
        hint.setFont(font(12))
        hint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        foot.addWidget(hint, 1)
        foot.addWidget(self.again)
        foot.addWidget(close_button(self))
        column_.addLayout(foot)

    def _look(self) -> None:
        self._set_busy(True)
        self.totals.setText(tr("Looking through the notes…"))
        self.words.setText("")
        self.bar.setRange(0, 0)
        self._questions.ask_health(self._folders)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.bar.setVisible(busy)
        words = tr("Stop") if busy else tr("Look again")
        self.again.setText(words)
        self.again.setAccessibleName(words)

    def _stop_or_again(self) -> None:
        if self._busy:
            self._questions.stop_health()
        else:
            self._look()

    def _progressed(self, done: int, total: int) -> None:
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.words.setText(
            tr("{done} of {total} notes").format(done=count_text(done), total=count_text(total))
        )

    def _found(self, report: HealthReport | None) -> None:
        self._set_busy(False)
        if report is None:
            self.totals.setText(tr("Looking was stopped."))
            self.words.setText(tr("“Look again” begins anew."))
            return
        self.model.set_report(report)
        totals = report.totals
        wrong = sum(1 for file in report.files if file.problems)
        notes = tr_n("{n} note", "{n} notes", totals["notes"]).format(n=count_text(totals["notes"]))
        self.totals.setText(
            tr("{notes}, in {n} of them something looks wrong").format(notes=notes, n=count_text(wrong))
            if wrong
            else tr("{notes}, every part of them was understood").format(notes=notes)
        )
        named = (
            (tr("clips"), "clips"),
            (tr("highlights"), "highlights"),
            (tr("quotes"), "quotes"),
            (tr("key points"), "key_points"),
            (tr("mentions"), "mentions"),
            (tr("transcript lines"), "cues"),
            (tr("sections"), "sections"),
            (tr("problems"), "problems"),
        )
        parts = [f"{words} {count_text(totals[name])}" for words, name in named]
        self.words.setText(DOT.join(parts))
        self._unfold()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _narrow(self, only: bool) -> None:
        self.model.set_only_problems(only)
        self._unfold()

    def _unfold(self) -> None:
        rows = self.model.rowCount()
        for row in range(rows):
            for problem in range(self.model.rowCount(self.model.index(row, 0))):
                self.view.setFirstColumnSpanned(problem, self.model.index(row, 0), True)
            if row >= _FEW:
                break
        if rows <= _FEW:
            self.view.expandAll()
        if rows:
            self.view.setCurrentIndex(self.model.index(0, 0))

    def _choose(self, index: QModelIndex) -> None:
        first = index.siblingAtColumn(0)
        path = first.data(PATH_ROLE)
        if path:
            self.noteWanted.emit(path, first.data(PROBLEM_ROLE))
