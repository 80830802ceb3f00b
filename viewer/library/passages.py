"""A note as rows for the index: its entry, and every passage that a search can find. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from viewer.domain.note import Note

TITLE, HIGHLIGHT, QUOTE, POINT, MENTION, CHAPTER, SUMMARY, SECTION, TRANSCRIPT = range(9)
KIND_NAMES = (
    "title",
    "highlight",
    "quote",
    "point",
    "mention",
    "chapter",
    "summary",
    "section",
    "transcript",
    "mark",
)
"""The kinds of passages, by number. The first ones rank highest; the names are part of the JSON schema."""

MARK = 9
"""The user's own marks: not in the index, but found and ranked with what is."""

LAST_HEAD = CHAPTER
"""Kinds up to this one are *heads*: few, short, and looked at before all running text."""

TABLES = ("titles", "highlights", "heads", "body", "about")
"""The full-text tables, in the order in which they are searched: of a common word only the first rows are ranked.

The last holds, with the row of a note's title, what is known about the note as a whole: see :func:`about`.
"""


def table_of(kind: int) -> str:
    """In which of TABLES the passages of a kind are."""
    if kind <= HIGHLIGHT:
        return TABLES[kind]
    return "heads" if kind <= LAST_HEAD else "body"


def about(title: str, channel: str | None, speakers: Iterable[str], tags: Iterable[str]) -> str:
    """What finds a note besides its passages: whoever made it, speaks in it, and what it is filed under."""
    return "\n".join((title, channel or "", *speakers, *tags))


_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,400})\]\([^()\n]{0,800}\)")
_EMPHASIS = re.compile(r"\*\*|__|`+|(?<=\n)#{1,6} |\A#{1,6} |(?<=\n)> ?")
_LONGEST = 1500
"""Characters after which running text is cut into a further passage, at a line's or word's end."""

_LARGEST = 2**62


class Passage(NamedTuple):
    """One findable piece of text. ``video`` is a place in the row's ``video_ids``; times in ms."""

    kind: int
    speaker: str | None
    video: int | None
    start_ms: int | None
    end_ms: int | None
    text: str
    clip: int = 0


@dataclass(frozen=True, slots=True)
class NoteRows:
    """Everything the index keeps of one note. Plain values only: it crosses process borders.

    ``video_ids`` begins with the note's own videos; ``own_videos`` says how many those are.
    """

    title: str
    channel: str | None
    published: str | None
    duration_ms: int | None
    format: str
    video_ids: tuple[str, ...]
    own_videos: int
    tags: tuple[str, ...]
    speakers: tuple[tuple[str, int], ...]
    counts: tuple[int, ...]
    passages: tuple[Passage, ...]
    mentions: tuple[tuple[str, str, int | None, int | None], ...]
    siblings: tuple[str, ...] = ()
    fingerprint: bytes = b""


COUNT_NAMES = ("highlights", "quotes", "key_points", "mentions", "cues", "clips", "sections", "problems")
"""What ``NoteRows.counts`` counts, in order."""


def counts_of(note: Note) -> tuple[int, ...]:
    """The note's counts in the order of :data:`COUNT_NAMES`."""
    return (
        len(note.highlights),
        len(note.quotes),
        len(note.key_points),
        len(note.mentions),
        len(note.transcript.cues),
        sum(1 for item in note.highlights if item.clip is not None),
        len(note.sections),
        len(note.problems),
    )


def clean(text: str) -> str:
    """The text in one normal form (NFC) and without lone surrogates, which no database takes."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text


def _number(value: int | None) -> int | None:
    """An integer that a database column holds."""
    return value if value is None or -_LARGEST < value < _LARGEST else None


class _Videos:
    """Numbers the videos a note's parts speak of."""

    def __init__(self, note: Note) -> None:
        self.numbers = {video.id: number for number, video in enumerate(note.videos)}
        self.default = 0 if note.videos else None

    def number(self, video_id: str | None) -> int | None:
        if video_id is None:
            return self.default
        return self.numbers.setdefault(video_id, len(self.numbers))


