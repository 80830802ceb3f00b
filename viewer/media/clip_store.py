"""The clips that are kept on disk: found by video, start, end and quality; bounded by a budget; crash-safe.

One folder, flat. A clip is ``KEY_START-END_QUALITY.mp4`` (whole videos: ``KEY_whole_QUALITY.mp4``; KEY is
:attr:`VideoRef.key`, times in ms) beside a small JSON file of the same stem. The media file comes last, by rename,
and goes first: a name that ends in ``.mp4`` is always a whole clip. ``work-*`` folders are downloads under way; the
lock in each tells whether its owner lives. When a clip was last played is its JSON file's modification time.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.domain.video import Segment, VideoRef
from viewer.media.clip_files import delete, put, sidecar, sync, sync_folder, write_json
from viewer.media.failures import MediaError, from_os_error
from viewer.media.locks import FileLock
from viewer.media.ytdlp import QUALITIES

log = logging.getLogger(__name__)

_NAME = re.compile(r"(?P<key>(?:yt|url)-[a-z0-9_-]+)_(?P<span>whole|\d+-\d+)_(?P<quality>\w+)\.mp4\Z")
_VERSION = 1
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Clip:
    """One kept file. It holds ``segment`` exactly: its first frame is the first at or after the start.

    Sizes are bytes; ``created`` and ``played`` seconds since the epoch. ``whole``: it is the whole video.
    ``video_end_ms`` is set where the video ends before ``segment`` does: the file ends there, too.
    """

    segment: Segment
    quality: str
    path: Path
    size_bytes: int
    created: float
    played: float
    pinned: bool = False
    whole: bool = False
    video_end_ms: int | None = None

    def offset_ms(self, segment: Segment) -> int:
        """Where ``segment`` begins inside this file, in ms (0 when the clip was made for it)."""
        return segment.start_ms - self.segment.start_ms


@dataclass(frozen=True, slots=True)
class _Candidate:
    path: Path
    quality: str
    whole: bool
    length_ms: int


def _rank(quality: str) -> int:
    return QUALITIES.index(quality) if quality in QUALITIES else -1


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
            exact = self._load(self.folder / self._file_name(segment, quality, whole=False))
            if exact is not None:
                return exact
        fitting = [
            candidate
            for candidate in self._candidates(segment)
            if quality is None or _rank(candidate.quality) >= _rank(quality)
        ]
        sign = -1 if quality is None else 1
        fitting.sort(key=lambda candidate: (sign * _rank(candidate.quality), candidate.length_ms))
        for candidate in fitting:
            clip = self._load(candidate.path)
            if clip is not None and clip.segment.video == segment.video and _holds(clip, segment):
                return clip
        return None

    def find_whole(self, video: VideoRef) -> Clip | None:
        """The kept whole video, the best there is; None when it is not kept."""
        for quality in reversed(QUALITIES):
            clip = self._load(self.folder / f"{video.key}_whole_{quality}.mp4")
            if clip is not None:
                return clip
        return None

    def clips(self) -> list[Clip]:
        """Every kept clip, most recently played first."""
        loaded = [self._load(path) for path in self._media_files()]
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
                target = folder / self._file_name(segment, quality, whole=whole)
                now = time.time()
                values = {
                    "version": _VERSION,
                    "video": {"id": segment.video.id, "url": segment.video.url},
                    "start_ms": segment.start_ms,
                    "end_ms": segment.end_ms,
                    "quality": quality,
                    "whole": whole,
                    "video_end_ms": video_end_ms,
                    "created": now,
                    "size_bytes": size,
                    "pinned": self._was_pinned(target),
                }
                write_json(sidecar(target), values)
                put(source, target)
                sync_folder(folder)
        clip = self._load(target)
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
                elif _NAME.match(path.name):
                    dead = not sidecar(path).exists()
                elif path.suffix == ".json" and _NAME.match(path.with_suffix(".mp4").name):
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

    @staticmethod
    def _file_name(segment: Segment, quality: str, *, whole: bool) -> str:
        span = "whole" if whole else f"{segment.start_ms}-{segment.end_ms}"
        return f"{segment.video.key}_{span}_{quality}.mp4"

    def _media_files(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if _NAME.match(path.name)]
        except OSError:
            return []

    def _candidates(self, segment: Segment) -> Iterator[_Candidate]:
        for path in self._media_files():
            match = _NAME.match(path.name)
            if match is None or match["key"] != segment.video.key:
                continue
            if match["span"] == "whole":
                yield _Candidate(path, match["quality"], True, 1 << 62)
                continue
            start, end = map(int, match["span"].split("-"))
            if start <= segment.start_ms and end >= segment.end_ms:
                yield _Candidate(path, match["quality"], False, end - start)

    def _load(self, path: Path) -> Clip | None:
        """The clip at ``path``; None when it or its JSON file is missing, damaged or of another size."""
        try:
            size = path.stat().st_size
            beside = sidecar(path)
            played = beside.stat().st_mtime
            values = json.loads(beside.read_text(encoding="utf-8"))
            if values["size_bytes"] != size:
                return None
            video = VideoRef(str(values["video"]["id"]), str(values["video"]["url"]))
            segment = Segment(video, int(values["start_ms"]), int(values["end_ms"]))
            return Clip(
                segment,
                str(values["quality"]),
                path,
                size,
                float(values["created"]),
                played,
                bool(values.get("pinned")),
                bool(values.get("whole")),
                None if values.get("video_end_ms") is None else int(values["video_end_ms"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _was_pinned(self, target: Path) -> bool:
        clip = self._load(target)
        return clip is not None and clip.pinned

    def _set_pinned(self, clip: Clip, pinned: bool) -> Clip:
        beside = sidecar(clip.path)
        with self._guard("pinning a clip"), self._lock():
            try:
                values = json.loads(beside.read_text(encoding="utf-8"))
            except ValueError as error:
                raise OSError(f"{beside} is damaged") from error
            played = beside.stat().st_mtime
            write_json(beside, {**values, "pinned": pinned})
            os.utime(beside, (played, played))
        return replace(clip, pinned=pinned)


def _holds(clip: Clip, segment: Segment) -> bool:
    # A whole video holds whatever starts in it: a range that runs over its end plays to the end.
    if clip.whole:
        return segment.start_ms < clip.segment.end_ms
    if clip.video_end_ms is not None and segment.start_ms >= clip.video_end_ms:
        return False
    return clip.segment.start_ms <= segment.start_ms and segment.end_ms <= clip.segment.end_ms
