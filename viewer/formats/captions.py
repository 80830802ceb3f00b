"""Caption and other side files: the transcript in one, the note of one that stands alone, what they add to a note."""

from __future__ import annotations

import re
from dataclasses import replace

from viewer.domain.note import Note, NoteFormat, Section
from viewer.domain.transcript import Transcript, with_ends
from viewer.domain.video import VideoRef, is_youtube_id
from viewer.formats.cues import times_backwards
from viewer.formats.enrich import enrich
from viewer.formats.side_text import read_side_text

__all__ = ["caption_title", "enrich", "read_caption_note", "read_side_text", "read_transcript"]

_SPOKEN_LANGUAGE = re.compile(r"\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})(?:-orig)?\Z")


def read_transcript(text: str, name: str) -> Transcript | None:
    """The transcript in a caption file's text; None when it has none. Its origin is ``sidecar:NAME``."""
    side = read_side_text(text)
    if side is None or not side.cues:
        return None
    video_id = side.video.id if side.video else None
    return Transcript(with_ends(side.cues, side.metadata.duration_ms), f"sidecar:{name}", video_id)


def read_caption_note(text: str, name: str) -> Note | None:
    """The note of a caption or side file that stands alone; None when the text is none."""
    side = read_side_text(text)
    if side is None:
        return None
    metadata = side.metadata
    if not metadata.title:
        metadata = replace(metadata, title=caption_title(name))
    video = side.video or _video_in_name(name)
    videos = (video,) if video else ()
    cues = with_ends(side.cues, metadata.duration_ms)
    problems = list(side.problems)
    backwards = times_backwards(cues)
    if backwards is not None:
        problems.append(backwards)
    sections = tuple(
        Section(title, level, text)
        for title, level, text in (("Description", 2, side.summary), ("", 0, side.others))
        if text
    )
    return Note(
        NoteFormat.CAPTIONS,
        metadata,
        videos,
        side.summary,
        sections,
        chapters=side.chapters,
        transcript=Transcript(cues, "note", video.id if video and cues else None),
        problems=tuple(problems),
    )


def caption_title(name: str) -> str:
    """A title from a caption file's name, which yt-dlp writes as ``Title [ID].en.vtt``: without id and language."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1]
    for suffix in (
        ".vtt",
        ".srt",
        ".json3",
        ".info.json",
        ".json",
        ".srv1",
        ".srv2",
        ".srv3",
        ".xml",
        ".txt",
    ):
        if stem.lower().endswith(suffix):
            stem = stem[: -len(suffix)]
            break
    stem = _SPOKEN_LANGUAGE.sub("", stem)
    bare = re.sub(r"[ _-]*\[[\w-]{11}\]\Z", "", stem)
    return bare or stem


def _video_in_name(name: str) -> VideoRef | None:
    stem = caption_title(name)
    match = re.search(r"\[([\w-]{11})\]", name)
    if match is not None and is_youtube_id(match[1]):
        return VideoRef.youtube(match[1])
    # Eleven letters alone are often a word; a YouTube id nearly always mixes cases or holds digits.
    if is_youtube_id(stem) and re.search(r"\d|[a-z][A-Z]|[A-Z][a-z].*[A-Z]|[_-]", stem):
        return VideoRef.youtube(stem)
    return None
