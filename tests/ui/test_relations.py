"""What joins notes: the suggested video, notes about one video, names and passages, the health report."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.library.search import SearchHit
from viewer.ui.hit_list import HIT_ROLE
from viewer.ui.names_list import NAMED_ROLE

from .test_main_window import open_note


@pytest.fixture
def ready(qtbot: QtBot, application: Application) -> Application:
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    return application


def test_a_suggestion_is_accepted_once_and_can_be_undone(qtbot: QtBot, ready: Application) -> None:
    open_note(qtbot, ready, "002_")
    bar, details = ready.relations.bar, ready.window.reader.details
    qtbot.waitUntil(bar.isVisible, timeout=5000)
    assert "same title" in bar.words.text()
    bar.accept.click()
    qtbot.waitUntil(lambda: ready.session.note is not None and bool(ready.session.note.videos), timeout=5000)
    qtbot.waitUntil(lambda: not bar.isVisible(), timeout=5000)
    ready.window.reader.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: "Undo" in details.toPlainText(), timeout=5000)
    entry = ready.library.model.entry(ready.relations._note_id)
    assert len(ready.library.model.companions(entry.id)) == 1
    open_note(qtbot, ready, "000_")
    open_note(qtbot, ready, "002_")
    qtbot.waitUntil(lambda: "Undo" in details.toPlainText(), timeout=5000)
    assert not bar.isVisible()
    details.relationChosen.emit("answer:none")
    qtbot.waitUntil(lambda: ready.session.note is not None and not ready.session.note.videos, timeout=5000)
    qtbot.waitUntil(bar.isVisible, timeout=5000)


def test_a_refused_suggestion_is_not_asked_again_but_can_be(qtbot: QtBot, ready: Application) -> None:
    open_note(qtbot, ready, "002_")
    bar, details = ready.relations.bar, ready.window.reader.details
    qtbot.waitUntil(bar.isVisible, timeout=5000)
    bar.refuse.click()
    qtbot.waitUntil(lambda: not bar.isVisible(), timeout=5000)
    ready.window.reader.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: "Ask again" in details.toPlainText(), timeout=5000)
    open_note(qtbot, ready, "000_")
    assert not bar.isVisible()
    assert "Ask again" not in details.toPlainText()


def test_a_person_is_chosen_and_a_passage_opens(qtbot: QtBot, ready: Application) -> None:
    ready.window.actions_set["names"].trigger()
    dialog = ready.relations.names
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.names.rowCount() > 0, timeout=5000)
    dialog.filter.setText("ksenia")
    shown = [str(dialog.names.index(row, 0).data()) for row in range(dialog.names.rowCount())]
    assert shown
    assert all("ksenia" in name.lower() for name in shown)
    dialog.view.setCurrentIndex(dialog.names.index(shown.index("Ksenia"), 0))
    assert dialog.view.currentIndex().data(NAMED_ROLE).name == "Ksenia"
    qtbot.waitUntil(lambda: dialog.heading.text() == "Ksenia" and dialog.hits.rowCount() > 0, timeout=5000)
    hits = [dialog.hits.index(row, 0).data(HIT_ROLE) for row in range(dialog.hits.rowCount())]
    assert all("Ksenia" in hit.speaker for hit in hits if isinstance(hit, SearchHit))
    with qtbot.waitSignal(dialog.passageChosen) as heard:
        qtbot.keyClick(dialog.passages, Qt.Key.Key_Return)
    hit, query, play = heard.args
    assert (query, play) == ('speaker:"=Ksenia"', False)
    qtbot.waitUntil(lambda: ready.session.path == hit.path, timeout=5000)
    dialog.close()


def test_mentions_are_listed_by_kind(qtbot: QtBot, ready: Application) -> None:
    ready.relations.open_names()
    dialog = ready.relations.names
    assert dialog is not None
    dialog.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dialog.kinds.count() > 1 and dialog.names.rowCount() > 5, timeout=5000)
    everything = dialog.names.rowCount()
    dialog.kinds.setCurrentIndex(1)
    dialog.kinds.activated.emit(1)
    qtbot.waitUntil(lambda: 0 < dialog.names.rowCount() < everything, timeout=5000)
    dialog.close()


def test_the_health_report_leads_to_what_looks_wrong(qtbot: QtBot, ready: Application) -> None:
    before = {path: path.read_bytes() for path in map(Path, (e.path for e in ready.library.model.entries))}
    ready.window.actions_set["health"].trigger()
    dialog = ready.relations.health
    assert dialog is not None
    QAbstractItemModelTester(dialog.model, QAbstractItemModelTester.FailureReportingMode.Fatal, dialog)
    qtbot.waitUntil(lambda: "3 notes" in dialog.totals.text(), timeout=10_000)
    dialog.only.setChecked(False)
    assert dialog.model.rowCount() == 3
    row = next(r for r in range(3) if "001_" in str(dialog.model.index(r, 0).data()))
    first = dialog.model.index(0, 0, dialog.model.index(row, 0))
    assert "repaired" in str(first.data()).lower()
    dialog.view.setCurrentIndex(first)
    qtbot.keyClick(dialog.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "001_" in ready.session.path, timeout=5000)
    qtbot.waitUntil(lambda: ready.window.reader.tabs.currentIndex() == 2, timeout=5000)
    assert before == {path: path.read_bytes() for path in before}
    dialog.close()


def test_results_are_notes_first_and_headings_cannot_be_chosen(qtbot: QtBot, ready: Application) -> None:
    results = ready.window.results
    results.show_result(ready.catalog.search("altman"))
    model = results.view.model()
    assert model.index(0, 0).data() == "NOTES"
    assert results.view.currentIndex().row() == 1
    kinds = [model.index(row, 0).data(HIT_ROLE) for row in range(model.rowCount())]
    titles = [n for n, hit in enumerate(kinds) if hit is not None and hit.kind == "title"]
    passages = [n for n, hit in enumerate(kinds) if hit is not None and hit.kind != "title"]
    assert max(titles) < min(passages)
    results.key(int(Qt.Key.Key_Up))
    assert results.view.currentIndex().row() == model.rowCount() - 1
    results.key(int(Qt.Key.Key_Down))
    assert results.view.currentIndex().row() == 1
