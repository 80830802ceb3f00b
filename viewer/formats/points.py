"""Bulleted lists of named, timed things: key points, mentions, chapters.

The shape of the notes is ``- **Name** ([0:16](url)) - text``; the name without emphasis, the time before it, after
it or at the end, and the list mark of any kind are read as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from viewer.domain.note import Problem
from viewer.formats.inline import LINK, TIME_TOKEN, TimeMark, find_linked_times, plain, time_mark
from viewer.formats.outline import LONGEST_LINE

BULLET = re.compile(r"([ \t]*)(?:[-*+•·▪●◦‣○■–]|[🔹🔸🔷🔶▶►▸➤➢✅✔👉📌]\ufe0f?|\d{1,3}[.)])[ \t]+(?=\S)")
"""The mark of a list item; group 1 is its indentation. Dots, dashes and signs of plain text count as well."""

RULE = re.compile(r"[ \t]*(?:[-*_][ \t]*){3,}\Z|[ \t]*<(?:br|hr)[ \t]*/?>[ \t]*\Z", re.I)
"""A line that only separates."""

_TICK = re.compile(r"\[[ xX]\][ \t]+")
_BOLD = re.compile(r"(\*\*|__)(.{1,400}?)\1")
_SEPARATOR = re.compile(r"[ \t]*(?:[-–—―:|→]+[ \t]+|[-–—―:|→]+\Z)")
_NAME_END = re.compile(r"[ \t]+(?:[-–—―]{1,2}|\|)[ \t]+|:[ \t]+|[ \t]*[—―][ \t]*")


@dataclass(frozen=True, slots=True)
class Item:
    """One list item: its 1-based line and its text, with the lines that belong to it joined."""

    line: int
    text: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """What an item says: a name (empty when it has none), its time, and the rest of its text."""

    name: str
    text: str
    mark: TimeMark | None
    line: int

    @property
    def problem(self) -> Problem | None:
        """A disagreement between the time and its link."""
        return self.mark.problem if self.mark else None


def read_items(lines: Sequence[str], first: int) -> tuple[list[Item], list[str]]:
    """The list items of some lines (``first`` is the line of the first), and the lines that belong to none.

    The others keep their places: where a line belongs to an item, an empty one stands.
    """
    items: list[Item] = []
    others: list[str] = []
    indent = 0
    blank = True
    for row, line in enumerate(lines):
        if not line or line.isspace():
            blank = True
            others.append("")
            continue
        match = BULLET.match(line) if len(line) <= LONGEST_LINE else None
        if match is not None and RULE.match(line):
            match = None
        others.append("")
        depth = len(match[1].expandtabs(4)) if match else 0
        if match is not None and (not items or depth <= indent + 1):
            if not items:
                indent = depth
            items.append(Item(first + row, line[match.end() :].strip()))
        elif items and (match is not None or not blank or line[0] in " \t") and not RULE.match(line):
            last = items[-1]
            more = line.strip()
            items[-1] = Item(last.line, last.text, f"{last.more}\n{more}" if last.more else more)
        else:
            others[-1] = line
        blank = False
    return items, others


def read_point(item: Item, *, split_name: bool = True) -> Point:
    """Take an item apart. Without emphasis, ``Name - text`` and ``Name: text`` are split when ``split_name``."""
    text = _TICK.sub("", item.text, 1)
    name, mark = "", None
    mark, text = _leading_time(text, item.line)
    match = _BOLD.match(text)
    if match is not None:
        name, text = match[2], text[match.end() :]
        inner, name = (None, name) if mark else _time_inside(name, item.line)
        mark = mark or inner
        if mark is None:
            mark, text = _leading_time(text, item.line)
    elif mark is None:
        found = _first_time(text, item.line)
        if (
            found is not None
            and 0 < found.begin <= 160
            and not text[: found.begin].rstrip("( ").endswith(".")
        ):
            name, mark, text = _around(text, found)
    text = _without_separator(text)
    if mark is None:
        mark, text = _time_anywhere(text, item.line)
    if not name and split_name:
        name, text = _named(text)
    more = f"{text}\n{plain(item.more)}" if item.more and text else plain(item.more) or text
    title = plain(name).strip(" :-–—\t")
    return Point(title, plain(more), mark, item.line)


def _without_separator(text: str) -> str:
    text = text.lstrip()
    return _SEPARATOR.sub("", text, 1) if text[:1] in "-–—―:|→" else text


def _leading_time(text: str, line: int) -> tuple[TimeMark | None, str]:
    """The time with which a text begins, and the text after it. Further times beside it are kept in words."""
    start = text.lstrip("*_ \t:–—-")
    match = TIME_TOKEN.match(start)
    mark = time_mark(match, line) if match else None
    if match is None or mark is None:
        return None, text
    opening = text[: len(text) - len(start)]
    rest = start[match.end() :]
    further: list[str] = []
    following = _FURTHER.match(rest)
    while following is not None and len(further) < 50:
        further.append(following["label"] or following["boxed"] or following["bare"])
        rest = rest[following.end() :]
        following = _FURTHER.match(rest)
    if start[0] == "(" and rest.lstrip()[:1] == ")":
        rest = rest.lstrip()[1:]
    for emphasis in ("**", "__"):
        if emphasis in opening:
            rest = rest[2:] if rest.startswith(emphasis) else emphasis + rest.lstrip(" -–—:")
    rest = _without_separator(rest)
    if further:
        rest = f"{rest} (also {', '.join(further)})".strip()
    return mark, rest


_FURTHER = re.compile(rf"[ \t]*(?:[,;&/]|and\b)[ \t]*(?:{TIME_TOKEN.pattern})")


def _time_inside(name: str, line: int) -> tuple[TimeMark | None, str]:
    found = _first_time(name, line)
    if found is None:
        return None, name
    return found, f"{name[: found.begin].rstrip(' ([-–—')} {name[found.end :].lstrip(' )]-–—:')}".strip()


def _first_time(text: str, line: int) -> TimeMark | None:
    """The first time in a text that is surely one: in a link or in brackets. Bare digits may be a time of day."""
    if ":" not in text:
        return None
    for match in TIME_TOKEN.finditer(text, 0, 4000):
        if match["bare"] is None:
            mark = time_mark(match, line)
            if mark is not None:
                return mark
    return None


def _around(text: str, mark: TimeMark) -> tuple[str, TimeMark | None, str]:
    """Split ``Name ([0:16](url)) - text`` at its time; a time within running prose leaves the text whole."""
    before, after = text[: mark.begin].rstrip(" ("), text[mark.end :].lstrip(" )")
    if not after or after[0] in "-–—―:|→":
        return before, mark, _without_separator(after)
    return "", None, text


def _time_anywhere(text: str, line: int) -> tuple[TimeMark | None, str]:
    mark = _first_time(text, line)
    if mark is None:
        linked = find_linked_times(text, line) if "http" in text else []
        if linked and "](" not in text and text[: linked[0].begin].strip() in ("", "("):
            return linked[0], _without_separator(text[linked[0].end :].lstrip(" )"))
        return (linked[0] if linked else None), text
    if not text[mark.end :].strip(" ).]"):
        return mark, text[: mark.begin].rstrip(" (-–—,")
    return mark, text


def _named(text: str) -> tuple[str, str]:
    """Split ``Name: text`` and ``Name - text``; a text that has no name is all name, so that a row has a title."""
    link = LINK.match(text)
    begin = link.end() if link else 0
    match = _NAME_END.search(text, begin, begin + 100)
    if match is not None and 0 < match.start() <= begin + 90:
        name = text[: match.start()]
        words = len(plain(name).split())
        if 0 < words <= 10 and not name.rstrip().endswith((".", "!", "?")):
            return name, text[match.end() :]
    return text, ""
