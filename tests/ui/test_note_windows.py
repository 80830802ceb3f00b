"""A second note beside the first: its own lists and pages, the one player, its own end."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import NoNetwork
from viewer.app import Application
from viewer.domain.mark import Mark, MarkColour
from viewer.qt.mark_rows import mark_of
from viewer.qt.models import RowKind
from viewer.qt.roles import Role
from viewer.ui import keymap
from viewer.ui.mark_maker import mark_of_words
from viewer.ui.note_window import NoteWindow
from viewer.ui.quote_check_view import QuoteCheckView


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


def marked(application: Application) -> Mark:
    """A mark of the open note's third line, kept."""
    note = application.session.note
    assert note is not None
    text = note.transcript.cues[2].text
    mark = mark_of_words(note, application.session.path, ((2, 0), (2, len(text))), MarkColour.QUESTION)
    application.marks.marks.add(mark)
    return mark


def test_the_readers_marks_are_shown_and_follow(application: Application, qtbot: QtBot) -> None:
    mark = marked(application)
    qtbot.waitUntil(lambda: application.marks.marks.mark(mark.id) is not None, timeout=5000)
    window = second(application, qtbot)
    rows = window.lists.marks
    own = window.reader.transcript.own
    qtbot.waitUntil(lambda: own.row_of(mark.id) == 2, timeout=5000)
    assert rows.count == 1
    application.marks.marks.change(replace(mark, comment="Is that so?"))
    qtbot.waitUntil(lambda: _mark_in(window).comment == "Is that so?", timeout=5000)
    application.marks.marks.remove(mark.id)
    qtbot.waitUntil(lambda: rows.count == 0 and own.row_of(mark.id) is None, timeout=5000)
    application.marks.marks.undo()
    qtbot.waitUntil(lambda: rows.count == 1 and own.row_of(mark.id) == 2, timeout=5000)


def _mark_in(window: NoteWindow) -> Mark:
    found = mark_of(window.lists.marks.index(0).data(Role.ROW))
    assert found is not None
    return found


def test_a_mark_that_is_clicked_there_plays(
    application: Application, fetcher: NoNetwork, qtbot: QtBot
) -> None:
    mark = replace(marked(application), comment="Is that so?")
    application.marks.marks.change(mark)
    window = second(application, qtbot)
    qtbot.waitUntil(lambda: window.lists.marks.count == 1, timeout=5000)
    qtbot.waitUntil(lambda: bool(_mark_in(window).comment), timeout=5000)
    window.lists.turn_to(RowKind.MARK)
    view = window.lists.views[RowKind.MARK]
    view.doItemsLayout()
    rect = view.visualRect(view.model().index(0, 0))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.bottomLeft() + QPoint(80, -20))
    qtbot.waitUntil(lambda: bool(fetcher.asked), timeout=5000)
    assert fetcher.asked[0] == mark.segment


def test_other_notes_marks_stay_away(application: Application, qtbot: QtBot) -> None:
    window = second(application, qtbot, "001_")
    qtbot.waitUntil(lambda: not application.runner.live(), timeout=10_000)
    mark = marked(application)
    qtbot.waitUntil(lambda: application.marks.marks.mark(mark.id) is not None, timeout=5000)
    qtbot.waitUntil(lambda: not application.runner.live(), timeout=10_000)
    assert window.lists.marks.count == 0


def test_the_quotes_are_judged_there(application: Application, qtbot: QtBot) -> None:
    window = second(application, qtbot)
    rows = window.lists.models[RowKind.HIGHLIGHT]
    qtbot.waitUntil(lambda: rows.index(0).data(Role.ROW).check is not None, timeout=10_000)
    mine = application.window.side.lists.models[RowKind.HIGHLIGHT]
    qtbot.waitUntil(lambda: mine.index(0).data(Role.ROW).check is not None, timeout=10_000)
    for number in range(rows.rowCount()):
        there, here = (model.index(number, 0).data(Role.ROW).check for model in (rows, mine))
        assert there.verdict is here.verdict
    assert len(window.reader.transcript._marks._marks) == len(
        application.window.reader.transcript._marks._marks
    )
    row = rows.index(0).data(Role.ROW)
    window.lists.comparisonWanted.emit(row)
    views = window.findChildren(QuoteCheckView)
    assert len(views) == 1
    assert views[0].isVisible()
    views[0].stepWanted.emit(1)
    qtbot.waitUntil(lambda: [one for one in window.findChildren(QuoteCheckView) if one.isVisible()] != views)


def test_a_window_that_was_closed_is_not_served(application: Application, qtbot: QtBot) -> None:
    window = second(application, qtbot)
    window.close()
    mark = marked(application)
    qtbot.waitUntil(lambda: application.marks.marks.mark(mark.id) is not None, timeout=5000)
    qtbot.waitUntil(lambda: not application.runner.live(), timeout=10_000)
    findings = application.comforts.windows._findings
    assert findings is not None
    assert findings._open == {}
