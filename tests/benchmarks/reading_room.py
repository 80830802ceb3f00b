"""How calm the reading room is: frames while scrolling and resizing, the theme's switch, memory of note after note.

    python -m tests.benchmarks.reading_room --folder GROWN --home HOME [--json FILE] [--only scrolling,theme,memory]

``GROWN`` is a library that grow.py has made and ``HOME`` the folder that holds its index; the home is copied, so what
is measured changes neither. The longest note is the largest file of the library, and for comparison a talk of three
hours (1 900 cues, 300 000 letters) that is written for the occasion.

A frame is one step of the bar or the window and everything that the window's thread does until it is painted; ``cpu``
is the processor time of that thread alone, which other work on the same cores does not lengthen. The floor is a bare
QTextBrowser of the same size with the same text, and (for resizing) the same column.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

_BEGIN = """
import json, os, random, sys, time
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QTextBrowser
from viewer.qt import lean_imports
lean_imports.leave_sources_alone()
from viewer import app
def rss():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
qt = app.make_qt_application()
program = app.build()
window = program.window
program.settings.set("look.theme", "light")
program.settings.set("look.motion", "reduced")
program.settings.set("fetch.offline", True)
program.start([])
def until(done):
    end = time.perf_counter() + 60
    while not done():
        QTest.qWait(20)
        assert time.perf_counter() < end
until(lambda: program.session.note is not None and not program.library.busy)
window.resize(1440, 900)
def open_path(path):
    entry = next(e for e in program.library.model.entries if e.path == path)
    program.desk.open_entry(entry)
    until(lambda: program.session.path == path)
def frames(steps, act):
    clock, cpu = [], []
    for step in steps:
        begun, used = time.perf_counter(), time.thread_time()
        act(step)
        qt.processEvents()
        qt.processEvents()  # a layout that was asked for is painted in the second round
        clock.append((time.perf_counter() - begun) * 1e3)
        cpu.append((time.thread_time() - used) * 1e3)
    return {"clock": clock, "cpu": cpu}
"""

_SCROLL = (
    _BEGIN
    + """
open_path(sys.argv[1])
QTest.qWait(2500)  # the quotes are judged, the window has come to rest
page = window.reader.transcript
assert page.isVisible()
bare = QMainWindow()
text = QTextBrowser(bare)
text.setFrameShape(QFrame.Shape.NoFrame)
bare.setCentralWidget(text)
bare.show()
def match():
    bare.resize(page.viewport().width() + text.verticalScrollBar().sizeHint().width(), page.viewport().height())
