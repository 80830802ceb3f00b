"""Quoted words and who said them: block quotes, quoted paragraphs and quoted list items.

The shape of the notes is a block quote whose last line is ``— Name, [0:16](url)``. The dash may be any, the time may
stand alone, the whole may be on one line; without any of these the words are kept without speaker or time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from viewer.formats.inline import (
    TimeMark,
    find_linked_times,
    find_times,
    plain,
    quote_is_open,
    starts_quoted,
    unquoted,
)

_DASHED = re.compile(r"[ \t]*(?:<cite>|[*_]{0,2})(?:([—–―‒⸺]+|--+)|-(?=[ \t]))[ \t]*(.+)\Z", re.S)
_INLINE = re.compile(r"(?<=[\"”»」』])([*_]{0,2}[ \t]*(?:[—–―‒]|--+|(?<=[ \t])-(?=[ \t]))[ \t]*)")
_INLINE_BARE = re.compile(r"[ \t](?:[—–―‒]|--+)[ \t]+")
_QUOTED_PART = re.compile(r"[\"“„«「『](.+)[\"”»」』]", re.S)
_SPEAKER_LINE = re.compile(r"(?:\*\*|__)[^*_\n]{1,80}(?::(?:\*\*|__)|(?:\*\*|__):)|[—–-] ?[\"“]")
_EMPTY_BRACKETS = re.compile(r"[(\[]\s*(?:at\b|@)?\s*[,;–—-]*\s*[)\]]")
_CALLOUT = re.compile(r"\[![\w-]{1,30}\][+-]?[ \t]*")
"""What opens a callout of Obsidian or GitHub: ``> [!quote] Title``."""

_SENTENCE_THEN_NAME = re.compile(r"(?<=[.?!…])[ \t]+(?:[—–―]|--+)[ \t]+(?=[^\s\d])")
_BULLET = re.compile(r"[ \t]*[-*+•][ \t]+(?=[\"“„«*_])")
_AFTER_QUOTE = tuple("\"”»」』’'*_")


@dataclass(frozen=True, slots=True)
class Said:
    """Words, who said them and when (``mark``), as far as the note says. ``line`` is where the words begin."""

    text: str
    speaker: str | None
    mark: TimeMark | None
    line: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its 1-based number."""

    number: int
    text: str


def quote_blocks(lines: Iterable[Line]) -> list[list[Line]]:
    """Group ``> ...`` lines into blocks, the marks taken off. A block whose quotation marks stay open goes on."""
    blocks: list[list[Line]] = []
    previous = -1
    for line in lines:
        inside = line.text.lstrip()
        while inside.startswith(">"):
            inside = inside[1:].lstrip(" \t") if inside[1:2] in (" ", "\t", ">") else inside[1:]
        bare = Line(line.number, inside)
        same = blocks and line.number == previous + 1
        if not same and blocks and _goes_on(blocks[-1]):
            blocks[-1].append(Line(previous + 1, ""))
            same = True
        if same:
            blocks[-1].append(bare)
        else:
            blocks.append([bare])
        previous = line.number
    return blocks


def _goes_on(block: Sequence[Line]) -> bool:
    """Whether a block opens a quotation mark and neither closes it nor names a speaker: the next one goes on."""
    last = block[-1].text
    if len(block) > 20 or "](" in last or _DASHED.match(last):
        return False
    return quote_is_open("\n".join(line.text for line in block))


def read_block(lines: Sequence[Line]) -> list[Said]:
    """The quotes in one block: each attribution line ends one; what follows the last has neither speaker nor time."""
    callout = _CALLOUT.match(lines[0].text) if lines else None
    if callout is not None:
        return _read_callout(lines[0].text[callout.end() :].strip(), lines)
    found: list[Said] = []
    words: list[Line] = []
    for line in lines:
        if not line.text.strip():
            if words:
                words.append(line)
            continue
        attribution = _attribution(line, words)
        if attribution is not None:
            found.append(_said(words, *attribution))
            words = []
            continue
        inline = _inline_attribution(line)
        if inline is not None:
            words.append(Line(line.number, inline[0]))
            found.append(_said(words, inline[1], inline[2]))
            words = []
        else:
            words.append(line)
    if any(line.text.strip() for line in words):
        found.append(_without_attribution(words))
    return found


