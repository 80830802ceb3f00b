"""That the start does not read the source of every module."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LOOK = """
import linecache, sys
from viewer.qt import lean_imports
if sys.argv[1] == "lean":
    lean_imports.leave_sources_alone()
import PySide6.QtCore
import viewer.qt.models
print(sum("viewer" in name for name in linecache.cache))
"""


@pytest.mark.parametrize("how", ["lean", "as it is"])
def test_pyside_keeps_no_source_text_of_our_modules(how: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOOK, how], capture_output=True, text=True, timeout=60, check=True
    )
    kept = int(done.stdout)
    if how == "lean":
        assert kept == 0
    else:  # when this fails PySide6 no longer does it, and lean_imports.py can go
        assert kept > 3
