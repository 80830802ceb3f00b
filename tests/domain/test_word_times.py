from __future__ import annotations

import pytest

from viewer.domain.transcript import Cue, Transcript
from viewer.domain.transcript_index import TranscriptIndex


def index(*cues: Cue, duration_ms: int | None = None) -> TranscriptIndex:
    return TranscriptIndex(Transcript(cues), duration_ms)


def test_the_words_own_times_are_used() -> None:
    made = index(Cue(0, 2000, None, "we - float, slowly", words=(100, 300, 500, 900)))
    assert made.tokens.keys == ["we", "float", "slowly"]
    assert made.times.starts == [100, 500, 900]
    assert made.times.ends == [300, 900, 1840]
    assert made.bounds(0, 3) == (100, 1840, True)


def test_the_silence_behind_a_word_is_not_the_word() -> None:
    made = index(Cue(0, 20_000, None, "stop now", words=(0, 10_000)))
    assert made.times.ends == [850, 10_670]


def test_a_caption_that_stays_on_the_screen_ends_with_its_last_word() -> None:
    made = index(Cue(0, 5000, None, "one two", words=(0, 400)), Cue(800, 2000, None, "three", words=(800,)))
    assert made.times.ends[1] == 800


def test_without_own_times_words_share_their_cue() -> None:
    made = index(Cue(1000, 3000, None, "abcd efgh"), Cue(3000, None, None, "last words here"))
    assert made.times.starts[:2] == [1000, 2111]
    assert made.bounds(1, 2) == (1000, 3000, False)
    assert made.bounds(1, 3) == (1000, 4200, False)


@pytest.mark.parametrize("words", [(5,), (5, 6, 7)])
def test_times_that_do_not_fit_the_words_are_not_used(words: tuple[int, ...]) -> None:
    made = index(Cue(0, 2000, None, "one two", words=words))
    assert made.times.exact == [False, False]


def test_an_untimed_cue_among_timed_ones() -> None:
    made = index(Cue(0, 1000, None, "alpha"), Cue(None, None, None, "beta"), Cue(2000, 3000, None, "gamma"))
    assert made.times.starts == [0, None, 2000]
    assert made.bounds(1, 2) == (None, None, False)


@pytest.mark.parametrize(("per_minute", "partial"), [(150, False), (61, False), (59, True), (20, True)])
def test_a_thin_transcript_is_partial(per_minute: int, partial: bool) -> None:
    cues = tuple(Cue(at * 60_000, None, None, "word " * per_minute) for at in range(20))
    assert index(*cues, duration_ms=1_200_000).coverage.partial is partial


def test_a_talk_in_chinese_is_not_thin_for_want_of_spaces() -> None:
    cues = tuple(Cue(at * 60_000, None, None, "我们已经越过了事件视界" * 20) for at in range(5))
    assert not index(*cues, duration_ms=300_000).coverage.partial


def test_holes_are_known() -> None:
    cues = [Cue(at * 60_000, None, None, "word " * 120) for at in range(40) if at not in (10, 11)]
    found = index(*cues, duration_ms=2_400_000).coverage
    assert not found.partial
    assert found.holes == ((618_000, 720_000),)
    assert found.silent_at(630_000)
    assert not found.silent_at(300_000)
    assert not found.silent_at(None)
