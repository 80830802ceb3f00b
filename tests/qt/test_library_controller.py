"""The real catalog behind the window: refresh, open, search, each off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from viewer.base.errors import ReadError
from viewer.library.catalog import Catalog
from viewer.qt.jobs import JobRunner
from viewer.qt.library_controller import LibraryController
from viewer.qt.roles import Role

Until = Callable[[Callable[[], object]], None]


def write(folder: Path, name: str, title: str, text: str = "Some words.") -> Path:
    path = folder / name
    path.write_text(f'---\ntitle: "{title}"\nvideo_id: dQw4w9WgXcQ\n---\n\n## Summary\n\n{text}\n', "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(5):
        write(folder, f"{number}.md", f"Talk {number}", f"It speaks of number{number} and of horizons.")
    return folder


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "index.sqlite3", tmp_path / "user.sqlite3")
    yield catalog
    catalog.close()


@pytest.fixture
def library(catalog: Catalog, runner: JobRunner) -> LibraryController:
    return LibraryController(runner, catalog)


def titles(library: LibraryController) -> set[str]:
    return {entry.title for entry in library.model.entries}


def id_of(library: LibraryController, title: str) -> int:
    return next(entry.id for entry in library.model.entries if entry.title == title)


def opened(library: LibraryController, qtbot: QtBot, folder: Path) -> None:
    with qtbot.waitSignal(library.refreshed, timeout=10_000):
        library.open_folders([folder])


def test_opening_a_folder_fills_the_list_and_tells_how_far(
    library: LibraryController, folder: Path, qtbot: QtBot
):
    told: list[tuple[int, int]] = []
    busy: list[bool] = []
    library.progressed.connect(lambda done, total: told.append((done, total)))
    library.busyChanged.connect(busy.append)
    with qtbot.waitSignal(library.refreshed, timeout=10_000) as refreshed:
        library.open_folders([folder])
    assert refreshed.args[0].total == 5
    assert titles(library) == {f"Talk {number}" for number in range(5)}
    assert told[-1] == (5, 5)
    assert busy == [True, False]


def test_a_refresh_touches_only_what_changed(library: LibraryController, folder: Path, qtbot: QtBot):
    opened(library, qtbot, folder)
    rows: list[int] = []
    # All these notes are about one video: that their company changed is told with its own role, and is not meant here.
    library.model.dataChanged.connect(
        lambda first, last, roles: rows.append(
            0 if roles == [Role.COMPANIONS] else last.row() - first.row() + 1
        )
    )
    write(folder, "3.md", "Talk renamed", "Other words, and more of them.")
    write(folder, "new.md", "A new talk")
    (folder / "0.md").unlink()
    with (
        qtbot.waitSignal(library.refreshed, timeout=10_000),
        qtbot.assertNotEmitted(library.model.modelReset),
    ):
        library.refresh()
    assert titles(library) == {"Talk 1", "Talk 2", "Talk renamed", "Talk 4", "A new talk"}
    assert sum(rows) <= 2


def test_what_is_indexed_shows_before_the_folders_are_read(
    library: LibraryController, folder: Path, qtbot: QtBot, catalog: Catalog, runner: JobRunner
):
    opened(library, qtbot, folder)
    second = LibraryController(runner, catalog)
    with qtbot.waitSignal(second.model.rowsInserted, timeout=5000):
        second.open_folders([folder])
    assert len(titles(second)) == 5
    qtbot.waitUntil(lambda: not second.busy)


def test_refresh_while_refreshing_follows_and_other_folders_replace(
    library: LibraryController, folder: Path, tmp_path: Path, qtbot: QtBot
):
    other = tmp_path / "other"
    other.mkdir()
    write(other, "only.md", "The only one")
    library.open_folders([folder])
    library.refresh()
    library.open_folders([other])
    qtbot.waitUntil(lambda: not library.busy, timeout=10_000)
    assert titles(library) == {"The only one"}


def test_a_cancelled_refresh_says_nothing_more(library: LibraryController, folder: Path, qtbot: QtBot):
    library.open_folders([folder])
    library.cancel_refresh()
    with qtbot.assertNotEmitted(library.failed, wait=50):
        qtbot.waitUntil(lambda: not library.busy, timeout=10_000)


def test_opening_a_note_brings_it_and_remembers_when(library: LibraryController, folder: Path, qtbot: QtBot):
    opened(library, qtbot, folder)
    number = id_of(library, "Talk 2")
    with qtbot.waitSignal(library.noteOpened, timeout=5000) as note:
        library.open_note(number)
    assert note.args[0] == number
    assert note.args[1].title == "Talk 2"
    assert library.model.entry(number).opened_at is not None


def test_the_note_asked_for_last_is_opened(library: LibraryController, folder: Path, qtbot: QtBot):
    opened(library, qtbot, folder)
    came: list[int] = []
    library.noteOpened.connect(lambda note_id, note: came.append(note_id))
    wanted = [entry.id for entry in library.model.entries]
    for number in wanted:
        library.open_note(number)
    qtbot.waitUntil(lambda: wanted[-1] in came)
    assert came == wanted[-1:]


def test_a_note_that_is_not_there_fails_in_plain_words(library: LibraryController, qtbot: QtBot):
    with qtbot.waitSignal(library.noteFailed) as failed:
        library.open_note(12345)
    assert failed.args[0] == 12345
    assert isinstance(failed.args[1], ReadError)


def test_the_newest_search_is_answered(library: LibraryController, folder: Path, qtbot: QtBot):
    opened(library, qtbot, folder)
    answered: list[str] = []
    library.searchFinished.connect(lambda text, result: answered.append(text))
    for length in range(1, len("number3") + 1):
        library.search("number3"[:length])
    with qtbot.waitSignal(library.searchFinished, check_params_cb=lambda text, _: text == "number3") as found:
        pass
    assert answered == ["number3"]
    assert {hit.title for hit in found.args[1].hits} == {"Talk 3"}


def test_an_index_that_a_search_finds_damaged_is_filled_again(
    library: LibraryController, folder: Path, qtbot: QtBot, catalog: Catalog
):
    opened(library, qtbot, folder)
    catalog._store.rebuild()
    catalog._indexer.forget()
    catalog.needs_refresh = True
    with qtbot.waitSignal(library.refreshed, timeout=10_000):
        library.search("words")
    assert len(titles(library)) == 5
    assert not catalog.needs_refresh


def test_the_list_is_read_again_only_when_somebody_else_wrote(
    library: LibraryController,
    catalog: Catalog,
    folder: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
):
    opened(library, qtbot, folder)
    reads: list[int] = []
    entries = catalog.entries
    monkeypatch.setattr(catalog, "entries", lambda: reads.append(1) or entries())
    write(folder, "new.md", "Talk of our own")
    with qtbot.waitSignal(library.refreshed, timeout=10_000):
        library.refresh()
    assert "Talk of our own" in titles(library)
    assert not reads
    write(folder, "other.md", "Talk another program found")
    other = Catalog(tmp_path / "index.sqlite3", tmp_path / "user.sqlite3")
    other.refresh([folder])
    other.close()
    with qtbot.waitSignal(library.refreshed, timeout=10_000):
        library.refresh()
    assert "Talk another program found" in titles(library)
    assert reads
