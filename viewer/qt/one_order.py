"""One order at a time on a worker thread: what a window that makes something (a document, a film) stands on."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from viewer.qt.jobs import Job, JobRunner, JobState, Lane, Work


class OneOrder(QObject):
    """Carries out one order at a time. All methods on the GUI thread."""

    progressed = Signal(object)
    """what the work tells of itself"""
    done = Signal(object)
    """what was made; its ``path`` is where it lies"""
    failed = Signal(object)
    """exception"""
    ended = Signal()
    """after ``done``, ``failed`` or a cancel"""

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._job: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether an order is under way."""
        return self._job is not None

    def begin(self, work: Work, subject: Any = None) -> None:
        """Start ``work``; nothing happens while another order is under way."""
        if self._job is not None:
            return
        self._job = self._runner.start(Lane.LONG, work, subject)
        self._job.progressed.connect(self.progressed)
        self._job.finished.connect(self._finished)

    def cancel(self) -> None:
        """Stop; nothing is left of what was being written."""
        if self._job is not None:
            self._job.cancel()

    @Slot(object)
    def _finished(self, job: Job) -> None:
        self._job = None
        if job.state is JobState.SUCCEEDED:
            self.done.emit(job.value)
        elif job.state is JobState.FAILED:
            self.failed.emit(job.error)
        self.ended.emit()
