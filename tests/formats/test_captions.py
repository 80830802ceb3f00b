"""Caption files and the other files beside a note, read alone and as additions."""

from __future__ import annotations

import json

import pytest

from viewer.domain.note import NoteFormat
from viewer.formats.captions import enrich, read_side_text, read_transcript
from viewer.formats.registry import parse

YOUTUBE_VTT = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.389 align:start position:0%
_
we<00:00:00.480><c> are</c><00:00:00.640><c> past</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
we are past
_

00:00:02.399 --> 00:00:04.309 align:start position:0%
we are past
the<00:00:02.720><c> event</c><00:00:03.120><c> horizon</c>

00:00:04.309 --> 00:00:04.319 align:start position:0%
the event horizon
_
""".replace("\n_\n", "\n \n")


def shown(transcript):
    """Cues in short: ``0 we are past | 2399 the event horizon``."""
    return " | ".join(
        f"{cue.start_ms} {cue.speaker + ': ' if cue.speaker else ''}{cue.text}" for cue in transcript.cues
    )


def test_youtubes_rolling_captions_are_read_once_with_their_word_times():
    transcript = read_transcript(YOUTUBE_VTT, "talk.en.vtt")
    assert shown(transcript) == "160 we are past | 2399 the event horizon"
    assert transcript.cues[0].words == (160, 480, 640)
    assert transcript.origin == "sidecar:talk.en.vtt"


def test_webvtt_with_notes_styles_voices_and_entities():
    text = (
        "WEBVTT - A talk\n\nSTYLE\n::cue { color: red }\n\nNOTE nothing said here\n\n1\n00:01.000 --> 00:02.500\n"
        "<v Ann>Fish &amp; <i>chips</i>\n\n2\n1:00:03.000 --> 1:00:04.000 line:0\n- one\n- two\n"
    )
    assert shown(read_transcript(text, "a.vtt")) == "1000 Ann: Fish & chips | 3603000 - one - two"


def test_srt_with_crlf_commas_and_a_blank_line_inside_a_cue():
    text = "1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\n\r\nthere\r\n\r\n2\r\n00:00:03,500 --> 00:00:04,000\r\nBob: Bye\r\n"
    assert shown(read_transcript(text, "a.srt")) == "1000 Hello there | 3500 Bob: Bye"


def test_srt_whose_lines_are_really_said_twice_keeps_both():
    text = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n{words}\n\n"
        for n, words in enumerate(["No.", "No.", "Why not?", "Because.", "I see."])
    )
    assert [cue.text for cue in read_transcript(text, "a.srt").cues].count("No.") == 2


def test_json3_has_a_time_for_every_word():
    events = {
        "wireMagic": "pb3",
        "events": [
            {"tStartMs": 0, "dDurationMs": 9000, "id": 1},
            {
                "tStartMs": 1000,
                "dDurationMs": 4000,
                "segs": [{"utf8": "we"}, {"utf8": " are", "tOffsetMs": 300}],
            },
            {"tStartMs": 2000, "aAppend": 1, "segs": [{"utf8": "\n"}]},
            {"tStartMs": 2500, "dDurationMs": 2000, "segs": [{"utf8": "past", "tOffsetMs": 0}]},
        ],
    }
    transcript = read_transcript(json.dumps(events), "a.en.json3")
    assert shown(transcript) == "1000 we are | 2500 past"
    assert (transcript.cues[0].words, transcript.cues[0].end_ms) == ((1000, 1300), 2500)


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><transcript><text start="1.5" dur="2">It&amp;#39;s on</text></transcript>',
        '<?xml version="1.0"?><timedtext format="3"><body><p t="1500" d="2000"><s>It&#39;s</s><s t="90"> on</s></p></body></timedtext>',
    ],
)
def test_youtubes_xml_captions(text):
    assert shown(read_transcript(text, "a.srv1")) == "1500 It's on"


SPEAKERS = json.dumps(
    {
        "video_id": "ZAJ4D8RAyfY",
        "full_transcript": [
            {"timestamp": "00:00:00", "speaker": "Ksenia", "text": "Hello.", "tone": "warm", "ad": False},
            {"timestamp": "00:00:10", "speaker": "Sam", "text": "Hi.", "tone": "dry", "ad": False},
            {"timestamp": "00:00:20", "speaker": "Ksenia", "text": "Buy this.", "tone": "loud", "ad": True},
        ],
    }
)
NOTE = """---
video_id: ZAJ4D8RAyfY
title: A talk
---

## Transcript

[0:00](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=0s) Hello there.

[0:10](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=10s) Hi to you.

