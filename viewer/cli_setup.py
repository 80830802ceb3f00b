"""The commands of the terminal that are about the program itself: renewing yt-dlp, the desktop's menu entry."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from viewer.base import desktop_entry
from viewer.base.cancel import no_progress
from viewer.base.errors import ReadError
from viewer.base.language import tr, tr_noop
from viewer.base.paths import APP_NAME, AppPaths
from viewer.base.settings import Settings
from viewer.cli_common import token_of_signals

# --- renew


def renew_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``soundbite renew`` takes."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help=tr("only say whether there is a newer yt-dlp"))
    what.add_argument("--back", action="store_true", help=tr("go back to the yt-dlp that was used before"))


def renew(options: argparse.Namespace) -> int:
    """Renew yt-dlp, or say whether there is a newer one."""
    from viewer.media import renewal
    from viewer.media.diagnostics import status_words
    from viewer.media.ytdlp_copies import version_key

    paths = AppPaths.standard()
    if options.back:
        print(tr("yt-dlp {version} is used from now on.").format(version=renewal.copies(paths).go_back()))
        return 0
    told = renewal.status(paths)
    print(f"yt-dlp {told.version} ({status_words(told)})")
    if Settings(paths.settings_file).get("fetch.offline"):
        raise ReadError(
            tr("Soundbite is set to work offline."), tr("Switch that off in the preferences first.")
        )
    token = token_of_signals()
    if options.check:
        newest = renewal.newest_version(paths, token)
        newer = version_key(newest) > version_key(told.version)
        print(
            tr("yt-dlp {newest} can be had: soundbite renew").format(newest=newest)
            if newer
            else tr("There is no newer one.")
        )
        return 0
    copy = renewal.renew(paths, _show if sys.stderr.isatty() else no_progress, token)
    print(
        tr("yt-dlp {version} is used from now on: {folder}").format(version=copy.version, folder=copy.folder)
        if copy
        else tr("There is no newer one.")
    )
    source = Settings(paths.settings_file).get("renew.source")
    if copy and source != "renewed":
        print(
            tr(
                "The preferences say “{source}”, so it is not used until that is changed to “renewed”."
            ).format(source=source)
        )
    return 0


def _show(value: object) -> None:
    stage = tr(_STAGES.get(getattr(value, "stage", ""), ""))
    print(f"{stage} {getattr(value, 'detail', '')}".rstrip(), file=sys.stderr)


_STAGES = {
    "looking": tr_noop("looking for a newer one"),
    "fetching": tr_noop("fetching"),
    "proving": tr_noop("trying it out"),
    "done": tr_noop("done"),
}
"""What renewal is doing, by the value of its :class:`~viewer.media.renewal_state.RenewalStage`."""


# --- install-desktop-entry


def entry_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``soundbite install-desktop-entry`` takes."""
    parser.add_argument(
        "--remove", action="store_true", help=tr("take the menu entry and the icon away again")
    )


def entry(options: argparse.Namespace) -> int:
    """Put Soundbite into this user's menu, or take it out."""
    if not sys.platform.startswith("linux"):
        raise ReadError(
            tr("Menu entries of this kind are for Linux desktops."), tr("Use the package for your system.")
        )
    if options.remove:
        files = desktop_entry.remove()
        print(
            "\n".join(tr("removed {file}").format(file=file) for file in files)
            or tr("There was no menu entry.")
        )
        return 0
    for file in desktop_entry.install(own_command()):
        print(tr("wrote {file}").format(file=file))
    return 0


def own_command() -> list[str]:
    """How this program is started from anywhere: whole paths."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).absolute())]
    beside = Path(sys.executable).absolute().parent / APP_NAME
    started = Path(sys.argv[0]).absolute()
    for found in (started if started.name == APP_NAME else None, beside, shutil.which(APP_NAME)):
        if found and Path(found).is_file():
            return [str(Path(found).absolute())]
    return [str(Path(sys.executable).absolute()), "-m", "viewer"]
