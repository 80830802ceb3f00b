from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.domain.alignment import TranscriptIndex, locate
from viewer.domain.judgement import CueSpan, Judgement, Op, Verdict
from viewer.domain.timestamp import parse_timestamp
from viewer.domain.transcript import Cue, Transcript, with_ends
from viewer.domain.words import quote_words

FILLER = (
    "Yesterday my neighbour bought seven green bicycles. Nobody knows why, since he never learned how to ride. "
    "His daughter painted every one of them and sold the whole lot at the harbour. "
)


def transcript(text: str, end: str | None = None) -> Transcript:
    """``0:00 hello | 0:05 world``: each cue ends where the next begins."""
    cues = []
    for part in text.split("|"):
        time, _, words = part.strip().partition(" ")
        cues.append(Cue(parse_timestamp(time), None, None, words))
    return Transcript(with_ends(cues, parse_timestamp(end) if end else None))


def timed(text: str, step: int = 400) -> Transcript:
    """One cue whose words follow each other every ``step`` ms."""
    count = len(text.split())
    return Transcript((Cue(0, count * step, None, text, words=tuple(range(0, count * step, step))),))


def judge(said: Transcript, quote: str, near: str | None = None) -> Judgement:
    return locate(TranscriptIndex(said), quote, parse_timestamp(near) if near else None)


def steps(judgement: Judgement) -> list[str]:
    signs = {Op.EQUAL: "=", Op.OMITTED: "-", Op.ADDED: "+", Op.CHANGED: "~"}
    return [f"{signs[change.op]} {change.quote or change.said}" for change in judgement.changes]


@pytest.fixture(scope="module")
def sample(seeds: Path) -> Transcript:
    text = (seeds / "000_444db1c560ca1a42.txt").read_text(encoding="utf-8").split("## Transcript")[1]
    cues = []
    for line in text.splitlines():
        if line.startswith("["):
            time, _, words = line[1:].partition("]")
            cues.append(Cue(parse_timestamp(time), None, None, words.partition(") ")[2]))
    return Transcript(with_ends(cues, 516_000))


def test_the_event_horizon_is_edited(sample: Transcript) -> None:
    quote = (
        "We are past the event horizon. The takeoff has started. Humanity is close to building digital super "
        "intelligence. But Sam Altman is not interested in only digital super intelligence. What he plans is much "
        "bigger."
    )
    judgement = judge(sample, quote)
    assert judgement.verdict is Verdict.EDITED
    assert (judgement.start_ms, judgement.end_ms, judgement.exact) == (16_000, 49_000, False)
    assert steps(judgement)[1:3] == [
        "- And it's going for a couple of pages but let's stop here and just say that",
        "+ But",
    ]
    assert [change.op for change in judgement.changes] == [Op.EQUAL, Op.OMITTED, Op.ADDED, Op.EQUAL]
    added = judgement.changes[2]
    assert quote[slice(*added.quote_chars)] == "But"
    assert added.spans == ()
    omitted = judgement.changes[1].spans
    assert [sample.cues[span.row].text[span.start : span.end] for span in omitted] == [
        judgement.changes[1].said
    ]


def test_the_samples_other_highlights(sample: Transcript) -> None:
    index = TranscriptIndex(sample, 516_000)
    dots = "the four most used nouns are people, AI, progress, and robots. So, let's just connect the dots."
    assert locate(index, dots).verdict is Verdict.VERBATIM
    cheaper = "They raised a round to shrink massive AI models. That means LLMs that fit on smaller devices."
    judgement = locate(index, cheaper)
    assert (judgement.verdict, judgement.start_ms) == (Verdict.EDITED, 318_000)
    assert (
        locate(index, "My grandmother's cat sleeps on the roof all winter long").verdict is Verdict.NOT_FOUND
    )


def test_a_verbatim_quote_has_the_times_of_its_words() -> None:
    judgement = judge(
        timed("well I think the future is already here and it is fine"), "“The future is already here!”"
    )
    assert judgement.verdict is Verdict.VERBATIM
    assert (judgement.start_ms, judgement.end_ms, judgement.exact) == (1200, 3200, True)
    assert judgement.spans == (CueSpan(0, 13, 39),)
    assert judgement.said == "the future is already here"
    assert judgement.score == 1.0


