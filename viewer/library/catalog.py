"""The library as the rooms above see it: refresh it, list it, open a note, ask about it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.domain.note import Note
from viewer.domain.video import VideoRef, parse_address
from viewer.library.collection_store import CollectionStore
from viewer.library.database import BusyError, DamagedError
from viewer.library.entries import NoteEntry, RefreshSummary
from viewer.library.index_store import IndexStore
from viewer.library.indexer import Indexer
from viewer.library.loader import load_note
from viewer.library.mark_search import with_marks
from viewer.library.mark_store import MarkStore
from viewer.library.query import parse_query
from viewer.library.relations import (
    Named,
    Suggestion,
    mention_kinds,
    mentions,
    people,
    same_video,
    suggestions,
)
from viewer.library.search import SearchResult, search
from viewer.library.user_store import UserStore

if TYPE_CHECKING:
    from viewer.library.health import HealthReport
    from viewer.library.quotes import Kept, NoteCheck

# The judging of quotes and the health report are imported where they are asked for: a start does without them.

log = logging.getLogger(__name__)

T = TypeVar("T")


class Catalog:
    """A library of notes: a disposable index of the files, and what the user has added.

    Safe from any thread; a second :meth:`refresh` waits for the first. A damaged index is never an error: asked
    for anything it answers with what an empty one knows, :attr:`needs_refresh` is set, and the next refresh fills
    it again.
    """

    def __init__(self, index_file: Path, user_file: Path) -> None:
        """Open (or make) both databases. Raises ReadError when one cannot be written."""
        self.user = UserStore(user_file)
        self.journal = self.user.journal
        self.marks = MarkStore(self.user.pool, self.journal)
        self.collections = CollectionStore(self.user.pool, self.journal)
        self._store = IndexStore(index_file)
        self._indexer = Indexer(self._store)
        self._refreshing = threading.Lock()
        self._mending = threading.Lock()
        self.needs_refresh = self._store.rebuilt

    @property
    def store(self) -> IndexStore:
        """The index itself, for the search."""
        return self._store

    def close(self) -> None:
        """Close both databases; no other thread may use the catalog any more."""
        self._store.pool.close()
        self.user.close()

    def refresh(
        self,
        folders: Iterable[Path | str],
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
    ) -> RefreshSummary:
        """Make the library agree with these folders (or single files), and with nothing but them.

        ``progress`` gets :class:`~viewer.library.entries.RefreshProgress`. Raises Cancelled, after which what was
        read stays, and ReadError (no space left, no permission).
        """
        wanted = list(folders)
        with self._refreshing:
            rebuilt = self._store.rebuilt
            for attempt in range(3):
                generation = self._store.generation
                try:
                    summary = self._indexer.refresh(wanted, progress, cancel, self.user.move)
                    break
                except DamagedError as error:
                    if attempt == 2:
                        raise ReadError(
                            tr("The index of the library cannot be written."),
                            tr("Check the disk on which the cache folder lies."),
                            str(error),
                        ) from error
                    self._mend(error, generation)
                    rebuilt = True
                except BusyError as error:
                    raise ReadError(
                        tr("Another Soundbite is reading this library just now."),
                        tr("Try again in a moment."),
                        str(error),
                    ) from error
            self._store.rebuilt = False
            self.needs_refresh = False
            if summary:
                try:
                    self._reunite_marks()
                except (DamagedError, BusyError) as error:
                    log.warning("marks of notes that are gone stay where they are: %s", error)
            return replace(summary, rebuilt=rebuilt)

    def _reunite_marks(self) -> None:
        """Marks whose note is gone go to the note about the same video that holds their words, if there is one."""
        marked = self.marks.counts()
        if not marked:
            return
        from viewer.library.mark_rescue import lost_notes, moved_to

        entries = self._bare_entries()
        lost = {path: self.marks.for_note(path) for path in lost_notes(marked, entries)}
        for old, new in moved_to(lost, entries).items() if lost else ():
            self.user.move_marks(old, new)

    def _mend(self, error: DamagedError, generation: int) -> None:
        """Replace a damaged index by an empty one, unless another thread has done so already."""
        with self._mending:
            if self._store.generation != generation:
                return
            log.info("the index is damaged and is made anew: %s", error)
            self._store.rebuild()
            self._indexer.forget()
            self.needs_refresh = True

    def asked(self, question: Callable[[], T], otherwise: T) -> T:
        """The answer of the index to a question; ``otherwise`` when it turns out damaged (it is then replaced)."""
        generation = self._store.generation
        try:
            return question()
        except DamagedError as error:
            self._mend(error, generation)
            return otherwise

    def entries(self) -> list[NoteEntry]:
        """Every note of the library, in no particular order."""
        opened, given = self.user.opened(), self.user.given_videos()
        return [_filled(entry, opened, given) for entry in self._bare_entries()]

    def version(self) -> tuple[int, int]:
        """Another one when somebody but this thread has written into the index: the list is to be read again."""
        return self.asked(self._store.version, (-1, 0))

    def _bare_entries(self) -> list[NoteEntry]:
        """Every note as its file says."""
        found: list[NoteEntry] = self.asked(self._store.entries, [])
        return found

    def entry(self, note_id: int) -> NoteEntry | None:
        """One note's row; None when the library has no such note."""
        found = self.asked(lambda: self._store.entry(note_id), None)
        if found is None:
            return None
        return _filled(found, self.user.opened(), self.user.given_videos())

    def id_at(self, path: str) -> int | None:
        """The id of the note that was indexed at this path; None when there is none."""
        return self.asked(lambda: self._store.id_at(path), None)

    def note(self, note_id: int) -> Note:
        """The whole note, read from its file now. KeyError when the library has no such note.

        A note that names no video has the one that the user gave it or accepted for it, as have its quotes. Never
        fails for what is in the file: a file that has gone or cannot be read gives a plain note whose problem says so.
        """
        entry = self.entry(note_id)
        if entry is None:
            raise KeyError(note_id)
        note = load_note(entry.path)
        video = self.user.given_videos().get(entry.path)
        return note.with_video(video) if video is not None else note

    def check(self, note_id: int, kept: Kept | None = None) -> NoteCheck:
        """The note with its quotes judged and its transcript to read, by what lies on this computer. Raises KeyError.

        ``kept`` finds kept captions (:meth:`viewer.media.caption_store.CaptionStore.find`).
        """
        from viewer.library.quotes import check_note, nothing_kept

        note = self.note(note_id)
        entry = self.entry(note_id)
        if entry is None:
            raise KeyError(note_id)
        return check_note(entry.path, note, kept or nothing_kept)

    def given_video(self, note_id: int) -> VideoRef | None:
        """The video that the user gave for a note: an address, or an accepted suggestion; None when neither."""
        entry = self.entry(note_id)
        if entry is None:
            return None
        return self.user.given_videos().get(entry.path)

    def search(self, text: str, limit: int = 50, cancel: CancelToken | None = None) -> SearchResult:
        """Search everything, the user's marks too: :func:`viewer.library.search.search`."""
        return with_marks(self, self.marks, parse_query(text), search(self, text, limit, cancel), limit)

    def people(self) -> list[Named]:
        """Everybody who speaks in the library, in most notes first, with counts by year."""
        return self.asked(lambda: people(self._store.pool.session()), [])

    def mentions(self, kind: str | None = None) -> list[Named]:
        """Everything that notes mention, in most notes first, with counts by year."""
        return self.asked(lambda: mentions(self._store.pool.session(), kind), [])

    def mention_kinds(self) -> list[tuple[str, int]]:
        """The kinds of mentions and how many there are of each."""
        return self.asked(lambda: mention_kinds(self._store.pool.session()), [])

    def suggestions(self, *, refused: bool = False) -> list[Suggestion]:
        """Videos that notes without an address may speak of; with ``refused`` also those the user turned down."""
        return suggestions(self._bare_entries(), self.user.answers(), refused=refused)

    def suggestion(self, note_id: int) -> Suggestion | None:
        """The video that a note without an address may speak of, with the reason; None when there is none to ask about.

        None, too, when the note names a video, when the user gave it an address, or turned the suggestion down.
        """
        entry = self.entry(note_id)
        if entry is None or self.user.address(entry.path) is not None:
            return None
        return next((one for one in self.suggestions() if one.note_id == note_id), None)

    def answer(self, note_id: int, video_id: str, accepted: bool | None) -> None:
        """Remember whether a suggested video is the note's; None takes the answer back. Raises KeyError, ReadError."""
        self.user.set_answer(self._path(note_id), video_id, accepted)

    def give_address(self, note_id: int, url: str | None) -> VideoRef | None:
        """Remember the address of the video that a note without one speaks of; None forgets it.

        Returns the video. Raises KeyError, and ReadError when ``url`` is no video's address.
        """
        path = self._path(note_id)
        address = parse_address(url) if url is not None else None
        if url is not None and address is None:
            raise ReadError(
                tr("This is no video's address."), tr("It begins with https:// and names one video."), url
            )
        self.user.set_address(path, address.video.url if address else None)
        return address.video if address else None

    def _path(self, note_id: int) -> str:
        entry = self.entry(note_id)
        if entry is None:
            raise KeyError(note_id)
        return entry.path

    def same_video(self) -> dict[str, tuple[int, ...]]:
        """Video id -> the notes about it, for every video that has several notes."""
        return same_video(self.entries())

    def health(
        self, folder: Path | str, progress: Progress = no_progress, cancel: CancelToken | None = None
    ) -> HealthReport:
        """The health report of a folder: :func:`viewer.library.health.check_folder`."""
        from viewer.library.health import check_folder

        return check_folder(folder, progress, cancel)


def _filled(entry: NoteEntry, opened: Mapping[str, int], given: Mapping[str, VideoRef]) -> NoteEntry:
    """A row with what the user adds to it: when it was opened, and the video of a note that names none."""
    video = given.get(entry.path) if not entry.video_ids else None
    at = opened.get(entry.path)
    if video is None and at == entry.opened_at:
        return entry
    return replace(entry, opened_at=at, video_ids=(video.id,) if video else entry.video_ids)
