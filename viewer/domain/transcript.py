"""The transcript of one video and how to find one's place in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cue:
    """One timed piece of transcript (WebVTT's word). Times in ms; None where the source gives none.

    ``words`` are the start times (ms) of the text's white-space separated words, where the source knows them.
    ``ad`` marks advertisement. ``line`` is the 1-based line in the file it was read from.
    """

    start_ms: int | None
    end_ms: int | None
    speaker: str | None
    text: str
    line: int | None = None
    ad: bool = False
    words: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """Ordered cues of one video.

    ``origin`` says where they come from: ``note``, ``sidecar:NAME`` (a file beside the note) or ``captions:LANG``
    (the author's captions), ``captions:LANG:automatic`` (those of a machine).
    """

    cues: tuple[Cue, ...] = ()
    origin: str = "note"
    video_id: str | None = None
    _order: tuple[int, ...] = field(init=False, repr=False, compare=False, default=())
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        # Real transcripts sometimes run backwards: the index is sorted by time, the reading order is kept.
        timed = sorted((cue.start_ms, row) for row, cue in enumerate(self.cues) if cue.start_ms is not None)
        object.__setattr__(self, "_order", tuple(row for _, row in timed))
        object.__setattr__(self, "_starts", tuple(start for start, _ in timed))

    def cue_at(self, ms: int) -> int | None:
        """Row of the cue that is being said at ``ms`` (the last one begun); None before the first. O(log n)."""
        place = bisect_right(self._starts, ms) - 1
        return self._order[place] if place >= 0 else None

    @property
    def timed(self) -> bool:
        """Whether any cue has a time."""
        return bool(self._starts)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, each once, in order of appearance."""
        return tuple(dict.fromkeys(cue.speaker for cue in self.cues if cue.speaker))


def with_ends(cues: Sequence[Cue], duration_ms: int | None) -> tuple[Cue, ...]:
    """Give every timed cue without an end the start of the next later cue, and the last one the video's end.

    The last cue's end stays None when the duration is unknown or not later than the cue.
    """
    starts = sorted({cue.start_ms for cue in cues if cue.start_ms is not None})
    result = []
    for cue in cues:
        end = cue.end_ms
        if cue.start_ms is not None and end is None:
            later = bisect_right(starts, cue.start_ms)
            if later < len(starts):
                end = starts[later]
            elif duration_ms is not None and duration_ms > cue.start_ms:
                end = duration_ms
        result.append(
            cue
            if end == cue.end_ms
            else Cue(cue.start_ms, end, cue.speaker, cue.text, cue.line, cue.ad, cue.words)
        )
    return tuple(result)
