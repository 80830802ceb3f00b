"""The one place where objects are built and signals connected; the event loop, and the orderly end of it."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QApplication

from viewer import __version__
from viewer.base.crash import LastRun, RunRecord
from viewer.base.errors import ViewerError
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.library.catalog import Catalog
from viewer.media.caption_store import CaptionStore
from viewer.media.clip_store import ClipStore
from viewer.media.late_fetcher import LateFetcher
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.downloads import Downloads
from viewer.qt.jobs import JobRunner, Lane
from viewer.qt.keeping import Keeping
from viewer.qt.kept_counts import KeptCounts
from viewer.qt.library_controller import LibraryController
from viewer.qt.library_questions import LibraryQuestions
from viewer.qt.models import LibraryFilterModel
from viewer.qt.prefetch import Prefetch
from viewer.qt.quote_checks_controller import FetchesCaptions, QuoteChecksController
from viewer.qt.single_instance import SingleInstance
from viewer.qt.store_controller import StoreController
from viewer.ui.applied_settings import AppliedSettings, fetch_options
from viewer.ui.comforts import Comforts
from viewer.ui.downloads_button import DownloadsButton
from viewer.ui.fonts import font
from viewer.ui.icons import product_icon
from viewer.ui.keep_session import KeepSession
from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow
from viewer.ui.marks_desk import MarksDesk
from viewer.ui.openings import OpenEvents
from viewer.ui.picture_window import PictureWindow
from viewer.ui.play_commands import PlayCommands
from viewer.ui.quote_desk import QuoteDesk
from viewer.ui.reading_place import ReadingPlaces
from viewer.ui.reading_room import ReadingRoom
from viewer.ui.relations_session import RelationsSession
from viewer.ui.restarting import begin_again
from viewer.ui.row_menu import RowMenu
from viewer.ui.save_clip import SaveClip
from viewer.ui.session import NoteSession
from viewer.ui.speech import speak
from viewer.ui.still_pictures import StillPictures
from viewer.ui.theme import ThemeManager
from viewer.ui.window_commands import WindowCommands
from viewer.ui.window_memory import WindowMemory
from viewer.ui.zoom import zoomed

if TYPE_CHECKING:
    from viewer.media.fetcher import Fetcher
    from viewer.qt.media_keys import MediaKeys

log = logging.getLogger(__name__)

_REST_AFTER_MS = 400
"""What is not seen is built when the window, its list and its note have had the processor to themselves for so long."""

_BREATH_MS = 15
"""Between two parts of it the window answers."""

_WARM_UP_AFTER_MS = 400
"""And so long after that the first fetch is got ready."""


class Application(QObject):
    """Everything of one running window. Built once, closed once."""

    def __init__(
        self, paths: AppPaths, settings: Settings, store: ClipStore, fetcher: LateFetcher | Fetcher
    ) -> None:
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
        self.prefetch = Prefetch(self.runner, self.clips, fetcher, parent=self)
        self.themes = ThemeManager(settings.get("look.theme"), self)
        self.themes.lay_ground()
        self.notes = LibraryFilterModel(self)
        self.notes.setSourceModel(self.library.model)
        self.window = MainWindow(settings, self.themes, self.notes)
        self.places = ReadingPlaces(self.window.reader, self.catalog.user, self.runner)
        self.session = NoteSession(self.window, self.clips, self.player, settings, self.places)
        self.desk = LibrarySession(self.window, self.library, self.notes, self.session, self.clips, settings)
        self.questions = LibraryQuestions(self.runner, self.catalog, self)
        self.relations = RelationsSession(self.window, self.library, self.questions, self.desk, self.themes)
        self.kept_counts = KeptCounts(self.runner, store, self.library.model, self)
        self.pictures = StillPictures(
            *(self.window, self.runner, store, paths.cache, self.kept_counts, self.clips),
            *(self.catalog, settings),
        )
        self.row_menu = RowMenu(self.window, self.session, self.clips)
        self.checks = QuoteChecksController(
            self.runner,
            self.catalog,
            CaptionStore(paths.captions, settings.get("fetch.subtitle_languages")),
            self._caption_fetcher,
            fetch_options(settings),
            self,
        )
        self.quotes = QuoteDesk(self.window, self.session, self.library, self.checks, settings)
        self.commands = WindowCommands(self.window, settings, self.themes)
        self.play_commands = PlayCommands(self.window, self.session, self.clips, self.player, settings)
        self.picture = PictureWindow(self.window, self.player)
        self.room = ReadingRoom(
            self.window, self.session, self.desk, self.library.model, self.places, self.themes
        )
        self._build_keeping()
        self.marks = MarksDesk(
            *(self.window, settings, self.runner, self.catalog, self.library, self.session, self.desk),
            *(self.clips, self.player, self.keeping, self.play_commands.continuation),
        )
        self.comforts = Comforts(
            *(self.window, settings, self.runner, self.catalog, self.library, self.clips, self.player),
            *(self.session, self.desk, self.relations, self.pictures, self.kept),
        )
        self.comforts.windows.serve(self.marks.marks, self.checks)
        self.memory = WindowMemory(self.window)
        self._closed = False
        self._rest = self._build_rest()
        self._media_keys: MediaKeys | None = None
        self._connect_library()
        self._connect_search()
        self._connect_player()
        self._connect_panes()
        self._connect_window()
        self.applied = AppliedSettings(settings, self.window, self.session, self.player, self.clips, fetcher)
        self.themes.apply()

    def complete(self) -> None:
        """Build what is only reached through a menu or a button, and is not seen before. Safe to call twice."""
        for _ in self._rest:
            pass

    def _build_rest(self) -> Iterator[None]:
        """The parts of that, one at a time: together they would block the window for longer than is unnoticed.

        They are loaded here, too: the window stands 50 ms earlier without them.
        """
        from viewer.qt.renewal_controller import RenewalController

        renewal = self.renewal = RenewalController(self.runner, self.paths, self.fetcher, self)
        yield
        from viewer.ui.upkeep import Upkeep

        self.upkeep = Upkeep(
            *(self.window, self.session, self.clips, renewal, self.runner, self.settings, self.paths)
        )
        self.window.actions_set.connect(self.upkeep.handlers())
        yield
        from viewer.ui.adding_session import AddingSession

        self.adding = AddingSession(
            *(self.window, self.runner, self.catalog, self.library, self.desk, self.session),
            *(self.downloads, self.checks.store, self.settings, self.paths),
        )
        yield
        from viewer.ui.take_out_session import TakeOutSession

        taking = (self.window, self.runner, self.store, self.fetcher, self.session, self.catalog)
        self.taking_out = TakeOutSession(*taking, self.checks.store.find, self.settings)
        self.taking_out.serve(self.marks.gathering)
        yield
        from viewer.ui.export_session import ExportSession

        self.exports = ExportSession(*taking, self.checks.store.find, self.settings, self.marks)

    def _build_keeping(self) -> None:
        self.kept = StoreController(self.runner, self.store, self)
        self.keeping = Keeping(self.runner, self.clips, self.kept, self.fetcher, self)
        self.downloads = Downloads(self.clips, self.keeping, self)
        self.saving = SaveClip(
            self.window, self.runner, self.fetcher, self.downloads, self.paths.cache / "drag"
        )
        self.keep = KeepSession(
            *(self.window, self.session, self.clips, self.player, self.settings, self.library.model),
            *(self.kept, self.keeping, self.saving, self.paths.clips),
        )
        button = DownloadsButton(self.downloads, self.themes, self.window.top)
        self.window.top.show_downloads(button)
        self.window.actions_set.connect(button.handlers())

    # -- connections -----------------------------------------------------------------------------------------

    def _connect_library(self) -> None:
        library, pane, desk = self.library, self.window.library, self.desk
        library.progressed.connect(desk.progressed)
        library.busyChanged.connect(desk.busy_changed)
        library.refreshed.connect(desk.refreshed)
        library.failed.connect(desk.refresh_failed)
        library.noteOpened.connect(desk.note_opened)
        library.noteOpened.connect(self.quotes.note_opened)
        library.noteFailed.connect(desk.note_failed)
        library.refreshed.connect(self.kept_counts.count)
        self.clips.clipStateChanged.connect(self.kept_counts.count)
        self.kept.emptied.connect(self.kept_counts.count)
        desk.noteShown.connect(self.relations.note_opened)
        self.session.keptChanged.connect(desk.kept_changed)
        pane.noteChosen.connect(desk.open_entry)
        pane.openFolderWanted.connect(self.commands.open_folder)
        pane.stopWanted.connect(desk.stop_reading)
        pane.sortChanged.connect(lambda key: self.settings.set("library.sort", key))

    def _connect_search(self) -> None:
        top, results, desk = self.window.top, self.window.results, self.desk
        top.searchTyped.connect(desk.search_typed)
        top.searchEntered.connect(desk.search_entered)
        top.searchLeft.connect(desk.search_left)
        top.searchKey.connect(results.key)
        top.searchPlayed.connect(results.play_current)
        self.library.searchFinished.connect(desk.search_finished)
        self.library.searchFailed.connect(desk.search_failed)
        results.resized.connect(self.window.place_results)
        results.hitChosen.connect(desk.hit_chosen)
        results.hitPlayed.connect(desk.hit_played)
        results.queryChosen.connect(top.search.setText)

    def _connect_player(self) -> None:
        player, clips, session, controls = self.player, self.clips, self.session, self.window.side.controls
        player.set_video_output(self.window.side.player)
        player.positionChanged.connect(session.position_changed)
        player.rangeChanged.connect(session.range_changed)
        player.stateChanged.connect(session.player_state_changed)
        player.speedChanged.connect(controls.set_speed)
        player.volumeChanged.connect(controls.set_volume)
        player.mutedChanged.connect(controls.set_muted)
        player.loopChanged.connect(controls.set_loop)
        clips.clipStateChanged.connect(session.show_state)
        clips.playingChanged.connect(session.show_playing)
        clips.failed.connect(session.fail)
        clips.offlineChanged.connect(session.count_kept)
        session.noteChanged.connect(self._note_changed)
        self.settings.listen(self._setting_changed)
        self._setting_changed("fetch.prefetch")

    def _connect_panes(self) -> None:
        window, session = self.window, self.session
        side, reader = window.side, window.reader
        side.lists.segmentActivated.connect(session.play)
        side.lists.untimedActivated.connect(self.quotes.explain_untimed)
        side.lists.menuWanted.connect(self.quotes.fill_row_menu)
        side.lists.menuWanted.connect(self.row_menu.fill)
        side.lists.menuWanted.connect(self.keep.fill_row_menu)
        side.player.toggled.connect(session.toggle)
        side.player.fullScreenWanted.connect(window.toggle_full)
        side.controls.seekWanted.connect(self.player.seek)
        side.controls.speedWanted.connect(self.play_commands.set_speed)
        side.controls.volumeWanted.connect(lambda percent: self.settings.set("play.volume", percent))
        reader.transcript.cueActivated.connect(session.play_cue)
        reader.notes.timeActivated.connect(session.play_time)
        window.timeline.segmentActivated.connect(session.play)
        window.timeline.placeActivated.connect(session.play_place)

    def _connect_window(self) -> None:
        window, desk = self.window, self.desk
        window.actions_set.connect(self.commands.handlers())
        window.actions_set.connect(self.play_commands.handlers())
        window.actions_set.connect(self.keep.handlers())
        window.actions_set.connect(self.quotes.handlers())
        window.actions_set.connect(self.room.handlers())
        window.actions_set.connect(self.marks.handlers())
        window.actions_set.connect(self.comforts.handlers())
        self.commands.pathsChosen.connect(desk.open_paths)
        self.commands.namesWanted.connect(self.relations.open_names)
        self.commands.healthWanted.connect(self.relations.open_health)
        self.commands.samplesWanted.connect(desk.open_samples)
        self.commands.refreshWanted.connect(self.library.refresh)
        window.filesDropped.connect(desk.add_paths)
        self.commands.pathsAdded.connect(desk.add_paths)
        window.top.folderChosen.connect(desk.show_only)
        window.top.folderRemoved.connect(desk.remove_folder)
        window.closing.connect(self.close)

    def _caption_fetcher(self) -> FetchesCaptions:
        # Loaded when it is wanted: what compares transcripts would slow the start.
        from viewer.media.captions import CaptionFetcher

        return CaptionFetcher(self.paths, self.checks.store, fetch_options(self.settings))

    def _note_changed(self, note: object) -> None:
        rows = self.window.side.lists.segments()
        self.prefetch.note_opened([self.session.with_edges(segment) for segment in rows])

    def _setting_changed(self, key: str) -> None:
        if key == "fetch.prefetch":
            self.prefetch.set_enabled(self.settings.get(key))

    # -- beginning and end -----------------------------------------------------------------------------------

    def start(self, arguments: Sequence[str] = (), last_run: LastRun | None = None) -> None:
        """Show the window with these folders or files; without any, with the remembered ones or the samples.

        ``last_run`` is one that did not end properly: the user is told.
        """
        self.window.show()
        self.window.setFocus()
        self.desk.start(arguments)
        QTimer.singleShot(_REST_AFTER_MS, self, lambda: self._take_up_the_rest(last_run))

    def _take_up_the_rest(self, last_run: LastRun | None) -> None:
        if self._closed:
            return
        if next(self._rest, self) is None:  # the iterator gives nothing but None until it is over
            QTimer.singleShot(_BREATH_MS, self, lambda: self._take_up_the_rest(last_run))
            return
        self.upkeep.start(last_run)
        QTimer.singleShot(_BREATH_MS, self, self._offer_media_keys)
        QTimer.singleShot(_WARM_UP_AFTER_MS, self, self._warm_up)

    def _offer_media_keys(self) -> None:
        if self._closed or not sys.platform.startswith("linux"):
            return
        from viewer.qt.media_keys import MediaCommands, MediaKeys

        lists, note = self.window.side.lists, self.session
        commands = MediaCommands(
            toggle=self.session.toggle,
            following=lambda: lists.step(1),
            previous=lambda: lists.step(-1),
            show=self.window.activateWindow,
            title=lambda: note.note.title if note.note is not None else "",
            artist=lambda: (note.note.metadata.channel or "") if note.note is not None else "",
        )
        self._media_keys = MediaKeys(self.player, commands, self)
        self._media_keys.start()

    def _warm_up(self) -> None:
        """Start the helper that finds addresses (a local process, no network), so that the first click need not wait."""
        # What is here stays: looking through it for garbage again and again blocks the window for 50 ms each time.
        gc.freeze()
        gc.enable()
        if not self._closed and not self.clips.offline:
            self.runner.start(Lane.FETCH, lambda progress, cancel: self.fetcher.warm_up())

    def open_arguments(self, arguments: Sequence[str]) -> None:
        """Open what a second start was given, and come to the front."""
        self.desk.open_arguments(arguments)
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        """End everything in order: the sound, the work, the helpers, the databases. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self.window.closing.emit()  # whoever waits with a timer stops, also where the window stays
        self.desk.watch([])
        self.places.close()
        self.marks.close()
        self.relations.close()
        self.comforts.close()
        self.kept_counts.stop()
        self.pictures.close()
        if self._media_keys is not None:
            self._media_keys.close()
        self.player.shutdown()
        self.clips.cancel_all()
        self.keeping.stop_all()
        self.runner.shutdown()
        self.saving.clean_up()
        self.fetcher.close()
        self.catalog.close()


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
    paths: AppPaths | None = None,
    store: ClipStore | None = None,
    fetcher: LateFetcher | Fetcher | None = None,
    *,
    at_once: bool = True,
) -> Application:
    """Build everything for one window (a QApplication must exist). Tests hand in their own store and fetcher.

    Without ``at_once`` what is not seen at first follows when the window has been shown.
    """
    paths = paths or AppPaths.standard()
    settings = Settings(paths.settings_file)
    speak(settings.get("look.language"))
    if store is None:
        chosen = settings.get("store.folder")
        budget = int(settings.get("store.budget_gb") * 1_000_000_000)
        store = ClipStore(Path(chosen) if chosen else paths.clips, budget)
    fetcher = fetcher or LateFetcher(paths, store, fetch_options(settings))
    application = Application(paths, settings, store, fetcher)
    if at_once:
        application.complete()
    return application


def run(arguments: Sequence[str | Path] = ()) -> int:
    """Open the window on these folders or files and stay until it is closed. Returns the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    paths = AppPaths.standard()
    with zoomed(paths.settings_file):
        app = make_qt_application()
    words = [str(argument) for argument in arguments]
    instance = SingleInstance(paths.socket_file)
    try:
        if not instance.claim(words):
            return 0
        record = RunRecord(paths.log, __version__)
        last_run = record.begin()
        application = build(paths, at_once=False)
    except ViewerError as error:
        print(error, file=sys.stderr)
        return 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, application.window.close_at_once))
    # Python looks at signals only between its own instructions: a timer gives it some.
    beat = QTimer()
    beat.timeout.connect(lambda: None)
    beat.start(400)
    instance.received.connect(application.open_arguments)
    events = OpenEvents()
    events.asked.connect(application.open_arguments)
    app.installEventFilter(events)
    application.start(words, last_run)
    if not words:
        application.comforts.welcome()
    code = app.exec()
    application.close()
    record.end()
    instance.close()
    begin_again(application.window)
    return int(code)
