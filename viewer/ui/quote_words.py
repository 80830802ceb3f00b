"""What the window says about a judged quote: its verdict, the differences in words, the quote beside what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from viewer.domain.judgement import CueSpan, Op, Verdict
from viewer.domain.note import Note
from viewer.domain.transcript import Transcript
from viewer.domain.verdict_words import (
    differences_words,
    elsewhere_words,
    origin_words,
    verdict_sentence,
    verdict_words,
)

if TYPE_CHECKING:
    from viewer.domain.quote_checks import QuoteCheck
    from viewer.library.quotes import NoteCheck

ICONS = {
    Verdict.VERBATIM: "check",
    Verdict.EDITED: "edited",
    Verdict.STITCHED: "stitched",
    Verdict.PARAPHRASE: "paraphrase",
    Verdict.NOT_FOUND: "absent",
    Verdict.CANNOT_BE_CHECKED: "help",
}
"""Each verdict's icon: told apart by shape, not by colour alone."""

COLORS = {
    Verdict.VERBATIM: "success",
    Verdict.EDITED: "warning",
    Verdict.STITCHED: "warning",
    Verdict.PARAPHRASE: "warning",
    Verdict.NOT_FOUND: "danger",
    Verdict.CANNOT_BE_CHECKED: "text_soft",
}
"""Each verdict's colour, as a token of the theme."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in the comparison, and how it differs from the other side.

    ``gap`` is no text of either side but says that something stands here on the other side only.
    """

    op: Op
    text: str
    gap: bool = False


def with_found_times(note: Note, checks: Iterable[QuoteCheck]) -> Note:
    """The note with its quotes at the times that were found for them, where it gives none."""
    quotes = list(note.quotes)
    for check in checks:
        if check.kind == "quote" and check.note_start_ms is None and check.start_ms is not None:
            quotes[check.row] = replace(quotes[check.row], start_ms=check.start_ms, end_ms=check.end_ms)
    return replace(note, quotes=tuple(quotes))


def quote_runs(check: QuoteCheck) -> list[Run]:
    """The quote, piece by piece; where words are left out stands a gap."""
    runs: list[Run] = []
    at = 0
    for change in check.differences:
        begin, end = change.quote_chars
        if begin > at:
            runs.append(Run(Op.EQUAL, check.text[at:begin]))
            at = begin
        if change.op is Op.OMITTED:
            # The mark stands behind a full stop, not before it.
            stop = at + _closing(check.text[at:])
            runs.append(Run(Op.EQUAL, check.text[at:stop]))
            runs.append(Run(Op.OMITTED, "", gap=True))
            end = stop
        else:
            runs.append(Run(change.op, check.text[begin:end]))
        at = max(at, end)
    if at < len(check.text):
        runs.append(Run(Op.EQUAL, check.text[at:]))
    return [run for run in runs if run.text or run.gap]


def said_runs(check: QuoteCheck, transcript: Transcript | None) -> list[Run]:
    """What was said, piece by piece, with its punctuation where the ``transcript`` of the spans is at hand."""
    runs: list[Run] = []
    before: CueSpan | None = None
    for change in check.differences:
        if change.op is Op.ADDED:
            runs.append(Run(Op.ADDED, "", gap=True))
            continue
        if transcript is None:
            runs.append(Run(change.op, f"{change.said} "))
            continue
        for span in change.spans:
            runs.append(Run(Op.EQUAL, _between(transcript, before, span)))
            runs.append(Run(change.op, transcript.cues[span.row].text[span.start : span.end]))
            before = span
    if before is not None and transcript is not None:
        tail = transcript.cues[before.row].text[before.end :]
        runs.append(Run(Op.EQUAL, tail[: _marks(tail)].rstrip()))
    return [run for run in runs if run.text or run.gap]


def _between(transcript: Transcript, before: CueSpan | None, span: CueSpan) -> str:
    """What stands between two pieces: punctuation and space, or a mark that they were said apart."""
    if before is None:
        return ""
    if before.row == span.row and before.end <= span.start:
        text = transcript.cues[span.row].text[before.end : span.start]
        if _marks(text) == len(text):
            return text
    elif span.row == before.row + 1:
        tail = transcript.cues[before.row].text[before.end :]
        head = transcript.cues[span.row].text[: span.start]
        if _marks(tail) == len(tail) and _marks(head) == len(head):
            return f"{tail.rstrip()} {head.lstrip()}"
    return " […] "


def _closing(text: str) -> int:
    """How many characters at the beginning are punctuation that belongs to the word before."""
    return next((at for at, letter in enumerate(text) if letter.isalnum() or letter.isspace()), len(text))


def _marks(text: str) -> int:
    """How many characters at the beginning are neither letters nor digits."""
    return next((at for at, letter in enumerate(text) if letter.isalnum()), len(text))


def compared_transcript(found: NoteCheck, check: QuoteCheck) -> Transcript | None:
    """The transcript that the judgement's spans point into; None when it is not at hand."""
    for place in found.spoken.values():
        if check.video_id is not None and place.video is not None and place.video.id != check.video_id:
            continue
        for transcript in place.compared:
            if transcript.origin == check.origin and _holds(transcript, check):
                return transcript
    return None


def _holds(transcript: Transcript, check: QuoteCheck) -> bool:
    """Whether the spans' words stand there: captions are compared joined and as they came, under one origin."""
    for change in check.differences:
        for span in change.spans:
            if span.row >= len(transcript.cues) or span.end > len(transcript.cues[span.row].text):
                return False
        texts = [transcript.cues[span.row].text[span.start : span.end] for span in change.spans]
        if " ".join(texts) != change.said:
            return False
    return True


__all__ = [
    "COLORS",
    "ICONS",
    "Run",
    "compared_transcript",
    "differences_words",
    "elsewhere_words",
    "origin_words",
    "quote_runs",
    "said_runs",
    "verdict_sentence",
    "verdict_words",
    "with_found_times",
]
