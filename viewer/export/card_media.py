"""A picture and the sound of kept clips, for cards. Nothing is fetched: what is not kept has none."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import ViewerError
from viewer.domain.cited_quote import CitedQuote
from viewer.domain.video import Segment
from viewer.export.anki import CardMedia
from viewer.media import process
from viewer.media.clip_files import Clip
from viewer.media.saving import save_clip_as

log = logging.getLogger(__name__)

_STILL_BUDGET_S = 30.0
_STILL_WIDTH = 640

Kept = Callable[[Segment], "Clip | None"]
"""The kept clip that holds a segment, None when there is none."""


def card_media(
    quotes: Iterable[CitedQuote],
    kept: Kept,
    ffmpeg: Path | None,
    folder: Path,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[Segment, CardMedia]:
    """Make a still and an m4a in ``folder`` for every quote whose clip is kept. Blocks; raises Cancelled.

    A clip that gives neither (no sound, damaged) is passed over: its card is made without. ``progress`` gets the
    number of segments that are done.
    """
    found: dict[Segment, CardMedia] = {}
    segments = dict.fromkeys(quote.segment for quote in quotes if quote.segment is not None)
    for number, segment in enumerate(segments):
        if cancel is not None:
            cancel.raise_if_cancelled()
        clip = kept(segment)
        if clip is not None:
            found[segment] = CardMedia(
                _still(clip, segment, ffmpeg, folder / f"{number}.jpg", cancel),
                _sound(clip, segment, ffmpeg, folder / f"{number}.m4a", cancel),
            )
        progress(number + 1)
    return found


def _sound(
    clip: Clip, segment: Segment, ffmpeg: Path | None, target: Path, cancel: CancelToken | None
) -> Path | None:
    try:
        return save_clip_as(clip, segment, target, "m4a", ffmpeg, cancel=cancel)
    except ViewerError as error:
        log.info("no sound for a card: %s", error)
        return None


def _still(
    clip: Clip, segment: Segment, ffmpeg: Path | None, target: Path, cancel: CancelToken | None
) -> Path | None:
    """A picture from the clip's first third, where somebody speaks already."""
    if ffmpeg is None:
        return None
    at_ms = max(0, clip.offset_ms(segment)) + segment.duration_ms // 3
    arguments = ["-ss", f"{at_ms / 1000:.3f}", "-i", str(clip.path), "-frames:v", "1"]
    scale = f"scale='min({_STILL_WIDTH},iw)':-2"
    outcome = process.run(
        [str(ffmpeg), "-hide_banner", "-nostdin", "-y", *arguments, "-vf", scale, "-q:v", "4", str(target)],
        cwd=target.parent,
        cancel=cancel or CancelToken(),
        timeout_s=_STILL_BUDGET_S,
    )
    return target if outcome.ok and target.is_file() and target.stat().st_size > 0 else None
