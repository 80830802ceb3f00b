"""What is kept for the case that the program breaks: a rotating log, the last words of a crash, a mark while it runs.

Nothing is sent anywhere: at the next start the user may save a report file, and reads it before they give it away.
The log holds no text of notes; in a report the home folder is written ``~``.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import logging
import os
import platform
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO, Any

log = logging.getLogger(__name__)

LOG_BYTES = 512 * 1024
LOG_FILES = 3
TAIL_LINES = 200
"""How much of the log goes into a report."""

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


@dataclass(frozen=True, slots=True)
class LastRun:
    """A run that did not end properly: its version, when it began (local time as text), and its last words, if any."""

    version: str
    started: str
    words: str = ""


def _ours_or_serious(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.startswith("viewer")


def _boot_id() -> str:
    """Which start of the machine this is (Linux); empty where it cannot be told."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _alive(pid: object) -> bool:
    if not isinstance(pid, int) or pid <= 0 or sys.platform == "win32":
        return False  # Windows has no harmless signal; there the instance's lock has told already
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


class RunRecord:
    """Made once, when this process is known to be the program; ``end`` takes the mark away.

    A folder that cannot be written costs the log, never the start.
    """

    def __init__(self, folder: Path, version: str) -> None:
        self._folder = folder
        self._version = version
        self._mark = folder / "running.json"
        self._fault_file = folder / "fault.txt"
        self._fault: IO[str] | None = None
        self._handler: logging.Handler | None = None
        self._hooks = (sys.excepthook, threading.excepthook)

    @property
    def log_file(self) -> Path:
        """The newest log."""
        return self._folder / "soundbite.log"

    def begin(self) -> LastRun | None:
        """Start the log, listen for crashes, set the mark; says how the last run ended if that was not properly."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            last = self._left_behind()
            self._start_log()
            self._fault = self._fault_file.open("w", encoding="utf-8")
            faulthandler.enable(self._fault, all_threads=True)
            mark = {"pid": os.getpid(), "version": self._version, "boot": _boot_id()}
            mark["started"] = time.strftime("%Y-%m-%d %H:%M:%S")
            self._mark.write_text(json.dumps(mark), "utf-8")
        except OSError as error:
            log.warning("no log is kept: %s", error)
            last = None
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        log.info(
            "Soundbite %s begins on %s, Python %s", self._version, platform.platform(), sys.version.split()[0]
        )
        if last is not None:
            log.info("the last run, begun %s, did not end properly", last.started)
        return last

    def end(self) -> None:
        """The run has ended as it should. Safe to call twice."""
        sys.excepthook, threading.excepthook = self._hooks
        if self._fault is not None:
            faulthandler.disable()
            self._fault.close()
            self._fault = None
        for file in (self._mark, self._fault_file):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
        if self._handler is not None:
            log.info("Soundbite ends")
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def _left_behind(self) -> LastRun | None:
        try:
            mark: Any = json.loads(self._mark.read_text("utf-8"))
            words = self._fault_file.read_text("utf-8", "replace") if self._fault_file.exists() else ""
        except FileNotFoundError:
            return None
        except (ValueError, RecursionError):
            mark, words = {}, ""  # killed in the very moment of writing it
        if not isinstance(mark, dict) or _alive(mark.get("pid")):
            return None
        if mark.get("boot", "") != _boot_id() and not words:
            return None  # the machine was switched off: no fault of anybody's
        return LastRun(str(mark.get("version", "")), str(mark.get("started", "")), words)

    def _start_log(self) -> None:
        handler = RotatingFileHandler(
            self.log_file, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8", delay=True
        )
        handler.setFormatter(logging.Formatter(_FORMAT))
        handler.addFilter(_ours_or_serious)
        root = logging.getLogger()
        for other in root.handlers:  # the terminal hears what it heard before
            other.setLevel(max(other.level, root.level))
        root.setLevel(logging.INFO)
        root.addHandler(handler)
        self._handler = handler

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
            return
        log.critical("something went wrong inside Soundbite", exc_info=(kind, error, trace))

    def _uncaught_in_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            name = told.thread.name if told.thread is not None else "?"
            log.critical(
                "something went wrong in the thread %s",
                name,
                exc_info=(told.exc_type, told.exc_value, told.exc_traceback),
            )


def log_tail(folder: Path, lines: int = TAIL_LINES) -> list[str]:
    """The last lines of the log in ``folder``; of the file before it too when the newest is short."""
    found: list[str] = []
    for name in ("soundbite.log", "soundbite.log.1"):
        try:
            found = (folder / name).read_text("utf-8", "replace").splitlines() + found
        except OSError:
            continue
        if len(found) >= lines:
            break
    return found[-lines:]


def without_home(text: str) -> str:
    """``text`` with the home folder written ``~``: it carries the user's name."""
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text


def report_text(folder: Path, diagnostics: Sequence[str], last: LastRun | None = None) -> str:
    """The report that the user may save: versions, what is installed, the log's tail, the last words of a crash."""
    parts = ["Soundbite report. Read it before you give it to anybody.", "", platform.platform()]
    for name in ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM", "LANG"):
        if os.environ.get(name):
            parts.append(f"{name}={os.environ[name]}")
    parts += ["", *diagnostics]
    if last is not None:
        parts += [
            "",
            f"--- the last run: {last.version}, begun {last.started}",
            last.words or "(no last words)",
        ]
    parts += ["", "--- log", *log_tail(folder)]
    return without_home("\n".join(parts)) + "\n"
