"""What lies behind a quote: its note's file, the transcript of its video, and how true it is. Read when something is exported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from viewer.domain.cited_quote import CitedQuote
from viewer.domain.note import Note, Quote
from viewer.domain.quote_checks import QuoteCheck, Spoken, check_quotes
from viewer.domain.transcript import Transcript
from viewer.domain.video import VideoRef
from viewer.library.loader import load_note
from viewer.library.quotes import Kept, check_note, nothing_kept

_AROUND_MS = 30_000
_AROUND_LETTERS = 700


@dataclass(frozen=True, slots=True)
class QuoteSource:
    """What is known of one quote. ``transcript`` is the one to read, ``captions`` the one with the finest times."""

    note_file: Path | None = None
    check: QuoteCheck | None = None
    transcript: Transcript | None = None
    captions: Transcript | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    note: Note
    spoken: Mapping[str, Spoken]


class QuoteSourceReader:
    """Reads notes once each. Blocks (some 100 ms a note); for one thread, and for the time of one export.

    ``kept`` finds kept captions; ``given`` are the videos that the user gave to notes, by path.
    """

    def __init__(self, kept: Kept = nothing_kept, given: Mapping[str, VideoRef] | None = None) -> None:
        self._kept = kept
        self._given = given or {}
        self._notes: dict[str, _Known | None] = {}

    def of(self, quote: CitedQuote) -> QuoteSource:
        """What lies behind ``quote``. Never raises: of a note that is gone nothing is known."""
        known = self._note(quote.note_path)
        if known is None:
            return QuoteSource()
        video = quote.segment.video if quote.segment is not None else known.note.video
        spoken = known.spoken.get(video.id if video is not None else "")
        check = self._check(quote, known, video)
        file = Path(quote.note_path)
        if spoken is None or not (spoken.reading.cues or spoken.compared):
            return QuoteSource(file, check)
        return QuoteSource(file, check, spoken.reading, _finest(spoken))

    def transcript_of(self, quote: CitedQuote) -> Transcript | None:
        """The transcript from which captions are made; None when nothing is known."""
        return self.of(quote).captions

    def _note(self, path: str) -> _Known | None:
        if path not in self._notes:
            self._notes[path] = None
            if path and Path(path).is_file():
                note = load_note(path)
                video = self._given.get(path)
                note = note.with_video(video) if video is not None else note
                # The quote itself is judged below: it may be a mark of the reader's own.
                found = check_note(path, replace(note, highlights=(), quotes=(Quote("x"),)), self._kept)
                self._notes[path] = _Known(note, found.spoken)
        return self._notes[path]

    @staticmethod
    def _check(quote: CitedQuote, known: _Known, video: VideoRef | None) -> QuoteCheck | None:
        segment = quote.segment
        one = Quote(
            quote.bare_text,
            quote.speaker,
            video.id if video is not None else None,
            segment.start_ms if segment is not None else None,
            segment.end_ms if segment is not None else None,
        )
        checks = check_quotes(replace(known.note, highlights=(), quotes=(one,)), known.spoken)
        return checks[0] if checks and quote.bare_text else None


def _finest(spoken: Spoken) -> Transcript | None:
    """The transcript that says best when each word was said."""
    known = [spoken.reading, *spoken.compared]
    timed = [transcript for transcript in known if transcript.timed]

    def fineness(transcript: Transcript) -> tuple[bool, int]:
        return any(cue.words for cue in transcript.cues), len(transcript.cues)

    return max(timed, key=fineness, default=None)


def around(quote: CitedQuote, transcript: Transcript | None) -> tuple[str, str]:
    """What was said in the half minute before and after a quote; without a transcript, what it brings with it."""
    segment = quote.segment
    before: list[str] = []
    after: list[str] = []
    for cue in transcript.cues if transcript is not None and segment is not None else ():
        if cue.start_ms is None or segment is None:
            continue
        end = cue.end_ms if cue.end_ms is not None else cue.start_ms
        if segment.start_ms - _AROUND_MS <= cue.start_ms and end <= segment.start_ms:
            before.append(cue.text)
        elif segment.end_ms <= cue.start_ms < segment.end_ms + _AROUND_MS:
            after.append(cue.text)
    if not before and not after:
        return quote.context_before, quote.context_after
    return _last(" ".join(before)), _first(" ".join(after))


def _last(text: str) -> str:
    return text if len(text) <= _AROUND_LETTERS else "…" + text[-_AROUND_LETTERS:].partition(" ")[2]


def _first(text: str) -> str:
    return text if len(text) <= _AROUND_LETTERS else text[:_AROUND_LETTERS].rpartition(" ")[0] + "…"
