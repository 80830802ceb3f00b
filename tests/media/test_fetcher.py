"""From a segment to a file, with the real yt-dlp and ffmpeg against the stand-in."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.media.conftest import MakeFetcher, child_processes
from tests.standin import catalogue, media
from tests.standin.server import StandinServer
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.domain.video import Segment, VideoRef
from viewer.media import rungs
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.failures import FailureKind, MediaError
from viewer.media.fetcher import Fetcher
from viewer.media.progress import FetchProgress, FetchStage
from viewer.media.tools import Tools

SHORT = catalogue.SHORT_ID


def segment(start_s: float, end_s: float, video: str = SHORT) -> Segment:
    return Segment(VideoRef.youtube(video), int(start_s * 1000), int(end_s * 1000))


def assert_exact(clip: Clip, first: int, last: int) -> None:
    assert media.first_and_last_frame(clip.path) == (first, last, last - first + 1)
    heard = media.audio_time(clip.path)
    assert heard is not None
    assert abs(heard * 1000 - clip.segment.start_ms) < 25


def nothing_left(store: ClipStore) -> bool:
    return not store.folder.exists() or {path.name for path in store.folder.iterdir()} <= {"store.lock"}


def only(rung: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every other rung fail at once."""

    def refuse(*_: object) -> Path:
        raise MediaError(FailureKind.UNKNOWN, "switched off by the test")

    for name in ("by_ranges", "by_bounded_copy", "by_section_copy", "by_note_command"):
        if name != rung:
            monkeypatch.setattr(rungs, name, refuse)


# The clip


def test_a_clip_is_exact_and_asks_for_its_own_bytes_only(fetcher: Fetcher, standin: StandinServer) -> None:
    clip = fetcher.fetch(segment(16, 31))
    assert_exact(clip, 480, 929)
    talk = catalogue.MINUTE
    needed = sum(media.bytes_needed(media.make(talk, itag), 16, 31) for itag in ("134", "140"))
    assert standin.bytes_sent(kind="media") <= 1.02 * needed
    assert all(end is not None for _, end in standin.ranges())


def test_a_second_click_needs_no_network(fetcher: Fetcher, standin: StandinServer) -> None:
    first = fetcher.fetch(segment(16, 20))
    standin.stop()
    began = time.monotonic()
    again = fetcher.fetch(segment(16, 20))
    assert time.monotonic() - began < 0.15
    assert again.path == first.path
    inside = fetcher.fetch(segment(17, 19))
    assert (inside.path, inside.offset_ms(segment(17, 19))) == (first.path, 1000)


def test_a_file_to_take_along_is_cut_exactly_from_a_longer_one(
    fetcher: Fetcher, standin: StandinServer
) -> None:
    fetcher.fetch(segment(16, 20))
    standin.stop()
    clip = fetcher.fetch_exact(segment(17, 19))
    assert (clip.segment, clip.offset_ms(segment(17, 19))) == (segment(17, 19), 0)
    assert_exact(clip, 510, 569)
    assert fetcher.fetch_exact(segment(17, 19)).path == clip.path


def test_a_clip_that_runs_over_the_end_holds_nothing_behind_it(fetcher: Fetcher) -> None:
    fetcher.fetch(segment(58, 70))
    assert fetcher.fetch(segment(59, 65)).segment == segment(58, 70)
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(segment(61, 65))
    assert caught.value.kind is FailureKind.BEYOND_END


