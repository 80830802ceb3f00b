"""Outlines made from what Soundbite has: a note, what a search found, the user's marks, a collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from viewer.base.language import tr
from viewer.domain.cited_quote import CitedQuote, Heading, Outline, OutlinePart, Words
from viewer.domain.collection import CollectionItem, ItemKind
from viewer.domain.judgement import VERDICT_WORDS, Verdict
from viewer.domain.mark import Mark, title_of
from viewer.domain.note import Highlight, Note, Quote
from viewer.domain.playing import segment_from
from viewer.domain.quote_checks import QuoteCheck, QuoteKind
from viewer.domain.transcript import Transcript
from viewer.domain.video import Segment
from viewer.library.search import SearchHit

DEFAULT_LENGTH_MS = 30_000
"""How long a quote is taken to last when only its start is known."""

_CONTEXT_CHARS = 300

NoteOf = Callable[[str], "Note | None"]
"""The note at a path, None when there is none (any more)."""


def no_note(path: str) -> Note | None:
    """Stand where notes are asked for and none is at hand."""
    return None


def verdict_words(verdict: str | None) -> str:
    """What is said of a verdict's value; nothing of None and of a value that is not known."""
    if verdict not in {one.value for one in Verdict}:
        return ""
    return tr(VERDICT_WORDS[Verdict(verdict)])


def note_quote(
    path: str,
    note: Note,
    item: Highlight | Quote,
    check: QuoteCheck | None = None,
    default_length_ms: int = DEFAULT_LENGTH_MS,
    reading: Transcript | None = None,
) -> CitedQuote:
    """A highlight or quote of ``note`` with its source; where the note gives no time, that of its words.

    ``reading`` is the transcript whose words stand around it.
    """
    start_ms, end_ms, video_id, title = item.start_ms, item.end_ms, item.video_id, ""
    text: str = ""
    if isinstance(item, Highlight):
        title, text = item.title, item.quote or ""
        if item.clip is not None:
            video_id, start_ms, end_ms = item.clip.video.id, item.clip.start_ms, item.clip.end_ms
    else:
        text = item.text
    segment = segment_from(note, video_id, start_ms, end_ms, default_length_ms)
    if segment is None and check is not None:
        segment = check.words_segment()
    video = note.video_by_id(video_id) or (check.video if check is not None else None) or note.video
    before, after = _around(reading, segment, check)
    return CitedQuote(
        text=text or title,
        speaker=item.speaker,
        title=title if text else "",
        note_title=note.title,
        channel=note.metadata.channel,
        published=note.metadata.published,
        url=segment.video.url if segment is not None else video.url if video is not None else "",
        segment=segment,
        verdict=check.verdict.value if check is not None else None,
        verdict_words=verdict_words(check.verdict.value) if check is not None else "",
        context_before=before,
        context_after=after,
        note_path=path,
    )


def note_outline(
    path: str,
    note: Note,
    checks: Iterable[QuoteCheck] = (),
    default_length_ms: int = DEFAULT_LENGTH_MS,
    reading: Transcript | None = None,
    *,
    highlights: bool = True,
    quotes: bool = True,
) -> list[OutlinePart]:
    """A note's highlights, each under its heading, and its quotes under theirs, with what was found out about them."""
    found = {(check.kind, check.row): check for check in checks}
    parts: list[OutlinePart] = []
    for row, item in enumerate(note.highlights if highlights else ()):
        check = found.get((QuoteKind.HIGHLIGHT, row))
        parts.append(note_quote(path, note, item, check, default_length_ms, reading))
    section = None
    for row, quote in enumerate(note.quotes if quotes else ()):
        if quote.section and quote.section != section:
            parts.append(Heading(quote.section))
        section = quote.section or section
        check = found.get((QuoteKind.QUOTE, row))
        parts.append(note_quote(path, note, quote, check, default_length_ms, reading))
    return parts


def mark_quote(mark: Mark, note: Note | None = None) -> CitedQuote:
    """A mark with its source; channel, date and address are known when its note is at hand."""
    anchor = mark.anchor
    video = mark.segment.video if mark.segment is not None else note.video if note is not None else None
    return CitedQuote(
        text=mark.text,
        speaker=mark.speaker,
        title="" if mark.text else title_of(mark),
        note_title=mark.note_title,
        channel=note.metadata.channel if note is not None else None,
        published=note.metadata.published if note is not None else None,
        url=video.url if video is not None else "",
        segment=mark.segment,
        context_before=anchor.prefix if anchor is not None else "",
        context_after=anchor.suffix if anchor is not None else "",
        comment=mark.comment,
        tags=mark.tags,
        colour=mark.colour.value,
        note_path=mark.note_path,
    )


