"""The captions that were fetched, kept in the data folder so that they serve without a network.

One JSON file a video and language: what the site said about the captions, and their cues as they came, before they
are joined to paragraphs, so that a better way of joining them needs no second download.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viewer.base.errors import ReadError
from viewer.base.settings import write_atomically
from viewer.base.untrusted import read_json
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import VideoRef
from viewer.media.failures import FailureKind, MediaError

log = logging.getLogger(__name__)

_VERSION = 1
_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,34}\Z")


def is_language(text: str) -> bool:
    """Whether ``text`` looks like a language's code (BCP 47, and yt-dlp's ``en-orig``), safe as name and argument."""
    return _LANGUAGE.match(text) is not None and text.lower() != "all"


@dataclass(frozen=True, slots=True)
class KeptCaptions:
    """Captions of one video in one language. ``automatic``: made by a machine. ``duration_ms`` is the video's length."""

    video: VideoRef
    language: str
    automatic: bool
    cues: tuple[Cue, ...]
    duration_ms: int | None = None

    @property
    def transcript(self) -> Transcript:
        """The captions as a transcript: short lines, as they came. Its origin says whose words they are."""
        origin = f"captions:{self.language}" + (":automatic" if self.automatic else "")
        return Transcript(self.cues, origin, self.video.id)


class CaptionStore:
    """Kept captions, below one folder. Any thread and any process may use it; it can be sent to another process."""

    def __init__(self, folder: Path, languages: Sequence[str] = ()) -> None:
        """``languages`` are the user's, the first the most wanted; others are only found when none of them is kept."""
        self.folder = folder
        self.languages = tuple(languages)

    def add(self, captions: KeptCaptions) -> Path:
        """Keep these captions (whole or not at all), in place of older ones in their language. Raises MediaError."""
        if not is_language(captions.language):
            raise ValueError(f"not a language: {captions.language!r}")
        values = {
            "version": _VERSION,
            "video": {"id": captions.video.id, "url": captions.video.url},
            "language": captions.language,
            "automatic": captions.automatic,
            "duration_ms": captions.duration_ms,
            "cues": [
                [cue.start_ms, cue.end_ms, cue.speaker, cue.text, list(cue.words)] for cue in captions.cues
            ],
        }
        path = self.folder / f"{captions.video.key}.{captions.language}.json"
        try:
            write_atomically(path, json.dumps(values, ensure_ascii=False, separators=(",", ":")))
        except ReadError as error:
            raise MediaError(FailureKind.STORE_UNWRITABLE, error.detail, message=error.message) from error
        return path

    def kept(self, video: VideoRef) -> KeptCaptions | None:
        """The captions of ``video`` in the most wanted language; the author's before automatic ones. None: not kept."""
        found = [one for path in self._files(video) if (one := _read(path, video)) is not None]
        return min(found, key=self._rank, default=None)

    def find(self, video: VideoRef) -> Transcript | None:
        """As :meth:`kept`, as a transcript."""
        found = self.kept(video)
        return found.transcript if found else None

    def has(self, video: VideoRef) -> bool:
        """Whether captions of ``video`` are kept; quick, no file is read."""
        return bool(self._files(video))

    def forget(self, video: VideoRef) -> None:
        """Remove what is kept for ``video``."""
        for path in self._files(video):
            path.unlink(missing_ok=True)

    def _files(self, video: VideoRef) -> list[Path]:
        try:
            return sorted(self.folder.glob(f"{video.key}.*.json"))
        except OSError:
            return []

    def _rank(self, captions: KeptCaptions) -> tuple[int, bool, str]:
        wanted = [spoken(language) for language in self.languages]
        language = spoken(captions.language)
        place = wanted.index(language) if language in wanted else len(wanted)
        return place, captions.automatic, captions.language


def spoken(language: str) -> str:
    """The language alone, without its country, script or yt-dlp's ``-orig``: ``en`` of ``en-GB``."""
    return language.split("-", 1)[0].lower()


def _read(path: Path, video: VideoRef) -> KeptCaptions | None:
    """The captions in one file; None when it cannot be read as such (it is left alone and said in the log)."""
    try:
        values = read_json(path.read_text(encoding="utf-8"))
        if values["version"] != _VERSION or values["video"]["id"] != video.id:
            return None
        duration = values["duration_ms"]
        return KeptCaptions(
            video,
            str(values["language"]),
            bool(values["automatic"]),
            tuple(_cue(*row) for row in values["cues"]),
            int(duration) if duration is not None else None,
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        log.warning("%s cannot be read: %s", path, error)
        return None


def _cue(start: Any, end: Any, speaker: Any, text: Any, words: Any) -> Cue:
    if not isinstance(text, str) or not all(isinstance(time, int) for time in words):
        raise ValueError("not a cue")
    times = [None if time is None else int(time) for time in (start, end)]
    return Cue(times[0], times[1], None if speaker is None else str(speaker), text, words=tuple(words))
