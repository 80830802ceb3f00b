"""Marking and gathering with a picture: exact words, the last 20 seconds, a collection of two talks played as one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QTextCursor

from tests.end_to_end.conftest import Driver
from tests.end_to_end.test_listening import Listener
from viewer.qt.now_playing import PlayerState
from viewer.qt.timed_rows import RowKind

FPS = 30


@pytest.fixture
def listener(driver: Callable[..., Driver]) -> Callable[..., Listener]:
    return lambda **settings: Listener(driver(**settings))


def select(user: Listener, words: str) -> None:
    view = user.window.reader.transcript
    user.until(lambda: words in view.toPlainText())
    cursor = view.textCursor()
    begin = view.toPlainText().index(words)
    cursor.setPosition(begin)
    cursor.setPosition(begin + len(words), QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)


def test_a_clip_of_selected_words_plays_exactly_them(listener: Callable[..., Listener]) -> None:
    user = listener()
    marks = user.program.application.marks.marks
    select(user, "I analyzed what are the words")
    user.press("mark_clip")
    user.until(lambda: len(marks.marks) == 1)
    segment = marks.marks[0].segment
    assert segment is not None
    user.until(lambda: user.player.state is PlayerState.PLAYING and user.numbers)
    assert user.player.range_ms == (segment.start_ms, segment.end_ms)
    assert abs(user.numbers[0] - segment.start_ms * FPS / 1000) <= 2
    user.until(lambda: user.player.state is PlayerState.ENDED)
    assert user.numbers[-1] < segment.end_ms * FPS / 1000 + 1
    kept = user.program.application.kept
    user.until(lambda: kept.clip(segment) is not None and kept.clip(segment).pinned)


def test_what_was_heard_last_is_marked(listener: Callable[..., Listener]) -> None:
    user = listener()
    marks = user.program.application.marks.marks
    user.play_first()
    user.player.seek(40_000)
    user.until(lambda: user.player.position_ms >= 40_000)
    user.press("mark_last")
    user.until(lambda: len(marks.marks) == 1)
    segment = marks.marks[0].segment
    assert segment is not None
    assert segment.duration_ms == 20_000
    assert 40_000 <= segment.end_ms <= user.player.position_ms + 100
    assert "The takeoff has started" in marks.marks[0].text
    user.until(lambda: user.player.state is PlayerState.PLAYING)  # one goes on listening


def test_a_collection_of_two_notes_plays_as_one(
    listener: Callable[..., Listener], seeds: Path, tmp_path: Path
) -> None:
    user = listener()
    application = user.program.application
    gathering = application.marks.gathering
    lists = user.window.side.lists

    def gather(row: int) -> None:
        before = len(gathering.items)
        view = lists.views[RowKind.HIGHLIGHT]
        user.until(lambda: view.model().rowCount() > row)
        lists.turn_to(RowKind.HIGHLIGHT)
        view.setCurrentIndex(view.model().index(row, 0))
        user.press("gather")
        user.until(lambda: len(gathering.items) == before + 1)

    gather(0)
    text = next(seeds.glob("000_*")).read_text("utf-8")
    (tmp_path / "second.md").write_text(text.replace("What does Sam", "The second: what does Sam"), "utf-8")
    application.desk.open_paths([tmp_path / "second.md"])
    user.until(lambda: application.session.path.endswith("second.md"))
    gather(3)
    assert len({item.note_path for item in gathering.items}) == 2
    first, second = (item.clip for item in gathering.items)
    assert first is not None
    assert second is not None
    user.press("play_collection")
    user.until(lambda: application.clips.playing == first and user.player.state is PlayerState.PLAYING)
    user.near_the_end()
    user.until(lambda: application.clips.playing == second and user.player.state is PlayerState.PLAYING)
    assert user.player.range_ms == (second.start_ms, second.end_ms)
    model = gathering.pane.model
    assert model.row_of(model._playing) == 1
    user.press("play_collection")
    assert not user.window.actions_set["play_collection"].isChecked()
