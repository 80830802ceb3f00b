"""A selection in a transcript: its words, who says them, and the segment of the video in which they are said."""

from __future__ import annotations

from viewer.domain.transcript import Transcript
from viewer.domain.video import Segment, VideoRef
from viewer.domain.word_times import TimedWord, cue_bounds, words_of_cue
from viewer.domain.words import is_unspaced

Position = tuple[int, int]
"""(row of the cue, character in its text)."""

Selection = tuple[Position, Position]
"""From a character to one that is not part of it any more."""

_SHORTEST_MS = 200
"""A clip of a single short word is at least so long: less is no sound."""


def trimmed(transcript: Transcript, first: Position, last: Position) -> Selection | None:
    """The selection without white space at its ends, brought into the transcript; None when nothing is left."""
    cues = transcript.cues
    if last < first:
        first, last = last, first
    row, at = max(first, (0, 0))
    while row < len(cues):
        text = cues[row].text
        at = max(at, 0)
        while at < len(text) and text[at].isspace():
            at += 1
        if at < len(text):
            break
        row, at = row + 1, 0
    begin = (row, at)
    row, at = last if last[0] < len(cues) else (len(cues) - 1, 1 << 60)
    while row >= 0:
        text = cues[row].text
        at = min(at, len(text))
        while at > 0 and text[at - 1].isspace():
            at -= 1
        if at > 0:
            break
        row, at = row - 1, 1 << 60
    return (begin, (row, at)) if begin < (row, at) else None


def parts_of(transcript: Transcript, first: Position, last: Position) -> list[tuple[int, int, int]]:
    """The selection cue by cue: (row, first character, last character, not included); empty cues are left out."""
    selection = trimmed(transcript, first, last)
    if selection is None:
        return []
    (row, start), (last_row, end) = selection
    parts = []
    for number in range(row, last_row + 1):
        text = transcript.cues[number].text
        begin = start if number == row else 0
        stop = end if number == last_row else len(text)
        if text[begin:stop].strip():
            parts.append((number, begin, stop))
    return parts


def selected_words(transcript: Transcript, first: Position, last: Position) -> str:
    """The words of a selection as a mark keeps them: a new paragraph where another speaks, else one space."""
    paragraphs: list[str] = []
    speaker: str | None = None
    for row, start, end in parts_of(transcript, first, last):
        cue = transcript.cues[row]
        words = " ".join(cue.text[start:end].split())
        if paragraphs and cue.speaker in (None, speaker):
            paragraphs[-1] += words if _no_space(paragraphs[-1], words) else f" {words}"
        else:
            paragraphs.append(words)
        speaker = cue.speaker or speaker
    return "\n\n".join(paragraphs)


def _no_space(before: str, after: str) -> bool:
    """Whether two cues of a script without spaces meet here."""
    return is_unspaced(before[-1:]) and is_unspaced(after[:1])


def selected_speaker(transcript: Transcript, first: Position, last: Position) -> str | None:
    """Who says the selected words: the names joined by ``&`` where several speak; None when nobody is named."""
    names = [transcript.cues[row].speaker for row, _, _ in parts_of(transcript, first, last)]
    return " & ".join(dict.fromkeys(name for name in names if name)) or None


def selected_segment(
    transcript: Transcript, first: Position, last: Position, video: VideoRef | None = None
) -> Segment | None:
    """The segment in which the selected words are said, exact where the transcript knows its words' times.

    Where it does not, the times are guessed by the words' place in their cue. None for words without a time, and
    where neither ``video`` nor the transcript says which video it is.
    """
    found = _times(transcript, first, last)
    if video is None and transcript.video_id:
        video = VideoRef.from_id(transcript.video_id)
    if found is None or video is None:
        return None
    start, end = found
    return Segment(video, max(0, start), max(end, start + _SHORTEST_MS))


def _times(transcript: Transcript, first: Position, last: Position) -> tuple[int, int] | None:
    parts = parts_of(transcript, first, last)
    bounds = cue_bounds(transcript)
    timed = [part for part in parts if bounds[part[0]] is not None]
    if not timed:
        return None
    row, start, _ = timed[0]
    begin = next(word for word in words_of_cue(transcript, row, bounds) if word.end > start)
    row, _, end = timed[-1]
    stop = [word for word in words_of_cue(transcript, row, bounds) if word.start < end][-1]
    return _within(begin, start, True), _within(stop, end, False)


def _within(word: TimedWord, at: int, first: bool) -> int:
    """When a character of a word is said: the word's own bound, or in a script without spaces a share of it."""
    size = word.end - word.start
    if size <= 30:
        # Nobody hears half a word.
        return word.start_ms if first else word.end_ms
    at = min(max(at, word.start), word.end)
    return word.start_ms + (word.end_ms - word.start_ms) * (at - word.start) // size


def words_between(transcript: Transcript, start_ms: int, end_ms: int) -> Selection | None:
    """The words that are said between two times (ms), as a selection; None when there are none.

    A word belongs to it when its middle does. Where a transcript runs backwards only what stands together is taken.
    """
    bounds = cue_bounds(transcript)
    found: list[tuple[int, int, int]] = []
    for row, bound in enumerate(bounds):
        if bound is None or bound[1] <= start_ms or bound[0] >= end_ms:
            continue
        said = [
            word
            for word in words_of_cue(transcript, row, bounds)
            if start_ms <= (word.start_ms + word.end_ms) // 2 < end_ms
        ]
        if said:
            found.append((row, said[0].start, said[-1].end))
    runs: list[list[tuple[int, int, int]]] = []
    for part in found:
        if runs and all(bounds[row] is None for row in range(runs[-1][-1][0] + 1, part[0])):
            runs[-1].append(part)
        else:
            runs.append([part])
    if not runs:
        return None
    best = max(runs, key=len)
    return (best[0][0], best[0][1]), (best[-1][0], best[-1][2])
