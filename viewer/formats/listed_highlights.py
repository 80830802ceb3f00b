"""Highlights that stand below one heading without headings of their own: rows of a table, list items, block quotes."""

from __future__ import annotations

from dataclasses import dataclass, field

from viewer.domain.note import Highlight, Problem
from viewer.formats.inline import TimeMark, plain, unquoted
from viewer.formats.outline import Part
from viewer.formats.part_lines import quote_lines, table_moments
from viewer.formats.points import read_items, read_point
from viewer.formats.quotes import quote_blocks, read_block, read_quoted_item

_LONGEST_TITLE = 80


@dataclass(slots=True)
class Listed:
    """The highlights of a part, what was odd, and the lines that no rule understood. None: the part is prose."""

    highlights: list[Highlight] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def add(
        self,
        title: str,
        quote: str | None,
        speaker: str | None,
        mark: TimeMark | None,
        video: str | None,
        line: int,
    ) -> None:
        """One highlight; ``video`` is the one meant where its link names none."""
        if mark is not None and mark.problem is not None:
            self.problems.append(mark.problem)
        start, end, linked = (mark.start_ms, mark.end_ms, mark.video_id) if mark else (None, None, None)
        self.highlights.append(Highlight(title, quote, speaker, linked or video, start, end, line=line))


def listed_highlights(head: Part, video_id: str | None, *, in_video_note: bool) -> Listed | None:
    """Read a part's table, list or block quotes as highlights; None where a list has no time and no video is meant."""
    found = Listed()
    for line, words, moment in table_moments(head):
        shown = unquoted(plain(words))
        found.add(shown, shown if shown != plain(words) else None, None, moment, video_id, line)
    if found.highlights:
        found.others = list(head.lines)  # the other columns are kept as they stand
        return found
    items, others = read_items(head.lines, head.first)
    if not in_video_note and items and all(read_point(item).mark is None for item in items):
        return None
    for item in items:
        point = read_point(item)
        said = read_quoted_item(item.text, item.line) if not point.text else None
        title = said.text if said and len(said.text) <= 100 else point.name
        said_words = (said.text if said else point.text) or None
        found.add(title, said_words, said.speaker if said else None, point.mark, video_id, item.line)
    if items:
        found.others = others
        return found
    for block in quote_blocks(quote_lines(head)):
        for said in read_block(block):
            short = len(said.text) <= _LONGEST_TITLE
            title = said.text if short else said.text[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
            found.add(title, said.text, said.speaker, said.mark, video_id, said.line)
    found.others = [line for line in head.lines if not line.lstrip().startswith(">")]
    return found
