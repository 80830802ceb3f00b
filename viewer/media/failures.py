"""What can go wrong with a clip, in plain words: kinds, the table of sentences, and the reader of yt-dlp's errors."""

from __future__ import annotations

import enum
import errno
import re
from collections.abc import Iterable

from viewer.base.errors import ViewerError


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
    DAMAGED = "damaged"
    TIMED_OUT = "timed-out"
    STORE_UNWRITABLE = "store-unwritable"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


_WORDS: dict[FailureKind, tuple[str, str]] = {
    FailureKind.OFFLINE: (
        "Soundbite is set to work offline, and this clip is not kept.",
        "Switch off “Work offline” in the preferences to fetch it.",
    ),
    FailureKind.NO_NETWORK: (
        "The video site cannot be reached.",
        "Check the internet connection (and the proxy, if one is set), then retry.",
    ),
    FailureKind.PRIVATE: (
        "This video is private.",
        "Only people its owner has invited can watch it. If you are one of them, choose your browser's cookies "
        "in the preferences, then retry.",
    ),
    FailureKind.REMOVED: (
        "This video is no longer available.",
        "It has been removed by its owner or by the site. The transcript can still be read.",
    ),
    FailureKind.BLOCKED_HERE: (
        "This video is not available in your country.",
        "A proxy in another country can be set in the preferences.",
    ),
    FailureKind.AGE_WALL: (
        "This video may be watched only by signed-in adults.",
        "Sign in to the site in your browser, choose that browser's cookies in the preferences, then retry.",
    ),
    FailureKind.SIGN_IN: (
        "The site wants you to sign in before it shows this video.",
        "Sign in to the site in your browser, choose that browser's cookies in the preferences, then retry.",
    ),
    FailureKind.TOO_MANY_REQUESTS: (
        "The site says there were too many requests from here.",
        "Wait a while (sometimes up to an hour), then retry.",
    ),
    FailureKind.OUTDATED: (
        "yt-dlp could not read the site's answer; it is probably too old for the site as it is now.",
        'Renew yt-dlp (for example: pip install -U "yt-dlp[default,deno]"), then retry.',
    ),
    FailureKind.FORBIDDEN: (
        "The site refused to hand out the video.",
        "Retry in a minute. If it stays so, renew yt-dlp: an old one is refused in this way.",
    ),
    FailureKind.NO_FFMPEG: (
        "ffmpeg is missing, and a clip cannot be cut without it.",
        "Install ffmpeg (for example: sudo apt install ffmpeg), then retry.",
    ),
    FailureKind.NO_YTDLP: (
        "yt-dlp is missing or does not start, and nothing can be downloaded without it.",
        'Install it (for example: pip install -U "yt-dlp[default,deno]"), then retry.',
    ),
    FailureKind.DISK_FULL: (
        "There is no space left for the clip.",
        "Free some disk space, or choose another folder for clips in the preferences, then retry.",
    ),
    FailureKind.BEYOND_END: (
        "This place lies after the end of the video.",
        "The note's time is wrong, or the video has been shortened. Open the video to look for the place.",
    ),
    FailureKind.LIVE: (
        "This is a live broadcast that is still running.",
        "Clips can be fetched when it is over. It can be watched on the site now.",
    ),
    FailureKind.PREMIERE: (
        "This video has not been shown yet.",
        "Try again after its premiere.",
    ),
    FailureKind.NO_FORMAT: (
        "The site offers this video in no form that can be downloaded.",
        "Renew yt-dlp and retry, or open the video on its site.",
    ),
    FailureKind.DAMAGED: (
        "What arrived was damaged or incomplete, and has been thrown away.",
        "Retry. If it happens again, try another picture height in the preferences.",
    ),
    FailureKind.TIMED_OUT: (
        "The download took too long and was stopped.",
        "Check the connection, or choose a smaller picture in the preferences, then retry.",
    ),
    FailureKind.STORE_UNWRITABLE: (
        "The folder for clips cannot be written.",
        "Check that it exists and is yours, or choose another one in the preferences.",
    ),
    FailureKind.UNKNOWN: (
        "The clip could not be fetched.",
        "Retry; if it fails again, the log says what yt-dlp answered.",
    ),
}

_RETRYABLE = frozenset(
    {
        FailureKind.NO_NETWORK,
        FailureKind.TOO_MANY_REQUESTS,
        FailureKind.FORBIDDEN,
        FailureKind.DAMAGED,
        FailureKind.TIMED_OUT,
        FailureKind.UNKNOWN,
    }
)

FINAL_KINDS = frozenset(
    {
        FailureKind.OFFLINE,
        FailureKind.PRIVATE,
        FailureKind.REMOVED,
        FailureKind.BLOCKED_HERE,
        FailureKind.AGE_WALL,
        FailureKind.SIGN_IN,
        FailureKind.NO_FFMPEG,
        FailureKind.DISK_FULL,
        FailureKind.BEYOND_END,
        FailureKind.LIVE,
        FailureKind.PREMIERE,
        FailureKind.STORE_UNWRITABLE,
    }
)
"""Kinds that no other way of fetching can mend: the ladder stops at them."""


class MediaError(ViewerError):
    """A clip could not be had. ``kind`` says why; the sentences come from the table above."""

    def __init__(self, kind: FailureKind, detail: str = "", *, message: str | None = None) -> None:
        words, advice = _WORDS[kind]
        super().__init__(message or words, advice, detail)
        self.kind = kind

    @property
    def retryable(self) -> bool:
        """Whether simply trying again later may help."""
        return self.kind in _RETRYABLE
