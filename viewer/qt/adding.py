# ruff: noqa: N815 - signals carry Qt's camelCase
"""Adding videos for the window: looking at addresses, and the queue worked off, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.base.paths import AppPaths
from viewer.domain.video import VideoRef
from viewer.domain.video_source import VideoSource
from viewer.library.add_queue import (
    GAP_S,
    AddItem,
    AddProgress,
    AddQueue,
    AddRun,
    AddState,
    Verdicts,
    Wanted,
)
from viewer.library.catalog import Catalog
from viewer.library.known_notes import KnownNotes
from viewer.media.caption_store import CaptionStore
from viewer.media.options import FetchOptions
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.plain_words import plain_tip
from viewer.qt.roles import Role

if TYPE_CHECKING:  # loaded when a video is added, not at the start
    from viewer.media.listing import Found
    from viewer.media.note_fetcher import NoteFetcher

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Preview:
    """What an address holds, and which of its videos have a note already (with its path)."""

    found: Found
    there: Mapping[VideoRef, str] = field(default_factory=dict)


class AddModel(QAbstractListModel):
    """The queue as rows. ``Role.ROW`` is the AddItem; ``words`` says a state to people."""

    def __init__(self, words: Callable[[AddItem], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._items: tuple[AddItem, ...] = ()

    def set_items(self, items: tuple[AddItem, ...]) -> None:
        """Show these; only rows that are another now are told of."""
        old = self._items
        same = min(len(old), len(items))
        if [item.number for item in old[:same]] != [item.number for item in items[:same]] or len(items) < len(
            old
        ):
            self.beginResetModel()
            self._items = items
            self.endResetModel()
            return
        self._items = (*items[:same],)
        changed = [row for row in range(same) if old[row] != items[row]]
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], 0))
        if len(items) > same:
            self.beginInsertRows(QModelIndex(), same, len(items) - 1)
            self._items = items
            self.endInsertRows()

    def item(self, row: int) -> AddItem:
        """The item of a row."""
        return self._items[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """As Qt asks it."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As Qt asks it."""
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        if role == Role.ROW:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title or item.video.id
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(item.path or item.reason) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.title or item.video.id}, {self._words(item)}"
        return None


