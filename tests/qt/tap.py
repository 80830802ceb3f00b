"""A growing mp4 on 127.0.0.1, as a fetch under way gives it to the player."""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from pathlib import Path

from tests.qt.conftest import make_media
from tests.standin.media import ffmpeg
from viewer.domain.video import Segment
from viewer.media.growing import Growth
from viewer.media.loopback import Loopback
from viewer.media.mp4_read import read_tracks


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


class Line:
    """A clip of frames 0, 1, 2, ... that comes in as far as ``bring`` says, on the real loopback server."""

    def __init__(self, folder: Path, clip: Segment, frames_from_ms: int) -> None:
        data = make_stream(folder)
        begin = data.index(b"moof") - 4
        self._data = data[begin:]
        self.growth = Growth(clip)
        tracks = read_tracks(data[:begin])
        for track in tracks:
            # Where a piece of a longer video would begin.
            track.shift += frames_from_ms * track.timescale // 1000
        self._spool = folder / "spool.bin"
        self._spool.touch()
        self._feed = self.growth.add(self._spool, tracks, float(frames_from_ms))
        self._loopback = Loopback()
        self.url = self._loopback.serve(self.growth)

    def bring(self, share: float) -> None:
        """Let so much of it have come."""
        until = int(len(self._data) * share)
        have = self._spool.stat().st_size
        with self._spool.open("ab") as file:
            file.write(self._data[have:until])
        self._feed.arrived(until - have)
        if share == 1:
            self.growth.finish()

    def discard(self) -> None:
        """Take away what has come."""
        self._spool.unlink()

    def close(self) -> None:
        self.growth.end()
        self._loopback.close()
