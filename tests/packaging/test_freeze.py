from __future__ import annotations

import sys

import pytest
from builder import freeze

LINKS = {
    "/v/libffmpegmediaplugin.so": ["libQt6Multimedia.so.6", "libQt6Quick.so.6", "libc.so.6"],
    "/v/libQt6Quick.so.6": ["libQt6Qml.so.6"],
    "/v/libqgtk3.so": ["libgtk-3.so.0"],
    "/v/_ssl.so": ["libssl.so.3"],
}
ENTRIES = [
    ("PySide6/Qt/plugins/multimedia/libffmpegmediaplugin.so", "/v/libffmpegmediaplugin.so", "BINARY"),
    ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", "/v/libqgtk3.so", "BINARY"),
    ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", "/v/libqsqlite.so", "BINARY"),
    ("PySide6/Qt/lib/libQt6Multimedia.so.6", "/v/libQt6Multimedia.so.6", "BINARY"),
    ("PySide6/Qt/lib/libQt6Quick.so.6", "/v/libQt6Quick.so.6", "BINARY"),
    ("PySide6/Qt/lib/libQt6Qml.so.6", "/v/libQt6Qml.so.6", "BINARY"),
    ("PySide6/Qt/lib/libQt6Pdf.so.6", "/v/libQt6Pdf.so.6", "BINARY"),
    ("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6", "SYMLINK"),
    ("libQt6Pdf.so.6", "PySide6/Qt/lib/libQt6Pdf.so.6", "SYMLINK"),
    ("PySide6/QtCore.abi3.so", "/v/QtCore.abi3.so", "EXTENSION"),
    ("python3.11/lib-dynload/_ssl.so", "/v/_ssl.so", "EXTENSION"),
    ("libssl.so.3", "/lib/libssl.so.3", "BINARY"),
    ("libgtk-3.so.0", "/lib/libgtk-3.so.0", "BINARY"),
    ("libpython3.11.so.1.0", "/p/libpython3.11.so.1.0", "BINARY"),
]


def test_keeps_what_is_needed_and_nothing_that_only_the_dropped_needed() -> None:
    kept, left_out = freeze.needed(ENTRIES, lambda source: LINKS.get(source, ()))
    assert {name for name, _, _ in left_out} == {
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/lib/libQt6Pdf.so.6",
        "libQt6Pdf.so.6",
        "libgtk-3.so.0",
    }
    assert len(kept) + len(left_out) == len(ENTRIES)


@pytest.mark.parametrize(
    ("name", "dropped"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", False),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", False),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", True),
        (r"PySide6\plugins\platforms\qwindows.dll", False),
        (r"PySide6\plugins\imageformats\qtiff.dll", True),
        (r"PySide6\plugins\imageformats\qwebp.dll", False),
        ("PySide6/Qt/plugins/imageformats/libqpdf.so", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/translations/qtbase_pl.qm", True),
        ("PySide6/Qt/translations/qtmultimedia_de.qm", True),
        ("PySide6/Qt/qml/QtQuick/qmldir", True),
        ("viewer/_data/resources/translations/de.qm", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("yt_dlp-2026.8.19.dist-info/RECORD", True),
        ("yt_dlp-2026.8.19.dist-info/METADATA", False),
        ("docx/templates/default.docx", False),
        ("docx/templates/default-docx-template/word/styles.xml", True),
    ],
)
def test_drops_by_name(name: str, dropped: bool) -> None:
    assert freeze.is_dropped(name) is dropped


def test_a_renewed_ytdlp_finds_the_standard_modules() -> None:
    modules = freeze.useful_standard_modules()
    assert {"asyncio", "http", "xml", "sqlite3", "ctypes", "optparse", "netrc", "zoneinfo", "getpass"} <= set(
        modules
    )
    assert "tkinter" not in modules
    assert set(modules) <= sys.stdlib_module_names