def _read_callout(title: str, lines: Sequence[Line]) -> list[Said]:
    """The quotes of a callout. Its title is the speaker where nothing else names one, else it is kept as words."""
    found = read_block(lines[1:]) if any(line.text.strip() for line in lines[1:]) else []
    if not title or plain(title).lower() in ("quote", "cite"):
        return found
    if not found:
        return read_block([Line(lines[0].number, title)])
    name = plain(title)
    first = found[0]
    if first.speaker is None and len(name.split()) <= 6 and _is_name(name):
        found[0] = Said(first.text, name, first.mark, first.line)
    elif first.speaker != name:
        found[0] = Said(f"{name}\n\n{first.text}", first.speaker, first.mark, first.line)
    return found


def _said(words: Sequence[Line], speaker: str | None, mark: TimeMark | None) -> Said:
    bullet = _BULLET.match(words[0].text)
    if bullet is not None:
        words = [Line(words[0].number, words[0].text[bullet.end() :]), *words[1:]]
    return Said(unquoted(_joined(words)), speaker, mark, words[0].number)


def _without_attribution(words: Sequence[Line]) -> Said:
    """A block without an attribution: a time at its end or its start is still its time."""
    marks = [mark for line in words for mark in find_linked_times(line.text, line.number)]
    if not marks:
        return _said(words, None, None)
    bare = [Line(line.number, _without_marks(line.text, line.number)) for line in words]
    if not any(line.text for line in bare):
        return _said(words, None, marks[0])
    while bare and not bare[0].text:
        bare.pop(0)
    speaker, said = _speaker_before(bare[0].text)
    bare[0] = Line(bare[0].number, said)
    last = _inline_attribution(bare[-1]) if speaker is None else None
    if last is not None:
        bare[-1], speaker = Line(bare[-1].number, last[0]), last[1]
    return Said(unquoted(_joined(bare)), speaker, marks[0], words[0].number)


def _speaker_before(text: str) -> tuple[str | None, str]:
    match = re.match(r"(?:\*\*|__)([^*_\n]{1,100}?):?(?:\*\*|__):?\s+(?=[\"“„«「『])", text)
    return (match[1].strip(), text[match.end() :]) if match else (None, text)


def _joined(lines: Sequence[Line]) -> str:
    """Lines as paragraphs: a line goes on with the one before unless it begins with a speaker; blank lines separate."""
    paragraphs: list[str] = [""]
    for line in lines:
        text = line.text.strip().rstrip("\\").rstrip()
        if not text:
            if paragraphs[-1]:
                paragraphs.append("")
        elif not paragraphs[-1]:
            paragraphs[-1] = text
        else:
            paragraphs[-1] += f"\n{text}" if _SPEAKER_LINE.match(text) else f" {text}"
    return "\n\n".join(plain(part) for part in paragraphs if part)


def _attribution(line: Line, words: Sequence[Line]) -> tuple[str | None, TimeMark | None] | None:
    """Speaker and time of a line that only says who spoke; None when the line is words themselves."""
    if not any(word.text.strip() for word in words) or len(line.text) > 1500:
        return None
    match = _DASHED.match(line.text)
    if match is not None:
        speaker, mark = speaker_and_time(match[2], line.number)
        words_in_name = len((speaker or "").split())
        sure = match[1] is not None or words[-1].text.rstrip().endswith(_AFTER_QUOTE)
        if mark is not None and words_in_name <= 30:
            return speaker, mark
        return (speaker, None) if sure and 0 < words_in_name <= 16 else None
    marks = find_linked_times(line.text, line.number)
    if marks and not starts_quoted(line.text):
        speaker, mark = speaker_and_time(line.text, line.number)
        if len((speaker or "").split()) <= 8:
            return speaker, mark
    return None


def _inline_attribution(line: Line) -> tuple[str, str | None, TimeMark | None] | None:
    """Split ``"words" — Name, [0:16](url)``; None when the line has no attribution at its end."""
    text = line.text
    for match in reversed(list(_INLINE.finditer(text[:20_000]))):
        speaker, mark = speaker_and_time(text[match.end() :], line.number)
        named = speaker and len(speaker.split()) <= 10 and (_is_name(speaker) or _is_handle(text, speaker))
        if mark is not None or named:
            said = text[: match.start()] + match[1][: len(match[1]) - len(match[1].lstrip("*_"))]
            if mark is None:
                said, mark = _time_beside(said, line.number)
            return said, speaker, mark
    for match in _SENTENCE_THEN_NAME.finditer(text[:20_000]):
        speaker = plain(text[match.end() :])
        if (
            len(speaker.split()) <= 4
            and _is_name(speaker)
            and speaker[-1].isalpha()
            and "http" not in speaker
        ):
            return text[: match.start()], speaker, None
    if "](" in text:
        for match in reversed(list(_INLINE_BARE.finditer(text[:20_000]))):
            speaker, mark = speaker_and_time(text[match.end() :], line.number)
            if mark is not None and mark.linked and len((speaker or "").split()) <= 10:
                return text[: match.start()], speaker, mark
    return None


