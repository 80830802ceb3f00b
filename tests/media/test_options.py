"""Every choice of the preferences becomes arguments from a fixed list, and nothing else does."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from viewer.base.errors import ViewerError
from viewer.base.settings_table import setting
from viewer.domain.video import Segment, VideoRef
from viewer.media import ytdlp
from viewer.media.caption_store import is_language
from viewer.media.options import FetchOptions

VIDEO = VideoRef.youtube("ZAJ4D8RAyfY")


def arguments(options: FetchOptions) -> tuple[list[str], list[str]]:
    """What yt-dlp is told for finding addresses, and for downloading a section."""
    resolve = ytdlp.resolve_arguments(VIDEO, options.quality, options.network, None, None)
    request = ytdlp.DownloadRequest(
        *(VIDEO, Path("/somewhere/clip"), options.quality, Path("/usr/bin/ffmpeg")),
        segment=Segment(VIDEO, 0, 1000),
        network=options.network,
    )
    return resolve, ytdlp.download_arguments(request)


def test_the_preferences_offer_exactly_what_is_allowed() -> None:
    assert setting("fetch.quality").choices == ytdlp.QUALITIES
    assert setting("fetch.cookies_browser").choices == ("", *ytdlp.BROWSERS)


@pytest.mark.parametrize("quality", ytdlp.QUALITIES)
def test_a_quality_is_a_largest_height(quality: str) -> None:
    for argv in arguments(FetchOptions(quality=quality)):
        given = [after for option, after in itertools.pairwise(argv) if option == "-S"]
        assert given == ([] if quality == "best" else [f"res:{quality}"])


def test_cookies_proxy_and_speed_reach_every_run() -> None:
    options = FetchOptions(cookies_browser="firefox", proxy="socks5://127.0.0.1:1080", rate_limit_kib=300)
    for argv in arguments(options):
        text = " ".join(argv)
        assert "--cookies-from-browser firefox" in text
        assert "--proxy socks5://127.0.0.1:1080" in text
        assert "--limit-rate 300K" in text
        assert argv[-2:] == ["--", VIDEO.url]


def test_nothing_chosen_is_nothing_said() -> None:
    for argv in arguments(FetchOptions()):
        assert not {"--cookies-from-browser", "--proxy", "--limit-rate", "--exec"} & set(argv)


@pytest.mark.parametrize(
    "bad",
    [
        {"quality": "720;rm"},
        {"cookies_browser": "firefox:/etc"},
        {"cookies_browser": "--exec"},
        {"proxy": "--exec=id"},
        {"proxy": "http://a b"},
        {"proxy": "file:///etc/passwd"},
    ],
)
def test_whatever_else_stands_in_the_settings_becomes_no_argument(bad: dict[str, str]) -> None:
    with pytest.raises((ViewerError, ValueError)):
        arguments(FetchOptions(**bad))  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "de", "pt-BR", "zh-Hans"])
def test_languages_of_captions(language: str) -> None:
    assert is_language(language)


@pytest.mark.parametrize("language", ["", "all", ".*", "en.*", "-en", "--exec", "en,de", "en de", "../en"])
def test_what_is_no_language_is_not_asked_for(language: str) -> None:
    assert not is_language(language)
