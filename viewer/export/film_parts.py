"""What a film is made of, before anything is made: cards, clips, captions and chapters in order."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from viewer.base.language import tr
from viewer.domain.captioning import CaptionLine, captions_between, spread
from viewer.domain.cited_quote import CitedQuote, Heading, Outline
from viewer.domain.timestamp import format_range
from viewer.domain.transcript import Transcript
from viewer.domain.video import Segment

_READING_MS = 65
"""How long a letter of a card takes to be read, and how long a card stays at least and at most (ms)."""
_SHORTEST_MS, _LONGEST_MS = 3_000, 12_000
_LONGEST_BEFORE_CLIP_MS = 5_000
"""Before a clip one wants to know who speaks; the rest can be read by stopping the film."""

_CHAPTER_LETTERS = 80


class CardKind(str, enum.Enum):
    """What a card stands for."""

    HEADING = "heading"
    WORDS = "words"
    CLIP = "clip"
    """before a clip: who speaks, where and when"""
    CAPTION = "caption"
    """not a card of its own: the words under a picture, painted on nothing (a transparent ground)"""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a title card: ``title`` large, ``lines`` below it. For a caption ``title`` are its words."""

    kind: CardKind
    title: str
    lines: tuple[str, ...] = ()


CardPainter = Callable[[Card, int, int], bytes]
"""Paints a card as a PNG of so many pixels (width, height). Called on the thread that makes the film."""


class Captions(str, enum.Enum):
    """How what is said is shown as text."""

    NONE = "none"
    TRACK = "track"
    """a text track that the player can show or hide; the pictures are untouched"""
    BURNED_IN = "burned-in"
    """part of the pictures, which must be encoded anew for it"""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class FilmOptions:
    """What the user chose. ``cards``: a card before each clip, too (headings and words always have theirs).

    ``whole_pictures``: every clip begins with its first picture and ends with its last, which may be less than a
    picture's length off what was chosen.
    """

    captions: Captions = Captions.TRACK
    cards: bool = True
    whole_pictures: bool = False


@dataclass(frozen=True, slots=True)
class CardPart:
    """A card, shown for ``duration_ms``. ``chapter`` is the title of the chapter that begins here, "" for none."""

    card: Card
    duration_ms: int
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class ClipPart:
    """A clip. The captions' times are ms from its start. ``card`` stands in for the picture of a clip without one."""

    segment: Segment
    card: Card
    captions: tuple[CaptionLine, ...] = ()
    chapter: str = ""


FilmPart = CardPart | ClipPart

TranscriptOf = Callable[[CitedQuote], "Transcript | None"]
"""What was said in a quote's video, where known."""


def plan_film(
    outline: Outline, options: FilmOptions, transcript_of: TranscriptOf = lambda quote: None
) -> list[FilmPart]:
    """The parts of the film of ``outline``, in order. A quote without a known time becomes a card with its words."""
    parts: list[FilmPart] = []
    for item in outline:
        if isinstance(item, CitedQuote):
            parts += _of_quote(item, options, transcript_of)
        else:
            kind = CardKind.HEADING if isinstance(item, Heading) else CardKind.WORDS
            card = Card(kind, " ".join(item.text.split()) if kind is CardKind.HEADING else item.text.strip())
            if card.title:
                parts.append(CardPart(card, reading_ms(card), _chapter(card.title)))
    return parts


def _of_quote(quote: CitedQuote, options: FilmOptions, transcript_of: TranscriptOf) -> list[FilmPart]:
    chapter = _chapter(quote.title or quote.bare_text or quote.speaker or quote.note_title)
    if quote.segment is None:
        card = Card(CardKind.WORDS, quote.bare_text, _source_lines(quote))
        return [CardPart(card, reading_ms(card), chapter)] if card.title else []
    card = clip_card(quote, quote.segment)
    lines: tuple[CaptionLine, ...] = ()
    if options.captions is not Captions.NONE:
        lines = captions_of(quote, quote.segment, transcript_of(quote))
    if not options.cards:
        return [ClipPart(quote.segment, card, lines, chapter)]
    return [CardPart(card, reading_ms(card), chapter), ClipPart(quote.segment, card, lines)]


def clip_card(quote: CitedQuote, segment: Segment) -> Card:
    """The card before a clip: who speaks, then the highlight's heading, the note, the date and the time."""
    title = quote.speaker or quote.title or quote.note_title or tr("Clip")
    lines = _source_lines(quote, segment, quote.title if title != quote.title else "")
    return Card(CardKind.CLIP, title, tuple(line for line in lines if line != title))


def _source_lines(quote: CitedQuote, segment: Segment | None = None, heading: str = "") -> tuple[str, ...]:
    facts = [quote.channel or "", quote.published.isoformat() if quote.published else ""]
    if segment is not None:
        facts.append(format_range(segment.start_ms, segment.end_ms))
    speaker = (quote.speaker or "") if segment is None else ""
    lines = [speaker, heading, quote.note_title, " · ".join(fact for fact in facts if fact)]
    return tuple(" ".join(line.split()) for line in lines if line.strip())


def captions_of(
    quote: CitedQuote, segment: Segment, transcript: Transcript | None
) -> tuple[CaptionLine, ...]:
    """What is said in the clip, line by line (ms from its start); the quote's words where no transcript is known."""
    lines: tuple[CaptionLine, ...] = ()
    if transcript is not None and transcript.timed:
        lines = captions_between(transcript, segment.start_ms, segment.end_ms)
    if not lines and quote.bare_text:
        lines = spread(quote.bare_text, segment.start_ms, segment.end_ms)
    return tuple(
        CaptionLine(line.start_ms - segment.start_ms, line.end_ms - segment.start_ms, line.text)
        for line in lines
    )


def reading_ms(card: Card) -> int:
    """How long ``card`` is shown, so that it can be read (ms)."""
    letters = len(card.title) + sum(len(line) for line in card.lines)
    longest = _LONGEST_BEFORE_CLIP_MS if card.kind is CardKind.CLIP else _LONGEST_MS
    return max(_SHORTEST_MS, min(longest, letters * _READING_MS))


def _chapter(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _CHAPTER_LETTERS else plain[: _CHAPTER_LETTERS - 1].rstrip() + "…"
