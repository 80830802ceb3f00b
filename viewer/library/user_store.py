"""What the user adds to the library: where reading stopped, what was opened, answers given, addresses, pins, marks.

Unlike the index this file cannot be made again. So it is checked at every start, copied before it is changed to a
newer layout and once a day besides, and a damaged one is set aside and replaced by the last sound copy.
Everything is kept by the path of the note's file; the indexer reports renames.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.domain.video import VideoRef, parse_address
from viewer.library.database import BusyError, DamagedError, Pool, Session
from viewer.library.index_store import from_db, to_db
from viewer.library.journal import Journal
from viewer.library.mark_rows import MARK_TABLES

log = logging.getLogger(__name__)

_APPLICATION_ID = 0x536F4275
"""In the file's header ("SoBu")."""

_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE opened(path NOT NULL PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE TABLE positions(path NOT NULL PRIMARY KEY, view TEXT NOT NULL, place INTEGER NOT NULL, "
        "position_ms INTEGER) WITHOUT ROWID",
        "CREATE TABLE answers(path NOT NULL, video_id TEXT NOT NULL, accepted INTEGER NOT NULL, "
        "PRIMARY KEY(path, video_id)) WITHOUT ROWID",
        "CREATE TABLE addresses(path NOT NULL PRIMARY KEY, url TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE pins(path NOT NULL PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID",
    ),
    MARK_TABLES,
)
"""Statements that lead from version n to n + 1. Never edited once released; a change is a further entry."""

_BY_PATH = ("opened", "positions", "answers", "addresses", "pins")
_BACKUP_AGE_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Position:
    """Where reading stopped: the view (``transcript``, ``notes``), the row or line in it, and the playing time (ms)."""

    view: str
    place: int
    position_ms: int | None = None