[0:20](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=20s) Buy this thing.
"""


def test_speaker_json_alone_is_a_note_of_captions():
    note = parse(SPEAKERS, name="ZAJ4D8RAyfY.json")
    assert note.format is NoteFormat.CAPTIONS
    assert shown(note.transcript) == "0 Ksenia: Hello. | 10000 Sam: Hi. | 20000 Ksenia: Buy this."
    assert note.video.id == "ZAJ4D8RAyfY"


def test_a_caption_file_alone_takes_title_and_video_from_its_name():
    note = parse(YOUTUBE_VTT, name="What he wants [ZAJ4D8RAyfY].en.vtt")
    assert (note.format, note.title, note.video.id) == (NoteFormat.CAPTIONS, "What he wants", "ZAJ4D8RAyfY")


def test_speakers_and_advertisement_are_added_to_the_notes_own_cues():
    note = enrich(parse(NOTE), [("ZAJ4D8RAyfY.json", SPEAKERS)])
    assert note.transcript.origin == "note"
    assert [(cue.text, cue.speaker, cue.ad) for cue in note.transcript.cues] == [
        ("Hello there.", "Ksenia", False),
        ("Hi to you.", "Sam", False),
        ("Buy this thing.", "Ksenia", True),
    ]


def test_a_note_without_transcript_gets_the_one_beside_it():
    bare = parse(NOTE.split("## Transcript")[0])
    note = enrich(bare, [("a.en.vtt", YOUTUBE_VTT), ("ZAJ4D8RAyfY.json", SPEAKERS)])
    assert note.transcript.origin == "sidecar:ZAJ4D8RAyfY.json"
    assert len(note.transcript.cues) == 3


def test_a_transcript_without_times_stays_readable_when_a_timed_one_is_followed():
    note = enrich(
        parse("---\nvideo_id: ZAJ4D8RAyfY\n---\n## Transcript\n\nHello there.\n"), [("a.vtt", YOUTUBE_VTT)]
    )
    assert note.transcript.timed
    assert [(section.title, section.markdown) for section in note.sections] == [
        ("Transcript", "Hello there.")
    ]


def test_info_json_fills_gaps_and_changes_nothing():
    info = {
        "id": "ZAJ4D8RAyfY", "title": "Another title", "channel": "Turing Post", "duration": 516, "upload_date": "20250616",
        "view_count": 804, "webpage_url": "https://www.youtube.com/watch?v=ZAJ4D8RAyfY", "extractor": "youtube",
        "description": "What it is about", "tags": ["AI"], "chapters": [{"start_time": 0.0, "end_time": 60.0, "title": "Start"}],
    }  # fmt: skip
    note = enrich(parse(NOTE), [("ZAJ4D8RAyfY.info.json", json.dumps(info))])
    assert (note.title, note.metadata.channel, note.metadata.duration_ms) == (
        "A talk",
        "Turing Post",
        516_000,
    )
    assert (note.metadata.published.isoformat(), note.metadata.view_count) == ("2025-06-16", 804)
    assert [(chapter.title, chapter.start_ms, chapter.end_ms) for chapter in note.chapters] == [
        ("Start", 0, 60_000)
    ]
    assert note.transcript.cues[-1].end_ms == 516_000
    assert [problem.code for problem in note.problems] == ["transcript-partial"]


def test_a_side_file_of_another_video_is_left_alone():
    other = SPEAKERS.replace("ZAJ4D8RAyfY", "JfE1Wun9xkk")
    assert enrich(parse(NOTE), [("a.json", other)]).transcript.speakers == ()


@pytest.mark.parametrize(
    "text", ["", "{", '{"full_transcript": 3}', "[" * 100_000, '{"events": [{"segs": 1}]}', "\x00"]
)
def test_a_broken_side_file_is_a_problem_and_nothing_else(text):
    note = parse(NOTE)
    assert enrich(note, [("bad.json", text)]).transcript == note.transcript


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('[{"text": "One", "start": 0.0, "duration": 1.5}]', [(0, 1500, None, "One")]),
        ('[{"text": "One", "offset": 1200, "duration": 1500}]', [(1200, 2700, None, "One")]),
        ('[{"text": "One", "offset": 1.2, "duration": 1.5}]', [(1200, 2700, None, "One")]),
        (
            '{"text": " One", "segments": [{"id": 0, "start": 0.0, "end": 2.4, "text": " One"}]}',
            [(0, 2400, None, "One")],
        ),
        (
            '{"transcript": [{"start": "00:04:05", "speaker": "Ann", "text": "One"}]}',
            [(245_000, None, "Ann", "One")],
        ),
        (
            '{"full_transcript": [{"timestamp": "2026-08-18T08:59:43Z", "speaker": "Ann", "text": "One"}]}',
            [(None, None, "Ann", "One")],
        ),
        (
            '{"full_transcript": [{"timestamp": "00:00:05 - 00:00:09", "speaker": "Ann", "text": "One"}]}',
            [(5000, None, "Ann", "One")],
        ),
    ],
)
def test_what_other_programs_write_as_json(data, said):
    side = read_side_text(data)
    assert [(cue.start_ms, cue.end_ms, cue.speaker, cue.text) for cue in side.cues] == said


def test_json_that_holds_no_speech_is_no_side_file():
    assert read_side_text('[{"start": 1, "end": 2}]') is None
    assert read_side_text('{"segments": [{"text": "a"}], "start": 1}') is None
