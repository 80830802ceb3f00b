"""From a segment to a playable file: a ladder of ways, each with a time budget and a check of its result."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import Cancelled
from viewer.base.paths import AppPaths
from viewer.domain.timestamp import format_range
from viewer.domain.video import Segment, VideoRef
from viewer.media import checks, rungs
from viewer.media.child import ChildGone
from viewer.media.clip_store import Clip, ClipStore
from viewer.media.failures import FINAL_KINDS, FailureKind, MediaError, from_os_error
from viewer.media.fragments import HeadCache, can_fetch
from viewer.media.growing import Growth
from viewer.media.loopback import Loopback
from viewer.media.mp4_read import Mp4Error
from viewer.media.mp4_write import recut
from viewer.media.options import FetchOptions
from viewer.media.progress import FetchProgress, FetchStage, Meter
from viewer.media.resolver import Resolver, VideoInfo
from viewer.media.sharing import Sharing
from viewer.media.tools import Tools
from viewer.media.ytdlp import NetworkChoices

__all__ = ["FetchOptions", "FetchProgress", "FetchStage", "Fetcher"]

log = logging.getLogger(__name__)

_LAST_SECOND_MS = 1000

_Rung = tuple[str, float, Callable[[rungs.Task], Path]]
"""Its name for the log, its time budget in seconds, and what it does."""


@dataclass(frozen=True, slots=True)
class _Goal:
    """What a climb shall bring: ``segment`` names it in the store, ``wanted`` is what of it the video has."""

    segment: Segment
    wanted: Segment
    options: FetchOptions
    info: VideoInfo | None
    whole: bool = False


class _Teller:
    """Whom a climb tells: of its progress, and of what can be played already."""

    def __init__(self, tell: Progress) -> None:
        self.tell = tell
        self.meter = Meter(tell)


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
        self._loopback: Loopback | None = None
        self._lock = threading.Lock()
        self._sharing: Sharing[Clip] = Sharing()

    def fetch(
        self,
        segment: Segment,
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
        on_playable: Callable[[str], None] | None = None,
    ) -> Clip:
        """The clip of ``segment``: kept, or fetched now. Blocks; progress gets :class:`FetchProgress` values.

        The clip may be longer than asked for (a kept whole video): see :meth:`Clip.offset_ms`.
        ``on_playable`` is called, at most once and on another thread, with an address on 127.0.0.1 that plays the
        clip from its first picture while the rest comes in; it cannot be sought in, and it breaks off when the
        fetch fails. Not called for a kept clip, nor when only the slow ways are left.

        Raises MediaError when it cannot be had, Cancelled when ``cancel`` was used.
        """
        cancel = cancel or CancelToken()
        cancel.raise_if_cancelled()
        options = self.options
        kept = self.store.find(segment, options.quality)
        if kept is not None:
            return self._delivered(kept, progress)
        if options.offline:
            return self._kept_anyhow(segment, MediaError(FailureKind.OFFLINE))

        def work(tell: Progress, token: CancelToken) -> Clip:
            return self._climb(segment, options, _Teller(tell), token)

        def listen(value: object) -> None:
            if not isinstance(value, Growth):
                progress(value)
            elif on_playable is not None:
                on_playable(self.loopback.serve(value))

        try:
            clip = self._sharing.do((segment, options.quality), work, listen, cancel)
        except MediaError as error:
            if error.kind in (FailureKind.NO_NETWORK, FailureKind.TIMED_OUT):
                return self._kept_anyhow(segment, error)
            raise
        return self.store.touch(clip)

    def fetch_exact(
        self, segment: Segment, progress: Progress = no_progress, cancel: CancelToken | None = None
    ) -> Clip:
        """As :meth:`fetch`, but a file that holds nothing but ``segment``: cut out of a longer one that is kept.

        For what leaves the program as a file; to play, a longer clip serves as well.
        """
        clip = self.fetch(segment, progress, cancel)
        if not clip.whole and clip.segment == segment:
            return clip
        begin = clip.offset_ms(segment)
        end_ms = clip.segment.end_ms if clip.whole else clip.video_end_ms
        with self.store.work_folder() as work:
            cut = work / "cut.mp4"
            try:
                recut(clip.path, cut, begin, begin + segment.duration_ms)
            except Mp4Error as error:
                raise MediaError(FailureKind.DAMAGED, f"{clip.path.name}: {error}") from error
            except OSError as error:
                raise from_os_error(error, "cutting a clip") from error
            inside = end_ms if end_ms is not None and end_ms < segment.end_ms else None
            return self.store.add(segment, clip.quality, cut, video_end_ms=inside)

    def fetch_whole(
        self, video: VideoRef, progress: Progress = no_progress, cancel: CancelToken | None = None
    ) -> Clip:
        """The whole video, kept or fetched now, from which every timestamp then plays. Blocks.

        Raises MediaError when it cannot be had, Cancelled when ``cancel`` was used.
        """
        cancel = cancel or CancelToken()
        cancel.raise_if_cancelled()
        options = self.options
        kept = self.store.find_whole(video)
        if kept is not None:
            return self._delivered(kept, progress)
        if options.offline:
            raise MediaError(FailureKind.OFFLINE)

        def work(tell: Progress, token: CancelToken) -> Clip:
            return self._climb_whole(video, options, _Teller(tell), token)

        return self.store.touch(self._sharing.do((video, options.quality), work, progress, cancel))

    def close(self) -> None:
        """End what runs and the helper process. Returns when no process of ours is left."""
        self._sharing.end_all()
        with self._lock:
            resolver, self._resolver = self._resolver, None
            loopback, self._loopback = self._loopback, None
        if resolver is not None:
            resolver.close()
        if loopback is not None:
            loopback.close()

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

    @property
    def loopback(self) -> Loopback:
        """Hands growing clips to the player; made at the first use."""
        with self._lock:
            if self._loopback is None:
                self._loopback = Loopback()
            return self._loopback

    def _delivered(self, kept: Clip, progress: Progress) -> Clip:
        progress(FetchProgress(FetchStage.DONE, kept.size_bytes, kept.size_bytes, fraction=1.0))
        return self.store.touch(kept)

    def _kept_anyhow(self, segment: Segment, error: MediaError) -> Clip:
        """A kept clip of lesser quality is better than none; else ``error`` is raised."""
        kept = self.store.find(segment)
        if kept is None:
            raise error
        return self.store.touch(kept)

    # The ladder

    def _climb(self, segment: Segment, options: FetchOptions, teller: _Teller, cancel: CancelToken) -> Clip:
        kept = self.store.find(segment, options.quality)
        if kept is not None:
            return kept  # it came in the very moment of the click
        teller.meter.stage(FetchStage.RESOLVING)
        info = self._resolved(segment.video, options.quality, options.network, cancel)
        goal = _Goal(segment, _within(segment, info), options, info)
        return self._try_all(self._ladder(info, goal.wanted), goal, teller, cancel)

    def _climb_whole(
        self, video: VideoRef, options: FetchOptions, teller: _Teller, cancel: CancelToken
    ) -> Clip:
        teller.meter.stage(FetchStage.RESOLVING)
        info = self._resolved(video, options.quality, options.network, cancel)
        if info is None or info.duration_ms is None:
            raise MediaError(FailureKind.NO_FORMAT, "how long the video is, nobody tells")
        everything = Segment(video, 0, info.duration_ms)
        wanted = Segment(video, 0, info.duration_ms + _LAST_SECOND_MS)
        ladder: list[_Rung] = []
        budget_s = 600 + 4 * info.duration_ms / 1000
        if can_fetch(info.formats):
            ladder.append(("ranges", budget_s, self._by_ranges))
        ladder.append(("yt-dlp", budget_s, rungs.whole_video))
        return self._try_all(ladder, _Goal(everything, wanted, options, info, whole=True), teller, cancel)

    def _try_all(self, ladder: list[_Rung], goal: _Goal, teller: _Teller, cancel: CancelToken) -> Clip:
        failures: list[MediaError] = []
        options = goal.options
        for name, budget_s, rung in ladder:
            with self.store.work_folder() as work, _budget(cancel, budget_s) as inner:
                task = rungs.Task(
                    *(goal.wanted, options.quality, work, self.tools, options.network),
                    *(teller.meter, inner, goal.info, None if goal.whole else teller.tell),
                )
                try:
                    path = rung(task)
                    self._check(task, path)
                    cancel.raise_if_cancelled()
                    clip = self.store.add(
                        *(goal.segment, options.quality, path),
                        whole=goal.whole,
                        video_end_ms=_end_inside(goal.segment, goal.info),
                    )
                    teller.meter.stage(FetchStage.DONE)
                    return clip
                except OSError as error:
                    failure = from_os_error(error, name)
                except MediaError as error:
                    failure = error
                except Cancelled:
                    cancel.raise_if_cancelled()
                    failure = MediaError(FailureKind.TIMED_OUT, f"more than {budget_s:.0f} s")
            where = format_range(goal.segment.start_ms, goal.segment.end_ms)
            log.warning(
                "%s %s: %s failed: %s (%s)",
                *(goal.segment.video.id, where, name, failure.kind, failure.detail),
            )
            failures.append(failure)
            if failure.kind in FINAL_KINDS:
                break
        raise _most_telling(failures)

    def _by_ranges(self, task: rungs.Task) -> Path:
        return rungs.by_ranges(task, self.resolver, self._heads)

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
            ladder.append(("ranges", 60 + 4 * length_s, self._by_ranges))
        if info is None or not any(one.video_codec.startswith("av01") for one in info.formats):
            ladder.append(("section copy", 90 + 4 * length_s, rungs.by_section_copy))
        ladder.append(("the note's command", 240 + 8 * length_s, rungs.by_note_command))
        ladder.append(("the whole video", 600, rungs.by_whole_video))
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


def _end_inside(segment: Segment, info: VideoInfo | None) -> int | None:
    """Where the video ends inside ``segment`` (ms); None when it does not, or nobody knows."""
    end = info.duration_ms if info is not None else None
    return end if end is not None and end < segment.end_ms else None


def _most_telling(failures: list[MediaError]) -> MediaError:
    """The failure that tells the user most: the last one whose reason is known."""
    vague = (FailureKind.UNKNOWN, FailureKind.DAMAGED)
    telling = [failure for failure in failures if failure.kind not in vague]
    return (telling or failures)[-1]
