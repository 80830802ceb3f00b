"""Adding videos: the real window, the unmodified yt-dlp, the stand-in for YouTube."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest

from tests.end_to_end.conftest import Driver
from tests.running import ROOT
from tests.standin import catalogue, playlists
from tests.standin.server import StandinServer
from viewer.base.paths import AppPaths
from viewer.formats.registry import parse_bytes
from viewer.library.add_queue import AddQueue, AddState
from viewer.qt.adding import Adding
from viewer.qt.roles import Role
from viewer.ui.add_video import AddVideoDialog

Start = Callable[..., Driver]
TALK = f"https://www.youtube.com/watch?v={catalogue.TALK_ID}"
LIST = "https://www.youtube.com/playlist?list="


def opened(program: Driver, address: str) -> AddVideoDialog:
    QGuiApplication.clipboard().setText(address)
    program.window.actions_set["add_video"].trigger()
    dialog = program.application.adding.dialog
    assert dialog.isVisible()
    assert dialog.address.text() == address
    return dialog


def looked_up(program: Driver, address: str) -> AddVideoDialog:
    dialog = opened(program, address)
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)
    program.qtbot.waitUntil(dialog.card.isVisible, timeout=30_000)
    return dialog


def click(program: Driver, button: object) -> None:
    program.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[arg-type]


def states(program: Driver) -> list[str]:
    return [str(item.state) for item in program.application.adding.adding.queue.items()]


def notes(folder: Path) -> list[str]:
    found = [parse_bytes(path.read_bytes()).video for path in sorted(folder.glob("*.md"))]
    return sorted(video.id for video in found if video is not None)


REST_S = 0.2
"""Between two videos, instead of a second."""


@pytest.fixture(autouse=True)
def short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Adding.__init__.__kwdefaults__, "gap_s", REST_S)  # type: ignore[arg-type]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A library with one note, which is not about any of the stand-in's videos."""
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "mine.md").write_text("---\nvideo_id: AAAAAAAAAAA\ntitle: Mine\n---\n\n## Summary\n\nMine.\n")
    return folder


def test_one_video_becomes_a_note_whose_key_points_play(
    driver: Start, standin: StandinServer, own: Path
) -> None:
    program = driver(own)
    dialog = opened(program, TALK)
    assert standin.requests() == []  # nothing is asked before the user says so
    assert not dialog.card.isVisible()
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)
    program.qtbot.waitUntil(dialog.card.isVisible, timeout=30_000)
    assert "Turing Post" in dialog.card.facts.text()
    assert "8:36" in dialog.card.facts.text()
    assert "the author's captions, en" in dialog.card.facts.text()
    asked = len(standin.requests())
    dialog.set_folder(str(own / "new"))  # what the question for the folder answers the first time
    click(program, dialog.card.add_button)
    program.qtbot.waitUntil(
        lambda: program.application.session.path.startswith(str(own / "new")), timeout=30_000
    )
    assert len(standin.requests(kind="catalogue")) == 1 == asked
    assert states(program) == ["done"]
    assert notes(own / "new") == [catalogue.TALK_ID]
    note = program.application.session.note
    assert note is not None
    assert note.problems == ()
    assert program.window.reader.transcript.toPlainText().count("We all know that Sam Altman") == 1
    dialog.close()

    lists = program.window.side.lists
    view = program.view("keyPointView")
    lists.tabs.setCurrentIndex(2)
    rows = [view.model().index(row, 0).data(Role.ROW).title for row in range(view.model().rowCount())]
    assert rows == ["Intro", "The Gentle Singularity", "Second wow", "One promise"]
    program.click_row(view, 1)
    program.qtbot.waitUntil(lambda: program.shown_frame() is not None, timeout=60_000)
    frame = program.shown_frame()
    assert frame is not None
    assert 16 * 30 <= frame <= 20 * 30


