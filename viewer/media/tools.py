"""Where the external programs are, which versions, and what is missing (``soundbite doctor``)."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from viewer.base.language import tr_noop
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.media import process
from viewer.media.system_ytdlp import system_commands
from viewer.media.ytdlp_copies import YtdlpCopies

RUN_YTDLP_FLAG = "--run-ytdlp"
"""Makes a frozen Soundbite be yt-dlp: ``viewer.__main__`` handles it before anything else."""

RUN_WORKER_FLAG = "--run-worker"
"""Makes a frozen Soundbite be the warm worker process (:mod:`viewer.media.worker`)."""

RUN_COPY_FLAG = "--run-copy"
"""Makes a frozen Soundbite be a renewed yt-dlp (:mod:`viewer.media.ytdlp_start`)."""

RUN_PIP_FLAG = "--run-pip"
"""Makes a frozen Soundbite be the pip that came with it."""

YTDLP_ADVICE = tr_noop('Install it: pip install -U "yt-dlp[default,deno]"')
FFMPEG_ADVICE = tr_noop("Install ffmpeg, for example: sudo apt install ffmpeg")
DENO_ADVICE = tr_noop(
    'Install it: pip install -U "yt-dlp[default,deno]". Without a JavaScript runtime most YouTube videos fail.'
)

_PROBE_TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report. ``ok`` is False when something must be done: then ``advice`` says what."""

    name: str
    ok: bool
    version: str = ""
    path: str = ""
    advice: str = ""


def _frozen() -> bool:
    return bool(getattr(sys, "frozen", False))


def ytdlp_command() -> tuple[str, ...]:
    """How yt-dlp is started; empty when it is not installed. It is never imported into this process."""
    if _frozen():
        return (sys.executable, RUN_YTDLP_FLAG)
    if importlib.util.find_spec("yt_dlp") is None:
        return ()
    return (sys.executable, "-m", "yt_dlp")


def worker_command() -> tuple[str, ...]:
    """How the warm worker process is started."""
    if _frozen():
        return (sys.executable, RUN_WORKER_FLAG)
    # By path, so that it starts in any folder and without importing the rest of the program.
    return (sys.executable, str(Path(__file__).with_name("worker.py")))


def copy_command(folder: Path) -> tuple[str, ...]:
    """How the renewed yt-dlp in ``folder`` is started; its role follows (:mod:`viewer.media.ytdlp_start`)."""
    if _frozen():
        return (sys.executable, RUN_COPY_FLAG, str(folder))
    return (sys.executable, str(Path(__file__).with_name("ytdlp_start.py")), str(folder))


def pip_command() -> tuple[str, ...]:
    """How pip is started; empty when it is not installed."""
    if _frozen():
        return (sys.executable, RUN_PIP_FLAG)
    if importlib.util.find_spec("pip") is None:
        return ()
    return (sys.executable, "-m", "pip")


