"""What stands inside a line of Markdown: links, times, emphasis, quotation marks."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from viewer.domain.note import Problem
from viewer.domain.timestamp import format_timestamp, parse_timestamp
from viewer.domain.video import Address, parse_address
from viewer.formats.problems import problem

CLOCK = r"\d{1,4}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
"""A time as people write it, as a regular expression without groups."""

_DASH = r"(?:\s*(?:-->|[-–—‐‑−→]|to)\s*)"
_URL = r"<?((?:[^()\s<>]|\([^()\s]{0,300}\)){1,2000})>?"
_TITLE = r"(?:[ \t]+\"[^\"\n]{0,300}\")?"

LINK = re.compile(r"\[((?:[^\[\]\n\\]|\\[^\n]){0,400})\]\(" + _URL + _TITLE + r"\)")
"""A Markdown link: label, address. Bounded, so that a line of brackets costs linear time."""

_PICTURE_LINK = re.compile(
    r"\[!\[([^\[\]\n]{0,300})\]\(" + _URL + _TITLE + r"\)\](?:\(" + _URL + _TITLE + r"\))?"
)
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,300})\]\(" + _URL + _TITLE + r"\)")
_WIKI = re.compile(r"!?\[\[([^\[\]\n|]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\]")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,2000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,1000})(?<=[^\s*])\*(?![\w*])")
_UNDERSCORED = re.compile(r"(?<![\w\\])_(?=[^\s_])([^_\n]{1,1000})(?<=[^\s_])_(?!\w)")
_CODE = re.compile(r"`([^`\n]{1,1000})`")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>])")
_LABEL_TIME = re.compile(rf"\s*\\?[\[(]?\s*({CLOCK})(?:{_DASH}({CLOCK}))?\s*\\?[\])]?\s*\Z")

TIME_TOKEN = re.compile(
    # a link whose label is a time, perhaps in round or escaped brackets
    rf"\(?\[\\?\[?\s*(?P<label>{CLOCK})(?:{_DASH}(?P<label_end>{CLOCK}))?\s*\\?\]?\]\({_URL}\)\)?"
    # [0:00], (0:00), \[00:04:01.06\]
    rf"|\\?[\[(]\s*(?P<boxed>{CLOCK})(?:{_DASH}(?P<boxed_end>{CLOCK}))?\s*\\?[\])]"
    # 0:00
    rf"|(?<![\w:.,/])(?P<bare>{CLOCK})(?:{_DASH}(?P<bare_end>{CLOCK}))?(?!\w|:\d|[.,]\d)"
)
"""Any way in which a line names a time."""


@dataclass(frozen=True, slots=True)
class TimeMark:
    """A time found in a line: where it stands in it, what it says, and which video its link names.

    ``linked`` tells a link (a sure sign of a time in the video) from bare digits (which may be a time of day).
    ``problem`` is set when label and link disagree; ``start_ms`` is then the link's.
    """

    begin: int
    end: int
    start_ms: int
    end_ms: int | None = None
    video_id: str | None = None
    linked: bool = False
    boxed: bool = False
    problem: Problem | None = None


def time_mark(match: re.Match[str], line: int | None) -> TimeMark | None:
    """The time in a match of :data:`TIME_TOKEN`; None when it is none (``9:75``) or its link leads elsewhere."""
    if match["label"] is not None:
        return _linked(match.start(), match.end(), match["label"], match["label_end"], match[3], line)
    boxed = match["boxed"] is not None
    start = parse_timestamp(match["boxed"] if boxed else match["bare"])
    if start is None:
        return None
    end_text = match["boxed_end"] if boxed else match["bare_end"]
    return TimeMark(match.start(), match.end(), start, _range_end(start, end_text), boxed=boxed)


def _range_end(start: int, text: str | None) -> int | None:
    end = parse_timestamp(text) if text else None
    return end if end is not None and end > start else None


def _linked(
    begin: int, end: int, label: str, label_end: str | None, url: str, line: int | None
) -> TimeMark | None:
    said = parse_timestamp(label)
    address = parse_address(url)
    if address is None:
        # A link to no video: a label that is a time is still one.
        return TimeMark(begin, end, said, _range_end(said, label_end)) if said is not None else None
    start, disagreement = said, None
    if address.start_ms is not None:
        start = address.start_ms
        if said is not None and said // 1000 == start // 1000:
            start = said
        elif said is not None:
            message = f"The time {label} links to {format_timestamp(start)}; the link was believed."
            disagreement = problem("time-disagrees", line, message)
    if start is None:
        return None
    return TimeMark(
        begin, end, start, _range_end(start, label_end), video_id_of(address), True, problem=disagreement
    )


def video_id_of(address: Address) -> str:
    """The id of the video that a link names. Another site's ``t=`` is taken out: one video, not one for each second."""
    if address.video.is_youtube or address.start_ms is None:
        return address.video.id
    base, _, query = address.video.id.partition("?")
    kept = [part for part in query.split("&") if part and part.split("=", 1)[0] not in _PLACE]
    return f"{base}?{'&'.join(kept)}" if kept else base


_PLACE = frozenset({"t", "start", "time_continue"})


def find_times(text: str, line: int | None, *, limit: int = 4000) -> list[TimeMark]:
    """The times named in the first ``limit`` letters of ``text``, in order."""
    if ":" not in text:
        return []
    marks = (time_mark(match, line) for match in TIME_TOKEN.finditer(text, 0, limit))
    return [mark for mark in marks if mark is not None]


