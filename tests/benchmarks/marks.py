"""What ten thousand marks cost, as ratios to bare SQLite doing the like in the same run.

    python -m tests.benchmarks.marks [--marks 10000] [--notes 200] [--json FILE]

The floors: opening the same file and reading one row; selecting one note's rows by an index; reading every mark's words
through once with ``instr``; inserting one row in a transaction of its own with ``synchronous=FULL``. The search is
that of the whole library, with the marks and, on the same queries, without.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.grow import Size, grow
from viewer.domain.mark import Mark, MarkColour, TextAnchor, new_mark_id
from viewer.domain.video import Segment, VideoRef
from viewer.library.catalog import Catalog
from viewer.library.mark_rows import mark_row, note_number, put_row
from viewer.library.mark_store import MarkStore
from viewer.library.search import search
from viewer.library.user_store import UserStore

WORDS = [
    "the",
    "energy",
    "of",
    "every",
    "model",
    "is",
    "machine",
    "learning",
    "and",
    "nobody",
    "actually",
    "knows",
    "why",
    "science",
    "moves",
    "so",
    "slowly",
    "when",
    "people",
    "talk",
    "about",
    "compute",
    "bicycles",
    "harbours",
    "porcelain",
    "horizons",
    "data",
    "centres",
    "robots",
    "promises",
    "and",
    "the",
    "weather",
]


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes (ms)."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def median(work: Callable[[], object], times: int = 15) -> float:
    """The median of several calls (ms)."""
    return statistics.median(milliseconds(work) for _ in range(times))


def a_mark(rng: random.Random, path: str) -> Mark:
    """A mark like those that people make: thirty words, sometimes a comment and tags."""
    text = " ".join(rng.choices(WORDS, k=rng.randrange(8, 60)))
    start = rng.randrange(3_600_000)
    return Mark(
        new_mark_id(),
        path,
        "A note",
        Segment(VideoRef.youtube("ZAJ4D8RAyfY"), start, start + 20_000),
        TextAnchor(text, "so they say that ", " which is what they said", rng.randrange(800), 5),
        text,
        "Somebody",
        rng.choice(list(MarkColour)),
        " ".join(rng.choices(WORDS, k=8)) if rng.random() < 0.4 else "",
        tuple(rng.sample(["energy", "to quote", "talk", "chapter 2"], k=rng.randrange(3))),
        1_700_000_000_000 + start,
        1_700_000_000_000 + start,
    )


def fill(user: UserStore, paths: list[str], count: int) -> None:
    """So many marks, evenly over the notes, in one transaction (the journal is not what is measured)."""
    rng = random.Random(5)
    with user.pool.writing() as session:
        for number in range(count):
            path = paths[number % len(paths)]
            put_row(session, "marks", mark_row(a_mark(rng, path), note_number(session, path)))


def opened(file: Path) -> float:
    """Opening the store until its marks can be asked for (ms)."""

    def work() -> None:
        store = UserStore(file)
        MarkStore(store.pool, store.journal).count()
        store.close()

    work()
    return median(work)


def opened_bare(file: Path) -> float:
    """The floor of it (ms)."""

    def work() -> None:
        bare = sqlite3.connect(file)
        bare.execute("SELECT id FROM marks LIMIT 1").fetchall()
        bare.close()

    return median(work)


def figures(library: Path, work: Path, count: int) -> dict[str, Any]:
    """Everything that is measured."""
    user_file = work / "user.sqlite3"
    catalog = Catalog(work / "index.sqlite3", user_file)
    catalog.refresh([library])
    paths = [entry.path for entry in catalog.entries()]
    queries = [
        "energy",
        "the",
        "harb",
        '"machine learning"',
        "science -people",
        "t",
        "zzzz",
        "speaker:somebody the",
    ]

    def ask(which: Callable[[str], object]) -> float:
        for query in queries:
            which(query)
        return statistics.median(median(lambda q=query: which(q), 9) for query in queries)

    empty_open = opened(user_file)
    without = ask(lambda query: search(catalog, query))
    fill(catalog.user, paths, count)
    catalog.close()
    full_open, bare_open = opened(user_file), opened_bare(user_file)

    catalog = Catalog(work / "index.sqlite3", user_file)
    bare = sqlite3.connect(user_file, isolation_level=None)
    number = bare.execute("SELECT number FROM marked_notes WHERE path=?", (paths[0],)).fetchone()[0]
    with_marks = ask(catalog.search)
    index_only = ask(lambda query: search(catalog, query))
    listed = ask(lambda query: catalog.search(f"kind:mark {query}"))
    scan = median(
        lambda: bare.execute("SELECT id FROM mark_words WHERE instr(words, ' energy ')>0").fetchall()
    )
    note = median(lambda: catalog.marks.for_note(paths[0]))
    note_bare = median(lambda: bare.execute("SELECT * FROM marks WHERE note=?", (number,)).fetchall())
    rng = random.Random(6)
    add = median(lambda: catalog.marks.add(a_mark(rng, paths[0])), 40)
    catalog.close()
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute("CREATE TABLE bare(id INTEGER PRIMARY KEY, text TEXT)")
    add_bare = median(lambda: bare.execute("INSERT INTO bare(text) VALUES(?)", ("x" * 1500,)), 40)
    bare.close()

    def against(ms: float, floor: float) -> dict[str, float]:
        return {"ms": round(ms, 3), "floor_ms": round(floor, 3), "ratio": round(ms / floor, 2)}

    return {
        "marks": count,
        "notes": len(paths),
        "file_mb": round(user_file.stat().st_size / 1e6, 1),
        "open": {**against(full_open, bare_open), "without_marks_ms": round(empty_open, 3)},
        "marks_of_a_note": against(note, note_bare),
        "search": {
            "without_marks_ms": round(without, 3),
            "with_marks_ms": round(with_marks, 3),
            "index_part_ms": round(index_only, 3),
            "kind_mark_ms": round(listed, 3),
            "marks_part": against(max(with_marks - index_only, 0.0), scan),
        },
        "durable_add": against(add, add_bare),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marks", type=int, default=10_000)
    parser.add_argument("--notes", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        grow(work / "library", Size(notes=options.notes))
        found = figures(work / "library", work, options.marks)
    text = json.dumps(found, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
