"""The picture that a note names for its video: in the front matter, or in the file beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.domain.video import VideoRef
from viewer.library.catalog import Catalog
from viewer.library.note_pictures import named_picture

VIDEO = VideoRef("https://talks.example.org/12", "https://talks.example.org/12")
PICTURE = "https://pictures.example.org/12.jpg"


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "index.sqlite3", tmp_path / "user.sqlite3")
    yield catalog
    catalog.close()


def write(folder: Path, name: str, head: str, video: str = VIDEO.url) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(
        f"---\ntitle: A talk\nurl: {video}\n{head}---\n\n# A talk\n\n## Transcript\n\n**Ada:** [0:02]({video}) hello\n",
        encoding="utf-8",
    )
    return path


def test_the_front_matters(catalog: Catalog, tmp_path: Path) -> None:
    write(tmp_path / "notes", "a.md", "")
    write(tmp_path / "notes", "b.md", f"thumbnail: {PICTURE}\n")
    catalog.refresh([tmp_path / "notes"])
    assert named_picture(catalog, VIDEO) == PICTURE


def test_the_side_files(catalog: Catalog, tmp_path: Path) -> None:
    write(tmp_path / "notes", "a.md", "")
    info = {"id": "12", "title": "A talk", "webpage_url": VIDEO.url, "thumbnail": PICTURE, "duration": 60}
    (tmp_path / "notes" / "a.info.json").write_text(json.dumps(info), encoding="utf-8")
    catalog.refresh([tmp_path / "notes"])
    assert named_picture(catalog, VIDEO) == PICTURE


def test_none(catalog: Catalog, tmp_path: Path) -> None:
    write(tmp_path / "notes", "a.md", "")
    write(tmp_path / "notes", "b.md", f"thumbnail: {PICTURE}\n", "https://talks.example.org/13")
    catalog.refresh([tmp_path / "notes"])
    assert named_picture(catalog, VIDEO) is None
    assert named_picture(catalog, VideoRef.youtube("ZAJ4D8RAyfY")) is None


def test_a_note_that_has_gone(catalog: Catalog, tmp_path: Path) -> None:
    path = write(tmp_path / "notes", "b.md", f"thumbnail: {PICTURE}\n")
    catalog.refresh([tmp_path / "notes"])
    path.unlink()
    assert named_picture(catalog, VIDEO) is None
