"""Still pictures for the lists: asked for while painting, made on their own lane, said when they are there; and how many
of such pictures are kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage

from viewer.base.cancel import CancelToken, Progress
from viewer.domain.video import Segment
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.stills import StillStore
from viewer.qt.jobs import Job, JobRunner, JobState, Lane

MOST_BYTES = 8 << 20
"""What the pictures of one kind may take: a hundred on a screen of twice the usual density, four hundred on another."""

CARD_HEIGHT = 52
"""The highest card that shows one, px of the window."""

K = TypeVar("K", bound=Hashable)

Key = Segment | str
"""A segment, or the id of a video: the picture of its earliest kept clip."""


class ImageCache(Generic[K]):
    """The least recently shown go first, and ``dropped`` hears which. One thread."""

    def __init__(self, dropped: Callable[[K], object], most_bytes: int = MOST_BYTES) -> None:
        self._dropped = dropped
        self._most = most_bytes
        self._images: OrderedDict[K, QImage] = OrderedDict()
        self.size = 0
        """Bytes of all pictures"""

    def __len__(self) -> int:
        return len(self._images)

    def get(self, key: K) -> QImage | None:
        """The picture of ``key``; None while there is none."""
        found = self._images.get(key)
        if found is not None:
            self._images.move_to_end(key)
        return found

    def put(self, key: K, image: QImage) -> None:
        """Keep ``image``; others may have to go."""
        self.discard(key)
        self._images[key] = image
        self.size += image.sizeInBytes()
        while self.size > self._most and len(self._images) > 1:
            old, dropped = self._images.popitem(last=False)
            self.size -= dropped.sizeInBytes()
            self._dropped(old)

    def discard(self, key: K) -> None:
        """Forget the picture of ``key``, if there is one."""
        image = self._images.pop(key, None)
        if image is not None:
            self.size -= image.sizeInBytes()

    def clear(self) -> None:
        """Forget them all."""
        self._images.clear()
        self.size = 0


def shown_height() -> int:
    """How many pixels of height the densest screen needs for a card. GUI thread only."""
    density = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    return round(CARD_HEIGHT * density)


def read_small(path: str, height: int) -> QImage:
    """The picture in a file of ours, no higher than ``height`` px; a null one when it cannot be read. Any thread."""
    image = QImage(path)
    if image.isNull() or image.height() <= height:
        return image
    return image.scaledToHeight(height, Qt.TransformationMode.SmoothTransformation)


class Stills(QObject):
    """Answers at once with what it has. GUI thread only."""

    arrived = Signal(object)
    """Key whose picture is there now"""

    def __init__(
        self, runner: JobRunner, clips: ClipStore, store: StillStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._clips = clips
        self._store = store
        self._asked: set[Key] = set()
        self.images: ImageCache[Key] = ImageCache(self._asked.discard)
        self._first: dict[str, Clip] = {}
        self._closed = False

    def of_segment(self, segment: Segment) -> QImage | None:
        """The first frame of the segment's kept clip; None while it is not there, and then it is made."""
        clips = self._clips

        def find() -> Clip | None:
            return clips.find(segment)

        return self._image(segment, find, segment.start_ms)

    def of_video(self, video_id: str) -> QImage | None:
        """The first frame of the earliest kept clip of a video; None while there is none."""
        clip = self._first.get(video_id)
        if clip is None:
            return None
        return self._image(video_id, lambda: clip, clip.segment.start_ms)

    def set_kept(self, first: Mapping[str, Clip]) -> None:
        """Say which clip of each video is its earliest. Pictures of others are forgotten."""
        before, self._first = self._first, dict(first)
        for video_id, clip in before.items():
            now = self._first.get(video_id)
            if now is None or now.path != clip.path:
                self.forget(video_id)
        for video_id in self._first.keys() - before.keys():
            self.arrived.emit(video_id)

    def forget(self, key: Key) -> None:
        """Ask anew the next time: the clip has changed."""
        self.images.discard(key)
        self._asked.discard(key)

    def close(self) -> None:
        """Ask for nothing more: the program ends."""
        self._closed = True

    def _image(self, key: Key, find: Callable[[], Clip | None], start_ms: int) -> QImage | None:
        known = self.images.get(key)
        if known is not None:
            return known
        if key not in self._asked and not self._closed:
            self._asked.add(key)
            self._ask(key, find, start_ms)
        return None

    def _ask(self, key: Key, find: Callable[[], Clip | None], start_ms: int) -> None:
        store, height = self._store, shown_height()

        def work(progress: Progress, cancel: CancelToken) -> QImage:
            clip = find()
            path = store.still(clip, start_ms - clip.segment.start_ms, cancel) if clip is not None else None
            return read_small(str(path), height) if path is not None else QImage()

        self._runner.start(Lane.STILLS, work, key).finished.connect(self._made)

    @Slot(object)
    def _made(self, job: Job) -> None:
        if job.state is not JobState.SUCCEEDED or job.value.isNull():
            return  # the drawn card stays; it is not tried again until the clip changes
        self.images.put(job.subject, job.value)
        self.arrived.emit(job.subject)
