# ruff: noqa: N815 - signals carry Qt's camelCase
"""Renewing yt-dlp from the window: what is in use, is there a newer one, fetch it; each off the GUI thread.

What does the work is loaded where it is done, so that the start of the window does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.paths import AppPaths
from viewer.media.renewal_state import YtdlpStatus
from viewer.qt.jobs import Job, JobRunner, JobState, Lane


class ForgetsTools(Protocol):
    """What is needed of :class:`viewer.media.fetcher.Fetcher`."""

    def forget_tools(self) -> None:
        """Look for yt-dlp anew at the next use."""
        ...


class RenewalController(QObject):
    """One renewal at a time. All methods on the GUI thread."""

    statusKnown = Signal(object)
    """YtdlpStatus: which yt-dlp is in use"""
    newerFound = Signal(str)
    """the version that could be had"""
    progressed = Signal(object)
    """RenewalProgress"""
    renewed = Signal(str)
    """the version that is in use from now on; empty when there is no newer one"""
    failed = Signal(object)
    """exception"""

    def __init__(
        self, runner: JobRunner, paths: AppPaths, fetcher: ForgetsTools, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._paths = paths
        self._fetcher = fetcher
        self._renewing: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether a renewal is under way."""
        return self._renewing is not None

    def look(self) -> None:
        """Find out which yt-dlp is in use; nothing goes to the network."""
        paths = self._paths

        def work(progress: Progress, cancel: CancelToken) -> YtdlpStatus:
            from viewer.media import renewal

            return renewal.status(paths)

        self._start(work).succeeded.connect(self.statusKnown)

    def check(self, now: float) -> None:
        """Ask the package index for a newer one, if the last look is long enough ago. Failing says nothing."""
        paths = self._paths

        def work(progress: Progress, cancel: CancelToken) -> str:
            from viewer.media import renewal
            from viewer.media.ytdlp_copies import version_key

            if not renewal.is_due(paths, now):
                return ""
            newest = renewal.newest_version(paths, cancel)
            return newest if version_key(newest) > version_key(renewal.status(paths).version) else ""

        self._start(work).succeeded.connect(self._checked)

    def renew(self) -> None:
        """Fetch the newest one, prove it, use it. Nothing happens while one is under way."""
        if self._renewing is not None:
            return
        paths, fetcher = self._paths, self._fetcher

        def work(progress: Progress, cancel: CancelToken) -> str:
            from viewer.media import renewal

            copy = renewal.renew(paths, progress, cancel)
            if copy is None:
                return ""
            fetcher.forget_tools()
            return copy.version

        job = self._start(work)
        self._renewing = job
        job.progressed.connect(self.progressed)
        job.finished.connect(self._finished)

    def tools_changed(self) -> None:
        """Another yt-dlp was chosen: use it from now on."""
        fetcher = self._fetcher

        def work(progress: Progress, cancel: CancelToken) -> None:
            fetcher.forget_tools()

        self._start(work).finished.connect(self._look_again)

    def stop(self) -> None:
        """Stop the renewal; everything stays as it was."""
        if self._renewing is not None:
            self._renewing.cancel()

    def _start(self, work: Callable[[Progress, CancelToken], Any]) -> Job:
        return self._runner.start(Lane.LONG, work)

    @Slot(object)
    def _checked(self, version: str) -> None:
        if version:
            self.newerFound.emit(version)

    @Slot(object)
    def _look_again(self, job: Job) -> None:
        self.look()

    @Slot(object)
    def _finished(self, job: Job) -> None:
        self._renewing = None
        if job.state is JobState.SUCCEEDED:
            self.renewed.emit(job.value)
        elif job.state is JobState.FAILED:
            self.failed.emit(job.error)
        self.look()
