"""The words of the index and how often they occur: to bound prefix searches and to answer "did you mean".

FTS5 would have to merge the lists of all words that begin with ``t`` before the first hit; one prefix index would
double the time of indexing. With the counts at hand, a short prefix is searched as its most frequent words only,
which are more hits than anybody reads.
"""

from __future__ import annotations

from string import ascii_lowercase

from viewer.base.cancel import CancelToken
from viewer.library.database import Session
from viewer.library.index_store import IndexStore
from viewer.library.passages import TABLES

_STALE = 0.1
"""Count anew when the index has grown by this part since."""


def fact(session: Session, name: str) -> int:
    """A number kept in the index; 0 when not there."""
    row = session.row("SELECT value FROM facts WHERE name=?", (name,))
    return int(row[0]) if row else 0


def renew_vocabulary(store: IndexStore, cancel: CancelToken | None = None) -> bool:
    """Count the words anew if the index has changed much since the last time; whether it was done.

    About two seconds for a million passages. Raises Cancelled, DamagedError.
    """
    session = store.pool.session()
    row = session.row("SELECT count(*), max(id) FROM passages") or (0, 0)
    passages, last = int(row[0] or 0), int(row[1] or 0)
    counted = fact(session, "counted")
    if abs(last - counted) <= _STALE * max(counted, 1):
        return False
    with session.cancelled_by(cancel), store.writing():
        session.run("DELETE FROM terms")
        for table in TABLES:
            session.run(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_words USING fts5vocab(main, {table}, row)"
            )
            session.run(
                f"INSERT INTO terms SELECT term, doc FROM temp.{table}_words WHERE true "
                "ON CONFLICT(term) DO UPDATE SET docs = docs + excluded.docs"
            )
        session.run("INSERT OR REPLACE INTO facts VALUES('counted', ?)", (last,))
        session.run("INSERT OR REPLACE INTO facts VALUES('passages', ?)", (passages,))
    return True


def docs_of(session: Session, word: str) -> int:
    """In how many passages a folded word occurs, as last counted."""
    row = session.row("SELECT docs FROM terms WHERE term=?", (word,))
    return int(row[0]) if row else 0


def most_frequent(session: Session, prefix: str, limit: int) -> tuple[list[str], int]:
    """The most frequent words that begin so, and how many passages all of them have together (some twice)."""
    end = prefix + "\U0010ffff"
    row = session.row("SELECT sum(docs) FROM terms WHERE term>=? AND term<?", (prefix, end))
    total = int(row[0]) if row and row[0] else 0
    sql = "SELECT term FROM terms WHERE term>=? AND term<? ORDER BY docs DESC LIMIT ?"
    return [str(r[0]) for r in session.rows(sql, (prefix, end, limit))], total


def nearest(session: Session, word: str, limit: int = 4_000) -> str | None:
    """The most likely word that was meant by a mistyped one; None when nothing is near.

    Looks among the words that begin alike (one letter wrong, or two in words of eight or more), and for a wrong
    first letter among those that differ in nothing else.
    """
    most = 1 if len(word) < 8 else 2
    if len(word) < 3:
        return None
    head = word[0]
    rows = session.rows(
        "SELECT term, docs FROM terms WHERE term>=? AND term<? AND length(term) BETWEEN ? AND ? "
        "ORDER BY docs DESC LIMIT ?",
        (head, head + "\U0010ffff", len(word) - most, len(word) + most, limit),
    )
    others = {letter + word[1:] for letter in ascii_lowercase} | {letter + word for letter in ascii_lowercase}
    others |= {word[1:], word[1] + word[0] + word[2:]}
    marks = ",".join("?" * len(others))
    rows += session.rows(f"SELECT term, docs FROM terms WHERE term IN ({marks})", tuple(others))
    best: tuple[int, int, str] | None = None
    for term, docs in rows:
        if term == word:
            continue
        steps = distance(word, term, most)
        if steps <= most and (best is None or (steps, -docs, term) < best):
            best = (steps, -docs, term)
    return best[2] if best else None


def distance(one: str, other: str, most: int) -> int:
    """Letters to insert, delete, change or swap with a neighbour to get from one to the other; more than ``most``
    counts as ``most + 1``."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, found in enumerate(other, 1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != found))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == found:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return min(last[-1], most + 1)
