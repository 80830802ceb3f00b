from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.qt.clip_state import ClipStatus
from viewer.qt.models import RowKind
from viewer.qt.roles import Role
from viewer.ui.actions import ACTIONS
from viewer.ui.row_menu import quote_with_source

from .conftest import NoNetwork


def open_note(qtbot: QtBot, application: Application, start: str) -> None:
    model = application.library.model
    entries = [model.index(row, 0).data(Role.NOTE_ENTRY) for row in range(model.rowCount())]
    entry = next(entry for entry in entries if start in entry.path)
    application.desk.open_entry(entry)
    qtbot.waitUntil(lambda: application.session.path == entry.path, timeout=10_000)


def index_center(view: QAbstractItemView, index: QModelIndex) -> QPoint:
    view.scrollTo(index)
    return view.visualRect(index).center()


def test_the_samples_are_listed_and_the_first_that_plays_is_open(application: Application) -> None:
    window = application.window
    titles = [window.library.view.model().index(row, 0).data() for row in range(3)]
    assert len(titles) == 3
    assert any("What does Sam Altman actually want?" in title for title in titles)
    assert window.reader.title.text().startswith("What does Sam Altman actually want?")
    assert window.reader.meta.text() == "Turing Post · 16 Jun 2025 · 8:36 · 804 views"


def test_the_lists_say_how_many_there_are(application: Application) -> None:
    tabs = application.window.side.lists.tabs
    assert [tabs.tabText(number) for number in range(4)] == [
        "HIGHLIGHTS 5",
        "QUOTES 5",
        "POINTS 13",
        "MENTIONS 18",
    ]


def test_the_promised_names_are_there(application: Application) -> None:
    names = (
        "libraryView", "searchField", "searchResults", "readerView", "findBar", "highlightView", "quoteView",
        "keyPointView", "mentionView", "playerView", "playButton", "timelineView", "offlineButton", "statusBanner",
    )  # fmt: skip
    missing = [name for name in names if application.window.findChild(QWidget, name) is None]
    assert missing == []


def test_a_click_on_a_card_asks_for_its_segment(
    qtbot: QtBot, application: Application, fetcher: NoNetwork
) -> None:
    view = application.window.side.lists.views[RowKind.HIGHLIGHT]
    index = view.model().index(0, 0)
    with qtbot.waitSignal(application.window.side.lists.segmentActivated) as heard:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=index_center(view, index))
    segment = heard.args[0]
    assert (segment.video.id, segment.start_ms, segment.end_ms) == ("ZAJ4D8RAyfY", 16_000, 60_000)
    qtbot.waitUntil(lambda: fetcher.asked == [segment])


def test_a_failure_is_said_in_plain_words_with_what_to_do(qtbot: QtBot, application: Application) -> None:
    lists = application.window.side.lists
    lists.views[RowKind.HIGHLIGHT].setCurrentIndex(lists.models[RowKind.HIGHLIGHT].index(0, 0))
    qtbot.keyClick(lists.views[RowKind.HIGHLIGHT], Qt.Key.Key_Return)
    banner = application.window.banner
    qtbot.waitUntil(banner.isVisible)
    assert banner.message.text() == "The video site cannot be reached."
    assert [button.text() for button in banner.buttons] == ["Retry", "Open on YouTube at 0:16"]
    assert application.window.reader.transcript.row_at_cursor() == 1
    qtbot.keyClick(application.window, Qt.Key.Key_Escape)
    assert not banner.isVisible()


def test_retry_asks_again(qtbot: QtBot, application: Application, fetcher: NoNetwork) -> None:
    segment = application.window.side.lists.segments()[0]
    application.session.play(segment)
    qtbot.waitUntil(application.window.banner.isVisible)
    application.window.banner.buttons[0].click()
    qtbot.waitUntil(lambda: fetcher.asked == [segment, segment])


def test_a_time_in_the_transcript_plays(qtbot: QtBot, application: Application, fetcher: NoNetwork) -> None:
    view = application.window.reader.transcript
    block = view.document().findBlockByNumber(2)
    rect = view.document().documentLayout().blockBoundingRect(block)
    view.verticalScrollBar().setValue(0)
    with qtbot.waitSignal(view.cueActivated) as heard:
        qtbot.mouseClick(
            view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(int(rect.left()) + 8, int(rect.top()) + 12)
        )
    assert heard.args == [2]
    qtbot.waitUntil(lambda: len(fetcher.asked) == 1)
    assert fetcher.asked[0].start_ms == 49_000


