"""The disposable index on disk: its tables, and rows in and out.

The files are the truth. Whatever is wrong with this file, it is deleted and made again from them; nothing of the
user's is in it.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import os
import sys
import zlib
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from viewer import __version__
from viewer.domain.note import NoteFormat
from viewer.library.database import DamagedError, Pool, Row, Session
from viewer.library.entries import NoteEntry
from viewer.library.folding import TOKENIZER, fold, indexed
from viewer.library.passages import TABLES, TITLE, NoteRows, about, as_text, clean, from_text, table_of
from viewer.library.scanner import FileState

log = logging.getLogger(__name__)

APPLICATION_ID = 0x536F4269
"""In the file's header, so that a foreign database is never taken for ours ("SoBi")."""

LAYOUT = 4
"""Of the tables and of what is put into them. Raise it when either changes within one version of the program."""

_ROWS_AT_A_TIME = 1000

VERSION = zlib.crc32(f"{LAYOUT} {__version__}".encode()) & 0x7FFF_FFFF
"""Written into the file. A new version may read notes better, so its first refresh reads all of them again."""

_TABLES = """
CREATE TABLE notes(
  id INTEGER PRIMARY KEY, path NOT NULL UNIQUE, folder NOT NULL, title TEXT NOT NULL, channel TEXT,
  published TEXT, duration_ms INTEGER, format TEXT NOT NULL, video_ids TEXT NOT NULL, own_videos INTEGER NOT NULL,
  tags TEXT NOT NULL, speakers TEXT NOT NULL,
  highlights INTEGER NOT NULL, quotes INTEGER NOT NULL, key_points INTEGER NOT NULL, mentions INTEGER NOT NULL,
  cues INTEGER NOT NULL, clips INTEGER NOT NULL, sections INTEGER NOT NULL, problems INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL, indexed INTEGER NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE ranges(
  note_id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, fingerprint BLOB NOT NULL);
CREATE TABLE files(
  path NOT NULL PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, inode INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE claims(side NOT NULL, note_id INTEGER NOT NULL, PRIMARY KEY(side, note_id)) WITHOUT ROWID;
CREATE INDEX claims_note ON claims(note_id);
CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, folded TEXT NOT NULL);
CREATE TABLE speakers(
  note_id INTEGER NOT NULL, person INTEGER NOT NULL, passages INTEGER NOT NULL, PRIMARY KEY(note_id, person))
  WITHOUT ROWID;
CREATE INDEX speakers_person ON speakers(person);
CREATE TABLE tags(note_id INTEGER NOT NULL, folded TEXT NOT NULL, PRIMARY KEY(note_id, folded)) WITHOUT ROWID;
CREATE TABLE videos(video_id TEXT NOT NULL, note_id INTEGER NOT NULL, PRIMARY KEY(video_id, note_id)) WITHOUT ROWID;
CREATE TABLE mentions(
  note_id INTEGER NOT NULL, row INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
  start_ms INTEGER, video INTEGER, PRIMARY KEY(note_id, row)) WITHOUT ROWID;
CREATE TABLE passages(
  id INTEGER PRIMARY KEY, note_id INTEGER NOT NULL, kind INTEGER NOT NULL, speaker INTEGER, video INTEGER,
  start_ms INTEGER, end_ms INTEGER, clip INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE terms(term TEXT NOT NULL PRIMARY KEY, docs INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE facts(name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""

_HASH_BYTES = {
    "titles": 2_000_000,
    "highlights": 8_000_000,
    "heads": 16_000_000,
    "body": 64_000_000,
    "about": 4_000_000,
}
"""So much of each full-text table is gathered before it is written out."""

_TEXT_TABLES = tuple(
    statement
    for table in TABLES
    for statement in (
        f"CREATE VIRTUAL TABLE {table} USING fts5(text, content='', columnsize=0, tokenize=\"{TOKENIZER}\")",
        f"INSERT INTO {table}({table}, rank) VALUES('hashsize', {_HASH_BYTES[table]})",
    )
)

_NOTE_COLUMNS = (
    "id, path, folder, title, channel, published, duration_ms, format, video_ids, own_videos, tags, speakers, "
    "highlights, quotes, key_points, mentions, cues, clips, sections, problems, modified_ns, indexed"
)

# Inside SQLite, since a start checks every row: 10 000 rows in 40 ms, not in 400.
_CHECKSUM = (
    "crc32(CAST("
    + "||char(31)||".join(f"ifnull({name},'')" for name in _NOTE_COLUMNS.split(", "))
    + " AS BLOB))"
)
_SEAL = f"UPDATE notes SET checksum={_CHECKSUM} WHERE id=?"

_FORMATS = {item.value: item for item in NoteFormat}


@dataclass(frozen=True, slots=True)
class Indexed:
    """One note ready to be written: whose rows they are and where its file lies."""

    note_id: int
    path: str
    folder: str
    modified_ns: int
    rows: NoteRows


def to_db(path: str) -> str | bytes:
    """A path as a column value: names that are no UTF-8 are kept as their bytes."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def from_db(value: object) -> str:
    """The path of a column value."""
    return os.fsdecode(value) if isinstance(value, bytes) else str(value)


