"""What is put into a collection: a row of a note, a mark or a search hit as an item, and items on their way by drag."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QMimeData

from viewer.base.untrusted import read_json
from viewer.domain.collection import CollectionItem, ItemKind, new_item_id
from viewer.domain.mark import Mark
from viewer.domain.note import Note
from viewer.domain.video import Segment, VideoRef
from viewer.library.search import SearchHit
from viewer.qt.timed_rows import TimedRow

ITEMS = "application/x-soundbite-items"
"""The format of dragged items: JSON, a list of objects; only Soundbite reads it."""

ORDER = "application/x-soundbite-order"
"""The format of an item that is dragged within its collection: its id."""

_LONGEST = 1_000_000
"""Bytes of dragged data that are read: it may come from another program."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A search hit on its way into a collection: its words are looked up when it arrives."""

    note_id: int
    kind: str
    title: str
    start_ms: int | None
    end_ms: int | None
    words: str


Dragged = CollectionItem | FoundPlace


def item_of_row(row: TimedRow, note: Note, path: str) -> CollectionItem:
    """A row of an open note as an item."""
    if isinstance(row.source, Mark):
        return item_of_mark(row.source)
    return CollectionItem(
        id=new_item_id(),
        kind=ItemKind.CLIP,
        title=row.title,
        text=row.text,
        segment=row.segment,
        note_path=path,
        note_title=note.title,
        speaker=row.speaker,
        verdict=row.check.verdict.value if row.check is not None else None,
    )


def item_of_mark(mark: Mark) -> CollectionItem:
    """A mark as an item; its comment is its title, as a heading says what a quote is about."""
    return CollectionItem(
        id=new_item_id(),
        kind=ItemKind.CLIP,
        title=mark.comment.split("\n", 1)[0][:200],
        text=mark.text,
        segment=mark.segment,
        mark_id=mark.id,
        note_path=mark.note_path,
        note_title=mark.note_title,
        speaker=mark.speaker,
    )


def item_of_hit(hit: SearchHit) -> FoundPlace:
    """A search hit as something that can be looked up."""
    words = hit.snippet.replace("\n", " ")
    return FoundPlace(hit.note_id, hit.kind, hit.title, hit.start_ms, hit.end_ms, words)


def mime_of(things: Sequence[Dragged], data: QMimeData | None = None) -> QMimeData:
    """These things as data of a drag, besides what ``data`` holds already."""
    data = data if data is not None else QMimeData()
    text = json.dumps([_as_json(thing) for thing in things])
    data.setData(ITEMS, text.encode())
    return data


def things_of(data: QMimeData) -> list[Dragged]:
    """What a drag brings; nothing when it is not ours or not sound."""
    raw = bytes(data.data(ITEMS).data())
    if not raw or len(raw) > _LONGEST:
        return []
    try:
        values = read_json(raw)
        return [_from_json(value) for value in values]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return []


def _as_json(thing: Dragged) -> dict[str, object]:
    if isinstance(thing, FoundPlace):
        return {
            "found": [thing.note_id, thing.kind, thing.title, thing.start_ms, thing.end_ms, thing.words],
        }
    segment = thing.segment
    return {
        "kind": thing.kind.value,
        "title": thing.title,
        "text": thing.text,
        "segment": None
        if segment is None
        else [segment.video.id, segment.video.url, segment.start_ms, segment.end_ms],
        "mark_id": thing.mark_id,
        "note_path": thing.note_path,
        "note_title": thing.note_title,
        "speaker": thing.speaker,
        "verdict": thing.verdict,
    }


def _from_json(value: dict[str, object]) -> Dragged:
    found = value.get("found")
    if isinstance(found, list):
        note_id, kind, title, start, end, words = found
        return FoundPlace(int(note_id), str(kind), str(title), _int(start), _int(end), str(words))
    return CollectionItem(
        id=new_item_id(),
        kind=ItemKind(value["kind"]),
        title=str(value["title"]),
        text=str(value["text"]),
        segment=_segment(value["segment"]),
        mark_id=_text(value["mark_id"]),
        note_path=str(value["note_path"]),
        note_title=str(value["note_title"]),
        speaker=_text(value["speaker"]),
        verdict=_text(value["verdict"]),
    )


def _segment(value: object) -> Segment | None:
    if not isinstance(value, list):
        return None
    video_id, _url, start, end = value
    video = VideoRef.from_id(str(video_id))
    # The address is never taken as it comes: it is made anew from the id, as everywhere.
    return None if video is None else Segment(video, int(start), int(end))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None


def item_from_note(found: FoundPlace, note: Note, path: str) -> CollectionItem:
    """What a search found, with its whole words, its speaker and its segment from the note it stands in."""
    item = CollectionItem(
        id=new_item_id(), kind=ItemKind.CLIP, text=found.words, note_path=path, note_title=note.title
    )
    start = found.start_ms
    for highlight in note.highlights:
        if found.kind == "highlight" and start is not None and highlight.start_ms == start:
            return _timed(
                replace(item, title=highlight.title, text=highlight.quote or "", speaker=highlight.speaker),
                note,
                highlight.video_id,
                start,
                highlight.end_ms,
            )
    for quote in note.quotes:
        if found.kind == "quote" and quote.start_ms == start and _same(quote.text, found.words):
            return _timed(
                replace(item, text=quote.text, speaker=quote.speaker),
                note,
                quote.video_id,
                start,
                quote.end_ms,
            )
    row = note.transcript.cue_at(start) if start is not None else None
    if found.kind == "transcript" and row is not None:
        cue = note.transcript.cues[row]
        return _timed(
            replace(item, text=cue.text, speaker=cue.speaker),
            note,
            note.transcript.video_id,
            cue.start_ms,
            cue.end_ms,
        )
    return _timed(item, note, None, start, found.end_ms)


def _same(text: str, snippet: str) -> bool:
    """Whether a snippet is cut from the text."""
    words = " ".join(snippet.strip("… ").split())
    return words[:40] in " ".join(text.split())


def _timed(
    item: CollectionItem, note: Note, video_id: str | None, start: int | None, end: int | None
) -> CollectionItem:
    video = note.video_by_id(video_id) if video_id else note.video
    if video is None or start is None or start < 0:
        return item
    return replace(item, segment=Segment(video, start, end if end and end > start else start + 30_000))
