"""The line that begins a cue: its time, in whichever place and brackets, its speaker and the first words.

The seen forms are listed in :mod:`viewer.formats.cues`, which makes cues of these lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from viewer.formats.inline import TIME_TOKEN, TimeMark, plain, time_mark
from viewer.formats.key_names import is_known_key
from viewer.formats.outline import LONGEST_LINE

_LEAD = re.compile(r"[ \t]*(?:(?:[-*+•>]|\d{1,4}[.)])[ \t]+|>)*")
NAME_LINE = re.compile(r"(?:\*\*|__)([^*_\n]{1,80}?)[ \t]*:?[ \t]*(?:\*\*|__)[ \t]*:?\Z")
"""A line that is nothing but a name in bold."""

BOLD_SPEAKER = re.compile(r"(?:\*\*|__)([^*\n]{1,80}?)(?:[ \t]*:[ \t]*(?:\*\*|__)|(?:\*\*|__)[ \t]*:)[ \t]*")
"""``**Name:** `` or ``**Name**: `` before words."""

PLAIN_SPEAKER = re.compile(r"([^\W\d_][^\n:.!?\"“”()\[\]*]{0,60}?)[ \t]*[:：][ \t]*(?=\S|\Z)")
"""``Name: `` before words: a speaker only when the whole transcript says so."""

_BRACKETED_SPEAKER = re.compile(r"\[([^\W\d_][^\[\]\n]{0,40})\][ \t]+(?=\S)")
"""``[Name] `` behind the time: a speaker only when most cues have one."""

_SOUNDS = re.compile(
    r"(?:\w+ )?(?:music|applause|laugh\w*|inaudible|silence|noise|cheer\w*|crosstalk|unintelligible|sound\w*|blank_audio|música|aplausos|risas|"
    r"risos|musik|gelächter|applaus|musique|applaudissements|rires|музыка|смех|аплодисменты|موسيقى|ضحك|تصفيق|音楽|拍手|笑い?|音乐|音樂|掌声|掌聲|"
    r"笑声|笑聲|음악|박수|웃음)\Z",
    re.I,
)
"""What captions say in brackets that is nobody's name."""

LABELS = frozenset(
    {
        "english", "german", "french", "spanish", "chinese", "japanese", "korean", "original", "translation", "en", "zh", "ja",
        "deutsch", "français", "español", "português", "русский", "中文", "中文翻译", "中文翻譯", "英文", "英文原文", "原文", "译文", "譯文",
        "翻译", "翻譯", "日本語", "日本語訳", "한국어", "note", "notes", "tip", "tips", "warning", "example", "examples", "important",
        "pros", "cons", "question", "answer", "summary", "context", "source", "sources", "key point", "key points", "takeaway",
        "action items", "quote", "title", "date", "duration", "channel", "why", "what", "how", "when", "where", "who",
        "input", "output", "explanation", "constraints", "complexity", "time complexity", "space complexity", "expected", "actual",
        "before", "after", "old", "new", "given", "then", "step", "steps", "purpose", "usage", "use case", "use cases",
        "benefit", "benefits", "drawback", "drawbacks", "advantages", "disadvantages", "strengths", "weaknesses", "cause", "fix",
        "effect", "meaning", "pronunciation", "hint", "code", "idea", "approach", "analogy", "good", "bad", "right", "wrong", "do",
        "don't", "don’t", "risk", "mitigation", "priority", "owner", "due", "get", "post", "put", "patch", "delete", "request",
        "response", "term", "claim", "evidence", "verdict", "rating", "price", "location", "time", "place", "version", "type",
        "problem", "solution", "result", "results", "impact", "goal", "status", "description", "definition",
    }
)  # fmt: skip
"""Words before a colon that are nobody's name."""

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
    in_seconds = "s]" in line[:80] or "s)" in line[:80] or "sec" in line[:80]
    if (":" not in line and not in_seconds) or len(line) > LONGEST_LINE:
        return None
    lead = _LEAD.match(line)
    text = line[lead.end() :] if lead else line
    seconds = _SECONDS.match(text) if in_seconds else None
    if seconds is not None:
        begin, end = round(float(seconds[1]) * 1000), round(float(seconds[2] or 0) * 1000)
        spoken = TimeMark(0, seconds.end(), begin, end if end > begin else None, boxed=True)
        return _with_text(spoken, None, text[seconds.end() :], False)
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
    if before.lstrip()[:1] in ("[", "(") and after[:1] in ("]", ")"):
        # "[Ann Lee, 00:05] words"
        name = plain(before.strip(" \t[(,"))
        return _with_text(mark, name, after[1:], False) if is_name(name) and is_capitalised(name) else None
    speaker = _speaker_before(before, after, bare, mark)
    return _with_text(mark, speaker, after, False) if speaker else None


