"""A note's clip command, read and judged: never run, never handed on.

The only shape that is accepted is that of the notes::

    yt-dlp --download-sections "*0:16-1:00" "https://www.youtube.com/watch?v=ID" --force-keyframes-at-cuts \
        --merge-output-format mp4 -o "ID-0m16s.mp4"

Every other option of yt-dlp is refused by not being in the table: many of them run programs or write anywhere.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field

from viewer.domain.note import ClipCommand, Problem
from viewer.domain.timestamp import parse_timestamp
from viewer.domain.video import VideoRef, parse_address
from viewer.formats.problems import problem

_LONGEST = 4000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_SHELL = re.compile(r"[;&|<>`$(){}!#]")
_SUBSTITUTION = re.compile(r"`|\\|\$(?!\d)")
"""What a shell replaces even between double quotes. ``$5`` is let through: it is a price in a file name."""

_RANGE = re.compile(r"\*\s*([0-9:.]{1,20})\s*-\s*([0-9:.]{1,20})\Z")
_CONTAINERS = frozenset({"mp4", "mkv", "webm", "mov", "m4a", "mp3", "avi", "flv"})
_PATH = re.compile(r"[/\\]|%\(|\A[A-Za-z]:|\A~")
"""Ways in which an output name leaves its folder or is filled in by yt-dlp: never taken."""

_UNFIT = re.compile(r"[<>:\"|?*]")
"""Letters that some file system cannot have in a name: replaced, as the name is only a suggestion."""

_STRANGE_SPACE = re.compile(r"[^\S \t\n]")
"""Unicode's other spaces: to the eye two words, to a shell one."""

_PROGRAM = re.compile(r"yt-dlp(?=[ \t])")
"""The bare word: no path, no assignment before it, no quotation marks that hide another."""

_CONTINUATION = re.compile(r"[ \t]*\\\n[ \t]*")


class _RefusedError(Exception):
    """Carries the code and the sentence of the problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(slots=True)
class _Found:
    addresses: list[VideoRef] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)


def is_clip_command(text: str) -> bool:
    """Whether a line looks like a clip command, sound or not."""
    word = text.strip().lstrip("$> ").split(None, 1)[:1]
    return bool(word) and word[0].rsplit("/", 1)[-1].lower() in _PROGRAMS


_PROGRAMS = frozenset({"yt-dlp", "youtube-dl", "yt-dlp.exe", "ytdlp", "yt_dlp"})


def parse_clip_command(text: str, line: int | None = None) -> ClipCommand | Problem:
    """The clip in a command's text, or the problem that says what in it was refused. Never raises.

    ``line`` is the 1-based line at which the command stands.
    """
    try:
        return _parse(text, line)
    except _RefusedError as refused:
        return problem(refused.code, line, refused.message)


def _refuse(what: str) -> _RefusedError:
    return _RefusedError("clip-command-refused", f"The clip command was refused: {what}. It is never run.")


def _parse(text: str, line: int | None) -> ClipCommand:
    command = _CONTINUATION.sub(" ", text.replace("\r\n", "\n").strip())
    if len(command) > _LONGEST:
        raise _refuse("it is too long")
    if _CONTROL.search(command):
        raise _refuse("it holds control letters")
    if "\n" in command:
        raise _refuse("it has more than one line")
    if not _PROGRAM.match(command):
        raise _refuse("it does not begin with yt-dlp")
    found = _read_words(_words(command))
    if len(found.addresses) != 1:
        raise _refuse("it names no video" if not found.addresses else "it names more than one address")
    if len(found.sections) != 1:
        raise _refuse("it names no section" if not found.sections else "it names more than one section")
    start, end = _section(found.sections[0])
    name = _file_name(found.names)
    return ClipCommand(found.addresses[0], start, end, name, line)


def _words(command: str) -> list[str]:
    """Shell words; what a shell would do more with than split is refused, wherever it is not quoted."""
    bare = _unquoted_text(command)
    letter = _SHELL.search(bare)
    if letter is not None:
        raise _refuse(f"it holds the shell's {letter[0]!r}")
    if _STRANGE_SPACE.search(bare):
        raise _refuse("it holds a space that no shell takes for one")
    if _SUBSTITUTION.search(command):
        raise _refuse("it holds a shell substitution")
    try:
        return shlex.split(command, comments=False, posix=True)
    except ValueError:
        raise _refuse("its quotation marks do not match") from None


def _unquoted_text(command: str) -> str:
    outside = []
    quote = ""
    for letter in command:
        if quote:
            if letter == quote:
                quote = ""
        elif letter in "\"'":
            quote = letter
        else:
            outside.append(letter)
    # The query of an address is often left unquoted; its "&" is then the shell's, and is refused.
    return "".join(outside)


def _read_words(words: list[str]) -> _Found:
    found = _Found()
    takers = {
        "--download-sections": found.sections,
        "--merge-output-format": found.containers,
        "-o": found.names,
        "--output": found.names,
    }
    rest = iter(words[1:])
    for word in rest:
        option, equals, value = word.partition("=")
        if word == "--force-keyframes-at-cuts":
            continue
        if word in takers:
            taken = next(rest, None)
            if taken is None:
                raise _refuse(f"{word} has no value")
            takers[word].append(taken)
        elif equals and option.startswith("--") and option in takers:
            takers[option].append(value)
        elif word.startswith("-"):
            raise _refuse(f"the option {_shown(option)} is not allowed")
        else:
            found.addresses.append(_address(word))
    for container in found.containers:
        if container.lower() not in _CONTAINERS:
            raise _refuse(f"the container {_shown(container)} is not known")
    return found


def _address(word: str) -> VideoRef:
    address = parse_address(word)
    if address is None:
        raise _refuse(f"{_shown(word)} is not a video's web address")
    return address.video


def _section(text: str) -> tuple[int, int]:
    match = _RANGE.match(text.strip())
    start = parse_timestamp(match[1]) if match else None
    end = parse_timestamp(match[2]) if match else None
    if start is None or end is None:
        raise _bad_range(text, "is not a pair of times")
    if end <= start:
        raise _bad_range(text, "is empty" if end == start else "runs backwards")
    return start, end


def _bad_range(text: str, how: str) -> _RefusedError:
    return _RefusedError("clip-range-bad", f"The clip's section {_shown(text)} {how}; no clip is made of it.")


def _file_name(names: list[str]) -> str | None:
    if not names:
        return None
    if len(names) > 1:
        raise _refuse("it names more than one output file")
    name = names[0]
    if (
        _PATH.search(name)
        or name.startswith(".")
        or not name.strip(" .-")
        or len(name.encode(errors="replace")) > 250
    ):
        raise _refuse(f"the output name {_shown(name)} is not a plain file name")
    return _UNFIT.sub("_", name)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
