from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from tests.library.conftest import VIDEO, note_text
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.domain.note import NoteFormat
from viewer.formats import registry
from viewer.library import loader
from viewer.library.entries import RefreshProgress

CUES = '{"video_id": "ZAJ4D8RAyfY", "full_transcript": [{"timestamp": "00:00:00", "speaker": "Mei", "text": "from the side"}]}'


def test_the_samples(seeds, library):
    for path in seeds.iterdir():
        library.write(path.name, path.read_bytes())
    summary = library.refresh()
    assert len(summary.added) == summary.total == 3
    entry = library.catalog.entry(library.id_of("000_444db1c560ca1a42.txt"))
    assert entry.channel == "Turing Post"
    assert str(entry.published) == "2025-06-16"
    assert entry.duration_ms == 516_000
    assert (entry.highlights, entry.key_points, entry.mentions, entry.quotes, entry.cues) == (
        5,
        13,
        18,
        5,
        26,
    )
    assert entry.has_transcript
    assert entry.video_ids == ("ZAJ4D8RAyfY",)
    assert library.catalog.note(entry.id).title == entry.title


def test_nothing_changed_gives_nothing(library):
    library.write("a.md", note_text())
    assert library.refresh()
    assert not library.refresh()
    library.reopen()
    assert not library.refresh()


def test_added_changed_removed(library):
    library.write("a.md", note_text("One"))
    library.write("b.md", note_text("Two"))
    library.refresh()
    one, two = library.id_of("a.md"), library.id_of("b.md")
    library.write("a.md", note_text("One again"))
    (library.folder / "b.md").unlink()
    library.write("c.md", note_text("Three"))
    summary = library.refresh()
    assert summary.changed == (one,)
    assert summary.removed == (two,)
    assert summary.added == (library.id_of("c.md"),)
    assert summary.total == 2
    assert library.catalog.entry(one).title == "One again"
    assert library.catalog.entry(two) is None
    assert library.found("two") == []
    assert library.found("again") == ["a/title"]


def test_a_renamed_file_keeps_its_id_and_what_the_user_added(library):
    path = library.write("a.md", note_text())
    library.refresh()
    number = library.id_of("a.md")
    library.catalog.user.set_pinned(str(path), True)
    target = library.folder / "sub" / "b.md"
    target.parent.mkdir()
    path.rename(target)
    summary = library.refresh()
    assert (summary.renamed, summary.added, summary.removed) == ((number,), (), ())
    assert library.names() == ["sub/b.md"]
    assert library.catalog.user.pinned() == {str(target)}


def test_a_file_moved_by_copying_is_known_by_its_bytes(library):
    path = library.write("a.md", note_text())
    library.refresh()
    number = library.id_of("a.md")
    library.write("b.md", path.read_bytes() + b"")
    os.utime(library.folder / "b.md", ns=(1, 1))
    path.unlink()
    summary = library.refresh()
    assert (summary.renamed, summary.added, summary.removed) == ((number,), (), ())
    assert library.id_of("b.md") == number
    assert len(library.found("hello")) == 1


def test_ids_survive_a_deleted_index(library):
    library.write("a.md", note_text())
    library.refresh()
    number = library.id_of("a.md")
    library.catalog.close()
    for path in library.index.parent.iterdir():
        path.unlink()
    library.reopen()
    library.refresh()
    assert library.id_of("a.md") == number


def test_folders_given_anew_are_the_whole_library(library, tmp_path):
    library.write("x/a.md", note_text())
    library.write("y/b.md", note_text())
    catalog, folder = library.catalog, library.folder
    assert catalog.refresh([folder]).total == 2
    assert {e.folder for e in catalog.entries()} == {str(folder)}
    assert catalog.refresh([folder, folder / "y"]).total == 2
    assert {e.folder for e in catalog.entries()} == {str(folder), str(folder / "y")}
    assert catalog.refresh([folder / "x"]).total == 1
    assert catalog.refresh([]).total == 0


def test_notes_of_a_disk_not_mounted_stay(library):
    library.write("a.md", note_text())
    library.refresh()
    away = library.folder.with_name("away")
    library.folder.rename(away)
    summary = library.refresh()
    assert summary.unreadable == (str(library.folder),)
    assert summary.total == 1
    note = library.catalog.note(library.catalog.entries()[0].id)
    assert [problem.code for problem in note.problems] == ["unreadable"]
    away.rename(library.folder)
    assert not library.refresh()


