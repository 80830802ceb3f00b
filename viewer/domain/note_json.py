"""A note as plain data: the stable schema behind ``soundbite show --json`` and the golden files.

Times are whole ms, dates are ISO 8601, absent values are None. Keys are only ever added.
"""

from __future__ import annotations

from typing import Any

from viewer.domain.note import Highlight, Note


def note_to_json(note: Note, path: str) -> dict[str, Any]:
    """The whole note as a dict of JSON values. ``path`` is printed as given."""
    meta = note.metadata
    return {
        "path": path,
        "format": note.format.value,
        "title": meta.title,
        "channel": meta.channel,
        "published": meta.published.isoformat() if meta.published else None,
        "duration_ms": meta.duration_ms,
        "videos": [{"id": video.id, "url": video.url} for video in note.videos],
        "tags": list(meta.tags),
        "categories": list(meta.categories),
        "summary": note.summary,
        "sections": [{"title": s.title, "level": s.level, "markdown": s.markdown} for s in note.sections],
        "highlights": [_highlight(item) for item in note.highlights],
        "quotes": [
            {
                "text": q.text,
                "speaker": q.speaker,
                "video_id": q.video_id,
                "start_ms": q.start_ms,
                "end_ms": q.end_ms,
                "section": q.section,
            }
            for q in note.quotes
        ],
        "key_points": [
            {"title": p.title, "text": p.text, "video_id": p.video_id, "start_ms": p.start_ms}
            for p in note.key_points
        ],
        "mentions": [
            {"kind": m.kind, "name": m.name, "text": m.text, "video_id": m.video_id, "start_ms": m.start_ms}
            for m in note.mentions
        ],
        "chapters": [
            {"title": c.title, "video_id": c.video_id, "start_ms": c.start_ms, "end_ms": c.end_ms}
            for c in note.chapters
        ],
        "transcript": {
            "origin": note.transcript.origin if note.transcript.cues else None,
            "cues": [
                {"start_ms": c.start_ms, "end_ms": c.end_ms, "speaker": c.speaker, "text": c.text}
                for c in note.transcript.cues
            ],
        },
        "problems": [{"line": p.line, "code": p.code, "message": p.message} for p in note.problems],
    }


def _highlight(item: Highlight) -> dict[str, Any]:
    clip = item.clip
    return {
        "title": item.title,
        "quote": item.quote,
        "speaker": item.speaker,
        "video_id": item.video_id,
        "start_ms": item.start_ms,
        "end_ms": item.end_ms,
        "clip": None
        if clip is None
        else {
            "start_ms": clip.start_ms,
            "end_ms": clip.end_ms,
            "file_name": clip.file_name,
            "url": clip.video.url,
        },
    }
