"""The servers for players: everybody on this machine can reach them, and nobody gains by it."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from viewer.media import local_server
from viewer.media.local_server import LocalServer, QuietHandler


class Greeting(QuietHandler):
    def answer(self) -> None:
        self.send_response(200 if self.right_host else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    monkeypatch.setattr(local_server, "MOST_READERS", 5)
    monkeypatch.setattr(local_server, "ASK_WITHIN_S", 0.4)
    server = LocalServer(Greeting, None)
    server.listen("greeting", 0.02)
    yield server
    server.end(())


def connected(server: LocalServer) -> socket.socket:
    return socket.create_connection(server.server_address[:2], timeout=5)


def test_many_who_ask_nothing_take_no_threads_and_are_sent_away(server: LocalServer) -> None:
    before = threading.active_count()
    idle = [connected(server) for _ in range(40)]
    time.sleep(0.2)
    assert threading.active_count() - before <= 5
    assert all(one.recv(1) == b"" for one in idle)  # each is ended, at once or soon
    asking = http.client.HTTPConnection(server.host, timeout=5)
    asking.request("GET", "/")
    assert asking.getresponse().status == 200
    asking.close()
    for one in idle:
        one.close()


def test_who_has_asked_may_rest(server: LocalServer) -> None:
    asking = http.client.HTTPConnection(server.host, timeout=5)
    for _ in range(2):
        asking.request("GET", "/")
        answer = asking.getresponse()
        answer.read()
        assert answer.status == 200
        time.sleep(0.8)
    asking.close()


def test_another_sites_name_for_this_machine_is_not_answered(server: LocalServer) -> None:
    asking = http.client.HTTPConnection(server.host, timeout=5)
    asking.request("GET", "/", headers={"Host": "evil.example"})
    assert asking.getresponse().status == 404
    asking.close()
