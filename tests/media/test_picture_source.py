"""Pictures from the network: only the known host or the one that the note names, whatever is answered."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.media.test_ranges import Proxy
from tests.standin.pictures import PNG, PictureServer, leads_to, reply
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.domain.video import VideoRef
from viewer.media import picture_source
from viewer.media.failures import FailureKind, MediaError
from viewer.media.picture_source import MOST_BYTES, PictureSource

VIDEO = VideoRef.youtube("-AJ4D8RAyfY")
OTHER = VideoRef("https://talks.example.org/12", "https://talks.example.org/12")


@pytest.fixture
def server() -> Iterator[PictureServer]:
    server = PictureServer()
    yield server
    server.close()


def picture(server: PictureServer, patience_s: float = 5.0) -> bytes | None:
    source = PictureSource(server.base, patience_s=patience_s)
    url = source.address_of(VIDEO)
    assert url is not None
    return source.fetch(url, CancelToken())


def test_youtubes_picture_is_asked_for_by_the_id_alone(server: PictureServer) -> None:
    assert PictureSource().address_of(VIDEO) == "https://i.ytimg.com/vi/-AJ4D8RAyfY/mqdefault.jpg"
    assert PictureSource().address_of(VIDEO, "https://elsewhere.example.org/x.jpg") == (
        "https://i.ytimg.com/vi/-AJ4D8RAyfY/mqdefault.jpg"
    )
    assert picture(server) == PNG
    assert server.asked == ["/vi/-AJ4D8RAyfY/mqdefault.jpg"]
    head = server.heads[0].lower()
    assert "cookie" not in head
    assert "referer" not in head


@pytest.mark.parametrize(
    "named",
    [
        "",
        "cover.jpg",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://pictures.example.org/a.jpg",
        "http://pictures.example.org/a.jpg",
        "https://localhost/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://127.1/a.jpg",
        "https://0x7f.1/a.jpg",
        "https://2130706433/a.jpg",
        "https://[::1]/a.jpg",
        "https://[::ffff:10.0.0.1]/a.jpg",
        "https://192.168.1.1/a.jpg",
        "https://169.254.169.254/latest/meta-data",
        "https://router.lan/a.jpg",
        "https://router/a.jpg",
        "https://user:word@pictures.example.org/a.jpg",
        "https://pictures.example.org:22/a.jpg",
        "https://pictures.example.org/a.jpg\r\nHost: x",
        "https://pictures.example.org:x/a.jpg",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
    ],
)
def test_what_a_note_may_not_ask_for(named: str) -> None:
    assert PictureSource().address_of(OTHER, named) is None


def test_what_a_note_may_ask_for() -> None:
    source = PictureSource()
    assert source.address_of(OTHER) is None
    named = "https://pictures.example.org/a.jpg?size=2"
    assert source.address_of(OTHER, named) == named


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fe80::1%2", "fd00::1"]
)
def test_a_name_that_leads_inside_is_not_followed(
    inside: str, server: PictureServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = socket.AF_INET6 if ":" in inside else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (inside, server.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(picture_source.socket.socket, "connect", lambda *_: pytest.fail("connected"))
    source = PictureSource()
    url = source.address_of(OTHER, "https://pictures.example.org/a.jpg")
    assert url is not None
    assert source.fetch(url, CancelToken()) is None
    assert server.met == 0


def test_one_bad_address_among_good_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("93.184.215.14", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(OSError, match="leads to 127"):
        picture_source.reach_public("pictures.example.org", 443)


@pytest.mark.parametrize(
    "answer",
    [
        reply(b"<html>please sign in</html>", kind="text/html"),
        reply(b"<html>not a picture</html>", kind="image/jpeg"),
        reply(b"<svg xmlns='http://www.w3.org/2000/svg'/>", kind="image/svg+xml"),
        reply(PNG, "404 Not Found"),
        reply(PNG, "403 Forbidden"),
        reply(PNG, "206 Partial Content"),
        reply(PNG, kind="application/octet-stream"),
        reply(b""),
        reply(PNG, length=MOST_BYTES + 1),
        leads_to("file:///etc/passwd"),
        leads_to("http://localhost/a.png"),
        leads_to("http://127.0.0.1:1/a.png"),
        leads_to("https://127.0.0.1/a.png"),
        leads_to("//elsewhere.example.org/a.png"),
        leads_to("http://[broken"),
        reply(b"", "302 Found"),
    ],
)
def test_a_bad_answer_is_no_picture(server: PictureServer, answer: Callable[..., None]) -> None:
    server.answer = answer
    before = server.met
    assert picture(server) is None
    assert server.met - before <= 4


def test_a_redirect_on_the_same_host_is_followed_but_not_for_ever(server: PictureServer) -> None:
    def once(client: socket.socket) -> None:
        (leads_to("/other.png") if len(server.asked) == 1 else reply())(client)

    server.answer = once
    assert picture(server) == PNG
    assert server.asked[1:] == ["/other.png"]
    server.answer = leads_to("/other.png")
    server.asked.clear()
    assert picture(server) is None
    assert len(server.asked) == 4


def test_a_picture_without_end_is_not_read(server: PictureServer) -> None:
    sent = 0

    def pour(client: socket.socket) -> None:
        nonlocal sent
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + PNG)
        while sent < 20 * MOST_BYTES:
            client.sendall(bytes(1 << 16))
            sent += 1 << 16

    server.answer = pour
    assert picture(server) is None
    assert sent < 10 * MOST_BYTES


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(b"", "429 Too Many Requests"), FailureKind.TOO_MANY_REQUESTS),
        (reply(b"", "503 Service Unavailable"), FailureKind.NO_NETWORK),
        (reply(PNG, length=len(PNG) + 9), FailureKind.NO_NETWORK),
        (lambda client: None, FailureKind.NO_NETWORK),
        (lambda client: client.sendall(b"nonsense\r\n\r\n"), FailureKind.NO_NETWORK),
    ],
)
def test_what_may_go_better_another_time(
    server: PictureServer, answer: Callable[..., None], kind: FailureKind
) -> None:
    server.answer = answer
    with pytest.raises(MediaError) as caught:
        picture(server)
    assert caught.value.kind is kind


def drip(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + PNG)
    for _ in range(200):
        client.sendall(b"\0")
        time.sleep(0.05)


def drip_heads(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        client.sendall(f"X-{number}: x\r\n".encode())
        time.sleep(0.05)


@pytest.mark.parametrize("answer", [drip, drip_heads, lambda client: time.sleep(10)])
def test_what_trickles_in_is_given_up(server: PictureServer, answer: Callable[..., None]) -> None:
    server.answer = answer
    begun = time.monotonic()
    with pytest.raises(MediaError) as caught:
        picture(server, patience_s=0.4)
    assert caught.value.kind is FailureKind.TIMED_OUT
    assert time.monotonic() - begun < 4


def test_a_handshake_that_never_ends_is_given_up(server: PictureServer) -> None:
    source = PictureSource(server.base.replace("http:", "https:"), patience_s=0.4)
    url = source.address_of(VIDEO)
    assert url is not None
    begun = time.monotonic()
    with pytest.raises(MediaError):
        source.fetch(url, CancelToken())
    assert time.monotonic() - begun < 4


def test_cancelling_ends_it_at_once(server: PictureServer) -> None:
    server.answer = lambda client: time.sleep(10)
    cancel = CancelToken()
    threading.Timer(0.2, cancel.cancel).start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        PictureSource(server.base).fetch(f"{server.base}/a.png", cancel)
    assert time.monotonic() - begun < 4


def test_the_users_proxy_is_used(server: PictureServer) -> None:
    proxy = Proxy()
    try:
        source = PictureSource(server.base, f"socks5h://u:p@127.0.0.1:{proxy.port}")
        url = source.address_of(VIDEO)
        assert url is not None
        assert source.fetch(url, CancelToken()) == PNG
        assert len(proxy.served) == 1
    finally:
        proxy.close()


def test_nobody_there(server: PictureServer) -> None:
    server.close()
    with pytest.raises(MediaError) as caught:
        picture(server)
    assert caught.value.kind is FailureKind.NO_NETWORK
