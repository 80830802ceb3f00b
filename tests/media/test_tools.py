"""The programs are found as absolute paths, and the doctor says what to do about the missing."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import pytest

from viewer.domain.video import VideoRef
from viewer.media import tools as tools_module
from viewer.media.tools import RUN_YTDLP_FLAG, Tools, diagnose, worker_command, ytdlp_command
from viewer.media.ytdlp import NetworkChoices, resolve_arguments


def test_everything_is_found_here(tools: Tools) -> None:
    assert tools.ytdlp[0] == sys.executable
    assert tools.ffmpeg is not None
    assert tools.ffmpeg.is_absolute()
    assert Path(tools.worker[-1]).is_file()


def test_the_doctor_is_content_here(tools: Tools) -> None:
    findings = {finding.name: finding for finding in diagnose(tools)}
    assert findings["yt-dlp"].ok
    assert findings["yt-dlp"].version[:2] == "20"
    assert findings["ffmpeg"].ok
    assert all(finding.ok or finding.advice for finding in findings.values())


def test_the_doctor_says_what_to_do_about_what_is_missing() -> None:
    findings = {finding.name: finding for finding in diagnose(Tools((), None, None))}
    for name in ("yt-dlp", "ffmpeg", "deno"):
        assert not findings[name].ok
        assert "nstall" in findings[name].advice


def test_yt_dlp_is_never_imported_here() -> None:
    diagnose(Tools.find())
    assert "yt_dlp" not in sys.modules


def test_a_frozen_program_runs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert ytdlp_command() == (sys.executable, RUN_YTDLP_FLAG)
    assert worker_command()[0] == sys.executable
    assert len(worker_command()) == 2


def test_without_a_system_ffmpeg_the_carried_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = tools_module._find_ffmpeg()
    assert found is not None
    assert found.is_absolute()
    assert "imageio" in str(found)


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for ffmpeg")
def test_an_ffmpeg_that_cannot_make_h264_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "ffmpeg"
    fake.write_text("#!/bin/sh\necho ' V..... mpeg2video'\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found = tools_module._find_ffmpeg()
    assert found is not None
    assert found != fake


def test_the_deno_of_the_package_is_found_off_path(monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = Path(sysconfig.get_path("scripts"))
    if not (scripts / "deno").is_file() and not (scripts / "deno.exe").is_file():
        pytest.skip("the package deno is not installed")
    monkeypatch.setenv("PATH", "")
    found = Tools.find().deno
    assert found is not None
    assert found.parent == scripts
    # Only where its path is told can yt-dlp find it.
    words = resolve_arguments(VideoRef.youtube("ZAJ4D8RAyfY"), "720", NetworkChoices(), found, None)
    assert f"deno:{found}" in words
