from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.soundbite_url import LONGEST_SEGMENT_MS, is_soundbite_url, parse_soundbite_url

ID = "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("text", "start_ms", "end_ms"),
    [
        (f"soundbite:{ID}?t=16-60", 16_000, 60_000),
        (f"soundbite:{ID}?t=0:16-1:00", 16_000, 60_000),
        (f"soundbite:{ID}?t=16.5-60.25", 16_500, 60_250),
        (f"soundbite:{ID}?t=1m2s-1h", 62_000, 3_600_000),
        (f"SoundBite:{ID}?t=0-1", 0, 1_000),
        (f"soundbite://{ID}?t=16-60", 16_000, 60_000),
        (f"soundbite://{ID}/?t=16-60", 16_000, 60_000),
        (f"soundbite:{ID}?t=16", 16_000, 36_000),
        ("soundbite:-Qw4w9WgXc_?t=16-60", 16_000, 60_000),
    ],
)
def test_reads_the_segment(text: str, start_ms: int, end_ms: int) -> None:
    segment = parse_soundbite_url(text, default_length_ms=20_000)
    assert segment is not None
    assert (segment.start_ms, segment.end_ms) == (start_ms, end_ms)
    assert segment.video.url == f"https://www.youtube.com/watch?v={segment.video.id}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soundbite:",
        f"soundbite:{ID}",
        f"soundbite:{ID}?t=",
        f"soundbite:{ID}?t=60-16",
        f"soundbite:{ID}?t=16-16",
        f"soundbite:{ID}?t=16-",
        f"soundbite:{ID}?t=-16-60",
        f"soundbite:{ID}?t=16-60&t=1-2",
        f"soundbite:{ID}?t=16-60&exec=ls",
        f"soundbite:{ID}?t=16-60#x",
        f"soundbite:{ID}?t=16-60\n",
        f"soundbite:{ID}?t=16-60\x00",
        f" soundbite:{ID}?t=16-60",
        f"soundbite:{ID}?t=0-{LONGEST_SEGMENT_MS // 1000 + 1}",
        f"soundbite:{ID}?t=99999999-99999999999",
        f"soundbite:{ID}?t=16-60;id",
        f"soundbite:{ID}x?t=16-60",
        "soundbite:../../etc/pa?t=16-60",
        "soundbite:--exec=true?t=16-60",
        "soundbite:dQw4w9WgXc%51?t=16-60",
        "soundbite:dQw4w9WgXcſ?t=16-60",
        f"soundbite:{ID}?t=１６-６０",
        f"https://www.youtube.com/watch?v={ID}&t=16",
        f"soundbite:///{ID}?t=16-60",
    ],
)
def test_refuses_what_has_not_the_shape(text: str) -> None:
    assert parse_soundbite_url(text) is None


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda rest: f"soundbite:{ID}?t={rest}"))
def test_gives_a_safe_segment_or_none(text: str) -> None:
    segment = parse_soundbite_url(text)
    if segment is not None:
        assert segment.video.is_youtube
        assert 0 < segment.duration_ms <= LONGEST_SEGMENT_MS


def test_knows_its_own_scheme_sound_or_not() -> None:
    assert is_soundbite_url("SOUNDBITE:rubbish")
    assert not is_soundbite_url("soundbite.md")
    assert not is_soundbite_url("/tmp/soundbite:x")
