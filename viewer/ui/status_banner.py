"""What happened and what to do next, in plain words, on a card that floats over the text and takes no focus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from viewer.base.language import tr
from viewer.ui.buttons import icon_button, text_button
from viewer.ui.flow_layout import FlowLayout
from viewer.ui.fonts import font
from viewer.ui.icons import paint_icon
from viewer.ui.theme import ThemeManager

OFFLINE = "offline"
"""What a message is about that offers to go online."""

INFO_MS = 8000
"""A message that needs nothing from the reader goes by itself after this."""


@dataclass(frozen=True, slots=True)
class BannerButton:
    """Words on a button of the banner, and what it does. It also closes the banner."""

    words: str
    act: Callable[[], object]
    primary: bool = False


class _Mark(QWidget):
    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.failure = False
        self.setFixedSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._themes.theme
        name, token = ("warning", "danger") if self.failure else ("info", "accent")
        paint_icon(painter, name, theme.css(token), self.rect().toRectF())


class StatusBanner(QFrame):
    """One message at a time; the newest replaces the one before."""

    shown = Signal(str, str)
    """message, advice: they are on the card now"""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBanner")
        self._mark = _Mark(themes, self)
        self.message = QLabel(self)
        self.message.setObjectName("bannerMessage")
        self.message.setFont(font(14, bold=True))
        self.advice = QLabel(self)
        self.advice.setObjectName("bannerAdvice")
        self.advice.setFont(font(13))
        for label in (self.message, self.advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        self.close_button = icon_button("close", tr("Dismiss (Esc)"), themes.theme, self, 16)
        self.close_button.clicked.connect(self.dismiss)
        self.buttons: list[QPushButton] = []
        self._row = FlowLayout(gap=8)  # two buttons can be wider than the reader of a narrow window
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.message)
        texts.addWidget(self.advice)
        texts.addLayout(self._row)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 12, 8, 12)
        line.setSpacing(12)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(texts, 1)
        line.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._about = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self.hide()

    def show_failure(
        self, message: str, advice: str, buttons: Sequence[BannerButton] = (), *, about: str = ""
    ) -> None:
        """Say what went wrong and what to do. It stays until it is dismissed or something else is said.

        ``about`` names what it is about, so that :meth:`drop` can take it away when that is over.
        """
        self._show(message, advice, buttons, failure=True)
        self._about = about
        self._timer.stop()

    def show_info(
        self,
        message: str,
        advice: str = "",
        buttons: Sequence[BannerButton] = (),
        *,
        stay: bool = False,
        about: str = "",
    ) -> None:
        """Say something that is no failure. It goes by itself, unless it has buttons or is to ``stay``."""
        self._show(message, advice, buttons, failure=False)
        self._about = about
        if buttons or stay:
            self._timer.stop()
        else:
            self._timer.start(INFO_MS)

    def dismiss(self) -> None:
        """Take the message away."""
        self._timer.stop()
        self._about = ""
        self.hide()

    def drop(self, about: str) -> None:
        """Take the message away if it is ``about`` this: it is no longer so, and its buttons would do nothing."""
        if about and about == self._about:
            self.dismiss()

    def _show(self, message: str, advice: str, buttons: Sequence[BannerButton], *, failure: bool) -> None:
        for old in self.buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = [self._button(button) for button in buttons]
        for widget in self.buttons:
            self._row.addWidget(widget)
        self._row.setContentsMargins(0, 8 if self.buttons else 0, 0, 0)
        self.message.setText(message)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.setProperty("failure", failure)
        self._mark.failure = failure
        self._mark.update()
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(message)
        self.setAccessibleDescription(advice)
        self.show()
        self.place()
        self.raise_()
        self.shown.emit(message, advice)

    def _button(self, button: BannerButton) -> QPushButton:
        widget = text_button(button.words, "primary" if button.primary else "outline", self)
        widget.setFont(font(13))
        widget.setToolTip(button.words)
        widget.clicked.connect(self.dismiss)
        act = button.act
        widget.clicked.connect(lambda _=False: act())
        widget.show()
        return widget

    def place(self) -> None:
        """Sit at the bottom of the parent's middle."""
        parent = self.parentWidget()
        if parent is None or not self.isVisible():
            return
        width = min(560, parent.width() - 32)
        self.setFixedWidth(width)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # the rows inside remember the height of the words before
        frame = self.width() - self.contentsRect().width()
        height = layout.heightForWidth(width - frame) + frame if layout is not None else 0
        height = max(height, self.sizeHint().height() if height <= 0 else height)
        self.setGeometry((parent.width() - width) // 2, parent.height() - height - 16, width, height)
