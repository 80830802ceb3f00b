from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.standin.media import ffmpeg
from viewer.base.errors import ReadError
from viewer.domain.transcript import Cue, Transcript
from viewer.export.transcripts import TRANSCRIPT_FORMATS, transcript_as
from viewer.formats.subtitles import read_blocks

WORDS = st.lists(
    st.text(st.sampled_from("abcdeäöß语本يةك😀0123.,!?&<>"), min_size=1, max_size=8), min_size=1, max_size=6
).map(" ".join)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    start, cues = 0, []
    for number, words in enumerate(draw(st.lists(WORDS, min_size=1, max_size=8))):
        text = f"n{number} {words}"  # the reader joins the captions that roll: those that say the same again
        start += draw(st.integers(1, 100_000))
        end = start + draw(st.integers(1, 90_000))
        cues.append(Cue(start, end, draw(st.sampled_from([None, "Ann", "Bob Lee", "نور"])), text))
        start = end
    return Transcript(tuple(cues))


@settings(max_examples=60, deadline=None)
@given(transcripts())
def test_webvtt_is_read_back_with_times_words_and_speakers(transcript: Transcript) -> None:
    found = read_blocks(transcript_as("vtt", transcript), "vtt").cues
    assert [(cue.start_ms, cue.end_ms) for cue in found] == [(c.start_ms, c.end_ms) for c in transcript.cues]
    assert [cue.text for cue in found] == [cue.text for cue in transcript.cues]
    assert [cue.speaker for cue in found] == [cue.speaker for cue in transcript.cues]


@settings(max_examples=60, deadline=None)
@given(transcripts())
def test_srt_is_read_back_with_times(transcript: Transcript) -> None:
    found = read_blocks(transcript_as("srt", transcript), "srt").cues
    assert [(cue.start_ms, cue.end_ms) for cue in found] == [(c.start_ms, c.end_ms) for c in transcript.cues]


TALK = Transcript(
    (
        Cue(1_000, 2_500, "Ann", "Hello & welcome."),
        Cue(2_500, 4_000, "Bob", "اقرأ 本 😀 <b>"),
        Cue(3_600_000, 3_601_234, "Bob", "The end."),
    )
)


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_ffmpeg_reads_the_captions(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"a.{kind}"
    file.write_text(transcript_as(kind, TALK), "utf-8")
    arguments = [str(ffmpeg()), "-v", "error", "-xerror", "-i", str(file), "-f", "srt", "-"]
    outcome = subprocess.run(arguments, capture_output=True, timeout=30, check=True)
    found = read_blocks(outcome.stdout.decode(), "srt").cues
    assert [(cue.start_ms, cue.end_ms) for cue in found] == [(c.start_ms, c.end_ms) for c in TALK.cues]
    assert "Hello & welcome." in found[0].text
    assert outcome.stderr == b""


@pytest.mark.parametrize("kind", TRANSCRIPT_FORMATS)
def test_every_kind_has_every_word(kind: str) -> None:
    written = transcript_as(kind, TALK)
    for word in ("Ann", "Bob", "welcome.", "اقرأ 本 😀", "The end."):
        assert word in written


def test_captions_without_times_are_refused_in_plain_words() -> None:
    untimed = Transcript((Cue(None, None, "Ann", "Hello."),))
    with pytest.raises(ReadError, match="no times"):
        transcript_as("srt", untimed)
    assert transcript_as("txt", untimed) == "Ann: Hello.\n"
