"""One file and what lies beside it -> one Note. Whatever is wrong with the file, there is a note that says so."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from viewer.base.untrusted import read_file
from viewer.domain.note import Metadata, Note, NoteFormat, Problem, Section
from viewer.domain.video import is_youtube_id
from viewer.formats import decoding
from viewer.library.scanner import SIDE_SUFFIXES, is_note_name

log = logging.getLogger(__name__)

MAX_BYTES = 25_000_000
"""A note larger than this is listed with a problem and not read: the largest seen in the world has 0.3 MB."""

MAX_SIDE_BYTES = 40_000_000
"""A side file larger than this is left out (word times of a ten-hour talk have about 20 MB)."""

_SETTLED_NS = 100_000_000

_LANGUAGE = re.compile(r"\.[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*(?:-orig)?\Z")
_BRACKETED = re.compile(r"\[([A-Za-z0-9_-]{11})\]\Z")
_ENDS_WITH_ID = re.compile(r"(?:\A|[ _-])([A-Za-z0-9_-]{11})\Z")


@dataclass(frozen=True, slots=True)
class LoadedNote:
    """A note, the paths of the side files that went into it, and a hash of its own file's bytes."""

    note: Note
    siblings: tuple[str, ...] = ()
    fingerprint: bytes = b""


def load_note(path: Path | str, siblings: Sequence[Path | str] | None = None) -> Note:
    """Read one file as a note, with the given files beside it (None: those that belong to it are looked for).

    Never raises: a file that cannot be read gives a plain note whose problem says why.
    """
    return load(os.fspath(path), None if siblings is None else [os.fspath(item) for item in siblings]).note


def load(path: str, siblings: Sequence[str] | None = None) -> LoadedNote:
    """As :func:`load_note`, with what the index wants to know besides."""
    name = os.path.basename(path)
    try:
        size = os.stat(path).st_size
        if size > MAX_BYTES:
            return LoadedNote(_too_large(name, size))
        data = read_file(path, MAX_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        return LoadedNote(_unread(name, "unreadable", f"The file could not be read: {reason}."))
    problems: list[Problem] = []
    from viewer.formats import registry  # here: the parsers take longer to load than the list takes to appear

    try:
        note = registry.parse_bytes(data, name=name)
        if siblings is None:
            siblings = find_siblings(path, [video.id for video in note.videos])
        if siblings:
            note, problems = _enriched(note, siblings)
    except Exception:  # an edge: one note that trips the parser must never hide all others
        log.exception("the parser failed on %s", path)
        message = "The program failed to understand this file (a bug of ours); it is shown as plain text."
        text, problems = decoding.decode(data)
        plain = Section("", 0, text, 1)
        note = Note(
            NoteFormat.PLAIN,
            Metadata(stem_of(name)),
            sections=(plain,),
            problems=(Problem(None, "parser-failed", message),),
        )
        siblings = ()
    if problems:
        note = replace(note, problems=(*problems, *note.problems))
    return LoadedNote(note, tuple(siblings or ()), hashlib.blake2b(data, digest_size=16).digest())


def _unread(name: str, code: str, message: str) -> Note:
    return Note(NoteFormat.PLAIN, Metadata(stem_of(name)), problems=(Problem(None, code, message),))


def _too_large(name: str, size: int) -> Note:
    message = (
        f"The file has {size // 1_000_000} MB and was not read; the limit is {MAX_BYTES // 1_000_000} MB."
    )
    return _unread(name, "too-large", message)


def _enriched(note: Note, siblings: Iterable[str]) -> tuple[Note, list[Problem]]:
    side: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for path in siblings:
        name = os.path.basename(path)
        try:
            if os.stat(path).st_size > MAX_SIDE_BYTES:
                problems.append(
                    Problem(None, "too-large", f"{name} beside the note is too large and was left out.")
                )
                continue
            data = read_file(path, MAX_SIDE_BYTES)
        except FileNotFoundError:
            continue  # gone since the listing; the next refresh sees that
        except OSError as error:
            reason = error.strerror or str(error)
            message = f"{name} beside the note could not be read: {reason}."
            problems.append(Problem(None, "sidecar-unreadable", message))
            continue
        text, _ = decoding.decode(data)
        side.append((name, text))
    from viewer.formats.enrich import enrich  # here: as the parsers above

    return enrich(note, side), problems


def stem_of(name: str) -> str:
    """A file's name without its suffix, yt-dlp's ``.info`` and a caption file's language: ``A.en.vtt`` -> ``A``."""
    stem, suffix = os.path.splitext(name)
    if suffix.lower() == ".json" and stem.lower().endswith(".info"):
        return stem[:-5]
    if suffix.lower() in SIDE_SUFFIXES:
        return _LANGUAGE.sub("", stem)
    return stem


def side_keys(name: str) -> tuple[str, ...]:
    """By which words a side file is found: its stem, and the video id that its stem is or ends with."""
    stem = stem_of(name)
    keys = [stem]
    full = os.path.splitext(name)[0]
    if full != stem:
        keys.append(full)
    match = _BRACKETED.search(stem) or _ENDS_WITH_ID.search(stem)
    if match and is_youtube_id(match[1]):
        keys.append(match[1])
    return tuple(dict.fromkeys(keys))


def find_siblings(path: str, video_ids: Iterable[str]) -> list[str]:
    """The side files of a note: those named like it, or by the id of one of its videos, in the same folder."""
    folder, name = os.path.split(path)
    try:
        stamp = os.stat(folder or ".").st_mtime_ns
        # A folder's time has steps of some ms: one that changed just now may change again within the same step.
        fresh = abs(time.time_ns() - stamp) < _SETTLED_NS
        table = _side_files.__wrapped__(folder, stamp) if fresh else _side_files(folder, stamp)
    except OSError:
        return []
    stem = stem_of(name)
    found: dict[str, None] = {}
    if is_note_name(name):
        for key in (stem, *video_ids):
            found.update(dict.fromkeys(table.get(key, ())))
    else:
        # A caption file that is a note itself takes only what yt-dlp says about the video.
        for key in (stem, *side_keys(name)):
            infos = [item for item in table.get(key, ()) if item.lower().endswith(".info.json")]
            found.update(dict.fromkeys(infos))
    found.pop(name, None)
    return [os.path.join(folder, item) for item in found]


@lru_cache(maxsize=8)
def _side_files(folder: str, _stamp: int) -> Mapping[str, tuple[str, ...]]:
    """Key -> names of the side files in a folder. Cached for as long as the folder's own time stands still."""
    table: dict[str, list[str]] = {}
    for name in sorted(os.listdir(folder or ".")):
        if not name.startswith(".") and os.path.splitext(name)[1].lower() in SIDE_SUFFIXES:
            for key in side_keys(name):
                table.setdefault(key, []).append(name)
    return {key: tuple(names) for key, names in table.items()}