def id_of_path(path: str, taken: Container[int] = ()) -> int:
    """A note's id, made from its path: a rebuilt index gives the same note the same id.

    It has 31 bits, since Qt's ``int`` signals carry no more; where two paths meet, the later one takes the next.
    """
    number = (
        int.from_bytes(hashlib.blake2b(os.fsencode(path), digest_size=4).digest(), "big") % 0x7FFF_FFFE + 1
    )
    while number in taken:
        number = number % 0x7FFF_FFFE + 1
    return number


class IndexStore:
    """The index file. Reading is safe from any thread; one thread writes."""

    def __init__(self, path: Path) -> None:
        """Open the index; what is damaged or of another version is deleted and made anew."""
        self.pool = Pool(path)
        self.rebuilt = False
        self.generation = 0
        self._people: dict[str, int] = {}
        self._next_passage = 1
        self.open()

    def open(self) -> None:
        """Make sure that a sound, current, possibly empty index is there. Raises ReadError, BusyError."""
        try:
            self._prepare()
        except DamagedError as error:
            log.info("the index is made anew: %s", error)
            self.rebuild()

    def rebuild(self) -> None:
        """Delete everything; the next refresh fills it again."""
        self.rebuilt = True
        self.generation += 1
        self._people.clear()
        self.pool.discard()
        self._prepare()

    def _prepare(self) -> None:
        with self.pool.exclusively() as session:
            found = session.row("PRAGMA user_version")
            owner = session.row("PRAGMA application_id")
            empty = session.row("SELECT count(*) FROM sqlite_master") == (0,)
            if empty:
                with session.transaction():
                    for statement in (*filter(str.strip, _TABLES.split(";\n")), *_TEXT_TABLES):
                        session.run(statement)
                    session.run(f"PRAGMA user_version={VERSION}")
                    session.run(f"PRAGMA application_id={APPLICATION_ID}")
            elif found != (VERSION,) or owner != (APPLICATION_ID,):
                raise DamagedError(f"version {found} of {owner}, wanted {VERSION}")
            self._people = {
                str(name): int(number) for number, name in session.rows("SELECT id, name FROM people")
            }
            last = session.row("SELECT max(id) FROM passages")
            top = session.row("SELECT max(last) FROM ranges")
            self._next_passage = 1 + max(int((last or (0,))[0] or 0), int((top or (0,))[0] or 0))

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction; what the writer remembers is forgotten again when it fails."""
        people, passage = dict(self._people), self._next_passage
        try:
            with self.pool.writing() as session:
                yield session
        except BaseException:
            self._people, self._next_passage = people, passage
            raise

    def check(self) -> None:
        """Look through the tables for damage. Raises DamagedError. Blocks (70 ms for 10 000 notes): not at the opening."""
        session = self.pool.session()
        for table in ("notes", "files", "ranges", "claims"):
            # Not quick_check: it passes over a path that is one thing in the table and another in its index.
            result = session.rows(f"PRAGMA integrity_check('{table}')")
            if result != [("ok",)]:
                raise DamagedError(f"{table}: {result[:1]}")

    def id_at(self, path: str) -> int | None:
        """The id of the note at this path; None when it is not known."""
        row = self.pool.session().row("SELECT id FROM notes WHERE path=?", (to_db(path),))
        return int(row[0]) if row and isinstance(row[0], int) else None

    # -- what is known ------------------------------------------------------------------------------------------

    def known_files(self) -> dict[str, FileState]:
        """Every indexed file's state by path."""
        try:
            return {
                from_db(path): (int(size), int(mtime), int(inode))
                for path, size, mtime, inode in self.pool.session().stream(
                    "SELECT path, size, mtime_ns, inode FROM files"
                )
            }
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise DamagedError(str(error)) from error

    def note_paths(self) -> dict[str, int]:
        """Every note's id by path."""
        rows = self.pool.session().stream("SELECT path, id FROM notes")
        return {from_db(path): int(number) for path, number in rows}

    def version(self) -> tuple[int, int]:
        """Another one when somebody but this thread has written since (another start of the program, say).

        SQLite's data_version (https://www.sqlite.org/pragma.html#pragma_data_version).
        """
        row = self.pool.session().row("PRAGMA data_version")
        return self.generation, int(row[0]) if row else 0

    def entries(self) -> list[NoteEntry]:
        """Every note's row. Raises DamagedError when a row cannot be what was written."""
        session = self.pool.session()
        try:
            found: list[NoteEntry] = []
            # Many at a time: taken one by one, every row would wait for whichever thread has Python just then;
            # all at once they would be there twice.
            for part in session.parts(f"SELECT {_NOTE_COLUMNS} FROM notes", (), _ROWS_AT_A_TIME):
                found.extend(map(_entry, part))
            return found
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise DamagedError(str(error)) from error

    def entry(self, note_id: int) -> NoteEntry | None:
        """One note's row; None when there is none."""
        row = self.pool.session().row(f"SELECT {_NOTE_COLUMNS} FROM notes WHERE id=?", (note_id,))
        try:
            return _entry(row) if row else None
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise DamagedError(str(error)) from error

    def wrong_rows(self) -> list[str]:
        """Paths of the notes whose row is not as it was written (a damaged disk); they are to be read again."""
        rows = self.pool.session().stream(f"SELECT path FROM notes WHERE checksum IS NOT {_CHECKSUM}")
        return [from_db(row[0]) for row in rows]

    def siblings(self, note_id: int) -> list[str]:
        """The side files that went into a note."""
        rows = self.pool.session().rows("SELECT side FROM claims WHERE note_id=?", (note_id,))
        return [from_db(row[0]) for row in rows]

    def claimed(self, without: frozenset[int] = frozenset()) -> set[str]:
        """The side files that have gone into a note; the claims of some notes do not count."""
        rows = self.pool.session().stream("SELECT side, note_id FROM claims")
        return {from_db(side) for side, number in rows if number not in without}

    def fingerprints(self) -> dict[int, bytes]:
        """The hash of every indexed note's file, by id."""
        return {
            int(row[0]): bytes(row[1])
            for row in self.pool.session().stream("SELECT note_id, fingerprint FROM ranges")
        }

    # -- writing ------------------------------------------------------------------------------------------------

    def put(self, session: Session, notes: Sequence[Indexed]) -> None:
        """Write notes with all their passages in place of what is there of them."""
        texts: dict[str, list[tuple[int, str]]] = {table: [] for table in TABLES}
        passages: list[tuple[object, ...]] = []
        for item in notes:
            self._clear(session, item.note_id)
            rows = item.rows
            first = self._next_passage
            for number, passage in enumerate(rows.passages, first):
                kind, speaker, video, start_ms, end_ms, text, clip = passage
                person = self._person(session, speaker) if speaker else None
                passages.append((number, item.note_id, kind, person, video, start_ms, end_ms, clip, text))
                texts[table_of(kind)].append((number, indexed(text)))
            if rows.passages and rows.passages[0].kind == TITLE:
                names = (name for name, _ in rows.speakers)
                texts["about"].append((first, indexed(about(rows.title, rows.channel, names, rows.tags))))
            self._next_passage = first + len(rows.passages)
            self._put_note(session, item, first)
        session.run_many("INSERT INTO passages VALUES(?,?,?,?,?,?,?,?,?)", passages)
        for table in TABLES:
            session.run_many(f"INSERT INTO {table}(rowid, text) VALUES(?,?)", texts[table])

    def _person(self, session: Session, name: str) -> int:
        number = self._people.get(name)
        if number is None:
            number = len(self._people) + 1
            session.run("INSERT OR REPLACE INTO people VALUES(?,?,?)", (number, name, fold(name)))
            self._people[name] = number
        return number

    def _put_note(self, session: Session, item: Indexed, first: int) -> None:
        rows, note_id = item.rows, item.note_id
        values = (
            note_id,
            to_db(item.path),
            to_db(item.folder),
            rows.title,
            rows.channel,
            rows.published,
            rows.duration_ms,
            rows.format,
            as_text(rows.video_ids),
            rows.own_videos,
            as_text(rows.tags),
            as_text(tuple(name for name, _ in rows.speakers)),
            *rows.counts,
            item.modified_ns,
            1,
        )
        marks = ",".join("?" * (len(values) + 1))
        session.run(f"INSERT OR REPLACE INTO notes VALUES({marks})", (*values, 0))
        session.run(_SEAL, (note_id,))
        last = first + len(rows.passages) - 1
        session.run("INSERT OR REPLACE INTO ranges VALUES(?,?,?,?)", (note_id, first, last, rows.fingerprint))
        session.run_many(
            "INSERT OR IGNORE INTO claims VALUES(?,?)", [(to_db(path), note_id) for path in rows.siblings]
        )
        session.run_many(
            "INSERT OR REPLACE INTO speakers VALUES(?,?,?)",
            [(note_id, self._person(session, name), count) for name, count in rows.speakers],
        )
        session.run_many(
            "INSERT OR IGNORE INTO tags VALUES(?,?)", [(note_id, fold(tag)) for tag in rows.tags]
        )
        own = rows.video_ids[: rows.own_videos]
        session.run_many(
            "INSERT OR IGNORE INTO videos VALUES(?,?)", [(video_id, note_id) for video_id in own]
        )
        session.run_many(
            "INSERT INTO mentions VALUES(?,?,?,?,?,?,?)",
            [
                (note_id, number, kind, name, fold(name), start, video)
                for number, (kind, name, start, video) in enumerate(rows.mentions)
            ],
        )

    def put_stubs(self, session: Session, stubs: Sequence[tuple[int, str, str, int, str]]) -> None:
        """Write rows of notes of which only the name is known yet: id, path, folder, modified_ns, title."""
        rows = []
        for number, path, folder, modified_ns, title in stubs:
            values = (
                number,
                to_db(path),
                to_db(folder),
                clean(title),
                None,
                None,
                None,
                NoteFormat.PLAIN.value,
            )
            full = (*values, "", 0, "", "", *(0,) * 8, modified_ns, 0)
            rows.append((*full, 0))
        if rows:
            session.run_many(f"INSERT OR IGNORE INTO notes VALUES({','.join('?' * len(rows[0]))})", rows)
            session.run_many(_SEAL, [(row[0],) for row in rows])

    def put_files(self, session: Session, states: Iterable[tuple[str, FileState]]) -> None:
        """Remember the states of files that have been read."""
        session.run_many(
            "INSERT OR REPLACE INTO files VALUES(?,?,?,?)", [(to_db(path), *state) for path, state in states]
        )

    def forget_files(self, session: Session, paths: Iterable[str]) -> None:
        """Forget files that are gone or are to be read again."""
        session.run_many("DELETE FROM files WHERE path=?", [(to_db(path),) for path in paths])

    def move(self, session: Session, note_id: int, path: str, folder: str) -> None:
        """Give a note another path."""
        session.run("UPDATE notes SET path=?, folder=? WHERE id=?", (to_db(path), to_db(folder), note_id))
        session.run(_SEAL, (note_id,))

    def remove(self, session: Session, note_ids: Iterable[int]) -> None:
        """Delete notes with everything of them."""
        for note_id in note_ids:
            self._clear(session, note_id)
            session.run("DELETE FROM notes WHERE id=?", (note_id,))

    def _clear(self, session: Session, note_id: int) -> None:
        found = session.row("SELECT first, last FROM ranges WHERE note_id=?", (note_id,))
        if found is None:
            return
        old = session.rows(
            "SELECT id, kind, text FROM passages WHERE id BETWEEN ? AND ? AND note_id=? ORDER BY id",
            (*found, note_id),
        )
        texts: dict[str, list[tuple[int, str]]] = {table: [] for table in TABLES}
        for number, kind, text in old:
            texts[table_of(kind)].append((number, indexed(text)))
        known = session.row("SELECT title, channel, speakers, tags FROM notes WHERE id=?", (note_id,))
        if known is not None and old and old[0][1] == TITLE:
            names, tags = from_text(known[2]), from_text(known[3])
            texts["about"].append((old[0][0], indexed(about(known[0], known[1], names, tags))))
        for table in TABLES:
            # A contentless FTS5 table forgets a row only when told the very text that was put in.
            session.run_many(
                f"INSERT INTO {table}({table}, rowid, text) VALUES('delete', ?, ?)", texts[table]
            )
        session.run("DELETE FROM passages WHERE id BETWEEN ? AND ? AND note_id=?", (*found, note_id))
        for table in ("ranges", "claims", "speakers", "tags", "videos", "mentions"):
            session.run(f"DELETE FROM {table} WHERE note_id=?", (note_id,))


@lru_cache(maxsize=4096)
def _values(text: str) -> tuple[str, ...]:
    """A column's values; thousands of rows share theirs with others, which halves what the list takes of memory."""
    return from_text(text)


def _entry(row: Row) -> NoteEntry:
    videos = from_text(row[8])
    return NoteEntry(
        id=int(row[0]),
        path=from_db(row[1]),
        folder=sys.intern(from_db(row[2])),
        title=row[3],
        channel=sys.intern(row[4]) if row[4] else row[4],
        published=datetime.date.fromisoformat(row[5]) if row[5] else None,
        duration_ms=row[6],
        format=_FORMATS[row[7]],
        video_ids=videos[: int(row[9])],
        tags=_values(row[10]),
        speakers=_values(row[11]),
        highlights=row[12],
        quotes=row[13],
        key_points=row[14],
        mentions=row[15],
        cues=row[16],
        clips=row[17],
        problem_count=row[19],
        modified_ns=row[20],
        indexed=bool(row[21]),
    )
