"""Judging the quotes of a note, or of a whole library, by what lies on this computer: no network, nothing changed."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.domain.judgement import Verdict
from viewer.domain.note import Note
from viewer.domain.quote_checks import QuoteCheck, Spoken, best_transcripts, check_quotes, reads_as_it_is
from viewer.domain.transcript import Transcript
from viewer.domain.video import VideoRef
from viewer.formats import decoding
from viewer.formats.captions import read_transcript
from viewer.library.entries import RefreshProgress
from viewer.library.loader import MAX_SIDE_BYTES, find_siblings, load_note

log = logging.getLogger(__name__)

Kept = Callable[[VideoRef], "Transcript | None"]
"""Finds kept captions of a video; for work in further processes it must travel by pickle."""

_MANY_NOTES = 24
"""With fewer, starting processes costs more than it saves."""

_CHUNK = 4


def nothing_kept(video: VideoRef) -> Transcript | None:
    """Stand where kept captions are wanted and there are none."""
    return None


@dataclass(frozen=True, slots=True)
class QuoteSources:
    """What helps to judge quotes besides the notes: kept captions, and (by path) the videos that the user gave notes."""

    kept: Kept = nothing_kept
    videos: Mapping[str, VideoRef] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoteCheck:
    """A note's quotes, judged: highlights first, then quotes. ``spoken`` is what they were compared with."""

    note: Note
    spoken: dict[str, Spoken] = field(default_factory=dict)
    checks: tuple[QuoteCheck, ...] = ()

    def to_show(self) -> NoteCheck:
        """The same without what only the checking needs."""
        return replace(self, spoken={id_: place.unindexed() for id_, place in self.spoken.items()})

    @property
    def reading(self) -> Transcript:
        """The transcript to show: the note's own, else the captions of its (first) video, made readable."""
        own = self.note.transcript.video_id or (self.note.video.id if self.note.video else "")
        place = self.spoken.get(own)
        return place.reading if place is not None and place.reading.cues else self.note.transcript


def side_transcripts(path: str, note: Note) -> tuple[Transcript, ...]:
    """The transcripts of the caption files beside a note. Files that hold none are passed over."""
    ids = [video.id for video in note.videos]
    found = []
    for sibling in find_siblings(path, ids):
        if sibling.lower().endswith(".info.json"):
            continue
        try:
            if os.stat(sibling).st_size > MAX_SIDE_BYTES:
                continue
            with open(sibling, "rb") as file:
                data = file.read()
        except OSError as error:
            log.info("%s cannot be read: %s", sibling, error)
            continue
        transcript = read_transcript(decoding.decode(data)[0], os.path.basename(sibling))
        if transcript is not None and (transcript.video_id is None or not ids or transcript.video_id in ids):
            found.append(transcript)
    return tuple(found)


def check_note(path: str, note: Note, kept: Kept = nothing_kept) -> NoteCheck:
    """Judge every quote of ``note``, whose file is ``path``, by its transcript, the files beside it and kept captions.

    Takes some 5 ms a quote after some 100 ms an hour of talk; see the figures in the tests' benchmarks.
    """
    if not note.quotes and not note.highlights and note.transcript.timed and reads_as_it_is(note):
        return NoteCheck(note)
    captions = {}
    for video in note.videos:
        transcript = kept(video)
        if transcript is not None:
            captions[video.id] = transcript
    spoken = best_transcripts(note, side_transcripts(path, note), captions)
    return NoteCheck(note, spoken, check_quotes(note, spoken))


@dataclass(frozen=True, slots=True)
class _FileCheck:
    """What a process does with one file: read it, fill in the video the user gave, judge its quotes."""

    kept: Kept

    def __call__(self, job: tuple[str, VideoRef | None]) -> tuple[str, tuple[QuoteCheck, ...]]:
        path, video = job
        note = load_note(path)
        if video is not None:
            note = note.with_video(video)
        if not note.quotes and not note.highlights:
            return path, ()
        return path, check_note(path, note, self.kept).checks


def check_library(
    notes: Iterable[tuple[str, VideoRef | None]],
    kept: Kept = nothing_kept,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Iterator[tuple[str, tuple[QuoteCheck, ...]]]:
    """The judgements of many notes, given as (path, the video the user gave it), in any order. Raises Cancelled.

    Many notes are judged in further processes. ``progress`` gets :class:`~viewer.library.entries.RefreshProgress`.
    """
    jobs = list(notes)
    done: set[str] = set()
    work = _FileCheck(kept)
    for path, checks in _in_any_way(work, jobs, done, cancel):
        done.add(path)
        progress(RefreshProgress(len(done), len(jobs)))
        yield path, checks


def _in_any_way(
    work: _FileCheck, jobs: Sequence[tuple[str, VideoRef | None]], done: set[str], cancel: CancelToken | None
) -> Iterator[tuple[str, tuple[QuoteCheck, ...]]]:
    if len(jobs) >= _MANY_NOTES:
        # Here: one note's quotes are judged each time one is opened, and no processes are needed for that.
        from concurrent.futures.process import BrokenProcessPool

        from viewer.library.processes import in_processes

        try:
            yield from in_processes(work, jobs, _CHUNK, cancel)
        except (BrokenProcessPool, OSError) as error:
            log.warning("judging on without further processes: %s", error)
    for job in jobs:
        if job[0] not in done:
            if cancel is not None:
                cancel.raise_if_cancelled()
            yield work(job)


def verdict_counts(checks: Iterable[QuoteCheck]) -> dict[str, int]:
    """How many quotes there are of each verdict (every verdict is named), and how many are ``elsewhere``."""
    checks = list(checks)
    counts = Counter(check.verdict.value for check in checks)
    found = {verdict.value: counts[verdict.value] for verdict in Verdict}
    found["elsewhere"] = sum(check.elsewhere for check in checks)
    return found


def check_to_json(check: QuoteCheck) -> dict[str, Any]:
    """One quote's judgement: the stable schema of ``soundbite quotes --json``. Times in whole ms, absent values None."""
    return {
        "text": check.text,
        "speaker": check.speaker,
        "section": check.section,
        "verdict": check.verdict.value,
        "video_id": check.video_id,
        "start_ms": check.start_ms,
        "end_ms": check.end_ms,
        "note_start_ms": check.note_start_ms,
        "note_end_ms": check.note_end_ms,
        "said": check.said or None,
        "kind": check.kind.value,
        "elsewhere": check.elsewhere,
        "exact": check.judgement.exact,
        "origin": check.origin or None,
        "differences": [
            {"op": change.op.value, "quote": change.quote, "said": change.said}
            for change in check.differences
            if check.verdict is not Verdict.VERBATIM
        ],
    }


def checks_to_json(checks: Iterable[QuoteCheck]) -> dict[str, Any]:
    """What ``soundbite quotes --json`` prints."""
    return {"quotes": [check_to_json(check) for check in checks]}
