"""What goes into the bundle and what stays out. Used by soundbite.spec on every system; imports nothing by itself.

PyInstaller's hooks gather every plug-in of every Qt module that is used. Most of it is for phones, servers and
screens without a desktop; left out are those plug-ins and then every Qt library that nothing kept needs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

Entry = tuple[str, str, str]
"""PyInstaller's (name in the bundle, source path, kind)."""

TERMINAL_MODULES = ("curses", "_curses", "_curses_panel", "readline", "nis", "ossaudiodev")

EXCLUDED_MODULES = (
    *TERMINAL_MODULES,
    "tkinter",
    "_tkinter",
    "turtle",
    "turtledemo",
    "idlelib",
    "lib2to3",
    "test",
    "ensurepip",
    "setuptools",
    "pkg_resources",
    "PyInstaller",
    "numpy",
    # Of lxml only its etree is used; objectify alone would be 1.2 MB of the package.
    *(f"lxml.{name}" for name in ("objectify", "html", "isoschematron", "sax", "builder", "cssselect")),
    # An accelerator of 1.4 MB for terminals; the package does without it, and ftfy asks it nothing here.
    "wcwidth._wcwidth_c",
    # What pydoc says of the language's keywords.
    "pydoc_data",
    "babel",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtWebEngineCore",
    "PySide6.QtPdf",
    "PySide6.scripts",
)

_NOT_FOR_A_RENEWED_YTDLP = {
    *(
        "antigravity",
        "this",
        "tkinter",
        "turtle",
        "turtledemo",
        "idlelib",
        "lib2to3",
        "test",
        "ensurepip",
        "venv",
    ),
    *("distutils", "pydoc_data", "_tkinter", "nturl2path"),
    # For terminals and old networks: each would bring a library along that nothing else needs.
    *TERMINAL_MODULES,
}

DROPPED_PLUGIN_FOLDERS = frozenset(
    {
        *(
            "assetimporters",
            "canbus",
            "designer",
            "egldeviceintegrations",
            "generic",
            "geometryloaders",
            "geoservices",
        ),
        *(
            "position",
            "qmllint",
            "qmltooling",
            "renderers",
            "renderplugins",
            "sceneparsers",
            "scxmldatamodel",
        ),
        *(
            "sensors",
            "sqldrivers",
            "texttospeech",
            "vectorimageformats",
            "wayland-graphics-integration-server",
        ),
        *("webview", "printsupport"),
    }
)

DROPPED_PLUGINS = frozenset(
    {
        *("qgtk3", "qeglfs", "qlinuxfb", "qvnc", "qminimalegl", "qvkkhrdisplay", "qtvirtualkeyboardplugin"),
        *("qtiff", "qtga", "qicns", "qwbmp", "qpdf", "qlottievectorimage", "qcertonlybackend"),
        # Of what knows about the network only NetworkManager's tells that a line costs money.
        *("qconnman", "qglib"),
        # Only automotive and embedded Wayland compositors speak these.
        *("ivi-shell", "wl-shell-plugin", "fullscreen-shell-v1", "qt-shell"),
        *("dmabuf-server", "drm-egl-server", "shm-emulation-server", "vulkan-server"),
    }
)


KEPT_TRANSLATIONS = frozenset(f"qtbase_{language}.qm" for language in ("ar", "de", "es", "fr", "ja"))
"""The words of Qt's own dialogs in the languages that the program speaks."""


def useful_standard_modules() -> list[str]:
    """Top-level standard modules that a later yt-dlp may come to import; frozen, it can take them from nowhere else."""
    return sorted(sys.stdlib_module_names - _NOT_FOR_A_RENEWED_YTDLP)


def _plain_name(file_name: str) -> str:
    return (
        file_name.split(".", 1)[0]
        .removeprefix("lib")
        .removesuffix("d" if file_name.endswith("d.dll") else "")
    )


def is_dropped(name: str) -> bool:
    """Whether the file ``name`` (its path in the bundle) is of no use to this program."""
    path = PurePosixPath(name.replace("\\", "/"))
    parts = path.parts
    if path.name == "RECORD" and parts[0].endswith(".dist-info"):
        return True  # lists the wheel's files, which lie elsewhere here
    if parts[:3] == ("docx", "templates", "default-docx-template"):
        return True  # default.docx once more, unpacked
    if "PySide6" not in parts:
        return False
    if "plugins" in parts:
        below = parts[parts.index("plugins") + 1 :]
        return below[0] in DROPPED_PLUGIN_FOLDERS or _plain_name(path.name) in DROPPED_PLUGINS
    if "translations" in parts:
        return path.name not in KEPT_TRANSLATIONS
    return "qml" in parts or path.name in ("opengl32sw.dll",)


def is_optional_library(name: str) -> bool:
    """Whether ``name`` is a shared library that goes when nothing kept needs it: Qt's, and those of the system."""
    path = PurePosixPath(name.replace("\\", "/"))
    if ".abi3." in path.name or "plugins" in path.parts:
        return False
    if path.name.startswith(("libQt6", "Qt6", "QtQml", "QtQuick")):
        return True
    return len(path.parts) == 1 and path.name.startswith("lib") and ".so" in path.name


def needed(
    entries: Iterable[Entry], imports_of: Callable[[str], Iterable[str]]
) -> tuple[list[Entry], list[Entry]]:
    """Split the binaries into (kept, left out).

    Left out is what :func:`is_dropped` names, then every optional library that nothing kept links, directly or
    through others. ``imports_of`` gives the file names of the libraries that the binary at a path links.
    """
    entries = list(entries)
    chosen = [entry for entry in entries if not is_dropped(entry[0])]
    by_file = {
        PurePosixPath(entry[0].replace("\\", "/")).name: entry for entry in chosen if entry[2] != "SYMLINK"
    }
    reached = {entry for entry in chosen if not is_optional_library(entry[0])}
    waiting = [entry for entry in reached if entry[2] in ("BINARY", "EXTENSION")]
    while waiting:
        _, source, _ = waiting.pop()
        for file_name in imports_of(source):
            entry = by_file.get(file_name)
            if entry is not None and entry not in reached:
                reached.add(entry)
                waiting.append(entry)

    def stays(entry: Entry) -> bool:
        # The program's first file, which is not among the entries, loads the interpreter.
        file_name = PurePosixPath(entry[0].replace("\\", "/")).name
        return entry in reached or by_file.get(file_name) in reached or file_name.startswith("libpython")

    kept = [entry for entry in chosen if stays(entry)]
    left_out = set(entries) - set(kept)
    return kept, [entry for entry in entries if entry in left_out]
