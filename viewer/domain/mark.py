"""What a reader marks: words of a transcript, or a stretch of the video, in one of four named colours.

The words are kept with what stands around them (W3C Web Annotation's TextQuoteSelector,
https://www.w3.org/TR/annotation-model/#text-quote-selector), so that they can be found again in an edited note.
"""

from __future__ import annotations

import enum
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from viewer.domain.video import Segment

LONGEST_TEXT = 20_000
"""Characters of a mark's words or of its comment that are kept."""

_LONGEST_TAG = 100
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\x00\ud800-\udfff]")
"""What no database and no file takes."""

_LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_PARAGRAPH = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


class MarkColour(str, enum.Enum):
    """The four colours, named by what they mean. The values are kept in files and are part of the JSON schema."""

    IMPORTANT = "important"
    """Yellow."""
    QUESTION = "question"
    """Blue."""
    AGREE = "agree"
    """Green."""
    DOUBT = "doubt"
    """Red."""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class TextAnchor:
    """Where the marked words stand: the words themselves, those just before and after, and where they stood last.

    ``cue`` is the row of the transcript's cue in which they began and ``offset`` the character in its text, at the
    time of marking; None where that is not known.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    cue: int | None = None
    offset: int | None = None

    def __post_init__(self) -> None:
        for name in ("exact", "prefix", "suffix"):
            object.__setattr__(self, name, _SURROGATE.sub("\ufffd", getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark in a note. Texts are brought into one form when it is made, so that what is kept is what is read back.

    ``note_path`` is the note's file as the catalog spells it. ``segment`` is None for words without a known time,
    ``anchor`` None for a stretch of the video that was marked without its words. ``text`` are the words (paragraphs
    parted by an empty line; may be empty), ``comment`` the reader's own. Times in ms since the epoch.
    """

    id: str
    note_path: str
    note_title: str
    segment: Segment | None
    anchor: TextAnchor | None
    text: str
    speaker: str | None
    colour: MarkColour = MarkColour.IMPORTANT
    comment: str = ""
    tags: tuple[str, ...] = ()
    created_ms: int = 0
    changed_ms: int = 0

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "note_title", clean_line(self.note_title))
        put(self, "text", clean_words(self.text))
        put(self, "speaker", clean_line(self.speaker or "") or None)
        put(self, "comment", clean_comment(self.comment))
        put(self, "tags", clean_tags(self.tags))


def new_mark_id() -> str:
    """A new mark's id: 32 hexadecimal digits, never used before."""
    return uuid.uuid4().hex


def clean_line(text: str) -> str:
    """One line: no control letters, white space made one space."""
    return " ".join(_CONTROL.sub("", text[: 2 * LONGEST_TEXT]).split())[:LONGEST_TEXT].rstrip()


def clean_words(text: str) -> str:
    """Words as paragraphs that are parted by an empty line; within one, white space is one space."""
    text = _LINE_END.sub("\n", text[: 2 * LONGEST_TEXT])
    paragraphs = (clean_line(paragraph) for paragraph in _PARAGRAPH.split(text))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)[:LONGEST_TEXT].rstrip()


def clean_comment(text: str) -> str:
    """A comment's lines, without space at their ends; never more than one empty line between two."""
    text = _CONTROL.sub("", _LINE_END.sub("\n", text[: 2 * LONGEST_TEXT]))[:LONGEST_TEXT]
    lines: list[str] = []
    for line in text.split("\n"):
        line = line.strip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).rstrip("\n")


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are kept: one line each, no ``#`` before and no comma in them, each only once, in order."""
    found: dict[str, str] = {}
    for tag in tags:
        clean = clean_line(tag.replace(",", " ")[: 2 * _LONGEST_TAG]).lstrip("# ")[:_LONGEST_TAG].rstrip()
        if clean:
            found.setdefault(clean.casefold(), clean)
    return tuple(found.values())


def title_of(mark: Mark, length: int = 70) -> str:
    """A mark's first words, as its heading; those of its comment where it has no words; empty where it has neither."""
    text = " ".join((mark.text or mark.comment).split())
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:-–—") + "…"
