"""Quotes without a time: the suggestion accepted, the transcript fetched, the click plays the right second."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from tests.end_to_end.conftest import Driver
from tests.standin.catalogue import interview_quotes
from tests.standin.server import StandinServer
from viewer.domain.judgement import Verdict
from viewer.domain.video import Segment
from viewer.qt.roles import Role

Start = Callable[..., Driver]
SECOND_FRAMES = 30


def note_id(program: Driver, number: str) -> int:
    entries = program.application.library.model.entries
    return next(entry.id for entry in entries if f"{number}_" in entry.path)


def open_note(program: Driver, number: str) -> None:
    wanted = next(one for one in program.application.library.model.entries if f"{number}_" in one.path)
    program.application.desk.open_entry(wanted)
    program.qtbot.waitUntil(lambda: program.application.session.path == wanted.path, timeout=5_000)


def get_transcript(program: Driver) -> None:
    reader = program.window.reader
    reader.tabs.setCurrentIndex(0)
    button = reader.no_transcript.findChild(QPushButton)
    assert button is not None
    program.qtbot.waitUntil(lambda: button.isVisible() and button.text() == "Get the transcript")
    program.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    program.qtbot.waitUntil(lambda: bool(reader.transcript.toPlainText().strip()), timeout=60_000)


def segments(program: Driver, view: str) -> list[Segment | None]:
    model = program.view(view).model()
    return [model.index(row, 0).data(Role.SEGMENT) for row in range(model.rowCount())]


def accept_suggestion(program: Driver) -> None:
    catalog = program.application.catalog
    suggestion = catalog.suggestion(note_id(program, "002"))
    assert suggestion is not None
    catalog.answer(suggestion.note_id, suggestion.video_id, True)


def test_the_quotes_of_a_note_without_an_address_play_the_right_second(
    driver: Start, standin: StandinServer
) -> None:
    program = driver()
    accept_suggestion(program)
    open_note(program, "002")
    assert segments(program, "quoteView") == [None] * len(interview_quotes())
    assert standin.requests() == []  # nothing is asked for before the click

    get_transcript(program)
    program.qtbot.waitUntil(lambda: None not in segments(program, "quoteView"), timeout=20_000)
    found = [segment for segment in segments(program, "quoteView") if segment is not None]
    for segment, (_, start_ms, end_ms) in zip(found, interview_quotes(), strict=True):
        assert abs(segment.start_ms - start_ms) <= 400  # a word
        assert abs(segment.end_ms - end_ms) <= 800
    details = program.window.reader.details
    program.window.reader.tabs.setCurrentIndex(2)
    assert "Automatic captions, en" in details.toPlainText()

    view = program.view("quoteView")
    program.window.side.lists.tabs.setCurrentIndex(1)
    program.click_row(view, 0)
    program.qtbot.waitUntil(lambda: program.shown_frame() is not None, timeout=60_000)
    frame = program.shown_frame()
    assert frame is not None
    start_ms = interview_quotes()[0][1]
    assert (start_ms / 1000 - 0.4) * SECOND_FRAMES <= frame <= (start_ms / 1000 + 2) * SECOND_FRAMES


def test_the_transcript_is_kept_and_serves_without_a_network(driver: Start, standin: StandinServer) -> None:
    program = driver()
    accept_suggestion(program)
    open_note(program, "002")
    get_transcript(program)
    standin.stop()
    try:
        open_note(program, "000")
        open_note(program, "002")
        program.qtbot.waitUntil(lambda: None not in segments(program, "quoteView"), timeout=20_000)
        assert program.window.reader.tabs.currentIndex() == 0
        assert program.window.reader.transcript.toPlainText().strip()
    finally:
        standin.start()


def test_working_offline_the_transcript_is_not_asked_for(driver: Start, standin: StandinServer) -> None:
    program = driver(fetch__offline=True)
    accept_suggestion(program)
    open_note(program, "002")
    program.window.actions_set["get_transcript"].trigger()
    banner = program.window.banner
    program.qtbot.waitUntil(banner.isVisible, timeout=10_000)
    assert "offline" in banner.message.text()
    assert standin.requests() == []


def test_a_stopped_transcript_ends_soon_and_is_offered_again(driver: Start, standin: StandinServer) -> None:
    program = driver()
    accept_suggestion(program)
    open_note(program, "002")
    program.window.actions_set["get_transcript"].trigger()
    page = program.window.reader.no_transcript
    program.qtbot.waitUntil(lambda: page.button.text() == "Stop", timeout=10_000)
    program.window.reader.tabs.setCurrentIndex(0)
    began = time.monotonic()
    page.button.click()
    program.qtbot.waitUntil(lambda: page.button.text() == "Get the transcript", timeout=5_000)
    assert time.monotonic() - began < 5
    assert not program.window.banner.isVisible()


def test_the_edited_highlight_of_the_sample_is_seen_as_edited(driver: Start) -> None:
    program = driver()
    open_note(program, "000")
    model = program.view("highlightView").model()
    program.qtbot.waitUntil(lambda: model.index(0, 0).data(Role.ROW).check is not None, timeout=10_000)
    check = model.index(0, 0).data(Role.ROW).check
    assert check.verdict is Verdict.EDITED
    assert [
        (one.op.value, one.quote or one.said) for one in check.differences if one.op.value != "equal"
    ] == [
        ("omitted", "And it's going for a couple of pages but let's stop here and just say that"),
        ("added", "But"),
    ]
