"""The samples with the stand-in's captions: which video, whose words, where they were said, how true they are."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from tests.library.conftest import VIDEO, Library, note_text
from tests.standin import catalogue
from tests.standin.server import StandinServer
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled, ReadError
from viewer.base.paths import AppPaths
from viewer.domain.judgement import Op, Verdict
from viewer.domain.transcript import Cue
from viewer.domain.video import VideoRef
from viewer.library import quotes as library_quotes
from viewer.library.entries import NoteEntry
from viewer.library.health import check_folder, health_to_json
from viewer.library.loader import load_note
from viewer.library.quotes import QuoteSources, check_library, check_note, checks_to_json, verdict_counts
from viewer.library.relations import suggestions
from viewer.media.caption_store import CaptionStore, KeptCaptions
from viewer.media.captions import CaptionFetcher
from viewer.media.fetcher import FetchOptions

INTERVIEW = VideoRef.youtube(catalogue.INTERVIEW_ID)
NOTES = "002_56d206fd3f7da9d4.txt"


@pytest.fixture
def samples(seeds: Path, library: Library) -> Library:
    for path in seeds.iterdir():
        library.write(path.name, path.read_bytes())
    library.refresh()
    return library


@pytest.fixture
def fetcher(standin: StandinServer, monkeypatch: pytest.MonkeyPatch) -> CaptionFetcher:
    for name, value in standin.environment.items():
        monkeypatch.setenv(name, value)
    paths = AppPaths.standard()
    return CaptionFetcher(paths, CaptionStore(paths.captions, ["en"]), FetchOptions())


def test_every_quote_of_the_samples_is_found_where_it_was_said(
    samples: Library, fetcher: CaptionFetcher, standin: StandinServer
) -> None:
    catalog = samples.catalog
    note_id = samples.id_of(NOTES)
    suggested = catalog.suggestion(note_id)
    assert suggested is not None
    assert (suggested.video_id, suggested.likeness) == (INTERVIEW.id, 1.0)
    assert (suggested.channel, suggested.days_apart) == ("a16z", 20)
    before = catalog.check(note_id, fetcher.store.find)
    assert {check.verdict for check in before.checks} == {Verdict.CANNOT_BE_CHECKED}

    catalog.answer(note_id, suggested.video_id, True)
    fetcher.fetch(INTERVIEW, ["en"])
    standin.stop()

    found = catalog.check(note_id, fetcher.store.find)
    truth = {text: (start, end) for text, start, end in catalogue.interview_quotes()}
    assert len(found.checks) == len(truth) == 6
    for check in found.checks:
        start, end = truth[check.text]
        assert check.verdict is Verdict.VERBATIM, check.text
        assert check.judgement.exact
        assert check.start_ms is not None
        assert check.end_ms is not None
        assert abs(check.start_ms - start) <= 50, check.text
        assert abs(check.end_ms - end) <= 500, check.text
        assert check.video == INTERVIEW
        clip = check.words_segment()
        assert clip is not None
        assert clip.start_ms // 1000 == start // 1000
    assert found.note.quotes[0].video_id == INTERVIEW.id
    assert found.reading.origin == "captions:en:automatic"
    assert max(len(cue.text.split()) for cue in found.reading.cues) > 30


def test_the_first_highlight_is_seen_as_edited(samples: Library, fetcher: CaptionFetcher) -> None:
    fetcher.fetch(VideoRef.youtube(catalogue.TALK_ID), ["en"])
    found = samples.catalog.check(samples.id_of("000_444db1c560ca1a42.txt"), fetcher.store.find)
    check = found.checks[0]
    assert check.text.startswith("We are past the event horizon")
    assert check.verdict is Verdict.EDITED
    changes = [(step.op, step.quote, step.said) for step in check.differences if step.op is not Op.EQUAL]
    assert changes == [
        (Op.OMITTED, "", "And it's going for a couple of pages but let's stop here and just say that"),
        (Op.ADDED, "But", ""),
    ]
    # With the captions' word times the words are known to begin 8 s after their cue.
    assert check.judgement.exact
    assert check.start_ms is not None
    assert 22_000 < check.start_ms < 26_000
    assert [found.reading.cues[mark.row].start_ms for mark in check.marks] == [16_000] * len(check.marks)
    assert verdict_counts(found.checks) == {
        **dict.fromkeys((str(verdict) for verdict in Verdict), 0),
        "verbatim": 6,
        "edited": 4,
        "elsewhere": 0,
    }


def test_answers_are_remembered_and_can_be_taken_back(samples: Library) -> None:
    note_id = samples.id_of(NOTES)
    samples.catalog.answer(note_id, INTERVIEW.id, False)
    samples.reopen()
    assert samples.catalog.suggestion(note_id) is None
    samples.catalog.answer(note_id, INTERVIEW.id, None)
    asked = samples.catalog.suggestion(note_id)
    assert asked is not None
    assert asked.accepted is None
    samples.catalog.answer(note_id, INTERVIEW.id, True)
    samples.reopen()
    accepted = samples.catalog.suggestion(note_id)
    assert accepted is not None
    assert accepted.accepted is True
    entry = samples.catalog.entry(note_id)
    assert entry is not None
    assert entry.video_ids == (INTERVIEW.id,)
    assert [e.video_ids for e in samples.catalog.entries() if e.id == note_id] == [(INTERVIEW.id,)]


def test_the_user_gives_an_address(samples: Library) -> None:
    note_id = samples.id_of(NOTES)
    given = samples.catalog.give_address(note_id, f"https://youtu.be/{VIDEO}?t=30")
    assert given == VideoRef.youtube(VIDEO)
    assert samples.catalog.suggestion(note_id) is None
    assert samples.catalog.note(note_id).video == given
    assert {quote.video_id for quote in samples.catalog.note(note_id).quotes} == {VIDEO}
    with pytest.raises(ReadError):
        samples.catalog.give_address(note_id, "file:///etc/passwd")
    assert samples.catalog.give_address(note_id, None) is None
    assert samples.catalog.note(note_id).video is None
    with pytest.raises(KeyError):
        samples.catalog.give_address(99_999, f"https://youtu.be/{VIDEO}")


def test_an_address_never_changes_a_note_that_names_its_video(samples: Library) -> None:
    note_id = samples.id_of("000_444db1c560ca1a42.txt")
    samples.catalog.give_address(note_id, INTERVIEW.url)
    assert samples.catalog.note(note_id).video == VideoRef.youtube(VIDEO)
    entry = samples.catalog.entry(note_id)
    assert entry is not None
    assert entry.video_ids == (VIDEO,)


def _entry(number: int, title: str, channel: str, date: str, video: str | None = None) -> NoteEntry:
    return NoteEntry(
        number,
        f"/{number}.md",
        "/",
        title,
        channel,
        datetime.date.fromisoformat(date),
        video_ids=(video,) if video else (),
    )


@pytest.mark.parametrize(
    ("title", "channel", "date", "suggested"),
    [
        ("A yearly talk about sleep", "Slow Mornings", "2024-05-16", True),
        ("A yearly talk about sleep", "Slow Mornings", "2019-05-06", False),  # a show of the same name
        (
            "A yearly talk about sleep",
            "Somebody Else",
            "2024-05-07",
            True,
        ),  # the very same title, the same week
        ("My yearly talk about sleep", "slow mornings", "2024-05-07", True),
        ("My yearly talk about sleep", "Somebody Else", "2024-05-07", False),
    ],
)
def test_a_title_alone_is_not_enough(title: str, channel: str, date: str, suggested: bool) -> None:
    entries = [
        _entry(1, "A yearly talk about sleep", "Slow Mornings", "2024-05-06", VIDEO),
        _entry(2, title, channel, date),
    ]
    assert bool(suggestions(entries, {})) == suggested


def _spoken_note(words: str = "she said that the gem was hidden") -> str:
    return note_text(
        highlight="the gem was hidden", cues=f"Ada: 0:00 hello there | Ada: 0:09 {words} | Ada: 0:30 end"
    )


def test_a_caption_file_beside_the_note_makes_it_exact(library: Library) -> None:
    path = library.write("talk.md", _spoken_note())
    words = ["she", "said", "that", "the", "gem", "was", "hidden"]
    segs = [{"utf8": f" {word}", "tOffsetMs": 400 * at} for at, word in enumerate(words)]
    events = [{"tStartMs": 9000, "dDurationMs": 3000, "segs": segs}]
    before = check_note(str(path), load_note(path)).checks[0]
    assert not before.judgement.exact
    library.write("talk.en.json3", json.dumps({"events": events}))
    after = check_note(str(path), load_note(path)).checks[0]
    assert after.judgement.exact
    assert after.start_ms is not None
    assert abs(after.start_ms - (9000 + 3 * 400)) <= 400


def test_the_library_is_judged_note_by_note(samples: Library, tmp_path: Path) -> None:
    samples.catalog.answer(samples.id_of(NOTES), INTERVIEW.id, True)
    store = CaptionStore(tmp_path / "captions")
    cues = tuple(Cue(start, end, None, text) for text, start, end in catalogue.interview_quotes())
    store.add(KeptCaptions(INTERVIEW, "en", True, (*cues, Cue(440_000, 445_000, None, "thank you"))))
    told: list[object] = []
    given = samples.catalog.user.given_videos()
    notes = [(entry.path, given.get(entry.path)) for entry in samples.catalog.entries()]
    found = dict(check_library(notes, store.find, told.append))
    assert len(told) == len(notes)
    notes_path = samples.catalog.entry(samples.id_of(NOTES)).path
    assert {check.verdict for check in found[notes_path]} == {Verdict.VERBATIM}
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        list(check_library(notes, cancel=token))


def test_further_processes_judge_alike(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(library_quotes, "_MANY_NOTES", 2)
    store = CaptionStore(tmp_path / "captions")
    jobs = []
    for number in range(3):
        path = library.write(
            f"{number}.md", _spoken_note("she said that the gem was hidden" if number else "no")
        )
        jobs.append((str(path), None))
    found = {Path(path).name: checks[0].verdict for path, checks in check_library(jobs, store.find)}
    assert found.pop("0.md") is Verdict.CANNOT_BE_CHECKED  # three cues of five minutes
    assert list(found.values()) == [Verdict.EDITED, Verdict.EDITED]  # the note adds ", she said"


def test_the_health_report_names_what_to_check(seeds: Path) -> None:
    plain = health_to_json(check_folder(seeds))
    assert "verdicts" not in plain
    report = health_to_json(check_folder(seeds, quotes=QuoteSources()))
    assert report["verdicts"]["verbatim"] == 6
    assert report["verdicts"]["cannot-be-checked"] == 6
    assert report["totals"] == plain["totals"]
    first = report["files"][0]
    assert first["verdicts"]["edited"] == len(first["quotes_to_check"]) == 4
    assert first["quotes_to_check"][0]["verdict"] == "edited"


def test_the_json_has_the_promised_keys(seeds: Path) -> None:
    path = next(seeds.glob("000*"))
    rows = checks_to_json(check_note(str(path), load_note(path)).checks)["quotes"]
    assert len(rows) == 10
    promised = [
        "text",
        "speaker",
        "section",
        "verdict",
        "video_id",
        "start_ms",
        "end_ms",
        "note_start_ms",
        "note_end_ms",
        "said",
    ]
    assert list(rows[0])[:10] == promised
    assert (rows[0]["note_start_ms"], rows[0]["note_end_ms"], rows[0]["video_id"]) == (16_000, 60_000, VIDEO)
    json.dumps(rows)
