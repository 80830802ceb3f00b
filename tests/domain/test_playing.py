"""What plays when something in a note is clicked."""

from __future__ import annotations

import pytest

from viewer.domain.note import Metadata, Note, NoteFormat
from viewer.domain.playing import cue_segment, segment_from
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import VideoRef

VIDEO = VideoRef.youtube("ZAJ4D8RAyfY")
OTHER = VideoRef.youtube("JfE1Wun9xkk")
NOTE = Note(NoteFormat.VIDEO_NOTE, Metadata(duration_ms=516_000), (VIDEO,))


@pytest.mark.parametrize(
    ("start", "end", "played"),
    [
        (16_000, 60_000, (16_000, 60_000)), (16_000, None, (16_000, 46_000)), (16_000, 16_000, (16_000, 46_000)),
        (500_000, 600_000, (500_000, 516_000)), (500_000, None, (500_000, 516_000)), (600_000, 610_000, (600_000, 610_000)),
    ],
)  # fmt: skip
def test_the_segment_of_a_timed_thing(start, end, played):
    segment = segment_from(NOTE, None, start, end, 30_000)
    assert (segment.video, segment.start_ms, segment.end_ms) == (VIDEO, *played)


@pytest.mark.parametrize(("video_id", "start"), [(None, None), (None, -1), ("no id", 5)])
def test_what_has_no_time_or_no_video_does_not_play(video_id, start):
    assert segment_from(NOTE, video_id, start, None, 30_000) is None


def test_a_thing_of_another_video_plays_that_video():
    assert segment_from(NOTE, OTHER.id, 5_000, 9_000, 30_000).video == OTHER


def test_a_cue_plays_at_least_the_usual_length():
    note = Note(
        NoteFormat.VIDEO_NOTE, videos=(VIDEO,), transcript=Transcript((Cue(5_000, 6_000, None, "a"),))
    )
    assert cue_segment(note, note.transcript.cues[0], 10_000).end_ms == 15_000
    assert cue_segment(note, Cue(None, None, None, "b"), 10_000) is None
