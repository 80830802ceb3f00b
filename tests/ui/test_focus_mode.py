"""The text alone, and back to every pane as it was; the reading settings and how far one has read."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.app import Application


def test_the_text_alone_and_back_with_the_panes_as_they_were(application: Application) -> None:
    window = application.window
    window.resize(1300, 800)
    window.splitter.setSizes([250, 600, 450])
    sizes = window.splitter.sizes()
    window.actions_set["focus_text"].trigger()
    for hidden in (window.library, window.side, window.top, window.strip):
        assert not hidden.isVisible()
    assert window.reader.isVisible()
    assert window.actions_set["focus_text"].isChecked()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.focus_mode.active
    assert window.library.isVisible()
    assert window.side.lists.isVisible()
    assert window.top.isVisible()
    assert window.splitter.sizes() == sizes


def test_the_player_stays_when_it_is_wanted(application: Application) -> None:
    window = application.window
    window.actions_set["focus_player"].trigger()
    assert window.side.player.isVisible()
    assert not window.side.lists.isVisible()
    window.actions_set["focus_text"].trigger()
    assert not window.side.isVisible()
    window.actions_set["focus_text"].trigger()
    assert window.side.lists.isVisible()


def test_a_pane_that_was_hidden_stays_hidden(application: Application) -> None:
    window = application.window
    window.toggle_library()
    window.actions_set["focus_text"].trigger()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.library.isHidden()
    assert not window.side.isHidden()


def test_what_needs_a_hidden_pane_ends_it(application: Application) -> None:
    window = application.window
    window.actions_set["focus_text"].trigger()
    window.actions_set["search"].trigger()
    assert not window.focus_mode.active
    assert window.top.search.isVisible()


def test_it_is_not_what_the_next_start_shows(application: Application) -> None:
    window = application.window
    window.actions_set["focus_text"].trigger()
    window.remember()
    kept = json.loads(application.settings.get("window.splitters"))
    assert kept["library"]
    assert kept["side"]
    assert min(kept["sizes"]) > 0


@pytest.mark.parametrize("full_first", [True, False])
def test_full_screen_and_focus_do_not_tangle(application: Application, full_first: bool) -> None:
    window = application.window
    for step in (window.toggle_full, window.focus_mode.toggle_text)[:: 1 if full_first else -1]:
        step()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.library.isVisible()
    assert window.reader.isVisible()
    assert window.strip.isVisible()
    assert window.side.lists.isVisible()


def test_line_length_and_spacing_count_at_once(application: Application) -> None:
    page, settings = application.window.reader.transcript, application.settings
    application.window.resize(1800, 900)
    before, high = page.column_left(), page.document().size().height()
    settings.set("look.measure", 50)
    assert page.column_left() > before
    settings.set("look.measure", 68)
    settings.set("look.spacing", 220)
    assert page.document().size().height() > high * 1.2


def test_the_line_at_the_top_stays_there_when_the_type_changes(application: Application) -> None:
    page = application.window.reader.transcript
    page.go_to(9)
    application.settings.set("look.text_size", 30)
    assert page.place()[0] == 9


def test_how_far_one_has_read_is_shown(application: Application) -> None:
    reader = application.window.reader
    bar = reader.transcript.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert reader.place_bar.share == 1
    assert reader.place_bar.words.text() == "100 %"
    bar.setValue(bar.maximum() // 2)
    assert 0.45 < (reader.place_bar.share or 0) < 0.55
