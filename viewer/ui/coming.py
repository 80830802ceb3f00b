"""How far the clip is that is awaited: said on the stage, where its picture will be."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Slot

from viewer.base.language import tr
from viewer.domain.timestamp import format_range
from viewer.domain.video import Segment
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.clip_state import ClipState, ClipStatus
from viewer.qt.now_playing import PlayerState
from viewer.ui.player_view import PlayerView
from viewer.ui.text import DOT, size_text

_A_MOMENT_S = 0.5
"""What is loaded sooner need not be said to be loading: a seek in a clip that still comes in takes less."""


class Coming(QObject):
    """Shows the state of the one clip that the reader waits for; of no other."""

    def __init__(self, stage: PlayerView, controller: ClipController, player: ClipPlayer) -> None:
        super().__init__(stage)
        self._stage = stage
        self._controller = controller
        self._player = player
        self._loading_until = 0.0
        player.stateChanged.connect(self._player_changed)

    def show(self, segment: Segment, state: ClipState) -> None:
        """This clip is so far."""
        if not state.busy or not self._awaited(segment):
            return
        place = format_range(segment.start_ms, segment.end_ms)
        if state.status is ClipStatus.PAUSED:
            self._stage.show_idle(tr("Paused: {place}").format(place=place), "")
            self._stage.set_busy(True, state.fraction or 0.0, tr("Click it again to go on."))
        else:
            self._stage.show_idle(tr("Fetching {place}").format(place=place), "")
            self._stage.set_busy(True, state.fraction, _words(state))

    def _awaited(self, segment: Segment) -> bool:
        # What plays while it still comes in shows its picture, not how far it is; unless it waits for more.
        loading = self._player.state is PlayerState.LOADING and time.monotonic() > self._loading_until
        return segment == self._controller.wanted or (segment == self._controller.playing and loading)

    @Slot(object)
    def _player_changed(self, state: PlayerState) -> None:
        if state is PlayerState.LOADING:
            self._loading_until = time.monotonic() + _A_MOMENT_S


def _words(state: ClipState) -> str:
    parts = [size_text(state.done_bytes)] if state.done_bytes else []
    if state.speed:
        parts.append(tr("{speed}/s").format(speed=size_text(int(state.speed))))
    if state.eta:
        parts.append(tr("{n} s left").format(n=round(state.eta)))
    return DOT.join(parts) or tr("Finding the video…")
