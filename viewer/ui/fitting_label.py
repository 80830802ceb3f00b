# ruff: noqa: N802 - Qt's own names
"""A label for words of any length: so many lines of them are shown, the whole is in its tooltip."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from viewer.qt.plain_words import plain_tip

_ROOM = "\u200b"
"""Where a very long word may break (ZERO WIDTH SPACE)."""

_LONG_WORD = re.compile(r"\S{24,}")


class FittingLabel(QLabel):
    """Plain text in at most ``lines`` lines; what has no room is told by an ellipsis. ``text()`` is always the whole."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        """All of it, shown or not."""
        return self._whole

    def setText(self, text: str) -> None:
        """Show this, as far as it has room."""
        self._whole = text
        self._fit()

    @property
    def shown(self) -> str:
        """What is to be read."""
        return super().text().replace(_ROOM, "")

    def _fit(self) -> None:
        shown = self._shortened(_LONG_WORD.sub(_breakable, self._whole))
        if shown != super().text():
            super().setText(shown)
            cut = shown.endswith("…") and not self._whole.endswith("…")
            self.setToolTip(plain_tip(self._whole) if cut else "")

    def _shortened(self, text: str) -> str:
        width = self.contentsRect().width()
        if width < 20:
            return text
        layout = QTextLayout(text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        starts = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            starts.append(line.textStart())
        layout.endLayout()
        if len(starts) <= self._lines:
            return text
        last = starts[self._lines - 1]
        # As wide as all that follows would be on one line: the metrics cut it to the line that there is.
        rest = QFontMetricsF(self.font()).elidedText(text[last:], Qt.TextElideMode.ElideRight, width - 4)
        return text[:last] + rest

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()


def _breakable(word: re.Match[str]) -> str:
    letters = word.group()
    return _ROOM.join(letters[at : at + 8] for at in range(0, len(letters), 8))
