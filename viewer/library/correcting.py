"""What a query that finds nothing may have meant: a word or a filter that was mistyped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from viewer.library.database import Session
from viewer.library.folding import fold
from viewer.library.query import FILTERS, HAS, KINDS, Query, parse_query, token_ranges
from viewer.library.vocabulary import distance, docs_of, nearest

_FILTER = re.compile(r"(?<![^\s-])([A-Za-z]{3,}):(\w*)")


def did_you_mean(session: Session, text: str, finds: Callable[[Query], bool]) -> str | None:
    """A query like ``text`` that finds something; None when there is none."""
    better = _FILTER.sub(_filter, text)
    words = {word for term in parse_query(better).wanted for word in term.plain}
    meant = {word: nearest(session, word) for word in words if not docs_of(session, word)}
    for start, end in reversed(token_ranges(better)):
        known = meant.get(fold(better[start:end]))
        if known is not None:
            better = better[:start] + known + better[end:]
    # A corrected word can make a filter (``0as:`` -> ``has:``), and known words need not stand together.
    query = parse_query(better)
    return better if better != text and not query.empty and finds(query) else None


def _filter(match: re.Match[str]) -> str:
    """A filter as it was probably meant, else as it is."""
    name, value = match[1], match[2]
    if name.lower() not in FILTERS:
        name = _near(name.lower(), FILTERS) or name
    values = {"kind": KINDS, "has": HAS}.get(name.lower())
    if values is not None and value:
        known = value.lower() in values or value.lower().removesuffix("s") in values
        value = value if known else _near(value.lower(), values) or value
    return f"{name}:{value}"


def _near(word: str, known: Iterable[str]) -> str | None:
    most = 1 if len(word) < 5 else 2
    steps, best = min((distance(word, other, most), other) for other in known)
    return best if steps <= most else None
