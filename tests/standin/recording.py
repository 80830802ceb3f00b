"""Writes down what the unmodified yt-dlp prints for every way in which a clip can fail.

`python -m tests.standin.recording` renews recorded_errors.json; tests of the code that reads such lines use that file.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.standin import catalogue, media
from tests.standin.server import StandinServer

RECORDED = Path(__file__).with_name("recorded_errors.json")
FORMAT = "bv[vcodec^=avc1][height<=360]+ba[acodec^=mp4a]/18"
OTHERS = (
    catalogue.SABR_ONLY_ID,
    catalogue.VP9_ONLY_ID,
    catalogue.AV1_ONLY_ID,
    catalogue.NO_SOUND_ID,
)


def run_ytdlp(
    server: StandinServer,
    folder: Path,
    *arguments: str,
    environment: dict[str, str] | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run the real yt-dlp as a child in `folder`, without the user's configuration, against the stand-in.

    After `timeout` seconds it and its ffmpeg are ended and subprocess.TimeoutExpired is raised.
    """
    argv = [sys.executable, "-m", "yt_dlp", "--ignore-config", "--no-cache-dir"]
    if shutil.which("ffmpeg") is None:
        argv += ["--ffmpeg-location", media.ffmpeg()]
    argv += arguments
    child = subprocess.Popen(
        argv,
        cwd=folder,
        env={**os.environ, **server.environment, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, errors = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as gone:
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
        gone.output, gone.stderr = child.communicate()
        raise
    return subprocess.CompletedProcess(argv, child.returncode, out, errors)


def watch_url(video_id: str) -> str:
    """The real address of a video."""
    return f"https://www.youtube.com/watch?v={video_id}"


def tidy(stderr: str) -> list[str]:
    """The lines without what differs from run to run: port, memory addresses, temporary names."""
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", stderr)
    text = re.sub(r"\bport=\d+", "port=PORT", text)
    text = re.sub(r"\b0x[0-9a-f]+", "0xADDRESS", text)
    text = re.sub(r"expire=\d+&n=\d+", "expire=N&n=N", text)
    return [line for line in re.split(r"[\r\n]+", text) if line.strip()]


def refusals(server: StandinServer, folder: Path) -> dict[str, list[str]]:
    """What yt-dlp prints for each video that is refused or has no fitting format, by video id (one run for all)."""
    ids = [*catalogue.REFUSALS, *OTHERS]
    ran = run_ytdlp(server, folder, "--no-progress", "-s", "-f", FORMAT, "--", *map(watch_url, ids))
    found: dict[str, list[str]] = {video_id: [] for video_id in ids}
    current, waiting = "", []
    for line in tidy(ran.stderr):
        # A message goes on over several lines; one about another try belongs to the video that is named next.
        if "Retrying (" in line or "Only images are available" in line:
            waiting.append(line)
            continue
        current = next((video_id for video_id in ids if f" {video_id}: " in line), current)
        if current:
            found[current] += [*waiting, line]
            waiting = []
    return found


def _section(
    server: StandinServer, folder: Path, *more: str, section: str = "*16-60", **kw: Any
) -> dict[str, Any]:
    arguments = ["--newline", "--download-sections", section, "-f", FORMAT, "--merge-output-format", "mp4"]
    arguments += [*more, "-o", "clip.%(ext)s", "--", watch_url(catalogue.SHORT_ID)]
    with tempfile.TemporaryDirectory(dir=folder) as name:
        try:
            ran = run_ytdlp(server, Path(name), *arguments, timeout=30, **kw)
            code, lines = ran.returncode, tidy(ran.stderr)
        except subprocess.TimeoutExpired as gone:
            code, lines = None, tidy(str(gone.stderr or ""))
        left = sorted(path.name for path in Path(name).iterdir())
    return {"exit_code": code, "stderr": lines, "files_left": left}


def scenes(server: StandinServer, folder: Path) -> dict[str, dict[str, Any]]:
    """What a section's download prints when something goes wrong on the way; exit code None: it hung for 30 s."""
    found = {}
    server.prepare(catalogue.SHORT_ID)

    def scene(name: str, *arguments: str, fault: dict[str, Any] | None = None, **kw: Any) -> None:
        server.reset()
        if fault:
            server.fault(**fault)
        found[name] = _section(server, folder, *arguments, **kw)
        server.heal()

    scene("sound")
    scene("media 403", fault={"what": "status", "status": 403})
    scene("media 403 after 500 kB", fault={"what": "status", "status": 403, "after_bytes": 500_000})
    scene("media 429", fault={"what": "status", "status": 429, "retry_after": 60})
    scene("media 404", fault={"what": "status", "status": 404})
    scene("media drop after 500 kB", fault={"what": "drop", "after_bytes": 500_000})
    half = {"itag": "134", "after_bytes": 3_000_000}
    scene("picture drop at 3 MB", fault={"what": "drop", **half})
    scene("picture drop at 3 MB, once", fault={"what": "drop", "times": 1, **half})
    scene("picture corrupt", fault={"what": "corrupt", "itag": "134", "offset": 2_000_000, "length": 200_000})
    scene("picture 403 at 3 MB", fault={"what": "status", "status": 403, **half})
    scene("media stall after 500 kB", fault={"what": "stall", "after_bytes": 500_000})
    scene("catalogue stall", "--socket-timeout", "1", fault={"what": "stall", "kind": "catalogue"})
    scene("no such host", environment={"SOUNDBITE_STANDIN": "http://standin.invalid:1"})
    scene("connection refused", environment={"SOUNDBITE_STANDIN": "http://127.0.0.1:9"})
    scene("ffmpeg missing", "--ffmpeg-location", "/nonexistent/ffmpeg")
    scene("section after the end", section="*70-80")
    scene("section over the end", section="*50-80")
    scene("section reversed", section="*40-20")
    server.reset()
    full = ["-f", "134", "-o", "whole.%(ext)s", "--retries", "1", "--", watch_url(catalogue.SHORT_ID)]
    for name, fault in (
        ("whole file 403", {"what": "status", "status": 403}),
        ("whole file 429", {"what": "status", "status": 429}),
        ("whole file drop", {"what": "drop", "after_bytes": 500_000}),
    ):
        server.fault(**fault)
        with tempfile.TemporaryDirectory(dir=folder) as work:
            ran = run_ytdlp(server, Path(work), *full)
            left = sorted(path.name for path in Path(work).iterdir())
        found[name] = {"exit_code": ran.returncode, "stderr": tidy(ran.stderr), "files_left": left}
        server.heal()
    found.update(_disk_full(server, folder))
    return found


def _disk_full(server: StandinServer, folder: Path) -> dict[str, dict[str, Any]]:
    """A section and a whole file on a disk of 1 MB; only where this process may mount one."""
    disk, found = folder / "small disk", {}
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        before = json.loads(RECORDED.read_text(encoding="utf-8"))["scenes"]
        return {name: scene for name, scene in before.items() if name.startswith("disk full")}
    try:
        found["disk full, section"] = _section(server, disk)
        ran = run_ytdlp(server, disk, "-f", "134", "-o", "whole.%(ext)s", "--", watch_url(catalogue.SHORT_ID))
        left = sorted(path.name for path in disk.iterdir())
        found["disk full, whole file"] = {
            "exit_code": ran.returncode,
            "stderr": tidy(ran.stderr),
            "files_left": left,
        }
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    return found


def main() -> None:
    """Record everything anew."""
    with StandinServer() as server, tempfile.TemporaryDirectory() as name:
        version = run_ytdlp(server, Path(name), "--version").stdout.strip()
        said = {
            "yt_dlp": version,
            "refusals": refusals(server, Path(name)),
            "scenes": scenes(server, Path(name)),
        }
    RECORDED.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
