"""Fetching captions: the unmodified yt-dlp against the stand-in, kept afterwards."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

import pytest

from tests.standin import catalogue
from tests.standin.server import StandinServer
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.base.paths import AppPaths
from viewer.domain.transcript import Cue
from viewer.domain.video import VideoRef
from viewer.media import captions
from viewer.media.caption_store import CaptionStore, KeptCaptions
from viewer.media.captions import CaptionFetcher, Track, choose_tracks
from viewer.media.failures import FailureKind, MediaError
from viewer.media.fetcher import FetchOptions
from viewer.media.progress import FetchProgress, FetchStage
from viewer.media.ytdlp import NetworkChoices

INTERVIEW = VideoRef.youtube(catalogue.INTERVIEW_ID)
TALK = VideoRef.youtube(catalogue.TALK_ID)


@pytest.fixture
def fetcher(standin: StandinServer, monkeypatch: pytest.MonkeyPatch) -> CaptionFetcher:
    for name, value in standin.environment.items():
        monkeypatch.setenv(name, value)
    paths = AppPaths.standard()
    return CaptionFetcher(paths, CaptionStore(paths.captions, ["en"]), FetchOptions(), pauses_s=(0.1, 0.1))


def _info(authors: str = "", machine: str = "", language: str | None = None) -> dict[str, object]:
    return {
        "subtitles": {name: [] for name in authors.split()},
        "automatic_captions": {name: [] for name in machine.split()},
        "language": language,
    }


@pytest.mark.parametrize(
    ("info", "languages", "chosen"),
    [
        (_info("en", "en en-orig de"), ["en"], "en, en-orig*"),
        (_info("", "en en-orig de"), ["en"], "en-orig*"),
        (_info("en-GB fr", "en-orig"), ["en"], "en-GB, en-orig*"),
        (_info("en-GB en", ""), ["en-GB"], "en-GB, en"),
        (_info("", "de-orig de en fr"), ["en"], ""),  # "en" is a machine's translation of German
        (_info("de-en", "de-en en"), ["de"], ""),  # the author's English, translated
        (_info("", "de-orig de en fr"), ["en", "de"], "de-orig*"),
        (_info("zh-Hans", ""), ["zh"], "zh-Hans"),
        (_info("pt-BR", "pt-BR-orig"), ["pt"], "pt-BR, pt-BR-orig*"),
        (_info("", "en", "en"), ["en"], "en*"),  # other sites have no "-orig"
        (_info("", "en", "fr"), ["en"], ""),
        (_info("all -en --exec live_chat", "../x"), ["en", "all", "-en", "live_chat"], ""),
    ],
)
def test_which_tracks_are_taken(info: dict[str, object], languages: list[str], chosen: str) -> None:
    names = [track.language + "*" * track.automatic for track in choose_tracks(info, languages)]
    assert ", ".join(names) == chosen


@pytest.mark.parametrize("info", [{}, {"subtitles": None}, {"subtitles": [1], "automatic_captions": "en"}])
def test_any_info_is_bearable(info: dict[str, object]) -> None:
    assert choose_tracks(info, ["en"]) == []


def test_the_arguments_are_a_fixed_list(tmp_path: Path) -> None:
    found = captions.list_arguments(INTERVIEW, tmp_path / "v", NetworkChoices(), None)
    assert found[0] == "--ignore-config"
    assert found[-2:] == ["--", INTERVIEW.url]
    found = captions.track_arguments(
        tmp_path / "i.json", Track("en-orig", True), tmp_path / "t", NetworkChoices(), None
    )
    assert "--skip-download" in found
    assert found[found.index("--sub-langs") + 1] == r"en\-orig"
    assert found[-2:] == ["--load-info-json", str(tmp_path / "i.json")]
    for bad in ("-en", "en,all", "all", "e n", "en.*", ""):
        with pytest.raises(ValueError):
            captions.track_arguments(tmp_path / "i", Track(bad, True), tmp_path / "t", NetworkChoices(), None)


def test_automatic_captions_come_with_word_times_and_stay(
    fetcher: CaptionFetcher, standin: StandinServer
) -> None:
    told: list[FetchProgress] = []
    dead = AppPaths.standard().work / "captions-dead"
    dead.mkdir(parents=True)
    os.utime(dead, (0, 0))
    found = fetcher.fetch(INTERVIEW, ["en"], told.append)  # type: ignore[arg-type]
    assert found.automatic
    assert found.transcript.origin == "captions:en:automatic"
    assert found.duration_ms == 600_000
    text, start, _ = catalogue.interview_quotes()[0]
    row = found.transcript.cue_at(start)
    assert row is not None
    cue = found.cues[row]
    assert (cue.start_ms, cue.text) == (start, "i was always against vertical integration and i")
    assert len(cue.words) == len(cue.text.split())
    # A line of one word has its time as well.
    assert all(len(cue.words) == len(cue.text.split()) for cue in found.cues)
    assert any(" " not in cue.text for cue in found.cues)
    assert [value.stage for value in told][-1] is FetchStage.DONE
    assert len(standin.requests(kind="captions")) == 1

    standin.stop()
    fetcher.options = FetchOptions(offline=True)
    assert fetcher.fetch(INTERVIEW, ["en"]) == found
    assert CaptionStore(AppPaths.standard().captions).find(INTERVIEW) == found.transcript
    assert not list(AppPaths.standard().work.iterdir())


def test_the_authors_come_first(fetcher: CaptionFetcher) -> None:
    found = fetcher.fetch(TALK, ["en"])
    assert not found.automatic
    assert found.transcript.origin == "captions:en"
    assert found.cues[0].text.startswith("We all know that Sam Altman")
    # The author gives whole cues; the times of their words are the machine's.
    assert all(len(cue.words) == len(cue.text.split()) for cue in found.cues)
    second = found.cues[1]
    assert second.start_ms is not None
    assert abs(second.words[0] - second.start_ms) < 300


def test_the_authors_do_without_word_times_when_the_machine_fails(
    fetcher: CaptionFetcher, standin: StandinServer
) -> None:
    standin.fault("status", kind="captions", status=404, after_requests=1)
    found = fetcher.fetch(TALK, ["en"])
    assert (found.automatic, len(found.cues)) == (False, 26)
    assert not any(cue.words for cue in found.cues)


def test_no_captions_is_said(fetcher: CaptionFetcher) -> None:
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(VideoRef.youtube(catalogue.NO_CAPTIONS_ID), ["en"])
    assert caught.value.kind is FailureKind.NO_CAPTIONS
    assert caught.value.message == "This video has no captions."


def test_none_in_my_language_names_the_others(fetcher: CaptionFetcher) -> None:
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(TALK, ["de"])
    assert caught.value.kind is FailureKind.NO_CAPTIONS
    assert "only in: en" in caught.value.message


def test_offline_asks_nobody(fetcher: CaptionFetcher, standin: StandinServer) -> None:
    fetcher.options = FetchOptions(offline=True)
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(TALK, ["en"])
    assert caught.value.kind is FailureKind.OFFLINE
    assert not standin.requests()


def test_too_many_requests_is_waited_out(fetcher: CaptionFetcher, standin: StandinServer) -> None:
    fault = standin.fault("status", kind="captions", status=429, times=1)
    assert fetcher.fetch(TALK, ["en"]).cues
    assert fault.struck == 1


def test_too_many_requests_for_ever_is_said(fetcher: CaptionFetcher, standin: StandinServer) -> None:
    fetcher._pauses_s = (0.01,)
    standin.fault("status", kind="captions", status=429)
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(TALK, ["en"])
    assert caught.value.kind is FailureKind.TOO_MANY_REQUESTS
    assert not fetcher.store.has(TALK)


def test_a_private_video_is_said(fetcher: CaptionFetcher) -> None:
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(VideoRef.youtube("PRIVATE0001"), ["en"])
    assert caught.value.kind is FailureKind.PRIVATE


def test_formats_that_cannot_be_had_do_not_hide_the_captions(fetcher: CaptionFetcher) -> None:
    assert fetcher.fetch(VideoRef.youtube(catalogue.SABR_ONLY_ID), ["en"]).cues


def test_cancelling_acts_at_once(fetcher: CaptionFetcher, standin: StandinServer) -> None:
    standin.fault("stall", kind="captions")
    token = CancelToken()
    threading.Timer(2.0, token.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        fetcher.fetch(TALK, ["en"], cancel=token)
    assert time.monotonic() - began < 4
    assert not fetcher.store.has(TALK)


def _kept(language: str, automatic: bool, text: str = "hello") -> KeptCaptions:
    return KeptCaptions(TALK, language, automatic, (Cue(0, 900, None, text, words=(0,)),), 5000)


def test_the_wanted_language_is_found_first(tmp_path: Path) -> None:
    store = CaptionStore(tmp_path, ["en", "fr"])
    assert store.find(TALK) is None
    for one in (_kept("de", False), _kept("fr", False), _kept("en-GB", True)):
        store.add(one)
    assert store.kept(TALK) == _kept("en-GB", True)
    assert CaptionStore(tmp_path, ["fr"]).kept(TALK) == _kept("fr", False)
    store.forget(TALK)
    assert not store.has(TALK)


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"version": 1}', '{"version":1,"video":{"id":"x"}}'])
def test_a_damaged_file_is_passed_over(tmp_path: Path, damage: str) -> None:
    store = CaptionStore(tmp_path)
    path = store.add(_kept("en", False))
    good = json.loads(path.read_text("utf-8"))
    path.write_text(damage, "utf-8")
    assert store.find(TALK) is None
    path.write_text(json.dumps({**good, "cues": [[0, 1, None, 7, []]]}), "utf-8")
    assert store.find(TALK) is None
