from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from tests.library.conftest import note_text
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.library import reading

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def much(library, monkeypatch):
    monkeypatch.setattr(reading, "_MUCH_BYTES", 1)
    for number in range(40):
        library.write(f"{number:02}.md", note_text(f"Talk {number}"))
    return library


def test_processes_read_what_one_thread_reads(much):
    much.refresh()
    assert all(entry.indexed for entry in much.catalog.entries())
    assert much.catalog.search("hello", limit=100).total == 40


def test_cancel_ends_the_processes(much):
    token = CancelToken()
    rows = reading.read_all([str(p) for p in sorted(much.folder.iterdir())], _states(much), token)
    next(rows)
    token.cancel()
    with pytest.raises(Cancelled):
        for _ in rows:
            pass


def test_processes_that_die_lose_no_note(much, monkeypatch):
    def broken(paths, cancel):
        yield paths[0], reading.read_one(paths[0])
        raise BrokenProcessPool("killed")

    monkeypatch.setattr(reading, "_read_in_processes", broken)
    assert much.refresh().total == 40
    assert much.catalog.search("hello", limit=100).total == 40


CHILD = """
import sys, os, time
from viewer.library import reading
if __name__ == "__main__":
    reading._MUCH_BYTES = 1
    paths = sys.argv[1:] * 400
    rows = reading.read_all(paths, {p: (1, 1, 1) for p in paths}, None)
    next(rows)
    import multiprocessing
    print(*[p.pid for p in multiprocessing.active_children()], flush=True)
    time.sleep(60)
"""


def test_processes_end_with_a_killed_parent(much, tmp_path):
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    paths = [str(p) for p in much.folder.iterdir()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [sys.executable, str(script), *paths], stdout=subprocess.PIPE, text=True, env=environment
    )
    workers = [int(pid) for pid in child.stdout.readline().split()]
    assert workers
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(_runs(pid) for pid in workers):
        time.sleep(0.05)
    assert not [pid for pid in workers if _runs(pid)]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def _states(library):
    return {str(p): (p.stat().st_size, 1, 1) for p in library.folder.iterdir()}
