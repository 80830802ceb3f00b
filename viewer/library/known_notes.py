"""Which videos have a note already: in the library by its index, in a folder by the heads of its files.

The samples do not count: they leave the library as soon as there is a folder of the user's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from viewer.base.paths import seeds_dir
from viewer.domain.video import VideoRef
from viewer.library.catalog import Catalog
from viewer.library.index_store import from_db
from viewer.library.new_files import video_ids_in
from viewer.library.scanner import is_note_name


class KnownNotes:
    """Answers for one run of the queue: each folder is looked at once. Without ``catalog`` only the folder counts."""

    def __init__(self, catalog: Catalog | None) -> None:
        self._catalog = catalog
        self._folders: dict[str, dict[str, Path]] = {}
        self._samples = seeds_dir()

    def __call__(self, video: VideoRef, folder: str) -> str | None:
        """The path of a note about ``video``, in the library or right in ``folder``; None when there is none."""
        inside = self._folders.get(folder)
        if inside is None:
            inside = self._folders[folder] = video_ids_in(Path(folder)) if folder else {}
        near = inside.get(video.id)
        if near is not None:
            return str(near)
        return next((path for path in self._in_library(video) if os.path.exists(path)), None)

    def among(self, videos: Iterable[VideoRef], folder: str) -> dict[VideoRef, str]:
        """Those of ``videos`` that have a note, with its path."""
        found = {video: self(video, folder) for video in videos}
        return {video: path for video, path in found.items() if path is not None}

    def _in_library(self, video: VideoRef) -> list[str]:
        catalog = self._catalog
        if catalog is None:
            return []

        def ask() -> list[str]:
            rows = catalog.store.pool.session().rows(
                "SELECT n.path FROM videos v JOIN notes n ON n.id=v.note_id WHERE v.video_id=? ORDER BY n.path",
                (video.id,),
            )
            paths = [from_db(row[0]) for row in rows]
            return [path for path in paths if is_note_name(path) and self._samples not in Path(path).parents]

        return catalog.asked(ask, [])
