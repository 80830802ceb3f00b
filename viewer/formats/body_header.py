"""What the first lines of a body say where a front matter does not: channel, date, length, and the video.

Many writers have no front matter at all and begin with ``- **Channel:** Ann``, ``**Duration:** 20:46 | **Views:** 214K``,
``> **Source**: https://...`` or ``Source: https://...``. Others only embed the video, or link into it again and again.
The lines stay where they are and are shown as they stand: they only fill what the front matter leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from viewer.domain.video import VideoRef, parse_address
from viewer.formats.cue_lines import cue_start
from viewer.formats.front_matter import FrontMatter
from viewer.formats.inline import LINK
from viewer.formats.key_names import is_known_key
from viewer.formats.metadata import Header, read_header
from viewer.formats.outline import Part

_LINES = 40
"""So many lines of the body are looked at; a header is at its head."""

_LONGEST_VALUE = 300
_LARGEST_SEARCHED = 400_000
"""Letters of a body in which its video is looked for."""

_LEAD = re.compile(r"[ \t>]*(?:[-*+•][ \t]+)?(?=\S)")
_ENTRY = re.compile(
    r"(?:\*\*|__)(?P<bold>[^*_:：\n]{2,40}?)[ \t]*(?:[:：][ \t]*(?:\*\*|__)|(?:\*\*|__)[ \t]*[:：])[ \t]*(?P<after>[^\n]*)"
    r"|(?P<plain>[^\W\d_][^*:：|\n`\[\]]{1,38}?)[ \t]*[:：][ \t]*(?P<value>[^\n]*)"
)
_FURTHER = re.compile(r"[ \t]+[|·•][ \t]+(?=(?:\*\*|__)?[^\W\d_][^*_:：|\n]{1,39}[:：])")
_ROW = re.compile(r"\|[ \t]*([^|\n]{2,40}?)[ \t]*\|[ \t]*([^|\n]{1,300}?)[ \t]*\|?[ \t]*\Z")

_ID = r"([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])"
_EMBEDS = re.compile(
    rf"\{{\{{[<%]?[ \t]*youtube(?:[ \t]*\([ \t]*id[ \t]*=|[ \t]+(?:id[ \t]*=)?)[ \t]*[\"']?{_ID}"  # Hugo, Zola
    rf"|\{{%[ \t]*(?:youtube|include[ \t]+youtube[\w./-]{{0,40}}(?:[ \t]+id[ \t]*=)?)[ \t]+?[\"']?{_ID}"  # Jekyll
    rf"|<iframe\b[^>\n]{{0,400}}?\bsrc=[\"'](?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/{_ID}"
    rf"|!\[[^\[\]\n]{{0,200}}\]\(<?https?://(?:(?:www\.|m\.)?youtube\.com/watch\?v=|youtu\.be/){_ID}"  # Obsidian
)
_VIDEO_LABEL = re.compile(r"video|vídeo|vidéo|watch|youtube|видео|视频|影片|動画|فيديو|영상", re.I)


def completed(header: Header, parts: Sequence[Part], body: str, *, by_links: bool = True) -> Header:
    """The header with what the body's head says, where the front matter is silent. ``extra`` is left as it is.

    Without any other word for it, the body's only embedded video is the note's; with ``by_links`` also the only one
    that it links into at several times.
    """
    found = read_header(FrontMatter("body", dict(_entries(parts)))) if parts else Header(header.metadata)
    mine, theirs = header.metadata, found.metadata
    header.metadata = replace(
        mine,
        channel=mine.channel or theirs.channel,
        published=mine.published or theirs.published,
        duration_ms=mine.duration_ms or theirs.duration_ms,
        view_count=mine.view_count if mine.view_count is not None else theirs.view_count,
    )
    if not header.videos:
        header.videos = [video for video in found.videos if video.is_youtube] or _videos(
            parts, body, by_links
        )
    return header


def _entries(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """The known keys and their values in the first lines, the first of each key first."""
    seen: set[str] = set()
    for line in _head_lines(parts):
        row = _ROW.match(line.strip()) if line.lstrip()[:1] == "|" else None
        if row is not None:
            pairs = [(row[1].strip("* "), row[2])]
        else:
            lead = _LEAD.match(line)
            pieces = _FURTHER.split(line[lead.end() :] if lead else line)
            pairs = [pair for pair in map(_pair, pieces) if pair is not None]
        for name, value in pairs:
            for key in name.split("/"):
                if is_known_key(key) and key not in seen and 0 < len(value) <= _LONGEST_VALUE:
                    seen.add(key)
                    yield key, value


def _pair(text: str) -> tuple[str, str] | None:
    match = _ENTRY.match(text.rstrip(" \t\\"))
    if match is None:
        return None
    name, value = (match["bold"], match["after"]) if match["bold"] else (match["plain"], match["value"])
    value = value.strip()
    if value[:1] == "`" and value[-1:] == "`":
        value = value.strip("`")
    return name.strip(), value


def _says_a_fact(line: str) -> bool:
    lead = _LEAD.match(line)
    pair = _pair(line[lead.end() :] if lead else line)
    return pair is not None and any(map(is_known_key, pair[0].split("/")))


def _head_lines(parts: Sequence[Part]) -> Iterator[str]:
    """The first lines below the title, up to the first heading of a part or the first line of a transcript."""
    left = _LINES
    for row, part in enumerate(parts[:4]):
        if row and part.level > 1 and not _announces_facts(part.title):
            return
        for place, line in enumerate(part.lines[:left]):
            if place in part.fenced:
                continue
            if cue_start(line, 0) is not None and not _says_a_fact(line):
                return
            if len(line) <= 1000:
                yield line
        left -= len(part.lines)
        if left <= 0:
            return


def _announces_facts(title: str) -> bool:
    return title.strip(" #*:").lower() in (
        "metadata",
        "meta",
        "info",
        "video info",
        "video information",
        "details",
        "about",
    )


def _videos(parts: Sequence[Part], body: str, by_links: bool) -> list[VideoRef]:
    """The video that a body is about though no key names it; empty where it names none, or several."""
    text = body[:_LARGEST_SEARCHED]
    embedded = {next(group for group in match.groups() if group) for match in _EMBEDS.finditer(text)}
    if len(embedded) == 1:
        found = VideoRef.from_id(embedded.pop())
        return [found] if found is not None and found.is_youtube else []
    if embedded or not by_links:
        return []
    return _labelled(parts) or _linked_again_and_again(text)


def _labelled(parts: Sequence[Part]) -> list[VideoRef]:
    """A link at the head whose words say that it is the video: ``[Watch on YouTube](...)``."""
    ids: dict[str, VideoRef] = {}
    for line in _head_lines(parts):
        for match in LINK.finditer(line) if "](" in line else ():
            address = parse_address(match[2]) if _VIDEO_LABEL.search(match[1]) else None
            if address is not None and address.video.is_youtube:
                ids[address.video.id] = address.video
    return list(ids.values()) if len(ids) == 1 else []


def _linked_again_and_again(text: str) -> list[VideoRef]:
    """The one video into which a body links at two times or more."""
    if "youtu" not in text:
        return []
    places: dict[VideoRef, set[int]] = {}
    for match in LINK.finditer(text):
        if "youtu" not in match[2]:
            continue
        address = parse_address(match[2])
        if address is not None and address.video.is_youtube and address.start_ms is not None:
            places.setdefault(address.video, set()).add(address.start_ms)
    return [video for video, times in places.items() if len(times) >= 2] if len(places) == 1 else []
