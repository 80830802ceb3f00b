"""A note's own transcript made exact: it takes over the word times of the video's captions."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from viewer.domain.alignment import TranscriptIndex, match_words
from viewer.domain.transcript import Cue, Transcript

_WORD = re.compile(r"\S+")
_LEAST_SHARE = 0.7
"""Share of a cue's words that the captions must have: with less, its times would mostly be guessed."""
_FAR_MS = 60_000
"""A cue whose words are found further away than this is a repetition of them, or its time is wrong."""
_GUESSED_WORD_MS = 300


def with_word_times(transcript: Transcript, captions: TranscriptIndex) -> Transcript:
    """The same cues with ``words`` (ms) where the captions know them; texts, starts and ends stay as they are.

    A word that the captions have not is timed between its neighbours. A cue of which they know too little, or that
    has word times already, is left alone. ``captions`` is the index of the same video's word-timed captions.
    """
    cues = tuple(cue if cue.words else _timed(cue, captions) for cue in transcript.cues)
    return Transcript(cues, transcript.origin, transcript.video_id)


def _timed(cue: Cue, captions: TranscriptIndex) -> Cue:
    begins = [match.start() for match in _WORD.finditer(cue.text)]
    if not begins or not len(captions):
        return cue
    quote, matches = match_words(captions, cue.text, cue.start_ms)
    times: list[int | None] = [None] * len(begins)
    known = 0
    for match in matches:
        start = captions.times.starts[match.said]
        word = bisect_right(begins, quote.tokens.starts[match.quote]) - 1
        if start is not None and captions.times.exact[match.said] and times[word] is None:
            times[word] = start
            known += 1
    first = next((time for time in times if time is not None), None)
    if first is None or known < _LEAST_SHARE * len(begins):
        return cue
    if cue.start_ms is not None and abs(first - cue.start_ms) > _FAR_MS:
        return cue
    return replace(cue, words=_between(times))


def _between(times: list[int | None]) -> tuple[int, ...]:
    """Fill the gaps evenly; at least one time is known. The result never falls."""
    known = [at for at, time in enumerate(times) if time is not None]
    result: list[int] = []
    for at, time in enumerate(times):
        if time is None:
            place = bisect_right(known, at)
            if place == 0:
                time = max(0, _at(times, known[0]) - _GUESSED_WORD_MS * (known[0] - at))
            elif place == len(known):
                time = _at(times, known[-1]) + _GUESSED_WORD_MS * (at - known[-1])
            else:
                before, after = known[place - 1], known[place]
                low, high = _at(times, before), _at(times, after)
                time = low + (high - low) * (at - before) // (after - before)
        result.append(max(time, result[-1]) if result else time)
    return tuple(result)


def _at(times: list[int | None], at: int) -> int:
    return times[at] or 0
