"""From what is selected, heard or drawn to a mark: its words, who says them, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.domain.mark import Mark, MarkColour, new_mark_id
from viewer.domain.note import Note
from viewer.domain.video import Segment, VideoRef

if TYPE_CHECKING:  # what reads words and aligns them is loaded when something is marked, not at the start
    from viewer.domain.selection import Selection


def transcript_video(note: Note) -> VideoRef | None:
    """The video whose words the note's transcript holds."""
    return note.video_by_id(note.transcript.video_id) or note.video


def mark_of_words(note: Note, path: str, selection: Selection, colour: MarkColour) -> Mark:
    """A mark of the selected words. ValueError when there are none."""
    from viewer.domain.anchoring import make_anchor
    from viewer.domain.selection import selected_segment, selected_speaker, selected_words

    transcript = note.transcript
    return Mark(
        id=new_mark_id(),
        note_path=path,
        note_title=note.title,
        segment=selected_segment(transcript, *selection, transcript_video(note)),
        anchor=make_anchor(transcript, *selection),
        text=selected_words(transcript, *selection),
        speaker=selected_speaker(transcript, *selection),
        colour=colour,
    )


def mark_of_stretch(note: Note, path: str, segment: Segment, colour: MarkColour) -> Mark:
    """A mark of a stretch of the video, with what is said in it where the transcript knows that."""
    from viewer.domain.anchoring import make_anchor
    from viewer.domain.selection import selected_speaker, selected_words, words_between

    transcript = note.transcript
    said = None
    if transcript_video(note) == segment.video:
        said = words_between(transcript, segment.start_ms, segment.end_ms)
    return Mark(
        id=new_mark_id(),
        note_path=path,
        note_title=note.title,
        segment=segment,
        anchor=make_anchor(transcript, *said) if said is not None else None,
        text=selected_words(transcript, *said) if said is not None else "",
        speaker=selected_speaker(transcript, *said) if said is not None else None,
        colour=colour,
    )


def mark_of_other(path: str, title: str, segment: Segment, colour: MarkColour) -> Mark:
    """A mark in a note that is not open: a stretch of its video."""
    return Mark(new_mark_id(), path, title, segment, None, "", None, colour)
