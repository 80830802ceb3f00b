"""Which family a text belongs to, decided by its content, and its note."""

from __future__ import annotations

from dataclasses import replace

from viewer.domain.note import Metadata, Note, NoteFormat, Problem, Section
from viewer.formats.assemble import in_order
from viewer.formats.captions import read_caption_note
from viewer.formats.decoding import decode, normalised
from viewer.formats.front_matter import split_front_matter
from viewer.formats.insight_page import read_insight_page
from viewer.formats.problems import problem
from viewer.formats.repair import repair
from viewer.formats.show_notes import looks_like_show_notes, read_show_notes
from viewer.formats.video_note import read_markdown

_LARGEST_SEARCHED = 40_000_000
"""Letters; a longer text is shown as it is."""


def parse(text: str, *, name: str = "") -> Note:
    """Read any text as a note. Never raises; what is odd is in the note's problems.

    ``name`` is the file's name: the title of a text that has none, nothing else is concluded from it.
    """
    title = _stem(name)
    text = normalised(text)
    if not text.strip():
        message = "The file is empty."
        return Note(NoteFormat.PLAIN, Metadata(title), problems=(problem("empty", None, message),))
    if len(text) > _LARGEST_SEARCHED:
        message = f"The file has {len(text)} letters; its text is shown as it is."
        found = (problem("line-too-long", None, message),)
        return Note(NoteFormat.PLAIN, Metadata(title), sections=(Section("", 0, text, 1),), problems=found)
    captions = read_caption_note(text, name)
    if captions is not None:
        return captions
    text, repaired = repair(text)
    return _read(text, title, [repaired] if repaired else [])


def _read(text: str, title: str, problems: list[Problem]) -> Note:
    front = split_front_matter(text)
    if front.kind == "toml":
        return read_insight_page(front, title, problems)
    if not front.kind and looks_like_show_notes(front.body):
        return read_show_notes(front.body, title, problems)
    return read_markdown(front, title, problems)


def parse_bytes(data: bytes, *, name: str = "") -> Note:
    """Read a file's bytes as a note: :func:`decode` and :func:`parse`, with the problems of both. Never raises."""
    text, problems = decode(data)
    note = parse(text, name=name)
    if not problems:
        return note
    found = problems if not text else [*problems, *note.problems]
    return replace(note, problems=in_order(found))


def _stem(name: str) -> str:
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and stem and len(suffix) <= 8 and " " not in suffix else name
