#!/usr/bin/env python3
"""Set up and run Soundbite from a checkout: ``dev.py start`` or ``dev.py test``. Standard library only.

Both make ``.venv`` beside ``pyproject.toml`` when it is not there, install what is missing, and go on. Nothing is
installed outside that folder.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("ruff", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("import-linter", ["lint-imports"]),
    # Two at a time: half of them wait for sockets and clocks. Generated texts are the same every time, so that a run
    # can be repeated; whoever runs pytest by hand goes on looking for others.
    ("tests", ["pytest", "-n", "2", "--dist", "worksteal", "--hypothesis-profile", "ci"]),
)


def install(extra: str) -> None:
    """Make the virtual environment and install the project into it, unless this very state is installed."""
    wanted = hashlib.sha256(
        (ROOT / "pyproject.toml").read_bytes() + extra.encode() + sys.version.encode()
    ).hexdigest()
    stamp = VENV / f"installed-{extra or 'plain'}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        print(f"Making a virtual environment in {VENV.name} ...", flush=True)
        venv.create(VENV, with_pip=True)
    print("Installing Soundbite and what it needs (a few minutes at the first time) ...", flush=True)
    target = f".[{extra}]" if extra else "."
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--editable",
        target,
    ]
    subprocess.run(pip, cwd=ROOT, check=True)
    stamp.write_text(wanted)


def start(arguments: list[str]) -> int:
    """Install, then open the window: with the sample library, or with the files and folders named."""
    install("")
    return subprocess.run([str(PYTHON), "-m", "viewer", *arguments]).returncode


def test(arguments: list[str]) -> int:
    """Install, then every check and all the tests. All are run, so one report shows everything that is wrong."""
    install("test")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    failed = []
    for name, command in CHECKS:
        began = time.monotonic()
        extra = arguments if name == "tests" else []
        print(f"== {name}", flush=True)
        program = BIN / (command[0] + (".exe" if os.name == "nt" else ""))
        outcome = subprocess.run([str(program), *command[1:], *extra], cwd=ROOT, env=environment)
        if name == "tests" and outcome.returncode == 1:
            # Real programs, sockets and clocks: what failed while the machine was busy gets one more try, in plain
            # sight. What fails twice is broken.
            print("== tests: once more, only what failed", flush=True)
            outcome = subprocess.run(
                [str(program), *command[1:], *extra, "--last-failed", "-n", "0"], cwd=ROOT, env=environment
            )
        print(
            f"== {name}: {'ok' if outcome.returncode == 0 else 'FAILED'}, {time.monotonic() - began:.0f} s",
            flush=True,
        )
        if outcome.returncode != 0:
            failed.append(name)
    if failed:
        print("failed: " + ", ".join(failed))
    return 1 if failed else 0


def main() -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("start", "test"))
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, help="handed on: files and folders, or pytest's options"
    )
    options = parser.parse_args()
    if not (3, 10) <= sys.version_info[:2] <= (3, 13):
        print(f"Soundbite needs Python 3.10 to 3.13; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    try:
        return start(options.arguments) if options.what == "start" else test(options.arguments)
    except subprocess.CalledProcessError as error:
        print(f"This step failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
