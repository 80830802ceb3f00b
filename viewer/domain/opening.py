"""What the program is asked to open: the words of its command line, or those that a second start hands over.

Desktops give local files as ``file:`` addresses, browsers give ``soundbite:`` ones, people give paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from viewer.domain.soundbite_url import is_soundbite_url, parse_soundbite_url
from viewer.domain.video import Address, Segment, parse_address

_UNFIT = re.compile("[\\0\ud800-\udb7f\udc00-\udc7f\udd00-\udfff]")
"""What no file's name holds: a zero, half letters. Bytes that are no UTF-8 come as U+DC80 to U+DCFF (PEP 383)."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Sorted: ``paths`` of files and folders (perhaps absent), ``segments`` to play, ``addresses`` of videos to add.

    ``refused`` holds what was none of these, for a message; it must not be used for anything else.
    """

    paths: tuple[Path, ...] = ()
    segments: tuple[Segment, ...] = ()
    addresses: tuple[Address, ...] = ()
    refused: tuple[str, ...] = ()


def read_opening(arguments: Iterable[str], default_length_ms: int = 30_000) -> Opening:
    """Sort the words. ``default_length_ms`` is the length of a ``soundbite:`` segment without an end."""
    paths: list[Path] = []
    segments: list[Segment] = []
    addresses: list[Address] = []
    refused: list[str] = []
    for text in arguments:
        if is_soundbite_url(text):
            segment = parse_soundbite_url(text, default_length_ms)
            _keep(segments, segment, refused, text)
        elif text.lower().startswith(("http:", "https:")):
            _keep(addresses, parse_address(text), refused, text)
        elif text.lower().startswith("file:"):
            _keep(paths, _local_file(text), refused, text)
        else:
            _keep(
                paths,
                None if not text or text.startswith("-") or _UNFIT.search(text) else Path(text),
                refused,
                text,
            )
    return Opening(tuple(paths), tuple(segments), tuple(addresses), tuple(refused))


def _keep(found: list, value: object | None, refused: list[str], text: str) -> None:  # type: ignore[type-arg]
    if value is None:
        refused.append(text)
    else:
        found.append(value)


def _local_file(text: str) -> Path | None:
    """The file of a ``file:`` address (RFC 8089); None when it is on another machine."""
    try:
        parts = urlsplit(text)
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return None
    if parts.netloc not in ("", "localhost") or not path.startswith("/") or "\0" in path:
        return None
    if path.startswith("//"):  # "file:////server/share": another machine, to Windows
        return None
    # "file:///C:/notes" on Windows
    return Path(path[1:] if len(path) > 2 and path[2] == ":" else path)