def test_a_disk_that_is_not_mounted_leaves_its_notes_in_the_list(library, monkeypatch):
    library.write("a.md", note_text("Kept"))
    library.refresh()
    away = library.folder.with_name("away")
    library.folder.rename(away)
    library.folder.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr("viewer.library.indexer._disk_of", lambda folder: 77)
        assert library.refresh().unreadable == (str(library.folder),)
        assert [entry.title for entry in library.catalog.entries()] == ["Kept"]
    library.folder.rmdir()
    away.rename(library.folder)
    assert not library.refresh()
    # On the same disk as ever, an empty folder is one that somebody emptied.
    (library.folder / "a.md").unlink()
    assert library.refresh().total == 0


def test_all_names_are_listed_before_any_file_is_read(library):
    for number in range(5):
        library.write(f"{number}.md", note_text(f"Talk {number}"))
    seen = []

    def watch(value: RefreshProgress) -> None:
        seen.append((value.done, value.total, sorted(e.indexed for e in library.catalog.entries())))

    library.refresh(progress=watch)
    assert seen[0] == (0, 5, [False] * 5)
    assert seen[-1] == (5, 5, [True] * 5)


def test_cancel_keeps_what_was_read_and_the_next_refresh_goes_on(library, monkeypatch):
    monkeypatch.setattr("viewer.library.indexer._FIRST_BATCH_S", 0)
    for number in range(20):
        library.write(f"{number:02}.md", note_text(f"Talk {number}"))
    token = CancelToken()

    def stop(value: RefreshProgress) -> None:
        if value.done >= 5:
            token.cancel()

    with pytest.raises(Cancelled):
        library.refresh(progress=stop, cancel=token)
    read = sum(entry.indexed for entry in library.catalog.entries())
    assert 5 <= read < 20
    library.refresh()
    assert all(entry.indexed for entry in library.catalog.entries())
    assert len(library.catalog.entries()) == 20


def test_side_files_belong_to_their_note(library):
    library.write("a.md", note_text(cues=""))
    library.write(f"{VIDEO}.json", CUES)
    library.write("package.json", '{"name": "x"}')
    library.refresh()
    assert library.names() == ["a.md"]
    assert library.catalog.entries()[0].cues == 1
    assert library.catalog.note(library.id_of("a.md")).transcript.cues[0].text == "from the side"


def test_a_side_file_that_comes_changes_and_goes(library):
    library.write("a.md", note_text(cues=""))
    library.refresh()
    assert library.catalog.entries()[0].cues == 0
    number = library.id_of("a.md")
    side = library.write("a.json", CUES)
    assert library.refresh().changed == (number,)
    assert library.found("side") == ["a/transcript"]
    library.write("a.json", CUES.replace("from the side", "quite another thing"))
    assert library.refresh().changed == (number,)
    assert library.found("another") == ["a/transcript"]
    side.unlink()
    assert library.refresh().changed == (number,)
    assert library.catalog.entries()[0].cues == 0


VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nalone in here\n"


def test_captions_alone_are_a_note_until_a_note_takes_them(library):
    library.write("talk.en.vtt", VTT)
    library.write("talk.en.srt", "1\n00:00:01,000 --> 00:00:02,000\nalone in here\n")
    library.write("other.json", CUES)
    library.write("settings.json", "{}")
    library.refresh()
    assert library.names() == ["other.json", "talk.en.vtt"]
    assert library.catalog.entry(library.id_of("talk.en.vtt")).format is NoteFormat.CAPTIONS
    assert library.found("alone") == ["talk.en/transcript"]
    library.write("talk.md", note_text("Talk", cues=""))
    library.refresh()
    assert library.names() == ["other.json", "talk.md"]
    (library.folder / "talk.md").unlink()
    library.refresh()
    assert library.names() == ["other.json", "talk.en.vtt"]


def test_one_bad_note_never_hides_the_others(library):
    library.write("good.md", note_text("Good"))
    library.write("random.md", os.urandom(5000))
    library.write("empty.md", "")
    library.write("bomb.md", "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n")
    library.write("half.md", "---\ntitle: [\n")
    forbidden = library.write("forbidden.md", "secret")
    forbidden.chmod(0)
    summary = library.refresh()
    assert summary.total == 6
    assert library.found("good") == ["good/title"]
    for entry in library.catalog.entries():
        library.catalog.note(entry.id)


@pytest.mark.logs_errors
def test_a_parser_that_fails_on_one_note(library, monkeypatch):
    library.write("a.md", "fine")
    library.write("b.md", "trip over me")
    parse = registry.parse

    def tripping(text, *, name=""):
        if "trip" in text:
            raise RecursionError("bug")
        return parse(text, name=name)

    monkeypatch.setattr(registry, "parse", tripping)
    library.refresh()
    assert library.names() == ["a.md", "b.md"]
    note = library.catalog.note(library.id_of("b.md"))
    assert [problem.code for problem in note.problems] == ["parser-failed"]
    assert library.found("trip") == ["b/section"]


