"""Captions and other files beside a note: WebVTT, SRT, json3, speaker JSON, yt-dlp's info JSON."""

from __future__ import annotations

from collections.abc import Sequence

from viewer.domain.note import Note
from viewer.domain.transcript import Transcript


def read_transcript(text: str, name: str) -> Transcript | None:
    """The transcript in a caption file's text; None when it is none. ``name`` becomes part of its origin."""
    return None


def read_caption_note(text: str, name: str) -> Note | None:
    """The note of a caption file that stands alone; None when the text is none."""
    return None


def enrich(note: Note, side: Sequence[tuple[str, str]]) -> Note:
    """The note with what the files beside it (name, text) add. Pure: the caller reads the files. Never raises."""
    return note
