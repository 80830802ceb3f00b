"""Files -> rows for the index, many at a time: on this thread, or in further processes when there is much.

Reading a note is Python's work and writing it SQLite's; with processes the two go on at once, and a first index
does not compete with the window for the interpreter.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence

from viewer.base.cancel import CancelToken
from viewer.domain.note import NoteFormat
from viewer.library.loader import load
from viewer.library.passages import NoteRows, rows_of
from viewer.library.scanner import FileState

log = logging.getLogger(__name__)

_MUCH_BYTES = 12_000_000
"""Below this, starting processes costs more than they save (each needs about half a second)."""

_CHUNK = 8


def read_one(path: str) -> NoteRows:
    """The rows of one file, whatever it holds."""
    loaded = load(path)
    return rows_of(loaded.note, loaded.siblings, loaded.fingerprint, os.path.basename(path))


def read_captions(paths: Sequence[str]) -> tuple[str, NoteRows] | None:
    """Of the caption files of one talk, best first, the one that is the note; None when none is worth listing.

    The first one that has captions. Else the first that calls itself a caption file, with its problem; a JSON file
    that holds something else is none of our business.
    """
    fallback = None
    for path in paths:
        rows = read_one(path)
        if rows.format == NoteFormat.CAPTIONS.value:
            return path, rows
        if fallback is None and not path.lower().endswith(".json"):
            fallback = path, rows
    return fallback


def read_all(
    paths: Sequence[str], files: Mapping[str, FileState], cancel: CancelToken | None
) -> Iterator[tuple[str, NoteRows]]:
    """The rows of every path, in any order. Raises Cancelled."""
    done: set[str] = set()
    if sum(files[path][0] for path in paths) >= _MUCH_BYTES and len(paths) > 2 * _CHUNK:
        # Here: a start that has little to read needs none of it, and it takes time to load.
        from concurrent.futures.process import BrokenProcessPool

        try:
            for path, rows in _read_in_processes(paths, cancel):
                done.add(path)
                yield path, rows
        except (BrokenProcessPool, OSError) as error:
            # A process that died (out of memory, a frozen program without a way to start one) loses no note.
            log.warning("reading on without further processes: %s", error)
    for path in paths:
        if path in done:
            continue
        if cancel is not None:
            cancel.raise_if_cancelled()
        yield path, read_one(path)


def _read_in_processes(paths: Sequence[str], cancel: CancelToken | None) -> Iterator[tuple[str, NoteRows]]:
    from viewer.library.processes import in_processes

    return in_processes(_read_named, paths, _CHUNK, cancel)


def _read_named(path: str) -> tuple[str, NoteRows]:
    return path, read_one(path)
