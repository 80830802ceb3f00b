"""Every quote of a note against everything that is known of what was said."""

from __future__ import annotations

import pytest

from viewer.domain.judgement import Op, Verdict
from viewer.domain.note import Highlight, Metadata, Note, NoteFormat, Quote
from viewer.domain.quote_checks import QuoteCheck, best_transcripts, check_quotes
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import VideoRef

VIDEO = VideoRef.youtube("ZAJ4D8RAyfY")
OTHER = VideoRef.youtube("JfE1Wun9xkk")

TALK = (
    "well good morning everybody and thank you for coming out in this rain today we will speak about bridges "
    "a bridge is a promise that somebody made to a river and the river never signed anything "
    "when i was young my teacher told me that stone remembers every winter and i did not believe her "
    "later i stood below an arch in the north and saw the cracks and i understood what she had meant "
    "so the first rule is to listen and the second rule is to listen again before you draw a single line"
)


def captions(text: str = TALK, video: VideoRef = VIDEO, start: int = 0, step: int = 500) -> Transcript:
    """Automatic captions: eight words a line, a word every ``step`` ms, each with its time."""
    words = text.split()
    cues = []
    for at in range(0, len(words), 8):
        line = words[at : at + 8]
        times = tuple(start + step * (at + i) for i in range(len(line)))
        cues.append(Cue(times[0], times[-1] + step, None, " ".join(line), words=times))
    return Transcript(tuple(cues), "captions:en:automatic", video.id)


def own(cues: str, video: VideoRef | None = VIDEO) -> Transcript:
    """``0 words | 20 words``: a note's own transcript, times in seconds."""
    found = []
    for part in cues.split("|"):
        second, _, text = part.strip().partition(" ")
        found.append(Cue(int(second) * 1000 if second != "-" else None, None, None, text))
    return Transcript(tuple(found), "note", video.id if video else None)


def note(*quotes: Quote | str, **more: object) -> Note:
    made = tuple(quote if isinstance(quote, Quote) else Quote(quote, video_id=VIDEO.id) for quote in quotes)
    values: dict[str, object] = {"videos": (VIDEO,), "quotes": made, **more}
    return Note(NoteFormat.VIDEO_NOTE, **values)  # type: ignore[arg-type]


def checked(made: Note, side: tuple[Transcript, ...] = (), **kept: Transcript) -> tuple[QuoteCheck, ...]:
    by_id = {transcript.video_id or "": transcript for transcript in kept.values()}
    return check_quotes(made, best_transcripts(made, side, by_id))


def word_at(text: str, said: str = TALK, step: int = 500) -> int:
    """When this word of the talk is said (ms); ``text`` must occur once."""
    return step * len(said[: said.index(text)].split())


def test_a_quote_without_a_time_gets_one() -> None:
    (found,) = checked(note("A bridge is a promise that somebody made to a river"), kept=captions())
    assert found.verdict is Verdict.VERBATIM
    assert (found.start_ms, found.video_id) == (word_at("a bridge"), VIDEO.id)
    assert found.end_ms is not None
    assert abs(found.end_ms - word_at("and the river")) < 500
    assert found.judgement.exact
    assert not found.elsewhere
    assert not found.to_check
    assert found.origin == "captions:en:automatic"


def test_the_clip_begins_with_the_first_word_and_ends_with_the_last() -> None:
    (found,) = checked(note("stone remembers every winter"), kept=captions())
    start, end = found.start_ms, found.end_ms
    assert start is not None
    assert end is not None
    plain = found.words_segment()
    assert plain is not None
    assert (plain.start_ms, plain.end_ms, plain.video) == (start, end, VIDEO)
    wide = found.words_segment(1000, 2000)
    assert wide is not None
    assert (wide.start_ms, wide.end_ms) == (start - 1000, end + 2000)
    ended = found.words_segment(0, 60_000, duration_ms=end + 300)
    assert ended is not None
    assert ended.end_ms == end + 300
    first = checked(note("well good morning everybody"), kept=captions())[0].words_segment(5000)
    assert first is not None
    assert first.start_ms == 0


def test_nothing_known_is_not_not_found() -> None:
    (found,) = checked(note("words that nobody said on any day at all"))
    assert found.verdict is Verdict.CANNOT_BE_CHECKED
    assert found.words_segment() is None
    assert not found.to_check


