"""What the window builds only after it stands."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.conftest import NoNetwork, close_down
from viewer import app as app_module
from viewer.base.paths import AppPaths
from viewer.media.clip_store import ClipStore


def test_what_is_behind_menus_comes_after_the_window_and_works(
    qtbot: QtBot, own_folders: Path, tmp_path: Path
) -> None:
    app_module.make_qt_application()
    store, network = ClipStore(tmp_path / "clips"), NoNetwork()
    built = app_module.build(AppPaths.standard(), store, network, at_once=False)  # type: ignore[arg-type]
    assert not hasattr(built, "exports")
    built.start()
    qtbot.waitUntil(lambda: hasattr(built, "exports"), timeout=10_000)
    built.window.actions_set["add_video"].trigger()
    qtbot.waitUntil(built.adding.dialog.isVisible, timeout=5_000)
    built.adding.dialog.close()
    first = built.adding
    built.complete()
    assert built.adding is first
    close_down(qtbot, built)


def test_a_window_closed_at_once_builds_no_more(qtbot: QtBot, own_folders: Path, tmp_path: Path) -> None:
    app_module.make_qt_application()
    store, network = ClipStore(tmp_path / "clips"), NoNetwork()
    built = app_module.build(AppPaths.standard(), store, network, at_once=False)  # type: ignore[arg-type]
    built.start()
    built.window.close()
    built.close()
    qtbot.wait(600)
    assert not hasattr(built, "exports")
    close_down(qtbot, built)
