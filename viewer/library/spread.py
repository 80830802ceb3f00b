"""Words that do not stand in one passage: of a phrase that goes on in the next cue, or all over one note.

A passage is a cue, a quote, a paragraph. Whoever remembers two words of a talk does not know that they were said in
different ones; so where few passages hold all words, the notes that do are found, and in them where the words
come nearest each other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from viewer.library.database import Row, Session
from viewer.library.expressions import RARE, of_terms, without
from viewer.library.folding import fold
from viewer.library.narrowing import Narrowing
from viewer.library.passages import TABLES, TITLE, TRANSCRIPT
from viewer.library.query import Query, Term, tokens
from viewer.library.vocabulary import docs_of

PASSAGE = "SELECT p.id, p.note_id, p.kind, p.speaker, p.video, p.start_ms, p.end_ms, p.text FROM passages p"
"""What is read of a passage; a ``WHERE`` follows."""

_NOTES = 60
"""So many notes of the rarest word are looked into."""

_ROWS = 400
"""So many rows of a word are looked at in each table, or in a note."""

_SHOWN = 3
"""So many passages of one note are given out."""

_ENDS = 160
"""Letters at a passage's end or beginning in which a part of a phrase is looked for."""

Over = Callable[[], bool]
"""Whether the time is up. May raise Cancelled."""


def joined(session: Session, query: Query, narrowing: Narrowing, over: Over) -> list[Row]:
    """Where a cue and the one after it hold together what none of them does alone: the one phrase that is asked for.

    Both as one row: it begins with the first, has the text of both and ends with the second.
    """
    if len(query.wanted) != 1:
        return []
    term = query.wanted[0]
    if not 1 < len(term.plain) < 12 or term.plain != term.spaced:
        return []
    found: dict[int, Row] = {}
    for cut in range(1, len(term.plain)):
        if over():
            break
        for one, other in _neighbours(session, query, narrowing, term, cut):
            if _ends(one[7], term.plain[:cut]) and _begins(other[7], term.plain[cut:], term.prefix):
                found.setdefault(one[0], _as_one(one, other))
    return list(found.values())


def _neighbours(
    session: Session, query: Query, narrowing: Narrowing, term: Term, cut: int
) -> Iterator[tuple[Row, Row]]:
    """Cues that follow each other and may hold a phrase's two parts, found by the rarer part."""
    head, tail = term.plain[:cut], term.plain[cut:]
    often = min(docs_of(session, word) for word in head)
    # An unfinished word is no word yet: the part that ends with it says nothing about how often it occurs.
    known = [docs_of(session, word) for word in (tail[:-1] if term.prefix else tail)]
    by_tail = bool(known) and min(known) <= often
    if min([often, *known]) > RARE:
        return
    part = f'^"{" ".join(tail)}"{"*" if term.prefix else ""}' if by_tail else f'"{" ".join(head)}"'
    sql = "SELECT rowid FROM body WHERE body MATCH ? LIMIT ?"
    rows = session.rows(sql, (without(session, query, part), _ROWS))
    firsts = [int(row[0]) - by_tail for row in rows]
    wanted = sorted({*firsts, *(number + 1 for number in firsts)})
    condition = narrowing.condition(with_notes=True)
    marks = ",".join(map(str, wanted))
    sql = f"{PASSAGE} WHERE p.id IN ({marks}) AND p.kind={TRANSCRIPT} {condition}"
    passages = {int(row[0]): row for row in session.rows(sql)}
    for number in firsts:
        one, other = passages.get(number), passages.get(number + 1)
        if one is not None and other is not None and one[1] == other[1]:
            yield one, other


def _ends(text: str, words: Sequence[str]) -> bool:
    found = [fold(word) for word in tokens(text[-_ENDS:])]
    return found[-len(words) :] == list(words)


def _begins(text: str, words: Sequence[str], prefix: bool) -> bool:
    found = [fold(word) for word in tokens(text[:_ENDS])][: len(words)]
    if prefix and len(found) == len(words) and found[-1].startswith(words[-1]):
        return found[:-1] == list(words[:-1])
    return found == list(words)


def _as_one(one: Row, other: Row) -> Row:
    return (*one[:6], other[6], f"{one[7]} {other[7]}")