def test_untimed_quotes_offer_the_video_or_say_there_is_none(qtbot: QtBot, application: Application) -> None:
    open_note(qtbot, application, "002_")
    lists = application.window.side.lists
    assert lists.tabs.tabText(1).startswith("QUOTES ")
    assert lists.view() is lists.views[RowKind.QUOTE]
    lists.step(1)
    banner = application.window.banner
    assert banner.message.text() == "No time known yet"
    assert "names no video" in banner.advice.text()
    assert [button.text() for button in banner.buttons] == ["Give the address…"]


def test_a_note_without_a_transcript_opens_with_its_prose(qtbot: QtBot, application: Application) -> None:
    open_note(qtbot, application, "001_")
    reader = application.window.reader
    assert reader.tabs.currentIndex() == 1
    assert "Key Insights" in reader.notes.toPlainText()
    assert "üîç" not in reader.notes.toPlainText()
    reader.tabs.setCurrentIndex(2)
    assert "repaired" in reader.details.toPlainText().lower()


def test_offline_is_a_switch_that_says_what_it_does(qtbot: QtBot, application: Application) -> None:
    button = application.window.top.offline
    assert button.text() == "Online · 0/5"
    button.click()
    assert application.clips.offline
    assert button.text() == "Offline · 0/5"
    assert button.isChecked()


def test_escape_goes_one_step_back(qtbot: QtBot, application: Application) -> None:
    window = application.window
    window.reader.open_find()
    window.banner.show_info("something", stay=True)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.banner.isVisible()
    assert window.reader.find_bar.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.reader.find_bar.isVisible()


def test_every_action_of_the_table_does_something(application: Application) -> None:
    assert set(application.window.actions_set.connected()) == {spec.id for spec in ACTIONS}


def test_no_key_is_given_twice() -> None:
    keys = [key for spec in ACTIONS for key in spec.keys]
    assert len(keys) == len(set(keys))


def interactive(root: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit, QTabBar, QTextEdit)
    found: list[QWidget] = []
    for kind in kinds:
        found += root.findChildren(kind)
    return [widget for widget in found if not isinstance(widget, QScrollBar)]


def test_every_control_has_a_name(application: Application) -> None:
    unnamed = []
    for widget in interactive(application.window):
        inside = widget.parentWidget()
        owned_by_qt = isinstance(inside, (QComboBox, QTabBar)) or (
            inside is not None and inside.metaObject().className().startswith("QComboBoxPrivate")
        )
        waiting = isinstance(widget, QAbstractButton) and widget.isHidden() and not widget.text()
        if (
            not owned_by_qt
            and not waiting
            and not widget.accessibleName()
            and not getattr(widget, "text", str)()
        ):
            unnamed.append(f"{widget.metaObject().className()} {widget.objectName()}")
    assert unnamed == []


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)])
def test_nothing_is_cut_off(qtbot: QtBot, application: Application, size: tuple[int, int]) -> None:
    window = application.window
    window.resize(*size)
    qtbot.wait(50)
    assert (window.width(), window.height()) == size
    for widget in interactive(window):
        if not widget.isVisible() or isinstance(widget, (QAbstractItemView, QTextEdit)):
            continue
        inside = widget.parentWidget()
        assert inside.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry()), widget.objectName()
    assert window.side.lists.tabs.sizeHint().width() <= window.side.lists.width()


def test_place_and_sizes_are_remembered(application: Application) -> None:
    window = application.window
    window.resize(1100, 720)
    window.toggle_library()
    window.remember()
    assert application.settings.get("window.geometry")
    assert '"library": false' in application.settings.get("window.splitters")


def test_searching_shows_hits_while_typing_and_enter_opens_the_place(
    qtbot: QtBot, application: Application
) -> None:
    window = application.window
    window.top.search.setFocus()
    if not window.top.search.hasFocus():
        pytest.skip("the platform gives no focus")
    qtbot.keyClicks(window.top.search, "rare earth")
    qtbot.waitUntil(window.results.isVisible, timeout=5000)
    assert window.results.view.model().rowCount() > 0
    qtbot.keyClick(window.top.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.results.isVisible())


def test_an_empty_folder_says_what_to_do(qtbot: QtBot, application: Application, tmp_path: Path) -> None:
    empty = tmp_path / "nothing"
    empty.mkdir()
    application.desk.open_paths([empty])
    qtbot.waitUntil(lambda: application.session.note is None, timeout=10_000)
    window = application.window
    assert not window.reader.has_note
    assert window.side.lists.segments() == []
    assert window.library.nothing.button.text() == "Open a folder"
    assert not window.actions_set["find"].isEnabled()


