"""The command ``export``: a note's quotes as a document, as citations or cards, or its transcript."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from viewer.base.errors import ReadError
from viewer.base.language import speaks, tr
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.cli_common import load_with_video, token_of_signals
from viewer.cli_quotes import caption_store
from viewer.domain.cited_quote import Heading, OutlinePart, quotes_of

_TEXTS = ("md", "html", "csv", "json", "bibtex", "csl-json", "apa", "chicago", "mla")
"""The forms that may go to the terminal."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``soundbite export``."""
    forms = (*_TEXTS, "docx", "anki")
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help=tr("notes; of several, each under its title")
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--format", choices=forms, default="md", help=tr("the form of the quotes (default: md)")
    )
    what.add_argument(
        "--transcript", choices=("txt", "md", "srt", "vtt"), help=tr("the transcript, not the quotes")
    )
    parser.add_argument("-o", "--output", metavar="PATH", help=tr("write here; without it, to the terminal"))
    parser.add_argument("--title", help=tr("the document's title (default: the note's)"))


def export(options: argparse.Namespace) -> int:
    """Write what is asked for. Nothing goes to the network; verdicts come from what lies on this computer."""
    if options.transcript:
        text = _transcript(options)
        if options.output:
            from viewer.export.writing import write_text

            print(write_text(text, Path(options.output)))
        else:
            print(text, end="")
        return 0
    outline, title = _outline(options)
    if options.output:
        _write(outline, title, options.format, Path(options.output))
        print(options.output)
        return 0
    if options.format not in _TEXTS:
        raise ReadError(tr("This form is no text for the terminal."), tr("Name a file with --output PATH."))
    with tempfile.TemporaryDirectory(prefix="soundbite-export-") as folder:
        file = Path(folder) / "out"
        _write(outline, title, options.format, file)
        sys.stdout.write(file.read_bytes().decode("utf-8-sig"))
    return 0


def _transcript(options: argparse.Namespace) -> str:
    from viewer.export.transcripts import transcript_as
    from viewer.library.quotes import check_note

    if len(options.files) > 1:
        raise ReadError(tr("A transcript is written for one file at a time."))
    path = options.files[0]
    note = load_with_video(path)
    reading = check_note(path, note, caption_store().find).reading
    lines = note.transcript
    if not lines.cues and note.video is not None:
        lines = caption_store().find(note.video) or reading
    if not (lines.cues or reading.cues):
        raise ReadError(
            tr("{path} has no transcript.").format(path=path),
            tr("Get it from the site first: soundbite transcript {path}").format(path=path),
        )
    return transcript_as(options.transcript, lines, reading, note.video)


def _outline(options: argparse.Namespace) -> tuple[list[OutlinePart], str]:
    from viewer.export.outlines import note_outline
    from viewer.library.quotes import check_note

    settings = Settings(AppPaths.standard().settings_file)
    length = int(settings.get("play.default_length")) * 1000
    kept = caption_store().find
    parts: list[OutlinePart] = []
    title = options.title or ""
    for path in options.files:
        note = load_with_video(path)
        found = check_note(path, note, kept)
        if len(options.files) > 1:
            parts.append(Heading(note.title))
        parts += note_outline(
            os.path.abspath(path), note, found.checks, length, found.reading if found.spoken else None
        )
        title = title or (note.title if len(options.files) == 1 else tr("Quotes"))
    if not quotes_of(parts):
        raise ReadError(tr("There are no quotes in this."), tr("Try --transcript txt."))
    return parts, title


def _write(outline: list[OutlinePart], title: str, form: str, target: Path) -> None:
    from viewer.export.writing import write_outline

    token = token_of_signals()
    if form != "anki":
        write_outline(outline, title, form, target, language=speaks(), cancel=token)
        return
    from viewer.export.card_media import card_media
    from viewer.media.clip_store import ClipStore
    from viewer.media.tools import Tools

    paths = AppPaths.standard()
    settings = Settings(paths.settings_file)
    folder = settings.get("store.folder")
    store = ClipStore(Path(folder) if folder else paths.clips, int(settings.get("store.budget_gb") * 1e9))
    with tempfile.TemporaryDirectory(prefix="soundbite-cards-") as work:
        ffmpeg = Tools.find(paths).ffmpeg
        media = card_media(quotes_of(outline), store.find, ffmpeg, Path(work), cancel=token)
        write_outline(outline, title, form, target, media=media, cancel=token)
