"""The benchmark's library is only worth measuring if it is read as what it means to be."""

from __future__ import annotations

import random

from tests.benchmarks.grow import Size, Speech, grow, note_text
from viewer.domain.note import NoteFormat
from viewer.formats.registry import parse


def test_a_grown_note_is_understood():
    rng = random.Random(1)
    size = Size(notes=1, cues=12, words=105, vocabulary=2000)
    note = parse(note_text(0, rng, Speech(rng, size.vocabulary), size))
    assert note.format is NoteFormat.VIDEO_NOTE
    assert note.problems == ()
    assert (len(note.highlights), len(note.key_points), len(note.quotes)) == (4, 8, 3)
    assert (len(note.transcript.cues), len(note.mentions)) == (12, 6)
    assert sum(item.clip is not None for item in note.highlights) == 4


def test_the_same_arguments_grow_the_same_bytes(tmp_path):
    size = Size(notes=3, cues=4, words=10, vocabulary=500)
    grow(tmp_path / "a", size)
    grow(tmp_path / "b", size)
    first = sorted((tmp_path / "a").rglob("*.md"))
    assert len(first) == 3
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in sorted((tmp_path / "b").rglob("*.md"))]