def test_words_that_were_never_said() -> None:
    (found,) = checked(note("The committee approved nine budgets before lunch was served"), kept=captions())
    assert found.verdict is Verdict.NOT_FOUND
    assert found.to_check


@pytest.mark.parametrize(
    ("start_s", "end_s", "elsewhere"),
    [
        (None, None, False),
        (14, None, False),
        (5, None, False),
        (0, 60, False),
        (300, 330, True),
        (300, None, True),
    ],
)
def test_said_elsewhere(start_s: int | None, end_s: int | None, elsewhere: bool) -> None:
    quote = Quote(
        "a promise that somebody made to a river",
        video_id=VIDEO.id,
        start_ms=start_s * 1000 if start_s is not None else None,
        end_ms=end_s * 1000 if end_s is not None else None,
    )
    (found,) = checked(note(quote), kept=captions())
    assert found.start_ms == word_at("a promise")  # 11.5 s
    assert (found.elsewhere, found.to_check) == (elsewhere, elsewhere)


def test_a_cue_that_holds_the_notes_time_is_where_the_note_says() -> None:
    long = Metadata(duration_ms=100_000)
    quote = Quote("a promise that somebody made to a river", video_id=VIDEO.id, start_ms=45_000)
    (found,) = checked(note(quote, transcript=own(f"0 {TALK} | 90 thank you"), metadata=long))
    assert (found.verdict, found.start_ms, found.end_ms) == (Verdict.VERBATIM, 0, 90_000)
    assert not found.judgement.exact
    assert not found.elsewhere


def test_the_captions_make_the_notes_own_transcript_exact() -> None:
    mine = own(f"0 {TALK[:200]} | 20 {TALK[200:]}")
    made = note("a promise that somebody made to a river", transcript=mine)
    spoken = best_transcripts(made, (), {VIDEO.id: captions()})[VIDEO.id]
    assert spoken.reading.origin == "note"
    assert [cue.text for cue in spoken.reading.cues] == [cue.text for cue in mine.cues]
    (found,) = check_quotes(made, {VIDEO.id: spoken})
    assert (found.origin, found.start_ms, found.judgement.exact) == ("note", word_at("a promise"), True)
    (mark,) = found.marks
    assert (
        spoken.reading.cues[mark.row].text[mark.start : mark.end] == "a promise that somebody made to a river"
    )


def test_an_untimed_transcript_is_timed_by_the_captions() -> None:
    made = note("stone remembers every winter", transcript=own(f"- {TALK[:300]} | - {TALK[300:]}"))
    assert checked(made)[0].verdict is Verdict.VERBATIM
    assert checked(made)[0].start_ms is None
    (found,) = checked(made, kept=captions())
    assert found.start_ms == word_at("stone")


def test_an_abridged_transcript_never_says_not_found_but_full_captions_do() -> None:
    abridged = own("0 a bridge is a promise | 60 listen and listen again")
    absent, left_out = "nine budgets before lunch were approved by them", "saw the cracks and i understood"
    made = note(absent, left_out, transcript=abridged, metadata=Metadata(duration_ms=95_000))
    assert [check.verdict for check in checked(made)] == [Verdict.CANNOT_BE_CHECKED] * 2
    verdicts = [check.verdict for check in checked(made, kept=captions(step=950))]
    assert verdicts == [Verdict.NOT_FOUND, Verdict.VERBATIM]


def test_captions_in_another_language_prove_nothing() -> None:
    german = (
        "guten morgen allerseits und danke dass sie bei diesem regen gekommen sind heute sprechen wir " * 8
    )
    (found,) = checked(note("A bridge is a promise that somebody made to a river"), kept=captions(german))
    assert found.verdict is Verdict.CANNOT_BE_CHECKED


def test_a_short_quote_of_rare_words_is_not_taken_for_another_language() -> None:
    prose = "He told them that the river was there before the bridge, and that the stone will be there when it is gone."
    (found,) = checked(note("Hyperscalers postpone everything", summary=prose), kept=captions())
    assert found.verdict is Verdict.NOT_FOUND


def test_a_file_beside_the_note_serves_as_captions_do() -> None:
    side = Transcript(captions().cues, "sidecar:talk.en.json3", None)
    (found,) = checked(note("stone remembers every winter"), (side,))
    assert (found.start_ms, found.origin) == (word_at("stone"), "sidecar:talk.en.json3")


