"""The real window, offscreen, on the samples; only the network is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from viewer import app as app_module
from viewer.app import Application
from viewer.base.paths import AppPaths
from viewer.domain.video import Segment
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.failures import FailureKind, MediaError


class NoNetwork:
    """A fetcher that is never lucky. ``asked`` are the segments it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Segment] = []
        self.options: Any = None

    def fetch(
        self, segment: Segment, progress: Any = None, cancel: Any = None, on_playable: Any = None
    ) -> Clip:
        self.asked.append(segment)
        raise MediaError(FailureKind.NO_NETWORK)

    def warm_up(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def fetcher() -> NoNetwork:
    return NoNetwork()


@pytest.fixture
def application(qtbot: QtBot, own_folders: Path, tmp_path: Path, fetcher: NoNetwork) -> Iterator[Application]:
    app_module.make_qt_application()
    paths = AppPaths.standard()
    built = app_module.build(paths, ClipStore(tmp_path / "clips"), fetcher)  # type: ignore[arg-type]
    built.settings.set("look.theme", "light")
    built.start()
    qtbot.waitUntil(lambda: built.session.note is not None, timeout=20_000)
    yield built
    close_down(qtbot, built)


def close_down(qtbot: QtBot, built: Application) -> None:
    """End the program and let go of its window."""
    built.window.close()
    built.close()
    # A window that stays is styled again at every later test's theme: each would be slower than the one before.
    built.window.deleteLater()
    built.deleteLater()
    qtbot.wait(20)
