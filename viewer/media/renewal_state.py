"""How far a renewal of yt-dlp is, and which one serves: values for the window, which loads nothing else for them."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class RenewalStage(str, enum.Enum):
    """What renewal is doing. The values are stable names."""

    LOOKING = "looking"
    FETCHING = "fetching"
    PROVING = "proving"
    DONE = "done"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class RenewalProgress:
    """How far renewal is: ``detail`` is a distribution's name while that is fetched."""

    stage: RenewalStage
    detail: str = ""


@dataclass(frozen=True, slots=True)
class YtdlpStatus:
    """Which yt-dlp serves. ``source`` is ``bundled``, ``renewed`` or ``system``; ``age_days`` where its version says it.

    ``passed_over`` are sentences about renewed copies that are not used, and why.
    """

    version: str
    source: str
    age_days: int | None
    passed_over: tuple[str, ...] = ()
