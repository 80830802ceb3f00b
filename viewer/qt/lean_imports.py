"""Keeps the start of the window quick and small: what PySide6 does to every module that is imported after it.

PySide6 hooks ``import`` for its optional ``__feature__`` switches: it reads the source of each module to see whether
PySide6 is named there, and keeps the text. With two hundred modules that is 9 MB and some 30 ms; Soundbite uses none
of the switches. Private to PySide6, so when it is not as it was in 6.8 to 6.11 nothing is done.
"""

from __future__ import annotations

import gc
import importlib


def begin() -> None:
    """Make what follows quick: no search for garbage until the window stands (it enables that), no sources read."""
    gc.disable()
    leave_sources_alone()


def leave_sources_alone() -> None:
    """Tell PySide6 that every module is an ordinary one, without reading it. To be called before the others come."""
    import PySide6.QtCore  # noqa: F401 - its import puts the hook in place

    try:
        feature = importlib.import_module("shibokensupport.feature")
    except ImportError:
        return
    if hasattr(feature, "_mod_uses_pyside"):
        # "Names PySide6" means: no feature is switched on in it, which is so in all of them.
        setattr(feature, "_mod_uses_pyside", lambda module: True)  # noqa: B010 - a name no stub knows
