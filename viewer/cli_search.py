"""``soundbite search``: the search field's language in the terminal."""

from __future__ import annotations

import argparse
import re

from viewer.base.language import tr
from viewer.cli_common import EXIT_FAILED, print_json
from viewer.domain.timestamp import format_timestamp

_UNWANTED = re.compile(r"-[^\W\d_]\w|-\"")


def as_words(command: str, argument: str) -> str:
    """An argument; of a search ``-tag:robots`` is no option, and what begins with a space is none to argparse."""
    return f" {argument}" if command == "search" and _UNWANTED.match(argument) else argument


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``search``."""
    parser.add_argument(
        "query", metavar="QUERY", nargs="+", help=tr("words and filters, as in the search field")
    )
    parser.add_argument("--library", metavar="FOLDER", help=tr("search this folder, not the remembered ones"))
    parser.add_argument(
        "--limit",
        type=_count,
        default=20,
        metavar="N",
        help=tr("show so many of the best (20 when not given)"),
    )
    parser.add_argument("--json", action="store_true")


def _count(text: str) -> int:
    """A number of one or more, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(tr("{text} is no number of one or more").format(text=repr(text)))
    return int(text)


def search(options: argparse.Namespace) -> int:
    """Print what is found; 1 for nothing, but as JSON nothing is an answer."""
    from viewer.library.search_json import result_to_json
    from viewer.library.session import open_catalog

    with open_catalog(options.library) as catalog:
        result = catalog.search(" ".join(options.query), limit=options.limit)
    if options.json:
        print_json(result_to_json(result))
        return 0
    for hit in result.hits:
        place = f" {format_timestamp(hit.start_ms)}" if hit.start_ms is not None else ""
        print(f"{hit.title}{place} [{hit.kind}]\n   {hit.snippet}\n   {hit.path}")
    if not result.hits:
        asked = tr("Did you mean {words}?").format(words=result.did_you_mean) if result.did_you_mean else ""
        print(f"{tr('Nothing found.')} {asked}".rstrip())
    return 0 if result.hits else EXIT_FAILED
