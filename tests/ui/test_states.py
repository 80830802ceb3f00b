"""What is shown when there is nothing to show: what happened, what to do, and the button that does it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.standin.media import ffmpeg
from tests.ui.conftest import NoNetwork
from viewer.app import Application
from viewer.qt.clip_state import ClipStatus
from viewer.qt.models import RowKind
from viewer.qt.now_playing import PlayerState
from viewer.ui.welcome import Welcome


def buttons(application: Application) -> dict[str, QPushButton]:
    return {button.text(): button for button in application.window.banner.buttons}


def test_an_empty_library_offers_a_folder(
    application: Application, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application.desk.open_paths([tmp_path])
    reader = application.window.reader
    qtbot.waitUntil(lambda: not reader.has_note, timeout=5000)
    qtbot.waitUntil(lambda: reader.empty.button.text() == "Open a folder", timeout=5000)
    asked: list[int] = []
    application.window.actions_set["open_folder"].triggered.disconnect()
    application.window.actions_set["open_folder"].triggered.connect(lambda: asked.append(1))
    reader.empty.button.click()
    assert asked == [1]
    # No note is open: nothing is said about what it lacks.
    assert not application.window.side.lists.empty._title.text()


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture with silence, as long as the first highlight."""
    path = tmp_path_factory.mktemp("media") / "clip.mp4"
    command = [ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "testsrc=d=44:r=5:s=160x90", "-f", "lavfi", "-i"]
    command += ["anullsrc=r=44100:cl=mono", "-t", "44", "-pix_fmt", "yuv420p", "-shortest", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


def play_first(application: Application, qtbot: QtBot, media: Path, tmp_path: Path) -> None:
    segment = application.window.side.lists.models[RowKind.HIGHLIGHT].segments()[0]
    application.store.add(segment, "720", Path(shutil.copy(media, tmp_path / "copy.mp4")))
    application.clips.look_up([segment])
    qtbot.waitUntil(lambda: application.clips.state(segment).status is ClipStatus.READY, timeout=5000)
    application.session.play_exactly(segment)
    qtbot.waitUntil(lambda: application.player.state is PlayerState.PLAYING, timeout=15_000)
    qtbot.waitUntil(lambda: application.window.side.player.has_picture, timeout=15_000)


def test_an_empty_library_has_an_empty_player(
    application: Application, qtbot: QtBot, tmp_path: Path, media: Path
) -> None:
    play_first(application, qtbot, media, tmp_path)
    application.player.pause()
    empty = tmp_path / "empty"
    empty.mkdir()
    application.desk.open_paths([empty])
    window = application.window
    qtbot.waitUntil(lambda: not window.reader.has_note, timeout=5000)
    qtbot.waitUntil(lambda: application.player.state is PlayerState.EMPTY, timeout=5000)
    assert not window.side.player.has_picture
    assert "Nothing is open" in window.side.player.accessibleDescription()
    assert not window.side.controls.play.isEnabled()
    assert window.side.controls.seek.value() == 0
    assert not window.actions_set["back"].isEnabled()


def test_what_plays_goes_on_when_the_note_beside_it_is_gone(
    application: Application, qtbot: QtBot, tmp_path: Path, media: Path
) -> None:
    play_first(application, qtbot, media, tmp_path)
    application.session.show_nothing("Gone", "")
    assert application.player.state is PlayerState.PLAYING
    assert application.window.side.player.has_picture


def test_offline_offers_to_go_online_and_plays_then(
    application: Application, fetcher: NoNetwork, qtbot: QtBot
) -> None:
    application.settings.set("fetch.offline", True)
    segment = application.window.side.lists.models[RowKind.HIGHLIGHT].segments()[0]
    application.session.play(segment)
    qtbot.waitUntil(lambda: "Go online and play" in buttons(application), timeout=5000)
    assert fetcher.asked == []
    buttons(application)["Go online and play"].click()
    assert not application.settings.get("fetch.offline")
    qtbot.waitUntil(lambda: fetcher.asked == [segment], timeout=5000)


def test_online_again_nothing_is_said_of_being_offline(application: Application, qtbot: QtBot) -> None:
    application.settings.set("fetch.offline", True)
    application.session.play(application.window.side.lists.models[RowKind.HIGHLIGHT].segments()[0])
    qtbot.waitUntil(lambda: "Go online and play" in buttons(application), timeout=5000)
    application.window.actions_set["offline"].trigger()
    assert not application.settings.get("fetch.offline")
    assert not application.window.banner.isVisible()


def test_reading_on_by_key_takes_the_offer_to_do_so_away(application: Application, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    application.desk.stop_reading()
    assert "Read on" in buttons(application)
    application.window.actions_set["refresh"].trigger()
    assert not application.window.banner.isVisible()


@pytest.fixture
def card(application: Application) -> Welcome:
    application.comforts.welcome()
    found = application.window.findChild(Welcome)
    assert isinstance(found, Welcome)
    return found


def test_the_first_start_is_greeted_once(application: Application, card: Welcome, qtbot: QtBot) -> None:
    assert card.isVisible()
    card.look.setCurrentIndex(card.look.findData("sepia"))
    card.look.activated.emit(card.look.currentIndex())
    assert application.settings.get("look.theme") == "sepia"
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert application.settings.get("window.welcomed")
    qtbot.waitUntil(lambda: application.window.findChild(Welcome) is None, timeout=3000)
    application.comforts.welcome()
    assert application.window.findChild(Welcome) is None


def test_the_greeting_leads_to_the_manual(application: Application, card: Welcome) -> None:
    card.manual.click()
    assert application.comforts.manual is not None
    assert application.settings.get("window.welcomed")


def test_the_greeting_speaks_of_what_is_open(application: Application, card: Welcome, tmp_path: Path) -> None:
    def words(of: Welcome) -> str:
        return " ".join(part.text() for part in (*of.findChildren(QLabel), *of.findChildren(QPushButton)))

    assert "samples" in words(card)
    card.reject()
    application.settings.set("window.welcomed", False)
    application.settings.set("library.folders", [str(tmp_path)])
    application.comforts.welcome()
    again = application.window.findChildren(Welcome)[-1]
    assert again is not card
    assert "samples" not in words(again)
    assert "Your folder is open" in words(again)
    again.reject()
