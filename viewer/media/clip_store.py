"""The clips that are kept on disk: found by video, start, end and quality; bounded by a budget; crash-safe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from viewer.domain.video import Segment


@dataclass(frozen=True, slots=True)
class Clip:
    """One kept file. It holds ``segment`` exactly: its first frame is the first at or after the start.

    ``height`` is the picture's (0: sound only). Times are seconds since the epoch, sizes bytes.
    """

    segment: Segment
    quality: str
    path: Path
    size_bytes: int
    created: float
    played: float
    pinned: bool = False
    whole: bool = False

    def offset_ms(self, segment: Segment) -> int:
        """Where ``segment`` begins inside this file, in ms (0 when the clip was made for it)."""
        return segment.start_ms - self.segment.start_ms


class ClipStore:
    """The folder of kept clips. Safe for several threads and for several running programs."""

    def __init__(self, folder: Path, budget_bytes: int = 5_000_000_000) -> None:
        self.folder = folder
        self.budget_bytes = budget_bytes

    def find(self, segment: Segment, quality: str | None = None) -> Clip | None:
        """A kept clip that holds ``segment``: the very one, or any longer one. None when there is none.

        With ``quality``, one of that picture height or better; without, the best there is.
        """
        raise NotImplementedError

    def clips(self) -> list[Clip]:
        """Every kept clip, most recently played first."""
        raise NotImplementedError

    def total_bytes(self) -> int:
        """Space that the kept clips take."""
        raise NotImplementedError

    def pin(self, clip: Clip) -> Clip:
        """Never evict ``clip``."""
        raise NotImplementedError

    def unpin(self, clip: Clip) -> Clip:
        """Let ``clip`` be evicted again."""
        raise NotImplementedError

    def touch(self, clip: Clip) -> Clip:
        """Remember that ``clip`` was played now."""
        raise NotImplementedError

    def remove(self, clip: Clip) -> None:
        """Delete ``clip`` from the disk."""
        raise NotImplementedError
