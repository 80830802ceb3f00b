"""The window's fetcher, made when it is first used: loading it takes longer than showing a note."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from viewer.base.paths import AppPaths
from viewer.media.clip_store import ClipStore
from viewer.media.options import FetchOptions

if TYPE_CHECKING:
    from viewer.media.fetcher import Fetcher


class LateFetcher:
    """Stands for a :class:`~viewer.media.fetcher.Fetcher`; any thread may use it, the first one waits for it."""

    def __init__(self, paths: AppPaths, store: ClipStore, options: FetchOptions) -> None:
        self._paths = paths
        self._store = store
        self._options = options
        self._made: Fetcher | None = None
        self._lock = threading.Lock()

    @property
    def options(self) -> FetchOptions:
        """The user's choices; may be replaced at any time."""
        return self._options

    @options.setter
    def options(self, options: FetchOptions) -> None:
        with self._lock:
            self._options = options
            if self._made is not None:
                self._made.options = options

    def close(self) -> None:
        """End what the fetcher has started, if there ever was one."""
        with self._lock:
            made = self._made
        if made is not None:
            made.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._fetcher(), name)

    def _fetcher(self) -> Fetcher:
        with self._lock:
            if self._made is None:
                from viewer.media.fetcher import Fetcher

                self._made = Fetcher(self._paths, self._store, self._options)
            return self._made
