"""A growing mp4 on 127.0.0.1, as a fetch under way gives it to the player."""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from pathlib import Path

from tests.qt.conftest import make_media
from tests.standin.media import ffmpeg


def make_stream(folder: Path, seconds: float = 6) -> bytes:
    """A fragmented mp4 with numbered frames, as the growing ones are."""
    # Without B-frames: in fragments, which have no edit list, they would delay every picture.
    whole = make_media(folder / "whole.mp4", seconds, ("libx264", "-g", "50", "-bf", "0"))
    path = folder / "stream.mp4"
    command = [ffmpeg(), "-v", "error", "-i", whole, "-c", "copy", "-frag_duration", "250000"]
    command += ["-movflags", "empty_moov+default_base_moof", path]
    subprocess.run(command, check=True, timeout=30, stdin=subprocess.DEVNULL)
    return path.read_bytes()


class Tap:
    """Serves a growing mp4 on 127.0.0.1: as much of it as ``open`` says, then the rest or a reset."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._changed = threading.Condition()
        self._until = 0
        self._broken = False
        self.readers = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}/clip.mp4"

    def open(self, share: float) -> None:
        with self._changed:
            self._until = int(len(self._data) * share)
            self._changed.notify_all()

    def break_off(self) -> None:
        with self._changed:
            self._broken = True
            self._changed.notify_all()

    def close(self) -> None:
        self.break_off()
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.readers += 1
            threading.Thread(target=self._send, args=(connection,), daemon=True).start()

    def _send(self, connection: socket.socket) -> None:
        sent = 0
        head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        try:
            connection.recv(4096)
            connection.sendall(head)
            while sent < len(self._data):
                with self._changed:
                    while self._until <= sent and not self._broken:
                        self._changed.wait()
                    until = self._until
                    if self._broken:
                        linger = struct.pack("ii", 1, 0)
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        return
                piece = self._data[sent:until]
                connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
                sent = until
            connection.sendall(b"0\r\n\r\n")
        except OSError:
            pass
        finally:
            connection.close()
