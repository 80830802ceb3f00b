"""A text as headings with their lines: the one pass over the lines that every Markdown reader starts from.

Only what structure needs is read here (ATX headings, ``===`` and ``---`` underlines, code fences), line by line and in linear
time; a full Markdown parser would cost ten times as much on a note of 800 cues.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_LINE = 100_000
"""Letters; a longer line is shown as it is and not searched for structure."""

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?\Z")
_CLOSING_HASHES = re.compile(r"(?:^|[ \t])#+[ \t]*\Z")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*([^`]*)\Z")
_DASHED_UNDERLINE = re.compile(r" {0,3}-{3,}[ \t]*\Z")
_UNDERLINE = re.compile(r" {0,3}={3,}[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """One heading and the lines below it, up to the next heading of any level.

    ``level`` is 0 for the text before the first heading. ``line`` is the heading's 1-based line, ``first`` that of
    ``lines[0]``. ``fenced`` holds the rows of ``lines`` that lie in a code fence, its markers included.
    """

    level: int
    title: str
    line: int
    first: int
    lines: tuple[str, ...]
    fenced: frozenset[int] = frozenset()

    @property
    def blank(self) -> bool:
        """Whether nothing stands below the heading."""
        return not any(line and not line.isspace() for line in self.lines)

    def markdown(self) -> str:
        """The lines as text, without blank lines around it."""
        return trimmed(self.lines)


def trimmed(lines: Sequence[str]) -> str:
    """The lines as one text, without the blank lines at its ends; indentation of the first line is kept."""
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[start:end]).rstrip()


def fenced_rows(lines: Sequence[str]) -> set[int]:
    """The rows that lie in a code fence, markers included. A fence that is never closed counts as none."""
    rows: set[int] = set()
    opened: int | None = None
    marker = ""
    for row, line in enumerate(lines):
        if ("```" not in line and "~~~" not in line) or len(line) > LONGEST_LINE:
            continue
        match = _FENCE.match(line)
        if match is None:
            continue
        fence, info = match[1], match[2].strip()
        same = opened is not None and fence[0] == marker[0] and len(fence) >= len(marker)
        if opened is None or (same and info):
            # An opening inside an open fence of the same kind: the earlier one was never closed.
            opened, marker = row, fence
        elif same:
            rows.update(range(opened, row + 1))
            opened = None
    return rows


def outline(text: str, first_line: int = 1) -> list[Part]:
    """The text's parts in order. ``first_line`` is the 1-based line at which ``text`` begins in its file."""
    lines = text.split("\n")
    fenced = fenced_rows(lines)
    order = sorted(fenced)
    parts: list[Part] = []
    level, title, heading_row, start = 0, "", 0, 0

    def close(end: int) -> None:
        inside = frozenset(row - start for row in order[bisect_left(order, start) : bisect_left(order, end)])
        part = Part(
            level, title, first_line + heading_row, first_line + start, tuple(lines[start:end]), inside
        )
        if level or not part.blank:
            parts.append(part)

    for row, line in enumerate(lines):
        if row in fenced or len(line) > LONGEST_LINE:
            continue
        if "#" in line[:4]:
            match = _HEADING.match(line)
            if match is None:
                continue
            close(row)
            level, title = len(match[1]), _CLOSING_HASHES.sub("", match[2] or "").strip()
            heading_row, start = row, row + 1
        elif (
            "===" in line[:6] and row > start and _UNDERLINE.match(line) and _is_underlined(lines, row, start)
        ):
            close(row - 1)
            level, title, heading_row, start = 1, lines[row - 1].strip(), row - 1, row + 1
        elif (
            "---" in line[:6]
            and row > start
            and _DASHED_UNDERLINE.match(line)
            and _is_underlined(lines, row, start)
            and _may_be_title(lines[row - 1].strip())
        ):
            close(row - 1)
            level, title, heading_row, start = 2, lines[row - 1].strip(), row - 1, row + 1
    close(len(lines))
    return parts


def _is_underlined(lines: Sequence[str], row: int, start: int) -> bool:
    above = lines[row - 1].strip()
    alone = row - 2 < start or not lines[row - 2].strip()
    return bool(above) and len(above) < 300 and alone and above[0] not in ">-*|`"


def _may_be_title(text: str) -> bool:
    """Whether a line above ``---`` is a heading: many writers put that rule right below a paragraph."""
    words = text.split()
    return (
        len(words) <= 8
        and len(text) <= 80
        and text[0].isalnum()
        and "](" not in text
        and "://" not in text
        and text[-1] not in '.,;:!?…"”»)*_'
        and not text[: len(words[0])].rstrip(".)").isdigit()
    )
