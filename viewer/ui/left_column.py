"""The left column: the library, and beneath it what is gathered from it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from viewer.ui.narrow import WITHOUT_LIBRARY

_LIBRARY_SHARE = 0.4
_LEAST_LIBRARY = 200
"""px of the library that stay when the lower part is opened first."""


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
        self._sized = False
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
        first = shown and not self._wanted and not self._sized
        self._wanted = shown
        self.follow()
        if first and self.height() > 0:
            self._sized = True
            library = max(_LEAST_LIBRARY, round(self.height() * _LIBRARY_SHARE))
            self.setSizes([library, max(1, self.height() - library)])

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
