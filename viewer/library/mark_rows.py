"""Marks, collections and their items as rows of the user's database, and the tables that hold them. Pure but for SQL.

A mark names its note by a number of ``marked_notes``: when the note's file is renamed one row changes there, and every
mark, item and step of the journal goes along.
"""

from __future__ import annotations

from typing import Any

from viewer.domain.collection import Collection, CollectionItem, ItemKind
from viewer.domain.mark import Mark, MarkColour, TextAnchor
from viewer.domain.video import Segment, VideoRef, is_youtube_id
from viewer.library.database import Session
from viewer.library.folding import fold
from viewer.library.index_store import from_db, to_db
from viewer.library.query import tokens

MARK_TABLES: tuple[str, ...] = (
    "CREATE TABLE marked_notes(number INTEGER PRIMARY KEY, path NOT NULL)",
    "CREATE INDEX marked_notes_path ON marked_notes(path)",
    "CREATE TABLE marks(id TEXT NOT NULL PRIMARY KEY, note INTEGER NOT NULL, note_title TEXT NOT NULL, video TEXT, "
    "start_ms INTEGER, end_ms INTEGER, exact TEXT, prefix TEXT, suffix TEXT, cue INTEGER, place INTEGER, "
    "text TEXT NOT NULL, speaker TEXT, colour TEXT NOT NULL, comment TEXT NOT NULL, tags TEXT NOT NULL, "
    "created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL)",
    "CREATE INDEX marks_note ON marks(note)",
    "CREATE TABLE mark_words(number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, note INTEGER NOT NULL, "
    "words TEXT NOT NULL, tags TEXT NOT NULL, speaker TEXT NOT NULL)",
    "CREATE TABLE collections(id TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, created_ms INTEGER NOT NULL, "
    "changed_ms INTEGER NOT NULL)",
    "CREATE TABLE items(id TEXT NOT NULL PRIMARY KEY, collection TEXT NOT NULL, position TEXT NOT NULL, "
    "kind TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, video TEXT, start_ms INTEGER, end_ms INTEGER, "
    "clip_start_ms INTEGER, clip_end_ms INTEGER, mark TEXT, note INTEGER, note_title TEXT NOT NULL, speaker TEXT, "
    "verdict TEXT)",
    "CREATE INDEX items_place ON items(collection, position)",
    "CREATE TABLE journal(number INTEGER PRIMARY KEY AUTOINCREMENT, undone INTEGER NOT NULL DEFAULT 0, "
    "act TEXT NOT NULL, edits TEXT NOT NULL)",
    "CREATE TABLE mark_notes(note INTEGER NOT NULL PRIMARY KEY, file NOT NULL, key TEXT NOT NULL, base TEXT NOT NULL)",
)
"""The user's database, version 2. ``mark_words`` is made from ``marks``; ``journal.edits`` is JSON."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "marks": (
        "id", "note", "note_title", "video", "start_ms", "end_ms", "exact", "prefix", "suffix", "cue", "place",
        "text", "speaker", "colour", "comment", "tags", "created_ms", "changed_ms",
    ),
    "collections": ("id", "title", "created_ms", "changed_ms"),
    "items": (
        "id", "collection", "position", "kind", "title", "text", "video", "start_ms", "end_ms", "clip_start_ms",
        "clip_end_ms", "mark", "note", "note_title", "speaker", "verdict",
    ),
}  # fmt: skip
"""The tables whose rows the journal keeps, and their columns in order."""

Row = dict[str, Any]
Value = Mark | Collection | CollectionItem

_TAG_END = "\n"


def note_number(session: Session, path: str) -> int:
    """The number under which a note's marks are kept; given to it on first use (within a transaction)."""
    row = session.row("SELECT number FROM marked_notes WHERE path=? ORDER BY number LIMIT 1", (to_db(path),))
    if row is not None:
        return int(row[0])
    session.run("INSERT INTO marked_notes(path) VALUES(?)", (to_db(path),))
    found = session.row("SELECT last_insert_rowid()")
    return int(found[0]) if found else 0


def note_path(session: Session, number: int | None) -> str:
    """The path of the note with this number; empty for none."""
    row = session.row("SELECT path FROM marked_notes WHERE number=?", (number,))
    return from_db(row[0]) if row else ""


def mark_row(mark: Mark, note: int) -> Row:
    """A mark as a row."""
    anchor = mark.anchor
    return {
        "id": mark.id,
        "note": note,
        "note_title": mark.note_title,
        **_segment_row(mark.segment),
        "exact": anchor.exact if anchor else None,
        "prefix": anchor.prefix if anchor else None,
        "suffix": anchor.suffix if anchor else None,
        "cue": anchor.cue if anchor else None,
        "place": anchor.offset if anchor else None,
        "text": mark.text,
        "speaker": mark.speaker,
        "colour": mark.colour.value,
        "comment": mark.comment,
        "tags": _TAG_END.join(mark.tags),
        "created_ms": mark.created_ms,
        "changed_ms": mark.changed_ms,
    }


