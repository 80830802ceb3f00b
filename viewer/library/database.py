"""SQLite, kept in one place: connections per thread, typed errors, cancelling. The only module that imports it.

Two databases are built on this: the disposable index (`index_store`) and the user's own things (`user_store`).
Both run in WAL mode (https://sqlite.org/wal.html): readers never wait for the writer, and a killed process
leaves the last committed state.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled, ReadError
from viewer.base.language import tr, tr_noop

Row = tuple[Any, ...]
Parameters = Sequence[Any]

_BUSY_MS = 10_000
_FULL_ADVICE = tr_noop("Free some space on that disk and try again.")


def _crc32(data: bytes) -> int:
    """For SQL: a checksum. Of bytes, since a damaged text may be no text."""
    return zlib.crc32(data)


class DamagedError(Exception):
    """The file is no sound database of ours: damaged, foreign, or written by another version."""


class BusyError(Exception):
    """Another process holds the database for longer than we are ready to wait."""


def _translate(error: sqlite3.Error, path: Path) -> Exception:
    """The typed error for what SQLite says. Whatever is not the world's fault counts as damage."""
    text = str(error).lower()
    if "interrupted" in text:
        return Cancelled()
    if "locked" in text or "busy" in text:
        return BusyError(str(error))
    if "disk is full" in text:
        return ReadError(
            tr("There is no space left to write {name}.").format(name=path.name), tr(_FULL_ADVICE), str(error)
        )
    if "unable to open" in text or "readonly" in text:
        return ReadError(
            tr("{path} cannot be written.").format(path=path),
            tr("Check the permissions of the folder it lies in."),
            str(error),
        )
    return DamagedError(str(error))


