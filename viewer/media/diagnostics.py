"""What ``soundbite doctor`` prints and "Copy diagnostics" copies: programs, versions, folders, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from viewer import __version__
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


def status_words(told: YtdlpStatus) -> str:
    """``renewed, 12 days old``: where the yt-dlp in use comes from."""
    age = "" if told.age_days is None else f", {told.age_days} day{'' if told.age_days == 1 else 's'} old"
    return told.source + age


def doctor_lines(paths: AppPaths, findings: Sequence[Finding] | None = None) -> list[str]:
    """The doctor's answer as lines. Blocks for about a second, unless the findings are given."""
    findings = diagnose() if findings is None else findings
    told = status(paths)
    lines = [f"Soundbite {__version__}"]
    for finding in findings:
        mark = "ok     " if finding.ok else "MISSING"
        lines.append(f"{mark} {finding.name:<14} {finding.version:<16} {finding.path}".rstrip())
        if finding.name == "yt-dlp":
            lines.append(f"        {status_words(told)}; newer: soundbite renew")
        if finding.advice:
            lines.append(f"        {finding.advice}")
    lines += [f"        passed over: yt-dlp {words}" for words in told.passed_over]
    lines += [f"folder  {name:<14} {path}" for name, path in folders(paths).items()]
    content = all(finding.ok for finding in findings)
    lines.append(
        "Everything that Soundbite needs is here." if content else "Something is missing: see above."
    )
    return lines


__all__ = ["doctor_lines", "folders", "status", "status_words"]
