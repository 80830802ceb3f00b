"""The HTTP side of the stand-in: reads requests, sends ranges at the line's pace, and breaks them as told."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.standin import catalogue, media, playlists

if TYPE_CHECKING:
    from tests.standin.server import Fault, StandinServer

_PIECE = 16 * 1024
_TYPES = {"mp4": "video/mp4", "m4a": "audio/mp4", "webm": "video/webm", "ts": "video/mp2t"}


@dataclass
class Request:
    """One request as the server saw it; `start` and `end` as asked (end inclusive, None: open), sizes in bytes."""

    path: str
    kind: str  # catalogue, list, media, hls, captions, thumbnail or other
    video: str | None = None
    itag: str | None = None
    start: int | None = None
    end: int | None = None
    status: int = 0
    sent: int = 0
    at: float = 0.0  # time.monotonic()
    port: int = 0  # the client's, so that kept connections can be told


class HttpServer(ThreadingHTTPServer):
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


class _CutError(Exception):
    """The connection is to be reset."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: HttpServer

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
        except _CutError:
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
        elif names[0] == "lists" and len(names) in (2, 3):
            request.kind, request.video = "list", "/".join(names[1:]).removesuffix(".json")
            said = playlists.answer(request.video, int(query.get("page", "0")))
            self._send(request, json.dumps(said).encode(), "application/json")
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
        said = catalogue.answer(
            self.standin.url, request.video, self.standin.address_query(), self.standin.now()
        )
        self._send(request, json.dumps(said).encode(), "application/json")

    def _media(self, request: Request, query: dict[str, str]) -> None:
        video = catalogue.videos().get(request.video or "")
        if self.standin.is_expired(query):
            self._refuse(request, 403)
        elif video is None or request.itag not in video.itags:
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
        self.standin.note(request)
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
                self.standin.note(request)
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
        self.standin.note(request)
        if self.command != "HEAD":
            for piece in self._pieces(request, source, start, stop):
                # Counted before it leaves, else a test could look before the count is there.
                request.sent += len(piece)
                try:
                    self.wfile.write(piece)
                except OSError:
                    request.sent -= len(piece)
                    raise

    def _strike(self, request: Request, what: str) -> Fault | None:
        fault = self.standin.striking(request, what)
        if fault is not None:
            fault.struck += 1
        return fault

    def _fault_answers(self, request: Request) -> bool:
        fault = self.standin.striking(request, "status")
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
                ending = self.standin.striking(request, "drop", "stall", "status")
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
                self.standin.wait_for_line(len(piece), bandwidth)
                if ending is not None:
                    ending.seen_bytes += len(piece)
                yield self._spoilt(request, piece, at)
                at += len(piece)

    def _end_by(self, fault: Fault) -> None:
        if fault.what != "status":  # a status strikes at the next request
            fault.struck += 1
        self.wfile.flush()
        if fault.what == "stall":
            self.standin.freed.wait()
        raise _CutError

    def _spoilt(self, request: Request, piece: bytes, at: int) -> bytes:
        fault = self.standin.striking(request, "corrupt")
        if fault is None:
            return piece
        first, last = max(fault.offset - at, 0), min(fault.offset + fault.length - at, len(piece))
        if first >= last:
            return piece
        return piece[:first] + bytes(byte ^ 0xFF for byte in piece[first:last]) + piece[last:]
