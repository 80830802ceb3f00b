"""Everything twice as large, little room, and nothing that moves by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.base.settings import Settings
from viewer.ui import motion
from viewer.ui.zoom import zoomed


@pytest.fixture(autouse=True)
def usual_motion() -> Iterator[None]:
    yield
    motion.use("system")


def test_a_narrow_window_shows_fewer_panes_and_a_wide_one_all(application: Application) -> None:
    window = application.window
    window.resize(1300, 800)
    window.resize(900, 800)
    assert window.library.isHidden()
    assert not window.side.isHidden()
    window.resize(700, 500)
    assert window.side.isHidden()
    assert window.strip.isHidden()
    assert window.reader.isVisible()
    window.resize(1300, 800)
    assert window.library.isVisible()
    assert window.side.isVisible()
    assert window.strip.isVisible()


def test_what_the_user_hid_or_wants_is_left_so(application: Application) -> None:
    window = application.window
    window.resize(1300, 800)
    window.toggle_library()
    window.resize(700, 800)
    window.toggle_side()
    assert window.side.isVisible()
    window.resize(690, 800)
    assert window.side.isVisible()
    window.resize(1300, 800)
    assert window.library.isHidden()


def test_a_pane_without_room_is_not_remembered_as_hidden(application: Application) -> None:
    window = application.window
    window.resize(1300, 800)
    window.resize(700, 800)
    window.remember()
    assert '"library": true' in application.settings.get("window.splitters")
    assert '"side": true' in application.settings.get("window.splitters")


def test_the_zoom_is_told_to_qt_and_to_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_SCALE_FACTOR", raising=False)
    file = tmp_path / "settings.json"
    with zoomed(file):
        assert "QT_SCALE_FACTOR" not in os.environ
    Settings(file).set("look.zoom", 200)
    with zoomed(file):
        assert float(os.environ["QT_SCALE_FACTOR"]) == 2
    assert "QT_SCALE_FACTOR" not in os.environ
    monkeypatch.setenv("QT_SCALE_FACTOR", "1.5")
    with zoomed(file):
        assert float(os.environ["QT_SCALE_FACTOR"]) == 3
    assert os.environ["QT_SCALE_FACTOR"] == "1.5"


def test_reduced_motion_jumps_instead_of_gliding(application: Application, qtbot: QtBot) -> None:
    view, player = application.window.reader.transcript, application.window.side.player
    application.settings.set("look.motion", "reduced")
    assert motion.reduced()
    view.show_row(9)
    placed = view.verticalScrollBar().value()
    assert placed > 0
    qtbot.wait(60)
    assert view.verticalScrollBar().value() == placed
    player.set_busy(True)
    assert not player._spin.isActive()
    player.set_busy(False)
    application.settings.set("look.motion", "full")
    player.set_busy(True)
    assert player._spin.isActive()
    player.set_busy(False)
