"""The health report: what was understood of every note in a folder, and what looks wrong. Never edits a file.

The JSON of ``soundbite check --json`` is stable: keys are only ever added.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.domain.note import Note, NoteFormat, Problem
from viewer.domain.quote_checks import QuoteCheck
from viewer.domain.timestamp import format_timestamp
from viewer.library.entries import RefreshProgress
from viewer.library.loader import load
from viewer.library.passages import COUNT_NAMES, counts_of
from viewer.library.planning import caption_groups
from viewer.library.quotes import QuoteSources, check_library, check_to_json, verdict_counts
from viewer.library.scanner import is_note_name, scan

TOTAL_NAMES = (
    "notes",
    "clips",
    "highlights",
    "quotes",
    "key_points",
    "mentions",
    "cues",
    "sections",
    "problems",
)
"""Keys of the totals, in order. ``quotes`` are those outside the highlights, ``clips`` the sound clip commands."""

_FULL_COVERAGE = 0.9
"""A transcript whose cues span less of the video than this is partial."""


@dataclass(frozen=True, slots=True)
class FileHealth:
    """One note: its path as given, its family, its counts by name, its problems.

    ``checks`` are its quotes judged; None when they were not asked for.
    """

    path: str
    format: str
    counts: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]
    checks: tuple[QuoteCheck, ...] | None = None

    def count(self, name: str) -> int:
        """One of the counts. KeyError for an unknown name."""
        return dict(self.counts)[name]


@dataclass(frozen=True, slots=True)
class HealthReport:
    """Every note of a folder, by path."""

    files: tuple[FileHealth, ...]

    @property
    def totals(self) -> dict[str, int]:
        """The sums, by the names of TOTAL_NAMES."""
        totals = dict.fromkeys(TOTAL_NAMES, 0)
        totals["notes"] = len(self.files)
        for file in self.files:
            for name, count in file.counts:
                totals[name] += count
        return totals


def check_folder(
    folder: Path | str,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    quotes: QuoteSources | None = None,
) -> HealthReport:
    """Read every note below a folder (or one file) and say how it is. Raises Cancelled, nothing else.

    With ``quotes`` every quote is judged, too, by what lies on this computer.
    """
    scanned = scan([folder], cancel)
    texts = [path for path in scanned.files if is_note_name(path)]
    sides = [path for path in scanned.files if not is_note_name(path)]
    claimed: set[str] = set()
    notes: list[tuple[str, Note]] = []
    for path in texts:
        if cancel is not None:
            cancel.raise_if_cancelled()
        loaded = load(path)
        claimed.update(loaded.siblings)
        notes.append((path, loaded.note))
        progress(RefreshProgress(len(notes), len(texts)))
    for group in caption_groups(sides, sides):
        for path in group:
            note = load(path).note if path not in claimed else None
            if note is not None and note.format is NoteFormat.CAPTIONS:
                notes.append((path, note))
                break
    notes.sort(key=lambda item: item[0])
    root = os.path.abspath(folder)
    shown = [
        os.path.normpath(os.path.join(os.fspath(folder), os.path.relpath(path, root))) for path, _ in notes
    ]
    twice = _duplicates(list(zip(shown, (note for _, note in notes), strict=True)))
    judged: dict[str, tuple[QuoteCheck, ...]] = {}
    if quotes is not None:
        jobs = [(path, quotes.videos.get(path)) for path, _ in notes]
        judged = dict(check_library(jobs, quotes.kept, progress, cancel))
    files = [
        _file(path, note, twice.get(path, ()), judged.get(real))
        for path, (real, note) in zip(shown, notes, strict=True)
    ]
    for path in scanned.unreadable:
        problem = Problem(None, "unreadable", "The folder could not be read.")
        files.append(
            FileHealth(path, NoteFormat.PLAIN.value, tuple((name, 0) for name in COUNT_NAMES), (problem,))
        )
    return HealthReport(tuple(files))


def _file(
    path: str, note: Note, duplicates: Iterable[Problem], checks: tuple[QuoteCheck, ...] | None
) -> FileHealth:
    problems = (*note.problems, *oddities(note), *duplicates)
    counted = counts_of(replace(note, problems=problems))
    return FileHealth(
        path, note.format.value, tuple(zip(COUNT_NAMES, counted, strict=True)), problems, checks
    )


def oddities(note: Note) -> tuple[Problem, ...]:
    """What looks wrong in a note although it could be read, as far as the note does not say so itself."""
    known = {problem.code for problem in note.problems}
    found: list[Problem] = []
    duration = note.metadata.duration_ms
    if duration and len(note.videos) <= 1 and "clip-after-end" not in known:
        for item in note.highlights:
            if item.clip is not None and item.clip.end_ms > duration:
                end = format_timestamp(item.clip.end_ms)
                message = f"The clip ends at {end}, after the end of the video at {format_timestamp(duration)}; it is kept as written."
                found.append(Problem(item.clip.line or item.line, "clip-after-end", message))
    if "times-backwards" not in known:
        last = -1
        for cue in note.transcript.cues:
            if cue.start_ms is not None and cue.start_ms < last:
                message = f"The times of the transcript run backwards at {format_timestamp(cue.start_ms)}; the file's order was kept."
                found.append(Problem(cue.line, "times-backwards", message))
                break
            last = cue.start_ms if cue.start_ms is not None else last
    if "transcript-partial" not in known and duration and len(note.videos) <= 1:
        part = coverage(note)
        if part is not None and part < _FULL_COVERAGE:
            message = f"The transcript covers about {round(part * 100)} % of the video."
            found.append(Problem(None, "transcript-partial", message))
    return tuple(found)


def coverage(note: Note) -> float | None:
    """From the first cue to the last, as a part (0..1) of the video; None when there is no telling."""
    duration = note.metadata.duration_ms
    starts = [cue.start_ms for cue in note.transcript.cues if cue.start_ms is not None]
    if not duration or not starts:
        return None
    ends = [cue.end_ms for cue in note.transcript.cues if cue.end_ms is not None]
    return max(0.0, min(1.0, (max([*starts, *ends]) - min(starts)) / duration))


def _duplicates(notes: Sequence[tuple[str, Note]]) -> dict[str, list[Problem]]:
    """A problem for every note that shares its first video with others."""
    groups: dict[str, list[str]] = defaultdict(list)
    for path, note in notes:
        if note.video is not None:
            groups[note.video.id].append(path)
    found: dict[str, list[Problem]] = {}
    for video_id, paths in groups.items():
        for path in paths if len(paths) > 1 else ():
            others = ", ".join(os.path.basename(other) for other in paths if other != path)
            message = f"The video {video_id} has another note: {others}."
            found[path] = [Problem(None, "duplicate-video", message)]
    return found


def health_to_json(report: HealthReport) -> dict[str, Any]:
    """The report as a dict of JSON values.

    Where the quotes were judged, the whole and each file have ``verdicts`` (how many of each), and each file its
    ``quotes_to_check``: those whose words or time are not as the note says.
    """
    result: dict[str, Any] = {
        "totals": report.totals,
        "files": [_file_to_json(file) for file in report.files],
    }
    judged = [file.checks for file in report.files if file.checks is not None]
    if judged:
        result["verdicts"] = verdict_counts(check for checks in judged for check in checks)
    return result


def _file_to_json(file: FileHealth) -> dict[str, Any]:
    result: dict[str, Any] = {
        "path": file.path,
        "format": file.format,
        **{name: count for name, count in file.counts if name != "problems"},
        "problems": [{"line": p.line, "code": p.code, "message": p.message} for p in file.problems],
    }
    if file.checks is not None:
        result["verdicts"] = verdict_counts(file.checks)
        result["quotes_to_check"] = [check_to_json(check) for check in file.checks if check.to_check]
    return result
