"""Taking clips out of the program: a film, a folder for editing programs, an evidence bundle; of a note or of any outline."""

from __future__ import annotations

import functools
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from viewer.base.language import tr, tr_noop
from viewer.base.settings import Settings
from viewer.domain.cited_quote import Outline
from viewer.library.catalog import Catalog
from viewer.library.quotes import Kept
from viewer.media.clip_store import ClipStore
from viewer.qt.jobs import JobRunner
from viewer.qt.taking_out import FetchesForTakingOut, TakeOutKind, TakingOut
from viewer.ui.fonts import serif_family, ui_family
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession
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
        from viewer.library.videos import given_videos
        from viewer.qt.card_painter import CardFonts, QtCardPainter

        user, captions = self._catalog.user, self._captions

        def sources() -> QuoteSourceReader:
            return QuoteSourceReader(captions, given_videos(user))

        painter = QtCardPainter(CardFonts(ui_family(), serif_family()))
        taking = TakingOut(self._runner, self._store, self._fetcher, painter, sources)
        dialog = TakeOutDialog(kind, title, tuple(outline), taking, self._settings, self._window)
        dialog.show()
        return dialog

    def fill_menu(self, menu: QMenu, title: str, outline_of: Callable[[], Outline]) -> None:
        """Add the three to a menu, for what ``outline_of`` gives when one is chosen."""

        def chosen(kind: TakeOutKind) -> None:
            self.open(kind, title, outline_of())

        for kind, words in MENU_WORDS.items():
            menu.addAction(tr(words)).triggered.connect(lambda _=False, kind=kind: chosen(kind))
