"""One highlight: a heading with its picture, its clip command, and the quote with speaker and time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from viewer.domain.note import ClipCommand, Highlight, Problem
from viewer.domain.video import parse_address
from viewer.formats.clip_command import is_clip_command, parse_clip_command
from viewer.formats.inline import (
    TimeMark,
    find_linked_times,
    find_times,
    first_address,
    picture_in,
    plain,
    starts_quoted,
    video_id_of,
    without_pictures,
)
from viewer.formats.outline import LONGEST_LINE, Part
from viewer.formats.points import RULE
from viewer.formats.quotes import Line, Said, quote_blocks, read_block

_TAG = re.compile(r"[ \t]*</?(?:details|summary|p|div|center|br)\b[^>\n]{0,200}>[ \t]*", re.I)
_COMMAND_LABEL = re.compile(
    r"<summary\b[^>\n]{0,200}>[^<\n]{0,60}\b(?:clip|command|download|yt-dlp)\b[^<\n]{0,60}</summary>", re.I
)
"""The label of the folded clip command."""

_KIND = {
    "quote": "quote", "key quote": "quote", "speaker": "speaker", "said by": "speaker", "by": "speaker", "timestamp": "time",
    "timestamps": "time", "time": "time", "times": "time", "time range": "time",
}  # fmt: skip
_LABEL = re.compile(
    rf"[ \t]*(?:[-*+][ \t]+)?(?:\*\*|__)({'|'.join(_KIND)})(?::(?:\*\*|__)|(?:\*\*|__):)[ \t]*(?=\S)", re.I
)
"""``**Speaker:** Ann``: some notes say with labels what others say with an attribution."""

_BULLET = re.compile(r"\A[ \t]*[-*+][ \t]+(?=`?yt-dlp\b)")
_COMMAND_LIKE = re.compile(r"\byt-dlp\b[^\n]{0,2000}?[ \t]--[a-z]")
"""A line outside a fence that holds a command, whatever stands before it: judged, so that it is not passed over."""

_FENCE_MARK = re.compile(r"[ \t]*(?:`{3,}|~{3,})")
_SHELL_FENCE = re.compile(
    r"[ \t]*[`~]{3,}[ \t]*(?:bash|sh|shell|zsh|console|terminal|cmd|powershell)\b", re.I
)


@dataclass(slots=True)
class ReadHighlight:
    """A highlight and what its part held besides: problems, text that belongs to no rule, extra quotes."""

    highlight: Highlight
    problems: list[Problem] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    further: list[Highlight] = field(default_factory=list)
    """Further clips of the same heading: with its title, and nothing else."""


@dataclass(slots=True)
class _Pieces:
    commands: list[tuple[int, str]] = field(default_factory=list)
    quoted: list[Line] = field(default_factory=list)
    words: list[Line] = field(default_factory=list)
    picture: str | None = None
    link: str | None = None
    labels: dict[str, Line] = field(default_factory=dict)


def has_clip_command(part: Part) -> bool:
    """Whether a part holds a clip command, sound or not."""
    return any(
        ("yt-dlp" in line or "youtube-dl" in line) and is_clip_command(line.strip().strip("`"))
        for line in part.lines
    )


def names_video_to_clip(part: Part) -> bool:
    """Whether a clip command in a part names a video: a guide to yt-dlp writes ``URL`` or ``$URL`` in its place."""
    return any("yt-dlp" in line and first_address(line[:LONGEST_LINE]) is not None for line in part.lines)


_TITLE_LINE = re.compile(
    r"[ \t]*(?:[-*+•][ \t]+|\d{1,3}[.)][ \t]+)?(?:\*\*|__)(?=\S)[^\n]{1,300}\Z|\d{1,3}[.)][ \t]+\S[^\n]{0,300}\Z"
)


def one_clip_each(part: Part) -> list[Part]:
    """A part with several clip commands, each below a line that titles it (in bold, or numbered), as parts of their own.

    What stands above the first title stays under the part's heading. ``[part]`` where there is nothing to divide.
    """
    commands = [row for row, line in enumerate(part.lines) if is_clip_command(line.strip().strip("`"))]
    if len(commands) < 2:
        return [part]
    starts: list[int] = []
    for command in commands:
        above = starts[-1] if starts else -1
        titles = [
            row
            for row in range(above + 1, command)
            if _TITLE_LINE.match(part.lines[row]) and row not in part.fenced
        ]
        first = next((row for row in titles if not starts or row > commands[len(starts) - 1]), None)
        if first is None or _LABEL.match(part.lines[first]):
            return [part]
        starts.append(first)
    pieces = [replace(part, lines=part.lines[: starts[0]], fenced=frozenset())]
    for begin, end in pairwise([*starts, len(part.lines)]):
        title = re.sub(r"\A[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+", "", part.lines[begin]).strip()
        fenced = frozenset(row - begin - 1 for row in part.fenced if begin < row < end)
        line = part.first + begin
        pieces.append(Part(part.level + 1, title, line, line + 1, part.lines[begin + 1 : end], fenced))
    return pieces


def read_highlight(part: Part, video_id: str | None) -> ReadHighlight:
    """Read the part below a highlight's heading. ``video_id`` is the video meant where no link says otherwise."""
    pieces = _sorted(part)
    problems: list[Problem] = []
    clip, further, refused = _clips(pieces, problems)
    said, others = _said(pieces)
    said, unused = _labelled(pieces.labels, said)
    title, mark = _title(part)
    marks = [item.mark for item in said if item.mark is not None] + ([mark] if mark else [])
    problems.extend(mark.problem for mark in marks if mark.problem is not None)
    time = marks[0] if marks else None
    start, end, video = _segment(clip, time, pieces.link, video_id)
    text = "\n\n".join(item.text for item in said if item.text) or None
    speakers = dict.fromkeys(item.speaker for item in said if item.speaker)
    highlight = Highlight(
        title=title or _shortened(text or ""),
        quote=text,
        speaker=" & ".join(speakers) or None,
        video_id=video,
        start_ms=start,
        end_ms=end,
        clip=clip,
        picture_url=pieces.picture,
        line=part.line,
    )
    more = [
        Highlight(
            highlight.title, None, None, item.video.id, item.start_ms, item.end_ms, item, line=item.line
        )
        for item in further
    ]
    return ReadHighlight(highlight, problems, others + unused + refused, more)


