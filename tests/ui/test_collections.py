"""Gathering in the real window: by key, menu and drag from many notes; order, words between, ends, playing through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.domain.collection import CollectionItem, ItemKind
from viewer.qt.collection_items import ORDER, things_of
from viewer.qt.now_playing import PlayerState
from viewer.qt.roles import Role
from viewer.qt.timed_rows import RowKind
from viewer.ui.collections_session import CollectionsSession

from .conftest import NoNetwork
from .test_marks import act, marks, restarted, select, talk, waiting

__all__ = ["talk"]


@pytest.fixture
def gathering(qtbot: QtBot, talk: Application) -> CollectionsSession:
    """The open pane with one empty collection."""
    talk.marks.gathering.open_pane()
    talk.marks.collections.create("An essay")
    waiting(qtbot, lambda: talk.marks.gathering.collection is not None)
    return talk.marks.gathering


def texts(gathering: CollectionsSession) -> list[str]:
    return [item.title or item.text for item in gathering.items]


def gather_rows(
    qtbot: QtBot, application: Application, count: int, kind: RowKind = RowKind.HIGHLIGHT
) -> None:
    gathering = application.marks.gathering
    lists = application.window.side.lists
    lists.turn_to(kind)
    for number in range(count):
        before = len(gathering.items)
        view = lists.view()
        view.setCurrentIndex(view.model().index(number, 0))
        view.setFocus()
        act(application, "gather")
        waiting(qtbot, lambda before=before: len(gathering.items) == before + 1)  # type: ignore[misc]


def answer(application: Application, words: str) -> None:
    dialog = application.window.findChild(QInputDialog, "collectionTitleDialog")
    assert dialog is not None
    dialog.setTextValue(words)
    dialog.accept()


def choose(menu: QMenu, *words: str) -> None:
    for word in words[:-1]:
        menu = next(action for action in menu.actions() if action.text() == word).menu()  # type: ignore[assignment]
    next(action for action in menu.actions() if action.text() == words[-1]).trigger()


# -- collections ---------------------------------------------------------------------------------------------


def test_a_first_key_press_makes_a_collection(qtbot: QtBot, talk: Application) -> None:
    view = talk.window.side.lists.view()
    view.setCurrentIndex(view.model().index(0, 0))
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Q)
    waiting(qtbot, lambda: len(talk.marks.gathering.items) == 1)
    assert not talk.window.left.lower_wanted
    assert talk.window.banner.message.text() == "1 item added to “Collection 1”"
    act(talk, "collections")
    assert not talk.window.banner.isVisible()
    act(talk, "collections")
    [item] = talk.marks.gathering.items
    row = talk.window.side.lists.models[RowKind.HIGHLIGHT].row(0)
    assert (item.title, item.text, item.segment) == (row.title, row.text, row.segment)
    assert (item.note_path, item.speaker) == (talk.session.path, row.speaker)
    assert item.verdict is not None


def test_collections_are_made_renamed_deleted_and_come_back(qtbot: QtBot, talk: Application) -> None:
    act(talk, "collections")
    gathering = talk.marks.gathering
    waiting(qtbot, gathering.pane.isVisible)
    waiting(qtbot, gathering.pane.empty.button.isVisible)
    qtbot.mouseClick(gathering.pane.empty.button, Qt.MouseButton.LeftButton)
    answer(talk, "First")
    waiting(qtbot, lambda: gathering.collection is not None)
    gathering.create()
    answer(talk, "Second")
    waiting(qtbot, lambda: gathering.pane.choice.count() == 2)
    assert gathering.collection is not None
    assert gathering.collection.title == "Second"
    gathering.rename()
    answer(talk, "Second thoughts")
    waiting(qtbot, lambda: gathering.pane.choice.currentText().startswith("Second thoughts"))
    gathering.delete()
    waiting(qtbot, lambda: gathering.pane.choice.count() == 1)
    act(talk, "undo")
    waiting(qtbot, lambda: gathering.pane.choice.count() == 2)
    gathering.pane.choice.setCurrentIndex(gathering.pane.choice.findText("First  (0)"))
    gathering.pane.choice.activated.emit(gathering.pane.choice.currentIndex())
    waiting(qtbot, lambda: gathering.collection is not None and gathering.collection.title == "First")


def test_what_was_gathered_and_the_open_pane_outlive_the_window(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession, tmp_path: Path
) -> None:
    gather_rows(qtbot, talk, 2)
    before = texts(gathering)
    again = restarted(talk, tmp_path)
    try:
        qtbot.waitUntil(lambda: texts(again.marks.gathering) == before, timeout=10_000)
        waiting(qtbot, lambda: again.window.left.lower_wanted)
        act(again, "undo")
        waiting(qtbot, lambda: texts(again.marks.gathering) == before[:1])
    finally:
        again.window.close()
        again.close()
        again.window.deleteLater()
        again.deleteLater()


def test_the_pane_stays_open_while_notes_change_and_goes_where_less_is_shown(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    gather_rows(qtbot, talk, 1)
    other = next(entry for entry in talk.library.model.entries if "002_" in entry.path)
    talk.desk.open_entry(other)
    waiting(qtbot, lambda: talk.session.path == other.path)
    assert gathering.pane.isVisible()
    assert talk.window.library.isVisible()
    gather_rows(qtbot, talk, 1, RowKind.QUOTE)
    assert len({item.note_path for item in gathering.items}) == 2
    act(talk, "toggle_library")
    assert not talk.window.library.isVisible()
    assert gathering.pane.isVisible()
    act(talk, "focus_text")
    assert not gathering.pane.isVisible()
    act(talk, "focus_text")
    assert gathering.pane.isVisible()
    act(talk, "collections")
    assert not talk.window.left.isVisible()
    act(talk, "toggle_library")
    assert talk.window.library.isVisible()


# -- what is gathered ----------------------------------------------------------------------------------------


def test_selected_words_marks_and_hits_are_gathered_too(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    select(talk, "Just listen to the first sentence.")
    act(talk, "gather")
    waiting(qtbot, lambda: texts(gathering) == ["Just listen to the first sentence."])
    assert marks(talk) == ()
    assert gathering.items[0].segment is not None
    select(talk, "We are past the event horizon.")
    act(talk, "mark_agree")
    waiting(qtbot, lambda: any(mark.text.startswith("We are past") for mark in marks(talk)))
    gather_rows(qtbot, talk, 1, RowKind.MARK)
    assert gathering.items[-1].mark_id is not None
    result = talk.catalog.search("robotics")
    hit = next(hit for hit in result.hits if hit.kind == "transcript")
    menu = QMenu()
    talk.window.results.menuWanted.emit(hit, menu)
    choose(menu, "Add to a collection", "An essay")
    waiting(qtbot, lambda: len(gathering.items) == 3)
    found = gathering.items[-1]
    assert found.segment is not None
    assert found.segment.start_ms == hit.start_ms
    assert "robotics" in found.text
    assert not found.text.endswith("…")


def drop(application: Application, data: QMimeData, row: int) -> bool:
    model = application.marks.gathering.pane.model
    return model.dropMimeData(data, Qt.DropAction.CopyAction, row, 0, QModelIndex())


def test_rows_and_hits_are_dragged_in_where_they_are_dropped(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    lists = talk.window.side.lists
    view = lists.views[RowKind.HIGHLIGHT]
    model = lists.models[RowKind.HIGHLIGHT]
    assert view.dragEnabled()
    first, second = (model.index(number, 0) for number in (0, 1))
    assert model.flags(first) & Qt.ItemFlag.ItemIsDragEnabled
    data = model.mimeData([first])
    assert data is not None
    assert [thing.text for thing in things_of(data)] == [model.row(0).text]  # type: ignore[union-attr]
    assert drop(talk, data, 0)
    waiting(qtbot, lambda: len(gathering.items) == 1)
    other = model.mimeData([second])
    assert other is not None
    assert drop(talk, other, 0)
    waiting(qtbot, lambda: texts(gathering) == [model.row(1).title, model.row(0).title])
    hits = talk.window.results._model
    hits.set_hits(talk.catalog.search("robotics").hits)
    number = hits.next_row(-1, 1)
    assert hits.flags(hits.index(number, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert drop(talk, hits.mimeData([hits.index(number, 0)]), 2)
    waiting(qtbot, lambda: len(gathering.items) == 3)


def test_what_another_program_drags_in_is_not_taken(qtbot: QtBot, talk: Application, gathering: Any) -> None:
    for raw in (b"", b"{", b"[1]", b'[{"kind": "rm"}]', b'[{"found": [1]}]'):
        data = QMimeData()
        data.setData("application/x-soundbite-items", raw)
        assert not drop(talk, data, 0)
    address = QMimeData()
    address.setData(
        "application/x-soundbite-items",
        b'[{"kind": "clip", "title": "", "text": "x", "segment": ["http://127.0.0.1/x", "http://127.0.0.1/x", 0, 9],'
        b' "mark_id": null, "note_path": "", "note_title": "", "speaker": null, "verdict": null}]',
    )
    [thing] = things_of(address)
    assert isinstance(thing, CollectionItem)
    assert thing.segment is None


# -- order and words between ---------------------------------------------------------------------------------


def test_items_are_moved_by_drag_and_by_keys_and_taken_out(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    gather_rows(qtbot, talk, 3)
    one, two, three = texts(gathering)
    pane = gathering.pane
    data = pane.model.mimeData([pane.model.index(0, 0)])
    assert data.hasFormat(ORDER)
    assert drop(talk, data, 3)
    waiting(qtbot, lambda: texts(gathering) == [two, three, one])
    waiting(qtbot, lambda: pane.view.currentIndex().row() == 2)
    pane.view.setFocus()
    qtbot.keyClick(pane.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    waiting(qtbot, lambda: texts(gathering) == [two, one, three])
    waiting(qtbot, lambda: pane.view.currentIndex().row() == 1)
    qtbot.keyClick(pane.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    waiting(qtbot, lambda: texts(gathering) == [two, three, one])
    qtbot.keyClick(pane.view, Qt.Key.Key_Delete)
    waiting(qtbot, lambda: texts(gathering) == [two, three])
    for _ in range(4):
        act(talk, "undo")
    waiting(qtbot, lambda: texts(gathering) == [one, two, three])


def test_headings_and_words_are_written_between(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    gather_rows(qtbot, talk, 1)
    pane = gathering.pane
    pane.view.setCurrentIndex(pane.model.index(0, 0))
    qtbot.mouseClick(pane.heading, Qt.MouseButton.LeftButton)
    waiting(qtbot, lambda: pane.view.findChild(QLineEdit, "itemWords") is not None)
    field = pane.view.findChild(QLineEdit, "itemWords")
    assert field is not None
    field.setText("What he says")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    waiting(qtbot, lambda: texts(gathering)[:1] == ["What he says"])
    assert gathering.items[0].kind is ItemKind.HEADING
    pane.view.setCurrentIndex(pane.model.index(1, 0))
    qtbot.mouseClick(pane.text, Qt.MouseButton.LeftButton)
    waiting(qtbot, lambda: len(gathering.items) == 3)
    assert [item.kind for item in gathering.items] == [ItemKind.HEADING, ItemKind.TEXT, ItemKind.CLIP]
    pane.model.setData(pane.model.index(1, 0), "As if it were over.")
    waiting(qtbot, lambda: gathering.items[1].text == "As if it were over.")
    assert pane.length.text().startswith("1 clip · ")


# -- ends and playing ----------------------------------------------------------------------------------------


def test_the_ends_of_a_clip_are_moved_in_one_step(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    gather_rows(qtbot, talk, 1)
    pane = gathering.pane
    before = gathering.items[0].clip
    assert before is not None
    pane.view.setCurrentIndex(pane.model.index(0, 0))
    pane.view.setFocus()
    waiting(qtbot, pane.ends.isVisible)
    for _ in range(3):
        qtbot.keyClicks(pane.view, "[")
    qtbot.keyClicks(pane.view, "]")
    assert pane.ends.labels[0].text() == "0:14.5"
    waiting(qtbot, lambda: gathering.items[0].clip != before)
    clip = gathering.items[0].clip
    assert clip is not None
    assert (clip.start_ms, clip.end_ms) == (before.start_ms - 1_500, before.end_ms + 500)
    act(talk, "undo")
    waiting(qtbot, lambda: gathering.items[0].clip == before)
    waiting(qtbot, lambda: pane.ends.labels[0].text() == "0:16.0")


class Plays:
    """The player without a picture: what it is given, and that it has ended."""

    def __init__(self, application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
        self.application = application
        self.given: list[Any] = []
        self.now: Any = None
        kind = type(application.clips)
        monkeypatch.setattr(kind, "play", lambda _, segment: self.play(segment))
        monkeypatch.setattr(kind, "playing", property(lambda _: self.now))
        monkeypatch.setattr(type(application.player), "state", property(lambda _: PlayerState.PLAYING))

    def play(self, segment: Any) -> None:
        self.given.append(segment)
        self.now = segment

    def end(self) -> None:
        self.application.player.ended.emit()


def test_a_collection_plays_through_as_one_across_notes(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather_rows(qtbot, talk, 3)
    talk.marks.collections.add([CollectionItem("f" * 32, ItemKind.HEADING, "Between")], 1)
    waiting(qtbot, lambda: len(gathering.items) == 4)
    wanted = [item.clip for item in gathering.items if item.clip is not None]
    plays = Plays(talk, monkeypatch)
    act(talk, "play_collection")
    assert talk.window.actions_set["play_collection"].isChecked()
    other = next(entry for entry in talk.library.model.entries if entry.path != talk.session.path)
    talk.desk.open_entry(other)
    waiting(qtbot, lambda: talk.session.path == other.path)
    plays.end()
    plays.end()
    assert plays.given == wanted
    model = gathering.pane.model
    playing = [bool(model.data(model.index(row, 0), Role.PLAYING)) for row in range(4)]
    assert playing == [False, False, False, True]
    plays.end()
    assert plays.given == wanted
    assert not talk.window.actions_set["play_collection"].isChecked()


def test_a_clip_that_cannot_be_played_does_not_end_the_collection(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession, fetcher: NoNetwork
) -> None:
    gather_rows(qtbot, talk, 2)
    wanted = [item.clip for item in gathering.items]
    act(talk, "play_collection")
    waiting(qtbot, lambda: set(wanted) <= set(fetcher.asked))
    waiting(qtbot, lambda: not talk.window.actions_set["play_collection"].isChecked())
    assert talk.window.banner.isVisible()


def test_a_click_on_an_item_plays_exactly_its_clip(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession, fetcher: NoNetwork
) -> None:
    gather_rows(qtbot, talk, 1)
    talk.settings.set("play.lead_in", 5)
    view = gathering.pane.view
    rect = view.visualRect(view.model().index(0, 0))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    waiting(qtbot, lambda: fetcher.asked == [gathering.items[0].clip])


def test_nothing_of_the_pane_is_cut_off(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    gather_rows(qtbot, talk, 2)
    talk.window.resize(1024, 700)
    gathering.pane.view.setCurrentIndex(gathering.pane.model.index(0, 0))
    pane = gathering.pane
    waiting(qtbot, pane.ends.isVisible)
    qtbot.wait(50)
    for widget in (pane.choice, pane.more, pane.close_button, pane.play, pane.heading, pane.text, pane.view):
        place = widget.mapTo(pane, QPoint())
        assert pane.rect().contains(place), widget.objectName()
        assert place.x() + widget.width() <= pane.width(), widget.objectName()
    for label in pane.ends.labels:
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()


def test_the_view_takes_a_drop_between_two_items(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    gather_rows(qtbot, talk, 2)
    one, two = texts(gathering)
    talk.window.toggle_library()
    view = gathering.pane.view
    qtbot.wait(30)
    model = talk.window.side.lists.models[RowKind.HIGHLIGHT]
    data = model.mimeData([model.index(2, 0)])
    assert data is not None
    second = view.visualRect(view.model().index(1, 0))
    place = QPointF(second.center().x(), second.top() + 4)
    copy, nothing = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), copy, data, Qt.MouseButton.LeftButton, nothing)
    QApplication.sendEvent(view.viewport(), enter)
    assert enter.isAccepted()
    over = QDragMoveEvent(place.toPoint(), copy, data, Qt.MouseButton.LeftButton, nothing)
    QApplication.sendEvent(view.viewport(), over)
    assert over.isAccepted()
    assert over.dropAction() == copy
    drop_here = QDropEvent(place, copy, data, Qt.MouseButton.LeftButton, nothing)
    QApplication.sendEvent(view.viewport(), drop_here)
    waiting(qtbot, lambda: texts(gathering) == [one, model.row(2).title, two])
    assert talk.window.side.lists.models[RowKind.HIGHLIGHT].rowCount() == 5


def test_how_library_and_collection_share_the_column_is_remembered(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession, tmp_path: Path
) -> None:
    gather_rows(qtbot, talk, 1)
    left = talk.window.left
    whole = sum(left.sizes())
    left.setSizes([whole - 300, 300])
    left._moved()
    again = restarted(talk, tmp_path)
    try:
        again.window.resize(talk.window.size())  # the tests' screen is small, and would hide the library
        waiting(qtbot, lambda: again.marks.gathering.pane.isVisible())
        waiting(qtbot, lambda: abs(sum(again.window.left.sizes()) - whole) < 40)
        assert abs(again.window.left.sizes()[1] - 300) < 40
    finally:
        again.window.close()
        again.close()
        again.window.deleteLater()
        again.deleteLater()


def test_what_is_gathered_is_seen_and_what_is_chosen_stays_so(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    gather_rows(qtbot, talk, 5)
    view = gathering.pane.view
    view.setCurrentIndex(gathering.pane.model.index(0, 0))
    view.scrollToTop()
    gather_rows(qtbot, talk, 2, RowKind.QUOTE)
    last = gathering.pane.model.index(6, 0)
    waiting(qtbot, lambda: view.visualRect(last).bottom() <= view.viewport().rect().bottom())
    assert view.visualRect(last).height() > 0
    assert not view.viewport().rect().intersects(view.visualRect(gathering.pane.model.index(0, 0)))
    assert view.currentIndex().row() == 0


def without_time(talk: Application) -> CollectionItem:
    row = talk.window.side.lists.models[RowKind.HIGHLIGHT].row(0)
    return CollectionItem(
        "lost", ItemKind.CLIP, row.title, row.text, note_path=talk.session.path, note_title="A talk"
    )


def test_words_without_a_time_get_it_when_it_is_known(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    lost, note, path = without_time(talk), talk.session.note, talk.session.path
    wanted = talk.window.side.lists.models[RowKind.HIGHLIGHT].row(0).segment
    talk.session.show_nothing("", "")
    talk.marks.collections.add([lost])
    waiting(qtbot, lambda: len(gathering.items) == 1)
    assert gathering.items[0].segment is None
    assert note is not None
    talk.session.show(note, path)
    waiting(qtbot, lambda: gathering.items[0].segment == wanted)
    assert talk.marks.collections.item("lost") == gathering.pane.model.items[0]
    # That was no act of the user's: what is taken back is the adding.
    act(talk, "undo")
    waiting(qtbot, lambda: not gathering.items)


def test_words_that_are_in_the_open_note_with_a_time_get_it_at_once(
    qtbot: QtBot, talk: Application, gathering: CollectionsSession
) -> None:
    talk.marks.collections.add([without_time(talk), replace(without_time(talk), id="other", text="gone")])
    waiting(qtbot, lambda: len(gathering.items) == 2 and gathering.items[0].segment is not None)
    assert gathering.items[1].segment is None
