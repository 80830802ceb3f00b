from __future__ import annotations

from pathlib import Path

from tests.library.conftest import Library, note_text
from viewer.domain.anchoring import make_anchor
from viewer.domain.mark import Mark, new_mark_id
from viewer.domain.selection import selected_segment
from viewer.library.loader import load_note

CUES = "Ada: 0:00 the bicycles are green | Tom: 0:05 and the harbour was closed because of the fog"


def marked(library: Library, path: Path, row: int = 1, start: int = 4, end: int = 22) -> Mark:
    transcript = load_note(path).transcript
    first, last = (row, start), (row, end)
    segment = selected_segment(transcript, first, last)
    mark = Mark(
        new_mark_id(), str(path), "A talk", segment, make_anchor(transcript, first, last), "words", None
    )
    library.catalog.marks.add(mark)
    return mark


def where(library: Library, mark: Mark) -> str:
    kept = library.catalog.marks.get(mark.id)
    assert kept is not None
    return Path(kept.note_path).name


def test_a_note_moved_and_edited_at_once_takes_its_marks_along(library: Library) -> None:
    path = library.write("talk.md", note_text(cues=CUES))
    library.write("other.md", note_text("Other", cues="Ada: 0:00 quite other words about porcelain"))
    library.refresh()
    mark = marked(library, path)
    library.catalog.user.set_pinned(str(path), True)
    path.unlink()
    library.write("new/name.md", note_text("A talk, edited", cues="Ada: 0:00 A new line. | " + CUES))
    library.refresh()
    assert where(library, mark) == "name.md"


def test_without_the_words_they_stay_where_they_were(library: Library) -> None:
    path = library.write("talk.md", note_text(cues=CUES))
    library.refresh()
    mark = marked(library, path)
    path.unlink()
    library.write("porcelain.md", note_text("Other", cues="Ada: 0:00 quite other words about porcelain"))
    library.write("same words.md", note_text("Third", video="BBBBBBBBBBB", cues=CUES))
    library.refresh()
    assert where(library, mark) == "talk.md"
    # And when the note comes back they are there.
    library.write("talk.md", note_text(cues=CUES))
    library.refresh()
    assert len(library.catalog.marks.for_note(str(path))) == 1


def test_a_note_that_only_left_the_library_keeps_its_marks(library: Library, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = elsewhere / "talk.md"
    path.write_text(note_text(cues=CUES), "utf-8")
    library.catalog.refresh([library.folder, elsewhere])
    mark = marked(library, path)
    library.write("copy.md", note_text("Copy", cues=CUES))
    library.refresh()
    assert where(library, mark) == "talk.md"
    assert library.catalog.marks.get(mark.id).note_path == str(path)  # type: ignore[union-attr]
