from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.library.test_mark_store import a_mark
from viewer.domain.mark import Mark, MarkColour
from viewer.domain.video import Segment, VideoRef
from viewer.formats.highlights_file import ReadMark
from viewer.library.mark_merge import FIELDS, merge, same

VIDEO = VideoRef.youtube("ZAJ4D8RAyfY")
words = st.sampled_from(["", "a", "b", "a b", "c\n\nd"])
changes = st.fixed_dictionaries(
    {},
    optional={
        "segment": st.sampled_from(
            [None, Segment(VIDEO, 0, 1000), Segment(VIDEO, 5, 1000), Segment(VIDEO, 7, 9)]
        ),
        "text": words,
        "speaker": st.sampled_from([None, "Ann", "Bo"]),
        "colour": st.sampled_from(MarkColour),
        "comment": words,
        "tags": st.lists(st.sampled_from(["x", "y", "z"]), unique=True).map(tuple),
    },
)
START = a_mark(text="a b")


def sides(ours: dict[str, object], theirs: dict[str, object]) -> tuple[Mark, Mark, list[Mark], int]:
    """Both states and what a merge makes of them, with the number of conflicts."""
    here, there = replace(START, **ours), replace(START, **theirs)  # type: ignore[arg-type]
    done = merge({START.id: ReadMark(START)}, {START.id: here}, {START.id: ReadMark(there)}, 5)
    kept = {START.id: here} | {mark.id: mark for mark in done.put}
    return here, there, list(kept.values()), len(done.conflicts)


@given(changes, changes)
def test_neither_sides_change_is_lost(ours: dict[str, object], theirs: dict[str, object]) -> None:
    here, there, kept, conflicts = sides(ours, theirs)
    for name in FIELDS:
        was, mine, other = (getattr(mark, name) for mark in (START, here, there))
        found = [getattr(mark, name) for mark in kept]
        if name == "tags":
            added = (set(mine) | set(other)) - set(was)
            assert added <= set(kept[0].tags)
        elif name == "comment":
            for text in (mine, other):
                assert text == was or any(f"\n{text}\n" in f"\n{one}\n" for one in found) or not text
        else:
            for value in (mine, other):
                assert value == was or value in found
    if len(kept) > 1:
        assert conflicts


@given(changes)
def test_a_change_on_one_side_is_simply_taken(change: dict[str, object]) -> None:
    _, there, kept, conflicts = sides({}, change)
    assert (len(kept), conflicts) == (1, 0)
    assert same(kept[0], there)
    here, _, kept, conflicts = sides(change, {})
    assert (len(kept), conflicts) == (1, 0)
    assert same(kept[0], here)


@given(changes, changes)
def test_merging_once_more_changes_nothing(ours: dict[str, object], theirs: dict[str, object]) -> None:
    _, _, kept, _ = sides(ours, theirs)
    now = {mark.id: mark for mark in kept}
    read = {mark.id: ReadMark(mark) for mark in kept}
    again = merge(read, now, read, 6)
    assert (again.put, again.remove, again.conflicts) == ([], [], [])
