"""Streams for a program that does its own HTTP badly: bounded requests outside, plain HTTP on 127.0.0.1 inside.

ffmpeg asks open-ended, which the site slows down to a crawl, and a dropped connection ends its work without a word.
Behind this server it seeks and reads as it likes: every byte comes by :class:`RangeReader`, bounded, resumed, with
addresses renewed, through the user's proxy and within the user's speed limit.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import re
import secrets
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.media.failures import MediaError
from viewer.media.ranges import RangeReader, RateLimit, Source

log = logging.getLogger(__name__)

PIECE_BYTES = 1 << 20
"""One request outside. A reader that goes elsewhere wastes so much at most."""

_RANGE = re.compile(r"bytes=(\d+)-(\d*)\Z")


@dataclass(frozen=True, slots=True)
class ProxiedStream:
    """One stream that can be read through the server: where from, how many bytes, of which MIME type."""

    source: Source
    size_bytes: int
    content_type: str


class RangeProxy:
    """Serves some streams to one program on this machine for one job. A context manager."""

    def __init__(
        self,
        streams: Sequence[ProxiedStream],
        proxy: str,
        limit: RateLimit,
        cancel: CancelToken,
        on_bytes: Callable[[int], None],
    ) -> None:
        self.error: MediaError | None = None
        """Why a stream broke off, if one did: the reader itself only sees a dropped connection."""
        self._proxy = proxy
        self._limit = limit
        self._cancel = cancel
        self._on_bytes = on_bytes
        self._streams = {secrets.token_urlsafe(24): stream for stream in streams}
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.range_proxy = self

    def __enter__(self) -> RangeProxy:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="ranges", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            readers = list(self._open)
        for reader in readers:
            with contextlib.suppress(OSError):
                reader.shutdown(socket.SHUT_RDWR)
        self._server.shutdown()
        self._server.server_close()

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def addresses(self) -> list[str]:
        """One unguessable address per stream, in order."""
        return [f"http://{self.host}/{token}" for token in self._streams]

    def stream(self, token: str) -> ProxiedStream | None:
        """The stream behind ``token``."""
        return self._streams.get(token)

    def hand_over(
        self,
        stream: ProxiedStream,
        first: int,
        last: int,
        connection: socket.socket,
        write: Callable[[bytes], Any],
    ) -> None:
        """Read bytes and ``write`` them until done or until the reader has left. Raises MediaError, Cancelled, OSError."""
        left: list[OSError] = []

        def take(block: bytes) -> None:
            try:
                write(block)
            except OSError as error:
                # Told apart from the site's own trouble, which would be tried again.
                left.append(error)
                raise Cancelled from error
            self._on_bytes(len(block))

        with self._lock:
            self._open.add(connection)
        try:
            with RangeReader(stream.source, self._proxy, self._cancel, self._limit) as reader:
                at = first
                while at <= last:
                    stop = min(last, at + PIECE_BYTES - 1)
                    reader.stream(at, stop, take)
                    at = stop + 1
        except Cancelled:
            if not left:
                raise
        except MediaError as error:
            self.error = error
            raise
        finally:
            with self._lock:
                self._open.discard(connection)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    range_proxy: RangeProxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("a reader of a stream went away", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the address is a secret."""

    def do_GET(self) -> None:
        """Answer one range, or all of the stream."""
        proxy = self.server.range_proxy
        stream = proxy.stream(self.path[1:]) if self.headers.get("Host") == proxy.host else None
        if stream is None:
            self.send_error(http.client.NOT_FOUND)
            return
        asked = _RANGE.match(self.headers.get("Range") or "")
        first = int(asked[1]) if asked else 0
        last = min(int(asked[2]) if asked and asked[2] else stream.size_bytes, stream.size_bytes - 1)
        if first > last:
            self.send_error(http.client.REQUESTED_RANGE_NOT_SATISFIABLE)
            return
        self.send_response(206 if asked else 200)
        self.send_header("Content-Type", stream.content_type)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(last - first + 1))
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{last}/{stream.size_bytes}")
        self.end_headers()
        try:
            proxy.hand_over(stream, first, last, self.connection, self.wfile.write)
        except (MediaError, Cancelled, OSError) as error:
            log.debug("a stream broke off: %s", error)
            self.close_connection = True
            # A reset, so that the reader does not take it for the end.
            with contextlib.suppress(OSError):
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
