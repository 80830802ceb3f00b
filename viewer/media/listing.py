"""Asking yt-dlp what an address holds: one video or a list of them. Pure: argv out, lines and info in.

A list is asked for flat: its pages only, not every video. yt-dlp prints a line for each entry while the pages come;
for a single video it writes its info into a file, since that is too long for a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viewer.base.language import tr
from viewer.base.untrusted import read_json, told_number, told_text
from viewer.domain.video import VideoRef, is_youtube_id
from viewer.domain.video_source import SourceKind, VideoSource, parse_source
from viewer.media.failures import FailureKind, MediaError
from viewer.media.video_facts import VideoFacts
from viewer.media.ytdlp import NetworkChoices, common_arguments

MOST_ENTRIES = 10_000
"""So many videos of a list are taken; nobody reads more, and a hostile list may have no end."""

_MARK = "SOUNDBITE-ENTRY "
_KEYS = "id,title,url,duration,ie_key,channel,uploader,playlist_title,playlist_channel,live_status,_type"
_GONE = {
    "[Private video]": FailureKind.PRIVATE,
    "[Deleted video]": FailureKind.REMOVED,
    "[Unavailable video]": FailureKind.REMOVED,
}
"""What YouTube writes in a list in place of a title (in English: yt-dlp asks for it)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One video of a list. ``gone`` says that the list itself tells it cannot be had: PRIVATE or REMOVED."""

    video: VideoRef
    title: str = ""
    duration_ms: int | None = None
    channel: str = ""
    gone: FailureKind | None = None

    @property
    def reason(self) -> str:
        """Why it cannot be had, for the user; empty when nothing is known against it."""
        return about_notes(MediaError(self.gone)).message if self.gone is not None else ""


@dataclass(frozen=True, slots=True)
class Found:
    """What an address holds. For one video ``facts`` and yt-dlp's ``info`` are set, and ``captions`` says which there are.

    ``passed_over`` counts the entries that are no videos (a list of lists), or of sites that may not be asked.
    """

    source: VideoSource
    title: str
    channel: str
    entries: tuple[Entry, ...]
    passed_over: int = 0
    facts: VideoFacts | None = None
    info: Mapping[str, Any] | None = None
    captions: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it is a playlist or a channel, however many videos it has."""
        return self.facts is None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of yt-dlp's: the entry (None: no video that can be added), and the list's title and channel."""

    entry: Entry | None
    list_title: str = ""
    list_channel: str = ""
    whole: bool = False
    """it is the video itself that was asked for, not an entry of a list"""


def look_arguments(
    source: VideoSource, target: Path, network: NetworkChoices, deno: Path | None
) -> list[str]:
    """Everything after yt-dlp's name for finding out what an address holds. Pure; ValueError if unsafe."""
    again = parse_source(source.url)
    if again is None or again.url != source.url:
        raise ValueError(f"not an address: {source.url!r}")
    if not target.is_absolute() or "%" in target.name:
        raise ValueError(f"not a target: {target}")
    arguments = [*common_arguments(network, deno), "--flat-playlist", "--lazy-playlist", "--skip-download"]
    arguments += ["--no-simulate", "--write-info-json", "--no-write-playlist-metafiles"]
    # A video whose formats cannot be had may still have captions.
    arguments += ["--ignore-no-formats-error", "--playlist-items", f":{MOST_ENTRIES}"]
    arguments += ["-o", str(target).replace("%", "%%") + ".%(ext)s"]
    return [*arguments, "--print", f"video:{_MARK}%(.{{{_KEYS}}})j", "--", source.url]


def read_line(line: str) -> EntryLine | None:
    """Read one line of yt-dlp's stdout; None when it tells of no entry."""
    if not line.startswith(_MARK):
        return None
    try:
        values = read_json(line[len(_MARK) :])
    except ValueError:
        return None
    if not isinstance(values, dict):
        return None
    flat = values.get("_type") in ("url", "url_transparent")
    title = told_text(values.get("title"))
    duration = told_number(values.get("duration"))
    video = _video(values)
    entry = Entry(
        video,
        title,
        round(duration * 1000) if duration is not None and 0 < duration < 1e7 else None,
        told_text(values.get("channel")) or told_text(values.get("uploader")),
        _GONE.get(title) if values.get("duration") is None else None,
    ) if video is not None else None  # fmt: skip
    list_title = told_text(values.get("playlist_title"))
    whole = not flat and not list_title
    return EntryLine(entry, list_title, told_text(values.get("playlist_channel")), whole)


def _video(values: Mapping[str, Any]) -> VideoRef | None:
    video_id = told_text(values.get("id"))
    if values.get("ie_key") == "Youtube" and is_youtube_id(video_id):
        return VideoRef.youtube(video_id)
    source = parse_source(told_text(values.get("url")))
    return source.video if source is not None else None


def about_notes(error: MediaError, kind: SourceKind = SourceKind.VIDEO) -> MediaError:
    """The error in the words of somebody who adds notes: those of the table speak of clips that are to be played."""
    words, advice = error.message, error.advice
    if error.kind is FailureKind.OFFLINE:
        words = tr("Soundbite is set to work offline.")
        advice = tr("Switch off “Work offline” to add videos.")
    elif kind in (SourceKind.PLAYLIST, SourceKind.CHANNEL):
        if re.search(r"(playlist|channel) is private", error.detail, re.IGNORECASE):
            words, advice = tr("This playlist is private."), tr("Ask its owner to make it public.")
            return MediaError(FailureKind.PRIVATE, error.detail, message=words, advice=advice)
        if re.search(r"does not have a \w+ tab", error.detail, re.IGNORECASE):
            words = tr("This channel has no such page of videos.")
            advice = tr("Copy the address of its page of Shorts or of live broadcasts.")
        elif error.kind is FailureKind.REMOVED:
            words = tr("There is no such playlist or channel, or it was removed.")
            advice = tr("Check the address.")
        elif error.kind is FailureKind.UNKNOWN:
            words = tr("The list could not be read.")
    elif error.kind is FailureKind.REMOVED:
        advice = tr("It has been removed by its owner or by the site.")
    elif error.kind is FailureKind.NO_FORMAT:
        words = tr("There is no video at this address, or yt-dlp does not know its site.")
        advice = tr("Check the address in your browser.")
    elif error.kind is FailureKind.UNKNOWN:
        words = tr("What the site said about the video could not be read.")
    return MediaError(error.kind, error.detail, message=words, advice=advice)