def test_the_first_time_the_folder_is_asked_for(driver: Start, own: Path, tmp_path: Path) -> None:
    program = driver(own)
    dialog = looked_up(program, TALK)
    click(program, dialog.card.add_button)
    question = dialog.findChild(type(dialog).__mro__[1], "addFolderDialog")
    program.qtbot.waitUntil(lambda: question is not None and question.isVisible())
    assert states(program) == []
    question.fileSelected.emit(str(tmp_path / "chosen"))  # type: ignore[union-attr]
    question.close()  # type: ignore[union-attr]
    program.qtbot.waitUntil(lambda: states(program) == ["done"], timeout=30_000)
    assert program.application.settings.get("library.add_folder") == str(tmp_path / "chosen")
    # A folder outside of the library has become a part of it.
    program.qtbot.waitUntil(lambda: "chosen" in program.application.session.path, timeout=20_000)
    assert str(tmp_path / "chosen") in program.application.settings.get("library.folders")


def test_a_playlist_is_stopped_after_two_and_gone_on_with_after_a_restart(
    driver: Start, standin: StandinServer, own: Path
) -> None:
    program = driver(own, library__add_folder=str(own))
    dialog = looked_up(program, LIST + playlists.PLAYLIST_ID)
    assert dialog.card.add_button.text() == "Add 6 videos"
    click(program, dialog.card.add_button)
    program.qtbot.waitUntil(lambda: states(program).count("done") >= 2, timeout=60_000)
    assert program.window.top.findChild(type(program.window.top.menu), "downloadsButton").isVisible()
    click(program, dialog.run_button)
    program.qtbot.waitUntil(lambda: not program.application.adding.adding.running, timeout=10_000)
    done = states(program).count("done")
    assert 2 <= done < 6
    assert states(program) == ["done"] * done + ["waiting"] * (6 - done)
    assert dialog.run_button.text() == "Go on"
    program.window.close()
    program.application.close()

    standin.clear_log()
    program = driver(own)
    assert states(program) == ["done"] * done + ["waiting"] * (6 - done)
    banner = program.window.banner
    program.qtbot.waitUntil(
        lambda: banner.isVisible() and "still to be added" in banner.message.text(), timeout=10_000
    )
    assert standin.requests() == []  # it does not go on by itself
    click(program, banner.buttons[0])
    program.qtbot.waitUntil(lambda: states(program) == ["done"] * 6, timeout=90_000)
    assert notes(own) == sorted(["AAAAAAAAAAA", *playlists.SIX])
    asked = {request.video for request in standin.requests(kind="catalogue")}
    assert asked == set(playlists.SIX[done:])


def test_what_is_gone_is_said_and_what_exists_is_not_fetched_again(
    driver: Start, standin: StandinServer, own: Path
) -> None:
    (own / "talk.md").write_text(f"---\nvideo_id: {catalogue.TALK_ID}\ntitle: Talk\n---\n\n## Summary\n\nx\n")
    program = driver(own, library__add_folder=str(own / "new"))
    program.qtbot.waitUntil(lambda: program.application.library.model.rowCount() == 2, timeout=10_000)
    dialog = looked_up(program, LIST + playlists.MIXED_ID)
    assert dialog.card.add_button.text() == "Add 2 videos"
    assert "1 is in the library already" in dialog.card.remarks.text()
    assert "2 are private or removed" in dialog.card.remarks.text()
    click(program, dialog.card.add_button)
    program.qtbot.waitUntil(lambda: not program.application.adding.adding.running, timeout=60_000)
    assert states(program) == ["done", "failed", "failed", "failed", "exists"]
    reasons = [item.reason for item in program.application.adding.adding.queue.items()]
    assert reasons[1] == "This video is private."
    assert reasons[2] == "This video is no longer available."
    assert "members" in reasons[3]
    assert {request.video for request in standin.requests(kind="catalogue")} == {
        catalogue.SHORT_ID,
        "MEMBERS0001",
    }


