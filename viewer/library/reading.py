"""Files -> rows for the index, many at a time: on this thread, or in further processes when there is much."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from viewer.base.cancel import CancelToken
from viewer.domain.note import NoteFormat
from viewer.library.loader import load
from viewer.library.passages import NoteRows, rows_of
from viewer.library.scanner import FileState


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
    for path in paths:
        if cancel is not None:
            cancel.raise_if_cancelled()
        yield path, read_one(path)
