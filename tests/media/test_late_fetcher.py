from __future__ import annotations

import subprocess
import sys

from viewer.base.paths import AppPaths
from viewer.media.clip_store import ClipStore
from viewer.media.late_fetcher import LateFetcher
from viewer.media.options import FetchOptions


def late(tmp_path, **choices):
    return LateFetcher(
        AppPaths.below(tmp_path), ClipStore(tmp_path / "clips", 10**9), FetchOptions(**choices)
    )


def test_it_is_made_with_the_newest_choices(tmp_path):
    fetcher = late(tmp_path)
    fetcher.options = FetchOptions(quality="360")
    assert fetcher.paths == AppPaths.below(tmp_path)
    assert fetcher._made.options.quality == "360"
    fetcher.options = FetchOptions(quality="1080")
    assert fetcher._made.options.quality == fetcher.options.quality == "1080"
    fetcher.close()


def test_closing_makes_none(tmp_path):
    fetcher = late(tmp_path)
    fetcher.close()
    assert fetcher._made is None


def test_the_window_starts_without_what_only_a_fetch_needs():
    code = "import sys, viewer.app; print([m for m in ('http.client', 'viewer.media.fetcher', 'viewer.formats.registry', 'yaml', 'markdown_it', 'watchdog', 'importlib.metadata', 'multiprocessing', 'viewer.library.quotes') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
