"""One program, one instance: a second start hands its files and addresses to the first and ends.

A lock file decides who is first (the system frees it however that process ends), a local socket carries the
arguments. A socket that a crash left behind is removed by whoever holds the lock. Anything that goes wrong here
must never keep the program from starting: two windows are better than none.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.base.untrusted import read_json

log = logging.getLogger(__name__)

PATIENCE_S = 3.0
"""How long a second start tries to reach the first, which may itself just be starting."""

MAX_MESSAGE_BYTES = 1 << 16
MAX_ARGUMENTS = 200

_ANSWER = b"taken\n"
_LONGEST_SOCKET_PATH = 100  # bytes; sun_path holds 108 on Linux, 104 on macOS
_TOKEN = "XDG_ACTIVATION_TOKEN"
"""By it a Wayland desktop lets the first start's window come to the front (xdg-activation-v1)."""


def socket_name(path: Path) -> str:
    """The name to listen at for the socket file ``path``: itself where the system can, else a short one made of it."""
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    if sys.platform == "win32":
        return f"soundbite-{digest}"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return str(path)
    folder = os.environ.get("XDG_RUNTIME_DIR") or "/tmp"
    return f"{folder}/soundbite-{os.getuid()}-{digest}"


def portable_arguments(arguments: Sequence[str]) -> list[str]:
    """The arguments as another process can use them: what names a file here becomes its whole path."""
    return [str(Path(argument).absolute()) if _names_a_file(argument) else argument for argument in arguments]


def _names_a_file(argument: str) -> bool:
    try:
        return Path(argument).exists()
    except (OSError, ValueError):
        return False


def read_message(message: bytes) -> tuple[list[str], str] | None:
    """The arguments and the activation token in a second start's message; None for anything that is none."""
    try:
        value = read_json(message)
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    arguments, token = value.get("arguments"), value.get("token", "")
    if not isinstance(arguments, list) or len(arguments) > MAX_ARGUMENTS or not isinstance(token, str):
        return None
    if not all(isinstance(argument, str) and "\0" not in argument for argument in arguments):
        return None
    return arguments, token if token.isprintable() and len(token) <= 200 else ""


class SingleInstance(QObject):
    """Made once, after the QApplication; ``claim`` decides whether this process is the program."""

    received = Signal(list)
    """A second start's arguments (list of str; files as whole paths, perhaps none): open them and show the window."""

    def __init__(self, socket_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = socket_name(socket_file)
        self._file = socket_file
        self._lock = QLockFile(str(socket_file.with_suffix(".lock")))
        self._lock.setStaleLockTime(0)  # a lock goes stale by its process ending, never by its age
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._take_connections)
        self._messages: dict[QLocalSocket, bytes] = {}

    def claim(self, arguments: Sequence[str]) -> bool:
        """True: go on, this process is the program. False: the running one has taken the arguments; end now.

        Blocks for up to ``PATIENCE_S`` when another instance runs but does not answer; then True.
        """
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.warning("no folder for the instance's socket, a second start will not find us: %s", error)
            return True
        message = self._message(arguments)
        deadline = time.monotonic() + PATIENCE_S
        while True:
            if self._lock.tryLock(0):
                self._listen()
                return True
            if self._hand_over(message):
                return False
            if time.monotonic() > deadline:
                log.warning("another instance runs and does not answer, going on without it")
                return True
            time.sleep(0.05)

    def close(self) -> None:
        """Stop listening and let the next start be the first."""
        self._server.close()
        for socket in list(self._messages):
            socket.abort()
        self._lock.unlock()

    # The second start's side

    @staticmethod
    def _message(arguments: Sequence[str]) -> bytes:
        value = {"arguments": portable_arguments(arguments), "token": os.environ.get(_TOKEN, "")}
        message = json.dumps(value).encode() + b"\n"
        if len(message) > MAX_MESSAGE_BYTES or len(arguments) > MAX_ARGUMENTS:
            raise ViewerError(
                tr("These are too many files to open at once."), tr("Open the folder they lie in.")
            )
        return message

    def _hand_over(self, message: bytes) -> bool:
        if sys.platform != "win32" and not self._is_ours():
            return False
        socket = QLocalSocket()
        try:
            socket.connectToServer(self._name)
            if not socket.waitForConnected(500):
                return False
            socket.write(message)
            # The answer may come while we still write: then there is nothing left to wait for.
            answer = b""
            deadline = time.monotonic() + PATIENCE_S
            while answer != _ANSWER and time.monotonic() < deadline:
                if not socket.bytesAvailable() and not socket.waitForReadyRead(200):
                    if socket.state() is not QLocalSocket.LocalSocketState.ConnectedState:
                        break
                    continue
                answer += bytes(socket.readAll().data())
            return answer == _ANSWER
        finally:
            socket.abort()

    def _is_ours(self) -> bool:
        """Whether the socket belongs to this user: file names are told to nobody else's."""
        try:
            return Path(self._name).lstat().st_uid == os.getuid()
        except OSError:
            return False

    # The first start's side

    def _listen(self) -> None:
        # We hold the lock: a socket that is there was left by a crash.
        QLocalServer.removeServer(self._name)
        if not self._server.listen(self._name):
            log.warning("a second start will not find us: %s", self._server.errorString())

    @Slot()
    def _take_connections(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._messages[socket] = b""
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(self._forget)
            # Whoever connects and says nothing is sent away.
            QTimer.singleShot(5000, socket, socket.abort)
            if socket.bytesAvailable():
                self._take(socket)

    @Slot()
    def _read(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._take(socket)

    @Slot()
    def _forget(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._messages.pop(socket, None)
            socket.deleteLater()

    def _take(self, socket: QLocalSocket) -> None:
        if socket not in self._messages:
            return
        self._messages[socket] += bytes(socket.readAll().data())
        message, end, _ = self._messages[socket].partition(b"\n")
        if not end and len(message) <= MAX_MESSAGE_BYTES:
            return
        told = read_message(message) if end else None
        if told is None:
            log.warning("somebody sent the instance's socket something that is no message")
            socket.abort()
            return
        self._messages[socket] = b""
        socket.write(_ANSWER)
        socket.flush()
        socket.disconnectFromServer()
        arguments, token = told
        if token:
            os.environ[_TOKEN] = token  # Qt reads it when the window asks to come to the front
        self.received.emit(arguments)
