"""What can go wrong with a clip, in plain words: kinds, the table of sentences, and the reader of yt-dlp's errors."""

from __future__ import annotations

import enum
import errno
import re
from collections.abc import Iterable

from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_noop


class FailureKind(str, enum.Enum):
    """Why a clip could not be had. The values are stable names for logs and tests."""

    OFFLINE = "offline"
    NO_NETWORK = "no-network"
    PRIVATE = "private"
    REMOVED = "removed"
    BLOCKED_HERE = "blocked-here"
    AGE_WALL = "age-wall"
    SIGN_IN = "sign-in"
    TOO_MANY_REQUESTS = "too-many-requests"
    OUTDATED = "outdated"
    FORBIDDEN = "forbidden"
    NO_FFMPEG = "no-ffmpeg"
    NO_YTDLP = "no-ytdlp"
    DISK_FULL = "disk-full"
    BEYOND_END = "beyond-end"
    LIVE = "live"
    PREMIERE = "premiere"
    NO_FORMAT = "no-format"
    NO_CAPTIONS = "no-captions"
    COOKIES = "cookies"
    DAMAGED = "damaged"
    TIMED_OUT = "timed-out"
    STORE_UNWRITABLE = "store-unwritable"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


_WORDS: dict[FailureKind, tuple[str, str]] = {
    FailureKind.OFFLINE: (
        tr_noop("Soundbite is set to work offline, and this clip is not kept."),
        tr_noop("Switch off “Work offline” in the preferences to fetch it."),
    ),
    FailureKind.NO_NETWORK: (
        tr_noop("The video site cannot be reached."),
        tr_noop("Check the internet connection (and the proxy, if one is set), then retry."),
    ),
    FailureKind.PRIVATE: (
        tr_noop("This video is private."),
        tr_noop(
            "Only people its owner has invited can watch it. If you are one of them, choose your browser's cookies "
            "in the preferences, then retry."
        ),
    ),
    FailureKind.REMOVED: (
        tr_noop("This video is no longer available."),
        tr_noop("It has been removed by its owner or by the site. The transcript can still be read."),
    ),
    FailureKind.BLOCKED_HERE: (
        tr_noop("This video is not available in your country."),
        tr_noop("A proxy in another country can be set in the preferences."),
    ),
    FailureKind.AGE_WALL: (
        tr_noop("This video may be watched only by signed-in adults."),
        tr_noop(
            "Sign in to the site in your browser, choose that browser's cookies in the preferences, then retry."
        ),
    ),
    FailureKind.SIGN_IN: (
        tr_noop("The site wants you to sign in before it shows this video."),
        tr_noop(
            "Sign in to the site in your browser, choose that browser's cookies in the preferences, then retry."
        ),
    ),
    FailureKind.TOO_MANY_REQUESTS: (
        tr_noop("The site says there were too many requests from here."),
        tr_noop("Wait a while (sometimes up to an hour), then retry."),
    ),
    FailureKind.OUTDATED: (
        tr_noop("yt-dlp could not read the site's answer; it is probably too old for the site as it is now."),
        tr_noop("Renew yt-dlp (in the Help menu, or by the command soundbite renew), then retry."),
    ),
    FailureKind.FORBIDDEN: (
        tr_noop("The site refused to hand out the video."),
        tr_noop("Retry in a minute. If it stays so, renew yt-dlp: an old one is refused in this way."),
    ),
    FailureKind.NO_FFMPEG: (
        tr_noop("ffmpeg is missing, and a clip cannot be cut without it."),
        tr_noop("Install ffmpeg (for example: sudo apt install ffmpeg), then retry."),
    ),
    FailureKind.NO_YTDLP: (
        tr_noop("yt-dlp is missing or does not start, and nothing can be downloaded without it."),
        tr_noop('Install it (for example: pip install -U "yt-dlp[default,deno]"), then retry.'),
    ),
    FailureKind.DISK_FULL: (
        tr_noop("There is no space left for the clip."),
        tr_noop("Free some disk space, or choose another folder for clips in the preferences, then retry."),
    ),
    FailureKind.BEYOND_END: (
        tr_noop("This place lies after the end of the video."),
        tr_noop(
            "The note's time is wrong, or the video has been shortened. Open the video to look for the place."
        ),
    ),
    FailureKind.LIVE: (
        tr_noop("This is a live broadcast that is still running."),
        tr_noop("Clips can be fetched when it is over. It can be watched on the site now."),
    ),
    FailureKind.PREMIERE: (
        tr_noop("This video has not been shown yet."),
        tr_noop("Try again after its premiere."),
    ),
    FailureKind.NO_FORMAT: (
        tr_noop("The site offers this video in no form that can be downloaded."),
        tr_noop("Renew yt-dlp and retry, or open the video on its site."),
    ),
    FailureKind.NO_CAPTIONS: (
        tr_noop("This video has no captions in your languages."),
        tr_noop(
            "Other languages can be chosen in the preferences. A caption file beside the note serves as well."
        ),
    ),
    FailureKind.DAMAGED: (
        tr_noop("What arrived was damaged or incomplete, and has been thrown away."),
        tr_noop("Retry. If it happens again, try another picture height in the preferences."),
    ),
    FailureKind.TIMED_OUT: (
        tr_noop("The download took too long and was stopped."),
        tr_noop("Check the connection, or choose a smaller picture in the preferences, then retry."),
    ),
    FailureKind.STORE_UNWRITABLE: (
        tr_noop("The folder for clips cannot be written."),
        tr_noop("Check that it exists and is yours, or choose another one in the preferences."),
    ),
    FailureKind.COOKIES: (
        tr_noop("Your browser's cookies could not be read."),
        tr_noop("Close the browser and retry, or choose another browser (or none) in the preferences."),
    ),
    FailureKind.UNKNOWN: (
        tr_noop("The clip could not be fetched."),
        tr_noop("Retry; if it fails again, the log says what yt-dlp answered."),
    ),
}

