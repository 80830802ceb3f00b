"""What a large library does to the window, measured: its start, a keystroke in the search, a click on a note, memory.

    python -m tests.benchmarks.window_library --folder GROWN [--home FOLDER] [--times 5] [--json FILE]

``GROWN`` is a library that grow.py has made (10 000 notes for the plan's figures); ``--home`` keeps its index for the
next run. Every part runs in a process of its own, offscreen, beside an empty window that imports the same parts of Qt.
Byte code is kept, as it is for whoever has installed the program: without it every start compiles all modules.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.grow import Size, grow

ROOT = Path(__file__).resolve().parents[2]

_EMPTY = """
import os, sys, time, importlib
for name in sys.argv[1].split(","):
    importlib.import_module(name)
from PySide6 import QtCore, QtWidgets
def rss():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
def leave():
    window.repaint()
    print(rss(), flush=True)
    os._exit(0)
app = QtWidgets.QApplication([])
window = QtWidgets.QMainWindow(); window.resize(1440, 900); window.show()
QtCore.QTimer.singleShot(0, leave)
app.exec()
"""

_BEGIN = """
import json, os, random, sys, time
from PySide6.QtCore import QTimer
from viewer.qt import lean_imports
lean_imports.begin()
from viewer import app
def rss():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
qt = app.make_qt_application()
program = app.build()
"""

_START = (
    _BEGIN
    + """
seen = set()
def look(what):
    seen.add(what)
    if "note" in seen and program.library.model.rowCount() >= int(sys.argv[1]):
        QTimer.singleShot(0, leave)
def leave():
    program.window.repaint()
    print(rss(), flush=True)
    os._exit(0)
program.library.noteOpened.connect(lambda *_: look("note"))
program.library.model.rowsInserted.connect(lambda *_: look("rows"))
program.start([])
qt.exec()
"""
)

_USE = (
    _BEGIN
    + """
from PySide6.QtCore import QEventLoop
from PySide6.QtTest import QTest
alarm = QTimer()
program.start([])
end = time.perf_counter() + 60
while program.library.model.rowCount() < int(sys.argv[1]) or program.session.note is None or program.library.busy:
    QTest.qWait(20)
    assert time.perf_counter() < end
QTest.qWait(1500)
settled = rss()
window, field = program.window, program.window.top.search
took = {}
def timed(signal, act, done):
    answered = []
    def hear(*values):
        if done(*values):
            answered.append(1)
    signal.connect(hear)
    begun = time.perf_counter()
    act()
    alarm.start(5000)
    while not answered and time.perf_counter() - begun < 5:
        qt.processEvents(QEventLoop.WaitForMoreEvents)  # as the program waits: asking again and again slows the worker
    qt.processEvents()  # what the answer has changed is painted here
    spent = (time.perf_counter() - begun) * 1e3
    signal.disconnect(hear)
    return spent
window.activateWindow(); field.setFocus()
keys, common = [], []
for word in ("the", "model", "science", "a", "t", "energy", "of the", "machine learning", "naive"):
    for end in range(1, len(word) + 1):
        text = word[:end]
        if not text.strip() or text.endswith(" "):
            continue
        spent = timed(program.library.searchFinished, lambda: field.setText(text), lambda t, r, text=text: t == text)
        keys.append(spent)
        if text in ("the", "t", "a"):
            common.append(spent)
shown = window.results.isVisible()
field.clear()
ids = [entry.id for entry in random.Random(3).sample(program.library.model.entries, min(40, int(sys.argv[1])))]
opened = [timed(program.library.noteOpened, lambda: program.desk.open_note(n), lambda m, note, n=n: m == n) for n in ids]
print(json.dumps({"settled_mb": settled, "used_mb": rss(), "results_shown": shown, "keys": keys, "common": common,
    "opened": opened}), flush=True)
os._exit(0)
"""
)

_INDEX = (
    _BEGIN
    + """
beats = [time.perf_counter()]
beat = QTimer(); beat.setInterval(2); beat.timeout.connect(lambda: beats.append(time.perf_counter()))
def over(*_):
    gaps = sorted(b - a for a, b in zip(beats, beats[1:]))
    print(json.dumps({"worst_ms": gaps[-1] * 1e3, "over_50_ms": sum(g > 0.05 for g in gaps), "beats": len(gaps),
        "notes": program.library.model.rowCount(), "kept_mb": rss()}), flush=True)
    os._exit(0)
program.library.refreshed.connect(over)
program.start([sys.argv[1]])
def begin():
    beats[:] = [time.perf_counter()]  # the wait until here is no gap
    beat.start()
