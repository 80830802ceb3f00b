"""What yt-dlp says of one video, read without trust, and the note that it makes together with captions.

The keys are those of yt-dlp's info (its README, "OUTPUT TEMPLATE"). Any of them may be absent or of another kind.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from viewer.base.untrusted import told_number, told_text
from viewer.domain.note import KeyPoint, Metadata, Note, NoteFormat, Section
from viewer.domain.paragraphs import readable
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import VideoRef
from viewer.media.caption_store import KeptCaptions

_MOST_CHAPTERS = 500
_LONGEST_DESCRIPTION = 20_000
_LONGEST_S = 1000 * 3600


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """A video's metadata; ``chapters`` are (start in ms, title). ``live_status`` is yt-dlp's word, or empty."""

    video: VideoRef
    metadata: Metadata
    description: str = ""
    chapters: tuple[tuple[int, str], ...] = ()
    live_status: str = ""


def read_facts(video: VideoRef, info: Mapping[str, Any]) -> VideoFacts:
    """Read yt-dlp's info of ``video``. Never fails: what is not of its kind is absent."""
    duration = told_number(info.get("duration"))
    views = told_number(info.get("view_count"))
    picture = told_text(info.get("thumbnail"))
    return VideoFacts(
        video,
        Metadata(
            title=told_text(info.get("title")) or told_text(info.get("fulltitle")),
            channel=told_text(info.get("channel")) or told_text(info.get("uploader")) or None,
            published=_date(told_text(info.get("upload_date")) or told_text(info.get("release_date"))),
            duration_ms=round(duration * 1000) if duration and duration <= _LONGEST_S else None,
            view_count=int(views) if views is not None else None,
            tags=_texts(info.get("tags")),
            picture_url=picture if picture.startswith("https://") else None,
        ),
        told_text(info.get("description"))[:_LONGEST_DESCRIPTION],
        _chapters(info.get("chapters")),
        told_text(info.get("live_status")) or ("is_live" if info.get("is_live") is True else ""),
    )


def note_of(facts: VideoFacts, captions: KeptCaptions | None) -> Note:
    """The note of a video: its chapters as key points, its captions as paragraphs, its description as prose."""
    cues: tuple[Cue, ...] = ()
    extra = facts.metadata.extra
    if captions is not None:
        cues = _paragraphs(captions.transcript, [start for start, _ in facts.chapters])
        made = "automatic" if captions.automatic else "by the author"
        extra = (*extra, ("captions", f"{captions.language}, {made}"))
    metadata = facts.metadata
    length_ms = captions.duration_ms if captions is not None else None
    return Note(
        NoteFormat.VIDEO_NOTE,
        Metadata(
            metadata.title,
            metadata.channel,
            metadata.published,
            metadata.duration_ms or length_ms,
            metadata.view_count,
            metadata.tags,
            metadata.categories,
            metadata.picture_url,
            extra,
        ),
        (facts.video,),
        sections=(Section("Description", 2, facts.description),) if facts.description.strip() else (),
        key_points=tuple(KeyPoint(title, "", facts.video.id, start) for start, title in facts.chapters),
        transcript=Transcript(cues, "note", facts.video.id),
    )


def _paragraphs(captions: Transcript, chapters: Sequence[int]) -> tuple[Cue, ...]:
    """The captions as paragraphs, each within one chapter; who speaks goes on over a chapter's beginning."""
    parts: dict[int, list[Cue]] = {}
    chapter = 0
    for cue in captions.cues:
        if cue.start_ms is not None:
            chapter = bisect_right(chapters, cue.start_ms)
        parts.setdefault(chapter, []).append(cue)
    found: list[Cue] = []
    for part in parts.values():
        if found and part[0].speaker is None:
            part[0] = replace(part[0], speaker=found[-1].speaker)
        found += readable(Transcript(tuple(part), captions.origin, captions.video_id)).transcript.cues
    return tuple(found)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(told_text(one) for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _date(text: str) -> datetime.date | None:
    match = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text, re.ASCII)
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _chapters(value: object) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    for one in value[:_MOST_CHAPTERS] if isinstance(value, list) else []:
        start = told_number(one.get("start_time")) if isinstance(one, dict) else None
        title = told_text(one.get("title")) if isinstance(one, dict) else ""
        if start is not None and start <= _LONGEST_S and title.strip():
            found.append((round(start * 1000), title))
    return tuple(sorted(found))
