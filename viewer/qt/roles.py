"""The item roles of our models, beyond Qt's own: ask ``index.data(Role.SEGMENT)``."""

from __future__ import annotations

import enum

from PySide6.QtCore import Qt

_FIRST = int(Qt.ItemDataRole.UserRole) + 1


class Role(enum.IntEnum):
    """What a model row can be asked for, and the type of the answer."""

    NOTE_ENTRY = _FIRST
    """NoteEntry: the library's row object."""
    ROW = _FIRST + 1
    """TimedRow: the row object of highlights, quotes, key points and mentions."""
    SEGMENT = _FIRST + 2
    """Segment that plays for the row, or None when no time is known."""
    CLIP_STATE = _FIRST + 3
    """ClipState of the row's segment, or None when it has no segment."""
    SORT = _FIRST + 4
    """Value to sort by: a text or number, comparable within one model."""
    PLAYING = _FIRST + 5
    """bool: whether the row's segment is the one in the player."""
    KEPT = _FIRST + 6
    """tuple (kept, all): how many of the note's clips are in the store."""
    COMPANIONS = _FIRST + 7
    """tuple of note ids: the other notes about the same video."""
