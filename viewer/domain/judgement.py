"""What is known about a quote after it was compared with the transcript: a verdict, the place, the differences."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from viewer.base.language import tr_noop


class Verdict(str, enum.Enum):
    """How true a quote is. The values are part of the JSON schema of ``soundbite quotes``."""

    VERBATIM = "verbatim"
    """All words, in order, nothing between them; case, punctuation and the writing of numbers are ignored."""
    EDITED = "edited"
    """Said in one place, with words dropped, added or changed."""
    STITCHED = "stitched"
    """Its parts were said in different places, or in another order."""
    PARAPHRASE = "paraphrase"
    """Only a weak match: said there in other words."""
    NOT_FOUND = "not-found"
    """A full transcript does not hold these words."""
    CANNOT_BE_CHECKED = "cannot-be-checked"
    """There is no transcript, or only an abridged one in which the words are not."""

    def __str__(self) -> str:
        return self.value


VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.VERBATIM: tr_noop("verbatim"),
    Verdict.EDITED: tr_noop("edited"),
    Verdict.STITCHED: tr_noop("stitched"),
    Verdict.PARAPHRASE: tr_noop("paraphrase"),
    Verdict.NOT_FOUND: tr_noop("not found"),
    Verdict.CANNOT_BE_CHECKED: tr_noop("cannot be checked"),
}
"""The verdicts in a word or two, to be translated where they are shown."""


class Op(str, enum.Enum):
    """One kind of difference between the quote and what was said."""

    EQUAL = "equal"
    OMITTED = "omitted"
    """Said, but left out of the quote."""
    ADDED = "added"
    """In the quote, but not said."""
    CHANGED = "changed"
    """Said in other words."""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class CueSpan:
    """Characters ``start`` to ``end`` (half-open) of the text of the cue in this row of the transcript."""

    row: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the quote that were said exactly so, one after the other.

    ``quote_words`` and ``said_words`` are half-open ranges of word numbers in the quote and in the transcript's
    index; ``quote_chars`` the characters in the quote's text, ``spans`` those in the cues. Times in ms.
    """

    quote_words: tuple[int, int]
    said_words: tuple[int, int]
    quote_chars: tuple[int, int]
    spans: tuple[CueSpan, ...]
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """One stretch of the video in which (a part of) the quote was said, from its first word to its last.

    ``exact`` is whether the times (ms) are those of the words; if not they are those of the cues around them.
    """

    said_words: tuple[int, int]
    start_ms: int | None
    end_ms: int | None
    exact: bool
    said: str
    spans: tuple[CueSpan, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the word-level comparison, in the quote's order.

    ``quote_chars`` are characters in the quote's text (an empty range at the right place for ``omitted``);
    ``said`` and ``spans`` are the words in the transcript (empty for ``added``).
    """

    op: Op
    quote_chars: tuple[int, int]
    quote: str
    said: str
    spans: tuple[CueSpan, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found out about one quote.

    ``start_ms`` and ``end_ms`` (ms) bound the words, exactly where ``exact``, else by their cues; None when nothing
    was found or the transcript has no times. Of a stitched quote they bound its largest part; ``places`` has all.
    ``score`` is the share of the quote that was said, 0 to 1. ``said`` is the text that was said there.
    """

    verdict: Verdict
    start_ms: int | None = None
    end_ms: int | None = None
    exact: bool = False
    score: float = 0.0
    said: str = ""
    places: tuple[Place, ...] = ()
    pieces: tuple[Piece, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is a place in the transcript to point at."""
        return bool(self.places)

    @property
    def spans(self) -> tuple[CueSpan, ...]:
        """The characters of the transcript to underline: the words that the quote and the talk share."""
        return tuple(span for piece in self.pieces for span in piece.spans)
