"""Bounded range requests over kept connections, with resuming, back-off and one renewal of refused addresses.

Bounded, because the site slows requests above some 10 MiB down to a crawl (yt-dlp#15036), and because only the
bytes of the clip shall be asked for at all.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import logging
import re
import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, urljoin, urlsplit

from viewer.base.cancel import CancelToken
from viewer.domain.video import is_nearby
from viewer.media.failures import FailureKind, MediaError
from viewer.media.pausing import Gate
from viewer.media.socks import connect_through

log = logging.getLogger(__name__)

CHUNK_BYTES = 10 << 20
"""The most that one request asks for: what yt-dlp asks of YouTube, too."""

SILENCE_S = 8.0
"""A connection that gives nothing for so long is dropped and tried again."""

TRIES = 6
"""So many times in a row a request may bring nothing before it counts as failed."""

_BLOCK = 1 << 16
_BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 4.0)
_LONGEST_WAIT_S = 20.0
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(?:\d+|\*)\Z")
_REDIRECTS = 5
_OWN = frozenset({"range"})
"""Headers that we send ourselves."""

_SECRET = _OWN | {"cookie", "authorization", "proxy-authorization"}
"""Headers that are for the host that was asked, and for no other to which it leads."""

Sink = Callable[[bytes], None]


class RateLimit:
    """Holds several downloads together to a number of bytes per second (0: no limit)."""

    def __init__(self, bytes_per_second: int = 0) -> None:
        self._rate = bytes_per_second
        self._lock = threading.Lock()
        self._free_at = 0.0

    def spend(self, count: int, cancel: CancelToken) -> None:
        """Wait until ``count`` more bytes are in order. Raises Cancelled."""
        if self._rate <= 0:
            return
        with self._lock:
            self._free_at = max(self._free_at, time.monotonic()) + count / self._rate
            wait = self._free_at - time.monotonic()
        if wait > 0:
            cancel.wait(wait)


class Source:
    """One stream's address and headers. When the site refuses it, ``renew`` is asked once for another."""

    def __init__(
        self,
        url: str,
        headers: tuple[tuple[str, str], ...],
        renew: Callable[[], tuple[str, tuple[tuple[str, str], ...]] | None] | None = None,
    ) -> None:
        self.url = url
        self.headers = headers
        self._renew = renew

    def renew(self) -> bool:
        """Take a new address, once. False when that was done before or there is none."""
        renew, self._renew = self._renew, None
        found = renew() if renew is not None else None
        if found is None:
            return False
        self.url, self.headers = found
        return True


class _Again(Exception):  # noqa: N818 - says what to do
    """The request did not bring what was asked for; trying again may help."""

    def __init__(self, kind: FailureKind, words: str, wait_s: float | None = None) -> None:
        super().__init__(words)
        self.kind = kind
        self.wait_s = wait_s


