"""Keeping a note offline and taking it along, in the real window; only the network is replaced."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from tests.standin.media import ffmpeg
from tests.ui.conftest import close_down
from viewer import app as app_module
from viewer.app import Application
from viewer.base.paths import AppPaths
from viewer.domain.video import Segment, VideoRef
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.failures import FailureKind, MediaError
from viewer.media.progress import FetchProgress, FetchStage
from viewer.media.tools import Tools
from viewer.qt.clip_state import ClipStatus
from viewer.qt.models import RowKind
from viewer.ui.preferences import Preferences
from viewer.ui.storage_dialog import StorageDialog


@pytest.fixture(scope="session")
def short_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "short.mp4"
    command = [ffmpeg(), "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=160x90:r=10:d=2"]
    command += ["-f", "lavfi", "-i", "sine=d=2", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-c:a", "aac"]
    subprocess.run([*command, str(path)], check=True, timeout=60, stdin=subprocess.DEVNULL)
    return path


class Site:
    """A fetcher whose site has everything: each fetch brings the same short file. ``gate`` holds fetches back."""

    def __init__(self, store: ClipStore, file: Path) -> None:
        self.store, self.file = store, file
        self.asked: list[Segment | VideoRef] = []
        self.broken: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()
        self.options: Any = None
        self.tools = Tools.find()

    def fetch(
        self, segment: Segment, progress: Any = None, cancel: Any = None, on_playable: Any = None
    ) -> Clip:
        kept = self.store.find(segment)
        if kept is not None:
            return kept
        self.asked.append(segment)
        return self._bring(segment, progress, cancel, whole=False)

    def fetch_whole(self, video: VideoRef, progress: Any, cancel: Any) -> Clip:
        kept = self.store.find_whole(video)
        if kept is not None:
            return kept
        self.asked.append(video)
        return self._bring(Segment(video, 0, 516_000), progress, cancel, whole=True)

    def _bring(self, segment: Segment, progress: Any, cancel: Any, *, whole: bool) -> Clip:
        progress(FetchProgress(FetchStage.DOWNLOADING, 500_000, 2_000_000, 250_000.0, 6.0, 0.25))
        while not self.gate.wait(0.01):
            cancel.raise_if_cancelled()
        if segment.start_ms in self.broken:
            raise MediaError(FailureKind.NO_NETWORK)
        with self.store.work_folder() as work:
            copy = work / "clip.mp4"
            shutil.copy(self.file, copy)
            return self.store.add(segment, "720", copy, whole=whole)

    def warm_up(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    return ClipStore(tmp_path / "clips")


@pytest.fixture
def site(store: ClipStore, short_video: Path) -> Site:
    return Site(store, short_video)


@pytest.fixture
def application(qtbot: QtBot, own_folders: Path, store: ClipStore, site: Site) -> Iterator[Application]:
    app_module.make_qt_application()
    built = app_module.build(AppPaths.standard(), store, site)  # type: ignore[arg-type]
    built.settings.set("look.theme", "light")
    built.start()
    qtbot.waitUntil(lambda: built.session.note is not None, timeout=20_000)
    yield built
    site.gate.set()
    close_down(qtbot, built)


def highlights(application: Application) -> list[Segment]:
    return application.window.side.lists.models[RowKind.HIGHLIGHT].segments()


def trigger(application: Application, action_id: str) -> None:
    application.window.actions_set[action_id].trigger()


def words_of(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def offline_menu(application: Application) -> list[str]:
    menu = application.window.top.offline.menu()
    menu.aboutToShow.emit()
    return words_of(menu)


def row_menu(application: Application, row: int = 0) -> tuple[QMenu, dict[str, QAction]]:
    lists = application.window.side.lists
    menu = QMenu(application.window)
    lists.menuWanted.emit(lists.models[RowKind.HIGHLIGHT].row(row), menu)
    return menu, {action.text(): action for action in menu.actions()}


def test_keeping_a_note_fetches_and_pins_every_clip(
    qtbot: QtBot, application: Application, store: ClipStore, site: Site
) -> None:
    trigger(application, "fetch_all")
    qtbot.waitUntil(lambda: sum(clip.pinned for clip in store.clips()) == 5, timeout=10_000)
    assert sorted(clip.segment for clip in store.clips()) == sorted(highlights(application))
    banner = application.window.banner
    qtbot.waitUntil(lambda: banner.message.text() == "This note is kept offline")
    assert banner.advice.text().startswith("5 of 5 kept · ")
    assert application.window.top.offline.text().endswith("5/5")
    assert "No longer keep this note offline" in offline_menu(application)
    trigger(application, "let_go")
    qtbot.waitUntil(lambda: not any(clip.pinned for clip in store.clips()))
    assert len(store.clips()) == 5


def test_progress_is_told_and_stopping_leaves_nothing(
    qtbot: QtBot, application: Application, store: ClipStore, site: Site
) -> None:
    site.gate.clear()
    trigger(application, "fetch_all")
    button = application.window.top.findChild(object, "downloadsButton")
    qtbot.waitUntil(lambda: button.isVisible() and "/s" in button.text())
    assert button.text().startswith("5 · ")
    assert "2 running, 3 waiting" in button.toolTip()
    words = offline_menu(application)
    assert any(word.startswith("0 of 5 kept") for word in words)
    assert "Stop fetching this note's clips" in words
    button.menu().aboutToShow.emit()
    assert words_of(button.menu())[0].startswith("0:16")
    application.downloads.stop_all()
    qtbot.waitUntil(lambda: not button.isVisible())
    site.gate.set()
    assert store.clips() == []
    assert all(
        application.clips.state(one).status is ClipStatus.NOT_FETCHED for one in highlights(application)
    )


def test_what_fails_is_counted_and_tried_again(
    qtbot: QtBot, application: Application, store: ClipStore, site: Site
) -> None:
    site.broken = {highlights(application)[1].start_ms}
    trigger(application, "fetch_all")
    banner = application.window.banner
    qtbot.waitUntil(lambda: banner.message.text().startswith("Some clips"), timeout=10_000)
    assert "4 of 5 kept" in banner.advice.text()
    assert "1 failed" in banner.advice.text()
    site.broken = set()
    banner.buttons[0].click()
    qtbot.waitUntil(lambda: sum(clip.pinned for clip in store.clips()) == 5, timeout=10_000)


def test_offline_nothing_is_fetched_and_the_reader_is_told(
    qtbot: QtBot, application: Application, site: Site
) -> None:
    application.settings.set("fetch.offline", True)
    trigger(application, "fetch_all")
    assert application.window.banner.message.text() == "Soundbite is set to work offline."
    qtbot.wait(100)
    assert site.asked == []
    application.window.banner.buttons[0].click()
    qtbot.waitUntil(lambda: len(site.asked) == 5, timeout=10_000)


def test_with_a_lead_in_the_longer_clip_is_kept_and_its_row_is_ready(
    qtbot: QtBot, application: Application, store: ClipStore
) -> None:
    application.settings.set("play.lead_in", 3)
    first = highlights(application)[0]
    trigger(application, "fetch_all")
    qtbot.waitUntil(lambda: len(store.clips()) == 5, timeout=10_000)
    assert min(clip.segment.start_ms for clip in store.clips()) == first.start_ms - 3000
    model = application.window.side.lists.models[RowKind.HIGHLIGHT]
    qtbot.waitUntil(lambda: ", ready" in model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole))


def test_the_whole_video_makes_every_row_ready_and_can_go_again(
    qtbot: QtBot, application: Application, store: ClipStore, site: Site
) -> None:
    site.gate.clear()
    trigger(application, "keep_whole")
    video = application.session.note.video
    qtbot.waitUntil(lambda: application.keeping.whole_state(video).fraction == 0.25)
    assert any("25 %" in word and "6 s left" in word for word in offline_menu(application))
    site.gate.set()
    qtbot.waitUntil(
        lambda: (store.find_whole(video) or site).__class__ is Clip and store.find_whole(video).pinned
    )
    qtbot.waitUntil(
        lambda: all(
            application.clips.state(one).status is ClipStatus.READY for one in highlights(application)
        )
    )
    qtbot.waitUntil(lambda: "Remove the whole video from the disk" in offline_menu(application))
    application.keeping.remove_whole(video)
    qtbot.waitUntil(lambda: store.find_whole(video) is None)
    qtbot.waitUntil(
        lambda: application.clips.state(highlights(application)[0]).status is ClipStatus.NOT_FETCHED
    )


def test_stopping_a_whole_video_leaves_nothing(
    qtbot: QtBot, application: Application, store: ClipStore, site: Site
) -> None:
    site.gate.clear()
    trigger(application, "keep_whole")
    video = application.session.note.video
    qtbot.waitUntil(lambda: application.keeping.whole_state(video).fraction == 0.25)
    application.keeping.stop_whole(video)
    qtbot.waitUntil(lambda: application.keeping.wholes() == [])
    assert application.keeping.whole_state(video).status is ClipStatus.NOT_FETCHED
    assert list(store.folder.glob("work-*")) == []
    assert store.clips() == []


def test_a_row_is_pinned_unpinned_and_removed(
    qtbot: QtBot, application: Application, store: ClipStore
) -> None:
    first = highlights(application)[0]
    _, actions = row_menu(application)
    actions["Keep this clip offline"].trigger()
    qtbot.waitUntil(lambda: any(clip.pinned for clip in store.clips()))
    qtbot.waitUntil(lambda: "Unpin" in row_menu(application)[1])
    row_menu(application)[1]["Unpin"].trigger()
    qtbot.waitUntil(lambda: not any(clip.pinned for clip in store.clips()))
    qtbot.waitUntil(lambda: "Unpin" not in row_menu(application)[1])
    row_menu(application)[1]["Remove from the disk"].trigger()
    qtbot.waitUntil(lambda: store.clips() == [])
    qtbot.waitUntil(lambda: application.clips.state(first).status is ClipStatus.NOT_FETCHED)


def test_a_kept_row_is_dragged_as_a_file_of_the_notes_name(
    qtbot: QtBot, application: Application, store: ClipStore, site: Site
) -> None:
    model = application.window.side.lists.models[RowKind.HIGHLIGHT]
    index = model.index(0)
    assert model.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    assert not model.mimeData([index]).hasUrls()
    application.clips.fetch(highlights(application)[:1])
    qtbot.waitUntil(lambda: application.kept.clip(highlights(application)[0]) is not None)
    [url] = model.mimeData([index]).urls()
    path = Path(QUrl(url).toLocalFile())
    assert path.name == "ZAJ4D8RAyfY-0m16s.mp4"
    assert path.samefile(store.clips()[0].path)
    path.unlink()  # a program that takes it away takes nothing from the store
    assert store.find(highlights(application)[0]) is not None


def test_a_clip_is_saved_under_the_notes_name(
    qtbot: QtBot, application: Application, tmp_path: Path, short_video: Path
) -> None:
    lists = application.window.side.lists
    lists.views[RowKind.HIGHLIGHT].setCurrentIndex(lists.models[RowKind.HIGHLIGHT].index(0))
    trigger(application, "save_clip")
    dialog = application.window.findChild(QFileDialog, "saveClipDialog")
    assert Path(dialog.selectedFiles()[0]).name == "ZAJ4D8RAyfY-0m16s.mp4"
    dialog.filterSelected.emit(dialog.nameFilters()[2])
    assert Path(dialog.selectedFiles()[0]).name == "ZAJ4D8RAyfY-0m16s.mp3"
    dialog.reject()
    target = tmp_path / "out" / "first.mp3"
    target.parent.mkdir()
    application.saving.save(highlights(application)[0], target, "mp4")
    qtbot.waitUntil(target.exists, timeout=20_000)
    assert target.read_bytes()[:3] in (b"ID3", b"\xff\xfb\x90", b"\xff\xf3\x84")
    qtbot.waitUntil(lambda: application.window.banner.message.text() == "Saved as first.mp3")


def test_a_clip_that_cannot_be_saved_is_said(qtbot: QtBot, application: Application, tmp_path: Path) -> None:
    application.saving.save(highlights(application)[0], tmp_path / "nowhere" / "x.mp4", "mp4")
    banner = application.window.banner
    qtbot.waitUntil(lambda: banner.message.text() == "The clip could not be saved.", timeout=10_000)
    assert not (tmp_path / "nowhere").exists()


def test_all_clips_are_saved_in_a_folder(qtbot: QtBot, application: Application, tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    application.saving.save_all(highlights(application), application.session.note, folder)
    qtbot.waitUntil(lambda: len(list(folder.glob("*.mp4"))) == 5, timeout=20_000)
    assert (folder / "ZAJ4D8RAyfY-0m16s.mp4").is_file()
    qtbot.waitUntil(lambda: application.window.banner.message.text() == "5 clips are saved in taken")


def test_the_command_is_the_notes_own_filled_in(application: Application) -> None:
    lists = application.window.side.lists
    lists.views[RowKind.HIGHLIGHT].setCurrentIndex(lists.models[RowKind.HIGHLIGHT].index(0))
    trigger(application, "copy_command")
    assert QApplication.clipboard().text() == (
        "yt-dlp --download-sections '*16.000-60.000' --force-keyframes-at-cuts --merge-output-format mp4 "
        "-o ZAJ4D8RAyfY-0m16s.mp4 -- 'https://www.youtube.com/watch?v=ZAJ4D8RAyfY'"
    )


def opened_storage(qtbot: QtBot, application: Application) -> StorageDialog:
    trigger(application, "storage")
    dialog = application.window.findChild(StorageDialog)
    qtbot.waitUntil(lambda: dialog.contents is not None)
    return dialog


def test_storage_lists_pins_and_removes(qtbot: QtBot, application: Application, store: ClipStore) -> None:
    application.clips.fetch(highlights(application))
    qtbot.waitUntil(lambda: len(store.clips()) == 5, timeout=10_000)
    dialog = opened_storage(qtbot, application)
    assert dialog.model.rowCount() == 5
    assert "used by 5 clips" in dialog.usage.text()
    sorted_model = dialog.view.model()
    assert sorted_model.index(0, 0).data().startswith("What does Sam Altman")
    assert [sorted_model.index(row, 1).data() for row in range(2)] == [
        "0:16–1:00",
        sorted_model.index(1, 1).data(),
    ]
    assert not dialog.remove.isEnabled()
    dialog.view.setCurrentIndex(sorted_model.index(0, 0))
    dialog.pin.click()
    qtbot.waitUntil(lambda: [clip.pinned for clip in store.clips()].count(True) == 1)
    qtbot.waitUntil(lambda: dialog.unpin.isEnabled())
    dialog.remove.click()
    qtbot.waitUntil(lambda: len(store.clips()) == 4)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 4)
    first = highlights(application)[0]
    qtbot.waitUntil(lambda: application.clips.state(first).status is ClipStatus.NOT_FETCHED)


def test_clearing_asks_first_and_spares_what_is_pinned(
    qtbot: QtBot, application: Application, store: ClipStore
) -> None:
    application.clips.fetch(highlights(application)[:2])
    qtbot.waitUntil(lambda: len(store.clips()) == 2, timeout=10_000)
    store.pin(store.clips()[0])
    dialog = opened_storage(qtbot, application)
    dialog.clear.click()
    box = dialog.findChild(QMessageBox, "clearQuestion")
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
    assert len(store.clips()) == 2
    next(button for button in box.buttons() if "not pinned" in button.text()).click()
    qtbot.waitUntil(lambda: [clip.pinned for clip in store.clips()] == [True])


def test_moving_the_folder_takes_the_clips_along_and_is_remembered(
    qtbot: QtBot, application: Application, store: ClipStore, tmp_path: Path
) -> None:
    first = highlights(application)[0]
    application.clips.fetch([first])
    qtbot.waitUntil(lambda: len(store.clips()) == 1)
    dialog = opened_storage(qtbot, application)
    elsewhere = tmp_path / "elsewhere"
    dialog.move_to(str(elsewhere))
    qtbot.waitUntil(lambda: application.settings.get("store.folder") == str(elsewhere))
    assert store.find(first).path.parent == elsewhere
    assert not list((tmp_path / "clips").glob("*.mp4"))
    qtbot.waitUntil(lambda: str(elsewhere) in dialog.place.text())
    assert application.clips.state(first).status is ClipStatus.READY


def test_a_folder_that_cannot_be_used_changes_nothing(
    qtbot: QtBot, application: Application, store: ClipStore, tmp_path: Path
) -> None:
    before = store.folder
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    dialog = opened_storage(qtbot, application)
    dialog.move_to(str(blocked / "inside"))
    qtbot.waitUntil(dialog.trouble.isVisible)
    assert store.folder == before
    assert application.settings.get("store.folder") == ""
    assert dialog.move_button.isVisible()


def test_a_smaller_limit_makes_room_at_once(qtbot: QtBot, application: Application, store: ClipStore) -> None:
    application.clips.fetch(highlights(application))
    qtbot.waitUntil(lambda: len(store.clips()) == 5, timeout=10_000)
    size = store.clips()[0].size_bytes
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("viewer.ui.keep_session._GB", size * 2)
        application.settings.set("store.budget_gb", 1.0)
        qtbot.waitUntil(lambda: len(store.clips()) == 2)


def test_the_preferences_find_the_folder_and_lead_to_the_storage(
    qtbot: QtBot, application: Application
) -> None:
    trigger(application, "preferences")
    dialog = application.window.findChild(Preferences)
    dialog.search_for("folder for clips")
    button = dialog.findChild(object, "setting_store.folder")
    assert button.isVisible()
    assert not dialog.findChild(object, "setting_play.speed").isVisible()
    button.click()
    assert application.window.findChild(StorageDialog) is not None


def test_a_proxy_that_is_none_is_refused_with_an_example(application: Application) -> None:
    trigger(application, "preferences")
    dialog = application.window.findChild(Preferences)
    line = dialog.findChild(object, "setting_fetch.proxy")
    line.setText("my proxy")
    line.editingFinished.emit()
    assert application.settings.get("fetch.proxy") == ""
    line.setText("socks5://127.0.0.1:1080")
    line.editingFinished.emit()
    assert application.fetcher.options.proxy == "socks5://127.0.0.1:1080"


def test_another_quality_and_length_count_at_once(
    qtbot: QtBot, application: Application, store: ClipStore
) -> None:
    first = highlights(application)[0]
    application.clips.fetch([first])
    qtbot.waitUntil(lambda: application.clips.state(first).status is ClipStatus.READY)
    application.settings.set("fetch.quality", "1080")
    qtbot.waitUntil(lambda: application.clips.state(first).status is ClipStatus.NOT_FETCHED)
    application.settings.set("fetch.quality", "480")
    qtbot.waitUntil(lambda: application.clips.state(first).status is ClipStatus.READY)
    points = application.window.side.lists.models[RowKind.KEY_POINT]
    application.settings.set("play.default_length", 77)
    assert any(segment.duration_ms == 77_000 for segment in points.segments())
