"""The left column: the library, and beneath it what is gathered from it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from viewer.ui.narrow import WITHOUT_LIBRARY

_LIBRARY_SHARE = 0.45
_LEAST_LIBRARY = 200
"""px of the library that stay, unless it is drawn up out of the way."""


class LeftColumn(QSplitter):
    """Is there while one of its two parts is wanted. ``bar`` is hidden when the window shows less: then nothing is.

    The lower part stays open while notes change, so that things can be brought into it from every one of them.
    """

    def __init__(self, library: QWidget, bar: QWidget, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("leftColumn")
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self._library = library
        self._bar = bar
        self._lower: QWidget | None = None
        self._wanted = False
        self._no_room = False
        self.share = _LIBRARY_SHARE
        """which part of the height is the library's while the lower part is open, 0..1"""
        self.splitterMoved.connect(self._moved)
        self.addWidget(library)
        for widget in (library, bar):
            widget.installEventFilter(self)

    def put_below(self, widget: QWidget) -> None:
        """Let ``widget`` be the lower part; it is shown and hidden with ``show_lower``."""
        self._lower = widget
        self.addWidget(widget)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        # The library can be drawn up out of the way: what is gathered may need the whole column.
        self.setCollapsible(0, True)
        self.follow()

    @property
    def lower_wanted(self) -> bool:
        """Whether the lower part is open."""
        return self._wanted

    def show_lower(self, shown: bool) -> None:
        """Open or close the lower part."""
        self._no_room = False
        self._wanted = shown
        self.follow()
        self._divide()

    def _divide(self) -> None:
        if self._lower is None or not self._wanted or self.height() <= 0:
            return
        library = round(self.height() * self.share)
        if self.share > 0:  # 0: it was drawn up out of the way
            library = max(_LEAST_LIBRARY, library)
        self.setSizes([library, max(1, self.height() - library)])

    def _moved(self) -> None:
        if self._lower is not None and self._lower.isVisible() and self._library.isVisible():
            self.share = self.sizes()[0] / max(1, sum(self.sizes()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().height() != event.oldSize().height():
            self._divide()

    def follow(self) -> None:
        """Show what is wanted now."""
        less = self._bar.isHidden() or self._no_room
        if self._lower is not None:
            self._lower.setVisible(self._wanted and not less)
        self.setVisible(not self._library.isHidden() or (self._wanted and not less))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            if watched is self._library:
                # A narrow window hides the library for want of room: what lies beneath it goes along.
                hidden = event.type() == QEvent.Type.HideToParent
                self._no_room = hidden and self.window().width() < WITHOUT_LIBRARY
            self.follow()
        return False
