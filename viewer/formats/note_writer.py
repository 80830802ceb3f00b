"""A note as text, in the dialect of the sample notes: what the readers of this package read back equal.

Written are the metadata, the first video, the summary and other prose, key points with their times, and the
transcript as timed paragraphs. Titles and captions come from strangers and may hold anything: letters that would mean
something in Markdown are written as HTML entities, but only where they would, so that the usual text stays as it is.
Whatever is written is read back before it is given out; see :func:`write_note`.
"""

from __future__ import annotations

import html
import re
import string
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import frontmatter
import yaml

from viewer.domain.note import KeyPoint, Metadata, Note, NoteFormat
from viewer.domain.timestamp import format_timestamp
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import VideoRef, parse_address
from viewer.formats.cue_lines import PLAIN_SPEAKER, is_name
from viewer.formats.cues import read_cues
from viewer.formats.inline import plain
from viewer.formats.points import Item, read_point
from viewer.formats.registry import parse
from viewer.formats.roles import Role, role_of

LONGEST_TITLE = 120
"""Letters of a key point's title that are written; YouTube allows 100 for a chapter's."""

_MOST_TAGS = 100
_LEVELS = (0, 1, 2, 3)
"""How much is written as entities: what needs it, all marks of Markdown, all punctuation, all beyond ASCII too."""

_MARKS = frozenset("\\`*_[]<>&|~")
_PUNCTUATION = frozenset(string.punctuation)
_TITLE_EDGES = " :-–—\t"
_LEADING_TIME = re.compile(r"\W{0,4}(?:\d{1,2}:)?\d{1,3}:\d{2}\b")
_LIST_MARK = re.compile(r"(?:[-+*=~#>|`.)\]:_<&]|\d+[.)])")


def write_note(note: Note) -> str:
    """The text of a file for ``note``. Pure; reading it back gives :func:`settled` of the note.

    More and more is written as entities until that holds; prose that would still be read as something else is left out
    (a description may hold a whole note of its own).
    """
    wanted = settled(note)
    bare = replace(wanted, sections=(), summary=None)
    text = ""
    for candidate in (wanted, bare):
        for level in _LEVELS:
            text = _compose(candidate, level)
            if _carried(parse(text)) == _carried(wanted):
                return text
    return text


