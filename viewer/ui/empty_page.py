"""A page that has nothing to show: what happened, what to do next, and the button that does it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from viewer.ui.buttons import text_button
from viewer.ui.fonts import font
from viewer.ui.icons import paint_icon
from viewer.ui.theme import ThemeManager

_DISC = 64
_SMALL_DISC = 44


class _Sign(QWidget):
    """An icon on a soft disc."""

    def __init__(self, themes: ThemeManager, side: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.icon = ""
        self.setFixedSize(side, side)
        themes.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.icon:
            return
        theme, painter = self._themes.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_soft"))
        painter.drawEllipse(self.rect())
        inset = self.width() * 0.31
        place = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        paint_icon(painter, self.icon, theme.css("accent"), place)


class EmptyPage(QWidget):
    """A title, a sentence and perhaps a button, in the middle."""

    activated = Signal()

    def __init__(
        self, themes: ThemeManager, parent: QWidget | None = None, *, small: bool = False, icon: str = ""
    ) -> None:
        super().__init__(parent)
        self._usual_icon = icon
        self._title = QLabel(self)
        self._title.setFont(font(15 if small else 18, bold=True))
        self._advice = QLabel(self)
        self._advice.setFont(font(13 if small else 14))
        self._advice.setProperty("role", "soft")
        for label in (self._title, self._advice):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = text_button("", "outline" if small else "primary", self)
        self.button.hide()
        self.button.clicked.connect(self.activated)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(12)
        self._sign = _Sign(themes, _SMALL_DISC if small else _DISC, self)
        self._sign.hide()
        column.addStretch(2)
        column.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._advice):
            column.addWidget(label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_words(self, title: str, advice: str, button: str = "", icon: str = "") -> None:
        """Say ``title`` and ``advice``; without ``button`` there is none. ``icon`` stands for the page's usual one."""
        self._sign.icon = icon or self._usual_icon
        self._sign.setVisible(bool(self._sign.icon))
        self._sign.update()
        self._title.setText(title)
        self._advice.setText(advice)
        self.button.setText(button)
        self.button.setAccessibleName(button)
        self.button.setToolTip(button)
        self.button.setVisible(bool(button))