def _ytdlp_commands(paths: AppPaths) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How yt-dlp and the worker are started, as the user has chosen: the program's own, a renewed or the system's."""
    source = Settings(paths.settings_file).get("renew.source")
    if source == "system":
        found = system_commands()
        if found is not None:
            return found
    copy = YtdlpCopies(paths.ytdlp).active() if source == "renewed" else None
    if copy is not None:
        head = copy_command(copy.folder)
        return (*head, "ytdlp"), (*head, "worker")
    return ytdlp_command(), worker_command()


def _usable_ffmpeg(path: Path) -> bool:
    """Whether this ffmpeg runs and can make H.264 (distributions exist whose ffmpeg cannot)."""
    outcome = process.run(
        [str(path), "-hide_banner", "-encoders"], cwd=Path(os.sep), timeout_s=_PROBE_TIMEOUT_S
    )
    return outcome.ok and any("264" in line for line in outcome.stdout)


def _bundled_ffmpeg() -> Path | None:
    try:
        import imageio_ffmpeg

        found = imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError, OSError):
        return None
    # Where it falls back to the system's, it answers with the bare word "ffmpeg"; yt-dlp, given that, leaves
    # video and audio unmerged without a word.
    resolved = shutil.which(found)
    return Path(resolved).absolute() if resolved else None


def _find_ffmpeg() -> Path | None:
    system = shutil.which("ffmpeg")
    if system and _usable_ffmpeg(Path(system)):
        return Path(system).absolute()
    bundled = _bundled_ffmpeg()
    if bundled is not None:
        return bundled
    return Path(system).absolute() if system else None


def _find_deno() -> Path | None:
    name = "deno.exe" if sys.platform == "win32" else "deno"
    folders = [Path(sysconfig.get_path("scripts")), Path(sys.executable).parent]
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle:
        folders[:0] = [Path(bundle), Path(bundle) / "bin"]
    for folder in folders:
        if os.access(folder / name, os.X_OK) and (folder / name).is_file():
            return folder / name
    found = shutil.which("deno")
    return Path(found).absolute() if found else None


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs as found: how yt-dlp is started (argv head, empty when missing), ffmpeg's and deno's paths."""

    ytdlp: tuple[str, ...]
    ffmpeg: Path | None
    deno: Path | None
    worker: tuple[str, ...] = ()

    @classmethod
    def find(cls, paths: AppPaths | None = None) -> Tools:
        """Look for the programs anew. Never raises; what is missing is None. Blocks for some 50 to 200 ms."""
        ytdlp, worker = _ytdlp_commands(paths or AppPaths.standard())
        return cls(ytdlp, _find_ffmpeg(), _find_deno(), worker)


def _version_of(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _asked_version(path: Path, flag: str) -> str:
    outcome = process.run([str(path), flag], cwd=Path(os.sep), timeout_s=_PROBE_TIMEOUT_S)
    if not outcome.ok or not outcome.stdout:
        return ""
    words = outcome.stdout[0].split()
    return next((word for word in words[1:] if word[:1].isdigit() or word[:1] in "nN"), words[-1])


def _ytdlp_finding(tools: Tools) -> Finding:
    if not tools.ytdlp:
        return Finding("yt-dlp", False, advice=YTDLP_ADVICE)
    outcome = process.run(
        [*tools.ytdlp, "--ignore-config", "--version"], cwd=Path(os.sep), timeout_s=_PROBE_TIMEOUT_S
    )
    version = outcome.stdout[0].strip() if outcome.ok and outcome.stdout else ""
    return Finding(
        "yt-dlp", bool(version), version, process.shown(tools.ytdlp), "" if version else YTDLP_ADVICE
    )


def _program_finding(name: str, path: Path | None, flag: str, advice: str) -> Finding:
    if path is None:
        return Finding(name, False, advice=advice)
    version = _asked_version(path, flag)
    return Finding(name, bool(version), version, str(path), "" if version else advice)


def diagnose(tools: Tools | None = None) -> list[Finding]:
    """Versions, paths and what is missing with what to do, for ``soundbite doctor``. Blocks for about a second."""
    tools = tools or Tools.find()
    findings = [
        Finding("Python", True, platform.python_version(), sys.executable),
        _ytdlp_finding(tools),
        _program_finding("ffmpeg", tools.ffmpeg, "-version", FFMPEG_ADVICE),
        _program_finding("deno", tools.deno, "--version", DENO_ADVICE),
    ]
    pyside = _version_of("PySide6-Essentials") or _version_of("PySide6")
    # 6.12.0 loses a reference at every signal on Python 3.11 and then dies.
    findings.append(
        Finding(
            "PySide6",
            bool(pyside) and pyside != "6.12.0",
            pyside,
            advice="" if pyside and pyside != "6.12.0" else 'Install it: pip install "PySide6!=6.12.0"',
        )
    )
    return findings