def _segment(
    clip: ClipCommand | None, time: TimeMark | None, link: str | None, video_id: str | None
) -> tuple[int | None, int | None, str | None]:
    if clip is not None:
        return clip.start_ms, clip.end_ms, clip.video.id
    if time is not None:
        return time.start_ms, time.end_ms, time.video_id or video_id
    address = parse_address(link) if link else None
    if address is not None:
        return address.start_ms, None, video_id_of(address)
    return None, None, video_id


def _sorted(part: Part) -> _Pieces:
    """Sort the part's lines into commands, quoted lines and others; what only decorates is dropped."""
    pieces = _Pieces()
    row, lines = 0, part.lines
    while row < len(lines):
        line, number = lines[row], part.first + row
        if row in part.fenced:
            end = row
            while end + 1 < len(lines) and end + 1 in part.fenced and not _closes(lines[end], end, row):
                end += 1
            _sort_fence(pieces, part, row, end)
            row = end + 1
            continue
        row += 1
        if len(line) > LONGEST_LINE:
            pieces.words.append(Line(number, line))
            continue
        bare = _BULLET.sub("", line).strip().strip("`")
        if is_clip_command(bare) or ("yt-dlp" in bare and _COMMAND_LIKE.search(bare)):
            while bare.endswith("\\") and row < len(lines):
                bare, row = f"{bare}\n{lines[row].strip().rstrip('`')}", row + 1
            pieces.commands.append((number, bare))
            continue
        _sort_line(pieces, line, number)
    return pieces


def _closes(line: str, row: int, start: int) -> bool:
    return row > start and _FENCE_MARK.match(line) is not None


def _sort_fence(pieces: _Pieces, part: Part, start: int, end: int) -> None:
    inside = part.lines[start + 1 : end]
    words = [row for row, line in enumerate(inside) if line.strip()]
    # Whatever stands in a shell block of a highlight is meant as its command, and is judged as one.
    if words and (_SHELL_FENCE.match(part.lines[start]) or any("yt-dlp" in line for line in inside)):
        text = "\n".join(inside[words[0] : words[-1] + 1])
        pieces.commands.append((part.first + start + 1 + words[0], text))
    else:
        pieces.words.extend(Line(part.first + row, part.lines[row]) for row in range(start, end + 1))


def _sort_line(pieces: _Pieces, line: str, number: int) -> None:
    if "![" in line:
        shown = picture_in(line)
        if shown is not None and pieces.picture is None:
            # A further picture stays in the text.
            pieces.picture, pieces.link = shown
            line = without_pictures(line)
    if "<" in line and _TAG.search(line):
        line = _TAG.sub(" ", _COMMAND_LABEL.sub(" ", line))
    if line.lstrip().startswith(">"):
        pieces.quoted.append(Line(number, line))
    elif (label := _LABEL.match(line)) is not None and _KIND[label[1].lower()] not in pieces.labels:
        pieces.labels[_KIND[label[1].lower()]] = Line(number, line[label.end() :].strip())
    elif not RULE.match(line):
        pieces.words.append(Line(number, line))


