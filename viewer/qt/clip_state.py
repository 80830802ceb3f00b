"""How far the clip of a segment is: what a row shows beside its play button."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_noop


class ClipStatus(enum.Enum):
    """Where a segment's clip stands."""

    NOT_FETCHED = "not fetched"
    WAITING = "waiting"
    FETCHING = "fetching"
    PAUSED = "paused"
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
        """Whether a download waits, runs or is paused."""
        return self.status in (ClipStatus.WAITING, ClipStatus.FETCHING, ClipStatus.PAUSED)

    def held(self) -> ClipState:
        """The same, paused: as far as it has come, with no speed."""
        return ClipState(ClipStatus.PAUSED, self.fraction, self.done_bytes, self.total_bytes)


NOT_FETCHED = ClipState()
WAITING = ClipState(ClipStatus.WAITING)
READY = ClipState(ClipStatus.READY, 1.0)

_WORDS = {
    ClipStatus.NOT_FETCHED: tr_noop("not fetched"),
    ClipStatus.WAITING: tr_noop("waiting"),
    ClipStatus.FETCHING: tr_noop("fetching"),
    ClipStatus.PAUSED: tr_noop("paused"),
    ClipStatus.READY: tr_noop("ready"),
    ClipStatus.FAILED: tr_noop("failed"),
}


def clip_state_text(state: ClipState | None) -> str:
    """The state in one or two words, for a row and a screen reader: ``ready``, ``42 %``, ``paused at 42 %``."""
    if state is None:
        return tr("no time known yet")
    if state.fraction is not None:
        share = f"{int(state.fraction * 100)} %"
        if state.status is ClipStatus.FETCHING:
            return share
        if state.status is ClipStatus.PAUSED:
            return tr("paused at {share}").format(share=share)
    return tr(_WORDS[state.status])