QTimer.singleShot(300, begin)
qt.exec()
"""
)


class Runner:
    """Starts the measured processes in one home, with byte code kept beside it."""

    def __init__(self, home: Path, cache: Path) -> None:
        self.environment = {
            key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
        }
        self.environment |= {
            "SOUNDBITE_HOME": str(home),
            "QT_QPA_PLATFORM": "offscreen",
            "QT_AUDIO_BACKEND": "pulseaudio",
            "PYTHONPYCACHEPREFIX": str(cache),
        }

    def run(self, code: str, *arguments: str) -> tuple[str, float, float]:
        """What it printed, seconds by the clock, seconds of the processor."""
        before = os.times()
        begun = time.perf_counter()
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=280, check=False
        )
        spent = time.perf_counter() - begun
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        after = os.times()
        busy = after.children_user + after.children_system - before.children_user - before.children_system
        return done.stdout.strip().splitlines()[-1], spent, busy


def parts_of_qt(runner: Runner) -> str:
    """The parts of Qt that the program has imported when its window is built."""
    code = "import sys, viewer.app; print(','.join(m for m in sys.modules if m.startswith('PySide6.Qt')))"
    return runner.run(code)[0]


def starting(runner: Runner, notes: int, times: int) -> dict[str, Any]:
    """From nothing to list and last note painted, and what is in memory then, beside the empty window."""
    parts = parts_of_qt(runner)
    runner.run(_START, str(notes))
    runner.run(_EMPTY, parts)
    pairs = [(runner.run(_START, str(notes)), runner.run(_EMPTY, parts)) for _ in range(times)]
    clock = [ours[1] / empty[1] for ours, empty in pairs]
    processor = [ours[2] / empty[2] for ours, empty in pairs]
    return {
        "imports": parts,
        "window_s": round(statistics.median(ours[1] for ours, _ in pairs), 3),
        "empty_window_s": round(statistics.median(empty[1] for _, empty in pairs), 3),
        "ratio": round(statistics.median(clock), 2),
        "best_ratio": round(min(ours[1] for ours, _ in pairs) / min(empty[1] for _, empty in pairs), 2),
        "ratio_of_processor": round(statistics.median(processor), 2),
        "must": 1.5,
        "memory_mb": round(statistics.median(float(ours[0]) for ours, _ in pairs), 1),
        "empty_memory_mb": round(statistics.median(float(empty[0]) for _, empty in pairs), 1),
    }


def spread(times: list[float]) -> dict[str, float]:
    """Median, 99th percentile and worst of some ms."""
    ordered = sorted(times)
    place = min(len(ordered) - 1, int(len(ordered) * 0.99))
    figures = {"median_ms": statistics.median(ordered), "p99_ms": ordered[place], "worst_ms": ordered[-1]}
    return {name: round(value, 1) for name, value in figures.items()}


def using(runner: Runner, notes: int) -> dict[str, Any]:
    """Keystrokes to results painted, clicks to notes painted, memory when all has come to rest."""
    found = json.loads(runner.run(_USE, str(notes))[0])
    return {
        "keystroke": {**spread(found["keys"]), "must_median": 16, "must_p99": 50},
        "the_and_one_letter": spread(found["common"]),
        "results_shown": found["results_shown"],
        "open_note": {**spread(found["opened"]), "must_median": 30},
        "memory_mb": {"at_rest": round(found["settled_mb"], 1), "after_use": round(found["used_mb"], 1)},
    }


def large_note(cues: int = 800, size: int = 320_000) -> str:
    """A note of 320 KB with 800 cues."""
    words = (
        "we found that the model learns what people mean long before it says so and that surprised us all "
    )
    text = (words * (size // cues // len(words) + 1))[: size // cues - 80]
    lines = ["---", "title: A very long talk", "video_id: ZAJ4D8RAyfY", "---", "", "## Transcript", ""]
    for number in range(cues):
        second = number * 9
        stamp = f"[{second // 60}:{second % 60:02}](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t={second}s)"
        lines.append(f"**Speaker {number % 3}:** {stamp} {text}\n")
    return "\n".join(lines)


def opening_large(work: Path, cache: Path) -> dict[str, Any]:
    """A click on the 320 KB note, among small ones."""
    folder, home = work / "large", work / "large-home"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.md").write_text(large_note() + f"\n\n{number}\n", encoding="utf-8")
    runner = Runner(home, cache)
    runner.run(_INDEX, str(folder))
    found = json.loads(runner.run(_USE, "12")[0])
    return {**spread(found["opened"]), "must_worst": 120, "kilobytes": len(large_note()) // 1000}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--folder", type=Path, help="a library that grow.py has made (default: 300 notes, grown now)"
    )
    parser.add_argument("--home", type=Path, help="where the index of --folder is, or is to be kept")
    parser.add_argument("--index", type=Path, help="the library to be indexed while the window is watched")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--only", choices=("starting", "using", "indexing", "large"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        folder = given.folder
        if folder is None:
            folder = work / "notes"
            grow(folder, Size(notes=300))
        cache, home = work / "bytecode", given.home or work / "home"
        runner = Runner(home, cache)
        figures: dict[str, Any] = {"python": sys.version.split()[0], "cores": os.cpu_count()}
        indexed = json.loads(runner.run(_INDEX, str(folder.absolute()))[0])
        notes = int(indexed["notes"])
        figures["notes"] = notes
        wanted = ("starting", "using", "indexing", "large") if given.only is None else (given.only,)
        if "starting" in wanted:
            figures["starting"] = starting(runner, notes, given.times)
        if "using" in wanted:
            figures["using"] = using(runner, notes)
        if "indexing" in wanted:
            fresh = Runner(work / "fresh", cache)
            figures["indexing"] = json.loads(fresh.run(_INDEX, str((given.index or folder).absolute()))[0])
        if "large" in wanted:
            figures["open_320_kb"] = opening_large(work, cache)
    text = json.dumps(figures, indent=2)
    print(text)
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