def test_without_word_times_the_cues_bound_it() -> None:
    said = transcript(
        "0:00 one thing is clear | 0:05 the future is | 0:09 already here and fine | 0:14 right", "0:20"
    )
    judgement = judge(said, "the future is already here")
    assert (judgement.start_ms, judgement.end_ms, judgement.exact) == (5000, 14_000, False)
    assert judgement.spans == (CueSpan(1, 0, 13), CueSpan(2, 0, 12))


def test_an_untimed_transcript_still_tells_verbatim_from_absent() -> None:
    said = Transcript((Cue(None, None, None, FILLER),))
    judgement = judge(said, "My neighbour bought seven green bicycles")
    assert (judgement.verdict, judgement.start_ms, judgement.end_ms) == (Verdict.VERBATIM, None, None)
    assert judge(said, "the train to Vienna leaves at noon tomorrow").verdict is Verdict.NOT_FOUND


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("we pay six dollars", "we pay $6"),
        ("for six point five billion dollars in cash", "for $6.5 billion in cash"),
        ("for 6.5 billion dollars in cash", "for $6.5 billion in cash"),
        ("up to ninety percent smaller", "up to 90% smaller"),
        ("in twenty twenty six we", "in 2026 we"),
        ("five thousand robots", "5,000 robots"),
        ("the twenty first century", "the 21st century"),
        ("building super intelligence now", "building superintelligence now"),
        ("building superintelligence now", "building super-intelligence now"),
        ("they don't know it's here", "they do not know it is here"),
        ("the U.S. and A.I. labs", "the US and AI labs"),
        ("a caf\u00e9 in Zu\u0308rich", "a cafe\u0301 in Z\u00fcrich"),
        ("we\u2019re ready", "we're ready"),
        ("and [Music] then it began", "and then it began"),
        ("we are ready", "[W]e are ready"),
    ],
)
def test_two_ways_to_write_the_same(said: str, quote: str) -> None:
    judgement = judge(timed(f"{FILLER} {said} {FILLER}"), quote)
    assert judgement.verdict is Verdict.VERBATIM
    first = len(FILLER.split())
    assert judgement.start_ms == first * 400
    assert judgement.end_ms is not None
    assert abs(judgement.end_ms - (first + len(said.split())) * 400) <= 50


def test_different_numbers_are_different() -> None:
    judgement = judge(
        timed(f"{FILLER} the company was sold for six billion dollars in cash"),
        "the company was sold for $5 billion in cash",
    )
    assert judgement.verdict is Verdict.EDITED
    assert "~ 5 billion" in steps(judgement)


def test_changes_word_by_word() -> None:
    said = timed(f"{FILLER} I really believe the small lanterns will float across the river tonight {FILLER}")
    judgement = judge(said, "I believe the large lanterns will surely float across the river tonight")
    assert judgement.verdict is Verdict.EDITED
    assert steps(judgement) == [
        "= I",
        "- really",
        "= believe the",
        "~ large",
        "= lanterns will",
        "+ surely",
        "= float across the river tonight",
    ]
    assert [piece.quote_words for piece in judgement.pieces] == [(0, 1), (1, 3), (4, 6), (7, 12)]


def test_an_ellipsis_joins_parts_said_nearby() -> None:
    said = timed(f"the lanterns float across the river. {FILLER} And the children follow them home. {FILLER}")
    for mark in (" ... ", "… ", " [...] ", " [ … ] "):
        judgement = judge(said, f"the lanterns float across the river{mark}the children follow them home")
        assert judgement.verdict is Verdict.EDITED
        assert judgement.start_ms == 0
        assert len(judgement.places) == 1


def test_an_ellipsis_that_was_said_so_is_verbatim() -> None:
    assert (
        judge(timed("the news that might... it is about power"), "that might... it is").verdict
        is Verdict.VERBATIM
    )


def test_words_in_brackets_are_the_quoting_hands() -> None:
    said = timed(f"{FILLER} and it will change the way we sail across the oceans {FILLER}")
    judgement = judge(said, "[The wind engine] will change the way we sail across the oceans")
    assert (judgement.verdict, judgement.score) == (Verdict.EDITED, 1.0)
    assert steps(judgement)[0] == "+ The wind engine"


