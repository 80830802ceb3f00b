from __future__ import annotations

import pytest

from tests.library.conftest import Library, note_text
from tests.library.test_mark_store import a_mark
from viewer.domain.mark import Mark
from viewer.library.search_json import hit_to_json


@pytest.fixture
def marked(library: Library) -> Library:
    library.write(
        "one.md", note_text("One talk", channel="Alpha", tags=("robots",), cues="Ada: 0:00 hello world")
    )
    library.write(
        "two.md", note_text("Two talk", channel="Beta", date="2020-01-01", cues="Tom: 0:00 hello moon")
    )
    library.refresh()
    return library


def add(library: Library, name: str, text: str, **more: object) -> Mark:
    mark = a_mark(str(library.folder / name), text, **more)
    library.catalog.marks.add(mark)
    return mark


def found(library: Library, query: str) -> set[str]:
    return {hit.mark_id for hit in library.catalog.search(query).hits if hit.mark_id is not None}


def test_a_mark_is_found_by_its_words_comment_tags_and_speaker(marked: Library) -> None:
    mark = add(marked, "one.md", "the Straße is long", comment="Naïve thought", tags=("Big Idea",))
    for query in ("strasse", '"strasse is"', "naive", "big idea", "tho", "ada long", "long -porcelain"):
        assert found(marked, query) == {mark.id}, query
    for query in ("porcelain", '"is strasse"', "traße", "long -naive", '"tho"'):
        assert found(marked, query) == set(), query


def test_what_is_found_says_what_it_is(marked: Library) -> None:
    mark = add(marked, "one.md", "the harbour", comment="closed")
    hit = marked.catalog.search("harbour").hits[0]
    assert (hit.kind, hit.note_id, hit.title) == ("mark", marked.id_of("one.md"), "One talk")
    assert (hit.speaker, hit.start_ms, hit.end_ms) == ("Ada", 1000, 3500)
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["harbour"]
    told = hit_to_json(hit)
    assert (told["mark_id"], told["colour"]) == (mark.id, "question")


def test_kind_mark_lists_and_leaves_out(marked: Library) -> None:
    one = add(marked, "one.md", "hello world")
    two = add(marked, "two.md", "porcelain", tags=("x",))
    assert found(marked, "kind:mark ") == {one.id, two.id}
    assert all(hit.kind == "mark" for hit in marked.catalog.search("kind:mark hello").hits)
    assert found(marked, "kind:mark hello") == {one.id}
    assert found(marked, "-kind:mark hello") == set()
    assert found(marked, "kind:transcript hello") == set()
    assert found(marked, "has:clip hello") == set()


def test_filters_of_the_note_hold_for_its_marks(marked: Library) -> None:
    one = add(marked, "one.md", "porcelain", tags=("x",))
    two = add(marked, "two.md", "porcelain", tags=("robots of old",))
    assert found(marked, "channel:alpha porcelain") == {one.id}
    assert found(marked, "before:2021 porcelain") == {two.id}
    assert found(marked, "-channel:alpha porcelain") == {two.id}
    # by the mark's own tag or the note's
    assert found(marked, "tag:robots porcelain") == {one.id, two.id}
    assert found(marked, "tag:x ") == {one.id}
    assert found(marked, "-tag:x porcelain") == {two.id}
    assert found(marked, "speaker:ada porcelain") == {one.id, two.id}
    assert found(marked, "speaker:tom porcelain") == set()


def test_scripts_without_spaces(marked: Library) -> None:
    mark = add(marked, "one.md", "我是中国人")
    for query in ("中国", "我是", "人", "kind:mark 中"):
        assert found(marked, query) == {mark.id}, query
    assert found(marked, "国中") == set()


def test_marks_of_notes_that_are_gone_are_left_out(marked: Library) -> None:
    add(marked, "none.md", "porcelain")
    result = marked.catalog.search("porcelain")
    assert (result.hits, result.total) == ((), 0)


def test_marks_count_and_the_limit_holds(marked: Library) -> None:
    for number in range(7):
        add(marked, "one.md", f"porcelain {number}")
    result = marked.catalog.search("porcelain", limit=3)
    assert (len(result.hits), result.total, result.complete) == (3, 7, True)
    assert result.did_you_mean is None


def test_a_changed_and_an_undone_mark_is_found_as_it_is(marked: Library) -> None:
    mark = add(marked, "one.md", "porcelain")
    marked.catalog.marks.remove(mark.id)
    assert found(marked, "porcelain") == set()
    marked.catalog.marks.undo()
    assert found(marked, "porcelain") == {mark.id}
