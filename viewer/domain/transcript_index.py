"""A transcript made ready for comparing quotes with it: its words, their times, and where each word occurs."""

from __future__ import annotations

import itertools
from math import log2

from viewer.domain.judgement import CueSpan
from viewer.domain.transcript import Transcript
from viewer.domain.word_times import coverage, cue_bounds, word_times
from viewer.domain.words import Tokens, add_words, join_numbers, script_of


class TranscriptIndex:
    """A transcript made ready for :func:`viewer.domain.alignment.locate`. Immutable once built; may be shared between threads.

    ``duration_ms`` is the video's length, by which an abridged transcript is known; without it the last cue's end
    counts. Word numbers, here and in a judgement, count the transcript's words from 0; row numbers are its cues.
    ``positions`` and ``pairs`` say at which word numbers a word, and two words in a row, occur.
    """

    def __init__(self, transcript: Transcript, duration_ms: int | None = None) -> None:
        self.transcript = transcript
        tokens = Tokens()
        for row, cue in enumerate(transcript.cues):
            add_words(tokens, cue.text, row)
        self.tokens = join_numbers(tokens)
        bounds = cue_bounds(transcript)
        self._bounds = bounds
        self.times = word_times(transcript, self.tokens, bounds)
        self.coverage = coverage(transcript, self.tokens, bounds, duration_ms)
        self.positions: dict[str, list[int]] = {}
        for at, key in enumerate(self.tokens.keys):
            self.positions.setdefault(key, []).append(at)
        self.pairs: dict[tuple[str, str], list[int]] = {}
        keys = self.tokens.keys
        for at, pair in enumerate(itertools.pairwise(keys)):
            self.pairs.setdefault(pair, []).append(at)
        self.size_bits = log2(len(keys) + 200)
        self._max_bits = self.size_bits + 1.0
        self._scripts = frozenset(filter(None, map(script_of, list(self.positions)[:500])))

    def __len__(self) -> int:
        return len(self.tokens)

    def bits(self, key: str) -> float:
        """How much it proves that this word is there: the rarer in the talk, the more."""
        positions = self.positions.get(key)
        return self._max_bits if positions is None else self.size_bits - log2(len(positions))

    def weight(self, key: str) -> float:
        """The word's share in a quote's score: between 0.5 for the commonest and 1 for the rarest."""
        return 0.5 + 0.5 * self.bits(key) / self._max_bits

    def occurrences(self, keys: list[str]) -> list[int]:
        """The word numbers at which all of ``keys`` stand in this order, nothing between them."""
        lists = [self.positions.get(key) for key in keys]
        if not keys or not all(lists):
            return []
        rarest = min(range(len(keys)), key=lambda at: len(lists[at] or ()))
        said, size = self.tokens.keys, len(keys)
        starts = (place - rarest for place in lists[rarest] or ())
        return [start for start in starts if start >= 0 and said[start : start + size] == keys]

    def time_of(self, word: int) -> int | None:
        """When the word is said (ms), guessed within its cue where its own time is not known; None if untimed."""
        return self.times.starts[word]

    def bounds(self, first: int, last: int) -> tuple[int | None, int | None, bool]:
        """Start and end (ms) of the words ``first`` to ``last`` (half-open), and whether exact to the word.

        Where a word's own time is not known, its cue's bounds are given instead, and the third is False.
        """
        starts, ends, exact = self.times.starts, self.times.ends, self.times.exact
        start, end = starts[first], ends[last - 1]
        first_cue = self._bounds[self.tokens.rows[first]]
        last_cue = self._bounds[self.tokens.end_rows[last - 1]]
        if not exact[first] and first_cue is not None:
            start = first_cue[0]
        if not exact[last - 1] and last_cue is not None:
            end = last_cue[1]
        if start is not None and end is not None and end < start:
            # The transcript runs backwards here.
            end = max(starts[last - 1] or start, start)
        return start, end, exact[first] and exact[last - 1]

    def spans(self, first: int, last: int) -> tuple[CueSpan, ...]:
        """The characters, cue by cue, of the words ``first`` to ``last`` (half-open)."""
        tokens = self.tokens
        found: dict[int, tuple[int, int]] = {}

        def widen(row: int, start: int, end: int) -> None:
            old = found.get(row)
            found[row] = (min(old[0], start), max(old[1], end)) if old else (start, end)

        for at in range(first, last):
            row, end_row = tokens.rows[at], tokens.end_rows[at]
            if row == end_row:
                widen(row, tokens.starts[at], tokens.ends[at])
            else:
                widen(row, tokens.starts[at], len(self.transcript.cues[row].text.rstrip()))
                widen(end_row, 0, tokens.ends[at])
        return tuple(CueSpan(row, *found[row]) for row in sorted(found))

    def knows_script_of(self, keys: list[str]) -> bool:
        """Whether the transcript is written in a script that these words use: else it cannot hold them."""
        scripts = set(filter(None, map(script_of, keys)))
        return not scripts or not self._scripts or bool(scripts & self._scripts)