class RangeReader:
    """Reads byte ranges of one source over one kept connection. One thread at a time."""

    def __init__(
        self,
        source: Source,
        proxy: str,
        cancel: CancelToken,
        limit: RateLimit | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._source = source
        self._proxy = proxy
        self._cancel = cancel
        self._limit = limit or RateLimit()
        self._gate = gate or Gate()
        self._connection: http.client.HTTPConnection | None = None
        self._place: tuple[str, str] | None = None

    def close(self) -> None:
        """Drop the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __enter__(self) -> RangeReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, first: int, last: int) -> bytes:
        """The bytes ``first``..``last`` (inclusive), or fewer when the file ends before. Raises as :meth:`stream`."""
        parts: list[bytes] = []
        self.stream(first, last, parts.append)
        return b"".join(parts)

    def stream(self, first: int, last: int, sink: Sink) -> None:
        """Hand the bytes ``first``..``last`` (inclusive) to ``sink`` in order, resuming where a connection broke.

        While the gate is shut nothing is asked for. A file that ends before ``last`` ends the stream. Raises MediaError (refused, unreachable, ...) or Cancelled.
        """
        at = first
        failures = 0
        while at <= last:
            self._gate.wait(self._cancel)
            begin = at
            stop = min(last, at + CHUNK_BYTES - 1)

            def take(block: bytes) -> None:
                nonlocal at
                sink(block)
                at += len(block)

            try:
                self._request(at, stop, take)
                if at <= stop:
                    return  # the file's end
                failures = 0
            except _Again as again:
                self.close()
                self._cancel.raise_if_cancelled()
                if self._gate.paused:
                    continue
                # A stall has cost seconds already: it counts double.
                cost = 2 if again.kind is FailureKind.TIMED_OUT else 1
                failures = cost if at > begin else failures + cost
                if failures >= TRIES:
                    raise MediaError(again.kind, f"{self._host()}: {again}") from again
                log.info("%s: %s; trying again from byte %d", self._host(), again, at)
                self._cancel.wait(
                    again.wait_s
                    if again.wait_s is not None
                    else _BACK_OFF_S[min(failures, len(_BACK_OFF_S)) - 1]
                )

    def _host(self) -> str:
        return urlsplit(self._source.url).hostname or ""

    def _request(self, first: int, last: int, take: Sink) -> None:
        self._cancel.raise_if_cancelled()
        try:
            try:
                response = self._answer(first, last)
            except ValueError as error:  # "http://[::1", "host:99999", letters that no request can hold
                raise MediaError(FailureKind.NO_NETWORK, f"led to what is no address: {error}") from error
            with self._woken(self._connection):
                self._take_body(response, first, last, take)
        except (OSError, http.client.HTTPException) as error:
            self._cancel.raise_if_cancelled()
            timed_out = isinstance(error, TimeoutError)
            kind = FailureKind.TIMED_OUT if timed_out else FailureKind.NO_NETWORK
            raise _Again(kind, f"{type(error).__name__}: {error}") from error

    @contextlib.contextmanager
    def _woken(self, connection: http.client.HTTPConnection | None) -> Iterator[None]:
        """While inside, cancelling or pausing shuts the socket, which ends a blocked read."""

        def shut() -> None:
            sock = connection.sock if connection is not None else None
            if sock is not None:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

        with self._cancel.on_cancel(shut), self._gate.on_change(lambda paused: shut() if paused else None):
            yield

    def _answer(self, first: int, last: int) -> http.client.HTTPResponse:
        url = self._source.url
        home = urlsplit(url)
        for _ in range(_REDIRECTS):
            parts = urlsplit(url)
            connection = self._connect(parts)
            with self._woken(connection):
                target = parts.path or "/"
                if parts.query:
                    target += "?" + parts.query
                passed_on = (
                    _OWN if parts.hostname == home.hostname and parts.scheme == home.scheme else _SECRET
                )
                headers = {
                    name: value for name, value in self._source.headers if name.lower() not in passed_on
                }
                headers["Range"] = f"bytes={first}-{last}"
                headers["Accept-Encoding"] = "identity"
                connection.request("GET", target, headers=headers)
                response = connection.getresponse()
            if response.status not in (301, 302, 303, 307, 308):
                self._judge(response, first, last)
                return response
            location = response.getheader("Location") or ""
            # What stands in it is nobody's business, and may have no end.
            self.close()
            before, url = url, urljoin(url, location)
            if not _may_lead(urlsplit(before), urlsplit(url)):
                break
        raise _Again(FailureKind.NO_NETWORK, "redirected without end")

    def _judge(self, response: http.client.HTTPResponse, first: int, last: int) -> None:
        status = response.status
        if status == 206:
            match = _CONTENT_RANGE.match(response.getheader("Content-Range") or "")
            if match is None or int(match[1]) != first or int(match[2]) > last:
                self.close()
                raise MediaError(FailureKind.DAMAGED, "the server sent another range than was asked for")
            return
        if status == 200 and first == 0:
            return  # the whole file, of which the beginning is wanted
        self.close()
        if status == 200:
            raise MediaError(FailureKind.NO_FORMAT, "the server cannot send a part of the file")
        words = f"HTTP {status}"
        if status in (401, 403):
            if self._source.renew():
                raise _Again(FailureKind.FORBIDDEN, words + ", the address was renewed", 0.0)
            raise MediaError(FailureKind.FORBIDDEN, words)
        if status == 429:
            raise _Again(FailureKind.TOO_MANY_REQUESTS, words, _retry_after(response))
        if status >= 500 or status == 408:
            raise _Again(FailureKind.NO_NETWORK, words)
        if status == 416:
            raise MediaError(FailureKind.DAMAGED, words)
        raise MediaError(FailureKind.NO_FORMAT, words)

    def _take_body(self, response: http.client.HTTPResponse, first: int, last: int, take: Sink) -> None:
        left = last - first + 1
        while left:
            block = response.read1(min(_BLOCK, left))
            if not block:
                break
            self._limit.spend(len(block), self._cancel)
            take(block)
            left -= len(block)
            if self._gate.paused:
                raise _Again(FailureKind.NO_NETWORK, "paused")
        length = response.length
        if left and length:
            raise _Again(FailureKind.NO_NETWORK, f"the connection ended {length} bytes early")
        if response.status == 200 or not left:
            # Read to the end, or the connection cannot be used again.
            if response.status == 206 and length == 0:
                response.read()
            else:
                self.close()
        elif left and response.status == 206:
            match = _CONTENT_RANGE.match(response.getheader("Content-Range") or "")
            if match is not None and int(match[2]) >= last:
                raise _Again(FailureKind.NO_NETWORK, f"{left} bytes fewer than promised")

    def _connect(self, parts: SplitResult) -> http.client.HTTPConnection:
        place = (parts.scheme, parts.netloc)
        if self._connection is not None and self._place == place:
            return self._connection
        self.close()
        self._connection = open_connection(parts, self._proxy)
        self._place = place
        return self._connection


def _may_lead(before: SplitResult, after: SplitResult) -> bool:
    """Whether a redirect may be followed: over the web, and never from outside into this machine's own network."""
    if after.scheme not in ("http", "https"):
        return False
    return is_nearby(before.hostname or "") or not is_nearby(after.hostname or "")


def _retry_after(response: http.client.HTTPResponse) -> float | None:
    value = (response.getheader("Retry-After") or "").strip()
    return min(float(value), _LONGEST_WAIT_S) if value.isascii() and value.isdigit() else None


def _proxy_for(parts: SplitResult, chosen: str) -> SplitResult | None:
    """The proxy that the user chose, else the one that the system names for this address."""
    if chosen:
        return urlsplit(chosen)
    host = parts.hostname or ""
    found = urllib.request.getproxies().get(parts.scheme)
    if not found or urllib.request.proxy_bypass(host):
        return None
    return urlsplit(found if "://" in found else "http://" + found)


@functools.lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """One for all connections: making it reads every certificate of the system."""
    return ssl.create_default_context()


class _Connection(http.client.HTTPConnection):
    """A connection over a socket that was made elsewhere (a proxy's), with TLS where the address wants it."""

    def __init__(self, host: str, port: int, make: Callable[[], socket.socket], secure: bool) -> None:
        super().__init__(host, port, timeout=SILENCE_S)
        self._make = make
        self._secure = secure
        self.default_port = 443 if secure else 80

    def connect(self) -> None:
        """Make the socket; TLS on top where wanted."""
        sock = self._make()
        sock.settimeout(SILENCE_S)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        if not self._secure:
            return
        try:
            secured = _tls().wrap_socket(sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = secured  # known before the handshake, so that who waits for that can shut it, too
            secured.do_handshake()
        except BaseException:
            self.close()
            raise


def _reach(host: str, port: int) -> socket.socket:
    return socket.create_connection((host, port), timeout=SILENCE_S)


def open_connection(
    parts: SplitResult, proxy: str, reach: Callable[[str, int], socket.socket] = _reach
) -> http.client.HTTPConnection:
    """A connection (not yet made) to the host of ``parts``, by the proxy that applies; without one by ``reach``."""
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    via = _proxy_for(parts, proxy)

    def make() -> socket.socket:
        if via is None:
            return reach(host, port)
        return connect_through(via, host, port, SILENCE_S)

    return _Connection(host, port, make, secure)
