"""From a click to sound: finds or fetches the clip of a segment, and plays it if it is still wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from viewer.base.cancel import CancelToken, Progress
from viewer.domain.video import Segment
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.clip_state import ClipState
from viewer.qt.jobs import JobRunner


class ClipController(QObject):
    """Click to sound. All methods on the GUI thread; store and fetcher are used on the runner's threads."""

    clipStateChanged = Signal(object)
    """Segment whose state is another now"""
    failed = Signal(object, object)
    """Segment, error: the wanted clip could not be played (ViewerError, or another exception: a bug)"""
    playingChanged = Signal(object)
    """Segment in the player, or None"""
    offlineChanged = Signal(bool)

    def __init__(
        self,
        runner: JobRunner,
        player: ClipPlayer,
        store: Any,
        fetcher: Any,
        quality: str = "720",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)

    def play(self, segment: Segment) -> None: ...
    def fetch(self, segments: Iterable[Segment]) -> None: ...
    def look_up(self, segments: Iterable[Segment]) -> None: ...
    def state(self, segment: Segment) -> ClipState: ...
    def retry(self) -> None: ...
    def cancel(self, segment: Segment) -> None: ...
    def cancel_all(self) -> None: ...
    def set_offline(self, offline: bool) -> None: ...
    def set_quality(self, quality: str) -> None: ...
    def set_parallel(self, count: int) -> None: ...

    @property
    def playing(self) -> Segment | None: ...
    @property
    def wanted(self) -> Segment | None: ...
    @property
    def offline(self) -> bool: ...
