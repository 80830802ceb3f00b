from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from viewer import __main__, cli, cli_setup
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.media import renewal
from viewer.media.ytdlp_copies import YtdlpCopy


def test_looking_only_says_what_there_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(renewal, "newest_version", lambda paths, cancel: "2030.1.2")
    monkeypatch.setattr(renewal, "renew", lambda *_: pytest.fail("nothing may be fetched"))
    assert cli.main(["renew", "--check"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("yt-dlp 20")
    assert "yt-dlp 2030.1.2 can be had" in said


def test_renewing_says_what_is_used(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(renewal, "renew", lambda *_: YtdlpCopy("2030.1.2", Path("/somewhere")))
    assert cli.main(["renew"]) == 0
    assert "yt-dlp 2030.1.2 is used from now on" in capsys.readouterr().out
    Settings(AppPaths.standard().settings_file).set("renew.source", "bundled")
    assert cli.main(["renew"]) == 0
    assert "not used until that is changed" in capsys.readouterr().out


def test_offline_means_offline(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Settings(AppPaths.standard().settings_file).set("fetch.offline", True)
    monkeypatch.setattr(renewal, "newest_version", lambda *_: pytest.fail("nothing may be asked for"))
    assert cli.main(["renew", "--check"]) == 1
    assert "work offline" in capsys.readouterr().err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux desktops")
def test_the_menu_entry_comes_and_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert cli.main(["install-desktop-entry"]) == 0
    entry = tmp_path / "applications" / "soundbite.desktop"
    command = next(line for line in entry.read_text("utf-8").splitlines() if line.startswith("Exec="))
    assert command.startswith("Exec=/")
    assert command.endswith(" %U")
    assert cli.main(["install-desktop-entry", "--remove"]) == 0
    assert not entry.exists()
    assert cli.main(["install-desktop-entry", "--remove"]) == 0
    assert "no menu entry" in capsys.readouterr().out


def test_a_frozen_program_is_its_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert cli_setup.own_command() == [str(Path(sys.executable).absolute())]


@pytest.mark.parametrize("words", [["--run-pip", "--version"], ["--run-copy", "/tmp", "ytdlp"]])
def test_the_frozen_programs_words_mean_nothing_to_another(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: started.append(name))
    monkeypatch.setattr("viewer.app.run", lambda arguments: 7)
    assert __main__.main(words) == 7
    assert started == []


def test_a_frozen_program_is_pip_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr("multiprocessing.freeze_support", lambda: None)
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: started.append((name, sys.argv)))
    assert __main__.main(["--run-pip", "--version"]) == 0
    assert started == [("pip", ["pip", "--version"])]
