"""What the commands of the terminal share: reading a file, printing data, one line of progress, Ctrl+C."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.base.cancel import CancelToken
from viewer.base.errors import ReadError
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.domain.note import Note
from viewer.domain.video import VideoRef
from viewer.library.loader import load_note

if TYPE_CHECKING:
    from viewer.media.fetcher import FetchOptions


def print_json(value: Any) -> None:
    """Print a value as JSON for people and programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def load(path: str) -> Note:
    """The note in a file that the user named. Raises ReadError when there is none."""
    file = Path(path)
    if not file.is_file():
        raise ReadError(f"There is no file {path}.", "Check its name.")
    return load_note(file)


def given_by_user() -> dict[str, VideoRef]:
    """The videos that the user gave to notes in the window, by the notes' absolute paths."""
    from viewer.library.user_store import UserStore
    from viewer.library.videos import given_videos

    file = AppPaths.standard().user_file
    if not file.exists():
        return {}
    user = UserStore(file)
    try:
        return given_videos(user)
    finally:
        user.close()


def load_with_video(path: str) -> Note:
    """As :func:`load`, with the video that the user gave the note, if it names none itself."""
    note = load(path)
    video = None if note.videos else given_by_user().get(os.path.abspath(path))
    return note.with_video(video) if video is not None else note


def fetch_options(settings: Settings, quality: str | None = None) -> FetchOptions:
    """The user's choices for downloads; ``quality`` instead of theirs."""
    from viewer.media.fetcher import FetchOptions

    return FetchOptions(
        quality=quality or settings.get("fetch.quality"),
        cookies_browser=settings.get("fetch.cookies_browser"),
        proxy=settings.get("fetch.proxy"),
        rate_limit_kib=settings.get("fetch.rate_limit"),
        offline=settings.get("fetch.offline"),
    )


def token_of_signals() -> CancelToken:
    """A token that Ctrl+C and a polite kill cancel, so that what runs is ended and nothing is left behind."""
    token = CancelToken()
    signal.signal(signal.SIGTERM, lambda *_: token.cancel())
    signal.signal(signal.SIGINT, lambda *_: token.cancel())
    return token


class ProgressLine:
    """One line on the terminal that says how far a fetch is."""

    def __call__(self, value: object) -> None:
        """Show one :class:`~viewer.media.progress.FetchProgress`."""
        stage = getattr(value, "stage", "")
        fraction = getattr(value, "fraction", None)
        amount = f" {fraction:4.0%}" if fraction is not None else ""
        size = getattr(value, "done_bytes", 0) / 1e6
        print(f"\r\x1b[K{stage}{amount} {size:.1f} MB", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Wipe the line."""
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