class UserStore:
    """The user's own database. Safe from any thread.

    ``recovered`` says in a plain sentence what had to be done to open it; empty when nothing.
    """

    def __init__(self, path: Path) -> None:
        """Open, check, migrate. Raises ReadError when the file cannot be used and must not be replaced."""
        self._path = path
        self._pool = Pool(path)
        self.recovered = ""
        try:
            self._prepare()
        except DamagedError as error:
            self._recover(error)
            self._prepare()
        self._daily_backup()
        self.journal = Journal(self._pool)

    @property
    def pool(self) -> Pool:
        """The database itself, for the marks and collections in it."""
        return self._pool

    # -- opening ------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        with self._pool.exclusively() as session:
            owner, version = self._header(session)
            if owner not in (0, _APPLICATION_ID):
                raise DamagedError("another program's database")
            if version > len(_MIGRATIONS):
                raise ReadError(
                    tr("{path} was written by a newer version of Soundbite.").format(path=self._path),
                    tr("Install that version again, or move the file away to begin anew."),
                )
            if version and session.rows("PRAGMA quick_check") != [("ok",)]:
                raise DamagedError("integrity check failed")
            for number in range(version, len(_MIGRATIONS)):
                if number:
                    session.backup_to(self._path.with_suffix(f".v{number}.backup"))
                self._migrate(session, number)

    def _migrate(self, session: Session, number: int) -> None:
        """One step to a newer layout, as a whole or not at all. A step that fails is a bug, not a damaged file."""
        try:
            with session.transaction():
                for statement in _MIGRATIONS[number]:
                    session.run(statement)
                session.run(f"PRAGMA user_version={number + 1}")
                session.run(f"PRAGMA application_id={_APPLICATION_ID}")
        except DamagedError as error:
            raise ReadError(
                tr("{path} could not be brought to this version's layout; it is as it was.").format(
                    path=self._path
                ),
                tr("Install the version of Soundbite that you had before, and report this."),
                str(error),
            ) from error

    @staticmethod
    def _header(session: Session) -> tuple[int, int]:
        owner, version = session.row("PRAGMA application_id"), session.row("PRAGMA user_version")
        return int((owner or (0,))[0]), int((version or (0,))[0])

    @property
    def _backup(self) -> Path:
        return self._path.with_suffix(".backup")

    def _recover(self, error: DamagedError) -> None:
        """Set the damaged file aside and put the last sound copy in its place."""
        self._pool.close()
        aside = self._path.with_suffix(time.strftime(".damaged-%Y%m%d-%H%M%S"))
        try:
            os.replace(self._path, aside)
            for suffix in ("-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            restored = self._backup.exists()
            if restored:
                shutil.copyfile(self._backup, self._path)
                if not _sound(self._path):
                    self._path.unlink()
                    restored = False
        except OSError as problem:
            raise ReadError(
                tr("{path} is damaged and cannot be replaced.").format(path=self._path),
                tr("Check the folder's permissions."),
                str(problem),
            ) from problem
        what = tr("The last copy was put in its place.") if restored else tr("A new one was begun.")
        self.recovered = (
            tr("The file with your marks and reading positions was damaged; it is kept as {name}.").format(
                name=aside.name
            )
            + f" {what}"
        )
        log.warning("%s (%s)", self.recovered, error)

    def _daily_backup(self) -> None:
        try:
            if time.time() - self._backup.stat().st_mtime < _BACKUP_AGE_S:
                return
        except OSError:
            pass
        self._back_up()

    def _back_up(self) -> None:
        """Put a sound copy in the place of the last one; a damaged one never."""
        fresh = self._path.with_suffix(".backup-new")
        try:
            self._pool.session().backup_to(fresh)
            if _sound(fresh):
                os.replace(fresh, self._backup)
            else:
                log.warning("the copy of %s is damaged; the one before is kept", self._path)
        except (OSError, ReadError, DamagedError, BusyError) as error:
            log.warning("no backup of %s: %s", self._path, error)

    def close(self) -> None:
        """Close the file, with a copy made if something was marked; no other thread may use it meanwhile or later."""
        if self.journal.acted:
            self._back_up()
        self._pool.close()

    # -- what the user adds ---------------------------------------------------------------------------------------

    def set_opened(self, path: str, at_ms: int) -> None:
        """Remember that the note was opened at this time (ms since the epoch)."""
        self._run("INSERT OR REPLACE INTO opened VALUES(?,?)", to_db(path), at_ms)

    def opened(self) -> dict[str, int]:
        """When each note was last opened (ms since the epoch), by path."""
        return {
            from_db(path): int(at) for path, at in self._pool.session().rows("SELECT path, at_ms FROM opened")
        }

    def set_position(self, path: str, position: Position) -> None:
        """Remember where reading stopped."""
        values = (to_db(path), position.view, position.place, position.position_ms)
        self._run("INSERT OR REPLACE INTO positions VALUES(?,?,?,?)", *values)

    def position(self, path: str) -> Position | None:
        """Where reading stopped; None for a note not read yet."""
        row = self._pool.session().row(
            "SELECT view, place, position_ms FROM positions WHERE path=?", (to_db(path),)
        )
        return Position(*row) if row else None

    def set_answer(self, path: str, video_id: str, accepted: bool | None) -> None:
        """Remember whether the suggested video belongs to the note; None takes the answer back."""
        if accepted is None:
            self._run("DELETE FROM answers WHERE path=? AND video_id=?", to_db(path), video_id)
        else:
            self._run("INSERT OR REPLACE INTO answers VALUES(?,?,?)", to_db(path), video_id, int(accepted))

    def answers(self) -> dict[tuple[str, str], bool]:
        """The answers given so far: (path, video id) -> accepted."""
        rows = self._pool.session().rows("SELECT path, video_id, accepted FROM answers")
        return {(from_db(path), str(video_id)): bool(accepted) for path, video_id, accepted in rows}

    def set_address(self, path: str, url: str | None) -> None:
        """Remember the address of the video that the user gave for a note; None forgets it."""
        if url is None:
            self._run("DELETE FROM addresses WHERE path=?", to_db(path))
        else:
            self._run("INSERT OR REPLACE INTO addresses VALUES(?,?)", to_db(path), url)

    def address(self, path: str) -> str | None:
        """The address that the user gave for a note."""
        row = self._pool.session().row("SELECT url FROM addresses WHERE path=?", (to_db(path),))
        return str(row[0]) if row else None

    def addresses(self) -> dict[str, str]:
        """All addresses that the user gave: path -> address."""
        rows = self._pool.session().rows("SELECT path, url FROM addresses")
        return {from_db(path): str(url) for path, url in rows}

    def given_videos(self) -> dict[str, VideoRef]:
        """Path of a note that names no video -> the one that the user says it speaks of.

        An address given counts more than a suggestion accepted.
        """
        found: dict[str, VideoRef] = {}
        for (path, video_id), accepted in self.answers().items():
            video = VideoRef.from_id(video_id) if accepted else None
            if video is not None:
                found[path] = video
        for path, url in self.addresses().items():
            address = parse_address(url)
            if address is not None:
                found[path] = address.video
        return found

    def set_pinned(self, path: str, pinned: bool) -> None:
        """Pin a note, or take the pin away."""
        if pinned:
            self._run("INSERT OR IGNORE INTO pins VALUES(?,?)", to_db(path), int(time.time() * 1000))
        else:
            self._run("DELETE FROM pins WHERE path=?", to_db(path))

    def pinned(self) -> frozenset[str]:
        """The paths of the pinned notes."""
        return frozenset(from_db(row[0]) for row in self._pool.session().rows("SELECT path FROM pins"))

    def move(self, old: str, new: str) -> None:
        """A note's file was renamed: everything kept for it goes along."""
        with self._pool.writing() as session:
            for table in _BY_PATH:
                session.run(f"UPDATE OR REPLACE {table} SET path=? WHERE path=?", (to_db(new), to_db(old)))
            _move_marks(session, old, new)

    def move_marks(self, old: str, new: str) -> None:
        """A note's marks belong to another file from now on; whatever else is kept for either stays."""
        with self._pool.writing() as session:
            _move_marks(session, old, new)

    def _run(self, sql: str, *values: object) -> None:
        with self._pool.writing() as session:
            session.run(sql, values)


def _move_marks(session: Session, old: str, new: str) -> None:
    """Two notes' marks may come together under one path: none is replaced."""
    session.run("UPDATE marked_notes SET path=? WHERE path=?", (to_db(new), to_db(old)))


def _sound(path: Path) -> bool:
    try:
        session = Session(path)
        try:
            return session.rows("PRAGMA quick_check") == [("ok",)]
        finally:
            session.close()
    except DamagedError:
        return False
