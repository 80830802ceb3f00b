"""Is this file a clip that can be played? Asked of every result before it counts, whatever made it.

Exit code 0 proves nothing: a dropped connection leaves a container that claims 44 s over a picture that ends
after 12, a start after the end leaves junk, and Qt's FFmpeg backend shows nothing of AV1 and says nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.base.cancel import CancelToken
from viewer.media import process
from viewer.media.failures import FailureKind, MediaError, classify
from viewer.media.mp4_read import Mp4Error, read_tracks
from viewer.media.mp4_write import read_moov

LENGTH_TOLERANCE_MS = 500
"""How far a clip's length may be from what was asked for."""

PLAYABLE_VIDEO = frozenset({"h264", "vp9", "vp8", "hevc", "mpeg4"})
"""Picture codecs (ffmpeg's names) that Qt's FFmpeg backend decodes in software. AV1 is not among them."""

_TIMEOUT_S = 60.0
_STREAM = re.compile(r"Stream #0:\d+.*?: (?P<kind>Video|Audio): (?P<codec>\w+)(?P<rest>.*)")
_LENGTH = re.compile(r"Duration: (\d+):(\d\d):(\d\d)\.(\d\d)")


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What ffmpeg sees in a file: codecs (empty: no such stream) and the container's length in ms."""

    video_codec: str
    audio_codec: str
    duration_ms: int

    @property
    def playable(self) -> bool:
        """Whether Qt will show the picture (a file of sound alone is playable)."""
        return (not self.video_codec and bool(self.audio_codec)) or self.video_codec in PLAYABLE_VIDEO


def parse_facts(lines: Sequence[str]) -> MediaFacts | None:
    """Read what ``ffmpeg -i`` writes to stderr; None when it could not open the file."""
    codecs = {"Video": "", "Audio": ""}
    duration_ms = -1
    for line in lines:
        match = _LENGTH.search(line)
        if match and duration_ms < 0:
            duration_ms = _clock_ms(*match.groups())
        stream = _STREAM.search(line)
        if stream and "attached pic" not in stream["rest"] and not codecs[stream["kind"]]:
            codecs[stream["kind"]] = stream["codec"].lower()
        if line.startswith("Output #0"):
            break
    if duration_ms < 0 and not any(codecs.values()):
        return None
    return MediaFacts(codecs["Video"], codecs["Audio"], max(duration_ms, 0))


def _clock_ms(hours: str, minutes: str, seconds: str, hundredths: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(hundredths) * 10


@dataclass(frozen=True, slots=True)
class TrackLength:
    """How long one stream of an mp4 really is, by its sample tables.

    When its last sample begins and is over, in ms from the start.
    """

    is_video: bool
    last_ms: float
    end_ms: float


def track_lengths(path: Path) -> list[TrackLength]:
    """What the sample tables say, checked against the file's size. Raises MediaError (``DAMAGED``) or OSError."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            tracks = read_tracks(read_moov(file))
    except Mp4Error as error:
        raise MediaError(FailureKind.DAMAGED, f"{path.name}: {error}") from error
    found = []
    for track in tracks:
        if not track.samples:
            continue
        if max(sample.offset + sample.size for sample in track.samples) > size:
            raise MediaError(FailureKind.DAMAGED, f"{path.name} is cut short")
        last = max(track.samples, key=lambda sample: sample.pts)
        in_ms = 1000 / track.timescale
        found.append(TrackLength(track.is_video, last.pts * in_ms, (last.pts + last.duration) * in_ms))
    return found


def look(path: Path, ffmpeg: Path, cancel: CancelToken | None = None) -> MediaFacts | None:
    """Open ``path`` with ffmpeg, decode its key pictures and sound, and say what it is; None when it is damaged."""
    outcome = _decode(path, ffmpeg, ["-skip_frame", "nokey"], cancel)
    if not outcome.ok and any("skip_frame" in line for line in outcome.stderr):
        # Since ffmpeg 8 an option that no stream takes is an error: there is no picture whose frames to skip.
        outcome = _decode(path, ffmpeg, [], cancel)
    if outcome.start_error:
        raise MediaError(FailureKind.NO_FFMPEG, outcome.words)
    return parse_facts(outcome.stderr) if outcome.ok else None


def _decode(path: Path, ffmpeg: Path, options: list[str], cancel: CancelToken | None) -> process.Outcome:
    # On one thread: it is as quick (key pictures only), costs a third less, and leaves the other for what plays.
    argv = [
        str(ffmpeg),
        "-hide_banner",
        "-nostdin",
        "-xerror",
        "-err_detect",
        "explode",
        "-threads",
        "1",
        *options,
    ]
    argv += ["-i", str(path), "-map", "0:v:0?", "-map", "0:a:0?", "-f", "null", "-"]
    return process.run(argv, cwd=path.parent, cancel=cancel, timeout_s=_TIMEOUT_S, gentle=True)


def check_clip(
    path: Path,
    ffmpeg: Path,
    duration_ms: int | None,
    *,
    slack_ms: int = 0,
    want_video: bool = True,
    want_audio: bool = True,
    cancel: CancelToken | None = None,
) -> MediaFacts:
    """Raise MediaError (``DAMAGED``, ``NO_FORMAT``) unless ``path`` is a whole, playable clip.

    ``duration_ms`` is the length it must have (None: any), of the container and of each stream in it; it may be
    longer by ``slack_ms`` (the site tells a video's length in whole seconds).
    """
    cancel = cancel or CancelToken()
    facts = look(path, ffmpeg, cancel)
    if facts is None:
        raise MediaError(FailureKind.DAMAGED, f"{path.name} cannot be decoded")
    if want_video and not facts.video_codec:
        raise MediaError(FailureKind.DAMAGED, f"{path.name} has no picture")
    if want_audio and not facts.audio_codec:
        raise MediaError(FailureKind.DAMAGED, f"{path.name} has no sound")
    if not facts.playable:
        raise MediaError(FailureKind.NO_FORMAT, f"{path.name} is {facts.video_codec}, which cannot be played")
    if duration_ms is not None:
        _check_lengths(path, facts, duration_ms, slack_ms)
    return facts


def _check_lengths(path: Path, facts: MediaFacts, duration_ms: int, slack_ms: int) -> None:
    low, high = duration_ms - LENGTH_TOLERANCE_MS, duration_ms + slack_ms + LENGTH_TOLERANCE_MS
    lengths: list[tuple[str, float, float]] = [("container", facts.duration_ms, facts.duration_ms)]
    for track in track_lengths(path):
        # At one picture a second the last one rightly lasts beyond the end.
        lengths.append(("picture" if track.is_video else "sound", track.last_ms, track.end_ms))
    for what, last, end in lengths:
        if end < low or last > high:
            raise MediaError(
                FailureKind.DAMAGED,
                f"{path.name}: {what} of {end:.0f} ms where {duration_ms} ms were asked for",
            )


def ffmpeg_failure(outcome: process.Outcome) -> MediaError:
    """Why an ffmpeg run failed: no space, no ffmpeg, damaged input."""
    if outcome.start_error:
        return MediaError(FailureKind.NO_FFMPEG, outcome.words)
    error = classify(outcome.stderr, outcome.returncode)
    if error.kind is FailureKind.UNKNOWN:
        return MediaError(FailureKind.DAMAGED, outcome.words)
    return error
