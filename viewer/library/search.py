"""One search over every word ever said: bounded in time, best hits first, never an error.

SQLite's own ranking (bm25) has to look at every row that holds the word, which for ``the`` in a million passages
takes seconds. Instead the rows are taken as they come, the few *heads* (titles, highlights, quotes, ...) first,
until there are enough to choose from, and those are ranked here.
"""

from __future__ import annotations

import datetime
import logging
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.library import expressions
from viewer.library.database import Row, Session
from viewer.library.expressions import expression, of_term
from viewer.library.folding import fold
from viewer.library.index_store import IndexStore, from_db
from viewer.library.marking import Range, marked_ranges, snippet
from viewer.library.narrowing import Narrowing, narrow
from viewer.library.passages import KIND_NAMES, TABLES, TITLE, from_text
from viewer.library.query import Query, parse_query
from viewer.library.ranking import ranked_rows
from viewer.library.spread import PASSAGE, joined, scattered

log = logging.getLogger(__name__)

T = TypeVar("T")

_CANDIDATES = 120
"""So many rows of each full-text table are ranked."""

_COUNTED = 2400
"""Up to so many rows of running text, and a third of them of each other table, are counted; beyond, the total is a lower bound."""

_SOFT_S = 0.015
"""After this long, what has been found is enough."""

_LATE_S = 0.08
"""After this long nothing else is tried where little was found."""

_ENOUGH = 20
"""With fewer passages than this, the words are also looked for in different passages of one note."""

_HARD_S = 0.4
"""After this long the search ends even with nothing found."""

_WINDOW = 100_000
"""Common words are searched in so many rows at a time, since SQLite cannot be stopped within."""

_PART = 64
"""The clock is asked after so many rows."""

_TRIES = 4

_NAMES = 3
"""So many names by which a note was found are shown with its title."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One passage that was found.

    ``kind`` is one of KIND_NAMES (``title`` stands for the note itself). Times in ms. ``marks`` are the ranges
    (start, end) of the found words in ``snippet``. Higher ``score`` is better; it means nothing across queries.
    ``mark_id`` and ``colour`` are those of a mark of the user's; ``channel`` and ``published`` are the note's.
    """

    note_id: int
    path: str
    title: str
    kind: str
    speaker: str | None
    video_id: str | None
    start_ms: int | None
    end_ms: int | None
    snippet: str
    marks: tuple[Range, ...]
    score: float
    mark_id: str | None = None
    colour: str | None = None
    channel: str | None = None
    published: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found, best first. ``total`` counts all hits; a lower bound when ``complete`` is False.

    ``did_you_mean`` is a whole query that would find something, offered when nothing was found.
    """

    hits: tuple[SearchHit, ...] = ()
    total: int = 0
    complete: bool = True
    did_you_mean: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """Row numbers of one table, and whether those are all."""

    rows: list[int]
    complete: bool


class Searchable(Protocol):
    """What a search needs of the catalog."""

    @property
    def store(self) -> IndexStore:
        """The index."""
        ...

    def asked(self, question: Callable[[], T], otherwise: T) -> T:
        """The answer to a question; ``otherwise`` when the index turns out damaged."""
        ...


def search(
    catalog: Searchable, text: str, limit: int = 50, cancel: CancelToken | None = None
) -> SearchResult:
    """Search the whole library. Any text is a query; a damaged index finds nothing until the next refresh.

    Raises Cancelled, at the latest a few milliseconds after ``cancel`` was cancelled.
    """
    query = parse_query(text)
    if query.empty:
        return SearchResult()
    for _ in range(_TRIES):
        try:
            return catalog.asked(lambda: _search(catalog.store, query, text, limit, cancel), SearchResult())
        except Cancelled:
            # An older search's cancelling may arrive when that one is over and this one runs in its place.
            if cancel is not None and cancel.cancelled:
                raise
    return SearchResult(complete=False)


def _search(
    store: IndexStore, query: Query, text: str, limit: int, cancel: CancelToken | None
) -> SearchResult:
    session = store.pool.session()
    with session.cancelled_by(cancel):
        clock = _Clock(cancel, limit)
        ranked, found = _found(session, query, limit, clock)
        if not ranked and query.loosened() != query:
            query = query.loosened()
            ranked, found = _found(session, query, limit, clock)
        hits = _hits(session, query, _first(ranked, limit))
        meant = None
        if not hits:
            from viewer.library.correcting import did_you_mean  # here: a start does without it

            meant = did_you_mean(session, text, lambda other: bool(_found(session, other, 1, clock)[0]))
    total = max(sum(len(part.rows) for part in found), len(ranked))
    return SearchResult(hits, total, all(part.complete for part in found), meant)


def _found(
    session: Session, query: Query, limit: int, clock: _Clock
) -> tuple[list[tuple[float, Row]], list[_Found]]:
    """What a query finds: rows with their score, best first, and all that was counted."""
    narrowing = narrow(session, query)
    if query.wanted:
        found = _all_matches(session, query, narrowing, clock)
    else:
        found = [_listed(session, query, narrowing)]
    candidates = [
        row for part in found for row in _read(session, part.rows[: max(_CANDIDATES, limit)], clock.cancel)
    ]
    if len(candidates) < _ENOUGH and query.wanted:
        candidates += joined(session, query, narrowing, clock.late)
    ranked = ranked_rows(query, candidates)
    if len(ranked) < _ENOUGH:
        known = {row[1] for _, row in ranked}
        spread = scattered(session, query, narrowing, clock.late)
        ranked += [item for item in spread if item[1][1] not in known]
    return ranked, found


class _Clock:
    """How long a search may still look on."""

    def __init__(self, cancel: CancelToken | None, limit: int) -> None:
        self._begun = time.monotonic()
        self.cancel = cancel
        # Who asks for more than fits on a screen would rather wait than miss some.
        self.least = 1 if limit <= _CANDIDATES else limit

    def late(self) -> bool:
        """Whether no further way of searching may begin. Raises Cancelled."""
        if self.cancel is not None:
            self.cancel.raise_if_cancelled()
        return time.monotonic() - self._begun > _LATE_S

    def over(self, found: int) -> bool:
        """Whether to stop now, having found so many. Raises Cancelled."""
        if self.cancel is not None:
            self.cancel.raise_if_cancelled()
        spent = time.monotonic() - self._begun
        return spent > (_SOFT_S if found >= self.least else _HARD_S)


def _all_matches(session: Session, query: Query, narrowing: Narrowing, clock: _Clock) -> list[_Found]:
    """What the query's words match in each table; what is known about notes counts where little else is found."""
    found: list[_Found] = []
    wanted = expression(session, query)
    for table in TABLES:
        before = sum(len(part.rows) for part in found)
        if table != "about" or before < _CANDIDATES:
            found.append(_matches(session, wanted, narrowing, table, clock, before))
    if len(found) == len(TABLES):
        titles, last = set(found[0].rows), found.pop()
        found.append(_Found([row for row in last.rows if row not in titles], last.complete))
    return found


