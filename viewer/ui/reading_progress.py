"""How far the reading of the library is, in a bar and in words, with the button that stops it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from viewer.base.language import tr
from viewer.ui.buttons import describe, text_button
from viewer.ui.fonts import font
from viewer.ui.text import count_text

_WORTH_WORDS = 20
"""Fewer files are read before anybody could have stopped it."""


class ReadingProgress(QWidget):
    """A bar of 3 px that keeps its place while it is hidden; the words only where the reading takes a while."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(3)
        self.bar.setAccessibleName(tr("Reading the library"))
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.line = QWidget(self)
        self.words = QLabel(self.line)
        self.words.setFont(font(12))
        self.words.setProperty("role", "soft")
        self.stop = text_button(tr("Stop"), "link", self.line)
        self.stop.setObjectName("stopReading")
        self.stop.setFont(font(12, bold=True))
        describe(self.stop, tr("Stop reading; what has been read stays"))
        self.stop.clicked.connect(self.stopped)
        row = QHBoxLayout(self.line)
        row.setContentsMargins(20, 2, 16, 2)
        row.addWidget(self.words, 1)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.line)
        self.show_progress(0, 0)

    @property
    def busy(self) -> bool:
        """Whether a reading is shown."""
        return not self.bar.isHidden()

    def show_progress(self, done: int, total: int) -> None:
        """``done`` of ``total`` files are read; nothing is shown when that is all of them."""
        self.bar.setVisible(done < total)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        # Once shown the words stay to the end: a line that comes and goes makes the list jump.
        self.line.setVisible(done < total and (total - done >= _WORTH_WORDS or self.line_shown))
        self.words.setText(
            tr("Reading {done} of {total}").format(done=count_text(done), total=count_text(total))
        )

    @property
    def line_shown(self) -> bool:
        """Whether the words are shown."""
        return not self.line.isHidden()
