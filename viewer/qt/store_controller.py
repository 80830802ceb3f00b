# ruff: noqa: N815 - signals carry Qt's camelCase
"""The clip store on the GUI's side: what is kept, pins, removing, moving; the disk is touched on worker threads only."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.domain.video import Segment, VideoRef
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.qt.jobs import Job, JobRunner, JobState, Lane, Work


@dataclass(frozen=True, slots=True)
class StoreContents:
    """What the store holds, for the storage window. Sizes in bytes; ``free_bytes`` None where nobody tells."""

    clips: tuple[Clip, ...]
    folder: Path
    budget_bytes: int
    free_bytes: int | None

    @property
    def used_bytes(self) -> int:
        """Space that the clips take."""
        return sum(clip.size_bytes for clip in self.clips)

    @property
    def pinned_bytes(self) -> int:
        """Space that the pinned clips take."""
        return sum(clip.size_bytes for clip in self.clips if clip.pinned)


@dataclass(frozen=True, slots=True)
class _Known:
    """The answer of one look-up."""

    clips: dict[Segment, Clip | None]
    wholes: dict[VideoRef, Clip | None]


class StoreController(QObject):
    """Asks and changes the store without blocking. All methods on the GUI thread.

    ``clip`` and ``whole`` answer from memory what the last ``look_up`` has found.
    """

    known = Signal()
    """another look-up has come in"""
    changed = Signal()
    """clips were pinned, removed or moved: whoever shows some should look again"""
    emptied = Signal()
    """as ``changed``, when clips may be gone"""
    contentsRead = Signal(object)
    """StoreContents"""
    moveProgressed = Signal(float)
    """0..1"""
    moved = Signal(object)
    """Path: where the clips are now"""
    moveEnded = Signal()
    """after ``moved``, a failure or a cancel"""
    failed = Signal(object)
    """exception"""

    def __init__(self, runner: JobRunner, store: ClipStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._store = store
        self._clips: dict[Segment, Clip] = {}
        self._wholes: dict[VideoRef, Clip] = {}
        self._look_up: Job | None = None
        self._again: tuple[tuple[Segment, ...], tuple[VideoRef, ...]] | None = None
        self._move: Job | None = None

    @property
    def folder(self) -> Path:
        """Where the clips are kept."""
        return self._store.folder

    # -- knowing ---------------------------------------------------------------------------------------------

    def clip(self, segment: Segment) -> Clip | None:
        """The kept file that holds ``segment``, as far as known: perhaps the whole video."""
        return self._clips.get(segment)

    def whole(self, video: VideoRef) -> Clip | None:
        """The kept whole video, as far as known."""
        return self._wholes.get(video)

    def look_up(self, segments: Iterable[Segment], videos: Iterable[VideoRef] = ()) -> None:
        """Find out which files hold these. One look-up at a time: of those that come meanwhile the last is done."""
        wanted = (tuple(segments), tuple(videos))
        if self._look_up is not None:
            self._again = wanted
            return
        store = self._store

        def find(progress: Progress, cancel: CancelToken) -> _Known:
            clips: dict[Segment, Clip | None] = {}
            for segment in wanted[0]:
                cancel.raise_if_cancelled()
                clips[segment] = store.find(segment)
            return _Known(clips, {video: store.find_whole(video) for video in wanted[1]})

        self._look_up = self._runner.start(Lane.STORE, find)
        self._look_up.finished.connect(self._looked_up)

    @Slot(object)
    def _looked_up(self, job: Job) -> None:
        self._look_up = None
        if isinstance(job.value, _Known):
            # Only the last answer is remembered: it is the open note's.
            self._clips = {key: clip for key, clip in job.value.clips.items() if clip is not None}
            self._wholes = {key: clip for key, clip in job.value.wholes.items() if clip is not None}
            self.known.emit()
        if self._again is not None:
            again, self._again = self._again, None
            self.look_up(*again)

    def read_contents(self) -> None:
        """List everything that is kept; ``contentsRead`` brings it."""
        store = self._store

        def read(progress: Progress, cancel: CancelToken) -> StoreContents:
            return StoreContents(
                tuple(store.clips()), store.folder, store.budget_bytes, _free_bytes(store.folder)
            )

        self._runner.start(Lane.STORE, read).finished.connect(self._contents_read)

    @Slot(object)
    def _contents_read(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED:
            self.contentsRead.emit(job.value)
        elif job.state is JobState.FAILED:
            self.failed.emit(job.error)

    # -- changing --------------------------------------------------------------------------------------------

    def set_pinned(self, clips: Iterable[Clip], pinned: bool) -> None:
        """Never evict these; or let them be evicted again."""
        wanted, store = tuple(clips), self._store

        def pin(progress: Progress, cancel: CancelToken) -> None:
            for clip in wanted:
                if clip.pinned != pinned:
                    store.pin(clip) if pinned else store.unpin(clip)

        self._change(pin)

    def pin_segments(self, segments: Iterable[Segment], pinned: bool) -> None:
        """Pin or unpin the files that hold these segments now; what is not kept is passed over."""
        wanted, store = tuple(segments), self._store

        def pin(progress: Progress, cancel: CancelToken) -> None:
            for segment in wanted:
                clip = store.find(segment)
                if clip is not None and clip.pinned != pinned:
                    store.pin(clip) if pinned else store.unpin(clip)

        self._change(pin)

    def remove(self, clips: Iterable[Clip]) -> None:
        """Delete these from the disk."""
        wanted, store = tuple(clips), self._store

        def remove(progress: Progress, cancel: CancelToken) -> None:
            for clip in wanted:
                store.remove(clip)

        self._change(remove, "remove")

    def clear(self, *, pinned_too: bool) -> None:
        """Delete every clip that is not pinned, or all."""
        store = self._store
        self._change(lambda progress, cancel: store.clear(pinned_too=pinned_too), "clear")

    def set_budget(self, budget_bytes: int) -> None:
        """Let the clips take so much space from now on; what is too much goes at once."""
        store = self._store
        store.budget_bytes = budget_bytes
        self._change(lambda progress, cancel: store.make_room(), "make room")

    def _change(self, work: Work, emptying: str = "") -> None:
        self._runner.start(Lane.STORE, work, emptying).finished.connect(self._changed)

    @Slot(object)
    def _changed(self, job: Job) -> None:
        if job.state is JobState.FAILED:
            self.failed.emit(job.error)
        self.changed.emit()
        if job.subject:
            self.emptied.emit()

    # -- moving ----------------------------------------------------------------------------------------------

    @property
    def moving(self) -> bool:
        """Whether the clips are on their way to another folder."""
        return self._move is not None

    def move_to(self, folder: Path) -> None:
        """Move every clip to ``folder`` and keep them there from then on. Nothing happens while one is under way."""
        if self._move is not None:
            return
        store = self._store

        def move(progress: Progress, cancel: CancelToken) -> Path:
            store.move_to(folder, cancel, progress)
            return folder

        self._move = self._runner.start(Lane.LONG, move)
        self._move.progressed.connect(self._move_progressed)
        self._move.finished.connect(self._move_finished)

    def cancel_move(self) -> None:
        """Stop moving. What was moved stays in the new folder, and is found there when it is chosen again."""
        if self._move is not None:
            self._move.cancel()

    @Slot(object)
    def _move_progressed(self, told: tuple[int, int]) -> None:
        done, total = told
        self.moveProgressed.emit(done / total if total else 1.0)

    @Slot(object)
    def _move_finished(self, job: Job) -> None:
        self._move = None
        if job.state is JobState.SUCCEEDED:
            self.moved.emit(job.value)
        elif job.state is JobState.FAILED:
            self.failed.emit(job.error)
        self.moveEnded.emit()
        self.changed.emit()
        self.emptied.emit()


def _free_bytes(folder: Path) -> int | None:
    """Free space on the disk of ``folder``, which need not exist yet."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return None