def test_a_huge_file_is_listed_not_read(library, monkeypatch):
    monkeypatch.setattr(loader, "MAX_BYTES", 100)
    library.write("a.md", "x" * 101)
    library.refresh()
    (entry,) = library.catalog.entries()
    assert entry.problem_count == 1
    assert library.catalog.note(entry.id).problems[0].code == "too-large"


def test_odd_names(library):
    odd = os.fsdecode(b"caf\xe9.md")
    library.write(odd, note_text("Odd"))
    library.write("名前 と 空白.md", note_text("Names"))
    library.write("-begins with a dash.md", note_text("Dash"))
    library.refresh()
    assert len(library.catalog.entries()) == 3
    assert {Path(hit.path).name for hit in library.catalog.search("hello").hits} == {
        p.name for p in library.folder.iterdir()
    }
    assert not library.refresh()


def test_numbers_that_no_column_holds(library):
    library.write("a.md", note_text(duration=10**30))
    assert library.refresh().total == 1


def test_an_unknown_note(library):
    with pytest.raises(KeyError):
        library.catalog.note(17)
    assert library.catalog.entry(17) is None


def test_opened_at_comes_from_the_user(library):
    path = library.write("a.md", note_text())
    library.refresh()
    library.catalog.user.set_opened(str(path), 1234)
    assert library.catalog.entries()[0].opened_at == 1234


def test_suggests_the_video_of_the_same_title(seeds, library):
    for path in seeds.iterdir():
        library.write(path.name, path.read_bytes())
    library.refresh()
    (found,) = library.catalog.suggestions()
    assert found.note_id == library.id_of("002_56d206fd3f7da9d4.txt")
    assert (found.video_id, found.likeness, found.accepted) == ("JfE1Wun9xkk", 1.0, None)
    path = library.catalog.entry(found.note_id).path
    library.catalog.user.set_answer(path, "JfE1Wun9xkk", False)
    assert library.catalog.suggestions() == []
    assert library.catalog.suggestions(refused=True)[0].accepted is False
    library.catalog.user.set_answer(path, "JfE1Wun9xkk", True)
    assert library.catalog.suggestions()[0].accepted is True
    assert library.catalog.given_video(found.note_id).id == "JfE1Wun9xkk"
    library.catalog.user.set_address(path, "https://youtu.be/AAAAAAAAAAA?t=5")
    assert library.catalog.given_video(found.note_id).id == "AAAAAAAAAAA"


def test_notes_about_the_same_video(library):
    library.write("a.md", note_text("One"))
    library.write("b.md", note_text("Two"))
    library.write("c.md", note_text("Three", video="AAAAAAAAAAA"))
    library.refresh()
    assert {k: sorted(v) for k, v in library.catalog.same_video().items()} == {
        VIDEO: sorted((library.id_of("a.md"), library.id_of("b.md")))
    }


def test_people_across_the_library_with_years(library):
    library.write("a.md", note_text(date="2020-01-01", cues="Ada: 0:00 a | Ada: 0:05 b | Tom: 0:09 c"))
    library.write("b.md", note_text(date="2023-01-01", cues="Ada: 0:00 d"))
    library.refresh()
    first, second = library.catalog.people()
    assert (first.name, first.passages, first.notes, first.years) == ("Ada", 3, 2, ((2020, 2), (2023, 1)))
    assert second.name == "Tom"


def test_mentions_across_the_library(seeds, library):
    library.write("a.txt", next(seeds.glob("000*")).read_bytes())
    library.refresh()
    kinds = dict(library.catalog.mention_kinds())
    assert sum(kinds.values()) == 18
    named = library.catalog.mentions()
    assert any(item.name == "OpenAI" and item.years == ((2025, item.passages),) for item in named)
    assert len(library.catalog.mentions(next(iter(kinds)))) < len(named)


def test_reading_while_another_thread_refreshes(library):
    for number in range(60):
        library.write(f"{number}.md", note_text(f"Talk {number}"))
    failures: list[object] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                library.catalog.entries()
                library.catalog.search("hello wor")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, the test has to see it
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    library.refresh()
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_json_schema_of_a_hit(library):
    from viewer.library.search_json import result_to_json

    library.write("a.md", note_text())
    library.refresh()
    data = json.loads(json.dumps(result_to_json(library.catalog.search("world"))))
    assert data["total"] == 1
    hit = data["hits"][0]
    assert {"path", "title", "kind", "speaker", "video_id", "start_ms", "snippet", "score"} <= set(hit)
    assert (hit["kind"], hit["speaker"], hit["video_id"], hit["start_ms"]) == (
        "transcript",
        "Tom",
        VIDEO,
        5000,
    )
