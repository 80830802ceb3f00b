"""The ways to get a clip, best first. Each makes one file in a work folder or raises MediaError; none keeps it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from viewer.base.cancel import CancelToken
from viewer.domain.video import Segment
from viewer.media import fragments, process, ytdlp
from viewer.media.child import ChildGone
from viewer.media.failures import FailureKind, MediaError, classify
from viewer.media.fragments import FragmentJob, HeadCache, fetch_clip
from viewer.media.growing import Growth
from viewer.media.mp4_read import Mp4Error
from viewer.media.mp4_write import recut
from viewer.media.pausing import Gate
from viewer.media.progress import FetchStage, Meter
from viewer.media.range_proxy import ProxiedStream, RangeProxy
from viewer.media.ranges import RateLimit, Source
from viewer.media.resolver import MediaFormat, Resolver, VideoInfo
from viewer.media.spans import SpanCache
from viewer.media.tools import Tools

log = logging.getLogger(__name__)

SILENCE_S = 30.0
"""A download that moves nothing for so long is stalled."""

LONGEST_WHOLE_MS = 20 * 60 * 1000
"""A longer video is never fetched whole only because a clip of it cannot be had otherwise."""

_FFMPEG_STATS = re.compile(r"size=\s*(?P<kib>\d+)[kK].*?time=(?P<h>\d+):(?P<m>\d\d):(?P<s>\d\d)\.(?P<c>\d\d)")


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that a rung needs for one clip. ``work`` is an empty folder of its own.

    ``segment`` ends within the video where its length is known. ``info`` is what the resolver found, if anything.
    ``announce`` is told of what can be played while it comes in.
    """

    segment: Segment
    quality: str
    work: Path
    tools: Tools
    network: ytdlp.NetworkChoices
    meter: Meter
    cancel: CancelToken
    info: VideoInfo | None = None
    announce: Callable[[Growth], None] | None = None
    gate: Gate = field(default_factory=Gate)
    spans: SpanCache = field(default_factory=SpanCache)

    @property
    def ffmpeg(self) -> Path:
        """ffmpeg's path; MediaError when there is none."""
        if self.tools.ffmpeg is None:
            raise MediaError(FailureKind.NO_FFMPEG)
        return self.tools.ffmpeg


class _Watcher:
    """Reads a running yt-dlp's lines (its own progress, and the statistics of the ffmpeg below it)."""

    def __init__(self, task: Task) -> None:
        self._meter = task.meter
        self._duration_s = task.segment.duration_ms / 1000
        self._last: tuple[int, float] = (-1, -1.0)

    def __call__(self, stream: str, line: str) -> bool | None:
        told = ytdlp.parse_progress(line)
        if told is not None:
            self._meter.at(told.done_bytes, told.total_bytes)
            return True
        stats = _FFMPEG_STATS.search(line)
        if stats is None:
            return None
        time_s = (int(stats["h"]) * 60 + int(stats["m"])) * 60 + int(stats["s"]) + int(stats["c"]) / 100
        now = (int(stats["kib"]), time_s)
        if now == self._last:
            return False
        self._last = now
        self._meter.at(now[0] * 1024, fraction=min(1.0, time_s / self._duration_s))
        return True


def run_ytdlp(task: Task, request: ytdlp.DownloadRequest, budget_s: float) -> Path:
    """Run yt-dlp for one request and return the file it made. Raises MediaError."""
    if not task.tools.ytdlp:
        raise MediaError(FailureKind.NO_YTDLP)
    task.meter.begin_download()
    empty = task.work / "empty"
    empty.mkdir(exist_ok=True)
    outcome = process.run(
        [*task.tools.ytdlp, *ytdlp.download_arguments(request)],
        cwd=empty,
        on_line=_Watcher(task),
        cancel=task.cancel,
        timeout_s=budget_s,
        silence_s=SILENCE_S,
        leash=True,
    )
    if outcome.start_error:
        raise MediaError(FailureKind.NO_YTDLP, outcome.words)
    if outcome.timed_out:
        raise MediaError(FailureKind.TIMED_OUT, outcome.words)
    if not outcome.ok:
        raise classify(outcome.stderr, outcome.returncode)
    if ytdlp.was_filtered(outcome.stdout):
        raise MediaError(FailureKind.LIVE, "yt-dlp passed the video over: it is live")
    made = [path for path in task.work.glob(request.target.name + ".*") if path.suffix != ".part"]
    if len(made) != 1:
        raise MediaError(FailureKind.DAMAGED, f"yt-dlp made {[path.name for path in made]}: {outcome.words}")
    return made[0]


def _request(
    task: Task, name: str, *, segment: Segment | None, reencode: bool = False
) -> ytdlp.DownloadRequest:
    return ytdlp.DownloadRequest(
        video=task.segment.video,
        target=task.work / name,
        quality=task.quality,
        ffmpeg=task.ffmpeg,
        deno=task.tools.deno,
        segment=segment,
        reencode=reencode,
        network=task.network,
    )


def by_ranges(task: Task, resolver: Resolver, heads: HeadCache) -> Path:
    """Only the bytes of the segment, by range, cut without re-encoding: the fast way."""
    info = task.info
    if info is None:
        raise MediaError(FailureKind.UNKNOWN, "no addresses are known")
    renewal = _Renewal(task, info, resolver)
    job = FragmentJob(
        segment=task.segment,
        formats=info.formats,
        sources=tuple(renewal.source(one) for one in info.formats),
        duration_ms=info.duration_ms,
        work=task.work,
        proxy=task.network.proxy,
        limit=RateLimit(task.network.rate_limit_kib * 1024),
        heads=heads,
        meter=task.meter,
        cancel=task.cancel,
        announce=task.announce,
        gate=task.gate,
        spans=task.spans,
    )
    return fetch_clip(job)


