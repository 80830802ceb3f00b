"""Putting a new note into a folder: under a free name, whole or not at all, nothing ever overwritten."""

from __future__ import annotations

import itertools
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.library.scanner import is_note_name

_LONGEST_BYTES = 150
"""Of a name without its suffix. File systems allow 255; encrypted home folders (eCryptfs) 143 to 200."""

_HEAD_BYTES = 4096
_ID = re.compile(
    rb"""^(?:video_?id|youtube_?id)[ \t]*[:=][ \t]*["']?([A-Za-z0-9_-]{11})["']?[ \t\r]*$""", re.M | re.I
)
# Windows: "Naming Files, Paths, and Namespaces".
_RESERVED = re.compile(
    r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9\u00b9\u00b2\u00b3])\Z", re.IGNORECASE
)
_DIVIDING = re.compile(r"\s*[:/\\|]+\s*")
_DROPPED = re.compile(r'[<>"?*]')


def note_name(title: str) -> str:
    """A file name without its suffix for a note of this title, harmless on every system; never empty, never a path."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFC", " ".join(title.split()))
        if unicodedata.category(letter)[0] != "C"
    )
    # "3:16" and "AC/DC" keep together, "Name: what | when" becomes "Name - what - when".
    stem = _DIVIDING.sub(
        lambda found: "-" if found[0] == found[0].strip() else " - ", _DROPPED.sub("", plain)
    )
    stem = stem.encode()[:_LONGEST_BYTES].decode(errors="ignore").strip(" .-~")
    if _RESERVED.match(stem.partition(".")[0].rstrip()):
        stem = f"_{stem}"
    return stem or "Video"


def free_paths(folder: Path, title: str) -> Iterator[Path]:
    """Paths for a note of this title in ``folder`` at which nothing is: ``Title.md``, ``Title (2).md`` and so on."""
    stem = note_name(title)
    for number in itertools.count(1):
        path = folder / (f"{stem}.md" if number == 1 else f"{stem} ({number}).md")
        if not os.path.lexists(path):
            yield path


def write_new(path: Path, text: str) -> bool:
    """Write ``text`` (UTF-8) to a file that is not there yet; False when there is one after all. Raises ReadError.

    The file appears whole and is on the disk before this returns.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".soundbite", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            return _place(Path(name), path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise ReadError(
            tr("{path} could not be written.").format(path=path),
            tr("Check that the folder is yours and has free space."),
            str(error),
        ) from error


def _place(part: Path, path: Path) -> bool:
    """Give the finished file its name, unless that is taken."""
    try:
        os.link(part, path)  # fails when there is something, which a rename does not
        return True
    except FileExistsError:
        return False
    except OSError:
        pass  # a file system without links
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    part.replace(path)
    return True


def video_ids_in(folder: Path) -> dict[str, Path]:
    """The YouTube videos that the notes right in ``folder`` are about, by the heads of the files: id -> note."""
    found: dict[str, Path] = {}
    try:
        names = sorted(
            entry.name for entry in os.scandir(folder) if entry.is_file() and is_note_name(entry.name)
        )
    except OSError:
        return {}
    for name in names:
        video_id = video_id_in(folder / name)
        if video_id:
            found.setdefault(video_id, folder / name)
    return found


def video_id_in(path: Path) -> str:
    """The YouTube id in a note's head; empty when there is none, or no such file."""
    try:
        with path.open("rb") as file:
            match = _ID.search(file.read(_HEAD_BYTES))
    except OSError:
        return ""
    return match[1].decode() if match else ""
