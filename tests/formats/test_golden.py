"""The three samples against their golden files, which were checked by hand against the samples."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from viewer.base.paths import seeds_dir
from viewer.domain.note_json import note_to_json
from viewer.formats.registry import parse_bytes

GOLDEN = Path(__file__).parents[1] / "golden"
SAMPLES = ["000_444db1c560ca1a42", "001_94f98f10ab0f22cf", "002_56d206fd3f7da9d4"]


def read(stem: str) -> dict:
    path = seeds_dir() / f"{stem}.txt"
    return note_to_json(parse_bytes(path.read_bytes(), name=path.name), path.name)


@pytest.mark.parametrize("stem", SAMPLES)
def test_sample_reads_as_its_golden_file(stem):
    expected = json.loads((GOLDEN / f"{stem}.json").read_text(encoding="utf-8"))
    assert read(stem) == expected


def test_the_video_note_has_the_counts_of_the_sample():
    note = read(SAMPLES[0])
    assert note["format"] == "video-note"
    assert [len(note[key]) for key in ("highlights", "key_points", "mentions", "quotes", "tags")] == [
        5,
        13,
        18,
        5,
        14,
    ]
    assert Counter(mention["kind"] for mention in note["mentions"]) == {
        "Companies": 8,
        "People": 7,
        "Products & Technologies": 3,
    }
    cues = note["transcript"]["cues"]
    assert (len(cues), cues[-1]["end_ms"]) == (26, 516_000)
    assert [section["title"] for section in note["sections"]] == ["Summary"]
    assert note["problems"] == []


def test_the_first_highlight_is_the_one_everybody_clicks():
    first = read(SAMPLES[0])["highlights"][0]
    assert "We are past the event horizon" in first["title"]
    assert (first["start_ms"], first["end_ms"]) == (16_000, 60_000)
    assert first["speaker"] == "Ksenia quoting Sam Altman"
    assert first["clip"]["file_name"] == "ZAJ4D8RAyfY-0m16s.mp4"


def test_the_insight_page_is_repaired_and_keeps_every_section():
    note = read(SAMPLES[1])
    text = (seeds_dir() / f"{SAMPLES[1]}.txt").read_text(encoding="utf-8")
    assert len(note["sections"]) == sum(line.startswith("#") for line in text.split("\n"))
    assert "🔍 Key Insights & Learnings" in [section["title"] for section in note["sections"]]
    assert [problem["code"] for problem in note["problems"]] == ["text-repaired"]
    assert "‚Äî" not in json.dumps(note, ensure_ascii=False)


def test_the_show_notes_quotes_are_found_and_scare_quotes_are_not():
    note = read(SAMPLES[2])
    quotes = [quote["text"] for quote in note["quotes"]]
    assert len(quotes) == 6
    assert not any(
        text.startswith(("AI scientist", "singularity", "electrons", "very aggressive")) for text in quotes
    )
    assert (note["channel"], note["published"]) == ("a16z", "2025-10-08")
    assert note["sections"][-1]["title"] == "Others You May Like"
