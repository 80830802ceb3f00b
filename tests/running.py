"""The program as a whole process, as a user's shell starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def soundbite(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``soundbite ARGUMENTS`` in the checkout and wait for it; ``env`` is put over the environment."""
    return subprocess.run(
        [sys.executable, "-m", "viewer", *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
    )
