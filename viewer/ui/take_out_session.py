"""Taking clips out of the program: a film, a folder for editing programs, an evidence bundle; of a note or of any outline."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_noop
from viewer.base.settings import Settings
from viewer.domain.cited_quote import Outline
from viewer.domain.collection import CollectionItem
from viewer.domain.note import Note
from viewer.library.catalog import Catalog
from viewer.media.clip_store import ClipStore
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.taking_out import FetchesForTakingOut, TakeOutKind, TakingOut
from viewer.ui.collections_session import CollectionsSession
from viewer.ui.fonts import serif_family, ui_family
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession

if TYPE_CHECKING:  # what judges quotes is loaded when it is asked, not at the start
    from viewer.library.quotes import Kept
    from viewer.ui.take_out_dialog import TakeOutDialog

MENU_WORDS = {
    TakeOutKind.FILM: tr_noop("Make a film…"),
    TakeOutKind.EDITING: tr_noop("Export for editing (EDL, FCPXML)…"),
    TakeOutKind.EVIDENCE: tr_noop("Evidence bundle…"),
}
"""What the three are called in menus."""


class TakeOutSession(QObject):
    """Handlers of the actions ``make_film``, ``export_editing`` and ``export_evidence``, and the way in for others."""

    def __init__(
        self,
        window: MainWindow,
        runner: JobRunner,
        store: ClipStore,
        fetcher: FetchesForTakingOut,
        note: NoteSession,
        catalog: Catalog,
        captions: Kept,
        settings: Settings,
    ) -> None:
        """``captions`` finds the kept captions of a video."""
        super().__init__(window)
        self._window = window
        self._runner = runner
        self._store = store
        self._fetcher = fetcher
        self._note = note
        self._catalog = catalog
        self._captions = captions
        self._settings = settings
        window.actions_set.connect(self.handlers())

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {
            "make_film": functools.partial(self.open_note, TakeOutKind.FILM),
            "export_editing": functools.partial(self.open_note, TakeOutKind.EDITING),
            "export_evidence": functools.partial(self.open_note, TakeOutKind.EVIDENCE),
        }

    def open_note(self, kind: TakeOutKind) -> None:
        """Ask what to make of the open note's highlights; of its quotes, where it has no highlights."""
        note = self._note.note
        if note is None:
            return
        from viewer.export.outlines import note_outline

        length = self._note.default_length_ms
        outline = note_outline(self._note.path, note, default_length_ms=length, quotes=not note.highlights)
        if outline:
            self.open(kind, note.title, outline)
        else:
            self._window.banner.show_info(tr("This note has no highlights and no quotes"))

    def open(self, kind: TakeOutKind, title: str, outline: Outline) -> TakeOutDialog:
        """Ask what to make of ``outline``, a collection's for instance, and where; returns the window, which is shown."""
        from viewer.export.quote_sources import QuoteSourceReader
        from viewer.qt.card_painter import CardFonts, QtCardPainter
        from viewer.ui.take_out_dialog import TakeOutDialog

        user, captions = self._catalog.user, self._captions

        def sources() -> QuoteSourceReader:
            return QuoteSourceReader(captions, user.given_videos())

        painter = QtCardPainter(CardFonts(ui_family(), serif_family()))
        taking = TakingOut(self._runner, self._store, self._fetcher, painter, sources)
        dialog = TakeOutDialog(kind, title, tuple(outline), taking, self._settings, self._window)
        dialog.show()
        return dialog

    def fill_menu(self, menu: QMenu, title: str, outline_of: Callable[[], Outline]) -> None:
        """Add the three to a menu, for what ``outline_of`` gives when one is chosen; it is called on a worker thread."""
        for kind, words in MENU_WORDS.items():
            act = functools.partial(self._open_later, kind, title, outline_of)
            menu.addAction(tr(words)).triggered.connect(lambda _=False, act=act: act())

    def _open_later(self, kind: TakeOutKind, title: str, outline_of: Callable[[], Outline]) -> None:
        job = self._runner.start(Lane.ASK, lambda progress, cancel: outline_of(), (kind, title))
        job.finished.connect(self._outlined)

    @Slot(object)
    def _outlined(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED:
            kind, title = job.subject
            self.open(kind, title, job.value)
        elif job.state is JobState.FAILED:
            advice = str(job.error) if isinstance(job.error, ViewerError) else ""
            self._window.banner.show_failure(tr("This could not be read."), advice)

    # -- collections -----------------------------------------------------------------------------------------

    def serve(self, gathering: CollectionsSession) -> None:
        """Offer the three in the menu of the collections."""
        gathering.menuAboutToShow.connect(functools.partial(self._fill_collection, gathering))

    def _fill_collection(self, gathering: CollectionsSession, menu: QMenu) -> None:
        collection, items = gathering.collection, gathering.items
        if collection is not None and items:
            self.fill_menu(menu, collection.title, functools.partial(self._outline_of, items))

    def _outline_of(self, items: Sequence[CollectionItem]) -> Outline:
        """A collection as an outline; reads the notes, so it blocks."""
        from viewer.export.outlines import collection_outline
        from viewer.library.loader import load_note

        given, store = self._catalog.user.given_videos(), self._catalog.marks
        marks = {mark.id: mark for mark in store.some([item.mark_id for item in items if item.mark_id])}

        def note_of(path: str) -> Note | None:
            if not Path(path).is_file():
                return None
            note, video = load_note(path), given.get(path)
            return note.with_video(video) if video is not None else note

        return collection_outline(items, note_of, marks)
