"""Reading without the rest of the window: the text alone, or the text and the player. Esc brings everything back."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from viewer.ui.actions import ActionSet
from viewer.ui.reader_pane import ReaderPane
from viewer.ui.side_pane import SidePane

_ELSEWHERE = (
    "search",
    "filter_notes",
    "focus_library",
    "focus_side",
    "toggle_library",
    "toggle_side",
    "to_check",
)
"""Actions that show what the focus mode hides: it ends before them."""


class HasPanes(Protocol):
    """What is needed of :class:`viewer.ui.main_window.MainWindow`: its panes, and whether the picture fills the screen."""

    @property
    def library(self) -> QWidget: ...
    @property
    def reader(self) -> ReaderPane: ...
    @property
    def side(self) -> SidePane: ...
    @property
    def splitter(self) -> QSplitter: ...
    @property
    def strip(self) -> QWidget: ...
    @property
    def top(self) -> QWidget: ...
    @property
    def full(self) -> bool: ...
    def toggle_full(self) -> None: ...


class FocusMode(QObject):
    """Hides panes and puts them back as they were, their sizes and which were hidden before."""

    changed = Signal()

    def __init__(self, window: HasPanes, actions: ActionSet, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._actions = actions
        self._before: tuple[list[int], bool, bool] | None = None
        self._player = False
        for action_id in _ELSEWHERE:
            # Connected before what they do: the panes are there again when it is done.
            actions[action_id].triggered.connect(lambda _=False: self.leave())

    @property
    def active(self) -> bool:
        """Whether panes are hidden for reading."""
        return self._before is not None

    @property
    def with_player(self) -> bool:
        """Whether the player is shown beside the text."""
        return self.active and self._player

    def toggle_text(self) -> None:
        """Show the text alone, or everything again."""
        self._toggle(player=False)

    def toggle_player(self) -> None:
        """Show the text and the player, or everything again."""
        self._toggle(player=True)

    def _toggle(self, *, player: bool) -> None:
        if self.active and self._player is player:
            self.leave()
        else:
            self._enter(player=player)

    def _enter(self, *, player: bool) -> None:
        window = self._window
        if window.full:
            window.toggle_full()
        if self._before is None:
            self._before = window.splitter.sizes(), window.library.isHidden(), window.side.isHidden()
        self._player = player
        for widget in (window.library, window.top, window.strip):
            widget.hide()
        window.side.set_lists_shown(False)
        window.side.setVisible(player)
        # What had the focus may be hidden now; the text is what is left.
        window.reader.page().setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()

    def leave(self) -> None:
        """Put every pane back as it was."""
        if self._before is None:
            return
        window = self._window
        sizes, library_hidden, side_hidden = self._before
        self._before = None
        window.top.show()
        window.strip.show()
        window.side.set_lists_shown(True)
        window.library.setVisible(not library_hidden)
        window.side.setVisible(not side_hidden)
        window.splitter.setSizes(sizes)
        self._show()

    @property
    def panes(self) -> tuple[list[int], bool, bool] | None:
        """The panes' sizes, and whether library and lists were hidden, before; None when they are not hidden for reading."""
        return self._before

    def _show(self) -> None:
        self._actions["focus_text"].setChecked(self.active and not self._player)
        self._actions["focus_player"].setChecked(self.with_player)
        self.changed.emit()
