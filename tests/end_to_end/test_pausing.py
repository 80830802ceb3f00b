"""Downloads pause and go on from the window: all by a key or the button's menu, one by its row's menu."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QToolButton

from tests.end_to_end.conftest import Driver
from tests.standin import catalogue, media
from tests.standin.server import StandinServer
from viewer.qt.clip_state import ClipStatus
from viewer.qt.now_playing import PlayerState
from viewer.qt.roles import Role

Start = Callable[..., Driver]
NOTE = "What does Sam Altman"


def status(program: Driver, row: int = 0) -> ClipStatus:
    state = program.view("highlightView").model().index(row, 0).data(Role.CLIP_STATE)
    return ClipStatus(state.status)


def words_of(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_a_paused_clip_asks_for_nothing_and_goes_on_where_it_stood(
    driver: Start, standin: StandinServer
) -> None:
    program = driver()
    program.open(NOTE)
    standin.slow_line(megabits=8)
    pause = program.window.actions_set["pause_fetching"]
    button = program.find(QToolButton, "downloadsButton")
    program.click_row(program.view("highlightView"), 0)
    player = program.application.player
    program.qtbot.waitUntil(lambda: player.state is PlayerState.PLAYING, timeout=30_000)
    pause.trigger()
    program.qtbot.waitUntil(lambda: status(program) is ClipStatus.PAUSED, timeout=5000)
    program.qtbot.waitUntil(lambda: "paused" in button.text(), timeout=5000)
    quiet_since, sent = time.monotonic(), standin.bytes_sent()

    def quiet() -> bool:
        nonlocal quiet_since, sent
        if standin.bytes_sent() != sent:
            quiet_since, sent = time.monotonic(), standin.bytes_sent()
        return time.monotonic() - quiet_since > 0.6

    program.qtbot.waitUntil(quiet, timeout=5000)
    assert player.state is not PlayerState.FAILED  # what has come plays on
    program.application.window.top.findChild(QToolButton, "downloadsButton").menu().aboutToShow.emit()
    assert "Resume all" in words_of(button.menu())
    assert "Pause all" not in words_of(button.menu())
    pause.trigger()
    program.qtbot.waitUntil(lambda: status(program) is ClipStatus.READY, timeout=30_000)
    talk = catalogue.videos()[catalogue.TALK_ID].talk
    needed = sum(media.bytes_needed(media.make(talk, itag), 16, 60) for itag in ("134", "140"))
    # What was under way in the sockets when it was paused is asked for again.
    assert standin.bytes_sent(kind="media") < needed + 1_500_000
    assert player.state in (PlayerState.PLAYING, PlayerState.ENDED)


def test_one_row_is_paused_while_the_others_come(driver: Start, standin: StandinServer) -> None:
    program = driver()
    program.open(NOTE)
    standin.slow_line(megabits=8)
    program.window.actions_set["fetch_all"].trigger()
    program.qtbot.waitUntil(lambda: status(program) is ClipStatus.FETCHING, timeout=30_000)
    lists = program.window.side.lists
    view = program.view("highlightView")
    row = view.model().index(0, 0).data(Role.ROW)

    def choose(words: str) -> None:
        menu = QMenu()
        lists.menuWanted.emit(row, menu)
        next(action for action in menu.actions() if action.text() == words).trigger()
        menu.deleteLater()

    choose("Pause fetching")
    assert status(program) is ClipStatus.PAUSED
    standin.slow_line(None, 0)
    others = range(1, view.model().rowCount())
    program.qtbot.waitUntil(
        lambda: all(status(program, one) is ClipStatus.READY for one in others), timeout=30_000
    )
    assert status(program) is ClipStatus.PAUSED
    choose("Resume fetching")
    program.qtbot.waitUntil(lambda: status(program) is ClipStatus.READY, timeout=30_000)
