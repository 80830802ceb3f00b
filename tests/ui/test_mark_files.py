"""The marks as files in a folder of the user's: written, read back, and asked about when both sides have changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.domain.mark import Mark
from viewer.ui.folder_row import FolderRow
from viewer.ui.preferences import Preferences
from viewer.ui.two_versions_dialog import TwoVersionsDialog

from .test_marks import act, mark_words, marks, talk, waiting

__all__ = ["talk"]


@pytest.fixture
def folder(talk: Application, tmp_path: Path) -> Path:
    """The folder, chosen in the preferences."""
    folder = tmp_path / "marks"
    folder.mkdir()
    dialog = Preferences(talk.settings, talk.window)
    row = dialog.findChild(FolderRow)
    assert row is not None
    row.set_folder(str(folder))
    dialog.close()
    assert talk.settings.get("marks.folder") == str(folder)
    return folder


def file_in(folder: Path) -> Path:
    return next(folder.glob("*.highlights.md"))


def kept(qtbot: QtBot, application: Application, folder: Path, comment: str) -> Mark:
    """A mark with this comment that is in its file."""
    mark = mark_words(qtbot, application)
    application.marks.marks.change(replace(mark, comment=comment))
    waiting(qtbot, lambda: bool(list(folder.glob("*.md"))) and comment in file_in(folder).read_text("utf-8"))
    return marks(application)[0]


def test_a_mark_is_written_to_its_file_and_an_edit_there_is_read_back(
    qtbot: QtBot, talk: Application, folder: Path
) -> None:
    kept(qtbot, talk, folder, "my thought")
    file = file_in(folder)
    file.write_text(file.read_text("utf-8").replace("my thought", "a better thought"), "utf-8")
    talk.marks.files.look_at(talk.session.path)
    waiting(qtbot, lambda: marks(talk)[0].comment == "a better thought")
    undo = talk.window.actions_set["undo"]
    waiting(qtbot, lambda: undo.text() == "Undo: taken from a mark's file")
    act(talk, "undo")
    waiting(qtbot, lambda: marks(talk)[0].comment == "my thought")
    waiting(qtbot, lambda: "a better thought" not in file.read_text("utf-8"))


@pytest.mark.parametrize(
    ("button", "left"),
    [("keep_mine", "mine"), ("keep_theirs", "theirs"), ("keep_both", "mine\n\ntheirs")],
)
def test_both_versions_are_shown_and_one_of_three_ways_is_chosen(
    qtbot: QtBot, talk: Application, folder: Path, button: str, left: str
) -> None:
    mark = kept(qtbot, talk, folder, "before")
    file = file_in(folder)
    # Both sides change before they see each other.
    talk.marks.files._rest.setInterval(10_000)
    talk.marks.marks.change(replace(mark, comment="mine"))
    waiting(qtbot, lambda: marks(talk)[0].comment == "mine")
    file.write_text(file.read_text("utf-8").replace("before", "theirs"), "utf-8")
    talk.marks.files._rest.setInterval(10)
    talk.marks.files.look_at(talk.session.path)
    waiting(qtbot, lambda: talk.window.findChild(TwoVersionsDialog) is not None)
    dialog = talk.window.findChild(TwoVersionsDialog)
    assert dialog is not None
    waiting(qtbot, dialog.isVisible)
    assert "mine" in dialog.mine.toPlainText()
    assert "theirs" in dialog.theirs.toPlainText()
    assert "theirs" not in dialog.mine.toPlainText()
    with qtbot.waitSignal(dialog.finished):
        qtbot.mouseClick(getattr(dialog, button), Qt.MouseButton.LeftButton)
    waiting(qtbot, lambda: marks(talk)[0].comment == left)
    waiting(qtbot, lambda: left.split("\n")[-1] in file.read_text("utf-8"))


def test_words_that_both_sides_changed_are_two_marks_until_one_is_chosen(
    qtbot: QtBot, talk: Application, folder: Path
) -> None:
    mark = kept(qtbot, talk, folder, "before")
    file = file_in(folder)
    talk.marks.files._rest.setInterval(10_000)
    talk.marks.marks.change(replace(mark, text="We are past it."))
    waiting(qtbot, lambda: marks(talk)[0].text == "We are past it.")
    file.write_text(file.read_text("utf-8").replace("The takeoff has started", "The takeoff began"), "utf-8")
    talk.marks.files._rest.setInterval(10)
    talk.marks.files.look_at(talk.session.path)
    waiting(qtbot, lambda: len(marks(talk)) == 2)
    waiting(qtbot, lambda: talk.window.findChild(TwoVersionsDialog) is not None)
    dialog = talk.window.findChild(TwoVersionsDialog)
    assert dialog is not None
    assert "We are past it." in dialog.mine.toPlainText()
    assert "The takeoff began" in dialog.theirs.toPlainText()
    qtbot.mouseClick(dialog.keep_theirs, Qt.MouseButton.LeftButton)
    waiting(qtbot, lambda: len(marks(talk)) == 1)
    assert (marks(talk)[0].id, "The takeoff began" in marks(talk)[0].text) == (mark.id, True)


@pytest.mark.parametrize(
    ("side", "button", "left"),
    [
        ("here", "keep_mine", 0),
        ("here", "keep_both", 1),
        ("file", "keep_theirs", 0),
        ("file", "keep_both", 1),
    ],
)
def test_a_mark_removed_on_one_side_and_changed_on_the_other_is_asked_about(
    qtbot: QtBot, talk: Application, folder: Path, side: str, button: str, left: int
) -> None:
    mark = kept(qtbot, talk, folder, "before")
    file = file_in(folder)
    talk.marks.files._rest.setInterval(10_000)
    text = file.read_text("utf-8")
    if side == "here":
        talk.marks.marks.remove(mark.id)
        waiting(qtbot, lambda: not marks(talk))
        file.write_text(text.replace("before", "theirs"), "utf-8")
    else:
        talk.marks.marks.change(replace(mark, comment="mine"))
        waiting(qtbot, lambda: marks(talk)[0].comment == "mine")
        file.write_text(text[: text.index("\n## ")], "utf-8")
    talk.marks.files._rest.setInterval(10)
    talk.marks.files.look_at(talk.session.path)
    waiting(qtbot, lambda: talk.window.findChild(TwoVersionsDialog) is not None)
    dialog = talk.window.findChild(TwoVersionsDialog)
    assert dialog is not None
    removed, other = (dialog.mine, dialog.theirs) if side == "here" else (dialog.theirs, dialog.mine)
    assert removed.toPlainText() == "Removed"
    assert ("theirs" if side == "here" else "mine") in other.toPlainText()
    shown = [one for one in (dialog.keep_mine, dialog.keep_theirs, dialog.keep_both) if one.isVisible()]
    assert [one.text() for one in shown] == ["Remove it", "Keep it"]
    qtbot.mouseClick(getattr(dialog, button), Qt.MouseButton.LeftButton)
    waiting(qtbot, lambda: len(marks(talk)) == left)
    waiting(qtbot, lambda: (mark.text in file.read_text("utf-8")) == bool(left))


def test_a_folder_that_is_not_there_is_said_plainly(qtbot: QtBot, talk: Application, tmp_path: Path) -> None:
    talk.settings.set("marks.folder", str(tmp_path / "nowhere"))
    waiting(qtbot, lambda: talk.window.banner.message.text().startswith("There is no folder"))
    assert not (tmp_path / "nowhere").exists()