def find_linked_times(text: str, line: int | None) -> list[TimeMark]:
    """Links into a video in ``text``: those labelled with a time, and others whose address names a place."""
    marks = []
    for match in LINK.finditer(text):
        label = _LABEL_TIME.match(match[1])
        address = parse_address(match[2])
        if address is None or (label is None and address.start_ms is None):
            continue
        if label is not None:
            mark = _linked(match.start(), match.end(), label[1], label[2], match[2], line)
        else:
            mark = TimeMark(
                match.start(), match.end(), address.start_ms or 0, None, video_id_of(address), True
            )
        if mark is not None:
            marks.append(mark)
    return marks or _bare_times(text)


def _bare_times(text: str) -> list[TimeMark]:
    """Addresses that stand in the text without a label, as far as they name a place in a video of YouTube."""
    if "http" not in text or "](" in text:
        return []
    marks = []
    for match in _BARE_ADDRESS.finditer(text):
        address = parse_address(match[1].rstrip(".,;:!?"))
        if address is not None and address.video.is_youtube and address.start_ms is not None:
            marks.append(TimeMark(match.start(), match.end(), address.start_ms, None, address.video.id, True))
    return marks


def first_address(text: str) -> Address | None:
    """The first video address in ``text``, in a link or bare; None when there is none (pictures do not count)."""
    for match in _ADDRESS.finditer(text):
        address = parse_address(match[0].rstrip(".,;:!?"))
        if address is not None and address.video.is_youtube:
            return address
    return None


_BARE_ADDRESS = re.compile(r"<?(https?://[^\s\"'<>()\[\]`]{4,2000})>?")
_ADDRESS = re.compile(r"https?://[^\s\"'<>()\[\]`]{4,2000}")


def picture_in(line: str) -> tuple[str, str | None] | None:
    """The picture that a line shows and where a click on it leads; None when the line has none."""
    match = _PICTURE_LINK.search(line)
    if match is not None:
        return match[2], match[3]
    match = _PICTURE.search(line)
    return (match[2], None) if match is not None else None


def without_pictures(line: str) -> str:
    """The line without its pictures, those that are links included."""
    return _PICTURE.sub("", _PICTURE_LINK.sub("", line)) if "![" in line else line


def plain(text: str) -> str:
    """The words of a piece of Markdown as a reader sees them: no emphasis marks, links as their labels."""
    if "[" in text:
        text = _WIKI.sub(lambda match: match[2] or match[1], text)
        text = _PICTURE.sub(lambda match: match[1], text) if "![" in text else text
        text = LINK.sub(lambda match: match[1], text)
    if "*" in text or "__" in text:
        text = _STRONG.sub(r"\2", text)
        text = _EMPHASIS.sub(r"\1", text)
    if "_" in text:
        text = _UNDERSCORED.sub(r"\1", text)
    if "`" in text:
        text = _CODE.sub(r"\1", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text)
    return text.strip()


_OPENING = '"“„«‹「『＂'
_CLOSING = {
    '"': '"', "＂": "＂", "“": "”", "„": "“”", "«": "»", "‹": "›", "「": "」", "『": "』",
}  # fmt: skip


def unquoted(text: str) -> str:
    """The text without the quotation marks around the whole of it (or around each of its paragraphs).

    ``"A" and "B"`` keeps its marks: the first and the last are not a pair.
    """
    text = text.strip()
    paragraphs = text.split("\n\n")
    if len(paragraphs) > 1:
        bare = [_unwrapped(paragraph) for paragraph in paragraphs]
        if all(part is not None for part in bare):
            return "\n\n".join(part for part in bare if part is not None)
        if (
            all(part[:1] == text[0] and text[0] in _OPENING for part in paragraphs)
            and text[-1] in _CLOSING[text[0]]
        ):
            # An old habit: every paragraph opens with a mark, only the last one closes.
            return "\n\n".join(part[1:] for part in text[:-1].split("\n\n")).strip()
    whole = _unwrapped(text)
    return text if whole is None else whole


def _unwrapped(text: str) -> str | None:
    if len(text) < 3 or text[0] not in _OPENING or text[-1] not in _CLOSING[text[0]]:
        return None
    opening, closing, inside = text[0], text[-1], text[1:-1]
    if opening != closing:
        depth = 0
        for letter in inside:
            depth += (letter == opening) - (letter == closing)
            if depth < 0:
                return None
        return inside.strip()
    place = inside.find(opening)
    if place > 0 and not inside[place - 1].isspace() and inside[place - 1] not in "([{—–-":
        after = inside[place + 1 : place + 2]
        if not after or after.isspace() or after in ".,;:!?)—–-":
            # The first mark inside closes: the outer marks belong to two different quotations.
            return inside.strip() if inside.count(opening) == 1 else None
    return inside.strip()


def starts_quoted(text: str) -> bool:
    """Whether the text begins with a quotation mark."""
    return text.lstrip()[:1] in _OPENING if text.strip() else False


def quote_is_open(text: str) -> bool:
    """Whether the text begins with a quotation mark that is not closed in it."""
    text = text.strip()
    if not text or text[0] not in _OPENING:
        return False
    closing = _CLOSING[text[0]]
    if text[0] in closing:
        return text.count(text[0]) % 2 == 1
    return not any(letter in text for letter in closing)
