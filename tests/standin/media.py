"""Makes the talks of the stand-in with ffmpeg, once per machine, and looks into the files that come back.

Files are kept in a folder of the system's temporary folder whose name holds a hash of the recipe, are built under
another name and renamed, and are built by one process at a time. Nothing here needs ffprobe or a font.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
import shutil
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np

from tests.standin import signals

AUDIO_RATE = 44_100
KEYFRAME_S = 5
_TINTS = ((148, 118), (112, 138), (124, 112), (136, 136))  # U and V, so that talks differ in colour


@dataclass(frozen=True)
class Talk:
    """One made-up talk: its length in seconds, frames a second, colour, B-frames in a row and samples a second."""

    seconds: int
    fps: Fraction = Fraction(30)
    tint: int = 0
    b_frames: int = 2
    audio_rate: int = AUDIO_RATE

    @property
    def frames(self) -> int:
        """How many pictures the talk has."""
        return int(self.seconds * self.fps)

    @property
    def key(self) -> str:
        """A name for files of this talk."""
        return f"talk-{self.seconds}s-{self.fps.numerator}_{self.fps.denominator}-t{self.tint}-b{self.b_frames}-{self.audio_rate}"


@dataclass(frozen=True)
class Stream:
    """One of YouTube's formats: what it holds and how it is made. Rates in kbit/s."""

    itag: str
    extension: str
    height: int = 0
    kbits: int = 0
    video: str | None = None  # h264, vp9 or av1
    audio: str | None = None  # aac or opus
    of: tuple[str, ...] = ()  # made from these itags without re-encoding

    @property
    def width(self) -> int:
        """Width in pixels of a 16:9 picture, even."""
        return (self.height * 16 // 9 + 1) // 2 * 2

    @property
    def is_folder(self) -> bool:
        """Whether this is a folder with a playlist."""
        return self.extension == "m3u8"


STREAMS = {
    stream.itag: stream
    for stream in (
        Stream("134", "mp4", 360, 600, "h264"),
        Stream("135", "mp4", 480, 1000, "h264"),
        Stream("136", "mp4", 720, 1600, "h264"),
        Stream("137", "mp4", 1080, 2900, "h264"),
        Stream("243", "webm", 360, 500, "vp9"),
        Stream("247", "webm", 720, 1300, "vp9"),
        Stream("396", "mp4", 360, 400, "av1"),
        Stream("399", "mp4", 1080, 2000, "av1"),
        Stream("140", "m4a", kbits=128, audio="aac"),
        Stream("251", "webm", kbits=96, audio="opus"),
        Stream("18", "mp4", 360, 730, "h264", "aac", of=("134", "140")),
        Stream("93", "m3u8", 360, 760, "h264", "aac", of=("134", "140")),
        Stream("95", "m3u8", 720, 1800, "h264", "aac", of=("136", "140")),
    )
}


@lru_cache(maxsize=1)
def ffmpeg() -> str:
    """The ffmpeg that makes and reads media: the one on PATH, else the one that imageio-ffmpeg carries."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    import imageio_ffmpeg

    carried: str = imageio_ffmpeg.get_ffmpeg_exe()
    return shutil.which(carried) or carried


@lru_cache(maxsize=1)
def cache_folder() -> Path:
    """Where made media is kept between runs; SOUNDBITE_STANDIN_CACHE names another place."""
    chosen = os.environ.get("SOUNDBITE_STANDIN_CACHE")
    if chosen:
        folder = Path(chosen)
    else:
        # Only what shapes the bytes is hashed: a new helper at the end of this file costs no rebuild.
        recipe = "".join(
            inspect.getsource(part)
            for part in (
                signals.draw_luma,
                signals._background,
                signals.chord,
                _make_picture,
                _make_sound,
                _join,
            )
        )
        recipe += repr(
            (
                STREAMS,
                signals._BASES_HZ,
                signals._STEP_HZ,
                _TINTS,
                KEYFRAME_S,
                _DASH,
                _DASH_PICTURE,
                _AAC_DELAY,
            )
        )
        owner = os.getuid() if hasattr(os, "getuid") else "user"
        digest = hashlib.sha256(recipe.encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"soundbite-standin-{owner}-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


_locks: dict[Path, threading.Lock] = {}
_locks_lock = threading.Lock()


@contextlib.contextmanager
def _sole_builder(target: Path) -> Iterator[None]:
    """Let one thread and, where the system has flock, one process build `target`."""
    with _locks_lock:
        lock = _locks.setdefault(target, threading.Lock())
    with lock, open(target.with_name(target.name + ".lock"), "a") as handle:
        with contextlib.suppress(ImportError):
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def path_of(talk: Talk, itag: str) -> Path:
    """Where the media of this format lies or would lie; for HLS the folder with `index.m3u8`."""
    stream = STREAMS[itag]
    ending = "hls" if stream.is_folder else stream.extension
    return cache_folder() / f"{talk.key}-{itag}.{ending}"


def make(talk: Talk, itag: str) -> Path:
    """Make the media of one format unless it is there, and return its path."""
    target = path_of(talk, itag)
    if target.exists():
        return target
    stream = STREAMS[itag]
    sources = [make(talk, source) for source in stream.of]
    with _sole_builder(target):
        if target.exists():
            return target
        work = Path(tempfile.mkdtemp(prefix="build-", dir=cache_folder()))
        try:
            made = work / ("hls" if stream.is_folder else f"made.{stream.extension}")
            if sources:
                _join(sources, stream, made)
            elif stream.video:
                _make_picture(talk, stream, made)
            else:
                _make_sound(talk, stream, made)
            os.replace(made, target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return target


def make_all(talk: Talk, *itags: str) -> None:
    """Make several formats side by side."""
    threads = [threading.Thread(target=make, args=(talk, itag)) for itag in itags]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _feed(argv: list[str], pieces: Iterator[bytes]) -> None:
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdin is not None
        try:
            for piece in pieces:
                child.stdin.write(piece)
        except BrokenPipeError:
            pass  # the reason is in stderr
        _, errors = child.communicate()
    if child.returncode:
        raise RuntimeError(f"{' '.join(argv)}\n{errors.decode(errors='replace')}")


# One index (sidx) at the front and a fragment for every key frame, as YouTube serves its DASH files.
_DASH = ["-movflags", "+dash+global_sidx"]
# Only with delay_moov does ffmpeg write the edit list that hides the B-frames' delay.
_DASH_PICTURE = ["-movflags", "+dash+global_sidx+delay_moov"]
_AAC_DELAY = 1024  # samples that the encoder puts in front


def _make_picture(talk: Talk, stream: Stream, target: Path) -> None:
    gop = str(round(KEYFRAME_S * talk.fps))
    h264 = ["libx264", "-preset", "ultrafast", "-bf", str(talk.b_frames), "-b_strategy", "0"]
    h264 += ["-keyint_min", gop, "-sc_threshold", "0", *_DASH_PICTURE]
    vp9 = ["libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1", "-keyint_min", gop]
    vp9 += ["-dash", "1", "-cluster_time_limit", "5000", "-cues_to_front", "1"]
    av1 = ["libsvtav1", "-preset", "12", *_DASH_PICTURE]
    codec = {"h264": h264, "vp9": vp9, "av1": av1}[stream.video or "h264"]
    argv = [ffmpeg(), "-v", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p"]
    argv += ["-s", f"{signals.WIDTH}x{signals.HEIGHT}", "-r", str(talk.fps), "-i", "-"]
    argv += ["-vf", f"scale={stream.width}:{stream.height}:flags=neighbor", "-g", gop]
    argv += ["-b:v", str(int(stream.kbits * min(talk.fps / 30, 1) * 1000)), "-c:v", *codec, "-y", str(target)]
    quarter = signals.WIDTH * signals.HEIGHT // 4
    u, v = _TINTS[talk.tint]
    colour = bytes([u]) * quarter + bytes([v]) * quarter

    def pictures() -> Iterator[bytes]:
        for number in range(talk.frames):
            yield signals.draw_luma(number, int(number / talk.fps)) + colour

    _feed(argv, pictures())


def _make_sound(talk: Talk, stream: Stream, target: Path) -> None:
    codec = {
        "aac": ["aac", "-aac_coder", "fast", "-frag_duration", "10000000", *_DASH, "-f", "mp4"],
        "opus": ["libopus", "-compression_level", "0", "-ar", "48000", "-dash", "1"],
    }[stream.audio or "aac"]
    argv = [
        ffmpeg(),
        "-v",
        "error",
        "-f",
        "s16le",
        "-ar",
        str(talk.audio_rate),
        "-ac",
        "1",
        "-i",
        "-",
        "-ac",
        "2",
    ]
    argv += ["-b:a", f"{stream.kbits * talk.audio_rate // AUDIO_RATE}k", "-c:a", *codec, "-y", str(target)]
    # YouTube's m4a starts at 0 and has no edit list: leave out what the encoder's delay will put in front again.
    skip = _AAC_DELAY if stream.audio == "aac" else 0

    def sounds() -> Iterator[bytes]:
        for second in range(talk.seconds):
            wave = signals.chord(second, talk.audio_rate)[0 if second else skip :]
            yield (wave * 32767).astype("<i2").tobytes()
        yield bytes(2 * skip)

    _feed(argv, sounds())


def _join(sources: list[Path], stream: Stream, target: Path) -> None:
    argv = [ffmpeg(), "-v", "error", "-nostdin"]
    for source in sources:
        argv += ["-i", str(source)]
    argv += ["-c", "copy"]
    if stream.is_folder:
        target.mkdir()
        argv += ["-f", "hls", "-hls_time", str(KEYFRAME_S), "-hls_playlist_type", "vod"]
        argv += ["-hls_segment_filename", str(target / "%05d.ts"), str(target / "index.m3u8")]
    else:
        argv += ["-movflags", "+faststart", str(target)]
    subprocess.run(argv, check=True, capture_output=True)


def make_thumbnail(talk: Talk, tag: str) -> bytes:
    """A JPEG of the talk's first second, 480 x 270."""
    target = cache_folder() / f"{talk.key}-{tag}.jpg"
    if not target.exists():
        with _sole_builder(target):
            work = target.with_name(f"{target.stem}.{os.getpid()}.tmp.jpg")
            quarter = signals.WIDTH * signals.HEIGHT // 4
            u, v = _TINTS[talk.tint]
            argv = [ffmpeg(), "-v", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p"]
            argv += ["-s", f"{signals.WIDTH}x{signals.HEIGHT}", "-i", "-", "-frames:v", "1"]
            argv += ["-vf", "scale=480:270,format=yuvj420p", "-y", str(work)]
            _feed(argv, iter([signals.draw_luma(0, 0) + bytes([u]) * quarter + bytes([v]) * quarter]))
            os.replace(work, target)
    return target.read_bytes()


# Looking into files


def frame_numbers(path: str | Path, start_s: float = 0.0, count: int | None = None) -> list[int | None]:
    """The burned-in numbers of the frames a player would show, in order, edit list honoured.

    `start_s` skips that much of the file, `count` limits the frames read; None stands for a frame that is not ours.
    """
    argv = [ffmpeg(), "-v", "error", "-nostdin"]
    if start_s:
        argv += ["-seek_timestamp", "1", "-ss", f"{start_s:.3f}"]
    argv += ["-i", str(path), "-map", "0:v:0"]
    if count is not None:
        argv += ["-frames:v", str(count)]
    argv += [
        "-fps_mode",
        "passthrough",
        "-vf",
        "scale=320:180:flags=area",
        "-pix_fmt",
        "gray",
        "-f",
        "rawvideo",
        "-",
    ]
    raw = subprocess.run(argv, check=True, capture_output=True).stdout
    size = signals.WIDTH * signals.HEIGHT
    return [
        signals.read_frame_number(raw[at : at + size], signals.WIDTH, signals.HEIGHT)
        for at in range(0, len(raw) - size + 1, size)
    ]


def frame_number_at(path: str | Path, at_s: float) -> int | None:
    """The burned-in number of the frame shown at `at_s` seconds of the file."""
    numbers = frame_numbers(path, at_s, 1)
    return numbers[0] if numbers else None


def first_and_last_frame(path: str | Path) -> tuple[int | None, int | None, int]:
    """First number, last number and count of the frames of a clip (decodes all of it)."""
    numbers = frame_numbers(path)
    return (numbers[0], numbers[-1], len(numbers)) if numbers else (None, None, 0)


def audio_samples(path: str | Path, start_s: float = 0.0, seconds: float | None = 1.5) -> np.ndarray:
    """Mono samples (16 bit, AUDIO_RATE a second) of a piece of the file's sound; `seconds` None: to the end."""
    # Decoded from the start and laid on the file's own clock: -ss counts from the first packet, which may lie before 0.
    span = f"start={start_s:.6f}" + ("" if seconds is None else f":duration={seconds:.6f}")
    argv = [ffmpeg(), "-v", "error", "-nostdin", "-copyts"]
    argv += ["-i", str(path), "-map", "0:a:0", "-af", f"aresample=async=1:first_pts=0,atrim={span}"]
    argv += ["-ac", "1", "-ar", str(AUDIO_RATE), "-f", "s16le", "-"]
    return np.frombuffer(subprocess.run(argv, check=True, capture_output=True).stdout, "<i2")


def audio_second(path: str | Path, start_s: float = 0.0) -> int | None:
    """Which second of the talk is heard at `start_s` seconds of the file."""
    return signals.read_second_from_audio(audio_samples(path, start_s), AUDIO_RATE)


def audio_time(path: str | Path, start_s: float = 0.0) -> float | None:
    """The moment of the talk (seconds, right to about a millisecond) that is heard at `start_s` of the file."""
    return signals.read_time_from_audio(audio_samples(path, start_s), AUDIO_RATE)


def boxes(path: str | Path) -> list[tuple[str, int, int]]:
    """The top-level boxes of an mp4 as (type, offset, size)."""
    found = []
    with open(path, "rb") as file:
        total = file.seek(0, os.SEEK_END)
        at = 0
        while at + 8 <= total:
            file.seek(at)
            size, kind = struct.unpack(">I4s", file.read(8))
            if size == 1:
                (size,) = struct.unpack(">Q", file.read(8))
            elif size == 0:
                size = total - at
            if size < 8:
                break
            found.append((kind.decode("latin-1"), at, size))
            at += size
    return found


def fragments(path: str | Path) -> list[tuple[int, int, float, float]]:
    """What the file's sidx says: (offset, size, start, end) of each fragment, in bytes and seconds (ISO 14496-12)."""
    kind, at, size = next(box for box in boxes(path) if box[0] == "sidx")
    with open(path, "rb") as file:
        file.seek(at)
        data = file.read(size)
    version = data[8]
    (timescale,) = struct.unpack_from(">I", data, 16)
    earliest, first = struct.unpack_from(">II" if version == 0 else ">QQ", data, 20)
    cursor = 28 if version == 0 else 36
    (count,) = struct.unpack_from(">H", data, cursor + 2)
    offset, time, found = at + size + first, earliest, []
    for index in range(count):
        reference, duration = struct.unpack_from(">II", data, cursor + 4 + 12 * index)
        length = reference & 0x7FFFFFFF
        found.append((offset, length, time / timescale, (time + duration) / timescale))
        offset += length
        time += duration
    return found


def bytes_needed(path: str | Path, start_s: float, end_s: float) -> int:
    """The size of the fragments that hold any part of start_s to end_s: the least an honest fetch must ask for."""
    return sum(size for _, size, start, end in fragments(path) if end > start_s and start < end_s)