_SECONDS = re.compile(
    r"[\[(][ \t]*(\d{1,6}(?:\.\d{1,3})?)[ \t]?s(?:ec)?(?:[ \t]*(?:-->|->|→|-|–)[ \t]*(\d{1,6}(?:\.\d{1,3})?)[ \t]?s(?:ec)?)?[ \t]*[\])]"
)
"""``[12.5s -> 15s]``: seconds, as Whisper's programs write them."""


def name_alone(text: str) -> str | None:
    """The name that a line is, as far as a line can tell: few words, each with a capital, no sentence."""
    bare = text.strip()
    fits = (
        0 < len(bare) <= 40 and len(bare.split()) <= 4 and bare[0].isalpha() and bare[-1] not in ".,;:!?…。"
    )
    return bare if fits and is_name(bare) and is_capitalised(bare) and not is_label(bare) else None


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
    name = _name_in(before)
    if name is None:
        return None
    if strong or colon or (mark.boxed and after.lstrip()[:1] in (":", "：")):
        return name
    if mark.linked and (alone or after.lstrip()[:1] == ":"):
        return name
    return name if alone and is_capitalised(name) else None


@lru_cache(maxsize=256)  # the same few people begin every cue of a talk
def _name_in(before: str) -> str | None:
    """The name that the words before a time are; None when they are none."""
    name = plain(before).strip(" \t*_`~([\\").rstrip(" \t:：-–—|,").strip(" *_")
    if name.endswith("]") and "[" not in name:
        name = name[:-1].rstrip()  # "[Audience]:"
    return name if is_name(name) and not is_label(name) else None


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
        boxed = _BRACKETED_SPEAKER.match(text)
        if boxed is not None and is_capitalised(boxed[1]) and not _SOUNDS.match(boxed[1].strip()):
            return CueStart(mark, None, text, goes_on, (f"[{boxed[1].strip()}]", text[boxed.end() :]))
    return CueStart(mark, speaker, text, goes_on)


def without_speaker(text: str) -> str:
    """The words of a cue without the ``Name: `` or ``[Name] `` before them."""
    match = PLAIN_SPEAKER.match(text) or _BRACKETED_SPEAKER.match(text)
    return text[match.end() :] if match else text


def is_label(text: str) -> bool:
    """Whether what stands before a colon is a label and nobody's name."""
    return text.strip(" *_:").casefold() in LABELS or is_known_key(text)


_CAPTION_MS = 12_000
"""Lines that follow each other as fast as this are captions: no table of contents changes its subject so often."""


def looks_like_transcript(lines: Sequence[str]) -> bool:
    """Whether lines that stand under no telling heading are a transcript: most paragraphs begin with a time."""
    starts = words = paragraphs = sure = turns = seconds = 0
    times: list[int] = []
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
            times.append(start.mark.start_ms)
            seconds += _SECONDS.match(line.lstrip()) is not None
            # "Name (00:03:20):" and "0:01 --> 0:04" are no entries of a table of contents.
            sure += start.mark.end_ms is not None or (start.speaker is not None and start.mark.boxed)
            # "Name: 00:01:54" or "**Name** (00:03)", and what is said below.
            named = start.speaker is not None and not is_label(start.speaker)
            turns += named and (
                not start.text.strip() or _NUMBERED_SPEAKER.match(start.speaker or "") is not None
            )
        elif blank:
            paragraphs += 1
        words += len(line.split())
        blank = False
    if turns >= 2 and turns == starts and starts * 10 >= paragraphs and words >= 4 * starts:
        return True
    if starts >= 5 and seconds == starts and starts * 2 >= paragraphs:
        return True  # no table of contents counts in seconds
    if starts >= 5 and 0 < times[-1] - times[0] <= _CAPTION_MS * starts and starts * 2 >= paragraphs:
        return True
    return starts >= 3 and starts * 2 >= paragraphs and (words >= 8 * starts or sure * 2 > starts)


