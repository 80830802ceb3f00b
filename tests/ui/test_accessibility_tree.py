"""What a screen reader is told and what the Tab key reaches, in every state of the window and in every dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QLabel,
    QPushButton,
    QScrollBar,
    QTreeView,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.qt.test_adding import Site
from viewer.app import Application
from viewer.qt.models import RowKind
from viewer.ui.theme import THEMES

from .test_languages import opened
from .test_main_window import open_note
from .test_marks import mark_words, select, talk

__all__ = ["talk"]

MOST_CHILDREN = 60
"""So many rows of a list are asked for their names."""

ROWS = (
    QAccessible.Role.ListItem,
    QAccessible.Role.TreeItem,
    QAccessible.Role.Cell,
    QAccessible.Role.PageTab,
    QAccessible.Role.MenuItem,
)


def branches(root: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """The visible part of the tree."""
    if root.state().invisible:
        return
    yield root
    for number in range(min(root.childCount(), MOST_CHILDREN)):
        child = root.child(number)
        if child is not None and child.isValid():
            yield from branches(child)


def described(widget: object) -> str:
    name = widget.objectName() if isinstance(widget, QWidget) else ""
    parents = []
    parent = widget.parentWidget() if isinstance(widget, QWidget) else None
    while parent is not None and len(parents) < 3:
        parents.append(parent.objectName() or type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} {name} in {' < '.join(parents)}"


def can_be_operated(widget: QWidget) -> bool:
    return (
        widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and not widget.isWindow()
        and not isinstance(widget, QScrollBar)
    )


def nameless(window: QWidget) -> list[str]:
    """Controls and rows for which the tree has no words."""
    root = QAccessible.queryAccessibleInterface(window)
    assert root is not None
    found = []
    for one in branches(root):
        if one.role() is QAccessible.Role.StaticText:
            continue  # words that can be selected with the mouse are no control
        named = one.text(QAccessible.Text.Name)
        widget = one.object()
        if isinstance(widget, QWidget):
            if not named and one.state().focusable and can_be_operated(widget):
                found.append(f"no name: {described(widget)}")
        elif one.role() in ROWS and not named and not isinstance(one.parent().object(), QTreeView):
            found.append(f"no name: {one.role()} in {described(one.parent().object())}")
    return found


def one_of_several(widget: QWidget) -> bool:
    """Of buttons of which one is down Tab reaches that one; the arrows go on from there."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive() and widget is not group.checkedButton()


def wanted(window: QWidget) -> set[QWidget]:
    """What Tab must come to: all that can be operated."""
    return {
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisibleTo(window)
        and not isinstance(widget, QLabel)
        and widget.window() is window
        and widget.isEnabled()
        and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
        and not isinstance(widget, QScrollBar)
        and not one_of_several(widget)
        and not widget.visibleRegion().isEmpty()
    }


