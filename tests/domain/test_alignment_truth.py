"""The truth set: an hour's talk, 500 quotes of which everything is known, 100 that were never said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.domain.synthetic_talk import Talk, Truth, make_quotes, make_talk
from viewer.domain.alignment import TranscriptIndex, locate
from viewer.domain.judgement import Judgement, Verdict

Judged = list[tuple[Truth, Judgement]]

EDITED = ("edited", "dropped", "ellipsis")
STITCHED = ("far", "reordered")


@pytest.fixture(scope="module")
def talk(seeds: Path) -> Talk:
    return make_talk(1, seeds)


@pytest.fixture(scope="module")
def judged(talk: Talk, seeds: Path) -> Judged:
    index = TranscriptIndex(talk.transcript(), talk.duration_ms)
    quotes = make_quotes(1, talk, make_talk(1001, seeds, samples=False))
    assert len(quotes) == 600
    return [(truth, locate(index, truth.text)) for truth in quotes]


def of_kind(judged: Judged, *kinds: str) -> Judged:
    return [(truth, judgement) for truth, judgement in judged if truth.kind in kinds]


def share(results: list[bool]) -> float:
    assert results
    return sum(results) / len(results)


def within_one_word(talk: Talk, truth: Truth, judgement: Judgement) -> bool:
    if truth.first is None or truth.last is None or judgement.start_ms is None or judgement.end_ms is None:
        return False
    words = talk.words
    starts = [word.start_ms for word in words[max(0, truth.first - 1) : truth.first + 2]]
    # A long pause behind a word does not belong to it: the last word may be cut short.
    ends = words[truth.last - 2].end_ms - 300, words[min(truth.last, len(words) - 1)].end_ms
    return starts[0] <= judgement.start_ms <= starts[-1] and ends[0] <= judgement.end_ms <= ends[1]


def within_one_second(talk: Talk, truth: Truth, judgement: Judgement) -> bool:
    if truth.first is None or truth.last is None or not judgement.places:
        return False
    start, end = talk.words[truth.first].start_ms, talk.words[truth.last - 1].end_ms
    return any(
        abs((place.start_ms or 0) - start) <= 1000 and abs((place.end_ms or 0) - end) <= 1000
        for place in judgement.places
    )


def test_verbatim_quotes_are_placed_to_the_word(talk: Talk, judged: Judged) -> None:
    results = of_kind(judged, "verbatim")
    assert share([judgement.verdict is Verdict.VERBATIM for _, judgement in results]) >= 0.99
    assert share([within_one_word(talk, truth, judgement) for truth, judgement in results]) >= 0.99
    assert all(judgement.exact for _, judgement in results)


def test_edited_quotes_are_placed_to_the_second(talk: Talk, judged: Judged) -> None:
    results = of_kind(judged, *EDITED)
    assert share([within_one_second(talk, truth, judgement) for truth, judgement in results]) >= 0.97


def test_dropped_sentences_and_ellipses_are_edits(judged: Judged) -> None:
    results = of_kind(judged, "dropped", "ellipsis")
    assert share([judgement.verdict is Verdict.EDITED for _, judgement in results]) >= 0.97


def test_parts_from_different_places_are_stitched(talk: Talk, judged: Judged) -> None:
    results = of_kind(judged, *STITCHED)
    assert share([judgement.verdict is Verdict.STITCHED for _, judgement in results]) >= 0.95
    assert share([within_one_second(talk, truth, judgement) for truth, judgement in results]) >= 0.9


def test_what_was_never_said_is_not_found(judged: Judged) -> None:
    absent = [judgement for truth, judgement in judged if truth.first is None]
    assert len(absent) == 100
    assert share([judgement.verdict is not Verdict.NOT_FOUND for judgement in absent]) <= 0.01


def test_what_was_said_is_found(judged: Judged) -> None:
    said = [judgement for truth, judgement in judged if truth.first is not None]
    assert len(said) == 500
    assert share([not judgement.found for judgement in said]) <= 0.01
