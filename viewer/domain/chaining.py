"""The best way to lay a quote over a stretch of transcript: a local alignment over matching words.

This is Smith-Waterman with a gap cost that grows ever slower, computed only where words match. Scores are bits:
a word that makes up one part in 2**k of the talk is worth k bits, so that "the" proves little and a name much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

MAX_OMITTED = 60
"""Most words that may be left out silently and the two sides still count as one place (20 to 25 s of speech)."""
MAX_OMITTED_AT_BREAK = 200
"""The same where the quote marks the omission by an ellipsis."""
_MAX_ADDED = 30

_CHANGED_COST = 1.0
_OMITTED_COST = [0.0] + [2.0 + 1.0 * log2(1 + gap) for gap in range(1, MAX_OMITTED + 1)]
_BREAK_COST = [0.0] + [0.5 + 0.5 * log2(1 + gap) for gap in range(1, MAX_OMITTED_AT_BREAK + 1)]
_ADDED_COST = [0.0] + [1.5 + 0.7 * gap for gap in range(1, _MAX_ADDED + 1)]

_WEAK_EDGE_BITS = 7.0
_WEAK_EDGE_SHARE = 0.6
_STRANGE_GAP = 4
_STRANGE_EDGE_BITS = 18.0
_STRAY_GAP = 3
_STRAY_BITS = 9.0


class Match(NamedTuple):
    """Words that are the same: ``quote`` and ``said`` are word numbers; ``bits`` what the match proves.

    ``quote_size`` and ``said_size`` are 1, or 2 on one side where it writes one word as two ("super intelligence").
    """

    quote: int
    said: int
    quote_size: int
    said_size: int
    bits: float

    def follows(self, other: Match) -> bool:
        """Whether nothing lies between ``other`` and this, on either side."""
        return self.quote == other.quote + other.quote_size and self.said == other.said + other.said_size


@dataclass(frozen=True, slots=True)
class Chain:
    """Matches in order, and their score in bits with the gaps' costs taken off."""

    score: float
    matches: tuple[Match, ...]

    @property
    def quote_range(self) -> tuple[int, int]:
        """First word of the quote that matches, and the one behind the last."""
        last = self.matches[-1]
        return self.matches[0].quote, last.quote + last.quote_size

    @property
    def said_range(self) -> tuple[int, int]:
        """First word of the transcript that matches, and the one behind the last."""
        last = self.matches[-1]
        return self.matches[0].said, last.said + last.said_size


def _gap_cost(added: int, omitted: int, at_break: bool) -> float | None:
    changed = min(added, omitted)
    added -= changed
    omitted -= changed
    if added > _MAX_ADDED or changed > _MAX_ADDED:
        return None
    if at_break:
        if omitted > MAX_OMITTED_AT_BREAK:
            return None
        return _CHANGED_COST * changed + _ADDED_COST[added] + _BREAK_COST[omitted]
    if omitted > MAX_OMITTED:
        return None
    return _CHANGED_COST * changed + _ADDED_COST[added] + _OMITTED_COST[omitted]


def best_chain(matches: Sequence[Match], breaks: frozenset[int]) -> Chain | None:
    """The chain of ``matches`` (sorted) with the highest score; None without matches.

    ``breaks`` are the words of the quote before which it has an ellipsis: there, leaving out costs less.
    """
    if not matches:
        return None
    size = len(matches)
    scores = [match.bits for match in matches]
    back = [-1] * size
    ended: dict[tuple[int, int], int] = {}
    marks = sorted(breaks)
    for at, (quote, said, quote_size, said_size, bits) in enumerate(matches):
        # Nothing beats the match right before: whatever leads here leads there at the same cost.
        diagonal = ended.get((quote, said))
        if diagonal is not None:
            scores[at] = scores[diagonal] + bits
            back[at] = diagonal
        else:
            best, origin = 0.0, -1
            for before in range(at - 1, -1, -1):
                other = matches[before]
                added = quote - other[0] - other[2]
                if added > 2 * _MAX_ADDED:
                    break
                omitted = said - other[1] - other[3]
                if added < 0 or omitted < 0 or scores[before] <= best:
                    continue
                at_break = bool(marks) and any(quote - added <= mark <= quote for mark in marks)
                cost = _gap_cost(added, omitted, at_break)
                if cost is not None and scores[before] - cost > best:
                    best, origin = scores[before] - cost, before
            scores[at] = best + bits
            back[at] = origin
        key = (quote + quote_size, said + said_size)
        if key not in ended or scores[at] > scores[ended[key]]:
            ended[key] = at
    return _trace(matches, scores, back, breaks)


