from __future__ import annotations

import random
from pathlib import Path

from tests.domain.synthetic_talk import make_talk
from viewer.domain.alignment import TranscriptIndex, locate
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.word_transfer import with_word_times

TEXT = "we float slowly across the wide river tonight and the children follow us home"
WORDS = TEXT.split()
CAPTIONS = TranscriptIndex(
    Transcript(
        (Cue(0, 400 * len(WORDS), None, " ".join(WORDS), words=tuple(range(0, 400 * len(WORDS), 400))),)
    )
)


def times(text: str, start: int | None = 0) -> tuple[int, ...]:
    return with_word_times(Transcript((Cue(start, None, None, text),)), CAPTIONS).cues[0].words


def test_a_cue_takes_the_times_of_its_words() -> None:
    assert times("across — the wide, river!") == (1200, 1400, 1600, 2000, 2400)


def test_a_word_the_captions_have_not_lies_between() -> None:
    assert times("slowly across the deep and wide river") == (800, 1200, 1600, 1733, 1866, 2000, 2400)
    assert times("Oh we float slowly across") == (0, 0, 400, 800, 1200)


def test_a_cue_that_says_something_else_is_left_alone() -> None:
    assert times("we sank in the deep sea today") == ()
    assert times("") == ()
    assert times("the wide river tonight", start=200_000) == ()


def test_a_note_s_transcript_becomes_exact(seeds: Path) -> None:
    talk = make_talk(5, seeds)
    rng = random.Random(5)
    captions = TranscriptIndex(talk.transcript(), talk.duration_ms)
    cues, truth = [], []
    for first in range(0, len(talk.words), 55):
        words = talk.words[first : first + 55]
        text = " ".join("hm" if rng.random() < 0.03 else word.text for word in words)
        cues.append(Cue(words[0].start_ms // 1000 * 1000, None, "Ann", text))
        truth.append([word.start_ms for word in words])
    exact = with_word_times(Transcript(tuple(cues)), captions)
    assert [(cue.start_ms, cue.speaker, cue.text) for cue in exact.cues] == [
        (cue.start_ms, cue.speaker, cue.text) for cue in cues
    ]
    off = [
        abs(found - real)
        for cue, reals in zip(exact.cues, truth, strict=True)
        for found, real in zip(cue.words, reals, strict=True)
    ]
    assert len(off) == len(talk.words)
    assert sum(error <= 500 for error in off) >= 0.99 * len(off)
    quote = " ".join(word.text for word in talk.words[3000:3030])
    judgement = locate(TranscriptIndex(exact, talk.duration_ms), quote)
    assert judgement.start_ms is not None
    assert abs(judgement.start_ms - talk.words[3000].start_ms) <= 500