def _time_beside(text: str, line: int) -> tuple[str, TimeMark | None]:
    """Take a linked time off the beginning or the end of quoted words."""
    marks = find_linked_times(text, line) if "](" in text else []
    if len(marks) != 1 or (text[: marks[0].begin].strip(" \t([") and text[marks[0].end :].strip(" \t)]:–—-")):
        return text, None
    return _without_marks(text, line), marks[0]


def _is_name(text: str) -> bool:
    return text[:1].isupper() or text[:1] == "@" or not text[:1].isascii()


_GOING_ON = frozenset(
    {
        "and", "but", "or", "so", "then", "which", "who", "that", "because", "the", "a", "an", "he", "she", "it", "they", "we", "i",
        "you", "in", "on", "at", "from", "is", "was", "are", "were", "said", "says", "as", "if", "when", "while", "with", "for", "to",
        "not", "no", "this", "these", "his", "her", "their", "its", "my", "our", "your", "there", "here", "all", "just", "even",
    }
)  # fmt: skip
"""Words by which a sentence goes on behind a dash."""


def _is_handle(text: str, speaker: str) -> bool:
    """Whether a speaker in small letters stands behind words that are quoted as a whole: ``"Words." — shafu``."""
    return starts_quoted(text) and speaker.split()[0].lower().strip(",.'’") not in _GOING_ON


def speaker_and_time(text: str, line: int) -> tuple[str | None, TimeMark | None]:
    """Read ``Name, [0:16](url)``: who and when. The speaker is kept as written, without the time around it."""
    marks = find_linked_times(text, line) or [
        mark for mark in find_times(text, line) if mark.boxed or not text[mark.end :].strip(" .)*_")
    ]
    mark = marks[0] if marks else None
    if len(marks) > 1 and mark is not None and mark.end_ms is None and marks[1].video_id == mark.video_id:
        between = text[mark.end : marks[1].begin].strip()
        if between in ("-", "–", "—", "to", "→") and marks[1].start_ms > mark.start_ms:
            mark = TimeMark(
                mark.begin,
                mark.end,
                mark.start_ms,
                marks[1].start_ms,
                mark.video_id,
                mark.linked,
                mark.boxed,
                mark.problem,
            )
    for found in reversed([item for item in marks if item.linked] or marks[:1]):
        text = text[: found.begin] + text[found.end :]
    name = _EMPTY_BRACKETS.sub("", plain(text.replace("<cite>", "").replace("</cite>", "")))
    name = " ".join(name.split()).strip(_NOT_OF_NAME).rstrip("@").removesuffix(" at").strip(" ,;:(")
    if name.count(")") > name.count("("):
        name = name.rstrip(") ,")
    return (name or None), mark


_NOT_OF_NAME = " ,;:|–—―-*_~≈，、：；"


def _without_marks(text: str, line: int) -> str:
    for mark in reversed(find_linked_times(text, line)):
        text = text[: mark.begin] + text[mark.end :]
    return _EMPTY_BRACKETS.sub("", text).strip(" \t—–-:")


def read_quoted_item(text: str, line: int) -> Said | None:
    """A quote written as a list item or a paragraph of its own; None when the text is no quote."""
    inline = _inline_attribution(Line(line, text))
    if inline is not None:
        before = _speaker_before(inline[0])
        said = _QUOTED_PART.search(inline[0])
        if said is not None:
            return Said(
                unquoted(plain(inline[0] if not before[0] else before[1])),
                inline[1] or before[0],
                inline[2],
                line,
            )
    match = _QUOTED_PART.search(text[:20_000])
    if match is None:
        return None
    before_text, after = text[: match.start()], text[match.end() :]
    outside = f"{before_text} {after}"
    speaker, mark = speaker_and_time(outside, line)
    if len((speaker or "").split()) > 8:
        return None
    return Said(unquoted(plain(match[0])), speaker, mark, line)