def _trace(matches: Sequence[Match], scores: list[float], back: list[int], breaks: frozenset[int]) -> Chain:
    at = max(range(len(matches)), key=scores.__getitem__)
    path = []
    while at >= 0:
        path.append(at)
        at = back[at]
    path.reverse()
    gains = [scores[at] - (scores[back[at]] if back[at] >= 0 else 0.0) for at in path]
    first, last = _strong_core([matches[at] for at in path], gains)
    kept = [matches[at] for at in path[first:last]]
    return Chain(sum(gains[first + 1 : last]) + kept[0].bits, tuple(_without_strays(kept)))


def _without_strays(path: list[Match]) -> list[Match]:
    """Drop a common word that stands alone amid words left out: the quote's "But" is not the one said there."""
    result: list[Match] = []
    at = 0
    while at < len(path):
        behind = at + 1
        while behind < len(path) and path[behind].follows(path[behind - 1]):
            behind += 1
        run = path[at:behind]
        stray = (
            bool(result)
            and behind < len(path)
            and run[0].said - result[-1].said - result[-1].said_size >= _STRAY_GAP
            and path[behind].said - run[-1].said - run[-1].said_size >= _STRAY_GAP
            and sum(match.bits for match in run) < _STRAY_BITS
        )
        if not stray:
            result += run
        at = behind
    return result


def _strong_core(path: list[Match], gains: list[float]) -> tuple[int, int]:
    """Cut off weak edges: a common word some words away is chance, and would move the quote's start or end."""
    first, last = 0, len(path)
    net = 0.0
    for at in range(len(path) - 1, 0, -1):
        net += gains[at]
        if _weak(path[at - 1], path[at], path[at:last], net):
            last, net = at, 0.0
    net = 0.0
    for at in range(last - 1):
        net += path[at].bits + min(0.0, gains[at + 1] - path[at + 1].bits)
        if _weak(path[at], path[at + 1], path[first : at + 1], net):
            first, net = at + 1, 0.0
    return first, last


def _weak(before: Match, after: Match, edge: list[Match], net: float) -> bool:
    """Whether ``edge``, on one side of the gap between two matches, could be chance. ``net`` is its gain in bits."""
    added = after.quote - before.quote - before.quote_size
    omitted = after.said - before.said - before.said_size
    if min(added, omitted) >= _STRANGE_GAP and net < _STRANGE_EDGE_BITS:
        # Behind so many other words on both sides it may rather belong to another part of the talk.
        return True
    if max(added, omitted) <= 2 or net >= _WEAK_EDGE_BITS:
        return False
    span = edge[-1].said - edge[0].said + 1
    return len(edge) < 3 or len(edge) < _WEAK_EDGE_SHARE * span


