"""A query's words in FTS5's language, and how often they occur as far as that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from viewer.library.database import Session
from viewer.library.query import Query, Term
from viewer.library.vocabulary import docs_of, fact, most_frequent

RARE = 30_000
"""Words in fewer passages than this are searched in one go."""

_ALTERNATIVES = 24
"""A short prefix stands for so many of the most frequent words that begin so."""

_SHORT = 3
"""Letters from which on a prefix may be searched without knowing how often it occurs."""


def expression(session: Session, query: Query) -> tuple[str, int]:
    """The whole query, and in how many passages its rarest word may occur."""
    parts, least = [], None
    for terms in query.choices:
        part, frequency = of_terms(session, terms)
        parts.append(part)
        least = frequency if least is None else min(least, frequency)
    return without(session, query, " AND ".join(parts)), least or 0


def without(session: Session, query: Query, wanted: str) -> str:
    """``wanted``, but not with what the query excludes."""
    excluded = " OR ".join(of_term(session, term)[0] for term in query.excluded)
    return f"({wanted}) NOT ({excluded})" if excluded else wanted


def of_terms(session: Session, terms: Sequence[Term]) -> tuple[str, int]:
    """Terms of which one must occur, and how often they do together."""
    found = [of_term(session, term) for term in terms]
    if len(found) == 1:
        return found[0]
    return f"({' OR '.join(part for part, _ in found)})", sum(frequency for _, frequency in found)


def of_term(session: Session, term: Term) -> tuple[str, int]:
    """One term, and its frequency; a prefix that would match too much as its most frequent words."""
    known = [docs_of(session, word) for word in (term.spaced[:-1] if term.prefix else term.spaced)]
    if not term.prefix:
        return term.match, min(known)
    if len(term.spaced[-1]) < _SHORT and not fact(session, "counted"):
        # While a first index is under way nothing is counted yet; better the word itself than half a second.
        return replace(term, prefix=False).match, min(known, default=0)
    words, total = most_frequent(session, term.spaced[-1], _ALTERNATIVES)
    least = min([*known, total])
    if total < RARE:
        return term.match, least
    before = " ".join(term.spaced[:-1])
    choices = " OR ".join(f'"{before} {word}"' if before else f'"{word}"' for word in words)
    return f"({choices})", least
