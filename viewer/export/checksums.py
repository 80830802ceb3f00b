"""SHA-256 of files, and whether a folder still is what its ``SHA256SUMS`` says (the form that ``sha256sum -c`` reads)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import ReadError
from viewer.base.language import tr

SUMS_NAME = "SHA256SUMS"
_BLOCK = 1 << 20
_ROW = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)\Z")
_MOST_BYTES = 4 << 20


def sha256_of(path: Path, cancel: CancelToken | None = None) -> str:
    """The SHA-256 of a file as hexadecimal letters. Raises OSError, Cancelled."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if cancel is not None:
                cancel.raise_if_cancelled()
            digest.update(block)
    return digest.hexdigest()


def write_sums(folder: Path, sums: Mapping[str, str]) -> None:
    """Write ``SHA256SUMS`` for files named relative to ``folder`` with ``/``. Raises OSError."""
    rows = (f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    (folder / SUMS_NAME).write_bytes("".join(rows).encode())


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: names of files that are as they were, changed, missing, or in the folder but not in the list.

    ``unsafe`` are names that point out of the folder; they were not looked at.
    """

    good: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    unsafe: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every file of the list is as it was (further files change nothing of that)."""
        return bool(self.good) and not (self.changed or self.missing or self.unsafe)


def verify_folder(
    folder: Path, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Verification:
    """Compare every file with ``SHA256SUMS``. Blocks; ``progress`` gets the share of files done, 0..1.

    Raises ReadError when there is no such list or it cannot be read, Cancelled.
    """
    wanted, unsafe = _read_sums(folder)
    good: list[str] = []
    changed: list[str] = []
    missing: list[str] = []
    for number, (name, digest) in enumerate(wanted.items()):
        progress(number / len(wanted))
        path = folder / name
        try:
            (good if sha256_of(path, cancel) == digest else changed).append(name)
        except FileNotFoundError:
            missing.append(name)
        except OSError as error:
            raise ReadError(tr("{name} cannot be read.").format(name=name), "", str(error)) from error
    progress(1.0)
    known = {*wanted, SUMS_NAME}
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    added = sorted(name for name in there if name not in known)
    return Verification(tuple(good), tuple(changed), tuple(missing), tuple(added), tuple(unsafe))


def _read_sums(folder: Path) -> tuple[dict[str, str], list[str]]:
    path = folder / SUMS_NAME
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise ReadError(
            tr("There is no list of checksums in {folder}.").format(folder=folder),
            tr("Name the folder of an evidence bundle: it holds a file {name}.").format(name=SUMS_NAME),
            str(error),
        ) from error
    wanted: dict[str, str] = {}
    unsafe = []
    for row in text.splitlines():
        match = _ROW.match(row)
        if match is None:
            if row.strip():
                unsafe.append(row[:80])
        elif _safe(folder, match[2]):
            wanted[match[2]] = match[1].lower()
        else:
            unsafe.append(match[2])
    return wanted, unsafe


def _safe(folder: Path, name: str) -> bool:
    """Whether a name stays in the folder, through links, too."""
    plain = PurePosixPath(name)
    if plain.is_absolute() or ".." in plain.parts or "\\" in name or ":" in name:
        return False
    return (folder / name).resolve().is_relative_to(folder.resolve())
