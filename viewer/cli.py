"""The program for the terminal: the same core without a window. It never imports Qt, which keeps the core honest."""

from __future__ import annotations

import argparse
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer import __version__, cli_add, cli_export, cli_marks, cli_quotes, cli_search, cli_setup, cli_verify
from viewer.base.cancel import no_progress
from viewer.base.errors import Cancelled, ReadError, ViewerError
from viewer.base.language import tr, tr_noop
from viewer.base.paths import AppPaths, resources_dir
from viewer.base.settings import Settings
from viewer.cli_common import (
    EXIT_FAILED,
    Parser,
    ProgressLine,
    counts_text,
    fetch_options,
    given_by_user,
    guard_terminal,
    load,
    load_with_video,
    print_json,
    speak,
    token_of_signals,
)
from viewer.cli_quotes import caption_store
from viewer.domain.note_json import note_to_json
from viewer.domain.playing import segment_from
from viewer.domain.timestamp import format_range, format_timestamp, parse_timestamp
from viewer.domain.video import Segment, parse_address
from viewer.formats.problem_words import problem_text

EXIT_CANCELLED = 130
"""What a shell says of a program ended by Ctrl+C (128 + SIGINT)."""


@dataclass(frozen=True, slots=True)
class Command:
    """One sub-command: its name, one line of help, its arguments and what it does (returning the exit code)."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


# --- show


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--json", action="store_true", help=tr("the whole note as data"))


def _show(options: argparse.Namespace) -> int:
    note = load(options.file)
    if options.json:
        print_json(note_to_json(note, options.file))
        return 0
    meta = note.metadata
    facts = [meta.channel, meta.published.isoformat() if meta.published else None]
    facts.append(format_timestamp(meta.duration_ms) if meta.duration_ms is not None else None)
    print(note.title)
    print(" · ".join(fact for fact in [*facts, str(note.format)] if fact))
    for video in note.videos:
        print(video.url)
    if note.summary:
        print(f"\n{note.summary}")
    for number, highlight in enumerate(note.highlights, 1):
        place = format_range(highlight.start_ms, highlight.end_ms) or tr("no time known")
        print(f"\n{number}. {highlight.title}  [{place}]")
        if highlight.quote:
            print(f"   {highlight.quote}")
        if highlight.speaker:
            print(f"   — {highlight.speaker}")
    for quote in note.quotes:
        place = format_range(quote.start_ms, quote.end_ms) or tr("no time known")
        print(f"\n“{quote.text}”  [{place}]")
        if quote.speaker:
            print(f"   — {quote.speaker}")
    counts = {
        "key_points": len(note.key_points),
        "mentions": len(note.mentions),
        "sections": len(note.sections),
        "cues": len(note.transcript.cues),
    }
    print("\n" + counts_text(counts))
    for problem in note.problems:
        print(f"{options.file}:{problem.line or 1}: {problem_text(problem)} [{problem.code}]")
    return 0


# --- clip


def _clip_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE|URL", help=tr("a note, or a video's address"))
    parser.add_argument(
        "what", metavar="N|START-END", help=tr("the number of a highlight, or a range such as 0:16-1:00")
    )
    parser.add_argument("-o", dest="output", metavar="FILE", help=tr("also save the clip here"))
    parser.add_argument("--quality", choices=("360", "480", "720", "1080", "best"), help=tr("picture height"))


_RANGE = re.compile(r"\*?([0-9:.hms]+)\s*[-–]\s*([0-9:.hms]+)\Z")


def _segment(source: str, what: str, default_length_ms: int) -> Segment:
    range_match = _RANGE.match(what)
    address = parse_address(source)
    if "://" in source or (address is not None and not Path(source).exists()):
        if address is None:
            raise ReadError(
                tr("This is no video's address: {source}.").format(source=source),
                tr("It begins with https:// and names one video."),
            )
        start, end = (parse_timestamp(part) for part in range_match.groups()) if range_match else (None, None)
        if start is None or end is None:
            raise ReadError(
                tr("This is no range: {what}.").format(what=what),
                tr("Write it as START-END, for example 0:16-1:00."),
            )
        if end <= start:
            words = (
                tr("The range {what} is empty.") if end == start else tr("The range {what} runs backwards.")
            )
            raise ReadError(
                words.format(what=what),
                tr("Write it as START-END, for example 0:16-1:00."),
            )
        return Segment(address.video, start, end)
    note = load_with_video(source)
    if not what.isdigit() or not 1 <= int(what) <= len(note.highlights):
        number = len(note.highlights)
        advice = (
            tr("Give a number from 1 to {number}.").format(number=number)
            if number
            else tr("It has no highlights.")
        )
        raise ReadError(tr("{source} has no highlight {what}.").format(source=source, what=what), advice)
    highlight = note.highlights[int(what) - 1]
    segment = segment_from(note, highlight.video_id, highlight.start_ms, highlight.end_ms, default_length_ms)
    if segment is None:
        raise ReadError(
            tr("Highlight {what} of {source} has no time or names no video.").format(
                what=what, source=source
            ),
            tr("Give the address and a range."),
        )
    return segment


def _clip(options: argparse.Namespace) -> int:
    from viewer.media.clip_store import ClipStore
    from viewer.media.fetcher import Fetcher

    paths = AppPaths.standard()
    settings = Settings(paths.settings_file)
    segment = _segment(options.source, options.what, int(settings.get("play.default_length")) * 1000)
    folder = settings.get("store.folder")
    store = ClipStore(Path(folder) if folder else paths.clips, int(settings.get("store.budget_gb") * 1e9))
    choices = fetch_options(settings, options.quality)
    fetcher = Fetcher(paths, store, choices)
    token = token_of_signals()
    show = ProgressLine() if sys.stderr.isatty() else None
    try:
        clip = fetcher.fetch_exact(segment, show or no_progress, token)
        path = clip.path
        if options.output:
            path = _copy_out(path, options.output)
    finally:
        if show:
            show.clear()
        fetcher.close()
    print(path)
    return 0


def _copy_out(source: Path, text: str) -> Path:
    """Copy the kept clip to the file or into the folder that the user named; whole or not at all."""
    target = Path(text)
    if target.is_dir():
        target = target / source.name
    elif text.endswith(("/", os.sep)):
        raise ReadError(
            tr("There is no folder {folder}.").format(folder=text), tr("Make it first, or name a file.")
        )
    try:
        handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=".soundbite")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as copy, source.open("rb") as file:
                shutil.copyfileobj(file, copy)
            part.chmod(0o644)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        advice = tr("Check that the folder exists, is yours and has free space.")
        raise ReadError(tr("{path} could not be written.").format(path=target), advice, str(error)) from error
    return target


# --- check


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("--json", action="store_true")


def _check(options: argparse.Namespace) -> int:
    from viewer.library.health import check_folder, health_to_json
    from viewer.library.quotes import QuoteSources

    folder = Path(options.folder)
    if not folder.exists():
        raise ReadError(
            tr("There is no folder {folder}.").format(folder=options.folder), tr("Check its name.")
        )
    report = check_folder(folder, quotes=QuoteSources(caption_store().find, given_by_user()))
    if options.json:
        print_json(health_to_json(report))
        return 0
    for file in report.files:
        for problem in file.problems:
            print(f"{file.path}:{problem.line or 1}: {problem_text(problem)} [{problem.code}]")
    data = health_to_json(report)
    for counts in (data["totals"], data.get("verdicts", {})):
        print(counts_text(counts))
    return 0


# --- doctor


def _doctor_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


def _doctor(options: argparse.Namespace) -> int:
    from viewer.media.diagnostics import doctor_lines, folders, status
    from viewer.media.tools import diagnose

    findings = diagnose()
    paths = AppPaths.standard()
    content = all(finding.ok for finding in findings)
    if options.json:
        rows = [
            {"name": f.name, "ok": f.ok, "version": f.version, "path": f.path, "advice": f.advice}
            for f in findings
        ]
        told = status(paths)
        ytdlp = {"version": told.version, "source": told.source, "age_days": told.age_days}
        places = {name: str(path) for name, path in folders(paths).items()}
        print_json(
            {"version": __version__, "ok": content, "findings": rows, "yt-dlp": ytdlp, "folders": places}
        )
    else:
        print("\n".join(doctor_lines(paths, findings)))
    return 0 if content else EXIT_FAILED


COMMANDS: tuple[Command, ...] = (
    Command("show", tr_noop("print what was understood of a note"), _show_arguments, _show),
    Command("clip", tr_noop("fetch a clip and print its path"), _clip_arguments, _clip),
    Command(
        "transcript",
        tr_noop("print a transcript, or get it from the site"),
        cli_quotes.transcript_arguments,
        cli_quotes.transcript,
    ),
    Command(
        "quotes", tr_noop("say how true a note's quotes are"), cli_quotes.quotes_arguments, cli_quotes.quotes
    ),
    Command(
        "export",
        tr_noop("write a note's quotes, or its transcript, for other programs"),
        cli_export.arguments,
        cli_export.export,
    ),
    Command("search", tr_noop("find words in the library"), cli_search.arguments, cli_search.search),
    Command("marks", tr_noop("list your marks"), cli_marks.marks_arguments, cli_marks.marks),
    Command(
        "check",
        tr_noop("report what was understood in a folder and what looks wrong"),
        _check_arguments,
        _check,
    ),
    Command("add", tr_noop("make notes of videos by their addresses"), cli_add.add_arguments, cli_add.add),
    Command(
        "verify",
        tr_noop("say whether an evidence bundle is as it was"),
        cli_verify.verify_arguments,
        cli_verify.verify,
    ),
    Command(
        "doctor", tr_noop("print versions, paths, what is missing and what to do"), _doctor_arguments, _doctor
    ),
    Command("renew", tr_noop("fetch a newer yt-dlp and use it"), cli_setup.renew_arguments, cli_setup.renew),
    Command(
        "install-desktop-entry",
        tr_noop("put Soundbite into this user's menu"),
        cli_setup.entry_arguments,
        cli_setup.entry,
    ),
)


def wants(arguments: Sequence[str]) -> bool:
    """Whether these arguments are for the terminal: a sub-command, or a question about the program."""
    return bool(arguments) and (
        arguments[0] in {c.name for c in COMMANDS} or arguments[0] in ("-h", "--help", "--version")
    )


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="soundbite",
        description=tr(
            "Read a talk and hear it. Without a command the window opens, with the files and folders named."
        ),
        epilog=tr("The manual is in the window, under Help, and as text in {folder}.").format(
            folder=resources_dir() / "manual"
        ),
    )
    parser.add_argument(
        "--version", action="version", version=f"Soundbite {__version__}", help=tr("print the version")
    )
    commands = parser.add_subparsers(title=tr("commands"), metavar="COMMAND", required=True)
    for command in COMMANDS:
        child = commands.add_parser(command.name, help=tr(command.help), description=tr(command.help))
        child.add_argument(
            "-v", "--verbose", action="store_true", help=tr("say on stderr what is being done")
        )
        command.arguments(child)
        child.set_defaults(run=command.run)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run one sub-command; returns its exit code. Failures are one plain sentence on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    guard_terminal()
    speak()
    options = _parser().parse_args([cli_search.as_words(arguments[0], argument) for argument in arguments])
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.CRITICAL, format="%(name)s: %(message)s"
    )
    try:
        code: int = options.run(options)
        return code
    except ViewerError as error:
        print(f"soundbite: {error}", file=sys.stderr)
        if options.verbose and error.detail:
            print(error.detail, file=sys.stderr)
        return EXIT_FAILED
    except (Cancelled, KeyboardInterrupt):
        stopped = tr("stopped")
        print(f"soundbite: {stopped}", file=sys.stderr)
        return EXIT_CANCELLED
    except BrokenPipeError:
        sys.stderr.close()
        return EXIT_FAILED
