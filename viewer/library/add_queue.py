"""The videos that are to become notes: one after the other, stopped and gone on with at any time, also after a crash.

The queue is one JSON file in the data folder, replaced whole at every change. What was being fetched when the program
ended waits again, unless its note lies in the folder already: its path is written down before the note is.
"""

from __future__ import annotations

import enum
import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import Cancelled, ViewerError
from viewer.base.settings import write_atomically
from viewer.base.untrusted import read_json
from viewer.domain.note import Note
from viewer.domain.video import VideoRef, is_youtube_id
from viewer.domain.video_source import parse_source
from viewer.library.new_files import free_paths, video_id_in, write_new

log = logging.getLogger(__name__)

_VERSION = 1
BUSY_PAUSES_S = (30.0, 120.0, 300.0)
"""How long the queue rests when the site says 429, each time longer; then it stops and says so."""

GAP_S = 1.0
"""Between two videos: a site that is asked without a breath soon answers 429."""

_STREAK = 2
"""So many videos in a row that fail as if the network were gone mean that it is."""


class AddState(str, enum.Enum):
    """Where one video of the queue stands. EXISTS: there is a note about it already; it was not asked for."""

    WAITING = "waiting"
    FETCHING = "fetching"
    DONE = "done"
    EXISTS = "exists"
    FAILED = "failed"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class AddItem:
    """One video of the queue. ``reason`` says why it failed, ``path`` where its note is (or is about to be)."""

    number: int
    video: VideoRef
    title: str
    folder: str
    state: AddState = AddState.WAITING
    duration_ms: int | None = None
    reason: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A video to be queued. With ``reason`` it is known beforehand that it cannot be had, and why."""

    video: VideoRef
    title: str = ""
    duration_ms: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AddProgress:
    """How far the queue is: so many of so many are over. ``resting_s`` is set while the site wants to be left alone."""

    done: int
    total: int
    title: str = ""
    resting_s: float | None = None


class AddQueue:
    """The queue. Any thread may use it; every change is on the disk when the method returns (raises ReadError)."""

    def __init__(self, file: Path | None) -> None:
        """Without ``file`` nothing is kept. A file that cannot be read is put aside, and the queue is empty."""
        self._file = file
        self._lock = threading.RLock()
        self._items: dict[int, AddItem] = {}
        self._infos: dict[VideoRef, Mapping[str, Any]] = {}
        if file is not None and file.exists():
            self._load(file)

    # -- what is in it ---------------------------------------------------------------------------------------

    def items(self) -> tuple[AddItem, ...]:
        """Everything, in order."""
        with self._lock:
            return tuple(self._items.values())

    def waiting(self) -> int:
        """How many are still to be fetched."""
        return sum(item.state is AddState.WAITING for item in self.items())

    def count(self) -> tuple[int, int]:
        """How many are over, and how many there are."""
        items = self.items()
        return sum(item.state not in (AddState.WAITING, AddState.FETCHING) for item in items), len(items)

    # -- changing it -----------------------------------------------------------------------------------------

    def add(self, wanted: Iterable[Wanted], folder: Path | str) -> list[AddItem]:
        """Queue these at the end, as far as they do not wait in it for the same folder. Returns what was added."""
        with self._lock:
            there = {
                (item.video, item.folder)
                for item in self._items.values()
                if item.state in (AddState.WAITING, AddState.FETCHING)
            }
            added = []
            number = max(self._items, default=0)
            for one in wanted:
                if (one.video, str(folder)) in there:
                    continue
                there.add((one.video, str(folder)))
                number += 1
                state = AddState.FAILED if one.reason else AddState.WAITING
                item = AddItem(number, one.video, one.title, str(folder), state, one.duration_ms, one.reason)
                self._items[number] = item
                added.append(item)
            self._save()
            return added

    def know(self, video: VideoRef, info: Mapping[str, Any]) -> None:
        """Remember, until it is fetched, what yt-dlp has said of a video, so that it need not be asked again."""
        with self._lock:
            self._infos[video] = info

    def info(self, video: VideoRef) -> Mapping[str, Any] | None:
        """What is remembered of a video, once."""
        with self._lock:
            return self._infos.pop(video, None)

    def take(self) -> AddItem | None:
        """The first that waits; it is being fetched from now on. None when none waits."""
        with self._lock:
            item = next((one for one in self._items.values() if one.state is AddState.WAITING), None)
            return self._put(replace(item, state=AddState.FETCHING, path="", reason="")) if item else None

    def promise(self, number: int, title: str, path: Path) -> None:
        """Write down where the note is about to be."""
        with self._lock:
            self._put(replace(self._items[number], path=str(path), title=title))

    def finish(self, number: int, state: AddState, reason: str = "", path: str = "") -> None:
        """This one is over: DONE, EXISTS or FAILED."""
        with self._lock:
            if number in self._items:  # it may have been taken out
                self._put(replace(self._items[number], state=state, reason=reason, path=path))

    def put_back(self, *numbers: int) -> None:
        """Let these wait again."""
        with self._lock:
            for number in numbers:
                if number in self._items:
                    self._items[number] = replace(
                        self._items[number], state=AddState.WAITING, reason="", path=""
                    )
            self._save()

    def retry(self) -> None:
        """Let all that failed wait again."""
        self.put_back(*(item.number for item in self.items() if item.state is AddState.FAILED))

    def give_up(self, reason: str) -> None:
        """Whatever is being fetched has failed."""
        for item in self.items():
            if item.state is AddState.FETCHING:
                self.finish(item.number, AddState.FAILED, reason)

    def clear(self, *, all_of_it: bool = False) -> None:
        """Forget what is over; with ``all_of_it`` also what waits. What is being fetched stays."""
        with self._lock:
            kept = {AddState.FETCHING} if all_of_it else {AddState.FETCHING, AddState.WAITING}
            self._items = {n: item for n, item in self._items.items() if item.state in kept}
            self._save()

    # -- the file --------------------------------------------------------------------------------------------

    def _put(self, item: AddItem) -> AddItem:
        self._items[item.number] = item
        self._save()
        return item

    def _save(self) -> None:
        if self._file is None:
            return
        rows = [
            {
                "id": item.video.id,
                "title": item.title,
                "folder": item.folder,
                "state": item.state.value,
                "duration_ms": item.duration_ms,
                "reason": item.reason,
                "path": item.path,
            }
            for item in self._items.values()
        ]
        write_atomically(self._file, json.dumps({"version": _VERSION, "items": rows}, ensure_ascii=False))

    def _load(self, file: Path) -> None:
        try:
            values = read_json(file.read_text(encoding="utf-8"))
            if values["version"] != _VERSION:
                raise ValueError("another version")
            items = [_item(number, row) for number, row in enumerate(values["items"], 1)]
        except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
            log.warning("the queue in %s cannot be read: %s", file, error)
            try:
                file.replace(file.with_suffix(".broken.json"))
            except OSError:
                pass
            return
        self._items = {item.number: _after_crash(item) for item in items}


def _item(number: int, row: Mapping[str, Any]) -> AddItem:
    """One item as it was kept. Raises ValueError, KeyError or TypeError: the file may be anybody's."""
    video_id, duration = str(row["id"]), row["duration_ms"]
    source = None if is_youtube_id(video_id) else parse_source(video_id)
    video = VideoRef.youtube(video_id) if source is None else source.video
    if video is None:
        raise ValueError(f"no video: {video_id!r}")
    return AddItem(
        number,
        video,
        str(row["title"]),
        str(row["folder"]),
        AddState(row["state"]),
        int(duration) if duration is not None else None,
        str(row["reason"]),
        str(row["path"]),
    )


