"""The command line as whole processes, with the unmodified yt-dlp and the stand-in where a clip is fetched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import ROOT, soundbite
from tests.standin.media import audio_second, first_and_last_frame
from tests.standin.server import StandinServer

NOTE = "seeds/000_444db1c560ca1a42.txt"


def test_show_prints_the_golden_note() -> None:
    shown = soundbite("show", NOTE, "--json")
    golden = json.loads((ROOT / "tests/golden/000_444db1c560ca1a42.json").read_text("utf-8"))
    assert {**json.loads(shown.stdout), "path": golden["path"]} == golden


def test_show_for_people_names_title_and_quotes() -> None:
    shown = soundbite("show", NOTE).stdout
    assert shown.startswith("What does Sam Altman actually want?")
    assert "1. " in shown
    assert "0:16–1:00" in shown


def test_a_missing_file_is_one_plain_sentence() -> None:
    outcome = soundbite("show", "no-such-note.md")
    assert outcome.returncode == 1
    assert outcome.stderr == "soundbite: There is no file no-such-note.md. Check its name.\n"


def test_a_clip_of_a_note_is_exact_and_the_second_time_needs_no_network(
    standin: StandinServer, standin_env: dict[str, str], tmp_path: Path
) -> None:
    first = soundbite("clip", NOTE, "1", "--quality", "360", env=standin_env)
    assert first.returncode == 0, first.stderr
    path = Path(first.stdout.strip())
    assert first_and_last_frame(path) == (16 * 30, 60 * 30 - 1, 44 * 30)
    assert audio_second(path) == 16

    sent = standin.bytes_sent()
    saved = tmp_path / "mine.mp4"
    again = soundbite("clip", NOTE, "1", "--quality", "360", "-o", str(saved), env=standin_env)
    assert again.stdout.strip() == str(saved)
    assert saved.read_bytes() == path.read_bytes()
    assert standin.bytes_sent() == sent


def test_a_clip_by_address_and_range(standin: StandinServer, standin_env: dict[str, str]) -> None:
    outcome = soundbite(
        "clip", "https://youtu.be/ZAJ4D8RAyfY", "2:13-2:20", "--quality", "360", env=standin_env
    )
    assert outcome.returncode == 0, outcome.stderr
    assert first_and_last_frame(Path(outcome.stdout.strip())) == (133 * 30, 140 * 30 - 1, 7 * 30)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("file:///etc/passwd", "0:01-0:02"), "This is no video's address"),
        (("https://www.youtube.com/watch?v=ZAJ4D8RAyfY", "0:20-0:10"), "runs backwards"),
        (("https://www.youtube.com/watch?v=ZAJ4D8RAyfY", "--exec"), ""),
        (("youtu.be/ZAJ4D8RAyfY", "0:20-0:20"), "is empty"),
        (("http://127.0.0.1/x", "0:01-0:02"), "This is no video's address"),
        ((NOTE, "6"), "has no highlight 6"),
        (("seeds/002_56d206fd3f7da9d4.txt", "1"), "has no highlight 1"),
    ],
)
def test_what_cannot_be_a_clip_is_said_without_the_network(arguments: tuple[str, str], words: str) -> None:
    outcome = soundbite("clip", *arguments)
    assert outcome.returncode in (1, 2)
    assert words in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_private_video_is_said_in_plain_words(standin: StandinServer, standin_env: dict[str, str]) -> None:
    url = "https://www.youtube.com/watch?v=PRIVATE0001"
    outcome = soundbite("clip", url, "0:01-0:05", env=standin_env)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("soundbite: This video is private.")


def test_search_finds_a_passage_of_the_samples() -> None:
    found = json.loads(soundbite("search", "event horizon", "--library", "seeds", "--json").stdout)
    best = found["hits"][0]
    assert (best["kind"], best["start_ms"], best["video_id"]) == ("highlight", 16_000, "ZAJ4D8RAyfY")
    assert found["total"] >= 3


def test_a_search_takes_words_and_filters_as_they_come() -> None:
    quoted = soundbite("search", "takeoff -kind:transcript", "--library", "seeds", "--json")
    bare = soundbite("search", "-kind:transcript", "takeoff", "--library", "seeds", "--json")
    assert {hit["path"] for hit in json.loads(bare.stdout)["hits"]} == {
        hit["path"] for hit in json.loads(quoted.stdout)["hits"]
    }
    assert all(hit["kind"] != "transcript" for hit in json.loads(bare.stdout)["hits"])


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_limit_that_is_no_number_of_hits_is_refused(limit: str) -> None:
    outcome = soundbite("search", "takeoff", "--library", "seeds", "--limit", limit)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert limit in outcome.stderr


def test_check_counts_what_is_in_the_samples() -> None:
    totals = json.loads(soundbite("check", "seeds", "--json").stdout)["totals"]
    assert totals["notes"] == 3
    assert totals["clips"] == totals["highlights"] == 5
    assert (totals["mentions"], totals["cues"]) == (18, 26)


def test_the_doctor_is_content_here() -> None:
    outcome = soundbite("doctor", "--json")
    report = json.loads(outcome.stdout)
    assert report["ok"], report
    assert {"yt-dlp", "ffmpeg", "deno"} <= {finding["name"] for finding in report["findings"]}


def test_help_names_every_command() -> None:
    words = soundbite("--help").stdout
    for name in ("show", "clip", "search", "check", "doctor"):
        assert f"    {name} " in words
