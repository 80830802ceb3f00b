"""Programs run in groups: cancelling leaves nothing behind, whatever they do."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.media import leash, process

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie waiting for init is not alive.
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_until(condition: object, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def test_both_streams_come_line_by_line(tmp_path: Path) -> None:
    lines: list[tuple[str, str]] = []
    code = "import sys; print('one'); print('two', file=sys.stderr); print('a\\rb'); sys.exit(3)"
    outcome = process.run(python(code), cwd=tmp_path, on_line=lambda *line: lines.append(line))
    assert outcome.returncode == 3
    assert not outcome.ok
    assert outcome.stdout == ("one", "a", "b")
    assert outcome.stderr == ("two",)
    assert sorted(lines) == [("stderr", "two"), ("stdout", "a"), ("stdout", "b"), ("stdout", "one")]
    assert "ended with 3" in outcome.words


def test_a_missing_program_is_an_outcome(tmp_path: Path) -> None:
    outcome = process.run([str(tmp_path / "nothing")], cwd=tmp_path)
    assert outcome.returncode is None
    assert "could not be started" in outcome.words


def test_output_never_fills_the_memory(tmp_path: Path) -> None:
    code = "import sys\nfor _ in range(5000): print('x' * 100)\nsys.stdout.write('y' * 3_000_000)"
    outcome = process.run(python(code), cwd=tmp_path)
    assert len(outcome.stdout) <= process.KEPT_LINES
    assert all(len(line) <= 2 * process.MAX_LINE_BYTES for line in outcome.stdout)


@posix_only
@pytest.mark.parametrize("deaf", [False, True], ids=["polite", "ignores SIGTERM"])
def test_cancel_ends_the_whole_group_within_200_ms(tmp_path: Path, deaf: bool) -> None:
    child = "import signal, time\n" + ("signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" if deaf else "")
    child += "print('up', flush=True)\ntime.sleep(60)"
    code = child.replace(
        "print(",
        f"import subprocess, sys\np = subprocess.Popen([sys.executable, '-c', {child!r}])\nprint(p.pid, ",
    )
    pids: list[int] = []
    up = threading.Semaphore(0)

    def listen(_stream: str, line: str) -> None:
        if line.endswith("up"):
            up.release()
        if line[0].isdigit():
            pids.append(int(line.split()[0]))

    token = CancelToken()
    ended: list[float] = []

    def work() -> None:
        with pytest.raises(Cancelled):
            process.run(python(code), cwd=tmp_path, on_line=listen, cancel=token)
        ended.append(time.monotonic())

    thread = threading.Thread(target=work)
    thread.start()
    assert up.acquire(timeout=10)
    assert up.acquire(timeout=10)
    began = time.monotonic()
    token.cancel()
    thread.join(5)
    assert ended[0] - began < 0.3  # 200 ms, and some for a loaded machine
    wait_until(lambda: not alive(pids[0]), 1)


@posix_only
def test_a_grandchild_that_holds_the_pipes_does_not_hang_us(tmp_path: Path) -> None:
    code = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print(p.pid)"
    began = time.monotonic()
    outcome = process.run(python(code), cwd=tmp_path)
    assert outcome.ok
    assert time.monotonic() - began < 10
    wait_until(lambda: not alive(int(outcome.stdout[0])))


def test_time_limits(tmp_path: Path) -> None:
    slow = python("import time; time.sleep(60)")
    assert process.run(slow, cwd=tmp_path, timeout_s=0.3).timed_out
    repeating = python("import time\nwhile True: print('same', flush=True); time.sleep(0.02)")
    outcome = process.run(repeating, cwd=tmp_path, silence_s=0.5, on_line=lambda *_: False)
    assert outcome.timed_out
    assert outcome.seconds < 10


def test_a_token_cancelled_before_starts_nothing(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        process.run(python(f"open({str(tmp_path / 'ran')!r}, 'w')"), cwd=tmp_path, cancel=token)
    assert not (tmp_path / "ran").exists()


def test_the_environment_keeps_plugins_and_drops_surprises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/plugins")
    monkeypatch.setenv("FFREPORT", "file=x.log")
    environment = process.clean_environment({"X": "1"})
    assert environment["PYTHONPATH"] == "/plugins"
    assert environment["X"] == "1"
    assert "FFREPORT" not in environment


def test_a_frozen_program_gives_the_library_path_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/users/own")
    assert process.clean_environment()["LD_LIBRARY_PATH"] == "/users/own"
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG")
    assert "LD_LIBRARY_PATH" not in process.clean_environment()


@posix_only
def test_a_leashed_program_ends_with_us_even_when_we_are_killed(tmp_path: Path) -> None:
    child = "import time; time.sleep(60)"
    program = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {child!r}]); print(p.pid, flush=True); p.wait()"
    us = (
        "import sys\nfrom pathlib import Path\nfrom viewer.media import process\n"
        "process.run([sys.executable, '-c', sys.argv[1]], cwd=Path('/'), leash=True,"
        " on_line=lambda stream, line: print(line, flush=True))"
    )
    root = Path(__file__).resolve().parents[2]
    running = subprocess.Popen([sys.executable, "-c", us, program], cwd=root, stdout=subprocess.PIPE)
    assert running.stdout is not None
    grandchild = int(running.stdout.readline())
    assert alive(grandchild)
    running.kill()
    running.wait()
    running.stdout.close()
    wait_until(lambda: not alive(grandchild), 2)


@posix_only
def test_a_leash_changes_nothing_else(tmp_path: Path) -> None:
    code = "import os, sys; print(os.getpid() == os.getpgrp(), repr(sys.stdin.read())); sys.exit(3)"
    began = time.monotonic()
    outcome = process.run(python(code), cwd=tmp_path, leash=True)
    assert (outcome.returncode, outcome.stdout) == (3, ("True ''",))
    assert time.monotonic() - began < 2
    assert process.run(["/no/such/program"], cwd=tmp_path, leash=True).start_error
    ended = process.run(python("import os; os.kill(os.getpid(), 9)"), cwd=tmp_path, leash=True)
    assert ended.returncode == -9
    assert process.run(
        python("import time; time.sleep(60)"), cwd=tmp_path, leash=True, timeout_s=0.3
    ).timed_out
    by_hand = process.run(process.leashed(["true"]), cwd=tmp_path)
    assert by_hand.returncode == leash.NOT_STARTED


@posix_only
def test_a_gentle_program_lets_others_go_first(tmp_path: Path) -> None:
    code = "import os, time; time.sleep(0.1); print(os.nice(0))"
    usual = process.run(python(code), cwd=tmp_path)
    gentle = process.run(python(code), cwd=tmp_path, gentle=True)
    assert int(gentle.stdout[0]) == min(19, max(process.GENTLE, int(usual.stdout[0])))
