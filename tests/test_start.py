"""What the window's start loads: neither what only some of its work needs, nor more and more modules."""

from __future__ import annotations

import subprocess
import sys

_LOADED = """
import sys
from viewer.qt import lean_imports
lean_imports.begin()
from viewer import app
print(*sorted(sys.modules))
"""

_HEAVY = frozenset(
    [
        "citeproc",
        "concurrent",
        "docx",
        "email",
        "frontmatter",
        "http",
        "jinja2",
        "lxml",
        "multiprocessing",
        "numpy",
        "opentimelineio",
        "rapidfuzz",
        "ssl",
        "watchdog",
        "yaml",
        "yt_dlp",
    ]
)

_OURS = 212
"""Modules of ours. Each takes a millisecond of every start: what opens later is to be loaded later."""

_LATER = [
    "viewer.formats.registry",
    "viewer.media.fetcher",
    "viewer.media.growing",
    "viewer.library.quotes",
    "viewer.library.health",
    "viewer.ui.export_dialog",
    "viewer.ui.palette",
    "viewer.ui.preferences",
    "viewer.ui.shortcuts_help",
    "viewer.ui.storage_dialog",
    "viewer.ui.take_out_dialog",
    "viewer.ui.add_video",
    "viewer.ui.manual_window",
]


def test_the_start_loads_what_the_first_paint_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = done.stdout.split()
    tops = {name.partition(".")[0] for name in loaded}
    assert not tops & _HEAVY
    assert not set(loaded).intersection(_LATER)
    ours = [name for name in loaded if name.startswith("viewer")]
    assert len(ours) <= _OURS
