"""Videos by address: finding out what an address holds, and making a note of one video."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.domain.note import Note
from viewer.domain.video import VideoRef
from viewer.domain.video_source import SourceKind, VideoSource, parse_source
from viewer.media.caption_store import KeptCaptions
from viewer.media.captions import CaptionFetcher, SiteAsker, as_errors, choose_tracks, offered, read_info
from viewer.media.failures import FailureKind, MediaError, classify
from viewer.media.listing import Entry, Found, about_notes, look_arguments, read_line
from viewer.media.video_facts import note_of, read_facts
from viewer.media.ytdlp_run import run_patiently, work_folder

log = logging.getLogger(__name__)

_VIDEO_BUDGET_S = 90.0
_LIST_BUDGET_S = 1800.0
"""A channel of thousands of videos comes in some hundred pages."""

_CUT_OFF = frozenset(
    {FailureKind.NO_NETWORK, FailureKind.TIMED_OUT, FailureKind.OUTDATED, FailureKind.FORBIDDEN}
)
_HALTING = frozenset(
    {
        FailureKind.OFFLINE,
        FailureKind.NO_YTDLP,
        FailureKind.DISK_FULL,
        FailureKind.STORE_UNWRITABLE,
        FailureKind.COOKIES,
    }
)


def is_busy(error: ViewerError) -> bool:
    """Whether the site wants to be left alone for a while."""
    return isinstance(error, MediaError) and error.kind is FailureKind.TOO_MANY_REQUESTS


def is_cut_off(error: ViewerError) -> bool:
    """Whether the network may be gone, yt-dlp too old, or the site take us for a robot.

    One video may fail so by itself; several in a row mean that all would.
    """
    return isinstance(error, MediaError) and (
        error.kind in _CUT_OFF or "not a bot" in error.detail.lower().replace("\u2019", "'")
    )


def halts(error: ViewerError) -> bool:
    """Whether every further video would fail for the same reason."""
    return not isinstance(error, MediaError) or error.kind in _HALTING


@dataclass(frozen=True, slots=True)
class Looked:
    """How far the reading of a list is: so many entries are known."""

    entries: int


class NoteFetcher(SiteAsker):
    """Looks at addresses and makes notes."""

    def look(
        self, source: VideoSource, progress: Progress = no_progress, cancel: CancelToken | None = None
    ) -> Found:
        """What an address holds: one video with its facts, or a list. Blocks; progress gets :class:`Looked`.

        Raises MediaError (in words about notes), Cancelled.
        """
        try:
            return self._look(source, progress, cancel or CancelToken())
        except MediaError as error:
            raise about_notes(error, source.kind) from error

    def note(
        self,
        video: VideoRef,
        info: Mapping[str, Any] | None = None,
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
    ) -> Note:
        """The note of one video, with the author's captions or else automatic ones. Blocks.

        ``info`` is what :meth:`look` found out just now. A video without captions gives a note without a transcript.
        Raises MediaError (private, removed, a running broadcast ...), Cancelled.
        """
        cancel = cancel or CancelToken()
        source = parse_source(video.url)
        if source is None:
            raise about_notes(MediaError(FailureKind.NO_FORMAT, f"not an address: {video.url!r}"))
        try:
            if info is None:
                info = self._look(replace(source, video=video), no_progress, cancel).info
            if info is None:
                raise MediaError(
                    FailureKind.NO_FORMAT, "it is a list", message=tr("This is no single video.")
                )
            facts = read_facts(video, info)
            if facts.live_status == "is_live":
                raise MediaError(FailureKind.LIVE)
            if facts.live_status == "is_upcoming":
                raise MediaError(FailureKind.PREMIERE)
            return note_of(facts, self._captions(video, info, progress, cancel))
        except MediaError as error:
            raise about_notes(error) from error

    def _captions(
        self, video: VideoRef, info: Mapping[str, Any], progress: Progress, cancel: CancelToken
    ) -> KeptCaptions | None:
        fetcher = CaptionFetcher(self._paths, self.store, self.options, self._tools, self._pauses_s)
        try:
            return fetcher.fetch(video, self.store.languages, progress, cancel, info=info)
        except MediaError as error:
            if error.kind not in (FailureKind.NO_CAPTIONS, FailureKind.DAMAGED):
                raise
            log.info("%s: no captions: %s", video.id, error.detail)
            return None

    def _look(self, source: VideoSource, progress: Progress, cancel: CancelToken) -> Found:
        cancel.raise_if_cancelled()
        options = self.options
        tools = self._ready(options)
        listener = _Listener(progress)
        with work_folder(self._paths, "look") as work:
            arguments = look_arguments(source, work / "video", options.network, tools.deno)
            budget_s = _VIDEO_BUDGET_S if source.kind is SourceKind.VIDEO else _LIST_BUDGET_S
            outcome = run_patiently(
                tools,
                arguments,
                work=work,
                cancel=cancel,
                budget_s=budget_s,
                pauses_s=self._pauses_s,
                on_line=listener.line,
            )
            info = read_info(work / "video.info.json")
        if listener.count > 1 or (info is None and not listener.whole):
            return listener.found(source)
        return self._found_video(source, info, classify(as_errors(outcome.stderr), outcome.returncode))

    def _found_video(self, source: VideoSource, info: Mapping[str, Any] | None, warned: MediaError) -> Found:
        if info is None:
            raise warned
        there = info.get("formats") or info.get("subtitles") or info.get("automatic_captions")
        live = info.get("live_status")
        if not there and live not in ("is_live", "is_upcoming") and warned.kind is not FailureKind.UNKNOWN:
            raise warned  # with --ignore-no-formats-error a private video is only warned of
        if not there and live == "is_upcoming":
            raise MediaError(FailureKind.PREMIERE)
        video = source.video or parse_video(info)
        if video is None:
            raise MediaError(FailureKind.NO_FORMAT, "yt-dlp names no address")
        facts = read_facts(video, info)
        meta = facts.metadata
        entry = Entry(video, meta.title, meta.duration_ms, meta.channel or "")
        return Found(
            source,
            meta.title,
            meta.channel or "",
            (entry,),
            facts=facts,
            info=info,
            captions=self.caption_words(info),
        )

    def caption_words(self, info: Mapping[str, Any]) -> str:
        """Which captions would be taken, or what there is instead, in a few words."""
        tracks = choose_tracks(info, self.store.languages)
        if tracks:
            language = tracks[0].language.removesuffix("-orig")
            if tracks[0].automatic:
                return tr("automatic captions, {language}").format(language=language)
            return tr("the author's captions, {language}").format(language=language)
        there = offered(info)
        if there:
            return tr("captions only in {languages}").format(languages=", ".join(there[:8]))
        return tr("no captions")


class _Listener:
    """Collects the entries that yt-dlp prints."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._entries: dict[VideoRef, Entry] = {}
        self._passed_over = 0
        self._title = self._channel = ""
        self.whole = False

    @property
    def count(self) -> int:
        """How many entries were told."""
        return len(self._entries) + self._passed_over

    def line(self, stream: str, text: str) -> None:
        """Hear one line of yt-dlp's."""
        read = read_line(text) if stream == "stdout" else None
        if read is None:
            return
        self.whole = self.whole or read.whole
        self._title = self._title or read.list_title
        self._channel = self._channel or read.list_channel
        if read.entry is None:
            self._passed_over += 1
        else:
            self._entries.setdefault(read.entry.video, read.entry)
        self._progress(Looked(len(self._entries)))

    def found(self, source: VideoSource) -> Found:
        """The list; a second try of yt-dlp's tells the same entries again, which count once."""
        if not self._entries and not self._passed_over:
            raise MediaError(
                FailureKind.NO_FORMAT,
                "an empty list",
                message=tr("There are no videos in this list."),
                advice=tr("Check the address in your browser."),
            )
        entries = tuple(self._entries.values())
        return Found(source, self._title, self._channel, entries, self._passed_over)


def parse_video(info: Mapping[str, Any]) -> VideoRef | None:
    """The video that yt-dlp's info names by its address."""
    address = info.get("webpage_url")
    source = parse_source(address) if isinstance(address, str) else None
    return source.video if source is not None else None
