# ruff: noqa: N815 - signals carry Qt's camelCase
"""What one may ask the library besides opening and searching: who and what is named, what belongs together, its health."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.library.catalog import Catalog
from viewer.library.entries import RefreshProgress
from viewer.library.relations import Named, Suggestion
from viewer.library.search import SearchResult
from viewer.qt.jobs import Job, JobRunner, JobState, Lane

if TYPE_CHECKING:  # loaded when the report is asked for, not at the start
    from viewer.library.health import FileHealth, HealthReport

PEOPLE = "people"
"""Asked for as a kind: everybody who speaks."""

MOST_PASSAGES = 300
"""So many passages of one name are listed."""


class LibraryQuestions(QObject):
    """Asks the catalog off the GUI thread; every answer is a signal. All methods on the GUI thread."""

    namesFound = Signal(str, object)
    """kind (PEOPLE, a kind of mention, or empty for all mentions), list of Named"""
    kindsFound = Signal(object)
    """list of (kind, count)"""
    passagesFound = Signal(str, object)
    """query, SearchResult; an overtaken question says nothing"""
    suggestionFound = Signal(object, object)
    """note id, Suggestion or None; ``accepted`` says what the user answered"""
    answered = Signal(object)
    """note id: an answer of the user was kept"""
    healthProgressed = Signal(int, int)
    """done, total files"""
    healthFound = Signal(object)
    """HealthReport; None when it was stopped"""
    failed = Signal(object)
    """error of any question"""

    def __init__(self, runner: JobRunner, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._catalog = catalog
        self._passages: Job | None = None
        self._health: Job | None = None

    def ask_names(self, kind: str) -> None:
        """Who speaks (PEOPLE), or what is mentioned of one kind (empty: of all); ``namesFound`` follows."""
        catalog = self._catalog

        def work(progress: Progress, cancel: CancelToken) -> list[Named]:
            return catalog.people() if kind == PEOPLE else catalog.mentions(kind or None)

        self._runner.start(Lane.ASK, work, kind).finished.connect(self._names_done)

    def ask_kinds(self) -> None:
        """The kinds of mentions; ``kindsFound`` follows."""
        catalog = self._catalog

        def work(progress: Progress, cancel: CancelToken) -> list[tuple[str, int]]:
            return catalog.mention_kinds()

        self._runner.start(Lane.ASK, work).finished.connect(self._kinds_done)

    def ask_passages(self, query: str) -> None:
        """Search for ``query``; ``passagesFound`` follows, unless another is asked for before."""
        catalog = self._catalog
        if self._passages is not None:
            self._passages.cancel()

        def work(progress: Progress, cancel: CancelToken) -> SearchResult:
            return catalog.search(query, MOST_PASSAGES, cancel)

        self._passages = self._runner.start(Lane.ASK, work, query)
        self._passages.finished.connect(self._passages_done)

    def ask_suggestion(self, note_id: int) -> None:
        """The video that a note without an address may speak of; ``suggestionFound`` follows."""
        catalog = self._catalog

        def work(progress: Progress, cancel: CancelToken) -> Suggestion | None:
            # As its file says: a note that names a video needs no other's, and most do.
            entry = catalog.asked(lambda: catalog.store.entry(note_id), None)
            if entry is None or entry.video_ids or catalog.user.address(entry.path) is not None:
                return None
            found = catalog.suggestions(refused=True)
            return next((one for one in found if one.note_id == note_id), None)

        self._runner.start(Lane.ASK, work, note_id).finished.connect(self._suggestion_done)

    def answer(self, note_id: int, video_id: str, accepted: bool | None) -> None:
        """Keep the user's answer to a suggestion (None takes it back); ``answered`` follows."""
        catalog = self._catalog

        def work(progress: Progress, cancel: CancelToken) -> None:
            catalog.answer(note_id, video_id, accepted)

        self._runner.start(Lane.ASK, work, note_id).finished.connect(self._answer_done)

    def ask_health(self, folders: Sequence[Path]) -> None:
        """Look through these folders; ``healthProgressed`` and ``healthFound`` follow."""
        catalog, wanted = self._catalog, list(folders)
        self.stop_health()

        def work(progress: Progress, cancel: CancelToken) -> HealthReport:
            from viewer.library.health import HealthReport

            files: list[FileHealth] = []
            for folder in wanted:
                files += catalog.health(folder, progress, cancel).files
            return HealthReport(tuple(files))

        self._health = self._runner.start(Lane.INDEX, work)
        self._health.progressed.connect(self._health_told)
        self._health.finished.connect(self._health_done)

    def stop_health(self) -> None:
        """Stop looking through the folders."""
        if self._health is not None:
            self._health.cancel()

    @Slot(object)
    def _names_done(self, job: Job) -> None:
        if self._well(job):
            self.namesFound.emit(job.subject, job.value)

    @Slot(object)
    def _kinds_done(self, job: Job) -> None:
        if self._well(job):
            self.kindsFound.emit(job.value)

    @Slot(object)
    def _passages_done(self, job: Job) -> None:
        if job is self._passages:
            self._passages = None
        if self._well(job):
            self.passagesFound.emit(job.subject, job.value)

    @Slot(object)
    def _suggestion_done(self, job: Job) -> None:
        if self._well(job):
            self.suggestionFound.emit(job.subject, job.value)

    @Slot(object)
    def _answer_done(self, job: Job) -> None:
        if self._well(job):
            self.answered.emit(job.subject)

    @Slot(object)
    def _health_told(self, value: object) -> None:
        if isinstance(value, RefreshProgress):
            self.healthProgressed.emit(value.done, value.total)

    @Slot(object)
    def _health_done(self, job: Job) -> None:
        if job is self._health:
            self._health = None
            self.healthFound.emit(job.value if self._well(job) else None)

    def _well(self, job: Job) -> bool:
        if job.state is JobState.FAILED:
            self.failed.emit(job.error)
        return job.state is JobState.SUCCEEDED