class Adding(QObject):
    """Owns the queue's use from Qt. All methods on the GUI thread; nothing is asked of a site before one of them."""

    looked = Signal(object)
    """Preview of the address that was asked about last"""
    lookProgressed = Signal(int)
    """so many entries of a list are known"""
    lookFailed = Signal(object)
    """ViewerError, or a bug's exception"""
    lookEnded = Signal()
    """no address is being looked at any more, however that ended"""
    changed = Signal()
    """the queue, or whether it runs, is another"""
    progressed = Signal(object)
    """AddProgress"""
    settled = Signal(object)
    """AddItem that is over now: DONE, EXISTS or FAILED"""
    ended = Signal(object)
    """The queue stands still: None when it was worked off or stopped, else why it cannot go on"""

    def __init__(
        self,
        runner: JobRunner,
        catalog: Catalog,
        paths: AppPaths,
        store: CaptionStore,
        options: Callable[[], FetchOptions],
        parent: QObject | None = None,
        *,
        gap_s: float = GAP_S,
    ) -> None:
        """``options`` gives the user's choices as they are now; ``gap_s`` is the rest between two videos."""
        super().__init__(parent)
        self.queue = AddQueue(paths.add_queue)
        self._runner = runner
        self._catalog = catalog
        self._paths = paths
        self._store = store
        self._options = options
        self._gap_s = gap_s
        self._look: Job | None = None
        self._run: Job | None = None
        self._again = False
        self._shown = self.queue.items()
        self.progress = AddProgress(*self.queue.count())

    @property
    def running(self) -> bool:
        """Whether the queue is being worked off."""
        return self._run is not None

    @property
    def looking(self) -> bool:
        """Whether an address is being looked at."""
        return self._look is not None

    # -- looking ---------------------------------------------------------------------------------------------

    def look(self, source: VideoSource, folder: str) -> None:
        """Ask what an address holds; ``looked`` or ``lookFailed`` follows, unless another is asked about before."""
        self.cancel_look()
        make, catalog = self._maker(), self._catalog

        def work(progress: Progress, cancel: CancelToken) -> Preview:
            found = make().look(source, progress, cancel)
            videos = [entry.video for entry in found.entries]
            return Preview(found, KnownNotes(catalog).among(videos, folder))

        self._look = self._runner.start(Lane.ADD, work, source)
        self._look.progressed.connect(self._look_progressed)
        self._look.finished.connect(self._look_finished)

    def cancel_look(self) -> None:
        """Stop looking at an address."""
        if self._look is not None:
            self._look.cancel()
            self._look = None
            self.lookEnded.emit()

    @Slot(object)
    def _look_progressed(self, value: Any) -> None:
        if self._look is not None:
            self.lookProgressed.emit(int(getattr(value, "entries", 0)))

    @Slot(object)
    def _look_finished(self, job: Job) -> None:
        if job is not self._look:
            return
        self._look = None
        self.lookEnded.emit()
        if job.state is JobState.SUCCEEDED:
            self.looked.emit(job.value)
        elif job.state is JobState.FAILED:
            self.lookFailed.emit(job.error)

    # -- the queue -------------------------------------------------------------------------------------------

    def add(self, found: Found, folder: str) -> None:
        """Queue what was found, and begin. Raises ReadError when the queue cannot be kept."""
        wanted = [Wanted(one.video, one.title, one.duration_ms, one.reason) for one in found.entries]
        if found.info is not None:
            self.queue.know(found.entries[0].video, found.info)
        self.queue.add(wanted, folder)
        self._tell()
        self.start()

    def start(self) -> None:
        """Work off what waits, or go on with it."""
        if self._run is not None:
            self._again = True  # it may be about to end
            return
        if not self.queue.waiting():
            return
        make, queue, catalog, gap_s = self._maker(), self.queue, self._catalog, self._gap_s

        def work(progress: Progress, cancel: CancelToken) -> None:
            from viewer.media.note_fetcher import halts, is_busy, is_cut_off

            fetcher = make()
            known = KnownNotes(catalog)
            verdicts = Verdicts(is_busy, is_cut_off, halts)
            AddRun(queue, fetcher.note, known, verdicts, gap_s=gap_s).work(progress, cancel)

        self._run = self._runner.start(Lane.ADD, work)
        self._run.progressed.connect(self._progressed)
        self._run.finished.connect(self._finished)
        self.changed.emit()

    def stop(self) -> None:
        """Stop after what is under way, which waits again; :meth:`start` goes on."""
        self._again = False
        if self._run is not None:
            self._run.cancel()

    def retry(self) -> None:
        """Try again what failed."""
        self.queue.retry()
        self._tell()
        self.start()

    def clear(self, *, all_of_it: bool = False) -> None:
        """Forget what is over; with ``all_of_it`` also what waits."""
        self.queue.clear(all_of_it=all_of_it)
        self._tell()

    def _maker(self) -> Callable[[], NoteFetcher]:
        """What makes a fetcher with the choices of now; called on a worker thread."""
        paths, store, options = self._paths, self._store, self._options()

        def make() -> NoteFetcher:
            from viewer.media.note_fetcher import NoteFetcher

            return NoteFetcher(paths, store, options)

        return make

    @Slot(object)
    def _progressed(self, value: AddProgress) -> None:
        self.progress = value
        self._tell()
        self.progressed.emit(value)

    @Slot(object)
    def _finished(self, job: Job) -> None:
        self._run = None
        again, self._again = self._again, False
        error = job.error if job.state is JobState.FAILED else None
        if error is not None and not isinstance(error, ViewerError):
            # A bug of ours at one video (it is in the log) does not stop the rest.
            self.queue.give_up(tr("Something went wrong inside Soundbite; the log has the details."))
            error, again = None, True
            self._tell()
        if again and error is None and self.queue.waiting():
            self.start()
            return
        self.progress = AddProgress(*self.queue.count())
        self._tell()
        self.ended.emit(error)

    def _tell(self) -> None:
        """Tell of what has changed in the queue since it was last looked at."""
        before = {item.number: item.state for item in self._shown}
        self._shown = self.queue.items()
        busy = (AddState.WAITING, AddState.FETCHING)
        over = [
            item
            for item in self._shown
            if item.state not in busy and before.get(item.number, AddState.WAITING) in busy
        ]
        self.changed.emit()
        for item in over:
            self.settled.emit(item)