def test_a_folder_that_is_gone_is_named(qtbot: QtBot, application: Application, tmp_path: Path) -> None:
    application.open_arguments([str(tmp_path / "gone")])
    assert "does not exist" in application.window.banner.message.text()
    assert application.library.model.rowCount() == 3


def test_an_address_from_outside_is_asked_about_and_not_played(
    qtbot: QtBot, application: Application, fetcher: NoNetwork
) -> None:
    application.open_arguments(["soundbite:ZAJ4D8RAyfY?t=16-60"])
    banner = application.window.banner
    assert banner.isVisible()
    assert fetcher.asked == []
    banner.buttons[0].click()
    qtbot.waitUntil(lambda: [segment.start_ms for segment in fetcher.asked] == [16_000])
    application.open_arguments(["soundbite:--exec?t=1"])
    assert "cannot be read" in banner.message.text()


def test_lead_in_and_tail_widen_what_plays_and_the_row_stays_the_same(
    qtbot: QtBot, application: Application, fetcher: NoNetwork
) -> None:
    application.settings.set("play.lead_in", 5)
    application.settings.set("play.tail", 3)
    segment = application.window.side.lists.segments()[0]
    application.session.play(segment)
    qtbot.waitUntil(lambda: len(fetcher.asked) == 1)
    assert (fetcher.asked[0].start_ms, fetcher.asked[0].end_ms) == (11_000, 63_000)
    index = application.window.side.lists.models[RowKind.HIGHLIGHT].index(0, 0)
    qtbot.waitUntil(lambda: index.data(Role.CLIP_STATE).status is ClipStatus.FAILED)


def test_every_control_can_be_reached_by_tab(application: Application) -> None:
    window = application.window
    reached: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not window and len(reached) < 500:
        reached.append(widget)
        widget = widget.nextInFocusChain()
    for control in interactive(window):
        if control.isVisible() and control.isEnabled() and control.objectName() != "searchResults":
            if isinstance(control.parentWidget(), QLineEdit):
                continue
            assert control in reached, control.objectName()
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.objectName()


def test_opening_a_note_again_returns_to_its_place(qtbot: QtBot, application: Application) -> None:
    reader = application.window.reader
    reader.transcript.verticalScrollBar().setValue(400)
    open_note(qtbot, application, "001_")
    open_note(qtbot, application, "000_")
    assert reader.transcript.verticalScrollBar().value() == 400


def test_changing_the_theme_recolours_everything(application: Application) -> None:
    for name in ("dark", "sepia", "contrast", "light"):
        application.settings.set("look.theme", name)
        assert application.themes.theme.name == name
        assert application.window.reader.transcript.toPlainText().count("OpenAI") > 5


def test_the_copied_quote_names_its_source(application: Application) -> None:
    lists = application.window.side.lists
    lists.views[RowKind.HIGHLIGHT].setCurrentIndex(lists.models[RowKind.HIGHLIGHT].index(0, 0))
    assert application.session.note is not None
    text = quote_with_source(application.session.path, application.session.note, lists.current_row())
    assert text.startswith("“We are past the event horizon.")
    assert "— Ksenia quoting Sam Altman, “What does Sam Altman actually want?" in text
    assert text.endswith("https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=16s")


def test_a_note_that_appears_on_disk_appears_in_the_list(
    qtbot: QtBot, application: Application, tmp_path: Path, seeds: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    sample = next(seeds.glob("002_*")).read_text(encoding="utf-8")
    (folder / "one.txt").write_text(sample, encoding="utf-8")
    application.desk.open_paths([folder])
    qtbot.waitUntil(lambda: application.session.path.endswith("one.txt"), timeout=10_000)
    qtbot.waitUntil(lambda: not application.library.busy, timeout=10_000)
    (folder / "two.txt").write_text(sample.replace("AI Empire", "AI House"), encoding="utf-8")
    qtbot.waitUntil(lambda: application.library.model.rowCount() == 2, timeout=10_000)


def test_escape_stops_a_fetch(qtbot: QtBot, application: Application) -> None:
    stage = application.window.side.player
    stage.set_busy(True, 0.4, "")
    qtbot.keyClick(application.window, Qt.Key.Key_Escape)
    assert not stage.busy
