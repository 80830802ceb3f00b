from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.status_banner import StatusBanner
from viewer.ui.theme import ThemeManager


@pytest.mark.parametrize("width", [300, 420, 560])
def test_all_words_are_seen_after_shorter_ones(qtbot: QtBot, width: int) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(width, 500)
    parent.show()
    banner = StatusBanner(ThemeManager("light"), parent)
    banner.show_info("Short", "One line.")
    banner.show_info("Longer", "Afterwards every place of it plays from the disk, and nothing more is fetched.")
    qtbot.wait(20)
    label = banner.advice
    assert label.height() >= label.heightForWidth(label.width())
