"""Where in its stream a growing clip begins, and its address from another place on; the player needs no more of it."""

from __future__ import annotations

LEAD_MS = 5
"""The clip begins so long after the first picture of the growing stream, where a player's position is 0."""


def at_place(address: str, video_ms: int) -> str:
    """The address that plays the same growing clip from this place of the video on."""
    return f"{address.rpartition('/')[0]}/{video_ms}.mp4"
