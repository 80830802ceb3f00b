"""A hit of the search in the open note: marked words, F3, the timeline."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.library.query import parse_query
from viewer.ui.hit_marks import marked_cursors


def test_words_are_marked_and_times_are_not(application: Application) -> None:
    document = QTextDocument("0:16\tSixteen is 16, she said.\n1:16:00\tÉlan and 16th")
    found = [cursor.selectedText() for cursor in marked_cursors(document, parse_query("16 "))]
    assert found == ["16"]
    assert [c.selectedText() for c in marked_cursors(document, parse_query("elan "))] == ["Élan"]


def test_a_hit_opens_at_its_place_and_f3_goes_through_all(qtbot: QtBot, application: Application) -> None:
    window = application.window
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    result = application.catalog.search("singularity kind:transcript")
    hit = next(hit for hit in result.hits if hit.start_ms is not None)
    application.desk.open_found(hit, "singularity")
    qtbot.waitUntil(lambda: window.hits.active and window.hits.count > 0, timeout=10_000)
    text = window.reader.transcript.toPlainText().lower()
    assert window.hits.count == text.count("singularity") > 1
    assert hit.start_ms in window.timeline.hits
    assert window.hits.bar.isVisible()
    words = window.hits.bar.words.text()
    first = window.reader.transcript.textCursor().position()
    assert window.reader.transcript.row_at_cursor() == window.reader.transcript.row_at(hit.start_ms)
    window.actions_set["find_next"].trigger()
    assert window.reader.transcript.textCursor().position() != first
    assert window.hits.bar.words.text() != words
    window.actions_set["find_previous"].trigger()
    assert window.reader.transcript.textCursor().position() == first
    application.settings.set("look.theme", "dark")
    assert len(window.reader.transcript.extraSelections()) == window.hits.count
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.hits.active
    assert not window.reader.transcript.extraSelections()
    assert window.timeline.hits == []


def test_a_hit_in_the_prose_turns_to_the_notes(qtbot: QtBot, application: Application) -> None:
    window = application.window
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    result = application.catalog.search("kind:section insights")
    hit = next(hit for hit in result.hits if hit.start_ms is None)
    application.desk.open_found(hit, "insights")
    qtbot.waitUntil(lambda: application.session.path == hit.path and window.hits.count > 0, timeout=10_000)
    assert window.reader.tabs.currentIndex() == 1


def test_a_phrase_is_marked_over_the_end_of_a_line(application: Application) -> None:
    document = QTextDocument("0:16\tWe are past the\n0:20\tevent horizon. The horizon\n0:24\tof the past")
    found = [c.selectedText() for c in marked_cursors(document, parse_query('"past the event horizon"'))]
    assert found == ["past", "the", "event", "horizon"]
    found = [c.selectedText() for c in marked_cursors(document, parse_query('"the horizon of'))]
    assert found == ["The", "horizon", "of"]
    assert marked_cursors(document, parse_query('"the horizon the"')) == []


def test_words_that_were_found_as_beginnings_are_marked_so(qtbot: QtBot, application: Application) -> None:
    window = application.window
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    hit = application.catalog.search("singular event kind:highlight|quote|transcript").hits[0]
    application.desk.open_found(hit, "singularit ")
    qtbot.waitUntil(lambda: window.hits.active and window.hits.count > 0, timeout=10_000)


def test_a_note_found_by_its_channel_has_nothing_to_go_through(
    qtbot: QtBot, application: Application
) -> None:
    window = application.window
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    entry = application.library.model.entries[0]
    application.desk.open_note(entry.id, None, "zyzzyva")
    qtbot.waitUntil(lambda: application.session.path == entry.path, timeout=10_000)
    assert not window.hits.active
    assert window.hits.bar.isHidden()
