"""Pictures on the cards: the kept clip's first frame, else the video's where that is allowed, else a drawn card."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.standin.media import ffmpeg
from tests.standin.pictures import PictureServer
from tests.ui.conftest import NoNetwork
from viewer.app import Application
from viewer.domain.video import VideoRef
from viewer.media.picture_source import PictureSource
from viewer.qt.jobs import Lane
from viewer.qt.models import RowKind
from viewer.ui.fonts import font
from viewer.ui.still_card import initials, paint_card, tint
from viewer.ui.theme import load_theme

pytestmark = pytest.mark.usefixtures("qapp")


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(4, 76, 3) for y in range(4, 48, 3)}


def drawn(picture: QImage | None, words: str = "Sam Altman") -> QImage:
    image = QImage(80, 52, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    theme = load_theme("light")
    paint_card(painter, QRectF(0, 0, 80, 52), picture, initials(words), words, theme, font(15))
    painter.end()
    return image


def test_a_card_is_never_blank() -> None:
    assert len(colours(drawn(None))) > 2
    assert len(colours(drawn(QImage()))) > 2


def test_the_tint_is_the_same_at_every_start() -> None:
    theme = load_theme("light")
    assert tint("Turing Post", theme).name() == tint("Turing Post", theme).name()
    assert len({tint(f"channel {n}", theme).name() for n in range(40)}) > 3


def test_a_picture_fills_its_card_from_the_middle() -> None:
    wide = QImage(320, 90, QImage.Format.Format_RGB32)
    wide.fill(QColor("blue"))
    for x in range(60):
        for y in range(90):
            wide.setPixelColor(x, y, QColor("red"))
    assert colours(drawn(wide)) == {"#0000ff"}


def test_the_kept_clips_first_frame_is_shown(
    application: Application, fetcher: NoNetwork, qtbot: QtBot, tmp_path: Path
) -> None:
    lists = application.window.side.lists
    segment = lists.models[RowKind.HIGHLIGHT].segments()[0]
    stills = application.pictures.stills
    assert stills.of_segment(segment) is None
    stills.forget(segment)
    made = tmp_path / "made.mp4"
    seconds = str(segment.duration_ms / 1000)
    command = [
        ffmpeg(),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        f"color=red:s=320x180:r=5:d={seconds}",
        str(made),
    ]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    application.store.add(segment, "720", made)
    application.clips.look_up([segment])
    application.kept_counts.count()
    qtbot.waitUntil(lambda: stills.of_segment(segment) is not None, timeout=20_000)
    image = stills.of_segment(segment)
    assert image is not None
    assert image.height() == 52
    assert image.pixelColor(40, 25).red() > 200
    qtbot.waitUntil(lambda: stills.of_video(segment.video.id) is not None, timeout=20_000)
    assert fetcher.asked == []


@pytest.fixture
def server(application: Application) -> Iterator[PictureServer]:
    server = PictureServer()
    application.pictures.source = lambda: PictureSource(server.base)
    yield server
    server.close()


def red(application: Application) -> tuple[bool, bool]:
    """Whether the list of notes, and that of highlights, shows a picture of the server."""
    lists = application.window.side.lists
    found = []
    for view in (application.window.library.view, lists.views[RowKind.HIGHLIGHT]):
        image = view.viewport().grab().toImage()
        pixels = (image.pixelColor(x, y) for x in range(0, 110, 8) for y in range(0, image.height(), 8))
        found.append(any(pixel.red() > 230 and pixel.green() < 20 and pixel.blue() < 20 for pixel in pixels))
    return found[0], found[1]


def test_opening_notes_asks_for_no_picture(
    application: Application, server: PictureServer, qtbot: QtBot
) -> None:
    model = application.library.model
    for entry in model.entries:
        application.desk.open_entry(entry)
        qtbot.waitUntil(lambda path=entry.path: application.session.path == path, timeout=10_000)  # type: ignore[misc]
        assert red(application) == (False, False)
    assert application.runner.live(Lane.PICTURES) == []
    assert server.met == 0
    assert not (application.paths.cache / "pictures").exists()


def test_switched_on_they_appear_at_once_and_off_they_are_drawn_again(
    application: Application, server: PictureServer, qtbot: QtBot
) -> None:
    assert red(application) == (False, False)
    application.settings.set("fetch.pictures", True)
    qtbot.waitUntil(lambda: red(application) == (True, True), timeout=10_000)
    entries = application.library.model.entries
    known = {f"/vi/{entry.video_id}/mqdefault.jpg" for entry in entries if entry.video_id}
    assert set(server.asked) <= known
    assert len(server.asked) == len(set(server.asked))
    application.settings.set("fetch.pictures", False)
    assert red(application) == (False, False)


def test_offline_none_is_asked_for(application: Application, server: PictureServer, qtbot: QtBot) -> None:
    application.settings.set("fetch.offline", True)
    application.settings.set("fetch.pictures", True)
    assert red(application) == (False, False)
    thumbnails = application.pictures.thumbnails
    assert thumbnails is not None
    qtbot.waitUntil(lambda: not thumbnails._soon.isActive(), timeout=5000)
    qtbot.waitUntil(lambda: not application.runner.live(Lane.PICTURES), timeout=5000)
    assert server.met == 0
    application.settings.set("fetch.offline", False)
    qtbot.waitUntil(lambda: red(application) == (True, True), timeout=10_000)


def test_they_come_by_the_users_proxy_to_youtubes_host(application: Application) -> None:
    application.settings.set("fetch.proxy", "socks5h://127.0.0.1:1080")
    source = application.pictures.source()
    assert source._proxy == "socks5h://127.0.0.1:1080"
    assert source.address_of(VideoRef.youtube("ZAJ4D8RAyfY")) == (
        "https://i.ytimg.com/vi/ZAJ4D8RAyfY/mqdefault.jpg"
    )


def test_the_second_window_has_them_too(
    application: Application, server: PictureServer, qtbot: QtBot
) -> None:
    application.settings.set("fetch.pictures", True)
    qtbot.waitUntil(lambda: red(application) == (True, True), timeout=10_000)
    asked = len(server.asked)
    application.window.actions_set["second_window"].trigger()
    windows = application.comforts.windows.windows
    qtbot.waitUntil(lambda: bool(windows), timeout=5000)
    view = windows[0].lists.views[RowKind.HIGHLIGHT]
    image = view.viewport().grab().toImage()
    assert any(image.pixelColor(x, 40).red() > 230 for x in range(0, 100, 4))
    assert len(server.asked) == asked


def test_a_picture_that_cannot_be_had_leaves_the_drawn_card(
    application: Application, server: PictureServer, qtbot: QtBot
) -> None:
    server.close()
    application.settings.set("fetch.pictures", True)
    red(application)
    thumbnails = application.pictures.thumbnails
    assert thumbnails is not None
    qtbot.waitUntil(lambda: not thumbnails._soon.isActive(), timeout=5000)
    qtbot.waitUntil(lambda: not application.runner.live(Lane.PICTURES), timeout=10_000)
    assert red(application) == (False, False)
    assert application.window.banner.isHidden()
