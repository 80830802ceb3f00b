"""What ffmpeg makes for a film: cards, the few pictures that cannot be copied, silence, and the finished file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from viewer.base.cancel import CancelToken
from viewer.domain.captioning import CaptionLine
from viewer.export.film_parts import Card, CardKind, CardPainter
from viewer.export.film_pieces import PictureSize, Shown, Source, encoded_pictures, picture_times
from viewer.export.film_sound import SoundForm, sound_of_file
from viewer.media import checks, process
from viewer.media.failures import FailureKind, MediaError
from viewer.media.mp4_write import Cut, write_clip

_BUDGET_S = 120.0
_RATE = 25
"""Pictures are numbered at this rate while ffmpeg has them; when they are shown is known better here."""
_H264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p"]
_COLOURS = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
_FADE_S = 0.2
_SOUND_KBITS = 160

Listener = Callable[[float], None]
"""Told how far one run of ffmpeg is, 0..1."""


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of text in the finished film (ms): a caption, or a chapter with its title."""

    start_ms: int
    end_ms: int
    text: str


class Workshop:
    """Makes pieces in ``work``, a folder of its own. Blocks; every method raises MediaError, Cancelled or OSError."""

    def __init__(
        self, ffmpeg: Path, work: Path, painter: CardPainter, cancel: CancelToken, listen: Listener
    ) -> None:
        self._ffmpeg = ffmpeg
        self._work = work
        self._painter = painter
        self._cancel = cancel
        self._listen = listen
        self._made = 0

    # -- pictures --------------------------------------------------------------------------------------------

    def card(self, card: Card, size: PictureSize, seconds: Fraction, rate: Fraction, *, fade: bool) -> Shown:
        """A still picture for so long."""
        count = max(1, round(seconds * rate))
        png = self._new("png")
        png.write_bytes(self._painter(card, size.width, size.height))
        filters = [f"scale={size.width}:{size.height}:out_color_matrix=bt709:out_range=tv", "format=yuv420p"]
        if fade:
            end = count / float(rate) - _FADE_S
            filters += [f"fade=in:st=0:d={_FADE_S}", f"fade=out:st={end:.3f}:d={_FADE_S}"]
        target = self._new("mp4")
        head = ["-loop", "1", "-framerate", f"{rate.numerator}/{rate.denominator}", "-i", png.name]
        tail = ["-frames:v", str(count), *_H264, "-tune", "stillimage", *_COLOURS, str(target)]
        self._run([*head, "-vf", ",".join(filters), *tail], count / float(rate))
        png.unlink()
        return encoded_pictures(target, [index / rate for index in range(count)])

    def pictures(
        self, path: Path, cut: Cut, start: int, size: PictureSize, captions: Sequence[CaptionLine] = ()
    ) -> Shown:
        """The pictures of a cut encoded anew at ``size``; their times count from ``start`` (the track's units).

        ``captions`` (ms from the same start) become part of them.
        """
        times = picture_times(cut, start)
        if not times:
            raise MediaError(FailureKind.DAMAGED, f"{path.name} shows no picture")
        exact = self._new("mp4")
        with path.open("rb") as file:
            write_clip(exact, [cut], [file])
        fit = (
            f"scale={size.width}:{size.height}:force_original_aspect_ratio=decrease:force_divisible_by=2,"
            f"pad={size.width}:{size.height}:-1:-1,setsar=1"
        )
        arguments = ["-i", exact.name]
        graph = f"[0:v]{fit}"
        if captions:
            arguments += ["-f", "concat", "-i", self._caption_pictures(captions, size).name]
            graph += "[fit];[fit][1:v]overlay=eof_action=repeat"
        # ffmpeg neither drops nor doubles a picture when they come at even steps.
        graph += f",setpts=N/{_RATE}/TB,format=yuv420p[out]"
        target = self._new("mp4")
        arguments += ["-filter_complex", graph, "-map", "[out]", "-r", str(_RATE)]
        arguments += ["-frames:v", str(len(times)), *_H264, str(target)]
        self._run(arguments, len(times) / _RATE)
        exact.unlink()
        return encoded_pictures(target, times)

    def _caption_pictures(self, captions: Sequence[CaptionLine], size: PictureSize) -> Path:
        """A list of transparent pictures, one after the other, as ffmpeg's concat demuxer reads it."""
        rows, at = ["ffconcat version 1.0"], 0
        blank = self._caption("", size)
        for line in captions:
            if line.start_ms > at:
                rows += [f"file {blank.name}", f"duration {(line.start_ms - at) / 1000:.3f}"]
            seconds = (line.end_ms - max(line.start_ms, at)) / 1000
            rows += [f"file {self._caption(line.text, size).name}", f"duration {seconds:.3f}"]
            at = line.end_ms
        rows.append(f"file {blank.name}")
        listed = self._new("ffconcat")
        listed.write_text("\n".join(rows) + "\n", "utf-8")
        return listed

    def _caption(self, text: str, size: PictureSize) -> Path:
        self._cancel.raise_if_cancelled()
        png = self._new("png")
        png.write_bytes(self._painter(Card(CardKind.CAPTION, text), size.width, size.height))
        return png

    # -- sound -----------------------------------------------------------------------------------------------

    def silence(self, form: SoundForm) -> Shown:
        """Some packets of silence."""
        target = self._new("mp4")
        layout = "mono" if form.channels == 1 else "stereo"
        source = f"anullsrc=r={form.rate}:cl={layout}"
        self._run(["-f", "lavfi", "-i", source, "-t", "0.5", "-c:a", "aac", "-b:a", "64k", str(target)], 0.5)
        return sound_of_file(target)

    def sound(self, source: Source, form: SoundForm) -> Shown | None:
        """A clip's sound encoded anew in this form; None when it has none."""
        if source.sound is None:
            return None
        exact = self._new("mp4")
        with source.path.open("rb") as file:
            write_clip(exact, [source.sound], [file])
        target = self._new("mp4")
        arguments = ["-i", exact.name, "-vn", "-af", "aresample=async=1:first_pts=0", "-ar", str(form.rate)]
        arguments += ["-ac", str(form.channels), "-c:a", "aac", "-b:a", f"{_SOUND_KBITS}k", str(target)]
        self._run(arguments, float(source.duration))
        exact.unlink()
        return sound_of_file(target)

    # -- the whole -------------------------------------------------------------------------------------------

    def finish(
        self, film: Path, title: str, chapters: Sequence[Text], captions: Sequence[Text], seconds: float
    ) -> Path:
        """Add title, chapters and a text track to the joined film; nothing in it is encoded anew."""
        notes = self._new("txt")
        notes.write_text(chapter_list(title, chapters), "utf-8")
        arguments = ["-i", film.name]
        if captions:
            words = self._new("srt")
            words.write_text(srt(captions), "utf-8")
            arguments += ["-f", "srt", "-i", words.name]
        arguments += ["-f", "ffmetadata", "-i", notes.name]
        last = 2 if captions else 1
        arguments += ["-map", "0:v", "-map", "0:a?", *(["-map", "1:s"] if captions else [])]
        arguments += ["-map_metadata", str(last), "-map_chapters", str(last), "-c", "copy"]
        target = self._new("mp4")
        self._run([*arguments, "-c:s", "mov_text", "-movflags", "+faststart", str(target)], seconds)
        film.unlink()
        return target

    def new_file(self, suffix: str) -> Path:
        """A name in the work folder that is not taken."""
        return self._new(suffix)

    def _new(self, suffix: str) -> Path:
        self._made += 1
        return self._work / f"piece-{self._made:05d}.{suffix}"

    def _run(self, arguments: list[str], seconds: float) -> None:
        prefix = "out_time_us="

        def listen(_: str, line: str) -> None:
            value = line[len(prefix) :]
            if line.startswith(prefix) and value.isdigit():
                self._listen(min(1.0, int(value) / 1e6 / max(seconds, 0.04)))

        head = [str(self._ffmpeg), "-hide_banner", "-nostdin", "-y", "-xerror", "-nostats"]
        outcome = process.run(
            [*head, "-progress", "pipe:1", *arguments],
            cwd=self._work,
            on_line=listen,
            cancel=self._cancel,
            timeout_s=_BUDGET_S + 20 * seconds,
        )
        if outcome.timed_out:
            raise MediaError(FailureKind.TIMED_OUT, outcome.words)
        if not outcome.ok:
            if shutil.disk_usage(self._work).free < 1 << 16:
                raise MediaError(FailureKind.DISK_FULL, outcome.words)
            raise checks.ffmpeg_failure(outcome)


def chapter_list(title: str, chapters: Sequence[Text]) -> str:
    """Title and chapters as ffmpeg's metadata file (its documentation, "Metadata")."""
    rows = [";FFMETADATA1", f"title={_escaped(title)}"]
    for chapter in chapters:
        rows += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={chapter.start_ms}", f"END={chapter.end_ms}"]
        rows.append(f"title={_escaped(chapter.text)}")
    return "\n".join(rows) + "\n"


def _escaped(text: str) -> str:
    plain = " ".join(text.split()).replace("\0", "")
    return "".join("\\" + letter if letter in "=;#\\" else letter for letter in plain)


def srt(captions: Sequence[Text]) -> str:
    """Captions as SubRip text in which nothing is markup: ffmpeg would read ``<i>`` and ``{\\an8}``."""
    blocks = []
    for number, line in enumerate(captions, 1):
        text = " ".join(line.text.split()).replace("<", "<\u2060").replace("{", "{\u2060").replace("-->", "→")
        blocks.append(f"{number}\n{_srt_time(line.start_ms)} --> {_srt_time(line.end_ms)}\n{text}\n")
    return "\n".join(blocks)


def _srt_time(ms: int) -> str:
    seconds, millis = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{millis:03d}"
