"""Films, folders for editing and evidence bundles, asked for in the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from tests.export.conftest import THIRTY
from tests.standin import media
from viewer.app import Application
from viewer.base.cancel import CancelToken, Progress
from viewer.domain.cited_quote import CitedQuote, Heading, Outline
from viewer.domain.video import Segment, VideoRef
from viewer.export.checksums import verify_folder
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.failures import FailureKind, MediaError
from viewer.media.mp4_write import recut
from viewer.media.tools import Tools
from viewer.qt import taking_out
from viewer.qt.jobs import Lane
from viewer.qt.taking_out import TakeOutKind
from viewer.ui.take_out_dialog import TakeOutDialog
from viewer.ui.take_out_session import TakeOutSession

from .test_collections import choose, gather_rows
from .test_marks import talk

__all__ = ["talk"]

VIDEO = VideoRef.youtube("takeout0001")
FIRST, SECOND = Segment(VIDEO, 5000, 6500), Segment(VIDEO, 10_000, 11_000)
OUTLINE: Outline = [
    Heading("Part one"),
    CitedQuote("These are the words.", "Ann", note_title="A talk", segment=FIRST),
    CitedQuote("And these.", "Ben", note_title="A talk", segment=SECOND),
]


class Offline:
    """Gives what is kept, and nothing else."""

    def __init__(self, store: ClipStore) -> None:
        self.store = store
        self.tools = Tools.find()

    def fetch(self, segment: Segment, progress: Progress, cancel: CancelToken) -> Clip:
        kept = self.store.find(segment)
        if kept is None:
            raise MediaError(FailureKind.OFFLINE)
        return kept


@dataclass
class Bench:
    session: TakeOutSession
    store: ClipStore
    application: Application


def keep(store: ClipStore, segment: Segment) -> None:
    with store.work_folder() as work:
        recut(media.make(THIRTY, "18"), work / "a.mp4", segment.start_ms, segment.end_ms)
        store.add(segment, "360", work / "a.mp4")


@pytest.fixture
def bench(application: Application, tmp_path: Path) -> Iterator[Bench]:
    app = application
    store = app.store
    keep(store, FIRST)
    session = TakeOutSession(
        *(app.window, app.runner, store, Offline(store), app.session, app.catalog, app.checks.store.find),
        app.settings,
    )
    yield Bench(session, store, app)
    for dialog in app.window.findChildren(TakeOutDialog):
        dialog.close()


def ready(qtbot: QtBot, bench: Bench, kind: TakeOutKind, outline: Outline = OUTLINE) -> TakeOutDialog:
    dialog = bench.session.open(kind, "My film", outline)
    qtbot.waitUntil(lambda: "…" not in dialog.wanted.text(), timeout=5000)
    return dialog


def test_a_film_is_made_and_shown(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    keep(bench.store, SECOND)
    dialog = ready(qtbot, bench, TakeOutKind.FILM)
    assert dialog.wanted.text() == "2 clips · 2 s"
    assert dialog.captions.currentData() == "track"
    dialog.captions.setCurrentIndex(0)
    dialog.cards.setChecked(False)
    dialog.start(tmp_path / "film.mp4")
    assert dialog.bar.isVisible()
    assert dialog.stop_button.isVisible()
    qtbot.waitUntil(dialog.show_button.isVisible, timeout=30_000)
    numbers = [number for number in media.frame_numbers(tmp_path / "film.mp4") if number is not None]
    assert numbers == [*range(150, 195), *range(300, 330)]
    assert dialog.state.text().startswith("Saved as film.mp4\n")
    assert bench.application.settings.get("film.captions") == "none"
    assert bench.application.settings.get("export.folder") == str(tmp_path)


def test_what_is_missing_is_listed_and_can_be_tried_again(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    bench.application.settings.set("fetch.offline", True)
    dialog = ready(qtbot, bench, TakeOutKind.EDITING)
    assert "1 is not kept, and you work offline" in dialog.wanted.text()
    dialog.start(tmp_path)
    qtbot.waitUntil(lambda: dialog.start_button.isVisible(), timeout=10_000)
    assert "1 of 2 clips is missing." in dialog.state.text()
    assert "And these. (0:10" in dialog.state.text()
    keep(bench.store, SECOND)
    dialog.start(tmp_path / "out")
    qtbot.waitUntil(lambda: dialog.start_button.isVisible(), timeout=10_000)
    assert "cannot be written" in dialog.state.text()
    assert dialog.start_button.hasFocus()
    (tmp_path / "out").mkdir()
    dialog.start(tmp_path / "out")
    qtbot.waitUntil(dialog.show_button.isVisible, timeout=30_000)
    (folder,) = (tmp_path / "out").iterdir()
    assert sorted(path.suffix for path in folder.iterdir()) == ["", ".edl", ".fcpxml", ".otio"]


def test_an_evidence_bundle(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    keep(bench.store, SECOND)
    dialog = ready(qtbot, bench, TakeOutKind.EVIDENCE)
    assert not dialog.choices.isVisible()
    (tmp_path / "out").mkdir()
    dialog.start(tmp_path / "out")
    qtbot.waitUntil(dialog.show_button.isVisible, timeout=30_000)
    (folder,) = (tmp_path / "out").iterdir()
    assert verify_folder(folder).ok
    assert dialog.state.text() == f"Saved in {folder.name}"


def answer(dialog: TakeOutDialog, words: str) -> None:
    box = dialog.findChild(QMessageBox, "stopQuestion")
    assert box is not None
    next(button for button in box.buttons() if button.text() == words).click()


def working(qtbot: QtBot, bench: Bench, out: Path, monkeypatch: pytest.MonkeyPatch) -> TakeOutDialog:
    """A film that takes for ever."""
    out.mkdir()

    def carry_out(*arguments: object) -> None:
        cancel = arguments[-1]
        assert isinstance(cancel, CancelToken)
        while not cancel.wait(0.02):
            pass
        cancel.raise_if_cancelled()

    monkeypatch.setattr(taking_out, "carry_out", carry_out)
    dialog = ready(qtbot, bench, TakeOutKind.FILM)
    dialog.start(out / "film.mp4")
    return dialog


def test_escape_asks_before_it_stops_and_closes_then(
    qtbot: QtBot, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = working(qtbot, bench, tmp_path / "out", monkeypatch)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    answer(dialog, "Go on")
    assert dialog.bar.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    answer(dialog, "Stop")
    qtbot.waitUntil(lambda: not dialog.bar.isVisible(), timeout=10_000)
    assert dialog.isVisible()
    assert dialog.state.text() == "Stopped. Nothing was written."
    assert list((tmp_path / "out").iterdir()) == []
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_closed_while_it_works_it_asks(
    qtbot: QtBot, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = working(qtbot, bench, tmp_path / "out", monkeypatch)
    dialog.close()
    assert dialog.isVisible()
    answer(dialog, "Stop")
    qtbot.waitUntil(lambda: not bench.application.runner.live(Lane.LONG), timeout=10_000)
    qtbot.waitUntil(lambda: not bench.application.window.findChildren(TakeOutDialog), timeout=5000)
    assert list((tmp_path / "out").iterdir()) == []


def test_the_window_asks_before_it_closes_over_what_is_being_made(
    qtbot: QtBot, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = bench.application.window
    dialog = working(qtbot, bench, tmp_path / "out", monkeypatch)
    window.close()
    answer(dialog, "Go on")
    assert window.isVisible()
    assert dialog.bar.isVisible()
    window.close()
    answer(dialog, "Stop")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)


def test_the_system_ends_the_program_without_a_question(
    qtbot: QtBot, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = working(qtbot, bench, tmp_path / "out", monkeypatch)
    bench.application.window.close_at_once()
    assert dialog.findChild(QMessageBox, "stopQuestion") is None
    assert not bench.application.window.isVisible()


def test_nothing_to_edit_is_said(qtbot: QtBot, bench: Bench) -> None:
    dialog = ready(qtbot, bench, TakeOutKind.EDITING, [CitedQuote("no time")])
    assert not dialog.start_button.isEnabled()
    assert "nothing here has a time" in dialog.wanted.text()


def test_a_menu_offers_the_three(qtbot: QtBot, bench: Bench) -> None:
    menu = QMenu(bench.application.window)
    bench.session.fill_menu(menu, "A collection", lambda: OUTLINE)
    assert [action.text() for action in menu.actions()] == [
        "Make a film…",
        "Export for editing (EDL, FCPXML)…",
        "Evidence bundle…",
    ]
    menu.actions()[2].trigger()
    qtbot.waitUntil(lambda: bool(bench.application.window.findChildren(TakeOutDialog)), timeout=5000)
    (dialog,) = bench.application.window.findChildren(TakeOutDialog)
    assert dialog.kind is TakeOutKind.EVIDENCE
    menu.deleteLater()


def test_the_open_note_can_be_taken_out(qtbot: QtBot, bench: Bench) -> None:
    bench.session.handlers()["make_film"]()
    (dialog,) = bench.application.window.findChildren(TakeOutDialog)
    qtbot.waitUntil(lambda: "fetched first" in dialog.wanted.text(), timeout=5000)


def test_the_collections_menu_offers_the_three(qtbot: QtBot, talk: Application) -> None:
    gathering = talk.marks.gathering
    gathering.open_pane()
    gather_rows(qtbot, talk, 2)
    menu = gathering.pane.menu
    menu.aboutToShow.emit()
    choose(menu, "Make a film…")
    qtbot.waitUntil(lambda: bool(talk.window.findChildren(TakeOutDialog)), timeout=5000)
    (dialog,) = talk.window.findChildren(TakeOutDialog)
    qtbot.waitUntil(lambda: "2 clips" in dialog.wanted.text(), timeout=5000)
    dialog.close()
