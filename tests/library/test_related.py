"""Notes that share people or tags: the rarer what they share, the nearer they are."""

from __future__ import annotations

from viewer.library.entries import NoteEntry
from viewer.library.related import Related, related


def entry(number: int, *, tags: str = "", people: str = "", video: str = "") -> NoteEntry:
    return NoteEntry(
        number,
        f"/notes/{number}.md",
        "/notes",
        f"Note {number}",
        tags=tuple(tags.split()),
        speakers=tuple(people.split()),
        video_ids=(video,) if video else (),
    )


def test_people_count_more_than_tags() -> None:
    this = entry(1, tags="ai robots", people="Ksenia")
    others = [entry(2, tags="AI"), entry(3, people="KSENIA"), entry(4, tags="gardens")]
    assert related(this, [this, *others]) == [Related(3, ("KSENIA",), ()), Related(2, (), ("AI",))]


def test_what_nearly_every_note_has_joins_none() -> None:
    notes = [entry(number, tags="video") for number in range(100)]
    notes[7] = entry(7, tags="video rare")
    notes[8] = entry(8, tags="video rare")
    assert [found.note_id for found in related(notes[7], notes)] == [8]


def test_notes_about_the_same_video_are_not_among_them() -> None:
    this = entry(1, people="Sam", video="abc")
    assert related(this, [this, entry(2, people="Sam", video="abc")]) == []


def test_a_note_without_people_and_tags_has_none() -> None:
    assert related(entry(1), [entry(1), entry(2)]) == []


def test_the_best_come_first_and_not_too_many() -> None:
    this = entry(1, tags="a b c")
    others = [entry(number, tags="a") for number in range(2, 12)] + [entry(20, tags="a b c")]
    found = related(this, [this, *others])
    assert found[0].note_id == 20
    assert len(found) == 6
