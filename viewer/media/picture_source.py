"""Asks for the small picture of a video: one bounded request, to hosts that are known or that the note names.

YouTube's pictures are made from the id alone. Another site's is the address in the note or the file beside it, and
a note is hostile: https only, no host of this machine or its own network (neither by name nor by what the name
resolves to), no other host than the named one. Nothing of the reader is sent along: no cookie, no referrer.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from viewer import __version__
from viewer.base.cancel import CancelToken
from viewer.domain.video import VideoRef, parse_address
from viewer.media.failures import FailureKind, MediaError
from viewer.media.ranges import open_connection

log = logging.getLogger(__name__)

YOUTUBE_PICTURES = "https://i.ytimg.com"
"""Where YouTube has the pictures of its videos. ``mqdefault`` has 320 by 180 pixels and some 12 KB."""

MOST_BYTES = 2 << 20
"""A larger picture is not taken."""

PATIENCE_S = 15.0
"""A request that is not done by then is given up, however its bytes trickle in."""

_REACH_S = 5.0
_LOOK_S = 0.25
_MOST_ADDRESSES = 3
_REDIRECTS = 3
_BLOCK = 1 << 16
_LATER = (408, 429)
_HEADERS = {
    "Accept": "image/jpeg, image/png, image/webp, image/gif",
    "Accept-Encoding": "identity",
    "User-Agent": f"Soundbite/{__version__}",
    "Connection": "close",
}
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")


class PictureSource:
    """Fetches pictures. ``base`` is where YouTube's are (scheme and host), ``proxy`` the one that the user chose.

    Through a proxy, the user's or the system's, it is the proxy that finds out where a name leads: then only names and
    numbers that are this machine's own network by themselves are refused. Safe for several threads.
    """

    def __init__(self, base: str = YOUTUBE_PICTURES, proxy: str = "", patience_s: float = PATIENCE_S) -> None:
        self._base = base.rstrip("/")
        self._proxy = proxy
        self._patience_s = patience_s

    def address_of(self, video: VideoRef, named: str | None = None) -> str | None:
        """The address of a video's picture; None when there is none that may be asked for.

        ``named`` is what the note says; it counts only for a video that is not YouTube's.
        """
        if video.is_youtube:
            return f"{self._base}/vi/{video.id}/mqdefault.jpg"
        return self._allowed(named or "")

    def fetch(self, url: str, cancel: CancelToken) -> bytes | None:
        """The picture at ``url``, which :meth:`address_of` gave; None when there is none, or what is there is not one.

        Raises MediaError when it may be there another time (no network, too many requests), and Cancelled.
        """
        place = _place(url)
        ends_at = time.monotonic() + self._patience_s
        try:
            for _ in range(_REDIRECTS + 1):
                answer = self._ask(url, ends_at, cancel)
                if not isinstance(answer, str):
                    return answer
                url = urljoin(url, answer)
                if _place(url) != place:
                    log.info("no picture from %s: it leads to another host", place)
                    return None
        except (OSError, http.client.HTTPException, ValueError) as error:
            cancel.raise_if_cancelled()
            log.info("no picture from %s: %s: %s", place, type(error).__name__, error)
            # A certificate that is not trusted is a ValueError, too: a hotel's sign-in page, gone tomorrow.
            if isinstance(error, _NotPublicError) or not isinstance(
                error, (OSError, http.client.HTTPException)
            ):
                return None
            late = time.monotonic() >= ends_at or isinstance(error, TimeoutError)
            kind = FailureKind.TIMED_OUT if late else FailureKind.NO_NETWORK
            raise MediaError(kind, str(error)) from error
        return None

    def _allowed(self, named: str) -> str | None:
        if _place(named) == _place(self._base):
            return named
        found = parse_address(named)
        if found is None or found.video.is_youtube or _place(found.video.url)[0] != "https":
            return None
        return found.video.url if urlsplit(found.video.url).port in (None, 443) else None

    def _ask(self, url: str, ends_at: float, cancel: CancelToken) -> bytes | str | None:
        """One request: the picture, the address it leads to, or None."""
        parts = urlsplit(url)
        trusted = _place(url) == _place(self._base)
        connection = (
            open_connection(parts, self._proxy)
            if trusted
            else open_connection(parts, self._proxy, reach_public)
        )
        try:
            with _bounded(connection, ends_at, cancel) as sockets:
                connection.connect()
                sockets.append(connection.sock)
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request("GET", target, headers=_HEADERS)
                response = connection.getresponse()
                if response.status in (301, 302, 303, 307, 308):
                    return response.getheader("Location") or ""
                if response.status >= 500 or response.status in _LATER:
                    kind = FailureKind.TOO_MANY_REQUESTS if response.status == 429 else FailureKind.NO_NETWORK
                    raise MediaError(kind, f"HTTP {response.status}")
                return _picture_in(response) if response.status == 200 else None
        finally:
            connection.close()


class _NotPublicError(OSError):
    """A name leads to this machine or its own network."""


def reach_public(host: str, port: int) -> socket.socket:
    """A connection to a host of the open internet. Raises OSError, also when the name leads anywhere else.

    What was looked at is what is connected to: a name that changes its mind between the two gains nothing.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for _, _, _, _, where in found:
        address = ipaddress.ip_address(str(where[0]).split("%", 1)[0])
        if not address.is_global or address.is_multicast:
            raise _NotPublicError(f"{host} leads to {address}")
    trouble: OSError = OSError(f"{host} has no address")
    for family, kind, protocol, _, where in found[:_MOST_ADDRESSES]:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(_REACH_S)
            sock.connect(where)
        except OSError as error:
            sock.close()
            trouble = error
        else:
            return sock
    raise trouble


