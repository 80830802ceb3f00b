"""What an unpacked archive can put into a folder besides files: pipes and links to devices, which must hold nothing up."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.library.test_mark_notes import Desk
from viewer.base.untrusted import read_file
from viewer.library.loader import load_note

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither"),
    pytest.mark.timeout(20),
]


def make_odd(path: Path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_what_is_no_plain_file_is_an_error_at_once(tmp_path: Path, kind: str) -> None:
    make_odd(tmp_path / "odd", kind)
    with pytest.raises(OSError, match="no plain file"):
        read_file(tmp_path / "odd", 100)


def test_a_file_is_read_up_to_one_byte_more(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1000)
    assert len(read_file(tmp_path / "file", 100)) == 101
    (tmp_path / "link").symlink_to("file")
    assert len(read_file(tmp_path / "link", 5000)) == 1000


@pytest.mark.parametrize("kind", ["pipe", "link"])
@pytest.mark.parametrize("name", ["talk.en.vtt", "talk.info.json", "talk.srt"])
def test_a_note_is_read_whatever_lies_beside_it(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / "talk.md").write_text("# A talk\n\nIts words.\n", "utf-8")
    make_odd(tmp_path / name, kind)
    note = load_note(tmp_path / "talk.md")
    assert note.title == "A talk"
    assert [problem.code for problem in note.problems] == ["sidecar-unreadable"]


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_a_note_that_is_no_plain_file_says_so(tmp_path: Path, kind: str) -> None:
    make_odd(tmp_path / "talk.md", kind)
    assert [problem.code for problem in load_note(tmp_path / "talk.md").problems] == ["unreadable"]


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_marks_are_written_beside_what_is_no_plain_file(tmp_path: Path, kind: str) -> None:
    desk = Desk(tmp_path)
    make_odd(desk.file, kind)
    mark = desk.add()
    made = desk.sync().file
    assert made is not None
    assert made.name == "A talk (2).highlights.md"
    assert mark.text in made.read_text("utf-8")
    desk.user.close()
