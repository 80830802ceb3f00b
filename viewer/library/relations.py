"""What joins notes: the same video, the same title, the same people and the same things named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from viewer.library.database import Row, Session
from viewer.library.entries import NoteEntry
from viewer.library.folding import fold

_LEAST_ALIKE = 0.75
"""Titles that share this part of their words (weighed by length) may be of the same talk."""

_NEAR_DAYS = 45
"""Notes about one talk are written within some weeks of each other."""

_COMMONEST = 40
"""A word in more titles than this says nothing about which talk it is."""

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A video that a note without an address may speak of, taken from another note, and why.

    ``likeness`` is 0..1 (1: the very same title); ``channel`` and ``speakers`` are the publisher and the people that
    both notes name, ``days_apart`` how far their dates lie from each other. ``accepted`` is the user's answer; None:
    not asked yet.
    """

    note_id: int
    other_id: int
    video_id: str
    likeness: float
    accepted: bool | None = None
    channel: str | None = None
    speakers: tuple[str, ...] = ()
    days_apart: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something across the library.

    ``kind`` is the notes' own word (``Companies``), empty for speakers. ``passages`` counts what was said by or about
    it, ``notes`` in how many notes; ``years`` are (year, passages) in order, of the notes that have a date.
    """

    name: str
    kind: str
    passages: int
    notes: int
    years: tuple[tuple[int, int], ...] = ()


def same_video(entries: Iterable[NoteEntry]) -> dict[str, tuple[int, ...]]:
    """Video id -> the notes about it, for every video that has several."""
    notes: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        for video_id in entry.video_ids:
            notes[video_id].append(entry.id)
    return {video_id: tuple(ids) for video_id, ids in notes.items() if len(ids) > 1}


def suggestions(
    entries: Sequence[NoteEntry], answers: Mapping[tuple[str, str], bool], *, refused: bool = False
) -> list[Suggestion]:
    """For every note without a video the best matching other note that has one; refused ones only when asked for."""
    with_video = [entry for entry in entries if entry.video_ids]
    words = {entry.id: frozenset(_WORDS.findall(fold(entry.title))) for entry in entries}
    by_word: dict[str, list[NoteEntry]] = defaultdict(list)
    for entry in with_video:
        for word in words[entry.id]:
            by_word[word].append(entry)
    found = []
    for entry in entries:
        if entry.video_ids or len(words[entry.id]) < 2:
            continue
        best = _best(entry, words, by_word, answers, refused)
        if best is not None:
            found.append(best)
    return found


def _best(
    entry: NoteEntry,
    words: Mapping[int, frozenset[str]],
    by_word: Mapping[str, list[NoteEntry]],
    answers: Mapping[tuple[str, str], bool],
    refused: bool,
) -> Suggestion | None:
    own = words[entry.id]
    lists = [by_word[word] for word in own if word in by_word]
    lists.sort(key=len)
    # The rarest words decide; were all of them common, the shortest list still holds a note of the same title.
    near = {other.id: other for group in lists if len(group) <= _COMMONEST for other in group}
    if not near and lists:
        near = {other.id: other for other in lists[0][:500]}
    best: tuple[float, Suggestion] | None = None
    for other in sorted(near.values(), key=lambda item: item.path):
        likeness = 1.0 if fold(other.title) == fold(entry.title) else _likeness(own, words[other.id])
        answer = answers.get((entry.path, other.video_ids[0]))
        found = _compared(entry, other, round(likeness, 3), answer)
        if answer is not True and (likeness < _LEAST_ALIKE or not _supported(entry, other, found)):
            continue
        if answer is False and not refused:
            continue
        rank = likeness + (2 if answer else 0) + (0.1 if found.channel or found.speakers else 0)
        if best is None or rank > best[0]:
            best = rank, found
    return best[1] if best else None


def _compared(entry: NoteEntry, other: NoteEntry, likeness: float, answer: bool | None) -> Suggestion:
    """What two notes have in common."""
    same = (
        entry.channel is not None and other.channel is not None and fold(entry.channel) == fold(other.channel)
    )
    theirs = {fold(name) for name in other.speakers}
    return Suggestion(
        entry.id,
        other.id,
        other.video_ids[0],
        likeness,
        answer,
        channel=other.channel if same else None,
        speakers=tuple(name for name in entry.speakers if fold(name) in theirs),
        days_apart=abs((entry.published - other.published).days)
        if entry.published and other.published
        else None,
    )


def _supported(entry: NoteEntry, other: NoteEntry, found: Suggestion) -> bool:
    """Whether more than the title speaks for it, or nothing against it: weekly shows repeat their titles."""
    if found.days_apart is not None and found.days_apart > _NEAR_DAYS and not found.speakers:
        return False
    if found.channel or found.speakers:
        return True
    return found.likeness == 1.0 and (
        entry.channel is None or other.channel is None or found.days_apart is not None
    )


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    weight = sum(map(len, one | other))
    return sum(map(len, one & other)) / weight if weight else 0.0


def people(session: Session) -> list[Named]:
    """Everybody who is quoted or speaks in a transcript, most often heard first."""
    rows = session.rows(
        "SELECT p.folded, p.name, '', substr(n.published, 1, 4), sum(s.passages), count(*) FROM speakers s "
        "JOIN people p ON p.id=s.person JOIN notes n ON n.id=s.note_id GROUP BY p.id, substr(n.published, 1, 4)"
    )
    return _gathered(rows)


def mentions(session: Session, kind: str | None = None) -> list[Named]:
    """Everything that notes mention, of one kind or all, in most notes first. One name under two kinds is one."""
    # Grouped here: SQLite sorts 150 000 rows for a GROUP BY, which takes it five times as long.
    years = {
        int(number): year for number, year in session.rows("SELECT id, substr(published, 1, 4) FROM notes")
    }
    condition, values = (" WHERE kind=?", (kind,)) if kind is not None else ("", ())
    counts: dict[tuple[str, str | None], list[int]] = {}
    words: dict[str, tuple[str, str]] = {}
    last: dict[str, int] = {}
    for number, folded, name, word in session.stream(
        f"SELECT note_id, folded, name, kind FROM mentions{condition}", values
    ):
        words.setdefault(folded, (name, word))
        count = counts.setdefault((folded, years.get(number)), [0, 0])
        count[0] += 1
        if last.get(folded) != number:
            last[folded] = number
            count[1] += 1
    return _gathered([(key[0], *words[key[0]], key[1], *count) for key, count in counts.items()])


def mention_kinds(session: Session) -> list[tuple[str, int]]:
    """The kinds of mentions and how many there are of each, most first."""
    rows = session.rows("SELECT kind, count(*) FROM mentions GROUP BY kind ORDER BY count(*) DESC, kind")
    return [(str(kind), int(count)) for kind, count in rows]


def _gathered(rows: Sequence[Row]) -> list[Named]:
    """Rows of (folded, name, kind, year, passages, notes) as one value a name."""
    names: dict[str, tuple[str, str]] = {}
    passages: dict[str, int] = defaultdict(int)
    notes: dict[str, int] = defaultdict(int)
    years: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for folded, name, kind, year, count, in_notes in rows:
        names.setdefault(folded, (str(name), str(kind)))
        passages[folded] += count
        notes[folded] += in_notes
        if year and str(year).isdigit():
            years[folded][int(year)] += count
    found = [
        Named(name, kind, passages[folded], notes[folded], tuple(sorted(years[folded].items())))
        for folded, (name, kind) in names.items()
    ]
    found.sort(key=lambda item: (-item.notes, -item.passages, item.name))
    return found
