"""One or more folders: added, dropped, narrowed to, taken out, remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from viewer.app import Application


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}.md").write_text(f"---\ntitle: Talk {name}\n---\n\nWords.\n", encoding="utf-8")
        made.append(folder)
    return made[0], made[1]


def titles(application: Application) -> set[str]:
    return {entry.title for entry in application.library.model.entries}


def shown(application: Application) -> list[str]:
    model = application.window.library.view.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_a_dropped_folder_is_added_and_remembered(
    qtbot: QtBot, application: Application, folders: tuple[Path, Path]
) -> None:
    one, two = folders
    application.window.filesDropped.emit([str(one)])
    qtbot.waitUntil(lambda: titles(application) == {"Talk one"}, timeout=10_000)
    application.window.filesDropped.emit([str(two)])
    qtbot.waitUntil(lambda: titles(application) == {"Talk one", "Talk two"}, timeout=10_000)
    assert application.settings.get("library.folders") == [str(one), str(two)]
    application.window.filesDropped.emit([str(two)])
    assert application.settings.get("library.folders") == [str(one), str(two)]


def test_a_folder_can_be_looked_at_alone_and_be_taken_out(
    qtbot: QtBot, application: Application, folders: tuple[Path, Path]
) -> None:
    one, two = folders
    application.desk.open_paths(folders)
    qtbot.waitUntil(lambda: titles(application) == {"Talk one", "Talk two"}, timeout=10_000)
    application.window.top.folderChosen.emit(str(two))
    assert shown(application) == ["Talk two"]
    assert application.settings.get("library.folders") == [str(one), str(two)]
    application.window.top.folderRemoved.emit(str(two))
    qtbot.waitUntil(lambda: titles(application) == {"Talk one"}, timeout=10_000)
    assert shown(application) == ["Talk one"]
    assert application.settings.get("library.folders") == [str(one)]
    assert (two / "two.md").exists()
    application.window.top.folderRemoved.emit(str(one))
    qtbot.waitUntil(lambda: application.library.model.rowCount() == 3, timeout=10_000)
    assert application.settings.get("library.folders") == []


def test_a_dropped_note_of_the_library_is_opened(
    qtbot: QtBot, application: Application, folders: tuple[Path, Path]
) -> None:
    application.desk.open_paths(folders)
    qtbot.waitUntil(lambda: titles(application) == {"Talk one", "Talk two"}, timeout=10_000)
    file = str(folders[1] / "two.md")
    application.window.filesDropped.emit([file])
    qtbot.waitUntil(lambda: application.session.path == file, timeout=10_000)
    assert len(titles(application)) == 2


def test_what_was_said_stays_when_the_program_opens_a_note_by_itself(
    qtbot: QtBot, application: Application, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    banner = application.window.banner
    one, two = folders
    application.desk.open_paths([one, tmp_path / "gone"])
    assert "does not exist" in banner.message.text()
    qtbot.waitUntil(lambda: application.session.path == str(one / "one.md"), timeout=10_000)
    assert banner.isVisible()
    # What the reader opens takes it away.
    application.desk.add_paths([two])
    qtbot.waitUntil(lambda: titles(application) == {"Talk one", "Talk two"}, timeout=10_000)
    application.desk.open_entry(next(e for e in application.library.model.entries if e.title == "Talk two"))
    qtbot.waitUntil(lambda: application.session.path == str(two / "two.md"), timeout=10_000)
    assert not banner.isVisible()


def test_a_folder_that_is_away_is_said_once_and_no_longer_when_it_is_back(
    qtbot: QtBot, application: Application, folders: tuple[Path, Path]
) -> None:
    one, two = folders
    application.window.show()
    application.desk.open_paths(folders)
    qtbot.waitUntil(lambda: titles(application) == {"Talk one", "Talk two"}, timeout=10_000)
    banner = application.window.banner
    two.rename(two.with_name("away"))
    application.library.refresh()
    qtbot.waitUntil(banner.isVisible, timeout=10_000)
    assert str(two) in banner.message.text()
    assert titles(application) == {"Talk one", "Talk two"}
    banner.dismiss()
    (one / "more.md").write_text("# More", encoding="utf-8")
    application.library.refresh()
    qtbot.waitUntil(lambda: "More" in titles(application), timeout=10_000)
    assert not banner.isVisible()
    application.desk._unreadable = ()
    application.library.refresh()
    qtbot.waitUntil(banner.isVisible, timeout=10_000)
    two.with_name("away").rename(two)
    application.library.refresh()
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=10_000)


def test_a_large_library_opens_a_note_while_it_is_read(
    qtbot: QtBot, application: Application, folders: tuple[Path, Path]
) -> None:
    desk = application.desk
    desk.open_paths(folders)
    qtbot.waitUntil(lambda: titles(application) == {"Talk one", "Talk two"}, timeout=10_000)
    qtbot.waitUntil(lambda: application.session.path.startswith(str(folders[0].parent)), timeout=10_000)
    desk._wanted_id, desk._last_note = None, ""
    desk.progressed(0, 1000)
    desk.progressed(1, 20)
    assert desk._wanted_id is None
    desk.progressed(1, 1000)
    assert desk._wanted_id in {entry.id for entry in application.library.model.entries}


def test_a_change_that_is_noticed_as_the_program_ends_is_let_go(
    qtbot: QtBot, application: Application, folders: tuple[Path, Path]
) -> None:
    application.desk.open_paths(folders)
    qtbot.waitUntil(lambda: len(titles(application)) == 2 and not application.library.busy, timeout=10_000)
    application.desk.changedOnDisk.emit()
    application.close()
    qtbot.wait(20)  # an error here would fail the test
