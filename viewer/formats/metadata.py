"""What the front matter says, under whichever names it says it: title, channel, date, duration, tags, videos."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from viewer.domain.note import Chapter, Metadata, Problem
from viewer.domain.timestamp import parse_timestamp
from viewer.domain.video import VideoRef, is_youtube_id, parse_address
from viewer.formats.front_matter import FrontMatter, Value, as_text
from viewer.formats.inline import plain
from viewer.formats.key_names import (
    ADDRESS,
    CATEGORIES,
    CHANNEL,
    CHAPTERS,
    DATE,
    DURATION,
    DURATION_WRITTEN,
    ID,
    MANY,
    NESTED,
    PICTURE,
    SUMMARY,
    SURE_ADDRESS,
    TAGS,
    TITLE,
    VIEWS,
    key_of,
)
from viewer.formats.problems import problem

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
            "aug august", "sep sept september", "oct october", "nov november", "dec december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_ISO_DATE = re.compile(r"(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})\s?[日일]?(?:[T\s(（].*)?\Z")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{2,6}Z?)?\Z")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})\Z")
_NUMBERS_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\Z")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", re.I)
_ISO_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?\Z", re.I)
_SPOKEN_DURATION = re.compile(
    r"(?:(\d+)\s*(?:h|hrs?|hours?))?[\s,]*(?:(\d+)\s*(?:m|mins?|minutes?))?[\s,]*(?:(\d+)\s*(?:s|secs?|seconds?))?\Z",
    re.I,
)
_LONGEST_MS = 1000 * 3600 * 1000


@dataclass(slots=True)
class Header:
    """Everything the front matter gave: metadata, videos, chapters, a summary, and what was odd."""

    metadata: Metadata
    videos: list[VideoRef] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    summary: str | None = None
    problems: list[Problem] = field(default_factory=list)


def parse_date(text: str) -> datetime.date | None:
    """Read a date as notes write it: ``2025-06-16``, ``20140204``, ``2025-06-16T10:00:00Z``, ``October 8, 2025``.

    ``08/10/2025`` is read only when day and month cannot be mistaken for each other; ``08.10.2025`` and
    ``2025年10月8日`` have but one meaning. None when it is no date.
    """
    text = _WEEKDAY.sub("", text.strip(), 1)
    if not text or len(text) > 60:
        return None
    match = _ISO_DATE.match(text) or _COMPACT_DATE.match(text)
    if match is not None:
        return _date(match[1], match[2], match[3])
    match = _MONTH_FIRST.match(text)
    if match is not None:
        return _date(match[3], _MONTHS.get(match[1].lower(), 0), match[2])
    match = _DAY_FIRST.match(text)
    if match is not None:
        return _date(match[3], _MONTHS.get(match[2].lower(), 0), match[1])
    match = _NUMBERS_DATE.match(text)
    if match is not None:
        first, second = int(match[1]), int(match[2])
        if first > 12 or first == second or "." in text:
            # With points the day is always first.
            return _date(match[3], second, first)
        if second > 12:
            return _date(match[3], first, second)
    return None


def _date(year: str, month: str | int, day: str | int) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def parse_duration(text: str) -> int | None:
    """Read a length as ms: seconds (``516``, ``516.5``), ``9:08``, ``1:02:03``, ``PT8M36S``, ``8 min 36 s``."""
    text = text.strip()
    if not text or len(text) > 40:
        return None
    value = parse_timestamp(text)
    if value is None:
        match = _ISO_DURATION.match(text)
        days = 0
        if match is not None:
            days, parts = int(match[1] or 0), match.groups()[1:]
        else:
            match = _SPOKEN_DURATION.match(text)
            parts = match.groups() if match else ()
        if not any(parts) and not days:
            return None
        hours, minutes, seconds = (int(part or 0) for part in parts)
        value = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
    return value if 0 < value <= _LONGEST_MS else None


def names_in(value: Value) -> tuple[str, ...]:
    """A front matter list as texts: a list, a text with commas, a JSON list in a text; ``#`` and ``[[ ]]`` taken off."""
    value = _unpacked(value)
    parts: list[str] = []
    if isinstance(value, str):
        parts = value.split(",") if "," in value else [value]
    elif isinstance(value, list):
        parts = [_name_of(_unpacked(item)) for item in value[:2000]]
    elif value is not None:
        parts = [as_text(value)]
    names = (plain(part).strip().lstrip("#").strip("\"' ") for part in parts)
    return tuple(dict.fromkeys(name for name in names if name))


