"""How fast the library is, as ratios to floors measured in the same run on the same machine.

    python -m tests.benchmarks.library_speed [--notes 500] [--folder GROWN] [--work FOLDER] [--json FILE]

Without ``--folder`` a library is grown for the run. The floors: inserting the same passages into a bare FTS5 table
in one transaction; ``os.scandir`` plus ``stat`` over the same tree. The whole figure of the plan is ``--notes 10000``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.grow import NAMES, TAGS, Size, grow
from viewer.library.catalog import Catalog
from viewer.library.watcher import LibraryWatcher

_PART = 50_000


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def best(work: Callable[[], object], times: int = 5) -> float:
    """The shortest of several calls, in seconds."""
    return min(timed(work) for _ in range(times))


def tree_floor(folder: Path) -> None:
    """What any scan has to do at the least."""
    pending = [str(folder)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    pending.append(entry.path)
                else:
                    entry.stat()


def processor_s() -> float:
    """Processor time of this process and of those it has waited for (s)."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def bare_insert(index: Path, target: Path) -> tuple[float, float, int]:
    """Seconds to insert the index's passages into a bare FTS5 table (reading them is not counted), of the clock and
    of the processor, and how many they are."""
    source = sqlite3.connect(index)
    bare = sqlite3.connect(target, isolation_level=None)
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=NORMAL")
    bare.execute("CREATE VIRTUAL TABLE bare USING fts5(text)")
    spent, busy, count = 0.0, 0.0, 0
    bare.execute("BEGIN")
    rows = source.execute("SELECT text FROM passages ORDER BY id")
    while part := rows.fetchmany(_PART):
        count += len(part)
        begun, used = time.perf_counter(), time.process_time()
        bare.executemany("INSERT INTO bare(text) VALUES(?)", part)
        spent, busy = spent + time.perf_counter() - begun, busy + time.process_time() - used
    used = time.process_time()
    spent += timed(lambda: bare.execute("COMMIT"))
    busy += time.process_time() - used
    source.close()
    bare.close()
    return spent, busy, count


def queries(catalog: Catalog, rng: random.Random) -> list[str]:
    """What people type, letter by letter, with the worst cases among it."""
    words = ["the", "of", "model", "science", "machine", "actually", "energy"]
    titles = [
        entry.title.split()[0].lower()
        for entry in rng.sample(catalog.entries(), min(12, len(catalog.entries())))
    ]
    typed = [word[:end] for word in [*words, *titles] for end in range(1, len(word) + 1)]
    pairs = [f"{rng.choice(words)} {rng.choice(words + titles)[:n]}" for n in range(1, 7) for _ in range(4)]
    narrowed = [f"speaker:{name.split()[0].lower()} {rng.choice(words)}" for name in NAMES]
    narrowed += [f"tag:{tag} {rng.choice(words)}" for tag in TAGS] + [
        "kind:highlight the",
        "after:2020 model -the",
        "has:clip data",
    ]
    return (
        typed
        + pairs
        + narrowed
        + ['"machine learning"', '"of the"', "t", "a", "s", "zzzz", "sciense", "naïve"]
    )


def search_figures(catalog: Catalog) -> dict[str, Any]:
    """Milliseconds from query to result."""
    asked = queries(catalog, random.Random(7))
    spent: list[tuple[float, str]] = []
    for _ in range(2):
        spent += [(timed(lambda q=query: catalog.search(q)) * 1000, query) for query in asked]
    times = sorted(ms for ms, _ in spent)
    return {
        "queries": len(spent),
        "median_ms": round(statistics.median(times), 2),
        "p99_ms": round(times[min(len(times) - 1, int(len(times) * 0.99))], 2),
        "worst": [{"query": query, "ms": round(ms, 1)} for ms, query in sorted(spent, reverse=True)[:5]],
    }


def watch_figure(folder: Path) -> float:
    """Seconds from a new file to its notice."""
    told: list[float] = []
    watcher = LibraryWatcher([folder], lambda: told.append(time.perf_counter()))
    watcher.start()
    time.sleep(0.5)
    begun = time.perf_counter()
    path = folder / "watched.md"
    path.write_text("# new\n", encoding="utf-8")
    while not told and time.perf_counter() - begun < 5:
        time.sleep(0.01)
    watcher.stop()
    path.unlink()
    return told[0] - begun if told else float("inf")