def test_parts_from_different_places_are_stitched() -> None:
    far = " ".join(f"alpha{at} beta{at}" for at in range(150))
    said = timed(f"the lanterns float slowly across the river. {far} the children follow them home again.")
    judgement = judge(
        said, "The children follow them home again. The lanterns float slowly across the river."
    )
    assert judgement.verdict is Verdict.STITCHED
    assert [place.start_ms for place in judgement.places] == [307 * 400, 0]
    assert (
        judgement.said
        == "the children follow them home again. [...] the lanterns float slowly across the river."
    )
    assert (judgement.start_ms, judgement.end_ms) == (0, 7 * 400)


def test_of_equal_places_the_nearest_counts() -> None:
    said = transcript(
        f"0:00 people are people | 0:10 {FILLER} | 5:00 people are people | 5:10 {FILLER}", "10:00"
    )
    assert judge(said, "People are people").start_ms == 0
    assert judge(said, "People are people", near="4:40").start_ms == 300_000


def test_nearness_does_not_beat_truth() -> None:
    said = transcript(
        f"0:00 the lanterns float slowly across the river | 0:10 {FILLER * 5} "
        f"| 5:00 the lanterns sank slowly in the river | 5:10 {FILLER}",
        "6:00",
    )
    assert judge(said, "the lanterns float slowly across the wide river", near="5:00").start_ms == 0


def test_nothing_to_check_with() -> None:
    assert judge(Transcript(), "anything at all").verdict is Verdict.CANNOT_BE_CHECKED
    assert judge(timed(FILLER), "...").verdict is Verdict.CANNOT_BE_CHECKED
    assert judge(timed(FILLER), "Ничего подобного он не говорил").verdict is Verdict.CANNOT_BE_CHECKED


def test_an_abridged_transcript_denies_nothing() -> None:
    said = transcript(f"0:00 {FILLER} | 5:00 {FILLER}", "10:00")
    index = TranscriptIndex(said, 600_000)
    assert index.coverage.partial
    assert locate(index, "the train to Vienna leaves at noon").verdict is Verdict.CANNOT_BE_CHECKED
    assert locate(index, "he never learned how to ride").verdict is Verdict.VERBATIM


@pytest.mark.parametrize("marked", ["[...]", "[…]", "[ ... ]"])
def test_a_transcript_that_marks_omissions_is_partial(marked: str) -> None:
    said = transcript(f"0:00 {FILLER} | 0:10 {marked} | 0:11 {FILLER}", "0:20")
    assert judge(said, "the train to Vienna leaves at noon").verdict is Verdict.CANNOT_BE_CHECKED


def test_a_transcript_of_the_first_half_is_partial() -> None:
    said = transcript(" | ".join(f"{minute}:00 {FILLER * 5}" for minute in range(30)))
    absent = "the train to Vienna leaves at noon"
    assert locate(TranscriptIndex(said, 1_800_000), absent).verdict is Verdict.NOT_FOUND
    assert locate(TranscriptIndex(said, 3_600_000), absent).verdict is Verdict.CANNOT_BE_CHECKED


def test_a_hole_where_the_note_points_cannot_be_checked() -> None:
    minutes = [minute for minute in range(60) if not 20 <= minute < 24]
    said = transcript(" | ".join(f"{minute}:00 {FILLER * 5}" for minute in minutes))
    index = TranscriptIndex(said, 3_600_000)
    absent = "the train to Vienna leaves at noon"
    assert not index.coverage.partial
    assert locate(index, absent, 5 * 60_000).verdict is Verdict.NOT_FOUND
    assert locate(index, absent, 22 * 60_000).verdict is Verdict.CANNOT_BE_CHECKED


