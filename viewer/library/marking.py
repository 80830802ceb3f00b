"""Where a query's words stand in a text: for marking hits and for cutting snippets around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from viewer.library.folding import PICTURE, UNSPACED_RUN, fold
from viewer.library.query import Query, Term, token_ranges

Range = tuple[int, int]

_SNIPPET = 180

_UNSPACED = re.compile(f"{UNSPACED_RUN.pattern}|{PICTURE.pattern}+")

_PIECE = re.compile("(?s:.)[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u3099\u309a\uff9e\uff9f\ufe0f]*")
"""A letter with what becomes one with it when it is folded."""


def marked_ranges(text: str, query: Query) -> tuple[Range, ...]:
    """Where the query's words stand in the text: (start, end) of each, in order, not overlapping."""
    if text.isascii() and all(len(term.plain) == 1 for term in query.wanted):
        # Most of what is marked while one types: no need to look at every word.
        low = text.lower()
        spans = [match.span() for term in query.wanted for match in _alone(term).finditer(low)]
        return _merged(spans)
    ranges = token_ranges(text)
    if _UNSPACED.search(text) is not None:
        ranges = [part for whole in ranges for part in _by_script(text, whole)]
    folded = [fold(text[start:end]) for start, end in ranges]
    found: list[Range] = []
    for term in query.wanted:
        if any(UNSPACED_RUN.search(word) for word in term.plain):
            found += _substrings(text, term)
        else:
            found += _words(ranges, folded, term)
    return _merged(found)


def _by_script(text: str, whole: Range) -> list[Range]:
    """A word cut where scripts with and without spaces meet, as the index has it."""
    start, end = whole
    cuts = [cut for match in _UNSPACED.finditer(text, start, end) for cut in match.span()]
    edges = sorted({start, end, *cuts})
    return list(pairwise(edges))


def over_the_end(one: str, other: str, query: Query) -> tuple[tuple[Range, ...], tuple[Range, ...]]:
    """Where phrases of the query begin in one text and go on in the next: the ranges in either."""
    left: list[Range] = []
    right: list[Range] = []
    for term in query.wanted:
        more = len(term.plain) - 1
        if not more or term.plain[0] not in fold(one) or term.plain[-1] not in fold(other):
            continue
        before, after = token_ranges(one)[-more:], token_ranges(other)[:more]
        words = [fold(one[start:end]) for start, end in before] + [fold(other[a:b]) for a, b in after]
        # Neither has room for the whole phrase, so a match is in both.
        for place in range(len(words) - more):
            if _words([(place + n, 0) for n in range(more + 1)], words[place : place + more + 1], term):
                left += before[place:]
                right += after[: place + more + 1 - len(before)]
    return _merged(left), _merged(right)


@lru_cache(maxsize=64)
def _alone(term: Term) -> re.Pattern[str]:
    """Finds a term of one word in folded ASCII text."""
    more = "[a-z0-9]*" if term.prefix else ""
    return re.compile(f"(?<![a-z0-9]){re.escape(term.plain[0])}{more}(?![a-z0-9])")


def _words(ranges: list[Range], folded: list[str], term: Term) -> list[Range]:
    found = []
    length = len(term.plain)
    first, last = term.plain[0], term.plain[-1]
    for place in range(len(folded) - length + 1):
        if length > 1 and folded[place] != first:
            continue
        tail = folded[place + length - 1]
        if not (tail.startswith(last) if term.prefix else tail == last):
            continue
        if length <= 2 or tuple(folded[place : place + length - 1]) == term.plain[:-1]:
            found += ranges[place : place + length]
    return found


def _substrings(text: str, term: Term) -> list[Range]:
    """Matches in scripts without spaces."""
    folded = fold(text)
    places: Sequence[Range] | None = None
    if len(folded) != len(text):
        folded, places = _folded_pieces(text)
    found = []
    for word in term.plain:
        place = folded.find(word)
        while place >= 0:
            end = place + len(word)
            found.append((place, end) if places is None else (places[place][0], places[end - 1][1]))
            place = folded.find(word, end)
    return found


def _folded_pieces(text: str) -> tuple[str, list[Range]]:
    """The folded text, and from where to where in ``text`` each of its letters comes."""
    folded: list[str] = []
    places: list[Range] = []
    for match in _PIECE.finditer(text):
        piece = fold(match[0])
        folded.append(piece)
        places += [match.span()] * len(piece)
    return "".join(folded), places


def _merged(ranges: list[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def snippet(text: str, query: Query) -> tuple[str, tuple[Range, ...]]:
    """A stretch of the text around the query's words, and where they stand in it.

    Cut at words, with an ellipsis where text was left out; line ends become spaces. The whole text when short.
    """
    text = text.replace("\n", " ")
    ranges = marked_ranges(text, query)
    if len(text) > _SNIPPET:
        centre = _best_start(ranges)
        cut = _window(text, max(0, centre - _SNIPPET // 4), _SNIPPET)
        return cut, marked_ranges(cut, query)
    return text, ranges


def _best_start(ranges: tuple[Range, ...]) -> int:
    """Where the stretch with the most marks begins."""
    best, most = 0, 0
    for number, (start, _) in enumerate(ranges):
        count = sum(1 for other in ranges[number : number + 12] if other[0] < start + _SNIPPET * 3 // 4)
        if count > most:
            best, most = start, count
    return best


def _window(text: str, start: int, length: int) -> str:
    """So many letters from ``start``, cut at spaces where there are some near."""
    if start > 0:
        space = text.rfind(" ", max(0, start - 20), start)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + length)
    if end < len(text):
        space = text.find(" ", end, end + 20)
        end = space if space >= 0 else end
    head = "…" if start > 0 else ""
    tail = "…" if end < len(text) else ""
    return head + text[start:end].strip() + tail
