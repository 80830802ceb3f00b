"""Finding a video's addresses once, by the warm worker, and remembering them until they expire."""

from __future__ import annotations

import itertools
import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.base.untrusted import told_number
from viewer.domain.video import VideoRef
from viewer.media import ytdlp
from viewer.media.child import Child, ChildGone
from viewer.media.failures import FailureKind, MediaError, classify
from viewer.media.tools import Tools

log = logging.getLogger(__name__)

RESOLVE_TIMEOUT_S = 60.0
"""How long yt-dlp may take to find a video's addresses."""

_MARGIN_S = 60.0
_UNKNOWN_LIFETIME_S = 300.0
_LONGEST_LIFETIME_S = 24 * 3600.0
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}:[\t -~\x80-\xff]{0,8000}")
"""A header that http.client sends (RFC 9110, 5.5): no line end in it, by which another one could be slipped in."""


@dataclass(frozen=True, slots=True)
class MediaFormat:
    """One stream as the site offers it. ``size_bytes`` and ``available_at`` (Unix seconds) where they are told."""

    format_id: str
    url: str
    protocol: str
    ext: str
    video_codec: str
    audio_codec: str
    headers: tuple[tuple[str, str], ...] = ()
    height: int = 0
    size_bytes: int | None = None
    available_at: float | None = None

    @property
    def has_video(self) -> bool:
        """Whether it has a picture."""
        return self.video_codec != "none"

    @property
    def has_audio(self) -> bool:
        """Whether it has sound."""
        return self.audio_codec != "none"


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What is known of a video: its length in ms (None: not told), whether it is live, the chosen formats.

    ``expires`` is when the addresses stop working, in Unix seconds.
    """

    video: VideoRef
    title: str
    duration_ms: int | None
    live_status: str
    formats: tuple[MediaFormat, ...]
    expires: float

    @property
    def has_video(self) -> bool:
        """Whether any format has a picture."""
        return any(one.has_video for one in self.formats)

    @property
    def has_audio(self) -> bool:
        """Whether any format has sound."""
        return any(one.has_audio for one in self.formats)


def _text(value: object, default: str = "") -> str:
    return value if isinstance(value, str) else default


def _headers(told: object) -> tuple[tuple[str, str], ...]:
    pairs = told.items() if isinstance(told, dict) else ()
    return tuple((str(name), str(value)) for name, value in pairs if _HEADER.fullmatch(f"{name}:{value}"))


def _read_format(values: dict[str, Any]) -> MediaFormat:
    size = told_number(values.get("filesize"))
    return MediaFormat(
        format_id=_text(values.get("format_id")),
        url=_text(values.get("url")),
        protocol=_text(values.get("protocol")),
        ext=_text(values.get("ext")),
        video_codec=_text(values.get("vcodec"), "none"),
        audio_codec=_text(values.get("acodec"), "none"),
        headers=_headers(values.get("http_headers")),
        height=int(told_number(values.get("height")) or 0),
        size_bytes=int(size) if size else None,
        available_at=told_number(values.get("available_at")),
    )


def read_info(video: VideoRef, info: dict[str, Any], now: float) -> VideoInfo:
    """Read the worker's answer. Raises MediaError for a live broadcast, or when there is no format."""
    status = _text(info.get("live_status")) or ("is_live" if info.get("is_live") else "not_live")
    if status == "is_live":
        raise MediaError(FailureKind.LIVE)
    if status == "is_upcoming":
        raise MediaError(FailureKind.PREMIERE)
    told = info.get("formats")
    formats = (
        tuple(_read_format(one) for one in told if isinstance(one, dict)) if isinstance(told, list) else ()
    )
    if not formats:
        raise MediaError(FailureKind.NO_FORMAT)
    duration = told_number(info.get("duration"))
    return VideoInfo(
        video=video,
        title=_text(info.get("title")),
        duration_ms=round(duration * 1000) if duration else None,
        live_status=status,
        formats=formats,
        expires=min(_expiry(one.url, now) for one in formats),
    )


def _expiry(url: str, now: float) -> float:
    """When an address stops working: its ``expire=`` (Google's; Unix seconds), else a few minutes from now."""
    try:
        values = parse_qs(urlsplit(url).query).get("expire", [])
    except ValueError:  # "http://[::": it will be refused when it is asked
        return now
    for value in values:
        if value.isascii() and value.isdigit():
            return min(float(value), now + _LONGEST_LIFETIME_S)
    return now + _UNKNOWN_LIFETIME_S


@dataclass(slots=True)
class _Pending:
    done: threading.Event = field(default_factory=threading.Event)
    answer: dict[str, Any] | None = None


