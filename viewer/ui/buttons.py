"""The few kinds of button the window has, each with an icon, a name for screen readers and a tooltip."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QComboBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QTabBar,
    QToolButton,
    QWidget,
)

from viewer.base.language import tr
from viewer.qt.plain_words import plain_tip
from viewer.ui.fonts import font
from viewer.ui.icons import set_icon
from viewer.ui.theme import Theme


def icon_button(name: str, words: str, theme: Theme, parent: QWidget, size: int = 18) -> QToolButton:
    """A button with an icon only. ``words`` are its tooltip; without the key in brackets, its accessible name."""
    button = QToolButton(parent)
    set_icon(button, name, theme)
    button.setIconSize(QSize(size, size))
    describe(button, words)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class WordButton(QPushButton):
    """Is pressed by Enter where it has the focus; Qt would press the dialog's default button instead, or none."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


def text_button(words: str, kind: str, parent: QWidget) -> QPushButton:
    """A button with words. ``kind`` is ``primary``, ``outline`` or ``link`` (see the style sheet)."""
    button = WordButton(words, parent)
    button.setProperty("kind", kind)
    button.setAccessibleName(words)
    if kind == "link":
        button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def set_kind(button: QPushButton, kind: str) -> None:
    """Draw a button as another kind from now on: of a window's buttons only what comes next is ``primary``."""
    if button.property("kind") != kind:
        button.setProperty("kind", kind)
        button.style().unpolish(button)
        button.style().polish(button)
        button.update()


def clearable(field: QLineEdit, theme: Theme, words: str) -> None:
    """Give the field a small cross, shown while there is text, that empties it."""
    action = field.addAction(QIcon(), QLineEdit.ActionPosition.TrailingPosition)
    set_icon(action, "close", theme, "text_soft")
    action.setToolTip(words)
    action.setVisible(False)
    action.triggered.connect(field.clear)
    field.textChanged.connect(lambda text: action.setVisible(bool(text)))
    for button in field.findChildren(QToolButton):
        button.setAccessibleName(words)


def describe(widget: QWidget, words: str) -> None:
    """Say what ``widget`` does, to the mouse and to a screen reader."""
    widget.setToolTip(plain_tip(words))
    widget.setAccessibleName(words.split(" (", 1)[0])


def dialog_button(
    words: str, kind: str, dialog: QWidget, act: Callable[[], object], hint: str = ""
) -> QPushButton:
    """A button of a dialog that calls ``act``; Enter presses it only where it is made the default."""
    button = text_button(words, kind, dialog)
    button.setFont(font(13, bold=kind == "link"))
    button.setAutoDefault(False)
    if hint:
        button.setToolTip(hint)
    button.clicked.connect(lambda _=False: act())
    return button


def close_button(dialog: QDialog) -> QPushButton:
    """The button that closes a dialog."""
    button = text_button(tr("Close"), "outline", dialog)
    button.setToolTip(tr("Close (Esc)"))
    button.setAutoDefault(False)
    button.clicked.connect(dialog.reject)
    return button


def keep_bar_quiet(view: QAbstractScrollArea) -> None:
    """Keep the room of ``view``'s scroll bar, so that nothing jumps, but draw it only while there is where to scroll."""
    bar = view.verticalScrollBar()
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
    bar.setEnabled(bar.maximum() > bar.minimum())


class KeyGuard(QObject):
    """Lets the control that has the focus keep its own keys, which are also shortcuts of the window.

    Space presses a button, the arrows move a slider or a tab, whatever the player would do with them.
    """

    def guard(self, root: QWidget) -> None:
        """Watch over every button, slider, choice and tab bar below ``root``."""
        for kind in (QAbstractButton, QAbstractSlider, QComboBox, QTabBar):
            for widget in root.findChildren(kind):
                widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if not isinstance(watched, QAbstractButton):
                own |= {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}
            if event.key() in own and not event.modifiers():
                event.accept()
                return True
        return super().eventFilter(watched, event)
