"""Marks and their undo from Qt: in the order of the asking, shown when kept, told when not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from viewer.base.errors import ReadError
from viewer.domain.mark import Mark, TextAnchor, new_mark_id
from viewer.domain.transcript import Cue, Transcript
from viewer.library.journal import Act
from viewer.library.mark_store import MarkStore
from viewer.library.user_store import UserStore
from viewer.qt.jobs import JobRunner
from viewer.qt.marks_controller import Direction, MarksController


@pytest.fixture
def user(tmp_path: Path) -> Iterator[UserStore]:
    user = UserStore(tmp_path / "user.db")
    yield user
    user.close()


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    assert runner.shutdown()


@pytest.fixture
def marks(user: UserStore, runner: JobRunner) -> MarksController:
    return MarksController(runner, MarkStore(user.pool, user.journal), user.journal)


def mark(path: str = "/a.md", text: str = "some words") -> Mark:
    return Mark(new_mark_id(), path, "A", None, None, text, None)


def test_acts_happen_in_the_order_in_which_they_were_asked_for(qtbot: QtBot, marks: MarksController) -> None:
    heard: list[tuple[Act, Direction]] = []
    marks.changed.connect(lambda change, direction: heard.append((change.act, direction)))
    marks.open_note("/a.md")
    one = mark()
    marks.add(one)
    marks.change(replace(one, comment="why"))
    marks.remove(one.id)
    marks.undo()
    marks.undo()
    marks.redo()
    qtbot.waitUntil(lambda: len(heard) == 6)
    assert heard == [
        (Act.ADD_MARK, Direction.DONE),
        (Act.CHANGE_MARK, Direction.DONE),
        (Act.REMOVE_MARK, Direction.DONE),
        (Act.REMOVE_MARK, Direction.UNDONE),
        (Act.CHANGE_MARK, Direction.UNDONE),
        (Act.CHANGE_MARK, Direction.REDONE),
    ]
    assert [one.comment for one in marks.marks] == ["why"]
    assert (marks.undo_act, marks.redo_act) == (Act.CHANGE_MARK, Act.REMOVE_MARK)


def test_marks_of_other_notes_do_not_show_in_the_open_one(qtbot: QtBot, marks: MarksController) -> None:
    marks.open_note("/a.md")
    marks.add(mark("/b.md"))
    with qtbot.waitSignal(marks.changed):
        marks.add(mark("/a.md", "mine"))
    qtbot.waitUntil(lambda: [one.text for one in marks.marks] == ["mine"])
    marks.open_note("/b.md")
    assert marks.marks == ()
    qtbot.waitUntil(lambda: len(marks.marks) == 1)


def test_a_note_that_was_left_before_it_was_read_says_nothing(qtbot: QtBot, marks: MarksController) -> None:
    heard: list[str] = []
    marks.marksChanged.connect(heard.append)
    marks.open_note("/a.md")
    marks.open_note("/b.md")
    qtbot.waitUntil(lambda: heard == ["/b.md"])
    qtbot.wait(20)
    assert heard == ["/b.md"]


def test_nothing_to_undo_is_said(qtbot: QtBot, marks: MarksController) -> None:
    with qtbot.waitSignal(marks.nothingToUndo) as heard:
        marks.undo()
    assert heard.args == [Direction.UNDONE]


def test_what_cannot_be_kept_is_told_and_not_shown(
    qtbot: QtBot, marks: MarksController, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: MarkStore, one: Mark) -> None:
        raise ReadError("The disk is full.")

    monkeypatch.setattr(MarkStore, "add", full)
    marks.open_note("/a.md")
    with qtbot.waitSignal(marks.failed) as heard:
        marks.add(mark())
    assert str(heard.args[0]).startswith("The disk is full.")  # type: ignore[index]
    assert marks.marks == ()


def test_the_end_of_the_program_waits_for_what_was_asked_for(
    qtbot: QtBot, marks: MarksController, runner: JobRunner, user: UserStore
) -> None:
    for number in range(20):
        marks.add(mark(text=f"words {number}"))
    assert marks.finish()
    runner.shutdown()
    assert MarkStore(user.pool, user.journal).count() == 20


def test_words_are_placed_and_those_that_are_gone_are_none(qtbot: QtBot, marks: MarksController) -> None:
    transcript = Transcript((Cue(0, 1000, None, "hello world"), Cue(1000, 2000, None, "good bye")))
    here = replace(mark(text="good"), anchor=TextAnchor("good", "hello world", "bye", 1, 0))
    gone = replace(mark(text="bananas"), anchor=TextAnchor("bananas ripen slowly in the sun", "", "", 0, 0))
    marks.open_note("/a.md")
    marks.add(here)
    marks.add(gone)
    qtbot.waitUntil(lambda: len(marks.marks) == 2)
    with qtbot.waitSignal(marks.placed) as heard:
        marks.place(transcript)
    places = heard.args[1]  # type: ignore[index]
    assert (places[here.id].first, places[here.id].last) == ((1, 0), (1, 4))
    assert places[gone.id] is None