def reached(window: QWidget) -> tuple[set[QWidget], list[str]]:
    """What Tab comes to, pressed until it comes round; and where the focus was out of sight."""
    seen: set[QWidget] = set()
    hidden = []
    window.activateWindow()
    QApplication.processEvents()
    if window.focusWidget() is None:
        window.setFocus()
    for _ in range(120):
        holder = window.focusWidget() or window
        # Where Tab is a letter or chooses something, Ctrl+Tab goes on.
        QTest.keyClick(holder, Qt.Key.Key_Tab)
        now = window.focusWidget()
        if now is holder:
            QTest.keyClick(holder, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
            now = window.focusWidget()
        if now is None or now in seen:
            break
        seen.add(now)
        if not now.isVisible() or QRect(now.visibleRegion().boundingRect()).isEmpty():
            hidden.append(f"the focus is out of sight: {described(now)}")
    return seen, hidden


def complaints(window: QWidget) -> list[str]:
    found = nameless(window)
    seen, hidden = reached(window)
    found += [f"Tab does not reach: {described(one)}" for one in wanted(window) - seen]
    return sorted(found + hidden)


class States:
    """Brings the window into one state after the other and collects what is wrong."""

    def __init__(self, qtbot: QtBot, application: Application) -> None:
        self.qtbot, self.application, self.window = qtbot, application, application.window
        self.found: list[str] = []
        self.window.activateWindow()

    def until(self, done: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(done, timeout=10_000)

    def act(self, action: str) -> None:
        self.window.actions_set[action].trigger()

    def look(self, state: str, window: QWidget | None = None) -> None:
        self.found += [f"{state}: {line}" for line in complaints(window or self.window)]

    def dialog(self, state: str, action: str, ready: Callable[[QDialog], object] | None = None) -> None:
        dialog = opened(self.qtbot, self.application, action)
        if ready is not None:
            ready(dialog)
        self.look(state, dialog)
        dialog.close()


@pytest.fixture
def states(qtbot: QtBot, talk: Application) -> States:
    return States(qtbot, talk)


def rows(states: States, kind: RowKind = RowKind.HIGHLIGHT) -> QAbstractItemView:
    view = states.window.side.lists.views[kind]
    view.setCurrentIndex(view.model().index(0, 0))
    return view


@pytest.mark.timeout(60)
def test_reading_and_its_pages(states: States) -> None:
    window = states.window
    states.look("list and reading")
    for number, page in enumerate(("transcript", "notes", "details")):
        window.reader.tabs.setCurrentIndex(number)
        states.look(page)
    window.reader.tabs.setCurrentIndex(0)
    for kind in (RowKind.QUOTE, RowKind.KEY_POINT, RowKind.MENTION, RowKind.MARK):
        window.side.lists.turn_to(kind)
        states.look(f"list of {kind}")
    window.side.lists.turn_to(RowKind.HIGHLIGHT)
    window.library.toggle_filters()
    states.look("filters")
    window.library.toggle_filters()
    window.reader.open_find()
    window.reader.find_bar.field.setText("robot")
    states.look("finding")
    window.reader.find_bar.close_bar()
    assert not states.found, "\n".join(states.found)


@pytest.mark.timeout(60)
def test_searching_failed_offline_and_full(states: States) -> None:
    window, application = states.window, states.application
    application.session.play(window.side.lists.segments()[0])
    states.until(window.banner.isVisible)
    states.look("failed")
    window.banner.dismiss()
    application.settings.set("fetch.offline", True)
    application.session.play(window.side.lists.segments()[1])
    states.until(window.banner.isVisible)
    states.look("offline")
    window.banner.dismiss()
    window.top.search.setFocus()
    window.top.search.setText("robots")
    states.until(window.results.isVisible)
    assert nameless(window) == []
    view = window.results.view
    view.setCurrentIndex(view.model().index(0, 0))
    spoken = QAccessible.queryAccessibleInterface(view).child(0).text(QAccessible.Text.Name)
    assert "robots" in spoken.lower()
    window.top.search.clear()
    window.results.hide()
    for action in ("focus_text", "focus_player"):
        states.act(action)
        states.look(action)
        states.act(action)
    window.toggle_full()
    states.look("full screen")
    window.toggle_full()
    window.resize(1024, 700)
    states.look("little room")
    assert not states.found, "\n".join(states.found)


@pytest.mark.timeout(60)
def test_the_own_marks_and_collections(states: States) -> None:
    window, application = states.window, states.application
    mark = mark_words(states.qtbot, application)
    states.act("show_marks")
    states.look("marks")
    application.marks.session.edit(mark)
    editor = application.marks.session.editor
    states.until(editor.isVisible)
    assert nameless(window) == []
    editor.hide()
    select(application, "Last week")
    states.until(application.marks.session.bar.isVisible)
    assert nameless(window) == []
    application.marks.session.bar.dismiss()
    gathering = application.marks.gathering
    gathering.open_pane()
    states.look("no collection")
    application.marks.collections.create("An essay")
    states.until(lambda: gathering.collection is not None)
    rows(states).setFocus()
    states.act("gather")
    states.until(lambda: len(gathering.items) == 1)
    states.look("collection")
    assert not states.found, "\n".join(states.found)


@pytest.mark.timeout(60)
def test_every_dialog(states: States, monkeypatch: pytest.MonkeyPatch) -> None:
    application = states.application
    monkeypatch.setattr(application.adding.adding, "_maker", lambda: Site)
    QGuiApplication.clipboard().setText("https://www.youtube.com/playlist?list=PLabc")
    rows(states).setFocus()
    for state, action in (
        ("preferences", "preferences"),
        ("keys", "shortcuts"),
        ("storage", "storage"),
        ("names", "names"),
        ("health", "health"),
        ("export", "export"),
        ("film", "make_film"),
        ("editing", "export_editing"),
        ("evidence", "export_evidence"),
        ("quote check", "compare_quote"),
        ("about", "about"),
    ):
        states.dialog(state, action)

    def looked_up(dialog: QDialog) -> None:
        application.adding.dialog.look_button.click()
        states.until(application.adding.dialog.card.isVisible)

    states.dialog("add video", "add_video", looked_up)
    assert not states.found, "\n".join(states.found)


@pytest.mark.timeout(60)
def test_what_floats_and_stands_beside(states: States) -> None:
    window, application = states.window, states.application
    states.act("palette")
    assert nameless(window) == []
    view = application.room.palette.view
    assert QAccessible.queryAccessibleInterface(view).child(0).text(QAccessible.Text.Name)
    application.room.palette.close_palette()
    application.comforts.open_type()
    states.look("type card", application.comforts.type_card.window())
    application.comforts.type_card.hide()
    states.act("manual")
    manual = application.comforts.manual
    assert manual is not None
    states.look("manual", manual)
    manual.close()
    states.act("second_window")
    states.until(lambda: bool(application.comforts.windows.windows))
    states.look("second window", application.comforts.windows.windows[-1])
    application.comforts.windows.close()
    application.comforts.welcome()
    card = next(one for one in QApplication.topLevelWidgets() if one.objectName() == "welcome")
    states.look("first start", card)
    card.close()
    for theme in THEMES:
        application.settings.set("look.theme", theme)
        states.look(theme)
    assert not states.found, "\n".join(states.found)


@pytest.mark.timeout(60)
def test_other_notes_and_none(states: States, qtbot: QtBot, tmp_path: Path) -> None:
    application = states.application
    for start in ("001_", "002_"):
        open_note(qtbot, application, start)
        states.look(start)
    application.desk.open_paths([tmp_path])
    states.until(lambda: not states.window.reader.has_note)
    states.look("empty")
    assert not states.found, "\n".join(states.found)


def said(widget: QWidget, what: QAccessible.Text = QAccessible.Text.Name) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(what)


def test_rows_the_playing_line_and_the_timelines_marks_speak(states: States) -> None:
    window = states.window
    for kind, words in (
        (RowKind.HIGHLIGHT, "We are past the event horizon"),
        (RowKind.QUOTE, "0:23"),
        (RowKind.KEY_POINT, "0:16"),
        (RowKind.MENTION, ""),
    ):
        window.side.lists.turn_to(kind)
        view = rows(states, kind)
        row = QAccessible.queryAccessibleInterface(view).child(0)
        assert row.state().selected or row.state().focusable
        spoken = row.text(QAccessible.Text.Name)
        assert spoken
        assert words in spoken, (kind, spoken)
    first = QAccessible.queryAccessibleInterface(window.library.view).child(0)
    assert "Sam Altman" in first.text(QAccessible.Text.Name)
    transcript = window.reader.transcript
    transcript.set_playing(1)
    spoken = said(transcript, QAccessible.Text.Description)
    assert "0:16" in spoken
    assert "Last week, Sam Altman" in spoken
    transcript.set_playing(None)
    assert "Last week" not in said(transcript, QAccessible.Text.Description)
    strip = window.timeline
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Right)
    spoken = said(strip, QAccessible.Text.Description)
    assert any(mark.words in spoken for mark in strip.marks), spoken


def test_the_check_itself_finds_what_is_missing(qtbot: QtBot, qapp: QApplication) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    column = QVBoxLayout(dialog)
    good, nameless_one, by_mouse = QPushButton("Good"), QPushButton(), QPushButton("By mouse only")
    by_mouse.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    by_mouse.setObjectName("byMouse")
    for button in (good, nameless_one, by_mouse):
        column.addWidget(button)
    dialog.show()
    found = complaints(dialog)
    assert len(found) == 2
    assert found[0].startswith("Tab does not reach: QPushButton byMouse")
    assert found[1].startswith("no name: QPushButton")
