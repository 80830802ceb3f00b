"""When each word of a transcript was said, and how much of the talk a transcript leaves out."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from viewer.domain.transcript import Cue, Transcript
from viewer.domain.words import Tokens, is_unspaced

_WORD = re.compile(r"\S+")
_OMISSION = re.compile(r"\[\s*(?:\.\s?\.\s?\.+|…)\s*\]|\[\s*(?:abridged|excerpt)", re.IGNORECASE)

_GUESSED_WORD_MS = 400
"""Length of a word where the transcript's last cue has no end."""
_WORD_MS, _LETTER_MS = 400, 90
"""Longest time a word can take: the silence behind a word does not belong to it."""

THIN_WORDS_PER_MINUTE = 60
"""Below this a transcript is abridged: speech has 110 to 180 words a minute (615 notes counted, field notes)."""
_HOLE_MS = 60_000
_HOLES_SHARE = 0.15
_SLOW_WORD_MS = 650
"""A word of slow speech with its pauses; what a cue lasts longer than its words is silence, or left out."""


@dataclass(slots=True)
class WordTimes:
    """Start and end (ms) of every word, and whether they are the word's own (``exact``) or guessed in its cue."""

    starts: list[int | None] = field(default_factory=list)
    ends: list[int | None] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)


def cue_bounds(transcript: Transcript) -> list[tuple[int, int] | None]:
    """Start and end (ms) of each cue; an end that is not given is the next cue's start, or guessed by the words."""
    later = sorted({cue.start_ms for cue in transcript.cues if cue.start_ms is not None})
    result: list[tuple[int, int] | None] = []
    for cue in transcript.cues:
        if cue.start_ms is None:
            result.append(None)
            continue
        end = cue.end_ms
        if end is None or end <= cue.start_ms:
            place = bisect_right(later, cue.start_ms)
            end = (
                later[place]
                if place < len(later)
                else cue.start_ms + _GUESSED_WORD_MS * max(3, len(cue.text.split()))
            )
        result.append((cue.start_ms, end))
    return result


def word_times(transcript: Transcript, tokens: Tokens, bounds: list[tuple[int, int] | None]) -> WordTimes:
    """The times of every token: those of ``Cue.words`` where known, else interpolated within the cue."""
    result = WordTimes()
    row = -1
    clock: _Clock | None = None
    for at in range(len(tokens)):
        if tokens.rows[at] != row:
            row = tokens.rows[at]
            clock = _clock(transcript, row, bounds)
        if clock is None:
            result.starts.append(None)
            result.ends.append(None)
            result.exact.append(False)
            continue
        letter = is_unspaced(tokens.keys[at])
        start, exact = clock.start(tokens.starts[at], letter)
        # A number said in several words may end in the next cue.
        last = clock if tokens.end_rows[at] == row else _clock(transcript, tokens.end_rows[at], bounds)
        result.starts.append(start)
        result.ends.append(max(start, last.end(tokens.ends[at], letter)) if last else start)
        result.exact.append(exact)
    return result


class _Clock:
    """The times of the words of one cue."""

    __slots__ = ("_at", "_begins", "_end", "_size", "_start", "_times")

    def __init__(self, cue: Cue, start: int, end: int) -> None:
        self._start, self._end = start, end
        self._size = max(1, len(cue.text))
        self._times: tuple[int, ...] = ()
        self._begins: list[int] = []
        self._at = 0
        if cue.words:
            self._begins = [match.start() for match in _WORD.finditer(cue.text)]
            if len(self._begins) == len(cue.words):
                self._times = (*cue.words, max(end, cue.words[-1]))
            self._begins.append(self._size)

    def start(self, char: int, letter: bool) -> tuple[int, bool]:
        """When the word that begins at ``char`` begins (ms), and whether that is its own time.

        A ``letter`` of a text without spaces shares its stretch's one time with the letters around it.
        """
        if not self._times:
            return self._start + (self._end - self._start) * char // self._size, False
        at = self._find(char)
        begin, end = self._times[at], self._times[at + 1]
        if letter:
            return begin + (end - begin) * (char - self._begins[at]) // self._length(at), end - begin < 2000
        return begin, True

    def end(self, char: int, letter: bool) -> int:
        """When the word that ends before ``char`` ends (ms)."""
        if not self._times:
            return self._start + (self._end - self._start) * char // self._size
        at = self._find(char - 1)
        begin, end = self._times[at], self._times[at + 1]
        size = self._length(at)
        if letter:
            return begin + (end - begin) * min(size, char - self._begins[at]) // size
        return max(begin, min(end, begin + _WORD_MS + _LETTER_MS * size))

    def _length(self, at: int) -> int:
        return max(1, self._begins[at + 1] - self._begins[at])

    def _find(self, char: int) -> int:
        at = self._at if self._begins[self._at] <= char else 0
        while at + 1 < len(self._times) - 1 and self._begins[at + 1] <= char:
            at += 1
        self._at = at
        return at


