"""Range requests through proxies, and what a server answers that cannot be trusted."""

from __future__ import annotations

import json
import socket
import struct
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.standin import catalogue, media
from tests.standin.server import StandinServer
from viewer.base.cancel import CancelToken
from viewer.media import ranges
from viewer.media.failures import FailureKind, MediaError
from viewer.media.ranges import RangeReader, RateLimit, Source


class Proxy:
    """A proxy for tests that speaks SOCKS 4a, SOCKS 5 (with a password) and CONNECT, and counts."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.served: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # close alone leaves the accept that waits
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError, struct.error):
            first = client.recv(1)
            {b"\x05": self._socks5, b"\x04": self._socks4}.get(first, self._connect)(client)

    def _join(self, client: socket.socket, kind: str, port: int, answer: bytes) -> None:
        self.served.append(kind)
        server = socket.create_connection(("127.0.0.1", port))
        client.sendall(answer)

        def pump(source: socket.socket, target: socket.socket) -> None:
            with suppress(OSError):
                while block := source.recv(65536):
                    target.sendall(block)
                target.shutdown(socket.SHUT_WR)

        threading.Thread(target=pump, args=(client, server), daemon=True).start()
        pump(server, client)

    def _socks5(self, client: socket.socket) -> None:
        methods = client.recv(client.recv(1)[0])
        if 2 in methods:
            client.sendall(b"\x05\x02")
            client.recv(1)
            name = client.recv(client.recv(1)[0])
            word = client.recv(client.recv(1)[0])
            client.sendall(b"\x01\x00" if (name, word) == (b"u", b"p") else b"\x01\x01")
        else:
            client.sendall(b"\x05\x00")
        head = client.recv(4)
        client.recv(4 if head[3] == 1 else client.recv(1)[0])
        (port,) = struct.unpack(">H", client.recv(2))
        self._join(client, "socks5", port, b"\x05\x00\x00\x01\0\0\0\0\0\0")

    def _socks4(self, client: socket.socket) -> None:
        _, port, _ = struct.unpack(">BHI", client.recv(7))
        while client.recv(1) != b"\0":
            pass
        self._join(client, "socks4", port, b"\0\x5a\0\0\0\0\0\0")

    def _connect(self, client: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += client.recv(1)
        port = int(head.split(b" ")[1].rsplit(b":", 1)[1])
        self._join(client, "http", port, b"HTTP/1.1 200 Connection established\r\n\r\n")


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    found = Proxy()
    yield found
    found.close()


@pytest.fixture
def url(standin: StandinServer) -> str:
    standin.prepare(catalogue.SHORT_ID, "140")
    with urllib.request.urlopen(f"{standin.url}/catalogue/{catalogue.SHORT_ID}.json") as answer:
        formats = json.load(answer)["info"]["formats"]
    standin.clear_log()
    return next(str(one["url"]) for one in formats if one["format_id"] == "140")


def reader_of(url: str, proxy: str = "", token: CancelToken | None = None) -> RangeReader:
    return RangeReader(Source(url, ()), proxy, token or CancelToken())


@pytest.mark.parametrize(
    ("scheme", "kind"),
    [
        *(("socks5://", "socks5"), ("socks5h://", "socks5"), ("socks5://u:p@", "socks5")),
        *(("socks4://", "socks4"), ("socks4a://", "socks4"), ("http://", "http")),
    ],
)
def test_every_kind_of_proxy_is_used(url: str, proxy: Proxy, scheme: str, kind: str) -> None:
    with reader_of(url, f"{scheme}127.0.0.1:{proxy.port}") as reader:
        data = reader.read(100, 4_099)
    assert data == media.make(catalogue.MINUTE, "140").read_bytes()[100:4_100]
    assert proxy.served == [kind]


def test_a_proxy_that_is_gone_is_no_network(url: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.media.ranges._BACK_OFF_S", (0.01,))
    proxy.close()
    with pytest.raises(MediaError) as caught, reader_of(url, f"socks5://127.0.0.1:{proxy.port}") as reader:
        reader.read(0, 10)
    assert caught.value.kind is FailureKind.NO_NETWORK


def test_the_end_of_the_file_ends_the_stream(url: str) -> None:
    size = media.make(catalogue.MINUTE, "140").stat().st_size
    with reader_of(url) as reader:
        assert len(reader.read(size - 10, size + 1_000)) == 10


def test_one_connection_is_kept(url: str, standin: StandinServer) -> None:
    with reader_of(url) as reader:
        for at in range(0, 5_000, 1_000):
            reader.read(at, at + 999)
    assert len({request.port for request in standin.requests(kind="media")}) == 1


def test_a_long_range_is_asked_for_in_pieces(
    url: str, standin: StandinServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.media.ranges.CHUNK_BYTES", 100_000)
    with reader_of(url) as reader:
        assert reader.read(0, 249_999) == media.make(catalogue.MINUTE, "140").read_bytes()[:250_000]
    assert standin.ranges() == [(0, 99_999), (100_000, 199_999), (200_000, 249_999)]


@pytest.mark.parametrize(
    ("status", "kind"), [(404, "no-format"), (403, "forbidden"), (429, "too-many-requests")]
)
def test_a_refusal_that_stays_is_told(
    url: str, standin: StandinServer, status: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.media.ranges._BACK_OFF_S", (0.01,))
    standin.fault("status", status=status)
    with pytest.raises(MediaError) as caught, reader_of(url) as reader:
        reader.read(0, 10)
    assert caught.value.kind.value == kind


def test_a_server_that_speaks_nonsense_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.media.ranges._BACK_OFF_S", (0.01,))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def babble() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    client.recv(4096)
                    client.sendall(b"\xff\xfe no http\r\n\r\n" * 3)
                    client.close()

        threading.Thread(target=babble, daemon=True).start()
        with pytest.raises(MediaError), reader_of(f"http://127.0.0.1:{server.getsockname()[1]}/x") as reader:
            reader.read(0, 10)


def test_no_limit_does_not_wait() -> None:
    limit = RateLimit(0)
    for _ in range(1_000):
        limit.spend(1 << 30, CancelToken())


class Answering:
    """A server that answers every request with the same bytes, or without an end, and keeps what was asked."""

    def __init__(self, head: bytes, endless: bool = False) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.asked: list[str] = []
        self.sent = 0
        self._head, self._endless = head, endless
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                with suppress(OSError), client:
                    self.asked.append(client.recv(65536).decode("latin-1"))
                    client.sendall(self._head)
                    while self._endless and self.sent < 200 << 20:
                        client.sendall(b"100000\r\n" + bytes(1 << 20) + b"\r\n")
                        self.sent += 1 << 20

    def close(self) -> None:
        self._socket.close()

    def read(self, headers: tuple[tuple[str, str], ...] = ()) -> bytes:
        source = Source(f"http://127.0.0.1:{self.port}/video", headers)
        with RangeReader(source, "", CancelToken()) as reader:
            return reader.read(0, 9)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "_BACK_OFF_S", (0.01,))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "place",
    ["/\u00fc", "http://[::1", "http://host:99999/", "http://a..b/", "file:///etc/passwd", "//", "http:///x"],
)
def test_a_redirect_to_what_is_no_address_is_a_failure_in_words(place: str) -> None:
    server = Answering(f"HTTP/1.1 302 F\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises(MediaError):
        server.read()
    server.close()


@pytest.mark.usefixtures("quick")
def test_a_time_to_wait_in_odd_digits_is_passed_over() -> None:
    server = Answering(b"HTTP/1.1 429 T\r\nRetry-After: \xb2\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(MediaError) as found:
        server.read()
    assert found.value.kind is FailureKind.TOO_MANY_REQUESTS
    server.close()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("redirect", [True, False])
def test_an_answer_without_end_is_not_read(redirect: bool) -> None:
    head = b"302 F\r\nLocation: /other" if redirect else b"206 P\r\nContent-Range: bytes 0-9/100"
    server = Answering(b"HTTP/1.1 " + head + b"\r\nTransfer-Encoding: chunked\r\n\r\n", endless=True)
    if redirect:
        with pytest.raises(MediaError):
            server.read()
    else:
        assert server.read() == bytes(10)
    # What the system takes into its buffers before each connection is dropped; reading would bring gigabytes.
    assert server.sent < 200 << 20
    server.close()


@pytest.mark.usefixtures("quick")
def test_cookies_are_not_told_to_another_host() -> None:
    other = Answering(
        b"HTTP/1.1 206 P\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10\r\n\r\n0123456789"
    )
    place = f"Location: http://localhost:{other.port}/there".encode()
    server = Answering(b"HTTP/1.1 302 F\r\n" + place + b"\r\nContent-Length: 0\r\n\r\n")
    assert (
        server.read((("Cookie", "session=secret"), ("Authorization", "x"), ("User-Agent", "u")))
        == b"0123456789"
    )
    assert "secret" in server.asked[0]
    assert "secret" not in other.asked[0]
    assert "Authorization" not in other.asked[0]
    assert "User-Agent: u" in other.asked[0]
    server.close()
    other.close()


@pytest.mark.usefixtures("quick")
def test_a_site_cannot_lead_into_the_own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = Answering(
        b"HTTP/1.1 206 P\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10\r\n\r\n0123456789"
    )
    place = f"Location: http://127.0.0.1:{inside.port}/router".encode()
    site = Answering(b"HTTP/1.1 302 F\r\n" + place + b"\r\nContent-Length: 0\r\n\r\n")
    real = socket.create_connection
    monkeypatch.setattr(
        socket, "create_connection", lambda where, **more: real(("127.0.0.1", where[1]), **more)
    )
    source = Source(f"http://video.example.com:{site.port}/x", ())
    with pytest.raises(MediaError), RangeReader(source, "", CancelToken()) as reader:
        reader.read(0, 9)
    assert site.asked
    assert not inside.asked
    site.close()
    inside.close()
