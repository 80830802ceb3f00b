"""The clips of an edit in order, their rates, and what an editor wants to know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from viewer.domain.cited_quote import CitedQuote, Outline
from viewer.domain.video import Segment
from viewer.export.flat_clips import FlatClip

_STANDARD = tuple(
    Fraction(number, 1001) if number > 1000 else Fraction(number)
    for number in (24000, 24, 25, 30000, 30, 48, 50, 60000, 60)
)
"""Pictures a second that a time code can count."""
_NEAR = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class EditClip:
    """One clip on the timeline. ``markers`` are the headings and words that stand before it."""

    quote: CitedQuote
    file: FlatClip
    markers: tuple[str, ...] = ()

    @property
    def rate(self) -> Fraction:
        """Pictures a second, as a time code counts them where one can."""
        return standard_rate(self.file.rate)


def with_markers(outline: Outline) -> list[tuple[CitedQuote, Segment, tuple[str, ...]]]:
    """The quotes that have a clip, each with the headings and words that stand before it."""
    found: list[tuple[CitedQuote, Segment, tuple[str, ...]]] = []
    markers: list[str] = []
    for part in outline:
        if not isinstance(part, CitedQuote):
            markers.append(part.text)
        elif part.segment is not None:
            found.append((part, part.segment, tuple(one for one in map(one_line, markers) if one)))
            markers = []
    return found


def one_line(text: str) -> str:
    """``text`` without line ends and control letters: an EDL is read line by line, XML 1.0 forbids most of them."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def standard_rate(rate: Fraction) -> Fraction:
    """The rate that a time code counts, when ``rate`` (measured) is within a thousandth of one; else ``rate``."""
    best = min(_STANDARD, key=lambda one: abs(one - rate))
    # 24 and 23.976 differ by just that thousandth: the nearest is meant.
    return best if abs(best - rate) <= best * _NEAR / 2 else rate


def timeline_rate(edits: Sequence[EditClip]) -> Fraction:
    """The rate of most of the material that a time code can count; 30 when there is none."""
    lengths: dict[Fraction, Fraction] = {}
    for edit in edits:
        if edit.rate in _STANDARD:
            lengths[edit.rate] = lengths.get(edit.rate, Fraction(0)) + edit.file.frames / edit.rate
    return max(lengths, key=lambda rate: (lengths[rate], rate), default=Fraction(30))


def frames_at(edit: EditClip, rate: Fraction) -> int:
    """How many pictures of the timeline a clip takes."""
    return edit.file.frames if edit.rate == rate else max(1, round(edit.file.frames / edit.rate * rate))


def facts_of(quote: CitedQuote) -> dict[str, str]:
    """What an editor wants to know of a clip, each as one line."""
    facts = {
        "speaker": quote.speaker or "",
        "note": quote.note_title,
        "quote": quote.bare_text,
        "comment": quote.comment,
        "source": quote.url_at,
    }
    return {key: one_line(text) for key, text in facts.items() if text}
