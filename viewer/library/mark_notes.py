"""The marks of each note as a file ``TITLE.highlights.md`` in a folder that the user names, kept in step both ways.

A file is only ever written where it carries our mark and id; where another has the name, ours takes the next. Outside
edits are merged by three sides (:mod:`viewer.library.mark_merge`): first the database is changed, then the file, then
what was written is remembered, so that being killed in between costs nothing.
"""

from __future__ import annotations

import itertools
import logging
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from viewer.base.cancel import CancelToken
from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.base.untrusted import read_file
from viewer.domain.mark import Mark
from viewer.domain.video import VideoRef
from viewer.formats.highlights_file import MarkFile, read_mark_file
from viewer.formats.highlights_writer import MARKER, write_head
from viewer.library.entries import NoteEntry
from viewer.library.index_store import from_db, to_db
from viewer.library.journal import Act, Change
from viewer.library.mark_merge import Conflict, Merge, compose, merge, without
from viewer.library.mark_rows import note_number
from viewer.library.mark_store import MarkStore
from viewer.library.new_files import note_name, write_new
from viewer.library.user_store import UserStore

log = logging.getLogger(__name__)

SUFFIX = ".highlights.md"
_LARGEST_BYTES = 20_000_000
_HEAD_BYTES = 8192
_TRIES = 4


