"""Connections through a proxy: SOCKS 4, 4a, 5 (RFC 1928, RFC 1929) and HTTP's CONNECT."""

from __future__ import annotations

import base64
import ipaddress
import socket
import ssl
import struct
from urllib.parse import SplitResult, unquote

_DEFAULT_PORTS = {"http": 80, "https": 443}


class ProxyError(OSError):
    """The proxy refused, or did not speak as expected."""


def connect_through(proxy: SplitResult, host: str, port: int, timeout_s: float) -> socket.socket:
    """A socket that reaches ``host``:``port`` through ``proxy``. Raises OSError (ProxyError).

    Names are resolved by the proxy, except for ``socks4`` and ``socks5`` (curl's and yt-dlp's convention).
    """
    where = (proxy.hostname or "", proxy.port or _DEFAULT_PORTS.get(proxy.scheme, 1080))
    sock = socket.create_connection(where, timeout=timeout_s)
    try:
        if proxy.scheme in ("http", "https"):
            if proxy.scheme == "https":
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=proxy.hostname)
            _http_connect(sock, proxy, host, port)
        elif proxy.scheme in ("socks5", "socks5h"):
            _socks5(sock, proxy, host if proxy.scheme == "socks5h" else _address_of(host), port)
        elif proxy.scheme in ("socks4", "socks4a"):
            _socks4(sock, proxy, host if proxy.scheme == "socks4a" else _address_of(host), port)
        else:
            raise ProxyError(f"no such kind of proxy: {proxy.scheme}")
    except BaseException:
        sock.close()
        raise
    return sock


def _address_of(host: str) -> str:
    return str(socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])


def _receive(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        block = sock.recv(count - len(data))
        if not block:
            raise ProxyError("the proxy ended the connection")
        data += block
    return data


def _http_connect(sock: socket.socket, proxy: SplitResult, host: str, port: int) -> None:
    lines = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}"]
    if proxy.username is not None:
        pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        lines.append("Proxy-Authorization: Basic " + base64.b64encode(pair.encode()).decode())
    sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += _receive(sock, 1)
        if len(head) > 16384:
            raise ProxyError("the proxy's answer has no end")
    status = head.split(b" ", 2)[1:2]
    if status != [b"200"]:
        raise ProxyError("the proxy answered " + head.split(b"\r\n", 1)[0].decode("latin-1"))


def _socks5(sock: socket.socket, proxy: SplitResult, host: str, port: int) -> None:
    named = proxy.username is not None
    sock.sendall(b"\x05\x02\x00\x02" if named else b"\x05\x01\x00")
    version, method = _receive(sock, 2)
    if version != 5 or method not in (0, 2) or (method == 2 and not named):
        raise ProxyError("the SOCKS proxy wants another way to sign in")
    if method == 2:
        name, word = unquote(proxy.username or "").encode(), unquote(proxy.password or "").encode()
        sock.sendall(b"\x01" + bytes([len(name)]) + name + bytes([len(word)]) + word)
        if _receive(sock, 2)[1] != 0:
            raise ProxyError("the SOCKS proxy refused the sign-in")
    sock.sendall(b"\x05\x01\x00" + _socks5_address(host) + struct.pack(">H", port))
    _, reply, _, kind = _receive(sock, 4)
    if reply != 0:
        raise ProxyError(f"the SOCKS proxy answered {reply}")
    rest = {1: 4, 4: 16}.get(kind) or _receive(sock, 1)[0]
    _receive(sock, rest + 2)


def _socks5_address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("idna")
        return b"\x03" + bytes([len(name)]) + name
    return (b"\x01" if address.version == 4 else b"\x04") + address.packed


def _socks4(sock: socket.socket, proxy: SplitResult, host: str, port: int) -> None:
    user = unquote(proxy.username or "").encode() + b"\0"
    try:
        address, name = ipaddress.IPv4Address(host).packed, b""
    except ValueError:
        address, name = b"\0\0\0\x01", host.encode("idna") + b"\0"
    sock.sendall(struct.pack(">BBH", 4, 1, port) + address + user + name)
    reply = _receive(sock, 8)[1]
    if reply != 0x5A:
        raise ProxyError(f"the SOCKS proxy answered {reply}")
