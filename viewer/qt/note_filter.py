"""Which notes the library shows: one value that says what they must have, and what there is to choose from."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from viewer.library.entries import NoteEntry


@dataclass(frozen=True, slots=True)
class NoteFilter:
    """What a shown note must have; None and False: it does not matter."""

    tag: str | None = None
    channel: str | None = None
    speaker: str | None = None
    year: int | None = None
    folder: str | None = None
    transcript: bool = False
    kept: bool = False

    def __bool__(self) -> bool:
        return self != NoteFilter()

    def accepts(self, entry: NoteEntry, kept: int) -> bool:
        """Whether the note fits; ``kept`` is how many of its clips are in the store."""
        return (
            (self.channel is None or entry.channel == self.channel)
            and (self.tag is None or self.tag in entry.tags)
            and (self.speaker is None or self.speaker in entry.speakers)
            and (self.year is None or (entry.published is not None and entry.published.year == self.year))
            and (self.folder is None or _is_below(entry, self.folder))
            and (not self.transcript or entry.has_transcript)
            and (not self.kept or kept > 0)
        )


def _is_below(entry: NoteEntry, folder: str) -> bool:
    return entry.folder == folder or entry.path.startswith(os.path.join(folder, ""))


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What the notes offer to filter by: (value, number of notes), the most frequent first, years newest first."""

    tags: tuple[tuple[str, int], ...] = ()
    channels: tuple[tuple[str, int], ...] = ()
    speakers: tuple[tuple[str, int], ...] = ()
    years: tuple[tuple[int, int], ...] = ()


def choices_of(entries: Iterable[NoteEntry]) -> FilterChoices:
    """Count what these notes offer."""
    tags: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    speakers: Counter[str] = Counter()
    years: Counter[int] = Counter()
    for entry in entries:
        tags.update(set(entry.tags))
        speakers.update(set(entry.speakers))
        if entry.channel:
            channels[entry.channel] += 1
        if entry.published is not None:
            years[entry.published.year] += 1
    return FilterChoices(
        _most_first(tags),
        _most_first(channels),
        _most_first(speakers),
        tuple(sorted(years.items(), reverse=True)),
    )


def _most_first(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0].casefold())))