def _clips(
    pieces: _Pieces, problems: list[Problem]
) -> tuple[ClipCommand | None, list[ClipCommand], list[str]]:
    """The first sound clip and the further ones; refused commands are kept as text, so that they can be seen."""
    clips: dict[tuple[str, int, int], ClipCommand] = {}
    others: list[str] = []
    for number, text in pieces.commands:
        parsed = parse_clip_command(text, number)
        if isinstance(parsed, Problem):
            problems.append(parsed)
            others.extend(("```", text, "```"))
        elif (what := (parsed.video.id, parsed.start_ms, parsed.end_ms)) not in clips:
            clips[what] = parsed
        else:
            others.extend(("```", text, "```"))
    found = list(clips.values())
    return (found[0] if found else None), found[1:], others


def _said(pieces: _Pieces) -> tuple[list[Said], list[str]]:
    """The quotes of a highlight and the lines that are none. An attribution may stand below its block quote."""
    said = [item for block in quote_blocks(pieces.quoted) for item in read_block(block)]
    paragraphs = _paragraphs(pieces.words)
    others: list[str] = []
    for paragraph in paragraphs:
        if said and said[-1].speaker is None and said[-1].mark is None:
            found = read_block([Line(said[-1].line, said[-1].text), *paragraph])
            if len(found) == 1 and (found[0].speaker or found[0].mark) and found[0].text == said[-1].text:
                said[-1] = found[0]
                continue
        if not pieces.quoted and _is_quotation(paragraph):
            said.extend(read_block(paragraph))
            continue
        others.extend([*(line.text for line in paragraph), ""])
    return said, others


def _labelled(labels: dict[str, Line], said: list[Said]) -> tuple[list[Said], list[str]]:
    """The quote with what labelled lines say of it, and the labelled lines that say nothing new of it."""
    quote, speaker, time = (labels.get(name) for name in ("quote", "speaker", "time"))
    left: list[str] = []
    if quote is not None:
        if said:
            left.append(f"**Quote:** {quote.text}")
        else:
            said = read_block([quote])
    name = plain(speaker.text) if speaker is not None else None
    marks = (
        find_linked_times(time.text, time.number) or find_times(time.text, time.number)
        if time is not None
        else []
    )
    first = said[0] if said else None
    if name and first is not None and first.speaker not in (None, name):
        left.append(f"**Speaker:** {name}")
    if time is not None and (not marks or any(map(str.isalpha, _beside(time.text, marks)))):
        left.append(f"**Time:** {time.text}")
    if first is None:
        if name or marks:
            said = [Said("", name, marks[0] if marks else None, next(iter(labels.values())).number)]
        return said, left
    mark = first.mark or (marks[0] if marks else None)
    return [Said(first.text, first.speaker or name, mark, first.line), *said[1:]], left


def _beside(text: str, marks: list[TimeMark]) -> str:
    """What a line says besides its times."""
    for mark in reversed(marks):
        text = text[: mark.begin] + text[mark.end :]
    return text


_CLIP_TITLE = re.compile(r"\W{0,4}clip\W{0,3}\d{1,3}\b", re.I)


def is_numbered_clip(part: Part) -> bool:
    """Whether a part is a clip that an analysis proposes: ``## CLIP #1: Title`` with a line ``**Timestamp**: ...``."""
    if not _CLIP_TITLE.match(part.title):
        return False
    labels = (_LABEL.match(line) for line in part.lines[:20])
    return any(label is not None and _KIND[label[1].lower()] == "time" for label in labels)


def _paragraphs(lines: list[Line]) -> list[list[Line]]:
    paragraphs: list[list[Line]] = []
    previous = -2
    for line in lines:
        if not line.text.strip():
            continue
        if paragraphs and line.number == previous + 1:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        previous = line.number
    return paragraphs


def _is_quotation(paragraph: list[Line]) -> bool:
    return starts_quoted(paragraph[0].text.lstrip("*_ ")) or bool(
        len(paragraph) > 1 and paragraph[-1].text.lstrip().startswith(("—", "–", "--"))
    )


def _title(part: Part) -> tuple[str, TimeMark | None]:
    """The heading's words, and the time it names in a link or in brackets."""
    marks = find_linked_times(part.title, part.line) if "](" in part.title else []
    marks = marks or [
        mark
        for mark in find_times(part.title, part.line)
        if mark.boxed or not part.title[: mark.begin].strip("*_ ")
    ]
    if not marks:
        return plain(part.title), None
    mark = marks[0]
    label = part.title[mark.begin : mark.end]
    rest = f"{part.title[: mark.begin].rstrip(' ([-–—')} {part.title[mark.end :].lstrip(' )]-–—:')}".strip()
    return (plain(rest) or plain(label)), mark


def _shortened(text: str, length: int = 80) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "…"


def context_video(part: Part) -> str | None:
    """The video that a heading or the first lines below it name, for a note that speaks of many."""
    address = first_address(part.title) or first_address("\n".join(line[:2000] for line in part.lines[:6]))
    return address.video.id if address else None
