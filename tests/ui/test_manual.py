"""The manual: every chapter readable, its keys those in force, found by words, opened from the help."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.running import soundbite
from viewer.app import Application
from viewer.base.settings_table import SETTINGS
from viewer.ui import keymap
from viewer.ui.actions import ACTIONS, TABLE, keys_text
from viewer.ui.manual import chapters
from viewer.ui.manual_window import ManualWindow


@pytest.fixture(autouse=True)
def own_keys() -> Iterator[None]:
    yield
    keymap.use({})


@pytest.fixture
def manual(application: Application) -> ManualWindow:
    application.window.actions_set["manual"].trigger()
    window = application.comforts.manual
    assert window is not None
    return window


def test_every_place_is_filled_and_every_chapter_has_a_title(qapp: object) -> None:
    found = chapters()
    assert len(found) >= 8
    for chapter in found:
        assert chapter.title
        assert "{{" not in chapter.markdown
        assert chapter.markdown.startswith("# ")


def test_every_key_and_every_setting_is_in_it(manual: ManualWindow) -> None:
    assert manual.open_chapter("keys")
    text = manual.page.toPlainText()
    for spec in ACTIONS:
        if keys_text(spec):
            assert keys_text(spec) in text, spec.id
    assert manual.open_chapter("preferences")
    text = manual.page.toPlainText()
    for setting in SETTINGS:
        assert setting.hidden or setting.label in text, setting.key


def test_keys_with_shift_and_a_letter_are_told(qapp: object) -> None:
    assert keys_text(TABLE["play_collection"]) == "Shift+H"
    assert keys_text(TABLE["slower"]) == "<"


def test_it_shows_the_keys_that_are_in_force(application: Application) -> None:
    application.settings.set("keys.chosen", '{"find": ["Ctrl+F12"]}')
    application.window.actions_set["manual"].trigger()
    manual = application.comforts.manual
    assert manual is not None
    manual.open_chapter("reading")
    assert "Ctrl+F12" in manual.page.toPlainText()


def test_words_are_found_in_every_chapter(manual: ManualWindow) -> None:
    everything = manual.view.model().rowCount()
    QTest.keyClicks(manual.field, "stitched")
    assert manual.view.model().rowCount() < everything
    assert "stitched" in manual.page.toPlainText()
    assert manual.page.finds >= 1
    QTest.keyClicks(manual.field, "zzz")
    assert manual.words.text() == "Nothing found"
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert manual.view.model().rowCount() == everything


def test_words_are_found_across_what_is_set_bold(manual: ManualWindow) -> None:
    QTest.keyClicks(manual.field, "Ctrl+Shift+P opens the palette")
    chapter = manual.chapter()
    assert chapter is not None
    assert chapter.name == "first-steps"
    assert manual.page.finds == 1


def test_escape_closes_it_and_it_opens_again(
    application: Application, manual: ManualWindow, qtbot: object
) -> None:
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: application.comforts.manual is None, timeout=3000)  # type: ignore[attr-defined]
    application.window.actions_set["manual"].trigger()
    assert application.comforts.manual is not None


def test_the_terminals_help_says_where_it_is() -> None:
    outcome = soundbite("--help")
    assert "manual" in outcome.stdout
