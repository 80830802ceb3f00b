from __future__ import annotations

import os
from pathlib import Path

import pytest

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.library.scanner import compare, scan


def names(folder: Path) -> list[str]:
    return sorted(os.path.relpath(path, folder) for path in scan([folder]).files)


def put(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x")


def test_finds_notes_and_what_stands_beside_them(tmp_path):
    put(
        tmp_path,
        "a.md",
        "b.TXT",
        "c.markdown",
        "sub/deep/d.vtt",
        "e.srt",
        "f.json3",
        "g.info.json",
        "名 前.md",
    )
    put(tmp_path, "picture.png", "noext", "page.html", "archive.zip")
    expected = [
        "a.md",
        "b.TXT",
        "c.markdown",
        "e.srt",
        "f.json3",
        "g.info.json",
        "sub/deep/d.vtt",
        "名 前.md",
    ]
    assert names(tmp_path) == expected


def test_leaves_hidden_folders_and_node_modules_alone(tmp_path):
    put(
        tmp_path,
        ".git/x.md",
        ".obsidian/x.md",
        "node_modules/p/x.md",
        "lost+found/x.md",
        "@eaDir/x.md",
        ".hidden.md",
        "sub/.trash/x.md",
        "ok.md",
    )
    assert names(tmp_path) == ["ok.md"]


def test_a_folder_named_like_a_note_is_entered(tmp_path):
    put(tmp_path, "talks.md/inside.md")
    assert names(tmp_path) == ["talks.md/inside.md"]


def test_survives_symbolic_link_loops(tmp_path):
    put(tmp_path, "a/note.md")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "nowhere.md").symlink_to(tmp_path / "gone.md")
    assert len(scan([tmp_path]).files) == 1


def test_follows_links_to_files_and_folders(tmp_path):
    put(tmp_path, "out/x.md", "in/y.md")
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "z.md").symlink_to(tmp_path / "out" / "x.md")
    assert names(tmp_path / "in") == ["linked/x.md", "y.md", "z.md"]


def test_overlapping_folders_and_single_files(tmp_path):
    put(tmp_path, "a/x.md", "b.md")
    assert len(scan([tmp_path, tmp_path / "a", tmp_path / "b.md"]).files) == 2
    assert len(scan([tmp_path / "b.md"]).files) == 1


def test_a_missing_folder_is_told_not_raised(tmp_path):
    assert scan([tmp_path / "gone"]).unreadable == (str(tmp_path / "gone"),)


def test_a_named_pipe_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    assert names(tmp_path) == []


def test_a_name_that_is_no_utf8(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("x")
    assert len(scan([tmp_path]).files) == 1


def test_can_be_cancelled(tmp_path):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        scan([tmp_path], token)


def test_compares():
    before = {"kept": (1, 1, 1), "written": (1, 1, 1), "gone": (1, 1, 1)}
    after = {"kept": (1, 1, 1), "written": (1, 2, 1), "new": (1, 1, 1)}
    changes = compare(before, after)
    assert (changes.added, changes.changed, changes.removed) == (("new",), ("written",), ("gone",))
    assert not compare(after, dict(after))
