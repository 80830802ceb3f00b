"""The order of the library's rows: by a key, and notes about the same video one after the other."""

from __future__ import annotations

import datetime
import enum
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from viewer.library.entries import NoteEntry


class SortKey(str, enum.Enum):
    """What the library is sorted by; the values are those of the setting ``library.sort``."""

    DATE = "date"
    TITLE = "title"
    CHANNEL = "channel"
    DURATION = "duration"
    OPENED = "opened"


def _by_title(entry: NoteEntry) -> tuple[Any, ...]:
    return (not entry.title, entry.title.casefold(), entry.id)


def _by_date(entry: NoteEntry) -> tuple[Any, ...]:
    return (-(entry.published or datetime.date.min).toordinal(), *_by_title(entry))


def _by_channel(entry: NoteEntry) -> tuple[Any, ...]:
    return (not entry.channel, (entry.channel or "").casefold(), *_by_date(entry))


def _by_duration(entry: NoteEntry) -> tuple[Any, ...]:
    return (-(entry.duration_ms or 0), *_by_title(entry))


def _by_opened(entry: NoteEntry) -> tuple[Any, ...]:
    return (-(entry.opened_at or 0), *_by_date(entry))


SORTS: dict[SortKey, Callable[[NoteEntry], tuple[Any, ...]]] = {
    SortKey.DATE: _by_date,
    SortKey.TITLE: _by_title,
    SortKey.CHANNEL: _by_channel,
    SortKey.DURATION: _by_duration,
    SortKey.OPENED: _by_opened,
}


def own_video(entry: NoteEntry) -> str | None:
    """The video a note is about; None for none, or for several (a weekly round-up is about none of them)."""
    return entry.video_ids[0] if len(entry.video_ids) == 1 else None


class Companions:
    """Which notes are about the same video, kept up to date note by note."""

    def __init__(self) -> None:
        self._video_of: dict[int, str] = {}
        self._notes_of: dict[str, tuple[int, ...]] = {}
        self._shared: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._shared)

    def put(self, entry: NoteEntry) -> frozenset[int]:
        """A note is new or changed. Returns the notes whose company is another one now."""
        before = self._video_of.get(entry.id)
        after = own_video(entry)
        if before == after:
            return frozenset()
        touched = self.take(entry.id)
        if after is not None:
            self._video_of[entry.id] = after
            company = self._notes_of[after] = (*self._notes_of.get(after, ()), entry.id)
            if len(company) > 1:
                self._shared.add(after)
                touched |= frozenset(company)
        return touched

    def take(self, note_id: int) -> frozenset[int]:
        """A note is gone. Returns the notes whose company is another one now."""
        video = self._video_of.pop(note_id, None)
        if video is None:
            return frozenset()
        rest = tuple(other for other in self._notes_of[video] if other != note_id)
        self._notes_of[video] = rest
        if len(rest) < 2:
            self._shared.discard(video)
        if not rest:
            del self._notes_of[video]
        return frozenset(rest)

    def of(self, note_id: int) -> tuple[int, ...]:
        """The other notes about this note's video, by id."""
        video = self._video_of.get(note_id)
        if video is None or video not in self._shared:
            return ()
        return tuple(sorted(other for other in self._notes_of[video] if other != note_id))

    def ordered(self, entries: Iterable[NoteEntry], key: SortKey) -> list[NoteEntry]:
        """Sorted by ``key``; the notes about one video follow the first of them."""
        rows = sorted(entries, key=SORTS[key])
        if not self._shared:
            return rows
        groups: dict[str, list[NoteEntry]] = defaultdict(list)
        for entry in rows:
            video = self._video_of.get(entry.id)
            if video in self._shared and video is not None:
                groups[video].append(entry)
        result: list[NoteEntry] = []
        for entry in rows:
            video = self._video_of.get(entry.id)
            if video is None or video not in self._shared:
                result.append(entry)
            else:
                result.extend(groups.pop(video, ()))
        return result
