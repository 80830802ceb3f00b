"""The command ``verify``: whether an evidence bundle still is what it was."""

from __future__ import annotations

import argparse
from pathlib import Path

from viewer.base.errors import ReadError
from viewer.base.language import tr, tr_n
from viewer.cli_common import print_json, token_of_signals

EXIT_CHANGED = 1


def verify_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``soundbite verify``."""
    parser.add_argument("folder", metavar="FOLDER", help=tr("the folder of an evidence bundle"))
    parser.add_argument("--json", action="store_true", help=tr("the findings as data"))


def verify(options: argparse.Namespace) -> int:
    """Compare every file of a bundle with its list of checksums; 0 when all are as they were."""
    from viewer.export.checksums import verify_folder

    folder = Path(options.folder)
    if not folder.is_dir():
        raise ReadError(
            tr("There is no folder {folder}.").format(folder=options.folder), tr("Check its name.")
        )
    found = verify_folder(folder, cancel=token_of_signals())
    if options.json:
        print_json(
            {
                "ok": found.ok,
                "good": list(found.good),
                "changed": list(found.changed),
                "missing": list(found.missing),
                "added": list(found.added),
                "unsafe": list(found.unsafe),
            }
        )
        return 0 if found.ok else EXIT_CHANGED
    for names, words in (
        (found.changed, tr("CHANGED  {name}")),
        (found.missing, tr("MISSING  {name}")),
        (found.unsafe, tr("REFUSED  {name}")),
        (found.added, tr("not in the list: {name}")),
    ):
        for name in names:
            print(words.format(name=_shown(name)))
    count = len(found.good)
    print(tr_n("{n} file is as it was.", "{n} files are as they were.", count).format(n=count))
    if not found.ok:
        print(tr("This folder is not what it was when it was written."))
    return 0 if found.ok else EXIT_CHANGED


def _shown(name: str) -> str:
    """A name without letters that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "�" for letter in name)
