"""The stand-in itself: what it shows, serves, breaks and refuses, seen through the unmodified yt-dlp."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.standin import catalogue, media, recording, signals
from tests.standin.recording import FORMAT, run_ytdlp, watch_url
from tests.standin.server import StandinServer

CLIP = ["--download-sections", "*16-60", "--merge-output-format", "mp4", "-o", "clip.%(ext)s"]


def ask(
    server: StandinServer, path: str, span: str | None = None, timeout: float = 5
) -> tuple[int, dict[str, str], bytes]:
    """One plain GET; `span` is the range as in `0-99`."""
    connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rsplit(":", 1)[1]), timeout=timeout)
    try:
        connection.request("GET", path, headers={"Range": f"bytes={span}"} if span else {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def media_path(server: StandinServer, video_id: str, itag: str) -> str:
    said = json.loads(ask(server, f"/catalogue/{video_id}.json")[2])
    url = next(entry["url"] for entry in said["info"]["formats"] if entry["format_id"] == itag)
    parts = urllib.parse.urlsplit(url)
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def minute(standin: StandinServer) -> tuple[StandinServer, str, bytes]:
    """The server, the path of the minute's picture, and its bytes."""
    file = standin.prepare(catalogue.SHORT_ID)["134"]
    path = media_path(standin, catalogue.SHORT_ID, "134")
    standin.clear_log()
    return standin, path, file.read_bytes()


def about(server: StandinServer, folder: Path, video_id: str, *more: str) -> dict[str, Any]:
    ran = run_ytdlp(server, folder, "-J", *more, "--", watch_url(video_id))
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


# What is burned in


