"""How good a hit is. Pure: SQLite's own ranking would have to look at every row that holds a word."""

from __future__ import annotations

from collections.abc import Sequence

from viewer.library.database import Row
from viewer.library.folding import fold
from viewer.library.passages import SECTION, SUMMARY, TITLE, TRANSCRIPT
from viewer.library.query import Query

_WEIGHTS = (12.0, 8.0, 6.0, 5.0, 4.0, 4.0, 3.0, 1.5, 1.0, 9.0)
"""By kind, in the order of KIND_NAMES: titles and highlights above running text."""


def ranked_rows(query: Query, rows: Sequence[Row]) -> list[tuple[float, Row]]:
    """Rows with their score, best first; the same words of the same note only once, and not again as running text."""
    words = score_words(query)
    choices = [[" ".join(term.plain) for term in terms] for terms in query.choices]
    scored = [(_score(row[2], fold(row[7]), words, choices), row) for row in rows]
    scored.sort(key=lambda item: (-item[0], item[1][0]))
    heads: dict[int, list[str]] = {}
    for row in rows:
        if row[2] not in (TITLE, SECTION, SUMMARY, TRANSCRIPT):
            heads.setdefault(row[1], []).append(row[7].partition("\n")[2] or row[7])
    seen: set[tuple[int, str]] = set()
    best = []
    for score, row in scored:
        mark = (row[1], row[7][:200])
        told = row[2] == SECTION and any(head in row[7] for head in heads.get(row[1], ())[:40])
        if mark not in seen and not told:
            seen.add(mark)
            best.append((score, row))
    return best


def _score(kind: int, text: str, words: Sequence[str], choices: Sequence[Sequence[str]]) -> float:
    """As :func:`score_of`; a title without the words was found by what is known about its note, which is worth less."""
    if kind == TITLE and not all(any(word in text for word in some) for some in choices):
        kind = TRANSCRIPT
    return score_of(kind, text, words)


def score_words(query: Query) -> list[str]:
    """The words by which passages are ranked."""
    return [" ".join(term.plain) for term in query.wanted]


def score_of(kind: int, text: str, words: Sequence[str]) -> float:
    """How good a passage is: by its kind, by how often and how near each other the words are, by being short.

    ``text`` is folded.
    """
    score = _WEIGHTS[kind] if 0 <= kind < len(_WEIGHTS) else 1.0
    first, last, whole = len(text), 0, 0
    for word in words:
        place = text.find(word)
        if place < 0:
            continue
        first, last = min(first, place), max(last, place)
        # A word that stands alone is worth more than one that only begins so.
        end = place + len(word)
        whole += (place == 0 or not text[place - 1].isalnum()) and (
            end == len(text) or not text[end].isalnum()
        )
        score += 0.2 * min(text.count(word) - 1, 3)
    score += 0.8 * whole
    if len(words) > 1 and last >= first:
        score += 1.5 / (1 + (last - first) / 40)
    return score + 0.6 / (1 + len(text) / 120)
