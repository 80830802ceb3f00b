"""Which picture of its video a note names, in its front matter or the file beside it."""

from __future__ import annotations

from viewer.domain.video import VideoRef
from viewer.library.catalog import Catalog
from viewer.library.index_store import from_db
from viewer.library.loader import load_note

_MOST_READ = 3
"""So many notes about one video are read for an address; they seldom differ."""


def named_picture(catalog: Catalog, video: VideoRef) -> str | None:
    """The address of ``video``'s picture as a note of the library gives it; None when none does.

    Blocks: reads up to three notes. Only notes whose first video it is speak of its picture.
    """

    def ask() -> list[str]:
        rows = catalog.store.pool.session().rows(
            "SELECT n.path FROM videos v JOIN notes n ON n.id=v.note_id WHERE v.video_id=? ORDER BY n.path LIMIT ?",
            (video.id, _MOST_READ),
        )
        return [from_db(row[0]) for row in rows]

    paths: list[str] = catalog.asked(ask, [])
    for path in paths:
        note = load_note(path)
        if note.video == video and note.metadata.picture_url:
            return note.metadata.picture_url
    return None
