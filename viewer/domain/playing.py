"""What is played when the reader clicks something: from a note's parts to segments."""

from __future__ import annotations

from viewer.domain.note import Note
from viewer.domain.transcript import Cue
from viewer.domain.video import Segment, VideoRef


def segment_from(
    note: Note, video_id: str | None, start_ms: int | None, end_ms: int | None, default_length_ms: int
) -> Segment | None:
    """The segment that plays for a timed thing of ``note``; None when its video or its start is not known.

    Without a usable end it lasts ``default_length_ms``. It is cut at the end of the video where that is known
    and the start lies before it; a note's range that runs over the end is thereby mended.
    """
    video = note.video_by_id(video_id) if video_id else note.video
    if video is None or start_ms is None or start_ms < 0:
        return None
    end = end_ms if end_ms is not None and end_ms > start_ms else start_ms + default_length_ms
    duration = note.metadata.duration_ms
    if duration is not None and len(note.videos) <= 1 and start_ms < duration:
        end = min(end, duration)
    return Segment(video, start_ms, end)


def cue_segment(note: Note, cue: Cue, default_length_ms: int) -> Segment | None:
    """The segment that plays for one cue of the note's transcript: at least ``default_length_ms`` of it."""
    end = None
    if cue.start_ms is not None and cue.end_ms is not None:
        end = max(cue.end_ms, cue.start_ms + default_length_ms)
    return segment_from(note, note.transcript.video_id, cue.start_ms, end, default_length_ms)


def stretch_after(note: Note | None, video: VideoRef, end_ms: int, length_ms: int) -> Segment | None:
    """The next ``length_ms`` of the talk after ``end_ms``; None at its end, where the note says how long it is."""
    after = end_ms + length_ms
    if note is not None and note.video == video and note.metadata.duration_ms is not None:
        after = min(after, note.metadata.duration_ms)
    return Segment(video, end_ms, after) if after > end_ms else None
