"""Climbing from way to way until one brings a whole clip: time budgets, pauses, checks, and the log."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import Cancelled
from viewer.domain.timestamp import format_range
from viewer.domain.video import Segment
from viewer.media import checks, rungs
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.failures import FINAL_KINDS, FailureKind, MediaError, from_os_error
from viewer.media.pausing import Gate, budget
from viewer.media.progress import FetchStage, Meter
from viewer.media.resolver import VideoInfo
from viewer.media.spans import SpanCache
from viewer.media.tools import Tools
from viewer.media.ytdlp import NetworkChoices

log = logging.getLogger(__name__)

LAST_SECOND_MS = 1000
"""The site tells a video's length in whole seconds: how long its last one is, nobody knows."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One way: its name for the log, its time budget (pauses not counted), what it does.

    ``waits``: it stands still by itself while the gate is shut. Another is cancelled by a pause and begun anew.
    """

    name: str
    budget_s: float
    run: Callable[[rungs.Task], Path]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """What a climb shall bring: ``segment`` names it in the store, ``wanted`` is what of it the video has."""

    segment: Segment
    wanted: Segment
    quality: str
    network: NetworkChoices
    info: VideoInfo | None
    gate: Gate
    whole: bool = False


class Teller:
    """Whom a climb tells: of its progress, and of what can be played already."""

    def __init__(self, tell: Progress) -> None:
        self.tell = tell
        self.meter = Meter(tell)


class _Paused(Exception):  # noqa: N818 - says what happened
    """A way that cannot wait was ended by a pause."""


class Climb:
    """One clip's way up the ladder. ``spans`` is where fragments are shared."""

    def __init__(
        self,
        goal: Goal,
        teller: Teller,
        store: ClipStore,
        tools: Tools,
        spans: SpanCache,
        cancel: CancelToken,
    ) -> None:
        self._goal = goal
        self._teller = teller
        self._store = store
        self._tools = tools
        self._spans = spans
        self._cancel = cancel

    def run(self, ladder: Sequence[Rung]) -> Clip:
        """Try every rung until one brings a whole clip, and keep that. Raises MediaError or Cancelled."""
        failures: list[MediaError] = []
        goal = self._goal
        for rung in ladder:
            try:
                return self._attempt(rung)
            except OSError as error:
                failure = from_os_error(error, rung.name)
            except MediaError as error:
                failure = error
            except Cancelled:
                self._cancel.raise_if_cancelled()
                failure = MediaError(FailureKind.TIMED_OUT, f"more than {rung.budget_s:.0f} s")
            if failure.kind is FailureKind.DAMAGED:
                self._spans.forget(goal.segment.video)
            where = format_range(goal.segment.start_ms, goal.segment.end_ms)
            log.warning(
                "%s %s: %s failed: %s (%s)",
                *(goal.segment.video.id, where, rung.name, failure.kind, failure.detail),
            )
            failures.append(failure)
            if failure.kind in FINAL_KINDS:
                break
        raise _most_telling(failures)

    def _attempt(self, rung: Rung) -> Clip:
        gate = self._goal.gate
        with budget(self._cancel, rung.budget_s, gate) as inner:
            while True:
                gate.wait(inner)
                with contextlib.suppress(_Paused):
                    return self._once(rung, inner)

    def _once(self, rung: Rung, budgeted: CancelToken) -> Clip:
        goal = self._goal
        token, ended = CancelToken(), threading.Event()

        def pause(paused: bool) -> None:
            if paused and not rung.waits:
                ended.set()
                token.cancel()

        with self._store.work_folder() as work, budgeted.on_cancel(token.cancel), goal.gate.on_change(pause):
            task = rungs.Task(
                *(goal.wanted, goal.quality, work, self._tools, goal.network),
                *(self._teller.meter, token, goal.info, None if goal.whole else self._teller.tell),
                *(goal.gate, self._spans),
            )
            try:
                path = rung.run(task)
                self._check(task, path)
                self._cancel.raise_if_cancelled()
            except Cancelled:
                if ended.is_set() and not budgeted.cancelled:
                    raise _Paused from None
                raise
            clip = self._store.add(
                *(goal.segment, goal.quality, path),
                whole=goal.whole,
                video_end_ms=_end_inside(goal.segment, goal.info),
            )
            self._teller.meter.stage(FetchStage.DONE)
            return clip

    @staticmethod
    def _check(task: rungs.Task, path: Path) -> None:
        task.meter.stage(FetchStage.CHECKING)
        info = task.info
        length, slack = task.segment.duration_ms, 0
        if info is not None and (info.duration_ms is None or task.segment.end_ms > info.duration_ms):
            slack = LAST_SECOND_MS
            length -= LAST_SECOND_MS
        checks.check_clip(
            path,
            task.ffmpeg,
            None if info is not None and info.duration_ms is None else length,
            slack_ms=slack,
            want_video=info is None or info.has_video,
            want_audio=info is None or info.has_audio,
            cancel=task.cancel,
        )


def within(segment: Segment, info: VideoInfo | None) -> Segment:
    """``segment`` as far as the video goes. Raises MediaError when it begins after the end."""
    if info is None or info.duration_ms is None:
        return segment
    if segment.start_ms >= info.duration_ms:
        raise MediaError(FailureKind.BEYOND_END, f"{segment.start_ms} of {info.duration_ms} ms")
    end = min(segment.end_ms, info.duration_ms + LAST_SECOND_MS)
    return Segment(segment.video, segment.start_ms, end)


def _end_inside(segment: Segment, info: VideoInfo | None) -> int | None:
    """Where the video ends inside ``segment`` (ms); None when it does not, or nobody knows."""
    end = info.duration_ms if info is not None else None
    return end if end is not None and end < segment.end_ms else None


def _most_telling(failures: list[MediaError]) -> MediaError:
    """The failure that tells the user most: the last one whose reason is known."""
    vague = (FailureKind.UNKNOWN, FailureKind.DAMAGED)
    telling = [failure for failure in failures if failure.kind not in vague]
    return (telling or failures)[-1]
