"""Marks whose note is gone: found again in a note about the same video that holds their words.

The indexer follows a file that was renamed (the same file, or the same bytes). One that was moved and edited while
nobody looked is a new note to it; its marks know the video and the words, and by those they find it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping, Sequence

from viewer.domain.anchoring import AnchorFinder
from viewer.domain.mark import Mark
from viewer.library.entries import NoteEntry
from viewer.library.loader import load_note

log = logging.getLogger(__name__)

_CANDIDATES = 5
"""So many notes about one video are read."""

_LEAST_SHARE = 0.5
"""So many of the marks that have words must be found in a note, else it is another."""


def lost_notes(marked: Iterable[str], entries: Sequence[NoteEntry]) -> list[str]:
    """The marked notes that are neither in the library nor on the disk any more."""
    known = {entry.path for entry in entries}
    return [path for path in marked if path not in known and not os.path.lexists(path)]


def moved_to(marks: Mapping[str, Sequence[Mark]], entries: Sequence[NoteEntry]) -> dict[str, str]:
    """Where the notes of these marks seem to be now: old path -> new path. Notes that are not found are left out."""
    by_video: dict[str, list[NoteEntry]] = {}
    for entry in entries:
        for video_id in entry.video_ids:
            by_video.setdefault(video_id, []).append(entry)
    found: dict[str, str] = {}
    for path, own in marks.items():
        videos = dict.fromkeys(mark.segment.video.id for mark in own if mark.segment is not None)
        candidates = dict.fromkeys(entry.path for video in videos for entry in by_video.get(video, ()))
        titles = {entry.path: entry.title for video in videos for entry in by_video.get(video, ())}
        rated = [(_share(own, new, titles[new]), new) for new in list(candidates)[:_CANDIDATES]]
        best = max(rated, default=(0.0, ""))
        if best[0] >= _LEAST_SHARE:
            log.info("the marks of %s go to %s", path, best[1])
            found[path] = best[1]
    return found


def _share(marks: Sequence[Mark], path: str, title: str) -> float:
    """How many of the marks' words stand in a note, 0 to 1; a little more where it has their note's title."""
    same_title = any(mark.note_title == title for mark in marks)
    worded = [mark for mark in marks if mark.anchor is not None]
    transcript = load_note(path).transcript if worded else None
    if transcript is None or not transcript.cues:
        return 1.0 if same_title else 0.0
    finder = AnchorFinder(transcript)
    found = sum(
        finder.find(mark.anchor, mark.segment) is not None for mark in worded if mark.anchor is not None
    )
    return found / len(worded) + (0.1 if same_title and found else 0.0)
