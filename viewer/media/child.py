"""A long-lived helper process that is spoken to in JSON lines."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from viewer.base.untrusted import read_json
from viewer.media import process


class ChildGone(Exception):  # noqa: N818 - says what is
    """A long-lived child has ended, or did not answer in time."""


class Child:
    """A long-lived helper process that speaks JSON, one value a line, over its stdin and stdout.

    Any thread may send; one thread receives. It ends when its stdin closes, so it never outlives us.
    """

    def __init__(self, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> None:
        try:
            self._process = process.start(argv, cwd, env, talk=True)
        except OSError as error:
            raise ChildGone(f"{argv[0]} could not be started: {error}") from error
        self._write_lock = threading.Lock()
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.last_words: deque[str] = deque(maxlen=process.KEPT_LINES)
        self._readers = [
            threading.Thread(target=self._read_answers, name="child-stdout", daemon=True),
            threading.Thread(
                target=process.read_lines,
                args=(self._process.stderr, "stderr", self._keep),
                name="child-stderr",
                daemon=True,
            ),
        ]
        # The one that is waited for first: the child may have died already.
        for reader in reversed(self._readers):
            reader.start()

    @property
    def pid(self) -> int:
        """The process number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it is still running."""
        return self._process.poll() is None

    def _keep(self, _name: str, line: str | None) -> None:
        if line is not None:
            self.last_words.append(line)

    def _read_answers(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        try:
            for line in stream:
                self._answers.put(line.decode("utf-8", "replace"))
        except (OSError, ValueError):
            pass
        self._readers[1].join(0.3)  # its last words come on the other pipe
        self._answers.put(None)

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one request. Raises ChildGone when nobody reads any more."""
        stream = self._process.stdin
        assert stream is not None
        try:
            with self._write_lock:
                stream.write(json.dumps(message).encode() + b"\n")
                stream.flush()
        except (OSError, ValueError) as error:
            raise ChildGone(f"the helper process has ended: {error}") from error

    def receive(self, timeout_s: float | None = None) -> dict[str, Any]:
        """The next answer. Raises ChildGone when the child ended or did not answer within ``timeout_s``.

        A line that is no JSON object (something printed by a plugin) is passed over.
        """
        deadline = time.monotonic() + timeout_s if timeout_s is not None else None
        while True:
            try:
                wait = max(0.0, deadline - time.monotonic()) if deadline is not None else None
                line = self._answers.get(timeout=wait)
            except queue.Empty:
                raise ChildGone("the helper process does not answer") from None
            if line is None:
                self._answers.put(None)
                raise ChildGone("the helper process has ended: " + " | ".join(list(self.last_words)[-3:]))
            try:
                answer = read_json(line)
            except ValueError:
                continue
            if isinstance(answer, dict):
                return answer

    def close(self) -> None:
        """End the child and everything it started. Safe to call twice and from any thread."""
        stream = self._process.stdin
        if stream is not None:
            try:
                stream.close()
            except OSError:
                pass
        process.end_group(self._process)
        for reader in self._readers:
            if reader is not threading.current_thread():
                reader.join(1)
