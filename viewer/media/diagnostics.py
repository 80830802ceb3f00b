"""What ``soundbite doctor`` prints and "Copy diagnostics" copies: programs, versions, folders, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from viewer import __version__
from viewer.base.language import tr, tr_n, tr_noop
from viewer.base.paths import AppPaths
from viewer.media.renewal import YtdlpStatus, status
from viewer.media.tools import Finding, diagnose


def folders(paths: AppPaths) -> dict[str, Path]:
    """Where this user's things are, by the words that the doctor uses."""
    return {
        "settings": paths.config,
        "data": paths.data,
        "cache": paths.cache,
        "clips": paths.clips,
        "yt-dlp": paths.ytdlp,
        "log": paths.log,
    }


SOURCE_WORDS: dict[str, str] = {
    "bundled": tr_noop("bundled"),
    "renewed": tr_noop("renewed"),
    "system": tr_noop("the system's"),
}


def status_words(told: YtdlpStatus) -> str:
    """``renewed, 12 days old``: where the yt-dlp in use comes from."""
    source = tr(SOURCE_WORDS.get(told.source, told.source))
    if told.age_days is None:
        return source
    words = tr_n("{source}, {n} day old", "{source}, {n} days old", told.age_days)
    return words.format(source=source, n=told.age_days)


def doctor_lines(paths: AppPaths, findings: Sequence[Finding] | None = None) -> list[str]:
    """The doctor's answer as lines. Blocks for about a second, unless the findings are given."""
    findings = diagnose() if findings is None else findings
    told = status(paths)
    lines = [f"Soundbite {__version__}"]
    for finding in findings:
        mark = "ok     " if finding.ok else "MISSING"
        lines.append(f"{mark} {finding.name:<14} {finding.version:<16} {finding.path}".rstrip())
        if finding.name == "yt-dlp":
            lines.append(
                "        " + tr("{status}; newer: soundbite renew").format(status=status_words(told))
            )
        if finding.advice:
            lines.append(f"        {tr(finding.advice)}")
    lines += [
        "        " + tr("passed over: yt-dlp {words}").format(words=words) for words in told.passed_over
    ]
    lines += [f"folder  {name:<14} {path}" for name, path in folders(paths).items()]
    content = all(finding.ok for finding in findings)
    lines.append(
        tr("Everything that Soundbite needs is here.") if content else tr("Something is missing: see above.")
    )
    return lines


__all__ = ["doctor_lines", "folders", "status", "status_words"]
