"""The commands ``transcript`` and ``quotes``: what was said in a video, and how true a note's quotes are."""

from __future__ import annotations

import argparse
import sys

from viewer.base.cancel import no_progress
from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.cli_common import (
    ProgressLine,
    fetch_options,
    load_with_video,
    print_json,
    token_of_signals,
)
from viewer.domain.judgement import VERDICT_WORDS, Op
from viewer.domain.paragraphs import readable
from viewer.domain.quote_checks import QuoteCheck
from viewer.domain.timestamp import format_range, format_timestamp
from viewer.domain.transcript import Transcript
from viewer.domain.video import VideoRef, parse_address
from viewer.formats import transcript_text
from viewer.media.caption_store import CaptionStore


def caption_store() -> CaptionStore:
    """The kept captions of this user."""
    paths = AppPaths.standard()
    return CaptionStore(paths.captions, Settings(paths.settings_file).get("fetch.subtitle_languages"))


# --- transcript


def transcript_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``soundbite transcript``."""
    parser.add_argument("source", metavar="FILE|URL", help=tr("a note or caption file, or a video's address"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", dest="form", action="store_const", const="json", help=tr("as data, words timed")
    )
    form.add_argument("--vtt", dest="form", action="store_const", const="vtt", help=tr("as WebVTT"))
    form.add_argument("--srt", dest="form", action="store_const", const="srt", help=tr("as SRT"))
    form.add_argument(
        "--md", dest="form", action="store_const", const="md", help=tr("as Markdown, times linked")
    )


def transcript(options: argparse.Namespace) -> int:
    """Print a transcript: the note's own, the file's beside it, kept captions; else the site is asked for captions."""
    if "://" in options.source:
        address = parse_address(options.source)
        if address is None:
            raise ReadError(
                tr("This is no video's address: {source}.").format(source=options.source),
                tr("It begins with https:// and names one video."),
            )
        video: VideoRef | None = address.video
        lines = _captions(address.video)
        paragraphs = readable(lines).transcript
    else:
        video, lines, paragraphs = _of_file(options.source)
    if options.form == "json":
        print_json(transcript_text.to_json(paragraphs))
    elif options.form == "vtt":
        # Players want lines that fit on the screen, readers want paragraphs.
        print(transcript_text.to_vtt(lines), end="")
    elif options.form == "srt":
        print(transcript_text.to_srt(lines), end="")
    elif options.form == "md":
        print(transcript_text.to_markdown(paragraphs, video), end="")
    else:
        print(transcript_text.to_plain(paragraphs), end="")
    return 0


def _of_file(path: str) -> tuple[VideoRef | None, Transcript, Transcript]:
    """The video of a file, and its transcript in lines and in paragraphs."""
    from viewer.library.quotes import check_note

    note = load_with_video(path)
    if note.transcript.cues:
        return note.video, note.transcript, check_note(path, note, caption_store().find).reading
    if note.video is None:
        raise ReadError(
            tr("{path} has no transcript and names no video.").format(path=path),
            tr("Give the address of the video instead."),
        )
    lines = _captions(note.video)
    return note.video, lines, readable(lines).transcript


def _captions(video: VideoRef) -> Transcript:
    from viewer.media.captions import CaptionFetcher

    paths = AppPaths.standard()
    settings = Settings(paths.settings_file)
    languages = settings.get("fetch.subtitle_languages")
    fetcher = CaptionFetcher(paths, caption_store(), fetch_options(settings))
    show = ProgressLine() if sys.stderr.isatty() else None
    try:
        return fetcher.fetch(video, languages, show or no_progress, token_of_signals()).transcript
    finally:
        if show:
            show.clear()


# --- quotes


def quotes_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``soundbite quotes``."""
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--json", action="store_true", help=tr("every judgement as data"))


def quotes(options: argparse.Namespace) -> int:
    """Judge every quote of a note by what lies on this computer; nothing goes to the network."""
    from viewer.library.quotes import check_note, checks_to_json

    note = load_with_video(options.file)
    found = check_note(options.file, note, caption_store().find)
    if options.json:
        print_json(checks_to_json(found.checks))
        return 0
    for check in found.checks:
        print("\n".join(_told(check)) + "\n")
    if not found.checks:
        print(tr("This file has no quotes."))
    return 0


def _told(check: QuoteCheck) -> list[str]:
    """One quote's judgement for people."""
    place = format_range(check.start_ms, check.end_ms)
    if check.elsewhere and check.note_start_ms is not None:
        place = tr("{place}, the note says {time}").format(
            place=place, time=format_timestamp(check.note_start_ms)
        )
    lines = [f"{tr(VERDICT_WORDS[check.verdict])}  {place}".rstrip(), f"   “{check.text}”"]
    if any(change.op is not Op.EQUAL for change in check.differences):
        lines.append("   " + tr("said: {words}").format(words=check.said))
    return lines
