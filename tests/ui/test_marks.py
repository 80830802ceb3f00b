"""Marking in the real window: words, stretches, while listening; note, tags, colour; undo, also after a restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from viewer import app as app_module
from viewer.app import Application
from viewer.base.paths import AppPaths
from viewer.domain.mark import Mark, MarkColour, TextAnchor, new_mark_id
from viewer.domain.video import Segment
from viewer.media.clip_store import ClipStore
from viewer.qt.mark_rows import mark_of
from viewer.qt.roles import Role
from viewer.qt.timed_rows import RowKind

from .conftest import NoNetwork

WORDS = "We are past the event horizon. The takeoff has started."


@pytest.fixture
def talk(qtbot: QtBot, application: Application) -> Application:
    """The sample whose transcript has times, with its quotes judged."""
    lists = application.window.side.lists
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    assert application.session.note is not None
    assert application.session.note.title.startswith("What does Sam Altman")
    qtbot.waitUntil(lambda: lists.models[RowKind.QUOTE].row(0).check is not None, timeout=10_000)
    qtbot.waitUntil(lambda: application.window.reader.transcript.isVisible())
    return application


def select(application: Application, words: str) -> None:
    view = application.window.reader.transcript
    begin = view.toPlainText().index(words)
    cursor = view.textCursor()
    cursor.setPosition(begin)
    cursor.setPosition(begin + len(words), QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    view.setFocus()


def act(application: Application, action_id: str) -> None:
    application.window.actions_set[action_id].trigger()


def marks(application: Application) -> tuple[Mark, ...]:
    return application.marks.marks.marks


def waiting(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=5_000)


def mark_words(qtbot: QtBot, application: Application, words: str = WORDS, key: str = "important") -> Mark:
    before = {mark.id for mark in marks(application)}
    select(application, words)
    act(application, f"mark_{key}")
    waiting(qtbot, lambda: len(marks(application)) == len(before) + 1)
    made = next(mark for mark in marks(application) if mark.id not in before)
    own = application.window.reader.transcript.own
    waiting(qtbot, lambda: own.row_of(made.id) is not None)
    return made


def mark_view(application: Application):  # type: ignore[no-untyped-def]
    return application.window.side.lists.views[RowKind.MARK]


# -- words ---------------------------------------------------------------------------------------------------


def test_selected_words_are_marked_by_a_key_and_shown_everywhere(qtbot: QtBot, talk: Application) -> None:
    select(talk, WORDS)
    view = talk.window.reader.transcript
    qtbot.keyClick(view, Qt.Key.Key_2)
    waiting(qtbot, lambda: len(marks(talk)) == 1)
    [mark] = marks(talk)
    assert (mark.text, mark.colour) == (WORDS, MarkColour.QUESTION)
    assert mark.note_path == talk.session.path
    assert mark.segment is not None
    assert 16_000 <= mark.segment.start_ms < mark.segment.end_ms <= 49_000
    waiting(qtbot, lambda: view.own.row_of(mark.id) == 1)
    assert not view.textCursor().hasSelection()
    assert [shown.own for shown in talk.window.timeline.marks if shown.own] == [mark]
    assert talk.window.side.lists.tabs.tabText(4) == "MARKS 1"
    assert talk.marks.store.for_note(talk.session.path) == (mark,)
    spoken = mark_view(talk).model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Question" in spoken
    assert WORDS in spoken


def test_half_selected_words_are_marked_whole_and_never_their_times(qtbot: QtBot, talk: Application) -> None:
    view = talk.window.reader.transcript
    text = view.toPlainText()
    begin, end = text.index("0:16\tLast") + 1, text.index("published a") + 4
    cursor = view.textCursor()
    cursor.setPosition(begin)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    act(talk, "mark_important")
    waiting(qtbot, lambda: len(marks(talk)) == 1)
    assert marks(talk)[0].text == "Last week, Sam Altman published"


def test_a_mark_over_two_lines_of_the_transcript_is_painted_in_both(qtbot: QtBot, talk: Application) -> None:
    view = talk.window.reader.transcript
    text = view.toPlainText()
    cursor = view.textCursor()
    cursor.setPosition(text.index("this particular article"))
    cursor.setPosition(text.index("the most and the four") + 8, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    act(talk, "mark_agree")
    waiting(qtbot, lambda: view.own.count == 2)
    assert marks(talk)[0].text.startswith("this particular article tells us about that. I analyzed")


def test_the_words_are_tinted_and_underlined_without_touching_the_document(
    qtbot: QtBot, talk: Application
) -> None:
    view = talk.window.reader.transcript
    html = view.toHtml()
    mark = mark_words(qtbot, talk)
    view.viewport().repaint()
    rect = view.own.rect_of(mark.id)
    assert rect is not None
    image = view.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    theme = talk.themes.theme
    ground = image.pixelColor(int((rect.left() + 1) * ratio), int((rect.top() + 3) * ratio))
    assert ground.name() == theme.css("mark_important_soft")
    line = image.pixelColor(int(rect.center().x() * ratio), int((rect.bottom() - 0.5) * ratio))
    assert line.name() != ground.name()
    assert view.toHtml() == html
    assert view.extraSelections() == []


def test_the_bar_offers_colours_beside_a_selection_and_goes_with_it(qtbot: QtBot, talk: Application) -> None:
    bar = talk.marks.session.bar
    select(talk, WORDS)
    waiting(qtbot, bar.isVisible)
    view = talk.window.reader.transcript
    assert view.hasFocus()
    assert view.viewport().rect().contains(bar.geometry())
    assert not bar.remove.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    select(talk, "Just listen to the first sentence.")
    waiting(qtbot, bar.isVisible)
    qtbot.mouseClick(bar.colours.buttons[MarkColour.DOUBT], Qt.MouseButton.LeftButton)
    waiting(qtbot, lambda: len(marks(talk)) == 1)
    assert marks(talk)[0].colour is MarkColour.DOUBT
    assert not bar.isVisible()


def test_a_click_on_marked_words_offers_what_can_be_done_with_them(qtbot: QtBot, talk: Application) -> None:
    mark = mark_words(qtbot, talk)
    view, bar = talk.window.reader.transcript, talk.marks.session.bar
    view.viewport().repaint()
    rect = view.own.rect_of(mark.id)
    assert rect is not None
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    waiting(qtbot, bar.isVisible)
    assert bar.mark == mark
    assert bar.colours.buttons[MarkColour.IMPORTANT].isChecked()
    qtbot.mouseClick(bar.colours.buttons[MarkColour.AGREE], Qt.MouseButton.LeftButton)
    waiting(qtbot, lambda: marks(talk)[0].colour is MarkColour.AGREE)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    waiting(qtbot, bar.isVisible)
    qtbot.mouseClick(bar.remove, Qt.MouseButton.LeftButton)
    waiting(qtbot, lambda: marks(talk) == ())


def test_marking_the_same_words_again_changes_their_colour(qtbot: QtBot, talk: Application) -> None:
    mark_words(qtbot, talk)
    select(talk, WORDS)
    act(talk, "mark_doubt")
    waiting(qtbot, lambda: marks(talk)[0].colour is MarkColour.DOUBT)
    assert len(marks(talk)) == 1


def test_without_a_selection_the_keys_say_what_to_do(talk: Application) -> None:
    act(talk, "mark_important")
    assert talk.window.banner.message.text() == "Select words in the transcript first"


def test_the_menus_of_text_and_row_offer_the_marks(qtbot: QtBot, talk: Application) -> None:
    def words(menu: QMenu) -> list[str]:
        return [action.text() for action in menu.actions() if action.text()]

    mark = mark_words(qtbot, talk)
    menu = QMenu()
    talk.window.reader.transcript.menuWanted.emit(mark, menu)
    assert words(menu) == ["Note and tags of the mark…", "Colour", "Remove the mark"]
    select(talk, "Just listen")
    menu = QMenu()
    talk.window.reader.transcript.menuWanted.emit(None, menu)
    assert words(menu)[0] == "Mark"
    menu = QMenu()
    row = mark_view(talk).model().index(0, 0).data(Role.ROW)
    talk.window.side.lists.menuWanted.emit(row, menu)
    assert {"Play", "Note and tags of the mark…", "Add to a collection"} <= set(words(menu))


# -- note, tags, colour --------------------------------------------------------------------------------------


def test_note_and_tags_are_written_in_the_editor_and_kept_when_it_closes(
    qtbot: QtBot, talk: Application
) -> None:
    mark_words(qtbot, talk)
    act(talk, "show_marks")
    editor = talk.marks.session.editor
    qtbot.keyClick(mark_view(talk), Qt.Key.Key_E)
    waiting(qtbot, editor.isVisible)
    assert talk.window.rect().contains(editor.geometry())
    editor.comment.setPlainText("He speaks as if it were over.")
    editor.tags.setText("rhetoric, essay,, Rhetoric")
    qtbot.mouseClick(editor.colours.buttons[MarkColour.DOUBT], Qt.MouseButton.LeftButton)
    qtbot.keyClick(editor.comment, Qt.Key.Key_Escape)
    waiting(qtbot, lambda: marks(talk)[0].comment != "")
    [mark] = marks(talk)
    assert mark.comment == "He speaks as if it were over."
    assert mark.tags == ("rhetoric", "essay")
    assert mark.colour is MarkColour.DOUBT
    assert not editor.isVisible()
    act(talk, "undo")
    waiting(qtbot, lambda: marks(talk)[0].comment == "")
    assert marks(talk)[0].colour is MarkColour.IMPORTANT


def test_a_note_to_a_selection_marks_it_first(qtbot: QtBot, talk: Application) -> None:
    select(talk, WORDS)
    qtbot.keyClick(talk.window.reader.transcript, Qt.Key.Key_E)
    editor = talk.marks.session.editor
    waiting(qtbot, editor.isVisible)
    qtbot.keyClicks(editor.comment, "Why?")
    qtbot.keyClick(editor.comment, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    waiting(qtbot, lambda: [mark.comment for mark in marks(talk)] == ["Why?"])


def test_tags_are_completed_from_those_that_are_known(qtbot: QtBot, talk: Application) -> None:
    mark = mark_words(qtbot, talk)
    from dataclasses import replace

    talk.marks.marks.change(replace(mark, tags=("singularity",)))
    waiting(qtbot, lambda: marks(talk)[0].tags == ("singularity",))
    mark_words(qtbot, talk, "Just listen to the first sentence.")
    editor = talk.marks.session.editor
    with qtbot.waitSignal(talk.marks.marks.tagsRead):
        talk.marks.session.edit(marks(talk)[0])
    editor.tags.clear()
    editor.tags.setFocus()
    qtbot.keyClicks(editor.tags, "essay, sing")
    waiting(qtbot, lambda: editor.tags.offering)
    popup = editor.tags.findChild(type(editor.tags._offers), "tagOffers") or editor.tags._offers
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert editor.tags.tags() == ("essay", "singularity")


def test_the_editor_closes_when_what_had_the_focus_is_gone(qtbot: QtBot, talk: Application) -> None:
    mark_words(qtbot, talk)
    field = QLineEdit(talk.window)
    field.show()
    field.setFocus()
    talk.marks.session.edit(marks(talk)[0])
    editor = talk.marks.session.editor
    waiting(qtbot, editor.comment.hasFocus)
    with qtbot.waitSignal(field.destroyed):
        field.deleteLater()
    editor.comment.setPlainText("kept nevertheless")
    qtbot.keyClick(editor.comment, Qt.Key.Key_Escape)
    waiting(qtbot, lambda: marks(talk)[0].comment == "kept nevertheless")
    assert not editor.isVisible()


def test_leaving_the_note_keeps_what_is_being_written(qtbot: QtBot, talk: Application) -> None:
    mark_words(qtbot, talk)
    talk.marks.session.edit(marks(talk)[0])
    talk.marks.session.editor.comment.setPlainText("half a thought")
    path = talk.session.path
    other = next(entry for entry in talk.library.model.entries if entry.path != path)
    talk.desk.open_entry(other)
    waiting(qtbot, lambda: talk.session.path == other.path)
    waiting(qtbot, lambda: talk.marks.store.for_note(path)[0].comment == "half a thought")
    assert mark_view(talk).model().rowCount() == 0


# -- the list ------------------------------------------------------------------------------------------------


def test_a_row_plays_exactly_the_marked_words(qtbot: QtBot, talk: Application, fetcher: NoNetwork) -> None:
    mark = mark_words(qtbot, talk)
    act(talk, "show_marks")
    qtbot.keyClick(mark_view(talk), Qt.Key.Key_Return)
    waiting(qtbot, lambda: fetcher.asked == [mark.segment])


def test_keys_in_the_list_colour_and_remove(qtbot: QtBot, talk: Application) -> None:
    mark_words(qtbot, talk)
    act(talk, "show_marks")
    view = mark_view(talk)
    waiting(qtbot, view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_4)
    waiting(qtbot, lambda: marks(talk)[0].colour is MarkColour.DOUBT)
    assert view.currentIndex().isValid()
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    waiting(qtbot, lambda: marks(talk) == ())
    assert talk.window.banner.message.text() == "The mark is removed"
    assert talk.window.reader.transcript.own.count == 0 or talk.marks.session.display.places == {}


def test_when_a_mark_is_removed_the_next_one_is_chosen(qtbot: QtBot, talk: Application) -> None:
    made = [mark_words(qtbot, talk, words) for words in (WORDS, "Humanity is close", "connect the dots")]
    act(talk, "show_marks")
    view = mark_view(talk)
    view.setCurrentIndex(view.model().index(1, 0))
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    waiting(qtbot, lambda: view.model().rowCount() == 2)
    assert view.currentIndex().row() == 1
    assert mark_of(view.currentIndex().data(Role.ROW)) == made[2]
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    waiting(qtbot, lambda: view.model().rowCount() == 1)
    assert mark_of(view.currentIndex().data(Role.ROW)) == made[0]


def test_the_card_has_a_button_for_its_menu_and_opens_the_editor(qtbot: QtBot, talk: Application) -> None:
    from viewer.ui.quote_mark import Part

    mark_words(qtbot, talk)
    act(talk, "show_marks")
    view = mark_view(talk)
    index = view.model().index(0, 0)
    rect = view.visualRect(index)
    cards = view.itemDelegate()
    parts = {cards.part_at(index, rect, QPointF(rect.right() - 16, rect.top() + 14))}
    parts.add(cards.part_at(index, rect, QPointF(rect.left() + 80, rect.bottom() - 16)))
    assert parts == {Part.MENU, Part.EDIT}
    qtbot.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 80, rect.bottom() - 16)
    )
    waiting(qtbot, talk.marks.session.editor.isVisible)


def test_a_clip_of_selected_words_is_marked_played_and_kept(
    qtbot: QtBot, talk: Application, fetcher: NoNetwork
) -> None:
    select(talk, WORDS)
    act(talk, "mark_clip")
    waiting(qtbot, lambda: len(marks(talk)) == 1)
    segment = marks(talk)[0].segment
    waiting(qtbot, lambda: segment in fetcher.asked)


# -- words that cannot be found ------------------------------------------------------------------------------


def test_a_mark_whose_words_are_gone_says_so_and_keeps_them(qtbot: QtBot, talk: Application) -> None:
    anchor = TextAnchor("bananas ripen slowly at the lighthouse", "before it", "after it", 2, 0)
    lost = Mark(new_mark_id(), talk.session.path, "A talk", None, anchor, anchor.exact, "Nobody")
    talk.marks.marks.add(lost)
    model = talk.window.side.lists.marks
    waiting(qtbot, lambda: model.rowCount() == 1 and model.row(0).lost)
    assert "not in this transcript" in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    act(talk, "show_marks")
    qtbot.keyClick(mark_view(talk), Qt.Key.Key_Return)
    assert "not in the transcript" in talk.window.banner.message.text()


def test_a_note_that_was_edited_has_its_marks_at_the_moved_words(
    qtbot: QtBot, application: Application, seeds: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    file = folder / "note.md"
    text = next(seeds.glob("000_*")).read_text("utf-8")
    file.write_text(text, "utf-8")
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    application.desk.open_paths([folder])
    qtbot.waitUntil(lambda: application.session.path.endswith("note.md"), timeout=10_000)
    mark = mark_words(qtbot, application)
    assert application.window.reader.transcript.own.row_of(mark.id) == 1
    begin = text.index("[0:16]", text.index("## Transcript"))
    line = text.rfind("\n\n", 0, begin) + 2
    file.write_text(
        text[:line] + text[line:].replace("The takeoff", "A line is new here. The takeoff", 1), "utf-8"
    )
    application.library.refresh()
    view = application.window.reader.transcript
    qtbot.waitUntil(lambda: "A line is new here" in view.toPlainText(), timeout=10_000)
    waiting(qtbot, lambda: view.own.row_of(mark.id) is not None)
    assert not application.window.side.lists.marks.row(0).lost


# -- stretches -----------------------------------------------------------------------------------------------


def drag(application: Application, start_ms: int, end_ms: int) -> None:
    strip = application.window.timeline
    y = 40.0

    def send(kind: QEvent.Type, x: float, buttons: Qt.MouseButton) -> None:
        place = QPointF(x, y)
        event = QMouseEvent(
            kind,
            place,
            strip.mapToGlobal(place),
            Qt.MouseButton.LeftButton,
            buttons,
            Qt.KeyboardModifier.ShiftModifier,
        )
        QApplication.sendEvent(strip, event)

    send(QEvent.Type.MouseButtonPress, strip.strip.x(start_ms), Qt.MouseButton.LeftButton)
    send(QEvent.Type.MouseMove, strip.strip.x((start_ms + end_ms) // 2), Qt.MouseButton.LeftButton)
    send(QEvent.Type.MouseMove, strip.strip.x(end_ms), Qt.MouseButton.LeftButton)
    send(QEvent.Type.MouseButtonRelease, strip.strip.x(end_ms), Qt.MouseButton.NoButton)


def test_a_stretch_drawn_on_the_timeline_is_marked_with_what_is_said_in_it(
    qtbot: QtBot, talk: Application, fetcher: NoNetwork
) -> None:
    drag(talk, 60_000, 90_000)
    waiting(qtbot, lambda: len(marks(talk)) == 1)
    [mark] = marks(talk)
    assert mark.segment is not None
    assert abs(mark.segment.start_ms - 60_000) < 1_000
    assert abs(mark.segment.end_ms - 90_000) < 1_000
    assert "OpenAI recently acquired" in mark.text
    assert fetcher.asked == []
    strip = talk.window.timeline
    number = next(n for n, shown in enumerate(strip.marks) if shown.own)
    place = strip.shape(strip.marks[number]).center()
    assert strip.mark_at(place.x(), place.y()) == number
    drag(talk, 200_000, 200_100)
    qtbot.wait(50)
    assert len(marks(talk)) == 1


def test_the_strips_menu_begins_and_ends_a_mark_by_keyboard_alone(qtbot: QtBot, talk: Application) -> None:
    def choose(ms: int, words: str) -> None:
        menu = QMenu()
        talk.window.timeline.menuWanted.emit(ms, None, menu)
        next(action for action in menu.actions() if action.text().startswith(words)).trigger()

    choose(30_000, "Begin a mark at 0:30")
    choose(45_000, "End the mark at 0:45")
    waiting(qtbot, lambda: len(marks(talk)) == 1)
    assert marks(talk)[0].segment == Segment(talk.session.note.video, 30_000, 45_000)  # type: ignore[union-attr, arg-type]


class Playing:
    """Lets the player say that it plays."""

    def __init__(self, application: Application, monkeypatch: pytest.MonkeyPatch, video_start: int) -> None:
        self.application = application
        self.position = video_start
        note = application.session.note
        assert note is not None
        assert note.video is not None
        segment = Segment(note.video, 0, 300_000)
        kind = type(application.player)
        monkeypatch.setattr(kind, "segment", property(lambda _: segment))
        monkeypatch.setattr(kind, "position_ms", property(lambda _: self.position))
        application.window.actions_set.set_state(note=True, clip=True)


def test_the_last_twenty_seconds_are_marked_while_one_listens(
    qtbot: QtBot, talk: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    Playing(talk, monkeypatch, 75_000)
    qtbot.keyClick(talk.window.reader.transcript, Qt.Key.Key_B)
    waiting(qtbot, lambda: len(marks(talk)) == 1)
    [mark] = marks(talk)
    assert mark.segment is not None
    assert (mark.segment.start_ms, mark.segment.end_ms) == (55_000, 75_000)
    assert "OpenAI recently acquired" in mark.text
    assert talk.window.banner.message.text() == "Marked: 0:55–1:15"


def test_a_stretch_is_begun_and_ended_while_one_listens(
    qtbot: QtBot, talk: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    playing = Playing(talk, monkeypatch, 20_000)
    act(talk, "mark_stretch")
    playing.position = 32_000
    talk.player.positionChanged.emit(32_000)
    assert talk.window.timeline._stretch == (20_000, 32_000)
    act(talk, "mark_stretch")
    waiting(qtbot, lambda: len(marks(talk)) == 1)
    segment = marks(talk)[0].segment
    assert segment is not None
    assert (segment.start_ms, segment.end_ms) == (20_000, 32_000)
    act(talk, "mark_stretch")
    qtbot.keyClick(talk.window.timeline, Qt.Key.Key_Escape)
    assert talk.window.timeline._stretch is None


# -- undo ----------------------------------------------------------------------------------------------------


def test_every_step_is_taken_back_and_done_again_and_the_menu_says_which(
    qtbot: QtBot, talk: Application
) -> None:
    actions = talk.window.actions_set
    mark = mark_words(qtbot, talk)
    assert actions["undo"].text() == "Undo: mark made"
    act(talk, "show_marks")
    qtbot.keyClick(mark_view(talk), Qt.Key.Key_Delete)
    waiting(qtbot, lambda: marks(talk) == ())
    assert actions["undo"].text() == "Undo: mark removed"
    qtbot.keyClick(talk.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    waiting(qtbot, lambda: [one.id for one in marks(talk)] == [mark.id])
    assert talk.window.banner.message.text() == "Undone: mark removed"
    assert actions["redo"].text() == "Redo: mark removed"
    act(talk, "redo")
    waiting(qtbot, lambda: marks(talk) == ())
    act(talk, "undo")
    act(talk, "undo")
    act(talk, "undo")
    waiting(qtbot, lambda: talk.window.banner.message.text() == "Nothing to undo")
    assert marks(talk) == ()
    assert actions["undo"].text() == "Undo"


def test_undo_in_a_field_is_the_fields_own(qtbot: QtBot, talk: Application) -> None:
    mark_words(qtbot, talk)
    field = talk.window.library.filter
    field.setFocus()
    waiting(qtbot, field.hasFocus)
    qtbot.keyClicks(field, "abc")
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == ""
    assert len(marks(talk)) == 1


def restarted(application: Application, tmp_path: Path) -> Application:
    application.window.close()
    application.close()
    again = app_module.build(AppPaths.standard(), ClipStore(tmp_path / "clips"), NoNetwork())  # type: ignore[arg-type]
    again.start()
    return again


def test_marks_and_undo_outlive_the_window(qtbot: QtBot, talk: Application, tmp_path: Path) -> None:
    mark = mark_words(qtbot, talk)
    # Closed at once: what was asked for last is kept nevertheless.
    talk.marks.session.edit(mark)
    talk.marks.session.editor.comment.setPlainText("kept at the last moment")
    again = restarted(talk, tmp_path)
    try:
        qtbot.waitUntil(lambda: len(again.marks.marks.marks) == 1, timeout=20_000)
        assert again.marks.marks.marks[0].comment == "kept at the last moment"
        own = again.window.reader.transcript.own
        waiting(qtbot, lambda: own.row_of(mark.id) == 1)
        assert again.window.actions_set["undo"].text() == "Undo: mark changed"
        act(again, "undo")
        act(again, "undo")
        waiting(qtbot, lambda: again.marks.marks.marks == ())
    finally:
        again.window.close()
        again.close()
        again.window.deleteLater()
        again.deleteLater()


# -- search --------------------------------------------------------------------------------------------------


def test_a_found_mark_is_opened_at_its_words(qtbot: QtBot, talk: Application) -> None:
    from dataclasses import replace

    mark = mark_words(qtbot, talk, "Jony Ive is famous for creating")
    talk.marks.marks.change(replace(mark, comment="zeppelin"))
    waiting(qtbot, lambda: marks(talk)[0].comment == "zeppelin")
    path = talk.session.path
    other = next(entry for entry in talk.library.model.entries if entry.path != path)
    talk.desk.open_entry(other)
    waiting(qtbot, lambda: talk.session.path == other.path)
    talk.window.activateWindow()
    talk.window.top.search.setFocus()
    qtbot.keyClicks(talk.window.top.search, "zeppelin")
    waiting(qtbot, talk.window.results.isVisible)
    waiting(qtbot, lambda: talk.window.results.current_hit() is not None)
    hit = talk.window.results.current_hit()
    assert hit is not None
    assert (hit.kind, hit.mark_id) == ("mark", mark.id)
    qtbot.keyClick(talk.window.top.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: talk.session.path == path, timeout=10_000)
    lists = talk.window.side.lists
    waiting(qtbot, lambda: lists.view() is mark_view(talk) and mark_of(lists.current_row()) is not None)
    assert talk.window.reader.transcript.row_at_cursor() == talk.window.reader.transcript.own.row_of(mark.id)


def test_a_found_mark_of_the_open_note_stays_chosen_when_the_note_is_read_anew(
    qtbot: QtBot, talk: Application
) -> None:
    mark = mark_words(qtbot, talk, "Jony Ive is famous for creating")
    talk.window.side.lists.turn_to(RowKind.HIGHLIGHT)
    (hit,) = (hit for hit in talk.catalog.search("creating").hits if hit.mark_id == mark.id)
    opened = []
    talk.library.noteOpened.connect(lambda *_: opened.append(1))
    talk.desk.open_found(hit, "creating")
    waiting(qtbot, lambda: bool(opened))
    view = mark_view(talk)
    waiting(qtbot, view.isVisible)
    waiting(qtbot, lambda: mark_of(view.currentIndex().data(Role.ROW)) == mark)


def test_shortcuts_reach_the_marks_from_wherever_one_is(talk: Application) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1")
    assert not event.isAutoRepeat()
    keys = talk.window.actions_set["mark_important"].shortcuts()
    assert [key.toString() for key in keys] == ["1"]
