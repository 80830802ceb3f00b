"""Pictures in memory, bounded by their bytes, no larger than they are shown."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage

MOST_BYTES = 8 << 20
"""What the pictures of one kind may take: a hundred on a screen of twice the usual density, four hundred on another."""

CARD_HEIGHT = 52
"""The highest card that shows one, px of the window."""

K = TypeVar("K", bound=Hashable)


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
