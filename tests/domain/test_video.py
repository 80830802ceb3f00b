"""Addresses as notes have them: which video, where in it, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.video import Segment, VideoRef, parse_address

ID = "-AJ4D8RAyf_"


@pytest.mark.parametrize(
    ("address", "start"),
    [
        (f"https://www.youtube.com/watch?v={ID}", None), (f"https://www.youtube.com/watch?v={ID}&t=62s", 62_000),
        (f"https://youtube.com/watch?list=PLx&v={ID}&t=1m2s", 62_000), (f"https://m.youtube.com/watch?v={ID}&t=62", 62_000),
        (f"https://music.youtube.com/watch?v={ID}", None), (f"https://youtu.be/{ID}?t=62", 62_000),
        (f"https://www.youtube.com/shorts/{ID}", None), (f"https://www.youtube.com/live/{ID}?t=62s", 62_000),
        (f"https://www.youtube.com/embed/{ID}?start=62", 62_000), (f"https://www.youtube.com/watch?v={ID}#t=62", 62_000),
        (f"https://www.youtube.com/watch?v={ID}&amp;t=62s", 62_000), (f"youtube.com/watch?v={ID}&t=62", 62_000),
        (f"//www.youtube.com/watch?v={ID}", None), (f"youtu.be/{ID}?t=62", 62_000),
        (f"HTTP://WWW.YOUTUBE.COM/watch?v={ID}", None), (f"https://www.youtube-nocookie.com/embed/{ID}", None),
    ],
)  # fmt: skip
def test_every_form_of_an_address_is_the_same_video(address, start):
    found = parse_address(address)
    assert (found.video, found.start_ms) == (VideoRef.youtube(ID), start)


@pytest.mark.parametrize(
    "address",
    [
        "", "file:///etc/passwd", "ftp://example.com/x", "javascript:alert(1)", "--exec", "-x", "https://", "https://localhost/x",
        "https://user:pw@example.com/x", f"https://www.youtube.com/watch?v={ID} --exec id", "https://example.com/a\nb",
        "https://example.com/$(id)`id`", "https://www.youtube.com/@channel", "https://www.youtube.com/watch?v=short",
        "https://example.com:99999/x", "https://[::1", "x" * 3000, "https://example.com/\x00",
        "http://127.0.0.1/x", "http://10.0.0.1/x", "http://169.254.169.254/x", "http://0x7f.1/x", "http://127.1/x",
        "http://nas.local/x", "http://a.localhost/x", "youtube.community/watch", "youtu.bet/-AJ4D8RAyf_",
    ],
)  # fmt: skip
def test_what_is_refused(address):
    assert parse_address(address) is None


def test_another_site_keeps_its_address_without_the_fragment():
    found = parse_address("https://vimeo.com/12345#t=62s")
    assert (found.video.url, found.start_ms, found.video.is_youtube) == (
        "https://vimeo.com/12345",
        62_000,
        False,
    )


@given(st.text())
def test_any_text_is_an_address_or_none(text):
    parse_address(text)
    parse_address(f"https://{text}")


@given(st.lists(st.from_regex(r"[A-Za-z0-9_-]{11}", fullmatch=True), unique=True, max_size=20))
def test_keys_tell_videos_apart_even_where_case_is_ignored(ids):
    keys = {VideoRef.youtube(video_id).key.lower() for video_id in ids}
    assert len(keys) == len(ids)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (-1, 5)])
def test_an_empty_segment_is_none(start, end):
    with pytest.raises(ValueError, match="not a segment"):
        Segment(VideoRef.youtube(ID), start, end)


def test_the_address_at_a_time_is_in_whole_seconds():
    assert VideoRef.youtube(ID).url_at(62_900).endswith("&t=62s")


@pytest.mark.parametrize(
    "host",
    [
        "x.\u24dbocalhost",  # IDNA reads a circled letter as the letter
        "127.0\uff581",
        "a.b\u3002localhost",
        "x.l\u00adocalhost",
        "x.lan\uff0e",
        "224.0.0.1",
    ],
)
def test_a_host_is_what_a_resolver_takes_it_for(host: str) -> None:
    assert parse_address(f"http://{host}/talk") is None


@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\x85", "\ud800"])
def test_an_address_with_letters_that_are_not_seen_is_refused(letter: str) -> None:
    assert parse_address(f"https://example.com/talk{letter}/4pm") is None


def test_an_address_in_another_script_is_taken() -> None:
    assert parse_address("https://müller.example.com/gespräch/七") is not None
