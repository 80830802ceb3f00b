"""Captions made readable: their short lines joined to paragraphs, each word's time kept.

Marks understood: ``>>`` (and a dash that opens a caption) is a change of speaker, ``>> JANE DOE:`` names one,
``[Music]`` stands by itself. Captions without punctuation, as speech recognition makes them, are divided at pauses.
Rolling repeats are expected to be gone already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from viewer.domain.judgement import CueSpan
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.words import is_unspaced

_ENOUGH_WORDS = 60
"""A paragraph of so many words ends with its sentence: some 25 s of speech, six lines on the screen."""
_MOST_WORDS = 110
_FEWEST_WORDS = 15
_LONG_PAUSE_MS = 2000
_PAUSE_MS = 700
_WORD_MS, _LETTER_MS = 120, 60
"""How long a word lasts at least: what is more until the next word is a pause."""

_LETTERS_A_WORD = 2
"""In scripts without spaces a \"word\" here is a whole caption line; so many of its letters count as one word."""

_WORD = re.compile(r"\S+")
_CHANGE = re.compile(r"(?:>>+|(?:&gt;){2,})")
_DASHES = frozenset("-–—")
_SOUND = re.compile(
    r"[\[(♪♫]\s*(?:music|música|musique|musik|♪+|♫+)?\s*(?:playing)?\s*[\])♪♫]\Z|[♪♫]+\Z", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.?!…。？！]+[\"'”’)\]]*\Z")
_ABBREVIATION = re.compile(r"(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|No|[A-Z]|(?:[A-Z]\.)+[A-Z])\.\Z")
_NAME = re.compile(r"[A-Z][A-Z.'’-]*:?\Z")


class _Word(NamedTuple):
    text: str
    start_ms: int | None
    known: bool
    pause_ms: int
    row: int
    char: int


@dataclass(frozen=True, slots=True)
class Readable:
    """A transcript to read, and where in it the text of the captions it was made from has gone."""

    transcript: Transcript
    _moves: dict[int, list[tuple[int, int, int, int]]] = field(default_factory=dict, repr=False)

    def shown(self, spans: Sequence[CueSpan]) -> tuple[CueSpan, ...]:
        """The same characters, given in the captions, in the rows of the readable transcript."""
        result: list[CueSpan] = []
        for span in spans:
            for first, last, row, start in self._moves.get(span.row, ()):
                begin, end = max(first, span.start), min(last, span.end)
                if begin >= end:
                    continue
                here = CueSpan(row, start + begin - first, start + end - first)
                if result and result[-1].row == row and here.start - result[-1].end in (0, 1):
                    here = CueSpan(row, result.pop().start, here.end)
                result.append(here)
        return tuple(result)


def readable(transcript: Transcript) -> Readable:
    """Join the captions of ``transcript`` to paragraphs of readable length. Pure; nothing that was said is lost.

    A paragraph has ``words`` where all its words' times were known. Never raises.
    """
    maker = _Maker(transcript)
    for row, cue in enumerate(transcript.cues):
        maker.add_cue(row, cue)
    maker.close()
    return Readable(Transcript(tuple(maker.cues), transcript.origin, transcript.video_id), maker.moves)


