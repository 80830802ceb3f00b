"""Writing a document on a worker thread: its outline is gathered there, too, so that the window never waits."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.domain.cited_quote import Outline, quotes_of
from viewer.domain.transcript import Transcript
from viewer.domain.video import VideoRef
from viewer.media.clip_store import ClipStore
from viewer.qt.jobs import JobRunner
from viewer.qt.one_order import OneOrder

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


class Exporting(OneOrder):
    """Carries out one order at a time; ``progressed`` brings 0..1 where it is known, ``done`` an Exported."""

    def __init__(
        self,
        runner: JobRunner,
        store: ClipStore,
        tools: Callable[[], Tools],
        parent: QObject | None = None,
    ) -> None:
        """``tools`` finds the external programs; called on the worker thread, for cards only."""
        super().__init__(runner, parent)
        self._store = store
        self._tools = tools

    def start(self, order: ExportOrder) -> None:
        """Carry out ``order``; nothing while another is under way."""
        store, tools = self._store, self._tools

        def work(progress: Progress, cancel: CancelToken) -> Exported:
            return carry_out(order, store, tools, progress, cancel)

        self.begin(work, order)


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
