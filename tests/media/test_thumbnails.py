"""Pictures that were fetched: kept within a budget; what has none is not asked for again for a day."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standin.pictures import PNG, PictureServer, reply
from viewer.base.cancel import CancelToken
from viewer.domain.video import VideoRef
from viewer.media.failures import MediaError
from viewer.media.picture_source import PictureSource
from viewer.media.thumbnails import WITHOUT_S, ThumbnailStore

VIDEO = VideoRef.youtube("ZAJ4D8RAyfY")
OTHER = VideoRef("https://talks.example.org/12", "https://talks.example.org/12")


@pytest.fixture
def server() -> Iterator[PictureServer]:
    server = PictureServer()
    yield server
    server.close()


def nothing() -> str | None:
    return None


def small(data: bytes) -> bytes | None:
    return b"small " + data[:4]


class Desk:
    def __init__(self, folder: Path, server: PictureServer, budget: int = 1_000_000) -> None:
        self.store = ThumbnailStore(folder, small, budget)
        self.source = PictureSource(server.base)

    def fetch(self, video: VideoRef = VIDEO, named: str | None = None) -> Path | None:
        return self.store.fetch(video, self.source, lambda: named, CancelToken())


def test_a_picture_is_fetched_once_and_kept_small(server: PictureServer, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "pictures", server)
    assert desk.store.kept(VIDEO) is None
    assert not (tmp_path / "pictures").exists()
    path = desk.fetch()
    assert path is not None
    assert path.read_bytes() == b"small \x89PNG"
    assert desk.fetch() == desk.store.kept(VIDEO) == path
    assert len(server.asked) == 1
    assert [one.name for one in (tmp_path / "pictures").iterdir()] == [path.name]


def test_what_has_no_picture_is_remembered_for_a_day(server: PictureServer, tmp_path: Path) -> None:
    server.answer = reply(PNG, "404 Not Found")
    assert Desk(tmp_path, server).fetch() is None
    assert Desk(tmp_path, server).fetch() is None
    assert len(server.asked) == 1
    server.answer = reply()
    for path in tmp_path.iterdir():
        then = time.time() - WITHOUT_S - 5
        os.utime(path, (then, then))
    assert Desk(tmp_path, server).fetch() is not None
    assert [path.suffix for path in tmp_path.iterdir()] == [".jpg"]


def test_what_cannot_be_decoded_is_no_picture(server: PictureServer, tmp_path: Path) -> None:
    store = ThumbnailStore(tmp_path, lambda data: None)
    assert store.fetch(VIDEO, PictureSource(server.base), nothing, CancelToken()) is None
    assert store.known_without(VIDEO)
    assert store.kept(VIDEO) is None


def test_a_failure_of_the_network_is_not_remembered(server: PictureServer, tmp_path: Path) -> None:
    server.answer = reply(b"", "503 Service Unavailable")
    desk = Desk(tmp_path, server)
    with pytest.raises(MediaError):
        desk.fetch()
    server.answer = reply()
    assert desk.fetch() is not None


def test_another_sites_picture_is_the_one_that_the_note_names(server: PictureServer, tmp_path: Path) -> None:
    desk = Desk(tmp_path, server)
    assert desk.fetch(OTHER, "http://192.168.1.1/a.png") is None
    assert server.asked == []
    for path in tmp_path.iterdir():
        path.unlink()
    assert desk.fetch(OTHER, f"{server.base}/covers/12.png") is not None
    assert server.asked == ["/covers/12.png"]


def test_a_note_is_not_read_for_youtubes_pictures(server: PictureServer, tmp_path: Path) -> None:
    desk = Desk(tmp_path, server)
    path = desk.store.fetch(VIDEO, desk.source, lambda: pytest.fail("asked"), CancelToken())
    assert path is not None


def test_the_least_used_go_first(server: PictureServer, tmp_path: Path) -> None:
    for number in range(20):
        old = tmp_path / f"yt-{number}.jpg"
        old.write_bytes(bytes(100))
        os.utime(old, (number, number))
    path = Desk(tmp_path, server, budget=1000).fetch()
    assert path is not None
    left = {one.name for one in tmp_path.iterdir()}
    assert path.name in left
    assert "yt-19.jpg" in left
    assert "yt-0.jpg" not in left
    assert sum(one.stat().st_size for one in tmp_path.iterdir()) <= 900


def test_a_folder_that_cannot_be_written_is_no_failure(server: PictureServer, tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file is in the way")
    assert Desk(tmp_path / "pictures", server).fetch() is None
