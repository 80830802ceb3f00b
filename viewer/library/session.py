"""A catalog for one command: opened, brought up to date, closed."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.base.paths import AppPaths, seeds_dir
from viewer.base.settings import Settings
from viewer.library.catalog import Catalog

log = logging.getLogger(__name__)


_KEPT_DAYS = 60
"""The index of a folder that nobody has asked about for so long is deleted: one of 10 000 notes has 0.8 GB."""


def _tidy(used: Path) -> None:
    """Note that an index was used, and delete those that have long not been."""
    now = time.time()
    try:
        os.utime(used, (now, now))
        for index in used.parent.glob("*.sqlite3"):
            if now - index.stat().st_mtime > _KEPT_DAYS * 24 * 3600:
                for suffix in ("", "-wal", "-shm"):
                    Path(f"{index}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        log.info("old indexes stay: %s", error)


@contextmanager
def open_catalog(folder: str | None = None) -> Iterator[Catalog]:
    """The remembered library, or that of one folder, refreshed. Raises ReadError.

    A folder given has an index of its own, else it would push the remembered folders out of theirs.
    """
    paths = AppPaths.standard()
    index = paths.index_file
    if folder is not None:
        if not os.path.exists(folder):
            raise ReadError(tr("There is no folder {folder}.").format(folder=folder), tr("Check its name."))
        folders = [os.path.abspath(folder)]
        name = hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:16]
        index = paths.cache / "indexes" / f"{name}.sqlite3"
    else:
        folders = list(Settings(paths.settings_file).get("library.folders")) or [str(seeds_dir())]
    catalog = Catalog(index, paths.user_file)
    try:
        catalog.refresh([Path(item) for item in folders])
        if folder is not None:
            _tidy(index)
        yield catalog
    finally:
        catalog.close()
