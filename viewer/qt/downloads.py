"""Everything that comes in or is being saved now, as one list and one sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from viewer.domain.video import Segment, VideoRef
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_state import ClipState, ClipStatus
from viewer.qt.keeping import Keeping

Key = Segment | VideoRef | str
"""What comes in: a clip, a whole video, or a task by its words."""


@dataclass(frozen=True, slots=True)
class Download:
    """One of them, how far it is, and how to stop it (a failed one: how to forget it), pause it or try it again."""

    key: Key
    state: ClipState
    stop: Callable[[], None]
    retry: Callable[[], None] | None = None
    pause: Callable[[], None] | None = None
    resume: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """All of them together. Bytes, bytes a second, seconds; ``eta`` None while something's size is not known."""

    running: int
    waiting: int
    paused: int
    failed: int
    done_bytes: int
    speed: float
    eta: float | None


class Downloads(QObject):
    """Knows what runs, waits or failed. ``changed`` whenever any of that is another."""

    changed = Signal()

    def __init__(self, clips: ClipController, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clips = clips
        self._keeping = keeping
        self._segments: dict[Segment, None] = {}
        self._tasks: dict[str, Download] = {}
        clips.clipStateChanged.connect(self._clip_changed)
        keeping.wholeChanged.connect(self._whole_changed)

    def items(self) -> list[Download]:
        """What runs, waits or failed, the oldest first; clips before whole videos before tasks."""
        clips = [self._of_clip(segment) for segment in self._segments]
        wholes = [self._of_whole(video) for video in self._keeping.wholes()]
        return [*clips, *wholes, *self._tasks.values()]

    def totals(self) -> Totals:
        """The sum of all."""
        states = [item.state for item in self.items()]
        running = [state for state in states if state.status is ClipStatus.FETCHING]
        waiting = sum(state.status is ClipStatus.WAITING for state in states)
        speed = sum(state.speed or 0.0 for state in running)
        paused = [state for state in states if state.status is ClipStatus.PAUSED]
        sizes_known = not waiting and not paused and all(state.total_bytes for state in running)
        left = sum((state.total_bytes or 0) - (state.done_bytes or 0) for state in running)
        return Totals(
            len(running),
            waiting,
            len(paused),
            sum(state.status is ClipStatus.FAILED for state in states),
            sum(state.done_bytes or 0 for state in (*running, *paused)),
            speed,
            max(0, left) / speed if running and sizes_known and speed else None,
        )

    def stop_all(self) -> None:
        """Stop everything, forget what failed."""
        self._keeping.stop_all()
        for item in self.items():
            item.stop()

    def pause_all(self) -> None:
        """Let everything that can stand still do so, and what waits wait. What is begun later is not paused."""
        # What waits first: it would take the places of those that stand still.
        items = sorted(self.items(), key=lambda item: item.state.status is not ClipStatus.WAITING)
        for item in items:
            if item.pause is not None and item.state.busy:
                item.pause()

    def resume_all(self) -> None:
        """Let everything that is paused go on."""
        for item in self.items():
            if item.resume is not None and item.state.status is ClipStatus.PAUSED:
                item.resume()

    def toggle_paused(self) -> bool | None:
        """Pause all; when nothing moves, resume all. Whether they are paused now, None when there is nothing."""
        totals = self.totals()
        if totals.running + totals.waiting:
            self.pause_all()
            return True
        if totals.paused:
            self.resume_all()
            return False
        return None

    def set_task(self, words: str, state: ClipState | None, stop: Callable[[], None]) -> None:
        """Show a task that is so far; with None it is over."""
        if state is None:
            self._tasks.pop(words, None)
        else:
            self._tasks[words] = Download(words, state, stop)
        self.changed.emit()

    def _of_clip(self, segment: Segment) -> Download:
        state = self._clips.state(segment)

        def stop() -> None:
            if state.busy:
                self._clips.cancel(segment)
            elif segment in self._segments:
                del self._segments[segment]
                self.changed.emit()

        return Download(
            segment,
            state,
            stop,
            lambda: self._clips.fetch([segment]),
            lambda: self._clips.pause(segment),
            lambda: self._clips.resume(segment),
        )

    def _of_whole(self, video: VideoRef) -> Download:
        return Download(
            video,
            self._keeping.whole_state(video),
            lambda: self._keeping.stop_whole(video),
            lambda: self._keeping.keep_whole(video),
            lambda: self._keeping.pause_whole(video),
            lambda: self._keeping.resume_whole(video),
        )

    @Slot(object)
    def _clip_changed(self, segment: Segment) -> None:
        state = self._clips.state(segment)
        if state.busy or state.status is ClipStatus.FAILED:
            self._segments.setdefault(segment)
        elif segment in self._segments:
            del self._segments[segment]
        else:
            return
        self.changed.emit()

    @Slot(object)
    def _whole_changed(self, video: VideoRef) -> None:
        self.changed.emit()
