"""Fetchers that talk to the stand-in, with folders of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.standin import catalogue
from tests.standin.server import StandinServer
from viewer.base.paths import AppPaths
from viewer.media.clip_store import ClipStore
from viewer.media.fetcher import Fetcher, FetchOptions
from viewer.media.tools import Tools

MakeFetcher = Callable[..., Fetcher]


@pytest.fixture(scope="session")
def tools() -> Tools:
    return Tools.find()


@pytest.fixture
def make_fetcher(
    standin: StandinServer,
    standin_env: dict[str, str],
    tools: Tools,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MakeFetcher]:
    """Makes fetchers (options as keywords; ``store=`` for another store); all are closed afterwards."""
    for name, value in standin_env.items():
        monkeypatch.setenv(name, value)
    made: list[Fetcher] = []

    def make(store: ClipStore | None = None, with_tools: Tools | None = None, **options: object) -> Fetcher:
        chosen = FetchOptions(**{"quality": "360", **options})  # type: ignore[arg-type]
        paths = AppPaths.below(tmp_path / "home")
        fetcher = Fetcher(paths, store or ClipStore(tmp_path / "clips"), chosen, with_tools or tools)
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def fetcher(make_fetcher: MakeFetcher, standin: StandinServer) -> Fetcher:
    standin.prepare(catalogue.SHORT_ID, "134", "140")
    return make_fetcher()


def child_processes() -> set[int]:
    """The living processes below this one (Linux)."""
    if not sys.platform.startswith("linux"):
        pytest.skip("needs /proc")
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                rest = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if rest[0] != "Z":
                parents[int(entry.name)] = int(rest[1])
    found: set[int] = set()
    fresh = {os.getpid()}
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found
