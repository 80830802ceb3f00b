"""The catalog of one command."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.library.conftest import note_text
from viewer.base.paths import AppPaths
from viewer.library.session import open_catalog


def test_indexes_that_nobody_used_for_long_are_deleted(own_folders: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text(note_text("Talk"), encoding="utf-8")
    folder = AppPaths.standard().cache / "indexes"
    folder.mkdir(parents=True)
    ages = {"old": 61, "young": 59}
    for name, days in ages.items():
        for suffix in ("", "-wal"):
            (folder / f"{name}.sqlite3{suffix}").write_bytes(b"x")
        then = time.time() - days * 24 * 3600
        os.utime(folder / f"{name}.sqlite3", (then, then))
    with open_catalog(str(notes)) as catalog:
        assert catalog.search("talk").hits
    left = {path.name for path in folder.glob("*.sqlite3*")}
    assert not {name for name in left if name.startswith("old")}
    assert {"young.sqlite3", "young.sqlite3-wal"} < left