def fetch_heads(
    info: VideoInfo, network: ytdlp.NetworkChoices, heads: HeadCache, cancel: CancelToken
) -> None:
    """Read ahead of a click which bytes of the streams hold which seconds. Raises MediaError or Cancelled."""
    fragments.fetch_heads(
        info.video,
        info.formats,
        info.duration_ms,
        RateLimit(network.rate_limit_kib * 1024),
        network.proxy,
        heads,
        cancel,
    )


def can_copy_bounded(formats: tuple[MediaFormat, ...]) -> bool:
    """Whether ffmpeg can read these formats through :class:`RangeProxy`: over HTTP, of known size, of a codec that plays."""
    return all(
        one.protocol in ("http", "https") and one.size_bytes and not one.video_codec.startswith("av01")
        for one in formats
    )


def by_bounded_copy(task: Task, resolver: Resolver) -> Path:
    """ffmpeg without its own HTTP: it seeks and copies, we ask in bounded ranges. For WebM, or an mp4 without an index."""
    info = task.info
    if info is None or not can_copy_bounded(info.formats):
        raise MediaError(FailureKind.UNKNOWN, "no sizes are known")
    renewal = _Renewal(task, info, resolver)
    streams = [
        ProxiedStream(
            renewal.source(one),
            one.size_bytes or 0,
            "video/mp4" if one.ext in ("mp4", "m4a") else "video/webm",
        )
        for one in info.formats
    ]
    task.meter.begin_download()
    made = task.work / "copied.mp4"
    limit = RateLimit(task.network.rate_limit_kib * 1024)
    argv = [str(task.ffmpeg), "-hide_banner", "-nostdin", "-xerror", "-protocol_whitelist", "file,http,tcp"]
    with RangeProxy(streams, task.network.proxy, limit, task.cancel, task.meter.add) as proxy:
        for address in proxy.addresses:
            argv += ["-ss", ytdlp.seconds(task.segment.start_ms), "-i", address]
        for number, one in enumerate(info.formats):
            argv += ["-map", f"{number}:v:0"] if one.has_video else []
            argv += ["-map", f"{number}:a:0"] if one.has_audio else []
        # A little longer: the end is cut exactly afterwards.
        length = ytdlp.seconds(task.segment.duration_ms + 500)
        outcome = process.run(
            [*argv, "-t", length, "-c", "copy", "-f", "mp4", str(made)],
            cwd=task.work,
            env=process.clean_environment({"no_proxy": "*"}),
            cancel=task.cancel,
            timeout_s=60 + 2 * task.segment.duration_ms / 1000,
        )
    if proxy.error is not None:
        raise proxy.error
    if outcome.timed_out:
        raise MediaError(FailureKind.TIMED_OUT, outcome.words)
    if not outcome.ok:
        raise MediaError(FailureKind.DAMAGED, outcome.words)
    return _trimmed(task, made)


class _Renewal:
    """New addresses for a job whose old ones are refused: asked for once, for all its streams."""

    def __init__(self, task: Task, info: VideoInfo, resolver: Resolver) -> None:
        self._task = task
        self._info = info
        self._resolver = resolver

    def source(self, one: MediaFormat) -> Source:
        """The source of one stream."""
        return Source(one.url, one.headers, lambda: self._renewed(one.format_id))

    def _renewed(self, format_id: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
        task = self._task
        try:
            info = self._resolver.resolve(
                task.segment.video, task.quality, task.network, task.cancel, stale=self._info
            )
        except (ChildGone, MediaError) as error:
            log.info("addresses of %s cannot be renewed: %s", task.segment.video.id, error)
            return None
        return next(((one.url, one.headers) for one in info.formats if one.format_id == format_id), None)


def by_section_copy(task: Task) -> Path:
    """yt-dlp's section download without re-encoding: quick, and exact at the start thanks to the edit list."""
    budget_s = 60 + 2 * task.segment.duration_ms / 1000
    return _trimmed(task, run_ytdlp(task, _request(task, "copied", segment=task.segment), budget_s))


def _trimmed(task: Task, made: Path, start_ms: int = 0) -> Path:
    """The clip's length of ``made`` from ``start_ms`` on: ffmpeg begins right and ends some pictures late."""
    task.meter.stage(FetchStage.CUTTING)
    target = task.work / "trimmed.mp4"
    try:
        recut(made, target, start_ms, start_ms + task.segment.duration_ms)
    except Mp4Error as error:
        raise MediaError(FailureKind.DAMAGED, f"{made.name}: {error}") from error
    return target


def by_note_command(task: Task) -> Path:
    """yt-dlp as the note's own command says: cut and re-encoded. Slow, but it copes with anything."""
    budget_s = 180 + 6 * task.segment.duration_ms / 1000
    request = _request(task, "encoded", segment=task.segment, reencode=True)
    return _trimmed(task, run_ytdlp(task, request, budget_s))


def whole_video(task: Task) -> Path:
    """The whole video by yt-dlp's own downloader, as it comes."""
    length_s = (task.info.duration_ms or 0) / 1000 if task.info is not None else 0
    return run_ytdlp(task, _request(task, "whole", segment=None), 600 + 4 * length_s)


def by_whole_video(task: Task) -> Path:
    """The whole video, then the clip cut from it: for servers that cannot send a part. Only for short videos."""
    duration_ms = task.info.duration_ms if task.info is not None else None
    if duration_ms is None or duration_ms > LONGEST_WHOLE_MS:
        raise MediaError(FailureKind.NO_FORMAT, "the video is too long to be fetched whole for a clip")
    return _trimmed(task, whole_video(task), task.segment.start_ms)