def scattered(session: Session, query: Query, narrowing: Narrowing, over: Over) -> list[tuple[float, Row]]:
    """Of the notes that hold all words, but in no one passage, the title and the passages nearest each other.

    Each with its score, which is below that of any passage with all the words. Those that follow each other in a
    transcript come as one row.
    """
    if len(query.choices) < 2:
        return []
    terms = sorted((of_terms(session, one)[::-1] for one in query.choices), key=lambda term: term[0])
    looks = [(frequency, without(session, query, expression)) for frequency, expression in terms]
    ranges = _ranges(session, narrowing, looks[0][1])
    places: list[dict[int, list[int]]] = []
    for frequency, expression in looks:
        if over() or not ranges:
            return []
        found = _places(session, narrowing, expression, frequency, ranges, over)
        places.append(found)
        ranges = [one for one in ranges if one[2] in found]
    near = [(_nearest([found[note] for found in places], first), note) for first, _, note in ranges]
    near.sort(key=lambda item: item[0][0])
    return [
        scored
        for place, note in near
        for scored in _told(session, narrowing, [found[note] for found in places], *place)
    ]


Range = tuple[int, int, int]
"""A note's first and last row, and its id."""


def _ranges(session: Session, narrowing: Narrowing, expression: str) -> list[Range]:
    """The notes in which the rarest word is."""
    numbers: list[int] = []
    for table in TABLES:
        if len(numbers) < _ROWS:
            sql = f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT ?"
            numbers += [int(row[0]) for row in session.rows(sql, (expression, _ROWS))]
    sql = f"SELECT DISTINCT p.note_id FROM passages p WHERE p.id IN ({','.join(map(str, numbers))})"
    notes = [int(row[0]) for row in session.rows(sql + narrowing.condition(with_notes=True))][:_NOTES]
    sql = f"SELECT first, last, note_id FROM ranges WHERE note_id IN ({','.join(map(str, notes))}) ORDER BY first"
    return [(int(first), int(last), int(note)) for first, last, note in session.rows(sql)]


def _places(
    session: Session,
    narrowing: Narrowing,
    expression: str,
    frequency: int,
    ranges: Sequence[Range],
    over: Over,
) -> dict[int, list[int]]:
    """In which rows of these notes a word is, by note."""
    condition = narrowing.condition(with_notes=False)
    firsts = [first for first, _, _ in ranges]
    found: dict[int, list[int]] = defaultdict(list)
    for table in TABLES:
        join = f"JOIN passages p ON p.id={table}.rowid" if condition else ""
        sql = (
            f"SELECT {table}.rowid FROM {table} {join} WHERE {table} MATCH ? "
            f"AND {table}.rowid BETWEEN ? AND ? {condition} LIMIT ?"
        )
        spans = [(firsts[0], max(last for _, last, _ in ranges), 10 * _ROWS)]
        if table == "body" and frequency > 10 * _ROWS:
            spans = [(first, last, _ROWS) for first, last, _ in ranges]
        for first, last, most in spans:
            if over():
                break
            for (row,) in session.rows(sql, (expression, first, last, most)):
                place = bisect_right(firsts, row) - 1
                if place >= 0 and row <= ranges[place][1]:
                    found[ranges[place][2]].append(int(row))
    return found


def _nearest(places: Sequence[Sequence[int]], title: int) -> tuple[int, int, list[int]]:
    """How far apart the words are where they come nearest, the title's row, and the rows there.

    What the title holds, or what is known about the note as a whole, is near everything.
    """
    rest = [rows for rows in places if title not in rows]
    events = sorted((row, number) for number, rows in enumerate(rest) for row in rows)
    last: dict[int, int] = {}
    best: tuple[int, list[int]] | None = None
    for row, number in events:
        last[number] = row
        if len(last) == len(rest):
            span = row - min(last.values())
            if best is None or span < best[0]:
                best = span, sorted(set(last.values()))
    span, rows = best or (0, [])
    return span, title, rows[:_SHOWN]


def _told(
    session: Session,
    narrowing: Narrowing,
    places: Sequence[Sequence[int]],
    span: int,
    title: int,
    numbers: Sequence[int],
) -> list[tuple[float, Row]]:
    """The rows of one note, with their scores; ``places`` are the rows of each word in it."""
    score = 0.5 + 0.4 / (1 + span / 10)
    wanted = ",".join(map(str, (title, *numbers)))
    condition = narrowing.condition(with_notes=False)
    rows = session.rows(f"{PASSAGE} WHERE p.id IN ({wanted}) {condition} ORDER BY p.id")
    titles = [row for row in rows if row[2] == TITLE]
    passages = [row for row in rows if row[2] != TITLE]
    if len(passages) == 2 and span == 1 and all(row[2] == TRANSCRIPT for row in passages):
        passages = [_as_one(*passages)]
        if all(any(number in numbers for number in rows) for rows in places):
            titles = []  # the two cues hold all words: the place says more than the note
    return [(score - place / 1000, row) for place, row in enumerate((*titles, *passages))]
