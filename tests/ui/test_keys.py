"""Every action's keys are changed by pressing others; what they did before is asked about; all of it counts at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from viewer.app import Application
from viewer.domain.mark import MarkColour
from viewer.library.journal import Act, Change
from viewer.qt.marks_controller import Direction
from viewer.ui import keymap
from viewer.ui.actions import ACTIONS, TABLE, keys_text
from viewer.ui.shortcuts_help import ShortcutsHelp

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def own_keys() -> Iterator[None]:
    yield
    keymap.use({})


@pytest.fixture
def page(application: Application) -> Iterator[ShortcutsHelp]:
    window = application.window
    dialog = ShortcutsHelp(application.settings, application.themes, window)
    dialog.open()
    yield dialog
    if isValid(dialog):
        dialog.close()


def press(
    page: ShortcutsHelp, action: str, key: Qt.Key, *with_: Qt.KeyboardModifier, add: bool = False
) -> None:
    assert page.choose(action)
    page.begin(adding=add)
    assert page.capture.isVisible()
    held = Qt.KeyboardModifier.NoModifier
    for modifier in with_:
        held |= modifier
    QTest.keyClick(page.capture, key, held)


def test_every_action_of_the_table_is_there(page: ShortcutsHelp) -> None:
    assert all(page.choose(spec.id) for spec in ACTIONS)


def test_no_two_actions_come_with_the_same_keys() -> None:
    for spec in ACTIONS:
        for key in spec.keys:
            assert keymap.normal(key), f"{spec.id}: {key} is no key"
            other = keymap.holder(key, ACTIONS, spec.id)
            assert other is None, f"{key}: {spec.id} and {other.id}"


def test_new_keys_count_at_once_and_everywhere(
    application: Application, page: ShortcutsHelp, qtbot: QtBot
) -> None:
    press(page, "find", Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)
    action = application.window.actions_set["find"]
    assert action.shortcuts() == [QKeySequence("Ctrl+F12")]
    assert "Ctrl+F12" in keys_text(TABLE["find"])
    button = application.window.findChild(QToolButton, "findButton")
    assert button is not None
    assert "Ctrl+F12" in button.toolTip()
    assert json.loads(application.settings.get("keys.chosen")) == {"find": ["Ctrl+F12"]}
    page.close()
    application.window.activateWindow()
    qtbot.waitUntil(application.window.isActiveWindow, timeout=3000)
    QTest.keyClick(application.window, Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)
    assert application.window.reader.find_bar.isVisible()


def test_sentences_tell_the_keys_in_force(application: Application) -> None:
    chosen = {"undo": ("Ctrl+F12",), "mark_important": ("Ctrl+1",), "mute": ("Ctrl+F11",), "slower": ("F4",)}
    window, session = application.window, application.marks.session
    window.actions_set.use_keys(chosen)
    assert window.side.controls.mute.toolTip() == "Mute (Ctrl+F11)"
    assert window.side.controls.speed.toolTip() == "Speed 1× (F4, >)"
    assert window.side.controls.speed.accessibleName() == "Speed 1×"
    session.mark_in(MarkColour.IMPORTANT)
    assert "Then Ctrl+1, 2, 3, 4 mark them" in window.banner.advice.text()
    application.marks.marks.changed.emit(Change(Act.REMOVE_MARK, ()), Direction.DONE)
    assert window.banner.advice.text() == "Ctrl+F12 brings it back."
    window.actions_set.use_keys({"undo": ()})
    application.marks.marks.changed.emit(Change(Act.REMOVE_MARK, ()), Direction.DONE)
    assert window.banner.advice.text() == "Undo brings it back."


def test_no_text_names_a_key_that_the_user_can_change() -> None:
    """The keys of the table are filled in (``key_of``, ``with_keys``); only those of single widgets are written."""
    keys = {key for spec in ACTIONS if not spec.local for key in spec.keys}
    changeable = {key for key in keys if "+" in key or len(key) > 1} - {"Left", "Right", "Back", "Forward"}
    signs = {key for key in keys if len(key) == 1 and key.isalnum()}
    written = re.compile(r"(?<![\w+])((?:(?:Ctrl|Alt|Shift)\+)*(?:F\d+|[A-Z][a-z]+|[A-Z0-9]|.))(?![\w+])")
    told = re.compile(r"(?:\(|\b[Pp]ress )([A-Z0-9])(?:\)|\b)")
    with (ROOT / "resources" / "translations" / "soundbite.pot").open("rb") as file:
        texts = [text for message in read_po(file) for text in as_list(message.id)]
    for text in texts:
        named = {one for one in written.findall(text) if "+" in one or one[0] == "F"} & changeable
        named |= set(told.findall(text)) & signs
        assert not named, f"{text}: {named}"


def as_list(texts: str | tuple[str, ...] | list[str]) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


def test_a_conflict_names_the_other_action_and_asks(application: Application, page: ShortcutsHelp) -> None:
    press(page, "loop", Qt.Key.Key_M)
    assert page.trouble.isVisible()
    assert "Mute" in page.trouble.text()
    assert keymap.keys_of(TABLE["mute"]) == ("M",)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.isVisible()
    assert keymap.keys_of(TABLE["loop"]) == ("R",)

    press(page, "loop", Qt.Key.Key_M)
    page.take.click()
    assert keymap.keys_of(TABLE["loop"]) == ("M",)
    assert keymap.keys_of(TABLE["mute"]) == ()
    assert application.window.actions_set["mute"].shortcuts() == []


def test_one_is_reset_and_what_it_gave_away_comes_back(page: ShortcutsHelp) -> None:
    press(page, "loop", Qt.Key.Key_M)
    page.take.click()
    page.choose("mute")
    page.reset.click()
    assert keymap.keys_of(TABLE["mute"]) == ("M",)
    assert keymap.keys_of(TABLE["loop"]) == ()
    page.reset_all.click()
    assert keymap.chosen() == {}
    assert keymap.keys_of(TABLE["loop"]) == ("R",)


def test_keys_are_added_and_taken_away(application: Application, page: ShortcutsHelp) -> None:
    press(page, "loop", Qt.Key.Key_F7, add=True)
    assert keymap.keys_of(TABLE["loop"]) == ("R", "F7")
    page.remove.click()
    assert application.window.actions_set["loop"].shortcuts() == []


def test_keys_of_lists_and_fields_are_not_given_away(page: ShortcutsHelp) -> None:
    press(page, "loop", Qt.Key.Key_Tab)
    assert "Tab" in page.trouble.text()
    assert keymap.keys_of(TABLE["loop"]) == ("R",)
    page.choose("play_row")
    page.end()
    page.begin(adding=False)
    assert not page.capture.isVisible()


def test_a_hand_written_setting_that_makes_no_sense_does_no_harm() -> None:
    assert keymap.read("what?") == {}
    assert keymap.read("[1]") == {}
    assert keymap.read('{"find": "Ctrl+F", "loop": ["Esc", "", "Ctrl+R"]}') == {"loop": ("Ctrl+R",)}


def test_the_filter_finds_by_keys(page: ShortcutsHelp) -> None:
    page.field.setText("ctrl+k")
    spec = page.spec()
    assert spec is not None
    assert spec.id == "search"
