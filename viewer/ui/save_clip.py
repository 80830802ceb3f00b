"""Taking clips along: "Save clip as…" in four kinds, all clips of a note into a folder, and files for dragging."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_n
from viewer.domain.note import Note
from viewer.domain.video import Segment
from viewer.media.clip_files import Clip
from viewer.media.progress import FetchProgress
from viewer.media.saved_names import KINDS, suggested_name
from viewer.qt.clip_state import ClipState, ClipStatus
from viewer.qt.downloads import Downloads
from viewer.qt.fetch_queue import state_of
from viewer.qt.jobs import Job, JobRunner, JobState, Lane, Work
from viewer.ui.main_window import MainWindow
from viewer.ui.reveal import reveal
from viewer.ui.status_banner import BannerButton
from viewer.ui.text import failure_line

if TYPE_CHECKING:  # what cuts and converts is loaded when something is saved, not at the start
    from viewer.media.tools import Tools

log = logging.getLogger(__name__)


class FetchesForSaving(Protocol):
    """What is needed of :class:`viewer.media.fetcher.Fetcher`."""

    @property
    def tools(self) -> Tools:
        """The external programs."""
        ...

    def fetch(self, segment: Segment, progress: Progress, cancel: CancelToken) -> Clip:
        """The clip of ``segment``; blocks."""
        ...


def file_name_of(note: Note | None, segment: Segment) -> str | None:
    """The file name that the note gives this clip; None when it gives none."""
    for item in note.highlights if note is not None else ():
        clip = item.clip
        if clip is None or not clip.file_name:
            continue
        same = (clip.video.id, clip.start_ms, clip.end_ms) == (
            segment.video.id,
            segment.start_ms,
            segment.end_ms,
        )
        if same:
            return clip.file_name
    return None


class SaveClip(QObject):
    """Asks where to, fetches what is not kept yet, and writes it on a worker thread."""

    def __init__(
        self,
        window: MainWindow,
        runner: JobRunner,
        fetcher: FetchesForSaving,
        downloads: Downloads,
        drag_folder: Path,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._runner = runner
        self._fetcher = fetcher
        self._downloads = downloads
        self._drag_folder = drag_folder
        self._jobs: dict[str, Job] = {}

    # -- one clip --------------------------------------------------------------------------------------------

    def ask(self, segment: Segment, note: Note | None) -> None:
        """Ask for a name and a kind, and save ``segment`` there."""
        name = file_name_of(note, segment)
        filters = {self._kind_words(kind): kind for kind in KINDS}
        dialog = QFileDialog(self._window, tr("Save clip as"))
        dialog.setObjectName("saveClipDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(filters))
        dialog.setDefaultSuffix(KINDS[0])
        dialog.selectFile(suggested_name(name, segment, KINDS[0]))

        def turn(words: str) -> None:
            kind = filters.get(words, KINDS[0])
            dialog.setDefaultSuffix(kind)
            chosen = dialog.selectedFiles()
            stem = Path(chosen[0]).stem if chosen else ""
            dialog.selectFile(f"{stem}.{kind}" if stem else suggested_name(name, segment, kind))

        dialog.filterSelected.connect(turn)
        dialog.fileSelected.connect(
            lambda target: self.save(
                segment, Path(target), filters.get(dialog.selectedNameFilter(), KINDS[0])
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _kind_words(self, kind: str) -> str:
        return {
            "mp4": tr("Video (*.mp4)"),
            "m4a": tr("Sound (*.m4a)"),
            "mp3": tr("Sound (*.mp3)"),
            "gif": tr("Moving picture without sound (*.gif)"),
        }[kind]

    def save(self, segment: Segment, target: Path, kind: str) -> None:
        """Save ``segment`` as ``target``; a suffix of another kind in the name wins over ``kind``."""
        typed = target.suffix[1:].lower()
        if typed in KINDS:
            kind = typed
        fetcher = self._fetcher

        def work(progress: Progress, cancel: CancelToken) -> list[Path]:
            from viewer.media import saving  # here: a start does without it

            tell = _teller(progress, str(target))
            clip = fetcher.fetch(segment, tell, cancel)
            return [saving.save_clip_as(clip, segment, target, kind, fetcher.tools.ffmpeg, tell, cancel)]

        self._start(tr("Saving {name}").format(name=target.name), str(target), work)

    # -- all clips of a note ---------------------------------------------------------------------------------

    def ask_all(self, segments: list[Segment], note: Note) -> None:
        """Ask for a folder, and save all of these into it as mp4 under the note's names."""
        dialog = QFileDialog(self._window, tr("Save all clips of this note in"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self.save_all(segments, note, Path(folder)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_all(self, segments: list[Segment], note: Note, folder: Path, kind: str = KINDS[0]) -> None:
        """Save each of these into ``folder``; nothing that is there is overwritten."""
        fetcher = self._fetcher
        names = {one: suggested_name(file_name_of(note, one), one, kind) for one in segments}

        def work(progress: Progress, cancel: CancelToken) -> list[Path]:
            from viewer.media import saving  # here: a start does without it

            saved: list[Path] = []
            for number, (segment, name) in enumerate(names.items()):
                tell = _teller(progress, str(folder), number, len(names))
                clip = fetcher.fetch(segment, tell, cancel)
                wanted = [saving.Wanted(clip, segment, name)]
                saved += saving.save_clips(wanted, folder, kind, fetcher.tools.ffmpeg, cancel=cancel)
            return saved

        self._start(
            tr_n("Saving {n} clip", "Saving {n} clips", len(names)).format(n=len(names)), str(folder), work
        )

    # -- running ---------------------------------------------------------------------------------------------

    def _start(self, words: str, key: str, work: Work) -> None:
        if key in self._jobs:
            return
        job = self._runner.start(Lane.LONG, work, (key, words))
        self._jobs[key] = job
        job.progressed.connect(self._progressed)
        job.finished.connect(self._finished)
        self._downloads.set_task(words, ClipState(ClipStatus.FETCHING), job.cancel)

    @Slot(object)
    def _progressed(self, told: tuple[str, ClipState]) -> None:
        key, state = told
        job = self._jobs.get(key)
        if job is not None:
            self._downloads.set_task(job.subject[1], state, job.cancel)

    @Slot(object)
    def _finished(self, job: Job) -> None:
        key, words = job.subject
        del self._jobs[key]
        self._downloads.set_task(words, None, job.cancel)
        banner = self._window.banner
        if job.state is JobState.SUCCEEDED:
            saved: list[Path] = job.value
            last = saved[-1]
            message = tr("Saved as {name}").format(name=last.name)
            if len(saved) > 1:
                message = tr_n(
                    "{n} clip is saved in {folder}", "{n} clips are saved in {folder}", len(saved)
                ).format(n=len(saved), folder=last.parent.name)
            banner.show_info(message, "", [BannerButton(tr("Show in folder"), lambda: reveal(last))])
        elif job.state is JobState.FAILED:
            error = job.error
            if not isinstance(error, ViewerError):
                log.warning("a clip could not be saved: %r", error)
            banner.show_failure(tr("The clip could not be saved."), failure_line(error))

    # -- dragging --------------------------------------------------------------------------------------------

    def file_for_drag(self, clip: Clip, segment: Segment, note: Note | None) -> Path:
        """``clip`` under the name that the note suggests, to be handed to another program.

        A second name for the same file (a hard link): a program that moves it away takes nothing from the store.
        """
        target = self._drag_folder / suggested_name(file_name_of(note, segment), segment, "mp4")
        try:
            self._drag_folder.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            os.link(clip.path, target)
        except OSError:
            return clip.path
        return target

    def clean_up(self) -> None:
        """Forget the names that were made for dragging."""
        shutil.rmtree(self._drag_folder, ignore_errors=True)


def _teller(progress: Progress, key: str, done: int = 0, total: int = 1) -> Callable[[object], None]:
    """Turns what a fetch or a conversion tells into a task's state: clip ``done`` of ``total``."""

    def tell(value: Any) -> None:
        if not isinstance(value, FetchProgress):
            return
        state = state_of(value)
        fraction = (done + (state.fraction or 0.0)) / total
        progress(
            (key, ClipState(ClipStatus.FETCHING, fraction, state.done_bytes, None, state.speed, state.eta))
        )

    return tell
