"""Pictures on the cards: the kept clip's first frame, else a drawn card; never a blank rectangle, never the network."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.standin.media import ffmpeg
from tests.ui.conftest import NoNetwork
from viewer.app import Application
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
    assert image.pixelColor(100, 60).red() > 200
    qtbot.waitUntil(lambda: stills.of_video(segment.video.id) is not None, timeout=20_000)
    assert fetcher.asked == []
