from __future__ import annotations

import sys

import pytest

from viewer.library.memory import give_back


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_freed_memory_goes_back():
    def resident_mb() -> float:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * 4096 / 1e6

    give_back()  # what earlier tests freed would be filled again, and nothing grow
    begun = resident_mb()
    held = [bytes(600) for _ in range(100_000)]
    kept = held[::500] + held[-1:]  # what lies between and at the end keeps the heap from shrinking by itself
    full = resident_mb()
    del held
    give_back()
    assert len(kept) == 201
    assert full - begun > 40
    assert resident_mb() < full - 40