def mark_of(row: Row, path: str) -> Mark:
    """The mark of a row."""
    anchor = None
    if row["exact"] is not None:
        anchor = TextAnchor(row["exact"], row["prefix"] or "", row["suffix"] or "", row["cue"], row["place"])
    return Mark(
        id=row["id"],
        note_path=path,
        note_title=row["note_title"],
        segment=_segment_of(row),
        anchor=anchor,
        text=row["text"],
        speaker=row["speaker"],
        colour=MarkColour(row["colour"]),
        comment=row["comment"],
        tags=tuple(row["tags"].split(_TAG_END)) if row["tags"] else (),
        created_ms=row["created_ms"],
        changed_ms=row["changed_ms"],
    )


def collection_row(collection: Collection) -> Row:
    """A collection as a row."""
    return {
        "id": collection.id,
        "title": collection.title,
        "created_ms": collection.created_ms,
        "changed_ms": collection.changed_ms,
    }


def item_row(item: CollectionItem, note: int | None) -> Row:
    """An item as a row."""
    return {
        "id": item.id,
        "collection": item.collection_id,
        "position": item.position,
        "kind": item.kind.value,
        "title": item.title,
        "text": item.text,
        **_segment_row(item.segment),
        "clip_start_ms": item.clip_start_ms,
        "clip_end_ms": item.clip_end_ms,
        "mark": item.mark_id,
        "note": note,
        "note_title": item.note_title,
        "speaker": item.speaker,
        "verdict": item.verdict,
    }


def item_of(row: Row, path: str) -> CollectionItem:
    """The item of a row."""
    return CollectionItem(
        id=row["id"],
        kind=ItemKind(row["kind"]),
        title=row["title"],
        text=row["text"],
        segment=_segment_of(row),
        clip_start_ms=row["clip_start_ms"],
        clip_end_ms=row["clip_end_ms"],
        mark_id=row["mark"],
        note_path=path,
        note_title=row["note_title"],
        speaker=row["speaker"],
        verdict=row["verdict"],
        collection_id=row["collection"],
        position=row["position"],
    )


def value_of(session: Session, table: str, row: Row) -> Value:
    """The mark, collection or item of a row."""
    if table == "marks":
        return mark_of(row, note_path(session, row["note"]))
    if table == "items":
        return item_of(row, note_path(session, row["note"]))
    return Collection(row["id"], row["title"], row["created_ms"], row["changed_ms"])


def put_row(session: Session, table: str, row: Row) -> None:
    """Write a row of one of the tables, in the place of the one with its id."""
    names = COLUMNS[table]
    marks = ",".join("?" * len(names))
    session.run(
        f"INSERT OR REPLACE INTO {table}({','.join(names)}) VALUES({marks})", [row[name] for name in names]
    )
    if table == "marks":
        session.run(
            "INSERT OR REPLACE INTO mark_words(id, note, words, tags, speaker) VALUES(?,?,?,?,?)",
            (row["id"], row["note"], words_of(row), fold(row["tags"]), fold(row["speaker"] or "")),
        )


def drop_row(session: Session, table: str, row_id: str) -> None:
    """Remove a row of one of the tables."""
    session.run(f"DELETE FROM {table} WHERE id=?", (row_id,))
    if table == "marks":
        session.run("DELETE FROM mark_words WHERE id=?", (row_id,))


def get_row(session: Session, table: str, row_id: str) -> Row | None:
    """One row of one of the tables; None when there is none with this id."""
    names = COLUMNS[table]
    found = session.row(f"SELECT {','.join(names)} FROM {table} WHERE id=?", (row_id,))
    return dict(zip(names, found, strict=True)) if found is not None else None


def words_of(row: Row) -> str:
    """The words by which a mark is found, folded, each between two spaces: its text, comment, tags, and speaker."""
    parts = (row["text"], row["comment"], row["tags"], row["speaker"] or "")
    return f" {' '.join(fold(word) for part in parts for word in tokens(part))} "


def _segment_row(segment: Segment | None) -> Row:
    return {
        "video": segment.video.id if segment else None,
        "start_ms": segment.start_ms if segment else None,
        "end_ms": segment.end_ms if segment else None,
    }


def _segment_of(row: Row) -> Segment | None:
    video, start, end = row["video"], row["start_ms"], row["end_ms"]
    if video is None or start is None or end is None or not 0 <= start < end:
        return None
    return Segment(VideoRef.youtube(video) if is_youtube_id(video) else VideoRef(video, video), start, end)
