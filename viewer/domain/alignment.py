"""Where a quote was said: word n-grams find the neighbourhood, a local alignment finds the words.

:class:`TranscriptIndex` is built once a transcript, :func:`locate` then judges one quote after the other.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import log2

from viewer.domain.chaining import Chain, Match, best_chain, fill, join, meet
from viewer.domain.comparison import compare
from viewer.domain.judgement import Judgement, Verdict
from viewer.domain.transcript_index import TranscriptIndex
from viewer.domain.words import QuoteWords, quote_words

__all__ = ["TranscriptIndex", "locate", "match_words"]

_BIN_BITS = 6
_MAX_SEED_PAIRS = 80
_MAX_SEED_WORDS = 24
_BANDS = 3
_MARGIN = 12
_MAX_MATCHES = 1500
_MIN_REPEATS = 3
_LONGEST_WORD = 40

_EDITED_SHARE = 0.6
_EDITED_BITS = 4.0
_MAX_STRETCH = 4
_THIN_BITS = 30.0
_PARAPHRASE_SHARE = 0.42
_PARAPHRASE_BITS = 14.0
_SHORT = 12
_PART_WORDS = 4
_PART_SHARE = 0.7
_PART_BITS = 8.0
_MAX_PARTS = 6
_TIE_BITS = 0.5


@dataclass(slots=True)
class _Search:
    """One quote on its way through one index."""

    index: TranscriptIndex
    quote: QuoteWords
    near_ms: int | None

    def chain(self, first: int, last: int) -> Chain | None:
        """The best chain for the quote's words ``first`` to ``last`` anywhere in the transcript."""
        keys = self.quote.tokens.keys[first:last]
        breaks = frozenset(mark - first for mark in self.quote.breaks if first < mark < last)
        found = []
        for first_shift, last_shift in self._bands(keys, bool(breaks)):
            chain = best_chain(_matches(self.index, keys, first_shift, last_shift), breaks)
            if chain is not None:
                found.append(chain)
        if not found:
            return None
        top = max(chain.score for chain in found)
        best = min(
            (chain for chain in found if chain.score >= top - _TIE_BITS),
            key=lambda chain: (self._distance(chain.said_range[0]), -chain.score),
        )
        whole = fill(best.matches, keys, self.index.tokens.keys)
        moved = tuple(match._replace(quote=match.quote + first) for match in whole)
        return Chain(best.score, moved)

    def _distance(self, word: int) -> int:
        time = self.index.time_of(word)
        return abs(time - self.near_ms) if time is not None and self.near_ms is not None else 0

    def _bands(self, keys: list[str], broken: bool) -> list[tuple[int, int]]:
        """Where most of the quote's words and pairs of words meet the transcript's, as ranges of their distance.

        The distance of a word is its number in the transcript less its number in the quote.
        """
        bits = _BIN_BITS + 1 if broken else _BIN_BITS
        votes: dict[int, float] = {}
        index = self.index
        positions, pairs = index.positions, index.pairs
        for at, key in enumerate(keys):
            places = positions.get(key)
            if places is None:
                continue
            if len(places) <= _MAX_SEED_WORDS:
                value = index.size_bits - log2(len(places))
                for place in places:
                    votes[place - at >> bits] = votes.get(place - at >> bits, 0.0) + value
            both = pairs.get((key, keys[at + 1])) if at + 1 < len(keys) else None
            if both is not None and len(both) <= _MAX_SEED_PAIRS:
                value = index.size_bits - 0.5 * log2(len(both))
                for place in both:
                    votes[place - at >> bits] = votes.get(place - at >> bits, 0.0) + value
        # Two neighbouring bins make a band, so that no place is cut in two.
        joint = {bin_: votes.get(bin_, 0.0) + votes.get(bin_ + 1, 0.0) for bin_ in votes}
        for bin_ in votes:
            joint.setdefault(bin_ - 1, votes.get(bin_ - 1, 0.0) + votes[bin_])
        return self._pick(joint, bits)

    def _pick(self, joint: dict[int, float], bits: int) -> list[tuple[int, int]]:
        if not joint:
            return []
        ranked = sorted(joint, key=lambda bin_: (-joint[bin_], bin_))
        least = 0.4 * joint[ranked[0]]
        picked: list[int] = []
        for bin_ in ranked:
            if joint[bin_] < least or len(picked) >= _BANDS:
                break
            if all(abs(bin_ - other) > 1 for other in picked):
                picked.append(bin_)
        if self.near_ms is not None:
            top = [bin_ for bin_ in ranked[:40] if joint[bin_] >= 0.7 * joint[ranked[0]]]
            nearest = min(top, key=lambda bin_: self._distance(self._inside(bin_ << bits)))
            if nearest not in picked:
                picked.append(nearest)
        return [((bin_ << bits) - _MARGIN, (bin_ + 2 << bits) + _MARGIN) for bin_ in picked]

    def _inside(self, word: int) -> int:
        return min(max(word, 0), len(self.index) - 1)


