"""Marks as plain data: the stable schema behind ``soundbite marks --json``. Keys are only ever added."""

from __future__ import annotations

from typing import Any

from viewer.domain.mark import Mark


def mark_to_json(mark: Mark) -> dict[str, Any]:
    """One mark. Times in whole ms (``created_ms`` and ``changed_ms`` since the epoch), absent values None."""
    segment = mark.segment
    return {
        "id": mark.id,
        "path": mark.note_path,
        "title": mark.note_title,
        "video_id": segment.video.id if segment else None,
        "start_ms": segment.start_ms if segment else None,
        "end_ms": segment.end_ms if segment else None,
        "text": mark.text,
        "speaker": mark.speaker,
        "colour": mark.colour.value,
        "comment": mark.comment,
        "tags": list(mark.tags),
        "created_ms": mark.created_ms,
        "changed_ms": mark.changed_ms,
    }