@pytest.mark.parametrize(
    ("said", "quote", "edited"),
    [
        (
            "我们已经越过了事件视界。起飞已经开始。人类即将造出数字超级智能。",
            "起飞已经开始。",
            "我们已经越过了视界，起飞真的已经开始",
        ),
        (
            "私たちは事象の地平面を越えました。離陸は始まっています。",
            "離陸は始まっています",
            "私たちは地平面を越えました離陸はもう始まっています",
        ),
        (
            "เราได้ผ่านขอบฟ้าเหตุการณ์ไปแล้ว การทะยานขึ้นได้เริ่มต้นแล้ว",
            "การทะยานขึ้นได้เริ่มต้นแล้ว",
            "เราผ่านขอบฟ้าเหตุการณ์ไปแล้ว การทะยานได้เริ่มต้นแล้ว",
        ),
        (
            "אנחנו עברנו את אופק האירועים. ההמראה החלה כבר היום בבוקר.",
            "הַהַמְרָאָה הֵחֵלָּה כבר היום",
            "אנחנו עברנו את אופק הגדול. ההמראה החלה היום בבוקר",
        ),
        (
            "لقد تجاوزنا أفق الحدث. لقد بدأ الإقلاع منذ ٦ أيام.",
            "بدأ الاقلاع منذ 6 أيام",
            "لقد تجاوزنا أفق الحدث وبدأ الإقلاع منذ أيام",
        ),
        (
            "हम घटना क्षितिज को पार कर चुके हैं। उड़ान शुरू हो चुकी है।",
            "उड़ान शुरू हो चुकी है",
            "हम घटना क्षितिज पार कर चुके हैं और उड़ान शुरू हो चुकी है",
        ),
    ],
    ids=["Chinese", "Japanese", "Thai", "Hebrew", "Arabic", "Hindi"],
)
def test_other_scripts(said: str, quote: str, edited: str) -> None:
    transcript = Transcript((Cue(0, 8000, None, said),))
    judgement = judge(transcript, quote)
    assert judgement.verdict is Verdict.VERBATIM
    (span,) = judgement.spans
    shared = said[span.start : span.end]
    assert quote_words(shared).tokens.keys == quote_words(quote).tokens.keys
    assert judge(transcript, edited).verdict is Verdict.EDITED


def test_letters_of_a_timed_word_share_its_time() -> None:
    cues = (
        Cue(0, 4000, None, "我们已经越过了 事件视界", words=(0, 2100)),
        Cue(4000, 6000, None, "起飞已经开始", words=(4000,)),
    )
    judgement = judge(Transcript(cues), "事件视界起飞")
    assert (judgement.start_ms, judgement.exact) == (2100, False)


def test_a_transcript_that_runs_backwards() -> None:
    said = transcript(f"1:00 the lanterns float across | 0:10 the river tonight | 1:10 {FILLER}", "1:30")
    judgement = judge(said, "float across the river tonight")
    assert judgement.verdict is Verdict.VERBATIM
    assert judgement.start_ms is not None
    assert judgement.end_ms is not None
    assert judgement.end_ms >= judgement.start_ms


def test_a_number_may_run_over_the_end_of_a_cue() -> None:
    cues = (
        Cue(0, 800, None, "we sold twenty", words=(0, 200, 400)),
        Cue(800, 1600, None, "five lanterns", words=(800, 1200)),
    )
    judgement = judge(Transcript(cues), "we sold 25 lanterns")
    assert judgement.verdict is Verdict.VERBATIM
    assert (judgement.start_ms, judgement.end_ms) == (0, 1600)
    assert judgement.spans == (CueSpan(0, 0, 14), CueSpan(1, 0, 13))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=6), st.text(max_size=120))
def test_any_text_is_judged(said: list[str], quote: str) -> None:
    cues = tuple(Cue(at * 1000, None, None, text) for at, text in enumerate(said))
    judgement = judge(Transcript(cues), quote)
    for change in judgement.changes:
        assert quote[slice(*change.quote_chars)] == change.quote
    for span in judgement.spans:
        assert 0 <= span.start < span.end <= len(said[span.row])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.integers(1, 12), st.data())
def test_every_stretch_of_a_text_is_verbatim_in_it(first: int, size: int, data: st.DataObject) -> None:
    words = FILLER.split()
    quote = " ".join(words[first : first + size])
    if not any(letter.isalnum() for letter in quote):
        return
    assert judge(timed(FILLER), quote).verdict is Verdict.VERBATIM
