"""Which family a text belongs to, decided by its content, and its note."""

from __future__ import annotations

from viewer.domain.note import Metadata, Note, NoteFormat, Section


def parse(text: str, *, name: str = "") -> Note:
    """Read any text as a note. Never raises; what is odd is in the note's problems.

    ``name`` is the file's name: the title of a text that has none, nothing else is concluded from it.
    """
    title = name.rsplit(".", 1)[0]
    return Note(NoteFormat.PLAIN, Metadata(title), sections=(Section("", 0, text, 1),))
