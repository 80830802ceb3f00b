from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo

from viewer import __main__, selftest
from viewer.media.tools import Tools


def test_everything_works_here(qapp: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["--selftest"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(":")[0].split(maxsplit=1)[1] for line in lines] == [
        "index",
        "yt-dlp",
        "solver in deno",
        "merge by ffmpeg",
        "play a clip",
        "exports",
        "words",
    ]
    assert all(line.startswith("ok ") for line in lines)


def test_what_is_missing_fails_and_the_rest_is_still_tried(
    qapp: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Tools, "find", lambda: Tools((), None, Path("/bin/false")))
    assert selftest.run() == 1
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["ok", "FAILED", "FAILED", "FAILED", "FAILED", "ok", "ok"]
    assert "false ended with 1" in lines[2]


def test_a_solver_that_answers_wrong_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(selftest, "_PLAYER", selftest._PLAYER.replace(".reverse()", ""))
    with pytest.raises(selftest._Failed, match="solved"):
        selftest._solve(Tools.find(), tmp_path)


def test_a_picture_of_the_wrong_colour_fails(
    qapp: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make = selftest.process.run

    def blue(argv: list[str], **options: object) -> object:
        return make([part.replace("c=red", "c=blue") for part in argv], **options)  # type: ignore[arg-type]

    monkeypatch.setattr(selftest.process, "run", blue)
    with pytest.raises(selftest._Failed, match="not red"):
        selftest._play(Tools.find(), tmp_path)


def test_a_language_that_was_left_out_fails(
    qapp: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("viewer.ui.speech.resources_dir", lambda: tmp_path)
    with pytest.raises(selftest._Failed, match="the words of de"):
        selftest._words()


def test_qts_words_that_were_left_out_fail(
    qapp: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QLibraryInfo, "path", staticmethod(lambda where: str(tmp_path)))
    with pytest.raises(selftest._Failed, match="Qt's own words of de"):
        selftest._words()