FINAL_KINDS = frozenset(
    {
        FailureKind.OFFLINE,
        FailureKind.PRIVATE,
        FailureKind.REMOVED,
        FailureKind.BLOCKED_HERE,
        FailureKind.AGE_WALL,
        FailureKind.SIGN_IN,
        FailureKind.COOKIES,
        FailureKind.NO_FFMPEG,
        FailureKind.NO_YTDLP,
        FailureKind.DISK_FULL,
        FailureKind.BEYOND_END,
        FailureKind.LIVE,
        FailureKind.PREMIERE,
        FailureKind.STORE_UNWRITABLE,
    }
)
"""Kinds that no other way of fetching can mend: the ladder stops at them."""


RENEWABLE_KINDS = frozenset({FailureKind.OUTDATED, FailureKind.FORBIDDEN, FailureKind.NO_YTDLP})
"""Kinds that smell of an old yt-dlp: a newer one may mend them."""


class MediaError(ViewerError):
    """A clip could not be had. ``kind`` says why; the sentences come from the table above."""

    def __init__(
        self, kind: FailureKind, detail: str = "", *, message: str | None = None, advice: str | None = None
    ) -> None:
        words, usual_advice = _WORDS[kind]
        super().__init__(message or tr(words), advice or tr(usual_advice), detail)
        self.kind = kind


