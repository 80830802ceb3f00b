"""The one place where objects are built and signals connected; the event loop, and the orderly end of it."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QApplication

from viewer import __version__
from viewer.base.errors import ViewerError
from viewer.base.paths import AppPaths, seeds_dir
from viewer.base.settings import Settings
from viewer.domain.note import Note
from viewer.domain.video import Segment
from viewer.library.catalog import Catalog
from viewer.library.entries import NoteEntry, RefreshSummary
from viewer.library.search import SearchHit, SearchResult
from viewer.media.clip_store import ClipStore
from viewer.media.fetcher import Fetcher, FetchOptions
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.jobs import JobRunner
from viewer.qt.library_controller import LibraryController
from viewer.qt.models import LibraryFilterModel, TimedRow
from viewer.qt.roles import Role
from viewer.ui.fonts import font
from viewer.ui.icons import product_icon
from viewer.ui.main_window import MainWindow
from viewer.ui.play_commands import PlayCommands
from viewer.ui.session import NoteSession
from viewer.ui.theme import ThemeManager
from viewer.ui.window_commands import WindowCommands

log = logging.getLogger(__name__)

SEARCH_PAUSE_MS = 30
"""Letters typed faster than this are searched together."""


def fetch_options(settings: Settings) -> FetchOptions:
    """The user's choices for downloads."""
    return FetchOptions(
        quality=settings.get("fetch.quality"),
        cookies_browser=settings.get("fetch.cookies_browser"),
        proxy=settings.get("fetch.proxy"),
        rate_limit_kib=settings.get("fetch.rate_limit"),
        offline=settings.get("fetch.offline"),
    )