match()
text.document().setDefaultFont(page.document().defaultFont())
text.setHtml(page._rendered.html)
form = page.document().rootFrame().frameFormat()
text.document().rootFrame().setFrameFormat(form)
QTest.qWait(300)
def wheel(widget, most):
    bar = widget.verticalScrollBar()
    return frames(range(0, most, most // 400), bar.setValue)
most = page.verticalScrollBar().maximum()
found = {"letters": page.document().characterCount(), "height_px": most, "notches": {}, "resize": {}}
for name, widget in (("window", page), ("floor", text), ("window", page), ("floor", text)):
    found["notches"].setdefault(name, []).append(wheel(widget, min(most, widget.verticalScrollBar().maximum())))
page.verticalScrollBar().setValue(most // 2)
text.verticalScrollBar().setValue(most // 2)
widths = [1440 - 6 * n for n in range(60)] + [1086 + 6 * n for n in range(60)]
for round in range(2):
    found["resize"].setdefault("window", []).append(
        frames(widths, lambda w: window.resize(w, 900)))
    rest = window.width() - page.viewport().width()
    found["resize"].setdefault("floor", []).append(
        frames(widths, lambda w: bare.resize(w - rest, 800)))
print(json.dumps(found), flush=True)
os._exit(0)
"""
)

_THEME = (
    _BEGIN
    + """
open_path(sys.argv[1])
QTest.qWait(2500)
def switch(name):
    program.settings.set("look.theme", name)
themes = ["dark", "sepia", "contrast", "light"]
frames(themes, switch)  # each icon is drawn once in each colour
found = {"clock": [], "cpu": []}
for _ in range(5):
    for name in themes:
        one = frames([name], switch)
        found["clock"] += one["clock"]
        found["cpu"] += one["cpu"]
        QTest.qWait(100)
found["first_page_letters"] = window.reader.transcript.document().characterCount()
found["widgets"] = len(QApplication.allWidgets())
print(json.dumps(found), flush=True)
os._exit(0)
"""
)

_MEMORY = (
    _BEGIN
    + """
import gc
QTest.qWait(1500)
entries = random.Random(5).sample(program.library.model.entries, int(sys.argv[1]))
after = []
for entry in entries:
    program.desk.open_entry(entry)
    until(lambda: program.session.path == entry.path)
    QTest.qWait(150)  # long enough for the quotes to be judged
    after.append(rss())
gc.collect()
print(json.dumps({"after_mb": after, "objects": len(gc.get_objects()), "widgets": len(QApplication.allWidgets())}),
    flush=True)
os._exit(0)
"""
)


def talk_of_three_hours(cues: int = 1900, letters: int = 300_000) -> str:
    """A note whose transcript is as long as that of a talk of three hours."""
    words = (
        "we found that the model learns what people mean long before it says so and that surprised us all "
    )
    size = letters // cues
    text = (words * 4)[: size - 8]
    lines = ["---", "title: A very long talk", "video_id: ZAJ4D8RAyfY", "---", "", "## Transcript", ""]
    for number in range(cues):
        second = number * 6
        hour, minute = divmod(second // 60, 60)
        stamp = f"{hour}:{minute:02}:{second % 60:02}" if hour else f"{minute}:{second % 60:02}"
        link = f"[{stamp}](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t={second}s)"
        lines.append(f"**Speaker {number % 3}:** {link} {text}\n")
    return "\n".join(lines)


def run(code: str, home: Path, *arguments: str) -> dict[str, Any]:
    """Run one part in a process and a home of its own."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {
        "SOUNDBITE_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "QT_AUDIO_BACKEND": "pulseaudio",
    }
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def spread(times: list[float]) -> dict[str, float]:
    """Median, 99th percentile and worst of some ms."""
    ordered = sorted(times)
    place = min(len(ordered) - 1, int(len(ordered) * 0.99))
    middle = ordered[len(ordered) // 2]
    figures = {"median_ms": middle, "p99_ms": ordered[place], "worst_ms": ordered[-1]}
    return {name: round(value, 1) for name, value in figures.items()}


def framed(rounds: dict[str, list[dict[str, list[float]]]]) -> dict[str, Any]:
    """The figures of all rounds together, window and floor beside each other."""
    found: dict[str, Any] = {"must_p99": 16}
    for who, runs in rounds.items():
        for clock in ("clock", "cpu"):
            found[f"{who}_{clock}"] = spread([value for one in runs for value in one[clock]])
    return found


def scrolling(home: Path, path: Path) -> dict[str, Any]:
    """Frames while the bar moves through the whole note, and while the window's edge is drawn in and out."""
    found = run(_SCROLL, home, str(path))
    return {
        "letters": found["letters"],
        "height_px": found["height_px"],
        "scroll": framed(found["notches"]),
        "resize": framed(found["resize"]),
    }


def switching(home: Path, path: Path) -> dict[str, Any]:
    """From the choice of a theme to the window painted in it."""
    found = run(_THEME, home, str(path))
    return {
        "must": 100,
        "clock": spread(found["clock"]),
        "cpu": spread(found["cpu"]),
        "letters": found["first_page_letters"],
        "widgets": found["widgets"],
    }


def remembering(home: Path, notes: int) -> dict[str, Any]:
    """What is in memory after one note after the other."""
    found = run(_MEMORY, home, str(notes))
    after = found["after_mb"]
    last = after[-20:]
    return {
        "notes": notes,
        "after_20_mb": round(sum(after[15:25]) / len(after[15:25]), 1),
        "after_all_mb": round(sum(last) / len(last), 1),
        "every_20_mb": [round(value, 1) for value in after[19::20]],
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, required=True, help="a library that grow.py has made")
    parser.add_argument("--home", type=Path, required=True, help="where its index is")
    parser.add_argument("--notes", type=int, default=200, help="how many are opened in a row")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--only", default="scrolling,theme,memory")
    given = parser.parse_args()
    wanted = given.only.split(",")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        home, talk_home, talks = work / "home", work / "talk-home", work / "talks"
        shutil.copytree(given.home, home)
        talks.mkdir()
        talk = talks / "talk.md"
        talk.write_text(talk_of_three_hours(), encoding="utf-8")
        (talk_home / "config").mkdir(parents=True)
        remembered = json.dumps({"library.folders": [str(talks)], "window.welcomed": True})
        (talk_home / "config" / "settings.json").write_text(remembered, encoding="utf-8")
        longest = max(given.folder.absolute().rglob("*.md"), key=lambda path: path.stat().st_size)
        figures: dict[str, Any] = {"python": sys.version.split()[0], "cores": os.cpu_count()}
        figures["load"] = round(os.getloadavg()[0], 1)
        if "scrolling" in wanted:
            figures["longest_note"] = scrolling(home, longest)
            figures["three_hours"] = scrolling(talk_home, talk)
        if "theme" in wanted:
            figures["theme"] = switching(home, longest)
            figures["theme_three_hours"] = switching(talk_home, talk)
        if "memory" in wanted:
            figures["memory"] = remembering(home, given.notes)
    text = json.dumps(figures, indent=2)
    print(text)
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