def _name_of(value: Value) -> str:
    """One name as text: of an object such as ``{"name": "Turing Post", "id": "UC..."}`` only the name."""
    if isinstance(value, dict):
        named = next(
            (value[key] for key in ("name", "title", "label") if isinstance(value.get(key), str)), None
        )
        if named:
            return str(named)
    return as_text(value)


def _unpacked(value: Value) -> Value:
    """The value of a JSON list or object that hides in a text; any other value as it is."""
    if (
        isinstance(value, str)
        and value[:1] in ("[", "{")
        and not value.startswith("[[")
        and len(value) < 200_000
    ):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


class _Fields:
    """The front matter's values under their compared names; remembers which were read."""

    def __init__(self, front: FrontMatter) -> None:
        self._lines = {key_of(name): line for name, line in front.lines.items()}
        self._values: dict[str, tuple[str, Value]] = {}
        self._read: set[str] = set()
        self.problems: list[Problem] = []
        self._fill(front.values, "")

    def _fill(self, values: dict[str, Value], prefix: str) -> None:
        for name, value in values.items():
            key = key_of(name)
            if key in NESTED:
                value = _unpacked(value)
            if isinstance(value, dict) and not prefix and key in NESTED:
                self._fill(value, f"{name}.")
            elif key not in self._values:
                self._values[key] = (prefix + name, value)
            else:
                further = f"{key_of(prefix)}{key}"
                self._values[further if further not in self._values else f"{further} {name}"] = (
                    prefix + name,
                    value,
                )

    def first(self, keys: Iterable[str]) -> tuple[str, Value]:
        """The first of these keys that has a value, and the value; ``("", None)`` when there is none."""
        for key in keys:
            if key in self._values and self._values[key][1] not in (None, "", []):
                return key, self._values[key][1]
        return "", None

    def take(self, *keys: str) -> None:
        """Note that these keys were read, so that they do not appear as further ones."""
        self._read.update(keys)

    def get(self, key: str) -> Value:
        """The value of a key; None when absent."""
        return self._values.get(key, ("", None))[1]

    def ignored(self, key: str, value: Value, what: str) -> None:
        """Remember a problem: this key's value is not of its kind."""
        shown = as_text(value, 20)[:60]
        message = f"{self._values[key][0]}: {shown!r} is no {what}; it was left out."
        self.problems.append(problem("value-ignored", self._lines.get(key), message))

    def rest(self) -> tuple[tuple[str, str], ...]:
        """Every key that was not read, as (name, text), in the file's order."""
        pairs = (
            (name, as_text(value)) for key, (name, value) in self._values.items() if key not in self._read
        )
        return tuple((name, text) for name, text in pairs if text)


def read_header(front: FrontMatter) -> Header:
    """Read the front matter's values. What is not of its kind is left out with a problem and kept in ``extra``."""
    fields = _Fields(front)
    title_key, title = fields.first(TITLE)
    channel_key, channel = fields.first(CHANNEL)
    tags_key, tags = fields.first(TAGS)
    categories_key, categories = fields.first(CATEGORIES)
    picture_key, picture = fields.first(PICTURE)
    summary_key, summary = fields.first(SUMMARY)
    fields.take(title_key, channel_key, tags_key, categories_key, picture_key, summary_key)
    published = _published(fields)
    duration = _duration(fields)
    views = _views(fields)
    videos = _videos(fields)
    chapters = _chapters(fields, videos[0].id if videos else None)
    metadata = Metadata(
        title=" ".join(plain(as_text(title)).split()),
        channel=_channel(channel),
        published=published,
        duration_ms=duration,
        view_count=views,
        tags=names_in(tags),
        categories=names_in(categories),
        picture_url=_picture(as_text(picture)),
        extra=fields.rest(),
    )
    text = summary.strip() if isinstance(summary, str) else as_text(summary)
    return Header(metadata, videos, chapters, text or None, fields.problems)


def _channel(value: Value) -> str | None:
    """Who made it: several names with commas, one as it is written (``"Weird Al" Yankovic`` keeps its marks)."""
    if isinstance(value, list):
        return ", ".join(names_in(value)) or None
    return " ".join(plain(_name_of(_unpacked(value))).split()) or None


def _picture(text: str) -> str | None:
    return text if text.startswith(("https://", "http://")) and not text.split()[1:] else None


def _published(fields: _Fields) -> datetime.date | None:
    for name in DATE:
        key, value = fields.first((name,))
        if not key:
            continue
        if isinstance(value, datetime.datetime):
            value = value.date()
        found = value if isinstance(value, datetime.date) else parse_date(as_text(value))
        if found is not None:
            fields.take(key)
            return found
        fields.ignored(key, value, "date")
    return None


