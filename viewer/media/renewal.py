"""Renewing yt-dlp without renewing the program: pip fetches it, a child process proves it, one write switches to it.

pip is used as the user has set it up (its own index, proxy and certificates): it compares every wheel with the hash
that the index publishes, and takes only what fits this Python. Only wheels are taken, so nothing of what is fetched
runs before it has been proved. Nothing here goes to the network unless it is called.
"""

from __future__ import annotations

import datetime
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import ReadError, ViewerError
from viewer.base.language import tr
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings, write_atomically
from viewer.base.untrusted import read_json
from viewer.media import process
from viewer.media.locks import FileLock
from viewer.media.renewal_state import RenewalProgress, RenewalStage, YtdlpStatus
from viewer.media.tools import copy_command, pip_command
from viewer.media.ytdlp_copies import YtdlpCopies, YtdlpCopy, age_days, bundled_version, version_key

REQUIREMENT = "yt-dlp[default]"
"""yt-dlp with what it can use, its version-locked JavaScript pieces among it."""

CHECK_EVERY_S = 7 * 24 * 3600
"""How often a newer one is looked for, where the user has switched that on."""

_CHECK_TIMEOUT_S = 90.0
_FETCH_TIMEOUT_S = 900.0
_SILENCE_S = 180.0
_PROVE_TIMEOUT_S = 60.0

_PIP_OPTIONS = frozenset(
    {
        *(
            "install",
            "--target",
            "--report",
            "--only-binary",
            ":all:",
            "--no-compile",
            "--dry-run",
            "--no-deps",
        ),
        *("--ignore-installed", "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "-"),
        *("--no-warn-script-location", "--quiet", "yt-dlp", REQUIREMENT),
    }
)
"""Every word that pip may be given besides folders of ours."""


def _today() -> datetime.date:
    return datetime.date.today()


def copies(paths: AppPaths) -> YtdlpCopies:
    """The renewed copies of this user."""
    return YtdlpCopies(paths.ytdlp)


def status(paths: AppPaths) -> YtdlpStatus:
    """Which yt-dlp serves, how old it is. Nothing is imported or started; blocks for some 100 ms."""
    source = Settings(paths.settings_file).get("renew.source")
    if source == "system":
        return YtdlpStatus("", "system", None)
    stock = copies(paths)
    active = stock.active() if source == "renewed" else None
    version = active.version if active is not None else bundled_version()
    passed = tuple(f"{name}: {why}" for name, why in stock.troubles()) if source == "renewed" else ()
    return YtdlpStatus(version, "renewed" if active else "bundled", age_days(version, _today()), passed)


def _pip_environment() -> dict[str, str]:
    # These would contradict --target; the user's index, proxy and certificates stay.
    told = process.clean_environment({"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"})
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_NO_BINARY", "PYTHONPATH"):
        told.pop(name, None)
    return told


def _pip(
    arguments: Sequence[str],
    work: Path,
    cancel: CancelToken,
    timeout_s: float,
    on_line: process.LineListener | None = None,
) -> process.Outcome:
    """Run pip in an empty folder below ``work``. ValueError for a word that is not on the list."""
    for word in arguments:
        if word not in _PIP_OPTIONS and not Path(word).is_relative_to(work):
            raise ValueError(f"pip is not given {word!r}")
    command = pip_command()
    if not command:
        raise ViewerError(tr("pip is not here, and yt-dlp cannot be renewed without it."), tr("Install pip."))
    empty = work / "cwd"
    empty.mkdir(exist_ok=True)
    options = ["--disable-pip-version-check", "--no-input"]
    return process.run(
        [*command, *arguments, *options],
        cwd=empty,
        env=_pip_environment(),
        on_line=on_line,
        cancel=cancel,
        timeout_s=timeout_s,
        silence_s=_SILENCE_S,
        leash=True,
    )


_NO_NETWORK = ("connection", "resolve", "timed out", "unreachable", "retries exceeded", "proxy", "ssl")


def _pip_failure(outcome: process.Outcome) -> ViewerError:
    words = "\n".join(outcome.stderr).lower()
    if outcome.timed_out:
        return ViewerError(
            tr("Renewing yt-dlp took too long and was stopped."), tr("Try again."), outcome.words
        )
    if "no space left" in words:
        return ViewerError(
            tr("There is no space left for the new yt-dlp."), tr("Free some disk space."), outcome.words
        )
    if "hash" in words and "match" in words:
        message = tr("What was fetched is not what the package index published, and was thrown away.")
        return ViewerError(message, tr("Try again on another connection."), outcome.words)
    if any(word in words for word in _NO_NETWORK):
        advice = tr("Check the internet connection (and pip's settings, if you have any), then retry.")
        return ViewerError(tr("The package index cannot be reached."), advice, outcome.words)
    return ViewerError(tr("A new yt-dlp could not be fetched."), tr("Try again later."), outcome.words)


def newest_version(paths: AppPaths, cancel: CancelToken | None = None) -> str:
    """Ask the package index which yt-dlp is the newest that fits this Python. Goes to the network; blocks for a second.

    Raises ViewerError when it cannot be told, Cancelled.
    """
    with _work_folder(paths) as name:
        work = Path(name)
        report = work / "report.json"
        words = [
            "install",
            "--dry-run",
            "--ignore-installed",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--quiet",
        ]
        outcome = _pip(
            [*words, "--report", str(report), "yt-dlp"], work, cancel or CancelToken(), _CHECK_TIMEOUT_S
        )
        if not outcome.ok:
            raise _pip_failure(outcome)
        found = {wheel["name"]: wheel["version"] for wheel in _reported(report)}
        _remember_check(paths)
        return found.get("yt-dlp", "")


def is_due(paths: AppPaths, now: float) -> bool:
    """Whether the last look for a newer one is longer ago than a week (``now`` in Unix seconds)."""
    try:
        return now - _checked_file(paths).stat().st_mtime > CHECK_EVERY_S
    except OSError:
        return True


def _checked_file(paths: AppPaths) -> Path:
    return paths.ytdlp / "checked"


def _remember_check(paths: AppPaths) -> None:
    write_atomically(_checked_file(paths), f"{time.time():.0f}\n")


def _work_folder(paths: AppPaths) -> tempfile.TemporaryDirectory[str]:
    """Below the data folder, so that putting the copy in its place is a rename."""
    try:
        paths.ytdlp.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix="new-", dir=paths.ytdlp, ignore_cleanup_errors=True)
    except OSError as error:
        raise ReadError(
            tr("{path} could not be written.").format(path=paths.ytdlp),
            tr("Check the folder's permissions."),
            str(error),
        ) from error


