"""The command ``marks``: the reader's own marks, of one note or all, and whether their words can still be found."""

from __future__ import annotations

import argparse
import os
from typing import Any

from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.base.paths import AppPaths
from viewer.cli_common import load, print_json
from viewer.domain.anchoring import AnchorFinder
from viewer.domain.mark import Mark, title_of
from viewer.domain.timestamp import format_range
from viewer.library.mark_json import mark_to_json
from viewer.library.mark_store import MarkStore
from viewer.library.user_store import UserStore


def marks_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``soundbite marks``."""
    parser.add_argument("file", metavar="FILE", nargs="?", help=tr("a note"))
    parser.add_argument("--library", action="store_true", help=tr("those of all notes"))
    parser.add_argument("--json", action="store_true", help=tr("as data"))


def marks(options: argparse.Namespace) -> int:
    """Print the marks of a note, with whether their words still stand in it; or those of all notes."""
    if bool(options.file) == options.library:
        raise ReadError(
            tr("Name a note, or ask for the whole library."), tr("soundbite marks FILE, or --library")
        )
    store = UserStore(AppPaths.standard().user_file)
    try:
        kept = MarkStore(store.pool, store.journal)
        if options.library:
            found: list[tuple[Mark, str | None]] = [(mark, None) for mark in kept.all()]
        else:
            path = os.path.abspath(options.file)
            transcript = load(options.file).transcript
            finder = AnchorFinder(transcript) if transcript.cues else None
            found = [(mark, _found(finder, mark)) for mark in kept.for_note(path)]
    finally:
        store.close()
    if options.json:
        print_json({"marks": [_told(mark, state) for mark, state in found]})
        return 0
    for mark, state in found:
        _print(mark, state)
    return 0


def _found(finder: AnchorFinder | None, mark: Mark) -> str | None:
    """Whether a mark's words stand in its note: ``exact``, ``alike``, ``not-found``; None where nobody knows."""
    if mark.anchor is None or finder is None:
        return None
    place = finder.find(mark.anchor, mark.segment)
    if place is None:
        return "not-found"
    return "exact" if place.exact else "alike"


def _told(mark: Mark, state: str | None) -> dict[str, Any]:
    return mark_to_json(mark) | {"found": state}


def _print(mark: Mark, state: str | None) -> None:
    segment = mark.segment
    place = format_range(segment.start_ms, segment.end_ms) if segment else tr("no time known")
    print(f"{title_of(mark) or mark.note_title}  [{place}] ({mark.colour.value})")
    if mark.comment:
        print("   " + mark.comment.replace("\n", "\n   "))
    if mark.tags:
        print("   " + " ".join(f"#{tag}" for tag in mark.tags))
    if state == "not-found":
        print("   " + tr("These words are no longer in the note."))
    print(f"   {mark.note_path}")
