"""yt-dlp's own words, as recorded, become the right kind of failure in plain words."""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path

import pytest

from viewer.media.failures import FailureKind, MediaError, classify, from_os_error

RECORDED = json.loads(
    (Path(__file__).parents[1] / "standin" / "recorded_errors.json").read_text(encoding="utf-8")
)

REFUSALS = {
    "PRIVATE0001": FailureKind.PRIVATE,
    "REMOVED0001": FailureKind.REMOVED,
    "TERMINATED1": FailureKind.REMOVED,
    "COPYRIGHT01": FailureKind.BLOCKED_HERE,
    "GEOBLOCK001": FailureKind.BLOCKED_HERE,
    "AGEGATE0001": FailureKind.AGE_WALL,
    "BOTCHECK001": FailureKind.SIGN_IN,
    "RATELIMIT01": FailureKind.TOO_MANY_REQUESTS,
    "TOOMANY0429": FailureKind.TOO_MANY_REQUESTS,
    "FORBIDDEN03": FailureKind.FORBIDDEN,
    "SERVERERROR": FailureKind.NO_NETWORK,
    "MEMBERS0001": FailureKind.SIGN_IN,
    "LIVESOON001": FailureKind.PREMIERE,
    "PREMIERE001": FailureKind.PREMIERE,
    "DRMONLY0001": FailureKind.NO_FORMAT,
    "UNAVAIL0001": FailureKind.REMOVED,
    "SABRONLY001": FailureKind.NO_FORMAT,
}

SCENES = {
    "media 403": FailureKind.FORBIDDEN,
    "media 403 after 500 kB": FailureKind.FORBIDDEN,
    "media 429": FailureKind.TOO_MANY_REQUESTS,
    "media 404": FailureKind.FORBIDDEN,
    "connection refused": FailureKind.NO_NETWORK,
    "ffmpeg missing": FailureKind.NO_FFMPEG,
    "whole file 403": FailureKind.FORBIDDEN,
    "whole file 429": FailureKind.TOO_MANY_REQUESTS,
    "whole file drop": FailureKind.NO_NETWORK,
    "disk full, section": FailureKind.DISK_FULL,
    "disk full, whole file": FailureKind.DISK_FULL,
}


@pytest.mark.parametrize(("video", "kind"), REFUSALS.items())
def test_a_refusal_is_told_from_the_others(video: str, kind: FailureKind) -> None:
    assert classify(RECORDED["refusals"][video]).kind is kind


@pytest.mark.parametrize(("scene", "kind"), SCENES.items())
def test_a_failed_download_is_told_from_the_others(scene: str, kind: FailureKind) -> None:
    assert classify(RECORDED["scenes"][scene]["stderr"]).kind is kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (
            "ERROR: [youtube] x: Unable to extract initial player response; please report this issue on",
            "outdated",
        ),
        ("ERROR: [youtube] x: Signature extraction failed: Some formats may be missing", "outdated"),
        ("ERROR: could not find firefox cookies database in '/home/u/.mozilla'", "cookies"),
        ("ERROR: unable to open for writing: [Errno 13] Permission denied: 'x.part'", "store-unwritable"),
        ("ERROR: [Errno 30] Read-only file system: 'x'", "store-unwritable"),
        ("/usr/bin/python3: No module named yt_dlp", "no-ytdlp"),
        ("ERROR: [generic] Unable to download webpage: HTTP Error 404: Not Found", "removed"),
        ("ERROR: something nobody has seen before", "unknown"),
    ],
)
def test_other_texts(line: str, kind: str) -> None:
    assert classify([line]).kind.value == kind


@pytest.mark.parametrize(
    ("video", "words"),
    [
        ("BOTCHECK001", "robot"),
        ("MEMBERS0001", "members of its channel"),
        ("SERVERERROR", "trouble of its own"),
        ("DRMONLY0001", "copy-protected"),
    ],
)
def test_what_a_kind_would_say_too_widely_is_said_narrowly(video: str, words: str) -> None:
    error = classify(RECORDED["refusals"][video])
    assert words in error.message
    assert error.advice.endswith(".")
    assert "internet connection" not in error.advice


def test_a_warning_is_never_the_reason() -> None:
    lines = [
        "WARNING: [youtube] HTTP Error 429: Too Many Requests. Retrying",
        "ERROR: [youtube] x: Private video",
    ]
    assert classify(lines).kind is FailureKind.PRIVATE
    assert classify(lines[:1]).kind is FailureKind.UNKNOWN


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_kind_has_plain_words_and_a_next_step(kind: FailureKind) -> None:
    error = MediaError(kind, "Traceback: detail")
    assert error.message.endswith(".")
    assert error.advice.endswith(".")
    assert "Traceback" not in str(error)
    assert not re.search(r"HTTP|Errno|stderr|exit code", str(error))


def test_a_full_disk_is_told_from_a_folder_that_cannot_be_written() -> None:
    assert from_os_error(OSError(errno.ENOSPC, "No space left")).kind is FailureKind.DISK_FULL
    assert from_os_error(PermissionError(errno.EACCES, "denied")).kind is FailureKind.STORE_UNWRITABLE
