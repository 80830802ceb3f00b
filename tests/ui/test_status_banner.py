from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.status_banner import StatusBanner
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
