"""Streams for a program that does its own HTTP badly: bounded requests outside, plain HTTP on 127.0.0.1 inside.

ffmpeg asks open-ended, which the site slows down to a crawl, and a dropped connection ends its work without a word.
Behind this server it seeks and reads as it likes: every byte comes by :class:`RangeReader`, bounded, resumed, with
addresses renewed, through the user's proxy and within the user's speed limit.
"""

from __future__ import annotations

import http.client
import logging
import re
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.media.failures import MediaError
from viewer.media.local_server import LocalServer, QuietHandler
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
        self._server = LocalServer(_Handler, self)

    def __enter__(self) -> RangeProxy:
        self._server.listen("ranges", 0.05)
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            readers = list(self._open)
        self._server.end(readers)

    @property
    def host(self) -> str:
        """Host and port."""
        return self._server.host

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


class _Handler(QuietHandler):
    def answer(self) -> None:
        """Answer one range, or all of the stream."""
        proxy: RangeProxy = self.server.owner
        stream = proxy.stream(self.path[1:]) if self.right_host else None
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
            self.break_off()
