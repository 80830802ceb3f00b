"""Which video, and which stretch of it: addresses as they are found in notes, made safe."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from viewer.domain.timestamp import parse_timestamp

_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}\Z")
YOUTUBE_HOSTS = frozenset(
    {
        "youtube.com",
        "www.youtube.com",
        "m.youtube.com",
        "music.youtube.com",
        "www.youtube-nocookie.com",
        "youtube-nocookie.com",
        "gaming.youtube.com",
    }
)
_YOUTUBE_PATHS = ("shorts", "live", "embed", "v", "e")
_PLAIN = re.compile(r"https://www\.youtube\.com/watch\?v=([A-Za-z0-9_-]{11})(?:&t=(\d{1,7})s?)?\Z")
"""The one form that nine of ten addresses in notes have. Reading it apart makes a note parse a quarter faster."""

_BARE_YOUTUBE = re.compile(
    r"(?://(?:www\.|m\.|music\.)?|www\.|m\.|music\.)?(?:youtube\.com|youtu\.be)/", re.IGNORECASE
)
"""An address of YouTube without its scheme, as people write it."""

_NEARBY_NAMES = frozenset(
    {"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "arpa"}
)
"""Last labels of names that mean this machine or its own network (RFC 6761, 6762, 8375 and habit)."""

_FULL_STOPS = re.compile("[\u3002\uff0e\uff61]")
"""What IDNA takes for a full stop (RFC 3490, 3.1)."""

_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\\\"'`<>{}|^]"
)


def is_youtube_id(text: str) -> bool:
    """Whether ``text`` has the shape of a YouTube id: eleven letters of base64url. It may begin with ``-``."""
    return _YOUTUBE_ID.match(text) is not None


@dataclass(frozen=True, slots=True, order=True)
class VideoRef:
    """One video. ``id`` is YouTube's eleven characters; for any other site it is the address itself."""

    id: str
    url: str

    @classmethod
    def youtube(cls, video_id: str) -> VideoRef:
        """The video with this id. ValueError when the id has not the shape of one."""
        if not is_youtube_id(video_id):
            raise ValueError(f"not a YouTube id: {video_id!r}")
        return cls(video_id, f"https://www.youtube.com/watch?v={video_id}")

    @classmethod
    def from_id(cls, video_id: str) -> VideoRef | None:
        """The video named by a note's ``video_id``: a YouTube id, or another site's address; None when neither."""
        if is_youtube_id(video_id):
            return cls.youtube(video_id)
        parsed = parse_address(video_id)
        return parsed.video if parsed else None

    @property
    def is_youtube(self) -> bool:
        """Whether the video is on YouTube."""
        return is_youtube_id(self.id)

    @property
    def key(self) -> str:
        """A name for this video that is safe as a file name on every system, whatever the address holds.

        YouTube's ids are told apart by letter case, which some file systems ignore, so the case is written out.
        """
        if self.is_youtube:
            marks = "".join("1" if letter.isupper() else "0" for letter in self.id)
            return f"yt-{self.id.lower()}-{int(marks, 2):03x}"
        return "url-" + hashlib.sha256(self.url.encode()).hexdigest()[:24]

    def url_at(self, start_ms: int) -> str:
        """The address that opens the video at this place (whole seconds), for a browser."""
        if not self.is_youtube:
            return self.url
        return f"{self.url}&t={start_ms // 1000}s"


@dataclass(frozen=True, slots=True)
class Address:
    """What a web address says: the video and, where it names one, the place in it (ms)."""

    video: VideoRef
    start_ms: int | None = None


def parse_address(text: str) -> Address | None:
    """Read a video's web address; None for what is no http(s) address or could be unsafe to hand on.

    Known are YouTube's ``watch``, ``youtu.be``, ``shorts``, ``live``, ``embed`` forms with ``t=``, ``start=`` and
    ``#t=``; their address is rebuilt from the id alone. Another site's address is kept without its fragment. An
    address with spaces, control letters, quotes or a user name in it is refused: notes are hostile until proven.
    So is one of this machine or its own network, which a note has no business to ask for.
    """
    text = text.strip()
    plain = _PLAIN.match(text)
    if plain is not None:
        return Address(VideoRef.youtube(plain[1]), int(plain[2]) * 1000 if plain[2] else None)
    text = text.replace("&amp;", "&")
    if _BARE_YOUTUBE.match(text):
        text = f"https://{text.lstrip('/')}"
    if not text or len(text) > 2000 or _UNSAFE.search(text):
        return None
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower().rstrip(".")
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    query = parse_qs(parts.query)
    start_ms = _start(query, parts.fragment)
    pieces = [piece for piece in parts.path.split("/") if piece]
    if host in ("youtu.be", "www.youtu.be"):
        return _youtube(pieces[0] if pieces else "", start_ms)
    if host in YOUTUBE_HOSTS:
        if pieces and pieces[0] in _YOUTUBE_PATHS and len(pieces) > 1:
            return _youtube(pieces[1], start_ms)
        watched, _, more = query.get("v", [""])[0].partition("?")
        if more and start_ms is None:  # "watch?v=ID?t=120": so some programs write it
            start_ms = _start(parse_qs(more), "")
        return _youtube(watched, start_ms)
    if "." not in host or is_nearby(host):
        return None
    url = text.split("#", 1)[0]
    return Address(VideoRef(url, url), start_ms)


def is_nearby(host: str) -> bool:
    """Whether a host is this machine or one of its own network, in any spelling of a numeric address or a name.

    Resolvers see a name as IDNA does: "ⓛocalhost" and "127.0ｘ1" are what they look like.
    """
    host = _as_resolved(host)
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        last = host.rsplit(".", 1)[-1]
        # "0x7f.1" and "127.1" are numeric addresses to a resolver; no real name ends like that.
        return last in _NEARBY_NAMES or last.isdigit() or last.startswith("0x")
    return not found.is_global or found.is_multicast


def _as_resolved(host: str) -> str:
    """The name as it is looked up: compatible letters made one, other full stops and what is not seen taken away."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", host) if unicodedata.category(one) != "Cf")
    return _FULL_STOPS.sub(".", plain).lower().rstrip(".")


def _youtube(video_id: str, start_ms: int | None) -> Address | None:
    return Address(VideoRef.youtube(video_id), start_ms) if is_youtube_id(video_id) else None


def _start(query: dict[str, list[str]], fragment: str) -> int | None:
    for name in ("t", "start", "time_continue"):
        for value in query.get(name, []):
            start = parse_timestamp(value)
            if start is not None:
                return start
    if fragment.startswith("t="):
        return parse_timestamp(fragment[2:])
    return None


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A stretch of one video, half-open: ``start_ms`` is in it, ``end_ms`` is not. ValueError when empty."""

    video: VideoRef
    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if self.start_ms < 0 or self.end_ms <= self.start_ms:
            raise ValueError(f"not a segment: {self.start_ms}..{self.end_ms} ms")

    @property
    def duration_ms(self) -> int:
        """Length in ms, always above zero."""
        return self.end_ms - self.start_ms
