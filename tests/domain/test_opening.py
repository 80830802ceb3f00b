from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.opening import read_opening

ID = "dQw4w9WgXcQ"


def test_sorts_what_is_asked_for() -> None:
    opening = read_opening(
        ["notes", f"soundbite:{ID}?t=16-60", f"https://youtu.be/{ID}?t=5", "file:///home/me/a%20b.md"]
    )
    assert opening.paths == (Path("notes"), Path("/home/me/a b.md"))
    assert [(s.video.id, s.start_ms, s.end_ms) for s in opening.segments] == [(ID, 16_000, 60_000)]
    assert [(a.video.id, a.start_ms) for a in opening.addresses] == [(ID, 5_000)]
    assert opening.refused == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "--exec=true",
        "-x",
        f"soundbite:{ID}?t=60-16",
        "soundbite:notes.md",
        "https://user@host/",
        "http://",
        "file://server/share/a.md",
        "file:relative.md",
        "file:///a%00b",
        "file:///a%ff",
        "a\0b",
    ],
)
def test_refuses_what_is_none_of_these(text: str) -> None:
    opening = read_opening([text])
    assert opening.refused == (text,)
    assert [*opening.paths, *opening.segments, *opening.addresses] == []


def test_a_file_whose_name_begins_with_a_dash_can_be_named() -> None:
    assert read_opening(["./-Qw4w9WgXcQ.md"]).paths == (Path("-Qw4w9WgXcQ.md"),)


@given(st.text(max_size=80))
def test_every_word_lands_in_one_place(text: str) -> None:
    opening = read_opening([text])
    assert sum(map(len, (opening.paths, opening.segments, opening.addresses, opening.refused))) == 1


@pytest.mark.parametrize(
    "text", ["file:////server/share/note.md", "file://localhost//server/share", "\ud800.md", "a\udfffb.md"]
)
def test_what_no_file_here_can_be_called_is_refused(text: str) -> None:
    found = read_opening([text])
    assert (found.paths, found.refused) == ((), (text,))


def test_a_file_whose_name_is_no_utf_8_is_opened() -> None:
    name = b"/notes/caf\xe9.md".decode("utf-8", "surrogateescape")
    assert [str(path) for path in read_opening([name]).paths] == [name]