class Session:
    """One connection. Used by one thread at a time; only :meth:`interrupt` may come from another."""

    def __init__(self, path: Path, *, sync: str = "NORMAL") -> None:
        """Open (and where missing create) the database. Raises DamagedError, BusyError or ReadError."""
        self._path = path
        self._sync = sync
        self._interrupted = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False
            )
        except OSError as error:
            raise ReadError(
                tr("{path} cannot be written.").format(path=path),
                tr("Check the folder's permissions."),
                str(error),
            ) from error
        except sqlite3.Error as error:
            raise _translate(error, path) from error
        try:
            self._connection.create_function("crc32", 1, _crc32, deterministic=True)
            self.run("PRAGMA journal_mode=WAL")
            self.run(f"PRAGMA synchronous={sync}")
            self.run("PRAGMA foreign_keys=OFF")
            self.run("PRAGMA temp_store=MEMORY")
            # After a first index of a large library the log would else keep its size for ever.
            self.run("PRAGMA journal_size_limit=33554432")
            # A damaged file must give an error, never wrong memory or a strange schema.
            self.run("PRAGMA trusted_schema=OFF")
            self.run("PRAGMA cell_size_check=ON")
        except BaseException:
            self._connection.close()
            raise

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Every row of a query."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise self._told(error) from error

    def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row of a query; None when there is none."""
        try:
            row: Row | None = self._connection.execute(sql, parameters).fetchone()
        except sqlite3.Error as error:
            raise self._told(error) from error
        return row

    def stream(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        """The rows of a query one by one, so that the caller may stop early."""
        try:
            cursor = self._connection.execute(sql, parameters)
            try:
                yield from cursor
            finally:
                cursor.close()
        except sqlite3.Error as error:
            raise self._told(error) from error

    def parts(self, sql: str, parameters: Parameters, size: int) -> Iterator[list[Row]]:
        """The rows of a query, ``size`` at a time: as :meth:`stream`, at a third of the work."""
        try:
            cursor = self._connection.execute(sql, parameters)
            try:
                while part := cursor.fetchmany(size):
                    yield part
            finally:
                cursor.close()
        except sqlite3.Error as error:
            raise self._told(error) from error

    def run(self, sql: str, parameters: Parameters = ()) -> int:
        """Execute one statement; the number of rows it changed."""
        try:
            return self._connection.execute(sql, parameters).rowcount
        except sqlite3.Error as error:
            raise self._told(error) from error

    def run_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Execute one statement for every row of parameters."""
        try:
            self._connection.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._told(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything within happens as a whole or not at all."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            try:
                self._connection.rollback()
            except sqlite3.Error:
                pass  # the first error is the one to tell
            raise
        self.run("COMMIT")

    @contextmanager
    def synced(self) -> Iterator[None]:
        """Transactions within are on the disk when they end (https://sqlite.org/pragma.html#pragma_synchronous)."""
        self.run("PRAGMA synchronous=FULL")
        # Only macOS knows this: its plain fsync leaves the data in the disk's own memory.
        self.run("PRAGMA fullfsync=ON")
        try:
            yield
        finally:
            self.run("PRAGMA fullfsync=OFF")
            self.run(f"PRAGMA synchronous={self._sync}")

    @contextmanager
    def cancelled_by(self, token: CancelToken | None) -> Iterator[None]:
        """While within, cancelling ``token`` stops the running statement; it then raises Cancelled."""
        if token is None:
            yield
            return
        with token.on_cancel(self.interrupt):
            token.raise_if_cancelled()
            yield

    def _told(self, error: sqlite3.Error) -> Exception:
        """The typed error. A first full-text query that is interrupted says only that its table cannot be opened."""
        if self._interrupted and "vtable constructor failed" in str(error):
            self._interrupted = False  # said once more, it is damage
            return Cancelled()
        return _translate(error, self._path)

    def interrupt(self) -> None:
        """Stop the statement that runs now, from any thread."""
        self._interrupted = True
        try:
            self._connection.interrupt()
        except sqlite3.ProgrammingError:
            pass  # closed meanwhile: nothing runs

    def backup_to(self, target: Path) -> None:
        """Copy the whole database to a new file, complete and synced even while others read."""
        target.unlink(missing_ok=True)
        try:
            copy = sqlite3.connect(target)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()
        except sqlite3.Error as error:
            raise _translate(error, target) from error

    def close(self) -> None:
        """Close the connection; it must not be in use."""
        try:
            self._connection.close()
        except sqlite3.Error:
            pass


class Pool:
    """The sessions of one database file: one for each thread that reads, and one writer at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._writer_lock = threading.RLock()
        self._generation = 0
        self._sessions: list[Session] = []

    def session(self) -> Session:
        """This thread's session, opened on first use and anew after :meth:`discard`."""
        known: tuple[int, Session] | None = getattr(self._local, "known", None)
        if known is not None and known[0] == self._generation:
            return known[1]
        session = Session(self.path)
        with self._lock:
            self._sessions.append(session)
            self._local.known = (self._generation, session)
        return session

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Session]:
        """This thread's session within one transaction; other writers of this process wait.

        ``durable``: what was written is on the disk when this ends, so that not even a power cut takes it back.
        """
        with self._writer_lock:
            session = self.session()
            with session.synced() if durable else nullcontext(), session.transaction():
                yield session

    @contextmanager
    def exclusively(self) -> Iterator[Session]:
        """Keep other writers of this process out without a transaction yet."""
        with self._writer_lock:
            yield self.session()

    def discard(self) -> None:
        """Delete the database file; every thread's next session begins with a new one.

        Raises ReadError when the file cannot be deleted.
        """
        with self._writer_lock, self._lock:
            self._generation += 1
            for session in self._sessions:
                session.interrupt()
            self._sessions.clear()
            for suffix in ("-wal", "-shm", "-journal", ""):
                try:
                    os.unlink(f"{self.path}{suffix}")
                except FileNotFoundError:
                    continue
                except OSError as error:
                    raise ReadError(
                        tr("The damaged index {path} cannot be deleted.").format(path=self.path),
                        tr("Close other programs that use it, or delete it by hand."),
                        str(error),
                    ) from error

    def close(self) -> None:
        """Close every session. No thread may use one meanwhile."""
        with self._lock:
            self._generation += 1
            for session in self._sessions:
                session.close()
            self._sessions.clear()