def _duration(fields: _Fields) -> int | None:
    for name in (*DURATION, *DURATION_WRITTEN):
        key, value = fields.first((name,))
        if not key:
            continue
        found = parse_duration(as_text(value))
        if found is not None:
            fields.take(key, *DURATION_WRITTEN)
            return found
        fields.ignored(key, value, "length of time")
    return None


def _views(fields: _Fields) -> int | None:
    key, value = fields.first(VIEWS)
    text = as_text(value).strip()
    rounded = re.match(r"(\d{1,4}(?:\.\d{1,3})?)\s?([KMB])(?:\s*views?)?\Z", text, re.I)
    digits = re.match(r"(\d{1,3}(?:[,.'\s_]\d{3})+|\d{1,15})(?:\s*views?)?\Z", text)
    if rounded is None and digits is None:
        return None
    fields.take(key)
    if rounded is not None:
        return round(float(rounded[1]) * {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000}[rounded[2].lower()])
    return int(re.sub(r"\D", "", digits[1])) if digits else None


def _videos(fields: _Fields) -> list[VideoRef]:
    videos: list[VideoRef] = []
    for key in ID:
        value = fields.get(key)
        text = as_text(value)
        if isinstance(value, str) and not is_youtube_id(text):
            text = plain(text)  # an id itself may hold "__"
        if is_youtube_id(text) or parse_address(text) is not None:
            found = VideoRef.from_id(text)
            if found is not None:
                fields.take(key)
                videos.append(found)
                break
    for key in ADDRESS:
        value = fields.get(key)
        address = parse_address(_bare_address(value)) if isinstance(value, str) else None
        if address is None or (videos and key not in SURE_ADDRESS and not address.video.is_youtube):
            continue
        if address.video.is_youtube or key in SURE_ADDRESS or _tells_of_video(fields):
            fields.take(key)
            if not videos or (address.video not in videos and address.video.is_youtube):
                videos.append(address.video)
    for key in MANY:
        for item in _listed(fields.get(key)):
            found = _one_video(item)
            if found is not None and found not in videos:
                fields.take(key)
                videos.append(found)
    return videos


def _bare_address(text: str) -> str:
    link = re.match(r"\s*\[[^\]]{0,300}\]\((\S{1,2000})\)\s*\Z", text)
    return link[1] if link else text.strip("<> ")


def _tells_of_video(fields: _Fields) -> bool:
    return any(
        fields.first(keys)[0] for keys in (DURATION, DURATION_WRITTEN, ("videoid", "youtubeid"), VIEWS)
    )


def _listed(value: Value) -> list[Value]:
    value = _unpacked(value)
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    return value[:2000] if isinstance(value, list) else []


def _one_video(item: Value) -> VideoRef | None:
    if isinstance(item, dict):
        known = {key_of(str(name)): value for name, value in item.items()}
        for key in (*ID, *ADDRESS):
            found = _one_video(known.get(key)) if isinstance(known.get(key), str) else None
            if found is not None:
                return found
        return None
    return VideoRef.from_id(_bare_address(item)) if isinstance(item, str) else None


def _chapters(fields: _Fields, video_id: str | None) -> list[Chapter]:
    key, value = fields.first(CHAPTERS)
    chapters = chapters_from(value, video_id)
    if chapters:
        fields.take(key)
    return chapters


def chapters_from(value: Value, video_id: str | None) -> list[Chapter]:
    """Chapters in a list of ``{title, time}`` (or ``start``, ``start_time`` in seconds ...) or of ``0:00 Title``."""
    chapters = []
    for item in _listed(value) if not isinstance(value, dict) else []:
        if isinstance(item, dict):
            known = {key_of(str(name)): as_text(inner) for name, inner in item.items()}
            start = _time_of(
                known, ("start", "starttime", "time", "timestamp", "startseconds", "seconds", "t", "at")
            )
            end = _time_of(known, ("end", "endtime", "endseconds"))
            title = next(
                (known[name] for name in ("title", "name", "chapter", "label", "topic") if known.get(name)),
                "",
            )
        else:
            words = as_text(item).split(None, 1)
            start, end = parse_timestamp(words[0].strip("[]()")) if words else None, None
            title = words[1].lstrip("-–—: ") if len(words) > 1 else ""
        if start is not None and title.strip():
            chapters.append(Chapter(plain(title), start, video_id, end if end and end > start else None))
    return chapters


def _time_of(known: dict[str, str], names: Iterable[str]) -> int | None:
    for name in names:
        if known.get(name):
            return parse_timestamp(known[name])
    return None
