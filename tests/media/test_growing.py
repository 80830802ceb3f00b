"""A clip is played from its first picture while the rest of it still comes in."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.media.conftest import MakeFetcher
from tests.standin import catalogue, media
from tests.standin.server import StandinServer
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.domain.video import Segment, VideoRef
from viewer.media.fetcher import Fetcher
from viewer.media.playable import LEAD_MS, at_place

SHORT = catalogue.SHORT_ID


def segment(start_s: float, end_s: float, video: str = SHORT) -> Segment:
    return Segment(VideoRef.youtube(video), int(start_s * 1000), int(end_s * 1000))


class Reader:
    """Plays a player: reads the address that a fetch gives, on a thread of its own.

    The fetch goes on when the reader has its answer: else a short clip is whole, and its address gone, before a slow
    machine lets the reader ask.
    """

    def __init__(self) -> None:
        self.data = b""
        self.first_at = 0.0
        self.url = ""
        self.error: BaseException | None = None
        self._answered = threading.Event()
        self._thread: threading.Thread | None = None

    def __call__(self, url: str) -> None:
        self.url = url
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        assert self._answered.wait(30)

    def _read(self) -> None:
        try:
            with urllib.request.urlopen(self.url, timeout=30) as answer:
                self._answered.set()
                while block := answer.read1(1 << 16):
                    # The header comes first and alone.
                    if len(self.data) > 2000 and not self.first_at:
                        self.first_at = time.monotonic()
                    self.data += block
        except (OSError, http.client.HTTPException) as error:
            self.error = error
        finally:
            self._answered.set()

    def wait(self) -> Reader:
        assert self._thread is not None
        self._thread.join(30)
        return self


@pytest.mark.parametrize(
    ("video", "start", "end", "first", "last"),
    [
        (SHORT, 16.35, 19.02, 491, 570),
        (SHORT, 15, 18, 450, 539),  # begins at a key picture
        (SHORT, 19.95, 22, 599, 659),  # begins just before one
        (catalogue.FPS25_ID, 7.35, 9.1, 184, 227),
        (catalogue.FPS2997_ID, 7.35, 9.1, 221, 272),
        (catalogue.MUXED_ONLY_ID, 7.35, 9.1, 221, 272),
    ],
)
def test_what_grows_begins_and_goes_on_exactly(
    make_fetcher: MakeFetcher, tmp_path: Path, video: str, start: float, end: float, first: int, last: int
) -> None:
    reader = Reader()
    make_fetcher().fetch(segment(start, end, video), on_playable=reader)
    assert reader.wait().error is None
    file = tmp_path / "grown.mp4"
    file.write_bytes(reader.data)
    lead_s = LEAD_MS / 1000
    numbers = [number for number in media.frame_numbers(file) if number is not None]
    assert numbers == sorted(numbers), "nothing is out of order"
    # Reference pictures after the end may be among them: the player stops before.
    assert set(range(first, last + 1)) <= set(numbers) <= set(range(first - 160, last + 6))
    fps = float(catalogue.videos()[video].talk.fps)
    shown_at = lead_s + (first / fps - start)
    assert media.frame_number_at(file, shown_at + 0.001) in (first, first + 1)
    heard = media.audio_time(file, lead_s)
    if heard is not None:
        assert abs(heard - start) < 0.025


def test_it_plays_long_before_it_is_whole(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    standin.slow_line(8, 20)
    reader = Reader()
    began = time.monotonic()
    fetcher.fetch(segment(16, 41), on_playable=reader)
    took = time.monotonic() - began
    reader.wait()
    assert reader.first_at - began < 0.4 * took


def test_a_kept_clip_does_not_grow(fetcher: Fetcher) -> None:
    fetcher.fetch(segment(16, 18))
    reader = Reader()
    fetcher.fetch(segment(16, 18), on_playable=reader)
    assert not reader.url


def test_a_download_that_breaks_off_is_no_end(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    standin.slow_line(4, 5)
    reader = Reader()
    token = CancelToken()
    threading.Timer(1.2, token.cancel).start()
    with pytest.raises(Cancelled):
        fetcher.fetch(segment(16, 41), cancel=token, on_playable=reader)
    assert reader.wait().error is not None


def test_the_address_is_for_one_reader_and_cannot_be_guessed(
    fetcher: Fetcher, standin: StandinServer
) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    standin.slow_line(4, 5)
    reader = Reader()
    token = CancelToken()

    def click() -> None:
        with pytest.raises(Cancelled):
            fetcher.fetch(segment(16, 41), cancel=token, on_playable=reader)

    thread = threading.Thread(target=click)
    thread.start()
    while len(reader.data) < 1000:
        time.sleep(0.02)
    assert reader.url.startswith("http://127.0.0.1:")
    base = reader.url.rsplit("/", 2)[0]
    for url in (reader.url, f"{base}/guess/clip.mp4", base, f"{base}/../clip.mp4"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(url, timeout=5)
    wrong_host = urllib.request.Request(reader.url, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(wrong_host, timeout=5)
    token.cancel()
    thread.join(5)
    reader.wait()


def test_the_address_is_gone_with_the_fetch(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    reader = Reader()
    fetcher.fetch(segment(16, 18), on_playable=reader)
    reader.wait()
    for url in (reader.url, at_place(reader.url, 17_000)):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(url, timeout=5)
        assert caught.value.code == 404


def test_two_who_wait_can_both_play(fetcher: Fetcher, standin: StandinServer) -> None:
    fetcher.prepare(VideoRef.youtube(SHORT))
    standin.slow_line(8, 5)
    readers = [Reader(), Reader()]

    def click(reader: Reader) -> None:
        fetcher.fetch(segment(16, 31), on_playable=reader)

    threads = [threading.Thread(target=click, args=(reader,)) for reader in readers]
    threads[0].start()
    time.sleep(0.5)
    threads[1].start()
    for thread in threads:
        thread.join(30)
    assert readers[0].wait().data == readers[1].wait().data
    assert len(readers[0].data) > 1_000_000
