"""The line that begins a cue: its time, in whichever place and brackets, its speaker and the first words.

The seen forms are listed in :mod:`viewer.formats.cues`, which makes cues of these lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from viewer.formats.inline import TIME_TOKEN, TimeMark, plain, time_mark
from viewer.formats.outline import LONGEST_LINE

_LEAD = re.compile(r"[ \t]*(?:(?:[-*+•>]|\d{1,4}[.)])[ \t]+|>)*")
NAME_LINE = re.compile(r"(?:\*\*|__)([^*_\n]{1,80}?)[ \t]*:?[ \t]*(?:\*\*|__)[ \t]*:?\Z")
"""A line that is nothing but a name in bold."""

BOLD_SPEAKER = re.compile(r"(?:\*\*|__)([^*\n]{1,80}?)(?:[ \t]*:[ \t]*(?:\*\*|__)|(?:\*\*|__)[ \t]*:)[ \t]*")
"""``**Name:** `` or ``**Name**: `` before words."""

PLAIN_SPEAKER = re.compile(r"([^\W\d_][^\n:.!?\"“”()\[\]*]{0,60}?)[ \t]*[:：][ \t]*(?=\S|\Z)")
"""``Name: `` before words: a speaker only when the whole transcript says so."""

_AFTER_TIME = re.compile(r"[ \t]*[)\]]?`?[ \t]*(?:[:：|\-–—][ \t]*)?")
_SMALL_WORDS = frozenset(
    {
        "of", "de", "da", "di", "del", "della", "la", "le", "van", "von", "der", "den", "zu", "the", "and", "und", "et", "y",
        "e", "al", "bin", "ibn", "dr", "mr", "mrs", "ms", "&",
    }
)  # fmt: skip

_FURTHEST_TIME = 120
"""Letters before a line's time; beyond these the time belongs to the text."""


@dataclass(frozen=True, slots=True)
class CueStart:
    """A line that begins a cue. ``goes_on`` tells ``(0:10):``, by which the same speaker goes on."""

    mark: TimeMark
    speaker: str | None
    text: str
    goes_on: bool = False
    perhaps: tuple[str, str] | None = None
    """Speaker and text if the ``Name:`` after the time is one: only the whole transcript can tell."""


def cue_start(line: str, number: int) -> CueStart | None:
    """The beginning of a cue in a line; None when the line goes on with what was said before."""
    if ":" not in line or len(line) > LONGEST_LINE:
        return None
    lead = _LEAD.match(line)
    text = line[lead.end() :] if lead else line
    match = TIME_TOKEN.search(text, 0, 2500)
    if match is None or match.start() > _FURTHEST_TIME:
        return None
    mark = time_mark(match, number)
    if mark is None:
        return None
    before, after = text[: match.start()], text[match.end() :]
    bold = before.count("**") % 2 or before.count("__") % 2
    if bold and after.lstrip()[:2] in ("**", "__"):
        after = after.lstrip()[2:]
        bold = 0
    bare = before.strip(" \t*_`~([\\")
    if not bare:
        if match["bare"] is not None and not _may_begin_with_time(after):
            return None
        goes_on = mark.boxed and after.lstrip()[:1] == ":"
        return _with_text(mark, None, f"**{after.lstrip()}" if bold else after, goes_on)
    speaker = _speaker_before(before, after, bare, mark)
    return _with_text(mark, speaker, after, False) if speaker else None


def _may_begin_with_time(after: str) -> bool:
    """Whether bare digits at a line's start are a time of the talk: not "9:30 am" and not "16:9 picture"."""
    return not re.match(r"[ \t]*(?:[ap]\.?m\b|o'clock|uhr\b)", after, re.I)


def _speaker_before(before: str, after: str, bare: str, mark: TimeMark) -> str | None:
    strong = before.lstrip().startswith(("**", "__"))
    if strong and "**" in before:
        # "**Note** we met at 3:45": words after the emphasis make it prose.
        tail = before.rsplit("**", 1)[1] if before.count("**") >= 2 else ""
        if any(letter.isalnum() for letter in tail):
            return None
    colon = bare.endswith((":", "："))
    alone = not after.strip(" \t*_:)]\\：")
    name = plain(before).strip(" \t*_`~([\\").rstrip(" \t:：-–—|,").strip(" *_")
    if name.endswith("]") and "[" not in name:
        name = name[:-1].rstrip()  # "[Audience]:"
    if not is_name(name):
        return None
    if strong or colon or (mark.boxed and after.lstrip()[:1] in (":", "：")):
        return name
    if mark.linked and (alone or after.lstrip()[:1] == ":"):
        return name
    return name if alone and is_capitalised(name) else None


def is_name(text: str) -> bool:
    """Whether a text can be a speaker's name: short, with letters, no sentence."""
    if not text or len(text) > 80 or len(text.split()) > 9 or "http" in text:
        return False
    if text.endswith(".") and len(text.split()[-1]) > 4:
        return False  # the end of a sentence; "Bob Q." and "Jr." are names
    return any(letter.isalpha() for letter in text) and not text.endswith(("?", "!", '"', "”"))


def is_capitalised(name: str) -> bool:
    """Whether every word of a name but the small ones has a capital (or its script has none)."""
    words = [word.strip("()[]'\"“”.,") for word in name.split()]
    return all(not word or not word[0].islower() or word.lower() in _SMALL_WORDS for word in words)


def _with_text(mark: TimeMark, speaker: str | None, after: str, goes_on: bool) -> CueStart:
    match = _AFTER_TIME.match(after)
    text = after[match.end() :] if match else after
    if speaker is None:
        named = BOLD_SPEAKER.match(text)
        if named is not None and is_name(named[1].strip()):
            return CueStart(mark, plain(named[1]), text[named.end() :], False)
        alone = NAME_LINE.match(text)
        if alone is not None and is_name(alone[1].strip()):
            return CueStart(mark, plain(alone[1]), "", False)
        maybe = PLAIN_SPEAKER.match(text)
        if maybe is not None and len(maybe[1].split()) <= 4 and is_capitalised(maybe[1]):
            return CueStart(mark, None, text, goes_on, (maybe[1].strip(), text[maybe.end() :]))
    return CueStart(mark, speaker, text, goes_on)


def looks_like_transcript(lines: Sequence[str]) -> bool:
    """Whether lines that stand under no telling heading are a transcript: most paragraphs begin with a time."""
    starts = words = paragraphs = sure = 0
    blank = True
    for line in lines[:400]:
        if len(line) > LONGEST_LINE:
            return False
        if not line.strip():
            blank = True
            continue
        start = cue_start(line, 0) if line.lstrip()[:1] not in "-*+•" or line.lstrip()[:2] == "**" else None
        if start is not None:
            starts += 1
            # "Name (00:03:20):" and "0:01 --> 0:04" are no entries of a table of contents.
            sure += start.mark.end_ms is not None or (start.speaker is not None and start.mark.boxed)
        elif blank:
            paragraphs += 1
        words += len(line.split())
        blank = False
    return starts >= 3 and starts * 2 >= paragraphs and (words >= 8 * starts or sure * 2 > starts)