def _reported(report: Path) -> list[dict[str, str]]:
    """What pip says it took: name, version, sha256 and where from. Raises ViewerError for an unencrypted source.

    Format: https://pip.pypa.io/en/stable/reference/installation-report/
    """
    try:
        value: Any = read_json(report.read_text("utf-8"))
        wheels = []
        for item in value["install"]:
            source = item["download_info"]
            scheme = urlsplit(source["url"]).scheme
            digest = (source.get("archive_info") or {}).get("hashes", {}).get("sha256", "")
            name = item["metadata"]["name"].lower().replace("_", "-")
            wheels.append({"name": name, "version": item["metadata"]["version"], "sha256": digest})
            if scheme not in ("https", "file") or not digest:
                message = tr(
                    "The package index in pip's settings is not trustworthy, nothing was taken from it."
                )
                raise ViewerError(
                    message, tr("Use one that is reached by https and tells hashes."), source["url"]
                )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ViewerError(tr("pip's answer could not be read."), tr("Renew pip."), str(error)) from error
    return wheels


def renew(
    paths: AppPaths, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> YtdlpCopy | None:
    """Fetch the newest yt-dlp that fits, prove it and switch to it; None when the one that serves is the newest.

    Blocks for some seconds to minutes; ``progress`` gets :class:`RenewalProgress`. Until the last step everything
    stays as it is. Raises ViewerError, Cancelled.
    """
    cancel = cancel or CancelToken()
    progress(RenewalProgress(RenewalStage.LOOKING))
    stock = copies(paths)
    newest = newest_version(paths, cancel)
    active = stock.active()
    serving = active.version if active is not None else bundled_version()
    if version_key(newest) <= version_key(serving):
        progress(RenewalProgress(RenewalStage.DONE))
        return None
    with _work_folder(paths) as name, FileLock(paths.ytdlp / "lock"):
        work = Path(name)
        fresh, wheels = _fetch(work, progress, cancel)
        fetched = next((wheel["version"] for wheel in wheels if wheel["name"] == "yt-dlp"), "")
        if version_key(fetched) <= version_key(serving):
            message = tr(
                "yt-dlp {newest} is out, but something that it needs is not on the package index yet."
            ).format(newest=newest)
            raise ViewerError(
                message, tr("Try again in a few days; the one that is here stays in use."), fetched
            )
        progress(RenewalProgress(RenewalStage.PROVING))
        prove(fresh, fetched, work, cancel)
        cancel.raise_if_cancelled()
        copy = stock.activate(fresh, fetched, wheels)
    progress(RenewalProgress(RenewalStage.DONE))
    return copy


def _fetch(work: Path, progress: Progress, cancel: CancelToken) -> tuple[Path, list[dict[str, str]]]:
    fresh, report = work / "copy", work / "report.json"

    def listen(_: str, line: str) -> None:
        words = line.split()
        if words[:1] == ["Collecting"] and len(words) > 1:
            progress(RenewalProgress(RenewalStage.FETCHING, words[1]))

    progress(RenewalProgress(RenewalStage.FETCHING, "yt-dlp"))
    arguments = ["install", "--target", str(fresh), "--only-binary", ":all:", "--no-compile"]
    arguments += ["--no-warn-script-location", "--progress-bar", "off", "--report", str(report), REQUIREMENT]
    outcome = _pip(arguments, work, cancel, _FETCH_TIMEOUT_S, listen)
    if not outcome.ok:
        raise _pip_failure(outcome)
    wheels = _reported(report)
    for needless in ("bin", "Scripts", "share"):
        shutil.rmtree(fresh / needless, ignore_errors=True)
    return fresh, wheels


def prove(folder: Path, version: str, work: Path, cancel: CancelToken | None = None) -> None:
    """Start the yt-dlp in ``folder`` in a child process and let it look at itself. Raises ViewerError if it fails."""
    empty = work / "proof"
    empty.mkdir(exist_ok=True)
    outcome = process.run(
        [*copy_command(folder), "prove"], cwd=empty, cancel=cancel, timeout_s=_PROVE_TIMEOUT_S
    )
    try:
        told = read_json(outcome.stdout[-1]) if outcome.ok and outcome.stdout else {}
    except ValueError:
        told = {}
    if not version_key(version) or version_key(str(told.get("version", ""))) != version_key(version):
        message = tr("The new yt-dlp {version} does not work here, and was thrown away.").format(
            version=version
        )
        raise ViewerError(
            message, tr("The one that is here stays in use. Try again in a few days."), outcome.words
        )


__all__ = [
    "CHECK_EVERY_S",
    "RenewalProgress",
    "RenewalStage",
    "YtdlpStatus",
    "copies",
    "is_due",
    "newest_version",
    "prove",
    "renew",
    "status",
]