@contextlib.contextmanager
def _bounded(
    connection: http.client.HTTPConnection, ends_at: float, cancel: CancelToken
) -> Iterator[list[socket.socket]]:
    """While inside, cancelling or the end of patience shuts the socket, which ends a blocked read.

    Into the list goes the socket: a connection forgets its own when the server will close it after the answer.
    """
    sockets: list[socket.socket] = []

    def shut() -> None:
        for sock in (connection.sock, *sockets):
            if sock is not None:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def watch() -> None:  # again and again: the socket may not have been there the first time
        while not done.wait(_LOOK_S):
            if cancel.cancelled or time.monotonic() >= ends_at:
                shut()

    done = threading.Event()
    threading.Thread(target=watch, name="picture-patience", daemon=True).start()
    try:
        with cancel.on_cancel(shut):
            cancel.raise_if_cancelled()
            yield sockets
            # A socket that was shut looks like one that was read to its end.
            cancel.raise_if_cancelled()
            if time.monotonic() >= ends_at:
                raise TimeoutError("the picture took too long")
    finally:
        done.set()


def _picture_in(response: http.client.HTTPResponse) -> bytes | None:
    """The body, if it is a picture of a sensible size. Raises OSError when it ends early."""
    kind = (response.getheader("Content-Type") or "").strip().lower()
    if not kind.startswith("image/") or (response.length or 0) > MOST_BYTES:
        return None
    parts: list[bytes] = []
    size = 0
    while block := response.read1(_BLOCK):
        parts.append(block)
        size += len(block)
        if size > MOST_BYTES:
            return None
    if response.length:
        raise OSError(f"the picture ended {response.length} bytes early")
    data = b"".join(parts)
    return data if is_picture(data) else None


def is_picture(data: bytes) -> bool:
    """Whether these bytes begin like a JPEG, PNG, GIF or WebP: nothing else is given to a decoder."""
    return data.startswith(_BEGINNINGS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _place(url: str) -> tuple[str, str]:
    """Scheme and host with port, to compare; ("", "") for what is no address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", ""
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if "@" in parts.netloc or not host:
        return "", ""
    usual = {"https": 443, "http": 80}.get(scheme)
    return scheme, host if port in (None, usual) else f"{host}:{port}"
