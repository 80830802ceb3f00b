"""Headings with times, and lists of times below a label: which of them are speakers, chapters, or neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from viewer.domain.note import Chapter
from viewer.domain.timestamp import parse_timestamp
from viewer.formats.cue_lines import cue_start, is_label, is_name
from viewer.formats.inline import CLOCK, LINK, find_linked_times, plain
from viewer.formats.outline import Part
from viewer.formats.points import BULLET, RULE
from viewer.formats.roles import Role, role_of

_AT_END = re.compile(
    rf"[\[(（【][ \t]*(?:[^\W\d_]{{1,12}}[ \t]*)?({CLOCK})(?:[ \t]*[-–—~～][ \t]*({CLOCK}))?[ \t]*[\])）】]`?[ \t]*\Z"
)
"""A time in brackets at the end of a heading: ``Origins (0:00-2:30)``, ``起源 `[章节 0:00-2:30]` ``."""

_LONGEST_NAME = 6
"""Words of a speaker's name in a heading."""


def turns_from(parts: Sequence[Part], row: int) -> tuple[int, bool]:
    """The row behind a run of headings of one level that begin with a time, and whether they name who speaks then.

    They name speakers where the same few come again and again; a time alone is as good. Titles that differ are
    chapters, and what stands below them is prose.
    """
    end = row
    names: list[str] = []
    while end < len(parts) and parts[end].level == parts[row].level:
        start = cue_start(parts[end].title, parts[end].line)
        if (
            start is None
            or not (start.mark.boxed or start.mark.linked or start.speaker)
            or BULLET.match(_first_line(parts[end]))
        ):
            break
        names.append(plain(start.speaker or start.text))
        end += 1
    told = [name for name in names if name]
    if not told:
        return end, len(names) >= 2 and not any(part.blank for part in parts[row:end])
    speakers = all(
        is_name(name) and len(name.split()) <= _LONGEST_NAME and not is_label(name) for name in told
    )
    again = len(told) >= 3 and len(set(told)) * 3 <= len(told) * 2
    return end, speakers and again


def _first_line(part: Part) -> str:
    return next((line for line in part.lines if line.strip()), "")


def chapter_of(part: Part, video_id: str | None) -> Chapter | None:
    """The chapter that a heading with a time names; None for one without, or with a bare time (perhaps one of day)."""
    if not part.level or not any(map(str.isdigit, part.title)):
        return None
    title = part.title
    start = cue_start(title, part.line)
    if start is not None and (start.mark.boxed or start.mark.linked):
        name = plain(f"{start.speaker}: {start.text}" if start.speaker else start.text).strip(" -–—:|")
        mark = start.mark
        return (
            Chapter(name, mark.start_ms, mark.video_id or video_id, mark.end_ms, part.line) if name else None
        )
    # "(3:16)" behind a title may be a verse: only a video makes a time of it.
    match = _AT_END.search(title) if video_id is not None else None
    begin = parse_timestamp(match[1]) if match else None
    if match is not None and begin is not None:
        end = parse_timestamp(match[2]) if match[2] else None
        name = plain(title[: match.start()]).strip(" `-–—:|")
        return (
            Chapter(name, begin, video_id, end if end and end > begin else None, part.line) if name else None
        )
    link = LINK.fullmatch(title.strip())
    marks = find_linked_times(title, part.line) if link is not None else []
    if marks and link is not None and plain(link[1]):
        return Chapter(plain(link[1]), marks[0].start_ms, marks[0].video_id or video_id, None, part.line)
    return None


def cut(part: Part, row: int) -> tuple[Part, Part]:
    """A part in two: what stands above a row under its heading, and the rest under none."""
    above = replace(part, lines=part.lines[:row], fenced=frozenset(at for at in part.fenced if at < row))
    below = Part(
        0,
        "",
        part.first + row,
        part.first + row,
        part.lines[row:],
        frozenset(at - row for at in part.fenced if at >= row),
    )
    return above, below


def transcript_below_list(part: Part) -> int:
    """The row behind the rule that parts a list of chapters from a transcript without a heading; 0 where there is none."""
    listed = False
    for row, line in enumerate(part.lines):
        if RULE.match(line):
            rest = part.lines[row + 1 :]
            first = next((text for text in rest if text.strip()), "")
            starts = not BULLET.match(first) and cue_start(first, 0) is not None
            return row + 1 if listed and starts else 0
        listed = listed or (BULLET.match(line) is not None and any(map(str.isdigit, line)))
    return 0


def speaks_of_transcripts(scope: Sequence[Part]) -> bool:
    """Whether parts below "Transcript" explain how one is made: tables and code, and no time and no speaker."""
    lines = [line for part in scope for line in part.lines if line.strip()]
    formal = sum(len(part.fenced) for part in scope) + sum(line.lstrip()[:1] == "|" for line in lines)
    return formal * 3 >= len(lines) > 0 and not any(cue_start(line.lstrip("| \t"), 0) for line in lines[:400])


def chapters_label(part: Part) -> int | None:
    """The row of a line such as ``⏱️ Video Chapters:`` with a timed line below it; None where there is none."""
    label: int | None = None
    for row, line in enumerate(part.lines):
        bare = line.strip()
        if not bare:
            continue
        if label is not None and cue_start(line, 0) is not None:
            return label
        telling = row not in part.fenced and len(bare) <= 60 and bare[-1] in ":：*"
        label = row if telling and role_of(bare) is Role.CHAPTERS else None
    return None
