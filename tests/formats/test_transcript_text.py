"""Transcripts as text; what is written as captions is read again as the same transcript."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import VideoRef
from viewer.formats.captions import read_transcript
from viewer.formats.registry import parse
from viewer.formats.transcript_text import to_json, to_markdown, to_plain, to_srt, to_vtt

TALK = Transcript(
    (
        Cue(0, 2500, "Ada", "Hello <there> & welcome.", words=(0, 400, 900, 1300)),
        Cue(2500, 61_250, "Ada", "1 --> 2 is\nno cue."),
        Cue(3_661_000, None, "Tom", "Goodbye."),
    ),
    "captions:en",
    "ZAJ4D8RAyfY",
)


@pytest.mark.parametrize("write", [to_vtt, to_srt])
def test_players_read_what_is_written(write) -> None:
    text = write(TALK)
    again = read_transcript(text, "talk")
    assert again is not None
    assert [(cue.start_ms, cue.end_ms) for cue in again.cues] == [
        (0, 2500),
        (2500, 61_250),
        (3_661_000, 3_665_000),
    ]
    assert [cue.speaker for cue in again.cues] in (["Ada", "Ada", "Tom"], ["Ada", None, "Tom"])
    # SRT has no way to write "<": players take what stands between such signs for a tag.
    assert again.cues[0].text in ("Hello <there> & welcome.", "Hello & welcome.")
    assert again.cues[2].text == "Goodbye."


def test_vtt() -> None:
    assert to_vtt(TALK).split("\n\n")[1:3] == [
        "00:00:00.000 --> 00:00:02.500\n<v Ada>Hello &lt;there&gt; &amp; welcome.",
        "00:00:02.500 --> 00:01:01.250\n<v Ada>1 --&gt; 2 is no cue.",
    ]


def test_markdown_is_the_notes_own() -> None:
    text = to_markdown(TALK, VideoRef.youtube("ZAJ4D8RAyfY"))
    assert "**Tom:** [1:01:01](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=3661s) Goodbye." in text
    assert "\n\n[0:02](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=2s) 1" in text
    assert to_markdown(TALK).split("\n\n")[1] == "**Ada:** [0:00] Hello &#60;there> & welcome."


def test_plain() -> None:
    assert to_plain(TALK).split("\n\n")[2] == "[1:01:01] Tom: Goodbye.\n"


def test_json() -> None:
    data = to_json(TALK)
    assert (data["origin"], data["video_id"]) == ("captions:en", "ZAJ4D8RAyfY")
    assert data["cues"][0] == {
        "start_ms": 0,
        "end_ms": 2500,
        "speaker": "Ada",
        "text": "Hello <there> & welcome.",
        "words": [0, 400, 900, 1300],
    }


def test_cues_without_a_time_are_left_out_of_captions() -> None:
    untimed = Transcript((Cue(None, None, None, "Nobody knows when."),))
    assert to_vtt(untimed) == "WEBVTT\n"
    assert to_srt(untimed) == ""
    assert to_plain(untimed) == "Nobody knows when.\n"


def test_a_speakers_name_makes_no_caption_of_its_own() -> None:
    name = "a --> b\n\n2\n00:00:05,000 --> 00:00:09,000\nfake"
    written = to_srt(Transcript((Cue(0, 1000, name, "words"), Cue(1000, 2000, "c", "more"))))
    assert written.count("-->") == 2
    assert written.count("\n\n") == 1


def test_markdown_of_a_transcript_fetches_and_runs_nothing() -> None:
    words = "<script>x</script> ![p](http://evil/x.png) <!-- 1 < 2 & 3 <3"
    written = to_markdown(Transcript((Cue(0, 1000, f"Jane {words}\n\n# x", words),), "x", "dQw4w9WgXcQ"))
    html = MarkdownIt("commonmark").render(written)
    assert "<script" not in html
    assert "<img" not in html
    assert "<!--" not in html
    assert "\n# x" not in written
    again = parse(
        to_markdown(Transcript((Cue(0, 1000, "Jane", "Use <b> or <i>: 1 < 2!"),), "x", "dQw4w9WgXcQ"))
    )
    assert [(cue.speaker, cue.text) for cue in again.transcript.cues] == [("Jane", "Use <b> or <i>: 1 < 2!")]
