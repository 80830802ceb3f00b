"""Where the external programs are, which versions, and what is missing (``soundbite doctor``)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report. ``ok`` is False when something must be done: then ``advice`` says what."""

    name: str
    ok: bool
    version: str = ""
    path: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs as found: how yt-dlp is started (argv head), ffmpeg's and deno's absolute paths."""

    ytdlp: tuple[str, ...]
    ffmpeg: Path | None
    deno: Path | None

    @classmethod
    def find(cls) -> Tools:
        """Look for the programs anew. Never raises; what is missing is None."""
        raise NotImplementedError


def diagnose() -> list[Finding]:
    """Versions, paths and what is missing with what to do, for ``soundbite doctor``."""
    raise NotImplementedError
