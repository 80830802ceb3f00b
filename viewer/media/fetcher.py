"""From a segment to a playable file: a ladder of ways, each with a time budget and a check of its result."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import Cancelled, ViewerError
from viewer.base.paths import AppPaths
from viewer.domain.timestamp import format_range
from viewer.domain.video import Segment, VideoRef
from viewer.media import checks, rungs
from viewer.media.clip_store import Clip, ClipStore
from viewer.media.failures import FINAL_KINDS, FailureKind, MediaError, from_os_error
from viewer.media.fragments import HeadCache, can_fetch
from viewer.media.process import ChildGone
from viewer.media.progress import FetchProgress, FetchStage, Meter
from viewer.media.resolver import Resolver, VideoInfo
from viewer.media.tools import Tools
from viewer.media.ytdlp import NetworkChoices

__all__ = ["FetchOptions", "FetchProgress", "FetchStage", "Fetcher"]

log = logging.getLogger(__name__)

_LAST_SECOND_MS = 1000

_Rung = tuple[str, float, Callable[[rungs.Task], Path]]
"""Its name for the log, its time budget in seconds, and what it does."""


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """The user's choices for downloads. ``quality`` is a picture height or ``best``; 0 is no rate limit."""

    quality: str = "720"
    cookies_browser: str = ""
    proxy: str = ""
    rate_limit_kib: int = 0
    offline: bool = False

    @property
    def network(self) -> NetworkChoices:
        """The part that becomes arguments, checked. Raises ViewerError."""
        return NetworkChoices(self.cookies_browser, self.proxy, self.rate_limit_kib)


@dataclass(slots=True)
class _Shared:
    """One download that one or more callers wait for; it is cancelled when the last of them leaves."""

    cancel: CancelToken = field(default_factory=CancelToken)
    done: threading.Event = field(default_factory=threading.Event)
    listeners: list[Progress] = field(default_factory=list)
    latest: FetchProgress | None = None
    clip: Clip | None = None
    error: BaseException | None = None

    def tell(self, value: object) -> None:
        """Hand a progress value to everybody who waits."""
        if isinstance(value, FetchProgress):
            self.latest = value
        for listener in list(self.listeners):
            listener(value)