def meet(one: Chain, other: Chain, keys: Sequence[str], said: Sequence[str]) -> tuple[Chain, Chain]:
    """Two parts of a quote, neighbours in it, with the words between them given to the part they belong to.

    The first part's search did not know of the second, so that chance matches at its end may have taken words
    which continue the second without a break; and the other way round. ``keys`` are the quote's words, ``said``
    the transcript's.
    """
    head = other.matches[0]
    quote, place = head.quote, head.said
    while quote > 0 and place > 0 and keys[quote - 1] == said[place - 1]:
        quote, place = quote - 1, place - 1
    kept = _without_tail(one.matches, quote)
    first = max(quote, kept[-1].quote + kept[-1].quote_size)
    if first < head.quote:
        shift = head.said - head.quote
        one = Chain(one.score, kept)
        other = Chain(other.score, (*_diagonal(first, head.quote, shift), *other.matches))
    tail = one.matches[-1]
    begin = quote = tail.quote + tail.quote_size
    shift = tail.said + tail.said_size - quote
    while quote < len(keys) and quote + shift < len(said) and keys[quote] == said[quote + shift]:
        quote += 1
    kept = _without_head(other.matches, quote)
    last = min(quote, kept[0].quote)
    if last > begin:
        one = Chain(one.score, (*one.matches, *_diagonal(begin, last, shift)))
        other = Chain(other.score, kept)
    return one, other


def fill(matches: Sequence[Match], keys: Sequence[str], said: Sequence[str]) -> tuple[Match, ...]:
    """Add the words right before and behind each match that are the same too but were not looked up.

    ``keys`` are the quote's words, ``said`` the transcript's.
    """
    result: list[Match] = []
    quote_end, said_end = 0, 0
    for match in matches:
        quote, place = match.quote, match.said
        while result and quote_end < quote and said_end < place and keys[quote_end] == said[said_end]:
            result.append(Match(quote_end, said_end, 1, 1, 0.0))
            quote_end, said_end = quote_end + 1, said_end + 1
        while quote > quote_end and place > said_end and keys[quote - 1] == said[place - 1]:
            quote, place = quote - 1, place - 1
        result += _diagonal(quote, match.quote, match.said - match.quote)
        result.append(match)
        quote_end, said_end = match.quote + match.quote_size, match.said + match.said_size
    while quote_end < len(keys) and said_end < len(said) and keys[quote_end] == said[said_end]:
        result.append(Match(quote_end, said_end, 1, 1, 0.0))
        quote_end, said_end = quote_end + 1, said_end + 1
    return tuple(result)


def join(chains: Sequence[Chain], breaks: frozenset[int]) -> list[Chain]:
    """Make one chain of those that follow each other on both sides with no more left out than one place allows."""
    joined = list(chains[:1])
    for chain in chains[1:]:
        before = joined[-1]
        added = chain.quote_range[0] - before.quote_range[1]
        omitted = chain.said_range[0] - before.said_range[1]
        at_break = any(before.quote_range[1] <= mark <= chain.quote_range[0] for mark in breaks)
        if added >= 0 and 0 <= omitted <= (MAX_OMITTED_AT_BREAK if at_break else MAX_OMITTED):
            joined[-1] = Chain(max(before.score, chain.score), before.matches + chain.matches)
        else:
            joined.append(chain)
    return joined


def _diagonal(first: int, last: int, shift: int) -> list[Match]:
    return [Match(at, at + shift, 1, 1, 0.0) for at in range(first, last)]


def _without_tail(matches: tuple[Match, ...], limit: int) -> tuple[Match, ...]:
    """Take off the runs at the end that begin at or behind the quote's word ``limit``; one run stays."""
    size = len(matches)
    while True:
        at = size - 1
        while at > 0 and matches[at].follows(matches[at - 1]):
            at -= 1
        if at == 0 or matches[at].quote < limit:
            return matches[:size]
        size = at


def _without_head(matches: tuple[Match, ...], limit: int) -> tuple[Match, ...]:
    """Take off the runs at the beginning that end before the quote's word ``limit``; one run stays."""
    first = 0
    while True:
        at = first
        while at + 1 < len(matches) and matches[at + 1].follows(matches[at]):
            at += 1
        if at + 1 == len(matches) or matches[at].quote >= limit:
            return matches[first:]
        first = at + 1
