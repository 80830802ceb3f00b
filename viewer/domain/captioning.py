"""A transcript as captions: which few words of a long cue are being said now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from viewer.domain.transcript import Cue, Transcript

CAPTION_LETTERS = 84
"""About two lines under a picture."""
_STEP_MS = 50
_LETTER_MS = 65
"""How long a letter takes in usual speech, for a cue without an end."""


def caption_at(transcript: Transcript, ms: int) -> str:
    """The words to show at ``ms``: at most about two lines of the cue that is being said; empty before the first.

    The place inside a cue is taken from its words' times where known, else in proportion to the letters.
    """
    row = transcript.cue_at(ms)
    if row is None:
        return ""
    cue = transcript.cues[row]
    words = cue.text.split()
    if not words or cue.start_ms is None:
        return ""
    said = _word_at(cue, words, ms)
    for first, after in _lines(words):
        if said < after:
            return " ".join(words[first:after])
    return ""


def _word_at(cue: Cue, words: list[str], ms: int) -> int:
    if len(cue.words) == len(words):
        return max(0, sum(start <= ms for start in cue.words) - 1)
    start = cue.start_ms or 0
    letters = sum(len(word) + 1 for word in words)
    end = cue.end_ms if cue.end_ms is not None and cue.end_ms > start else start + letters * _LETTER_MS
    left = (ms - start) / (end - start) * letters
    for number, word in enumerate(words):
        left -= len(word) + 1
        if left < 0:
            return number
    return len(words) - 1


def _lines(words: list[str]) -> list[tuple[int, int]]:
    """Stretches of about equal length, as few as possible."""
    letters = sum(len(word) + 1 for word in words)
    wanted = letters / -(-letters // CAPTION_LETTERS)
    lines, first, length = [], 0, 0
    for number, word in enumerate(words):
        length += len(word) + 1
        ends = word[-1] in ".?!…" and length >= wanted * 0.7
        if length >= wanted or ends:
            lines.append((first, number + 1))
            first, length = number + 1, 0
    if first < len(words):
        lines.append((first, len(words)))
    return lines


@dataclass(frozen=True, slots=True)
class CaptionLine:
    """Words that are shown together, and when (ms, half-open)."""

    start_ms: int
    end_ms: int
    text: str


def captions_between(transcript: Transcript, start_ms: int, end_ms: int) -> tuple[CaptionLine, ...]:
    """The captions of a stretch of the video, as :func:`caption_at` shows them, right to 50 ms.

    Unlike there, nothing is shown between the end of a cue (where it is known) and the next.
    """
    found: list[CaptionLine] = []
    for ms in range(start_ms, end_ms, _STEP_MS):
        row = transcript.cue_at(ms)
        end = transcript.cues[row].end_ms if row is not None else None
        text = caption_at(transcript, ms) if end is None or ms < end else ""
        after = min(ms + _STEP_MS, end_ms)
        if text and found and found[-1].text == text and found[-1].end_ms == ms:
            found[-1] = replace(found[-1], end_ms=after)
        elif text:
            found.append(CaptionLine(ms, after, text))
    return tuple(found)


def spread(text: str, start_ms: int, end_ms: int) -> tuple[CaptionLine, ...]:
    """Words whose times nobody knows as captions of a stretch, in proportion to their letters."""
    return captions_between(Transcript((Cue(start_ms, end_ms, None, text),)), start_ms, end_ms)
