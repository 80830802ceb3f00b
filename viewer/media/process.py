"""Running external programs: the one module that imports subprocess.

A program is given as a list, never through a shell, and runs in a session of its own, so that ending it ends all
that it started (ending yt-dlp alone would orphan its ffmpeg). Reading happens on threads: a pipe read cannot be
woken otherwise, and cancelling has to act within 200 ms.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from viewer.base.cancel import CancelToken

log = logging.getLogger(__name__)

KEPT_LINES = 400
"""How many of a stream's last lines an Outcome keeps."""

MAX_LINE_BYTES = 1 << 16
"""A longer line is cut in pieces: a program's output never fills the memory."""

TERM_GRACE_S = 0.1
"""How long a group may take to end itself before it is killed; half of what cancelling may take altogether."""

RUN_LEASH_FLAG = "--run-leash"
"""Makes a frozen Soundbite be :mod:`viewer.media.leash`."""

_WINDOWS = sys.platform == "win32"
GENTLE = 10
"""How far a gentle program stands back (POSIX's nice)."""

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


Running = subprocess.Popen[bytes]
"""A program that has been started."""


def leashed(argv: Sequence[str]) -> list[str]:
    """``argv`` so that the program, and all that it starts, ends when we do, even killed: see :mod:`viewer.media.leash`.

    Its stdin must then be a pipe that we keep. Raises OSError when there is no such program. Not needed on Windows.
    """
    if _WINDOWS:
        return list(argv)
    if shutil.which(argv[0]) is None:
        raise FileNotFoundError(f"no program {argv[0]}")
    if getattr(sys, "frozen", False):
        return [sys.executable, RUN_LEASH_FLAG, *argv]
    # Isolated and without site: it starts in some 10 ms.
    return [sys.executable, "-I", "-S", str(Path(__file__).with_name("leash.py")), *argv]


def start(argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None, *, talk: bool = False) -> Running:
    """Start a program in a group of its own; ``talk``: with a pipe to its stdin. Raises OSError."""
    flags = 0
    if _WINDOWS:
        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
            subprocess, "CREATE_NO_WINDOW", 0
        )
    process = subprocess.Popen(
        list(argv),
        cwd=cwd,
        env=dict(env) if env is not None else clean_environment(),
        stdin=subprocess.PIPE if talk else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=not _WINDOWS,
        creationflags=flags,
        close_fds=True,
    )
    if _WINDOWS:
        from viewer.media import windows_job

        windows_job.bind(int(vars(process)["_handle"]))
    return process


def _signal_group(process: Running, *, force: bool) -> None:
    if _WINDOWS:
        argv = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(argv, capture_output=True, check=False)
        return
    try:
        os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        pass


def _exited(process: Running) -> bool:
    """Whether the leader has ended, without reaping it: its number must not be given away while we signal it."""
    if _WINDOWS or process.returncode is not None:
        return process.poll() is not None
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def end_group(process: Running) -> None:
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


def read_lines(stream: IO[bytes], name: str, sink: Callable[[str, str | None], None]) -> None:
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
    leash: bool = False,
    gentle: bool = False,
) -> Outcome:
    """Run a program to its end and say how it went. Blocks.

    ``leash`` is for what may take long: it ends when we are killed, too. ``gentle`` lets others go first where there
    are too few processors: what plays, above all.

    ``timeout_s`` bounds the whole run, ``silence_s`` the time without a sign of life from it (a stall); both end the
    group and give an Outcome with ``timed_out``. Raises Cancelled after the group has been ended.
    """
    cancel = cancel or CancelToken()
    cancel.raise_if_cancelled()
    began = time.monotonic()
    try:
        process = start(leashed(argv) if leash else argv, cwd, env, talk=leash)
    except OSError as error:
        return Outcome(tuple(argv), None, (), (), 0.0, start_error=str(error))
    if gentle and not _WINDOWS:
        with contextlib.suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, process.pid, GENTLE)
    events: queue.SimpleQueue[tuple[str, str | None]] = queue.SimpleQueue()
    readers = _start_readers(process, lambda name, line: events.put((name, line)))
    threading.Thread(target=_await_exit, args=(process, events), daemon=True).start()
    kept: dict[str, deque[str]] = {"stdout": deque(maxlen=KEPT_LINES), "stderr": deque(maxlen=KEPT_LINES)}
    try:
        with cancel.on_cancel(lambda: events.put(("cancel", None))):
            timed_out = _pump(events, kept, on_line, cancel, timeout_s, silence_s)
    finally:
        end_group(process)
        for reader in readers:
            reader.join(1)
        for stream in (process.stdin, process.stdout, process.stderr):
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


def _start_readers(process: Running, sink: Callable[[str, str | None], None]) -> list[threading.Thread]:
    readers = []
    for name, stream in (("stdout", process.stdout), ("stderr", process.stderr)):
        thread = threading.Thread(
            target=read_lines, args=(stream, name, sink), name=f"{name}-{process.pid}", daemon=True
        )
        thread.start()
        readers.append(thread)
    return readers


def _await_exit(process: Running, events: queue.SimpleQueue[tuple[str, str | None]]) -> None:
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
