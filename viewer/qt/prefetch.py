"""Fetching ahead, for those who switched it on: the open note's addresses at once, its first clips while nothing else runs."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtNetwork import QNetworkInformation

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ViewerError
from viewer.domain.video import Segment, VideoRef
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_state import ClipStatus
from viewer.qt.jobs import Job, JobRunner, Lane

log = logging.getLogger(__name__)

FIRST_CLIPS = 3
"""How many clips of a note are fetched ahead."""
FIRST_VIDEOS = 3
"""Of how many of its videos the addresses are found ahead."""
IDLE_MS = 1500
"""Nothing else may have run for so long."""


class PreparesVideos(Protocol):
    """What is needed of :class:`viewer.media.fetcher.Fetcher`."""

    def prepare(self, video: VideoRef, cancel: CancelToken | None = None) -> None:
        """Find the video's addresses; blocks. Raises ViewerError or Cancelled."""
        ...


_NETWORK_MANAGER = ("org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager")
_METERED = (1, 3)
"""NMMetered: yes, and guessed yes (https://networkmanager.dev/docs/api/latest/nm-dbus-types.html#NMMetered)."""
_PATIENCE_MS = 200


def on_metered_line() -> bool:
    """Whether the system says that what is sent costs money; False where it does not know. Asks it anew each time."""
    if sys.platform.startswith("linux"):
        told = _network_manager_says()
        if told is not None:
            return told in _METERED
    feature = QNetworkInformation.Feature.Metered
    if not QNetworkInformation.loadBackendByFeatures(feature):
        return False
    return bool(QNetworkInformation.instance().isMetered())


def _network_manager_says() -> int | None:
    """NetworkManager's own word; None where it does not run. Qt's reading of it was False for a metered line."""
    from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

    service, path = _NETWORK_MANAGER
    ask = QDBusMessage.createMethodCall(service, path, "org.freedesktop.DBus.Properties", "Get")
    ask.setArguments([service, "Metered"])
    answer = QDBusConnection.systemBus().call(ask, QDBus.CallMode.Block, _PATIENCE_MS)
    if answer.type() is not QDBusMessage.MessageType.ReplyMessage or not answer.arguments():
        return None
    value = answer.arguments()[0]
    value = value.variant() if hasattr(value, "variant") else value
    return value if isinstance(value, int) else None


class Prefetch(QObject):
    """One clip at a time, and never beside what the user asked for. Off until ``set_enabled``.

    ``metered`` is asked before every clip. A clip that fails ends it for this note: the reader asked for nothing.
    """

    def __init__(
        self,
        runner: JobRunner,
        clips: ClipController,
        fetcher: PreparesVideos,
        metered: Callable[[], bool] = on_metered_line,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._clips = clips
        self._fetcher = fetcher
        self._metered = metered
        self._enabled = False
        self._segments: tuple[Segment, ...] = ()
        self._left: list[Segment] = []
        self._current: Segment | None = None
        self._others: set[Segment] = set()
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self._go_on)
        clips.clipStateChanged.connect(self._clip_changed)
        clips.offlineChanged.connect(self._offline_changed)

    def set_enabled(self, enabled: bool) -> None:
        """Switch it on or off, at once for the open note."""
        if enabled != self._enabled:
            self._enabled = enabled
            self._begin()

    def note_opened(self, segments: Sequence[Segment]) -> None:
        """These are the clips of the note that is open now, in its order; what was fetched ahead for another ends."""
        if tuple(segments) != self._segments:
            self._segments = tuple(segments)
            self._begin()

    @property
    def _allowed(self) -> bool:
        return self._enabled and not self._clips.offline and not self._metered()

    def _begin(self) -> None:
        self._yield()
        self._left = []
        self._idle.stop()
        for job in self._runner.live(Lane.PREFETCH):
            job.cancel()
        if not self._segments or not self._allowed:
            return
        self._left = list(self._segments[:FIRST_CLIPS])
        videos = list(dict.fromkeys(segment.video for segment in self._segments))[:FIRST_VIDEOS]
        fetcher = self._fetcher

        def prepare(progress: Progress, cancel: CancelToken) -> None:
            for video in videos:
                cancel.raise_if_cancelled()
                try:
                    fetcher.prepare(video, cancel)
                except ViewerError as error:
                    log.info("%s is not prepared: %s", video.id, error)

        self._runner.start(Lane.PREFETCH, prepare).finished.connect(self._prepared)

    @Slot(object)
    def _prepared(self, job: Job) -> None:
        self._idle.start()

    @Slot()
    def _go_on(self) -> None:
        if self._current is not None or self._others or self._clips.wanted is not None:
            return
        while self._left and self._clips.state(self._left[0]).status is ClipStatus.READY:
            self._left.pop(0)
        if self._left and self._allowed:
            self._current = self._left[0]
            self._clips.fetch([self._current])

    def _yield(self) -> None:
        """Stop what is being fetched ahead, unless the user wants that very clip."""
        current, self._current = self._current, None
        if current is not None and current not in (self._clips.wanted, self._clips.playing):
            self._clips.cancel(current)

    @Slot(object)
    def _clip_changed(self, segment: Segment) -> None:
        state = self._clips.state(segment)
        if segment == self._current:
            if not state.busy:
                self._current = None
                self._left = [] if state.status is ClipStatus.FAILED else self._left[1:]
                self._idle.start()
        elif state.busy:
            self._others.add(segment)
            self._yield()
        else:
            self._others.discard(segment)
            self._idle.start()

    @Slot(bool)
    def _offline_changed(self, offline: bool) -> None:
        self._begin()
