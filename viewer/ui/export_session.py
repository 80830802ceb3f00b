"""Taking words out: "Copy as" on rows and hits, and the window "Export" for a note, a search, marks, a collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtWidgets import QMenu, QWidget

from viewer.base.cancel import CancelToken
from viewer.base.errors import ViewerError
from viewer.base.language import speaks, tr
from viewer.base.settings import Settings
from viewer.domain.cited_quote import CitedQuote, Outline, quotes_of
from viewer.domain.collection import CollectionItem
from viewer.domain.note import Note
from viewer.domain.transcript import Transcript
from viewer.library.catalog import Catalog
from viewer.library.search import SearchHit
from viewer.media.clip_store import ClipStore
from viewer.qt.jobs import JobRunner
from viewer.qt.taking_out import FetchesForTakingOut
from viewer.qt.timed_rows import TimedRow
from viewer.ui.copy_quote import CopyQuote, row_quote
from viewer.ui.main_window import MainWindow
from viewer.ui.marks_desk import MarksDesk
from viewer.ui.session import NoteSession

if TYPE_CHECKING:  # what judges quotes is loaded when it is asked, not at the start
    from viewer.library.quotes import Kept, NoteCheck
    from viewer.qt.exporting import Gather, TranscriptToWrite
    from viewer.ui.export_dialog import ExportDialog, ExportSource

_MOST_HITS = 10_000


class ExportSession(QObject):
    """Handlers of the actions ``export`` and ``copy_as``, and the way in for others: :meth:`export`."""

    def __init__(
        self,
        window: MainWindow,
        runner: JobRunner,
        store: ClipStore,
        fetcher: FetchesForTakingOut,
        session: NoteSession,
        catalog: Catalog,
        captions: Kept,
        settings: Settings,
        marks: MarksDesk,
    ) -> None:
        """``captions`` finds the kept captions of a video."""
        super().__init__(window)
        self._window = window
        self._runner = runner
        self._store = store
        self._fetcher = fetcher
        self._session = session
        self._catalog = catalog
        self._captions = captions
        self._settings = settings
        self._marks = marks
        self.copying = CopyQuote(window)
        window.side.lists.menuWanted.connect(self.fill_row_menu)
        window.results.menuWanted.connect(self.fill_hit_menu)
        marks.gathering.menuAboutToShow.connect(self.fill_collection_menu)
        window.actions_set.connect(self.handlers())

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {"export": self.open, "copy_as": self.copy_as}

    # -- copying ---------------------------------------------------------------------------------------------

    def _quote_of(self, row: TimedRow | None) -> CitedQuote | None:
        note = self._session.note
        if note is None or row is None:
            return None
        return row_quote(self._session.path, note, row)

    @Slot(object, QMenu)
    def fill_row_menu(self, row: TimedRow, menu: QMenu) -> None:
        """Add "Copy as" for a row of the open note."""
        self.copying.fill_menu(menu, lambda: self._quote_of(row))

    @Slot(object, QMenu)
    def fill_hit_menu(self, hit: SearchHit, menu: QMenu) -> None:
        """Add "Copy as" for what was found, and "Export…" for all of it."""

        def quote() -> CitedQuote | None:
            from viewer.export.outlines import hits_outline

            length = self._session.default_length_ms
            return next(iter(quotes_of(hits_outline([hit], self._note_at, length))), None)

        menu.addSeparator()
        self.copying.fill_menu(menu, quote)
        menu.addAction(tr("Export all that was found…")).triggered.connect(
            lambda _=False: self.open("search")
        )

    @Slot(QMenu)
    def fill_collection_menu(self, menu: QMenu) -> None:
        """Add "Export…" for the collection that is shown."""
        if self._marks.gathering.items:
            export = menu.addAction(tr("Export…"))
            export.triggered.connect(lambda _=False: self.open("collection"))

    def copy_as(self) -> None:
        """Open the kinds in which the chosen row can be copied, beside it."""
        lists = self._window.side.lists
        quote = self._quote_of(lists.current_row())
        if quote is None:
            self._window.banner.show_info(tr("Choose a quote first"))
            return
        menu = QMenu(self._window)
        menu.setObjectName("copyAsMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        self.copying.fill(menu, lambda: quote)
        menu.popup(lists.mapToGlobal(QPoint(24, 80)))

    # -- exporting -------------------------------------------------------------------------------------------

    def open(self, first: str = "") -> ExportDialog | None:
        """Ask what to write, in which form and where to; ``first`` is the id of what is chosen at first."""
        sources = self.sources()
        if not sources:
            self._window.banner.show_info(
                tr("Open a note or search for something: there is nothing to export yet")
            )
            return None
        sources.sort(key=lambda source: source.id != first)
        return self._show(sources, self._window)

    def export(self, outline: Outline, title: str, parent: QWidget | None = None) -> ExportDialog:
        """Ask in which form and where to write ``outline``; returns the window, which is shown."""
        from viewer.ui.export_dialog import ExportSource

        parts = tuple(outline)
        return self._show(
            [ExportSource("outline", title, title, lambda cancel: parts)], parent or self._window
        )

    def _show(self, sources: list[ExportSource], parent: QWidget) -> ExportDialog:
        from viewer.qt.exporting import Exporting
        from viewer.ui.export_dialog import ExportDialog

        fetcher = self._fetcher
        exporting = Exporting(self._runner, self._store, lambda: fetcher.tools)
        dialog = ExportDialog(sources, exporting, self._settings, speaks(), parent)
        dialog.show()
        return dialog

    def sources(self) -> list[ExportSource]:
        """What there is to write now, the open note first."""
        from viewer.ui.export_dialog import ExportSource

        found = self._note_sources()
        query = self._window.top.search.text().strip()
        if query:
            name = tr("All that was found for “{query}”").format(query=query)
            found.append(ExportSource("search", name, query, self._gather_search(query)))
        collection, items = self._marks.gathering.collection, self._marks.gathering.items
        if collection is not None and items:
            name = tr("The collection “{title}”").format(title=collection.title)
            found.append(ExportSource("collection", name, collection.title, self._collection_outline(items)))
        if self._marks.store.count():
            found.append(
                ExportSource("all-marks", tr("All my marks"), tr("My marks"), self._gather_all_marks)
            )
        return found

    def _note_sources(self) -> list[ExportSource]:
        note, path = self._session.note, self._session.path
        if note is None:
            return []
        from viewer.ui.export_dialog import ExportSource

        found: list[ExportSource] = []

        def add(source_id: str, name: str, gather: Gather, *, transcript: bool = False) -> None:
            found.append(ExportSource(source_id, name, note.title, gather, transcript))

        if note.highlights and note.quotes:
            name = tr("Highlights and quotes of this note")
            add("note", name, self._gather_note(path, highlights=True, quotes=True))
        if note.highlights:
            add("highlights", tr("Highlights of this note"), self._gather_note(path, highlights=True))
        if note.quotes:
            add("quotes", tr("Quotes of this note"), self._gather_note(path, quotes=True))
        if self._marks.store.for_note(path):
            add("marks", tr("My marks in this note"), self._gather_marks(path))
        if note.transcript.cues:
            name = tr("Transcript of this note")
            add("transcript", name, self._gather_transcript(path, note), transcript=True)
        return found

    # -- gathering: on the worker's thread -------------------------------------------------------------------

    def _note_at(self, path: str) -> Note | None:
        note_id = self._catalog.id_at(path)
        if note_id is None:
            return None
        try:
            return self._catalog.note(note_id)
        except ViewerError:
            return None

    def _collection_outline(self, items: tuple[CollectionItem, ...]) -> Callable[[CancelToken], Outline]:
        store = self._marks.store

        def gather(cancel: CancelToken) -> Outline:
            from viewer.export.outlines import collection_outline

            ids = [item.mark_id for item in items if item.mark_id]
            return collection_outline(items, self._note_at, {mark.id: mark for mark in store.some(ids)})

        return gather

    def _check(self, path: str) -> NoteCheck | None:
        note_id = self._catalog.id_at(path)
        return self._catalog.check(note_id, self._captions) if note_id is not None else None

    def _gather_note(self, path: str, *, highlights: bool = False, quotes: bool = False) -> Gather:
        length, shown = self._session.default_length_ms, self._session.note

        def gather(cancel: CancelToken) -> Outline:
            from viewer.export.outlines import note_outline
            from viewer.library.quotes import NoteCheck

            found = self._check(path)
            cancel.raise_if_cancelled()
            if found is None:  # opened alone, or gone from the library
                found = NoteCheck(shown) if shown is not None else None
            if found is None:
                return ()
            wanted = {"highlights": highlights, "quotes": quotes}
            return note_outline(path, found.note, found.checks, length, found.reading, **wanted)

        return gather

    def _gather_marks(self, path: str) -> Gather:
        def gather(cancel: CancelToken) -> Outline:
            from viewer.export.outlines import marks_outline

            return marks_outline(self._marks.store.for_note(path), self._note_at, headings=False)

        return gather

    def _gather_all_marks(self, cancel: CancelToken) -> Outline:
        from viewer.export.outlines import marks_outline

        marks = sorted(
            self._marks.store.all(),
            key=lambda mark: (
                mark.note_title.casefold(),
                mark.note_path,
                mark.segment.start_ms if mark.segment is not None else 0,
            ),
        )
        return marks_outline(marks, self._note_at)

    def _gather_search(self, query: str) -> Gather:
        length = self._session.default_length_ms

        def gather(cancel: CancelToken) -> Outline:
            from viewer.export.outlines import hits_outline

            hits = self._catalog.search(query, limit=_MOST_HITS, cancel=cancel).hits
            return hits_outline(hits, self._note_at, length)

        return gather

    def _gather_transcript(self, path: str, shown: Note) -> Gather:
        def gather(cancel: CancelToken) -> TranscriptToWrite:
            from viewer.qt.exporting import TranscriptToWrite

            note = self._note_at(path) or shown
            lines: Transcript | None = note.transcript
            if not note.transcript.cues:
                lines = self._captions(shown.video) if shown.video is not None else None
            # Players want the lines as they came, readers the paragraphs that the window shows.
            return TranscriptToWrite(lines or shown.transcript, shown.transcript, shown.video)

        return gather
