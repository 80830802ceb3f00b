"""Playing as a tool for listening: on into the talk, all highlights in a row, moved ends, captions, sound only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.end_to_end.conftest import Driver
from tests.standin.server import StandinServer
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.qt.clip_state import ClipStatus
from viewer.qt.now_playing import PlayerState
from viewer.qt.roles import Role
from viewer.qt.timed_rows import RowKind

Start = Callable[..., Driver]
NOTE = "What does Sam Altman"


class Listener:
    """A reader with the first note open who plays its first highlight, 0:16 to 1:00."""

    def __init__(self, program: Driver) -> None:
        self.program = program
        self.window = program.window
        self.player = program.application.player
        self.numbers: list[int] = []
        self.window.side.player.sink.videoFrameChanged.connect(self._look)
        program.open(NOTE)

    def _look(self) -> None:
        number = self.program.shown_frame()
        if number is not None and (not self.numbers or self.numbers[-1] != number):
            self.numbers.append(number)

    def until(self, condition: Callable[[], object], seconds: float = 30) -> None:
        self.program.qtbot.waitUntil(lambda: bool(condition()), timeout=int(seconds * 1000))

    def press(self, action: str) -> None:
        self.window.actions_set[action].trigger()

    def play_first(self) -> None:
        self.program.click_row(self.program.view("highlightView"), 0)
        self.until(lambda: self.player.state is PlayerState.PLAYING and self.numbers)

    def near_the_end(self) -> None:
        self.player.seek(self.player.range_ms[1] - 500)
        self.until(lambda: self.numbers[-1] >= (self.player.range_ms[1] - 500) * 30 // 1000)

    def status(self, row: int) -> ClipStatus:
        index = self.window.side.lists.models[RowKind.HIGHLIGHT].index(row, 0)
        return ClipStatus(index.data(Role.CLIP_STATE).status)


@pytest.fixture
def listener(driver: Start) -> Callable[..., Listener]:
    return lambda **settings: Listener(driver(**settings))


def test_after_the_end_it_plays_on_into_the_talk_when_told_to(listener: Callable[..., Listener]) -> None:
    user = listener()
    user.play_first()
    user.near_the_end()
    user.until(lambda: user.player.state is PlayerState.ENDED)
    user.until(lambda: user.numbers[-1] >= 1797)
    assert user.numbers[-1] <= 1799  # it stands on the clip's last picture
    user.press("play_on")
    user.until(lambda: user.numbers[-1] >= 1800)
    assert next(number for number in user.numbers if number >= 1800) == 1800
    assert user.player.range_ms == (60_000, 120_000)
    assert user.window.actions_set["play_on"].isChecked()


def test_told_before_the_end_it_goes_on_without_a_gap(listener: Callable[..., Listener]) -> None:
    user = listener()
    user.play_first()
    user.press("play_on")
    user.near_the_end()
    user.until(lambda: user.player.range_ms == (60_000, 120_000) and user.numbers[-1] > 1805)
    after = [number for number in user.numbers if number >= 1795]
    assert {1798, 1800} <= set(after)
    user.press("play_on")
    assert not user.window.actions_set["play_on"].isChecked()


def test_all_highlights_play_in_a_row(listener: Callable[..., Listener], standin: StandinServer) -> None:
    user = listener()
    user.press("play_all")
    rows = user.window.side.lists.models[RowKind.HIGHLIGHT].segments()
    clips = user.program.application.clips
    for row in rows[:2]:
        user.until(lambda row=row: clips.playing == row and user.player.state is PlayerState.PLAYING)
        user.until(lambda row=row: user.numbers and user.numbers[-1] >= row.start_ms * 30 // 1000)
        user.near_the_end()
    user.until(lambda: clips.playing == rows[2])
    user.press("play_all")
    assert not user.window.actions_set["play_all"].isChecked()


def test_moved_ends_play_and_show_on_the_timeline(listener: Callable[..., Listener]) -> None:
    user = listener()
    user.play_first()
    user.until(lambda: user.status(0) is ClipStatus.READY)
    user.press("end_later")
    user.press("end_later")
    assert user.window.timeline.range_ms == (16_000, 62_000)
    assert user.player.state is PlayerState.PLAYING  # the old clip plays on while the longer one comes
    user.until(lambda: user.player.range_ms == (16_000, 62_000))
    user.until(lambda: user.player.state is PlayerState.PLAYING)
    assert user.player.position_ms >= 16_000
    user.press("start_later")
    assert user.player.range_ms == (17_000, 62_000)
    user.until(lambda: user.player.position_ms >= 17_000)
    user.press("start_earlier")
    assert user.player.range_ms == (16_000, 62_000)
    assert user.window.timeline.range_ms == (16_000, 62_000)
    index = user.window.side.lists.models[RowKind.HIGHLIGHT].index(0, 0)
    assert index.data(Role.PLAYING)  # still the same row


def test_next_and_previous_highlight(listener: Callable[..., Listener]) -> None:
    user = listener()
    user.play_first()
    clips, rows = user.program.application.clips, user.window.side.lists.segments()
    user.press("next_highlight")
    user.until(lambda: clips.playing == rows[1])
    user.press("previous_highlight")
    user.until(lambda: clips.playing == rows[0])


def test_captions_show_what_is_said_and_sound_only_hides_the_picture(
    listener: Callable[..., Listener],
) -> None:
    user = listener(play__captions=True)
    side = user.window.side
    assert side.caption.isVisible()
    user.play_first()
    user.until(side.caption.text)
    note = user.program.application.session.note
    assert note is not None
    assert side.caption.text() in " ".join(" ".join(cue.text.split()) for cue in note.transcript.cues)
    height = side.player.height()
    user.press("sound_only")
    assert side.player.height() < height
    user.press("captions")
    assert not side.caption.isVisible()
    user.player.set_volume(80)
    user.press("faster")
    kept = Settings(AppPaths.standard().settings_file)
    assert kept.get("play.sound_only") is True
    assert kept.get("play.captions") is False
    assert kept.get("play.speed") == 1.25


def test_switched_on_the_first_clips_come_while_the_note_is_read(
    driver: Start, standin: StandinServer
) -> None:
    program = driver(fetch__prefetch=True)
    program.open(NOTE)
    model = program.window.side.lists.models[RowKind.HIGHLIGHT]
    program.qtbot.waitUntil(
        lambda: model.index(0, 0).data(Role.CLIP_STATE).status is ClipStatus.READY, timeout=30_000
    )
    assert program.application.player.state is PlayerState.EMPTY


def test_how_one_listens_is_remembered(driver: Start) -> None:
    first = driver()
    controls, actions = first.window.side.controls, first.window.actions_set
    controls.volume.setValue(35)
    for action_id in ("faster", "loop", "mute", "captions"):
        actions[action_id].trigger()
    first.window.close()
    first.application.close()
    again = driver()
    player = again.application.player
    assert (player.volume, player.speed, player.loop, player.muted) == (35, 1.25, True, True)
    assert again.window.side.controls.volume.value() == 35
    assert again.window.side.caption.isVisible()
