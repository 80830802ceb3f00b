"""The clips that an export needs: kept, or fetched first, one after the other, with progress and cancel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_n
from viewer.domain.cited_quote import Outline, quotes_of
from viewer.domain.timestamp import format_range
from viewer.domain.video import Segment
from viewer.media.clip_files import Clip
from viewer.media.failures import FailureKind, MediaError
from viewer.media.progress import FetchProgress

_SHOWN = 5
_FINAL = (FailureKind.DISK_FULL, FailureKind.STORE_UNWRITABLE, FailureKind.NO_YTDLP, FailureKind.NO_FFMPEG)
"""Failures that every further clip would meet as well."""


class FetchesClips(Protocol):
    """What is needed of :class:`viewer.media.fetcher.Fetcher`."""

    def fetch(self, segment: Segment, progress: Progress, cancel: CancelToken) -> Clip:
        """The clip of ``segment``; blocks. Raises ViewerError or Cancelled."""
        ...


@dataclass(frozen=True, slots=True)
class GatherProgress:
    """Clip ``number`` of ``total`` is being fetched; ``fraction`` of all of them, 0..1. ``fetch`` is that clip's own."""

    number: int
    total: int
    fraction: float
    fetch: FetchProgress | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A clip that could not be had, and why."""

    segment: Segment
    title: str
    error: ViewerError


class ClipsMissingError(ViewerError):
    """Some clips could not be had. ``missing`` says which and why, in the outline's order."""

    def __init__(self, missing: Sequence[Missing], total: int) -> None:
        self.missing = tuple(missing)
        message = tr_n("{n} of {total} clips is missing.", "{n} of {total} clips are missing.", len(missing))
        message = message.format(n=len(missing), total=total)
        rows = []
        for one in self.missing[:_SHOWN]:
            place = format_range(one.segment.start_ms, one.segment.end_ms)
            rows.append(f"{one.title} ({place})")
        if len(self.missing) > _SHOWN:
            rows.append(tr("and {n} more").format(n=len(self.missing) - _SHOWN))
        reasons = dict.fromkeys(str(one.error) for one in self.missing)
        super().__init__(message, "\n".join([*rows, *list(reasons)[:2]]))


def segments_of(outline: Outline) -> list[Segment]:
    """The stretches of video that an outline needs, each once, in order."""
    return list(dict.fromkeys(quote.segment for quote in quotes_of(outline) if quote.segment is not None))


def gather(
    outline: Outline,
    fetcher: FetchesClips,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[Segment, Clip]:
    """Every clip of ``outline``: those that are not kept are fetched. Blocks; progress gets :class:`GatherProgress`.

    Goes on after a failure, so that all that is missing can be told at once: raises ClipsMissingError at the end. Offline
    nothing is asked of the network. Raises Cancelled when ``cancel`` was used; what came stays kept.
    """
    cancel = cancel or CancelToken()
    wanted = segments_of(outline)
    titles = {
        quote.segment: " ".join((quote.title or quote.bare_text or quote.note_title).split())
        for quote in reversed(quotes_of(outline))
        if quote.segment is not None
    }
    clips: dict[Segment, Clip] = {}
    missing: list[Missing] = []
    for number, segment in enumerate(wanted):
        cancel.raise_if_cancelled()
        progress(GatherProgress(number + 1, len(wanted), number / len(wanted)))

        def tell(value: object, number: int = number) -> None:
            if isinstance(value, FetchProgress):
                done = (number + (value.fraction or 0.0)) / len(wanted)
                progress(GatherProgress(number + 1, len(wanted), done, value))

        try:
            clips[segment] = fetcher.fetch(segment, tell, cancel)
        except ViewerError as error:
            missing.append(Missing(segment, _short(titles[segment]), error))
            if isinstance(error, MediaError) and error.kind in _FINAL:
                raise
    if missing:
        raise ClipsMissingError(missing, len(wanted))
    return clips


def _short(text: str) -> str:
    return text if len(text) <= 60 else re.sub(r"\s+\S*\Z", "", text[:60]) + "…"