def _rules(*rows: tuple[FailureKind, str]) -> tuple[tuple[FailureKind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in rows)


# First match wins, so the narrow stand before the wide: "Private video. Sign in if ..." is private, and
# "Video unavailable. The uploader has not made this video available in your country" is blocked.
# The wordings are those of yt-dlp's extractor/youtube/_video.py, networking/exceptions.py and YouTube itself.
_RULES = _rules(
    (FailureKind.DISK_FULL, r"no space left on device|errno 28\b|disk quota exceeded|errno 122\b"),
    (FailureKind.DISK_FULL, r"not enough space on the disk|there is not enough space"),
    (FailureKind.NO_FFMPEG, r"ffmpeg (is )?not (installed|found)|ffmpeg-location .* does not exist"),
    (FailureKind.NO_FFMPEG, r"ffprobe and ffmpeg not found|please install (it|ffmpeg)"),
    (FailureKind.NO_YTDLP, r"no module named '?yt_dlp"),
    (FailureKind.COOKIES, r"could not (find|copy) .*cookie|unsupported (browser|keyring)|failed to decrypt"),
    (FailureKind.COOKIES, r"cookies? database|failed to load cookies"),
    (
        FailureKind.PREMIERE,
        r"premieres? in|premiere will begin|will begin (in|shortly)|begin in a few moments",
    ),
    (FailureKind.PREMIERE, r"live event will|this live event will begin|not yet aired"),
    (
        FailureKind.LIVE,
        r"does not pass filter \(!is_live\)|is currently live|live stream is (still )?running",
    ),
    (FailureKind.PRIVATE, r"private video|video is private"),
    (FailureKind.AGE_WALL, r"confirm your age|age.?restricted|inappropriate for some users"),
    (FailureKind.TOO_MANY_REQUESTS, r"http error 429|too many requests|rate.?limited"),
    (FailureKind.SIGN_IN, r"not a bot|members.only|join this channel|requires? (payment|purchase)"),
    (FailureKind.SIGN_IN, r"\bsign in\b|\blog ?in\b|login required|account cookies"),
    (FailureKind.BLOCKED_HERE, r"(in|from) your (country|location|region)|geo.?restrict|blocked it (in|on)"),
    (FailureKind.REMOVED, r"has been (removed|terminated|deleted)|no longer available|been terminated"),
    (FailureKind.REMOVED, r"video (is )?unavailable|isn['\u2019]t available|does not exist"),
    (FailureKind.REMOVED, r"unable to download (api page|webpage|json metadata).*http error 4(04|10)"),
    (FailureKind.REMOVED, r"no longer exists|video not found|copyright claim"),
    (FailureKind.NO_FORMAT, r"requested format is not available|no video formats found|drm.protected"),
    (FailureKind.NO_FORMAT, r"only images are available|unsupported url|missing a url"),
    (FailureKind.FORBIDDEN, r"http error 4(01|03|04|10)\b|server returned 40[134]"),
    (FailureKind.NO_NETWORK, r"failed to resolve|name resolution|getaddrinfo|name or service not known"),
    (FailureKind.NO_NETWORK, r"network is (unreachable|down)|no route to host|connection refused"),
    (FailureKind.NO_NETWORK, r"connection (was )?(reset|aborted|broken)|remote end closed|incompleteread"),
    (FailureKind.NO_NETWORK, r"timed? ?out|unable to connect|proxy ?error|cannot connect to proxy"),
    (
        FailureKind.NO_NETWORK,
        r"certificate.verify.failed|ssl:|http error 5\d\d|bytes read, \d+ more expected",
    ),
    (FailureKind.OUTDATED, r"(signature|nsig|n challenge).*(fail|not found)|unable to extract"),
    (FailureKind.OUTDATED, r"please report this issue|latest version using|page needs to be reloaded"),
    (FailureKind.STORE_UNWRITABLE, r"permission denied|errno (13|30|1)\b|read-only file system"),
    (FailureKind.STORE_UNWRITABLE, r"unable to (open for writing|create directory)"),
    (FailureKind.DAMAGED, r"invalid data found|moov atom not found|file is empty|did not get any data"),
    (FailureKind.DAMAGED, r"content too short|truncated|conversion failed"),
)


_SAID_BETTER: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"not a bot", re.IGNORECASE),
        tr_noop("The site takes this computer for a robot and wants you to sign in."),
        tr_noop(
            "Choose the browser in which you are signed in to the site in the preferences (its cookies are then used), "
            "then retry."
        ),
    ),
    (
        re.compile(r"members.only|join this channel", re.IGNORECASE),
        tr_noop("This video is only for members of its channel."),
        tr_noop(
            "If you are one, sign in to the site in your browser, choose that browser's cookies in the preferences, "
            "then retry."
        ),
    ),
    (
        re.compile(r"requires? (payment|purchase)", re.IGNORECASE),
        tr_noop("This video must be paid for."),
        tr_noop(
            "If you have paid, sign in to the site in your browser, choose that browser's cookies in the preferences, "
            "then retry."
        ),
    ),
    (
        re.compile(r"drm.protected", re.IGNORECASE),
        tr_noop("This video is copy-protected."),
        tr_noop("It can be watched on its site only."),
    ),
    (
        re.compile(r"http error 5\d\d", re.IGNORECASE),
        tr_noop("The video site has trouble of its own: it answers with an error."),
        tr_noop("Nothing is wrong here. Retry in a few minutes."),
    ),
)
"""Texts for which a kind's own sentence would be too wide: pattern, message, advice."""


def _failure(rank: int, line: str, detail: str) -> MediaError:
    for pattern, message, advice in _SAID_BETTER:
        if pattern.search(line):
            return MediaError(_RULES[rank][0], detail, message=tr(message), advice=tr(advice))
    return MediaError(_RULES[rank][0], detail)


def _rank_of(line: str) -> int | None:
    return next((rank for rank, (_, pattern) in enumerate(_RULES) if pattern.search(line)), None)


def classify(stderr_lines: Iterable[str], returncode: int | None = 1) -> MediaError:
    """Read what yt-dlp wrote to stderr and say why it failed. Pure; an unknown text gives ``UNKNOWN``.

    Its ``ERROR:`` lines are believed first, the earliest of them most; then, since ffmpeg's own complaints come
    bare, the narrowest rule that any other line meets. Warnings are never the reason.
    """
    lines = [line.strip() for line in stderr_lines if line.strip()]
    detail = "\n".join(lines[-20:]) + f"\n(ended with {returncode})"
    for line in lines:
        rank = _rank_of(line) if line.startswith("ERROR:") else None
        if rank is not None:
            return _failure(rank, line, detail)
    others = (_rank_of(line) for line in lines if not line.startswith(("ERROR:", "WARNING:", "[debug]")))
    ranks = [rank for rank in others if rank is not None]
    return MediaError(_RULES[min(ranks)][0] if ranks else FailureKind.UNKNOWN, detail)


def from_os_error(error: OSError, what: str = "") -> MediaError:
    """The MediaError for an OSError met while writing: no space, or a folder that cannot be written."""
    full = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
    kind = FailureKind.DISK_FULL if error.errno in full else FailureKind.STORE_UNWRITABLE
    return MediaError(kind, f"{what}: {error}".lstrip(": "))
