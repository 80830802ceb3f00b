"""The user's marks among the search results: by their words, comment, tags and speaker.

They lie in the user's database, the index in another. Even ten thousand marks are read through in a few ms, so there is
no full-text index that could disagree with them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from viewer.domain.mark import Mark
from viewer.library.database import BusyError, DamagedError, Session
from viewer.library.folding import UNSPACED_RUN, fold
from viewer.library.index_store import from_db, to_db
from viewer.library.mark_store import MarkStore
from viewer.library.marking import snippet
from viewer.library.narrowing import narrow
from viewer.library.passages import KIND_NAMES, MARK
from viewer.library.query import Query, Term
from viewer.library.search import Searchable, SearchHit, SearchResult, score_of, score_words

log = logging.getLogger(__name__)

_CANDIDATES = 250
"""So many marks are ranked, those changed last first."""

_MOST = 20_000


@dataclass(frozen=True, slots=True)
class _Found:
    """A mark that the words fit: its id, its note's path, and what filters ask of it."""

    id: str
    path: str
    tags: str
    speaker: str


def with_marks(
    catalog: Searchable, marks: MarkStore, query: Query, result: SearchResult, limit: int
) -> SearchResult:
    """The result with the marks that the query finds, best first. Marks of notes outside the library are left out."""
    if not _may_find(query):
        return result
    try:
        found = _matching(marks.session, query)
        if not found:
            return result
        nothing: tuple[tuple[_Found, _Note], ...] = ()
        kept = catalog.asked(lambda: _in_library(catalog.store.pool.session(), query, found), nothing)
        wanted = marks.some([one.id for one, _ in kept[:_CANDIDATES]])
    except (DamagedError, BusyError) as error:
        log.info("marks could not be searched: %s", error)
        return result
    notes = {one.id: note for one, note in kept}
    hits = [_hit(mark, query, *notes[mark.id]) for mark in wanted]
    if not hits:
        return result
    best = sorted([*hits, *result.hits], key=lambda hit: -hit.score)
    return SearchResult(tuple(best[:limit]), result.total + len(kept), result.complete)


def _may_find(query: Query) -> bool:
    if MARK in query.not_kinds or (query.kinds and MARK not in query.kinds) or "clip" in query.has:
        return False
    return bool(query.wanted or query.tags or query.speakers or MARK in query.kinds)


def _matching(session: Session, query: Query) -> list[_Found]:
    """The marks with the query's words, those changed last first."""
    conditions = ["instr(w.words, ?) > 0" for _ in query.wanted] + [
        "instr(w.words, ?) = 0" for _ in query.excluded
    ]
    rows = session.rows(
        "SELECT m.id, n.path, m.tags, m.speaker FROM mark_words w JOIN marks m ON m.id=w.id "
        f"JOIN marked_notes n ON n.number=m.note {'WHERE ' if conditions else ''}{' AND '.join(conditions)} "
        "ORDER BY m.rowid DESC LIMIT ?",
        [*(_pattern(term) for term in (*query.wanted, *query.excluded)), _MOST],
    )
    return [_Found(str(row[0]), from_db(row[1]), str(row[2]), str(row[3] or "")) for row in rows]


def _pattern(term: Term) -> str:
    """How a term stands among a mark's words, which have a space on either side: see ``mark_rows.words_of``."""
    words = " ".join(term.plain)
    head = "" if UNSPACED_RUN.match(words) else " "
    tail = "" if term.prefix or UNSPACED_RUN.match(words[-1:]) else " "
    return f"{head}{words}{tail}"


_Note = tuple[int, str]


def _in_library(session: Session, query: Query, found: Sequence[_Found]) -> tuple[tuple[_Found, _Note], ...]:
    """The marks whose note is in the library and passes the filters, with the note's id and title."""
    notes: dict[str, _Note] = {}
    paths = list(dict.fromkeys(one.path for one in found))
    for start in range(0, len(paths), 500):
        part = [to_db(path) for path in paths[start : start + 500]]
        sql = f"SELECT path, id, title FROM notes WHERE path IN ({','.join('?' * len(part))})"
        notes.update(
            (from_db(path), (int(number), str(title))) for path, number, title in session.rows(sql, part)
        )
    bare = Query(
        channels=query.channels,
        not_channels=query.not_channels,
        before=query.before,
        after=query.after,
        has=query.has,
        not_has=query.not_has,
    )
    allowed = narrow(session, bare).notes
    tagged = narrow(session, Query(tags=query.tags, not_tags=query.not_tags)).notes
    return tuple(
        (one, notes[one.path])
        for one in found
        if one.path in notes
        and (allowed is None or notes[one.path][0] in allowed)
        and _says(one.speaker, query.speakers, query.not_speakers)
        and (
            _says(one.tags, query.tags, query.not_tags)
            or (tagged is not None and notes[one.path][0] in tagged and _says(one.tags, (), query.not_tags))
        )
    )


def _says(text: str, wanted: Sequence[str], unwanted: Sequence[str]) -> bool:
    if not wanted and not unwanted:
        return True
    folded = fold(text)
    return all(word in folded for word in wanted) and not any(word in folded for word in unwanted)


def _hit(mark: Mark, query: Query, note_id: int, title: str) -> SearchHit:
    parts = (mark.text, mark.comment, " ".join(f"#{tag}" for tag in mark.tags))
    text = "\n".join(part for part in parts if part)
    cut, ranges = snippet(text, query)
    segment = mark.segment
    return SearchHit(
        note_id=note_id,
        path=mark.note_path,
        title=title,
        kind=KIND_NAMES[MARK],
        speaker=mark.speaker,
        video_id=segment.video.id if segment else None,
        start_ms=segment.start_ms if segment else None,
        end_ms=segment.end_ms if segment else None,
        snippet=cut,
        marks=ranges,
        score=round(score_of(MARK, fold(text), score_words(query)), 4),
        mark_id=mark.id,
        colour=mark.colour.value,
    )
