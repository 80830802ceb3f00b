"""What ten thousand marks cost: opening a note, painting its transcript, making a mark. Run it by hand.

``python -m tests.benchmarks.marks [MARKS]`` prints a table; without marks, with MARKS in the whole library, and with
300 of them in the open note (a transcript of 763 cues).
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["SOUNDBITE_HOME"] = tempfile.mkdtemp()

from PySide6.QtTest import QTest

from viewer import app as app_module
from viewer.app import Application
from viewer.base.paths import AppPaths
from viewer.domain.anchoring import make_anchor
from viewer.domain.mark import Mark, MarkColour, new_mark_id
from viewer.domain.selection import selected_words
from viewer.domain.transcript import Transcript
from viewer.domain.video import Segment, VideoRef
from viewer.media.clip_store import ClipStore
from viewer.media.failures import FailureKind, MediaError

CUES = 763
HERE = 300
VIDEO = VideoRef.youtube("dQw4w9WgXcQ")


class Offline:
    """A fetcher that fetches nothing."""

    options = None

    def fetch(self, *_: object, **__: object) -> None:
        raise MediaError(FailureKind.NO_NETWORK)

    def warm_up(self) -> None: ...

    def close(self) -> None: ...


def note_text(name: str, cues: int) -> str:
    """A video note with so many lines of transcript."""
    chance = random.Random(name)
    words = [
        "the",
        "quick",
        "brown",
        "fox",
        "jumps",
        "over",
        "a",
        "lazy",
        "dog",
        "while",
        "nobody",
        "in",
        "this",
        "town",
        "looks",
        "at",
        "what",
        "it",
        "says",
    ]
    lines = []
    for row in range(cues):
        said = " ".join(chance.choice(words) for _ in range(70))
        at = row * 5
        place = f"{at // 60}:{at % 60:02}"
        lines.append(f"[{place}]({VIDEO.url}&t={at}s) {said}.")
    head = f'---\ntitle: "{name}"\nvideo_id: {VIDEO.id}\nduration: {cues * 5}\n---\n\n# {name}\n\n## Transcript\n\n'
    return head + "\n\n".join(lines) + "\n"


def mark(path: str, transcript: Transcript | None, number: int) -> Mark:
    """A mark somewhere; with its words where a transcript is given."""
    row = number * 2 % CUES
    at = row * 5000
    segment = Segment(VIDEO, at, at + 4000)
    colour = list(MarkColour)[number % 4]
    if transcript is None:
        return Mark(
            new_mark_id(), path, path, segment, None, f"words {number} of a mark", None, colour, "a comment"
        )
    place = ((row, 0), (row, 120))
    words = selected_words(transcript, *place)
    return Mark(
        new_mark_id(),
        path,
        path,
        segment,
        make_anchor(transcript, *place),
        words,
        None,
        colour,
        "a comment",
        ("tag",),
    )


def wait(condition: Callable[[], bool], seconds: float = 60) -> float:
    """Turn the event loop until it holds; how long that took, ms."""
    begin = time.perf_counter()
    while not condition():
        QTest.qWait(1)
        assert time.perf_counter() - begin < seconds, "never came"
    return (time.perf_counter() - begin) * 1000


def opened(application: Application, name: str, marks: int) -> tuple[float, float]:
    """ms until the note is shown, and until its marks are."""
    entry = next(one for one in application.library.model.entries if one.path.endswith(name))
    begin = time.perf_counter()
    application.desk.open_entry(entry)
    wait(lambda: application.session.path.endswith(name))
    shown = (time.perf_counter() - begin) * 1000
    own = application.window.reader.transcript.own
    wait(lambda: len(application.marks.marks.marks) == marks and (own.count >= marks))
    return shown, (time.perf_counter() - begin) * 1000


def painted(application: Application) -> float:
    """ms to paint the transcript, median of 30 places."""
    view = application.window.reader.transcript
    bar = view.verticalScrollBar()
    times = []
    for number in range(30):
        bar.setValue(bar.maximum() * number // 30)
        begin = time.perf_counter()
        view.viewport().repaint()
        times.append((time.perf_counter() - begin) * 1000)
    bar.setValue(0)  # a note that opens far down takes longer, with marks or without
    return statistics.median(times)


def measure(application: Application, words: str, marks: int) -> None:
    """One line of the table."""
    shows, alls = [], []
    for _ in range(7):
        opened(application, "other.md", 0)
        QTest.qWait(150)
        shown, everything = opened(application, "long.md", marks)
        shows.append(shown)
        alls.append(everything)
        QTest.qWait(150)
    paint = painted(application)
    print(
        f"{words:38} note {statistics.median(shows):6.1f} ms   marks {statistics.median(alls):6.1f} ms   "
        f"paint {paint:5.2f} ms"
    )


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    folder = Path(tempfile.mkdtemp())
    (folder / "long.md").write_text(note_text("long", CUES), "utf-8")
    (folder / "other.md").write_text(note_text("other", 40), "utf-8")
    app_module.make_qt_application()
    application = app_module.build(AppPaths.standard(), ClipStore(folder / "clips"), Offline())  # type: ignore[arg-type]
    application.window.resize(1440, 900)
    application.start([str(folder)])
    wait(lambda: application.session.note is not None and not application.library.busy)
    measure(application, "without marks", 0)
    store = application.catalog.marks
    begin = time.perf_counter()
    from viewer.library.journal import Act

    store.apply(
        Act.ADD_MARK, [mark(f"/somewhere/{number % 500}.md", None, number) for number in range(count)]
    )
    print(f"{count} marks kept in {time.perf_counter() - begin:.2f} s")
    measure(application, f"{count} in the library, none here", 0)
    wait(lambda: application.session.path.endswith("long.md"))
    note = application.session.note
    assert note is not None
    path = application.session.path
    store.apply(Act.ADD_MARK, [mark(path, note.transcript, number) for number in range(HERE)])
    measure(application, f"{count} in the library, {HERE} here", HERE)
    made = []
    own = application.window.reader.transcript.own
    for number in range(20):
        before = len(application.marks.marks.marks)
        begin = time.perf_counter()
        application.marks.marks.add(mark(path, note.transcript, number))
        wait(lambda before=before: own.count > before)  # type: ignore[misc]
        made.append((time.perf_counter() - begin) * 1000)
    print(f"a mark from key to tint: {statistics.median(made):.1f} ms, worst {max(made):.1f} ms")
    application.window.close()
    application.close()


if __name__ == "__main__":
    main()
