"""Pictures from the network for the lists: only when allowed, two at a time, only what can be seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage

from tests.standin.pictures import PNG, PictureServer, reply
from viewer.domain.video import VideoRef
from viewer.media.picture_source import PictureSource
from viewer.media.thumbnails import ThumbnailStore
from viewer.qt import thumbnails as module
from viewer.qt.jobs import JobRunner, Lane
from viewer.qt.stills import ImageCache
from viewer.qt.thumbnails import Thumbnails, small_jpeg

Until = Callable[[Callable[[], object]], None]
IDS = [f"video-{number:05}" for number in range(40)]


def painted(width: int, height: int, form: str = "PNG") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form)  # type: ignore[call-overload]
    return bytes(data.data())


class Reader:
    """A list whose rows are videos; ``seen`` are those in sight."""

    def __init__(self, runner: JobRunner, server: PictureServer, folder: Path) -> None:
        self.runner = runner
        self.server = server
        self.metered = False
        self.named: list[VideoRef] = []
        self.seen: Collection[str] = IDS
        self.arrived: list[str] = []
        self.store = ThumbnailStore(folder, small_jpeg)
        self.pictures = Thumbnails(
            runner,
            self.store,
            lambda: PictureSource(server.base),
            self._name,
            lambda: self.metered,
            lambda wanted: [one for one in wanted if one in self.seen],
        )
        self.pictures.arrived.connect(self.arrived.append)

    def _name(self, video: VideoRef) -> str | None:
        self.named.append(video)
        return f"{self.server.base}/named.png"

    def paint(self, *ids: str) -> int:
        """How many of these have a picture now."""
        return sum(self.pictures.of_video(one) is not None for one in ids)

    @property
    def quiet(self) -> bool:
        return not self.pictures._soon.isActive() and not self.runner.live(Lane.PICTURES)


@pytest.fixture
def server() -> Iterator[PictureServer]:
    server = PictureServer()
    yield server
    server.close()


@pytest.fixture
def reader(
    runner: JobRunner, server: PictureServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Reader]:
    monkeypatch.setattr(module, "PAUSE_MS", 10)
    reader = Reader(runner, server, tmp_path / "pictures")
    yield reader
    reader.pictures.close()


def test_off_nothing_is_asked_for(reader: Reader, until: Until) -> None:
    assert reader.paint(*IDS) == 0
    assert reader.quiet
    reader.pictures.set_enabled(True)
    reader.pictures.set_enabled(False)
    assert reader.paint(*IDS) == 0
    assert reader.quiet
    assert reader.server.met == 0
    assert not reader.store.folder.exists()


def test_allowed_they_come_two_at_a_time_and_once(reader: Reader, until: Until) -> None:
    def slowly(client: object) -> None:
        time.sleep(0.08)
        reply()(client)  # type: ignore[arg-type]

    reader.server.answer = slowly
    reader.pictures.set_enabled(True)
    ids = IDS[:8]
    assert reader.paint(*ids) == 0
    until(lambda: reader.paint(*ids) == len(ids))
    assert sorted(reader.server.asked) == [f"/vi/{one}/mqdefault.jpg" for one in ids]
    assert reader.server.most_together == 2
    assert sorted(reader.arrived) == ids
    image = reader.pictures.of_video(ids[0])
    assert image is not None
    assert image.pixelColor(3, 3).red() > 200


def test_what_went_out_of_sight_is_not_fetched(reader: Reader, until: Until) -> None:
    reader.pictures.set_enabled(True)
    reader.paint(*IDS)
    reader.seen = IDS[30:33]
    until(lambda: reader.paint(*reader.seen) == 3)
    until(lambda: reader.quiet)
    assert sorted(reader.server.asked) == [f"/vi/{one}/mqdefault.jpg" for one in IDS[30:33]]


def test_what_goes_out_of_sight_while_it_comes_is_cancelled(reader: Reader, until: Until) -> None:
    reader.server.answer = lambda client: time.sleep(3)
    reader.pictures.set_enabled(True)
    reader.paint(*IDS[:2])
    until(lambda: len(reader.server.asked) == 2)
    reader.server.answer = reply()
    reader.seen = [IDS[9]]
    begun = time.monotonic()
    reader.paint(IDS[9])
    until(lambda: reader.paint(IDS[9]) == 1)
    assert time.monotonic() - begun < 2.5


def test_switched_off_they_are_gone_and_on_again_they_come_from_the_disk(
    reader: Reader, until: Until
) -> None:
    reader.pictures.set_enabled(True)
    until(lambda: reader.paint(IDS[0]) == 1)
    reader.pictures.set_enabled(False)
    assert reader.paint(IDS[0]) == 0
    assert len(reader.pictures.images) == 0
    reader.pictures.set_enabled(True)
    until(lambda: reader.paint(IDS[0]) == 1)
    assert len(reader.server.asked) == 1


def test_switched_off_ends_what_runs(reader: Reader, until: Until) -> None:
    reader.server.answer = lambda client: time.sleep(3)
    reader.pictures.set_enabled(True)
    reader.paint(*IDS[:6])
    until(lambda: len(reader.server.asked) == 2)
    reader.pictures.set_enabled(False)
    until(lambda: reader.quiet)
    assert len(reader.server.asked) == 2


@pytest.mark.parametrize("why", ["offline", "metered"])
def test_only_what_is_kept_is_shown(why: str, reader: Reader, until: Until) -> None:
    reader.pictures.set_enabled(True)
    until(lambda: reader.paint(IDS[0]) == 1)
    reader.pictures.set_enabled(False)
    reader.pictures._line = (0.0, False)
    if why == "offline":
        reader.pictures.set_offline(True)
    else:
        reader.metered = True
    reader.pictures.set_enabled(True)
    reader.paint(IDS[1])
    until(lambda: reader.paint(IDS[0]) == 1)
    until(lambda: reader.quiet)
    assert reader.paint(IDS[1]) == 0
    assert reader.server.asked == [f"/vi/{IDS[0]}/mqdefault.jpg"]
    if why == "offline":
        reader.pictures.set_offline(False)
        until(lambda: reader.paint(IDS[1]) == 1)


def test_going_offline_ends_what_runs(reader: Reader, until: Until) -> None:
    reader.server.answer = lambda client: time.sleep(3)
    reader.pictures.set_enabled(True)
    reader.paint(*IDS[:6])
    until(lambda: len(reader.server.asked) == 2)
    reader.pictures.set_offline(True)
    reader.paint(*IDS[:6])
    until(lambda: reader.quiet)
    assert len(reader.server.asked) == 2


def test_no_picture_is_asked_for_once(reader: Reader, until: Until) -> None:
    reader.server.answer = reply(PNG, "404 Not Found")
    reader.pictures.set_enabled(True)
    reader.paint(IDS[0])
    until(lambda: reader.quiet)
    assert reader.paint(IDS[0]) == 0
    assert reader.quiet
    reader.pictures.set_offline(False)  # forgets what is in memory; the disk remembers
    reader.paint(IDS[0])
    until(lambda: reader.quiet)
    assert len(reader.server.asked) == 1


def test_a_site_that_says_it_is_too_much_is_left_alone(reader: Reader, until: Until) -> None:
    reader.server.answer = reply(b"", "429 Too Many Requests")
    reader.pictures.set_enabled(True)
    reader.paint(*IDS)
    until(lambda: reader.quiet)
    assert 1 <= len(reader.server.asked) <= 2
    reader.paint(*IDS)
    until(lambda: reader.quiet)
    assert len(reader.server.asked) <= 2


def test_another_sites_picture_is_the_named_one(reader: Reader, until: Until) -> None:
    url = "https://talks.example.org/12"
    reader.seen = [url, "no video at all", "https://localhost/x"]
    reader.pictures.set_enabled(True)
    reader.paint(*reader.seen)
    until(lambda: reader.paint(url) == 1)
    until(lambda: reader.quiet)
    assert reader.named == [VideoRef(url, url)]
    assert reader.server.asked == ["/named.png"]


def test_only_what_decodes_becomes_a_small_jpeg() -> None:
    for form in ("PNG", "JPEG"):
        small = small_jpeg(painted(1280, 720, form))
        assert small is not None
        image = QImage.fromData(small)
        assert (image.width(), image.height()) == (320, 180)
        assert small[:2] == b"\xff\xd8"
    whole = painted(64, 36)
    assert small_jpeg(whole) is not None
    assert small_jpeg(whole[: len(whole) // 2]) is None
    assert small_jpeg(b"") is None
    assert small_jpeg(b"\xff\xd8\xff nothing") is None
    assert small_jpeg(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>") is None
    assert small_jpeg(painted(1, 1)) is None
    assert small_jpeg(painted(5000, 3)) is None


def test_a_cache_is_bounded_by_bytes() -> None:
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    gone: list[int] = []
    cache: ImageCache[int] = ImageCache(gone.append, 3 * image.sizeInBytes())
    for number in range(3):
        cache.put(number, QImage(image))
    assert cache.get(0) is not None
    cache.put(3, QImage(image))
    assert gone == [1]
    assert cache.size == 3 * image.sizeInBytes()
    cache.put(3, QImage(image))
    cache.discard(0)
    assert cache.size == 2 * image.sizeInBytes()
    cache.clear()
    assert (len(cache), cache.size) == (0, 0)
