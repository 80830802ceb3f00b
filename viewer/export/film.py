"""One mp4 out of many clips: cards between them, captions, chapters. What can be copied is not encoded anew.

The pictures of clips that agree (H.264, same size) are copied byte for byte from the first key picture that is shown;
the few before it (a kept clip hides what lies before its start by an edit list, which many players ignore when it
stands in the middle of a film) are encoded anew. So the film has no hidden pictures and shows the same everywhere.
"""

from __future__ import annotations

import enum
import math
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.language import tr
from viewer.domain.video import Segment
from viewer.export.film_parts import Captions, CardPainter, CardPart, ClipPart, FilmOptions, FilmPart
from viewer.export.film_pieces import (
    PictureSize,
    Shown,
    Source,
    Spool,
    copied,
    copyable_size,
    picture_size,
    read_source,
    split,
    whole_pictures,
)
from viewer.export.film_sound import SoundForm, SoundLine, copyable_sound, packets
from viewer.export.film_workshop import Text, Workshop
from viewer.export.targets import told_of
from viewer.media import checks
from viewer.media.clip_files import Clip
from viewer.media.failures import FailureKind, MediaError
from viewer.media.mp4_read import Mp4Error
from viewer.media.mp4_write import write_clip
from viewer.media.saving import folder_beside

_USUAL_SIZE = PictureSize(1280, 720)
_USUAL_SOUND = SoundForm(44_100, 2)
_USUAL_RATE = Fraction(30)
_MOST_UNITS = 1_000_000
_UNITS = 360_000
"""Units a second that hold the pictures of 23.976, 24, 25, 29.97, 30, 50, 59.94 and 60 a second exactly."""
_SPARE_BYTES = 1 << 20
_Kind = TypeVar("_Kind", PictureSize, SoundForm)


class FilmStage(str, enum.Enum):
    """What is being done."""

    MAKING = "making"
    JOINING = "joining"
    CHECKING = "checking"
    DONE = "done"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class FilmProgress:
    """How far a film is: part ``part`` of ``parts`` is being made; ``fraction`` of everything, 0..1."""

    stage: FilmStage
    part: int
    parts: int
    fraction: float


@dataclass(frozen=True, slots=True)
class Film:
    """What was made. Of its clips ``copied`` have their pictures as they were fetched (but for the few before a first
    key picture); ``encoded`` were encoded anew: their size or codec is another, captions were painted on, or they are
    so short that they hold no key picture.
    """

    path: Path
    duration_ms: int
    size_bytes: int
    copied: int
    encoded: int
    chapters: tuple[Text, ...]