def test_the_second_clip_of_a_video_asks_for_no_addresses(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.fetch(segment(16, 18))
    standin.clear_log()
    fetcher.fetch(segment(40, 42))
    assert standin.requests(kind="catalogue") == []
    assert all(start for start, _ in standin.ranges()), "the index is remembered, too"


@pytest.mark.parametrize(
    ("video", "first", "last"),
    [
        (catalogue.FPS25_ID, 184, 227),
        (catalogue.FPS2997_ID, 221, 272),
        (catalogue.MUXED_ONLY_ID, 221, 272),
        (catalogue.VP9_ONLY_ID, 221, 272),
        (catalogue.HLS_ONLY_ID, 221, 272),
        (catalogue.AV1_ONLY_ID, 221, 272),
        (catalogue.HALF_DAY_ID, 8, 9),
    ],
)
def test_every_kind_of_video_is_exact(make_fetcher: MakeFetcher, video: str, first: int, last: int) -> None:
    clip = make_fetcher().fetch(segment(7.35, 9.1, video))
    assert_exact(clip, first, last)


@pytest.mark.parametrize("rung", ["by_ranges", "by_bounded_copy", "by_section_copy", "by_note_command"])
def test_every_rung_is_exact(fetcher: Fetcher, rung: str, monkeypatch: pytest.MonkeyPatch) -> None:
    only(rung, monkeypatch)
    assert_exact(fetcher.fetch(segment(16.35, 19.02)), 491, 570)


def test_a_video_without_sound(make_fetcher: MakeFetcher) -> None:
    clip = make_fetcher().fetch(segment(1, 3, catalogue.NO_SOUND_ID))
    assert media.first_and_last_frame(clip.path) == (30, 89, 60)


def test_an_id_that_begins_with_a_dash_is_an_id(make_fetcher: MakeFetcher) -> None:
    with pytest.raises(MediaError) as caught:
        make_fetcher().fetch(segment(1, 3, "-exec-rm-rf"))
    assert caught.value.kind is FailureKind.REMOVED


def test_the_best_quality_and_a_smaller_one(make_fetcher: MakeFetcher, standin: StandinServer) -> None:
    standin.prepare(SHORT, "136", "140")
    make_fetcher(quality="720").fetch(segment(2, 4))
    assert {request.itag for request in standin.requests(kind="media")} == {"136", "140"}


def test_a_range_over_the_end_is_mended(fetcher: Fetcher) -> None:
    clip = fetcher.fetch(segment(55, 80))
    assert_exact(clip, 1650, 1799)
    assert fetcher.fetch(segment(55, 80)).path == clip.path


# Failures


@pytest.mark.parametrize(
    ("video", "kind"),
    [
        ("PRIVATE0001", FailureKind.PRIVATE),
        ("REMOVED0001", FailureKind.REMOVED),
        ("GEOBLOCK001", FailureKind.BLOCKED_HERE),
        ("AGEGATE0001", FailureKind.AGE_WALL),
        ("BOTCHECK001", FailureKind.SIGN_IN),
        ("TOOMANY0429", FailureKind.TOO_MANY_REQUESTS),
        ("PREMIERE001", FailureKind.PREMIERE),
        (catalogue.LIVE_ID, FailureKind.LIVE),
        (catalogue.SABR_ONLY_ID, FailureKind.NO_FORMAT),
    ],
)
def test_refusals_end_at_once_in_plain_words(
    make_fetcher: MakeFetcher, video: str, kind: FailureKind
) -> None:
    fetcher = make_fetcher()
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(segment(1, 2, video))
    assert caught.value.kind is kind
    assert nothing_left(fetcher.store)


def test_a_place_after_the_end(fetcher: Fetcher) -> None:
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(segment(61, 70))
    assert caught.value.kind is FailureKind.BEYOND_END


def test_offline_means_no_network(make_fetcher: MakeFetcher, standin: StandinServer) -> None:
    fetcher = make_fetcher(offline=True)
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(segment(1, 2))
    assert caught.value.kind is FailureKind.OFFLINE
    with pytest.raises(MediaError):
        fetcher.prepare(VideoRef.youtube(SHORT))
    assert standin.requests() == []


def test_a_lesser_picture_is_better_than_none_offline(fetcher: Fetcher, make_fetcher: MakeFetcher) -> None:
    kept = fetcher.fetch(segment(16, 18))
    assert make_fetcher(quality="1080", offline=True).fetch(segment(16, 18)).path == kept.path


def test_no_network_is_told(make_fetcher: MakeFetcher, standin: StandinServer) -> None:
    fetcher = make_fetcher()
    standin.stop()
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(segment(1, 2))
    assert caught.value.kind is FailureKind.NO_NETWORK
    standin.start()
    fetcher.fetch(segment(1, 2))


def test_missing_programs_are_told(make_fetcher: MakeFetcher, tools: Tools) -> None:
    without = Tools((), tools.ffmpeg, None, tools.worker)
    with pytest.raises(MediaError) as caught:
        make_fetcher(with_tools=without).fetch(segment(1, 2))
    assert caught.value.kind is FailureKind.NO_YTDLP
    without = Tools(tools.ytdlp, None, None, tools.worker)
    with pytest.raises(MediaError) as caught:
        make_fetcher(with_tools=without).fetch(segment(1, 2))
    assert caught.value.kind is FailureKind.NO_FFMPEG


def test_a_broken_worker_leaves_the_command(make_fetcher: MakeFetcher, tools: Tools) -> None:
    broken = Tools(tools.ytdlp, tools.ffmpeg, tools.deno, (tools.ytdlp[0], "-c", "raise SystemExit('no')"))
    assert_exact(make_fetcher(with_tools=broken).fetch(segment(16, 17)), 480, 509)


def test_a_store_that_cannot_be_written_is_told(make_fetcher: MakeFetcher, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MediaError) as caught:
        make_fetcher(ClipStore(tmp_path / "file")).fetch(segment(1, 2))
    assert caught.value.kind is FailureKind.STORE_UNWRITABLE


# Faults on the line


def drop(standin: StandinServer) -> None:
    standin.fault("drop", after_bytes=300_000, times=1)


def drop_often(standin: StandinServer) -> None:
    for at in range(100_000, 1_000_000, 100_000):
        standin.fault("drop", after_bytes=at, times=1)


def refuse_in_the_middle(standin: StandinServer) -> None:
    standin.fault("status", status=403, after_bytes=200_000, times=1)


def too_many(standin: StandinServer) -> None:
    standin.fault("status", status=429, retry_after=0, times=2)


def server_error(standin: StandinServer) -> None:
    standin.fault("status", status=503, times=1)


def short(standin: StandinServer) -> None:
    standin.fault("short", length=1000, times=2)


def long(standin: StandinServer) -> None:
    standin.fault("long", length=1000, times=2)


@pytest.mark.parametrize(
    "break_it", [drop, drop_often, refuse_in_the_middle, too_many, server_error, short, long]
)
def test_the_fast_way_heals(
    fetcher: Fetcher,
    standin: StandinServer,
    break_it: Callable[[StandinServer], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only("by_ranges", monkeypatch)
    break_it(standin)
    assert_exact(fetcher.fetch(segment(16, 31)), 480, 929)


def test_a_stall_heals(fetcher: Fetcher, standin: StandinServer, monkeypatch: pytest.MonkeyPatch) -> None:
    only("by_ranges", monkeypatch)
    monkeypatch.setattr("viewer.media.ranges.SILENCE_S", 0.3)
    standin.fault("stall", itag="134", after_bytes=200_000, times=1)
    assert_exact(fetcher.fetch(segment(16, 31)), 480, 929)


def test_old_addresses_are_renewed_once(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.fetch(segment(1, 2))
    standin.revoke_addresses()
    standin.clear_log()
    assert_exact(fetcher.fetch(segment(16, 18)), 480, 539)
    assert len(standin.requests(kind="catalogue")) == 1


def test_addresses_that_expired_are_not_even_tried(fetcher: Fetcher, standin: StandinServer) -> None:
    standin.address_lifetime_s = 30  # less than our margin
    fetcher.fetch(segment(1, 2))
    standin.clear_log()
    fetcher.fetch(segment(3, 4))
    assert len(standin.requests(kind="catalogue")) == 1


def test_damaged_bytes_are_never_kept(fetcher: Fetcher, standin: StandinServer) -> None:
    entry = media.fragments(media.make(catalogue.MINUTE, "134"))[3]
    standin.fault("corrupt", itag="134", offset=entry[0], length=2000)
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(segment(16, 18))
    assert caught.value.kind is FailureKind.DAMAGED
    assert nothing_left(fetcher.store)
    standin.heal()
    assert_exact(fetcher.fetch(segment(16, 18)), 480, 539)


def test_the_failed_rung_and_why_are_in_the_log(
    fetcher: Fetcher, standin: StandinServer, caplog: pytest.LogCaptureFixture
) -> None:
    standin.fault("ignore_range")
    with caplog.at_level(logging.WARNING):
        assert_exact(fetcher.fetch(segment(16, 18)), 480, 539)
    assert "ranges failed: no-format" in caplog.text


# Cancel, share, tell


def test_cancel_in_mid_download_leaves_no_process_and_no_file(
    fetcher: Fetcher, standin: StandinServer
) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    before = child_processes()  # the idle worker
    standin.slow_line(1, 10)
    token = CancelToken()
    moments: list[float] = []

    def listen(value: object) -> None:
        if isinstance(value, FetchProgress) and value.done_bytes > 50_000 and not moments:
            moments.append(time.monotonic())
            threading.Thread(target=token.cancel).start()

    with pytest.raises(Cancelled):
        fetcher.fetch(segment(16, 60), listen, token)
    assert time.monotonic() - moments[0] < 0.4
    assert child_processes() <= before
    assert nothing_left(fetcher.store)


def test_cancel_while_yt_dlp_runs_ends_its_ffmpeg_too(
    fetcher: Fetcher, standin: StandinServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    only("by_section_copy", monkeypatch)
    fetcher.prepare(VideoRef.youtube(SHORT))
    before = child_processes()
    standin.fault("stall", after_bytes=300_000)
    token = CancelToken()

    def cancel_later() -> None:
        deadline = time.monotonic() + 20
        while len(child_processes() - before) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.2)
        moments.append(time.monotonic())
        token.cancel()

    moments: list[float] = []
    threading.Thread(target=cancel_later).start()
    with pytest.raises(Cancelled):
        fetcher.fetch(segment(16, 60), cancel=token)
    assert time.monotonic() - moments[0] < 0.5
    assert child_processes() <= before
    assert nothing_left(fetcher.store)


def test_cancel_while_resolving_ends_the_worker(fetcher: Fetcher, standin: StandinServer) -> None:
    standin.fault("stall", kind="catalogue")
    before = child_processes()  # the indexer's further processes, where library tests ran in this process
    token = CancelToken()
    threading.Timer(1.0, token.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        fetcher.fetch(segment(16, 60), cancel=token)
    assert time.monotonic() - began < 2
    assert child_processes() <= before


def test_two_clicks_are_one_download_and_the_last_one_to_leave_ends_it(
    fetcher: Fetcher, standin: StandinServer
) -> None:
    standin.slow_line(8, 5)
    results: list[object] = []
    tokens = [CancelToken(), CancelToken(), CancelToken()]

    def click(token: CancelToken) -> None:
        try:
            results.append(fetcher.fetch(segment(16, 31), cancel=token))
        except Cancelled:
            results.append("cancelled")

    threads = [threading.Thread(target=click, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    tokens[0].cancel()
    threads[0].join(1)
    assert results == ["cancelled"]
    for thread in threads:
        thread.join(30)
    clips = [result for result in results if isinstance(result, Clip)]
    assert len(clips) == 2
    assert standin.bytes_sent(itag="134") <= 1.02 * media.bytes_needed(
        media.make(catalogue.MINUTE, "134"), 16, 31
    )


def test_progress_is_true(fetcher: Fetcher, standin: StandinServer) -> None:
    standin.slow_line(10, 5)
    told: list[FetchProgress] = []
    fetcher.fetch(
        segment(16, 31), lambda value: told.append(value) if isinstance(value, FetchProgress) else None
    )
    stages = list(dict.fromkeys(value.stage for value in told))
    assert stages[0] is FetchStage.RESOLVING
    assert stages[-1] is FetchStage.DONE
    loading = [value for value in told if value.stage is FetchStage.DOWNLOADING and value.total_bytes]
    assert [value.done_bytes for value in loading] == sorted(value.done_bytes for value in loading)
    total = loading[-1].total_bytes
    assert total is not None
    assert abs(total - standin.bytes_sent(kind="media")) < 20_000
    speeds = [value.speed_bps for value in loading if value.speed_bps]
    assert speeds
    assert 0.4 < speeds[-1] / 1_250_000 < 1.6
    assert told[-1].fraction == 1.0


def test_the_speed_limit_holds(make_fetcher: MakeFetcher, standin: StandinServer) -> None:
    standin.prepare(SHORT, "134", "140")
    fetcher = make_fetcher(rate_limit_kib=500)
    fetcher.prepare(VideoRef.youtube(SHORT))
    began = time.monotonic()
    fetcher.fetch(segment(16, 19))
    least = standin.bytes_sent(kind="media") / (500 * 1024)
    assert 0.8 * least < time.monotonic() - began < 3 * least + 2


def test_a_fetcher_that_is_closed_leaves_no_process(fetcher: Fetcher) -> None:
    before = child_processes()
    fetcher.warm_up()
    assert child_processes() - before
    fetcher.close()
    assert not child_processes() - before


def test_a_configuration_file_lying_about_is_not_read(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    only("by_section_copy", monkeypatch)
    evil = tmp_path / "here"
    evil.mkdir()
    (evil / "yt-dlp.conf").write_text(f"--exec 'touch {tmp_path / 'ran'}'")
    monkeypatch.chdir(evil)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(evil))
    fetcher.fetch(segment(16, 17))
    assert not (tmp_path / "ran").exists()
    assert os.listdir(evil) == ["yt-dlp.conf"]


@pytest.mark.parametrize("rung", ["by_ranges", "by_section_copy"])
def test_the_users_own_yt_dlp_plugins_keep_working(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rung: str
) -> None:
    # The stand-in is such a plugin: taken off PYTHONPATH, it is found in yt-dlp's own folder for plugins.
    only(rung, monkeypatch)
    theirs = tmp_path / "config" / "yt-dlp" / "plugins" / "mine"
    shutil.copytree(Path(media.__file__).with_name("plugins"), theirs)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("PYTHONPATH")
    assert_exact(fetcher.fetch(segment(16, 17)), 480, 509)


# Whole videos, full disks


@pytest.mark.parametrize("rung", ["by_ranges", "whole_video"])
def test_a_whole_video_then_plays_every_timestamp(
    fetcher: Fetcher, standin: StandinServer, rung: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(rung, monkeypatch)
    whole = fetcher.fetch_whole(VideoRef.youtube(SHORT))
    assert whole.whole
    assert media.first_and_last_frame(whole.path) == (0, 1799, 1800)
    standin.stop()
    clip = fetcher.fetch(segment(16, 31))
    assert (clip.path, clip.offset_ms(segment(16, 31))) == (whole.path, 16_000)
    assert fetcher.fetch_whole(VideoRef.youtube(SHORT)).path == whole.path


def test_a_full_disk_is_told_before_the_download(
    fetcher: Fetcher, standin: StandinServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.media.fragments._SPARE_BYTES", 1 << 60)
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(segment(16, 31))
    assert caught.value.kind is FailureKind.DISK_FULL
    assert standin.bytes_sent(kind="media") < 20_000
    assert nothing_left(fetcher.store)
