"""What lies in the library's folders: every file that may be a note or stand beside one, and what changed.

Nothing is opened here. The scan costs one directory listing and one stat a file; names that cannot matter are
not even looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from viewer.base.cancel import CancelToken

NOTE_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".txt"})
"""A file with one of these suffixes is always a note of its own."""

SIDE_SUFFIXES = frozenset({".vtt", ".srt", ".json3", ".json"})
"""Captions, speaker transcripts and yt-dlp's ``.info.json``: beside a note they enrich it, alone they are one."""

_LEFT_ALONE = frozenset(
    {
        *("node_modules", "__pycache__", "$RECYCLE.BIN", "System Volume Information"),
        *("lost+found", "@eaDir", "#recycle"),  # of Linux's disks (nobody may read it) and of network ones
    }
)
_SUFFIXES = NOTE_SUFFIXES | SIDE_SUFFIXES

FileState = tuple[int, int, int]
"""Size in bytes, modification time in ns, inode number. Equal states mean an unchanged file."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at the folders: every file's state by path, and the folders that could not be read."""

    files: dict[str, FileState]
    folders: tuple[str, ...]
    unreadable: tuple[str, ...] = ()

    @property
    def mark(self) -> int:
        """The same for two scans that found the same (64 bits, this process only): kept in the scan's place.

        Ten thousand files with their states take 4 MB.
        """
        return hash(frozenset(self.files.items()))


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference of two scans, as paths."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def is_left_alone(name: str) -> bool:
    """Whether a file or folder of this name is never looked into: hidden ones (.git, .obsidian), node_modules."""
    return name.startswith(".") or name in _LEFT_ALONE


def is_of_interest(name: str) -> bool:
    """Whether a file of this name may be a note or stand beside one."""
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in _SUFFIXES


def is_note_name(name: str) -> bool:
    """Whether a file of this name is a note whatever lies beside it."""
    return os.path.splitext(name)[1].lower() in NOTE_SUFFIXES


def scan(folders: Iterable[Path | str], cancel: CancelToken | None = None) -> Scan:
    """Look at every folder and what is below it; a single file may be given as well.

    Symbolic links are followed, but no folder is entered twice, so loops end. What cannot be read is listed,
    not raised. Raises Cancelled.
    """
    files: dict[str, FileState] = {}
    unreadable: list[str] = []
    seen: set[tuple[int, int]] = set()
    visited: list[str] = []
    for folder in folders:
        root = os.path.abspath(folder)
        try:
            state = os.stat(root)
        except OSError:
            unreadable.append(root)
            continue
        if not os.path.isdir(root):
            files[root] = (state.st_size, state.st_mtime_ns, state.st_ino)
            continue
        pending = [root]
        while pending:
            if cancel is not None:
                cancel.raise_if_cancelled()
            _scan_one(pending.pop(), pending, files, seen, visited, unreadable)
    return Scan(files, tuple(visited), tuple(unreadable))


def _scan_one(
    folder: str,
    pending: list[str],
    files: dict[str, FileState],
    seen: set[tuple[int, int]],
    visited: list[str],
    unreadable: list[str],
) -> None:
    """Read one folder. The loop is the library's hottest: no helper calls for plain files."""
    suffixes = _SUFFIXES
    try:
        own = os.stat(folder)
        mark = (own.st_dev, own.st_ino)
        if mark in seen:
            return
        seen.add(mark)
        visited.append(folder)
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name[0] == ".":
                    continue
                suffix = name[name.rfind(".") :]
                if suffix in suffixes or suffix.lower() in suffixes:
                    try:
                        state = entry.stat()
                    except OSError:
                        continue  # gone since the listing, or a link to nowhere
                    if (state.st_mode & 0o170000) == 0o100000:
                        files[entry.path] = (state.st_size, state.st_mtime_ns, state.st_ino)
                        continue
                if name not in _LEFT_ALONE:
                    try:
                        if entry.is_dir():
                            pending.append(entry.path)
                    except OSError:
                        continue
    except OSError:
        unreadable.append(folder)


def compare(before: Mapping[str, FileState], after: Mapping[str, FileState]) -> Changes:
    """What has been added, changed and removed between two scans."""
    if before == after:
        return Changes((), (), ())
    added, changed = [], []
    for path, state in after.items():
        known = before.get(path)
        if known is None:
            added.append(path)
        elif known != state:
            changed.append(path)
    removed = tuple(path for path in before if path not in after)
    return Changes(tuple(added), tuple(changed), removed)
