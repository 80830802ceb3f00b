"""The Debian package: the bundle without what Debian itself provides, in /usr/lib/soundbite."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from builder import linux, steps
from builder.licences import package_of

STAGE = steps.BUILD / "deb"
MAINTAINER = "The Soundbite authors <maintainers@soundbite.invalid>"

# Loaded at run time (by Qt and its plug-ins), so that no tool finds them; without the xcb ones no window opens.
LOADED_LATER = (
    *(
        "libegl1",
        "libgl1",
        "libpulse0",
        "libdbus-1-3",
        "libfontconfig1",
        "libssl3",
        "libxcb-cursor0",
        "libxcb-icccm4",
    ),
    *("libxcb-keysyms1", "libxcb-shape0", "libxkbcommon-x11-0", "libxrandr2", "libdrm2", "libxext6"),
    *("ca-certificates", "ffmpeg", "hicolor-icon-theme"),
)

DESCRIPTION = """\
Description: read a talk and hear it: every quote is a play button
 Soundbite opens your video notes - Markdown with front matter, show notes,
 captions - and shows the library, the transcript and the highlights side by
 side. Click a quote, and exactly that segment of the video is fetched with
 yt-dlp, kept, and played. It works offline with everything it has kept.
"""


def _taken_from_debian(internal: Path) -> list[str]:
    """Remove the system's libraries that PyInstaller took along: here Debian provides them. Returns their names."""
    removed = []
    for file in sorted(internal.glob("lib*.so*")):
        if not file.is_symlink() and "python" not in file.name and package_of(file.name):
            file.unlink()
            removed.append(file.name)
    return removed


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def dependencies(root: Path) -> list[str]:
    """What the package needs: as linked (dpkg-shlibdeps), and as loaded later."""
    work = steps.BUILD / "shlibdeps"
    shutil.rmtree(work, ignore_errors=True)
    (work / "debian").mkdir(parents=True)
    (work / "debian" / "control").write_text("Source: soundbite\n\nPackage: soundbite\nArchitecture: any\n")
    internal = root / "usr/lib/soundbite/_internal"
    binaries = [
        path
        for path in sorted((root / "usr/lib/soundbite").rglob("*"))
        # The foreign programs are built against another C library: read as ours they give false bounds.
        if path.is_file() and not path.is_symlink() and path.parent.name != "bin" and _is_elf(path)
    ]
    private = [
        f"-l{internal}",
        f"-l{internal / 'PySide6/Qt/lib'}",
        f"-l{internal / 'PySide6'}",
        f"-l{internal / 'shiboken6'}",
    ]
    argv = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", *private, *map(str, binaries)]
    outcome = subprocess.run(argv, cwd=work, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise SystemExit(f"dpkg-shlibdeps failed:\n{outcome.stderr[-3000:]}")
    linked = re.sub(r"^shlibs:Depends=", "", outcome.stdout.strip())
    return merged([part.strip() for part in linked.split(",") if part.strip()], LOADED_LATER)


def merged(linked: list[str], more: tuple[str, ...]) -> list[str]:
    """Both lists as one, sorted, no package twice."""
    names = {entry.split()[0] for entry in linked}
    return sorted([*linked, *(name for name in more if name not in names)])


def control(version: str, architecture: str, depends: list[str], size_kib: int) -> str:
    """The package's control file."""
    return (
        f"Package: soundbite\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n"
        f"Installed-Size: {size_kib}\nDepends: {', '.join(depends)}\nSection: video\nPriority: optional\n{DESCRIPTION}"
    )


def copyright_text(licences: Path) -> str:
    """debian/copyright in its machine-readable form; the texts of what is inside lie beside it."""
    comment = "\n".join(
        f" {line}" if line.strip() else " ." for line in (licences / "README.txt").read_text().splitlines()
    )
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: Soundbite\n"
        "Comment:\n"
        f"{comment}\n .\n The texts of these licences are in /usr/share/doc/soundbite/licences.\n\n"
        "Files: *\nCopyright: The Soundbite authors, and those named in the texts above\nLicense: GPL-3+\n"
        " On Debian systems the full text of the GNU General Public License, version 3,\n"
        " is in /usr/share/common-licenses/GPL-3.\n\n"
        "Files: usr/lib/soundbite/_internal/viewer/_data/resources/csl/*.csl\n"
        " usr/lib/soundbite/_internal/citeproc/data/locales/*\n"
        "Copyright: The Citation Style Language project, and the authors named in each file\n"
        "License: CC-BY-SA-3.0\n"
        " This work is licensed under a Creative Commons Attribution-ShareAlike 3.0 License:\n"
        " https://creativecommons.org/licenses/by-sa/3.0/legalcode\n"
    )


def _changelog(version: str) -> bytes:
    moment = datetime.datetime.fromtimestamp(int(steps.source_date()), datetime.timezone.utc)
    text = f"soundbite ({version}) unstable; urgency=medium\n\n  * See CHANGELOG.md in the source.\n\n"
    text += f" -- {MAINTAINER}  {moment:%a, %d %b %Y %H:%M:%S +0000}\n"
    return gzip.compress(text.encode(), 9, mtime=0)


def _set_modes(root: Path) -> None:
    for path in [root, *root.rglob("*")]:
        if path.is_symlink():
            continue
        if path.is_dir():
            path.chmod(0o755)
        else:
            program = path.name == "soundbite" or path.parent.name == "bin"
            path.chmod(0o755 if program and _is_elf(path) else 0o644)


def stage() -> Path:
    """Lay out the package's files below build/deb."""
    shutil.rmtree(STAGE, ignore_errors=True)
    library = STAGE / "usr/lib/soundbite"
    library.parent.mkdir(parents=True)
    shutil.copytree(steps.BUNDLE, library, symlinks=True)
    for program in (library / "_internal/imageio_ffmpeg/binaries").glob("ffmpeg*"):
        program.unlink()  # Debian's is depended upon
    removed = _taken_from_debian(library / "_internal")
    steps.say(f"left to Debian: {len(removed)} libraries and ffmpeg")
    documents = STAGE / "usr/share/doc/soundbite"
    documents.mkdir(parents=True)
    shutil.rmtree(library / "licences" / "system", ignore_errors=True)
    (documents / "copyright").write_text(copyright_text(library / "licences"), encoding="utf-8")
    shutil.move(library / "licences", documents / "licences")
    (documents / "changelog.gz").write_bytes(_changelog(steps.version()))
    linux.place_desktop_files(STAGE / "usr/share")
    (STAGE / "usr/bin").mkdir()
    (STAGE / "usr/bin/soundbite").symlink_to("../lib/soundbite/soundbite")
    overrides = STAGE / "usr/share/lintian/overrides/soundbite"
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(steps.PACKAGING / "linux/lintian-overrides", overrides)
    _set_modes(STAGE)
    return STAGE


def build() -> Path:
    """Make dist/soundbite_VERSION_ARCH.deb."""
    steps.say("making the Debian package")
    root = stage()
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    meta = root / "DEBIAN"
    meta.mkdir()
    text = control(steps.version(), architecture, dependencies(root), steps.size_bytes(root / "usr") // 1024)
    (meta / "control").write_text(text, encoding="utf-8")
    sums = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(root)}\n"
        for path in sorted((root / "usr").rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]
    (meta / "md5sums").write_text("".join(sums), encoding="utf-8")
    target = steps.DIST / f"soundbite_{steps.version()}_{architecture}.deb"
    environment = dict(os.environ, SOURCE_DATE_EPOCH=steps.source_date())
    steps.run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "--build", root, target], env=environment)
    return target