def _matches(index: TranscriptIndex, keys: list[str], first_shift: int, last_shift: int) -> list[Match]:
    """All words of the quote that also stand in the band, sorted by their place in the quote."""
    matches = []
    strange = []
    most = max(_MIN_REPEATS, _MAX_MATCHES // len(keys))
    for at, key in enumerate(keys):
        places = index.positions.get(key)
        low = 0 if places is None else bisect_left(places, at + first_shift)
        if places is None or low == len(places) or places[low] >= at + last_shift:
            strange.append(at)
            continue
        high = bisect_left(places, at + last_shift, low)
        if high - low > most:
            # A word on every corner proves nothing, and would make this slow.
            continue
        value = index.size_bits - log2(len(places))
        matches += [Match(at, place, 1, 1, value) for place in places[low:high]]
    if strange:
        matches += _joined(index, keys, strange, first_shift, last_shift)
    matches.sort()
    return matches


def _joined(
    index: TranscriptIndex, keys: list[str], strange: list[int], first_shift: int, last_shift: int
) -> list[Match]:
    """Words written as one here and as two there: ``superintelligence``, ``super intelligence``, ``A.I.``."""

    def within(places: list[int] | None, word: int) -> list[int]:
        if places is None:
            return []
        low = bisect_left(places, word + first_shift)
        return places[low : bisect_left(places, word + last_shift, low)]

    found = []
    for at in strange:
        for first in (at - 1, at):
            if first < 0 or first + 1 >= len(keys) or (first == at - 1 and at - 1 in strange):
                continue
            both = keys[first] + keys[first + 1]
            value = index.bits(both)
            found += [Match(first, place, 2, 1, value) for place in within(index.positions.get(both), first)]
        key = keys[at][:_LONGEST_WORD]
        for cut in range(1, len(key)):
            places = within(index.pairs.get((key[:cut], key[cut:])), at)
            found += [Match(at, place, 1, 2, index.size_bits) for place in places]
    return found


def locate(index: TranscriptIndex, quote_text: str, near_ms: int | None = None) -> Judgement:
    """Find where ``quote_text`` was said and judge how true it is. Never raises, whatever the texts.

    ``near_ms`` is the time (ms) that the note gives: where the same words were said several times, the nearest
    counts. It never makes a worse match win.
    """
    quote = quote_words(quote_text)
    keys = quote.tokens.keys
    if not keys or not len(index) or not index.knows_script_of(keys):
        return Judgement(Verdict.CANNOT_BE_CHECKED)
    search = _Search(index, quote, near_ms)
    places = index.occurrences(keys)
    if places:
        place = min(places, key=search._distance)
        whole = tuple(Match(at, place + at, 1, 1, 0.0) for at in range(len(keys)))
        return compare(index, quote, [Chain(0.0, whole)], Verdict.VERBATIM, 1.0)
    main = search.chain(0, len(keys))
    chains = [] if main is None else _with_parts(search, main)
    share = _share(index, quote, chains)
    if main is not None and len(chains) > 1 and share < _EDITED_SHARE:
        # Too little in all to be stitched together: the other parts are chance.
        chains = [main]
        share = _share(index, quote, chains)
    verdict = _verdict(index, quote, chains, share)
    if verdict is None:
        absent = not (index.coverage.partial or index.coverage.silent_at(near_ms))
        return Judgement(Verdict.NOT_FOUND if absent else Verdict.CANNOT_BE_CHECKED, score=round(share, 3))
    return compare(index, quote, chains, verdict, share)


def match_words(
    index: TranscriptIndex, text: str, near_ms: int | None = None
) -> tuple[QuoteWords, tuple[Match, ...]]:
    """Lay ``text`` over the one stretch of the transcript that it fits best: its words, and which were said where.

    For texts that are known to have been said around ``near_ms``; nothing is judged.
    """
    quote = quote_words(text)
    search = _Search(index, quote, near_ms)
    places = index.occurrences(quote.tokens.keys)
    if places:
        place = min(places, key=search._distance)
        return quote, tuple(Match(at, place + at, 1, 1, 0.0) for at in range(len(quote.tokens)))
    chain = search.chain(0, len(quote.tokens)) if len(quote.tokens) else None
    return quote, chain.matches if chain else ()


def _with_parts(search: _Search, main: Chain) -> list[Chain]:
    """The main chain and, for stretches of the quote that it leaves out, where those were said."""
    index, keys = search.index, search.quote.tokens.keys
    chains = [main]
    todo = _uncovered(len(keys), main)
    tries = 0
    while todo and tries < _MAX_PARTS:
        first, last = todo.pop()
        tries += 1
        if last - first < _PART_WORDS:
            continue
        chain = search.chain(first, last)
        if chain is None or chain.score < index.size_bits + _PART_BITS:
            continue
        start, end = chain.quote_range
        matched = sum(match.quote_size for match in chain.matches)
        if end - start < _PART_WORDS or matched < _PART_SHARE * (end - start):
            continue
        chains.append(chain)
        todo += [(first, start), (end, last)]
    chains.sort(key=lambda chain: chain.quote_range)
    said = index.tokens.keys
    for at in range(len(chains) - 1):
        chains[at], chains[at + 1] = meet(chains[at], chains[at + 1], keys, said)
    return join(chains, search.quote.breaks)


def _uncovered(size: int, chain: Chain) -> list[tuple[int, int]]:
    edges = [0]
    for match in chain.matches:
        edges += [match.quote, match.quote + match.quote_size]
    edges.append(size)
    return [(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True) if last > first]


def _share(index: TranscriptIndex, quote: QuoteWords, chains: list[Chain]) -> float:
    """The share of the quote's words, weighed by their rarity, that was said. Insertions in brackets do not count."""
    keys = quote.tokens.keys
    matched = {
        match.quote + more for chain in chains for match in chain.matches for more in range(match.quote_size)
    }
    counted = [at for at in range(len(keys)) if at in matched or at not in quote.inserted]
    total = sum(index.weight(keys[at]) for at in counted)
    return sum(index.weight(keys[at]) for at in matched) / total if total else 0.0


def _verdict(index: TranscriptIndex, quote: QuoteWords, chains: list[Chain], share: float) -> Verdict | None:
    """What the chains amount to; None when they could be chance."""
    if not chains:
        return None
    # Among so many words some stretch always looks a little alike: that much is taken off as chance.
    proof = max(chain.score for chain in chains) - index.size_bits
    if len(chains) > 1:
        return Verdict.STITCHED
    if len(chains) == 1:
        matches = chains[0].matches
        whole = sum(match.quote_size for match in matches) == len(quote.tokens)
        begin, end = chains[0].said_range
        if whole and sum(match.said_size for match in matches) == end - begin:
            return Verdict.VERBATIM
        thin = not quote.breaks and end - begin > _MAX_STRETCH * len(matches)
        if thin and proof < _THIN_BITS:
            return None
        if share >= _EDITED_SHARE and proof >= _EDITED_BITS and not thin:
            return Verdict.EDITED
    least = _PARAPHRASE_SHARE if len(quote.tokens) >= _SHORT else _EDITED_SHARE
    if share >= least and proof >= _PARAPHRASE_BITS:
        return Verdict.PARAPHRASE
    return None
