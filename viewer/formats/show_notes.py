"""Show notes: plain text with a publisher, a date, thematic headings, bullets and quotes; no Markdown, no times."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from viewer.domain.note import KeyPoint, Metadata, Note, NoteFormat, Problem, Quote, Section
from viewer.domain.video import VideoRef
from viewer.formats.assemble import in_order, with_title
from viewer.formats.inline import first_address, plain
from viewer.formats.metadata import parse_date
from viewer.formats.outline import LONGEST_LINE
from viewer.formats.part_lines import long_line_problems
from viewer.formats.points import BULLET
from viewer.formats.roles import Role, role_of
from viewer.formats.sentences import label_of, quoted_sentences

_HEADING_MARK = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+")
_NAMED_LINE = re.compile(
    r"(title|published|date|publisher|channel|podcast|show|source|by|author|host)[ \t]*:[ \t]*(\S.*)\Z", re.I
)
_LABEL_HEADING = re.compile(
    r"(?:key takeaways?|takeaways|key points|key insights|highlights|summary|conclusion|introduction|overview)[ \t]*:?\Z",
    re.I,
)
_QUOTE_LABELS = frozenset({"quote", "quotes", "quotation", "key quote", "notable quote", "direct quote"})
_LONGEST_HEADING = 120
_HEADER_LINES = 12


@dataclass(slots=True)
class _Block:
    """A paragraph or a bullet: its first line, its text, and whether blank lines stand around it."""

    line: int
    text: str
    bullet: bool = False
    depth: int = 0
    parts: list[str] = field(default_factory=list)


def looks_like_show_notes(text: str) -> bool:
    """Whether a text without front matter is show notes: a date, dotted bullets, headings without marks."""
    lines = [line for line in text[:60_000].split("\n") if line.strip() and len(line) <= LONGEST_LINE]
    if len(lines) < 4 or sum(1 for line in lines if _HEADING_MARK.match(line)) > 1:
        return False
    dotted = sum(1 for line in lines if line.lstrip()[:1] in "•●▪◦‣·■○" and BULLET.match(line))
    dashed = sum(1 for line in lines if line.lstrip()[:2] in ("- ", "* ", "– ") and BULLET.match(line))
    bullets = [match for match in (BULLET.match(line) for line in lines) if match]
    labelled = sum(1 for match in bullets if label_of(match.string[match.end() :])[0])
    quoted = sum(1 for match in bullets if match.string[match.end() :].lstrip()[:1] in '"“„«')
    score = 2 * any(_date_in(line) for line in lines[:6])
    score += 2 * (dotted >= 2) + (dashed >= 3)
    score += 2 * any(_LABEL_HEADING.match(line.strip()) for line in lines)
    score += (labelled >= 1) + (quoted >= 1)
    return len(bullets) >= 2 and score >= 4


def _date_in(line: str) -> datetime.date | None:
    """The date that a header line is or ends with (``a16z | October 8, 2025``)."""
    line = line.strip().strip("*_")
    if len(line) > 80:
        return None
    named = _NAMED_LINE.match(line)
    whole = parse_date(named[2] if named else line)
    if whole is not None:
        return whole
    for piece in re.split(r"\s+[|·•–—-]\s+", line):
        found = parse_date(piece)
        if found is not None:
            return found
    return None


def read_show_notes(text: str, name: str, problems: Sequence[Problem] = ()) -> Note:
    """Read show notes. Every block stays in a section; quotes and key points are found in them."""
    blocks = _blocks(text)
    header, rest = _header(blocks)
    metadata, opening = header
    reader = _Reader()
    reader.read(opening, rest)
    address = first_address(text[:200_000])
    videos: tuple[VideoRef, ...] = (address.video,) if address else ()
    video_id = videos[0].id if videos else None
    return Note(
        NoteFormat.SHOW_NOTES,
        with_title(metadata, reader.sections[0].title if reader.sections else "", name),
        videos,
        reader.summary,
        tuple(reader.sections),
        quotes=tuple(Quote(q.text, q.speaker, video_id, section=s, line=q.line) for q, s in reader.quotes),
        key_points=tuple(KeyPoint(title, words, video_id, line=line) for title, words, line in reader.points),
        problems=in_order([*problems, *long_line_problems(text, 1)]),
    )


def _blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    blank = True
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            blank = True
            continue
        match = BULLET.match(line) if len(line) <= LONGEST_LINE else None
        if match is not None:
            blocks.append(_Block(number, line[match.end() :].strip(), True, len(match[1].expandtabs(4))))
        elif not blank and blocks and (blocks[-1].bullet or len(line) > 60) and line[:1] in " \t":
            blocks[-1].text += f" {line.strip()}"
        else:
            blocks.append(_Block(number, line.strip()))
        blank = False
    return blocks


def _header(blocks: list[_Block]) -> tuple[tuple[Metadata, list[_Block]], list[_Block]]:
    """Publisher, date and title from the first short lines; then the opening paragraphs, then the rest."""
    short: list[_Block] = []
    for block in blocks[:_HEADER_LINES]:
        if (
            block.bullet
            or len(block.text) > 200
            or (len(block.text) > 90 and block.text.endswith((".", "!")))
        ):
            break
        if short and _LABEL_HEADING.match(block.text):
            break
        short.append(block)
    taken, title, channel, published = _header_lines(short, blocks)
    row = taken
    while row < len(blocks) and not blocks[row].bullet and not _is_heading(blocks, row):
        row += 1
    metadata = Metadata(plain(title), plain(channel) or None, published)
    return (metadata, blocks[taken:row]), blocks[row:]


def _header_lines(short: list[_Block], blocks: list[_Block]) -> tuple[int, str, str, datetime.date | None]:
    published: datetime.date | None = None
    names: list[tuple[_Block, str]] = []
    known: dict[str, str] = {}
    dated = -1
    taken = 0
    for row, block in enumerate(short):
        text = _HEADING_MARK.sub("", block.text)
        named = _NAMED_LINE.match(text)
        found = _date_in(text) if published is None else None
        if found is not None:
            published, dated = found, len(names)
            for piece in re.split(r"\s+[|·•–—-]\s+", named[2] if named else text):
                if parse_date(piece) is None and not named:
                    known.setdefault("channel", piece.strip())
        elif named is not None:
            kind = "title" if named[1].lower() == "title" else "channel"
            known.setdefault(kind, named[2].strip())
        elif len(names) + len(known) < 2 and not _opens_section(blocks, row, names, published):
            names.append((block, text))
        else:
            break
        taken = row + 1
    texts = [text for _, text in names]
    title = known.get("title", "")
    channel = known.get("channel", "")
    if not title and texts:
        # "Publisher / date / title" or "title / publisher / date": the line beside the date is the publisher.
        place = 1 if len(texts) > 1 and dated == 1 and not channel else 0
        if (
            len(texts) > 1
            and dated == 2
            and not channel
            and len(texts[1].split()) > 2 * len(texts[0].split())
        ):
            # "Publisher / title / date": nobody's name is so much longer than the title.
            place = 1
        title = texts.pop(min(place, len(texts) - 1))
    if not channel and texts:
        channel = texts.pop(0)
    return taken, title, channel, published


def _opens_section(
    blocks: list[_Block], row: int, names: list[tuple[_Block, str]], published: datetime.date | None
) -> bool:
    """Whether a short line already heads bullets: then it is no longer part of the header."""
    return bool(names) and row + 1 < len(blocks) and blocks[row + 1].bullet


def _is_heading(blocks: list[_Block], row: int) -> bool:
    """A short line without a full stop, with text below it."""
    block = blocks[row]
    text = block.text
    if block.bullet or len(text) > _LONGEST_HEADING or len(text.split()) > 16:
        return False
    if _HEADING_MARK.match(text) or _LABEL_HEADING.match(text):
        return True
    bare = text.rstrip("*_ ")
    if bare.endswith((".", "!", ",", ";")) or "http" in text or (text[:1] in '"“„«' and bare[-1:] in '"”“»'):
        return False
    _, _, tail = text.partition(": ")
    if tail and tail[:1].islower():
        return False
    if bare.endswith("Link") and tail:
        return False
    following = blocks[row + 1] if row + 1 < len(blocks) else None
    if following is None:
        # The last line of all: a heading of nothing is still better shown as one than as speech.
        return row > 0
    return following.bullet or len(following.text) > len(text)


class _Reader:
    """Sorts blocks into sections, and finds quotes and key points in them."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.quotes: list[tuple[Quote, str | None]] = []
        self.points: list[tuple[str, str, int]] = []
        self.summary: str | None = None

    def read(self, opening: list[_Block], rest: list[_Block]) -> None:
        """Read the opening paragraphs and everything below them."""
        if opening:
            self.summary = plain(opening[0].text)
            if len(opening) > 1:
                self._section("", 0, opening[1:], opening[1].line)
            for block in opening:
                self._quotes(block, None)
        row = 0
        title, level, line = "", 0, 1
        inside: list[_Block] = []
        while row < len(rest):
            if _is_heading(rest, row):
                if inside or level:
                    self._section(title, level, inside, line)
                mark = _HEADING_MARK.match(rest[row].text)
                title = plain(_HEADING_MARK.sub("", rest[row].text)).rstrip(":：").strip()
                level, line, inside = (mark[0].count("#") if mark else 2), rest[row].line, []
            else:
                inside.append(rest[row])
            row += 1
        if inside or level:
            self._section(title, level, inside, line)

    def _section(self, title: str, level: int, blocks: list[_Block], line: int) -> None:
        takeaways = role_of(title) is Role.KEY_POINTS
        pieces: list[str] = []
        previous = False
        for block in blocks:
            text = f"{'  ' * (block.depth > 3)}- {block.text}" if block.bullet else block.text
            pieces.append(text if not pieces else f"\n{text}" if previous and block.bullet else f"\n\n{text}")
            previous = block.bullet
            self._quotes(block, title or None)
            if block.bullet:
                self._point(block, takeaways)
        self.sections.append(Section(title, level, "".join(pieces), line))

    def _quotes(self, block: _Block, section: str | None) -> None:
        for quote in quoted_sentences(block.text, block.line):
            self.quotes.append((quote, section))

    def _point(self, block: _Block, takeaways: bool) -> None:
        label, text = label_of(block.text, longest=12 if takeaways else 7)
        if label.lower().split("(")[0].strip() in _QUOTE_LABELS:
            return
        if label:
            self.points.append((plain(label), plain(text), block.line))
        elif takeaways:
            self.points.append((plain(block.text), "", block.line))