def settled(note: Note) -> Note:
    """``note`` as a file of this dialect can say it.

    Times are whole seconds. Each title, name and cue is one line, without control letters; a key point's title loses
    dashes and colons at its ends. A speaker whose name is not one that a reader would know as a name is left out, and
    so is a cue without words. Highlights, quotes and mentions are not written.
    """
    video = note.video
    cues = _settled_cues(note.transcript.cues, video)
    points = [
        KeyPoint(title, "", video.id if video else None, point.start_ms // 1000 * 1000)
        for point in note.key_points
        if point.start_ms is not None and (title := _short(_line(point.title).strip(_TITLE_EDGES)))
    ]
    return Note(
        NoteFormat.VIDEO_NOTE,
        _settled_metadata(note.metadata, video),
        (video,) if video else (),
        _prose(note.summary or "") or None,
        tuple(
            replace(section, title=_line(section.title), markdown=text)
            for section in note.sections
            if (text := _prose(section.markdown)) and role_of(section.title) is Role.OTHER
        ),
        key_points=tuple(points),
        transcript=Transcript(cues, "note", video.id if video and cues else None),
    )


def _settled_metadata(metadata: Metadata, video: VideoRef | None) -> Metadata:
    tags = (_tag(tag) for tag in metadata.tags[:_MOST_TAGS])
    categories = (_tag(category) for category in metadata.categories)
    picture = metadata.picture_url
    return replace(
        metadata,
        title=_line(metadata.title) or (video.id if video else ""),
        channel=_line(metadata.channel or "") or None,
        duration_ms=metadata.duration_ms or None,
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
        categories=tuple(dict.fromkeys(name for name in categories if name)),
        picture_url=picture if picture and re.fullmatch(r"https?://[!-~]+", picture) else None,
        extra=tuple((name, words) for name, text in metadata.extra if (words := _line(text))),
    )


def _settled_cues(cues: Iterable[Cue], video: VideoRef | None) -> tuple[Cue, ...]:
    found: list[Cue] = []
    start = 0
    for cue in cues:
        start = cue.start_ms // 1000 * 1000 if cue.start_ms is not None else start
        text = _line(cue.text)
        if text:
            found.append(Cue(start, None, _speaker(cue.speaker), text))
    return tuple(found)


def _speaker(name: str | None) -> str | None:
    """The name, where a cue's reader knows it as one."""
    words = _line(name or "")
    if not words or not is_name(words):
        return None
    read = read_cues([(1, f"**{words}:** [0:00] x", False)], None).cues
    return words if len(read) == 1 and (read[0].speaker, read[0].text) == (words, "x") else None


def _line(text: str) -> str:
    """One line without what no reader can take: controls, halves of letters, places that hold no letter."""
    return " ".join("".join(letter for letter in text if not _unwritable(letter)).split())


def _unwritable(letter: str) -> bool:
    point = ord(letter)
    if point < 0x80:
        return (point < 0x20 and not letter.isspace()) or point == 0x7F
    no_letter = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF or point == 0xFEFF
    return no_letter or (unicodedata.category(letter) in ("Cc", "Cs") and not letter.isspace())


def _tag(text: str) -> str:
    return _line(text).lstrip("#\"' ").rstrip("\"' ")


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip(_TITLE_EDGES) + "…"


def _prose(text: str) -> str:
    """Prose as its lines: without controls, and with one blank line at most between two others."""
    lines = [_line(line) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _carried(note: Note) -> tuple[object, ...]:
    """All that has to come back as it was. Prose counts by its headings: its words are for people."""
    metadata = note.metadata
    return (
        metadata.title,
        metadata.channel,
        metadata.published,
        metadata.duration_ms,
        metadata.view_count,
        metadata.tags,
        metadata.categories,
        metadata.picture_url,
        metadata.extra,
        note.videos,
        [(point.title, point.text, point.video_id, point.start_ms) for point in note.key_points],
        [(cue.start_ms, cue.speaker, cue.text) for cue in note.transcript.cues],
        note.transcript.video_id,
        (note.highlights, note.quotes, note.mentions, note.chapters),
    )


# --- letters ----------------------------------------------------------------------------------------------------


def _entity(letter: str) -> str:
    return html.escape(letter, quote=False) if letter in "&<>" else f"&#{ord(letter)};"


def _written(text: str, level: int) -> str:
    """``text`` so that Markdown shows it as it is; at level 0 untouched where that is so anyway."""
    if level == 0 and plain(text) == text and "`" not in text and "](" not in text:
        return text
    letters = _PUNCTUATION if level >= 2 else _MARKS
    return "".join(
        _entity(letter) if letter in letters or (level >= 3 and ord(letter) > 0x7F) else letter
        for letter in text
    )


def _best(text: str, level: int, reads_back: Callable[[str], bool]) -> str:
    """The least changed way of writing ``text`` that reads back, from ``level`` on."""
    written = text
    for each in range(level, _LEVELS[-1] + 1):
        written = _written(text, each)
        for attempt in (written, _first_as_entity(written)):
            if reads_back(attempt):
                return attempt
    return written


def _first_as_entity(text: str) -> str:
    return text if text[:1] == "&" or not text else _entity(text[0]) + text[1:]


# --- parts ------------------------------------------------------------------------------------------------------


def _compose(note: Note, level: int) -> str:
    title = note.metadata.title
    parts = []
    if role_of(title) is Role.OTHER and "http" not in title:
        # Elsewhere the heading would announce what the whole note holds; the front matter has the title anyway.
        parts.append(f"# {_written(title, level)}")
    if note.summary:
        parts.append(f"## Summary\n\n{_prose_lines(note.summary, level)}")
    for section in note.sections:
        parts.append(f"## {_written(section.title, level)}\n\n{_prose_lines(section.markdown, level)}")
    if note.key_points:
        lines = [_point_line(point, note.video, level) for point in note.key_points]
        parts.append("## Key Points\n\n" + "\n".join(lines))
    if note.transcript.cues:
        cues = [_cue_line(cue, note.video, level) for cue in note.transcript.cues]
        parts.append("## Transcript\n\n" + "\n\n".join(cues))
    post = frontmatter.Post("\n\n".join(parts))
    post.metadata = _front_values(note, level)
    text: str = frontmatter.dumps(post, Dumper=_Dumper, sort_keys=False, width=1_000_000)
    return text + "\n"


class _Quoted(str):
    """A text that is written between double quotes, as the samples write titles."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """PyYAML's own, with lists indented as the samples have them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_quoted(dumper: yaml.SafeDumper, text: _Quoted) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')


_Dumper.add_representer(_Quoted, _represent_quoted)


def _front_values(note: Note, level: int) -> dict[str, Any]:
    """The front matter's keys in the samples' order; None where there is nothing to say is left out."""
    metadata, video = note.metadata, note.video
    duration = metadata.duration_ms
    values: dict[str, Any] = {
        "video_id": video.id if video and video.is_youtube else None,
        "title": _Quoted(_written(metadata.title, level)),
        "channel": _written(metadata.channel, level) if metadata.channel else None,
        "duration": (duration // 1000 if duration % 1000 == 0 else duration / 1000) if duration else None,
        "duration_formatted": _Quoted(format_timestamp(duration)) if duration else None,
        "view_count": metadata.view_count,
        "upload_date": metadata.published,
        "url" if video is None or video.is_youtube else "video_url": video.url if video else None,
        "thumbnail": metadata.picture_url,
        "tags": [_written(tag, level) for tag in metadata.tags] or None,
        "categories": [_written(name, level) for name in metadata.categories] or None,
    }
    values.update(metadata.extra)
    return {name: value for name, value in values.items() if value is not None}


def _link(start_ms: int, video: VideoRef | None) -> str:
    """``[0:16](address)``; without the address where that could name another place."""
    label = f"[{format_timestamp(start_ms)}]"
    if video is None:
        return label
    url = video.url_at(start_ms)
    address = parse_address(url)
    sound = address is not None and address.video == video and not re.search(r"[()\s]", url)
    return f"{label}({url})" if sound and (video.is_youtube or address.start_ms is None) else label  # type: ignore[union-attr]


def _point_line(point: KeyPoint, video: VideoRef | None, level: int) -> str:
    def whole(title: str) -> str:
        return f"**{title}** ({_link(point.start_ms or 0, video)})"

    def reads_back(title: str) -> bool:
        if _LEADING_TIME.match(title):
            return False
        read = read_point(Item(1, whole(title)))
        return (read.name, read.text) == (point.title, "") and read.mark is not None

    return f"- {whole(_best(point.title, level, reads_back))}"


def _cue_line(cue: Cue, video: VideoRef | None, level: int) -> str:
    speaker = f"**{_written(cue.speaker, 0)}:** " if cue.speaker else ""
    begin = f"{speaker}{_link(cue.start_ms or 0, video)} "
    said = PLAIN_SPEAKER.match(cue.text) if not speaker else None

    def reads_back(text: str) -> bool:
        read = read_cues([(1, begin + text, False)], None).cues
        return [(one.start_ms, one.speaker, one.text) for one in read] == [
            (cue.start_ms, cue.speaker, cue.text)
        ]

    if said is not None:
        # "Name: text" would be a speaker as soon as it comes again.
        colon = re.search(r"[:：]", cue.text)
        place = colon.start() if colon else 0
        head = _written(cue.text[:place], level) + _entity(cue.text[place])
        rest = cue.text[place + 1 :]
        for each in range(level, _LEVELS[-1] + 1):
            text = head + _written(rest, each)
            if reads_back(text):
                return begin + text
    return begin + _best(cue.text, level, reads_back)


def _prose_lines(text: str, level: int) -> str:
    """Prose of a stranger's: nothing in it can begin a heading, a list, a quote or a transcript."""
    lines = []
    for line in text.split("\n"):
        if _LEADING_TIME.match(line):
            # A list of chapters: the key points have them.
            continue
        written = _written(line, level) if level else line.replace("<", "&lt;")
        lines.append(_first_as_entity(written) if _LIST_MARK.match(written) else written)
    # Two blanks at its end keep a line's end, where Markdown would join the next one to it.
    kept = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip().split("\n")
    return "\n".join(
        f"{line}  " if line and row + 1 < len(kept) and kept[row + 1] else line
        for row, line in enumerate(kept)
    )
