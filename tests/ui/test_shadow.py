"""The shadow of a card: it is there, it goes where the card goes, and it is drawn once."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.shadow import SoftShadow


def test_the_shadow_darkens_the_ground_beneath_the_card_and_goes_with_it(qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.setStyleSheet("background: white")
    ground.resize(400, 300)
    card = QFrame(ground)
    card.setGeometry(50, 50, 200, 80)
    shadow = SoftShadow(card, reach=20, below=6, alpha=44)
    ground.show()

    def lightness(x: int, y: int) -> int:
        image = ground.grab().toImage()
        ratio = image.devicePixelRatio()
        return image.pixelColor(int(x * ratio), int(y * ratio)).lightness()

    assert lightness(150, 133) < 250
    assert abs(lightness(150, 133) - lightness(100, 133)) <= 2, "the same along the edge"
    assert lightness(150, 190) == 255
    kept = shadow._kept.cacheKey()
    card.setGeometry(80, 120, 300, 90)
    assert lightness(150, 133 - 90) == 255
    assert lightness(230, 213) < 250
    assert shadow._kept.cacheKey() == kept, "drawn once for every size"
    card.hide()
    assert not shadow.isVisible()
    assert lightness(230, 213) == 255
    card.show()
    card.raise_()
    above = [child for child in ground.children() if isinstance(child, QWidget)]
    assert shadow.isVisible()
    assert above.index(shadow) < above.index(card)
