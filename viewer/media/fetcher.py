"""From a segment to a playable file: a ladder of ways, each with a time budget and a check of its result."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.paths import AppPaths
from viewer.domain.video import Segment
from viewer.media.clip_store import Clip, ClipStore
from viewer.media.tools import Tools


class FetchStage(str, enum.Enum):
    """What a fetch is doing."""

    WAITING = "waiting"
    RESOLVING = "resolving"
    DOWNLOADING = "downloading"
    CUTTING = "cutting"
    CHECKING = "checking"
    DONE = "done"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far one fetch is. Bytes, bytes per second, seconds; ``fraction`` 0..1; None where not known."""

    stage: FetchStage
    done_bytes: int = 0
    total_bytes: int | None = None
    speed_bps: float | None = None
    eta_s: float | None = None
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """The user's choices for downloads. ``quality`` is a picture height or ``best``; 0 is no rate limit."""

    quality: str = "720"
    cookies_browser: str = ""
    proxy: str = ""
    rate_limit_kib: int = 0
    offline: bool = False


class Fetcher:
    """Fetches clips into the store. One for the life of the program; any thread may call :meth:`fetch`."""

    def __init__(
        self, paths: AppPaths, store: ClipStore, options: FetchOptions, tools: Tools | None = None
    ) -> None:
        self.paths = paths
        self.store = store
        self.options = options
        self._tools = tools

    def fetch(
        self, segment: Segment, progress: Progress = no_progress, cancel: CancelToken | None = None
    ) -> Clip:
        """The clip of ``segment``: kept, or fetched now. Blocks; progress gets :class:`FetchProgress` values.

        The clip may be longer than asked for (a kept whole video): see :meth:`Clip.offset_ms`.
        Raises MediaError when it cannot be had, Cancelled when ``cancel`` was used.
        """
        raise NotImplementedError

    def close(self) -> None:
        """End the helper process. Running fetches must have been cancelled before."""
