"""The words and pieces of a judged quote."""

from __future__ import annotations

import pytest

from viewer.domain.judgement import Op, Verdict
from viewer.domain.note import Note, NoteFormat, Quote
from viewer.domain.quote_checks import QuoteCheck, best_transcripts, check_quotes
from viewer.domain.transcript import Cue, Transcript, with_ends
from viewer.domain.video import VideoRef
from viewer.ui.quote_words import (
    COLORS,
    ICONS,
    Run,
    differences_words,
    origin_words,
    quote_runs,
    said_runs,
    verdict_sentence,
    verdict_words,
    with_found_times,
)
from viewer.ui.text_marks import marks_of, shown_offset

VIDEO = VideoRef.youtube("dQw4w9WgXcQ")
TALK = (
    "The sun is warm today, and honestly the people on the shore were singing old songs.",
    "Later we walked home across the fields (it was dark) and nobody said a word to anybody.",
    "In the morning the boats went out again with seven men and one very small dog.",
)


def note_with(quote: str) -> Note:
    cues = [Cue(20_000 * number, None, None, text) for number, text in enumerate(TALK)]
    return Note(
        NoteFormat.VIDEO_NOTE,
        videos=(VIDEO,),
        quotes=(Quote(quote, video_id=VIDEO.id),),
        transcript=Transcript(with_ends(cues, 60_000), "note", VIDEO.id),
    )


def judged(quote: str) -> tuple[Note, QuoteCheck, Transcript]:
    note = note_with(quote)
    spoken = best_transcripts(note)
    return note, check_quotes(note, spoken)[0], spoken[VIDEO.id].reading


def notation(runs: list[Run]) -> str:
    """``equal -left out- +added+ ~changed~`` with ``^`` for a gap."""
    sign = {Op.EQUAL: "", Op.OMITTED: "-", Op.ADDED: "+", Op.CHANGED: "~"}
    return "".join("^" if run.gap else f"{sign[run.op]}{run.text}{sign[run.op]}" for run in runs)


def test_what_is_left_out_is_marked_on_the_side_where_it_was_said() -> None:
    _, check, transcript = judged("The sun is warm today. The people on the shore were singing old songs.")
    assert check.verdict is Verdict.EDITED
    assert (
        notation(quote_runs(check))
        == "The sun is warm today.^ The people on the shore were singing old songs."
    )
    assert notation(said_runs(check, transcript)) == (
        "The sun is warm today, -and honestly- the people on the shore were singing old songs."
    )
    assert differences_words(check) == "2 words left out"


def test_what_is_added_is_marked_on_the_side_of_the_note() -> None:
    _, check, transcript = judged(
        "Later we walked home across the wide green fields and nobody said a word to anybody."
    )
    assert "+wide green+" in notation(quote_runs(check))
    assert "^" in notation(said_runs(check, transcript))


def test_every_letter_of_the_quote_stands_in_its_pieces() -> None:
    for quote in (
        TALK[0],
        "“Later, we walked home … and nobody said a word!”",
        f"{TALK[2]} {TALK[0]}",
        "(Never said.)",
    ):
        _, check, _ = judged(quote)
        runs = quote_runs(check) if check.differences else [Run(Op.EQUAL, check.text)]
        assert "".join(run.text for run in runs) == check.text


def test_without_the_transcript_the_words_themselves_serve() -> None:
    _, check, _ = judged(TALK[1])
    assert "we walked home across the fields" in notation(said_runs(check, None))


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_a_shape_of_its_own_a_word_and_a_sentence(verdict: Verdict) -> None:
    assert len(set(ICONS.values())) == len(Verdict)
    assert COLORS[verdict]
    assert verdict_words(verdict) == verdict.value.replace("-", " ")
    assert verdict_sentence(judged(TALK[0])[1]).endswith(".")


@pytest.mark.parametrize(("origin", "words"), [
    ("captions:en:automatic", "Automatic captions, en"),
    ("captions:pt-BR", "The author's captions, pt-BR"),
    ("sidecar:talk.vtt", "The file talk.vtt beside the note"),
    ("note", "The note's own transcript"),
])  # fmt: skip
def test_origins_are_named(origin: str, words: str) -> None:
    assert origin_words(origin) == words


def test_a_quote_without_a_time_gets_the_one_that_was_found() -> None:
    note, check, _ = judged(TALK[1])
    assert note.quotes[0].start_ms is None
    timed = with_found_times(note, [check])
    assert timed.quotes[0].start_ms == 20_000
    assert with_found_times(timed, []) == timed


@pytest.mark.parametrize(("text", "offset", "shown"), [
    ("one two", 4, 4), ("one   two", 6, 4), ("  one two", 2, 0), ("one\n two", 5, 4), ("one", 3, 3), ("a  b  c", 6, 4),
])  # fmt: skip
def test_places_in_a_cue_follow_the_white_space_that_is_shown(text: str, offset: int, shown: int) -> None:
    assert shown_offset(text, offset) == shown
    assert " ".join(text.split())[shown:] == text[offset:].replace("  ", " ").strip()


def test_marks_stand_in_the_order_of_the_text_and_say_whose_they_are() -> None:
    note, check, transcript = judged(f"{TALK[2]} {TALK[0]}")
    marks = marks_of(note, [check], transcript)
    assert [mark.row for mark in marks] == sorted(mark.row for mark in marks)
    assert {mark.row for mark in marks} == {0, 2}
    assert all(mark.words.startswith("Quote: ") for mark in marks)
    for mark in marks:
        assert transcript.cues[mark.row].text[mark.start : mark.end]
