"""The yt-dlp that the user has installed themselves, and how to start the worker with it.

It comes in three shapes: a script of some Python (packages of distributions, pip, pipx), a zip file with a first line
for Python (yt-dlp's own release), or a program of its own. Of the first two the Python can be read, and the worker,
which imports nothing of ours, runs under that one; with the last only yt-dlp's command can be used, which is slower.
"""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

_SHEBANG_BYTES = 512


def find_system_ytdlp() -> Path | None:
    """The ``yt-dlp`` on the PATH or in the folder of the user's own programs; None when there is none.

    The one that was installed beside this Python is not the system's.
    """
    folders = [*os.environ.get("PATH", "").split(os.pathsep), str(Path.home() / ".local" / "bin")]
    own = Path(sys.executable).parent
    for folder in folders:
        if not folder or not os.path.isabs(folder) or Path(folder) == own:
            continue
        found = shutil.which("yt-dlp", path=folder)
        if found:
            return Path(found)
    return None


def _interpreter(program: Path) -> list[str]:
    """The Python of the script's first line; empty when it is no Python script."""
    try:
        with program.open("rb") as file:
            first = file.read(_SHEBANG_BYTES).split(b"\n", 1)[0]
    except OSError:
        return []
    if not first.startswith(b"#!"):
        return []
    words = first[2:].decode("utf-8", "replace").split()
    if words and Path(words[0]).name == "env":
        words = words[1:]
    if not words or not Path(words[0]).name.startswith("python"):
        return []
    found = shutil.which(words[0])
    return [found, *words[1:]] if found else []


def system_commands() -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """How the system's yt-dlp and the worker with it are started; None without one. No worker: an empty second part."""
    program = find_system_ytdlp()
    if program is None:
        return None
    worker = Path(__file__).with_name("worker.py")
    python = _interpreter(program)
    if not python or not worker.is_file():
        return (str(program),), ()
    if zipfile.is_zipfile(program):
        starter = str(Path(__file__).with_name("ytdlp_start.py"))
        return (str(program),), (*python, starter, str(program), "worker")
    return (str(program),), (*python, str(worker))
