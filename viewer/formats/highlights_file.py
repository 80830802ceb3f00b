"""The file of a note's marks, read back part by part: what is a mark of ours, and what somebody else has written there.

Outside edits are expected: parts in any order, words and comments changed, text of another's in between. Nothing is
ever lost by reading: every part keeps its own lines.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

from viewer.domain.mark import Mark, MarkColour, TextAnchor
from viewer.domain.note import ClipCommand
from viewer.domain.video import Segment, VideoRef
from viewer.formats.clip_command import is_clip_command, parse_clip_command
from viewer.formats.front_matter import split_front_matter
from viewer.formats.highlights_writer import DATA, INLINE_TRAP, MARKER, OWN_LINE

_HEADING = re.compile(r"#{1,3}[ \t]")
_PICTURE = re.compile(r"\[!\[[^\]]*\]\([^()]*\)\]\([^()]*\)\s*\Z")
_META = re.compile(r"\*(important|question|agree|doubt)\*[ \t]*(?:·[ \t]*(.*))?\Z", re.I)
_DATA = re.compile(rf"<!--\s*{DATA}\s+(\{{.*\}})\s*-->\s*\Z")
_TIME = re.compile(r"(?P<who>.*?)(?:,[ \t]*)?(?:\[[\d:.,–-]+\]\([^()\s]*\))\s*\Z", re.S)
_ID = re.compile(r"[0-9a-f]{32}\Z")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31});", re.I)
_LARGEST_TIME = 1 << 53


@dataclass(frozen=True, slots=True)
class ReadMark:
    """A mark as the file has it. ``unsaid`` names the fields of which the file says nothing (their lines are gone)."""

    mark: Mark
    unsaid: frozenset[str] = frozenset()

    def filled(self, known: Mark) -> Mark:
        """The mark with what the file does not say as it is in ``known``."""
        return replace(self.mark, **{name: getattr(known, name) for name in self.unsaid})


@dataclass(frozen=True, slots=True)
class FilePart:
    """A heading and the lines below it. ``read`` is None for what is no mark of ours."""

    heading: str
    lines: tuple[str, ...]
    read: ReadMark | None = None

    @property
    def text(self) -> str:
        """The part as it stands in the file."""
        return "\n".join((self.heading, *self.lines))


@dataclass(frozen=True, slots=True)
class MarkFile:
    """A whole file: what stands before the first part, and the parts. ``key`` is the file's own id; empty: not ours.

    ``note`` is the title of the note it is about, ``video_id`` its video's.
    """

    key: str
    head: str
    parts: tuple[FilePart, ...] = ()
    note: str = ""
    video_id: str = ""

    @property
    def marks(self) -> dict[str, ReadMark]:
        """The marks by their id."""
        return {part.read.mark.id: part.read for part in self.parts if part.read is not None}


def read_mark_file(text: str) -> MarkFile:
    """Read the file. Never raises; a mark that stands there twice counts once, the copy as somebody else's text."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    front = split_front_matter(text)
    key = front.values.get(MARKER)
    key = key if isinstance(key, str) and _ID.match(key) else ""
    lines = text.split("\n")
    first = front.body_line - 1 if front.kind else 0
    starts = [
        row for row in range(first, len(lines)) if lines[row].startswith("###") and _HEADING.match(lines[row])
    ]
    begin = starts[0] if starts else len(lines)
    starts = [row for row in range(begin, len(lines)) if _HEADING.match(lines[row])]
    parts: list[FilePart] = []
    seen: set[str] = set()
    for row, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        below = tuple(lines[row + 1 : end])
        read = _read_part(below)
        if read is not None and read.mark.id in seen:
            read = None
        if read is not None:
            seen.add(read.mark.id)
        parts.append(FilePart(lines[row], below, read))
    note, video = front.values.get("note"), front.values.get("video_id") or front.values.get("video_url")
    return MarkFile(
        key,
        "\n".join(lines[:begin]),
        tuple(parts),
        note if isinstance(note, str) else "",
        video if isinstance(video, str) else "",
    )


def unescaped(text: str) -> str:
    """The letters that a line of Markdown shows: :func:`viewer.formats.highlights_writer.escaped` taken back."""
    return _ESCAPE.sub(lambda match: match[1] if match[1] else html.unescape(match[0]), text)


