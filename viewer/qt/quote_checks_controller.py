# ruff: noqa: N815 - signals carry Qt's camelCase
"""Judging the open note's quotes and fetching its transcript, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.domain.video import VideoRef
from viewer.library.catalog import Catalog
from viewer.media.caption_store import CaptionStore, KeptCaptions
from viewer.media.options import FetchOptions
from viewer.qt.jobs import Job, JobRunner, JobState, Lane

if TYPE_CHECKING:  # loaded when a note is judged, not at the start
    from viewer.library.quotes import NoteCheck


class FetchesCaptions(Protocol):
    """What is needed of :class:`viewer.media.captions.CaptionFetcher`."""

    options: FetchOptions

    def fetch(
        self,
        video: VideoRef,
        languages: list[str],
        progress: Progress,
        cancel: CancelToken,
    ) -> KeptCaptions:
        """Get the captions of ``video`` into the store."""
        ...


class QuoteChecksController(QObject):
    """Owns the judging of quotes and the fetching of captions from Qt. All methods on the GUI thread."""

    checked = Signal(object, object)
    """note id, NoteCheck; an overtaken check says nothing"""
    checkFailed = Signal(object, object)
    """note id, error"""
    fetchProgressed = Signal(object, object)
    """VideoRef, FetchProgress"""
    fetched = Signal(object, object)
    """VideoRef, KeptCaptions"""
    fetchFailed = Signal(object, object)
    """VideoRef, error"""
    fetchEnded = Signal(object)
    """VideoRef whose captions are not being fetched any more, however that ended"""

    def __init__(
        self,
        runner: JobRunner,
        catalog: Catalog,
        store: CaptionStore,
        make_fetcher: Callable[[], FetchesCaptions],
        options: FetchOptions,
        parent: QObject | None = None,
    ) -> None:
        """``make_fetcher`` is called on a worker thread when captions are wanted."""
        super().__init__(parent)
        self.store = store
        self._runner = runner
        self._catalog = catalog
        self._make_fetcher = make_fetcher
        self._options = options
        self._fetches: dict[VideoRef, Job] = {}

    def check(self, note_id: int) -> None:
        """Judge the quotes of a note; ``checked`` follows, unless another note is asked for before."""
        catalog, find = self._catalog, self.store.find

        def work(progress: Progress, cancel: CancelToken) -> NoteCheck:
            try:
                return catalog.check(note_id, kept=find).to_show()
            except KeyError as error:
                raise ReadError(tr("This note is no longer in the library.")) from error

        self._runner.start(Lane.CHECK, work, note_id).finished.connect(self._checked)

    def forget(self) -> None:
        """Say nothing of a check that runs."""
        for job in self._runner.live(Lane.CHECK):
            job.cancel()

    def fetching(self, video: VideoRef | None) -> bool:
        """Whether the captions of ``video`` are being fetched."""
        return video in self._fetches

    def fetch(self, video: VideoRef, languages: list[str]) -> None:
        """Fetch the captions of ``video`` in the wanted languages, unless that is under way."""
        if video in self._fetches:
            return
        make, options = self._make_fetcher, self._options

        def work(progress: Progress, cancel: CancelToken) -> KeptCaptions:
            fetcher = make()
            fetcher.options = options
            return fetcher.fetch(video, languages, progress, cancel)

        job = self._runner.start(Lane.CAPTIONS, work, video)
        self._fetches[video] = job
        job.progressed.connect(self._progressed)
        job.finished.connect(self._fetch_finished)

    def cancel(self, video: VideoRef) -> None:
        """Stop fetching the captions of ``video``."""
        job = self._fetches.get(video)
        if job is not None:
            job.cancel()

    def set_options(self, options: FetchOptions, languages: list[str]) -> None:
        """Use these choices from now on; ``languages`` are the wanted ones, the best first. Offline ends what runs."""
        self._options = options
        self.store.languages = tuple(languages)
        if options.offline:
            for job in list(self._fetches.values()):
                job.cancel()

    def give_address(self, note_id: int, url: str | None) -> Job:
        """Remember the address of a note's video (None: forget it). The job's value is the video; it can fail."""
        catalog = self._catalog

        def work(progress: Progress, cancel: CancelToken) -> VideoRef | None:
            return catalog.give_address(note_id, url)

        return self._runner.start(Lane.STORE, work, note_id)

    def was_given(self, note_id: int) -> bool:
        """Whether the note's video is one that the user gave or accepted, not its own."""
        return self._catalog.given_video(note_id) is not None

    @Slot(object)
    def _checked(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED:
            self.checked.emit(job.subject, job.value)
        elif job.state is JobState.FAILED:
            self.checkFailed.emit(job.subject, job.error)

    @Slot(object)
    def _progressed(self, value: object) -> None:
        # The lane has one thread: it is the one job that runs.
        for video, job in self._fetches.items():
            if job.state is JobState.RUNNING:
                self.fetchProgressed.emit(video, value)
                return

    @Slot(object)
    def _fetch_finished(self, job: Job) -> None:
        video: VideoRef = job.subject
        del self._fetches[video]
        self.fetchEnded.emit(video)
        if job.state is JobState.SUCCEEDED:
            self.fetched.emit(video, job.value)
        elif job.state is JobState.FAILED:
            self.fetchFailed.emit(video, job.error)
