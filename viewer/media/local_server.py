"""What both servers for players and ffmpeg share: 127.0.0.1 only, a thread per reader, nothing said of addresses."""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

log = logging.getLogger(__name__)

MOST_READERS = 64
"""So many connections at a time: anybody on this machine can make one, and each takes a thread and a file."""

ASK_WITHIN_S = 10.0
"""Who connects and asks for nothing is sent away. Who has asked once may rest as long as he likes: a player does."""


class LocalServer(ThreadingHTTPServer):
    """Listens on a free port of this machine; ``owner`` is what its handlers ask."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, handler: type[QuietHandler], owner: Any) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.owner = owner
        self._room = threading.BoundedSemaphore(MOST_READERS)

    @property
    def host(self) -> str:
        """Host and port, as a reader has to name them."""
        return f"127.0.0.1:{self.server_address[1]}"

    def listen(self, name: str, turn_s: float) -> None:
        """Serve on a thread of this name until :meth:`end`; looks every ``turn_s`` whether that has come."""
        threading.Thread(target=self.serve_forever, args=(turn_s,), name=name, daemon=True).start()

    def end(self, readers: Iterable[socket.socket]) -> None:
        """Cut these readers off and listen no longer."""
        for reader in readers:
            with contextlib.suppress(OSError):
                reader.shutdown(socket.SHUT_RDWR)
        self.shutdown()
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """A thread for this connection, if there is room for one more."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """On the connection's thread, to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that goes away is no error."""
        log.debug("a reader went away", exc_info=True)


class QuietHandler(BaseHTTPRequestHandler):
    """One reader. The Host header must be ours, else another site's page could ask by a name of its own."""

    protocol_version = "HTTP/1.1"
    server: LocalServer

    def setup(self) -> None:
        """As http.server asks it."""
        super().setup()
        self.connection.settimeout(ASK_WITHIN_S)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the address is a secret."""

    def do_GET(self) -> None:
        """As http.server asks it."""
        self.connection.settimeout(None)
        self.answer()

    def answer(self) -> None:
        """Send what the address stands for."""
        raise NotImplementedError

    @property
    def right_host(self) -> bool:
        """Whether the reader asked this machine by its number."""
        return self.headers.get("Host") == self.server.host

    def break_off(self) -> None:
        """Let the connection end in a reset, so that the reader does not take it for the end."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