def marks_outline(
    marks: Iterable[Mark], note_of: NoteOf = no_note, *, headings: bool = True
) -> list[OutlinePart]:
    """Marks in the order they come, under the title of each note (not when ``headings`` is off: one note's marks)."""
    parts: list[OutlinePart] = []
    notes = _remembered(note_of)
    before: str | None = None
    for mark in marks:
        if headings and mark.note_path != before:
            parts.append(Heading(mark.note_title))
            before = mark.note_path
        parts.append(mark_quote(mark, notes(mark.note_path)))
    return parts


def collection_outline(
    items: Iterable[CollectionItem],
    note_of: NoteOf = no_note,
    marks: Mapping[str, Mark] | None = None,
) -> list[OutlinePart]:
    """A collection's items in its order; ``marks`` (by id) give their comments and tags to the items made from them."""
    parts: list[OutlinePart] = []
    notes = _remembered(note_of)
    for item in items:
        if item.kind is ItemKind.HEADING:
            parts.append(Heading(item.title or item.text))
        elif item.kind is ItemKind.TEXT:
            parts.append(Words(item.text or item.title))
        else:
            parts.append(_collected(item, notes(item.note_path), (marks or {}).get(item.mark_id or "")))
    return parts


def _collected(item: CollectionItem, note: Note | None, mark: Mark | None) -> CitedQuote:
    made = mark_quote(mark, note) if mark is not None else CitedQuote("")
    clip = item.clip
    url = clip.video.url if clip is not None else note.video.url if note and note.video else ""
    # What an item made from a mark has for a title is the reader's comment: none of the talk's own headings.
    of_mark = bool(item.mark_id)
    return replace(
        made,
        text=item.text or item.title,
        speaker=item.speaker,
        title=item.title if item.text and not of_mark else "",
        comment=made.comment if mark is not None or not of_mark else item.title,
        note_title=item.note_title,
        channel=note.metadata.channel if note is not None else None,
        published=note.metadata.published if note is not None else None,
        url=url,
        segment=clip,
        verdict=item.verdict,
        verdict_words=verdict_words(item.verdict),
        note_path=item.note_path,
    )


def hits_outline(
    hits: Iterable[SearchHit], note_of: NoteOf = no_note, default_length_ms: int = DEFAULT_LENGTH_MS
) -> list[OutlinePart]:
    """What a search found, best first, each with its source. A hit's snippet stands for its words."""
    notes = _remembered(note_of)
    parts: list[OutlinePart] = []
    for hit in hits:
        note = notes(hit.path)
        segment = None
        if note is not None:
            segment = segment_from(note, hit.video_id, hit.start_ms, hit.end_ms, default_length_ms)
        video = segment.video if segment is not None else note.video if note is not None else None
        parts.append(
            CitedQuote(
                text=hit.snippet.strip(),
                speaker=hit.speaker,
                note_title=hit.title,
                channel=note.metadata.channel if note is not None else None,
                published=note.metadata.published if note is not None else None,
                url=video.url if video is not None else "",
                segment=segment,
                colour=hit.colour,
                note_path=hit.path,
            )
        )
    return parts


def has_quotes(outline: Outline) -> bool:
    """Whether there is anything in it but headings."""
    return any(not isinstance(part, Heading) for part in outline)


def _remembered(note_of: NoteOf) -> NoteOf:
    """``note_of`` that reads each note once."""
    known: dict[str, Note | None] = {}

    def find(path: str) -> Note | None:
        if path not in known:
            known[path] = note_of(path) if path else None
        return known[path]

    return find


def _around(reading: Transcript | None, segment: Segment | None, check: QuoteCheck | None) -> tuple[str, str]:
    """What was said just before and just after the quote: whole words, some 300 characters each."""
    if reading is None or not reading.cues:
        return "", ""
    if check is not None and check.marks:
        first, last = min(check.marks, key=_place), max(check.marks, key=_place)
        if last.row >= len(reading.cues):
            return "", ""
        head = [cue.text for cue in reading.cues[max(0, first.row - 3) : first.row]]
        head.append(reading.cues[first.row].text[: first.start])
        tail = [reading.cues[last.row].text[last.end :]]
        tail += [cue.text for cue in reading.cues[last.row + 1 : last.row + 4]]
        return _last_words(" ".join(head)), _first_words(" ".join(tail))
    if segment is None:
        return "", ""
    before = [cue.text for cue in reading.cues if cue.end_ms is not None and cue.end_ms <= segment.start_ms]
    after = [cue.text for cue in reading.cues if cue.start_ms is not None and cue.start_ms >= segment.end_ms]
    return _last_words(" ".join(before[-3:])), _first_words(" ".join(after[:3]))


def _place(span: object) -> tuple[int, int]:
    return getattr(span, "row", 0), getattr(span, "start", 0)


def _first_words(text: str) -> str:
    text = " ".join(text.split()).lstrip(" .,;:!?")
    if len(text) <= _CONTEXT_CHARS:
        return text
    cut = text[:_CONTEXT_CHARS]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + " …"


def _last_words(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= _CONTEXT_CHARS:
        return text
    cut = text[-_CONTEXT_CHARS:]
    return "… " + (cut.split(" ", 1)[1] if " " in cut else cut)
