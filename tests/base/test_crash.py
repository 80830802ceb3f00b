from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from viewer.base.crash import RunRecord, log_tail, report_text, without_home

PROGRAM = """
import logging, os, signal, sys, threading
from pathlib import Path
from viewer.base.crash import RunRecord
logging.basicConfig(level=logging.WARNING)
record = RunRecord(Path(sys.argv[1]), "1.2")
last = record.begin()
print("last:", last and last.version, "words:", bool(last and last.words))
logging.getLogger("viewer.x").info("ours")
logging.getLogger("foreign").info("chatter")
{end}
"""


def run(folder: Path, end: str) -> subprocess.CompletedProcess[str]:
    code = PROGRAM.replace("{end}", end)
    return subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, timeout=30
    )


def test_a_proper_end_leaves_no_mark(tmp_path: Path) -> None:
    for _ in range(2):
        assert run(tmp_path, "record.end()").stdout == "last: None words: False\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["soundbite.log"]
    log = "\n".join(log_tail(tmp_path))
    assert "viewer.x: ours" in log
    assert "chatter" not in log


def test_a_killed_run_is_told_once(tmp_path: Path) -> None:
    assert run(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)").returncode == -signal.SIGKILL
    assert run(tmp_path, "record.end()").stdout == "last: 1.2 words: False\n"
    assert run(tmp_path, "record.end()").stdout == "last: None words: False\n"


def test_the_last_words_of_a_crash_are_kept(tmp_path: Path) -> None:
    run(tmp_path, "os.kill(os.getpid(), signal.SIGSEGV)")
    assert run(tmp_path, "record.end()").stdout == "last: 1.2 words: True\n"


def test_a_machine_that_was_switched_off_is_no_crash(tmp_path: Path) -> None:
    mark = {"pid": 0, "version": "1.2", "boot": "another", "started": ""}
    (tmp_path / "running.json").write_text(json.dumps(mark), "utf-8")
    assert run(tmp_path, "record.end()").stdout.startswith("last: None")


def test_what_nobody_caught_is_in_the_log(tmp_path: Path) -> None:
    end = "t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join(); raise RuntimeError('boom')"
    run(tmp_path, end)
    log = "\n".join(log_tail(tmp_path))
    assert "ZeroDivisionError" in log
    assert "RuntimeError: boom" in log


def test_a_folder_that_cannot_be_written_costs_only_the_log(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    assert run(blocked, "record.end()").stdout == "last: None words: False\n"


def test_a_report_says_what_is_needed_and_not_who(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    (tmp_path / "soundbite.log").write_text("opened /home/ada/notes\n", "utf-8")
    text = report_text(tmp_path, ["Soundbite 1.2"])
    assert "Soundbite 1.2" in text
    assert "opened ~/notes" in text
    assert "ada" not in text


def test_a_record_that_ended_gives_everything_back(tmp_path: Path) -> None:
    root = logging.getLogger()
    before, level, hook = list(root.handlers), root.level, sys.excepthook
    levels = [handler.level for handler in before]
    record = RunRecord(tmp_path, "1.2")
    try:
        assert record.begin() is None
        assert json.loads((tmp_path / "running.json").read_text("utf-8"))["pid"] == os.getpid()
    finally:
        record.end()
        root.setLevel(level)
        for handler, was in zip(before, levels):  # noqa: B905 - as many
            handler.setLevel(was)
    assert root.handlers == before
    assert sys.excepthook is hook
    assert without_home("x") == "x"
