"""Gathers the licences of everything that a bundle holds. Run by the build's Python: `licences.py BUNDLE`."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

_TEXT = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*$", re.I)

# The wheels of these carry no licence text, or carry a program whose licence is another than the wheel's own.
_NOTES = {
    "pyside6_essentials": "Qt and PySide6 by The Qt Company, used under the LGPL, version 3. The libraries lie apart in "
    "_internal/PySide6/Qt/lib and may be replaced. Source: https://download.qt.io/official_releases/QtForPython/. "
    "QtMultimedia's ffmpeg libraries (libav*, libsw*) are under the LGPL 2.1 or later. ICU is under the Unicode License. "
    "The LGPL's text: frozendict/LICENSE.txt; the GPL's: soundbite/LICENSE.",
    "citeproc_py": "Its English terms (citeproc/data/locales) are the Citation Style Language project's, under "
    "CC BY-SA 3.0.",
    "lxml": "Its library holds libxml2 and libxslt (MIT), libiconv (LGPL 2.1 or later) and zlib. "
    "Source: https://github.com/lxml/lxml.",
    "opentimelineio": "Its library holds RapidJSON (MIT) and Imath (BSD-3-Clause).",
    "imageio_ffmpeg": "The wheel is BSD-2-Clause; the ffmpeg program in it is under the GPL, version 3. "
    "Source: https://ffmpeg.org and https://johnvansickle.com/ffmpeg/.",
    "mutagen": "GPL-2.0-or-later: with it and ffmpeg, the bundle as a whole is under the GPL, version 3.",
}

STYLES = (
    "Citation styles (viewer/_data/resources/csl): CC-BY-SA-3.0, https://creativecommons.org/licenses/by-sa/3.0/\n"
    "    The official styles of the Citation Style Language project, unchanged; each names its authors."
)


def requirements(name: str, seen: set[str]) -> set[str]:
    """The names of everything installed that ``name`` needs, itself included."""
    key = re.sub(r"[-_.]+", "_", name).lower()
    if key in seen:
        return seen
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return seen
    seen.add(key)
    for requirement in distribution.requires or []:
        requirements(re.split(r"[\s;\[<>=!~(]", requirement, maxsplit=1)[0], seen)
    return seen


def licence_of(metadata: importlib.metadata.PackageMetadata) -> str:
    """What a package says its licence is, on one line."""
    for field in ("License-Expression", "License"):
        value = (metadata.get(field) or "").strip().splitlines()
        if value and value[0] not in ("UNKNOWN", ""):
            return value[0]
    classifiers = [
        c.split("::")[-1].strip() for c in metadata.get_all("Classifier") or [] if c.startswith("License")
    ]
    return ", ".join(classifiers) or "see its text"


def write_packages(folder: Path) -> list[str]:
    """Copy every package's licence texts; returns the lines of the list."""
    lines = []
    for key in sorted(requirements("soundbite", set()) | {"pyinstaller"}):
        distribution = importlib.metadata.distribution(key)
        target = folder / key
        for file in distribution.files or []:
            if ".dist-info" in str(file) and _TEXT.search(str(file)):
                target.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(distribution.locate_file(file), target / Path(str(file)).name)
        lines.append(
            f"{distribution.metadata['Name']} {distribution.version}: {licence_of(distribution.metadata)}"
        )
        if key in _NOTES:
            lines.append(f"    {_NOTES[key]}")
    return lines


def write_system(bundle: Path, folder: Path) -> list[str]:
    """Copy the copyright files of the Debian packages whose libraries PyInstaller took along."""
    if shutil.which("dpkg-query") is None:
        return []
    lines = []
    target = folder / "system"
    target.mkdir(parents=True, exist_ok=True)
    texts: dict[bytes, str] = {}
    names = sorted(file.name for file in (bundle / "_internal").glob("lib*.so*") if not file.is_symlink())
    for package in sorted({owner for name in names if (owner := package_of(name))}):
        copyright_file = Path("/usr/share/doc") / package / "copyright"
        if copyright_file.is_file():
            text = copyright_file.read_bytes()
            first = texts.setdefault(text, f"{package}.txt")
            if first == f"{package}.txt":
                (target / first).write_bytes(text)
            else:  # several packages of one source
                (target / f"{package}.txt").symlink_to(first)
        lines.append(f"{package}: a library of the system that the bundle was built on")
    return lines


def package_of(library: str) -> str | None:
    """The Debian package that has a shared library of this name in the system's folders; None when none has."""
    asked = subprocess.run(
        ["dpkg-query", "-S", f"*/lib/*/{library}"],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C"},
    )
    if asked.returncode or not asked.stdout:
        return None
    return asked.stdout.split(":", 1)[0].split(",")[0]


def main() -> None:
    bundle = Path(sys.argv[1])
    folder = bundle / "licences"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    lines = ["Soundbite is under the GPL, version 3 or later. In this bundle are also:", ""]
    lines += [*write_packages(folder), STYLES]
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if python.is_file():
        shutil.copyfile(python, folder / "python.txt")
    lines.append(f"Python {sys.version.split()[0]}: PSF-2.0")
    lines += write_system(bundle, folder)
    (folder / "README.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
