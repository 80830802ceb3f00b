"""The real window in each language, in the smallest size it is made for: nothing is cut off, Arabic is mirrored."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QPushButton,
    QTabBar,
    QToolButton,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.conftest import NoNetwork, close_down
from viewer import app as app_module
from viewer.app import Application
from viewer.base import language
from viewer.base.language import OWN_NAMES, tr
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.media.clip_store import ClipStore
from viewer.ui.speech import locale_of, speak

DIALOGS = (
    "preferences",
    "shortcuts",
    "storage",
    "names",
    "health",
    "about",
    "add_video",
    "export",
    "make_film",
)
"""The actions that open a window which every user meets."""


@pytest.fixture
def english_again() -> Iterator[None]:
    usual = QLocale()
    yield
    speak("en")
    QLocale.setDefault(usual)


@pytest.fixture(params=OWN_NAMES)
def spoken(
    request: pytest.FixtureRequest, qtbot: QtBot, own_folders: Path, tmp_path: Path, english_again: None
) -> Iterator[Application]:
    """The window in one language after the other, 1024 by 700 px."""
    app_module.make_qt_application()
    paths = AppPaths.standard()
    Settings(paths.settings_file).set("look.language", request.param)
    built = app_module.build(paths, ClipStore(tmp_path / "clips"), NoNetwork())  # type: ignore[arg-type]
    built.settings.set("look.theme", "light")
    built.window.resize(1024, 700)
    built.start()
    qtbot.waitUntil(lambda: built.session.note is not None, timeout=20_000)
    yield built
    close_down(qtbot, built)


def cut_off(root: QWidget) -> list[str]:
    """The words in ``root`` for which their widget is too narrow, or which stand outside of their parent."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root):
            continue
        if (isinstance(widget, QLabel) and widget.text() and not widget.wordWrap()) or (
            isinstance(widget, (QPushButton, QCheckBox)) and widget.text()
        ):
            room = widget.sizeHint().width() <= widget.width() + 1
        elif isinstance(widget, QToolButton) and widget.text() and shows_words(widget):
            room = widget.fontMetrics().horizontalAdvance(widget.text()) <= widget.width()
        elif isinstance(widget, QComboBox) and not widget.isEditable():
            # The arrow and the frame of the style sheet take some 36 px.
            room = widget.fontMetrics().horizontalAdvance(widget.currentText()) + 36 <= widget.width()
        elif isinstance(widget, QTreeView) and not widget.header().isHidden():
            header = widget.header()
            room = all(
                header.sectionSizeHint(number) <= header.sectionSize(number) + 1
                for number in range(header.count())
            )
        elif isinstance(widget, QTabBar):
            room = tabs_have_room(widget)
        else:
            continue
        if not room:
            words = (
                widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else widget.accessibleName()
            )
            found.append(f"{type(widget).__name__} {widget.objectName()} {words!r}")
    return found


def settled(qtbot: QtBot, root: QWidget) -> list[str]:
    """What is cut off when the layouts have come to rest."""
    with contextlib.suppress(qtbot.TimeoutError):
        qtbot.waitUntil(lambda: not cut_off(root), timeout=1_500)
    return cut_off(root)


def tabs_have_room(bar: QTabBar) -> bool:
    wide = [bar.tabRect(number).width() for number in range(bar.count())]
    words = [bar.fontMetrics().horizontalAdvance(bar.tabText(number)) for number in range(bar.count())]
    padding = (wide[-1] - words[-1]) / 2
    return all(a <= b for a, b in zip(words, wide, strict=True)) and sum(wide) - padding <= bar.width()


def shows_words(button: QToolButton) -> bool:
    style = button.toolButtonStyle()
    return style is not Qt.ToolButtonStyle.ToolButtonIconOnly or button.icon().isNull()


def opened(qtbot: QtBot, application: Application, action: str) -> QDialog:
    before = set(QApplication.topLevelWidgets())
    application.window.actions_set[action].trigger()

    def dialog() -> QDialog | None:
        new = [w for w in QApplication.topLevelWidgets() if w not in before and isinstance(w, QDialog)]
        return next((w for w in new if w.isVisible()), None)

    qtbot.waitUntil(lambda: dialog() is not None, timeout=5_000)
    found = dialog()
    assert found is not None
    return found


@pytest.mark.timeout(60)
def test_nothing_is_cut_off(spoken: Application, qtbot: QtBot) -> None:
    found = settled(qtbot, spoken.window)
    for action in DIALOGS:
        dialog = opened(qtbot, spoken, action)
        found += [f"{action}: {line}" for line in settled(qtbot, dialog)]
        dialog.close()
        dialog.deleteLater()
    assert found == []


def test_the_window_speaks_the_language(spoken: Application) -> None:
    chosen = language.speaks()
    words = spoken.window.actions_set["preferences"].text()
    assert words == tr("Preferences…")
    assert (words == "Preferences…") == (chosen == "en")
    assert QLocale().name().startswith(chosen) or chosen == "en"
    right = spoken.window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert right == (chosen == "ar")
    left_edge = spoken.window.library.mapTo(spoken.window, QPoint(0, 0)).x()
    assert (left_edge > spoken.window.width() / 2) == right
    # Time runs from left to right everywhere.
    assert spoken.window.side.controls.layoutDirection() is Qt.LayoutDirection.LeftToRight


def test_no_two_actions_of_one_menu_say_the_same(spoken: Application) -> None:
    texts = [
        action.text().rstrip("…")
        for action in spoken.window.findChildren(QAction)
        if action.objectName().startswith("action_")
    ]
    twice = {text for text in texts if texts.count(text) > 1}
    assert len(twice) <= 1, twice  # "Repeat the clip" may be said in two places


@pytest.mark.parametrize(
    ("chosen", "system", "wanted"),
    [
        ("de", "de_AT", "de_AT"),
        ("de", "en_GB", "de_DE"),
        ("en", "en_IN", "en_IN"),
        ("en", "de_DE", "en_GB"),
        ("ar", "en_GB", "ar_AE"),
        ("ar", "ar_MA", "ar_MA"),
    ],
)
def test_dates_and_numbers_are_the_systems_where_it_speaks_the_language(
    chosen: str, system: str, wanted: str
) -> None:
    assert locale_of(chosen, QLocale(system)).name() == wanted


def test_numbers_in_arabic_have_the_digits_of_the_times(english_again: None) -> None:
    assert locale_of("ar", QLocale("ar_EG")).toString(804) == "804"
