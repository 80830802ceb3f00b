"""What the files beside a note add to it: speakers, advertisement marks, a transcript, chapters, a duration."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from viewer.domain.note import Note, Problem, Section
from viewer.domain.transcript import Cue, Transcript, with_ends
from viewer.formats.assemble import check, in_order
from viewer.formats.problems import problem
from viewer.formats.side_text import read_side_text
from viewer.formats.subtitles import SideText

_RANK = {"speakers": 0, "json3": 1, "vtt": 2, "segments": 3, "xml": 4, "srt": 5}
"""Which transcript is taken for a note that has none: speakers first, then word times."""

_CHECKED = frozenset({"clip-after-end", "time-after-end", "times-backwards", "transcript-partial"})


def enrich(note: Note, side: Sequence[tuple[str, str]]) -> Note:
    """The note with what the files beside it add, given as (name, text). Pure: the caller reads the files.

    A transcript in the note stays the one to read; speakers and advertisement marks are added to its cues by time.
    A note without one (or with one that has no times) gets the best of those beside it, and the transcript's origin
    says ``sidecar:NAME``. Gaps in the metadata are filled, nothing in it is changed. Never raises.
    """
    read: list[tuple[str, SideText]] = []
    problems: list[Problem] = []
    for name, text in side:
        found = read_side_text(text)
        if found is None:
            problems.append(
                problem(
                    "sidecar-unreadable", None, f"{name} beside the note could not be read; it was left out."
                )
            )
        elif _fits(note, found):
            read.append((name, found))
    if not read and not problems:
        return note
    for _, found in read:
        note = _with_metadata(note, found)
    note = _with_transcript(note, read)
    kept = [item for item in note.problems if item.code not in _CHECKED]
    return replace(note, problems=in_order([*kept, *problems, *check(note)]))


def _fits(note: Note, found: SideText) -> bool:
    """Whether a side file speaks of the note's video, as far as both say."""
    return found.video is None or not note.videos or found.video in note.videos


def _with_metadata(note: Note, found: SideText) -> Note:
    mine, theirs = note.metadata, found.metadata
    metadata = replace(
        mine,
        channel=mine.channel or theirs.channel,
        published=mine.published or theirs.published,
        duration_ms=mine.duration_ms or theirs.duration_ms,
        view_count=mine.view_count if mine.view_count is not None else theirs.view_count,
        tags=mine.tags or theirs.tags,
        categories=mine.categories or theirs.categories,
        picture_url=mine.picture_url or theirs.picture_url,
    )
    videos = note.videos or ((found.video,) if found.video else ())
    chapters = note.chapters or found.chapters
    return replace(
        note, metadata=metadata, videos=videos, chapters=chapters, summary=note.summary or found.summary
    )


def _with_transcript(note: Note, read: Sequence[tuple[str, SideText]]) -> Note:
    able = sorted(
        ((name, found) for name, found in read if found.cues), key=lambda item: _RANK.get(item[1].kind, 9)
    )
    own = note.transcript
    if not able:
        return replace(note, transcript=replace_cues(own, with_ends(own.cues, note.metadata.duration_ms)))
    if own.timed:
        cues = own.cues
        for _, found in able:
            cues = _with_speakers(cues, found.cues)
        return replace(note, transcript=replace_cues(own, with_ends(cues, note.metadata.duration_ms)))
    name, best = able[0]
    if not any(cue.start_ms is not None for cue in best.cues) and own.cues:
        return note
    cues = with_ends(best.cues, note.metadata.duration_ms)
    for _, found in able[1:]:
        cues = _with_speakers(cues, found.cues)
    video_id = note.video.id if note.video else None
    if own.cues:
        # The note's own words stay readable, though the timed ones beside it are followed.
        text = "\n\n".join(f"**{cue.speaker}:** {cue.text}" if cue.speaker else cue.text for cue in own.cues)
        section = Section("Transcript", 2, text, own.cues[0].line)
        note = replace(note, sections=(*note.sections, section))
    return replace(note, transcript=Transcript(cues, f"sidecar:{name}", video_id))


def replace_cues(transcript: Transcript, cues: tuple[Cue, ...]) -> Transcript:
    """The transcript with other cues; origin and video stay."""
    return Transcript(cues, transcript.origin, transcript.video_id)


def _with_speakers(cues: tuple[Cue, ...], others: Sequence[Cue]) -> tuple[Cue, ...]:
    """Add speakers and advertisement marks to cues from others, by how long they are said at the same time."""
    timed = sorted(
        (cue for cue in with_ends(others, None) if cue.start_ms is not None),
        key=lambda cue: cue.start_ms or 0,
    )
    if not timed or not any(cue.speaker or cue.ad for cue in timed):
        return cues
    starts = [cue.start_ms or 0 for cue in timed]
    return tuple(_matched(cue, timed, starts) for cue in with_ends(cues, None))


def _matched(cue: Cue, timed: Sequence[Cue], starts: Sequence[int]) -> Cue:
    if cue.start_ms is None or (cue.speaker and cue.ad):
        return cue
    end = cue.end_ms if cue.end_ms is not None else cue.start_ms + 1000
    shares: dict[str, int] = {}
    ads = total = 0
    for other in _overlapping(cue.start_ms, end, timed, starts):
        begin = max(cue.start_ms, other.start_ms or 0)
        stop = min(end, other.end_ms if other.end_ms is not None else end)
        share = max(stop - begin, 1)
        total += share
        ads += share if other.ad else 0
        if other.speaker:
            shares[other.speaker] = shares.get(other.speaker, 0) + share
    speaker = cue.speaker or (max(shares, key=lambda name: shares[name]) if shares else None)
    ad = cue.ad or (total > 0 and ads * 2 > total)
    if speaker == cue.speaker and ad == cue.ad:
        return cue
    return replace(cue, speaker=speaker, ad=ad)


def _overlapping(start: int, end: int, timed: Sequence[Cue], starts: Sequence[int]) -> Iterable[Cue]:
    row = max(bisect_right(starts, start) - 1, 0)
    while row < len(timed) and (starts[row] < end or starts[row] == start):
        if timed[row].end_ms is None or (timed[row].end_ms or 0) > start or starts[row] == start:
            yield timed[row]
        row += 1