class Worker:
    """The child process, started at the first need and again after it died. Any thread may ask it."""

    def __init__(self, command: tuple[str, ...], folder: Path) -> None:
        self._command = command
        self._folder = folder
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._pending: dict[int, _Pending] = {}
        self._numbers = itertools.count(1)

    @property
    def pid(self) -> int | None:
        """The child's process number; None when none runs."""
        with self._lock:
            return self._child.pid if self._child is not None and self._child.alive else None

    def start(self) -> None:
        """Start the child unless it runs, so that yt-dlp is imported when it is needed. Raises ChildGone."""
        with self._lock:
            self._running_child()

    def ask(self, argv: list[str], timeout_s: float, cancel: CancelToken) -> dict[str, Any]:
        """Hand one request to the child and wait for its answer.

        Raises ChildGone when it dies or is too slow, Cancelled. A cancelled request that is the only one ends the
        child too: nothing of it goes on behind the user's back.
        """
        cancel.raise_if_cancelled()
        pending = _Pending()
        with self._lock:
            child = self._running_child()
            number = next(self._numbers)
            self._pending[number] = pending
            child.send({"id": number, "argv": argv})
        try:
            with cancel.on_cancel(pending.done.set):
                answered = pending.done.wait(timeout_s)
        finally:
            with self._lock:
                self._pending.pop(number, None)
                idle = not self._pending
        if pending.answer is not None:
            cancel.raise_if_cancelled()
            return pending.answer
        if idle and (cancel.cancelled or not answered):
            self.close()
        cancel.raise_if_cancelled()
        raise ChildGone("the worker ended" if answered else f"no answer within {timeout_s:.0f} s")

    def close(self) -> None:
        """End the child. It is started anew by the next request."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close()

    def _running_child(self) -> Child:
        if self._child is not None and self._child.alive:
            return self._child
        if not self._command:
            raise ChildGone("this yt-dlp can only be used by its command")
        self._folder.mkdir(parents=True, exist_ok=True)
        child = Child(self._command, cwd=self._folder)
        self._child = child
        threading.Thread(target=self._listen, args=(child,), name="worker-answers", daemon=True).start()
        return child

    def _listen(self, child: Child) -> None:
        while True:
            try:
                answer = child.receive()
            except ChildGone as gone:
                log.debug("worker: %s", gone)
                with self._lock:
                    lost = list(self._pending.values()) if self._child in (child, None) else []
                for pending in lost:
                    pending.done.set()
                return
            with self._lock:
                waiting = self._pending.get(answer.get("id", 0) or 0)
            if waiting is not None:
                waiting.answer = answer
                waiting.done.set()


class Resolver:
    """Addresses of videos, each asked for once while they last. Any thread may use it."""

    def __init__(self, tools: Tools, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._tools = tools
        self._clock = clock
        self.worker = Worker(tools.worker, folder)
        self._lock = threading.Lock()
        self._known: dict[tuple[VideoRef, str, ytdlp.NetworkChoices], VideoInfo] = {}
        self._asking: dict[tuple[VideoRef, str, ytdlp.NetworkChoices], threading.Lock] = {}

    def known(self, video: VideoRef, quality: str, network: ytdlp.NetworkChoices) -> VideoInfo | None:
        """What is remembered and still good."""
        with self._lock:
            info = self._known.get((video, quality, network))
        return info if info is not None and info.expires - _MARGIN_S > self._clock() else None

    def resolve(
        self,
        video: VideoRef,
        quality: str,
        network: ytdlp.NetworkChoices,
        cancel: CancelToken | None = None,
        *,
        stale: VideoInfo | None = None,
    ) -> VideoInfo:
        """What the site offers of ``video``, remembered or asked for now.

        ``stale`` is an answer that has proved useless: it is not given again. Raises MediaError (yt-dlp's verdict),
        ChildGone (the worker itself failed; yt-dlp's command may still work) or Cancelled.
        """
        cancel = cancel or CancelToken()
        key = (video, quality, network)
        with self._lock:
            lock = self._asking.setdefault(key, threading.Lock())
        while not lock.acquire(timeout=0.02):
            cancel.raise_if_cancelled()
        try:
            known = self.known(video, quality, network)
            if known is not None and known is not stale:
                return known
            info = self._ask(video, quality, network, cancel)
            with self._lock:
                self._known[key] = info
            return info
        finally:
            lock.release()

    def close(self) -> None:
        """End the worker."""
        self.worker.close()

    def _ask(
        self, video: VideoRef, quality: str, network: ytdlp.NetworkChoices, cancel: CancelToken
    ) -> VideoInfo:
        if not self._tools.ytdlp:
            raise MediaError(FailureKind.NO_YTDLP)
        argv = ytdlp.resolve_arguments(video, quality, network, self._tools.deno, self._tools.ffmpeg)
        answer = self.worker.ask(argv, RESOLVE_TIMEOUT_S, cancel)
        info = answer.get("info")
        if isinstance(info, dict):
            return read_info(video, info, self._clock())
        raise classify([str(line) for line in answer.get("error") or []])


__all__ = ["Cancelled", "ChildGone", "MediaFormat", "Resolver", "VideoInfo", "Worker", "read_info"]
