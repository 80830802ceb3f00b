"""Pause and resume, overlapping clips, and ffmpeg behind bounded requests, against the stand-in."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.media.conftest import MakeFetcher, child_processes
from tests.media.test_fetcher import SHORT, assert_exact, nothing_left, only, segment
from tests.standin import catalogue, media
from tests.standin.server import StandinServer
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.domain.video import VideoRef
from viewer.media import rungs
from viewer.media.clip_files import Clip
from viewer.media.failures import FailureKind, MediaError
from viewer.media.fetcher import Fetcher
from viewer.media.progress import FetchProgress, FetchStage

PATIENCE_S = 20.0


def until(condition: object, what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    assert callable(condition)
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def needed(start_s: float, end_s: float, itag: str = "134") -> int:
    return media.bytes_needed(media.make(catalogue.MINUTE, itag), start_s, end_s)


# Pause and resume


def test_a_paused_download_asks_for_nothing_and_goes_on_where_it_stood(
    fetcher: Fetcher, standin: StandinServer
) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    standin.slow_line(8, 5)
    standin.clear_log()
    told: list[FetchProgress] = []
    wanted = segment(16, 46)
    with ThreadPoolExecutor(1) as pool:
        clip: Future[Clip] = pool.submit(
            fetcher.fetch,
            wanted,
            lambda value: told.append(value) if isinstance(value, FetchProgress) else None,
        )
        until(lambda: standin.bytes_sent(itag="134") > 400_000, "it begins")
        fetcher.pause(wanted)
        assert fetcher.paused(wanted)
        time.sleep(0.2)
        before = standin.bytes_sent()
        time.sleep(0.4)
        assert standin.bytes_sent() == before
        assert told[-1].stage is FetchStage.PAUSED
        assert not clip.done()
        fetcher.resume(wanted)
        assert_exact(clip.result(PATIENCE_S), 480, 1379)
    assert not fetcher.paused(wanted)
    # What was on its way at the moment of the pause comes twice, at most.
    wasted = standin.bytes_sent() - needed(16, 46) - needed(16, 46, "140")
    assert wasted < 600_000
    assert {value.stage for value in told} >= {FetchStage.PAUSED, FetchStage.DOWNLOADING, FetchStage.DONE}


def test_a_paused_download_can_be_cancelled(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    standin.slow_line(4, 5)
    token = CancelToken()
    with ThreadPoolExecutor(1) as pool:
        clip = pool.submit(fetcher.fetch, segment(16, 46), cancel=token)
        until(lambda: standin.bytes_sent(itag="134") > 200_000, "it begins")
        fetcher.pause()
        time.sleep(0.1)
        token.cancel()
        with pytest.raises(Cancelled):
            clip.result(2)
    assert nothing_left(fetcher.store)


def test_a_second_click_resumes(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    standin.slow_line(8, 5)
    wanted = segment(16, 31)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(fetcher.fetch, wanted)
        until(lambda: standin.bytes_sent(itag="134") > 200_000, "it begins")
        fetcher.pause(wanted)
        second = pool.submit(fetcher.fetch, wanted)
        assert first.result(PATIENCE_S).path == second.result(PATIENCE_S).path


def test_a_way_that_cannot_wait_is_begun_anew(
    fetcher: Fetcher, standin: StandinServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    only("by_section_copy", monkeypatch)
    fetcher.prepare(VideoRef.youtube(SHORT))
    before = child_processes()
    standin.slow_line(6, 5)
    wanted = segment(16, 31)
    with ThreadPoolExecutor(1) as pool:
        clip = pool.submit(fetcher.fetch, wanted)
        until(lambda: len(child_processes() - before) >= 2, "ffmpeg runs")
        fetcher.pause(wanted)
        until(lambda: not child_processes() - before, "a pause ends it")
        time.sleep(0.2)
        assert not clip.done()
        standin.slow_line(None, 0)
        fetcher.resume(wanted)
        assert_exact(clip.result(PATIENCE_S), 480, 929)


# Overlaps


def test_a_clip_inside_a_longer_download_waits_for_it(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    standin.slow_line(10, 5)
    standin.clear_log()
    with ThreadPoolExecutor(2) as pool:
        longer = pool.submit(fetcher.fetch, segment(16, 31))
        until(lambda: standin.bytes_sent(itag="134") > 100_000, "it begins")
        inside = pool.submit(fetcher.fetch, segment(20, 25))
        clip = inside.result(PATIENCE_S)
        assert clip.path == longer.result(PATIENCE_S).path
    assert clip.offset_ms(segment(20, 25)) == 4000
    assert standin.bytes_sent(itag="134") <= 1.02 * needed(16, 31)


def test_when_the_longer_one_fails_the_inner_one_is_fetched(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rungs.by_ranges
    at_work = threading.Event()

    def fail_long(task: rungs.Task, *more: object) -> Path:
        if task.segment.duration_ms > 10_000:
            at_work.set()
            time.sleep(0.3)
            raise MediaError(FailureKind.SIGN_IN, "as the test wants it")
        return real(task, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(rungs, "by_ranges", fail_long)
    with ThreadPoolExecutor(2) as pool:
        longer = pool.submit(fetcher.fetch, segment(16, 31))
        assert at_work.wait(PATIENCE_S)
        clip = pool.submit(fetcher.fetch, segment(20, 22)).result(PATIENCE_S)
        with pytest.raises(MediaError):
            longer.result(PATIENCE_S)
    assert_exact(clip, 600, 659)


def test_a_click_inside_a_longer_download_does_not_wait(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    standin.slow_line(6, 5)
    with ThreadPoolExecutor(2) as pool:
        longer = pool.submit(fetcher.fetch, segment(0, 60))
        until(lambda: standin.bytes_sent(itag="134") > 300_000, "it begins")
        addresses: list[str] = []
        clip = pool.submit(fetcher.fetch, segment(40, 43), on_playable=addresses.append).result(PATIENCE_S)
        assert not longer.done()
        assert addresses
        fetcher.pause()  # the rest of the test is not about the longer one
        assert_exact(clip, 1200, 1289)
        fetcher.close()
        with pytest.raises(Cancelled):
            longer.result(PATIENCE_S)


def test_a_nudged_clip_asks_for_the_missing_fragment_only(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.fetch(segment(16, 31))
    standin.clear_log()
    assert_exact(fetcher.fetch(segment(13, 31)), 390, 929)
    assert standin.bytes_sent(itag="134") <= 1.02 * (needed(13, 31) - needed(16, 31))
    standin.clear_log()
    inside = fetcher.fetch(segment(17.5, 30))
    assert inside.offset_ms(segment(17.5, 30)) == 1500
    assert standin.requests() == []


def test_damaged_fragments_are_not_shared(fetcher: Fetcher, standin: StandinServer) -> None:
    entry = media.fragments(media.make(catalogue.MINUTE, "134"))[3]
    standin.fault("corrupt", itag="134", offset=entry[0], length=2000)
    with pytest.raises(MediaError):
        fetcher.fetch(segment(16, 18))
    standin.heal()
    assert_exact(fetcher.fetch(segment(16, 19)), 480, 569)


# ffmpeg behind bounded requests


@pytest.mark.parametrize("video", [SHORT, catalogue.VP9_ONLY_ID, catalogue.MUXED_ONLY_ID])
def test_ffmpeg_behind_bounded_requests_is_exact_where_open_ended_ones_crawl(
    make_fetcher: MakeFetcher, standin: StandinServer, video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only("by_bounded_copy", monkeypatch)
    standin.throttle_large_requests()
    clip = make_fetcher().fetch(segment(7.35, 9.1, video))
    assert_exact(clip, 221, 272)
    ranges = standin.ranges(video)
    assert ranges
    assert all(last is not None and first is not None and last - first < 1 << 20 for first, last in ranges)


def test_a_drop_and_old_addresses_heal_behind_bounded_requests(
    fetcher: Fetcher, standin: StandinServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    only("by_bounded_copy", monkeypatch)
    fetcher.prepare(VideoRef.youtube(SHORT))
    standin.revoke_addresses()
    standin.fault("drop", after_bytes=300_000, times=1)
    assert_exact(fetcher.fetch(segment(16, 31)), 480, 929)


def test_why_bounded_requests_failed_is_told(
    fetcher: Fetcher,
    standin: StandinServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    only("by_bounded_copy", monkeypatch)
    monkeypatch.setattr(rungs, "by_whole_video", rungs.by_ranges)
    standin.fault("status", status=404)
    with caplog.at_level(logging.WARNING), pytest.raises(MediaError) as caught:
        fetcher.fetch(segment(16, 31))
    assert caught.value.kind is FailureKind.NO_FORMAT
    assert "bounded copy failed: no-format (HTTP 404)" in caplog.text
    assert nothing_left(fetcher.store)


def test_cancel_behind_bounded_requests_leaves_no_process_and_no_file(
    fetcher: Fetcher, standin: StandinServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    only("by_bounded_copy", monkeypatch)
    fetcher.prepare(VideoRef.youtube(SHORT))
    before = child_processes()
    standin.fault("stall", after_bytes=300_000)
    token = CancelToken()
    with ThreadPoolExecutor(1) as pool:
        clip = pool.submit(fetcher.fetch, segment(16, 60), cancel=token)
        until(lambda: standin.bytes_sent() >= 200_000, "it stalls")
        began = time.monotonic()
        token.cancel()
        with pytest.raises(Cancelled):
            clip.result(5)
    assert time.monotonic() - began < 1.0
    assert not child_processes() - before
    assert nothing_left(fetcher.store)


def test_a_time_budget_ends_a_rung_and_the_next_one_brings_the_clip(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from viewer.media import ladder

    real = ladder.budget
    monkeypatch.setattr(
        ladder, "budget", lambda token, seconds, gate: real(token, 0.3 if seconds == 68 else seconds, gate)
    )

    def dawdle(task: rungs.Task, *_: object) -> Path:
        task.cancel.wait(10)
        raise AssertionError("the budget was not kept")

    monkeypatch.setattr(rungs, "by_ranges", dawdle)
    monkeypatch.setattr(rungs, "by_bounded_copy", dawdle)
    with caplog.at_level(logging.WARNING):
        assert_exact(fetcher.fetch(segment(16, 18)), 480, 539)
    assert "ranges failed: timed-out (more than 68 s)" in caplog.text
    assert "bounded copy failed: timed-out" in caplog.text
