"""Looking at addresses and making notes: the unmodified yt-dlp against the stand-in."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.standin import catalogue, playlists
from tests.standin.server import StandinServer
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.base.paths import AppPaths
from viewer.domain.transcript import Cue
from viewer.domain.video import VideoRef
from viewer.domain.video_source import VideoSource, parse_source
from viewer.formats.note_writer import write_note
from viewer.formats.registry import parse
from viewer.media.caption_store import CaptionStore, KeptCaptions
from viewer.media.failures import FailureKind, MediaError, classify
from viewer.media.listing import look_arguments, read_line
from viewer.media.note_fetcher import Looked, NoteFetcher, halts, is_cut_off
from viewer.media.options import FetchOptions
from viewer.media.video_facts import note_of, read_facts
from viewer.media.ytdlp import NetworkChoices

TALK = VideoRef.youtube(catalogue.TALK_ID)


def source(text: str) -> VideoSource:
    found = parse_source(text)
    assert found is not None
    return found


def playlist(list_id: str) -> VideoSource:
    return source(f"https://www.youtube.com/playlist?list={list_id}")


@pytest.fixture
def fetcher(standin: StandinServer, monkeypatch: pytest.MonkeyPatch) -> NoteFetcher:
    for name, value in standin.environment.items():
        monkeypatch.setenv(name, value)
    paths = AppPaths.standard()
    return NoteFetcher(paths, CaptionStore(paths.captions, ["en"]), FetchOptions(), pauses_s=(0.1, 0.1))


def test_the_arguments_are_a_fixed_list(tmp_path: Path) -> None:
    found = look_arguments(playlist("PLabc"), tmp_path / "v", NetworkChoices(), None)
    assert found[0] == "--ignore-config"
    assert found[-2:] == ["--", "https://www.youtube.com/playlist?list=PLabc"]
    for bad in ("--exec=rm", "https://vimeo.com/1 2", "http://vimeo.com/1", "file:///etc/passwd"):
        with pytest.raises(ValueError):
            look_arguments(VideoSource(playlist("PLabc").kind, bad), tmp_path / "v", NetworkChoices(), None)


@pytest.mark.parametrize("line", ["", "x", "SOUNDBITE-ENTRY", "SOUNDBITE-ENTRY {", "SOUNDBITE-ENTRY []"])
def test_other_lines_tell_nothing(line: str) -> None:
    assert read_line(line) is None


def test_an_entry_that_is_no_video_or_leads_astray_is_passed_over() -> None:
    for url in (
        "https://www.youtube.com/playlist?list=PLabc",
        "http://127.0.0.1/x",
        "file:///etc/passwd",
        "",
        5,
    ):
        read = read_line('SOUNDBITE-ENTRY {"_type": "url", "url": "%s"}' % url)  # noqa: UP031
        assert read is not None
        assert read.entry is None


@pytest.mark.parametrize(
    "info",
    [{}, {"title": 5, "duration": "x", "tags": "no", "chapters": [1, {"start_time": "a"}], "upload_date": "20259999"},
     {"duration": float("nan"), "view_count": True, "chapters": {"a": 1}, "description": None}],
)  # fmt: skip
def test_any_info_is_bearable(info: dict[str, object]) -> None:
    facts = read_facts(TALK, info)
    assert facts.chapters == ()
    assert facts.metadata.duration_ms is None


def test_one_video_is_told_before_anything_is_added(fetcher: NoteFetcher, standin: StandinServer) -> None:
    found = fetcher.look(source(TALK.url))
    assert not found.is_list
    assert found.facts is not None
    assert (found.channel, found.facts.metadata.duration_ms) == ("Turing Post", 516_000)
    assert found.captions == "the author's captions, en"
    assert found.facts.chapters[1] == (16_000, "The Gentle Singularity")
    before = len(standin.requests(kind="catalogue"))
    note = fetcher.note(TALK, found.info)
    assert len(standin.requests(kind="catalogue")) == before == 1  # it is not asked twice
    read = parse(write_note(note))
    assert read.title.startswith("What does Sam Altman actually want?")
    assert [(point.title, point.start_ms) for point in read.key_points][:2] == [
        ("Intro", 0),
        ("The Gentle Singularity", 16_000),
    ]
    assert read.transcript.cues[0].text.startswith("We all know that Sam Altman")
    assert ("captions", "en, by the author") in read.metadata.extra
    assert not read.problems
    assert not list(AppPaths.standard().work.iterdir())


def test_paragraphs_keep_to_chapters_and_speakers() -> None:
    said = (
        Cue(0, 4000, None, ">> JANE DOE: So this is"),
        Cue(4000, 8000, None, "how it began."),
        Cue(8000, 12_000, None, "And this is how"),
        Cue(12_000, 16_000, None, "it went on. >> Really?"),
    )
    facts = read_facts(
        TALK, {"chapters": [{"start_time": 8, "title": "On"}, {"start_time": 0, "title": "In"}]}
    )
    note = note_of(facts, KeptCaptions(TALK, "en", False, said, 16_000))
    assert [(cue.speaker, cue.text) for cue in note.transcript.cues] == [
        ("Jane Doe", "So this is how it began."),
        ("Jane Doe", "And this is how it went on."),
        (None, "Really?"),
    ]
    assert note.transcript.cues[1].start_ms == 8000
    read = parse(write_note(note))
    assert [cue.speaker for cue in read.transcript.cues] == ["Jane Doe", "Jane Doe", None]


def test_a_video_without_captions_gives_a_note_without_a_transcript(fetcher: NoteFetcher) -> None:
    note = fetcher.note(VideoRef.youtube(catalogue.NO_CAPTIONS_ID))
    assert note.title == "No captions"
    assert note.transcript.cues == ()


def test_a_list_is_read_flat(fetcher: NoteFetcher, standin: StandinServer) -> None:
    found = fetcher.look(playlist(playlists.MIXED_ID))
    assert found.is_list
    assert (found.title, found.channel) == ("Talks, and some that are gone", "Turing Post")
    assert [entry.gone for entry in found.entries] == [
        None,
        FailureKind.PRIVATE,
        FailureKind.REMOVED,
        None,
        None,
    ]
    assert found.entries[0].duration_ms == 60_000
    assert standin.requests(kind="catalogue") == []


def test_a_channel_and_a_long_list_come_page_by_page(fetcher: NoteFetcher, standin: StandinServer) -> None:
    found = fetcher.look(source(f"https://www.youtube.com/{playlists.CHANNEL}"))
    assert [entry.video.id for entry in found.entries] == list(playlists.SIX[:3])
    told: list[object] = []
    found = fetcher.look(playlist(playlists.LARGE_ID), told.append)
    assert len(found.entries) == 250
    assert Looked(1) in told
    assert Looked(250) in told


@pytest.mark.parametrize(
    ("address", "kind", "words"),
    [
        (playlists.PRIVATE_LIST_ID, FailureKind.PRIVATE, "This playlist is private."),
        ("PLnobodyhasthis0", FailureKind.REMOVED, "There is no such playlist or channel"),
        (playlists.EMPTY_ID, FailureKind.NO_FORMAT, "There are no videos in this list."),
    ],
)
def test_why_a_list_cannot_be_had(fetcher: NoteFetcher, address: str, kind: FailureKind, words: str) -> None:
    with pytest.raises(MediaError) as caught:
        fetcher.look(playlist(address))
    assert caught.value.kind is kind
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("video_id", "kind", "words"),
    [
        ("PRIVATE0001", FailureKind.PRIVATE, "This video is private."),
        ("REMOVED0001", FailureKind.REMOVED, "This video is no longer available."),
        ("MEMBERS0001", FailureKind.SIGN_IN, "only for members"),
        ("LIVESOON001", FailureKind.PREMIERE, "has not been shown yet"),
        (catalogue.LIVE_ID, FailureKind.LIVE, "live broadcast"),
        ("TOOMANY0429", FailureKind.TOO_MANY_REQUESTS, "too many requests"),
    ],
)
def test_why_a_video_gives_no_note(
    fetcher: NoteFetcher, video_id: str, kind: FailureKind, words: str
) -> None:
    with pytest.raises(MediaError) as caught:
        fetcher.note(VideoRef.youtube(video_id))
    assert caught.value.kind is kind
    assert words in caught.value.message


def test_after_429_it_waits_and_asks_again(fetcher: NoteFetcher, standin: StandinServer) -> None:
    standin.fault("status", status=429, times=1, kind="list")
    assert len(fetcher.look(playlist(playlists.PLAYLIST_ID)).entries) == 6
    assert len(standin.requests(kind="list")) == 2


def test_what_would_be_so_for_every_video() -> None:
    robot = classify(["ERROR: [youtube] x: Sign in to confirm you’re not a bot. Use --cookies"])
    assert is_cut_off(robot)
    assert not is_cut_off(classify(["ERROR: Private video"]))
    assert halts(MediaError(FailureKind.DISK_FULL))
    assert not halts(robot)


def test_offline_nothing_is_asked(fetcher: NoteFetcher, standin: StandinServer) -> None:
    fetcher.options = FetchOptions(offline=True)
    for ask in (lambda: fetcher.look(source(TALK.url)), lambda: fetcher.note(TALK)):
        with pytest.raises(MediaError) as caught:
            ask()
        assert caught.value.kind is FailureKind.OFFLINE
    assert standin.requests() == []


def test_stopping_acts_at_once(fetcher: NoteFetcher, standin: StandinServer) -> None:
    standin.latency = 5.0
    token = CancelToken()
    threading.Timer(0.7, token.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        fetcher.look(playlist(playlists.PLAYLIST_ID), cancel=token)
    assert time.monotonic() - began < 2.5
