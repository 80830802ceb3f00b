"""Whatever a note says, a saved clip's name is harmless on every system."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.video import Segment, VideoRef
from viewer.media.saved_names import numbered, suggested_name

SEGMENT = Segment(VideoRef.youtube("ZAJ4D8RAyfY"), 16_000, 60_000)
DEFAULT = "ZAJ4D8RAyfY-0m16s"


@pytest.mark.parametrize(
    ("given_name", "stem"),
    [
        ("ZAJ4D8RAyfY-0m16s.mp4", "ZAJ4D8RAyfY-0m16s"),
        ("-bcdefghijk-1m2s.mp4", "-bcdefghijk-1m2s"),
        (None, DEFAULT),
        ("", DEFAULT),
        (".mp4", DEFAULT),
        ("..", DEFAULT),
        ("___.mp4", DEFAULT),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.mp4", "evil"),
        ("CON.mp4", "_CON"),
        ("nul.tar.mp4", "_nul.tar"),
        ("com¹.mp4", "_com¹"),
        ("aux .mp4", "_aux"),
        ("console.mp4", "console"),
        ('a<b>:"|?*.mp4', "a_b______"),
        ("tab\tand\nline.mp4", "tabandline"),
        ("\u202egpj.mp4", "gpj"),
        ("ends in dots... .mp4", "ends in dots"),
        (".hidden.mp4", "hidden"),
        ("%(title)s.%(ext)s", DEFAULT),
        ("Größe.MP4", "Größe"),
    ],
)
def test_a_name_is_made_harmless(given_name: str | None, stem: str) -> None:
    assert suggested_name(given_name, SEGMENT, "m4a") == stem + ".m4a"


def test_a_place_an_hour_in_and_another_site() -> None:
    late = Segment(SEGMENT.video, 3_725_000, 3_730_000)
    assert suggested_name(None, late, "mp4") == "ZAJ4D8RAyfY-62m5s.mp4"
    other = Segment(VideoRef("https://example.org/talk?a=1", "https://example.org/talk?a=1"), 0, 1000)
    assert suggested_name(None, other, "mp4").startswith("url-")


@given(st.text(max_size=400))
def test_no_text_gives_a_dangerous_name(text: str) -> None:
    name = suggested_name(text, SEGMENT, "mp4")
    assert not set(name) & set('<>:"|?*/\\\0\n\r\t')
    assert len(name.encode()) <= 200
    assert name[0] not in ". "
    assert name.endswith(".mp4")
    stem = name[: -len(".mp4")]
    assert stem == stem.strip()
    assert stem[-1] not in ". "
    assert stem.partition(".")[0].rstrip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}


def test_numbers_keep_the_suffix() -> None:
    assert list(itertools.islice(numbered("a.b.mp4"), 3)) == ["a.b.mp4", "a.b (2).mp4", "a.b (3).mp4"]