def _after_crash(item: AddItem) -> AddItem:
    if item.state is not AddState.FETCHING:
        return item
    if item.path and item.video.is_youtube and video_id_in(Path(item.path)) == item.video.id:
        return replace(item, state=AddState.DONE)
    return replace(item, state=AddState.WAITING, path="", reason="")


# --- working it off -------------------------------------------------------------------------------------------

MakeNote = Callable[[VideoRef, "Mapping[str, Any] | None", Progress, CancelToken], Note]
"""Makes the note of a video. Blocks; raises ViewerError, Cancelled."""

KnownNote = Callable[[VideoRef, str], "str | None"]
"""The path of a note about this video that is there already, in the library or in this folder."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What an error means for the rest of the queue."""

    busy: Callable[[ViewerError], bool]
    cut_off: Callable[[ViewerError], bool]
    halts: Callable[[ViewerError], bool]


class AddRun:
    """Works a queue off. ``work`` blocks until nothing waits."""

    def __init__(
        self,
        queue: AddQueue,
        make_note: MakeNote,
        known: KnownNote,
        verdicts: Verdicts,
        *,
        busy_pauses_s: Sequence[float] = BUSY_PAUSES_S,
        gap_s: float = GAP_S,
    ) -> None:
        self._queue = queue
        self._make_note = make_note
        self._known = known
        self._verdicts = verdicts
        self._busy_pauses_s = tuple(busy_pauses_s)
        self._gap_s = gap_s
        self._rests = 0
        self._streak: list[int] = []

    def work(self, progress: Progress = no_progress, cancel: CancelToken | None = None) -> None:
        """Make a note of each video that waits; one failure never stops the rest. Progress gets :class:`AddProgress`.

        Raises the ViewerError for which all the rest would fail as well (it then waits on), and Cancelled.
        """
        cancel = cancel or CancelToken()
        while True:
            cancel.raise_if_cancelled()
            item = self._queue.take()
            if item is None:
                self._tell(progress)
                return
            self._tell(progress, item.title)
            try:
                asked = self._one(item, progress, cancel)
            except Cancelled:
                self._queue.put_back(item.number)
                raise
            except ViewerError as error:
                self._failed(item, error, progress, cancel)
                continue
            self._rests = 0
            if asked:
                self._streak.clear()
                if self._queue.waiting():
                    self._tell(progress)
                    cancel.wait(self._gap_s)

    def _one(self, item: AddItem, progress: Progress, cancel: CancelToken) -> bool:
        """Make the note of one video; False when there is one already."""
        from viewer.formats.note_writer import write_note  # here: the readers behind it would slow the start

        there = self._known(item.video, item.folder) or self._made_before(item)
        if there:
            self._queue.finish(item.number, AddState.EXISTS, path=there)
            return False
        note = self._make_note(item.video, self._queue.info(item.video), no_progress, cancel)
        text = write_note(note)
        for path in free_paths(Path(item.folder), note.title or item.title or item.video.id):
            cancel.raise_if_cancelled()
            self._queue.promise(item.number, note.title or item.title, path)
            if write_new(path, text):
                self._queue.finish(item.number, AddState.DONE, path=str(path))
                break
        return True

    def _made_before(self, item: AddItem) -> str:
        """The note that this queue has made of the same video: the library may not know it yet."""
        return next(
            (
                one.path
                for one in self._queue.items()
                if one.video == item.video and one.state is AddState.DONE and Path(one.path).exists()
            ),
            "",
        )

    def _failed(self, item: AddItem, error: ViewerError, progress: Progress, cancel: CancelToken) -> None:
        log.info("%s: %s %s", item.video.id, error.message, error.detail)
        if self._verdicts.busy(error):
            self._queue.put_back(item.number)
            if self._rests >= len(self._busy_pauses_s):
                raise error
            pause = self._busy_pauses_s[self._rests]
            self._rests += 1
            done, total = self._queue.count()
            progress(AddProgress(done, total, item.title, pause))
            cancel.wait(pause)
            return
        if self._verdicts.halts(error):
            self._queue.put_back(item.number)
            raise error
        self._queue.finish(item.number, AddState.FAILED, error.message)
        if not self._verdicts.cut_off(error):
            self._streak.clear()
            return
        self._streak.append(item.number)
        if len(self._streak) >= _STREAK:
            self._queue.put_back(*self._streak)
            raise error

    def _tell(self, progress: Progress, title: str = "") -> None:
        done, total = self._queue.count()
        progress(AddProgress(done, total, title))
