"""Keeping the open note offline and taking it along: the offline button's menu, the row's menu, the storage window."""

from __future__ import annotations

import logging
import shlex
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.base.settings import Settings
from viewer.domain.note import Note
from viewer.domain.video import Segment, VideoRef
from viewer.media.saved_names import suggested_name
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.clip_state import ClipState, ClipStatus
from viewer.qt.keeping import Keeping, KeepProgress
from viewer.qt.models import LibraryModel
from viewer.qt.store_controller import StoreController
from viewer.qt.timed_rows import RowKind, TimedRow
from viewer.ui.main_window import MainWindow
from viewer.ui.reveal import reveal
from viewer.ui.save_clip import SaveClip, file_name_of
from viewer.ui.session import NoteSession
from viewer.ui.status_banner import OFFLINE, BannerButton
from viewer.ui.text import DOT, failure_words, size_text

log = logging.getLogger(__name__)

_GB = 1_000_000_000


class KeepSession(QObject):
    """What the user can do about keeping: handlers of the actions, and two menus filled when they are opened."""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        clips: ClipController,
        player: ClipPlayer,
        settings: Settings,
        library: LibraryModel,
        store: StoreController,
        keeping: Keeping,
        saving: SaveClip,
        own_folder: Path,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._clips = clips
        self._player = player
        self._settings = settings
        self._library = library
        self._store = store
        self._keeping = keeping
        self._saving = saving
        self._own_folder = own_folder
        self._kept_note: tuple[str, list[Segment]] | None = None
        self._menu = QMenu(window.top.offline)
        self._menu.setObjectName("offlineMenu")
        self._menu.aboutToShow.connect(self._fill_menu)
        window.top.offline.setMenu(self._menu)
        window.top.offline.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        for view in window.side.lists.views.values():
            view.setDragEnabled(True)
        for model in window.side.lists.models.values():
            model.file_of = self._file_of
        session.noteChanged.connect(self.look_again)
        store.changed.connect(self.look_again)
        store.emptied.connect(self._look_at_rows)
        store.known.connect(self._known)
        store.failed.connect(self._fail)
        store.moved.connect(self._moved)
        keeping.wholeChanged.connect(self._whole_changed)
        keeping.wholeFailed.connect(lambda video, error: self._fail(error))
        clips.clipStateChanged.connect(self._clip_changed)
        settings.listen(self._setting_changed)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {
            "fetch_all": self.keep_note,
            "let_go": self.let_note_go,
            "keep_whole": self.keep_whole,
            "save_clip": self.save_clip,
            "save_all": self.save_all,
            "copy_command": self.copy_command,
            "storage": self.open_storage,
        }

    # -- what is meant ---------------------------------------------------------------------------------------

    def segments(self) -> list[Segment]:
        """The note's clips: its highlights' (its other rows', when it has none), as long as they are played."""
        lists = self._window.side.lists
        rows = lists.models[RowKind.HIGHLIGHT].segments() or lists.segments()
        return [self._as_played(segment) for segment in rows]

    def _as_played(self, segment: Segment) -> Segment:
        """The row's segment with its lead-in and tail: that is what must be kept to play it offline."""
        played = self._session.with_edges(segment)
        self._session.take_for(played, segment)
        return played

    def _meant(self) -> Segment | None:
        """The chosen row's segment, else what plays."""
        row = self._window.side.lists.current_row()
        return row.segment if row is not None and row.segment is not None else self._player.segment

    def _video(self) -> VideoRef | None:
        note = self._session.note
        return note.video if note is not None else None

    # -- keeping ---------------------------------------------------------------------------------------------

    def keep_note(self) -> None:
        """Fetch and pin every clip of the note."""
        segments = self.segments()
        banner = self._window.banner
        if not segments:
            banner.show_info(tr("This note has no clips to keep"))
            return
        so_far = self._keeping.progress(segments)
        if self._clips.offline and so_far.ready < so_far.total:
            banner.show_failure(
                tr("Soundbite is set to work offline."),
                tr("Go online to fetch the clips that are missing. What is here already is pinned."),
                [BannerButton(tr("Go online"), lambda: self._go_online(self.keep_note), primary=True)],
                about=OFFLINE,
            )
        else:
            self._kept_note = (self._session.path, segments)
            banner.show_info(tr("This note is being kept offline"), self.words(so_far))
        self._keeping.keep(segments)

    def let_note_go(self) -> None:
        """Stop keeping the note; its clips may be evicted again."""
        self._kept_note = None
        self._keeping.let_go(self.segments())
        self._window.banner.show_info(
            tr("This note is no longer kept offline"),
            tr("Its clips stay until the space is needed."),
        )

    def keep_whole(self) -> None:
        """Fetch and pin the whole video of the note."""
        video = self._video()
        banner = self._window.banner
        if video is None:
            banner.show_info(tr("This note names no video"))
        elif self._store.whole(video) is not None:
            self._keeping.keep_whole(video)  # it is there: pinned, nothing is fetched
            banner.show_info(tr("The whole video is kept"), tr("Every place of it plays from the disk."))
        elif self._clips.offline:
            banner.show_failure(
                tr("Soundbite is set to work offline."),
                tr("Go online to fetch the whole video."),
                [BannerButton(tr("Go online"), lambda: self._go_online(self.keep_whole), primary=True)],
                about=OFFLINE,
            )
        else:
            self._keeping.keep_whole(video)
            banner.show_info(
                tr("The whole video is being fetched"),
                tr("Afterwards every place of it plays from the disk."),
            )

    def _go_online(self, then: Callable[[], None]) -> None:
        self._settings.set("fetch.offline", False)
        then()

    def words(self, progress: KeepProgress) -> str:
        """``5 of 6 kept · 48 MB``."""
        parts = [tr("{n} of {total} kept").format(n=progress.ready, total=progress.total)]
        if progress.size_bytes:
            parts.append(size_text(progress.size_bytes))
        if progress.failed:
            parts.append(tr("{n} failed").format(n=progress.failed))
        return DOT.join(parts)

    def whole_words(self, state: ClipState) -> str:
        """``42 % · 120 MB of 290 MB · 2.4 MB/s · 71 s left``."""
        parts = []
        if state.fraction is not None:
            parts.append(f"{int(state.fraction * 100)} %")
        if state.done_bytes and state.total_bytes:
            parts.append(
                tr("{done} of {total}").format(
                    done=size_text(state.done_bytes), total=size_text(state.total_bytes)
                )
            )
        if state.speed:
            parts.append(tr("{speed}/s").format(speed=size_text(int(state.speed))))
        if state.eta:
            parts.append(tr("{n} s left").format(n=round(state.eta)))
        return DOT.join(parts)

    # -- taking along ----------------------------------------------------------------------------------------

    def save_clip(self) -> None:
        """Ask where to save what plays (else the chosen row)."""
        playing = self._player.segment
        segment = playing if playing is not None else self._meant()
        if segment is None:
            self._window.banner.show_info(tr("Choose or play a clip first, then save it"))
        else:
            self._saving.ask(self._session.row_of(segment), self._session.note)

    def save_all(self) -> None:
        """Ask for a folder, and save every clip of the note there."""
        lists = self._window.side.lists
        segments = lists.models[RowKind.HIGHLIGHT].segments() or lists.segments()
        if self._session.note is None or not segments:
            self._window.banner.show_info(tr("This note has no clips to save"))
        else:
            self._saving.ask_all(segments, self._session.note)

    def copy_command(self, segment: Segment | None = None) -> None:
        """Copy the exact command that makes this clip (the chosen row's), as the notes write it."""
        segment = segment or self._meant()
        if segment is None:
            self._window.banner.show_info(tr("Choose a clip first"))
            return
        try:
            words = command_text(segment, self._session.note)
        except ValueError:
            self._window.banner.show_info(tr("There is no safe command for this video's address"))
            return
        QApplication.clipboard().setText(words)
        self._window.banner.show_info(tr("The command is copied"), words)

    def open_storage(self) -> None:
        """Open the storage window."""
        from viewer.ui.storage_dialog import StorageDialog  # when it is opened: a start does without

        titles = {video_id: entry.title for entry in self._library.entries for video_id in entry.video_ids}
        note = self._session.note
        if note is not None:
            titles.update({video.id: note.title for video in note.videos if video.id not in titles})
        StorageDialog(self._store, titles, self._own_folder, self._ask_budget, self._window).open()

    def _ask_budget(self) -> None:
        from viewer.ui.preferences import Preferences

        dialog = Preferences(self._settings, self._window, self.open_storage)
        dialog.search_for(tr("Space for clips"))
        dialog.open()

    # -- menus -----------------------------------------------------------------------------------------------

    def _fill_menu(self) -> None:
        menu, actions = self._menu, self._window.actions_set
        menu.clear()
        menu.addAction(actions["offline"])
        menu.addSeparator()
        segments = self.segments() if self._session.note is not None else []
        if segments:
            progress = self._keeping.progress(segments)
            menu.addAction(self.words(progress)).setEnabled(False)
            if progress.busy:
                stop = menu.addAction(tr("Stop fetching this note's clips"))
                stop.triggered.connect(lambda _=False: self._keeping.stop(segments))
            elif progress.ready < progress.total or not progress.pinned:
                menu.addAction(actions["fetch_all"])
            if progress.pinned or progress.busy:
                menu.addAction(actions["let_go"])
        video = self._video()
        if video is not None:
            self._fill_whole(menu, video)
        menu.addSeparator()
        if segments:
            menu.addAction(actions["save_all"])
        menu.addAction(actions["storage"])

    def _fill_whole(self, menu: QMenu, video: VideoRef) -> None:
        menu.addSeparator()
        state, clip = self._keeping.whole_state(video), self._store.whole(video)
        if clip is not None:
            words = tr("The whole video is kept") + DOT + size_text(clip.size_bytes)
            menu.addAction(words).setEnabled(False)
            away = menu.addAction(tr("Remove the whole video from the disk"))
            away.triggered.connect(lambda _=False: self._keeping.remove_whole(video))
        elif state.busy:
            menu.addAction(self.whole_words(state) or tr("Finding the video…")).setEnabled(False)
            stop = menu.addAction(tr("Stop fetching the whole video"))
            stop.triggered.connect(lambda _=False: self._keeping.stop_whole(video))
        else:
            menu.addAction(self._window.actions_set["keep_whole"])

    def fill_row_menu(self, row: TimedRow, menu: QMenu) -> None:
        """Add what can be done about keeping ``row``'s clip."""
        segment = row.segment
        if segment is None:
            return
        menu.addSeparator()
        clip, state = self._store.clip(segment), self._clips.state(segment)
        if clip is not None:
            pin = menu.addAction(tr("Unpin") if clip.pinned else tr("Pin: keep it whatever happens"))
            pin.triggered.connect(lambda _=False: self._store.set_pinned([clip], not clip.pinned))
            words = tr("Remove the whole video from the disk") if clip.whole else tr("Remove from the disk")
            menu.addAction(words).triggered.connect(lambda _=False: self._store.remove([clip]))
            menu.addAction(tr("Show in folder")).triggered.connect(lambda _=False: reveal(clip.path))
        elif not state.busy:
            keep = menu.addAction(tr("Keep this clip offline"))
            keep.setEnabled(not self._clips.offline)
            keep.triggered.connect(lambda _=False: self._keeping.keep([self._as_played(segment)]))
        save = menu.addAction(tr("Save clip as…"))
        save.setEnabled(clip is not None or not self._clips.offline)
        save.triggered.connect(lambda _=False: self._saving.ask(segment, self._session.note))
        copy = menu.addAction(tr("Copy the command"))
        copy.triggered.connect(lambda _=False: self.copy_command(segment))

    def _file_of(self, segment: Segment) -> Path | None:
        """The file to drag for a row: its clip, unless only the whole video is kept."""
        clip = self._store.clip(segment)
        if clip is None or clip.whole:
            return None
        return self._saving.file_for_drag(clip, segment, self._session.note)

    # -- what changes ----------------------------------------------------------------------------------------

    @Slot()
    def look_again(self, *_: object) -> None:
        """Ask the store what it has of the open note."""
        note = self._session.note
        played = [self._as_played(one) for one in self._window.side.lists.segments()]
        rows = self._window.side.lists.segments()
        self._store.look_up(dict.fromkeys([*rows, *played]), note.videos if note is not None else ())

    @Slot()
    def _look_at_rows(self) -> None:
        self._clips.look_up(self._window.side.lists.segments())

    @Slot()
    def _known(self) -> None:
        if self._kept_note is None:
            return
        path, segments = self._kept_note
        progress = self._keeping.progress(segments)
        if path != self._session.path or progress.busy:
            return
        if progress.ready == progress.total and progress.pinned:
            self._kept_note = None
            self._window.banner.show_info(tr("This note is kept offline"), self.words(progress))
        elif progress.failed and progress.ready + progress.failed == progress.total:
            self._kept_note = None
            self._window.banner.show_failure(
                tr("Some clips of this note could not be kept."),
                self.words(progress),
                [BannerButton(tr("Retry"), self.keep_note, primary=True)],
            )

    @Slot(object)
    def _clip_changed(self, segment: Segment) -> None:
        if self._clips.state(segment).status in (ClipStatus.READY, ClipStatus.FAILED):
            self.look_again()

    @Slot(object)
    def _whole_changed(self, video: VideoRef) -> None:
        state = self._keeping.whole_state(video)
        if state.status is not ClipStatus.READY:
            return
        self._look_at_rows()  # it holds them all
        if video == self._video():
            self._window.banner.show_info(
                tr("The whole video is kept"), tr("Every place of it plays from the disk.")
            )

    def _setting_changed(self, key: str) -> None:
        if key == "store.budget_gb":
            self._store.set_budget(int(self._settings.get(key) * _GB))
        elif key in ("play.lead_in", "play.tail"):
            self.look_again()

    @Slot(object)
    def _moved(self, folder: Path) -> None:
        own = folder == self._own_folder
        self._settings.set("store.folder", "" if own else str(folder))

    @Slot(object)
    def _fail(self, error: object) -> None:
        if not isinstance(error, ViewerError):
            log.warning("keeping failed: %r", error)
        self._window.banner.show_failure(*failure_words(error, tr("The kept clips could not be changed.")))


def command_text(segment: Segment, note: Note | None) -> str:
    """The command for this clip, to be pasted into a shell. ValueError for an address that is not safe there."""
    from viewer.media.ytdlp import note_command

    name = suggested_name(file_name_of(note, segment), segment, "mp4")
    return shlex.join(note_command(segment, name))
