"""A file that is read anew moves nothing: lists, tabs, places and the focus stay."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.qt.models import RowKind


def test_the_lists_keep_their_place_when_the_note_is_read_anew(application: Application) -> None:
    window, session = application.window, application.session
    window.resize(1200, 700)
    lists = window.side.lists
    view = lists.views[RowKind.HIGHLIGHT]
    view.setCurrentIndex(view.model().index(2, 0))
    bar = view.verticalScrollBar()
    bar.setValue(150)
    assert bar.value() == 150
    note = session.note
    assert note is not None
    session.show(note, session.path)
    assert view.currentIndex().row() == 2
    assert bar.value() == 150


def test_the_list_in_front_stays_in_front(application: Application) -> None:
    lists, session = application.window.side.lists, application.session
    lists.tabs.setCurrentIndex(2)
    note = session.note
    assert note is not None
    session.show(note, session.path)
    assert lists.tabs.currentIndex() == 2


def test_another_note_begins_at_its_beginning(application: Application, qtbot: QtBot) -> None:
    lists = application.window.side.lists
    bar = lists.views[RowKind.HIGHLIGHT].verticalScrollBar()
    bar.setValue(150)
    entry = next(e for e in application.library.model.entries if e.path != application.session.path)
    application.desk.open_entry(entry)
    qtbot.waitUntil(lambda: application.session.path == entry.path, timeout=5000)
    assert bar.value() == 0


def test_a_refresh_leaves_library_and_focus_alone(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    for number in range(40):
        (tmp_path / f"{number:02}.md").write_text(f"# Note {number}\n\nText.\n", encoding="utf-8")
    application.desk.open_paths([tmp_path])
    library, view = application.library, application.window.library.view
    qtbot.waitUntil(lambda: len(library.model.entries) == 40 and not library.busy, timeout=15_000)
    qtbot.waitUntil(lambda: application.session.path.startswith(str(tmp_path)), timeout=5000)
    application.window.activateWindow()
    view.setFocus()
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 600, timeout=5000)
    view.verticalScrollBar().setValue(600)
    (tmp_path / "05.md").write_text("# Note 5\n\nOther text.\n", encoding="utf-8")
    before, focus = view.verticalScrollBar().value(), QApplication.focusWidget()
    with qtbot.waitSignal(library.refreshed, timeout=15_000):
        library.refresh()
    qtbot.wait(50)
    assert view.verticalScrollBar().value() == before == 600
    assert QApplication.focusWidget() is focus


def test_the_title_stands_still_while_pages_are_turned(application: Application) -> None:
    window = application.window
    for width in (1700, 1440, 1024):
        window.resize(width, 800)
        places, fits = set(), []
        for page in range(3):
            window.reader.tabs.setCurrentIndex(page)
            QApplication.processEvents()
            places.add(window.reader.title.mapTo(window, window.reader.title.rect().topLeft()).x())
            shown = window.reader.page()
            form = shown.document().rootFrame().frameFormat()
            fits.append(form.leftMargin() + form.rightMargin() < shown.viewport().width())
        assert len(places) == 1, f"{width}: {places}"
        assert all(fits)
