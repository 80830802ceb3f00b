"""Bytes to text: encodings, line ends, and what is no text."""

from __future__ import annotations

import codecs

import pytest

from viewer.formats.decoding import decode
from viewer.formats.registry import parse_bytes

TEXT = "# Título — 你好\n\nText with é and 🔍.\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"), codecs.BOM_UTF8 + TEXT.encode("utf-8"), TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), TEXT.encode("utf-32"), TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"), TEXT.replace("\n", "\r\n").encode("utf-8"), TEXT.replace("\n", "\r").encode("utf-8"),
    ],
)  # fmt: skip
def test_the_same_text_in_every_encoding(data):
    assert decode(data) == (TEXT, [])


def test_an_old_encoding_is_guessed_and_said():
    text, problems = decode("Line one\nCafé “naïve” – 5 €\n".encode("cp1252"))
    assert text == "Line one\nCafé “naïve” – 5 €\n"
    assert [(p.code, p.line) for p in problems] == [("encoding-guessed", 2)]


def test_one_broken_letter_does_not_change_the_others():
    text, problems = decode(("é" * 100).encode() + b"\xff" + "é你".encode())
    assert text == "é" * 100 + "\ufffd" + "é你"
    assert [p.code for p in problems] == ["encoding-guessed"]


@pytest.mark.parametrize(
    "data",
    [b"\x00" * 100, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4, b"\x7fELF\x02\x01\x01" + b"\0" * 50,
     bytes(range(256)) * 20, b"PK\x03\x04\x14\x00\x00\x00" * 10, b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(200, 256)) * 9],
)  # fmt: skip
def test_what_is_no_text(data):
    text, problems = decode(data)
    assert (text, [p.code for p in problems]) == ("", ["not-text"])
    assert [p.code for p in parse_bytes(data, name="x").problems] == ["not-text"]


def test_a_note_with_bom_and_crlf_is_read_as_ever():
    data = (
        codecs.BOM_UTF8
        + b"---\r\nvideo_id: ZAJ4D8RAyfY\r\ntitle: T\r\n---\r\n\r\n## Transcript\r\n\r\n[0:00] hello\r\n"
    )
    note = parse_bytes(data)
    assert (note.title, note.video.id, note.transcript.cues[0].text) == ("T", "ZAJ4D8RAyfY", "hello")
    assert note.problems == ()
