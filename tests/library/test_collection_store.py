from __future__ import annotations

from dataclasses import replace

import pytest

from tests.library.conftest import VIDEO
from viewer.domain.collection import CollectionItem, ItemKind, length_ms, new_item_id
from viewer.domain.video import Segment, VideoRef
from viewer.library.collection_store import CollectionStore
from viewer.library.journal import Act
from viewer.library.user_store import UserStore


@pytest.fixture
def collections(user: UserStore) -> CollectionStore:
    return CollectionStore(user.pool, user.journal)


def heading(title: str) -> CollectionItem:
    return CollectionItem(new_item_id(), ItemKind.HEADING, title)


def clip(text: str, start: int = 1000) -> CollectionItem:
    return CollectionItem(
        new_item_id(),
        ItemKind.CLIP,
        "A title",
        text,
        Segment(VideoRef.youtube(VIDEO), start, start + 2000),
        mark_id="m",
        note_path="/talk.md",
        note_title="A talk",
        speaker="Ada",
        verdict="verbatim",
    )


def names(collections: CollectionStore, collection_id: str) -> list[str]:
    return [item.text or item.title for item in collections.items(collection_id)]


def test_items_are_kept_in_the_users_order(collections: CollectionStore) -> None:
    made = collections.create(" My  talk ")
    assert made.title == "My talk"
    one, two = clip("one"), clip("two")
    collections.add(made.id, [one, two])
    collections.add(made.id, [heading("first")], at=0)
    collections.add(made.id, [heading("middle")], at=2)
    assert names(collections, made.id) == ["first", "one", "middle", "two"]
    kept = next(item for item in collections.items(made.id) if item.id == one.id)
    assert replace(kept, collection_id="", position="") == one
    collections.move(one.id, 3)
    assert names(collections, made.id) == ["first", "middle", "two", "one"]
    collections.move(one.id, 0)
    assert names(collections, made.id) == ["one", "first", "middle", "two"]
    assert collections.move(one.id, 0) is None
    collections.undo()
    collections.undo()
    assert names(collections, made.id) == ["first", "one", "middle", "two"]
    assert collections.get(made.id).count == 4  # type: ignore[union-attr]


def test_an_item_added_twice_is_there_twice(collections: CollectionStore) -> None:
    made = collections.create("x")
    one = clip("one")
    collections.add(made.id, [one])
    collections.add(made.id, [one])
    items = collections.items(made.id)
    assert len({item.id for item in items}) == 2


def test_ends_are_nudged_and_counted(collections: CollectionStore) -> None:
    made = collections.create("x")
    collections.add(made.id, [clip("one", 1000), heading("h")])
    item = collections.items(made.id)[0]
    assert collections.change(item) is None
    collections.change(replace(item, clip_start_ms=500, clip_end_ms=4000))
    items = collections.items(made.id)
    assert items[0].clip == Segment(VideoRef.youtube(VIDEO), 500, 4000)
    assert length_ms(items) == 3500
    collections.undo()
    assert length_ms(collections.items(made.id)) == 2000


def test_deleting_and_undoing_brings_everything_back(collections: CollectionStore) -> None:
    made = collections.create("x")
    collections.add(made.id, [clip("one"), clip("two")])
    change = collections.delete(made.id)
    assert change is not None
    assert change.act is Act.DELETE_COLLECTION
    assert change.collection_ids == {made.id}
    assert collections.all() == ()
    collections.undo()
    assert names(collections, made.id) == ["one", "two"]
    collections.redo()
    assert collections.get(made.id) is None
    assert collections.items(made.id) == ()


def test_what_is_not_there_changes_nothing(collections: CollectionStore, user: UserStore) -> None:
    assert collections.rename("x", "y") is None
    assert collections.delete("x") is None
    assert collections.add("x", [clip("one")]) is None
    assert collections.remove(["x"]) is None
    assert collections.move("x", 0) is None
    made = collections.create("x")
    assert collections.rename(made.id, "x") is None
    assert collections.rename(made.id, "y") is not None
    assert user.journal.next_undo() is Act.RENAME_COLLECTION


def test_several_items_go_as_one_act(collections: CollectionStore) -> None:
    made = collections.create("x")
    items = [clip("one"), clip("two"), clip("three")]
    collections.add(made.id, items)
    collections.remove([items[0].id, items[2].id])
    assert names(collections, made.id) == ["two"]
    collections.undo()
    assert names(collections, made.id) == ["one", "two", "three"]


def test_items_go_along_when_the_note_is_renamed(collections: CollectionStore, user: UserStore) -> None:
    made = collections.create("x")
    collections.add(made.id, [clip("one")])
    user.move("/talk.md", "/new.md")
    assert collections.items(made.id)[0].note_path == "/new.md"


def test_a_time_that_is_found_later_is_no_act(collections: CollectionStore) -> None:
    made = collections.create("Found")
    known, lost = clip("known"), replace(clip("lost"), segment=None, verdict=None)
    collections.add(made.id, [known, lost])
    found = clip("lost", 5000).segment
    given = [
        replace(known, segment=found),  # has one
        replace(lost, segment=found, verdict="edited"),
        replace(lost, id="gone", segment=found),
    ]
    assert collections.give_times(given) == 1
    first, second = collections.items(made.id)
    assert first.segment == known.segment
    assert (second.segment, second.verdict, second.text) == (found, "edited", "lost")
    change = collections.undo()
    assert change is not None
    assert change.act is Act.ADD_ITEMS
