"""Which video a note speaks of that names none: what the user has said, by address or by accepting a suggestion."""

from __future__ import annotations

from viewer.domain.video import VideoRef, parse_address
from viewer.library.user_store import UserStore


def given_videos(user: UserStore) -> dict[str, VideoRef]:
    """Path of a note -> the video the user gave it. An address given counts more than a suggestion accepted."""
    found: dict[str, VideoRef] = {}
    for (path, video_id), accepted in user.answers().items():
        video = VideoRef.from_id(video_id) if accepted else None
        if video is not None:
            found[path] = video
    for path, url in user.addresses().items():
        address = parse_address(url)
        if address is not None:
            found[path] = address.video
    return found