@pytest.mark.parametrize("number", [0, 1, 480, 15_479, 262_143])
@pytest.mark.parametrize("size", [(320, 180), (1920, 1080), (200, 113)])
def test_frame_number_can_be_read_at_any_scale(number: int, size: tuple[int, int]) -> None:
    width, height = size
    small = np.frombuffer(signals.draw_luma(number, number // 30), np.uint8).reshape(180, 320)
    rows, columns = np.arange(height) * 180 // height, np.arange(width) * 320 // width
    grey = small[rows][:, columns]
    assert signals.read_frame_number(grey) == number
    assert signals.read_frame_number(np.stack([grey] * 3, axis=2).tobytes(), width, height) == number


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_blank_picture_has_no_number(level: int) -> None:
    assert signals.read_frame_number(bytes([level]) * (320 * 180), 320, 180) is None


@pytest.mark.parametrize("start", [0.0, 15.95, 16.0, 16.333, 29.89, 3599.4, 43_000.25])
def test_sound_tells_its_time(start: float) -> None:
    rate, first = media.AUDIO_RATE, int(start)
    wave = np.concatenate([signals.chord(second, rate) for second in range(first, first + 3)])
    at = round((start - first) * rate)
    pcm = (wave[at : at + int(1.5 * rate)] * 32767).astype("<i2").tobytes()
    assert signals.read_time_from_audio(pcm, rate) == pytest.approx(start, abs=0.001)


def test_silence_has_no_second() -> None:
    assert signals.read_second_from_audio(bytes(88_200), 44_100) is None
    assert signals.read_time_from_audio(bytes(88_200), 44_100) is None


def test_files_are_as_youtube_serves_them(standin: StandinServer) -> None:
    files = standin.prepare()
    for file in files.values():
        kinds = [kind for kind, _, _ in media.boxes(file)]
        assert kinds[:5] == ["ftyp", "moov", "sidx", "moof", "mdat"]
        assert kinds.count("sidx") == 1
        parts = media.fragments(file)
        assert parts[0][2] == 0
        assert parts[-1][0] + parts[-1][1] <= file.stat().st_size
        assert parts[-1][3] == pytest.approx(516, abs=0.05)
    assert {round(end - start, 3) for _, _, start, end in media.fragments(files["134"])[:-1]} == {5.0}
    assert [media.frame_number_at(files["134"], at) for at in (0, 16, 515.9)] == [0, 480, 15_477]
    assert media.audio_time(files["140"], 16.0) == pytest.approx(16, abs=0.002)


def test_media_is_built_once_by_many_processes(tmp_path: Path) -> None:
    code = "from tests.standin.media import Talk, make; print(make(Talk(2), '134').stat().st_ino)"
    root = str(Path(__file__).resolve().parents[2])
    env = {
        "SOUNDBITE_STANDIN_CACHE": str(tmp_path),
        "PYTHONPATH": root,
        "PATH": str(Path(media.ffmpeg()).parent),
    }
    children = [
        subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert len({child.communicate()[0] for child in children}) == 1
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".lock"] == [
        "talk-2s-30_1-t0-b2-44100-134.mp4"
    ]


# Through yt-dlp


def test_a_section_shows_and_sounds_second_16(standin: StandinServer, tmp_path: Path) -> None:
    ran = run_ytdlp(standin, tmp_path, *CLIP, "-f", FORMAT, "--", watch_url(catalogue.TALK_ID))
    assert ran.returncode == 0, ran.stderr
    clip = tmp_path / "clip.mp4"
    numbers = media.frame_numbers(clip)
    assert numbers[:1320] == list(range(480, 1800))
    assert len(numbers) <= 1325  # yt-dlp's own copy overshoots by a few frames
    assert media.audio_second(clip) == 16
    assert media.audio_time(clip) == pytest.approx(16, abs=0.002)
    assert media.audio_second(clip, 43.0) == 59
    sent = standin.bytes_sent(catalogue.TALK_ID)
    file = standin.prepare()["134"]
    assert media.bytes_needed(file, 16, 60) < sent < file.stat().st_size


def test_a_plugin_folder_works_as_well_as_pythonpath(standin: StandinServer, tmp_path: Path) -> None:
    """--plugin-dirs wants the folder above; PYTHONPATH plugins live on beside it and are gone with --no-plugin-dirs."""
    plugins = Path(standin.environment["PYTHONPATH"].split(os.pathsep)[0])
    url = watch_url(catalogue.SHORT_ID)
    bare = {"PYTHONPATH": ""}
    named = run_ytdlp(
        standin, tmp_path, "--plugin-dirs", str(plugins.parent), "--print", "id", "--", url, environment=bare
    )
    assert named.stdout.strip() == catalogue.SHORT_ID, named.stderr
    found = run_ytdlp(standin, tmp_path, "--print", "id", "--", url)
    assert found.stdout.strip() == catalogue.SHORT_ID, found.stderr
    nowhere = ("-v", "--", "http://127.0.0.1:9/")
    loaded = f"Plugin directories: {plugins}"
    assert loaded in run_ytdlp(standin, tmp_path, *nowhere).stderr
    assert loaded not in run_ytdlp(standin, tmp_path, "--no-plugin-dirs", *nowhere).stderr


def test_what_yt_dlp_says_about_the_talk(standin: StandinServer, tmp_path: Path) -> None:
    said = about(standin, tmp_path, catalogue.TALK_ID)
    assert (said["duration"], said["channel"], said["upload_date"]) == (516, "Turing Post", "20250616")
    assert said["extractor_key"] == "Youtube"
    formats = {entry["format_id"]: entry for entry in said["formats"]}
    assert {"134", "136", "137", "140", "18", "251", "399", "93"} <= formats.keys()
    assert formats["134"]["downloader_options"] == {"http_chunk_size": 10_485_760}
    assert formats["134"]["container"] == "mp4_dash"
    assert formats["399"]["vcodec"].startswith("av01")
    # As with the real site, yt-dlp's own choice would be AV1.
    assert said["format_id"].split("+")[0] == "399"
    assert [chapter["title"] for chapter in said["chapters"]][:2] == ["Intro", "The Gentle Singularity"]
    assert "en" in said["automatic_captions"]
    assert "en" in said["subtitles"]


def test_captions_carry_the_time_of_every_word(standin: StandinServer, tmp_path: Path) -> None:
    for sub_format in ("json3", "vtt"):
        arguments = ["--skip-download", "--write-auto-subs", "--sub-langs", "en", "--sub-format", sub_format]
        ran = run_ytdlp(standin, tmp_path, *arguments, "-o", "talk", "--", watch_url(catalogue.TALK_ID))
        assert ran.returncode == 0, ran.stderr
    events = json.loads((tmp_path / "talk.en.json3").read_text())["events"]
    line = next(event for event in events if event["tStartMs"] == 16_000)
    assert "".join(segment["utf8"] for segment in line["segs"]).startswith("last week sam altman published")
    assert line["segs"][1]["tOffsetMs"] > 0
    vtt = (tmp_path / "talk.en.vtt").read_text()
    assert "00:00:16.000 --> " in vtt
    assert "<c> week</c>" in vtt


def test_the_interview_says_the_quotes_of_the_sample() -> None:
    quotes = catalogue.interview_quotes()
    assert len(quotes) >= 4
    words = [word for cue in catalogue.videos()[catalogue.INTERVIEW_ID].cues for word in cue.words]
    for text, start_ms, end_ms in quotes:
        said = [word.text for word in words if start_ms <= word.start_ms < end_ms]
        assert said == text.split()
    assert [word.start_ms for word in words] == sorted(word.start_ms for word in words)
    assert words[-1].end_ms <= 600_000


def test_refusals_read_as_recorded(standin: StandinServer, tmp_path: Path) -> None:
    recorded = json.loads(recording.RECORDED.read_text(encoding="utf-8"))
    now = recording.refusals(standin, tmp_path)
    assert {name: [line for line in lines if "ERROR" in line] for name, lines in now.items()} == {
        name: [line for line in lines if "ERROR" in line] for name, lines in recorded["refusals"].items()
    }
    assert all(any(line.startswith("ERROR: [youtube] ") for line in lines) for lines in now.values())


def test_without_a_javascript_runtime_only_the_muxed_format_is_left(
    standin: StandinServer, tmp_path: Path
) -> None:
    ran = run_ytdlp(standin, tmp_path, "--no-js-runtimes", "-J", "--", watch_url(catalogue.NEEDS_JS_ID))
    assert [entry["format_id"] for entry in json.loads(ran.stdout)["formats"]] == ["18"]
    assert "No supported JavaScript runtime could be found" in ran.stderr


@pytest.mark.parametrize(
    ("video_id", "chosen", "kind"),
    [
        (catalogue.HLS_ONLY_ID, "93", "hls"),
        (catalogue.MUXED_ONLY_ID, "18", "media"),
        (catalogue.VP9_ONLY_ID, "243+251", "media"),
    ],
)
def test_other_kinds_of_videos_play(
    standin: StandinServer, tmp_path: Path, video_id: str, chosen: str, kind: str
) -> None:
    for itag in chosen.split("+"):
        standin.prepare(video_id, itag)
    arguments = ["--download-sections", "*16-20", "--force-keyframes-at-cuts", "--merge-output-format", "mp4"]
    ran = run_ytdlp(standin, tmp_path, *arguments, "-f", chosen, "-o", "c.%(ext)s", "--", watch_url(video_id))
    assert ran.returncode == 0, ran.stderr
    assert media.frame_number_at(tmp_path / "c.mp4", 0) == 480
    assert media.audio_time(tmp_path / "c.mp4") == pytest.approx(16, abs=0.06)
    assert standin.requests(video_id, kind=kind)


# The server's own behaviour


def test_ranges_are_served_counted_and_listed(minute: tuple[StandinServer, str, bytes]) -> None:
    server, path, data = minute
    status, headers, body = ask(server, path, "100-199")
    assert (status, body) == (206, data[100:200])
    assert headers["Content-Range"] == f"bytes 100-199/{len(data)}"
    status, _, body = ask(server, path, f"{len(data) - 10}-")
    assert (status, body) == (206, data[-10:])
    assert ask(server, path, f"{len(data)}-")[0] == 416
    assert ask(server, path)[2] == data
    ranges = [(100, 199), (len(data) - 10, None), (len(data), None), (None, None)]
    assert server.ranges(catalogue.SHORT_ID, "134") == ranges
    assert server.bytes_sent(catalogue.SHORT_ID) == len(data) + 110


def test_a_slow_line_is_shared(minute: tuple[StandinServer, str, bytes]) -> None:
    server, path, _ = minute
    server.slow_line(megabits=8, latency_ms=50)
    before = time.monotonic()
    assert len(ask(server, path, "0-299999")[2]) == 300_000
    assert time.monotonic() - before == pytest.approx(0.4, abs=0.15)


def test_large_requests_crawl(minute: tuple[StandinServer, str, bytes]) -> None:
    server, path, _ = minute
    server.throttle_large_requests(above=1_000_000, bytes_a_second=100_000)
    before = time.monotonic()
    ask(server, path, "0-999999")
    assert time.monotonic() - before < 0.4
    connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
    before = time.monotonic()
    connection.request("GET", path)
    connection.getresponse().read(50_000)
    connection.close()
    assert time.monotonic() - before > 0.4


def test_a_drop_comes_after_the_bytes_and_heals(minute: tuple[StandinServer, str, bytes]) -> None:
    server, path, data = minute
    server.fault("drop", catalogue.SHORT_ID, "134", after_bytes=70_000, times=1)
    assert ask(server, path, "0-49999")[2] == data[:50_000]
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(server, path, "50000-99999")
    assert server.bytes_sent(catalogue.SHORT_ID) == 70_000
    assert ask(server, path, "50000-99999")[2] == data[50_000:100_000]


def test_a_stall_lasts_until_it_is_released(minute: tuple[StandinServer, str, bytes]) -> None:
    server, path, _ = minute
    server.fault("stall", after_bytes=1000, times=1)
    with pytest.raises(TimeoutError):
        ask(server, path, "0-99999", timeout=0.3)
    server.heal()
    assert ask(server, path, "0-9")[0] == 206


def test_refused_requests(minute: tuple[StandinServer, str, bytes]) -> None:
    server, path, _ = minute
    server.fault("status", status=403, after_requests=2)
    assert [ask(server, path, "0-9")[0] for _ in range(4)] == [206, 206, 403, 403]
    server.reset()
    server.fault("status", status=429, retry_after=7, times=1, kind="catalogue")
    status, headers, _ = ask(server, f"/catalogue/{catalogue.SHORT_ID}.json")
    assert (status, headers["Retry-After"]) == (429, "7")
    assert ask(server, f"/catalogue/{catalogue.SHORT_ID}.json")[0] == 200


def test_403_in_the_middle_of_a_download(minute: tuple[StandinServer, str, bytes]) -> None:
    server, path, data = minute
    server.fault("status", status=403, after_bytes=60_000)
    assert ask(server, path, "0-59999")[2] == data[:60_000]
    assert ask(server, path, "60000-69999")[0] == 403


def test_lying_answers(minute: tuple[StandinServer, str, bytes]) -> None:
    server, path, data = minute
    server.fault("corrupt", offset=10, length=5)
    body = ask(server, path, "8-19")[2]
    assert body == data[8:10] + bytes(byte ^ 255 for byte in data[10:15]) + data[15:20]
    server.reset()
    server.fault("short", length=4)
    assert ask(server, path, "0-9")[2] == data[:6]
    server.reset()
    server.fault("long", length=4)
    with pytest.raises(http.client.IncompleteRead):
        ask(server, path, "0-9")
    server.reset()
    server.fault("ignore_range")
    assert ask(server, path, "0-9")[0] == 200


def test_addresses_expire_and_can_be_asked_anew(minute: tuple[StandinServer, str, bytes]) -> None:
    server, path, _ = minute
    server.advance_clock(6 * 3600 + 1)
    assert ask(server, path, "0-9")[0] == 403
    fresh = media_path(server, catalogue.SHORT_ID, "134")
    assert ask(server, fresh, "0-9")[0] == 206
    server.revoke_addresses()
    assert ask(server, fresh, "0-9")[0] == 403
    assert ask(server, media_path(server, catalogue.SHORT_ID, "134"), "0-9")[0] == 206


def test_the_server_can_be_gone_and_come_back(minute: tuple[StandinServer, str, bytes]) -> None:
    server, path, _ = minute
    address = server.url
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        ask(server, path, "0-9")
    server.start()
    assert server.url == address
    assert ask(server, path, "0-9")[0] == 206