def test_a_video_with_a_note_is_opened_instead(driver: Start, own: Path) -> None:
    (own / "talk.md").write_text(f"---\nvideo_id: {catalogue.TALK_ID}\ntitle: Talk\n---\n\n## Summary\n\nx\n")
    program = driver(own)
    program.qtbot.waitUntil(lambda: program.application.library.model.rowCount() == 2, timeout=10_000)
    dialog = looked_up(program, TALK)
    assert not dialog.card.add_button.isVisible()
    assert "already" in dialog.card.remarks.text()
    click(program, dialog.card.open_button)
    program.qtbot.waitUntil(lambda: program.application.session.path.endswith("talk.md"), timeout=10_000)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://www.youtube.com/watch?v=PRIVATE0001", "This video is private."),
        (LIST + playlists.PRIVATE_LIST_ID, "This playlist is private."),
        ("https://www.youtube.com/watch?v=UNAVAIL0001", "no longer available"),
    ],
)
def test_why_an_address_holds_nothing(driver: Start, address: str, words: str) -> None:
    program = driver()
    dialog = opened(program, address)
    click(program, dialog.look_button)
    program.qtbot.waitUntil(dialog.trouble.isVisible, timeout=30_000)
    assert words in dialog.trouble.text()
    assert dialog.look_button.text() == "Look it up"


def test_offline_nothing_is_asked(driver: Start, standin: StandinServer) -> None:
    program = driver(fetch__offline=True)
    dialog = opened(program, TALK)
    click(program, dialog.look_button)
    program.qtbot.waitUntil(dialog.trouble.isVisible, timeout=10_000)
    assert "offline" in dialog.trouble.text()
    assert standin.requests() == []


def test_an_address_can_be_dropped_and_pasted(driver: Start, standin: StandinServer) -> None:
    program = driver()
    window = program.window
    data = QMimeData()
    data.setUrls([QUrl(TALK + "&t=16s")])
    event = QDropEvent(
        QPointF(100, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    dialog = program.application.adding.dialog
    assert dialog.isVisible()
    assert dialog.address.text() == TALK + "&t=16s"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()

    QGuiApplication.clipboard().setText(LIST + playlists.PLAYLIST_ID)
    window.library.view.setFocus()
    QTest.keyClick(window.library.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    assert dialog.address.text() == LIST + playlists.PLAYLIST_ID
    dialog.close()
    QGuiApplication.clipboard().setText("some words")
    QTest.keyClick(window.library.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert not dialog.isVisible()
    assert "no address" in window.banner.message.text()
    assert standin.requests() == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_in_the_middle_it_goes_on(
    driver: Start, standin: StandinServer, standin_env: dict[str, str], own: Path
) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom PySide6.QtCore import QTimer\nfrom viewer import app\n"
        "from viewer.domain.video import VideoRef\nfrom viewer.library.add_queue import Wanted\n"
        "qt = app.make_qt_application()\nprogram = app.build()\nprogram.start([sys.argv[1]])\n"
        f"adding = program.adding.adding\nadding._gap_s = {REST_S}\n"
        "adding.queue.add([Wanted(VideoRef.youtube(i)) for i in sys.argv[2:]], sys.argv[1])\n"
        "QTimer.singleShot(0, adding.start)\nqt.exec()\n"
    )
    four = playlists.SIX[:4]
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(own), *four],
        cwd=ROOT,
        env={**os.environ, **standin_env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while len(notes(own)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.4)  # in the middle of another
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert child.returncode == -signal.SIGKILL
    made = len(notes(own)) - 1
    assert 1 <= made < 4

    kept = AddQueue(AppPaths.standard().add_queue)
    assert [item.state for item in kept.items()].count(AddState.DONE) == made
    program = driver(own)
    program.window.actions_set["add_video"].trigger()
    dialog = program.application.adding.dialog
    click(program, dialog.run_button)
    program.qtbot.waitUntil(lambda: states(program) == ["done"] * 4, timeout=90_000)
    assert notes(own) == sorted(["AAAAAAAAAAA", *four])
