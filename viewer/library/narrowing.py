"""The filters of a query as conditions on rows: which notes, which kinds, whose words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from viewer.library.database import Session
from viewer.library.folding import fold
from viewer.library.passages import HIGHLIGHT, KIND_NAMES, MARK, QUOTE, TITLE, TRANSCRIPT, table_of
from viewer.library.query import Query, any_of

SPOKEN = frozenset({HIGHLIGHT, QUOTE, TRANSCRIPT})
"""The kinds of passages that somebody says."""

_RANGE_COST = 60
"""A range of rows costs about as much to search as this many rows cost to look at."""

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Where to look. ``notes``: only in these (None: in all). ``conditions`` are on ``passages p``."""

    notes: frozenset[int] | None
    conditions: tuple[str, ...]
    kinds: frozenset[int] | None

    def condition(self, *, with_notes: bool) -> str:
        """What to append to a WHERE clause; ``with_notes`` also says in which notes."""
        parts = list(self.conditions)
        if with_notes and self.notes is not None:
            parts.append(f"p.note_id IN ({_numbers(self.notes)})")
        return "".join(f" AND {part}" for part in parts)

    def prefers_ranges(self, frequency: int) -> bool:
        """Whether looking into each note's own range of rows costs less than looking at every row that matches."""
        return self.notes is not None and len(self.notes) * _RANGE_COST < max(frequency, 1)

    def ranges(self, session: Session) -> list[Range]:
        """The rows of the notes, as ranges in order; those that touch are one."""
        sql = f"SELECT first, last FROM ranges WHERE note_id IN ({_numbers(self.notes or ())}) ORDER BY first"
        joined: list[Range] = []
        for first, last in session.rows(sql):
            if joined and joined[-1][1] + 1 >= first:
                joined[-1] = (joined[-1][0], max(joined[-1][1], int(last)))
            elif last >= first:
                joined.append((int(first), int(last)))
        return joined

    def may_be(self, table: str) -> bool:
        """Whether anything wanted can be in this full-text table."""
        if self.notes is not None and not self.notes:
            return False
        if self.kinds is None:
            return True
        return (
            TITLE in self.kinds if table == "about" else any(table_of(kind) == table for kind in self.kinds)
        )


def narrow(session: Session, query: Query) -> Narrowing:
    """The query's filters against what the index holds."""
    conditions: list[str] = []
    kinds: frozenset[int] | None = None
    if query.kinds or query.not_kinds or "clip" in query.has:
        kinds = frozenset(k for k in (query.kinds or range(len(KIND_NAMES))) if k not in query.not_kinds) - {
            MARK
        }
        if "clip" in query.has:
            kinds &= {HIGHLIGHT}  # only these have one: running text need not be looked at
        conditions.append(f"p.kind IN ({_numbers(kinds)})")
    if query.speakers:
        kinds = SPOKEN if kinds is None else kinds & SPOKEN
    for name in query.speakers:
        conditions.append(f"p.speaker IN ({_numbers(_people(session, name))})")
    for name in query.not_speakers:
        conditions.append(f"(p.speaker IS NULL OR p.speaker NOT IN ({_numbers(_people(session, name))}))")
    if "clip" in query.has:
        conditions.append("p.clip=1")
    if "clip" in query.not_has:
        conditions.append("p.clip=0")
    notes = _notes(session, query)
    return Narrowing(None if notes is None else frozenset(notes), tuple(conditions), kinds)


def _numbers(values: Iterable[int]) -> str:
    return ",".join(str(int(value)) for value in values)


def _people(session: Session, name: str) -> list[int]:
    condition, values = _any_of(name)
    return [int(row[0]) for row in session.rows(f"SELECT id FROM people WHERE {condition}", values)]


def _any_of(name: str) -> tuple[str, list[str]]:
    """:func:`viewer.library.query.any_of` as a condition on a column ``folded``, and its values."""
    parts = name.split("|")
    condition = " OR ".join("folded = ?" if part.startswith("=") else "instr(folded, ?)" for part in parts)
    return condition, [part.removeprefix("=") for part in parts]


def _notes(session: Session, query: Query) -> set[int] | None:
    """The notes that the query's filters leave; None when they leave all."""
    if not query.filters_notes:
        return None
    conditions: list[str] = []
    values: list[object] = []
    if query.before:
        conditions.append("published < ?")
        values.append(query.before)
    if query.after:
        conditions.append("published >= ?")
        values.append(query.after)
    for wanted, names in ((True, query.has), (False, query.not_has)):
        for name, column in (
            ("transcript", "cues"),
            ("highlight", "highlights"),
            ("quote", "quotes"),
            ("mention", "mentions"),
            ("video", "own_videos"),
        ):
            if name in names:
                conditions.append(f"{column} > 0" if wanted else f"{column} = 0")
    sql = "SELECT id FROM notes" + (" WHERE " + " AND ".join(conditions) if conditions else "")
    notes = {int(row[0]) for row in session.rows(sql, values)}
    for name in query.channels:
        notes &= _of_channel(session, name)
    for name in query.not_channels:
        notes -= _of_channel(session, name)
    for name in query.tags:
        notes &= _tagged(session, name)
    for name in query.not_tags:
        notes -= _tagged(session, name)
    for name in query.speakers:
        people = _numbers(_people(session, name))
        rows = session.rows(f"SELECT DISTINCT note_id FROM speakers WHERE person IN ({people})")
        notes &= {int(row[0]) for row in rows}
    return notes


def _of_channel(session: Session, name: str) -> set[int]:
    rows = session.rows("SELECT DISTINCT channel FROM notes WHERE channel IS NOT NULL")
    channels = [str(row[0]) for row in rows if any_of(name, fold(str(row[0])))]
    marks = ",".join("?" * len(channels[:900]))
    return {
        int(row[0])
        for row in session.rows(f"SELECT id FROM notes WHERE channel IN ({marks})", channels[:900])
    }


def _tagged(session: Session, name: str) -> set[int]:
    condition, values = _any_of(name)
    return {int(row[0]) for row in session.rows(f"SELECT note_id FROM tags WHERE {condition}", values)}