def make_film(
    title: str,
    parts: Sequence[FilmPart],
    clips: Mapping[Segment, Clip],
    target: Path,
    options: FilmOptions,
    painter: CardPainter,
    ffmpeg: Path | None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Film:
    """Make the film of ``parts`` (see ``film_parts.plan_film``) from kept clips, as ``target``. Blocks.

    What was at ``target`` is replaced only by the finished, checked film. ``progress`` gets :class:`FilmProgress`.
    Raises MediaError, Cancelled, ValueError for no parts, and KeyError for a segment without a clip.
    """
    if not parts:
        raise ValueError("a film of nothing")
    if ffmpeg is None:
        raise MediaError(FailureKind.NO_FFMPEG)
    cancel = cancel or CancelToken()
    with told_of(target.parent), folder_beside(target) as work:
        making = _Making(parts, options, work, progress, cancel)
        making.workshop = Workshop(ffmpeg, work, painter, cancel, making.listen)
        made = making.make(title, clips)
        seconds = _checked(made, making.seconds, ffmpeg, cancel)
        with made.open("rb+") as file:
            os.fsync(file.fileno())
        cancel.raise_if_cancelled()
        size = made.stat().st_size
        made.replace(target)
    making.tell(FilmStage.DONE, len(parts), 1.0)
    return Film(target, round(seconds * 1000), size, making.copied, making.encoded, tuple(making.chapters))


@dataclass(frozen=True, slots=True)
class _Form:
    """What all parts of the film have in common. ``rate`` are the cards' pictures a second, ``units`` the track's."""

    size: PictureSize
    sound: SoundForm
    rate: Fraction
    units: int


class _Making:
    """One film on its way."""

    def __init__(
        self,
        parts: Sequence[FilmPart],
        options: FilmOptions,
        work: Path,
        progress: Progress,
        cancel: CancelToken,
    ) -> None:
        self.workshop: Workshop
        self.seconds = Fraction(0)
        self.copied = self.encoded = 0
        self.chapters: list[Text] = []
        self._captions: list[Text] = []
        self._parts = parts
        self._options = options
        self._work = work
        self._progress = progress
        self._cancel = cancel
        self._part = -1
        self._fraction = 0.0

    def tell(self, stage: FilmStage, part: int, fraction: float) -> None:
        """Say how far it is; never less than before, though a part may need several runs of ffmpeg."""
        self._fraction = max(self._fraction, fraction)
        self._progress(FilmProgress(stage, part, len(self._parts), self._fraction))

    def listen(self, fraction: float) -> None:
        """Hear from ffmpeg how far the part is."""
        done = (self._part + fraction) / (len(self._parts) + 1)
        stage = FilmStage.JOINING if self._part >= len(self._parts) else FilmStage.MAKING
        self.tell(stage, max(1, min(self._part + 1, len(self._parts))), done)

    def make(self, title: str, clips: Mapping[Segment, Clip]) -> Path:
        """Make the film in the work folder."""
        try:
            sources = {
                part.segment: self._source(clips[part.segment], part.segment)
                for part in self._parts
                if isinstance(part, ClipPart)
            }
            _want_space(self._work, 3 * sum(_bytes_of(source) for source in sources.values()))
            form = _common_form(sources.values(), encode=self._burned)
            joined = self._join(sources, form)
            self._part = len(self._parts)
            captions = self._captions if self._options.captions is Captions.TRACK else []
            return self.workshop.finish(joined, title, self.chapters, captions, float(self.seconds))
        except Mp4Error as error:
            raise MediaError(FailureKind.DAMAGED, str(error)) from error

    def _source(self, clip: Clip, segment: Segment) -> Source:
        start_ms = max(0, clip.offset_ms(segment))
        try:
            source = read_source(clip.path, start_ms, start_ms + segment.duration_ms)
        except FileNotFoundError as error:
            raise MediaError(
                FailureKind.DAMAGED, str(error), message=tr("This clip is no longer kept.")
            ) from error
        return whole_pictures(source) if self._options.whole_pictures else source

    @property
    def _burned(self) -> bool:
        return self._options.captions is Captions.BURNED_IN

    def _join(self, sources: Mapping[Segment, Source], form: _Form) -> Path:
        pictures, sounds = self.workshop.new_file("bin"), self.workshop.new_file("bin")
        silence = self.workshop.silence(form.sound)
        with pictures.open("w+b") as picture_file, sounds.open("w+b") as sound_file:
            picture_spool: Spool | None = None
            sound_spool = Spool(sound_file, silence.track, form.sound.rate)
            line = SoundLine(sound_spool, silence, form.sound.rate)
            for number, part in enumerate(self._parts):
                self._part = number
                self._cancel.raise_if_cancelled()
                self.listen(0.0)
                begin = self.seconds
                if isinstance(part, CardPart):
                    shown, sound, length = self._card(part, form)
                else:
                    shown, sound, length = self._clip(part, sources[part.segment], form)
                if picture_spool is None:
                    picture_spool = Spool(picture_file, shown[0].track, form.units)
                for piece in shown:
                    picture_spool.add(piece, begin)
                # Ends are rounded once, so that nothing adds up.
                self.seconds = Fraction(round((begin + length) * form.units), form.units)
                line.add(sound, begin, self.seconds)
                self._mark(part, begin)
                self._clean(keep={pictures, sounds, silence.path})
            assert picture_spool is not None
            cuts = [picture_spool.cut(self.seconds)]
            if not line.empty:
                cuts.append(sound_spool.cut(line.end))
            picture_file.flush()
            sound_file.flush()
            joined = self.workshop.new_file("mp4")
            write_clip(joined, cuts, [picture_file, sound_file])
        pictures.unlink()
        sounds.unlink()
        return joined

    def _clean(self, keep: set[Path]) -> None:
        """Delete what the last part needed: a film of an hour should not lie there three times."""
        for path in self._work.iterdir():
            if path not in keep:
                path.unlink()

    def _mark(self, part: FilmPart, begin: Fraction) -> None:
        start, end = round(begin * 1000), round(self.seconds * 1000)
        if part.chapter:
            self.chapters.append(Text(start, end, part.chapter))
        elif self.chapters:
            last = self.chapters.pop()
            self.chapters.append(Text(last.start_ms, end, last.text))
        if isinstance(part, ClipPart):
            lines = (
                Text(start + one.start_ms, min(start + one.end_ms, end), one.text) for one in part.captions
            )
            self._captions += [line for line in lines if line.end_ms > line.start_ms]

    def _card(self, part: CardPart, form: _Form) -> tuple[list[Shown], Shown | None, Fraction]:
        shown = self.workshop.card(
            part.card, form.size, Fraction(part.duration_ms, 1000), form.rate, fade=True
        )
        return [shown], None, len(shown.samples) / form.rate

    def _clip(
        self, part: ClipPart, source: Source, form: _Form
    ) -> tuple[list[Shown], Shown | None, Fraction]:
        length = source.duration
        sound: Shown | None = None
        if source.sound is not None:
            fits = copyable_sound(source.sound.track) == form.sound
            sound = packets(source.path, source.sound) if fits else self.workshop.sound(source, form.sound)
        cut = source.picture
        if cut is None:
            shown = self.workshop.card(part.card, form.size, length, form.rate, fade=False)
            return [shown], sound, len(shown.samples) / form.rate
        captions = part.captions if self._burned else ()
        if captions or self._burned or copyable_size(cut.track) != form.size:
            self.encoded += 1
            return (
                [self.workshop.pictures(source.path, cut, cut.start, form.size, captions)],
                sound,
                length,
            )
        parts = split(cut)
        pieces = []
        if parts.head is not None:
            pieces.append(self.workshop.pictures(source.path, parts.head, cut.start, form.size))
        if parts.middle:
            self.copied += 1
            pieces.append(copied(source.path, cut, parts.middle))
        else:
            self.encoded += 1
        if parts.tail is not None:
            pieces.append(self.workshop.pictures(source.path, parts.tail, cut.start, form.size))
        return pieces, sound, length


def _common_form(sources: Iterable[Source], *, encode: bool) -> _Form:
    """What most of the clips (by length) are already, so that most can be copied."""
    sizes: dict[PictureSize, Fraction] = defaultdict(Fraction)
    others: dict[PictureSize, Fraction] = defaultdict(Fraction)
    sounds: dict[SoundForm, Fraction] = defaultdict(Fraction)
    scales, rate = {1}, None
    for source in sources:
        if source.picture is not None:
            track = source.picture.track
            size = copyable_size(track)
            if size is not None and not encode:
                sizes[size] += source.duration
            else:
                others[picture_size(track)] += source.duration
            scales.add(track.timescale)
            rate = rate or _rate_of(source)
        if source.sound is not None:
            form = copyable_sound(source.sound.track)
            if form is not None:
                sounds[form] += source.duration
    size = _most(sizes) or _most(others) or _USUAL_SIZE
    rate = rate or _USUAL_RATE
    units = math.lcm(*scales, rate.numerator)
    return _Form(size, _most(sounds) or _USUAL_SOUND, rate, units if units <= _MOST_UNITS else _UNITS)


def _most(lengths: Mapping[_Kind, Fraction]) -> _Kind | None:
    """The kind that lasts longest; of equals the larger."""
    return max(lengths, key=lambda key: (lengths[key], key), default=None)


def _rate_of(source: Source) -> Fraction | None:
    """Pictures a second of a clip, as an even rate."""
    cut = source.picture
    if cut is None or len(cut.samples) < 2:
        return None
    steps = sorted(sample.duration for sample in cut.samples)
    step = steps[len(steps) // 2]
    rate = Fraction(cut.track.timescale, step) if step > 0 else Fraction(0)
    return rate if 5 <= rate <= 120 else None


def _bytes_of(source: Source) -> int:
    cuts = [cut for cut in (source.picture, source.sound) if cut is not None]
    return sum(sample.size for cut in cuts for sample in cut.samples)


def _want_space(folder: Path, count: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < count + _SPARE_BYTES:
        raise MediaError(FailureKind.DISK_FULL, f"{count} bytes wanted, {free} free in {folder}")


def _checked(made: Path, seconds: Fraction, ffmpeg: Path, cancel: CancelToken) -> Fraction:
    """Whether the film opens, decodes and is as long as it should be; returns its length."""
    facts = checks.look(made, ffmpeg, cancel)
    if facts is None or not facts.video_codec:
        raise MediaError(FailureKind.DAMAGED, f"{made.name} cannot be decoded")
    ends = [track.end_ms for track in checks.track_lengths(made) if track.is_video]
    if not ends or abs(ends[0] - float(seconds) * 1000) > checks.LENGTH_TOLERANCE_MS:
        raise MediaError(FailureKind.DAMAGED, f"a film of {ends} ms where {float(seconds):.3f} s were wanted")
    return seconds


__all__ = ["Film", "FilmProgress", "FilmStage", "make_film"]
