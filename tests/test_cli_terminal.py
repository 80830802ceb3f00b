"""What a terminal shows of a note commands it nothing: titles, quotes and names of files may hold its own words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT
from viewer.cli_common import CLEAR_LINE, harmless

NOTE = """---
title: "A talk \x1b]0;owned\x07\x1b[2J \x9b31m"
video_id: dQw4w9WgXcQ
---

# Notes \x1b[31m

> "A quote \x1b[6n of \x08\x08\x08 it" \u2014 Jane\x1b[8m Doe [0:16]
"""


@pytest.mark.parametrize(
    "text", ["a\x1b[31mb", "\x07", "\x9b2J", "x\rbroken", "\x7f", CLEAR_LINE + "\x1b[2J"]
)
def test_what_commands_is_shown_instead(text: str) -> None:
    shown = harmless(text).removeprefix(CLEAR_LINE)
    assert not [letter for letter in shown if not letter.isprintable()]


def test_words_lines_and_tabs_stay() -> None:
    assert harmless("Jane\tDoe\n\u202b\u4e2d\U0001f600") == "Jane\tDoe\n\u202b\u4e2d\U0001f600"


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are Unix's")
@pytest.mark.parametrize("command", ["show", "check", "no\x1b[31msuch"])
def test_a_terminal_is_not_commanded(tmp_path: Path, command: str) -> None:
    note = tmp_path / "a\x1b[31m.md"
    note.write_text(NOTE, "utf-8")
    arguments = ["show", str(tmp_path / command)] if "\x1b" in command else [command, str(note)]
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "viewer", *arguments],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    told = b""
    while True:
        try:
            block = os.read(ours, 65536)
        except OSError:  # Linux says so that the other end is closed
            break
        if not block:
            break
        told += block
    process.wait(60)
    os.close(ours)
    assert told
    assert not [letter for letter in told.decode() if not letter.isprintable() and letter not in "\r\n"]
