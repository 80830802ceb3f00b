"""The folders of the program: what is the user's, what is disposable, what came with the program.

The split follows the XDG base directories (and their Windows and macOS counterparts, by platformdirs): *data* is
the user's and is kept, *cache* may be deleted at any time, *config* holds the settings.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "soundbite"

HOME_VARIABLE = "SOUNDBITE_HOME"
"""Environment variable that moves every folder of ours below one folder (portable use, tests)."""


@dataclass(frozen=True, slots=True)
class AppPaths:
    """Where this user's Soundbite keeps things. Nothing outside these folders is ever written unasked."""

    config: Path
    data: Path
    cache: Path
    log: Path

    @classmethod
    def below(cls, root: Path) -> AppPaths:
        """Every folder below ``root``."""
        return cls(root / "config", root / "data", root / "cache", root / "log")

    @classmethod
    def standard(cls) -> AppPaths:
        """The platform's own folders, or those below ``$SOUNDBITE_HOME`` when that is set."""
        home = os.environ.get(HOME_VARIABLE)
        if home:
            return cls.below(Path(home).absolute())
        dirs = platformdirs.PlatformDirs(APP_NAME, appauthor=False)
        return cls(
            Path(dirs.user_config_dir),
            Path(dirs.user_data_dir),
            Path(dirs.user_cache_dir),
            Path(dirs.user_log_dir),
        )

    @property
    def settings_file(self) -> Path:
        """The settings, as JSON."""
        return self.config / "settings.json"

    @property
    def index_file(self) -> Path:
        """The disposable search index."""
        return self.cache / "index.sqlite3"

    @property
    def user_file(self) -> Path:
        """The user's own database: reading positions, answers given, later marks."""
        return self.data / "soundbite.sqlite3"

    @property
    def clips(self) -> Path:
        """The clip store. In *data*: a clip kept for the train must survive a cleaned cache."""
        return self.data / "clips"

    @property
    def captions(self) -> Path:
        """Captions that were fetched, kept like clips."""
        return self.data / "captions"

    @property
    def add_queue(self) -> Path:
        """The videos that are still to become notes."""
        return self.data / "add_queue.json"

    @property
    def ytdlp(self) -> Path:
        """The copies of yt-dlp that were fetched to renew the program's own."""
        return self.data / "ytdlp"

    @property
    def work(self) -> Path:
        """Scratch folders of running downloads, and yt-dlp's empty working directory."""
        return self.cache / "work"

    @property
    def socket_file(self) -> Path:
        """Where a running instance listens for a second start's files."""
        return self.cache / "instance.sock"


def _shipped(name: str) -> Path:
    package = Path(__file__).resolve().parents[1]
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [package / "_data" / name, package.parent / name]
    if frozen:
        candidates.insert(0, Path(frozen) / name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(
        f"Soundbite's folder {name!r} is missing; looked in {', '.join(map(str, candidates))}"
    )


def resources_dir() -> Path:
    """Icons and themes that came with the program: from a checkout, a wheel or a frozen bundle."""
    return _shipped("resources")


def seeds_dir() -> Path:
    """The sample library that came with the program."""
    return _shipped("seeds")
