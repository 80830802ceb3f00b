"""The user's marks among the search results: by their words, comment, tags and speaker.

They lie in the user's database, the index in another: what both find is brought together here.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from viewer.domain.mark import Mark
from viewer.library.database import BusyError, DamagedError, Session
from viewer.library.folding import UNSPACED_RUN
from viewer.library.index_store import from_db, to_db
from viewer.library.mark_store import MarkStore
from viewer.library.mark_words import MarkEntry
from viewer.library.marking import snippet
from viewer.library.narrowing import narrow
from viewer.library.passages import KIND_NAMES, MARK
from viewer.library.query import Query, Term, any_of
from viewer.library.ranking import score_of, score_words
from viewer.library.search import Searchable, SearchHit, SearchResult

log = logging.getLogger(__name__)

_CANDIDATES = 250
"""So many marks are ranked, those changed last first."""

_Note = tuple[int, str, str]
"""A note's id, path and title."""


def with_marks(
    catalog: Searchable, marks: MarkStore, query: Query, result: SearchResult, limit: int
) -> SearchResult:
    """The result with the marks that the query finds, best first. Marks of notes outside the library are left out."""
    if not _may_find(query):
        return result
    try:
        found = _matching(marks.words(), query)
        if not found:
            return result
        paths = marks.paths()
        notes: dict[int, _Note] = {}
        notes = catalog.asked(lambda: _notes(catalog.store.pool.session(), query, found, paths), notes)
        kept = [entry for entry in found if entry.note in notes]
        words = score_words(query)
        ranked = [(score_of(MARK, entry.words, words), entry) for entry in kept[:_CANDIDATES]]
        ranked.sort(key=lambda item: -item[0])
        # Cutting snippets costs the most: only for what will be among the first.
        better = sorted((hit.score for hit in result.hits), reverse=True)
        best = {
            entry.id: (score, notes[entry.note])
            for place, (score, entry) in enumerate(ranked[:limit])
            if place + bisect_left(better, -score, key=lambda other: -other) < limit
        }
        hits = [_hit(mark, query, *best[mark.id]) for mark in marks.some(list(best))]
    except (DamagedError, BusyError) as error:
        log.info("marks could not be searched: %s", error)
        return result
    if not hits:
        return result
    together = sorted([*hits, *result.hits], key=lambda hit: -hit.score)
    return SearchResult(tuple(together[:limit]), result.total + len(kept), result.complete)


def _may_find(query: Query) -> bool:
    if MARK in query.not_kinds or (query.kinds and MARK not in query.kinds) or "clip" in query.has:
        return False
    return bool(query.wanted or query.tags or query.speakers or MARK in query.kinds)


def _matching(entries: Sequence[MarkEntry], query: Query) -> list[MarkEntry]:
    """The marks with the query's words, of whom it asks, those changed last first."""
    found = entries
    for terms in query.choices:
        patterns = [_pattern(term) for term in terms]
        found = [entry for entry in found if any(pattern in entry.words for pattern in patterns)]
    for term in query.excluded:
        pattern = _pattern(term)
        found = [entry for entry in found if pattern not in entry.words]
    for name in query.speakers:
        found = [entry for entry in found if any_of(name, entry.speaker)]
    for name in query.not_speakers:
        found = [entry for entry in found if not any_of(name, entry.speaker)]
    for name in query.not_tags:
        found = [entry for entry in found if not any_of(name, entry.tags)]
    return list(reversed(found))


def _pattern(term: Term) -> str:
    """How a term stands among a mark's words, which have a space on either side: see ``mark_rows.words_of``."""
    words = " ".join(term.plain)
    head = "" if UNSPACED_RUN.match(words) else " "
    tail = "" if term.prefix or UNSPACED_RUN.match(words[-1:]) else " "
    return f"{head}{words}{tail}"


def _notes(
    session: Session, query: Query, found: list[MarkEntry], paths: Mapping[int, str]
) -> dict[int, _Note]:
    """The notes of these marks that are in the library and pass the filters; marks that fail by a tag leave ``found``."""
    wanted = {number: paths[number] for number in {entry.note for entry in found} if number in paths}
    known: dict[str, _Note] = {}
    unique = list(dict.fromkeys(wanted.values()))
    for start in range(0, len(unique), 500):
        part = [to_db(path) for path in unique[start : start + 500]]
        sql = f"SELECT id, path, title FROM notes WHERE path IN ({','.join('?' * len(part))})"
        for note_id, path, title in session.rows(sql, part):
            known[from_db(path)] = (int(note_id), from_db(path), str(title))
    bare = Query(
        channels=query.channels,
        not_channels=query.not_channels,
        before=query.before,
        after=query.after,
        has=query.has,
        not_has=query.not_has,
    )
    allowed = narrow(session, bare).notes
    if query.tags or query.not_tags:
        # Whether by the mark's own tags or by its note's.
        tagged = narrow(session, Query(tags=query.tags)).notes
        untagged = narrow(session, Query(not_tags=query.not_tags)).notes
        ids = {number: known[path][0] for number, path in wanted.items() if path in known}
        found[:] = [
            entry
            for entry in found
            if (
                tagged is None
                or ids.get(entry.note) in tagged
                or all(any_of(tag, entry.tags) for tag in query.tags)
            )
            and (untagged is None or ids.get(entry.note) in untagged)
        ]
    return {
        number: known[path]
        for number, path in wanted.items()
        if path in known and (allowed is None or known[path][0] in allowed)
    }


def _hit(mark: Mark, query: Query, score: float, note: _Note) -> SearchHit:
    parts = (mark.text, mark.comment, " ".join(f"#{tag}" for tag in mark.tags))
    text = "\n".join(part for part in parts if part)
    cut, ranges = snippet(text, query)
    segment = mark.segment
    return SearchHit(
        note_id=note[0],
        path=note[1],
        title=note[2],
        kind=KIND_NAMES[MARK],
        speaker=mark.speaker,
        video_id=segment.video.id if segment else None,
        start_ms=segment.start_ms if segment else None,
        end_ms=segment.end_ms if segment else None,
        snippet=cut,
        marks=ranges,
        score=round(score, 4),
        mark_id=mark.id,
        colour=mark.colour.value,
    )
