"""Which clips are kept: asked off the GUI thread, or recalled on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.domain.video import Segment
from viewer.media.clip_files import Clip
from viewer.qt.jobs import Job, JobRunner, Lane


class KeepsClips(Protocol):
    """What is needed of :class:`viewer.media.clip_store.ClipStore`."""

    def find(self, segment: Segment, quality: str | None = None) -> Clip | None:
        """A kept clip that holds ``segment``."""
        ...

    def recall(self, segment: Segment, quality: str | None = None) -> Clip | None:
        """What ``find`` gave before, if it is still so; at once, on the GUI thread."""
        ...

    def touch(self, clip: Clip) -> Clip:
        """Remember that it was played."""
        ...

    def remove(self, clip: Clip) -> None:
        """Delete it."""
        ...


class ClipLookup(QObject):
    """Asks the store for clips of one quality. A job that is returned ends with a Clip or None, its subject the segment."""

    looked = Signal(object)
    """list of (Segment, whether it is kept): what the last ``look_up`` found, without what has come since"""

    def __init__(
        self, runner: JobRunner, store: KeepsClips, quality: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._store = store
        self._look_up: Job | None = None
        self._come_since: set[Segment] = set()
        self._not_kept: frozenset[Segment] = frozenset()
        self.quality = quality

    def recall(self, segment: Segment) -> Clip | None:
        """A clip that was found before and is still there; at once, for the GUI thread."""
        return self._store.recall(segment, self.quality)

    def find(self, segment: Segment) -> Job:
        """Find a clip that holds ``segment``."""
        store, quality = self._store, self.quality

        def find(progress: Progress, cancel: CancelToken) -> Clip | None:
            return store.find(segment, quality)

        return self._runner.start(Lane.STORE, find, segment)

    def find_to_play(self, segment: Segment, *, any_quality: bool, damaged: Clip | None) -> Job:
        """The same, and it counts as played. ``damaged`` is deleted before: else it would be found and fail again."""
        store, quality = self._store, self.quality

        def find(progress: Progress, cancel: CancelToken) -> Clip | None:
            if damaged is not None:
                store.remove(damaged)
            clip = store.find(segment, quality)
            if clip is None and any_quality:
                clip = store.find(segment)
            return store.touch(clip) if clip is not None else None

        return self._runner.start(Lane.STORE, find, segment)

    def touch(self, clip: Clip) -> None:
        """Remember that it was played."""
        store = self._store

        def touch(progress: Progress, cancel: CancelToken) -> None:
            store.touch(clip)

        self._runner.start(Lane.STORE, touch)

    def look_up(self, segments: Iterable[Segment]) -> None:
        """Find out which of these are kept. A new call replaces the last."""
        wanted, store, quality = tuple(segments), self._store, self.quality

        def find(progress: Progress, cancel: CancelToken) -> list[tuple[Segment, bool]]:
            found = []
            for segment in wanted:
                cancel.raise_if_cancelled()
                found.append((segment, store.find(segment, quality) is not None))
            return found

        self._come_since.clear()
        if self._look_up is not None:
            self._look_up.cancel()
        self._look_up = self._runner.start(Lane.STORE, find)
        self._look_up.finished.connect(self._looked_up)

    def came(self, segment: Segment) -> None:
        """A clip has been fetched; a look that began before knows nothing of it."""
        self._come_since.add(segment)

    def known_missing(self, segment: Segment) -> bool:
        """Whether the last look found no clip of it."""
        return segment in self._not_kept

    @Slot(object)
    def _looked_up(self, job: Job) -> None:
        found = job.value or ()
        self._not_kept = frozenset(segment for segment, kept in found if not kept)
        self.looked.emit([one for one in found if one[1] or one[0] not in self._come_since])
