"""The very first start: what this is, what it never does, and the three ways to begin. Shown once."""

from __future__ import annotations

from collections.abc import Callable
from math import sin

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.base.language import tr
from viewer.ui.actions import key_of
from viewer.ui.buttons import describe, text_button
from viewer.ui.fonts import font
from viewer.ui.icons import paint_icon, product_icon
from viewer.ui.painting import mirror
from viewer.ui.theme import THEMES, ThemeManager

_WIDTH = 640
_HEAD = 132
_SIDE = 32
_PICTURE = 196
"""px of the head that its picture takes."""


class _Head(QWidget):
    """The name of the thing, and what it does as a picture: a line of a text, a play button, sound."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setFixedHeight(_HEAD)
        mark = QLabel(self)
        mark.setPixmap(product_icon().pixmap(QSize(44, 44)))
        mark.setAccessibleName("Soundbite")
        self.title = QLabel(tr("Read a talk and hear it"), self)
        self.title.setFont(font(24, bold=True))
        self.title.setWordWrap(True)
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(mark)
        column.addWidget(self.title)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, 0, _SIDE, 0)
        row.addLayout(column, 1)
        row.addSpacing(_PICTURE)
        themes.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._themes.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirror(painter, QRectF(self.rect()), self.layoutDirection())
        painter.fillRect(self.rect(), theme.color("accent_soft"))
        painter.setPen(Qt.PenStyle.NoPen)
        left, width = self.width() - _SIDE - _PICTURE + 16, _PICTURE - 16
        lines = (
            (0.0, 0.92, "border_strong"),
            (0.0, 1.0, "accent"),
            (0.0, 0.64, "accent"),
            (0.0, 0.8, "border_strong"),
        )
        for number, (begin, end, token) in enumerate(lines):
            color = QColor(theme.color(token))
            color.setAlphaF(0.35 if token != "accent" else 0.85)
            painter.setBrush(color)
            painter.drawRoundedRect(
                QRectF(left + begin * width, 24 + number * 12, (end - begin) * width, 5), 2.5, 2.5
            )
        disc = QRectF(left, _HEAD - 52, 32, 32)
        painter.setBrush(theme.color("accent"))
        painter.drawEllipse(disc)
        paint_icon(painter, "play", theme.css("accent_text"), disc.adjusted(9, 9, -9, -9))
        painter.setPen(QPen(theme.color("accent"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for number in range(18):
            x = disc.right() + 14 + number * 7.6
            tall = 4 + 9 * abs(sin(number * 0.9) * sin(number * 0.31 + 0.4))
            painter.drawLine(
                round(x), round(disc.center().y() - tall), round(x), round(disc.center().y() + tall)
            )


class _Sign(QWidget):
    """An icon on a soft disc."""

    def __init__(self, themes: ThemeManager, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes, self._icon = themes, icon
        self.setFixedSize(36, 36)
        themes.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._themes.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_soft"))
        painter.drawEllipse(self.rect())
        paint_icon(painter, self._icon, theme.css("accent"), QRectF(self.rect()).adjusted(9, 9, -9, -9))


class Welcome(QDialog):
    """A card over the window. Esc or its first button stays with what is open: the samples, or the user's ``own``."""

    folderWanted = Signal()
    manualWanted = Signal()
    themeChosen = Signal(str)

    def __init__(self, themes: ThemeManager, parent: QWidget, *, own: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setWindowTitle(tr("Welcome to Soundbite"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self._themes = themes
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 24)
        column.setSpacing(0)
        column.addWidget(_Head(themes, self))
        body = QVBoxLayout()
        body.setContentsMargins(_SIDE, 24, _SIDE, 0)
        body.setSpacing(24)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(20)
        for number, (icon, head, words) in enumerate(self._points(own)):
            grid.addLayout(self._point(icon, head, words), number // 2, number % 2)
            grid.setColumnStretch(number % 2, 1)
        body.addLayout(grid)
        body.addLayout(self._looks())
        body.addLayout(self._buttons(own))
        column.addLayout(body)
        self.setFixedHeight(column.totalHeightForWidth(_WIDTH))  # headings may be longer than a line
        self.start.setFocus()

    @staticmethod
    def _points(own: bool) -> list[tuple[str, str, str]]:
        return [
            (
                "play",
                tr("One click, and it plays"),
                tr("Any quote, highlight or time: exactly that stretch is fetched."),
            ),
            (
                "folder",
                tr("Your notes stay as they are"),
                tr("Your folder is open. No file in it is ever changed.")
                if own
                else tr("A few samples are open. No file of your own is ever changed."),
            ),
            (
                "offline",
                tr("Nothing goes out by itself"),
                tr("The network is used only when you play, fetch or add something."),
            ),
            (
                "keyboard",
                tr("Everything has a key"),
                tr("{help} lists them, {palette} finds every command.").format(
                    help=key_of("shortcuts"), palette=key_of("palette")
                ),
            ),
        ]

    def _point(self, icon: str, head: str, words: str) -> QHBoxLayout:
        title, text = QLabel(head, self), QLabel(words, self)
        title.setFont(font(14, bold=True))
        text.setFont(font(13))
        text.setProperty("role", "soft")
        lines = QVBoxLayout()
        lines.setSpacing(2)
        for label in (title, text):
            label.setWordWrap(True)
            lines.addWidget(label)
        lines.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(_Sign(self._themes, icon, self), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        return row

    def _looks(self) -> QHBoxLayout:
        label = QLabel(tr("Theme"), self)
        label.setFont(font(13))
        self.look = QComboBox(self)
        self.look.setFont(font(13))
        names = (tr("Like the desktop"), tr("Light"), tr("Dark"), tr("Sepia"), tr("High contrast"))
        for key, words in zip(("system", *THEMES), names, strict=True):
            self.look.addItem(words, key)
        self.look.setCurrentIndex(max(0, self.look.findData(self._themes.choice)))
        describe(self.look, tr("Theme"))
        self.look.activated.connect(lambda _: self.themeChosen.emit(self.look.currentData()))
        label.setBuddy(self.look)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.look)
        row.addStretch(1)
        return row

    def _buttons(self, own: bool) -> QHBoxLayout:
        self.start = text_button(tr("Begin to read") if own else tr("Look at the samples"), "primary", self)
        words = tr("Open another folder…") if own else tr("Open your own folder…")
        self.own = text_button(words, "outline", self)
        self.manual = text_button(tr("Read the manual"), "link", self)
        row = QHBoxLayout()
        row.setSpacing(8)
        acts: tuple[tuple[QWidget, Callable[[], object]], ...] = (
            (self.start, self.accept),
            (self.own, lambda: self._go(self.folderWanted.emit)),
            (self.manual, lambda: self._go(self.manualWanted.emit)),
        )
        for button, act in acts:
            button.setFont(font(13))
            button.setToolTip(button.accessibleName())
            button.clicked.connect(lambda _=False, act=act: act())  # type: ignore[attr-defined]
            row.addWidget(button)
        row.insertStretch(2, 1)
        return row

    def _go(self, act: Callable[[], object]) -> None:
        self.accept()
        act()
