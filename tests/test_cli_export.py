from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from viewer.cli import main
from viewer.formats.subtitles import read_blocks


@pytest.fixture
def note(seeds: Path) -> str:
    return str(next(seeds.glob("000_*")))


def test_quotes_go_to_the_terminal(note: str, own_folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", note]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# What does Sam Altman")
    assert "&t=16s>)" in text


@pytest.mark.parametrize(
    "form", ["md", "html", "docx", "csv", "json", "bibtex", "csl-json", "apa", "mla", "chicago", "anki"]
)
def test_every_form_is_written_to_a_file(note: str, own_folders: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "out"
    assert main(["export", note, "--format", form, "--output", str(target)]) == 0
    data = target.read_bytes()
    if form in ("docx", "anki"):
        assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    elif form in ("json", "csl-json"):
        json.loads(data)
    elif form == "csv":
        assert len(list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))) >= 5
    else:
        assert "event horizon" in data.decode()


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_a_transcript_is_written(note: str, own_folders: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "out"
    assert main(["export", note, "--transcript", form, "--output", str(target)]) == 0
    cues = read_blocks(target.read_text("utf-8"), form).cues
    assert len(cues) > 5
    assert all(cue.start_ms is not None for cue in cues)


def test_several_notes_each_have_a_heading(
    seeds: Path, own_folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted(str(path) for path in seeds.glob("00*.txt"))
    assert main(["export", *files, "--title", "All"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# All\n")
    assert text.count("\n## ") >= 3


def test_no_binary_goes_to_the_terminal(
    note: str, own_folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", note, "--format", "docx"]) == 1
    assert "--output" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_told(
    note: str, own_folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", note, "-o", str(tmp_path / "gone" / "a.md")]) == 1
    assert "could not be written" in capsys.readouterr().err


def test_a_note_without_quotes_is_told(
    own_folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("# A note\n\nNothing was said.\n")
    assert main(["export", str(file)]) == 1
    assert "no quotes" in capsys.readouterr().err
