"""The clips that are kept on disk: found by video, start, end and quality; bounded by a budget; crash-safe.

One folder, flat. A clip is a media file beside a small JSON file (``clip_files``). The media file comes last, by rename,
and goes first: a name that ends in ``.mp4`` is always a whole clip. ``work-*`` folders are downloads under way; the
lock in each tells whether its owner lives. When a clip was last played is its JSON file's modification time.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.domain.video import Segment, VideoRef
from viewer.media.clip_files import (
    Clip,
    delete,
    is_media,
    media_name,
    named,
    put,
    quality_rank,
    read_clip,
    sidecar,
    sync,
    sync_folder,
    write_pinned,
    write_sidecar,
)
from viewer.media.failures import MediaError, from_os_error
from viewer.media.locks import FileLock
from viewer.media.ytdlp import QUALITIES

log = logging.getLogger(__name__)

_REMEMBERED = 10_000


class ClipStore:
    """The folder of kept clips. Safe for several threads and for several running programs."""

    def __init__(self, folder: Path, budget_bytes: int = 5_000_000_000) -> None:
        self.folder = folder
        self.budget_bytes = budget_bytes
        self._swept = False
        self._found: dict[tuple[Segment, str | None], Clip] = {}
        self._sweep_lock = threading.Lock()

    def find(self, segment: Segment, quality: str | None = None) -> Clip | None:
        """A kept clip that holds ``segment``: the very one, or any longer one. None when there is none.

        With ``quality``, one of that picture height or better, the smallest first; without, the best there is.
        Never raises: a folder that cannot be read holds nothing.
        """
        clip = self._find(segment, quality)
        if clip is None:
            self._found.pop((segment, quality), None)
        else:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[segment, quality] = clip
        return clip

    def recall(self, segment: Segment, quality: str | None = None) -> Clip | None:
        """What the last :meth:`find` of this gave, if that file is still there and of its size; else None.

        For a thread that must not wait: it asks the disk for one file's size and nothing else. None does not mean that
        there is no clip, and whether it is pinned or when it was played may be out of date.
        """
        clip = self._found.get((segment, quality))
        if clip is None or clip.path.parent != self.folder:
            return None
        try:
            return clip if clip.path.stat().st_size == clip.size_bytes else None
        except OSError:
            return None

    def _find(self, segment: Segment, quality: str | None) -> Clip | None:
        if quality is not None:
            exact = read_clip(self.folder / media_name(segment, quality, whole=False))
            if exact is not None:
                return exact
        candidates = [one for one in (named(path, segment) for path in self._media_files()) if one]
        if quality is not None:
            least = quality_rank(quality)
            candidates = [one for one in candidates if one.rank >= least]
        sign = -1 if quality is None else 1
        candidates.sort(key=lambda one: (sign * one.rank, one.length_ms))
        for candidate in candidates:
            clip = read_clip(candidate.path)
            if clip is not None and clip.holds(segment):
                return clip
        return None

    def find_whole(self, video: VideoRef) -> Clip | None:
        """The kept whole video, the best there is; None when it is not kept."""
        for quality in reversed(QUALITIES):
            clip = read_clip(self.folder / f"{video.key}_whole_{quality}.mp4")
            if clip is not None:
                return clip
        return None

    def clips(self) -> list[Clip]:
        """Every kept clip, most recently played first."""
        loaded = [read_clip(path) for path in self._media_files()]
        return sorted((clip for clip in loaded if clip), key=lambda clip: clip.played, reverse=True)

    def total_bytes(self) -> int:
        """Space that the kept clips take, in bytes."""
        total = 0
        for path in self._media_files():
            with contextlib.suppress(OSError):
                total += path.stat().st_size
        return total

    def pin(self, clip: Clip) -> Clip:
        """Never evict ``clip``. Raises MediaError when the folder cannot be written."""
        return self._set_pinned(clip, True)

    def unpin(self, clip: Clip) -> Clip:
        """Let ``clip`` be evicted again. Raises MediaError when the folder cannot be written."""
        return self._set_pinned(clip, False)

    def touch(self, clip: Clip) -> Clip:
        """Remember that ``clip`` was played now. Never raises: a folder that cannot be written does not matter."""
        now = time.time()
        with contextlib.suppress(OSError):
            os.utime(sidecar(clip.path), (now, now))
        return replace(clip, played=now)

    def remove(self, clip: Clip) -> None:
        """Delete ``clip`` from the disk; one that is gone already is no error. Raises MediaError."""
        with self._guard("removing a clip"), self._lock():
            delete(clip.path)

    def clear(self, *, pinned_too: bool = False) -> int:
        """Delete every clip that is not pinned (or all); returns how many bytes came free. Raises MediaError."""
        freed = 0
        for clip in self.clips():
            if pinned_too or not clip.pinned:
                self.remove(clip)
                freed += clip.size_bytes
        return freed

    def add(
        self,
        segment: Segment,
        quality: str,
        source: Path,
        *,
        whole: bool = False,
        video_end_ms: int | None = None,
    ) -> Clip:
        """Take the finished, checked file ``source`` into the store and make room for it. Raises MediaError.

        ``video_end_ms`` is the video's length where ``segment`` runs over it.
        ``source`` should lie in a :meth:`work_folder` (the same file system): it is moved, not copied.
        """
        with self._guard("keeping a clip"):
            size = source.stat().st_size
            sync(source)
            with self._settled() as folder:
                target = folder / media_name(segment, quality, whole=whole)
                before, now = read_clip(target), time.time()
                pinned = before is not None and before.pinned
                write_sidecar(Clip(segment, quality, target, size, now, now, pinned, whole, video_end_ms))
                put(source, target)
                sync_folder(folder)
        clip = read_clip(target)
        if clip is None:
            raise from_os_error(OSError(f"{target} vanished"), "keeping a clip")
        self.make_room(spare=clip)
        return clip

    def make_room(self, spare: Clip | None = None) -> list[Clip]:
        """Evict the least recently played clips until the budget is kept; returns them.

        Pinned clips and ``spare`` stay, whatever the budget says. One that cannot be deleted is passed over.
        """
        gone: list[Clip] = []
        kept = self.clips()
        total = sum(clip.size_bytes for clip in kept)
        for clip in reversed(kept):
            if total <= self.budget_bytes:
                break
            if clip.pinned or (spare is not None and clip.path == spare.path):
                continue
            try:
                self.remove(clip)
            except MediaError as error:
                log.warning("%s cannot be evicted: %s", clip.path.name, error.detail)
                continue
            total -= clip.size_bytes
            gone.append(clip)
        return gone

    @contextlib.contextmanager
    def work_folder(self) -> Iterator[Path]:
        """An empty folder for one download, on the store's file system; gone afterwards. Raises MediaError."""
        self._sweep_once()
        with self._guard("preparing a download"):
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._lock():  # or another program's clean_up could meet it before it is locked
                work = Path(tempfile.mkdtemp(prefix="work-", dir=self.folder))
                lock = FileLock(work / "owner.lock")
                lock.try_acquire()
        try:
            yield work
        finally:
            lock.release()
            shutil.rmtree(work, ignore_errors=True)

    def clean_up(self) -> list[Path]:
        """Remove what crashes left behind: dead downloads, and halves of pairs. Raises MediaError."""
        removed: list[Path] = []
        if not self.folder.is_dir():
            return removed
        with self._guard("cleaning the folder for clips"), self._lock():
            for path in sorted(self.folder.iterdir()):
                if path.name.startswith("work-") and path.is_dir():
                    dead = not FileLock(path / "owner.lock").held_elsewhere()
                elif is_media(path):
                    dead = not sidecar(path).exists()
                elif path.suffix == ".json" and is_media(path.with_suffix(".mp4")):
                    dead = not path.with_suffix(".mp4").exists()
                else:
                    dead = path.name.endswith((".json.new", ".mp4.part"))
                if dead:
                    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
                    removed.append(path)
        if removed:
            log.info("removed %d leftovers from %s", len(removed), self.folder)
        return removed

    def move_to(
        self, folder: Path, cancel: CancelToken | None = None, progress: Progress = no_progress
    ) -> None:
        """Move every clip to another folder and use that from now on. Raises MediaError or Cancelled.

        Clips are moved one by one, whole; after a failure both folders hold whole clips only. ``progress`` gets
        (bytes moved, bytes to move) before each clip and at the end.
        """
        cancel = cancel or CancelToken()
        other = ClipStore(folder, self.budget_bytes)
        with self._guard("moving the clips"):
            folder.mkdir(parents=True, exist_ok=True)
            if folder.resolve() == self.folder.resolve():
                return
        done = 0
        # One that is kept meanwhile comes along too: hence until nothing is left.
        waiting = self.clips()
        total = sum(clip.size_bytes for clip in waiting)
        while waiting or not self._turn_to(folder):
            waiting = waiting or self.clips()
            total = max(total, done + sum(clip.size_bytes for clip in waiting))
            clip = waiting.pop()
            cancel.raise_if_cancelled()
            progress((done, total))
            target = folder / clip.path.name
            with self._guard("moving the clips"), other._lock():
                part = target.with_suffix(".mp4.part")
                shutil.copy2(clip.path, part)
                sync(part)
                shutil.copy2(sidecar(clip.path), sidecar(target))
                part.replace(target)
            self.remove(clip)
            done += clip.size_bytes
        progress((done, total))

    # Below: how it is done.

    def _turn_to(self, folder: Path) -> bool:
        """Use another folder from now on, unless a clip has been kept in the old one meanwhile."""
        with self._guard("moving the clips"), self._lock():
            if self.clips():
                return False
            self.folder = folder
            return True

    @contextlib.contextmanager
    def _settled(self) -> Iterator[Path]:
        """The folder, locked, and not left for another while one waited for the lock."""
        while True:
            folder = self.folder
            with self._lock():
                if folder == self.folder:
                    yield folder
                    return

    def _sweep_once(self) -> None:
        with self._sweep_lock:
            if not self._swept:
                self._swept = True
                self.clean_up()

    def _lock(self) -> FileLock:
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / "store.lock")

    @contextlib.contextmanager
    def _guard(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise from_os_error(error, what) from error

    def _media_files(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if is_media(path)]
        except OSError:
            return []

    def _set_pinned(self, clip: Clip, pinned: bool) -> Clip:
        with self._guard("pinning a clip"), self._lock():
            write_pinned(clip.path, pinned)
        return replace(clip, pinned=pinned)
