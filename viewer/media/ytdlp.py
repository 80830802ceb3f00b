"""yt-dlp's command line, as pure functions: a request becomes an argument list, a line becomes progress.

Nothing of a note's text is ever an argument: a request holds parsed numbers, a rebuilt address, and choices that
are checked against fixed lists. The list ends with ``--`` and the address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.base.untrusted import read_json, told_number
from viewer.domain.video import Segment, VideoRef, parse_address

QUALITIES = ("360", "480", "720", "1080", "best")
"""The picture heights that may be asked for, smallest first."""

BROWSERS = ("brave", "chrome", "chromium", "edge", "firefox", "opera", "safari", "vivaldi")
"""Browsers whose cookies yt-dlp can read (its ``SUPPORTED_BROWSERS`` that are in use)."""

_PROXY = re.compile(r"(https?|socks4a?|socks5h?)://[^\s'\"\\<>|`]+\Z")
_MARK = "SOUNDBITE "

# yt-dlp's default is AV1, of which Qt's FFmpeg backend shows nothing; H.264 with AAC plays everywhere and can be
# cut without re-encoding. VP9 plays too. Whatever else there is comes last and is re-encoded afterwards.
FORMATS = (
    "bv[vcodec^=avc1][protocol^=http]+ba[acodec^=mp4a][protocol^=http]",
    "b[vcodec^=avc1][protocol^=http]",
    "bv[vcodec^=avc1]+ba[acodec^=mp4a]",
    "b[vcodec^=avc1]",
    "bv[vcodec^=avc1]+ba",
    "bv[vcodec^=vp]+ba[acodec^=mp4a]",
    "bv[vcodec^=vp]+ba",
    "bv+ba",
    "b",
    "bv[vcodec^=avc1]",
    "bv[vcodec^=vp]",
    "bv",
    "ba",
)
"""Format selections (yt-dlp's language), the best for us first. The last ones have no sound, or no picture."""


@dataclass(frozen=True, slots=True)
class NetworkChoices:
    """What the user has chosen about the network; checked, since it becomes arguments. Raises ViewerError."""

    cookies_browser: str = ""
    proxy: str = ""
    rate_limit_kib: int = 0

    def __post_init__(self) -> None:
        if self.cookies_browser and self.cookies_browser not in BROWSERS:
            raise ViewerError(
                tr("“{cookies_browser}” is not a browser whose cookies can be read.").format(
                    cookies_browser=self.cookies_browser
                ),
                tr("Choose another one in the preferences."),
            )
        if self.proxy and not _PROXY.match(self.proxy):
            raise ViewerError(
                tr("“{proxy}” is not a proxy's address.").format(proxy=self.proxy),
                tr("It looks like socks5://127.0.0.1:1080."),
            )


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """One run of yt-dlp. Without ``segment`` the whole video; ``reencode`` cuts as the note's command does.

    ``target`` is the output's path without its suffix (yt-dlp picks it); it must be absolute.
    """

    video: VideoRef
    target: Path
    quality: str
    ffmpeg: Path
    deno: Path | None = None
    segment: Segment | None = None
    reencode: bool = False
    network: NetworkChoices = NetworkChoices()


def format_selection() -> str:
    """yt-dlp's ``-f``: all of :data:`FORMATS` in order."""
    return "/".join(FORMATS)


def format_sorting(quality: str) -> list[str]:
    """yt-dlp's ``-S`` as a list: the picture height, by its shorter side, so that upright videos count right.

    ValueError for a quality that is none of :data:`QUALITIES`.
    """
    if quality not in QUALITIES:
        raise ValueError(f"no such quality: {quality!r}")
    return [] if quality == "best" else [f"res:{quality}"]


def seconds(ms: int) -> str:
    """``ms`` as ffmpeg and yt-dlp read it: ``16.000``."""
    return f"{ms // 1000}.{ms % 1000:03d}"


def safe_address(video: VideoRef) -> str:
    """The video's address, rebuilt; ValueError when it is not one that may become an argument."""
    if video.is_youtube:
        return VideoRef.youtube(video.id).url
    address = parse_address(video.url)
    if address is None or address.video.url != video.url:
        raise ValueError(f"not an address: {video.url!r}")
    return video.url


def common_arguments(network: NetworkChoices, deno: Path | None) -> list[str]:
    """The arguments of every run. ``--ignore-config``: a yt-dlp.conf lying about could run code."""
    arguments = ["--ignore-config", "--no-playlist", "--color", "never", "--newline", "--no-mtime"]
    arguments += ["--socket-timeout", "15", "--retries", "3", "--fragment-retries", "3"]
    if deno is not None:
        arguments += ["--js-runtimes", f"deno:{deno}"]
    if network.cookies_browser:
        arguments += ["--cookies-from-browser", network.cookies_browser]
    if network.proxy:
        arguments += ["--proxy", network.proxy]
    if network.rate_limit_kib > 0:
        arguments += ["--limit-rate", f"{network.rate_limit_kib}K"]
    return arguments


def download_arguments(request: DownloadRequest) -> list[str]:
    """Everything after yt-dlp's own name for one download. Pure; ValueError for an unsafe request."""
    if not request.target.is_absolute() or "%" in request.target.name:
        raise ValueError(f"not a target: {request.target}")
    arguments = common_arguments(request.network, request.deno)
    arguments += [
        "--match-filters",
        "!is_live",
        "--no-simulate",
        "--no-overwrites",
        "--http-chunk-size",
        "10M",
    ]
    arguments += ["--progress", "--progress-template", "download:" + _MARK + "%(progress)j"]
    arguments += ["-f", format_selection()]
    for field in format_sorting(request.quality):
        arguments += ["-S", field]
    arguments += ["--merge-output-format", "mp4", "--ffmpeg-location", str(request.ffmpeg)]
    if request.segment is not None:
        section = f"*{seconds(request.segment.start_ms)}-{seconds(request.segment.end_ms)}"
        arguments += ["--download-sections", section]
        if request.reencode:
            arguments.append("--force-keyframes-at-cuts")
    # A percent sign in the folder's name would be read as a template.
    target = str(request.target).replace("%", "%%")
    arguments += ["-o", target + ".%(ext)s", "--", safe_address(request.video)]
    return arguments


def resolve_arguments(
    video: VideoRef, quality: str, network: NetworkChoices, deno: Path | None, ffmpeg: Path | None
) -> list[str]:
    """The whole argument list for finding a video's addresses without downloading. Pure; ValueError if unsafe."""
    arguments = [*common_arguments(network, deno), "--simulate", "-f", format_selection()]
    for field in format_sorting(quality):
        arguments += ["-S", field]
    if ffmpeg is not None:
        arguments += ["--ffmpeg-location", str(ffmpeg)]
    return [*arguments, "--", safe_address(video)]


def note_command(segment: Segment, file_name: str) -> list[str]:
    """The command for this clip as the notes write it, to be copied and run by hand."""
    start, end = seconds(segment.start_ms), seconds(segment.end_ms)
    return [
        *("yt-dlp", "--download-sections", f"*{start}-{end}", "--force-keyframes-at-cuts"),
        *("--merge-output-format", "mp4", "-o", file_name, "--", safe_address(segment.video)),
    ]


@dataclass(frozen=True, slots=True)
class DownloadLine:
    """What one progress line says: bytes so far, all bytes where known, bytes per second, seconds left."""

    done_bytes: int
    total_bytes: int | None
    speed_bps: float | None
    eta_s: float | None


def parse_progress(line: str) -> DownloadLine | None:
    """Read one line of yt-dlp's stdout; None when it tells no progress."""
    at = line.find(_MARK + "{")
    if at < 0:
        return None
    try:
        values = read_json(line[at + len(_MARK) :])
    except ValueError:
        return None
    total = told_number(values.get("total_bytes")) or told_number(values.get("total_bytes_estimate"))
    return DownloadLine(
        int(told_number(values.get("downloaded_bytes")) or 0),
        int(total) if total else None,
        told_number(values.get("speed")),
        told_number(values.get("eta")),
    )


def was_filtered(lines: tuple[str, ...]) -> bool:
    """Whether yt-dlp passed the video over because it is live (it then ends with 0 and no file)."""
    return any("does not pass filter" in line for line in lines)
