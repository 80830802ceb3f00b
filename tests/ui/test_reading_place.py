"""Coming back to where one read: after the file changed, and at the next start."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.library.user_store import Position


def own_note(application: Application, qtbot: QtBot, tmp_path: Path) -> Path:
    lines = [
        f"**Sam:** [{n // 60}:{n % 60:02}](https://youtu.be/abcdefghijk?t={n}) " + "Some words. " * 12
        for n in range(0, 600, 10)
    ]
    file = tmp_path / "mine" / "talk.md"
    file.parent.mkdir()
    file.write_text(
        "---\ntitle: A talk\nvideo_id: abcdefghijk\n---\n\n## Transcript\n\n" + "\n\n".join(lines),
        encoding="utf-8",
    )
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    application.desk.open_paths([file.parent])
    qtbot.waitUntil(lambda: application.session.path == str(file), timeout=10_000)
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    return file


def test_a_note_changed_on_disk_keeps_its_place(
    qtbot: QtBot, application: Application, tmp_path: Path
) -> None:
    file = own_note(application, qtbot, tmp_path)
    view = application.window.reader.transcript
    assert view.start_of(30) == 300_000
    view.go_to(30, 7)
    before = application.places.here()
    assert (before.row, before.offset, before.ms) == (30, 7, 300_000)
    text = file.read_text(encoding="utf-8")
    first = "## Transcript\n\n**Sam:** [0:00](https://youtu.be/abcdefghijk?t=0) New line.\n\n"
    file.write_text(text.replace("## Transcript\n\n", first), encoding="utf-8")
    qtbot.waitUntil(lambda: "New line." in view.toPlainText(), timeout=10_000)
    here = application.places.here()
    assert (here.row, here.offset, here.ms) == (31, 7, 300_000)


def test_the_place_is_there_at_the_next_start(qtbot: QtBot, application: Application, tmp_path: Path) -> None:
    file = own_note(application, qtbot, tmp_path)
    application.window.reader.transcript.go_to(20)
    application.places.close()
    assert application.catalog.user.position(str(file)) == Position("transcript", 20, 200_000)
    application.catalog.user.set_position(str(file), Position("transcript", 40, 400_000))
    application.desk.open_samples()
    qtbot.waitUntil(lambda: application.session.path != str(file), timeout=10_000)
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    application.places._places.clear()
    application.catalog.user.set_position(str(file), Position("transcript", 40, 400_000))
    application.desk.open_paths([file.parent])
    qtbot.waitUntil(lambda: application.session.path == str(file), timeout=10_000)
    assert application.places.here().row == 40
