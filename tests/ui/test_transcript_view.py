from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor, QWheelEvent
from pytestqt.qtbot import QtBot

from viewer.domain.note import Metadata, Note, NoteFormat
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import VideoRef
from viewer.ui.theme import ThemeManager
from viewer.ui.transcript_view import TranscriptView


def talk(count: int = 200) -> Note:
    cues = tuple(
        Cue(row * 10_000, row * 10_000 + 10_000, ("Ada", "Bob")[row // 3 % 2], f"words of cue {row} " * 8)
        for row in range(count)
    )
    video = VideoRef.youtube("ZAJ4D8RAyfY")
    return Note(NoteFormat.VIDEO_NOTE, Metadata("A talk"), (video,), transcript=Transcript(cues))


def shown(qtbot: QtBot, note: Note | None = None) -> TranscriptView:
    view = TranscriptView(ThemeManager("light"))
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    view.show_note(note or talk())
    return view


def wheel(view: TranscriptView) -> None:
    place = QPointF(100, 100)
    event = QWheelEvent(
        place, view.mapToGlobal(place), QPoint(0, -240), QPoint(0, -240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QGuiApplication.sendEvent(view.viewport(), event)


def test_the_playing_line_is_followed(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.set_playing(120)
    assert view.playing_row == 120
    rect = view._block_rect(view._block(120))
    qtbot.waitUntil(
        lambda: 0 < rect.top() - view.verticalScrollBar().value() < view.viewport().height() * 0.6
    )


def test_scrolling_pauses_following_and_the_button_brings_it_back(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.set_playing(5)
    qtbot.wait(260)
    wheel(view)
    assert not view.following
    place = view.verticalScrollBar().value()
    view.set_playing(150)
    qtbot.wait(260)
    assert view.verticalScrollBar().value() == place
    assert view._follow_button.isVisible()
    view._follow_button.click()
    assert view.following
    assert not view._follow_button.isVisible()
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() > place)


def test_following_steals_no_focus(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.clearFocus()
    view.set_playing(40)
    assert not view.hasFocus()


def test_marking_a_line_changes_no_text_and_costs_no_layout(qtbot: QtBot) -> None:
    view = shown(qtbot)
    changes: list[int] = []
    view.document().contentsChange.connect(lambda *a: changes.append(1))
    for row in range(50):
        view.set_playing(row)
    assert changes == []
    assert view.extraSelections() == []


def test_copying_leaves_times_out_unless_they_are_wanted(qtbot: QtBot) -> None:
    note = Note(
        NoteFormat.VIDEO_NOTE,
        transcript=Transcript((Cue(0, 5000, "Ada", "hello there"), Cue(5000, None, "Bob", "good day"))),
    )
    view = shown(qtbot, note)
    assert view.copied_text(times=False, speakers=False) == "hello there\n\ngood day"
    assert view.copied_text(times=True, speakers=True) == "[0:00] Ada: hello there\n\n[0:05] Bob: good day"
    cursor = view.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len("day"))
    view.setTextCursor(cursor)
    assert view.createMimeDataFromSelection().text() == "day"


def test_find_counts_every_place(qtbot: QtBot) -> None:
    view = shown(qtbot, talk(30))
    assert view.find_all("WORDS OF CUE 7") == 8
    view.show_find(0)
    assert view.row_at_cursor() == 7
    assert view.find_all("no such words") == 0


def test_text_without_times_has_no_gutter_and_html_stays_text(qtbot: QtBot) -> None:
    view = shown(
        qtbot, Note(NoteFormat.PLAIN, transcript=Transcript((Cue(None, None, None, "<b>a</b> & b"),)))
    )
    assert view.toPlainText() == "<b>a</b> & b"
    assert view.row_at_cursor() == 0


def test_enter_plays_the_line_of_the_cursor(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.show_row(9)
    with qtbot.waitSignal(view.cueActivated) as heard:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert heard.args == [9]


def test_three_hours_of_talk_are_shown_quickly_enough(qtbot: QtBot) -> None:
    view = shown(qtbot, talk(763))
    assert view.document().blockCount() > 763
    view.set_type(20, True)
    assert view.text_size == 20


def test_what_is_painted_first_asks_for_no_far_line(qtbot: QtBot) -> None:
    """Asking where a line is lays out all the text above it."""
    view = TranscriptView(ThemeManager("light"))
    qtbot.addWidget(view)
    view.resize(700, 500)
    asked: list[int] = []
    top = view._block_top
    view._block_top = lambda number: asked.append(number) or top(number)  # type: ignore[method-assign,func-returns-value]
    view.show()
    view.show_note(talk(600))
    assert view._visible_rows() is not None
    assert asked
    assert max(asked) < 64
    bar = view.verticalScrollBar()
    for place in (bar.maximum(), bar.maximum() // 2, 0):
        bar.setValue(place)
        rows = view._visible_rows()
        assert rows is not None
        first, last = rows
        tops = [top(number) for number in view._rendered.block_of_row]
        bottom = bar.value() + view.viewport().height()
        assert first == max(0, sum(at <= bar.value() for at in tops) - 1)
        assert last == sum(at <= bottom for at in tops) - 1
