"""Windows: the version resource of the programs. A recipe, not yet run on Windows."""

from __future__ import annotations

import re
from pathlib import Path


def version_numbers(version: str) -> tuple[int, int, int, int]:
    """Windows wants four numbers: those at the version's front, then zeros ("0.2.0rc1" is 0.2.0.0)."""
    numbers = [int(part) for part in re.match(r"[\d.]*", version)[0].split(".") if part][:4]  # type: ignore[index]
    return tuple(numbers + [0] * (4 - len(numbers)))  # type: ignore[return-value]


def version_resource(version: str) -> str:
    """PyInstaller's version file: https://pyinstaller.org/en/stable/usage.html#capturing-windows-version-data"""
    numbers = version_numbers(version)
    strings = {
        "CompanyName": "The Soundbite authors",
        "FileDescription": "Soundbite",
        "FileVersion": version,
        "InternalName": "soundbite",
        "LegalCopyright": "GPL-3.0-or-later",
        "OriginalFilename": "soundbite.exe",
        "ProductName": "Soundbite",
        "ProductVersion": version,
    }
    rows = ",\n        ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    return f"""VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004, fileType=1, subtype=0,
    date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
        {rows}
    ])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])])
  ]
)
"""


def write_version_resource(folder: Path, version: str) -> Path:
    """Write the version file into ``folder``."""
    target = folder / "version_resource.txt"
    target.write_text(version_resource(version), encoding="utf-8")
    return target
