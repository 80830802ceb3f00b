"""A video note: Markdown with YAML front matter (or none) about one or more videos.

Its family is told by its content: a video in the front matter, or parts that only such notes have (highlights
with clip commands, timed quotes, a transcript).
"""

from __future__ import annotations

from collections.abc import Sequence

from viewer.domain.note import Note, NoteFormat, Problem
from viewer.formats.assemble import assemble, with_title
from viewer.formats.body import BodyReader
from viewer.formats.body_header import completed
from viewer.formats.front_matter import FrontMatter
from viewer.formats.inline import plain
from viewer.formats.metadata import read_header
from viewer.formats.outline import Part, outline
from viewer.formats.part_lines import long_line_problems


def read_markdown(front: FrontMatter, name: str, problems: Sequence[Problem] = ()) -> Note:
    """Read Markdown with YAML front matter or none: a video note, or plain reading where it is about no video."""
    header = read_header(front)
    parts = outline(front.body, front.body_line)
    header = completed(header, parts, front.body)
    header.metadata = with_title(header.metadata, heading_title(parts), name)
    body = BodyReader(header.videos[0].id if header.videos else None)
    body.read(parts, header.metadata.title)
    found = [*problems, *long_line_problems(front.body, front.body_line)]
    is_note = header.videos or body.highlights or body.quotes or body.cues or body.mentions or body.chapters
    timed_points = any(point.start_ms is not None for point in body.key_points)
    format_ = NoteFormat.VIDEO_NOTE if is_note or timed_points else NoteFormat.PLAIN
    return assemble(format_, front, header, body, found)


def heading_title(parts: Sequence[Part]) -> str:
    """The title that the headings give: the first of level 1, else the very first one."""
    for part in parts[:200]:
        if part.level == 1:
            return plain(part.title)
    return next((plain(part.title) for part in parts[:3] if part.level), "")
