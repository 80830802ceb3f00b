"""The warm worker: a child process that has yt-dlp imported and finds videos' addresses.

Importing yt-dlp takes 0.3 to 0.6 s and starting it as a command 0.8 s, each time; here it happens once. This file
is run by path in a process of its own (see :func:`viewer.media.tools.worker_command`) and imports nothing of ours.
It reads one JSON request a line and answers each by one JSON line::

    {"id": 1, "argv": [...]}  ->  {"id": 1, "info": {...}}  or  {"id": 1, "error": ["ERROR: ...", ...]}

``argv`` is a whole yt-dlp argument list that ends with ``--`` and the address. It ends when its stdin closes.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from typing import Any

_INFO_KEYS = (
    "id",
    "title",
    "duration",
    "is_live",
    "live_status",
    "extractor_key",
    "webpage_url",
    "thumbnail",
)
_FORMAT_KEYS = (
    *("format_id", "url", "protocol", "ext", "container", "vcodec", "acodec", "width", "height", "fps"),
    *("filesize", "filesize_approx", "tbr", "http_headers", "available_at", "has_drm"),
)


class _Listener:
    """Stands where yt-dlp wants a logger, and keeps what it says."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def debug(self, message: str) -> None:
        """Pass over chatter."""

    info = debug

    def warning(self, message: str) -> None:
        """Keep a warning as the command line would print it."""
        self.lines.append(message if message.startswith("WARNING:") else f"WARNING: {message}")

    def error(self, message: str) -> None:
        """Keep an error as the command line would print it."""
        self.lines.append(message if message.startswith("ERROR:") else f"ERROR: {message}")


def _known(source: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: source[key] for key in keys if source.get(key) is not None}


def _format(ydl: Any, source: dict[str, Any]) -> dict[str, Any]:
    found = _known(source, _FORMAT_KEYS)
    headers = dict(source.get("http_headers") or {})
    cookie = ydl.cookiejar.get_cookie_header(source["url"])
    if cookie:
        headers["Cookie"] = cookie
    found["http_headers"] = headers
    return found


def resolve(yt_dlp: Any, argv: list[str]) -> dict[str, Any]:
    """Ask yt-dlp what one video offers, and which formats it would take; never downloads."""
    listener = _Listener()
    try:
        parsed = yt_dlp.parse_options(argv)
        options = {**parsed.ydl_opts, "logger": listener, "simulate": True, "noprogress": True, "quiet": True}
        with yt_dlp.YoutubeDL(options) as ydl:
            info = ydl.extract_info(parsed.urls[0], download=False)
            if info is None:
                return {"error": listener.lines or ["ERROR: nothing found"]}
            if info.get("_type") == "playlist":
                info = next((entry for entry in info.get("entries") or [] if entry), None) or {}
            answer = _known(info, _INFO_KEYS)
            chosen = info.get("requested_formats") or ([info] if info.get("url") else [])
            answer["formats"] = [_format(ydl, one) for one in chosen]
            return {"info": answer, "warnings": listener.lines}
    except SystemExit as error:
        return {"error": [*listener.lines, f"ERROR: yt-dlp did not take its arguments ({error.code})"]}
    except Exception as error:  # noqa: BLE001 - the edge of this process: whatever it was goes to the parent
        name = type(error).__name__
        lines = listener.lines or [
            f"ERROR: {error}" if name == "DownloadError" else f"ERROR: {name}: {error}"
        ]
        return {"error": lines}


def main() -> int:
    """Answer requests until stdin closes."""
    # A run by path puts this folder first on the module path, and its names could hide others.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != here]
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Whatever a plugin prints must not mix with the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    lock = threading.Lock()

    def say(answer: dict[str, Any]) -> None:
        with lock:
            try:
                answers.write(json.dumps(answer, default=str) + "\n")
                answers.flush()
            except OSError:
                os._exit(0)

    try:
        yt_dlp = importlib.import_module("yt_dlp")
    except ImportError as error:
        say({"id": None, "error": [f"ERROR: No module named 'yt_dlp': {error}"]})
        return 1
    say({"id": None, "ready": yt_dlp.version.__version__})

    def serve(request: dict[str, Any]) -> None:
        say({"id": request.get("id"), **resolve(yt_dlp, request["argv"])})

    for line in sys.stdin:
        request = json.loads(line)
        threading.Thread(target=serve, args=(request,), daemon=True).start()
    os._exit(0)  # threads may be waiting for the network; nobody waits for them any more


if __name__ == "__main__":
    sys.exit(main())
