"""Keeping the program working: renewing yt-dlp, saying how the last run ended, handing out diagnostics."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from viewer.base.cancel import CancelToken, Progress
from viewer.base.crash import LastRun, report_text, without_home
from viewer.base.errors import ReadError, ViewerError
from viewer.base.language import tr, tr_n
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings, write_atomically
from viewer.media.renewal_state import RenewalProgress, RenewalStage, YtdlpStatus
from viewer.qt.clip_controller import ClipController
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.renewal_controller import RenewalController
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession
from viewer.ui.status_banner import BannerButton
from viewer.ui.text import failure_words

log = logging.getLogger(__name__)

_CHECK_AFTER_MS = 20_000
"""The look for a newer yt-dlp, where it is switched on, waits until the first minute's work is done."""


class Upkeep(QObject):
    """Handlers of the actions ``renew``, ``copy_diagnostics`` and ``save_report``, and their messages."""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        clips: ClipController,
        renewal: RenewalController,
        runner: JobRunner,
        settings: Settings,
        paths: AppPaths,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._clips = clips
        self._renewal = renewal
        self._runner = runner
        self._settings = settings
        self._paths = paths
        self._last: LastRun | None = None
        self._retry = False
        self._told = False
        self._outcome = ""
        renewal.statusKnown.connect(self._status_known)
        renewal.newerFound.connect(self._newer_found)
        renewal.progressed.connect(self._progressed)
        renewal.renewed.connect(self._renewed)
        renewal.failed.connect(self._failed)
        session.renewWanted.connect(self.renew_and_retry)
        settings.listen(self._setting_changed)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {
            "renew": self.renew,
            "copy_diagnostics": self.copy_diagnostics,
            "save_report": self.save_report,
        }

    def start(self, last: LastRun | None = None) -> None:
        """After the window stands: say how the last run ended, look which yt-dlp is in use."""
        self._last = last
        if last is not None:
            if self._session.note is None:
                # Opening a note clears the banner: what is said before that would not be read.
                self._session.noteChanged.connect(self._tell_last)
            else:
                self._tell_last()
        self._renewal.look()
        if self._settings.get("renew.check") and not self._clips.offline:
            QTimer.singleShot(_CHECK_AFTER_MS, self, self._check)

    def _check(self) -> None:
        if self._window.isVisible() and not self._clips.offline:
            self._renewal.check(time.time())

    # -- yt-dlp ----------------------------------------------------------------------------------------------

    def renew(self) -> None:
        """Look for a newer yt-dlp, fetch it and use it."""
        banner = self._window.banner
        if self._clips.offline:
            banner.show_failure(
                tr("Soundbite is set to work offline."),
                tr("Switch off “Work offline” to renew yt-dlp."),
            )
            return
        self._outcome = ""
        self._renewal.renew()
        self._progressed(RenewalProgress(RenewalStage.LOOKING))

    def renew_and_retry(self) -> None:
        """Renew yt-dlp, then play what could not be played."""
        self._retry = True
        self.renew()

    def _stop(self) -> None:
        self._retry = False
        self._renewal.stop()

    def _progressed(self, value: RenewalProgress) -> None:
        words = {
            RenewalStage.LOOKING: tr("Looking for a newer one…"),
            RenewalStage.FETCHING: tr("Fetching {name}…").format(name=value.detail),
            RenewalStage.PROVING: tr("Trying it out before it is used…"),
            RenewalStage.DONE: "",
        }[value.stage]
        if words:
            self._show_in_preferences(words, busy=True)
            stop = BannerButton(tr("Stop"), self._stop)
            self._window.banner.show_info(tr("Renewing yt-dlp"), words, [stop])

    def _show_in_preferences(self, words: str, *, busy: bool = False) -> None:
        action = self._window.actions_set["renew"]
        action.setStatusTip(words)
        action.setEnabled(not busy)

    def _renewed(self, version: str) -> None:
        retry, self._retry = self._retry, False
        banner = self._window.banner
        if not version:
            self._outcome = tr("There is no newer one.")
            banner.show_info(
                tr("There is no newer yt-dlp"),
                tr("The one in use is the newest. If a site still refuses, wait for its next version."),
            )
            return
        banner.show_info(
            tr("yt-dlp {version} is in use now").format(version=version),
            tr("The one before it is kept, should the new one fail."),
        )
        if retry:
            self._clips.retry()

    def _failed(self, error: object) -> None:
        self._retry = False
        if isinstance(error, ViewerError):
            log.warning("yt-dlp could not be renewed: %s (%s)", error.message, error.detail)
            self._outcome = error.message
        self._window.banner.show_failure(*failure_words(error, tr("yt-dlp could not be renewed.")))

    def _newer_found(self, version: str) -> None:
        self._window.banner.show_info(
            tr("yt-dlp {version} is out").format(version=version),
            tr("With a newer one fewer sites refuse."),
            [BannerButton(tr("Renew yt-dlp"), self.renew, primary=True)],
        )

    def _status_known(self, status: YtdlpStatus) -> None:
        if status.source == "system":
            words = tr("In use: the system's yt-dlp")
        elif not status.version:
            words = tr("yt-dlp is missing")
        elif status.age_days is None:
            words = tr("In use: yt-dlp {version}").format(version=status.version)
        else:
            words = tr_n(
                "In use: yt-dlp {version}, {n} day old",
                "In use: yt-dlp {version}, {n} days old",
                status.age_days,
            ).format(version=status.version, n=status.age_days)
        if self._outcome:
            words += f". {self._outcome}"
        if not self._renewal.busy:
            self._show_in_preferences(words)
        for told in status.passed_over:
            log.warning("a renewed yt-dlp is not used: %s", told)

    def _setting_changed(self, key: str) -> None:
        if key == "renew.source":
            self._outcome = ""
            self._renewal.tools_changed()

    # -- diagnostics -----------------------------------------------------------------------------------------

    def _tell_last(self, *_: object) -> None:
        if self._told or self._last is None:
            return
        self._told = True
        self._window.banner.show_info(
            tr("Soundbite did not end properly last time"),
            tr(
                "What you had marked and set is still there. You can save a report (versions and the log, no text of "
                "your notes) to read it or to show it to somebody. Nothing is sent."
            ),
            [BannerButton(tr("Save a report…"), self.save_report)],
        )

    def copy_diagnostics(self) -> None:
        """Put the doctor's answer on the clipboard."""
        self._diagnose().finished.connect(self._copy)

    def save_report(self) -> None:
        """Ask where to, then write the report there."""
        day = datetime.date.today().isoformat()
        dialog = QFileDialog(self._window, tr("Save a report"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(f"soundbite-report-{day}.txt")
        dialog.fileSelected.connect(self.write_report)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write_report(self, path: str) -> None:
        """Write the report to ``path``, off the GUI thread."""
        paths, last = self._paths, self._last

        def work(progress: Progress, cancel: CancelToken) -> Path:
            from viewer.media.diagnostics import doctor_lines

            write_atomically(Path(path), report_text(paths.log, doctor_lines(paths), last))
            return Path(path)

        self._runner.start(Lane.LONG, work).finished.connect(self._written)

    def _diagnose(self) -> Job:
        paths = self._paths

        def work(progress: Progress, cancel: CancelToken) -> str:
            from viewer.media.diagnostics import doctor_lines

            return without_home("\n".join(doctor_lines(paths))) + "\n"

        return self._runner.start(Lane.LONG, work)

    def _copy(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED:
            QGuiApplication.clipboard().setText(job.value)
            self._window.banner.show_info(
                tr("The diagnostics are on the clipboard"),
                tr("Versions, programs and folders; nothing of your notes."),
            )

    def _written(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED:
            self._window.banner.show_info(
                tr("The report is saved"), tr("Read it before you give it to anybody.")
            )
        elif isinstance(job.error, ReadError):
            self._window.banner.show_failure(job.error.message, job.error.advice)
