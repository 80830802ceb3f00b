"""Locks between programs: an advisory lock on a file, which the system drops when its holder dies."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from viewer.base.errors import ViewerError
from viewer.base.language import tr

_WAIT_S = 10.0


class FileLock:
    """A lock that one program (and one holder in it) has at a time. Use as a context manager, or try_acquire.

    The file is left behind: deleting it would let two holders lock two files of the same name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def try_acquire(self) -> bool:
        """Take the lock if it is free. Raises OSError when the file cannot be opened."""
        if self._file is not None:
            return False
        file = self.path.open("a+b")
        try:
            if sys.platform == "win32":
                import msvcrt

                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            file.close()
            return False
        except OSError:
            file.close()
            raise
        self._file = file
        return True

    def held_elsewhere(self) -> bool:
        """Whether somebody living holds the lock. A lock file that is missing or unreadable is held by nobody."""
        if not self.path.exists():
            return False
        try:
            free = self.try_acquire()
        except OSError:
            return False
        self.release()
        return not free

    def release(self) -> None:
        """Give the lock back. Nothing happens when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> FileLock:
        deadline = time.monotonic() + _WAIT_S
        while not self.try_acquire():
            if time.monotonic() > deadline:
                raise ViewerError(
                    tr("{parent} is in use by another program.").format(parent=self.path.parent),
                    tr("Close it, then retry."),
                    str(self.path),
                )
            time.sleep(0.01)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