class Application(QObject):
    """Everything of one running window. Built once, closed once."""

    def __init__(self, paths: AppPaths, settings: Settings, store: ClipStore, fetcher: Fetcher) -> None:
        super().__init__()
        self.paths = paths
        self.settings = settings
        self.store = store
        self.fetcher = fetcher
        self.runner = JobRunner(parent=self)
        self.catalog = Catalog(paths.index_file, paths.user_file)
        self.library = LibraryController(self.runner, self.catalog, self)
        self.player = ClipPlayer(self)
        self.clips = ClipController(
            self.runner, self.player, store, fetcher, settings.get("fetch.quality"), self
        )
        self.themes = ThemeManager(settings.get("look.theme"), self)
        self.themes.apply()
        self.notes = LibraryFilterModel(self)
        self.notes.setSourceModel(self.library.model)
        self.window = MainWindow(settings, self.themes, self.notes)
        self.session = NoteSession(self.window, self.clips, self.player, settings)
        self.commands = WindowCommands(self.window, settings, self.themes)
        self.play_commands = PlayCommands(
            self.window, self.session, self.clips, self.player, settings, self._kept_file
        )
        self._wanted_id: object = None
        self._wanted_place: int | None = None
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.setInterval(SEARCH_PAUSE_MS)
        self._closed = False
        self._connect_library()
        self._connect_search()
        self._connect_playing()
        self._connect_window()
        self._apply_all_settings()

    # -- connections -----------------------------------------------------------------------------------------

    def _connect_library(self) -> None:
        library, pane = self.library, self.window.library
        library.progressed.connect(pane.set_busy)
        library.progressed.connect(self._first_rows)
        library.busyChanged.connect(lambda busy: None if busy else pane.set_busy(0, 0))
        library.refreshed.connect(self._refreshed)
        library.failed.connect(self._refresh_failed)
        library.noteOpened.connect(self._note_opened)
        library.noteFailed.connect(self._note_failed)
        pane.noteChosen.connect(lambda entry: self.open_note(entry.id))
        pane.openFolderWanted.connect(self.commands.open_folder)
        pane.sortChanged.connect(lambda key: self.settings.set("library.sort", key))

    def _connect_search(self) -> None:
        top, results = self.window.top, self.window.results
        top.searchTyped.connect(self._search_typed)
        top.searchKey.connect(results.key)
        top.searchLeft.connect(self._search_left)
        top.searchEntered.connect(lambda: self._search_typed(top.search.text()))
        self._search_timer.timeout.connect(lambda: self.library.search(top.search.text()))
        self.library.searchFinished.connect(self._search_finished)
        self.library.searchFailed.connect(lambda text, error: self._search_finished(text, SearchResult()))
        results.resized.connect(self.window.place_results)
        results.hitChosen.connect(self._hit_chosen)
        results.queryChosen.connect(top.search.setText)
        self._search_timer.setParent(self)

    def _connect_playing(self) -> None:
        window, session, player, clips = self.window, self.session, self.player, self.clips
        player.set_video_output(window.side.player.sink)
        player.positionChanged.connect(session.position_changed)
        player.rangeChanged.connect(session.range_changed)
        player.stateChanged.connect(session.player_state_changed)
        player.speedChanged.connect(window.side.controls.set_speed)
        player.volumeChanged.connect(window.side.controls.set_volume)
        player.mutedChanged.connect(window.side.controls.set_muted)
        player.loopChanged.connect(window.side.controls.set_loop)
        clips.clipStateChanged.connect(session.show_state)
        clips.playingChanged.connect(session.show_playing)
        clips.failed.connect(session.fail)
        clips.offlineChanged.connect(lambda _: session.count_kept())
        side, reader = window.side, window.reader
        side.lists.segmentActivated.connect(session.play)
        side.lists.untimedActivated.connect(self._untimed)
        side.lists.menuWanted.connect(session.fill_row_menu)
        side.player.toggled.connect(player.toggle)
        side.player.fullScreenWanted.connect(window.toggle_full)
        side.controls.seekWanted.connect(player.seek)
        side.controls.speedWanted.connect(self.play_commands.set_speed)
        side.controls.volumeWanted.connect(lambda percent: self.settings.set("play.volume", percent))
        reader.transcript.cueActivated.connect(session.play_cue)
        reader.notes.timeActivated.connect(session.play_time)
        window.timeline.segmentActivated.connect(session.play)
        window.timeline.placeActivated.connect(session.play_place)

    def _connect_window(self) -> None:
        actions = self.window.actions_set
        actions.connect(self.commands.handlers())
        actions.connect(self.play_commands.handlers())
        self.commands.pathsChosen.connect(lambda paths: self.open_paths([Path(path) for path in paths]))
        self.commands.samplesWanted.connect(self.open_samples)
        self.commands.refreshWanted.connect(self.library.refresh)
        self.window.filesDropped.connect(lambda paths: self.open_paths([Path(path) for path in paths]))
        self.window.top.folderChosen.connect(lambda folder: self.open_paths([Path(folder)]))
        self.window.closing.connect(self.close)
        self.settings.listen(self._setting_changed)

    # -- opening ---------------------------------------------------------------------------------------------

    def start(self, paths: Sequence[Path]) -> None:
        """Show the window with these folders or files; without any, with the remembered ones or the samples."""
        self.window.show()
        self.window.setFocus()
        remembered = [Path(folder) for folder in self.settings.get("library.folders")]
        if paths:
            self.open_paths(list(paths))
        elif remembered:
            self._show_folders(remembered)
        else:
            self.open_samples()

    def open_paths(self, paths: list[Path]) -> None:
        """Show these folders or files from now on; folders are remembered."""
        paths = [path.absolute() for path in paths]
        missing = [path for path in paths if not path.exists()]
        if missing:
            self.window.banner.show_failure(
                self.tr("{path} does not exist.").format(path=missing[0]),
                self.tr("Check the name, or choose a folder with Ctrl+O."),
            )
        found = [path for path in paths if path.exists()]
        if not found:
            if not self.library.model.rowCount():
                self.open_samples()
            return
        if all(path.is_dir() for path in found):
            self._keep_setting("library.folders", [str(path) for path in found])
        self._show_folders(found)

    def open_samples(self) -> None:
        """Show the sample library."""
        self._keep_setting("library.folders", [])
        self.window.library.show_folder(self.tr("The sample library"), samples=True)
        self.library.open_folders([seeds_dir()])

    def _show_folders(self, folders: list[Path]) -> None:
        words = ", ".join(path.name or str(path) for path in folders)
        self.window.library.show_folder(words, samples=False)
        self.window.top.set_recent(list(self.settings.get("library.folders")))
        self.library.open_folders(folders)

    def open_note(self, note_id: object, place_ms: int | None = None) -> None:
        """Open a note of the library, at a place of its transcript when one is given (ms)."""
        self._wanted_id, self._wanted_place = note_id, place_ms
        self.library.open_note(note_id)

    def _first_rows(self) -> None:
        """Come back to the last note as soon as it is known, while the rest is still being read."""
        if self._wanted_id is None and self._entry_of(self.settings.get("window.last_note")) is not None:
            self._open_last_or_first()

    def _entry_of(self, path: str) -> NoteEntry | None:
        for row in range(self.library.model.rowCount()):
            entry = self.library.model.index(row, 0).data(Role.NOTE_ENTRY)
            if entry.path == path:
                return entry
        return None

    def _refreshed(self, summary: RefreshSummary) -> None:
        pane = self.window.library
        pane.set_busy(0, 0)
        if summary.unreadable:
            self.window.banner.show_failure(
                self.tr("A folder could not be read: {path}").format(path=summary.unreadable[0]),
                self.tr("Check that it still exists and that you may read it."),
            )
        if self._wanted_id is None:
            self._open_last_or_first()
        elif self._wanted_id in summary.changed:
            self.library.open_note(self._wanted_id)

    def _open_last_or_first(self) -> None:
        rows = self.notes.rowCount()
        entries = [self.notes.index(row, 0).data(Role.NOTE_ENTRY) for row in range(min(rows, 500))]
        best = self._entry_of(self.settings.get("window.last_note"))
        # Without a note to come back to, one that plays shows best what this is.
        best = best or next((entry for entry in entries if entry.clips), None) or next(iter(entries), None)
        if best is not None:
            self.open_note(best.id)
        else:
            self.window.reader.show_empty(
                self.tr("No notes yet"),
                self.tr("Open a folder with video notes (Ctrl+O), or drop one on this window."),
            )

    def _refresh_failed(self, error: object) -> None:
        self.window.library.set_busy(0, 0)
        message, advice = _words(error, self.tr("The library could not be read."))
        self.window.banner.show_failure(message, advice)

    def _note_opened(self, note_id: object, note: Note) -> None:
        if note_id != self._wanted_id:
            return
        index = self.library.model.index_of(note_id)
        entry = index.data(Role.NOTE_ENTRY)
        path = entry.path if isinstance(entry, NoteEntry) else ""
        self.session.show(note, path)
        self.window.library.select(index)
        if self.window.focusWidget() in (None, self.window):
            self.window.library.view.setFocus()
        self._keep_setting("window.last_note", path)
        if self._wanted_place is not None:
            self.window.reader.show_place(self._wanted_place)
            self._wanted_place = None

    def _note_failed(self, note_id: object, error: object) -> None:
        if note_id == self._wanted_id:
            entry = self.library.model.index_of(note_id).data(Role.NOTE_ENTRY)
            self.session.show_failure_to_open(entry, error)

    # -- searching -------------------------------------------------------------------------------------------

    def _search_typed(self, text: str) -> None:
        if text.strip():
            self._search_timer.start()
        else:
            self._search_timer.stop()
            self.window.results.hide()

    def _search_finished(self, text: str, result: SearchResult) -> None:
        field = self.window.top.search
        if text == field.text() and field.hasFocus():
            self.window.results.show_result(result)

    def _search_left(self) -> None:
        if self.window.results.isVisible():
            self.window.results.hide()
        elif self.window.top.search.text():
            self.window.top.search.clear()
        else:
            self.window.reader.page().setFocus()

    def _hit_chosen(self, hit: SearchHit) -> None:
        self.open_note(hit.note_id, hit.start_ms)
        self.window.reader.page().setFocus()

    # -- playing ---------------------------------------------------------------------------------------------

    def _untimed(self, row: object) -> None:
        if isinstance(row, TimedRow):
            self.session.explain_untimed(row)

    def _kept_file(self, segment: Segment) -> Path | None:
        clip = self.store.find(segment)
        return clip.path if clip is not None else None

    # -- settings --------------------------------------------------------------------------------------------

    def _keep_setting(self, key: str, value: str | list[str]) -> None:
        try:
            self.settings.set(key, value)
        except ViewerError as error:
            log.warning("a setting could not be kept: %s", error)

    def _apply_all_settings(self) -> None:
        for key in ("look.text_size", "library.sort", "play.volume", "play.muted", "play.speed", "play.loop"):
            self._setting_changed(key)
        self._setting_changed("fetch.offline")
        self.clips.set_parallel(self.settings.get("fetch.parallel"))

    def _setting_changed(self, key: str) -> None:
        value = self.settings.get(key)
        if key == "look.theme":
            self.themes.choose(value)
        elif key in ("look.text_size", "look.serif"):
            self.window.reader.set_type(self.settings.get("look.text_size"), self.settings.get("look.serif"))
        elif key == "library.sort":
            self.window.library.set_sort(value)
        elif key == "fetch.parallel":
            self.clips.set_parallel(value)
        elif key == "store.budget_gb":
            self.store.budget_bytes = int(value * 1_000_000_000)
        elif key.startswith("fetch."):
            self._apply_fetching(key)
        elif key.startswith("play."):
            self._apply_playing(key, value)

    def _apply_fetching(self, key: str) -> None:
        self.fetcher.options = fetch_options(self.settings)
        if key == "fetch.quality":
            self.clips.set_quality(self.settings.get(key))
        elif key == "fetch.offline":
            offline = bool(self.settings.get(key))
            self.clips.set_offline(offline)
            self.window.actions_set["offline"].setChecked(offline)
            self.session.count_kept()

    def _apply_playing(self, key: str, value: float) -> None:
        if key == "play.volume":
            self.player.set_volume(int(value))
            self.window.side.controls.set_volume(int(value))
        elif key == "play.muted":
            self.player.set_muted(bool(value))
            self.window.side.controls.set_muted(bool(value))
            self.window.actions_set["mute"].setChecked(bool(value))
        elif key == "play.speed":
            self.player.set_speed(float(value))
            self.window.side.controls.set_speed(float(value))
        elif key == "play.loop":
            self.player.set_loop(bool(value))
            self.window.side.controls.set_loop(bool(value))
            self.window.actions_set["loop"].setChecked(bool(value))

    # -- the end ---------------------------------------------------------------------------------------------

    def close(self) -> None:
        """End everything in order: the sound, the work, the helpers, the databases. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self.player.shutdown()
        self.clips.cancel_all()
        self.runner.shutdown()
        self.fetcher.close()
        self.catalog.close()


def _words(error: object, otherwise: str) -> tuple[str, str]:
    if isinstance(error, ViewerError):
        return error.message, error.advice
    log.warning("unexpected: %r", error)
    return otherwise, "The log has the details."


def _guard_audio() -> None:
    # With libpipewire but without its client.conf Qt's PipeWire backend crashes: PulseAudio's works everywhere.
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_AUDIO_BACKEND", "pulseaudio")


def make_qt_application() -> QApplication:
    """The QApplication with the program's name, icon and typeface."""
    _guard_audio()
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["soundbite"])
    QCoreApplication.setApplicationName("soundbite")
    QCoreApplication.setApplicationVersion(__version__)
    QApplication.setApplicationDisplayName("Soundbite")
    QApplication.setDesktopFileName("soundbite")
    app.setWindowIcon(product_icon())
    app.setFont(font(13))
    return app


def build(
    paths: AppPaths | None = None, store: ClipStore | None = None, fetcher: Fetcher | None = None
) -> Application:
    """Build everything for one window (a QApplication must exist). Tests hand in their own store and fetcher."""
    paths = paths or AppPaths.standard()
    settings = Settings(paths.settings_file)
    if store is None:
        chosen = settings.get("store.folder")
        budget = int(settings.get("store.budget_gb") * 1_000_000_000)
        store = ClipStore(Path(chosen) if chosen else paths.clips, budget)
    fetcher = fetcher or Fetcher(paths, store, fetch_options(settings))
    return Application(paths, settings, store, fetcher)


def run(arguments: Sequence[str | Path] = ()) -> int:
    """Open the window on these folders or files and stay until it is closed. Returns the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app = make_qt_application()
    try:
        application = build()
    except ViewerError as error:
        print(error, file=sys.stderr)
        return 1
    signal.signal(signal.SIGINT, lambda *_: QTimer.singleShot(0, application.window.close))
    # Python looks at signals only between its own instructions: a timer gives it some.
    beat = QTimer()
    beat.timeout.connect(lambda: None)
    beat.start(400)
    application.start([Path(argument) for argument in arguments])
    code = app.exec()
    application.close()
    return int(code)
