"""Writing a document on a worker thread: its outline is gathered there, too, so that the window never waits."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.domain.cited_quote import Outline, quotes_of
from viewer.domain.transcript import Transcript
from viewer.domain.video import VideoRef
from viewer.media.clip_store import ClipStore
from viewer.qt.jobs import Job, JobRunner, JobState, Lane

if TYPE_CHECKING:
    from viewer.media.tools import Tools


@dataclass(frozen=True, slots=True)
class TranscriptToWrite:
    """A transcript as it came (``lines``), as it is read (``reading``), and the video of both."""

    lines: Transcript
    reading: Transcript
    video: VideoRef | None


Gather = Callable[[CancelToken], "Outline | TranscriptToWrite"]
"""Finds what is to be written; called on the worker thread."""


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is written, as which form (an id of ``export.writing.FORMATS`` or ``TRANSCRIPT_FORMATS``), and where to."""

    title: str
    format_id: str
    target: Path
    gather: Gather = field(repr=False)
    language: str = "en"
    family: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the file, and how many quotes (0: a transcript)."""

    path: Path
    quotes: int


class Exporting(QObject):
    """Carries out one order at a time. All methods on the GUI thread."""

    progressed = Signal(float)
    """0..1, where it is known"""
    done = Signal(object)
    """Exported"""
    failed = Signal(object)
    """exception"""
    ended = Signal()
    """after ``done``, ``failed`` or a cancel"""

    def __init__(
        self,
        runner: JobRunner,
        store: ClipStore,
        tools: Callable[[], Tools],
        parent: QObject | None = None,
    ) -> None:
        """``tools`` finds the external programs; called on the worker thread, for cards only."""
        super().__init__(parent)
        self._runner = runner
        self._store = store
        self._tools = tools
        self._job: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether an order is under way."""
        return self._job is not None

    def start(self, order: ExportOrder) -> None:
        """Carry out ``order``; nothing while another is under way."""
        if self._job is not None:
            return
        store, tools = self._store, self._tools

        def work(progress: Progress, cancel: CancelToken) -> Exported:
            return carry_out(order, store, tools, progress, cancel)

        self._job = self._runner.start(Lane.LONG, work)
        self._job.progressed.connect(self._progressed)
        self._job.finished.connect(self._finished)

    def cancel(self) -> None:
        """Stop; nothing is left of the file."""
        if self._job is not None:
            self._job.cancel()

    @Slot(object)
    def _progressed(self, told: object) -> None:
        if isinstance(told, float):
            self.progressed.emit(told)

    @Slot(object)
    def _finished(self, job: Job) -> None:
        self._job = None
        if job.state is JobState.SUCCEEDED:
            self.done.emit(job.value)
        elif job.state is JobState.FAILED:
            self.failed.emit(job.error)
        self.ended.emit()


def carry_out(
    order: ExportOrder,
    store: ClipStore,
    tools: Callable[[], Tools],
    progress: Progress,
    cancel: CancelToken,
) -> Exported:
    """Gather and write. Blocks; raises ReadError or Cancelled. ``progress`` gets fractions."""
    from viewer.export.transcripts import transcript_as
    from viewer.export.writing import write_outline, write_text
    from viewer.qt.pdf_file import write_pdf

    found = order.gather(cancel)
    cancel.raise_if_cancelled()
    if isinstance(found, TranscriptToWrite):
        if not (found.lines.cues or found.reading.cues):
            raise ReadError(tr("This note has no transcript."), tr("Get it with “Get the transcript” first."))
        write_text(transcript_as(order.format_id, found.lines, found.reading, found.video), order.target)
        return Exported(order.target, 0)
    quotes = quotes_of(found)
    total = max(1, len(quotes))

    def tell(value: object) -> None:
        if isinstance(value, int):
            progress(min(1.0, value / total))

    def pdf(outline: Outline, title: str, target: Path, token: CancelToken) -> None:
        write_pdf(outline, title, target, token, order.family)

    with tempfile.TemporaryDirectory(prefix="soundbite-cards-") as folder:
        media = None
        if order.format_id == "anki":
            from viewer.export.card_media import card_media

            ffmpeg = tools().ffmpeg
            media = card_media(quotes, store.find, ffmpeg, Path(folder), tell, cancel)
        write_outline(
            found,
            order.title,
            order.format_id,
            order.target,
            language=order.language,
            media=media,
            pdf=pdf,
            progress=tell,
            cancel=cancel,
        )
    return Exported(order.target, len(quotes))
