from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.synthetic_talk import make_talk
from viewer.domain.alignment import TranscriptIndex, locate
from viewer.domain.judgement import CueSpan
from viewer.domain.paragraphs import readable
from viewer.domain.transcript import Cue, Transcript


def captions(text: str, step: int = 400, per_cue: int = 7) -> Transcript:
    """Word-timed captions, ``per_cue`` words each; ``<3>`` in the text is a pause of three seconds."""
    now, words, cues = 0, [], []
    for word in text.split():
        if word.startswith("<"):
            now += int(word.strip("<>")) * 1000
            continue
        words.append((word, now))
        now += step
    for first in range(0, len(words), per_cue):
        part = words[first : first + per_cue]
        times = tuple(time for _, time in part)
        # As automatic captions do, each stays for some seconds while the next is said.
        cues.append(Cue(times[0], times[-1] + 3000, None, " ".join(word for word, _ in part), words=times))
    return Transcript(tuple(cues), "captions:en")


def texts(transcript: Transcript) -> list[str]:
    return [cue.text for cue in readable(transcript).transcript.cues]


def test_short_captions_become_sentences_in_a_paragraph() -> None:
    sentence = "The lanterns float slowly across the river tonight and the children follow."
    result = readable(captions(" ".join([sentence] * 12))).transcript.cues
    assert [len(cue.text.split()) for cue in result] == [60, 60, 24]
    assert all(cue.text.endswith("follow.") for cue in result)
    assert [cue.start_ms for cue in result] == [0, 24_000, 48_000]
    assert result[0].end_ms == 24_000
    assert result[1].words == tuple(range(24_000, 48_000, 400))


def test_a_long_pause_after_a_sentence_begins_a_paragraph() -> None:
    one = "This first thought takes its time and has a good dozen words and more of them."
    assert texts(captions(f"{one} <3> {one}")) == [one, one]
    assert texts(captions(f"{one} {one}")) == [f"{one} {one}"]


def test_no_paragraph_ends_after_an_abbreviation() -> None:
    words = " ".join(["word"] * 70)
    assert len(texts(captions(f"{words} Mr. Smith {words[:24]}"))) == 1


def test_without_punctuation_pauses_divide() -> None:
    words = "so we went down to the harbour and looked at all the boats"
    result = texts(captions(" ".join([words] * 5) + " <1> " + " ".join([words] * 5)))
    assert result == [" ".join([words] * 5)] * 2


def test_without_any_pause_it_still_ends() -> None:
    lengths = [len(text.split()) for text in texts(captions("word " * 1000))]
    assert sum(lengths) == 1000
    assert max(lengths) <= 110
    assert min(lengths) >= 15


def test_speaker_marks() -> None:
    said = captions(">> hello there >> JANE DOE: thank you >>fine &gt;&gt; bye", per_cue=3)
    cues = readable(said).transcript.cues
    assert [(cue.speaker, cue.text) for cue in cues] == [
        (None, "hello there"),
        ("Jane Doe", "thank you"),
        (None, "fine"),
        (None, "bye"),
    ]
    assert [cue.start_ms for cue in cues] == [400, 2400, 3200, 4000]


def test_a_dash_opens_a_reply_but_only_at_the_beginning() -> None:
    said = Transcript(
        (Cue(0, 2000, None, "- Is it here?"), Cue(2000, 4000, None, "- It is - I think - here."))
    )
    assert texts(said) == ["Is it here?", "It is - I think - here."]


def test_music_stands_by_itself_and_once() -> None:
    assert texts(captions("[Music] [Music] welcome back [Applause] to us [Music]")) == [
        "[Music]",
        "welcome back [Applause] to us",
        "[Music]",
    ]


def test_named_speakers_and_advertisement_part_paragraphs() -> None:
    said = Transcript(
        (
            Cue(0, 1, "Ann", "one"),
            Cue(1, 2, "Ann", "two"),
            Cue(2, 3, "Bob", "three"),
            Cue(3, 4, "Bob", "buy", ad=True),
        )
    )
    cues = readable(said).transcript.cues
    assert [(cue.speaker, cue.text, cue.ad) for cue in cues] == [
        ("Ann", "one two", False),
        ("Bob", "three", False),
        ("Bob", "buy", True),
    ]


def test_captions_without_word_times_get_none() -> None:
    said = Transcript((Cue(0, 2000, None, "one two"), Cue(2000, 4000, None, "three")))
    (cue,) = readable(said).transcript.cues
    assert (cue.start_ms, cue.end_ms, cue.words) == (0, 4000, ())


def test_what_was_marked_in_the_captions_is_found_in_the_paragraph() -> None:
    said = Transcript((Cue(0, 2000, None, "we  float\nslowly"), Cue(2000, 4000, None, ">> across the river")))
    result = readable(said)
    assert [cue.text for cue in result.transcript.cues] == ["we float slowly", "across the river"]
    shown = result.shown((CueSpan(0, 4, 16), CueSpan(1, 3, 9)))
    assert shown == (CueSpan(0, 3, 15), CueSpan(1, 0, 6))


def test_a_quote_has_the_same_times_before_and_after(seeds: Path) -> None:
    talk = make_talk(3, seeds)
    raw = talk.transcript()
    result = readable(raw)
    assert 70 <= len(result.transcript.cues) <= 250
    assert " ".join(cue.text for cue in result.transcript.cues) == " ".join(cue.text for cue in raw.cues)
    quote = " ".join(word.text for word in talk.words[4321:4350])
    before, after = locate(TranscriptIndex(raw), quote), locate(TranscriptIndex(result.transcript), quote)
    assert before.start_ms == after.start_ms == talk.words[4321].start_ms
    rows = result.transcript.cues
    shown, direct = (
        [rows[span.row].text[span.start : span.end].rstrip(",.?") for span in spans]
        for spans in (result.shown(before.spans), after.spans)
    )
    assert shown == direct


@given(st.lists(st.text(max_size=30), max_size=8))
def test_no_word_is_lost(said: list[str]) -> None:
    transcript = Transcript(tuple(Cue(at * 1000, None, None, text) for at, text in enumerate(said)))
    marks = {">>", "-", "–", "—"}
    kept = [word for cue in readable(transcript).transcript.cues for word in cue.text.split()]
    given = [word for text in said for word in text.split()]
    if not any(mark in word for word in given for mark in (*marks, ">", "&", "♪", "♫", "[", "(")):
        assert kept == given


def test_a_script_without_spaces_gets_paragraphs_of_readable_length() -> None:
    sentence = "今天天气很好我们一起去公园散步然后回家吃饭。"
    cues = tuple(Cue(n * 3000, n * 3000 + 3000, None, sentence) for n in range(60))
    paragraphs = readable(Transcript(cues)).transcript.cues
    lengths = [len(cue.text) for cue in paragraphs]
    assert max(lengths) <= 300
    assert min(lengths[:-1]) >= 60
    assert "".join(cue.text for cue in paragraphs).replace(" ", "") == sentence * 60
