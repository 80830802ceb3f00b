"""Missing clips are fetched first, and all that cannot be had is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.export.conftest import png
from tests.standin import catalogue, media
from tests.standin.server import StandinServer
from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import Cancelled
from viewer.domain.cited_quote import CitedQuote, Heading, OutlinePart
from viewer.domain.video import Segment, VideoRef
from viewer.export.film import make_film
from viewer.export.film_parts import FilmOptions, plan_film
from viewer.export.gathering import ClipsMissingError, GatherProgress, gather, segments_of
from viewer.media.clip_files import Clip
from viewer.media.failures import FailureKind, MediaError
from viewer.media.fetcher import Fetcher
from viewer.media.progress import FetchProgress, FetchStage
from viewer.media.tools import Tools

VIDEO = VideoRef.youtube("abcdefghijk")


def segment(start_s: int) -> Segment:
    return Segment(VIDEO, start_s * 1000, start_s * 1000 + 3000)


def outline(*starts: int) -> list[OutlinePart]:
    return [
        Heading("h"),
        *(CitedQuote(f"Words at {at}", segment=segment(at)) for at in starts),
        CitedQuote("none"),
    ]


class Fetches:
    def __init__(self, **fails: FailureKind) -> None:
        self.fails = {int(at[1:]): kind for at, kind in fails.items()}
        self.asked: list[int] = []

    def fetch(self, wanted: Segment, progress: Progress, cancel: CancelToken) -> Clip:
        at = wanted.start_ms // 1000
        self.asked.append(at)
        if at in self.fails:
            raise MediaError(self.fails[at])
        progress(FetchProgress(FetchStage.DOWNLOADING, fraction=0.5))
        return Clip(wanted, "720", Path(f"{at}.mp4"), 1, 0.0, 0.0)


def test_each_clip_is_fetched_once_in_order() -> None:
    fetches, told = Fetches(), []
    clips = gather(outline(5, 9, 5), fetches, told.append)
    assert (list(clips), fetches.asked) == ([segment(5), segment(9)], [5, 9])
    fractions = [one.fraction for one in told if isinstance(one, GatherProgress)]
    assert fractions == [0.0, 0.25, 0.5, 0.75]
    assert segments_of(outline(5, 9, 5)) == [segment(5), segment(9)]


def test_all_that_is_missing_is_told_at_once() -> None:
    fetches = Fetches(_5=FailureKind.OFFLINE, _20=FailureKind.OFFLINE)
    with pytest.raises(ClipsMissingError) as caught:
        gather(outline(5, 9, 20), fetches)
    assert fetches.asked == [5, 9, 20]
    assert [one.segment for one in caught.value.missing] == [segment(5), segment(20)]
    said = str(caught.value)
    assert said.startswith("2 of 3 clips are missing.")
    assert "Words at 5 (0:05-0:08)" in said.replace("–", "-")
    assert said.count("work offline") == 1


def test_a_full_disk_ends_it() -> None:
    fetches = Fetches(_5=FailureKind.DISK_FULL)
    with pytest.raises(MediaError) as caught:
        gather(outline(5, 9), fetches)
    assert caught.value.kind is FailureKind.DISK_FULL
    assert fetches.asked == [5]


def test_a_cancel_ends_it() -> None:
    token, fetches = CancelToken(), Fetches()
    with pytest.raises(Cancelled):
        gather(outline(5, 9), fetches, lambda value: token.cancel(), token)
    assert fetches.asked == [5]


def test_a_film_of_clips_that_the_fetcher_has_brought(
    fetcher: Fetcher, standin: StandinServer, tools: Tools, tmp_path: Path
) -> None:
    video = VideoRef.youtube(catalogue.SHORT_ID)
    quotes = [
        CitedQuote("Late words", segment=Segment(video, 31_350, 34_020)),
        CitedQuote("Early words", segment=Segment(video, 12_000, 14_500)),
    ]
    clips = gather(quotes, fetcher)
    parts = plan_film(quotes, FilmOptions(cards=False))
    made = make_film("t", parts, clips, tmp_path / "f.mp4", FilmOptions(), png, tools.ffmpeg)
    numbers = media.frame_numbers(made.path)
    assert numbers == [*range(941, 1021), *range(360, 435)]
    heard = media.audio_time(made.path, 2.67 + 0.1)
    assert heard is not None
    assert abs(heard - 12.1) < 0.025


def test_offline_many_are_shortened() -> None:
    starts = list(range(0, 80, 10))
    fetches = Fetches(**{f"_{at}": FailureKind.OFFLINE for at in starts})
    with pytest.raises(ClipsMissingError, match="and 3 more"):
        gather(outline(*starts), fetches)