def rows_of(note: Note, siblings: tuple[str, ...] = (), fingerprint: bytes = b"", name: str = "") -> NoteRows:
    """The rows of one note. ``name`` is the title of a note that has none."""
    videos = _Videos(note)
    meta = note.metadata
    passages = list(_passages(note, videos, name))
    speakers: dict[str, int] = {}
    for passage in passages:
        if passage.speaker:
            speakers[passage.speaker] = speakers.get(passage.speaker, 0) + 1
    return NoteRows(
        title=clean(meta.title or name),
        channel=clean(meta.channel) if meta.channel else None,
        published=meta.published.isoformat() if meta.published else None,
        duration_ms=_number(meta.duration_ms),
        format=note.format.value,
        video_ids=tuple(clean(video_id) for video_id in videos.numbers),
        own_videos=len({video.id for video in note.videos}),
        tags=tuple(dict.fromkeys(clean(tag) for tag in (*meta.tags, *meta.categories))),
        speakers=tuple(speakers.items()),
        counts=counts_of(note),
        passages=tuple(passages),
        mentions=tuple(
            (clean(item.kind), clean(item.name), _number(item.start_ms), videos.number(item.video_id))
            for item in note.mentions
        ),
        siblings=siblings,
        fingerprint=fingerprint,
    )


def _passages(note: Note, videos: _Videos, name: str) -> Iterator[Passage]:
    title = note.metadata.title or name
    if title:
        yield Passage(TITLE, None, videos.default, None, None, clean(title))
    for item in note.highlights:
        text = f"{item.title}\n{item.quote}" if item.quote else item.title
        yield Passage(
            HIGHLIGHT,
            clean(item.speaker) if item.speaker else None,
            videos.number(item.video_id),
            _number(item.start_ms),
            _number(item.end_ms),
            clean(text),
            1 if item.clip is not None else 0,
        )
    for quote in note.quotes:
        yield Passage(
            QUOTE,
            clean(quote.speaker) if quote.speaker else None,
            videos.number(quote.video_id),
            _number(quote.start_ms),
            _number(quote.end_ms),
            clean(quote.text),
        )
    for point in note.key_points:
        text = f"{point.title}\n{point.text}" if point.text else point.title
        yield Passage(POINT, None, videos.number(point.video_id), _number(point.start_ms), None, clean(text))
    for mention in note.mentions:
        text = f"{mention.name}\n{mention.text}" if mention.text else mention.name
        start = _number(mention.start_ms)
        yield Passage(MENTION, None, videos.number(mention.video_id), start, None, clean(text))
    for chapter in note.chapters:
        number = videos.number(chapter.video_id)
        yield Passage(
            CHAPTER, None, number, _number(chapter.start_ms), _number(chapter.end_ms), clean(chapter.title)
        )
    yield from _running_text(note, videos)


def _running_text(note: Note, videos: _Videos) -> Iterator[Passage]:
    if note.summary:
        for piece in pieces(readable(note.summary)):
            yield Passage(SUMMARY, None, videos.default, None, None, piece)
    for section in note.sections:
        if note.summary and section.markdown.strip() == note.summary.strip():
            continue
        text = f"{section.title}\n{section.markdown}" if section.title else section.markdown
        for piece in pieces(readable(text)):
            yield Passage(SECTION, None, videos.default, None, None, piece)
    number = videos.number(note.transcript.video_id)
    for cue in note.transcript.cues:
        speaker = clean(cue.speaker) if cue.speaker else None
        text = clean(cue.text)
        if len(text) <= 2 * _LONGEST:
            yield Passage(TRANSCRIPT, speaker, number, _number(cue.start_ms), _number(cue.end_ms), text)
        else:
            for piece in pieces(text):
                yield Passage(TRANSCRIPT, speaker, number, _number(cue.start_ms), _number(cue.end_ms), piece)


def readable(markdown: str) -> str:
    """Markdown as it is read: links and pictures as their labels, no signs of emphasis. For search, not for show."""
    return _EMPHASIS.sub("", _LINK.sub(r"\1", markdown))


def pieces(text: str) -> Iterator[str]:
    """Running text cut into passages: at empty lines, and where a paragraph is long at a line's or word's end."""
    for paragraph in _PARAGRAPH.split(clean(text)):
        paragraph = paragraph.strip()
        start = 0
        while len(paragraph) - start > _LONGEST:
            end = max(
                paragraph.rfind("\n", start, start + _LONGEST), paragraph.rfind(" ", start, start + _LONGEST)
            )
            if end <= start:
                end = start + _LONGEST
            yield paragraph[start:end].strip()
            start = end
        rest = paragraph[start:].strip()
        if rest:
            yield rest


_BETWEEN = "\x1f"
"""ASCII's own unit separator. JSON would be five times as slow, and the list of 10 000 notes waits for it."""


def as_text(values: tuple[str, ...]) -> str:
    """A tuple of texts for one column."""
    return _BETWEEN.join(value.replace(_BETWEEN, " ") for value in values)


def from_text(text: str) -> tuple[str, ...]:
    """The tuple of texts back."""
    return tuple(text.split(_BETWEEN)) if text else ()
