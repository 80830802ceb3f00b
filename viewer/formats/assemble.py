"""From what was read to a note: videos in order, ends filled in, and the checks that need the whole."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from viewer.domain.note import Chapter, Highlight, Metadata, Note, NoteFormat, Problem, Section
from viewer.domain.timestamp import format_range, format_timestamp
from viewer.domain.transcript import Cue, Transcript, with_ends
from viewer.domain.video import VideoRef
from viewer.formats.body import BodyReader
from viewer.formats.cues import times_backwards
from viewer.formats.front_matter import FrontMatter
from viewer.formats.metadata import Header
from viewer.formats.problems import problem

_FEWEST_WORDS_A_MINUTE = 60
"""Below this a transcript is abridged: people speak 100 to 180 words a minute."""

_USUAL_WORDS_A_MINUTE = 150
_SHORTEST_JUDGED_MS = 60_000
_COVERED = 0.75


def assemble(
    format_: NoteFormat,
    front: FrontMatter,
    header: Header,
    body: BodyReader,
    problems: Sequence[Problem] = (),
) -> Note:
    """The note of a Markdown text: front matter and body together, checked."""
    metadata, summary = header.metadata, body.summary or header.summary
    if header.summary and body.summary and header.summary != body.summary:
        metadata = replace(metadata, extra=(*metadata.extra, ("description", header.summary)))
    listed = [*header.chapters, *body.chapters] or body.headed_chapters
    chapters = _with_ends(listed, metadata.duration_ms)
    videos = _videos(header.videos, body)
    sections = list(body.sections)
    if front.leftover.strip():
        sections.insert(0, Section("", 0, front.leftover.strip("\n"), 1))
    video_id = body.transcript_video or (videos[0].id if videos else None)
    transcript = Transcript(
        with_ends(body.cues, metadata.duration_ms), "note", video_id if body.cues else None
    )
    note = Note(
        format_,
        metadata,
        tuple(videos),
        summary,
        tuple(sections),
        tuple(body.highlights),
        tuple(body.quotes),
        tuple(body.key_points),
        tuple(body.mentions),
        chapters,
        transcript,
    )
    found = [*problems, *front.problems, *header.problems, *body.problems, *check(note)]
    return replace(note, problems=in_order(found))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by line, each once; those of the whole file first."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda item: item.line or 0))


def _videos(known: Iterable[VideoRef], body: BodyReader) -> list[VideoRef]:
    ids: dict[str, VideoRef] = {video.id: video for video in known}
    named: list[str | None] = [body.transcript_video]
    named.extend(item.video_id for item in body.highlights)
    for things in (body.quotes, body.key_points, body.mentions, body.chapters):
        named.extend(item.video_id for item in things)
    for highlight in body.highlights:
        if highlight.clip is not None:
            ids.setdefault(highlight.clip.video.id, highlight.clip.video)
    for video_id in dict.fromkeys(named):
        if video_id and video_id not in ids:
            found = VideoRef.from_id(video_id)
            if found is not None:
                ids[video_id] = found
    return list(ids.values())


def _with_ends(chapters: Sequence[Chapter], duration_ms: int | None) -> tuple[Chapter, ...]:
    """Every chapter, an end filled in where the note gives none: the next chapter's start, or the video's end."""
    unique = list({(item.video_id, item.start_ms, item.title): item for item in chapters}.values())
    starts = sorted({item.start_ms for item in unique})
    result = []
    for item in unique:
        end = item.end_ms
        if end is None:
            later = bisect_right(starts, item.start_ms)
            if later < len(starts):
                end = starts[later]
            elif duration_ms is not None and duration_ms > item.start_ms:
                end = duration_ms
        result.append(replace(item, end_ms=end))
    return tuple(result)


def check(note: Note) -> list[Problem]:
    """What looks wrong in a note as a whole: times beyond the video, running backwards, an abridged transcript."""
    problems: list[Problem] = []
    duration = note.metadata.duration_ms
    if duration is not None:
        main = note.video.id if note.video else None
        problems.extend(_beyond(note.highlights, main, duration))
        problems.extend(_starts_beyond(note, main, duration))
    backwards = times_backwards(note.transcript.cues)
    if backwards is not None:
        problems.append(backwards)
    partial = coverage_problem(note.transcript.cues, duration)
    if partial is not None and note.transcript.video_id in (None, note.video.id if note.video else None):
        problems.append(partial)
    return problems


def _beyond(highlights: Iterable[Highlight], main: str | None, duration: int) -> Iterable[Problem]:
    for item in highlights:
        clip = item.clip
        if clip is not None and clip.video.id == main and clip.end_ms > duration:
            message = (
                f"The clip {format_range(clip.start_ms, clip.end_ms)} ends after the end of the video "
                f"({format_timestamp(duration)}); it is kept as written."
            )
            yield problem("clip-after-end", clip.line or item.line, message)


def _starts_beyond(note: Note, main: str | None, duration: int) -> Iterable[Problem]:
    timed = [
        *((item.start_ms, item.video_id, item.line) for item in note.highlights if item.clip is None),
        *((item.start_ms, item.video_id, item.line) for item in note.quotes),
        *((item.start_ms, item.video_id, item.line) for item in note.key_points),
        *((item.start_ms, item.video_id, item.line) for item in note.mentions),
        *((item.start_ms, note.transcript.video_id, item.line) for item in note.transcript.cues),
    ]
    late = [
        (line, start)
        for start, video_id, line in timed
        if start is not None and start > duration and video_id in (None, main)
    ]
    if late:
        line, start = min(late, key=lambda item: item[0] or 0)
        end = format_timestamp(duration)
        message = f"The time {format_timestamp(start)} lies after the end of the video ({end}); it is kept as written."
        if len(late) > 1:
            message = (
                f"The time {format_timestamp(start)} lies after the end of the video ({end}), "
                f"and {len(late) - 1} more; they are kept as written."
            )
        yield problem("time-after-end", line, message)


def coverage_problem(cues: Sequence[Cue], duration_ms: int | None) -> Problem | None:
    """The problem of a transcript that covers only a part of its video; None where it covers it or nobody knows."""
    if not cues or duration_ms is None or duration_ms < _SHORTEST_JUDGED_MS:
        return None
    starts = [cue.start_ms for cue in cues if cue.start_ms is not None]
    reach = max(starts) / duration_ms if starts else 1.0
    # A last cue may be long; its words tell how far it reaches.
    if starts:
        last = max((cue for cue in cues if cue.start_ms is not None), key=lambda cue: cue.start_ms or 0)
        reach += count_words(last.text) / _USUAL_WORDS_A_MINUTE * 60_000 / duration_ms
    minute = sum(count_words(cue.text) for cue in cues) / (duration_ms / 60_000)
    if reach >= _COVERED and minute >= _FEWEST_WORDS_A_MINUTE:
        return None
    percent = max(1, min(round(reach * 100), round(minute / _USUAL_WORDS_A_MINUTE * 100), 99))
    why = (
        f"{minute:.0f} words a minute"
        if reach >= _COVERED
        else f"its last line is at {format_timestamp(max(starts))}"
    )
    return problem(
        "transcript-partial", cues[0].line, f"The transcript covers about {percent} % of the video ({why})."
    )


def count_words(text: str) -> int:
    """How many words a text has; in scripts without spaces two letters count as one word."""
    if text.isascii():
        return len(text.split())
    dense = sum(1 for letter in text if _is_dense(letter))
    return len(text.split()) + dense // 2


def _is_dense(letter: str) -> bool:
    return "\u3040" <= letter <= "\u9fff" or "\u0e00" <= letter <= "\u0eff"


def with_title(metadata: Metadata, *candidates: str) -> Metadata:
    """The metadata with the first title that there is: its own, else the first candidate that is not empty."""
    if metadata.title:
        return metadata
    return replace(metadata, title=next((text.strip() for text in candidates if text.strip()), ""))
