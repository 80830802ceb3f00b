"""An outline as data: CSV for spreadsheets, JSON for programs. Both read back equal.

JSON is ``{"format": "soundbite-quotes", "version": 1, "title", "parts"}``; a part is ``{"kind": "quote", ...}`` with the
fields of :class:`~viewer.domain.cited_quote.CitedQuote` (times in whole ms, ``published`` as ``YYYY-MM-DD``, absent
values null), or ``{"kind": "heading" | "words", "text"}``. Keys are only ever added.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import unicodedata
from typing import Any

from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.base.untrusted import read_json
from viewer.domain.cited_quote import CitedQuote, Heading, Outline, OutlinePart, Words, quotes_of
from viewer.domain.timestamp import format_timestamp
from viewer.domain.video import Segment, VideoRef

JSON_FORMAT = "soundbite-quotes"
JSON_VERSION = 1

COLUMNS = (
    "text",
    "speaker",
    "title",
    "note_title",
    "channel",
    "published",
    "start",
    "end",
    "start_ms",
    "end_ms",
    "url",
    "verdict",
    "comment",
    "tags",
    "colour",
    "note_path",
)
"""The columns of the CSV, in order: stable names, which programs read."""

_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
"""With what a formula begins, in full width, too, as Excel for Japanese reads it
(https://owasp.org/www-community/attacks/CSV_Injection).
"""


def to_csv(outline: Outline) -> str:
    """The quotes as CSV (RFC 4180). A cell that a spreadsheet would run as a formula begins with an apostrophe."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for quote in quotes_of(outline):
        segment = quote.segment
        row: list[object] = [
            quote.text,
            quote.speaker or "",
            quote.title,
            quote.note_title,
            quote.channel or "",
            quote.published.isoformat() if quote.published is not None else "",
            format_timestamp(segment.start_ms) if segment is not None else "",
            format_timestamp(segment.end_ms) if segment is not None else "",
            segment.start_ms if segment is not None else "",
            segment.end_ms if segment is not None else "",
            quote.url_at,
            quote.verdict or "",
            quote.comment,
            ", ".join(quote.tags),
            quote.colour or "",
            quote.note_path,
        ]
        writer.writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return target.getvalue()


def _harmless(cell: str) -> str:
    # An apostrophe that was there gets one more, so that taking one off gives back what was written.
    cell = cell.replace("\0", "")
    # What is not seen does not hide a formula: spreadsheets pass over some of it.
    first = next((one for one in cell if unicodedata.category(one)[0] not in "ZC"), "")
    odd = cell[:1] in ("\t", "\r", "\n", "'")
    return f"'{cell}" if odd or (first and first in _FORMULA + "'") else cell


def from_csv(text: str) -> list[dict[str, str]]:
    """The rows of a CSV that :func:`to_csv` wrote, the guarding apostrophes taken off."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{key: value.removeprefix("'") for key, value in row.items()} for row in rows]


def to_json(outline: Outline, title: str) -> str:
    """The document as JSON, as this module's description says."""
    data = {
        "format": JSON_FORMAT,
        "version": JSON_VERSION,
        "title": title,
        "parts": [_part_to_json(part) for part in outline],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _part_to_json(part: OutlinePart) -> dict[str, Any]:
    if not isinstance(part, CitedQuote):
        return {"kind": "heading" if isinstance(part, Heading) else "words", "text": part.text}
    segment = part.segment
    return {
        "kind": "quote",
        "text": part.text,
        "speaker": part.speaker,
        "title": part.title,
        "note_title": part.note_title,
        "channel": part.channel,
        "published": part.published.isoformat() if part.published is not None else None,
        "url": part.url,
        "url_at": part.url_at,
        "video_id": segment.video.id if segment is not None else None,
        "start_ms": segment.start_ms if segment is not None else None,
        "end_ms": segment.end_ms if segment is not None else None,
        "verdict": part.verdict,
        "verdict_words": part.verdict_words,
        "context_before": part.context_before,
        "context_after": part.context_after,
        "comment": part.comment,
        "tags": list(part.tags),
        "colour": part.colour,
        "note_path": part.note_path,
    }


def from_json(text: str) -> tuple[str, list[OutlinePart]]:
    """Title and parts of a document that :func:`to_json` wrote. Raises ReadError for anything else."""
    try:
        data = read_json(text)
        if data["format"] != JSON_FORMAT:
            raise ValueError(data["format"])
        return data["title"], [_part_from_json(part) for part in data["parts"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(tr("This is no file of quotes that Soundbite wrote."), "", repr(error)) from error


def _part_from_json(part: dict[str, Any]) -> OutlinePart:
    if part["kind"] == "heading":
        return Heading(part["text"])
    if part["kind"] == "words":
        return Words(part["text"])
    segment = None
    if part["video_id"] is not None:
        video = VideoRef.from_id(part["video_id"])
        if video is None:
            raise ValueError(part["video_id"])
        segment = Segment(video, part["start_ms"], part["end_ms"])
    return CitedQuote(
        text=part["text"],
        speaker=part["speaker"],
        title=part["title"],
        note_title=part["note_title"],
        channel=part["channel"],
        published=datetime.date.fromisoformat(part["published"]) if part["published"] else None,
        url=part["url"],
        segment=segment,
        verdict=part["verdict"],
        verdict_words=part["verdict_words"],
        context_before=part["context_before"],
        context_after=part["context_after"],
        comment=part["comment"],
        tags=tuple(part["tags"]),
        colour=part["colour"],
        note_path=part["note_path"],
    )