class Fetcher:
    """Fetches clips into the store. One for the life of the program; any thread may call :meth:`fetch`.

    ``options`` may be replaced at any time; what runs goes on with what it began with.
    """

    def __init__(
        self, paths: AppPaths, store: ClipStore, options: FetchOptions, tools: Tools | None = None
    ) -> None:
        self.paths = paths
        self.store = store
        self.options = options
        self._tools = tools
        self._heads = HeadCache()
        self._resolver: Resolver | None = None
        self._lock = threading.Lock()
        self._running: dict[tuple[Segment, str], _Shared] = {}

    def fetch(
        self, segment: Segment, progress: Progress = no_progress, cancel: CancelToken | None = None
    ) -> Clip:
        """The clip of ``segment``: kept, or fetched now. Blocks; progress gets :class:`FetchProgress` values.

        The clip may be longer than asked for (a kept whole video): see :meth:`Clip.offset_ms`.
        Raises MediaError when it cannot be had, Cancelled when ``cancel`` was used.
        """
        cancel = cancel or CancelToken()
        cancel.raise_if_cancelled()
        options = self.options
        kept = self.store.find(segment, options.quality)
        if kept is not None:
            progress(FetchProgress(FetchStage.DONE, kept.size_bytes, kept.size_bytes, fraction=1.0))
            return self.store.touch(kept)
        if options.offline:
            return self._kept_anyhow(segment, MediaError(FailureKind.OFFLINE))
        shared = self._join(segment, options, progress)
        left = threading.Event()
        with cancel.on_cancel(left.set):
            self._await(shared, left)
        if left.is_set() and not shared.done.is_set():
            self._leave(shared, progress)
            raise Cancelled
        return self._result(segment, shared)

    def close(self) -> None:
        """End what runs and the helper process. Returns when no process of ours is left."""
        with self._lock:
            running = list(self._running.values())
        for shared in running:
            shared.cancel.cancel()
        for shared in running:
            shared.done.wait(2)
        with self._lock:
            resolver, self._resolver = self._resolver, None
        if resolver is not None:
            resolver.close()

    def warm_up(self) -> None:
        """Start the helper process, so that the first click does not wait for it. Blocks for some 50 ms."""
        try:
            self.resolver.worker.start()
        except ChildGone as gone:
            log.warning("the worker does not start: %s", gone)

    def prepare(self, video: VideoRef, cancel: CancelToken | None = None) -> None:
        """Find ``video``'s addresses ahead of a click. Blocks; raises what :meth:`fetch` raises."""
        options = self.options
        if options.offline:
            raise MediaError(FailureKind.OFFLINE)
        self._resolved(video, options.quality, options.network, cancel or CancelToken())

    @property
    def tools(self) -> Tools:
        """The external programs, looked for at the first use."""
        with self._lock:
            if self._tools is None:
                self._tools = Tools.find()
            return self._tools

    @property
    def resolver(self) -> Resolver:
        """Finds addresses; made at the first use."""
        tools = self.tools
        with self._lock:
            if self._resolver is None:
                self._resolver = Resolver(tools, self.paths.work / "worker")
            return self._resolver

    # One download for many callers

    def _join(self, segment: Segment, options: FetchOptions, progress: Progress) -> _Shared:
        key = (segment, options.quality)
        with self._lock:
            shared = self._running.get(key)
            if shared is not None and not shared.cancel.cancelled:
                shared.listeners.append(progress)
                latest = shared.latest
            else:
                shared, latest = _Shared(listeners=[progress]), None
                self._running[key] = shared
                thread = threading.Thread(
                    target=self._work, args=(key, shared, options), name="fetch", daemon=True
                )
                thread.start()
        if latest is not None:
            progress(latest)
        return shared

    @staticmethod
    def _await(shared: _Shared, left: threading.Event) -> None:
        while not shared.done.wait(0.02):
            if left.is_set():
                return

    def _leave(self, shared: _Shared, progress: Progress) -> None:
        with self._lock:
            if progress in shared.listeners:
                shared.listeners.remove(progress)
            last = not shared.listeners
        if last:
            shared.cancel.cancel()
            shared.done.wait(2)

    def _result(self, segment: Segment, shared: _Shared) -> Clip:
        if shared.clip is not None:
            return self.store.touch(shared.clip)
        error = shared.error
        if isinstance(error, MediaError) and error.kind in (FailureKind.NO_NETWORK, FailureKind.TIMED_OUT):
            return self._kept_anyhow(segment, error)
        assert error is not None
        raise error

    def _kept_anyhow(self, segment: Segment, error: MediaError) -> Clip:
        """A kept clip of lesser quality is better than none; else ``error`` is raised."""
        kept = self.store.find(segment)
        if kept is None:
            raise error
        return self.store.touch(kept)

    def _work(self, key: tuple[Segment, str], shared: _Shared, options: FetchOptions) -> None:
        segment = key[0]
        try:
            shared.clip = self._climb(segment, options, Meter(shared.tell), shared.cancel)
        except (ViewerError, Cancelled) as error:
            shared.error = error
        except OSError as error:
            shared.error = from_os_error(error, "fetching a clip")
        except BaseException as error:  # noqa: BLE001 - a bug, handed to the caller whose report it becomes
            shared.error = error
        finally:
            with self._lock:
                if self._running.get(key) is shared:
                    del self._running[key]
            shared.done.set()

    # The ladder

    def _climb(self, segment: Segment, options: FetchOptions, meter: Meter, cancel: CancelToken) -> Clip:
        meter.stage(FetchStage.RESOLVING)
        network = options.network
        info = self._resolved(segment.video, options.quality, network, cancel)
        wanted = _within(segment, info)
        failures: list[MediaError] = []
        for name, budget_s, rung in self._ladder(info, wanted):
            with self.store.work_folder() as work, _budget(cancel, budget_s) as inner:
                task = rungs.Task(wanted, options.quality, work, self.tools, network, meter, inner, info)
                try:
                    path = rung(task)
                    self._check(task, path)
                    cancel.raise_if_cancelled()
                    clip = self.store.add(segment, options.quality, path)
                    meter.stage(FetchStage.DONE)
                    return clip
                except OSError as error:
                    failure = from_os_error(error, name)
                except MediaError as error:
                    failure = error
                except Cancelled:
                    cancel.raise_if_cancelled()
                    failure = MediaError(FailureKind.TIMED_OUT, f"more than {budget_s:.0f} s")
            log.warning("%s: %s failed: %s (%s)", _named(segment), name, failure.kind, failure.detail)
            failures.append(failure)
            if failure.kind in FINAL_KINDS:
                break
        raise _most_telling(failures)

    def _resolved(
        self, video: VideoRef, quality: str, network: NetworkChoices, cancel: CancelToken
    ) -> VideoInfo | None:
        """What the site offers; None when the worker itself failed and only yt-dlp's command is left."""
        try:
            return self.resolver.resolve(video, quality, network, cancel)
        except ChildGone as gone:
            log.warning("%s: the worker failed: %s", video.id, gone)
        except MediaError as error:
            if error.kind is not FailureKind.UNKNOWN:
                raise  # yt-dlp's own verdict: asking it once more would bring the same
            log.warning("%s: resolving failed: %s", video.id, error.detail)
        return None

    def _ladder(self, info: VideoInfo | None, wanted: Segment) -> list[_Rung]:
        length_s = wanted.duration_ms / 1000
        ladder: list[_Rung] = []
        if info is not None and can_fetch(info.formats):
            ladder.append(
                ("ranges", 60 + 4 * length_s, lambda task: rungs.by_ranges(task, self.resolver, self._heads))
            )
        if info is None or not any(one.video_codec.startswith("av01") for one in info.formats):
            ladder.append(("section copy", 90 + 4 * length_s, rungs.by_section_copy))
        ladder.append(("the note's command", 240 + 8 * length_s, rungs.by_note_command))
        return ladder

    @staticmethod
    def _check(task: rungs.Task, path: Path) -> None:
        task.meter.stage(FetchStage.CHECKING)
        info = task.info
        length, slack = task.segment.duration_ms, 0
        if info is not None and (info.duration_ms is None or task.segment.end_ms > info.duration_ms):
            # How long the last second of a video really is, nobody tells.
            slack = _LAST_SECOND_MS
            length -= _LAST_SECOND_MS
        checks.check_clip(
            path,
            task.ffmpeg,
            None if info is not None and info.duration_ms is None else length,
            slack_ms=slack,
            want_video=info is None or info.has_video,
            want_audio=info is None or info.has_audio,
            cancel=task.cancel,
        )


