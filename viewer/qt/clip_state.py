"""How far the clip of a segment is: what a row shows beside its play button."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from viewer.base.errors import ViewerError


class ClipStatus(enum.Enum):
    """Where a segment's clip stands."""

    NOT_FETCHED = "not fetched"
    WAITING = "waiting"
    FETCHING = "fetching"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ClipState:
    """One segment's clip: its status and, while fetching, how far it is.

    ``fraction`` is 0..1, ``speed`` bytes a second, ``eta`` seconds; each None when not known. ``error`` is set
    when failed: a ViewerError for the user, None when the failure was a bug (which the log has).
    """

    status: ClipStatus = ClipStatus.NOT_FETCHED
    fraction: float | None = None
    done_bytes: int | None = None
    total_bytes: int | None = None
    speed: float | None = None
    eta: float | None = None
    error: ViewerError | None = None

    @property
    def busy(self) -> bool:
        """Whether a download waits or runs."""
        return self.status in (ClipStatus.WAITING, ClipStatus.FETCHING)


NOT_FETCHED = ClipState()
WAITING = ClipState(ClipStatus.WAITING)
READY = ClipState(ClipStatus.READY, 1.0)


def clip_state_text(state: ClipState | None) -> str:
    """The state in one or two words, for a row and a screen reader: ``ready``, ``42 %``, ``failed``."""
    if state is None:
        return "no time known yet"
    if state.status is ClipStatus.FETCHING and state.fraction is not None:
        return f"{int(state.fraction * 100)} %"
    return state.status.value
