"""The main job: the samples on the screen, a click on a quote, the right second out of the player."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Driver
from tests.standin.server import StandinServer
from viewer.base.paths import AppPaths
from viewer.qt.clip_state import ClipStatus
from viewer.qt.now_playing import PlayerState
from viewer.qt.roles import Role

Start = Callable[..., Driver]
NOTE = "What does Sam Altman"


def wait_for_picture(driver: Driver, timeout: int = 40_000) -> int:
    driver.qtbot.waitUntil(lambda: driver.shown_frame() is not None, timeout=timeout)
    frame = driver.shown_frame()
    assert frame is not None
    return frame


def children() -> set[int]:
    """Processes that this one has started and that still live (Linux)."""
    own = f"/proc/{os.getpid()}/task"
    found: set[int] = set()
    for task in Path(own).iterdir():
        try:
            found.update(int(pid) for pid in (task / "children").read_text().split())
        except OSError:
            continue
    return found


def test_the_samples_are_listed_and_counted(driver: Start) -> None:
    program = driver()
    assert len(program.titles()) == 3
    program.open(NOTE)
    rows = {
        name: program.view(name).model().rowCount()
        for name in ("highlightView", "quoteView", "keyPointView", "mentionView")
    }
    assert rows == {"highlightView": 5, "quoteView": 5, "keyPointView": 13, "mentionView": 18}


def test_a_click_on_the_first_highlight_shows_second_sixteen(driver: Start, standin: StandinServer) -> None:
    program = driver()
    program.open(NOTE)
    assert standin.requests() == []  # opening a note sends nothing

    program.click_row(program.view("highlightView"), 0)
    frame = wait_for_picture(program)
    assert 16 * 30 <= frame < 18 * 30
    assert standin.requests() != []

    player = program.application.player
    program.qtbot.waitUntil(lambda: player.state is PlayerState.PLAYING, timeout=10_000)
    reader = program.window.reader.transcript
    program.qtbot.waitUntil(lambda: reader.playing_row == 1, timeout=10_000)  # the cue that begins at 0:16


@pytest.mark.usefixtures("impatient")
def test_the_second_click_plays_at_once_without_a_network(driver: Start, standin: StandinServer) -> None:
    program = driver()
    program.open(NOTE)
    view = program.view("highlightView")
    program.click_row(view, 1)
    wait_for_picture(program)
    program.qtbot.waitUntil(
        lambda: view.model().index(1, 0).data(Role.CLIP_STATE).status is ClipStatus.READY, timeout=40_000
    )
    program.application.player.stop()
    standin.stop()
    try:
        program.click_row(view, 0)  # another clip: not kept, no network
        program.qtbot.waitUntil(lambda: program.window.banner.isVisible(), timeout=60_000)
        program.click_row(view, 1)
        program.qtbot.waitUntil(lambda: 49 * 30 <= (program.shown_frame() or 0) < 52 * 30, timeout=10_000)
    finally:
        standin.start()


def test_the_seconds_go_on_to_the_clips_end_and_stop_there(driver: Start) -> None:
    program = driver()
    program.open(NOTE)
    program.click_row(program.view("highlightView"), 0)
    wait_for_picture(program)
    player = program.application.player
    program.qtbot.waitUntil(lambda: player.state is PlayerState.PLAYING, timeout=10_000)
    player.seek(59_500)
    program.qtbot.waitUntil(lambda: player.state is PlayerState.ENDED, timeout=20_000)
    # The last picture stays (on a busy machine it comes a moment later); nothing after the clip is shown.
    program.qtbot.waitUntil(lambda: (program.shown_frame() or 0) >= 60 * 30 - 3, timeout=5_000)
    assert program.shown_frame() <= 60 * 30 - 1


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads Linux's process table")
def test_cancelling_in_mid_download_leaves_no_process_and_no_file(
    driver: Start, standin: StandinServer
) -> None:
    before = children()  # what helps the tests of this process
    program = driver()
    program.open(NOTE)
    standin.slow_line(megabits=0.5)
    view = program.view("highlightView")
    program.click_row(view, 0)
    segment = view.model().index(0, 0).data(Role.SEGMENT)
    program.qtbot.waitUntil(lambda: standin.bytes_sent() > 50_000, timeout=30_000)
    program.application.clips.cancel(segment)
    program.qtbot.waitUntil(lambda: not view.model().index(0, 0).data(Role.CLIP_STATE).busy, timeout=3_000)
    clips = AppPaths.standard().clips
    program.application.close()
    assert children() <= before
    left = [path for path in clips.rglob("*") if path.is_file() and path.suffix in (".mp4", ".part", ".m4a")]
    assert left == []


def test_a_quote_without_a_time_says_so_and_offers_the_video(driver: Start, standin: StandinServer) -> None:
    program = driver()
    program.open("Sam Altman on Sora")
    program.qtbot.waitUntil(lambda: program.application.session.note.title.startswith("Sam Altman on Sora"))
    for row in range(program.view("quoteView").model().rowCount()):
        assert program.view("quoteView").model().index(row, 0).data(Role.SEGMENT) is None
    assert standin.requests() == []


def test_working_offline_sends_nothing(driver: Start, standin: StandinServer) -> None:
    program = driver(fetch__offline=True)
    program.open(NOTE)
    program.click_row(program.view("highlightView"), 0)
    program.qtbot.waitUntil(lambda: program.window.banner.isVisible(), timeout=5_000)
    assert standin.requests() == []
    assert "offline" in program.window.banner.accessibleName().lower() or program.window.banner.isVisible()


def test_one_bad_file_never_hides_the_others(driver: Start, tmp_path: Path, seeds: Path) -> None:
    for seed in seeds.iterdir():
        (tmp_path / seed.name).write_bytes(seed.read_bytes())
    (tmp_path / "random.md").write_bytes(os.urandom(50_000))
    (tmp_path / "empty.md").write_bytes(b"")
    (tmp_path / "long line.txt").write_bytes(b"word " * 4_000_000)
    bomb = "---\na: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)
    )
    (tmp_path / "bomb.md").write_text(bomb + "---\nhello\n", "utf-8")
    program = driver(tmp_path)
    program.qtbot.waitUntil(lambda: len(program.titles()) == 7, timeout=20_000)
    program.open(NOTE)
    program.qtbot.waitUntil(lambda: program.view("highlightView").model().rowCount() == 5, timeout=5_000)