def _matches(
    session: Session, sought: tuple[str, int], narrowing: Narrowing, table: str, clock: _Clock, before: int
) -> _Found:
    """The rows of one table that match, in the order in which they were written.

    ``sought`` is the query's expression with its frequency, ``before`` how many rows other tables have brought already.
    """
    if not narrowing.may_be(table):
        return _Found([], True)
    wanted, frequency = sought
    most = max(_COUNTED if table == "body" else _COUNTED // 3, clock.least)
    rows: list[int] = []
    ranged = table == "body" and narrowing.prefers_ranges(frequency)
    condition = narrowing.condition(with_notes=not ranged)
    join = f"JOIN passages p ON p.id={table}.rowid" if condition else ""
    sql = (
        f"SELECT {table}.rowid FROM {table} {join} WHERE {table} MATCH ? "
        f"AND {table}.rowid BETWEEN ? AND ? {condition} ORDER BY {table}.rowid LIMIT ?"
    )
    size = _WINDOW // 5 if condition else _WINDOW
    windows = narrowing.ranges(session) if ranged else _windows(session, frequency, size)
    for first, last in windows:
        left = most - len(rows)
        for part in session.parts(sql, (wanted, first, last, left), _PART):
            rows += [int(row[0]) for row in part]
            if len(part) == _PART and clock.over(before + len(rows)):
                return _Found(rows, False)
        if len(rows) >= most or clock.over(before + len(rows)):
            return _Found(rows, last == windows[-1][1] and len(rows) < most)
    return _Found(rows, True)


def _windows(session: Session, frequency: int, size: int) -> list[Range]:
    """Ranges of rows to search one after the other."""
    row = session.row("SELECT max(id) FROM passages")
    last = int(row[0] or 0) if row else 0
    if frequency < expressions.RARE or last <= size:
        return [(1, last)]
    return [(start, min(start + size - 1, last)) for start in range(1, last + 1, size)]


def _listed(session: Session, query: Query, narrowing: Narrowing) -> _Found:
    """Filters without words: the passages where the filters are about passages, else the notes."""
    if (narrowing.notes is not None and not narrowing.notes) or narrowing.kinds == frozenset():
        return _Found([], True)
    if not (query.kinds or query.speakers or "clip" in query.has):
        return _titles(session, query, narrowing)
    condition = narrowing.condition(with_notes=False)
    sql = f"SELECT p.id FROM passages p WHERE p.id BETWEEN ? AND ? {condition} LIMIT ?"
    excluded = _excluded(session, query)
    rows: list[int] = []
    ranges = narrowing.ranges(session) if narrowing.notes is not None else _windows(session, 0, _WINDOW)
    for first, last in ranges:
        left = _COUNTED - len(rows)
        found = session.rows(sql, (first, last, left))
        rows += [int(row[0]) for row in found if row[0] not in excluded]
        if len(rows) >= _COUNTED:
            return _Found(rows, False)
    return _Found(rows, True)


def _titles(session: Session, query: Query, narrowing: Narrowing) -> _Found:
    """The first passage (the title) of every note that is left and has no unwanted word; the newest notes first."""
    which = "" if narrowing.notes is None else f"WHERE n.id IN ({','.join(map(str, narrowing.notes))})"
    sql = (
        f"SELECT r.first, r.last FROM notes n JOIN ranges r ON r.note_id=n.id {which} "
        "ORDER BY n.published DESC, n.title"
    )
    excluded = sorted(_excluded(session, query))
    return _Found(
        [first for first, last in session.rows(sql) if not _any_between(excluded, first, last)], True
    )


def _any_between(numbers: Sequence[int], first: int, last: int) -> bool:
    place = bisect_left(numbers, first)
    return place < len(numbers) and numbers[place] <= last


def _excluded(session: Session, query: Query) -> frozenset[int]:
    if not query.excluded:
        return frozenset()
    unwanted = " OR ".join(of_term(session, term)[0] for term in query.excluded)
    rows = []
    for table in TABLES:
        rows += session.rows(f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT 100000", (unwanted,))
    return frozenset(int(row[0]) for row in rows)


def _read(session: Session, numbers: Sequence[int], cancel: CancelToken | None) -> Iterator[Row]:
    for start in range(0, len(numbers), 200):
        if cancel is not None:
            cancel.raise_if_cancelled()
        part = numbers[start : start + 200]
        yield from session.rows(f"{PASSAGE} WHERE p.id IN ({','.join(map(str, part))})")


def _first(ranked: Sequence[tuple[float, Row]], limit: int) -> list[tuple[float, Row]]:
    """The best ones. Of titles no more than a quarter while there are passages: ``openai`` is in hundreds of them."""
    titles = sum(row[2] == TITLE for _, row in ranked)
    left = max(1, limit // 4, limit - (len(ranked) - titles))
    chosen = []
    for item in ranked:
        left -= item[1][2] == TITLE
        if left >= 0 or item[1][2] != TITLE:
            chosen.append(item)
    return chosen[:limit]


def _hits(session: Session, query: Query, ranked: Sequence[tuple[float, Row]]) -> tuple[SearchHit, ...]:
    notes: dict[int, Row] = {}
    people: dict[int, str] = {}
    numbers = {int(row[1]) for _, row in ranked}
    if numbers:
        marks = ",".join(map(str, numbers))
        notes = {
            int(r[0]): r[1:]
            for r in session.rows(
                f"SELECT id, path, title, video_ids, channel, speakers, tags, published FROM notes WHERE id IN ({marks})"
            )
        }
        marks = ",".join(str(int(row[3])) for _, row in ranked if row[3] is not None)
        people = {
            int(n): str(name)
            for n, name in session.rows(f"SELECT id, name FROM people WHERE id IN ({marks})")
        }
    hits = []
    for score, (_, note_id, kind, speaker, video, start_ms, end_ms, text) in ranked:
        note = notes.get(note_id)
        if note is None:
            continue  # removed between two questions
        videos = from_text(note[2])
        if kind == TITLE:
            text = _with_names(text, query, (note[3] or "", *from_text(note[4]), *from_text(note[5])))
        cut, ranges = snippet(text, query)
        hits.append(
            SearchHit(
                note_id=note_id,
                path=from_db(note[0]),
                title=str(note[1]),
                kind=KIND_NAMES[kind],
                speaker=people.get(speaker) if speaker is not None else None,
                video_id=videos[video] if video is not None and 0 <= video < len(videos) else None,
                start_ms=start_ms,
                end_ms=end_ms,
                snippet=cut,
                marks=ranges,
                score=round(score, 4),
                channel=note[3],
                published=datetime.date.fromisoformat(note[6]) if note[6] else None,
            )
        )
    return tuple(hits)


def _with_names(title: str, query: Query, names: Sequence[str]) -> str:
    """A title, and the names (of channel, speakers, tags) by which its note was found."""
    folded = fold(title)
    missing = [term for term in query.wanted if term.plain[0] not in folded]
    if not missing:
        return title
    named = [
        name
        for name in names
        if any(term.plain[0] in fold(name) and marked_ranges(name, Query((term,))) for term in missing)
    ]
    return " · ".join((title, *dict.fromkeys(named[:_NAMES])))
