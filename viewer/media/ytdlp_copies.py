"""The copies of yt-dlp that renewal has fetched: which one is active, whether it is still what was fetched.

::

    data/ytdlp/active.json          which one, which one before it, and their manifests' SHA-256
    data/ytdlp/2026.10.26/          the copy: what pip put there, put first on the module path
    data/ytdlp/2026.10.26.json      its manifest: every file with its SHA-256
    data/ytdlp/2026.10.26.failed    it did not start, and why (written by ytdlp_start)

A copy that was changed, does not fit this Python, or failed to start is passed over: then the one before it serves,
then the one that came with the program.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import logging
import re
import shutil
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.base.settings import write_atomically
from viewer.base.untrusted import read_json
from viewer.media.ytdlp_start import FAILED_SUFFIX

log = logging.getLogger(__name__)

_VERSION = re.compile(r"\d{4}\.\d{1,2}\.\d{1,2}(\.\d+)?")


@dataclass(frozen=True, slots=True)
class YtdlpCopy:
    """A renewed yt-dlp on the disk. ``version`` as its distribution names it (``2026.10.26``)."""

    version: str
    folder: Path


def version_key(version: str) -> tuple[int, ...]:
    """For comparing: ``2026.08.19`` and ``2026.8.19`` are the same. Empty for what is no yt-dlp version."""
    return tuple(int(part) for part in version.split(".")) if _VERSION.fullmatch(version) else ()


def age_days(version: str, today: datetime.date) -> int | None:
    """How many days ago this version was made: a yt-dlp version is a date. None when it is none."""
    key = version_key(version)
    try:
        return max(0, (today - datetime.date(*key[:3])).days) if key else None
    except ValueError:
        return None


def bundled_version() -> str:
    """The version that came with the program, without importing it; empty when there is none."""
    try:
        # Not importlib.metadata.version: that parses the whole manual page in it, 20 ms and 2 MB.
        told = importlib.metadata.distribution("yt-dlp").read_text("METADATA") or ""
    except importlib.metadata.PackageNotFoundError:
        return ""
    found = re.search(r"^Version: *(\S+)", told, re.MULTILINE)
    return found[1] if found is not None else ""


def this_python() -> str:
    """What a copy's compiled parts depend on: ``cpython-311 linux-x86_64``."""
    return f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest_of(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` with its SHA-256. Raises OSError; ReadError for a link, which could lead anywhere."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise ReadError(tr("The fetched yt-dlp holds a link, which it must not."), detail=str(path))
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = _digest(path)
    return found


class YtdlpCopies:
    """The copies below one folder. Any thread and any process may read; one at a time may change (``FileLock``)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._state_file = root / "active.json"

    def state(self) -> list[tuple[str, str]]:
        """(version, manifest's SHA-256) of the active copy and the one before it, newest first; perhaps none."""
        try:
            value: Any = read_json(self._state_file.read_text("utf-8"))
            rows = [(row["version"], row["manifest"]) for row in value["copies"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("%s cannot be read, the yt-dlp of the program is used: %s", self._state_file, error)
            return []
        # The name becomes a path: nothing but a version may.
        return [(version, digest) for version, digest in rows if version_key(str(version))]

    def active(self) -> YtdlpCopy | None:
        """The newest sound copy that is newer than the program's own; None when that one serves.

        Blocks for some 100 ms: every file is compared with what was fetched.
        """
        own = version_key(bundled_version())
        for version, digest in self.state():
            if version_key(version) <= own:
                return None  # the program itself has been renewed since
            trouble = self._trouble(version, digest)
            if not trouble:
                return YtdlpCopy(version, self.root / version)
            log.warning("the renewed yt-dlp %s is passed over: %s", version, trouble)
        return None

    def troubles(self) -> list[tuple[str, str]]:
        """(version, why) of the copies that are passed over."""
        told = [(version, self._trouble(version, digest)) for version, digest in self.state()]
        return [(version, why) for version, why in told if why]

    def _trouble(self, version: str, digest: str) -> str:
        folder, file = self.root / version, self._manifest_file(version)
        failed = self.root / (version + FAILED_SUFFIX)
        try:
            if failed.exists():
                return "it did not start: " + failed.read_text("utf-8", "replace").strip()
            if _digest(file) != digest:
                return "its list of files was changed"
            manifest = read_json(file.read_text("utf-8"))
            if manifest["python"] != this_python():
                return f"it was fetched for {manifest['python']}"
            if manifest_of(folder) != manifest["files"]:
                return "its files were changed"
        except (OSError, ValueError, KeyError, TypeError, ReadError) as error:
            return f"it cannot be read: {error}"
        return ""

    def _manifest_file(self, version: str) -> Path:
        return self.root / f"{version}.json"

    def activate(self, fresh: Path, version: str, wheels: Sequence[dict[str, str]] = ()) -> YtdlpCopy:
        """Move the proved folder ``fresh`` to its place, write its manifest, and make it the active one.

        The switch is one atomic write; whatever fails before it leaves the active one as it is. The copy that was
        active is kept, older ones are deleted. ``wheels`` (name, version, sha256) are recorded. Raises ReadError.
        """
        if not version_key(version):
            raise ReadError(tr("What was fetched is no version of yt-dlp."), detail=version)
        before = [row for row in self.state() if row[0] != version]
        sound = [row for row in before if not self._trouble(*row)]
        place, file = self.root / version, self._manifest_file(version)
        try:
            manifest = {"python": this_python(), "wheels": list(wheels), "files": manifest_of(fresh)}
            shutil.rmtree(place, ignore_errors=True)
            (self.root / (version + FAILED_SUFFIX)).unlink(missing_ok=True)
            fresh.replace(place)
            write_atomically(file, json.dumps(manifest, indent=1, sort_keys=True))
            self._write([(version, _digest(file)), *sound[:1]])
        except OSError as error:
            raise ReadError(
                tr("The renewed yt-dlp could not be put in its place."),
                tr("Check the free space."),
                str(error),
            ) from error
        self._sweep()
        return YtdlpCopy(version, place)

    def go_back(self) -> str:
        """Leave the active copy for the one before it, else for the program's own; returns the version that serves."""
        self._write(self.state()[1:])
        self._sweep()
        copy = self.active()
        return copy.version if copy is not None else bundled_version()

    def _write(self, rows: Sequence[tuple[str, str]]) -> None:
        copies = [{"version": version, "manifest": digest} for version, digest in rows]
        write_atomically(self._state_file, json.dumps({"format": 1, "copies": copies}, indent=1))

    def _sweep(self) -> None:
        kept = {version for version, _ in self.state()}
        for path in self.root.iterdir():
            version = path.name.removesuffix(".json").removesuffix(FAILED_SUFFIX)
            if version_key(version) and version not in kept:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
