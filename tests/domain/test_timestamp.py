"""Timestamps as people write them, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.timestamp import format_range, format_timestamp, parse_timestamp


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("0:16", 16_000), ("8:36", 516_000), ("118:30", 7_110_000), ("1:02:03", 3_723_000), ("00:04:01.06", 241_060),
        ("00:00:01,500", 1_500), ("16", 16_000), ("16.5", 16_500), ("1m2s", 62_000), ("90s", 90_000), ("1h", 3_600_000),
        (" 0:05 ", 5_000), ("0:00", 0),
    ],
)  # fmt: skip
def test_what_is_a_time(text, ms):
    assert parse_timestamp(text) == ms


@pytest.mark.parametrize(
    "text", ["", "0:75", "1:60:00", "1:2", "-5", "noon", "1:02:03:04", "s", "٣:٠٠", "inf", "0:16x"]
)
def test_what_is_none(text):
    assert parse_timestamp(text) is None


@given(st.integers(0, 10**9))
def test_a_written_time_is_read_as_itself(ms):
    assert parse_timestamp(format_timestamp(ms, millis=True)) == ms
    assert parse_timestamp(format_timestamp(ms)) == ms // 1000 * 1000


@given(st.text())
def test_any_text_is_a_time_or_none(text):
    found = parse_timestamp(text)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [(16_000, 60_000, "0:16–1:00"), (16_000, None, "0:16"), (None, None, ""), (None, 5, "")],
)
def test_ranges(start, end, text):
    assert format_range(start, end) == text
