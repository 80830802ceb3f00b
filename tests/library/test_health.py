from __future__ import annotations

import json

from tests.library.conftest import note_text
from viewer.library.health import check_folder, coverage, health_to_json

NAMES = {"notes", "clips", "highlights", "quotes", "key_points", "mentions", "cues", "sections", "problems"}


def codes(report) -> dict[str, list[str]]:
    return {
        file.path.rsplit("/", 1)[-1]: sorted(problem.code for problem in file.problems)
        for file in report.files
    }


def test_the_samples(seeds):
    report = health_to_json(check_folder(seeds))
    json.dumps(report)
    assert set(report["totals"]) == NAMES
    assert report["totals"]["notes"] == 3
    first = next(file for file in report["files"] if "000_" in file["path"])
    assert {"path", "format", "problems"} | (NAMES - {"notes"}) == set(first)
    assert (first["clips"], first["highlights"], first["quotes"], first["key_points"]) == (5, 5, 5, 13)
    assert (first["mentions"], first["cues"], first["problems"], first["format"]) == (
        18,
        26,
        [],
        "video-note",
    )
    assert report["totals"]["problems"] == sum(len(file["problems"]) for file in report["files"])


def test_what_looks_wrong_is_named(library):
    library.write(
        "late.md",
        note_text("Late", video="AAAAAAAAAAA", duration=15, highlight="gem", cues="A: 0:00 a | A: 0:14 b"),
    )
    library.write(
        "back.md",
        note_text(
            "Back", video="BBBBBBBBBBB", duration=60, cues="A: 0:00 a | A: 0:50 b | A: 0:20 c | A: 0:58 d"
        ),
    )
    library.write("one.md", note_text("One", video="CCCCCCCCCCC", duration=9, cues="A: 0:00 a | A: 0:08 b"))
    library.write("two.md", note_text("Two", video="CCCCCCCCCCC", duration=9, cues="A: 0:00 a | A: 0:08 b"))
    found = codes(check_folder(library.folder))
    assert "clip-after-end" in found["late.md"]
    assert "times-backwards" in found["back.md"]
    assert found["one.md"] == found["two.md"] == ["duplicate-video"]


def test_no_code_is_given_twice_for_the_same_thing(library):
    library.write("late.md", note_text("Late", duration=15, highlight="gem", cues="A: 0:00 a | A: 0:14 b"))
    (file,) = check_folder(library.folder).files
    assert [problem.code for problem in file.problems].count("clip-after-end") == 1


def test_coverage(library):
    from viewer.formats.registry import parse

    assert coverage(parse(note_text(duration=100, cues="A: 0:00 a | A: 0:50 b"))) >= 0.5
    assert coverage(parse(note_text(cues=""))) is None


def test_side_files_and_captions_count_as_in_the_library(library):
    library.write("a.md", note_text(cues=""))
    library.write("a.vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nbeside\n")
    library.write("b.srt", "1\n00:00:01,000 --> 00:00:02,000\nalone\n")
    library.write("c.json", "{}")
    report = check_folder(library.folder)
    assert list(codes(report)) == ["a.md", "b.srt"]
    assert report.totals["cues"] == 2


def test_a_folder_that_is_not_there(tmp_path):
    (file,) = check_folder(tmp_path / "gone").files
    assert file.problems[0].code == "unreadable"


def test_paths_are_printed_as_given(library, monkeypatch):
    library.write("sub/a.md", note_text())
    monkeypatch.chdir(library.folder.parent)
    assert [file.path for file in check_folder("notes").files] == ["notes/sub/a.md"]
    assert [file.path for file in check_folder("notes/sub/a.md").files] == ["notes/sub/a.md"]
