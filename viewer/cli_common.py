"""What the commands of the terminal share: reading a file, printing data, one line of progress, Ctrl+C."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from viewer.base import language
from viewer.base.cancel import CancelToken
from viewer.base.errors import ReadError
from viewer.base.language import tr, tr_n, tr_noop
from viewer.base.paths import AppPaths, resources_dir
from viewer.base.settings import Settings
from viewer.domain.note import Note
from viewer.domain.video import VideoRef
from viewer.library.loader import load_note

if TYPE_CHECKING:
    from viewer.media.fetcher import FetchOptions

EXIT_FAILED = 1
"""The exit code of a command that failed, or of a search that found nothing."""


def speak() -> None:
    """Speak the language of the settings, or the one that the environment asks for."""
    choice = Settings(AppPaths.standard().settings_file).get("look.language")
    language.use(
        resources_dir() / "translations", language.chosen(choice, language.terminal_wishes(os.environ))
    )


CLEAR_LINE = "\r\x1b[K"
"""With it a write may begin that wipes the terminal's line; the only such sequence that is ours."""

_COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PICTURES = 0x2400
"""U+2400 to U+241F show the control letters 0 to 31 (Unicode, "Control Pictures")."""


def harmless(text: str) -> str:
    """``text`` as a terminal may show it: titles and file names hold what would colour, move or answer (ECMA-48)."""
    start = len(CLEAR_LINE) if text.startswith(CLEAR_LINE) else 0
    return text[:start] + _COMMANDING.sub(
        lambda found: chr(_PICTURES + ord(found[0])) if found[0] < " " else "\ufffd", text[start:]
    )


class TerminalStream:
    """Stands in for a stream that ends in a terminal, and writes there only what is harmless."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """As the stream does; every letter counts as written."""
        self._stream.write(harmless(text))
        return len(text)


def guard_terminal() -> None:
    """From now on nothing that is printed commands the terminal. What goes to a file or a program stays as it is."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and stream.isatty() and not isinstance(stream, TerminalStream):
            setattr(sys, name, TerminalStream(stream))


class Parser(argparse.ArgumentParser):
    """argparse's own few words in the reader's language, and of its sub-commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False)
        self._positionals.title = tr("arguments")
        self._optionals.title = tr("options")
        self.add_argument("-h", "--help", action="help", help=tr("show this help and end"))

    def format_help(self) -> str:
        """The help, which begins with the usage."""
        text = super().format_help()
        return tr("usage: {text}").format(text=text.removeprefix("usage: "))


def print_json(value: Any) -> None:
    """Print a value as JSON for people and programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def load(path: str) -> Note:
    """The note in a file that the user named. Raises ReadError when there is none."""
    file = Path(path)
    if not file.is_file():
        raise ReadError(tr("There is no file {path}.").format(path=path), tr("Check its name."))
    return load_note(file)


_ONE_OF_A_KIND: dict[str, str] = {
    "verbatim": tr_noop("{n} verbatim"),
    "edited": tr_noop("{n} edited"),
    "stitched": tr_noop("{n} stitched"),
    "paraphrase": tr_noop("{n} paraphrased"),
    "not-found": tr_noop("{n} not found"),
    "cannot-be-checked": tr_noop("{n} cannot be checked"),
    "elsewhere": tr_noop("{n} said elsewhere"),
}


def counts_text(counts: Mapping[str, int]) -> str:
    """``3 notes, 1 clip``: counts by their names in the JSON, for people."""
    return tr(", ").join(_count_text(name, count) for name, count in counts.items())


def _count_text(name: str, n: int) -> str:
    counted = {
        "notes": tr_n("{n} note", "{n} notes", n),
        "clips": tr_n("{n} clip", "{n} clips", n),
        "highlights": tr_n("{n} highlight", "{n} highlights", n),
        "quotes": tr_n("{n} quote", "{n} quotes", n),
        "key_points": tr_n("{n} key point", "{n} key points", n),
        "mentions": tr_n("{n} mention", "{n} mentions", n),
        "cues": tr_n("{n} line of transcript", "{n} lines of transcript", n),
        "sections": tr_n("{n} section", "{n} sections", n),
        "problems": tr_n("{n} problem", "{n} problems", n),
    }
    words = counted.get(name) or tr(_ONE_OF_A_KIND.get(name, "{n} " + name.replace("_", " ")))
    return words.format(n=n)


def given_by_user() -> dict[str, VideoRef]:
    """The videos that the user gave to notes in the window, by the notes' absolute paths."""
    from viewer.library.user_store import UserStore

    file = AppPaths.standard().user_file
    if not file.exists():
        return {}
    user = UserStore(file)
    try:
        return user.given_videos()
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


STAGE_WORDS: dict[str, str] = {
    "waiting": tr_noop("waiting"),
    "resolving": tr_noop("asking the site"),
    "downloading": tr_noop("downloading"),
    "cutting": tr_noop("cutting"),
    "checking": tr_noop("checking"),
    "paused": tr_noop("paused"),
    "done": tr_noop("done"),
}
"""What a fetch is doing, by the value of its :class:`~viewer.media.progress.FetchStage`."""


class ProgressLine:
    """One line on the terminal that says how far a fetch is."""

    def __call__(self, value: object) -> None:
        """Show one :class:`~viewer.media.progress.FetchProgress`."""
        stage = tr(STAGE_WORDS.get(getattr(value, "stage", ""), ""))
        fraction = getattr(value, "fraction", None)
        amount = f" {fraction:4.0%}" if fraction is not None else ""
        size = getattr(value, "done_bytes", 0) / 1e6
        print(f"{CLEAR_LINE}{stage}{amount} {size:.1f} MB", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Wipe the line."""
        print(CLEAR_LINE, end="", file=sys.stderr, flush=True)
