"""The command marks, and marks among what search finds, as whole processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.library.conftest import VIDEO, note_text
from tests.running import soundbite
from viewer.base.paths import AppPaths
from viewer.domain.anchoring import make_anchor
from viewer.domain.mark import Mark, MarkColour, new_mark_id
from viewer.domain.selection import selected_segment, selected_words
from viewer.library.loader import load_note
from viewer.library.mark_store import MarkStore
from viewer.library.user_store import UserStore

CUES = "Ada: 0:00 the bicycles are green | Tom: 0:05 and the harbour was closed because of the fog"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "notes" / "talk.md"
    path.parent.mkdir()
    path.write_text(note_text(cues=CUES), "utf-8")
    transcript = load_note(path).transcript
    first, last = (1, 4), (1, 15)
    mark = Mark(
        new_mark_id(),
        str(path),
        "A talk",
        selected_segment(transcript, first, last),
        make_anchor(transcript, first, last),
        selected_words(transcript, first, last),
        "Tom",
        MarkColour.DOUBT,
        "Which one?",
        ("places",),
    )
    store = UserStore(AppPaths.standard().user_file)
    MarkStore(store.pool, store.journal).add(mark)
    store.close()
    return path


def told(*arguments: str) -> list[dict[str, object]]:
    outcome = soundbite("marks", *arguments, "--json")
    assert outcome.returncode == 0, outcome.stderr
    marks: list[dict[str, object]] = json.loads(outcome.stdout)["marks"]
    return marks


def test_marks_of_a_note_and_of_the_library(note: Path) -> None:
    (mark,) = told(str(note))
    assert (mark["text"], mark["colour"], mark["tags"], mark["video_id"], mark["found"]) == (
        "the harbour",
        "doubt",
        ["places"],
        VIDEO,
        "exact",
    )
    (other,) = told("--library")
    assert (other["id"], other["found"]) == (mark["id"], None)
    words = soundbite("marks", str(note)).stdout
    assert words.startswith("the harbour  [0:")
    assert "Which one?\n   #places" in words


def test_a_note_whose_words_are_gone_says_so(note: Path) -> None:
    note.write_text(note_text(cues="Ada: 0:00 something else entirely, about porcelain"), "utf-8")
    assert told(str(note))[0]["found"] == "not-found"
    assert "no longer in the note" in soundbite("marks", str(note)).stdout


def test_search_finds_marks(note: Path) -> None:
    outcome = soundbite("search", "kind:mark harbour", "--library", str(note.parent), "--json")
    (hit,) = json.loads(outcome.stdout)["hits"]
    assert (hit["kind"], hit["colour"], hit["path"]) == ("mark", "doubt", str(note))


def test_one_of_both_has_to_be_asked_for(note: Path) -> None:
    assert soundbite("marks").returncode != 0
    assert soundbite("marks", str(note), "--library").returncode != 0
