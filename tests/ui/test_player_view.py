"""What the stage says while it has no picture is seen whole, however small it is."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from viewer.ui.player_view import PlayerView
from viewer.ui.theme import THEMES, ThemeManager

LONG = "With the transcript of the video each quote finds its place, wherever that may be (Ctrl+Shift+T)."


@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize("hint", ["Click a quote: it plays here.", LONG])
@pytest.mark.parametrize("height", [112, 126, 140, 203])
def test_no_word_runs_over_the_edge(qtbot: QtBot, height: int, hint: str, busy: bool) -> None:
    themes = ThemeManager("light")
    stage = PlayerView(themes)
    qtbot.addWidget(stage)
    stage.resize(344, height)
    stage.show_idle("Nothing is playing", hint)
    if busy:
        stage.set_busy(True, 0.4, hint)
    stage.show()
    image = stage.grab().toImage()
    ground = themes.theme.color("stage").lightness()
    for y in (*range(3), *range(height - 3, height)):
        row = [QColor(image.pixel(x, y)).lightness() for x in range(20, image.width() - 20)]
        assert max(row) - ground < 20, f"row {y}"


@pytest.mark.parametrize("name", THEMES)
def test_the_stage_ends_where_one_sees_it(qtbot: QtBot, name: str) -> None:
    themes = ThemeManager(name)
    stage = PlayerView(themes)
    qtbot.addWidget(stage)
    stage.resize(344, 200)
    stage.show_idle("Nothing is playing", "")
    stage.show()
    edge = stage.grab().toImage().pixelColor(0, 100)
    assert edge != themes.theme.color("window")
