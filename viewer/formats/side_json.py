"""JSON beside a note: speaker JSON (``full_transcript``), YouTube's json3 captions, yt-dlp's ``.info.json``."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from viewer.domain.timestamp import parse_timestamp
from viewer.domain.transcript import Cue
from viewer.formats.front_matter import FrontMatter
from viewer.formats.metadata import chapters_from, parse_date, parse_duration, read_header
from viewer.formats.subtitles import SideText, trimmed_cues


def read_json(text: str) -> SideText | None:
    """What a JSON text holds that belongs to a note; None when it is another kind of JSON, or none."""
    head = text[:200_000]
    if not any(mark in head for mark in _SIGNS):
        return None
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(data, list):
        return _speakers({"full_transcript": data}, "full_transcript") if _is_spoken(data) else None
    if not isinstance(data, dict):
        return None
    for key in _SPOKEN:
        if _is_spoken(data.get(key)):
            return _speakers(data, key)
    if isinstance(data.get("events"), list):
        return _json3(data["events"])
    if "webpage_url" in data or "extractor" in data or "extractor_key" in data:
        return _info(data)
    return None


_SIGNS = (
    '"full_transcript"', '"segs"', '"extractor', '"webpage_url"', '"timestamp"', '"start"', '"offset"', '"speaker"',
)  # fmt: skip
_SPOKEN = ("full_transcript", "transcript", "segments", "captions", "subtitles", "utterances")
"""Keys under which programs write what was said: as the notes' own, of recorders, and of Whisper (``segments``)."""

_STARTS = ("timestamp", "start", "start_time", "offset")


def _is_spoken(data: Any) -> bool:
    return isinstance(data, list) and any(
        isinstance(item, dict)
        and isinstance(item.get("text"), str)
        and ("speaker" in item or any(key in item for key in _STARTS))
        for item in data[:20]
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""
    return value.encode("utf-8", "replace").decode("utf-8")


def _time(value: Any) -> int | None:
    """A time in a JSON file: ``"00:03:20"``, or seconds as a number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return round(value * 1000) if 0 <= value < 10_000_000 else None
    if not isinstance(value, str):
        return None
    # "00:03:20 - 00:04:00" is a time; "2026-08-18T08:59:43Z" is a date, which is no time of a talk.
    match = re.match(
        r"([\d:.,]{1,20}[smh]?)(?:\s*(?:-->|–|—|-)\s*[\d:.,]{1,20}[smh]?)?\Z", value.strip(" []()")
    )
    return parse_timestamp(match[1]) if match else None


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "yes", "1", "ad"))


def _speakers(data: dict[str, Any], spoken: str) -> SideText:
    """Speaker JSON: ``full_transcript``, a list of timestamp, speaker, text, tone, ad; and the like of other programs.

    Those write ``start`` with ``end``, ``duration`` or ``dur`` in seconds, or an ``offset`` in ms.
    """
    cues = []
    items = [item for item in data[spoken] if isinstance(item, dict)]
    unit = _unit_of_offsets(items)
    for item in items:
        text = " ".join(_text(item.get("text")).split())
        start = next((found for key in _STARTS if (found := _time(item.get(key))) is not None), None)
        end = _time(item.get("end", item.get("end_time")))
        length = _time(item.get("duration", item.get("dur")))
        if unit != 1 and "offset" in item and start is not None:
            start, length = round(start * unit), round(length * unit) if length is not None else None
        if end is None and start is not None and length:
            end = start + length
        speaker = " ".join(_text(item.get("speaker")).split()) or None
        ad = any(_is_true(item.get(key)) for key in ("ad", "is_ad", "advertisement"))
        if text:
            cues.append(
                Cue(
                    start,
                    end if start is None or end is None or end > start else None,
                    speaker,
                    text,
                    None,
                    ad,
                )
            )
    rest = {
        str(key): value
        for key, value in data.items()
        if key != spoken and (key, spoken) != ("text", "segments")
    }
    side = _described(rest, "speakers" if any(cue.speaker or cue.ad for cue in cues) else "segments")
    side.cues = tuple(cues)
    return side


def _unit_of_offsets(items: list[dict[str, Any]]) -> float:
    """By what the numbers of ``offset`` and ``duration`` must be multiplied to be seconds: some programs write ms."""
    lengths = [
        item["duration"]
        for item in items[:200]
        if "offset" in item
        and isinstance(item.get("duration"), (int, float))
        and not isinstance(item["duration"], bool)
    ]
    # Nobody speaks a caption for two minutes.
    return 0.001 if lengths and sum(lengths) / len(lengths) > 120 else 1


def _json3(events: list[Any]) -> SideText:
    """YouTube's json3: events of ``tStartMs``, ``dDurationMs`` and ``segs`` with ``utf8`` and ``tOffsetMs``."""
    cues: list[Cue] = []
    for event in events:
        segs = event.get("segs") if isinstance(event, dict) else None
        start = event.get("tStartMs") if isinstance(event, dict) else None
        if not isinstance(segs, list) or not isinstance(start, int):
            continue
        words: list[str] = []
        times: list[int] = []
        for seg in segs:
            if not isinstance(seg, dict):
                continue
            offset = seg.get("tOffsetMs")
            for word in _text(seg.get("utf8")).split():
                words.append(word)
                times.append(start + (offset if isinstance(offset, int) else 0))
        if not words:
            continue
        length = event.get("dDurationMs")
        end = start + length if isinstance(length, int) and length > 0 else None
        known = any(isinstance(seg, dict) and "tOffsetMs" in seg for seg in segs)
        cues.append(Cue(start, end, None, " ".join(words), None, words=tuple(times) if known else ()))
    if any(cue.words for cue in cues):
        # A line of a single word has no offset: the word begins with its line.
        cues = [
            replace(cue, words=(cue.start_ms,))
            if not cue.words and cue.start_ms is not None and " " not in cue.text
            else cue
            for cue in cues
        ]
    return SideText("json3", tuple(trimmed_cues(cues)))


def _described(data: dict[str, Any], kind: str) -> SideText:
    values = {key: value for key, value in data.items() if isinstance(value, (str, int, float, list, dict))}
    header = read_header(FrontMatter("json", {key: _plain_value(value) for key, value in values.items()}))
    video = header.videos[0] if header.videos else None
    return SideText(kind, (), header.metadata, video, tuple(header.chapters), header.summary)


def _plain_value(value: Any, depth: int = 0) -> Any:
    if isinstance(value, dict):
        return (
            {str(key): _plain_value(inner, depth + 1) for key, inner in value.items()} if depth < 6 else None
        )
    if isinstance(value, list):
        return [_plain_value(inner, depth + 1) for inner in value[:5000]] if depth < 6 else None
    return value if isinstance(value, bool) else _text(value)


_INFO_KEYS = (
    "id", "title", "fulltitle", "channel", "uploader", "upload_date", "duration", "view_count", "tags", "categories",
    "thumbnail", "webpage_url", "description", "language",
)  # fmt: skip


def _info(data: dict[str, Any]) -> SideText:
    """yt-dlp's ``.info.json``: only what a reader wants; the list of formats is long and of no use."""
    side = _described({key: data[key] for key in _INFO_KEYS if key in data}, "info")
    video_id = side.video.id if side.video else None
    side.chapters = tuple(chapters_from(_plain_value(data.get("chapters")), video_id))
    duration = parse_duration(_text(data.get("duration")))
    published = parse_date(_text(data.get("upload_date")))
    side.metadata = replace(side.metadata, duration_ms=duration, published=published)
    return side
