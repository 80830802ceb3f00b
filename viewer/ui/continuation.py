"""What follows when a clip has ended: nothing, the talk itself, the note's next highlight, or the next of a collection."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.settings import Settings
from viewer.domain.playing import stretch_after
from viewer.domain.video import Segment
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.now_playing import PlayerState
from viewer.qt.timed_rows import RowKind
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession

STRETCH_MS = 60_000
"""How much of the talk is taken at a time when it plays on."""


class Following(enum.Enum):
    """What plays after the clip."""

    NOTHING = "nothing"
    TALK = "the talk"
    HIGHLIGHTS = "the highlights"
    QUEUE = "a queue"


class Continuation(QObject):
    """Plays what follows; while one clip plays, the next is fetched, so that no gap is heard."""

    queueMoved = Signal(int)
    """which clip of the queue plays now; -1: the queue has ended"""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        controller: ClipController,
        player: ClipPlayer,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._controller = controller
        self._player = player
        self._settings = settings
        self.following = Following.NOTHING
        self._queue: tuple[Segment, ...] = ()
        self._queue_at = 0
        controller.failed.connect(self._failed)
        player.ended.connect(self._ended)
        player.stateChanged.connect(self._state_changed)

    def toggle_talk(self) -> None:
        """Play on into the talk after the clip's end (at once when it stands there), or no more."""
        on = self.following is not Following.TALK
        self._follow(Following.TALK if on else Following.NOTHING)
        if on and self._player.state is PlayerState.ENDED:
            self._ended()

    def toggle_highlights(self) -> None:
        """Play the note's highlights in a row, from the one that plays or the first; or no more."""
        on = self.following is not Following.HIGHLIGHTS
        self._follow(Following.HIGHLIGHTS if on else Following.NOTHING)
        if not on:
            return
        if self._player.state is PlayerState.PLAYING and self._playing_highlight() is not None:
            self._fetch_next()
            return
        highlights = self._highlights()
        if highlights:
            self._session.play(highlights[self._playing_highlight() or 0])
        else:
            self._follow(Following.NOTHING)

    def play_queue(self, segments: Sequence[Segment], at: int = 0) -> None:
        """Play exactly these, one after the other, from the ``at``-th."""
        if not segments:
            return
        self._queue, self._queue_at = tuple(segments), at
        self._follow(Following.QUEUE)
        self._play_queued()

    def stop_queue(self) -> None:
        """Let nothing of the queue follow; what plays plays on."""
        if self.following is Following.QUEUE:
            self._follow(Following.NOTHING)

    def _play_queued(self) -> None:
        self.queueMoved.emit(self._queue_at)
        self._session.play_exactly(self._queue[self._queue_at])

    @Slot(object, object)
    def _failed(self, segment: Segment, error: object) -> None:
        """One clip that cannot be played does not end the queue; the banner says which it was."""
        if self.following is not Following.QUEUE or segment != self._queue[self._queue_at]:
            return
        if self._queue_at + 1 < len(self._queue):
            self._queue_at += 1
            self._play_queued()
        else:
            self._follow(Following.NOTHING)

    def _follow(self, following: Following) -> None:
        ended = self.following is Following.QUEUE and following is not Following.QUEUE
        self.following = following
        if ended:
            self.queueMoved.emit(-1)
        actions = self._window.actions_set
        actions["play_on"].setChecked(following is Following.TALK)
        actions["play_all"].setChecked(following is Following.HIGHLIGHTS)
        if following is not Following.NOTHING:
            self._settings.set("play.loop", False)  # what repeats has no end to go on from
            self._fetch_next()

    def _highlights(self) -> list[Segment]:
        return self._window.side.lists.models[RowKind.HIGHLIGHT].segments()

    def _playing_highlight(self) -> int | None:
        playing = self._controller.playing
        row = None if playing is None else self._session.row_of(playing)
        highlights = self._highlights()
        return highlights.index(row) if row in highlights else None

    def _next(self) -> Segment | None:
        """What follows, just as the player will be given it."""
        playing = self._controller.playing
        if playing is None or self.following is Following.NOTHING:
            return None
        if self.following is Following.TALK:
            return stretch_after(self._session.note, playing.video, self._player.range_ms[1], STRETCH_MS)
        if self.following is Following.QUEUE:
            after = self._queue_at + 1
            own = playing == self._queue[self._queue_at] and after < len(self._queue)
            return self._queue[after] if own else None
        number = self._playing_highlight()
        highlights = self._highlights()
        if number is None or number + 1 >= len(highlights):
            return None
        return highlights[number + 1]

    def _fetch_next(self) -> None:
        following = self._next()
        if following is not None and self._player.state is PlayerState.PLAYING:
            exactly = self.following is not Following.HIGHLIGHTS
            self._controller.fetch([following if exactly else self._session.with_edges(following)])

    @Slot()
    def _ended(self) -> None:
        following = self._next()
        if following is not None:
            if self.following is Following.QUEUE:
                self._queue_at += 1
                self._play_queued()
            elif self.following is Following.TALK:
                self._session.play_exactly(following)
            else:
                self._session.play(following)
        elif self.following is not Following.NOTHING:
            self._follow(Following.NOTHING)

    @Slot(object)
    def _state_changed(self, state: PlayerState) -> None:
        if state is PlayerState.PLAYING:
            self._fetch_next()
