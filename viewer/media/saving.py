"""Taking clips along: "Save clip as ..." with the note's own name, as mp4, sound or GIF, whole or not at all.

A file is made in a hidden folder beside its target and renamed when it is finished and checked. The mp4 and the
sound are cut without re-encoding where their codecs allow; MP3 and GIF are made by ffmpeg.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.language import tr
from viewer.domain.video import Segment
from viewer.media import checks, process
from viewer.media.clip_files import Clip
from viewer.media.failures import FailureKind, MediaError, from_os_error
from viewer.media.mp4_read import Mp4Error, Track, read_tracks
from viewer.media.mp4_write import cut_track, read_moov, recut, write_clip
from viewer.media.progress import FetchProgress, FetchStage
from viewer.media.saved_names import KINDS, numbered

_COPY_BYTES = 4 << 20
_BUDGET_S = 120.0
_GIF_WIDTH = 480
_GIF_RATE = 12
_OUT_TIME = "out_time_us="


@dataclass(frozen=True, slots=True)
class Wanted:
    """One clip to be taken along: what of it, and under which file name (see ``suggested_name``)."""

    clip: Clip
    segment: Segment
    name: str


@dataclass(frozen=True, slots=True)
class SavedSoFar:
    """Progress of :func:`save_clips`: so many of ``total`` clips are written, and how far the next one is (0..1)."""

    done: int
    total: int
    fraction: float = 0.0


def save_clip_as(
    clip: Clip,
    segment: Segment,
    target: Path,
    kind: str,
    ffmpeg: Path | None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Path:
    """Write ``segment`` of a kept clip to ``target`` as ``kind`` (one of ``saved_names.KINDS``); returns it. Blocks.

    Exact at both ends; what was at ``target`` is replaced only by the finished file. ``progress`` gets
    FetchProgress values. Raises MediaError, Cancelled, or ValueError for another kind.
    """
    job = _Job(clip, segment, kind, ffmpeg, progress, cancel or CancelToken())
    with errors_about(target.parent), folder_beside(target) as work:
        made = job.make(work)
        made.replace(target)
    job.tell(FetchStage.DONE, 1.0)
    return target


def save_clips(
    wanted: Sequence[Wanted],
    folder: Path,
    kind: str,
    ffmpeg: Path | None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> list[Path]:
    """Write many clips into ``folder``; nothing there is overwritten, a taken name gets a number. Blocks.

    ``progress`` gets :class:`SavedSoFar` values. Raises as :func:`save_clip_as`; what was written before stays.
    """
    cancel = cancel or CancelToken()
    saved: list[Path] = []
    for one in wanted:
        progress(SavedSoFar(len(saved), len(wanted)))

        def inner(value: object) -> None:
            if isinstance(value, FetchProgress) and value.fraction is not None:
                progress(SavedSoFar(len(saved), len(wanted), value.fraction))

        job = _Job(one.clip, one.segment, kind, ffmpeg, inner, cancel)
        with errors_about(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with folder_beside(folder / one.name) as work:
                saved.append(_put_without_overwriting(job.make(work), folder, one.name))
    progress(SavedSoFar(len(saved), len(wanted)))
    return saved


class _Job:
    """One file to be made: how, from what, and whom to tell."""

    def __init__(
        self,
        clip: Clip,
        segment: Segment,
        kind: str,
        ffmpeg: Path | None,
        progress: Progress,
        cancel: CancelToken,
    ) -> None:
        if kind not in KINDS:
            raise ValueError(f"no such kind of file: {kind!r}")
        self._clip = clip
        self._kind = kind
        self._ffmpeg = ffmpeg
        self._progress = progress
        self._cancel = cancel
        self._start_ms = max(0, clip.offset_ms(segment))
        self._end_ms = self._start_ms + segment.duration_ms
        self._expected_ms = 0.0

    def tell(self, stage: FetchStage, fraction: float) -> None:
        """Say how far it is."""
        self._progress(FetchProgress(stage, fraction=fraction))

    def make(self, work: Path) -> Path:
        """Make the file in ``work``, check it, and return its path."""
        self._cancel.raise_if_cancelled()
        self.tell(FetchStage.CUTTING, 0.0)
        try:
            source = self._clip.path.open("rb")
        except FileNotFoundError as error:
            raise MediaError(
                FailureKind.DAMAGED, str(error), message=tr("This clip is no longer kept.")
            ) from error
        with source:
            try:
                tracks = [track for track in read_tracks(read_moov(source)) if track.samples]
            except Mp4Error as error:
                raise MediaError(FailureKind.DAMAGED, f"{self._clip.path.name}: {error}") from error
            self._look_at(tracks)
            made = self._made(work, source, tracks)
        self._cancel.raise_if_cancelled()
        self.tell(FetchStage.CHECKING, 1.0)
        self._check(made)
        with made.open("rb+") as file:
            os.fsync(file.fileno())
        return made

    def _look_at(self, tracks: list[Track]) -> None:
        """Find what the file has to offer, and refuse what it has not."""
        if not tracks:
            raise MediaError(FailureKind.DAMAGED, f"{self._clip.path.name} is empty")
        if self._kind == "gif" and not any(track.is_video for track in tracks):
            raise MediaError(FailureKind.NO_FORMAT, message=tr("This clip has no picture."))
        if self._kind in ("m4a", "mp3") and all(track.is_video for track in tracks):
            raise MediaError(FailureKind.NO_FORMAT, message=tr("This clip has no sound."))
        ends = [
            (one.pts + one.duration) * 1000 / track.timescale for track in tracks for one in track.samples
        ]
        # A range that runs over the video's end was mended when it was fetched.
        self._expected_ms = min(float(self._end_ms), max(ends)) - self._start_ms
        if self._expected_ms <= 0:
            raise MediaError(FailureKind.BEYOND_END, f"{self._clip.path.name} ends at {max(ends):.0f} ms")

    def _made(self, work: Path, source: BinaryIO, tracks: list[Track]) -> Path:
        target = work / f"made.{self._kind}"
        sound = [track for track in tracks if not track.is_video]
        if self._kind == "m4a" and all(track.codec == "mp4a" for track in sound):
            cuts = [cut_track(track, self._start_ms, self._end_ms) for track in sound[:1]]
            write_clip(target, cuts, [source])
            return target
        # Everything else begins with exactly the segment: ffmpeg then need not seek.
        exact = target if self._kind == "mp4" else work / "exact.mp4"
        if self._start_ms == 0 and self._clip.segment.duration_ms <= self._end_ms:
            self._copy(source, exact)
        else:
            recut(self._clip.path, exact, self._start_ms, self._end_ms)
        if exact is not target:
            self._convert(exact, target, work)
        return target

    def _copy(self, source: BinaryIO, target: Path) -> None:
        source.seek(0)
        with target.open("wb") as file:
            while block := source.read(_COPY_BYTES):
                self._cancel.raise_if_cancelled()
                file.write(block)

    def _convert(self, exact: Path, target: Path, work: Path) -> None:
        if self._kind == "m4a":
            self._run(
                ["-i", str(exact), "-vn", "-c:a", "aac", "-b:a", "128k", "-f", "ipod", str(target)], work
            )
        elif self._kind == "mp3":
            self._run(
                ["-i", str(exact), "-vn", "-c:a", "libmp3lame", "-q:a", "2", "-f", "mp3", str(target)], work
            )
        else:
            # Rounded up, or a GIF would begin with its second picture.
            # Two passes: in one, ffmpeg holds every picture in memory until it knows the colours.
            frames = f"fps={_GIF_RATE}:round=up,scale='min({_GIF_WIDTH},iw)':-2:flags=lanczos"
            palette = work / "palette.png"
            self._run(
                ["-i", str(exact), "-vf", f"{frames},palettegen=stats_mode=diff", str(palette)],
                work,
                (0.0, 0.4),
            )
            graph = f"[0:v]{frames}[x];[x][1:v]paletteuse=dither=bayer:bayer_scale=4"
            arguments = ["-i", str(exact), "-i", str(palette), "-lavfi", graph, "-loop", "0", "-f", "gif"]
            self._run([*arguments, str(target)], work, (0.4, 1.0))

    def _run(self, arguments: list[str], work: Path, share: tuple[float, float] = (0.0, 1.0)) -> None:
        begin, end = share

        def listen(_: str, line: str) -> None:
            value = line[len(_OUT_TIME) :]
            if line.startswith(_OUT_TIME) and value.isdigit():
                done = min(1.0, int(value) / 1000 / self._expected_ms)
                self.tell(FetchStage.CUTTING, begin + (end - begin) * done)

        head = [str(self._need_ffmpeg()), "-hide_banner", "-nostdin", "-y", "-xerror", "-nostats"]
        outcome = process.run(
            [*head, "-progress", "pipe:1", *arguments],
            cwd=work,
            on_line=listen,
            cancel=self._cancel,
            timeout_s=_BUDGET_S + 5 * self._expected_ms / 1000,
            leash=True,
        )
        if outcome.timed_out:
            raise MediaError(
                FailureKind.TIMED_OUT, outcome.words, message=tr("Converting the clip took too long.")
            )
        if not outcome.ok:
            raise checks.ffmpeg_failure(outcome)

    def _need_ffmpeg(self) -> Path:
        if self._ffmpeg is None:
            raise MediaError(FailureKind.NO_FFMPEG)
        return self._ffmpeg

    def _check(self, made: Path) -> None:
        if self._kind in ("mp4", "m4a"):
            length = max(track.end_ms for track in checks.track_lengths(made))
        else:
            facts = checks.look(made, self._need_ffmpeg(), self._cancel)
            if facts is None:
                raise MediaError(FailureKind.DAMAGED, f"{made.name} cannot be decoded")
            length = facts.duration_ms
        if length < self._expected_ms - checks.LENGTH_TOLERANCE_MS:
            words = f"{made.name} lasts {length:.0f} ms where {self._expected_ms:.0f} ms were asked for"
            raise MediaError(FailureKind.DAMAGED, words)


@contextlib.contextmanager
def errors_about(folder: Path) -> Iterator[None]:
    """What goes wrong inside, in words about the folder that the user chose."""
    try:
        yield
    except Mp4Error as error:
        raise MediaError(FailureKind.DAMAGED, str(error)) from error
    except OSError as error:
        found = from_os_error(error, "saving a clip")
        if found.kind is FailureKind.STORE_UNWRITABLE:
            raise MediaError(
                found.kind,
                found.detail,
                message=tr("The folder {folder} cannot be written.").format(folder=folder),
            ) from error
        raise found from error


@contextlib.contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """A hidden folder on the target's file system, gone afterwards."""
    work = Path(tempfile.mkdtemp(prefix=".soundbite-", dir=target.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _put_without_overwriting(made: Path, folder: Path, name: str) -> Path:
    """Give ``made`` the name, or the first numbered one that is free, whoever else writes there."""
    for candidate in numbered(name):
        target = folder / candidate
        try:
            os.link(made, target)
            return target
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EROFS):
                raise
        # A file system without hard links (a memory stick's): looking first is the best there is.
        if not target.exists():
            made.rename(target)
            return target
    raise AssertionError("numbers do not end")
