"""What the window says about the truth of quotes, on a sample whose quotes were tampered with."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QPushButton, QTextEdit
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.domain.judgement import Verdict
from viewer.domain.video import VideoRef
from viewer.qt.timed_rows import RowKind, TimedRow
from viewer.ui.quote_check_view import QuoteCheckView
from viewer.ui.quote_mark import Part

from .conftest import NoNetwork

ELSEWHERE, STITCHED, NEVER = 1, 2, 3


def tampered(text: str) -> str:
    """The second quote at a wrong time, the third made of two places, the fourth never said."""
    text = text.replace(
        "[0:51](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=51s)",
        "[5:00](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=300s)",
    )
    begin = text.index('> "Sam Altman needs Jony Ive')
    end = text.index("\n", begin)
    text = (
        text[:begin]
        + "> \"OpenAI recently acquired Jony Ive's hardware startup IO for crazy six or even $6.5 billion. "
        + 'They raised a round to shrink massive AI models by up to 90% without losing performance."'
        + text[end:]
    )
    begin = text.index('> "They raised a round', text.index("## Surprising Quotes"))
    end = text.index("\n", begin)
    return (
        text[:begin]
        + '> "Bananas ripen slowly whenever the old lighthouse keeper whistles a waltz to his seventeen grey parrots."'
        + text[end:]
    )


@pytest.fixture
def judged(qtbot: QtBot, application: Application, seeds: Path, tmp_path: Path) -> Application:
    folder = tmp_path / "notes"
    folder.mkdir()
    text = next(seeds.glob("000_*")).read_text("utf-8")
    (folder / "note.md").write_text(tampered(text), "utf-8")
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    application.desk.open_paths([folder])
    qtbot.waitUntil(lambda: application.session.path.endswith("note.md"), timeout=10_000)
    model = application.window.side.lists.models[RowKind.QUOTE]
    qtbot.waitUntil(lambda: model.row(0).check is not None, timeout=10_000)
    application.window.side.lists.tabs.setCurrentIndex(1)
    return application


def row(application: Application, number: int, kind: RowKind = RowKind.QUOTE) -> TimedRow:
    return application.window.side.lists.models[kind].row(number)


def choose(application: Application, number: int) -> None:
    view = application.window.side.lists.views[RowKind.QUOTE]
    view.setCurrentIndex(view.model().index(number, 0))


def test_every_quote_has_its_verdict_and_says_it_aloud(judged: Application) -> None:
    checks = [row(judged, number).check for number in range(5)]
    verdicts = [check.verdict for check in checks if check is not None]
    assert verdicts == [
        Verdict.VERBATIM, Verdict.VERBATIM, Verdict.STITCHED, Verdict.NOT_FOUND, Verdict.VERBATIM,
    ]  # fmt: skip
    model = judged.window.side.lists.models[RowKind.QUOTE]
    spoken = [model.index(number, 0).data(Qt.ItemDataRole.AccessibleTextRole) for number in range(5)]
    assert "verbatim" in spoken[0]
    assert "said at 0:49" in spoken[ELSEWHERE]
    assert "stitched" in spoken[STITCHED]
    assert "not found" in spoken[NEVER]


def test_words_said_elsewhere_play_there_or_where_the_note_says(
    qtbot: QtBot, judged: Application, fetcher: NoNetwork
) -> None:
    view = judged.window.side.lists.views[RowKind.QUOTE]
    index = view.model().index(ELSEWHERE, 0)
    view.scrollTo(index)
    rect = view.visualRect(index)
    cards = view.itemDelegate()
    places: dict[Part, QPoint] = {}
    for y in range(rect.top(), rect.bottom(), 3):
        for x in range(rect.left(), rect.right(), 3):
            part = cards.part_at(index, rect, QPointF(x, y))  # type: ignore[attr-defined]
            if part is not None:
                places.setdefault(part, QPoint(x + 3, y + 3))
    assert set(places) == {Part.VERDICT, Part.SAID, Part.NOTE}
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=places[Part.SAID])
    qtbot.waitUntil(lambda: [one.start_ms for one in fetcher.asked] == [49_000], timeout=5_000)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=places[Part.NOTE])
    qtbot.waitUntil(lambda: [one.start_ms for one in fetcher.asked] == [49_000, 300_000], timeout=5_000)
    # A second click on what is still on its way is no second fetch.
    qtbot.waitUntil(lambda: not any(judged.clips.state(one).busy for one in fetcher.asked), timeout=5_000)
    choose(judged, ELSEWHERE)
    judged.window.actions_set["play_words"].trigger()
    qtbot.waitUntil(lambda: [one.start_ms for one in fetcher.asked][2:] == [49_000], timeout=5_000)


def test_a_click_on_the_verdict_shows_the_quote_beside_what_was_said(
    qtbot: QtBot, judged: Application
) -> None:
    heard: list[object] = []
    judged.window.side.lists.comparisonWanted.connect(heard.append)
    choose(judged, STITCHED)
    judged.window.actions_set["compare_quote"].trigger()
    view = judged.window.findChild(QuoteCheckView)
    assert view is not None
    assert view.isVisible()
    said = view.findChild(QTextEdit, "saidSide")
    assert said is not None
    assert "[…]" in said.toPlainText()
    plays = [button.text() for button in view.findChildren(QPushButton) if button.text().startswith("Play")]
    assert len(plays) == 3  # the note's, and one for each part
    button = view.findChild(QPushButton, "copySaid")
    assert button is not None
    button.click()
    assert "acquired Jony Ive" in QApplication.clipboard().text()
    with qtbot.waitSignal(view.segmentActivated):
        next(one for one in view.findChildren(QPushButton) if one.text().startswith("Play")).click()
    view.stepWanted.emit(1)
    newer = judged.window.findChildren(QuoteCheckView)[-1]
    assert newer.check == row(judged, NEVER).check
    newer.close()


def test_the_comparison_marks_words_by_form_not_by_colour_alone(judged: Application) -> None:
    highlight = row(judged, 0, RowKind.HIGHLIGHT)
    judged.quotes.compare(highlight)
    view = judged.window.findChild(QuoteCheckView)
    assert view is not None
    html = view.said.toHtml()
    struck = html[html.index("line-through") :]
    assert "going for a couple of pages" in struck
    quote = view.quote.toHtml()
    assert "underline" in quote[: quote.index(">But<")].rsplit("<span", 1)[-1]
    assert "added: But" in view.said.accessibleDescription()
    view.close()


def test_only_quotes_to_check_are_shown_on_request(qtbot: QtBot, judged: Application) -> None:
    lists = judged.window.side.lists
    assert lists.to_check.text() == "Quotes to check: 6"  # three highlights, three quotes
    judged.window.actions_set["to_check"].trigger()
    assert lists.to_check.isChecked()
    shown = [row(judged, number) for number in range(lists.models[RowKind.QUOTE].rowCount())]
    assert all(one.to_check for one in shown)
    assert len(shown) == lists.models[RowKind.QUOTE].to_check
    assert lists.tabs.tabText(1) == "QUOTES 5"
    judged.window.actions_set["to_check"].trigger()
    assert lists.models[RowKind.QUOTE].rowCount() == 5


def test_the_words_of_a_highlight_are_underlined_and_say_which(judged: Application) -> None:
    view = judged.window.reader.transcript
    view.grab()
    cursor = view.document().find("We are past the event")
    assert not cursor.isNull()
    cursor.setPosition(cursor.selectionStart() + 4)
    view.setTextCursor(cursor)
    mark = view.mark_at_cursor()
    assert mark is not None
    assert mark.words == 'Highlight: "We are past the event horizon"'
    menu = QMenu()
    judged.quotes.fill_mark_menu(mark.check, menu)
    assert next(action.text() for action in menu.actions()).startswith("Play “")
    before = view.document().find("Just listen to the first")
    before.setPosition(before.selectionStart() + 2)
    view.setTextCursor(before)
    assert view.mark_at_cursor() is None


def test_the_underline_is_painted_without_touching_the_document(judged: Application) -> None:
    view = judged.window.reader.transcript
    revision = view.document().revision()
    with_marks = view.grab().toImage()
    view.set_marks([])
    assert view.grab().toImage() != with_marks
    assert view.document().revision() == revision


def test_a_note_without_video_takes_an_address(qtbot: QtBot, application: Application) -> None:
    entry = next(one for one in application.library.model.entries if "002_" in one.path)
    application.desk.open_entry(entry)
    qtbot.waitUntil(lambda: application.session.path == entry.path, timeout=10_000)
    page = application.window.reader.no_transcript
    qtbot.waitUntil(lambda: page.button.text() == "Give the address…")
    page.button.click()
    dialog = application.window.findChild(QInputDialog, "addressDialog")
    assert dialog is not None
    dialog.setTextValue("https://youtu.be/JfE1Wun9xkk")
    dialog.accept()
    video = VideoRef.youtube("JfE1Wun9xkk")
    qtbot.waitUntil(lambda: application.session.note.video == video, timeout=10_000)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: page.button.text() == "Get the transcript")


def test_what_is_no_address_is_said(qtbot: QtBot, application: Application) -> None:
    entry = next(one for one in application.library.model.entries if "002_" in one.path)
    application.desk.open_entry(entry)
    qtbot.waitUntil(lambda: application.session.path == entry.path, timeout=10_000)
    application.quotes.give_address()
    dialog = application.window.findChild(QInputDialog, "addressDialog")
    assert dialog is not None
    dialog.setTextValue("not an address")
    dialog.accept()
    banner = application.window.banner
    qtbot.waitUntil(banner.isVisible)
    assert banner.message.text() == "This is no video's address."


def test_a_note_that_names_its_video_takes_no_other(qtbot: QtBot, application: Application) -> None:
    application.quotes.give_address()
    assert application.window.findChild(QInputDialog, "addressDialog") is None
    assert application.window.banner.isVisible()


def test_nothing_is_judged_any_more_when_the_program_ends_without_its_window(
    application: Application,
) -> None:
    application.quotes._painted.start()
    application.close()
    assert not application.quotes._painted.isActive()
