"""Which notes of the library have clips on this computer: counted off the GUI thread, shown on their rows."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.models import LibraryModel

_PAUSE_MS = 400
"""Many clips that come or go at once are counted once."""


class KeptCounts(QObject):
    """Keeps Role.KEPT of every row up to date. ``count`` as often as one likes: it waits for quiet."""

    found = Signal(object)
    """dict of video id -> Clip: the earliest kept clip of each video"""

    def __init__(
        self, runner: JobRunner, store: ClipStore, model: LibraryModel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._store = store
        self._model = model
        self._job: Job | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._begin)

    def count(self, *_: object) -> None:
        """Count again soon."""
        self._pause.start()

    def stop(self) -> None:
        """Count no more: the program ends."""
        self._pause.stop()
        self._pause.blockSignals(True)

    def _begin(self) -> None:
        if self._job is not None:
            self._pause.start()
            return
        store = self._store

        def work(progress: Progress, cancel: CancelToken) -> tuple[Counter[str], dict[str, Clip]]:
            clips = sorted(store.clips(), key=lambda clip: -clip.segment.start_ms)
            first = {clip.segment.video.id: clip for clip in clips}  # the last one put in is the earliest
            return Counter(clip.segment.video.id for clip in clips), first

        self._job = self._runner.start(Lane.ASK, work)
        self._job.finished.connect(self._counted)

    @Slot(object)
    def _counted(self, job: Job) -> None:
        self._job = None
        if job.state is not JobState.SUCCEEDED:
            return
        kept: Counter[str] = job.value[0]
        for entry in self._model.entries:
            clips = sum(kept[video_id] for video_id in entry.video_ids)
            if clips or self._model.kept(entry.id)[0]:
                # Quotes without a time find theirs later; marks may be kept where the note has nothing to play.
                total = max(entry.clips, entry.highlights) or max(entry.quotes, clips)
                self._model.set_kept(entry.id, min(clips, total), total)
        self.found.emit(job.value[1])
