"""Everything in the window larger, not only the text one reads: Qt's own scale, which it takes at the start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from viewer.base.settings import Settings

_VARIABLE = "QT_SCALE_FACTOR"


@contextmanager
def zoomed(settings_file: Path) -> Iterator[None]:
    """While the QApplication is made, Qt is told the user's zoom on top of the desktop's own scale.

    Afterwards the environment is as it was: programs that are started from here must not become larger, too.
    """
    before = os.environ.get(_VARIABLE)
    percent = int(Settings(settings_file).get("look.zoom"))
    if percent != 100:
        os.environ[_VARIABLE] = f"{_number(before) * percent / 100:g}"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_VARIABLE, None)
        else:
            os.environ[_VARIABLE] = before


def _number(text: str | None) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 1.0
