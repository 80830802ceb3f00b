"""New notes under free names, nothing overwritten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from viewer.library.new_files import free_paths, note_name, video_ids_in, write_new


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What does Sam Altman want? | 3 Wow", "What does Sam Altman want - 3 Wow"),
        ("AC/DC: live 3:16", "AC-DC - live 3-16"),
        ("../../etc/passwd", "etc-passwd"),
        ('<b>"x"*', "bx"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("???", "Video"),
        ("", "Video"),
        ("a\x00\u202eb\nc", "ab c"),
        ("日本" * 100, "日本" * 25),
        ("C:\\Windows", "C-Windows"),
    ],
)
def test_a_title_becomes_a_harmless_name(title: str, name: str) -> None:
    found = note_name(title)
    assert found == name
    assert "/" not in found
    assert len(found.encode()) <= 150


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    first = next(free_paths(tmp_path, "A"))
    assert write_new(first, "one")
    assert not write_new(first, "two")
    assert first.read_text() == "one"
    assert next(free_paths(tmp_path, "A")).name == "A (2).md"
    (tmp_path / "A (2).md").symlink_to(tmp_path / "nowhere")
    assert next(free_paths(tmp_path, "A")).name == "A (3).md"
    assert not write_new(tmp_path / "A (2).md", "x")
    assert sorted(os.listdir(tmp_path)) == ["A (2).md", "A.md"]


def test_a_file_system_without_links_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert write_new(tmp_path / "a.md", "one")
    assert not write_new(tmp_path / "a.md", "two")
    assert (tmp_path / "a.md").read_text() == "one"


def test_which_videos_a_folder_has(tmp_path: Path, seeds: Path) -> None:
    (tmp_path / "a.md").write_text('---\nvideoId: "ZAJ4D8RAyfY"\n---\n')
    (tmp_path / "b.txt").write_text('+++\n[extra]\nvideo_id = "JfE1Wun9xkk"\n+++\n')
    (tmp_path / "c.md").write_text("nothing\n")
    (tmp_path / "d.json").write_text("video_id: AAAAAAAAAAA")
    assert set(video_ids_in(tmp_path)) == {"ZAJ4D8RAyfY", "JfE1Wun9xkk"}
    assert set(video_ids_in(seeds)) == {"ZAJ4D8RAyfY", "JfE1Wun9xkk"}
    assert video_ids_in(tmp_path / "none") == {}
