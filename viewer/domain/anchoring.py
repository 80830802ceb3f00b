"""From a selection in a transcript to a mark's anchor and segment, and back to the words, also in an edited note."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.domain.mark import TextAnchor
from viewer.domain.transcript import Transcript
from viewer.domain.video import Segment, VideoRef

Position = tuple[int, int]
"""(row of the cue, character in its text)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where marked words stand now: from a character of one cue to a character (not included) of the same or a later.

    ``exact`` says that these are the very words; else they were found by what is alike.
    """

    first_cue: int
    first_offset: int
    last_cue: int
    last_offset: int
    exact: bool = True


def make_anchor(transcript: Transcript, first: Position, last: Position) -> TextAnchor:
    """The anchor of the words from ``first`` to ``last`` (half-open)."""
    raise NotImplementedError


def find_anchor(transcript: Transcript, anchor: TextAnchor, segment: Segment | None = None) -> Place | None:
    """Where the anchor's words stand now; None when they cannot be found."""
    raise NotImplementedError


def selected_words(transcript: Transcript, first: Position, last: Position) -> str:
    """The words of a selection, as a mark keeps them: a paragraph where another speaks."""
    raise NotImplementedError


def selected_speaker(transcript: Transcript, first: Position, last: Position) -> str | None:
    """Who says the selected words: the names joined by ``&`` where several speak; None when nobody is named."""
    raise NotImplementedError


def selected_segment(
    transcript: Transcript, first: Position, last: Position, video: VideoRef | None
) -> Segment | None:
    """The segment in which the selected words are said, exact where the transcript knows its words' times."""
    raise NotImplementedError


def words_between(transcript: Transcript, start_ms: int, end_ms: int) -> tuple[Position, Position] | None:
    """The words that are said between two times (ms), as a selection of whole words; None when there are none."""
    raise NotImplementedError