FRESH = """
import os, sys
from pathlib import Path
def mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
from viewer.library.catalog import Catalog
before = mb()
catalog = Catalog(Path(sys.argv[1]), Path(sys.argv[2]))
entries = catalog.entries()
listed = mb()
catalog.refresh([sys.argv[3]])
catalog.search("the")
print(before, listed, mb())
"""


def fresh_memory(index: Path, user: Path, folder: Path) -> dict[str, float]:
    """Memory of a new process (MB): with everything imported, with the list, after a refresh and a search."""
    arguments = [sys.executable, "-c", FRESH, str(index), str(user), str(folder)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    return dict(
        zip(
            ("imported", "with_list", "after_refresh_and_search"),
            map(float, done.stdout.split()),
            strict=True,
        )
    )


def memory_mb() -> float:
    """This process's memory now (MB)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(folder: Path, work: Path) -> dict[str, Any]:
    """Every figure."""
    before_mb = memory_mb()
    index, user = work / "index.sqlite3", work / "user.sqlite3"
    catalog = Catalog(index, user)
    used = processor_s()
    first_s = timed(lambda: catalog.refresh([folder]))
    first_cpu_s = processor_s() - used
    floor_s, floor_cpu_s, passages = bare_insert(index, work / "bare.sqlite3")
    rescan_s, tree_s = best(lambda: catalog.refresh([folder])), best(lambda: tree_floor(folder))
    catalog.close()

    begun = time.perf_counter()
    catalog = Catalog(index, user)
    entries = catalog.entries()
    start_s = time.perf_counter() - begun
    next_start_s = timed(lambda: catalog.refresh([folder]))
    sample = random.Random(1).sample(entries, min(60, len(entries)))
    opened = [timed(lambda n=entry.id: catalog.note(n)) * 1000 for entry in sample]
    figures = {
        "notes": len(entries),
        "passages": passages,
        "library_mb": round(sum(os.path.getsize(entry.path) for entry in entries) / 1e6, 1),
        "index_mb": round(index.stat().st_size / 1e6, 1),
        "first_index": {
            "s": round(first_s, 2),
            "bare_fts5_s": round(floor_s, 2),
            "ratio": round(first_s / floor_s, 2),
            "must": 1.5,
            "cpu_s": round(first_cpu_s, 2),
            "bare_fts5_cpu_s": round(floor_cpu_s, 2),
            # What the clock would show were the cores ours alone; others' work blurs the ratio above.
            "ratio_on_idle_cores": round(first_cpu_s / (os.cpu_count() or 1) / floor_cpu_s, 2),
        },
        "rescan": {
            "ms": round(rescan_s * 1000, 1),
            "scandir_stat_ms": round(tree_s * 1000, 1),
            "ratio": round(rescan_s / tree_s, 2),
            "must": 2.0,
        },
        "open_index_and_list_ms": round(start_s * 1000, 1),
        "first_refresh_of_a_start_ms": round(next_start_s * 1000, 1),
        "open_note_ms": {
            "median": round(statistics.median(opened), 1),
            "worst": round(max(opened), 1),
            "must": 30,
        },
        "search": {**search_figures(catalog), "must_median": 16, "must_p99": 50},
        "people_ms": round(timed(catalog.people) * 1000, 1),
        "mentions_ms": round(timed(catalog.mentions) * 1000, 1),
        "suggestions_ms": round(timed(catalog.suggestions) * 1000, 1),
        "watch_s": round(watch_figure(folder), 2),
        "memory_mb": fresh_memory(index, user, folder),
        "memory_of_this_run_mb": {"before": round(before_mb, 1), "at_the_end": round(memory_mb(), 1)},
    }
    catalog.close()
    return figures


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notes", type=int, default=500)
    parser.add_argument("--folder", type=Path, help="a library that grow.py has made")
    parser.add_argument("--work", type=Path, help="where the databases go (default: a temporary folder)")
    parser.add_argument("--json", type=Path, help="write the figures here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.work) as work:
        folder = given.folder
        if folder is None:
            folder = Path(work) / "notes"
            grow(folder, Size(notes=given.notes))
        figures = measure(folder, Path(work))
    figures["python"] = sys.version.split()[0]
    figures["sqlite"] = sqlite3.sqlite_version
    figures["cores"] = os.cpu_count()
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    print(text)
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")


# Further processes import this module anew: what runs must stay below the guard.
if __name__ == "__main__":
    main()
