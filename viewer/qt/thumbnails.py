"""Pictures of videos that were fetched, for those who allowed it: asked for while painting, two at a time, never in the way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from viewer.base.cancel import CancelToken, Progress
from viewer.domain.video import VideoRef
from viewer.media.thumbnails import ThumbnailStore
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.stills import ImageCache, read_small, shown_height

if TYPE_CHECKING:  # loaded when the first picture is fetched: what speaks to the network would slow the start
    from viewer.media.picture_source import PictureSource

log = logging.getLogger(__name__)

AT_ONCE = 2
"""So many pictures are fetched at a time."""

PAUSE_MS = 150
"""A list that is being scrolled asks for nothing until it rests."""

UNREACHABLE_S = 120.0
"""So long nothing is asked for after a host could not be reached or said that it is too much, s."""

_METERED_FOR_S = 30.0
_NEVER_S = 24 * 3600.0
_WIDTH = 320
_MOST_SIDE = 4096
_FORMATS = (b"jpeg", b"png", b"webp", b"gif")


def small_jpeg(data: bytes) -> bytes | None:
    """A JPEG at most 320 px wide of a picture's bytes; None when they are none that may be decoded. Any thread."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    known = bytes(reader.format().data()) in _FORMATS
    if not known or not size.isValid() or max(size.width(), size.height()) > _MOST_SIDE:
        return None
    if size.width() > _WIDTH:
        reader.setScaledSize(size.scaled(QSize(_WIDTH, _MOST_SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull() or min(image.width(), image.height()) < 2:
        return None
    small = QByteArray()
    target = QBuffer(small)
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(target, QByteArray(b"jpeg"))
    writer.setQuality(85)
    return bytes(small.data()) if writer.write(image.convertToFormat(QImage.Format.Format_RGB32)) else None


def everything(wanted: Collection[str]) -> Collection[str]:
    """All are visible."""
    return wanted


class Thumbnails(QObject):
    """Answers at once with what it has. Off until ``set_enabled``: then nothing is looked for, on disk or elsewhere.

    ``named`` says on a worker thread which address a note gives for a video that is not YouTube's. ``visible``
    gives those of some video ids that can be seen now: only they are fetched. ``metered`` is asked at most twice a
    minute. GUI thread only.
    """

    arrived = Signal(str)
    """id of the video that is to be painted anew"""

    def __init__(
        self,
        runner: JobRunner,
        store: ThumbnailStore,
        source: Callable[[], PictureSource],
        named: Callable[[VideoRef], str | None],
        metered: Callable[[], bool],
        visible: Callable[[Collection[str]], Collection[str]] = everything,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._store = store
        self.source = source
        self._named = named
        self._metered = metered
        self._visible = visible
        self._enabled = False
        self._offline = False
        self.images: ImageCache[str] = ImageCache(lambda _: None)
        self._wanted: dict[str, None] = {}
        self._live: dict[str, Job] = {}
        self._not_before: dict[str, float] = {}
        self._rests_until = 0.0
        self._line: tuple[float, bool] = (0.0, False)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._go_on)

    def set_enabled(self, enabled: bool) -> None:
        """Allow pictures or not, at once: without, what runs ends and what was there is forgotten."""
        self._enabled = enabled
        self._begin_anew()
        if not enabled:
            self.images.clear()

    def set_offline(self, offline: bool) -> None:
        """With it only what is kept is shown, and what is being fetched ends."""
        self._offline = offline
        self._begin_anew()

    def of_video(self, video_id: str) -> QImage | None:
        """The picture of a video; None while it is not there, and then it is looked for if that is allowed."""
        if not self._enabled:
            return None
        known = self.images.get(video_id)
        asked = video_id in self._wanted or video_id in self._live
        if known is None and not asked and self._not_before.get(video_id, 0.0) <= time.monotonic():
            self._wanted[video_id] = None
            self._soon.start()
        return known

    def close(self) -> None:
        """Ask for nothing more: the program ends."""
        self.set_enabled(False)

    def _begin_anew(self) -> None:
        self._soon.stop()
        self._wanted.clear()
        self._not_before.clear()
        self._rests_until = 0.0
        for job in list(self._live.values()):
            job.cancel()

    @property
    def _may_fetch(self) -> bool:
        now = time.monotonic()
        if self._offline or now < self._rests_until:
            return False
        if now >= self._line[0]:
            self._line = (now + _METERED_FOR_S, self._metered())
        return not self._line[1]

    @Slot()
    def _go_on(self) -> None:
        """Begin with the next ones; what went out of sight is left out, and asks again when it is painted again."""
        if not self._wanted and not self._live:
            return
        visible = frozenset(self._visible([*self._wanted, *self._live]))
        for video_id, job in list(self._live.items()):
            if video_id not in visible:
                job.cancel()
        self._wanted = {video_id: None for video_id in self._wanted if video_id in visible}
        while self._wanted and len(self._live) < AT_ONCE:
            video_id = next(iter(self._wanted))
            del self._wanted[video_id]
            video = VideoRef.from_id(video_id)
            if video is None:
                self._not_before[video_id] = time.monotonic() + _NEVER_S
            else:
                self._start(video)

    def _start(self, video: VideoRef) -> None:
        store, named, height = self._store, self._named, shown_height()
        source = self.source() if self._may_fetch else None

        def work(progress: Progress, cancel: CancelToken) -> QImage:
            path = store.kept(video)
            if path is None and source is not None:
                path = store.fetch(video, source, lambda: named(video), cancel)
            return read_small(str(path), height) if path is not None else QImage()

        # What could not be fetched just now may be tried again; what has no picture may not.
        self._not_before[video.id] = time.monotonic() + (_NEVER_S if source is not None else UNREACHABLE_S)
        job = self._runner.start(Lane.PICTURES, work, video.id)
        self._live[video.id] = job
        job.finished.connect(self._ended)

    @Slot(object)
    def _ended(self, job: Job) -> None:
        video_id: str = job.subject
        if self._live.get(video_id) is job:
            del self._live[video_id]
        if job.state is JobState.SUCCEEDED and not job.value.isNull():
            if self._enabled:
                self._not_before.pop(video_id, None)
                self.images.put(video_id, job.value)
                self.arrived.emit(video_id)
        elif job.state is JobState.CANCELLED:
            self._not_before.pop(video_id, None)
            self.arrived.emit(video_id)  # what shows it asks again, if it can be seen
        elif job.state is JobState.FAILED:
            log.info("no picture of %s: %s", video_id, job.error)
            self._rests_until = time.monotonic() + UNREACHABLE_S
            self._not_before[video_id] = self._rests_until
        if not self._soon.isActive():
            self._go_on()
