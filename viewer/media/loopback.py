"""Handing a growing clip to a player that wants an address: 127.0.0.1 only, unguessable, gone with the clip."""

from __future__ import annotations

import logging
import secrets
import selectors
import socket
import threading
import time

from viewer.media.growing import Growth, GrowthEnded
from viewer.media.local_server import LocalServer, QuietHandler
from viewer.media.mp4_read import Mp4Error

log = logging.getLogger(__name__)

_KEPT = 8
_PATIENCE_S = 0.5


class Loopback:
    """A server for growing clips. Each address is good for one reader at a time. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clips: dict[str, Growth] = {}
        self._busy: dict[str, socket.socket] = {}
        self._server = LocalServer(_Handler, self)
        self._open: set[socket.socket] = set()
        self._server.listen("loopback", 0.1)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def serve(self, growth: Growth) -> str:
        """An address that plays ``growth``. The oldest of eight stops working."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._clips[token] = growth
            while len(self._clips) > _KEPT:
                del self._clips[next(iter(self._clips))]
        return f"http://{self._server.host}/{token}/clip.mp4"

    def close(self) -> None:
        """Stop listening and cut every reader off."""
        with self._lock:
            growths = list(self._clips.values())
            self._clips.clear()
            readers = list(self._open)
        for growth in growths:
            growth.end()
        self._server.end(readers)

    def take(self, token: str, reader: socket.socket) -> Growth | None:
        """The clip behind ``token`` for one reader; None for a wrong token or a second reader.

        A player that turns to another place leaves and comes back at once: whoever has hung up counts no longer.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            with self._lock:
                growth, before = self._clips.get(token), self._busy.get(token)
                if growth is None or growth.over:
                    return None  # gone with the fetch: the clip is a file now, or nothing
                if before is None or _has_hung_up(before):
                    self._busy[token] = reader
                    self._open.add(reader)
                    return growth
            if time.monotonic() > deadline:
                return None
            time.sleep(0.01)

    def give_back(self, token: str, reader: socket.socket) -> None:
        """The reader has left."""
        with self._lock:
            if self._busy.get(token) is reader:
                del self._busy[token]
            self._open.discard(reader)


def _has_hung_up(reader: socket.socket) -> bool:
    """Whether the other end of this connection is closed (it sends nothing after its request)."""
    try:
        with selectors.DefaultSelector() as waiting:
            waiting.register(reader, selectors.EVENT_READ)
            return bool(waiting.select(0)) and reader.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True


class _Handler(QuietHandler):
    def answer(self) -> None:
        """Send the clip as it comes; without a length, so the player knows that it cannot seek."""
        self.close_connection = True
        parts = self.path.split("/")
        token = parts[1] if len(parts) == 3 and self.right_host else ""
        place = parts[2].removesuffix(".mp4") if len(parts) == 3 else ""
        loopback: Loopback = self.server.owner
        growth = loopback.take(token, self.connection)
        if growth is None:
            self.send_error(404)
            return
        try:
            self.send_response(200)
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            # Chunked: without it ffmpeg takes the end for a broken connection.
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in growth.stream(int(place) if place.isdecimal() and place.isascii() else None):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        except (GrowthEnded, Mp4Error) as error:
            log.info("a growing clip broke off: %s", error)
            self.break_off()
        except OSError as error:
            # The reader has left; or what has come cannot be read, which must not look like the end.
            log.debug("a growing clip went no further: %s", error)
            self.break_off()
        finally:
            loopback.give_back(token, self.connection)
