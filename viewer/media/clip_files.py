"""The files of a kept clip, so written that a crash leaves whole ones only."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path


def sidecar(path: Path) -> Path:
    """The JSON file beside a clip: what it is, and when it was played."""
    return path.with_suffix(".json")


def put(source: Path, target: Path) -> None:
    """Move a file; by a copy when the store has been moved to another file system since the download began.

    Raises OSError.
    """
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = target.with_suffix(".mp4.part")
        shutil.copyfile(source, part)
        sync(part)
        part.replace(target)


def delete(path: Path) -> None:
    """Delete a clip and what stands beside it; what is gone already is no error. Raises OSError."""
    path.unlink(missing_ok=True)
    sidecar(path).unlink(missing_ok=True)


def write_json(path: Path, values: dict[str, object]) -> None:
    """Write a JSON file so that a crash leaves the old one or the new one. Raises OSError."""
    new = path.with_suffix(".json.new")
    try:
        with new.open("w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def sync(path: Path) -> None:
    """Wait until a file is on the disk. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until a folder's entries are on the disk. Raises OSError."""
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows cannot
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
