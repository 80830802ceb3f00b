"""The words of all marks in memory, folded, so that even ten thousand are searched in a millisecond or two.

They are read from the user's database when somebody searches; afterwards only what is new since.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

from viewer.library.database import Session
from viewer.library.folding import fold


class MarkEntry(NamedTuple):
    """What a search asks of a mark: its id, the number of its note, and folded words, tags and speaker."""

    id: str
    note: int
    words: str
    tags: str
    speaker: str


class MarkWords:
    """The entries of one database. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, MarkEntry] = {}
        self._last = 0

    def entries(self, session: Session) -> list[MarkEntry]:
        """Every mark, the one changed last at the end."""
        with self._lock:
            row = session.row("SELECT seq FROM sqlite_sequence WHERE name='mark_words'")
            last = int(row[0]) if row else 0
            if last != self._last:
                self._read(session, self._last if last > self._last else 0)
            row = session.row("SELECT count(*) FROM marks")
            if row is None or len(self._entries) != int(row[0]):
                self._read(session, 0)
            return list(self._entries.values())

    def _read(self, session: Session, after: int) -> None:
        if not after:
            self._entries.clear()
        self._last = after
        sql = "SELECT number, id, note, words, tags, speaker FROM mark_words WHERE number>? ORDER BY number"
        for number, *values in session.rows(sql, (after,)):
            # Folded once more: some were written by a version that folded fewer letters.
            entry = MarkEntry(*values[:2], *map(fold, values[2:]))
            self._entries.pop(entry.id, None)
            self._entries[entry.id] = entry
            self._last = number
