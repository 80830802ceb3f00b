"""Captions: the few words that are being said."""

from __future__ import annotations

from viewer.domain.captioning import CAPTION_LETTERS, caption_at, captions_between, spread
from viewer.domain.transcript import Cue, Transcript

LONG = " ".join(f"word{number}" for number in range(60))


def test_a_short_cue_is_shown_whole_while_it_is_said() -> None:
    talk = Transcript((Cue(1000, 3000, None, "hello there"), Cue(3000, 5000, "Ann", "and goodbye")))
    assert caption_at(talk, 500) == ""
    assert caption_at(talk, 1000) == "hello there"
    assert caption_at(talk, 2999) == "hello there"
    assert caption_at(talk, 3000) == "and goodbye"


def test_a_long_cue_is_shown_in_turn_and_every_word_once() -> None:
    talk = Transcript((Cue(0, 60_000, None, LONG),))
    shown = list(dict.fromkeys(caption_at(talk, ms) for ms in range(0, 60_000, 100)))
    assert " ".join(shown) == LONG
    assert all(len(line) <= CAPTION_LETTERS + 8 for line in shown)
    assert caption_at(talk, 30_500).split()[0] <= "word31"
    assert "word30" in caption_at(talk, 30_500)


def test_known_times_of_words_are_used() -> None:
    times = tuple(50_000 + number for number in range(60))
    talk = Transcript((Cue(0, 60_000, None, LONG, words=times),))
    assert caption_at(talk, 40_000).startswith("word0 ")
    assert caption_at(talk, 50_059).endswith("word59")


def test_a_cue_without_an_end_or_words() -> None:
    talk = Transcript((Cue(0, None, None, LONG), Cue(90_000, 91_000, None, "")))
    assert caption_at(talk, 80_000).endswith("word59")
    assert caption_at(talk, 90_500) == ""
    assert caption_at(Transcript(), 5) == ""


def test_the_captions_of_a_stretch_say_every_word_once_and_stay_within_it() -> None:
    talk = Transcript((Cue(0, 60_000, None, LONG), Cue(62_000, 63_000, None, "the end")))
    lines = captions_between(talk, 0, 62_500)
    assert " ".join(line.text for line in lines) == LONG + " the end"
    assert [line.start_ms for line in lines[1:-1]] == [line.end_ms for line in lines[:-2]]
    assert (lines[-2].end_ms, lines[-1].start_ms, lines[-1].end_ms) == (60_000, 62_000, 62_500)
    assert captions_between(Transcript(), 0, 1000) == ()


def test_words_without_times_are_spread() -> None:
    lines = spread(LONG, 5000, 15_000)
    assert (lines[0].start_ms, lines[-1].end_ms) == (5000, 15_000)
    assert " ".join(line.text for line in lines) == LONG
