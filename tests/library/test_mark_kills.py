"""SIGKILL while marking: what was confirmed is there. ``SOUNDBITE_KILLS=100`` kills as often as the issue asks for."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from viewer.library.mark_store import MarkStore
from viewer.library.user_store import UserStore

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("SOUNDBITE_KILLS", "10"))


def kept_in(file: Path) -> dict[str, str]:
    store = UserStore(file)
    try:
        assert store.recovered == ""
        assert store.pool.session().rows("PRAGMA integrity_check") == [("ok",)]
        marks = MarkStore(store.pool, store.journal).all()
        words = store.pool.session().row("SELECT count(*) FROM mark_words")
        assert words == (len(marks),)
        return {mark.id: mark.comment for mark in marks}
    finally:
        store.close()


def killed_while_marking(file: Path, seed: int, after_s: float) -> list[str]:
    """What the child said before it was killed, so many seconds after it began."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.library.marking_child", str(file), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        first = child.stdout.readline()
        assert first == "ready\n"
        time.sleep(after_s)
        child.kill()
        return child.stdout.read().splitlines()
    finally:
        child.kill()
        child.wait()


def test_nothing_confirmed_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "user.sqlite3"
    rng = random.Random(os.environ.get("SOUNDBITE_SEED", time.time_ns()))
    state: dict[str, str] = {}
    confirmed = pending = 0
    for number in range(KILLS):
        lines = killed_while_marking(file, rng.randrange(1 << 30), rng.uniform(0.0, 0.12))
        asked = ""
        for line in lines:
            if line.startswith("? "):
                asked = line[2:]
            elif line.startswith("! ") and line.endswith("}"):
                confirmed += 1
                asked = ""
                for mark_id, comment in json.loads(line[2:]).items():
                    if comment is None:
                        state.pop(mark_id, None)
                    else:
                        state[mark_id] = comment
        kept = kept_in(file)
        different = {mark_id for mark_id in {*state, *kept} if state.get(mark_id) != kept.get(mark_id)}
        # An act may have been written and the child killed before it could say so.
        assert not different or (asked and different <= {asked}) or (asked == "*" and len(different) == 1), (
            number
        )
        pending += bool(different)
        state = kept
    assert confirmed > KILLS
    print(
        f"{KILLS} kills, {confirmed} acts confirmed, {pending} written but not yet confirmed, {len(state)} marks"
    )
