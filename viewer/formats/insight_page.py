"""An insight page: Zola's Markdown page with TOML front matter (taxonomies, extra), all prose.

https://www.getzola.org/documentation/content/page/ describes the front matter. Every section is kept in order;
only parts that have times (a transcript, chapters, timed quotes) are taken into structures.
"""

from __future__ import annotations

from collections.abc import Sequence

from viewer.domain.note import Note, NoteFormat, Problem
from viewer.formats.assemble import assemble, with_title
from viewer.formats.body import BodyReader
from viewer.formats.body_header import completed
from viewer.formats.front_matter import FrontMatter
from viewer.formats.metadata import read_header
from viewer.formats.outline import outline
from viewer.formats.part_lines import long_line_problems
from viewer.formats.video_note import heading_title


def read_insight_page(front: FrontMatter, name: str, problems: Sequence[Problem] = ()) -> Note:
    """Read a page with TOML front matter; one that has no date, taxonomy, video or text of its own is plain."""
    header = read_header(front)
    parts = outline(front.body, front.body_line)
    header = completed(header, parts, front.body)
    header.metadata = with_title(header.metadata, heading_title(parts), name)
    body = BodyReader(header.videos[0].id if header.videos else None, only_timed=True)
    body.read(parts, header.metadata.title)
    if header.summary:
        body.summary = None
    metadata = header.metadata
    is_page = (
        header.videos or header.chapters or body.highlights or body.quotes or body.cues
        or metadata.published or metadata.tags or metadata.categories or header.summary
    )  # fmt: skip
    format_ = NoteFormat.INSIGHT_PAGE if is_page else NoteFormat.PLAIN
    found = [*problems, *long_line_problems(front.body, front.body_line)]
    return assemble(format_, front, header, body, found)
