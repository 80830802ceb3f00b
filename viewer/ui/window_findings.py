"""In the second windows: how true the quotes are, and the reader's own marks, as they are now. They are changed in the main one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.domain.anchoring import AnchorFinder
from viewer.domain.mark import Mark
from viewer.domain.transcript import Transcript
from viewer.domain.video import VideoRef
from viewer.library.catalog import Catalog
from viewer.library.journal import Change
from viewer.qt.clip_controller import ClipController
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.mark_rows import mark_of
from viewer.qt.marks_controller import MarksController, Places
from viewer.qt.quote_checks_controller import QuoteChecksController
from viewer.qt.timed_rows import RowKind, TimedRow
from viewer.ui.note_window import NoteWindow
from viewer.ui.own_marks import stretches
from viewer.ui.quote_check_view import QuoteCheckView
from viewer.ui.quote_words import compared_transcript
from viewer.ui.reader_pane import TRANSCRIPT
from viewer.ui.theme import ThemeManager

if TYPE_CHECKING:
    from viewer.library.quotes import NoteCheck

_AFTER_PAINTING_MS = 100
"""A note is read before its quotes are judged: that computes for up to half a second."""


@dataclass(slots=True)
class _Open:
    """A window, its note's id, what was found out about its quotes, and the newest reading of its marks."""

    note_id: int
    found: NoteCheck | None = None
    reading: Job | None = None


class WindowFindings(QObject):
    """Serves every second window for as long as it is open."""

    def __init__(
        self,
        catalog: Catalog,
        runner: JobRunner,
        clips: ClipController,
        marks: MarksController,
        checks: QuoteChecksController,
        themes: ThemeManager,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._runner = runner
        self._clips = clips
        self._checks = checks
        self._themes = themes
        self._open: dict[NoteWindow, _Open] = {}
        marks.changed.connect(self._marks_changed)
        checks.fetched.connect(self._captions_came)

    def add(self, window: NoteWindow, note_id: int) -> None:
        """Show in ``window`` what is known and what becomes known of its note, until it is closed."""
        self._open[window] = _Open(note_id)
        window.gone.connect(self._gone)
        window.lists.untimedActivated.connect(partial(self._show_words, window))
        window.lists.comparisonWanted.connect(partial(self._compare, window))
        self._read_marks(window)
        QTimer.singleShot(_AFTER_PAINTING_MS, window, lambda: self._judge(window))

    def _gone(self, window: NoteWindow) -> None:
        gone = self._open.pop(window, None)
        if gone is not None and gone.reading is not None:
            gone.reading.cancel()

    # -- how true the quotes are -----------------------------------------------------------------------------

    def _judge(self, window: NoteWindow) -> None:
        opened = self._open.get(window)
        if opened is None:
            return
        catalog, kept, note_id = self._catalog, self._checks.store.find, opened.note_id

        def work(progress: Progress, cancel: CancelToken) -> NoteCheck | None:
            try:
                return catalog.check(note_id, kept=kept)
            except KeyError:
                return None  # it left the library

        self._runner.start(Lane.ASK, work, window).finished.connect(self._judged)

    @Slot(object)
    def _judged(self, job: Job) -> None:
        window = job.subject
        if job.state is not JobState.SUCCEEDED or window not in self._open or job.value is None:
            return
        if window.show_checks(job.value):
            self._open[window].found = job.value
            self._show_states(window)
            self._read_marks(window)

    @Slot(object, object)
    def _captions_came(self, video: VideoRef, captions: object) -> None:
        for window in self._open:
            if window.note is not None and video in window.note.videos:
                self._judge(window)

    def _compare(self, window: NoteWindow, row: TimedRow) -> None:
        found = self._open[window].found
        if found is None or row.check is None:
            return
        for before in window.findChildren(QuoteCheckView):
            before.close()
        transcript = compared_transcript(found, row.check)
        view = QuoteCheckView(row, row.check, transcript, self._themes, window)
        view.segmentActivated.connect(window.segmentWanted)

        def step(by: int) -> None:
            following = window.lists.choose(by)
            if following is not None:
                self._compare(window, following)

        view.stepWanted.connect(step)
        view.show()

    # -- the reader's own marks ------------------------------------------------------------------------------

    @Slot(object, object)
    def _marks_changed(self, change: Change, direction: object) -> None:
        for window in self._open:
            if window.path in change.note_paths:
                self._read_marks(window)

    def _read_marks(self, window: NoteWindow) -> None:
        opened, store, path = self._open[window], self._catalog.marks, window.path
        transcript = window.note.transcript if window.note is not None else Transcript()

        def work(progress: Progress, cancel: CancelToken) -> tuple[tuple[Mark, ...], Places]:
            marks = store.for_note(path)
            finder = AnchorFinder(transcript) if marks and transcript.cues else None
            places: Places = {}
            for mark in marks:
                cancel.raise_if_cancelled()
                if finder is not None and mark.anchor is not None:
                    places[mark.id] = finder.find(mark.anchor, mark.segment)
            return marks, places

        if opened.reading is not None:
            opened.reading.cancel()
        opened.reading = self._runner.start(Lane.ASK, work, (window, transcript))
        opened.reading.finished.connect(self._marks_read)

    @Slot(object)
    def _marks_read(self, job: Job) -> None:
        window, transcript = job.subject
        opened = self._open.get(window)
        if opened is None or opened.reading is not job:
            return
        opened.reading = None
        if job.state is not JobState.SUCCEEDED:
            return
        marks, places = job.value
        window.lists.marks.set_marks(marks, {mark_id: place is None for mark_id, place in places.items()})
        window.lists.count_marks()
        window.reader.transcript.set_own_marks(stretches(marks, places, transcript))
        window.lists.views[RowKind.MARK].scheduleDelayedItemsLayout()
        self._show_states(window)

    def _show_states(self, window: NoteWindow) -> None:
        """What is kept of the clips of its rows, some of which are new."""
        segments = window.lists.segments()
        for segment in segments:
            window.lists.set_clip_state(segment, self._clips.state(segment))
        self._clips.look_up(segments)

    def _show_words(self, window: NoteWindow, row: TimedRow) -> None:
        mark = mark_of(row)
        place = window.reader.transcript.own.row_of(mark.id) if mark is not None else None
        if place is not None:
            window.reader.tabs.setCurrentIndex(TRANSCRIPT)
            window.reader.transcript.show_row(place)
