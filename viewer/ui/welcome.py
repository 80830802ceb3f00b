"""The very first start: what this is, what it never does, and the three ways to begin. Shown once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.base.language import tr
from viewer.ui.actions import key_of
from viewer.ui.buttons import describe, text_button
from viewer.ui.fonts import font
from viewer.ui.icons import product_icon, themed_icon
from viewer.ui.theme import THEMES, ThemeManager

_WIDTH = 520


class Welcome(QDialog):
    """A card over the window. Esc or its first button stays with the samples."""

    folderWanted = Signal()
    manualWanted = Signal()
    themeChosen = Signal(str)

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setWindowTitle(tr("Welcome to Soundbite"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self._themes = themes
        self._signs: list[tuple[QLabel, str]] = []
        mark = QLabel(self)
        mark.setPixmap(product_icon().pixmap(QSize(56, 56)))
        mark.setAccessibleName("Soundbite")
        title = QLabel(tr("Read a talk and hear it"), self)
        title.setFont(font(22, bold=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 28, 32, 24)
        column.setSpacing(14)
        column.addWidget(mark)
        column.addWidget(title)
        for icon, words in self._points():
            column.addLayout(self._point(icon, words))
        column.addSpacing(4)
        column.addLayout(self._looks())
        column.addSpacing(6)
        column.addLayout(self._buttons())
        themes.changed.connect(self._recolor)
        self._recolor()
        self.start.setFocus()

    @staticmethod
    def _points() -> list[tuple[str, str]]:
        return [
            ("play", tr("Click any quote, highlight or time: exactly that stretch is fetched and plays.")),
            (
                "folder",
                tr("A few samples are open. Your own notes stay as they are: no file is ever changed."),
            ),
            ("offline", tr("Nothing goes to the network unless you play, fetch or add something.")),
            (
                "keyboard",
                tr("Everything has a key: {help} lists them, {palette} finds every command.").format(
                    help=key_of("shortcuts"), palette=key_of("palette")
                ),
            ),
        ]

    def _point(self, icon: str, words: str) -> QHBoxLayout:
        sign, text = QLabel(self), QLabel(words, self)
        sign.setFixedSize(20, 20)
        text.setWordWrap(True)
        text.setFont(font(14))
        self._signs.append((sign, icon))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
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

    def _buttons(self) -> QHBoxLayout:
        self.start = text_button(tr("Look at the samples"), "primary", self)
        self.own = text_button(tr("Open your own folder…"), "outline", self)
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
        row.addStretch(1)
        return row

    def _go(self, act: Callable[[], object]) -> None:
        self.accept()
        act()

    def _recolor(self) -> None:
        for sign, icon in self._signs:
            sign.setPixmap(themed_icon(icon, self._themes.theme, "accent").pixmap(QSize(18, 18)))