class _Maker:
    """Collects words and closes a paragraph whenever one is due."""

    def __init__(self, transcript: Transcript) -> None:
        self.cues: list[Cue] = []
        self.moves: dict[int, list[tuple[int, int, int, int]]] = {}
        self._source = transcript.cues
        self._words: list[_Word] = []
        self._length = 0
        self._speaker: str | None = None
        self._ad = False
        self._last_sound = ""
        self._before: _Word | None = None

    def add_cue(self, row: int, cue: Cue) -> None:
        """Take in one caption."""
        if cue.ad != self._ad or (cue.speaker is not None and cue.speaker != self._speaker):
            self.close()
            self._ad = cue.ad
        if cue.speaker is not None:
            self._speaker = cue.speaker
        found = [(match[0], match.start()) for match in _WORD.finditer(cue.text)]
        times = cue.words if len(cue.words) == len(found) else ()
        at = 0
        while at < len(found):
            text, char = found[at]
            change = _CHANGE.match(text)
            if change or (at == 0 and text in _DASHES and len(found) > 1):
                self._change_speaker(None)
                if change and change.end() < len(text):
                    found[at] = text[change.end() :], char + change.end()
                else:
                    at += 1
                at = self._read_name(found, at)
                continue
            start = times[at] if times else _share(cue, char)
            pause = self._pause(cue, start, at)
            self._add(_Word(text, start, bool(times), pause, row, char))
            at += 1

    def _read_name(self, found: list[tuple[str, int]], at: int) -> int:
        for end in range(at, min(at + 4, len(found))):
            word = found[end][0]
            if not _NAME.match(word):
                break
            if word.endswith(":"):
                self._change_speaker(" ".join(text for text, _ in found[at : end + 1])[:-1].title())
                return end + 1
        return at

    def _change_speaker(self, name: str | None) -> None:
        self.close()
        self._speaker = name

    def _pause(self, cue: Cue, start: int | None, at: int) -> int:
        before = self._before
        if before is None or before.start_ms is None or start is None:
            return 0
        if not before.known and at == 0:
            end = self._source[before.row].end_ms
            return start - end if end is not None else 0
        return start - before.start_ms - _WORD_MS - _LETTER_MS * len(before.text)

    def _add(self, word: _Word) -> None:
        self._before = word
        if _SOUND.match(word.text):
            self.close()
            if self._last_sound != word.text:
                self._words = [word]
                self.close()
            self._last_sound = word.text
            return
        self._last_sound = ""
        if self._due(word):
            self.close()
        self._words.append(word)
        self._length += _weight(word.text)
        if self._length >= _MOST_WORDS and len(self._words) > 1:
            # No sentence ends: the longest pause of the second half is the best place.
            half = len(self._words) // 2
            at = max(range(half, len(self._words)), key=lambda place: self._words[place].pause_ms)
            rest = self._words[at:]
            del self._words[at:]
            self.close()
            self._words = rest
            self._length = sum(_weight(each.text) for each in rest)

    def _due(self, word: _Word) -> bool:
        count = self._length
        if count < _FEWEST_WORDS or not self._words:
            return False
        last = self._words[-1].text
        if _SENTENCE_END.search(last) and not _ABBREVIATION.match(last) and not word.text[0].islower():
            return count >= _ENOUGH_WORDS or word.pause_ms >= _LONG_PAUSE_MS
        return count >= _ENOUGH_WORDS and word.pause_ms >= _PAUSE_MS and not _SENTENCE_END.search(last)

    def close(self) -> None:
        """End the paragraph, if there is one."""
        words = self._words
        if not words:
            return
        self._words = []
        self._length = 0
        row, length = len(self.cues), 0
        for word in words:
            end = word.char + len(word.text)
            self.moves.setdefault(word.row, []).append((word.char, end, row, length))
            length += len(word.text) + 1
        start = words[0].start_ms
        end_ms = self._source[words[-1].row].end_ms
        if self.cues and start is not None:
            self._clip_end(start)
        if start is not None and end_ms is not None and end_ms <= start:
            end_ms = None
        known = all(word.known for word in words)
        times = tuple(word.start_ms for word in words if word.start_ms is not None) if known else ()
        text = " ".join(word.text for word in words)
        line = self._source[words[0].row].line
        self.cues.append(Cue(start, end_ms, self._speaker, text, line, self._ad, times))

    def _clip_end(self, start: int) -> None:
        """A caption stays on the screen while the next is said; a paragraph ends where the next begins."""
        last = self.cues[-1]
        if last.end_ms is not None and last.start_ms is not None and last.start_ms < start < last.end_ms:
            self.cues[-1] = Cue(last.start_ms, start, last.speaker, last.text, last.line, last.ad, last.words)


def _weight(text: str) -> int:
    """For how many words ``text``, which has no spaces, counts."""
    if text.isascii():
        return 1
    letters = sum(1 for letter in text if is_unspaced(letter))
    return max(1, letters // _LETTERS_A_WORD)


def _share(cue: Cue, char: int) -> int | None:
    """When the word at ``char`` is said if the caption is spoken evenly."""
    if cue.start_ms is None or cue.end_ms is None or not cue.text:
        return cue.start_ms
    return cue.start_ms + (cue.end_ms - cue.start_ms) * char // len(cue.text)
