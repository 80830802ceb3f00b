"""Our own line icons: SVG files drawn in ``currentColor``, coloured by the theme when they are used."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import isValid

from viewer.base.paths import resources_dir
from viewer.ui.painting import upright
from viewer.ui.theme import Theme, ThemeManager

ICON_PROPERTY = "iconName"
"""Dynamic property of a button or action that says which of our icons it wears."""

COLOR_PROPERTY = "iconColor"
"""Dynamic property: the theme's token for the icon, when it is not ``text``."""

_LATER_MS = 1000
"""When the icons in the menus are drawn: after the first note has been painted."""

_FEW = 4
_PAUSE_MS = 10
"""So many at a time take 3 ms."""

_SIZES = (16, 18)
"""Sides of our icons in px of the window; on a denser screen each is drawn larger by its ratio."""


@lru_cache(maxsize=256)
def renderer(name: str, color: str) -> QSvgRenderer:
    """The icon ``name`` in ``color`` (``#rrggbb``), to be drawn at any size. OSError when there is no such icon."""
    text = (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", color).encode()))


def paint_icon(painter: QPainter, name: str, color: str, rect: QRectF) -> None:
    """Draw the icon into ``rect``."""
    with upright(painter, rect):
        renderer(name, color).render(painter, rect)


def _pixmap(name: str, color: str, size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_icon(painter, name, color, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def _sides() -> tuple[int, ...]:
    """The sizes that the screens of this computer ask for: a denser screen that is plugged in later scales them."""
    densest = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    more = {round(size * ratio) for size in _SIZES for ratio in (2.0, densest) if densest > 1}
    return tuple(sorted({*_SIZES, *more}))


@lru_cache(maxsize=512)
def icon(name: str, color: str, disabled: str, on: str) -> QIcon:
    """The icon in three colours: usual, disabled, and switched on."""
    result = QIcon()
    for size in _sides():
        result.addPixmap(_pixmap(name, color, size), QIcon.Mode.Normal, QIcon.State.Off)
        if on != color:
            result.addPixmap(_pixmap(name, on, size), QIcon.Mode.Normal, QIcon.State.On)
        result.addPixmap(_pixmap(name, disabled, size), QIcon.Mode.Disabled, QIcon.State.Off)
    return result


def themed_icon(name: str, theme: Theme, token: str = "text") -> QIcon:
    """The icon ``name`` as it looks in ``theme``."""
    color = theme.css(token)
    on = color if token != "text" else theme.css("accent")
    return icon(name, color, theme.css("disabled"), on)


def product_icon() -> QIcon:
    """The program's own icon."""
    return QIcon(str(resources_dir() / "icons" / "soundbite.svg"))


def set_icon(target: QAbstractButton | QAction, name: str, theme: Theme, token: str = "text") -> None:
    """Give ``target`` an icon and remember which, so that :func:`recolor` can renew it."""
    name_icon(target, name, token)
    target.setIcon(themed_icon(name, theme, token))


def name_icon(target: QAbstractButton | QAction, name: str, token: str = "text") -> None:
    """Only remember which icon ``target`` wears: :func:`dress_actions` draws it later."""
    target.setProperty(ICON_PROPERTY, name)
    target.setProperty(COLOR_PROPERTY, token)


def recolor(root: QWidget, theme: Theme) -> None:
    """Renew the icons below ``root`` after the theme changed: of buttons now, of actions before a menu can open.

    There are a hundred actions, and none of their icons is in sight.
    """
    _dress(root.findChildren(QAbstractButton), theme)
    QTimer.singleShot(0, root, lambda: dress_actions(root, theme))


def dress_actions(root: QWidget, theme: Theme) -> None:
    """Draw the icons of every action below ``root`` that has one."""
    _dress(root.findChildren(QAction), theme)


def dress_actions_later(root: QWidget, themes: ThemeManager) -> None:
    """As :func:`dress_actions`, a few at a time, and only those that wear none yet: the window is being painted."""
    bare = [action for action in root.findChildren(QAction) if action.property(ICON_PROPERTY)]

    def some() -> None:
        part = bare[-_FEW:]
        del bare[-_FEW:]
        _dress([action for action in part if isValid(action) and action.icon().isNull()], themes.theme)
        if bare:
            QTimer.singleShot(_PAUSE_MS, root, some)

    QTimer.singleShot(_LATER_MS, root, some)


def _dress(targets: Iterable[QAbstractButton | QAction], theme: Theme) -> None:
    for target in targets:
        name = target.property(ICON_PROPERTY)
        if isinstance(name, str) and name:
            target.setIcon(themed_icon(name, theme, target.property(COLOR_PROPERTY) or "text"))