def _clock(transcript: Transcript, row: int, bounds: list[tuple[int, int] | None]) -> _Clock | None:
    bound = bounds[row]
    if bound is None:
        return None
    start, end = bound
    if transcript.cues[row].words and row + 1 < len(bounds):
        # Automatic captions stay on the screen while the next cue is being said.
        following = bounds[row + 1]
        if following is not None and transcript.cues[row].words[-1] < following[0] < end:
            end = following[0]
    return _Clock(transcript.cues[row], start, end)


@dataclass(frozen=True, slots=True)
class TimedWord:
    """One white-space separated word of a cue: its characters (half-open) and when it is said (ms)."""

    start: int
    end: int
    start_ms: int
    end_ms: int
    exact: bool


def words_of_cue(
    transcript: Transcript, row: int, bounds: list[tuple[int, int] | None]
) -> tuple[TimedWord, ...]:
    """The words of one cue and when each is said, guessed by its place in the cue where its own time is not known.

    Empty for a cue without a time. ``bounds`` are those of :func:`cue_bounds`.
    """
    clock = _clock(transcript, row, bounds)
    if clock is None:
        return ()
    words = []
    for match in _WORD.finditer(transcript.cues[row].text):
        begin, exact = clock.start(match.start(), False)
        end = max(begin, clock.end(match.end(), False))
        words.append(TimedWord(match.start(), match.end(), begin, end, exact))
    return tuple(words)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the talk the transcript holds. ``holes`` are stretches (ms) in which it has hardly a word."""

    partial: bool
    holes: tuple[tuple[int, int], ...] = ()

    def silent_at(self, ms: int | None) -> bool:
        """Whether nothing can be said about the words at ``ms``: it lies in a hole or just beside one."""
        return ms is not None and any(start - 5000 <= ms < end + 5000 for start, end in self.holes)


def coverage(
    transcript: Transcript, tokens: Tokens, bounds: list[tuple[int, int] | None], duration_ms: int | None
) -> Coverage:
    """Whether the transcript is abridged: under 60 words a minute of the video, marked omissions, or long holes.

    Without ``duration_ms`` the video is taken to end with the last cue; without that either, only marks count.
    """
    marked = any(_OMISSION.search(cue.text) for cue in transcript.cues)
    words = [0.0] * len(transcript.cues)
    for row, key in zip(tokens.rows, tokens.keys, strict=True):
        words[row] += 0.5 if is_unspaced(key) else 1.0
    timed = sorted((bound, words[row]) for row, bound in enumerate(bounds) if bound is not None)
    end_ms = duration_ms or max((bound[1] for bound, _ in timed), default=0)
    if end_ms <= 0:
        return Coverage(marked)
    thin = sum(words) * 60_000 < THIN_WORDS_PER_MINUTE * end_ms
    if not timed:
        return Coverage(marked or thin)
    holes = []
    said_until = 0
    for (start, _), count in timed:
        if start - said_until >= _HOLE_MS:
            holes.append((said_until, start))
        said_until = max(said_until, start + int(count * _SLOW_WORD_MS))
    if end_ms - said_until >= _HOLE_MS:
        holes.append((said_until, end_ms))
    missing = sum(end - start for start, end in holes)
    return Coverage(marked or thin or missing > _HOLES_SHARE * end_ms, tuple(holes))
