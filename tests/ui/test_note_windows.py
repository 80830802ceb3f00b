"""A second note beside the first: its own lists and pages, the one player, its own end."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import NoNetwork
from viewer.app import Application
from viewer.qt.models import RowKind
from viewer.ui import keymap
from viewer.ui.note_window import NoteWindow


def second(application: Application, qtbot: QtBot, part: str = "") -> NoteWindow:
    entries = application.library.model.entries
    entry = next(entry for entry in entries if part in entry.path)
    windows = application.comforts.windows
    if part:
        windows.open_entry(entry)
    else:
        application.window.actions_set["second_window"].trigger()
    qtbot.waitUntil(lambda: bool(windows.windows), timeout=5000)
    return windows.windows[-1]


def test_the_open_note_has_a_second_window(application: Application, qtbot: QtBot) -> None:
    window = second(application, qtbot)
    assert window.isVisible()
    assert window.path == application.session.path
    assert window.reader.title.text() == application.window.reader.title.text()
    application.window.actions_set["second_window"].trigger()
    qtbot.wait(50)
    assert len(application.comforts.windows.windows) == 1
    window.close()
    assert application.comforts.windows.windows == []
    assert application.window.isVisible()


def test_another_note_is_read_while_the_first_stays(
    application: Application, fetcher: NoNetwork, qtbot: QtBot
) -> None:
    before = application.session.path
    window = second(application, qtbot, "001_")
    assert application.session.path == before
    assert window.path != before
    rows = window.lists.models[RowKind.QUOTE].segments() or window.lists.segments()
    if rows:
        window.lists.segmentActivated.emit(rows[0])
        qtbot.waitUntil(lambda: bool(fetcher.asked), timeout=5000)
        assert fetcher.asked[0] == rows[0]


def test_what_is_clicked_there_plays_in_the_one_player(
    application: Application, fetcher: NoNetwork, qtbot: QtBot
) -> None:
    window = second(application, qtbot)
    segment = window.lists.models[RowKind.HIGHLIGHT].segments()[0]
    view = window.lists.views[RowKind.HIGHLIGHT]
    view.setFocus()
    view.setCurrentIndex(view.model().index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: fetcher.asked == [segment], timeout=5000)
    row = window.note.transcript.cue_at(segment.start_ms) if window.note is not None else None
    window.show_position(segment, segment.start_ms)
    assert window.reader.transcript.playing_row == row


def test_it_reads_in_the_same_type_and_finds_for_itself(application: Application, qtbot: QtBot) -> None:
    window = second(application, qtbot)
    application.settings.set("look.text_size", 22)
    assert window.reader.transcript.text_size == 22
    window.reader.open_find()
    assert window.reader.find_bar.isVisible()
    assert not application.window.reader.find_bar.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.reader.find_bar.isVisible()


def test_it_goes_with_the_main_window(application: Application, qtbot: QtBot) -> None:
    window = second(application, qtbot)
    gone: list[object] = []
    window.gone.connect(gone.append)
    application.window.close()
    assert len(gone) == 1


def test_its_keys_change_with_the_others(application: Application, qtbot: QtBot) -> None:
    window = second(application, qtbot)
    try:
        application.settings.set("keys.chosen", '{"find": ["Ctrl+F12"]}')
        wanted = [QKeySequence("Ctrl+F12")]
        qtbot.waitUntil(
            lambda: any(action.shortcuts() == wanted for action in window.actions()), timeout=3000
        )
    finally:
        keymap.use({})


def test_a_closed_window_leaves_nothing_behind(application: Application, qtbot: QtBot) -> None:
    window = second(application, qtbot)
    assert len(application.pictures._panes) == 2
    window.close()
    qtbot.waitUntil(lambda: len(application.pictures._panes) == 1, timeout=3000)
    application.themes.choose("dark")
    application.pictures.stills.arrived.emit(application.window.side.lists.segments()[0])
