"""The index is disposable: damaged, foreign, old or left by a killed process, it is never an error and no note is lost."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.library.conftest import note_text
from viewer.base.errors import Cancelled
from viewer.library.catalog import Catalog
from viewer.library.database import DamagedError, Session

NAMES = [f"{number:02}.md" for number in range(12)]


def fill(library) -> None:
    for name in NAMES:
        library.write(
            name,
            note_text(
                f"Talk {name[:2]}", highlight=f"gem{name[:2]}", cues="Ada: 0:00 hello | Tom: 0:05 world " * 1
            ),
        )
    library.refresh()


def snapshot(catalog: Catalog) -> dict[str, tuple[object, ...]]:
    return {
        e.path: (e.id, e.title, e.channel, e.published, e.cues, e.highlights, e.speakers)
        for e in catalog.entries()
    }


def checkpointed(library) -> None:
    """Everything in the main file, as after a clean end."""
    library.catalog.close()
    session = Session(library.index)
    session.run("PRAGMA wal_checkpoint(TRUNCATE)")
    session.close()


@pytest.mark.parametrize("seed", range(25))
def test_random_bytes_in_the_index(library, seed):
    fill(library)
    sound = snapshot(library.catalog)
    checkpointed(library)
    rng = random.Random(seed)
    data = bytearray(library.index.read_bytes())
    where = rng.randrange(len(data)) if seed else 0
    for offset in range(rng.choice((1, 16, 4096, 40_000))):
        if where + offset < len(data):
            data[where + offset] = rng.randrange(256)
    library.index.write_bytes(data)
    library.catalog = Catalog(library.index, library.user)
    library.catalog.search("hello")
    library.catalog.entries()
    library.refresh()
    assert snapshot(library.catalog) == sound
    # Damage of what only a search reads shows when it is read; then the index is made anew.
    for _ in range(2):
        for query in ("hello", "gem03", "talk", "wor", "speaker:ada", "tag:x", "has:clip"):
            library.catalog.search(query)
        library.catalog.people()
        library.catalog.mentions()
        if library.catalog.needs_refresh:
            library.refresh()
    assert snapshot(library.catalog) == sound


@pytest.mark.parametrize(
    "junk", [b"", b"not a database at all" * 300, bytes(8192), b"SQLite format 3\0" + b"\xff" * 4080]
)
def test_a_file_that_is_no_index(library, junk):
    fill(library)
    library.catalog.close()
    for path in library.index.parent.iterdir():
        path.unlink()
    library.index.write_bytes(junk)
    library.catalog = Catalog(library.index, library.user)
    library.refresh()
    assert library.names() == NAMES


@pytest.mark.parametrize(
    "sql", ["PRAGMA user_version=999", "PRAGMA application_id=1", "DROP TABLE notes", "DROP TABLE body"]
)
def test_an_index_of_another_version_or_shape(library, sql):
    fill(library)
    library.catalog.close()
    session = Session(library.index)
    session.run(sql)
    session.close()
    library.catalog = Catalog(library.index, library.user)
    library.catalog.search("hello")
    library.refresh()
    if library.catalog.needs_refresh:
        library.refresh()
    assert library.names() == NAMES
    assert library.found("gem03") == ["03/highlight"]


def test_damage_while_it_is_open(library):
    fill(library)
    sound = snapshot(library.catalog)
    with library.catalog.store.pool.writing() as session:
        session.run("DROP TABLE passages")
    assert library.found("hello") == []
    assert library.catalog.needs_refresh
    library.refresh()
    assert snapshot(library.catalog) == sound
    assert library.found("gem03") == ["03/highlight"]


def test_damage_found_by_a_search_while_a_refresh_writes(library):
    """The refresh must not take for known what was thrown away with the damaged file."""
    for name in NAMES:
        library.write(name, note_text(f"Talk {name[:2]}"))
    broken = []

    def damage(value) -> None:
        if not broken:
            broken.append(value)
            library.catalog._mend(DamagedError("seen by a search"), library.catalog.store.generation)

    library.refresh(progress=damage)
    library.refresh()
    assert library.names() == NAMES
    assert all(entry.indexed for entry in library.catalog.entries())


def test_a_row_changed_behind_our_back_is_read_again(library):
    fill(library)
    sound = snapshot(library.catalog)
    with library.catalog.store.pool.writing() as session:
        session.run("UPDATE notes SET title='nonsense' WHERE title='Talk 03'")
        session.run("DELETE FROM notes WHERE title='Talk 04'")
    library.reopen()
    library.refresh()
    assert snapshot(library.catalog) == sound


CHILD = """
import sys
from pathlib import Path
from viewer.library import indexer
from viewer.library.catalog import Catalog
indexer._FIRST_BATCH_S = indexer._LAST_BATCH_S = 0.0
catalog = Catalog(Path(sys.argv[1]), Path(sys.argv[2]))
print("open", flush=True)
catalog.refresh([Path(sys.argv[3])], lambda value: print(value.done, flush=True))
print("end", flush=True)
"""


@pytest.mark.parametrize("after", [0, 3, 9, 25])
def test_killed_while_indexing(library, after):
    for number in range(60):
        library.write(
            f"{number:02}.md", note_text(f"Talk {number}", cues="Ada: 0:00 hello | Tom: 0:05 world")
        )
    library.catalog.close()
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(library.index), str(library.user), str(library.folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    )
    for line in child.stdout:
        if line.strip() == str(after) or line.strip() == "end":
            break
    time.sleep(random.Random(after).random() * 0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    library.catalog = Catalog(library.index, library.user)
    kept = sum(entry.indexed for entry in library.catalog.entries())
    assert kept >= after
    summary = library.refresh()
    assert not summary.rebuilt
    assert summary.total == 60
    assert all(entry.indexed for entry in library.catalog.entries())
    result = library.catalog.search("world", limit=200)
    assert len({hit.path for hit in result.hits}) == result.total == 60


def test_an_interrupted_first_query_is_no_damage(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    Session(file).run("CREATE VIRTUAL TABLE heads USING fts5(words)")
    # The table is opened by a connection's first query: now and then it is that which is hit.
    for _ in range(200):
        session = Session(file)
        over = threading.Event()

        def interrupt(session: Session = session, over: threading.Event = over) -> None:
            while not over.is_set():
                session.interrupt()
                time.sleep(0)

        thread = threading.Thread(target=interrupt)
        thread.start()
        try:
            session.rows("SELECT rowid FROM heads WHERE heads MATCH 'x'")
        except Cancelled:
            pass  # never DamagedError
        finally:
            over.set()
            thread.join()
            session.close()


def test_a_table_that_cannot_be_opened_without_an_interruption_is_damage(tmp_path: Path) -> None:
    session = Session(tmp_path / "a.sqlite3")
    session.run("CREATE VIRTUAL TABLE heads USING fts5(words)")
    session.run("DROP TABLE heads_config")
    session.close()
    session = Session(tmp_path / "a.sqlite3")
    session.interrupt()
    with pytest.raises(Cancelled):
        session.rows("SELECT rowid FROM heads WHERE heads MATCH 'x'")
    with pytest.raises(DamagedError):
        session.rows("SELECT rowid FROM heads WHERE heads MATCH 'x'")
    session.close()
