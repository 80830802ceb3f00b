"""The commands transcript and quotes as whole processes, with the stand-in where captions are fetched."""

from __future__ import annotations

import json

import pytest

from tests.running import ROOT, soundbite
from tests.standin import catalogue
from tests.standin.server import StandinServer
from viewer.base.paths import AppPaths
from viewer.library.user_store import UserStore

NOTE = "seeds/000_444db1c560ca1a42.txt"
SHOW_NOTES = "seeds/002_56d206fd3f7da9d4.txt"
INTERVIEW_URL = f"https://www.youtube.com/watch?v={catalogue.INTERVIEW_ID}"


def settings(**values: object) -> None:
    path = AppPaths.standard().settings_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({name.replace("__", "."): value for name, value in values.items()}), "utf-8")


def test_quotes_of_a_note_with_a_transcript_need_no_network() -> None:
    outcome = soundbite("quotes", NOTE, "--json")
    assert outcome.returncode == 0, outcome.stderr
    rows = json.loads(outcome.stdout)["quotes"]
    assert len(rows) == 10
    first = rows[0]
    assert (first["verdict"], first["start_ms"], first["note_start_ms"]) == ("edited", 16_000, 16_000)
    assert "And it's going for a couple of pages" in first["said"]
    assert [row["verdict"] for row in rows].count("verbatim") == 6


def test_quotes_for_people() -> None:
    words = soundbite("quotes", NOTE).stdout
    assert words.startswith("edited  0:16–0:49\n   “We are past the event horizon.")
    assert "said: " in words


def test_quotes_without_a_transcript_cannot_be_checked() -> None:
    rows = json.loads(soundbite("quotes", SHOW_NOTES, "--json").stdout)["quotes"]
    assert {(row["verdict"], row["start_ms"], row["said"]) for row in rows} == {
        ("cannot-be-checked", None, None)
    }


def test_after_accepting_and_fetching_every_quote_has_its_time(
    standin: StandinServer, standin_env: dict[str, str]
) -> None:
    fetched = soundbite("transcript", INTERVIEW_URL, "--json", env=standin_env)
    assert fetched.returncode == 0, fetched.stderr
    user = UserStore(AppPaths.standard().user_file)
    user.set_answer(str(ROOT / SHOW_NOTES), catalogue.INTERVIEW_ID, True)
    user.close()
    standin.stop()
    rows = json.loads(soundbite("quotes", SHOW_NOTES, "--json").stdout)["quotes"]
    truth = {text: start for text, start, _ in catalogue.interview_quotes()}
    assert len(rows) == 6
    for row in rows:
        assert (row["verdict"], row["video_id"]) == ("verbatim", catalogue.INTERVIEW_ID)
        assert row["start_ms"] // 1000 == truth[row["text"]] // 1000
    checked = json.loads(soundbite("check", "seeds", "--json").stdout)
    assert checked["verdicts"]["verbatim"] == 12
    assert checked["totals"]["quotes"] == 11


def test_a_transcript_is_fetched_once_and_printed_in_every_form(
    standin: StandinServer, standin_env: dict[str, str]
) -> None:
    data = json.loads(soundbite("transcript", INTERVIEW_URL, "--json", env=standin_env).stdout)
    assert (data["video_id"], data["origin"]) == (catalogue.INTERVIEW_ID, "captions:en:automatic")
    _, start, _ = catalogue.interview_quotes()[0]
    cue = next(cue for cue in data["cues"] if start in cue["words"])
    assert cue["text"].split()[cue["words"].index(start)] == "i"
    standin.stop()
    vtt = soundbite("transcript", INTERVIEW_URL, "--vtt").stdout
    assert vtt.startswith("WEBVTT\n\n00:00:00.000 --> ")
    assert "00:00:30.000 --> 00:00:32.880\ni was always against vertical integration and i\n" in vtt
    srt = soundbite("transcript", INTERVIEW_URL, "--srt").stdout
    assert srt.startswith("1\n00:00:00,000 --> ")
    markdown = soundbite("transcript", INTERVIEW_URL, "--md").stdout
    assert markdown.startswith(f"## Transcript\n\n[0:00]({INTERVIEW_URL}&t=0s) so when we looked at that")
    assert soundbite("transcript", INTERVIEW_URL).stdout.startswith("[0:00] so when we looked at that")


def test_the_transcript_of_a_note_is_its_own() -> None:
    outcome = soundbite("transcript", NOTE, "--json")
    data = json.loads(outcome.stdout)
    assert (data["origin"], len(data["cues"])) == ("note", 26)
    assert (
        soundbite("transcript", NOTE, "--md").stdout.count("https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=")
        == 26
    )


def test_offline_says_so(standin: StandinServer, standin_env: dict[str, str]) -> None:
    settings(fetch__offline=True)
    outcome = soundbite("transcript", INTERVIEW_URL, env=standin_env)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("soundbite: Soundbite is set to work offline")
    assert not standin.requests()


def test_the_chosen_languages_count(standin: StandinServer, standin_env: dict[str, str]) -> None:
    settings(fetch__subtitle_languages=["de"])
    outcome = soundbite("transcript", INTERVIEW_URL, env=standin_env)
    assert outcome.returncode == 1
    assert "only in: en" in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("transcript", "file:///etc/passwd"), "This is no video's address"),
        (("transcript", "no-such-file.md"), "There is no file"),
        (("quotes", "no-such-file.md"), "There is no file"),
        (("transcript", SHOW_NOTES), "has no transcript and names no video"),
        (("transcript", NOTE, "--json", "--vtt"), "not allowed with"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...], words: str) -> None:
    outcome = soundbite(*arguments)
    assert outcome.returncode in (1, 2)
    assert words in outcome.stderr
    assert "Traceback" not in outcome.stderr
