"""Still pictures of kept clips: the first frame as a small JPEG, made once by ffmpeg and kept in the cache, bounded."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
import threading
from pathlib import Path

from viewer.base.cancel import CancelToken
from viewer.media.clip_files import Clip

log = logging.getLogger(__name__)

WIDTH = 320
"""px: enough for a card on a screen of twice the usual density; about 12 KB."""

MOST_KEPT = 3000
"""So many pictures are kept (some 40 MB); the least recently used go first."""

_TIMEOUT_S = 20.0


class StillStore:
    """Makes and keeps pictures. Every method blocks; safe for several threads and several running programs."""

    def __init__(self, folder: Path, ffmpeg: Path | None = None, most_kept: int = MOST_KEPT) -> None:
        self.folder = folder
        self._ffmpeg = ffmpeg
        self._looked = ffmpeg is not None
        self._most = most_kept
        self._lock = threading.Lock()

    def still(self, clip: Clip, offset_ms: int = 0, cancel: CancelToken | None = None) -> Path | None:
        """The picture ``offset_ms`` into ``clip``; None when it cannot be made (no ffmpeg, a damaged file).

        Raises Cancelled.
        """
        try:
            facts = clip.path.stat()
        except OSError:
            return None
        words = f"{clip.path.name}|{facts.st_size}|{facts.st_mtime_ns}|{offset_ms}|{WIDTH}"
        target = self.folder / f"{hashlib.sha256(words.encode()).hexdigest()[:32]}.jpg"
        if target.is_file():
            with contextlib.suppress(OSError):
                os.utime(target)
            return target
        return self._make(clip.path, max(0, offset_ms), target, cancel)

    def _make(self, source: Path, offset_ms: int, target: Path, cancel: CancelToken | None) -> Path | None:
        from viewer.media import process  # what starts programs would slow the window's start

        ffmpeg = self._program()
        if ffmpeg is None:
            return None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix="making-") as name:
                made = Path(name) / "still.jpg"
                outcome = process.run(
                    [
                        *(str(ffmpeg), "-hide_banner", "-nostdin", "-v", "error", "-y"),
                        *("-ss", f"{offset_ms / 1000:.3f}", "-i", str(source.absolute())),
                        *("-frames:v", "1", "-an", "-vf", f"scale={WIDTH}:-2", "-q:v", "4", str(made)),
                    ],
                    cwd=Path(name),
                    cancel=cancel,
                    timeout_s=_TIMEOUT_S,
                    leash=True,
                )
                if not outcome.ok or not made.is_file() or not made.stat().st_size:
                    log.info("no still picture of %s: %s", source.name, outcome.words)
                    return None
                made.replace(target)
        except OSError as error:
            log.info("no still picture of %s: %s", source.name, error)
            return None
        self._make_room()
        return target

    def _program(self) -> Path | None:
        with self._lock:
            if not self._looked:
                from viewer.media.tools import Tools

                self._looked = True
                self._ffmpeg = Tools.find().ffmpeg
            return self._ffmpeg

    def _make_room(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            kept = list(self.folder.glob("*.jpg"))
            if len(kept) <= self._most:
                return
            kept.sort(key=_used)
            # A tenth at once, so that this is not done at every picture.
            for path in kept[: len(kept) - self._most + self._most // 10]:
                with contextlib.suppress(OSError):
                    path.unlink()


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
