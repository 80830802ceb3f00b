"""The shadow of a card: it is there, and it is drawn once a size."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.shadow import SoftShadow


def test_the_shadow_darkens_the_ground_beneath_the_card_and_is_kept(qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.setStyleSheet("background: white")
    ground.resize(300, 200)
    card = QFrame(ground)
    card.setGeometry(50, 50, 200, 80)
    shadow = SoftShadow(card, reach=20, below=6, alpha=44)
    card.setGraphicsEffect(shadow)
    image = ground.grab().toImage()
    ratio = image.devicePixelRatio()
    beneath = image.pixelColor(int(150 * ratio), int(133 * ratio)).lightness()
    assert beneath < 250
    assert image.pixelColor(int(150 * ratio), int(190 * ratio)).lightness() == 255
    kept = shadow._kept.cacheKey()
    ground.grab()
    assert shadow._kept.cacheKey() == kept
    card.resize(210, 90)
    ground.grab()
    assert shadow._kept.cacheKey() != kept
