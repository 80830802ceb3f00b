from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from viewer.base.errors import ViewerError
from viewer.qt import single_instance
from viewer.qt.single_instance import SingleInstance, portable_arguments, read_message, socket_name

Until = Callable[[Callable[[], object]], None]

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from viewer.qt.single_instance import SingleInstance
app = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
first = instance.claim(sys.argv[2:])
print("first" if first else "second", flush=True)
if first:
    app.exec()
"""
ROOT = Path(__file__).resolve().parents[2]


def start(socket_file: Path, *arguments: str, cwd: Path = ROOT) -> subprocess.Popen[str]:
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    return subprocess.Popen(
        [sys.executable, "-c", SECOND, str(socket_file), *arguments],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def socket_file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "instance.sock"


@pytest.fixture
def first(qtbot: QtBot, socket_file: Path) -> Iterator[SingleInstance]:
    instance = SingleInstance(socket_file)
    assert instance.claim([])
    yield instance
    instance.close()


def test_a_second_start_hands_its_arguments_to_the_first(
    qtbot: QtBot, first: SingleInstance, socket_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "-a note.md").touch()
    with qtbot.waitSignal(first.received, timeout=20_000) as told:
        second = start(socket_file, "-a note.md", "soundbite:dQw4w9WgXcQ?t=16-60", "absent.md", cwd=tmp_path)
    assert told.args == [[str(tmp_path / "-a note.md"), "soundbite:dQw4w9WgXcQ?t=16-60", "absent.md"]]
    assert second.communicate(timeout=10)[0] == "second\n"


def test_a_killed_first_does_not_keep_the_next_from_being_first(socket_file: Path) -> None:
    killed = start(socket_file)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "first\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    assert socket_file.exists(), "the crash was to leave its socket behind"
    began = time.monotonic()
    after = SingleInstance(socket_file)
    assert after.claim([])
    assert time.monotonic() - began < 1
    after.close()


def test_a_first_that_has_gone_lets_the_next_be_first(first: SingleInstance, socket_file: Path) -> None:
    first.close()
    next_one = SingleInstance(socket_file)
    assert next_one.claim([])
    next_one.close()


def test_a_first_that_does_not_answer_costs_patience_and_no_window(
    first: SingleInstance, socket_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "PATIENCE_S", 0.2)
    # The first's event loop stands still here, as in a hung program.
    second = SingleInstance(socket_file)
    assert second.claim(["x.md"])


def test_rubbish_is_sent_away_and_the_next_is_heard(
    qtbot: QtBot, until: Until, first: SingleInstance, socket_file: Path
) -> None:
    heard: list[list[str]] = []
    first.received.connect(heard.append)
    for rubbish in (b"GET / HTTP/1.1\r\n\r\n", b"[]\n", b'{"arguments": [1]}\n', b"x" * 70_000):
        hostile = QLocalSocket()
        hostile.connectToServer(socket_name(socket_file))
        assert hostile.waitForConnected(1000)
        hostile.write(rubbish)
        hostile.flush()
        until(lambda hostile=hostile: hostile.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert heard == []
    with qtbot.waitSignal(first.received, timeout=20_000):
        second = start(socket_file, "y.md")
    assert second.communicate(timeout=20)[0] == "second\n"
    assert heard == [["y.md"]]


def test_only_this_user_may_connect(first: SingleInstance, socket_file: Path) -> None:
    assert socket_file.stat().st_mode & 0o077 == 0


def test_two_homes_are_two_programs(first: SingleInstance, tmp_path: Path) -> None:
    other = SingleInstance(tmp_path / "other" / "instance.sock")
    assert other.claim([])
    other.close()


def test_a_folder_that_cannot_be_made_is_no_reason_not_to_start(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert SingleInstance(tmp_path / "file" / "instance.sock").claim([])


def test_a_path_too_long_for_a_socket_gets_a_short_name(qtbot: QtBot, tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 30) / "instance.sock"
    assert len(socket_name(deep)) < 104
    assert socket_name(deep) != socket_name(deep.with_name("other.sock"))
    instance = SingleInstance(deep)
    assert instance.claim([])
    instance.close()
    QLocalServer.removeServer(socket_name(deep))


def test_too_many_arguments_are_told_to_the_user(socket_file: Path, qtbot: QtBot) -> None:
    with pytest.raises(ViewerError, match="too many"):
        SingleInstance(socket_file).claim(["a"] * 1000)


def test_reads_messages() -> None:
    assert read_message(json.dumps({"arguments": ["a"], "token": "t"}).encode()) == (["a"], "t")
    assert read_message(b'{"arguments": [], "token": "bad\\n"}') == ([], "")
    assert read_message(b'{"arguments": ["a\\u0000"]}') is None
    assert read_message(b"\xff") is None


def test_arguments_that_name_files_become_whole_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").touch()
    assert portable_arguments(["a.md", "b.md", "x" * 5000, "nul\0"]) == [
        str(tmp_path / "a.md"),
        "b.md",
        "x" * 5000,
        "nul\0",
    ]


@pytest.mark.parametrize("bomb", [b"[" * 60_000, b'{"arguments":' * 5_000], ids=["lists", "objects"])
def test_a_message_that_is_nested_without_end_is_none(bomb: bytes) -> None:
    assert read_message(bomb) is None
