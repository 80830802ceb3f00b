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
    if not any(
        mark in head for mark in ('"full_transcript"', '"segs"', '"extractor', '"webpage_url"', '"timestamp"')
    ):
        return None
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(data, list):
        return _speakers({"full_transcript": data}) if _is_spoken(data) else None
    if not isinstance(data, dict):
        return None
    if _is_spoken(data.get("full_transcript")):
        return _speakers(data)
    if isinstance(data.get("events"), list):
        return _json3(data["events"])
    if "webpage_url" in data or "extractor" in data or "extractor_key" in data:
        return _info(data)
    return None


def _is_spoken(data: Any) -> bool:
    return isinstance(data, list) and any(
        isinstance(item, dict) and "text" in item and ("timestamp" in item or "speaker" in item)
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
    first = re.split(r"\s*(?:-->|–|—|-)\s*", value.strip(" []()"), maxsplit=1)[0]
    return parse_timestamp(first)


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "yes", "1", "ad"))


def _speakers(data: dict[str, Any]) -> SideText:
    """Speaker JSON: ``full_transcript``, a list of timestamp, speaker, text, tone, ad."""
    cues = []
    for item in data["full_transcript"]:
        if not isinstance(item, dict):
            continue
        text = " ".join(_text(item.get("text")).split())
        start = _time(item.get("timestamp", item.get("start")))
        speaker = " ".join(_text(item.get("speaker")).split()) or None
        ad = any(_is_true(item.get(key)) for key in ("ad", "is_ad", "advertisement"))
        if text:
            cues.append(Cue(start, _time(item.get("end")), speaker, text, None, ad))
    rest = {str(key): value for key, value in data.items() if key != "full_transcript"}
    side = _described(rest, "speakers")
    side.cues = tuple(cues)
    return side


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
