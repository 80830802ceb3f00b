"""What an evidence bundle is made of: a quote with all that supports it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from viewer.domain.cited_quote import CitedQuote
from viewer.domain.judgement import Verdict
from viewer.export.quote_sources import QuoteSource


@dataclass(frozen=True, slots=True)
class NoteFile:
    """The file a quote was read from: its name, and what it was when the bundle was made."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ClipFile:
    """A clip in the bundle. ``path`` is relative to its folder; ``fetched`` is when it was fetched (UTC)."""

    path: str
    sha256: str
    size_bytes: int
    fetched: datetime.datetime
    quality: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One quote with all that supports it. ``before`` and ``after`` are what was said around it."""

    number: int
    quote: CitedQuote
    source: QuoteSource
    note: NoteFile | None
    clip: ClipFile | None
    before: str
    after: str

    @property
    def verdict(self) -> Verdict | None:
        """How true the quote is; None when nobody could look."""
        if self.source.check is not None:
            return self.source.check.verdict
        try:
            return Verdict(self.quote.verdict) if self.quote.verdict else None
        except ValueError:
            return None


def utc_text(moment: datetime.datetime) -> str:
    """A moment as ISO 8601 with seconds, in UTC: ``2026-11-21T05:30:00Z``."""
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