@dataclass(slots=True)
class _Pieces:
    """A mark's lines, sorted."""

    commands: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    meta: re.Match[str] | None = None
    data: dict[str, Any] | None = None


def _read_part(lines: tuple[str, ...]) -> ReadMark | None:
    pieces = _sorted(lines)
    data = pieces.data
    if data is None or not isinstance(data.get("id"), str) or not _ID.match(data["id"]):
        return None
    unsaid: set[str] = set()
    segment = _segment(pieces.commands, data.get("segment"))
    if segment is None:
        unsaid.add("segment")
    if pieces.meta is None:
        unsaid |= {"colour", "tags"}
    if not pieces.quoted:
        unsaid |= {"text", "speaker"}
    text, speaker = _words(pieces.quoted)
    tags = (pieces.meta[2] or "").split(",") if pieces.meta else []
    mark = Mark(
        id=data["id"],
        note_path="",
        note_title="",
        segment=segment,
        anchor=_anchor(data.get("anchor")),
        text=text,
        speaker=speaker,
        colour=MarkColour(pieces.meta[1].lower()) if pieces.meta else MarkColour.IMPORTANT,
        comment="\n".join(_comment_line(line) for line in pieces.comment),
        tags=tuple(unescaped(tag) for tag in tags),
        created_ms=_number(data.get("created")) or 0,
        changed_ms=_number(data.get("changed")) or 0,
    )
    return ReadMark(mark, frozenset(unsaid))


def _sorted(lines: tuple[str, ...]) -> _Pieces:
    pieces = _Pieces()
    inside = closed = False
    for line in lines:
        if inside:
            inside = line.strip().lower() != "</details>"
            if is_clip_command(line):
                pieces.commands.append(line.strip())
        elif line.strip().lower() == "<details>" and not pieces.commands:
            inside = True
        elif line.startswith(">") and not closed:
            pieces.quoted.append(line[1:].strip())
        else:
            closed = closed or bool(pieces.quoted)
            _sort_line(pieces, line)
    return pieces


def _sort_line(pieces: _Pieces, line: str) -> None:
    data = _DATA.match(line)
    meta = _META.match(line.strip())
    if data is not None and pieces.data is None:
        pieces.data = _json(data[1])
    elif meta is not None and pieces.meta is None:
        pieces.meta = meta
    elif not _PICTURE.match(line):
        pieces.comment.append(line)


def _json(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _comment_line(line: str) -> str:
    line = line[1:] if line.startswith("\\") and OWN_LINE.match(line) else line
    return INLINE_TRAP.sub(lambda match: match[0][:-1], line)


def _words(quoted: list[str]) -> tuple[str, str | None]:
    lines = list(quoted)
    speaker = None
    if lines and (lines[-1].startswith(("— ", "-- ", "– ")) or lines[-1] == "—"):
        told = lines.pop().lstrip("—–-").strip()
        timed = _TIME.match(told)
        speaker = unescaped(timed["who"] if timed else told).strip() or None
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    words = (_unquoted(" ".join(paragraph)) for paragraph in paragraphs if paragraph)
    return "\n\n".join(words), speaker


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == '"' and text[-1] == '"':
        text = text[1:-1]
    return unescaped(text)


def _segment(commands: list[str], told: object) -> Segment | None:
    for command in commands:
        read = parse_clip_command(command)
        if isinstance(read, ClipCommand):
            return Segment(read.video, read.start_ms, read.end_ms)
    if not isinstance(told, list) or len(told) != 3 or not isinstance(told[0], str):
        return None
    start, end = _number(told[1]), _number(told[2])
    video = VideoRef.from_id(told[0])
    if video is None or start is None or end is None or end <= start:
        return None
    return Segment(video, start, end)


def _anchor(told: object) -> TextAnchor | None:
    if not isinstance(told, list) or len(told) != 5 or not all(isinstance(text, str) for text in told[:3]):
        return None
    return TextAnchor(told[0], told[1], told[2], _number(told[3]), _number(told[4]))


def _number(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < _LARGEST_TIME else None
