"""The stand-in's HTTP server on 127.0.0.1: byte ranges, a log of what was asked, a slow line and faults on demand.

A test holds a `StandinServer` and turns its knobs; the program under test only sees addresses.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import struct
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.standin import catalogue, media

_PIECE = 16 * 1024
_TYPES = {"mp4": "video/mp4", "m4a": "audio/mp4", "webm": "video/webm", "ts": "video/mp2t"}


@dataclass
class Request:
    """One request as the server saw it; `start` and `end` as asked (end inclusive, None: open), sizes in bytes."""

    path: str
    kind: str  # catalogue, media, hls, captions, thumbnail or other
    video: str | None = None
    itag: str | None = None
    start: int | None = None
    end: int | None = None
    status: int = 0
    sent: int = 0
    at: float = 0.0  # time.monotonic()
    port: int = 0  # the client's, so that kept connections can be told


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
        self._freed = threading.Event()
        self._http: _Http | None = None
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
            self._freed = threading.Event()
            self._http = _Http(self, self._port)
            self._port = self._http.server_address[1]
            threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Be gone: connections are refused, running answers are cut off."""
        http, self._http = self._http, None
        if http is not None:
            self._freed.set()
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
            self._freed.set()
            self._freed = threading.Event()
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
        kind: `media` (default), `catalogue`, `hls`, `captions`, `thumbnail`.
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
            self._freed.set()
            self._freed = threading.Event()

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

    def _note(self, request: Request) -> None:
        with self._lock:
            self._log.append(request)

    def _query(self) -> str:
        return f"expire={int(self.now()) + self.address_lifetime_s}&n={self._generation}&source=youtube"

    def _is_expired(self, query: dict[str, str]) -> bool:
        return int(query.get("expire", "0")) <= self.now() or query.get("n") != str(self._generation)

    def _wait_for_line(self, size: int, bandwidth: float | None) -> None:
        if bandwidth is None:
            return
        with self._lock:
            start = max(self._line_free_at, time.monotonic())
            self._line_free_at = start + size / bandwidth
            until = self._line_free_at
        time.sleep(max(until - time.monotonic(), 0))

    def _striking(self, request: Request, *whats: str) -> Fault | None:
        with self._lock:
            return next((f for f in self._faults if f.what in whats and f.matches(request)), None)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, standin: StandinServer, port: int) -> None:
        self.standin = standin
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def cut_all(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # clients that go away are part of the tests


class _Cut(Exception):
    """The connection is to be reset."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Http

    def setup(self) -> None:
        super().setup()
        # A large buffer would count as sent what the client never takes.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 * 1024)
        self.standin = self.server.standin
        time.sleep(self.standin.latency)  # the connection's own round trip

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def do_GET(self) -> None:
        time.sleep(self.standin.latency)
        parts = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(parts.query))
        request = Request(self.path, "other", at=time.monotonic(), port=self.client_address[1])
        self._read_range(request)
        try:
            self._route(parts.path, query, request)
        except _Cut:
            # SO_LINGER of zero makes close() send a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        except OSError:
            self.close_connection = True

    def _read_range(self, request: Request) -> None:
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if found:
            request.start = int(found[1])
            request.end = int(found[2]) if found[2] else None

    def _route(self, path: str, query: dict[str, str], request: Request) -> None:
        names = path.strip("/").split("/")
        if names[0] == "catalogue" and len(names) == 2:
            request.kind, request.video = "catalogue", names[1].removesuffix(".json")
            self._catalogue(request)
        elif names[0] == "videoplayback":
            request.kind, request.video, request.itag = "media", query.get("id"), query.get("itag")
            self._media(request, query)
        elif names[0] == "hls" and len(names) == 4:
            request.kind, request.video, request.itag = "hls", names[1], names[2]
            self._hls(request, names[3], query)
        elif path == "/api/timedtext":
            request.kind, request.video = "captions", query.get("v")
            self._captions(request, query)
        elif names[0] == "vi" and len(names) == 3:
            request.kind, request.video = "thumbnail", names[1]
            video = catalogue.videos().get(names[1])
            picture = media.make_thumbnail(video.talk, "thumb") if video else b""
            self._send(request, picture, "image/jpeg") if video else self._refuse(request, 404)
        else:
            self._refuse(request, 404)

    def _catalogue(self, request: Request) -> None:
        assert request.video is not None
        refusal = catalogue.REFUSALS.get(request.video)
        if refusal is not None and refusal.http_status:
            self._refuse(request, refusal.http_status)
            return
        said = catalogue.answer(self.standin.url, request.video, self.standin._query(), self.standin.now())
        self._send(request, json.dumps(said).encode(), "application/json")

    def _media(self, request: Request, query: dict[str, str]) -> None:
        video = catalogue.videos().get(request.video or "")
        if self.standin._is_expired(query):
            self._refuse(request, 403)
        elif video is None or request.itag not in video.itags or video.id == catalogue.HALF_DAY_ID:
            self._refuse(request, 404)
        else:
            file = media.make(video.talk, request.itag or "")
            self._send(request, file, _TYPES[file.suffix[1:]])

    def _hls(self, request: Request, name: str, query: dict[str, str]) -> None:
        video = catalogue.videos().get(request.video or "")
        if video is None or request.itag not in video.itags:
            self._refuse(request, 404)
            return
        file = media.make(video.talk, request.itag or "") / Path(name).name
        if name == "index.m3u8":
            playlist = file.read_text()
            if video.live_status == "is_live":
                playlist = playlist.replace("#EXT-X-ENDLIST\n", "").replace("#EXT-X-PLAYLIST-TYPE:VOD\n", "")
            self._send(request, playlist.encode(), "application/vnd.apple.mpegurl")
        elif file.exists():
            self._send(request, file, "video/mp2t")
        else:
            self._refuse(request, 404)

    def _captions(self, request: Request, query: dict[str, str]) -> None:
        video = catalogue.videos().get(request.video or "")
        if video is None or not video.cues:
            self._refuse(request, 404)
            return
        json3 = query.get("fmt") == "json3"
        if query.get("kind") == "asr":
            text = catalogue.captions_json3(video) if json3 else catalogue.captions_vtt(video)
        else:
            text = catalogue.author_json3(video) if json3 else catalogue.author_vtt(video)
        self._send(request, text.encode(), "application/json" if json3 else "text/vtt; charset=UTF-8")

    # Sending

    def _refuse(self, request: Request, status: int, retry_after: int | None = None) -> None:
        request.status = status
        self.standin._note(request)
        self.send_response(status)
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, request: Request, source: Path | bytes, content_type: str) -> None:
        if self._fault_answers(request):
            return
        total = len(source) if isinstance(source, bytes) else source.stat().st_size
        start, stop = 0, total
        if request.start is not None and not self._strike(request, "ignore_range"):
            start, stop = request.start, min(total, total if request.end is None else request.end + 1)
            if start >= stop:
                request.status = 416
                self.standin._note(request)
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{total}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            request.status = 206
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{total}")
        else:
            request.status = 200
            self.send_response(200)
        promised = stop - start
        if short := self._strike(request, "short"):
            stop = max(stop - short.length, start)
            promised = stop - start
        elif long := self._strike(request, "long"):
            promised += long.length
            self.close_connection = True
        self.send_header("Content-Type", content_type)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.standin._note(request)
        if self.command != "HEAD":
            for piece in self._pieces(request, source, start, stop):
                self.wfile.write(piece)

    def _strike(self, request: Request, what: str) -> Fault | None:
        fault = self.standin._striking(request, what)
        if fault is not None:
            fault.struck += 1
        return fault

    def _fault_answers(self, request: Request) -> bool:
        fault = self.standin._striking(request, "status")
        if fault is None:
            return False
        if fault.seen_requests >= fault.after_requests and fault.seen_bytes >= fault.after_bytes:
            fault.struck += 1
            self._refuse(request, fault.status, fault.retry_after)
            return True
        fault.seen_requests += 1
        return False

    def _pieces(self, request: Request, source: Path | bytes, start: int, stop: int) -> Iterator[bytes]:
        bandwidth = self.standin.bandwidth
        above = self.standin.throttle_above
        if above is not None and request.kind == "media":
            asked = None if request.end is None or request.start is None else request.end - request.start + 1
            if asked is None or asked > above:
                bandwidth = self.standin.throttled_bandwidth
        with contextlib.ExitStack() as stack:
            file = None if isinstance(source, bytes) else stack.enter_context(open(source, "rb"))
            at = start
            while at < stop:
                size = min(_PIECE, stop - at)
                if bandwidth is not None:
                    size = min(size, max(int(bandwidth / 20), 1024))
                ending = self.standin._striking(request, "drop", "stall", "status")
                if ending is not None and (ending.what != "status" or ending.after_bytes):
                    left = ending.after_bytes - ending.seen_bytes
                    if left <= 0:
                        self._end_by(ending)
                    size = min(size, left)
                if file is None:
                    assert isinstance(source, bytes)
                    piece = source[at : at + size]
                else:
                    file.seek(at)
                    piece = file.read(size)
                self.standin._wait_for_line(len(piece), bandwidth)
                yield self._spoilt(request, piece, at)
                at += len(piece)
                request.sent += len(piece)
                if ending is not None:
                    ending.seen_bytes += len(piece)

    def _end_by(self, fault: Fault) -> None:
        if fault.what != "status":  # a status strikes at the next request
            fault.struck += 1
        self.wfile.flush()
        if fault.what == "stall":
            self.standin._freed.wait()
        raise _Cut

    def _spoilt(self, request: Request, piece: bytes, at: int) -> bytes:
        fault = self.standin._striking(request, "corrupt")
        if fault is None:
            return piece
        first, last = max(fault.offset - at, 0), min(fault.offset + fault.length - at, len(piece))
        if first >= last:
            return piece
        return piece[:first] + bytes(byte ^ 0xFF for byte in piece[first:last]) + piece[last:]
