"""The whole talk in one strip: what is there is drawn, said to pointer and screen reader, and reached by keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.domain.note import Chapter, Mention
from viewer.domain.transcript import Cue
from viewer.qt.clip_state import READY
from viewer.qt.models import RowKind
from viewer.ui.timeline_strip import lane_y
from viewer.ui.timeline_talk import ADS, CHAPTERS, HITS, KEPT, MENTIONS, MIDDLE, TalkLane
from viewer.ui.timeline_view import TimelineView


@pytest.fixture
def strip(application: Application) -> TimelineView:
    """The sample's strip, with chapters, and an advertisement from 1:00 to 2:00."""
    note = application.session.note
    assert note is not None
    assert note.video is not None
    cues = (
        Cue(text="Talk.", speaker=None, start_ms=0, end_ms=60_000),
        Cue(text="Buy this.", speaker=None, start_ms=60_000, end_ms=90_000, ad=True),
        Cue(text="And that.", speaker=None, start_ms=90_000, end_ms=120_000, ad=True),
        Cue(text="Talk again.", speaker=None, start_ms=120_000, end_ms=200_000),
    )
    note = replace(
        note,
        transcript=replace(note.transcript, cues=cues),
        chapters=(
            Chapter(title="Opening", video_id=note.video.id, start_ms=0),
            Chapter(title="The middle", video_id=note.video.id, start_ms=250_000),
        ),
    )
    application.window.resize(1300, 800)
    timeline = application.window.timeline
    timeline.show_note(note, 30_000)
    return timeline


def x_of(strip: TimelineView, ms: int) -> float:
    return strip.strip.x(ms)


def test_what_the_talk_holds_is_known(strip: TimelineView) -> None:
    assert [spot.words for spot in strip.talk.spots(CHAPTERS)] == ["Chapter: Opening", "Chapter: The middle"]
    assert [(spot.start_ms, spot.end_ms) for spot in strip.talk.spots(ADS)] == [(60_000, 120_000)]
    assert strip.talk.spots(MENTIONS)
    assert max(spot.weight for spot in strip.talk.spots(MENTIONS)) == 1


def test_pointing_says_what_is_there(strip: TimelineView) -> None:
    words = strip.words_at(x_of(strip, 75_000), MIDDLE)
    assert "Advertisement" in words
    assert "Chapter: Opening" in words
    assert "1:15" in words
    mark = strip.marks[0]
    x = x_of(strip, mark.segment.start_ms) + 3
    assert strip.words_at(x, lane_y(mark.lane)) == mark.words


def test_every_kind_is_reached_by_keys_and_said(strip: TimelineView, application: Application) -> None:
    strip.set_hits([33_000, 44_000])
    strip.set_kept([(16_000, 60_000), (50_000, 70_000)])
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    said = []
    for _ in range(6):
        QTest.keyClick(strip, Qt.Key.Key_Down)
        said.append(strip.accessibleDescription())
    for words in ("Mentions", "Advertisement", "Kept offline", "Chapters", "Found places"):
        assert any(text.startswith(words) for text in said), (words, said)
    assert strip.accessibleDescription().startswith("Found places: 0:33")
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert "0:44" in strip.accessibleDescription()
    asked: list[int] = []
    strip.placeActivated.connect(asked.append)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert asked == [44_000]
    for _ in range(6):
        QTest.keyClick(strip, Qt.Key.Key_Up)
    assert strip.marks[0].words in strip.accessibleDescription()


def test_stretches_that_are_kept_are_one_where_they_overlap() -> None:
    lane = TalkLane()
    assert lane.set_kept([(50, 70), (16, 60), (100, 120)])
    assert [(spot.start_ms, spot.end_ms) for spot in lane.spots(KEPT)] == [(16, 70), (100, 120)]
    assert not lane.set_kept([(16, 70), (100, 120)])


def test_a_clip_that_comes_is_drawn_as_kept(application: Application, qtbot: QtBot) -> None:
    segment = application.window.side.lists.models[RowKind.HIGHLIGHT].segments()[0]
    strip = application.window.timeline
    before = strip.grab().toImage()
    # The looks at what is kept (another follows when the quotes are checked) know nothing of this clip.
    qtbot.waitUntil(lambda: not application.runner.live(), timeout=20_000)
    application.clips._queue.set_state(segment, READY)
    application.clips.clipStateChanged.emit(segment)
    qtbot.waitUntil(lambda: bool(strip.talk.spots(KEPT)), timeout=10_000)
    after = strip.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert after != before.convertToFormat(QImage.Format.Format_RGB32)


def test_hits_are_forgotten_with_the_search(strip: TimelineView) -> None:
    strip.set_hits([33_000])
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(9):
        QTest.keyClick(strip, Qt.Key.Key_Down)
    strip.set_hits([])
    assert strip.talk.spots(HITS) == []
    assert "Found" not in strip.accessibleDescription().split(":")[0]


def test_a_mention_of_another_video_is_not_on_this_strip(application: Application) -> None:
    note = application.session.note
    assert note is not None
    lane = TalkLane()
    strange = Mention(kind="People", name="Nobody", text="", video_id="zzzzzzzzzzz", start_ms=1000)
    lane.show_note(replace(note, mentions=(strange,)), note.video, 500_000)
    assert lane.spots(MENTIONS) == []
