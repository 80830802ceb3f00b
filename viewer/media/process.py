"""Running external programs: the one module that imports subprocess.

A program is given as a list, never through a shell, and runs in a session of its own, so that ending it ends all
that it started (ending yt-dlp alone would orphan its ffmpeg). Reading happens on threads: a pipe read cannot be
woken otherwise, and cancelling has to act within 200 ms.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled

log = logging.getLogger(__name__)

KEPT_LINES = 400
"""How many of a stream's last lines an Outcome keeps."""

MAX_LINE_BYTES = 1 << 16
"""A longer line is cut in pieces: a program's output never fills the memory."""

TERM_GRACE_S = 0.1
"""How long a group may take to end itself before it is killed; half of what cancelling may take altogether."""

_WINDOWS = sys.platform == "win32"
_DROPPED = ("FFREPORT", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT", "YTDLP_NO_PLUGINS")

LineListener = Callable[[str, str], "bool | None"]
"""Called with (``"stdout"`` or ``"stderr"``, the line without its end) on the thread that runs the program.

Answering False says that the line is no sign of life (a stalled ffmpeg goes on repeating its last line)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended. ``returncode`` is None when it could not be started; ``seconds`` is its wall time."""

    argv: tuple[str, ...]
    returncode: int | None
    stdout: tuple[str, ...]
    stderr: tuple[str, ...]
    seconds: float
    timed_out: bool = False
    start_error: str = ""

    @property
    def ok(self) -> bool:
        """Whether the program ran to its end and said it was content (which is not yet a proof of its work)."""
        return self.returncode == 0 and not self.timed_out

    @property
    def name(self) -> str:
        """The program's short name."""
        return Path(self.argv[0]).name if self.argv else ""

    @property
    def words(self) -> str:
        """One line for the log: what ran, how it ended, its last words."""
        if self.start_error:
            return f"{self.name} could not be started: {self.start_error}"
        if self.timed_out:
            end = f"was stopped after {self.seconds:.1f} s"
        elif self.returncode is not None and self.returncode < 0:
            end = f"was ended by signal {-self.returncode}"
        else:
            end = f"ended with {self.returncode} after {self.seconds:.1f} s"
        last = [line for line in self.stderr if line.strip()][-3:]
        return f"{self.name} {end}" + (": " + " | ".join(last) if last else "")


def shown(argv: Sequence[str]) -> str:
    """``argv`` as one line that a person could paste into a shell; for logs and for "copy the command" only."""
    return shlex.join(argv)


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for foreign programs: the user's, without what would change their work behind our back.

    PYTHONPATH stays: yt-dlp's plugins are found through it. A frozen program's own library path is taken back
    (PyInstaller keeps the user's in ``LD_LIBRARY_PATH_ORIG``).
    """
    environment = {key: value for key, value in os.environ.items() if key not in _DROPPED}
    if getattr(sys, "frozen", False):
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            original = environment.pop(f"{name}_ORIG", None)
            environment.pop(name, None)
            if original:
                environment[name] = original
        environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PYTHONUTF8"] = "1"
    environment["NO_COLOR"] = "1"
    environment.update(extra or {})
    return environment


def _popen(argv: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: int) -> subprocess.Popen[bytes]:
    flags = 0
    if _WINDOWS:
        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
            subprocess, "CREATE_NO_WINDOW", 0
        )
    return subprocess.Popen(
        list(argv),
        cwd=cwd,
        env=dict(env),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=not _WINDOWS,
        creationflags=flags,
        close_fds=True,
    )


def _signal_group(process: subprocess.Popen[bytes], *, force: bool) -> None:
    if _WINDOWS:
        argv = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(argv, capture_output=True, check=False)
        return
    try:
        os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        pass


def _exited(process: subprocess.Popen[bytes]) -> bool:
    """Whether the leader has ended, without reaping it: its number must not be given away while we signal it."""
    if _WINDOWS or process.returncode is not None:
        return process.poll() is not None
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the whole group: politely, then by force. Returns when the leader is gone, within about 200 ms."""
    if process.returncode is not None:
        return
    if not _exited(process):
        _signal_group(process, force=False)
        deadline = time.monotonic() + TERM_GRACE_S
        while not _exited(process) and time.monotonic() < deadline:
            time.sleep(0.005)
    _signal_group(process, force=True)
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:  # a process in uninterruptible sleep: nothing more can be done
        log.warning("process %d does not end", process.pid)


def _read_lines(stream: IO[bytes], name: str, sink: Callable[[str, str | None], None]) -> None:
    """Hand every line of ``stream`` to ``sink``, then None. Runs on a thread of its own until the pipe closes."""
    rest = b""
    try:
        while True:
            block = stream.read1(MAX_LINE_BYTES) if hasattr(stream, "read1") else stream.read(4096)
            if not block:
                break
            *lines, rest = (rest + block).replace(b"\r", b"\n").split(b"\n")
            for line in lines:
                if line:
                    sink(name, line.decode("utf-8", "replace"))
            if len(rest) > MAX_LINE_BYTES:
                sink(name, rest.decode("utf-8", "replace"))
                rest = b""
    except (OSError, ValueError):
        pass
    if rest:
        sink(name, rest.decode("utf-8", "replace"))
    sink(name, None)


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    on_line: LineListener | None = None,
    cancel: CancelToken | None = None,
    timeout_s: float | None = None,
    silence_s: float | None = None,
) -> Outcome:
    """Run a program to its end and say how it went. Blocks.

    ``timeout_s`` bounds the whole run, ``silence_s`` the time without a sign of life from it (a stall); both end the
    group and give an Outcome with ``timed_out``. Raises Cancelled after the group has been ended.
    """
    cancel = cancel or CancelToken()
    cancel.raise_if_cancelled()
    began = time.monotonic()
    try:
        process = _popen(argv, cwd, env if env is not None else clean_environment(), subprocess.DEVNULL)
    except OSError as error:
        return Outcome(tuple(argv), None, (), (), 0.0, start_error=str(error))
    events: queue.SimpleQueue[tuple[str, str | None]] = queue.SimpleQueue()
    readers = _start_readers(process, lambda name, line: events.put((name, line)))
    threading.Thread(target=_await_exit, args=(process, events), daemon=True).start()
    kept: dict[str, deque[str]] = {"stdout": deque(maxlen=KEPT_LINES), "stderr": deque(maxlen=KEPT_LINES)}
    try:
        with cancel.on_cancel(lambda: events.put(("cancel", None))):
            timed_out = _pump(events, kept, on_line, cancel, timeout_s, silence_s)
    finally:
        _end_group(process)
        for reader in readers:
            reader.join(1)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
    cancel.raise_if_cancelled()
    return Outcome(
        tuple(argv),
        process.returncode,
        tuple(kept["stdout"]),
        tuple(kept["stderr"]),
        time.monotonic() - began,
        timed_out,
    )


def _start_readers(
    process: subprocess.Popen[bytes], sink: Callable[[str, str | None], None]
) -> list[threading.Thread]:
    readers = []
    for name, stream in (("stdout", process.stdout), ("stderr", process.stderr)):
        thread = threading.Thread(
            target=_read_lines, args=(stream, name, sink), name=f"{name}-{process.pid}", daemon=True
        )
        thread.start()
        readers.append(thread)
    return readers


def _await_exit(process: subprocess.Popen[bytes], events: queue.SimpleQueue[tuple[str, str | None]]) -> None:
    """Say when the leader has ended: a grandchild may hold its pipes open for ever."""
    if _WINDOWS:
        process.wait()
    else:
        try:
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:
            pass
    events.put(("exit", None))


def _pump(
    events: queue.SimpleQueue[tuple[str, str | None]],
    kept: dict[str, deque[str]],
    on_line: LineListener | None,
    cancel: CancelToken,
    timeout_s: float | None,
    silence_s: float | None,
) -> bool:
    """Hand out lines until the program is over, cancelled or too late. True when it was too late."""
    now = time.monotonic()
    deadline = now + timeout_s if timeout_s is not None else None
    quiet = now + silence_s if silence_s is not None else None
    waiting = {"stdout", "stderr", "exit"}
    while waiting:
        limits = [limit for limit in (deadline, quiet) if limit is not None]
        if "exit" not in waiting:
            # The leader is gone; what it left in the pipes comes at once, unless a grandchild holds them.
            limits.append(time.monotonic() + 0.3)
        try:
            wait = max(0.0, min(limits) - time.monotonic()) if limits else None
            name, line = events.get(timeout=wait)
        except queue.Empty:
            return "exit" in waiting
        if name == "cancel" or cancel.cancelled:
            return False
        if line is None:
            waiting.discard(name)
            continue
        kept[name].append(line)
        alive = on_line(name, line) if on_line is not None else None
        if silence_s is not None and alive is not False:
            quiet = time.monotonic() + silence_s
    return False


class ChildGone(Exception):  # noqa: N818 - says what is
    """A long-lived child has ended, or did not answer in time."""


class Child:
    """A long-lived helper process that speaks JSON, one value a line, over its stdin and stdout.

    Any thread may send; one thread receives. It ends when its stdin closes, so it never outlives us.
    """

    def __init__(self, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> None:
        try:
            self._process = _popen(
                argv, cwd, env if env is not None else clean_environment(), subprocess.PIPE
            )
        except OSError as error:
            raise ChildGone(f"{argv[0]} could not be started: {error}") from error
        self._write_lock = threading.Lock()
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.last_words: deque[str] = deque(maxlen=KEPT_LINES)
        self._readers = [
            threading.Thread(target=self._read_answers, name="child-stdout", daemon=True),
            threading.Thread(
                target=_read_lines,
                args=(self._process.stderr, "stderr", self._keep),
                name="child-stderr",
                daemon=True,
            ),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        """The process number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it is still running."""
        return self._process.poll() is None

    def _keep(self, _name: str, line: str | None) -> None:
        if line is not None:
            self.last_words.append(line)

    def _read_answers(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        try:
            for line in stream:
                self._answers.put(line.decode("utf-8", "replace"))
        except (OSError, ValueError):
            pass
        self._answers.put(None)

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one request. Raises ChildGone when nobody reads any more."""
        stream = self._process.stdin
        assert stream is not None
        try:
            with self._write_lock:
                stream.write(json.dumps(message).encode() + b"\n")
                stream.flush()
        except (OSError, ValueError) as error:
            raise ChildGone(f"the helper process has ended: {error}") from error

    def receive(self, timeout_s: float | None = None) -> dict[str, Any]:
        """The next answer. Raises ChildGone when the child ended or did not answer within ``timeout_s``.

        A line that is no JSON object (something printed by a plugin) is passed over.
        """
        deadline = time.monotonic() + timeout_s if timeout_s is not None else None
        while True:
            try:
                wait = max(0.0, deadline - time.monotonic()) if deadline is not None else None
                line = self._answers.get(timeout=wait)
            except queue.Empty:
                raise ChildGone("the helper process does not answer") from None
            if line is None:
                self._answers.put(None)
                raise ChildGone("the helper process has ended: " + " | ".join(list(self.last_words)[-3:]))
            try:
                answer = json.loads(line)
            except ValueError:
                continue
            if isinstance(answer, dict):
                return answer

    def close(self, grace_s: float = 0.0) -> None:
        """End the child and everything it started. Safe to call twice and from any thread."""
        stream = self._process.stdin
        if stream is not None:
            try:
                stream.close()
            except OSError:
                pass
        if grace_s:
            try:
                self._process.wait(grace_s)
            except subprocess.TimeoutExpired:
                pass
        _end_group(self._process)
        for reader in self._readers:
            if reader is not threading.current_thread():
                reader.join(1)


__all__ = ["Cancelled", "Child", "ChildGone", "Outcome", "clean_environment", "run", "shown"]
