"""Keeping and taking along, with real yt-dlp and real ffmpeg against the stand-in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.end_to_end.test_click import NOTE, Start, wait_for_picture
from tests.standin.server import StandinServer
from viewer.qt.clip_state import ClipStatus
from viewer.qt.timed_rows import RowKind


def test_with_the_whole_video_kept_every_place_plays_offline(driver: Start, standin: StandinServer) -> None:
    program = driver()
    program.open(NOTE)
    application, wait = program.application, program.qtbot.waitUntil
    program.window.actions_set["keep_whole"].trigger()
    video = application.session.note.video
    assert video is not None
    wait(lambda: application.kept.whole(video) is not None, timeout=60_000)
    rows = program.window.side.lists.models[RowKind.KEY_POINT].segments()
    wait(lambda: all(application.clips.state(row).status is ClipStatus.READY for row in rows), timeout=10_000)
    wait(lambda: application.store.find_whole(video).pinned)

    application.settings.set("fetch.offline", True)
    asked = len(standin.requests())
    application.session.play_time(video.id, 300_000)
    frame = wait_for_picture(program)
    assert 300 * 30 <= frame < 303 * 30
    assert len(standin.requests()) == asked


def test_a_clip_that_is_not_kept_is_fetched_and_saved_exactly(
    driver: Start, standin: StandinServer, tmp_path: Path
) -> None:
    program = driver()
    program.open(NOTE)
    application = program.application
    first = program.window.side.lists.models[RowKind.HIGHLIGHT].segments()[0]
    target = tmp_path / "first.m4a"
    application.saving.save(first, target, "m4a")
    program.qtbot.waitUntil(target.exists, timeout=60_000)
    assert target.read_bytes()[4:8] == b"ftyp"
    program.qtbot.waitUntil(lambda: program.window.banner.message.text() == "Saved as first.m4a")
    program.window.side.lists.views[RowKind.HIGHLIGHT].setCurrentIndex(
        program.window.side.lists.models[RowKind.HIGHLIGHT].index(0)
    )
    program.window.actions_set["copy_command"].trigger()
    assert "'*16.000-60.000'" in QApplication.clipboard().text()
