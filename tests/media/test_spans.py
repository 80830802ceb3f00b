"""Fragments are handed out whole, as they were, and within the limit."""

from __future__ import annotations

from pathlib import Path

from viewer.domain.video import VideoRef
from viewer.media.mp4_read import IndexEntry
from viewer.media.spans import SpanCache, StreamKey

KEY = StreamKey(VideoRef.youtube("ZAJ4D8RAyfY"), "136", 1000)
OTHER = StreamKey(VideoRef.youtube("aaaaaaaaaaa"), "136", 1000)


def entry(first: int, size: int) -> IndexEntry:
    return IndexEntry(first, first + size - 1, 0.0, 1.0)


def test_what_was_put_is_had_again_and_nothing_else() -> None:
    spans = SpanCache()
    spans.put(KEY, entry(10, 3), b"abc")
    spans.put(KEY, entry(20, 3), b"short by one"[:2])
    assert spans.get(KEY, entry(10, 3)) == b"abc"
    assert spans.get(KEY, entry(10, 4)) is None
    assert spans.get(KEY, entry(20, 3)) is None
    assert spans.get(OTHER, entry(10, 3)) is None


def test_the_one_used_last_stays_longest() -> None:
    spans = SpanCache(10)
    spans.put(KEY, entry(0, 4), b"aaaa")
    spans.put(KEY, entry(4, 4), b"bbbb")
    spans.get(KEY, entry(0, 4))
    spans.put(KEY, entry(8, 4), b"cccc")
    assert spans.get(KEY, entry(4, 4)) is None
    assert spans.get(KEY, entry(0, 4)) == b"aaaa"
    spans.put(KEY, entry(12, 6), b"dddddd")  # more than half of the limit
    assert spans.get(KEY, entry(12, 6)) is None


def test_what_comes_just_now_is_had_when_it_is_whole(tmp_path: Path) -> None:
    spans = SpanCache()
    spool = tmp_path / "spool"
    spool.write_bytes(b"abcde")
    with spans.coming(KEY, 100, spool):
        assert spans.get(KEY, entry(101, 3)) == b"bcd"
        assert spans.get(KEY, entry(103, 3)) is None
        assert spans.get(KEY, entry(99, 2)) is None
        spool.unlink()
        assert spans.get(KEY, entry(101, 3)) is None
    assert spans.get(KEY, entry(101, 3)) is None


def test_a_damaged_video_is_forgotten_and_no_other() -> None:
    spans = SpanCache(10)
    spans.put(KEY, entry(0, 4), b"aaaa")
    spans.put(OTHER, entry(0, 4), b"bbbb")
    spans.forget(KEY.video)
    assert spans.get(KEY, entry(0, 4)) is None
    assert spans.get(OTHER, entry(0, 4)) == b"bbbb"
