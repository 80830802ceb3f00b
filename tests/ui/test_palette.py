"""Everything by a few letters and Enter: commands, notes, the outline; back and forward."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.ui.fuzzy import ranked


def enter(application: Application, letters: str) -> None:
    palette = application.room.palette
    QTest.keyClicks(palette.field, letters)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)


def test_letters_of_a_command_find_it_and_enter_does_it(application: Application) -> None:
    application.window.actions_set["palette"].trigger()
    palette = application.room.palette
    assert palette.isVisible()
    everything = len(palette.texts())
    QTest.keyClicks(palette.field, "prefer")
    assert palette.texts()[0] == "Preferences"
    assert len(palette.texts()) < everything
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()

    hidden = application.window.library.isHidden()
    application.window.actions_set["palette"].trigger()
    words = application.window.actions_set["toggle_library"].text().replace("&", "")
    enter(application, words)
    assert application.window.library.isHidden() is not hidden


def test_what_matches_nothing_is_said(application: Application) -> None:
    application.window.actions_set["palette"].trigger()
    palette = application.room.palette
    QTest.keyClicks(palette.field, "zzzqqq")
    assert palette.texts() == []
    assert palette.words.text() == "No command matches."


def test_a_note_is_gone_to_and_back_again(application: Application, qtbot: QtBot) -> None:
    first = application.session.path
    application.window.actions_set["go_to_note"].trigger()
    palette = application.room.palette
    assert len(palette.texts()) == 3
    enter(application, "sora")
    qtbot.waitUntil(lambda: application.session.path != first, timeout=5000)
    application.window.actions_set["go_back"].trigger()
    qtbot.waitUntil(lambda: application.session.path == first, timeout=5000)
    assert application.window.actions_set["go_forward"].isEnabled()


def test_the_outline_leads_to_a_heading(application: Application, qtbot: QtBot) -> None:
    application.window.actions_set["outline"].trigger()
    assert "Summary" in application.room.palette.texts()
    enter(application, "summary")
    assert application.window.reader.tabs.currentIndex() == 1


def test_the_beginnings_of_words_rank_first() -> None:
    found = [one.item for one in ranked("sc", ["Discover", "Save clip as", "Scale"], lambda text: text)]
    assert found[0] == "Scale"
    assert "Save clip as" in found
