"""The stand-in's playlists and channels: what YouTube's list pages say, private and removed entries among the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.standin import catalogue

PLAYLIST_ID = "PLstandinsix0001"  # six that play
MIXED_ID = (
    "PLstandinmixed01"  # playable, private, removed, known as private only when asked, without captions
)
EMPTY_ID = "PLstandinempty01"
PRIVATE_LIST_ID = "PLstandinprivate"
CHANNEL = "@TuringPostStandin"
LARGE_ID = "PLstandinlarge01"  # 250 entries in pages of 100

PAGE = 100
"""Entries a page, as YouTube sends them."""

SIX = (
    catalogue.TALK_ID,
    catalogue.INTERVIEW_ID,
    catalogue.SHORT_ID,
    catalogue.FPS25_ID,
    catalogue.FPS2997_ID,
    catalogue.NO_CAPTIONS_ID,
)


@dataclass(frozen=True)
class Listed:
    """One playlist, or one page of a channel."""

    id: str
    title: str
    entries: tuple[str, ...]
    channel: str = "Turing Post"


def lists() -> dict[str, Listed]:
    """Every list that can be read, by id: of a playlist its own, of a channel ``@name/tab``."""
    many = tuple(f"LARGE{number:06}" for number in range(250))
    found = (
        Listed(PLAYLIST_ID, "Six talks", SIX),
        Listed(
            MIXED_ID,
            "Talks, and some that are gone",
            (catalogue.SHORT_ID, "PRIVATE0001", "REMOVED0001", "MEMBERS0001", catalogue.TALK_ID),
        ),
        Listed(EMPTY_ID, "Nothing yet", ()),
        Listed(LARGE_ID, "A large one", many),
        Listed(f"{CHANNEL}/videos", "Turing Post - Videos", SIX[:3]),
    )
    return {one.id: one for one in found}


def answer(list_id: str, page: int) -> dict[str, Any]:
    """What ``/lists/ID.json?page=N`` says: the entries as yt-dlp's ``_extract_video`` would give them."""
    found = lists().get(list_id)
    if found is None:
        private = list_id == PRIVATE_LIST_ID
        return {"error": "This playlist is private" if private else "The playlist does not exist."}
    part = found.entries[page * PAGE : (page + 1) * PAGE]
    return {
        "id": found.id,
        "title": found.title,
        "channel": found.channel,
        "more": len(found.entries) > (page + 1) * PAGE,
        "entries": [_entry(video_id) for video_id in part],
    }


def _entry(video_id: str) -> dict[str, Any]:
    video = catalogue.videos().get(video_id)
    entry: dict[str, Any] = {"id": video_id, "title": f"Video {video_id}", "duration": None, "channel": None}
    if video is not None:
        seconds = video.duration_s or video.talk.seconds
        entry |= {"title": video.title, "duration": seconds, "channel": video.channel}
    elif video_id.startswith("PRIVATE"):
        entry["title"] = "[Private video]"
    elif video_id.startswith("REMOVED"):
        entry["title"] = "[Deleted video]"
    elif video_id.startswith("MEMBERS"):
        entry |= {"title": "For members", "duration": 60, "channel": "Turing Post"}
    return entry
