from __future__ import annotations

import itertools

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.status_banner import BannerButton, StatusBanner
from viewer.ui.theme import ThemeManager


def test_all_words_are_seen_at_every_width(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(300, 500)
    parent.show()
    banner = StatusBanner(ThemeManager("light"), parent)
    banner.setStyleSheet("#statusBanner { border: 1px solid black; }")
    for width in range(300, 560, 3):  # somewhere among these a line just breaks
        parent.resize(width, 500)
        banner.show_info("Short", "One line.")
        banner.show_info(
            "Longer", "Afterwards every place of it plays from the disk, and nothing is fetched."
        )
        layout = banner.layout()
        assert layout is not None
        layout.activate()
        label = banner.advice
        assert label.height() >= label.heightForWidth(label.width()), width


def test_what_is_over_is_taken_away_and_nothing_else(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    banner = StatusBanner(ThemeManager("light"), parent)
    banner.show_info("Waits", about="one")
    banner.drop("other")
    assert banner.isVisible()
    banner.drop("one")
    assert not banner.isVisible()
    banner.show_failure("Failed", "", about="one")
    banner.show_info("Said since")
    banner.drop("one")
    banner.drop("")
    assert banner.isVisible()


def test_the_words_on_buttons_are_seen_in_a_narrow_window(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(400, 500)
    parent.show()
    banner = StatusBanner(ThemeManager("light"), parent)
    words = ("Online gehen und abspielen", "Auf YouTube bei 2:36 öffnen", "Erneut versuchen")
    for count in (3, 1, 2):
        banner.show_failure(
            "Offline", "Nothing is here.", [BannerButton(one, lambda: None) for one in words[:count]]
        )
        QApplication.processEvents()
        for button in banner.buttons:
            assert button.width() >= button.sizeHint().width()
            assert banner.rect().contains(button.geometry())
        places = [button.geometry() for button in banner.buttons]
        assert not any(a.intersects(b) for a, b in itertools.combinations(places, 2))
        assert banner.advice.geometry().bottom() < min(place.top() for place in places)
