"""A window too narrow or too low for all its panes shows fewer; with room they come back by themselves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

WITHOUT_LIBRARY = 960
WITHOUT_SIDE = 760
"""px of width below which a pane goes. Its key shows it all the same."""
WITHOUT_STRIP = 560
"""px of height below which the timeline goes."""


class Narrow(QObject):
    """Hides what has no room at the moment it is lost, and shows it when there is room again."""

    def __init__(
        self, window: QWidget, panes: tuple[QWidget, QWidget, QWidget], otherwise: Callable[[], bool]
    ) -> None:
        """``panes``: the library, the side, the strip. ``otherwise`` says whether something else hides them now."""
        super().__init__(window)
        self._window = window
        self._library, self._side, self._strip = panes
        self._otherwise = otherwise
        self._size: tuple[int, int] | None = None
        self._hid: set[QWidget] = set()

    def hid(self, pane: QWidget) -> bool:
        """Whether the pane is hidden for want of room only."""
        return pane in self._hid and pane.isHidden()

    def resized(self) -> None:
        """The window has another size."""
        if self._otherwise():
            return
        before, self._size = self._size, (self._window.width(), self._window.height())
        old = before or (WITHOUT_LIBRARY, WITHOUT_STRIP)
        wide, high = self._size
        self._follow(self._library, WITHOUT_LIBRARY, old[0], wide)
        self._follow(self._side, WITHOUT_SIDE, old[0], wide)
        self._follow(self._strip, WITHOUT_STRIP, old[1], high)

    def _follow(self, pane: QWidget, least: int, before: int, now: int) -> None:
        if now < least <= before and not pane.isHidden():
            self._hid.add(pane)
            pane.hide()
        elif now >= least and pane in self._hid:
            self._hid.discard(pane)
            pane.show()
