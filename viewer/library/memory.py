"""Memory given back to the system after much work."""

from __future__ import annotations

import sys


def give_back() -> None:
    """Ask the C library to return what it keeps of freed memory: after a first index that is half of all it has.

    glibc's malloc_trim (https://man7.org/linux/man-pages/man3/malloc_trim.3.html); elsewhere nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # here: only a large refresh wants it

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)
