"""How far one has read: a line beneath the tabs that fills, and the share in figures."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from viewer.base.language import tr
from viewer.ui.fonts import font
from viewer.ui.reading_text import ReadingText
from viewer.ui.theme import ThemeManager

HEIGHT = 2


class PlaceBar(QWidget):
    """Follows the scroll bar of the page that is in front. ``words`` is its label, for the row above it."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("placeBar")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("How far you have read"))
        self._themes = themes
        self._page: ReadingText | None = None
        self._share: float | None = None
        self.words = QLabel(parent)
        self.words.setObjectName("placeWords")
        self.words.setFont(font(12))
        self.words.setProperty("role", "soft")
        self.words.setToolTip(tr("How far you have read"))
        themes.changed.connect(self.update)

    @property
    def share(self) -> float | None:
        """How much of the page is above the lower edge or has been read, 0 to 1; None when all of it is in sight."""
        return self._share

    def watch(self, page: ReadingText) -> None:
        """Follow this page, too, whenever it is in front."""
        bar = page.verticalScrollBar()
        bar.valueChanged.connect(self._measure)
        bar.rangeChanged.connect(self._measure)
        self._page = self._page or page

    def show_page(self, page: ReadingText) -> None:
        """This page is in front now."""
        self._page = page
        self._measure()

    def _measure(self, *_: int) -> None:
        bar = self._page.verticalScrollBar() if self._page is not None else None
        share = bar.value() / bar.maximum() if bar is not None and bar.maximum() > 0 else None
        if share == self._share:
            return
        self._share = share
        percent = "" if not share else tr("{n} %").format(n=round(share * 100))
        if percent != self.words.text():
            self.words.setText(percent)
            self.setAccessibleDescription(percent)
            self.words.setAccessibleName(tr("{share} read").format(share=percent) if percent else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._themes.theme, QPainter(self)
        painter.fillRect(QRectF(0, HEIGHT - 1, self.width(), 1), theme.color("border"))
        if self._share:
            width = self.width() * self._share
            left = self.width() - width if self.isRightToLeft() else 0.0
            painter.fillRect(QRectF(left, 0, width, HEIGHT), theme.color("text_soft"))