@contextlib.contextmanager
def _budget(outer: CancelToken, seconds: float) -> Iterator[CancelToken]:
    """A token that is cancelled with ``outer``, or when the time is over."""
    inner = CancelToken()
    timer = threading.Timer(seconds, inner.cancel)
    timer.daemon = True
    timer.start()
    try:
        with outer.on_cancel(inner.cancel):
            yield inner
    finally:
        timer.cancel()


def _within(segment: Segment, info: VideoInfo | None) -> Segment:
    """``segment`` as far as the video goes. Raises MediaError when it begins after the end."""
    if info is None or info.duration_ms is None:
        return segment
    if segment.start_ms >= info.duration_ms:
        raise MediaError(FailureKind.BEYOND_END, f"{segment.start_ms} of {info.duration_ms} ms")
    # The site tells whole seconds: the last one may be longer than it seems.
    end = min(segment.end_ms, info.duration_ms + _LAST_SECOND_MS)
    return Segment(segment.video, segment.start_ms, end)


def _named(segment: Segment) -> str:
    return f"{segment.video.id} {format_range(segment.start_ms, segment.end_ms)}"


def _most_telling(failures: list[MediaError]) -> MediaError:
    """The failure that tells the user most: the last one whose reason is known."""
    vague = (FailureKind.UNKNOWN, FailureKind.DAMAGED)
    telling = [failure for failure in failures if failure.kind not in vague]
    return (telling or failures)[-1]
