"""The user's marks, in the user's own database. Every act is one transaction, on the disk when the call returns."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from viewer.domain.mark import Mark
from viewer.library.database import Pool
from viewer.library.index_store import from_db, to_db
from viewer.library.journal import Act, Change, Journal, Recorder
from viewer.library.mark_rows import COLUMNS, mark_of, mark_row, note_number
from viewer.library.mark_words import MarkEntry, MarkWords

_SELECT = f"SELECT n.path, {', '.join(f'm.{name}' for name in COLUMNS['marks'])} FROM marks m " + (
    "JOIN marked_notes n ON n.number=m.note"
)


class MarkStore:
    """The marks of all notes. Safe from any thread; the calls that write block for the disk (some ms)."""

    def __init__(self, pool: Pool, journal: Journal) -> None:
        self._pool, self._journal = pool, journal
        self._words = MarkWords()

    def add(self, mark: Mark) -> Change:
        """Keep a new mark (times of making and change are set here where they are 0). Raises ReadError."""
        change = self.apply(Act.ADD_MARK, put=(mark,))
        if change is None:
            raise ValueError(f"there is such a mark already: {mark.id}")
        return change

    def change(self, mark: Mark) -> Change | None:
        """Keep a mark's new state; None when nothing is different or there is no such mark. Raises ReadError."""
        known = self.get(mark.id)
        if known is None:
            return None
        mark = replace(mark, created_ms=known.created_ms, changed_ms=known.changed_ms)
        if mark == known:
            return None
        return self.apply(Act.CHANGE_MARK, put=(replace(mark, changed_ms=_now()),))

    def remove(self, mark_id: str) -> Change | None:
        """Remove a mark; None when there is no such mark. Raises ReadError."""
        return self.apply(Act.REMOVE_MARK, remove=(mark_id,))

    def apply(self, act: Act, put: Iterable[Mark] = (), remove: Iterable[str] = ()) -> Change | None:
        """Keep and remove several marks as one act; None when that changes nothing. Raises ReadError."""
        now = _now()

        def work(recorder: Recorder) -> None:
            for mark_id in remove:
                recorder.drop("marks", mark_id)
            for mark in put:
                mark = replace(
                    mark,
                    created_ms=mark.created_ms or now,
                    changed_ms=mark.changed_ms or mark.created_ms or now,
                )
                recorder.put("marks", mark_row(mark, note_number(recorder.session, mark.note_path)))

        return self._journal.perform(act, work)

    def get(self, mark_id: str) -> Mark | None:
        """One mark; None when there is no such mark."""
        found = self._read("WHERE m.id=?", (mark_id,))
        return found[0] if found else None

    def some(self, mark_ids: Sequence[str]) -> tuple[Mark, ...]:
        """These marks, as far as they are kept, in the order asked for."""
        found: dict[str, Mark] = {}
        for start in range(0, len(mark_ids), 500):
            part = mark_ids[start : start + 500]
            marks = ",".join("?" * len(part))
            found.update((mark.id, mark) for mark in self._read(f"WHERE m.id IN ({marks})", part))
        return tuple(found[mark_id] for mark_id in mark_ids if mark_id in found)

    def for_note(self, path: str) -> tuple[Mark, ...]:
        """The marks of one note, in the order of the video, those without a time last."""
        return self._read(
            "WHERE n.path=? ORDER BY m.start_ms IS NULL, m.start_ms, m.cue, m.place, m.created_ms, m.id",
            (to_db(path),),
        )

    def all(self) -> tuple[Mark, ...]:
        """Every mark, the newest first."""
        return self._read("ORDER BY m.created_ms DESC, m.id", ())

    def tags(self) -> tuple[tuple[str, int], ...]:
        """Every tag and how many marks have it, the most used first."""
        rows = self._pool.session().rows("SELECT tags FROM marks WHERE tags<>''")
        counts = Counter(tag for (tags,) in rows for tag in str(tags).split("\n"))
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold())))

    def count(self) -> int:
        """How many marks there are."""
        row = self._pool.session().row("SELECT count(*) FROM marks")
        return int(row[0]) if row else 0

    def counts(self) -> dict[str, int]:
        """Path of a note -> how many marks it has, for all notes that have any."""
        counts: Counter[str] = Counter()
        for path, count in self._pool.session().rows(
            "SELECT n.path, count(*) FROM marks m JOIN marked_notes n ON n.number=m.note GROUP BY n.number"
        ):
            counts[from_db(path)] += int(count)
        return dict(counts)

    def undo(self) -> Change | None:
        """Take the last act back, whether it was about marks or collections; None when there is nothing to undo."""
        return self._journal.undo()

    def redo(self) -> Change | None:
        """Do again what was undone last; None when there is nothing."""
        return self._journal.redo()

    def words(self) -> list[MarkEntry]:
        """What a search asks of every mark, the one changed last at the end."""
        return self._words.entries(self._pool.session())

    def paths(self) -> dict[int, str]:
        """The notes that the entries of :meth:`words` name by their numbers."""
        rows = self._pool.session().rows("SELECT number, path FROM marked_notes")
        return {int(number): from_db(path) for number, path in rows}

    def _read(self, condition: str, values: Sequence[object]) -> tuple[Mark, ...]:
        names = COLUMNS["marks"]
        return tuple(
            mark_of(dict(zip(names, row[1:], strict=True)), from_db(row[0]))
            for row in self._pool.session().rows(f"{_SELECT} {condition}", values)
        )


def _now() -> int:
    return int(time.time() * 1000)
