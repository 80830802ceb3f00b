"""Addresses that a person pastes to add videos."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.video_source import SourceKind, parse_source

ID = "ZAJ4D8RAyfY"
WATCH = f"https://www.youtube.com/watch?v={ID}"
LIST = "https://www.youtube.com/playlist?list="


@pytest.mark.parametrize(
    ("text", "kind", "url"),
    [
        (WATCH, SourceKind.VIDEO, WATCH),
        (f" http://youtu.be/{ID}?si=abc&t=16 \n", SourceKind.VIDEO, WATCH),
        (f"youtube.com/shorts/{ID}", SourceKind.VIDEO, WATCH),
        (f"m.youtube.com/watch?v={ID}&pp=xyz", SourceKind.VIDEO, WATCH),
        (f"{LIST}PLabc_-123", SourceKind.PLAYLIST, f"{LIST}PLabc_-123"),
        ("https://music.youtube.com/playlist?list=OLAK5uy_x&si=1", SourceKind.PLAYLIST, f"{LIST}OLAK5uy_x"),
        ("https://www.youtube.com/@TuringPost", SourceKind.CHANNEL, "https://www.youtube.com/@TuringPost/videos"),
        ("youtube.com/@a.b-c/shorts?x=1", SourceKind.CHANNEL, "https://www.youtube.com/@a.b-c/shorts"),
        ("https://www.youtube.com/@%E6%9D%8E/about", SourceKind.CHANNEL, "https://www.youtube.com/@%E6%9D%8E/videos"),
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
            SourceKind.CHANNEL,
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos",
        ),
        ("https://www.youtube.com/c/a16z/streams", SourceKind.CHANNEL, "https://www.youtube.com/c/a16z/streams"),
        ("https://vimeo.com/123#t=5s", SourceKind.UNKNOWN, "https://vimeo.com/123"),
    ],
)  # fmt: skip
def test_what_an_address_names(text: str, kind: SourceKind, url: str) -> None:
    found = parse_source(text)
    assert found is not None
    assert (found.kind, found.url) == (kind, url)


def test_a_video_in_a_playlist_names_both() -> None:
    found = parse_source(f"{WATCH}&list=PLabc123&index=3")
    assert found is not None
    assert found.kind is SourceKind.VIDEO
    assert found.playlist is not None
    assert found.playlist.url == f"{LIST}PLabc123"
    mix = parse_source(f"{WATCH}&list=RDabc123")  # has no end
    assert mix is not None
    assert mix.playlist is None


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", ID, "ftp://youtube.com/watch?v=" + ID, "https://www.youtube.com/", "https://www.youtube.com/feed/library",
        "http://vimeo.com/123", "https://user:pass@vimeo.com/1", "https://localhost/x", "https://192.168.0.1/v", "https://10.1",
        "file:///etc/passwd", "--exec=rm https://vimeo.com/1", "-https://vimeo.com/1", "javascript:alert(1)",
        "https://vimeo.com/`rm`", "https://www.youtube.com/@a b", "https://www.youtube.com/@../../x", f"{LIST}--exec rm",
        "https://www.youtube.com/channel/UC--exec", f"{LIST}a;b", "https://vimeo.com/1\nhttps://vimeo.com/2",
        f"https://evil.example@www.youtube.com/watch?v={ID}", "https://vimeo.com/" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_refused(text: str) -> None:
    assert parse_source(text) is None


@given(
    st.text(max_size=60).flatmap(
        lambda text: st.sampled_from([text, f"https://{text}", f"youtube.com/{text}"])
    )
)
def test_whatever_comes_out_is_one_plain_https_address(text: str) -> None:
    found = parse_source(text)
    if found is not None:
        assert found.url.startswith("https://")
        assert not any(letter.isspace() or letter in "'\"`<>\\\x00" for letter in found.url)
