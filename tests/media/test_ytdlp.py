"""Only what is on the list ever becomes an argument."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.base.errors import ViewerError
from viewer.domain.video import Segment, VideoRef, parse_address
from viewer.media import ytdlp

ALLOWED = {
    *(
        "--ignore-config",
        "--no-playlist",
        "--color",
        "--newline",
        "--no-mtime",
        "--socket-timeout",
        "--retries",
    ),
    *("--fragment-retries", "--js-runtimes", "--cookies-from-browser", "--proxy", "--limit-rate"),
    *("--match-filters", "--no-simulate", "--simulate", "--no-overwrites", "--http-chunk-size", "--progress"),
    *("--progress-template", "-f", "-S", "--merge-output-format", "--ffmpeg-location", "--download-sections"),
    *("--force-keyframes-at-cuts", "-o", "--"),
}
TAKES_NO_VALUE = {
    *(
        "--ignore-config",
        "--no-playlist",
        "--newline",
        "--no-mtime",
        "--no-simulate",
        "--simulate",
        "--progress",
    ),
    *("--no-overwrites", "--force-keyframes-at-cuts"),
}

videos = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{11}", fullmatch=True).map(VideoRef.youtube),
    st.from_regex(r"https?://[a-z0-9-]{1,9}\.[a-z]{2,3}/[^\s#]{0,30}", fullmatch=True)
    .map(parse_address)
    .filter(lambda address: address is not None)
    .map(lambda address: address.video if address else VideoRef.youtube("A" * 11)),
)


def options_of(argv: list[str]) -> list[str]:
    found, at = [], 0
    while argv[at] != "--":
        found.append(argv[at])
        at += 1 if argv[at] in TAKES_NO_VALUE else 2
    return found


@given(
    video=videos,
    start=st.integers(0, 10**9),
    length=st.integers(1, 10**7),
    quality=st.sampled_from(ytdlp.QUALITIES),
    browser=st.sampled_from(["", *ytdlp.BROWSERS]),
    rate=st.integers(0, 10**6),
    reencode=st.booleans(),
)
def test_every_option_is_on_the_list_and_the_address_stands_last(
    video: VideoRef, start: int, length: int, quality: str, browser: str, rate: int, reencode: bool
) -> None:
    request = ytdlp.DownloadRequest(
        video,
        Path("/tmp/work/clip"),
        quality,
        Path("/usr/bin/ffmpeg"),
        Path("/usr/bin/deno"),
        Segment(video, start, start + length),
        reencode,
        ytdlp.NetworkChoices(browser, "socks5://127.0.0.1:1080", rate),
    )
    for argv in (
        ytdlp.download_arguments(request),
        ytdlp.resolve_arguments(video, quality, request.network, request.deno, request.ffmpeg),
    ):
        assert argv[0] == "--ignore-config"
        assert set(options_of(argv)) <= ALLOWED
        assert argv.count("--") == 1
        assert argv[-2:] == ["--", video.url]
        assert argv[-1].startswith(("https://", "http://"))


@pytest.mark.parametrize("video_id", ["--exec-rm12", "-bcdefghijk", "-----------", "-o-P-x-y-z_"])
def test_an_id_that_looks_like_an_option_stays_an_address(video_id: str) -> None:
    argv = ytdlp.resolve_arguments(VideoRef.youtube(video_id), "720", ytdlp.NetworkChoices(), None, None)
    assert argv[-2:] == ["--", f"https://www.youtube.com/watch?v={video_id}"]


@pytest.mark.parametrize(
    "url", ["--exec=rm", "file:///etc/passwd", "https://a.b/ --exec x", "javascript:1", "https://u:p@a.bc/"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        ytdlp.safe_address(VideoRef(url, url))


def test_a_forged_youtube_address_is_rebuilt_from_the_id() -> None:
    assert ytdlp.safe_address(VideoRef("a" * 11, "--exec=x")) == "https://www.youtube.com/watch?v=" + "a" * 11


@pytest.mark.parametrize("browser", ["firefox:/tmp", "../x", "chrome+x", "--exec"])
def test_a_browser_must_be_a_known_one(browser: str) -> None:
    with pytest.raises(ViewerError):
        ytdlp.NetworkChoices(cookies_browser=browser)


@pytest.mark.parametrize("proxy", ["--exec=x", "file:///x", "http://a b", "127.0.0.1:80"])
def test_a_proxy_must_look_like_one(proxy: str) -> None:
    with pytest.raises(ViewerError):
        ytdlp.NetworkChoices(proxy=proxy)


def test_a_percent_sign_in_the_folder_is_no_template() -> None:
    video = VideoRef.youtube("a" * 11)
    request = ytdlp.DownloadRequest(video, Path("/tmp/100%/clip"), "720", Path("/usr/bin/ffmpeg"))
    argv = ytdlp.download_arguments(request)
    assert argv[argv.index("-o") + 1] == "/tmp/100%%/clip.%(ext)s"


def test_progress_is_read_and_chatter_is_not() -> None:
    line = 'SOUNDBITE {"downloaded_bytes": 1024, "total_bytes_estimate": 4096.5, "speed": 100.5, "eta": null}'
    told = ytdlp.parse_progress(line)
    assert told == ytdlp.DownloadLine(1024, 4096, 100.5, None)
    assert ytdlp.parse_progress("[download] 5%") is None
    assert ytdlp.parse_progress("SOUNDBITE {broken") is None


@given(st.text())
def test_no_line_breaks_the_reader(line: str) -> None:
    ytdlp.parse_progress("SOUNDBITE {" + line)


def test_the_command_to_copy_is_the_notes_own() -> None:
    command = ytdlp.note_command(Segment(VideoRef.youtube("-bcdefghijk"), 16000, 60000), "x.mp4")
    assert command[:4] == ["yt-dlp", "--download-sections", "*16.000-60.000", "--force-keyframes-at-cuts"]
    assert command[-1].endswith("watch?v=-bcdefghijk")
