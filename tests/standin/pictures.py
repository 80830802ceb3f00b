"""A server of pictures on 127.0.0.1: says what was asked of it, and answers as it is told, well or badly."""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
from collections.abc import Callable

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAJCAIAAAC0SDtlAAAAFElEQVR42mP4z8BAEmIY1TAoNAAAJGWPcVtDR88AAAAASUVORK5CYII="
)
"""Red, 16 by 9 pixels."""

Answer = Callable[[socket.socket], None]


def reply(
    body: bytes = PNG,
    status: str = "200 OK",
    kind: str = "image/png",
    more: str = "",
    length: int | None = None,
) -> Answer:
    """An answer with this body; ``length`` is what it claims, ``more`` further headers, each with its line's end."""
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n{more}\r\n"
    return lambda client: client.sendall(head.encode() + body)


def leads_to(address: str) -> Answer:
    """A redirect."""
    return reply(b"", "302 Found", "text/plain", f"Location: {address}\r\n")


class PictureServer:
    """Answers every request as ``answer`` says. ``asked`` are the first lines, ``heads`` the whole heads."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.answer = answer or reply()
        self.asked: list[str] = []
        self.heads: list[str] = []
        self.met = 0
        self.together = 0
        self.most_together = 0
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                self.met += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                block = client.recv(4096)
                if not block:
                    return
                head += block
            with self._lock:
                self.asked.append(head.split(b" ")[1].decode())
                self.heads.append(head.decode())
                self.together += 1
                self.most_together = max(self.most_together, self.together)
            try:
                self.answer(client)
            finally:
                with self._lock:
                    self.together -= 1
