"""From a segment to a playable file: a ladder of ways, each with a time budget and a check of its result."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.paths import AppPaths
from viewer.domain.video import Segment, VideoRef
from viewer.media import rungs
from viewer.media.child import ChildGone
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.failures import FailureKind, MediaError, from_os_error
from viewer.media.fragments import HeadCache, can_fetch
from viewer.media.growing import Growth
from viewer.media.ladder import LAST_SECOND_MS, Climb, Goal, Rung, Teller, within
from viewer.media.loopback import Loopback
from viewer.media.mp4_read import Mp4Error
from viewer.media.mp4_write import recut
from viewer.media.options import FetchOptions
from viewer.media.pausing import Gate, Gates
from viewer.media.progress import FetchProgress, FetchStage
from viewer.media.resolver import Resolver, VideoInfo
from viewer.media.sharing import Sharing
from viewer.media.spans import SpanCache
from viewer.media.tools import Tools
from viewer.media.ytdlp import NetworkChoices

__all__ = ["FetchOptions", "FetchProgress", "FetchStage", "Fetcher"]

log = logging.getLogger(__name__)


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
        self._gates = Gates()
        self._spans = SpanCache()

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

        What overlaps is shared: inside a kept clip or whole video nothing is fetched; inside a longer fetch that runs
        it waits for that (unless ``on_playable`` is given: then it begins at once); fragments that came lately or
        come just now are not asked for again. Not shared: the fragments of clips kept by an earlier run of the
        program, and whatever the slow ways bring.

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
            teller = Teller(tell)
            with gate.on_change(teller.meter.pause):
                return self._climb(segment, options, teller, gate, token)

        def listen(value: object) -> None:
            if not isinstance(value, Growth):
                progress(value)
            elif on_playable is not None:
                on_playable(self.loopback.serve(value))

        try:
            clip = None if on_playable else self._inside_another(segment, options.quality, progress, cancel)
            if clip is None:
                with self._gates.of(segment) as gate:
                    gate.resume()  # asked for again: it is wanted
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
            teller = Teller(tell)
            with gate.on_change(teller.meter.pause):
                return self._climb_whole(video, options, teller, gate, token)

        with self._gates.of(video) as gate:
            gate.resume()
            return self.store.touch(self._sharing.do((video, options.quality), work, progress, cancel))

    def pause(self, what: Segment | VideoRef | None = None) -> None:
        """Let the running fetch of a segment, or of a whole video, stand still; without ``what`` all that run.

        By ranges nothing more is asked for, and it goes on where it stood; the slow ways are cancelled and begin
        anew at :meth:`resume`. Asking for the same thing again resumes it. What begins later is not paused.
        """
        for gate in self._gates.running(what):
            gate.pause()

    def resume(self, what: Segment | VideoRef | None = None) -> None:
        """Let what was paused go on."""
        for gate in self._gates.running(what):
            gate.resume()

    def paused(self, what: Segment | VideoRef) -> bool:
        """Whether the fetch of this runs and is paused."""
        return any(gate.paused for gate in self._gates.running(what))

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

    def forget_tools(self) -> None:
        """Look for the external programs anew at the next use: yt-dlp was renewed. What runs goes on as it began."""
        with self._lock:
            resolver, self._resolver = self._resolver, None
            self._tools = None
        if resolver is not None:
            resolver.close()

    def warm_up(self) -> None:
        """Start the helper process, so that the first click does not wait for it. Blocks for some 50 ms."""
        try:
            self.resolver.worker.start()
        except ChildGone as gone:
            log.warning("the worker does not start: %s", gone)

    def prepare(self, video: VideoRef, cancel: CancelToken | None = None) -> None:
        """Find ``video``'s addresses, and which bytes hold which seconds, ahead of a click.

        Blocks; raises what :meth:`fetch` raises.
        """
        options = self.options
        if options.offline:
            raise MediaError(FailureKind.OFFLINE)
        cancel = cancel or CancelToken()
        info = self._resolved(video, options.quality, options.network, cancel)
        if info is not None and can_fetch(info.formats):
            try:
                rungs.fetch_heads(info, options.network, self._heads, cancel)
            except MediaError as error:
                log.info("%s: no heads ahead of time: %s (%s)", video.id, error.kind, error.detail)

    @property
    def tools(self) -> Tools:
        """The external programs, looked for at the first use."""
        with self._lock:
            if self._tools is None:
                self._tools = Tools.find(self.paths)
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

    def _inside_another(
        self, segment: Segment, quality: str, progress: Progress, cancel: CancelToken
    ) -> Clip | None:
        """The clip of a longer fetch that runs and holds ``segment``; None when there is none or it failed."""
        for key in self._sharing.running_keys():
            other = key[0] if isinstance(key, tuple) and key[1] == quality else None
            if not isinstance(other, Segment) or other == segment or other.video != segment.video:
                continue
            if other.start_ms <= segment.start_ms and segment.end_ms <= other.end_ms:
                self.resume(other)
                try:
                    self._sharing.join(key, lambda value: _just_progress(value, progress), cancel)
                except MediaError as error:
                    log.info("the longer fetch failed: %s", error.kind)
                return self.store.find(segment, quality)
        return None

    # The ladder

    def _climb(
        self, segment: Segment, options: FetchOptions, teller: Teller, gate: Gate, cancel: CancelToken
    ) -> Clip:
        kept = self.store.find(segment, options.quality)
        if kept is not None:
            return kept  # it came in the very moment of the click
        teller.meter.stage(FetchStage.RESOLVING)
        info = self._resolved(segment.video, options.quality, options.network, cancel)
        goal = Goal(segment, within(segment, info), options.quality, options.network, info, gate)
        climb = Climb(goal, teller, self.store, self.tools, self._spans, cancel)
        return climb.run(self._ladder(info, goal.wanted))

    def _climb_whole(
        self, video: VideoRef, options: FetchOptions, teller: Teller, gate: Gate, cancel: CancelToken
    ) -> Clip:
        teller.meter.stage(FetchStage.RESOLVING)
        info = self._resolved(video, options.quality, options.network, cancel)
        if info is None or info.duration_ms is None:
            raise MediaError(FailureKind.NO_FORMAT, "how long the video is, nobody tells")
        everything = Segment(video, 0, info.duration_ms)
        wanted = Segment(video, 0, info.duration_ms + LAST_SECOND_MS)
        ladder: list[Rung] = []
        budget_s = 600 + 4 * info.duration_ms / 1000
        if can_fetch(info.formats):
            ladder.append(Rung("ranges", budget_s, self._by_ranges, waits=True))
        ladder.append(Rung("yt-dlp", budget_s, rungs.whole_video))
        goal = Goal(everything, wanted, options.quality, options.network, info, gate, whole=True)
        return Climb(goal, teller, self.store, self.tools, self._spans, cancel).run(ladder)

    def _by_ranges(self, task: rungs.Task) -> Path:
        return rungs.by_ranges(task, self.resolver, self._heads)

    def _by_bounded_copy(self, task: rungs.Task) -> Path:
        return rungs.by_bounded_copy(task, self.resolver)

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

    def _ladder(self, info: VideoInfo | None, wanted: Segment) -> list[Rung]:
        length_s = wanted.duration_ms / 1000
        ladder: list[Rung] = []
        if info is not None and can_fetch(info.formats):
            ladder.append(Rung("ranges", 60 + 4 * length_s, self._by_ranges, waits=True))
        if info is not None and rungs.can_copy_bounded(info.formats):
            ladder.append(Rung("bounded copy", 60 + 4 * length_s, self._by_bounded_copy))
        if info is None or not any(one.video_codec.startswith("av01") for one in info.formats):
            ladder.append(Rung("section copy", 90 + 4 * length_s, rungs.by_section_copy))
        ladder.append(Rung("the note's command", 240 + 8 * length_s, rungs.by_note_command))
        ladder.append(Rung("the whole video", 600, rungs.by_whole_video))
        return ladder


def _just_progress(value: object, progress: Progress) -> None:
    """Pass on how far it is, but not what can be played: that begins elsewhere."""
    if not isinstance(value, Growth):
        progress(value)
