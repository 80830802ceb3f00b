"""A collection: quotes and marks from many notes in the user's own order, with headings and words between them."""

from __future__ import annotations

import enum
import uuid
from dataclasses import dataclass

from viewer.domain.mark import clean_comment, clean_line
from viewer.domain.video import Segment


class ItemKind(str, enum.Enum):
    """What one item of a collection is. The values are kept in files."""

    CLIP = "clip"
    """Words somebody said, with their segment where it is known."""
    HEADING = "heading"
    TEXT = "text"
    """Words of the user's own."""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection. Times in ms since the epoch; ``count`` is the number of its items."""

    id: str
    title: str
    created_ms: int = 0
    changed_ms: int = 0
    count: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean_line(self.title))


@dataclass(frozen=True, slots=True)
class CollectionItem:
    """One item of a collection.

    ``title`` is a clip's own title or the heading, ``text`` the quote or the user's words. ``segment`` is where the
    words were said; ``clip_start_ms`` and ``clip_end_ms`` are the ends that the user set instead (None: as they
    were). ``mark_id`` names the mark it was made from. ``verdict`` is :class:`viewer.domain.judgement.Verdict`'s
    value. ``position`` sorts the items; the store gives it.
    """

    id: str
    kind: ItemKind
    title: str = ""
    text: str = ""
    segment: Segment | None = None
    clip_start_ms: int | None = None
    clip_end_ms: int | None = None
    mark_id: str | None = None
    note_path: str = ""
    note_title: str = ""
    speaker: str | None = None
    verdict: str | None = None
    collection_id: str = ""
    position: str = ""

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "title", clean_line(self.title))
        put(self, "text", clean_comment(self.text))

    @property
    def clip(self) -> Segment | None:
        """The segment to play: with the user's own ends where there are any; None for an item without one."""
        if self.segment is None:
            return None
        start = self.clip_start_ms if self.clip_start_ms is not None else self.segment.start_ms
        end = self.clip_end_ms if self.clip_end_ms is not None else self.segment.end_ms
        return Segment(self.segment.video, start, end) if 0 <= start < end else self.segment


def new_item_id() -> str:
    """A new id for a collection or an item: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def length_ms(items: tuple[CollectionItem, ...] | list[CollectionItem]) -> int:
    """How long the clips of these items play one after the other (ms)."""
    return sum(item.clip.duration_ms for item in items if item.clip is not None)