_NUMBERED_SPEAKER = re.compile(
    r"(?:speaker|sprecher|спикер|hablante|locuteur|interlocutor|orador|falante|المتحدث|متحدث|דובר|发言人|發言人|說話人|说话人|話者|화자)[ _]?\d{1,3}\Z|SPEAKER_\d+\Z",
    re.I,
)
_FEWEST_TURNS = 4
_SENTENCE_ENDS = tuple(".!?…。！？؟।\"”»’')]")


def looks_like_dialogue(lines: Sequence[str], *, in_video_note: bool) -> bool:
    """Whether lines without times are a conversation: paragraph for paragraph, ``**Name:** words`` of a few who take turns.

    Labels of other kinds come again and again, too; what people say is in sentences. Where no video is meant, full names
    or more turns are asked for.
    """
    names: Counter[str] = Counter()
    paragraphs = sentences = 0
    blank = True
    for line in lines[:400]:
        bare = line.strip()
        if len(line) > LONGEST_LINE:
            return False
        if bare and bare[:1] not in "-+•|>" and (blank or bare[:2] in ("**", "__")):
            name = _turn_of(bare)
            paragraphs += blank or name is not None
            if name is not None:
                names[name] += 1
                sentences += bare.endswith(_SENTENCE_ENDS)
        blank = not bare
    turns = sum(names.values())
    again = sum(1 for count in names.values() if count > 1)
    full = any(" " in name for name in names)
    enough = turns >= (_FEWEST_TURNS if in_video_note or full else _FEWEST_TURNS + 2) and again >= 2
    return enough and len(names) * 2 <= turns + 1 and turns * 2 >= paragraphs and sentences * 5 >= turns * 3


def _turn_of(text: str) -> str | None:
    bold = BOLD_SPEAKER.match(text)
    if bold is not None:
        name = bold[1].strip()
        fits = is_name(name) and is_capitalised(name) and len(name.split()) <= 5 and not is_label(name)
        return name if fits and text[bold.end() :].strip() else None
    plain_name = PLAIN_SPEAKER.match(text)
    return plain_name[1] if plain_name is not None and _NUMBERED_SPEAKER.match(plain_name[1]) else None


_COUNTED = re.compile(r"[ \t]*\[(\d{1,6})\](?=[ \t])")


def counted_in_seconds(lines: Sequence[str]) -> list[str] | None:
    """Lines that begin with ``[12]`` as ``[12s]``, where these are seconds; None where they are not.

    A list of references counts one by one; seconds grow, and faster than the lines.
    """
    found = [match for match in map(_COUNTED.match, lines) if match is not None]
    if len(found) < 5 or len(found) * 5 < sum(1 for line in lines if line.strip()) * 4:
        return None
    counts = [int(match[1]) for match in found]
    if counts[-1] - counts[0] < len(counts) * 3 // 2 or any(b < a for a, b in pairwise(counts)):
        return None
    return [_COUNTED.sub(lambda match: f"[{match[1]}s]", line, count=1) for line in lines]


def first_cue_row(lines: Sequence[str]) -> int:
    """The row of the first line that a time or a speaker begins; 0 when there is none."""
    for row, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            continue
        start = cue_start(line, 0)
        if start is not None and row and not start.text.strip() and name_alone(lines[row - 1]) is not None:
            return row - 1  # the name above its time
        if start is not None or _turn_of(bare) is not None or NAME_LINE.match(bare):
            return row
    return 0


def preface_rows(lines: Sequence[str]) -> int:
    """How many rows above a transcript only speak of it: block quotes, callouts and lines in italics at its head."""
    end = 0
    for row, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            continue
        aside = bare[0] == ">" or (bare[0] in "*_" and bare[-1] == bare[0] and bare[1:2] not in ("*", "_"))
        if not aside or cue_start(line, 0) is not None:
            # All in quotes: then these are the words.
            return end
        end = row + 1
    return 0
