"""The quote beside what was said: pieces that are the same, places, and the differences word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from viewer.domain.chaining import MAX_OMITTED_AT_BREAK, Chain, Match
from viewer.domain.judgement import Change, CueSpan, Judgement, Op, Piece, Place, Verdict
from viewer.domain.transcript_index import TranscriptIndex
from viewer.domain.words import QuoteWords

_TAIL = re.compile(r"[.,!?;:…%)\]}”\"'’»]*")
_HEAD = re.compile(r"[(\[{“\"'‘«¿¡$€£¥₹]*\Z")
_SIMILAR = 0.6


def similar(one: str, other: str) -> bool:
    """Whether two words look like one word heard or written differently (``Kovachevich``, ``Kovacevic``)."""
    if one.isdigit() or other.isdigit():
        return False
    longer = max(len(one), len(other))
    shorter = min(len(one), len(other))
    head = 0
    while head < shorter and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < shorter - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    return longer > 3 and head + tail >= _SIMILAR * longer


def compare(
    index: TranscriptIndex, quote: QuoteWords, chains: list[Chain], verdict: Verdict, score: float
) -> Judgement:
    """Put into words and times what the ``chains`` (in the quote's order) say about the quote."""
    places = _places(index, quote, chains)
    pieces = tuple(piece for chain in chains for piece in _pieces(index, quote, chain))
    changes = tuple(_changes(index, quote, chains))
    main = max(places, key=lambda place: place.said_words[1] - place.said_words[0])
    return Judgement(
        verdict,
        main.start_ms,
        main.end_ms,
        main.exact,
        round(min(score, 1.0), 3),
        " [...] ".join(place.said for place in places),
        places,
        pieces,
        changes,
    )


def _said_range(index: TranscriptIndex, quote: QuoteWords, chain: Chain) -> tuple[int, int]:
    """The chain's words, widened by a first or last word that was only heard or written differently."""
    first, last = chain.said_range
    quote_first, quote_last = chain.quote_range
    said, keys = index.tokens.keys, quote.tokens.keys
    while first > 0 and quote_first > 0 and similar(said[first - 1], keys[quote_first - 1]):
        first, quote_first = first - 1, quote_first - 1
    while last < len(said) and quote_last < len(keys) and similar(said[last], keys[quote_last]):
        last, quote_last = last + 1, quote_last + 1
    return first, last


def _places(index: TranscriptIndex, quote: QuoteWords, chains: list[Chain]) -> tuple[Place, ...]:
    """One place a chain; chains that lie close together, in whatever order, are one place."""
    ranges: list[tuple[int, int]] = []
    for chain in chains:
        first, last = _said_range(index, quote, chain)
        for at, (other_first, other_last) in enumerate(ranges):
            if first - other_last <= MAX_OMITTED_AT_BREAK and other_first - last <= MAX_OMITTED_AT_BREAK:
                ranges[at] = (min(first, other_first), max(last, other_last))
                break
        else:
            ranges.append((first, last))
    result = []
    for first, last in ranges:
        start, end, exact = index.bounds(first, last)
        spans = index.spans(first, last)
        result.append(Place((first, last), start, end, exact, _text(index, spans, whole=True), spans))
    return tuple(result)


def _text(index: TranscriptIndex, spans: tuple[CueSpan, ...], whole: bool = False) -> str:
    """The transcript's text in these spans; ``whole`` adds the punctuation that touches it."""
    parts = []
    for span in spans:
        text = index.transcript.cues[span.row].text
        start, end = span.start, span.end
        if whole:
            tail = _TAIL.match(text, end)
            head = _HEAD.search(text[max(0, start - 4) : start])
            end = tail.end() if tail else end
            start -= len(head[0]) if head else 0
        parts.append(text[start:end])
    return " ".join(parts)


def _runs(chain: Chain) -> Iterator[list[Match]]:
    run: list[Match] = []
    for match in chain.matches:
        if run and not match.follows(run[-1]):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def _chars(quote: QuoteWords, first: int, last: int) -> tuple[int, int]:
    """The characters of the quote's words ``first`` to ``last``; an empty range before ``first`` when there are none."""
    tokens = quote.tokens
    if first >= last:
        at = tokens.ends[first - 1] if first else 0
        return at, at
    return min(tokens.starts[first:last]), max(tokens.ends[first:last])


def _pieces(index: TranscriptIndex, quote: QuoteWords, chain: Chain) -> Iterator[Piece]:
    for run in _runs(chain):
        quote_words = run[0].quote, run[-1].quote + run[-1].quote_size
        said_words = run[0].said, run[-1].said + run[-1].said_size
        start, end, _ = index.bounds(*said_words)
        yield Piece(
            quote_words, said_words, _chars(quote, *quote_words), index.spans(*said_words), start, end
        )


def _changes(index: TranscriptIndex, quote: QuoteWords, chains: list[Chain]) -> Iterator[Change]:
    at = 0
    for chain in chains:
        said = None
        widened = _said_range(index, quote, chain)
        for run in _runs(chain):
            begin = run[0].said
            if said is None:
                # Before the first run only words that look alike count as said.
                alike = begin - widened[0]
                yield from _gap(index, quote, (at, run[0].quote - alike), (0, 0))
                yield from _gap(index, quote, (run[0].quote - alike, run[0].quote), (widened[0], begin))
            else:
                yield from _gap(index, quote, (at, run[0].quote), (said, begin))
            at = run[-1].quote + run[-1].quote_size
            said = run[-1].said + run[-1].said_size
            yield _change(index, quote, Op.EQUAL, (run[0].quote, at), (begin, said))
        if said is not None and widened[1] > said:
            yield from _gap(index, quote, (at, at + widened[1] - said), (said, widened[1]))
            at += widened[1] - said
    yield from _gap(index, quote, (at, len(quote.tokens)), (0, 0))


def _gap(
    index: TranscriptIndex, quote: QuoteWords, words: tuple[int, int], said: tuple[int, int]
) -> Iterator[Change]:
    """What lies between two runs: words changed one for another, or left out, or added."""
    added, omitted = words[1] - words[0], said[1] - said[0]
    if added > 0 and omitted > 0 and max(added, omitted) <= 2 * min(added, omitted) + 1:
        yield _change(index, quote, Op.CHANGED, words, said)
        return
    if omitted > 0:
        yield _change(index, quote, Op.OMITTED, (words[0], words[0]), said)
    if added > 0:
        yield _change(index, quote, Op.ADDED, words, (0, 0))


def _change(
    index: TranscriptIndex, quote: QuoteWords, op: Op, words: tuple[int, int], said: tuple[int, int]
) -> Change:
    chars = _chars(quote, *words)
    spans = index.spans(*said)
    return Change(op, chars, quote.text[chars[0] : chars[1]], _text(index, spans), spans)
