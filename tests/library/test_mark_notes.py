from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.library.conftest import Library, note_text
from tests.library.test_mark_store import a_mark
from viewer.base.errors import ReadError
from viewer.domain.mark import Mark, MarkColour
from viewer.formats.registry import parse
from viewer.library import mark_notes
from viewer.library.journal import Act
from viewer.library.mark_merge import REMOVED_HERE, REMOVED_THERE, same
from viewer.library.mark_notes import MarkNote, MarkNotes
from viewer.library.mark_store import MarkStore
from viewer.library.user_store import UserStore

NOTE = "/notes/talk.md"


class Desk:
    """A database, a folder for the files, and what a reader does with both."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "marks"
        self.folder.mkdir(exist_ok=True)
        self.user = UserStore(root / "user.sqlite3")
        self.marks = MarkStore(self.user.pool, self.user.journal)
        self.notes = MarkNotes(self.user, self.marks)
        self.file = self.folder / "A talk.highlights.md"

    def add(
        self, text: str = "hello world", start: int | None = 1000, path: str = NOTE, **more: object
    ) -> Mark:
        mark = a_mark(path, text, start, **more)
        self.marks.add(mark)
        return mark

    def sync(self, path: str = NOTE) -> MarkNote:
        return self.notes.sync(path, self.folder)

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text("utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), "utf-8")

    def get(self, mark: Mark) -> Mark:
        kept = self.marks.get(mark.id)
        assert kept is not None
        return kept


@pytest.fixture
def desk(tmp_path: Path):
    desk = Desk(tmp_path)
    yield desk
    desk.user.close()


def test_marks_become_a_note_in_the_order_of_the_video(desk: Desk) -> None:
    desk.add("later", 90_000)
    desk.add("earlier", 1000)
    done = desk.sync()
    assert (done.file, done.change, done.conflicts) == (desk.file, None, ())
    note = parse(desk.file.read_text("utf-8"))
    assert [(one.quote, one.speaker, one.start_ms) for one in note.highlights] == [
        ("earlier", "Ada", 1000),
        ("later", "Ada", 90_000),
    ]
    assert note.title == "A talk (highlights)"
    desk.add("between", 50_000)
    desk.sync()
    assert [one.quote for one in parse(desk.file.read_text("utf-8")).highlights] == [
        "earlier",
        "between",
        "later",
    ]
    assert os.listdir(desk.folder) == [desk.file.name]


def test_nothing_changed_writes_nothing(desk: Desk) -> None:
    desk.add()
    desk.sync()
    os.utime(desk.file, (1, 1))
    assert desk.sync().change is None
    assert desk.file.stat().st_mtime == 1


def test_a_note_without_marks_has_no_file(desk: Desk) -> None:
    assert desk.sync().file is None
    assert os.listdir(desk.folder) == []


def test_outside_edits_come_back_as_one_act(desk: Desk) -> None:
    mark = desk.add()
    desk.sync()
    desk.edit("mine", "yours\nand mine")
    desk.edit("*question* · #greeting", "*agree* · #greeting, #new")
    done = desk.sync()
    assert done.change is not None
    assert done.change.act is Act.TAKE_FROM_FILE
    kept = desk.get(mark)
    assert (kept.comment, kept.colour, kept.tags) == (
        "yours\nand mine",
        MarkColour.AGREE,
        ("greeting", "new"),
    )
    assert desk.sync().change is None
    desk.marks.undo()
    desk.sync()
    assert same(desk.get(mark), mark)
    assert "yours" not in desk.file.read_text("utf-8")


def test_both_sides_changed_in_different_places(desk: Desk) -> None:
    mark = desk.add()
    desk.sync()
    desk.marks.change(replace(desk.get(mark), colour=MarkColour.DOUBT, tags=("greeting", "here")))
    desk.edit("mine", "theirs")
    desk.edit("#greeting", "#greeting, #there")
    assert desk.sync().conflicts == ()
    kept = desk.get(mark)
    assert (kept.comment, kept.colour, kept.tags) == (
        "theirs",
        MarkColour.DOUBT,
        ("greeting", "here", "there"),
    )
    text = desk.file.read_text("utf-8")
    assert "theirs" in text
    assert "*doubt* · #greeting, #here, #there" in text


def test_a_comment_changed_on_both_sides_holds_both(desk: Desk) -> None:
    mark = desk.add()
    desk.sync()
    desk.marks.change(replace(desk.get(mark), comment="here"))
    desk.edit("mine", "there")
    done = desk.sync()
    assert desk.get(mark).comment == "here\n\nthere"
    assert [(one.mark_id, one.what) for one in done.conflicts] == [(mark.id, "comment")]
    assert "hello world" in done.conflicts[0].message
    assert desk.sync().conflicts == ()


def test_a_colour_changed_on_both_sides_gives_two_marks(desk: Desk) -> None:
    mark = desk.add()
    desk.sync()
    desk.marks.change(replace(desk.get(mark), colour=MarkColour.DOUBT))
    desk.edit("*question*", "*agree*")
    done = desk.sync()
    colours = {one.colour for one in desk.marks.for_note(NOTE)}
    assert colours == {MarkColour.DOUBT, MarkColour.AGREE}
    assert done.conflicts[0].copy_id is not None
    assert desk.file.read_text("utf-8").count("<!-- soundbite-mark") == 2
    assert desk.sync().conflicts == ()
    assert len(desk.marks.for_note(NOTE)) == 2


def test_killed_between_database_and_file_nothing_doubles(desk: Desk, monkeypatch) -> None:
    mark = desk.add()
    desk.sync()
    desk.marks.change(replace(desk.get(mark), colour=MarkColour.DOUBT, comment="here"))
    desk.edit("*question*", "*agree*")
    desk.edit("mine", "there")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mark_notes, "_replaced", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.sync()
    desk.sync()
    assert len(desk.marks.for_note(NOTE)) == 2
    assert desk.get(mark).comment == "here\n\nthere"


def test_removed_on_one_side_goes_from_the_other(desk: Desk) -> None:
    one, two, three = desk.add("one"), desk.add("two", 2000), desk.add("three", 3000)
    desk.sync()
    text = desk.file.read_text("utf-8")
    start, end = text.index('### "two"'), text.index('### "three"')
    desk.file.write_text(text[:start] + text[end:], "utf-8")
    desk.marks.remove(one.id)
    desk.sync()
    assert [mark.id for mark in desk.marks.for_note(NOTE)] == [three.id]
    assert desk.marks.get(two.id) is None
    assert '### "one"' not in desk.file.read_text("utf-8")


def test_removed_on_one_side_and_changed_on_the_other_stays(desk: Desk) -> None:
    one, two = desk.add("one", comment="first"), desk.add("two", 2000)
    desk.sync()
    desk.marks.remove(one.id)
    desk.edit("first", "first, but better")
    desk.marks.change(replace(desk.get(two), comment="second"))
    text = desk.file.read_text("utf-8")
    desk.file.write_text(text[: text.index('### "two"')], "utf-8")
    done = desk.sync()
    assert {(one.mark_id, one.what) for one in done.conflicts} == {
        (one.id, REMOVED_HERE),
        (two.id, REMOVED_THERE),
    }
    assert desk.get(one).comment == "first, but better"
    assert desk.get(one).note_path == NOTE
    assert '### "two"' in desk.file.read_text("utf-8")


def test_a_file_emptied_at_once_takes_nothing_away(desk: Desk) -> None:
    desk.add("one")
    desk.add("two", 2000)
    desk.sync()
    text = desk.file.read_text("utf-8")
    desk.file.write_text(text[: text.index("### ")], "utf-8")
    assert len(desk.sync().conflicts) == 2
    assert len(desk.marks.for_note(NOTE)) == 2


def test_what_others_write_into_the_file_stays(desk: Desk) -> None:
    mark = desk.add()
    desk.sync()
    text = desk.file.read_text("utf-8").replace('### "hello world"', "### My own heading")
    text = text.replace("# A talk (highlights)\n", "# A talk (highlights)\n\nMy introduction.\n")
    text += "\n## Afterthoughts\n\n- one\n- two\n"
    desk.file.write_text(text, "utf-8")
    desk.marks.change(replace(desk.get(mark), comment="changed here"))
    desk.add("another", 500)
    desk.sync()
    now = desk.file.read_text("utf-8")
    for words in (
        "### My own heading",
        "My introduction.",
        "## Afterthoughts\n\n- one\n- two\n",
        "changed here",
    ):
        assert words in now
    assert now.index("another") < now.index("My own heading") < now.index("Afterthoughts")


def test_another_file_with_the_name_is_never_touched(desk: Desk) -> None:
    desk.file.write_text("# Mine\n\n### keep\n")
    desk.add()
    done = desk.sync()
    assert done.file == desk.folder / "A talk (2).highlights.md"
    assert desk.file.read_text() == "# Mine\n\n### keep\n"


def test_a_file_that_lost_our_mark_is_another(desk: Desk) -> None:
    mark = desk.add()
    desk.sync()
    desk.file.write_text("nothing of yours any more")
    assert desk.sync().file == desk.folder / "A talk (2).highlights.md"
    assert desk.file.read_text() == "nothing of yours any more"
    assert desk.marks.get(mark.id) is not None


def test_two_notes_with_the_same_title_have_two_files(desk: Desk) -> None:
    desk.add("one")
    desk.add("two", path="/notes/other.md")
    desk.sync()
    assert desk.sync("/notes/other.md").file == desk.folder / "A talk (2).highlights.md"


def test_a_renamed_or_deleted_file_is_followed_or_made_anew(desk: Desk) -> None:
    mark = desk.add()
    desk.sync()
    renamed = desk.file.with_name("my notes.md")
    desk.file.rename(renamed)
    renamed.write_text(renamed.read_text("utf-8").replace("mine", "in the renamed file"), "utf-8")
    assert desk.sync().file == renamed
    assert desk.get(mark).comment == "in the renamed file"
    renamed.unlink()
    assert desk.sync().file == desk.file
    assert desk.marks.count() == 1


def test_a_part_copied_into_another_notes_file_stays_that_notes(desk: Desk) -> None:
    mark = desk.add("one")
    desk.sync()
    desk.add("two", path="/notes/other.md")
    other = desk.sync("/notes/other.md").file
    assert other is not None
    text = desk.file.read_text("utf-8")
    with other.open("a", encoding="utf-8") as file:
        file.write("\n" + text[text.index("### ") :])
    desk.sync("/notes/other.md")
    assert desk.get(mark).note_path == NOTE
    assert '### "one"' in other.read_text("utf-8")


def test_line_ends_and_rights_are_kept(desk: Desk) -> None:
    mark = desk.add()
    desk.sync()
    desk.file.write_bytes(b"\xef\xbb\xbf" + desk.file.read_bytes().replace(b"\n", b"\r\n"))
    desk.file.chmod(0o664)
    desk.marks.change(replace(desk.get(mark), comment="changed"))
    desk.sync()
    data = desk.file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf---\r\n")
    assert b"changed\r\n" in data
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert desk.file.stat().st_mode & 0o777 == 0o664


def test_a_file_changed_at_the_very_moment_is_merged_again(desk: Desk, monkeypatch) -> None:
    mark = desk.add()
    desk.sync()
    desk.marks.change(replace(desk.get(mark), colour=MarkColour.DOUBT))
    real = mark_notes._replaced
    raced: list[bool] = []

    def race(found, text):
        if not raced:
            raced.append(True)
            desk.edit("mine", "at the last moment")
        return real(found, text)

    monkeypatch.setattr(mark_notes, "_replaced", race)
    desk.sync()
    assert (desk.get(mark).comment, desk.get(mark).colour) == ("at the last moment", MarkColour.DOUBT)
    assert "at the last moment" in desk.file.read_text("utf-8")


def test_a_folder_that_is_not_there_is_not_made(desk: Desk) -> None:
    desk.add()
    with pytest.raises(ReadError, match="no folder"):
        desk.notes.sync(NOTE, desk.folder / "gone")
    assert not (desk.folder / "gone").exists()


def test_all_notes_at_once_and_a_new_computer_takes_them_over(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "marks"
    folder.mkdir()
    paths = [library.write(f"{number}.md", note_text(f"Talk {number}")) for number in range(3)]
    library.refresh()
    catalog = library.catalog
    for path in paths[:2]:
        catalog.marks.add(replace(a_mark(str(path), f"words of {path.name}"), note_title=f"Talk {path.stem}"))
    notes = MarkNotes(catalog.user, catalog.marks)
    assert len(notes.sync_all(folder, catalog.entries())) == 2
    kept = {mark.id: mark for mark in catalog.marks.all()}

    fresh = UserStore(tmp_path / "elsewhere.sqlite3")
    marks = MarkStore(fresh.pool, fresh.journal)
    elsewhere = MarkNotes(fresh, marks)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    elsewhere.sync_all(folder, catalog.entries())
    taken = {mark.id: mark for mark in marks.all()}
    assert taken.keys() == kept.keys()
    for mark_id, mark in taken.items():
        assert same(mark, kept[mark_id])
        assert (mark.note_path, mark.note_title, mark.anchor, mark.created_ms) == (
            kept[mark_id].note_path,
            kept[mark_id].note_title,
            kept[mark_id].anchor,
            kept[mark_id].created_ms,
        )
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    fresh.close()


def test_marks_follow_a_renamed_note_into_the_same_file(desk: Desk) -> None:
    desk.add()
    desk.sync()
    desk.user.move(NOTE, "/notes/new.md")
    assert desk.sync("/notes/new.md").file == desk.file
    assert os.listdir(desk.folder) == [desk.file.name]