@dataclass(frozen=True, slots=True)
class MarkNote:
    """What one call has done: the note's file (None: it needs none), what it changed in the database, conflicts.

    ``problem`` says in a plain sentence why the file could not be brought up to date; empty when it could.
    """

    note_path: str
    file: Path | None = None
    change: Change | None = None
    conflicts: tuple[Conflict, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered of a note's file: where it lies, its id, and the text last written."""

    file: Path
    key: str
    base: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A file as it lies there now."""

    path: Path
    data: bytes
    parsed: MarkFile


class MarkNotes:
    """Keeps the files. Safe from any thread; every call blocks for the disk."""

    def __init__(self, user: UserStore, marks: MarkStore) -> None:
        self._user, self._marks = user, marks
        self._lock = threading.Lock()

    def sync(self, note_path: str, folder: Path) -> MarkNote:
        """Bring a note's marks and its file in ``folder`` together. Raises ReadError when a file cannot be read or written."""
        with self._lock:
            return self._sync(note_path, _existing(folder))

    def sync_all(
        self, folder: Path, entries: Iterable[NoteEntry] = (), cancel: CancelToken | None = None
    ) -> list[MarkNote]:
        """The same for every note that has marks, and for those of ``entries`` whose file lies in ``folder`` already.

        A file that cannot be read or written is told in its result. Raises Cancelled, and ReadError without the folder.
        """
        folder = _existing(folder)
        with self._lock:
            notes = dict.fromkeys([*self._marks.counts(), *self._kept_notes()])
            notes.update(dict.fromkeys(self._strangers(folder, entries)))
            done = []
            for note in notes:
                if cancel is not None:
                    cancel.raise_if_cancelled()
                try:
                    done.append(self._sync(note, folder))
                except ReadError as error:
                    log.info("marks of %s: %s (%s)", note, error, error.detail)
                    done.append(MarkNote(note, problem=str(error)))
            return done

    def file_of(self, note_path: str) -> Path | None:
        """The note's file as it was last written; None when there is none."""
        known = self._known(note_path)
        return known.file if known is not None else None

    # -- one note -------------------------------------------------------------------------------------------------

    def _sync(self, note_path: str, folder: Path) -> MarkNote:
        change: Change | None = None
        conflicts: list[Conflict] = []
        for _ in range(_TRIES):
            ours = {mark.id: mark for mark in self._marks.for_note(note_path)}
            known = self._known(note_path)
            title, video = _about(note_path, ours.values())
            found = self._find(note_path, known, folder, title, video)
            if found is None and not ours:
                return MarkNote(note_path, None, change, tuple(conflicts))
            last = read_mark_file(known.base if found is not None and known is not None else "")
            key = known.key if known is not None else uuid.uuid4().hex
            file = MarkFile(key, write_head(title, video, key))
            if found is not None:
                file, key = self._own_parts(found.parsed, note_path), found.parsed.key
                merged = merge(last.marks, ours, file.marks, int(time.time() * 1000))
                taken = self._take(merged, note_path, title if ours else found.parsed.note)
                change, conflicts = taken or change, [*conflicts, *merged.conflicts]
            text = compose(file, self._marks.for_note(note_path), last)
            path = _replaced(found, text) if found else self._new_file(folder, title, text)
            if path is not None:
                self._remember(note_path, _Known(path, key, text))
                return MarkNote(note_path, path, change, tuple(conflicts))
        raise ReadError(
            tr("The file with the marks of {title} is being changed by another program.").format(title=title),
            tr("Try again in a moment."),
            note_path,
        )

    def _own_parts(self, file: MarkFile, note_path: str) -> MarkFile:
        """The file with only those marks that are not another note's."""
        others = [mark.id for mark in self._marks.some(list(file.marks)) if mark.note_path != note_path]
        return without(file, others)

    def _take(self, merged: Merge, note_path: str, title: str) -> Change | None:
        """Put what the file brought into the database, as one act that can be undone."""
        if not merged.put and not merged.remove:
            return None
        put = [
            mark if mark.note_path else replace(mark, note_path=note_path, note_title=title)
            for mark in merged.put
        ]
        return self._marks.apply(Act.TAKE_FROM_FILE, put, merged.remove)

    # -- files ----------------------------------------------------------------------------------------------------

    def _find(
        self, note_path: str, known: _Known | None, folder: Path, title: str, video: VideoRef | None
    ) -> _Found | None:
        """The note's file in the folder: where it was, else renamed, else one that is about the note and nobody's."""
        if known is not None:
            if known.file.parent == folder:
                found = _read(known.file)
                if found is not None and found.parsed.key == known.key:
                    return found
            return next((one for one in _ours_in(folder) if one.parsed.key == known.key), None)
        taken = self._keys()
        for path in itertools.islice(_names(folder, title), 3):
            found = _read(path) if path.exists() else None
            if found is None or not found.parsed.key or found.parsed.key in taken:
                continue
            if found.parsed.note == title or (video is not None and found.parsed.video_id == video.id):
                return found
        return next(
            (
                one
                for one in _ours_in(folder)
                if one.parsed.key not in taken and _is_about(one, note_path, video)
            ),
            None,
        )

    @staticmethod
    def _new_file(folder: Path, title: str, text: str) -> Path | None:
        path = next(path for path in _names(folder, title) if not os.path.lexists(path))
        return path if write_new(path, text) else None

    def _strangers(self, folder: Path, entries: Iterable[NoteEntry]) -> Iterator[str]:
        """Notes of the library whose file lies in the folder though nothing is remembered of it (another computer's)."""
        taken = self._keys()
        loose = [one for one in _ours_in(folder) if one.parsed.key not in taken]
        if not loose:
            return
        by_video: dict[str, str] = {}
        by_title: dict[str, str] = {}
        for entry in entries:
            by_title.setdefault(entry.title, entry.path)
            for video_id in entry.video_ids[:1]:
                by_video.setdefault(video_id, entry.path)
        for one in loose:
            note = by_title.get(one.parsed.note) or by_video.get(one.parsed.video_id)
            if note is not None:
                self._adopt(note, one)
                yield note

    def _adopt(self, note_path: str, found: _Found) -> None:
        """Remember a file as the note's, nothing of it as known, unless the note has one."""
        if self._known(note_path) is None:
            self._remember(note_path, _Known(found.path, found.parsed.key, ""))

    # -- what is remembered ---------------------------------------------------------------------------------------

    def _known(self, note_path: str) -> _Known | None:
        row = self._user.pool.session().row(
            "SELECT f.file, f.key, f.base FROM mark_notes f JOIN marked_notes n ON n.number=f.note "
            "WHERE n.path=? ORDER BY n.number LIMIT 1",
            (to_db(note_path),),
        )
        return _Known(Path(from_db(row[0])), str(row[1]), str(row[2])) if row else None

    def _kept_notes(self) -> list[str]:
        rows = self._user.pool.session().rows(
            "SELECT n.path FROM mark_notes f JOIN marked_notes n ON n.number=f.note"
        )
        return [from_db(row[0]) for row in rows]

    def _keys(self) -> frozenset[str]:
        return frozenset(str(row[0]) for row in self._user.pool.session().rows("SELECT key FROM mark_notes"))

    def _remember(self, note_path: str, known: _Known) -> None:
        if self._known(note_path) == known:
            return
        with self._user.pool.writing() as session:
            values = (note_number(session, note_path), to_db(str(known.file)), known.key, known.base)
            session.run("INSERT OR REPLACE INTO mark_notes(note, file, key, base) VALUES(?,?,?,?)", values)


def _existing(folder: Path) -> Path:
    """The folder as it is kept. One that is not there (a disk not mounted) is never made."""
    folder = Path(os.path.abspath(folder))
    if not folder.is_dir():
        raise ReadError(
            tr("There is no folder {folder}.").format(folder=folder),
            tr("Choose another folder for your marks."),
        )
    return folder


def _about(note_path: str, marks: Iterable[Mark]) -> tuple[str, VideoRef | None]:
    """The title of a note and its video, as its marks tell them."""
    newest = sorted(marks, key=lambda mark: -mark.created_ms)
    title = next((mark.note_title for mark in newest if mark.note_title), "")
    video = next((mark.segment.video for mark in newest if mark.segment is not None), None)
    return title or os.path.splitext(os.path.basename(note_path))[0], video


def _is_about(found: _Found, note_path: str, video: VideoRef | None) -> bool:
    stem = os.path.splitext(os.path.basename(note_path))[0]
    return found.parsed.note == stem or (video is not None and found.parsed.video_id in (video.id, video.url))


def _names(folder: Path, title: str) -> Iterator[Path]:
    stem = note_name(title)
    yield folder / f"{stem}{SUFFIX}"
    for number in itertools.count(2):
        yield folder / f"{stem} ({number}){SUFFIX}"


def _ours_in(folder: Path) -> Iterator[_Found]:
    """The files right in the folder that carry our mark."""
    try:
        with os.scandir(folder) as entries:
            paths = sorted(entry.path for entry in entries if entry.name.endswith(".md"))
    except OSError:
        return
    for path in paths:
        try:
            head = read_file(path, _HEAD_BYTES)
        except OSError:
            continue
        if MARKER.encode() in head:
            found = _read(Path(path))
            if found is not None and found.parsed.key:
                yield found


def _read(path: Path) -> _Found | None:
    """The file, whoever's it is; None when there is none, or nothing that could be ours. Raises ReadError."""
    try:
        if not path.is_file():
            return None  # a folder, a pipe: nothing of ours
        data = read_file(path, _LARGEST_BYTES)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except OSError as error:
        raise ReadError(
            tr("{path} could not be read.").format(path=path), tr("Check its permissions."), str(error)
        ) from error
    if len(data) > _LARGEST_BYTES:
        return None
    try:
        return _Found(path, data, read_mark_file(data.decode("utf-8")))
    except UnicodeDecodeError:
        return None


def _replaced(found: _Found, text: str) -> Path | None:
    """Write the file anew if it is to be another; None when somebody else has changed it meanwhile. Raises ReadError."""
    data = text.encode("utf-8")
    if b"\r\n" in found.data:
        data = data.replace(b"\n", b"\r\n")
    if found.data.startswith(b"\xef\xbb\xbf"):
        data = b"\xef\xbb\xbf" + data
    if data == found.data:
        return found.path
    target = Path(os.path.realpath(found.path))
    try:
        handle, name = tempfile.mkstemp(prefix=".soundbite", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, target.stat().st_mode & 0o777)
            if target.read_bytes() != found.data:
                return None
            os.replace(name, target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise ReadError(
            tr("{path} could not be written.").format(path=found.path),
            tr("Check that the folder is yours and has free space."),
            str(error),
        ) from error
    return found.path
