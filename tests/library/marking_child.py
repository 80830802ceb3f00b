"""A reader who marks as fast as the disk allows, until killed: every act is announced, done, and confirmed.

    python -m tests.library.marking_child DATABASE SEED

Prints ``? ID`` before an act on a mark (``? *`` for undo and redo), and after it ``! {id: comment or null}``.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from pathlib import Path

from viewer.domain.mark import Mark, new_mark_id
from viewer.domain.video import Segment, VideoRef
from viewer.library.journal import Change
from viewer.library.mark_store import MarkStore
from viewer.library.user_store import UserStore


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def confirm(change: Change | None) -> None:
    edits = change.edits if change is not None else ()
    told = {}
    for edit in edits:
        mark = edit.after or edit.before
        assert isinstance(mark, Mark)
        told[mark.id] = edit.after.comment if isinstance(edit.after, Mark) else None
    say("! " + json.dumps(told))


def main(file: Path, seed: int) -> None:
    rng = random.Random(seed)
    store = UserStore(file)
    marks = MarkStore(store.pool, store.journal)
    known = [mark.id for mark in marks.all()]
    say("ready")
    while True:
        act = rng.choice(("add", "add", "change", "remove", "undo", "redo"))
        some = marks.get(rng.choice(known)) if known else None
        if act == "add" or (act in ("change", "remove") and some is None):
            start = rng.randrange(10_000_000)
            segment = Segment(VideoRef.youtube("ZAJ4D8RAyfY"), start, start + 1000)
            text = "words " * rng.randrange(200)
            new = Mark(
                new_mark_id(), f"/note{start % 7}.md", "x", segment, None, text, None, comment=str(start)
            )
            known.append(new.id)
            say(f"? {new.id}")
            confirm(marks.add(new))
        elif act == "change" and some is not None:
            say(f"? {some.id}")
            confirm(marks.change(replace(some, comment=str(rng.random()))))
        elif act == "remove" and some is not None:
            say(f"? {some.id}")
            confirm(marks.remove(some.id))
        else:
            say("? *")
            confirm(marks.undo() if act == "undo" else marks.redo())


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
