"""A transcript as text: WebVTT, SRT, the notes' own Markdown, plain lines, and plain data. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from viewer.domain.timestamp import format_timestamp
from viewer.domain.transcript import Cue, Transcript, with_ends
from viewer.domain.video import VideoRef

_LAST_CUE_MS = 4000
"""How long the last caption stays on the screen when nobody knows its end."""


_BEGINS = re.compile(r"<(?=[A-Za-z/!?])|!(?=\[)")


def _timed(transcript: Transcript) -> Iterator[tuple[int, int, Cue]]:
    """The cues that have a time, as players want them: in order of time, each with an end after its start."""
    cues = [cue for cue in with_ends(transcript.cues, None) if cue.start_ms is not None]
    cues.sort(key=lambda cue: cue.start_ms or 0)
    for cue in cues:
        start = cue.start_ms or 0
        end = cue.end_ms if cue.end_ms is not None and cue.end_ms > start else start + _LAST_CUE_MS
        yield start, end, cue


def _clock(ms: int, point: str) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{rest:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_vtt(transcript: Transcript) -> str:
    """As WebVTT (https://www.w3.org/TR/webvtt1/), speakers as voices. Cues without a time are left out."""
    parts = ["WEBVTT\n"]
    for start, end, cue in _timed(transcript):
        speaker = " ".join((cue.speaker or "").split())
        voice = f"<v {_escaped(speaker)}>" if speaker else ""
        text = _escaped(" ".join(cue.text.split()))
        parts.append(f"{_clock(start, '.')} --> {_clock(end, '.')}\n{voice}{text}\n")
    return "\n".join(parts)


def to_srt(transcript: Transcript) -> str:
    """As SRT, a changed speaker before the words. Cues without a time are left out."""
    parts = []
    before = None
    for number, (start, end, cue) in enumerate(_timed(transcript), 1):
        # SRT has no escapes, and readers look for the arrow.
        text = f"{cue.speaker}: {cue.text}" if cue.speaker and cue.speaker != before else cue.text
        text = " ".join(text.split()).replace("-->", "->")
        before = cue.speaker
        parts.append(f"{number}\n{_clock(start, ',')} --> {_clock(end, ',')}\n{text}\n")
    return "\n".join(parts)


def to_markdown(transcript: Transcript, video: VideoRef | None = None) -> str:
    """As the video notes write it: ``**Speaker:** [0:02](address&t=2s) text``, a paragraph a cue."""
    parts = ["## Transcript"]
    before = None
    for cue in transcript.cues:
        stamp = ""
        if cue.start_ms is not None:
            stamp = f"[{format_timestamp(cue.start_ms)}]"
            stamp += f"({video.url_at(cue.start_ms)}) " if video is not None else " "
        name = f"**{_shown(cue.speaker)}:** " if cue.speaker and cue.speaker != before else ""
        before = cue.speaker
        parts.append(f"{name}{stamp}{_shown(cue.text)}")
    return "\n\n".join(parts) + "\n"


def _shown(text: str) -> str:
    """Words as one line of Markdown in which no HTML and no picture begins: a preview would run or fetch those."""
    return _BEGINS.sub(lambda found: f"&#{ord(found[0])};", " ".join(text.split()))


def to_plain(transcript: Transcript) -> str:
    """For reading in a terminal: a paragraph a cue, time first."""
    parts = []
    before = None
    for cue in transcript.cues:
        stamp = f"[{format_timestamp(cue.start_ms)}] " if cue.start_ms is not None else ""
        name = f"{cue.speaker}: " if cue.speaker and cue.speaker != before else ""
        before = cue.speaker
        parts.append(f"{stamp}{name}{cue.text}")
    return "\n\n".join(parts) + "\n"


def to_json(transcript: Transcript) -> dict[str, Any]:
    """As data. Times in whole ms; ``words`` are the start times of the text's white-space separated words, if known."""
    return {
        "video_id": transcript.video_id,
        "origin": transcript.origin,
        "cues": [
            {
                "start_ms": cue.start_ms,
                "end_ms": cue.end_ms,
                "speaker": cue.speaker,
                "text": cue.text,
                "words": list(cue.words),
            }
            for cue in transcript.cues
        ],
    }
