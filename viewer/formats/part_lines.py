"""Small questions about the lines of a part: what is quoted, what only separates, which items stand together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from viewer.domain.note import Problem
from viewer.formats.cue_lines import looks_like_transcript
from viewer.formats.inline import CLOCK, TimeMark, find_times, plain
from viewer.formats.outline import LONGEST_LINE, Part, trimmed
from viewer.formats.points import RULE, Item, Point, read_items, read_point
from viewer.formats.problems import problem
from viewer.formats.quotes import Line, Said, read_block, read_quoted_item


def long_line_problems(text: str, first_line: int) -> list[Problem]:
    """The problem of the first line that is too long to be searched for structure; none for usual text."""
    if len(text) <= LONGEST_LINE:
        return []
    for row, line in enumerate(text.split("\n")):
        if len(line) > LONGEST_LINE:
            message = f"This line has {len(line)} letters; it is shown as it is."
            return [problem("line-too-long", first_line + row, message)]
    return []


def paragraphs(lines: Sequence[str], first: int) -> list[list[Line]]:
    """Lines grouped into paragraphs, each line with its number; ``first`` is the number of the first."""
    paragraphs: list[list[Line]] = []
    blank = True
    for row, line in enumerate(lines):
        if line.strip():
            if blank:
                paragraphs.append([])
            paragraphs[-1].append(Line(first + row, line))
        blank = not line.strip()
    return paragraphs


def quote_lines(part: Part) -> list[Line]:
    """The ``> ...`` lines of a part that lie in no code fence."""
    return [
        Line(part.first + row, line)
        for row, line in enumerate(part.lines)
        if row not in part.fenced and line.lstrip().startswith(">")
    ]


def without_rules(lines: Sequence[str]) -> str:
    """The lines as text, without blank lines and separating rules at its ends."""
    start, end = 0, len(lines)
    while start < end and (not lines[start].strip() or RULE.match(lines[start])):
        start += 1
    while end > start and (not lines[end - 1].strip() or RULE.match(lines[end - 1])):
        end -= 1
    return trimmed(lines[start:end])


def by_bold_lines(part: Part) -> list[tuple[str, list[Item], list[str]]]:
    """Groups of list items: (kind, items, other lines). ``**People:**`` alone on a line begins a group."""
    starts = [
        (row, plain(line).rstrip(":").strip())
        for row, line in enumerate(part.lines)
        if line.startswith("**") and line.rstrip().rstrip(":").endswith("**") and line.count("**") == 2
    ]
    groups = []
    bounds = [(-1, plain(part.title)), *starts, (len(part.lines), "")]
    for (row, kind), (end, _) in pairwise(bounds):
        lines = part.lines[row + 1 : end]
        items, others = read_items(lines, part.first + row + 1)
        if row >= 0 and not items:
            others.insert(0, part.lines[row])
        groups.append((kind, items, others))
    return groups


def chapter_line(text: str, line: int) -> Point | None:
    """The chapter that a line names; None when it has no time or no words."""
    if text.startswith("|"):
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        timed = next((at for at, cell in enumerate(cells[:3]) if _TIME_CELL.match(cell)), 0)
        text = " - ".join(
            cell for cell in (cells[timed], *cells[:timed], *cells[timed + 1 :]) if cell.strip("#-")
        )
    items, _ = read_items([text], line)
    read = read_point(items[0] if items else Item(line, text), split_name=False)
    if read.mark is None:
        return None
    name = " - ".join(part for part in (read.name, read.text) if part)
    label = _TIME_IN_LABEL.match(name)
    name = name[label.end() :] if label else name
    return replace(read, name=name, text="") if name else None


_TIME_CELL = re.compile(rf"\W{{0,4}}{CLOCK}\b")
_TIME_IN_LABEL = re.compile(rf"{CLOCK}[ \t]*[-–—:|]*[ \t]*(?=\S)")


def chapter_lines(part: Part) -> tuple[list[Point], list[str]]:
    """The lines of a part that name a chapter, and the other ones."""
    points: list[Point] = []
    others: list[str] = []
    for row, line in enumerate(part.lines):
        text = line.strip()
        point = chapter_line(text, part.first + row) if text else None
        if point is not None:
            points.append(point)
        elif text:
            others.append(text)
    return points, others


_TELLING_COLUMN = re.compile(r"quote|summary|highlight|title|moment|topic|what|clip|text|description", re.I)


def table_moments(part: Part) -> list[tuple[int, str, TimeMark]]:
    """The rows of a table that name a time: (line, words, time). The words are those of the telling column."""
    column: int | None = None
    found: list[tuple[int, str, TimeMark]] = []
    for row, line in enumerate(part.lines):
        if line.lstrip()[:1] != "|" or row in part.fenced or len(line) > LONGEST_LINE:
            column = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        marks = [
            mark
            for cell in cells
            if _TIME_CELL.match(cell) or "](" in cell
            for mark in find_times(cell, part.first + row)
        ]
        if not marks:
            named = (at for at, cell in enumerate(cells) if _TELLING_COLUMN.search(cell))
            column = next(named, None) if column is None else column
            continue
        words = cells[column] if column is not None and column < len(cells) else max(cells, key=len)
        if plain(words):
            found.append((part.first + row, words, marks[0]))
    return found


def quoted_lines(lines: Sequence[str], first: int) -> tuple[list[Said], list[str]]:
    """What is said in list items and in paragraphs of their own, and the lines that say nothing of the kind."""
    items, others = read_items(lines, first)
    found: list[Said] = []
    left: list[str] = []
    for item in items:
        text = f"{item.text} {' '.join(item.more.split())}".strip()
        said = read_quoted_item(text, item.line)
        if said is None:
            left.append(f"- {item.text}" + (f"\n  {item.more}" if item.more else ""))
        else:
            found.append(said)
    for paragraph in paragraphs(others, first):
        if paragraph[0].text.lstrip("*_ ")[:1] in tuple('"“„«「『'):
            alone = read_quoted_item(paragraph[0].text, paragraph[0].number) if len(paragraph) == 1 else None
            found.extend([alone] if alone else read_block(paragraph))
        else:
            left.extend((*(line.text for line in paragraph), ""))
    return found, left


def has_time(scope: Sequence[Part]) -> bool:
    """Whether anything in these parts has a time of a video."""
    return any(looks_like_transcript(part.lines) for part in scope) or any(
        "](http" in line and ("t=" in line or "youtu" in line) for part in scope for line in part.lines[:50]
    )
