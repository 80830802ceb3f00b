"""Narrowing the library with the panel of filters and its chips, as a user does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.domain.video import Segment, VideoRef
from viewer.qt.note_filter import NoteFilter


def titles(application: Application) -> list[str]:
    model = application.window.library.view.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def chips(application: Application) -> list[QPushButton]:
    found = application.window.library.filters.chips.findChildren(QPushButton)
    return [chip for chip in found if not chip.isHidden()]


def test_a_filter_is_chosen_shown_as_a_chip_and_taken_away(qtbot: QtBot, application: Application) -> None:
    pane = application.window.library
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    application.window.actions_set["filter_notes"].trigger()
    assert pane.filters.is_open
    channel = pane.filters.channel
    place = channel.findData("Turing Post")
    assert channel.itemText(place) == "Turing Post  (1)"
    channel.setCurrentIndex(place)
    channel.activated.emit(place)
    assert len(titles(application)) == 1
    assert pane.count.text() == "1 of 3"
    assert [chip.text() for chip in chips(application)] == ["Turing Post"]
    chips(application)[0].click()
    assert len(titles(application)) == 3
    assert chips(application) == []


def test_the_check_boxes_filter_too_and_escape_closes_the_panel(
    qtbot: QtBot, application: Application
) -> None:
    pane = application.window.library
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    pane.filter_button.click()
    pane.filters.transcript.click()
    with_transcript = [entry for entry in application.library.model.entries if entry.has_transcript]
    assert len(titles(application)) == len(with_transcript) < 3
    qtbot.keyClick(pane.filters.transcript, Qt.Key.Key_Escape)
    assert not pane.filters.is_open
    assert not pane.filter_button.isChecked()
    assert pane.filters.wanted.transcript
    qtbot.keyClick(application.window, Qt.Key.Key_Escape)
    assert len(titles(application)) == 3


def test_nothing_left_says_so_and_offers_to_clear(qtbot: QtBot, application: Application) -> None:
    pane = application.window.library
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    pane.filters.set_wanted(NoteFilter(year=1950))
    assert titles(application) == []
    assert not pane.nothing.isHidden()
    pane.nothing.button.click()
    assert len(titles(application)) == 3


def test_the_progress_is_in_words_and_can_be_stopped(qtbot: QtBot, application: Application) -> None:
    pane = application.window.library
    pane.set_busy(120, 1000)
    assert "120" in pane.progress.words.text()
    assert pane.progress.stop.isVisible()
    with qtbot.waitSignal(pane.stopWanted):
        pane.progress.stop.click()
    pane.set_busy(1000, 1000)
    assert not pane.progress.stop.isVisible()


def test_notes_with_kept_clips_are_found_though_they_were_never_opened(
    qtbot: QtBot, application: Application, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    video = VideoRef.from_id("JfE1Wun9xkk")
    assert video is not None
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"\0" * 64)
    application.store.add(Segment(video, 1000, 9000), "720", clip)
    application.kept_counts.count()
    application.window.library.filters.set_wanted(NoteFilter(kept=True))
    qtbot.waitUntil(lambda: len(titles(application)) == 1, timeout=10_000)
    assert titles(application)[0].startswith("Sam Altman on Sora")
