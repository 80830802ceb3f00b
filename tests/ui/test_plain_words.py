"""Words of a note are never HTML where Qt would guess so: such a page opens files, and a pipe would stop the program."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from viewer.domain.note import Problem
from viewer.domain.video import Segment, VideoRef
from viewer.library.add_queue import AddItem
from viewer.library.health import FileHealth, HealthReport
from viewer.media.clip_store import Clip
from viewer.qt.adding import AddModel
from viewer.qt.health_model import COLUMNS, HealthModel
from viewer.qt.kept_clips import Column, KeptClipsModel
from viewer.qt.plain_words import plain_tip
from viewer.ui.buttons import describe
from viewer.ui.fitting_label import FittingLabel

ROOT = Path(__file__).resolve().parents[2]
HTML = [
    "<img src='/dev/zero'>",
    "A talk <img src='file:///dev/zero'> of note",
    "  <b>bold</b>",
    "< b>bold</b>",
    "&lt;b&gt;",
    "<table>",
    "<!DOCTYPE html><p>",
    "<?xml version='1.0'?><a>",
    "<<b>>",
]
might_be_rich: Callable[[str], bool] = GuiQt.mightBeRichText


@pytest.mark.parametrize("words", HTML)
def test_a_tip_is_never_taken_for_html(words: str) -> None:
    assert not might_be_rich(plain_tip(words))
    assert plain_tip(words).replace("\u2060", "") == words


def test_what_is_plain_stays_as_it_is() -> None:
    assert plain_tip("Jane Doe & others: 2 > 1") == "Jane Doe & others: 2 > 1"


@pytest.mark.parametrize("words", HTML)
def test_a_title_that_has_no_room_tells_the_whole_as_plain_words(qtbot: QtBot, words: str) -> None:
    label = FittingLabel(1)
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    label.setText(words + " and so on and on and on and on and on and on")
    assert label.toolTip()
    assert not might_be_rich(label.toolTip())


def test_what_a_button_says_is_plain(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    describe(button, "Play <img src='/dev/zero'>")
    assert not might_be_rich(button.toolTip())


def _tips(model: QAbstractItemModel) -> list[str]:
    tips = []

    def walk(parent: QModelIndex) -> None:
        for row in range(model.rowCount(parent)):
            for column in range(1 if isinstance(model, AddModel) else model.columnCount(parent)):
                index = model.index(row, column, parent)
                tips.append(index.data(Qt.ItemDataRole.ToolTipRole))
                if not column:
                    walk(index)

    walk(QModelIndex())
    return [tip for tip in tips if tip]


@pytest.mark.parametrize("words", HTML)
def test_what_a_row_says_at_the_pointer_is_plain(words: str) -> None:
    video = VideoRef.youtube("dQw4w9WgXcQ")
    health = HealthModel(("", "", "", "", "", "", "", ""), "line {line}")
    counts = tuple((name, 1) for name in COLUMNS if name)
    health.set_report(HealthReport((FileHealth(f"{words}.md", "plain", counts, (Problem(1, "x", words),)),)))
    adding = AddModel(lambda item: item.title)
    adding.set_items((AddItem(1, video, words, "notes", reason=words),))
    kept = KeptClipsModel(dict.fromkeys(Column, ""), {}, str, str)
    kept._text = lambda clip, column: words  # type: ignore[method-assign]
    kept.set_clips([Clip(Segment(video, 0, 1), "720", Path(f"{words}.mp4"), 1, 0.0, 0.0)], {video.id: words})
    for model in (health, adding, kept):
        tips = _tips(model)
        assert tips
        assert not [tip for tip in tips if might_be_rich(tip)]


def test_every_label_and_tip_of_words_from_outside_is_plain() -> None:
    """Whoever shows words at the pointer, or a failure's words in a label, says that they are no HTML."""
    loose = []
    for file in sorted((ROOT / "viewer" / "ui").glob("*.py")):
        text = file.read_text("utf-8")
        for call in ast.walk(ast.parse(text)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "QToolTip.showText":
                words = ast.unparse(call.args[1])
                bound = re.search(rf"^ *{re.escape(words)} = plain_tip\(", text, re.MULTILINE)
                if "plain_tip(" not in words and not bound and file.name != "mark_cards.py":
                    loose.append(f"{file.name}: {words}")
        for name in re.findall(r"self\.(\w*trouble) = QLabel\(", text):
            if f"self.{name}.setTextFormat(Qt.TextFormat.PlainText)" not in text:
                loose.append(f"{file.name}: {name}")
    assert not loose
