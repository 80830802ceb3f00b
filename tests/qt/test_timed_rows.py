"""A note's rows that play: what each says, what plays, and narrow changes."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tests.qt.conftest import VIDEO, segment
from viewer.domain.judgement import Judgement, Verdict
from viewer.domain.note import ClipCommand, Highlight, KeyPoint, Mention, Metadata, Note, NoteFormat, Quote
from viewer.domain.quote_checks import QuoteCheck, QuoteKind
from viewer.qt.clip_state import NOT_FETCHED, READY, ClipState, ClipStatus
from viewer.qt.models import RowKind, TimedRowsModel
from viewer.qt.roles import Role

NOTE = Note(
    NoteFormat.VIDEO_NOTE,
    Metadata(title="A talk", duration_ms=516_000),
    videos=(VIDEO,),
    highlights=(
        Highlight(
            "Event horizon",
            "We are past the event horizon",
            "Sam Altman",
            VIDEO.id,
            20_000,
            None,
            ClipCommand(VIDEO, 16_000, 60_000),
        ),
        Highlight("Without a clip", "Words", None, VIDEO.id, 90_000),
        Highlight("Same place again", None, None, VIDEO.id, 16_000, 60_000),
    ),
    quotes=(Quote("No time is known of this"), Quote("Timed", "Ksenia", VIDEO.id, 500_000, None)),
    key_points=(KeyPoint("Intelligence is cheap", "it says", VIDEO.id, 49_000),),
    mentions=(Mention("Companies", "OpenAI", "the maker", VIDEO.id, 16_000), Mention("People", "Ksenia")),
)


@pytest.fixture
def rows(qtbot: QtBot) -> TimedRowsModel:
    model = TimedRowsModel(RowKind.HIGHLIGHT)
    model.tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_note(NOTE, 30_000)
    return model


def of(kind: RowKind) -> TimedRowsModel:
    model = TimedRowsModel(kind)
    model.set_note(NOTE, 30_000)
    return model


def test_a_highlights_clip_is_what_plays(rows: TimedRowsModel):
    assert [rows.index(row).data(Role.SEGMENT) for row in range(3)] == [
        segment(16_000, 60_000),
        segment(90_000, 120_000),
        segment(16_000, 60_000),
    ]
    assert rows.segments() == [segment(16_000, 60_000), segment(90_000, 120_000)]
    assert rows.row(0).time_text == "0:16–1:00"
    assert rows.row(1).time_text == "1:30"


def test_a_row_says_title_time_speaker_and_state(rows: TimedRowsModel):
    first = rows.index(0)
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert first.data(spoken) == "Event horizon, 0:16–1:00, Sam Altman, not fetched"
    assert first.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "We are past the event horizon"
    rows.set_clip_state(segment(16_000, 60_000), ClipState(ClipStatus.FETCHING, 0.426))
    assert first.data(spoken).endswith(", 42 %")
    rows.set_clip_state(segment(16_000, 60_000), READY)
    assert first.data(spoken).endswith(", ready")


def test_a_state_changes_the_rows_of_its_segment_only(rows: TimedRowsModel, qtbot: QtBot):
    told: list[int] = []
    rows.dataChanged.connect(lambda first, last, roles: told.extend(range(first.row(), last.row() + 1)))
    rows.set_clip_state(segment(16_000, 60_000), READY)
    assert told == [0, 2]
    assert rows.index(2).data(Role.CLIP_STATE) is READY
    assert rows.index(1).data(Role.CLIP_STATE) is NOT_FETCHED
    with qtbot.assertNotEmitted(rows.dataChanged):
        rows.set_clip_state(segment(16_000, 60_000), READY)
        rows.set_clip_state(segment(1, 2), READY)


def test_the_playing_row_is_marked(rows: TimedRowsModel):
    rows.set_playing(segment(90_000, 120_000))
    assert [rows.index(row).data(Role.PLAYING) for row in range(3)] == [False, True, False]
    rows.set_playing(None)
    assert not rows.index(1).data(Role.PLAYING)


def test_what_has_no_time_says_so(qtbot: QtBot):
    quotes = of(RowKind.QUOTE)
    first = quotes.index(0)
    assert first.data(Role.SEGMENT) is None
    assert first.data(Role.CLIP_STATE) is None
    assert first.data() == "No time is known of this"
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == "No time is known of this, no time known yet"
    # The video ends at 516 s: the second quote's thirty seconds are cut there.
    assert quotes.index(1).data(Role.SEGMENT) == segment(500_000, 516_000)


def test_key_points_and_mentions_play_too(qtbot: QtBot):
    assert of(RowKind.KEY_POINT).index(0).data(Role.SEGMENT) == segment(49_000, 79_000)
    mentions = of(RowKind.MENTION)
    assert mentions.row(0).kind_name == "Companies"
    assert mentions.index(0).data() == "OpenAI"
    assert mentions.index(1).data(Role.SEGMENT) is None
    assert mentions.index(1).data(Role.PLAYING) is False


def test_another_note_brings_other_rows(rows: TimedRowsModel):
    rows.set_note(None, 30_000)
    assert rows.rowCount() == 0
    assert rows.segments() == []


def judged(row: int, verdict: Verdict, start_ms: int | None = None, **more: Any) -> QuoteCheck:
    quote = NOTE.quotes[row]
    end_ms = None if start_ms is None else start_ms + 5_000
    judgement = Judgement(verdict, start_ms, end_ms, exact=True)
    return QuoteCheck(
        QuoteKind.QUOTE,
        row,
        quote.text,
        video=VIDEO,
        note_start_ms=quote.start_ms,
        judgement=judgement,
        **more,
    )


def test_a_quote_without_a_time_plays_where_its_words_were_found(qtbot: QtBot) -> None:
    model = TimedRowsModel(RowKind.QUOTE)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_note(NOTE, 30_000)
    with qtbot.waitSignal(model.dataChanged):
        model.set_checks(NOTE, [judged(0, Verdict.VERBATIM, 70_000)])
    found = segment(70_000, 75_000)
    assert model.index(0, 0).data(Role.SEGMENT) == found
    assert model.row(0).found
    assert found in model.segments()
    model.set_clip_state(found, READY)
    assert model.index(0, 0).data(Role.CLIP_STATE) == READY
    assert "verbatim" in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_notes_own_range_stays_and_the_words_are_offered(qtbot: QtBot) -> None:
    model = TimedRowsModel(RowKind.QUOTE)
    model.set_note(NOTE, 30_000)
    model.set_checks(NOTE, [judged(1, Verdict.VERBATIM, 300_000, elsewhere=True)])
    own, words = segment(500_000, 516_000), segment(300_000, 305_000)
    assert model.index(1, 0).data(Role.SEGMENT) == own
    assert model.row(1).words == words
    assert model.segments() == [own]
    model.set_playing(words)
    assert model.index(1, 0).data(Role.PLAYING)
    model.set_clip_state(words, ClipState(ClipStatus.FETCHING))
    assert model.index(1, 0).data(Role.CLIP_STATE).busy
    model.set_clip_state(words, READY)
    assert model.index(1, 0).data(Role.CLIP_STATE) == NOT_FETCHED  # the note's own range is not kept


def test_only_the_rows_to_check_are_shown_on_request(qtbot: QtBot) -> None:
    model = TimedRowsModel(RowKind.QUOTE)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_note(NOTE, 30_000)
    model.show_only_to_check(True)
    assert model.rowCount() == 0
    model.set_checks(NOTE, [judged(0, Verdict.VERBATIM), judged(1, Verdict.NOT_FOUND)])
    assert [model.row(number).text for number in range(model.rowCount())] == ["Timed"]
    assert (model.count, model.to_check) == (2, 1)
    model.show_only_to_check(False)
    assert model.rowCount() == 2


def test_checks_of_the_other_list_are_not_taken(qtbot: QtBot) -> None:
    model = TimedRowsModel(RowKind.HIGHLIGHT)
    model.set_note(NOTE, 30_000)
    model.set_checks(NOTE, [judged(0, Verdict.NOT_FOUND)])
    assert model.row(0).check is None