def test_captions_are_joined_to_be_read() -> None:
    made = note("stone remembers every winter")
    spoken = best_transcripts(made, (), {VIDEO.id: captions()})[VIDEO.id]
    assert len(spoken.reading.cues) < len(captions().cues) / 3
    (found,) = check_quotes(made, {VIDEO.id: spoken})
    (mark,) = found.marks
    assert spoken.reading.cues[mark.row].text[mark.start : mark.end] == "stone remembers every winter"


def test_highlights_come_first_and_without_a_quote_not_at_all() -> None:
    marks = (Highlight("Empty"), Highlight("Stone", "stone remembers every winter", video_id=VIDEO.id))
    found = checked(note("a bridge is a promise", highlights=marks), kept=captions())
    assert [(check.kind.value, check.row) for check in found] == [("highlight", 1), ("quote", 0)]


def test_a_quote_that_names_no_video_is_looked_for_in_all() -> None:
    made = note(Quote("the kettle sang all through the long meeting"), videos=(VIDEO, OTHER))
    kettle = captions("and then the kettle sang all through the long meeting until we left " * 3, OTHER)
    (found,) = checked(made, a=captions(), b=kettle)
    assert (found.verdict, found.video) == (Verdict.VERBATIM, OTHER)
    (unknown,) = checked(made, a=captions())
    assert (unknown.verdict, unknown.video_id) == (Verdict.CANNOT_BE_CHECKED, None)


def test_a_transcript_of_no_known_video() -> None:
    made = note("stone remembers every winter", videos=(), transcript=own(f"0 {TALK} | 90 bye", None))
    made = Note(
        made.format,
        made.metadata,
        quotes=(Quote("stone remembers every winter"),),
        transcript=made.transcript,
    )
    (found,) = checked(made)
    assert (found.verdict, found.video_id, found.words_segment()) == (Verdict.VERBATIM, None, None)


def test_differences_word_by_word() -> None:
    (found,) = checked(
        note("But a bridge is a promise [...] the river never agreed to anything"), kept=captions()
    )
    assert found.verdict is Verdict.EDITED
    told = [(step.op, step.quote, step.said) for step in found.differences]
    assert told[0] == (Op.ADDED, "But", "")
    assert (Op.EQUAL, "a bridge is a promise", "a bridge is a promise") in told
    assert any(op is Op.OMITTED for op, _, _ in told)
    assert any(op is Op.CHANGED for op, _, _ in told)


CHINESE = "各位早上好感谢大家冒雨前来今天我们要谈一谈桥梁一座桥是有人对河流许下的诺言而河流从来没有签过字"
HEBREW = (
    "בוקר טוב לכולם ותודה שבאתם בגשם הזה היום נדבר על גשרים גשר הוא הבטחה שמישהו נתן לנהר והנהר מעולם לא חתם"
)


def test_a_language_without_spaces() -> None:
    lines = [CHINESE[at : at + 10] for at in range(0, len(CHINESE), 10)]
    cues = tuple(Cue(3000 * at, 3000 * at + 3000, None, line) for at, line in enumerate(lines))
    kept = Transcript(cues, "captions:zh", VIDEO.id)
    (found,) = checked(note("一座桥是有人对河流许下的诺言"), kept=kept)
    row = next(at for at, line in enumerate(lines) if "一座桥" in line)
    assert (found.verdict, found.start_ms) == (Verdict.VERBATIM, 3000 * row)


def test_a_language_from_right_to_left() -> None:
    (found,) = checked(note("גשר הוא הבטחה שמישהו נתן לנהר"), kept=captions(HEBREW))
    assert (found.verdict, found.start_ms) == (Verdict.VERBATIM, word_at("גשר הוא", HEBREW))


def test_what_is_only_shown_keeps_the_transcripts_without_what_checking_needs() -> None:
    made = note("x")
    spoken = best_transcripts(made, (), {VIDEO.id: captions()})[VIDEO.id]
    shown = spoken.unindexed()
    assert spoken.indexes
    assert not shown.indexes
    assert shown.compared == spoken.compared == tuple(index.transcript for index in spoken.indexes)
    assert shown.reading is spoken.reading
