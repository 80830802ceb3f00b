"""What a person pastes to add videos: the address of a video, a playlist or a channel, made safe.

Such text comes from clipboards and web pages and is hostile until proven. Of YouTube's addresses only ids and a
channel's name are believed, and the address is rebuilt from them; another site's must be a plain https address.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

from viewer.domain.video import YOUTUBE_HOSTS, VideoRef, parse_address

_LONGEST = 2000
_LIST_ID = re.compile(r"[A-Za-z0-9_-]{2,64}\Z")
_CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}\Z")
_NAME = re.compile(r"\w[\w.·-]{0,99}\Z")
_TABS = ("videos", "shorts", "streams")
"""The pages of a channel that list videos; any other of its pages means the first."""

_ENDLESS = "RD"
"""Lists that YouTube makes up as one listens; they have no end."""

_BARE = re.compile(r"(?://)?(?:www\.|m\.|music\.)?(?:youtube\.com|youtu\.be)/", re.IGNORECASE)


class SourceKind(str, enum.Enum):
    """What an address names, as far as it can be told without asking. UNKNOWN: another site's."""

    VIDEO = "video"
    PLAYLIST = "playlist"
    CHANNEL = "channel"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class VideoSource:
    """An address from which videos can be added. ``url`` is rebuilt and begins with ``https://``.

    ``video`` is set for one video. ``playlist`` is the list that the address of a video names, too: it could be meant.
    """

    kind: SourceKind
    url: str
    video: VideoRef | None = None
    playlist: VideoSource | None = None


def parse_source(text: str) -> VideoSource | None:
    """Read the address of a video, a playlist or a channel; None for whatever is none or could be unsafe."""
    text = text.strip()
    if not text or len(text) > _LONGEST or any(letter.isspace() for letter in text):
        return None
    if _BARE.match(text):
        text = f"https://{text.lstrip('/')}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower().rstrip(".")
        query = parse_qs(parts.query)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc:
        return None
    if host in YOUTUBE_HOSTS or host in ("youtu.be", "www.youtu.be"):
        address = parse_address(text)
        playlist = _playlist(query.get("list", [""])[0])
        if address is not None:
            return VideoSource(SourceKind.VIDEO, address.video.url, address.video, playlist)
        pieces = [unquote(piece) for piece in parts.path.split("/") if piece]
        return playlist or _channel(pieces)
    address = parse_address(text)
    if address is None or not address.video.url.lower().startswith("https://"):
        return None
    return VideoSource(SourceKind.UNKNOWN, address.video.url, address.video)


def _playlist(list_id: str) -> VideoSource | None:
    if not _LIST_ID.match(list_id) or list_id.startswith(_ENDLESS):
        return None
    return VideoSource(SourceKind.PLAYLIST, f"https://www.youtube.com/playlist?list={list_id}")


def _channel(pieces: list[str]) -> VideoSource | None:
    path = ""
    if pieces and pieces[0].startswith("@") and _NAME.match(pieces[0][1:]):
        path, rest = f"@{quote(pieces[0][1:])}", pieces[1:]
    elif len(pieces) > 1 and pieces[0] == "channel" and _CHANNEL_ID.match(pieces[1]):
        path, rest = f"channel/{pieces[1]}", pieces[2:]
    elif len(pieces) > 1 and pieces[0] in ("c", "user") and _NAME.match(pieces[1]):
        path, rest = f"{pieces[0]}/{quote(pieces[1])}", pieces[2:]
    if not path:
        return None
    tab = rest[0] if rest and rest[0] in _TABS else _TABS[0]
    return VideoSource(SourceKind.CHANNEL, f"https://www.youtube.com/{path}/{tab}")
