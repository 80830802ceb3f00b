"""Related notes and the health of the open one, for the details: worked out aside when that page is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.language import tr, tr_n
from viewer.domain.note import Note, Problem
from viewer.library.entries import NoteEntry
from viewer.library.related import Related, related
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.models import LibraryModel
from viewer.ui.details_view import RelationLine
from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow
from viewer.ui.reader_pane import DETAILS
from viewer.ui.text import DOT, date_text


@dataclass(frozen=True, slots=True)
class _Found:
    related: list[Related]
    oddities: tuple[Problem, ...]
    coverage: float | None


class RelatedNotes(QObject):
    """Asks once a note, and again when it is opened anew."""

    def __init__(
        self, window: MainWindow, desk: LibrarySession, library: LibraryModel, runner: JobRunner
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._runner = runner
        self._entry: NoteEntry | None = None
        self._note: Note | None = None
        self._job: Job | None = None
        desk.noteShown.connect(self._note_shown)
        window.reader.pageChanged.connect(lambda _: self._look())

    def _note_shown(self, note_id: int, note: Note) -> None:
        self._entry, self._note = self._library.entry(note_id), note
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._look()

    def _look(self) -> None:
        entry, note = self._entry, self._note
        if entry is None or note is None or self._window.reader.tabs.currentIndex() != DETAILS:
            return
        self._entry = self._note = None  # asked: not again for this note
        entries = self._library.entries

        def work(progress: Progress, cancel: CancelToken) -> _Found:
            from viewer.library.health import coverage, oddities

            return _Found(related(entry, entries, cancel=cancel), oddities(note), coverage(note))

        self._job = self._runner.start(Lane.ASK, work, entry.id)
        self._job.finished.connect(self._found)

    @Slot(object)
    def _found(self, job: Job) -> None:
        if job is not self._job or job.state is not JobState.SUCCEEDED:
            return
        self._job = None
        found: _Found = job.value
        details = self._window.reader.details
        details.show_related([line for one in found.related if (line := self._line(one)) is not None])
        details.show_health(self._health_words(found), found.oddities)

    def _line(self, one: Related) -> RelationLine | None:
        other = self._library.entry(one.note_id)
        if other is None:
            return None
        parts = [other.channel or "", date_text(other.published)]
        if one.people:
            parts.append(tr("with {people}").format(people=", ".join(one.people[:3])))
        if one.tags:
            parts.append(tr("tagged {tags}").format(tags=", ".join(one.tags[:4])))
        words = DOT.join(part for part in parts if part)
        beside = tr("Open in a second window")
        return RelationLine(words, other.title, f"note:{other.id}", beside, f"window:{other.id}")

    def _health_words(self, found: _Found) -> list[str]:
        words = []
        if found.coverage is not None:
            percent = round(found.coverage * 100)
            words.append(tr("The transcript covers about {n} % of the video.").format(n=percent))
        to_check = sum(model.to_check for model in self._window.side.lists.models.values())
        if to_check:
            quotes = tr_n(
                "{n} quote should be checked before it is printed.",
                "{n} quotes should be checked before they are printed.",
                to_check,
            )
            words.append(quotes.format(n=to_check))
        return words
