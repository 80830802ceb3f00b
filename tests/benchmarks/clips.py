"""From a click to a clip in the store, measured against the stand-in: time, bytes, processor, exactness.

    python -m tests.benchmarks.clips [--times N] [--segments N] [--note-times N] [--parts store,resolve,...]

Prints JSON; every figure stands beside its floor from the same run (the bytes divided by the bandwidth, ``yt-dlp -J``,
the note's own command). What is measured runs in a process of its own, so that the stand-in's work does not count.
The slow line is 20 Mbit/s with 50 ms of latency, for every connection and every request.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.machine import machine
from tests.standin import catalogue, media
from tests.standin.server import StandinServer
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.base.paths import AppPaths
from viewer.domain.video import Segment, VideoRef
from viewer.media.clip_store import ClipStore
from viewer.media.fetcher import Fetcher, FetchOptions
from viewer.media.heads import HeadCache
from viewer.media.progress import FetchProgress
from viewer.media.spans import SpanCache
from viewer.media.tools import Tools
from viewer.media.ytdlp import note_command

ROOT = Path(__file__).resolve().parents[2]
TALK = catalogue.TALK_ID
START_S, END_S = 16, 60
MEGABITS, LATENCY_MS = 20.0, 50.0
PICTURES = {"360": "134", "720": "136"}
SOUND = "140"
ENCODINGS = {
    "30 fps, B-frames": catalogue.SHORT_ID,
    "25 fps": catalogue.FPS25_ID,
    "29.97 fps": catalogue.FPS2997_ID,
}
SOUND_WITHIN_MS = 25
WRITTEN = "as written"
AS_WRITTEN = ("399", "251")
"""What yt-dlp takes when it is not told what to take. Making them takes some minutes, once."""
PARTS = ("store", "resolve", "cancel", "exactness", "note")


def processor_s() -> float:
    """Processor seconds of this process and of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def spread(values: list[float], digits: int = 3) -> dict[str, float | int]:
    """Median, smallest and largest."""
    return {
        "median": round(statistics.median(values), digits),
        "least": round(min(values), digits),
        "most": round(max(values), digits),
        "times": len(values),
    }


# What runs in the measured process


class Bench:
    """A fetcher with folders of its own."""

    def __init__(self, folder: Path, quality: str) -> None:
        self.store = ClipStore(folder / "clips")
        self.fetcher = Fetcher(
            AppPaths.below(folder / "home"), self.store, FetchOptions(quality=quality), Tools.find()
        )

    def forget(self) -> None:
        """Let the next fetch ask for every byte again."""
        self.store.clear(pinned_too=True)
        self.fetcher._spans = SpanCache()

    def forget_heads(self) -> None:
        """Let the next fetch read the index again."""
        self.fetcher._heads = HeadCache()


def measure_store(folder: Path, quality: str, times: int, heads_known: bool) -> dict[str, Any]:
    """Seconds and processor seconds from the click to the clip in the store; seconds to the first picture's bytes."""
    bench = Bench(folder, quality)
    segment = Segment(VideoRef.youtube(TALK), START_S * 1000, END_S * 1000)
    bench.fetcher.prepare(segment.video)
    whole, first, processor = [], [], []
    for _ in range(times):
        bench.forget()
        if not heads_known:
            bench.forget_heads()
        began, burnt = time.perf_counter(), processor_s()
        bench.fetcher.fetch(segment)
        whole.append(time.perf_counter() - began)
        processor.append(processor_s() - burnt)
    for _ in range(times):
        bench.forget()
        if not heads_known:
            bench.forget_heads()
        first.append(_first_picture(bench.fetcher, segment))
    bench.fetcher.close()
    return {"whole_s": whole, "first_s": first, "processor_s": processor}


def _first_picture(fetcher: Fetcher, segment: Segment) -> float:
    """Seconds from the click until a player has the bytes of the first picture and sound."""
    began = time.perf_counter()
    seen: list[float] = []

    def play(address: str) -> None:
        with urllib.request.urlopen(address) as stream:
            got = b""
            while got.count(b"moof") < 2 and (block := stream.read1(1 << 16)):
                got += block
            seen.append(time.perf_counter() - began)
            while stream.read(1 << 20):
                pass

    players: list[threading.Thread] = []

    def playable(address: str) -> None:
        players.append(threading.Thread(target=play, args=(address,)))
        players[0].start()

    fetcher.fetch(segment, on_playable=playable)
    players[0].join()
    return seen[0]


def measure_resolve(folder: Path, times: int) -> dict[str, Any]:
    """Seconds to find a video's addresses: by a worker that must start first, and by a warm one."""
    cold, warm = [], []
    for number in range(times):
        bench = Bench(folder / str(number), "720")
        for video, seen in ((catalogue.TALK_ID, cold), (catalogue.SHORT_ID, warm)):
            began = time.perf_counter()
            bench.fetcher.resolver.resolve(VideoRef.youtube(video), "720", bench.fetcher.options.network)
            seen.append(time.perf_counter() - began)
        bench.fetcher.close()
    return {"cold_s": cold, "warm_s": warm}


