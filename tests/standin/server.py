"""The stand-in's HTTP server on 127.0.0.1: byte ranges, a log of what was asked, a slow line and faults on demand.

A test holds a `StandinServer` and turns its knobs; the program under test only sees addresses.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.standin import catalogue, media
from tests.standin.wire import HttpServer, Request


@dataclass
class Fault:
    """One thing that goes wrong; see `StandinServer.fault`."""

    what: str
    video: str | None = None
    itag: str | None = None
    kind: str = "media"
    after_bytes: int = 0
    after_requests: int = 0
    times: int | None = None
    status: int = 0
    retry_after: int | None = None
    offset: int = 0
    length: int = 0
    seen_bytes: int = 0
    seen_requests: int = 0
    struck: int = 0

    def matches(self, request: Request) -> bool:
        """Whether this request is one that the fault is meant for."""
        return (
            self.kind == request.kind
            and self.video in (None, request.video)
            and self.itag in (None, request.itag)
            and (self.times is None or self.struck < self.times)
        )


class StandinServer:
    """The stand-in for YouTube's servers. A context manager; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._log: list[Request] = []
        self._faults: list[Fault] = []
        self.freed = threading.Event()
        self._http: HttpServer | None = None
        self._port = 0
        self._line_free_at = 0.0
        self._clock_ahead = 0.0
        self._generation = 0
        self.bandwidth: float | None = None
        self.latency = 0.0
        self.throttle_above: int | None = None
        self.throttled_bandwidth = 32 * 1024.0
        self.address_lifetime_s = 6 * 3600

    # Life

    def __enter__(self) -> StandinServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; after `stop()` at the same port again."""
        if self._http is None:
            self.freed = threading.Event()
            self._http = HttpServer(self, self._port)
            self._port = self._http.server_address[1]
            threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Be gone: connections are refused, running answers are cut off."""
        http, self._http = self._http, None
        if http is not None:
            self.freed.set()
            http.shutdown()
            http.server_close()
            http.cut_all()

    @property
    def url(self) -> str:
        """The server's address without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which yt-dlp finds the plugin, and the plugin this server."""
        plugins = str(Path(__file__).resolve().parent / "plugins")
        before = os.environ.get("PYTHONPATH")
        return {
            "PYTHONPATH": os.pathsep.join(filter(None, (plugins, before))),
            "SOUNDBITE_STANDIN": self.url,
            "no_proxy": "127.0.0.1,localhost",
        }

    def prepare(self, video_id: str = catalogue.TALK_ID, *itags: str) -> dict[str, Path]:
        """Make media now (else the first request waits for it) and return the files; without itags 134 and 140."""
        talk = catalogue.videos()[video_id].talk
        wanted = itags or ("134", "140")
        media.make_all(talk, *wanted)
        return {itag: media.make(talk, itag) for itag in wanted}

    # Knobs

    def reset(self) -> None:
        """Everything as new: no faults, no limits, an empty log, listening; addresses given out stay good."""
        with self._lock:
            self.freed.set()
            self.freed = threading.Event()
            self._faults.clear()
            self._log.clear()
            self._line_free_at = 0.0
            self._clock_ahead = 0.0
            self.bandwidth, self.latency, self.throttle_above = None, 0.0, None
            self.address_lifetime_s = 6 * 3600
        self.start()

    def slow_line(self, megabits: float | None = 20.0, latency_ms: float = 50.0) -> None:
        """One line shared by all connections: Mbit/s (None: unlimited) and round trip in ms."""
        self.bandwidth = None if megabits is None else megabits * 125_000
        self.latency = latency_ms / 1000

    def throttle_large_requests(self, above: int = 10 << 20, bytes_a_second: float = 32 * 1024.0) -> None:
        """As YouTube is reported to do: requests for more than `above` bytes, or open-ended ones, crawl."""
        self.throttle_above, self.throttled_bandwidth = above, bytes_a_second

    def fault(self, what: str, video: str | None = None, itag: str | None = None, **more: Any) -> Fault:
        """Let something go wrong from now on, until `times` strikes are over (None: for ever) or `reset()`.

        what:
        `drop`      the connection is reset once `after_bytes` of the matching bodies are sent (counted over requests)
        `stall`     likewise, but nothing more comes and the connection stays open until `release()`
        `status`    requests are answered by `status` (403, 429 with `retry_after` seconds, 404, 500), from the moment
                    that `after_requests` requests were answered and `after_bytes` sent (a running body is cut there)
        `corrupt`   the `length` bytes at `offset` of the file are inverted
        `short`     the body ends `length` bytes early and Content-Length agrees with that
        `long`      Content-Length promises `length` bytes more than come
        `ignore_range`  the whole file comes with status 200
        kind: `media` (default), `catalogue`, `list`, `hls`, `captions`, `thumbnail`.
        """
        fault = Fault(what, video, itag, **more)
        with self._lock:
            self._faults.append(fault)
        return fault

    def heal(self) -> None:
        """Take all faults away; stalled connections are dropped."""
        with self._lock:
            self._faults.clear()
        self.release()

    def release(self) -> None:
        """End all stalls that run (their connections are dropped)."""
        with self._lock:
            self.freed.set()
            self.freed = threading.Event()

    def advance_clock(self, seconds: float) -> None:
        """Let addresses age: those whose `expire` is past are answered by 403."""
        self._clock_ahead += seconds

    def revoke_addresses(self) -> None:
        """All media addresses given out so far are answered by 403; asking the catalogue again gives good ones."""
        with self._lock:
            self._generation += 1

    def now(self) -> float:
        """The server's clock (Unix seconds)."""
        return time.time() + self._clock_ahead

    # What was seen

    def requests(
        self, video: str | None = None, itag: str | None = None, kind: str | None = None
    ) -> list[Request]:
        """The requests so far, oldest first."""
        with self._lock:
            return [
                request
                for request in self._log
                if video in (None, request.video)
                and itag in (None, request.itag)
                and kind in (None, request.kind)
            ]

    def bytes_sent(
        self, video: str | None = None, itag: str | None = None, kind: str | None = "media"
    ) -> int:
        """Bytes of bodies sent so far."""
        return sum(request.sent for request in self.requests(video, itag, kind))

    def ranges(
        self, video: str | None = None, itag: str | None = None
    ) -> list[tuple[int | None, int | None]]:
        """The ranges asked of media so far: (first, last) as in the header; (None, None) without one."""
        return [(request.start, request.end) for request in self.requests(video, itag, "media")]

    def clear_log(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self._log.clear()

    # For the handler

    def note(self, request: Request) -> None:
        """Put a request into the log."""
        with self._lock:
            self._log.append(request)

    def address_query(self) -> str:
        """What makes a media address good for a while."""
        return f"expire={int(self.now()) + self.address_lifetime_s}&n={self._generation}&source=youtube"

    def is_expired(self, query: dict[str, str]) -> bool:
        """Whether an address with this query is no longer good."""
        return int(query.get("expire", "0")) <= self.now() or query.get("n") != str(self._generation)

    def wait_for_line(self, size: int, bandwidth: float | None) -> None:
        """Wait until `size` bytes would have passed the line."""
        if bandwidth is None:
            return
        with self._lock:
            start = max(self._line_free_at, time.monotonic())
            self._line_free_at = start + size / bandwidth
            until = self._line_free_at
        time.sleep(max(until - time.monotonic(), 0))

    def striking(self, request: Request, *whats: str) -> Fault | None:
        """The first fault of these sorts that is meant for this request."""
        with self._lock:
            return next((f for f in self._faults if f.what in whats and f.matches(request)), None)
