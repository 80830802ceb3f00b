"""What a site, yt-dlp or a damaged file of ours says may be anything: it is passed over or a MediaError, never a crash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from viewer.domain.video import VideoRef
from viewer.library.add_queue import AddQueue, Wanted
from viewer.media import caption_store, captions, resolver
from viewer.media.failures import MediaError
from viewer.media.listing import read_line
from viewer.media.video_facts import read_facts
from viewer.media.ytdlp import parse_progress
from viewer.media.ytdlp_copies import YtdlpCopies

VIDEO = VideoRef.youtube("dQw4w9WgXcQ")
BOMB = '{"a":' * 60_000
HUGE = 10**400
INFINITE = float("inf")
NAN = float("nan")
FORMAT: dict[str, Any] = {"url": "https://video.example/x", "format_id": "1", "vcodec": "avc1"}


def test_lines_of_a_bomb_are_passed_over() -> None:
    assert parse_progress("SOUNDBITE " + BOMB) is None
    assert read_line("SOUNDBITE-ENTRY " + BOMB) is None


def test_progress_of_a_size_beyond_every_number_has_no_total() -> None:
    line = parse_progress('SOUNDBITE {"downloaded_bytes": 7, "total_bytes": 1' + "0" * 400 + "}")
    assert line is not None
    assert (line.done_bytes, line.total_bytes) == (7, None)


@pytest.mark.parametrize("value", [HUGE, INFINITE, NAN, -5, True, "8", [], {}])
def test_facts_pass_over_what_is_no_number(value: object) -> None:
    chapters = [{"start_time": value, "title": "a"}, {"start_time": 3, "title": "b"}, 7]
    facts = read_facts(VIDEO, {"duration": value, "view_count": value, "chapters": chapters})
    assert facts.metadata.duration_ms is None
    assert facts.metadata.view_count is None
    assert facts.chapters == ((3000, "b"),)


@pytest.mark.parametrize("value", [HUGE, INFINITE, NAN, True, "8", [], {}])
def test_formats_pass_over_what_is_no_number(value: object) -> None:
    odd = {**FORMAT, "height": value, "filesize": value, "available_at": value}
    info = resolver.read_info(VIDEO, {"formats": [odd], "duration": value}, 0.0)
    assert info.duration_ms is None
    assert (info.formats[0].height, info.formats[0].size_bytes, info.formats[0].available_at) == (
        0,
        None,
        None,
    )


@pytest.mark.parametrize("formats", [5, "x", {"a": 1}, [5], [None], None])
def test_formats_that_are_none_are_a_failure_in_words(formats: object) -> None:
    with pytest.raises(MediaError):
        resolver.read_info(VIDEO, {"formats": formats}, 0.0)


@pytest.mark.parametrize(
    "url", ["http://[::", "https://a.example/?expire=\u00b2", "https://a.example/?expire=" + "9" * 4000]
)
def test_an_address_lasts_no_longer_than_a_day(url: str) -> None:
    info = resolver.read_info(VIDEO, {"formats": [{**FORMAT, "url": url}]}, 1000.0)
    assert 1000.0 <= info.expires <= 1000.0 + 24 * 3600


def test_only_headers_that_can_be_sent_are_taken() -> None:
    headers = {
        "User-Agent": "yt",
        "Cookie": "a=b; c=d",
        "X\r\nHost": "evil",
        "Referer": "x\r\nHost: evil",
        "Name": "\u4e2d",
        "": "x",
        "N": 5,
    }
    told = {"formats": [{**FORMAT, "http_headers": headers}, {**FORMAT, "http_headers": 5}]}
    info = resolver.read_info(VIDEO, told, 0.0)
    assert info.formats[0].headers == (("User-Agent", "yt"), ("Cookie", "a=b; c=d"), ("N", "5"))
    assert info.formats[1].headers == ()


def test_files_of_a_bomb_are_passed_over(tmp_path: Path) -> None:
    bomb = tmp_path / "active.json"
    bomb.write_text(BOMB)
    assert captions.read_info(bomb) is None
    assert caption_store._read(bomb, VIDEO) is None
    assert YtdlpCopies(tmp_path).state() == []


@pytest.mark.parametrize("number", [INFINITE, NAN, HUGE])
def test_kept_captions_with_a_length_without_end_are_passed_over(tmp_path: Path, number: float) -> None:
    values = {
        "version": 1,
        "video": {"id": VIDEO.id},
        "language": "en",
        "automatic": False,
        "duration_ms": None,
        "cues": [[number, None, None, "words", []]],
    }
    file = tmp_path / "kept.json"
    file.write_text(json.dumps(values))
    found = caption_store._read(file, VIDEO)
    assert found is None or number == HUGE  # a whole number is what the store writes


def test_half_letters_in_names_can_be_kept(tmp_path: Path) -> None:
    """A title of JSON's "\\ud800" broke the queue of videos, which is written at once."""
    told = {"id": VIDEO.id, "ie_key": "Youtube", "title": "T\ud800", "channel": "C\udfff", "_type": "url"}
    line = read_line("SOUNDBITE-ENTRY " + json.dumps(told))
    assert line is not None
    assert line.entry is not None
    queue = AddQueue(tmp_path / "queue.json")
    queue.add([Wanted(VIDEO, line.entry.title)], tmp_path)
    assert [item.title for item in AddQueue(tmp_path / "queue.json").items()] == ["T\ufffd"]
    facts = read_facts(VIDEO, {"title": "T\ud800", "description": "\ud800", "tags": ["\ud800", 5]})
    assert (facts.metadata.title, facts.description, facts.metadata.tags) == (
        "T\ufffd",
        "\ufffd",
        ("\ufffd",),
    )
