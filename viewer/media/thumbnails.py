"""The small pictures of videos that were fetched, kept in the cache folder within a budget.

What turned out to have no picture is remembered for a day, so that it is not asked for at every start.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.base.cancel import CancelToken
from viewer.domain.video import VideoRef

if TYPE_CHECKING:  # what speaks to the network would slow the window's start
    from viewer.media.picture_source import PictureSource

log = logging.getLogger(__name__)

BUDGET_BYTES = 30_000_000
"""Some 2500 pictures; the least recently used go first."""

WITHOUT_S = 24 * 3600.0
"""So long a video without a picture is not asked for again, s."""

_MOST_WITHOUT = 5000

Shrink = Callable[[bytes], bytes | None]
"""Makes a small JPEG of a picture's bytes; None when they cannot be decoded."""


class ThumbnailStore:
    """Keeps pictures. Every method blocks; safe for several threads and several running programs."""

    def __init__(self, folder: Path, shrink: Shrink, budget_bytes: int = BUDGET_BYTES) -> None:
        self.folder = folder
        self._shrink = shrink
        self._budget = budget_bytes
        self._lock = threading.Lock()
        self._size: int | None = None

    def kept(self, video: VideoRef) -> Path | None:
        """The picture of ``video`` that is kept; None when there is none."""
        path = self.folder / f"{video.key}.jpg"
        try:
            os.utime(path)
        except OSError:
            return None
        return path

    def known_without(self, video: VideoRef) -> bool:
        """Whether within the last day ``video`` turned out to have no picture."""
        try:
            age = time.time() - self._none(video).stat().st_mtime
        except OSError:
            return False
        return -WITHOUT_S < age < WITHOUT_S

    def fetch(
        self, video: VideoRef, source: PictureSource, named: Callable[[], str | None], cancel: CancelToken
    ) -> Path | None:
        """The picture of ``video``, fetched unless it is kept; None when it has none. One request at the most.

        ``named`` says which address the note gives; it is asked for videos that are not YouTube's. Raises
        MediaError when there may be one another time, and Cancelled.
        """
        path = self.kept(video)
        if path is not None or self.known_without(video):
            return path
        url = source.address_of(video, None if video.is_youtube else named())
        data = source.fetch(url, cancel) if url is not None else None
        small = self._shrink(data) if data is not None else None
        target = self.folder / f"{video.key}.jpg" if small is not None else self._none(video)
        try:
            self._write(target, small or b"")
        except OSError as error:
            log.info("the picture of %s cannot be kept: %s", video.id, error)
            return None
        return target if small is not None else None

    def _none(self, video: VideoRef) -> Path:
        return self.folder / f"{video.key}.none"

    def _write(self, target: Path, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="making-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        if data:
            self._none_no_more(target)
        self._make_room(len(data))

    @staticmethod
    def _none_no_more(target: Path) -> None:
        with contextlib.suppress(OSError):
            target.with_suffix(".none").unlink(missing_ok=True)

    def _make_room(self, added: int) -> None:
        """Count what is there at the first picture, and again when the budget is passed."""
        with self._lock:
            if self._size is not None and added:
                self._size += added
            if self._size is not None and self._size <= self._budget:
                return
            kept = [(*_facts(path), path) for path in self.folder.glob("*.jpg")]
            self._size = sum(size for _, size, _ in kept)
            if self._size > self._budget:
                kept.sort()
                # A tenth at once, so that this is not done at every picture.
                for _, size, path in kept:
                    if self._size <= self._budget * 0.9:
                        break
                    with contextlib.suppress(OSError):
                        path.unlink()
                        self._size -= size
            self._clear_old()

    def _clear_old(self) -> None:
        """Forget which videos had no picture more than a day ago, and what a killed program left half made."""
        before = time.time() - WITHOUT_S
        old = sorted((_facts(path)[0], path) for path in self.folder.glob("*.none"))
        surplus = len(old) - _MOST_WITHOUT
        gone = [path for number, (at, path) in enumerate(old) if at < before or number < surplus]
        gone += [path for path in self.folder.glob("making-*") if _facts(path)[0] < before]
        for path in gone:
            with contextlib.suppress(OSError):
                path.unlink()


def _facts(path: Path) -> tuple[float, int]:
    """When it was last used (s since the epoch), and its bytes."""
    try:
        facts = path.stat()
    except OSError:
        return 0.0, 0
    return facts.st_mtime, facts.st_size