def measure_cancel(folder: Path, times: int) -> dict[str, Any]:
    """Seconds from cancelling a download under way until it has ended, and whether a file is left."""
    bench = Bench(folder, "360")
    segment = Segment(VideoRef.youtube(TALK), START_S * 1000, END_S * 1000)
    bench.fetcher.prepare(segment.video)
    seconds: list[float] = []
    left: list[str] = []
    for _ in range(times):
        token = CancelToken()
        at: list[float] = []

        def cancel_soon(token: CancelToken = token, at: list[float] = at) -> None:
            time.sleep(0.3)  # it has begun to download
            at.append(time.perf_counter())
            token.cancel()

        def listen(value: object, act: Callable[[], None] = cancel_soon, begun: list[int] = []) -> None:  # noqa: B006
            if isinstance(value, FetchProgress) and value.total_bytes and not begun:
                begun.append(1)
                threading.Thread(target=act).start()

        try:
            bench.fetcher.fetch(segment, listen, token)
        except Cancelled:
            seconds.append(time.perf_counter() - at[0])
        left += [path.name for path in bench.store.folder.iterdir() if path.name != "store.lock"]
    bench.fetcher.close()
    return {"cancel_s": seconds, "left": left}


def measure_exactness(folder: Path, segments: int, seed: int) -> dict[str, Any]:
    """Fetch random segments of three encodings and look at every first and last picture, and at the sound."""
    rng = random.Random(seed)
    bench = Bench(folder, "360")
    result: dict[str, Any] = {}
    names = list(ENCODINGS)
    for name in names:
        video = catalogue.videos()[ENCODINGS[name]]
        fps = video.talk.fps
        right, wrong, sound = 0, [], []
        for _ in range(-(-segments // len(names))):
            start = rng.randrange(0, (video.talk.seconds - 4) * 1000)
            end = rng.randrange(start + 2500, min(start + 20_000, video.talk.seconds * 1000) + 1)
            clip = bench.fetcher.fetch(Segment(VideoRef.youtube(ENCODINGS[name]), start, end))
            # The pictures whose time lies in the half-open range.
            first, last = -(-start * fps // 1000), -(-end * fps // 1000) - 1
            seen = media.first_and_last_frame(clip.path)
            heard = media.audio_time(clip.path)
            if heard is not None:
                sound.append(abs(heard * 1000 - start))
            if seen == (first, last, last - first + 1) and heard is not None and sound[-1] <= SOUND_WITHIN_MS:
                right += 1
            else:
                wrong.append({"start_ms": start, "end_ms": end, "seen": seen, "heard": heard})
            bench.store.clear()
        result[name] = {"right": right, "wrong": wrong, "sound_off_ms_most": round(max(sound), 1)}
    bench.fetcher.close()
    return result


MEASURES: dict[str, Callable[..., dict[str, Any]]] = {
    "store": measure_store,
    "resolve": measure_resolve,
    "cancel": measure_cancel,
    "exactness": measure_exactness,
}


# What runs beside the stand-in


class Run:
    """One run of the benchmark: the stand-in, and the measured processes."""

    def __init__(self, server: StandinServer, times: int) -> None:
        self.server = server
        self.times = times
        self.environment = {**os.environ, **server.environment}

    def measured(self, name: str, *arguments: Any) -> dict[str, Any]:
        """What a measured process says."""
        with tempfile.TemporaryDirectory() as folder:
            argv = [sys.executable, "-m", __spec__.name, "--child", json.dumps([name, folder, *arguments])]
            done = subprocess.run(argv, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def line(self, slow: bool) -> None:
        """Set the line's speed."""
        self.server.slow_line(MEGABITS, LATENCY_MS) if slow else self.server.slow_line(None, 0)

    def store(self) -> dict[str, Any]:
        """Whole clip in the store, first picture, bytes asked for, processor."""
        result: dict[str, Any] = {}
        talk = catalogue.videos()[TALK].talk
        for quality, itag in PICTURES.items():
            needed = sum(media.bytes_needed(media.make(talk, one), START_S, END_S) for one in (itag, SOUND))
            floor = needed * 8 / (MEGABITS * 1e6)
            for name, slow, known in (
                ("20M", True, True),
                ("20M, index not known", True, False),
                ("unthrottled", False, True),
            ):
                self.line(slow)
                self.server.clear_log()
                seen = self.measured("store", quality, self.times, known)
                clips = 2 * self.times
                row: dict[str, Any] = {
                    "whole_clip_s": spread(seen["whole_s"]),
                    "first_picture_s": spread(seen["first_s"]),
                    "processor_s": spread(seen["processor_s"]),
                    "fragments_bytes": needed,
                    "asked_over_fragments": round(self.server.bytes_sent() / clips / needed, 4),
                    "requests_a_clip": round(len(self.server.requests(kind="media")) / clips, 1),
                }
                if slow:
                    row["bytes_over_bandwidth_s"] = round(floor, 3)
                    row["ratio"] = round(statistics.median(seen["whole_s"]) / floor, 3)
                result[f"{quality}p, {name}"] = row
        return result

    def resolve(self) -> dict[str, Any]:
        """Addresses by our worker against ``yt-dlp -J``."""
        result: dict[str, Any] = {}
        for name, slow in (("20M", True), ("unthrottled", False)):
            self.line(slow)
            seen = self.measured("resolve", self.times)
            argv = [sys.executable, "-m", "yt_dlp", "--ignore-config", "-J", "--"]
            argv.append(f"https://www.youtube.com/watch?v={TALK}")
            dump = []
            for _ in range(self.times):
                began = time.perf_counter()
                subprocess.run(argv, env=self.environment, cwd=ROOT, check=True, capture_output=True)
                dump.append(time.perf_counter() - began)
            result[name] = {
                "worker_cold_s": spread(seen["cold_s"]),
                "worker_warm_s": spread(seen["warm_s"]),
                "yt-dlp -J_s": spread(dump),
            }
        return result

    def cancel(self) -> dict[str, Any]:
        """How quickly a slow and a stalled download end."""
        result: dict[str, Any] = {}
        for name in ("slow", "stalled"):
            self.server.reset()
            self.server.slow_line(2.0, 10.0)
            if name == "stalled":
                self.server.fault("stall", itag=PICTURES["360"], after_bytes=60_000)
            seen = self.measured("cancel", self.times)
            milliseconds = [one * 1000 for one in seen["cancel_s"]]
            result[name] = {"cancel_ms": spread(milliseconds, 1), "files_left": seen["left"]}
        self.server.reset()
        return result

    def exactness(self, segments: int, seed: int) -> dict[str, Any]:
        """Random segments, unthrottled."""
        self.line(False)
        return {"seed": seed, **self.measured("exactness", segments, seed)}

    def note(self, times: int) -> dict[str, Any]:
        """The note's command exactly as written (it takes AV1 in 1080p), and cut to the same pictures as ours."""
        segment = Segment(VideoRef.youtube(TALK), START_S * 1000, END_S * 1000)
        command = note_command(segment, "clip.mp4")[1:]
        self.server.prepare(TALK, *AS_WRITTEN)
        result: dict[str, Any] = {}
        for name, choice in (
            (WRITTEN, []),
            ("H.264 720p", ["-f", "bv[vcodec^=avc1][height<=720]+ba[acodec^=mp4a]"]),
            ("H.264 360p", ["-f", "bv[vcodec^=avc1][height<=360]+ba[acodec^=mp4a]"]),
        ):
            self.line(True)
            seconds, processor = [], []
            for _ in range(times):
                with tempfile.TemporaryDirectory() as folder:
                    argv = [sys.executable, "-m", "yt_dlp", *choice, *command]
                    began, burnt = time.perf_counter(), processor_s()
                    subprocess.run(argv, env=self.environment, cwd=folder, check=True, capture_output=True)
                    seconds.append(time.perf_counter() - began)
                    processor.append(processor_s() - burnt)
            result[name] = {"whole_clip_s": spread(seconds), "processor_s": spread(processor)}
        return result


def compare(result: dict[str, Any]) -> dict[str, Any]:
    """Ours against the note's command."""
    compared: dict[str, Any] = {}
    for quality in PICTURES:
        ours = result.get("store", {}).get(f"{quality}p, 20M")
        for name in (WRITTEN, f"H.264 {quality}p"):
            note = result.get("note", {}).get(name)
            if note and ours:
                for what in ("whole_clip_s", "processor_s"):
                    share = ours[what]["median"] / note[what]["median"]
                    compared[f"{quality}p: our share of its {what}, {name}"] = round(share, 4)
    return compared


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--segments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--note-times", type=int, default=1, help="a minute of both processors each")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        name, folder, *arguments = json.loads(given.child)
        print(json.dumps(MEASURES[name](Path(folder), *arguments)))
        return
    parts = given.parts.split(",")
    load = os.getloadavg()[0]
    result: dict[str, Any] = {}
    with StandinServer() as server:
        server.prepare(TALK, *PICTURES.values(), SOUND)
        for video in ENCODINGS.values():
            server.prepare(video)
        run = Run(server, given.times)
        for part in parts:
            if part == "exactness":
                result[part] = run.exactness(given.segments, given.seed)
            elif part == "note":
                result[part] = run.note(given.note_times)
            else:
                result[part] = {"store": run.store, "resolve": run.resolve, "cancel": run.cancel}[part]()
            # Said at once: what follows may be interrupted.
            print(json.dumps({part: result[part]}), file=sys.stderr, flush=True)
    result["compared"] = compare(result)
    result["machine"] = machine(load)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
