"""A quote with everything that is needed to cite it, and the document it stands in: what every export is made from."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from viewer.domain.video import Segment

_MARKS = (("“", "”"), ('"', '"'), ("„", "“"), ("«", "»"), ("»", "«"), ("「", "」"))
"""Quotation marks as notes put them around a quote, opening and closing."""


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """Words with their source, ready to be taken away. Nothing in it needs the note it came from.

    ``title`` is the heading of a highlight, "" where there is none. ``url`` is the video's address (not the place in
    it), "" where the note names none. ``verdict`` is the value of a :class:`viewer.domain.judgement.Verdict`, None
    where nobody judged, and ``verdict_words`` what the window says of it. ``context_before`` and ``context_after``
    are what was said around the words. ``colour`` is the value of a mark's colour, None for a note's own quote.
    ``note_path`` is spelt as the catalog spells it.
    """

    text: str
    speaker: str | None = None
    title: str = ""
    note_title: str = ""
    channel: str | None = None
    published: datetime.date | None = None
    url: str = ""
    segment: Segment | None = None
    verdict: str | None = None
    verdict_words: str = ""
    context_before: str = ""
    context_after: str = ""
    comment: str = ""
    tags: tuple[str, ...] = ()
    colour: str | None = None
    note_path: str = ""

    @property
    def url_at(self) -> str:
        """The address that opens the video where the words begin (whole seconds); the video's where no time is known."""
        return self.segment.video.url_at(self.segment.start_ms) if self.segment is not None else self.url

    @property
    def bare_text(self) -> str:
        """The words without the quotation marks that a note may have put around them."""
        text = self.text.strip()
        for opening, closing in _MARKS:
            marks = sum(letter in (opening, closing) for letter in text)
            begins, ends = text.startswith(opening), text.endswith(closing)
            # Two quoted stretches ("so" and "so") are not one quote in marks: they stay as they are.
            if (begins and ends and marks == 2) or ((begins or ends) and marks == 1):
                return text.strip(opening + closing).strip()
        return text


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading between quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of the user's own between quotes."""

    text: str


OutlinePart = CitedQuote | Heading | Words
"""One part of a document: a quote, a heading, or words of the user's own."""

Outline = Sequence[OutlinePart]
"""A document to be written: its parts in order."""


def quotes_of(outline: Outline) -> list[CitedQuote]:
    """The quotes of a document, in order, for what has no place for headings."""
    return [part for part in outline if isinstance(part, CitedQuote)]
