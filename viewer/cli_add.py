"""The command ``add``: videos, playlists and channels by address become notes in a folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.base.cancel import CancelToken, no_progress
from viewer.base.errors import ReadError, ViewerError
from viewer.base.language import tr, tr_n
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.cli_common import CLEAR_LINE, fetch_options, print_json, token_of_signals
from viewer.domain.video_source import VideoSource, parse_source

if TYPE_CHECKING:
    from viewer.library.add_queue import AddItem, AddProgress, AddQueue
    from viewer.media.note_fetcher import NoteFetcher


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``soundbite add`` takes."""
    parser.add_argument(
        "addresses",
        metavar="ADDRESS",
        nargs="+",
        help=tr("the address of a video, a playlist or a channel"),
    )
    parser.add_argument(
        "--to", metavar="FOLDER", help=tr("save the notes here, not in the folder of the preferences")
    )
    parser.add_argument(
        "--playlist",
        action="store_true",
        help=tr("where an address names a video and a playlist, take the playlist"),
    )
    parser.add_argument("--json", action="store_true", help=tr("what became of each, as data"))


def add(options: argparse.Namespace) -> int:
    """Make notes of videos; what has one already is passed over, and one failure never stops the rest."""
    from viewer.library.add_queue import AddQueue, AddRun, AddState, Verdicts
    from viewer.media.caption_store import CaptionStore
    from viewer.media.note_fetcher import NoteFetcher, halts, is_busy, is_cut_off

    paths = AppPaths.standard()
    settings = Settings(paths.settings_file)
    sources = [_source(text, playlist=options.playlist) for text in options.addresses]
    folder = _folder(options.to or settings.get("library.add_folder"))
    store = CaptionStore(paths.captions, settings.get("fetch.subtitle_languages"))
    fetcher = NoteFetcher(paths, store, fetch_options(settings))
    token = token_of_signals()
    queue = AddQueue(None)
    teller = _Teller(queue, quiet=options.json)
    failure: ViewerError | None = None
    for source in sources:
        try:
            _queue(fetcher, source, folder, queue, token)
        except ViewerError as error:
            print(f"soundbite: {source.url}: {error}", file=sys.stderr)
            failure = error
            if halts(error):
                break
    run = AddRun(queue, fetcher.note, _known(paths), Verdicts(is_busy, is_cut_off, halts))
    try:
        run.work(teller, token)
    except ViewerError as error:
        print(f"soundbite: {error}", file=sys.stderr)
        failure = error
    finally:
        teller.tell()
        if options.json:
            print_json({"folder": str(folder), "items": [_row(item) for item in queue.items()]})
    sound = failure is None and all(item.state in (AddState.DONE, AddState.EXISTS) for item in queue.items())
    return 0 if sound else 1


def _source(text: str, *, playlist: bool) -> VideoSource:
    source = parse_source(text)
    if source is None:
        raise ReadError(
            tr("This is no address of a video, a playlist or a channel: {text}").format(text=text),
            tr("It begins with https://"),
        )
    return source.playlist if playlist and source.playlist is not None else source


def _folder(text: str) -> Path:
    if not text:
        raise ReadError(tr("It is not said where the notes are to be saved."), tr("Name a folder with --to."))
    folder = Path(text).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise ReadError(tr("{path} is no folder.").format(path=folder), tr("Name another one with --to."))
    return folder


def _queue(
    fetcher: NoteFetcher, source: VideoSource, folder: Path, queue: AddQueue, token: CancelToken
) -> None:
    """Put what an address holds into the queue. A single video is asked about when its turn comes, once."""
    from viewer.domain.video_source import SourceKind
    from viewer.library.add_queue import Wanted

    if source.kind is SourceKind.VIDEO and source.video is not None:
        queue.add([Wanted(source.video)], folder)
        return
    found = fetcher.look(source, no_progress, token)
    queue.add([Wanted(one.video, one.title, one.duration_ms, one.reason) for one in found.entries], folder)
    if found.info is not None:
        queue.know(found.entries[0].video, found.info)


def _known(paths: AppPaths) -> Any:
    """Knows the notes of the folder, and of the remembered library as it was last read."""
    from viewer.library.catalog import Catalog
    from viewer.library.known_notes import KnownNotes

    return KnownNotes(Catalog(paths.index_file, paths.user_file) if paths.index_file.exists() else None)


def _row(item: AddItem) -> dict[str, object]:
    return {
        "id": item.video.id,
        "url": item.video.url,
        "title": item.title,
        "state": item.state.value,
        "reason": item.reason or None,
        "path": item.path or None,
    }


class _Teller:
    """Prints what becomes of each video, as soon as it is known."""

    def __init__(self, queue: AddQueue, *, quiet: bool) -> None:
        self._queue = queue
        self._quiet = quiet
        self._told: set[int] = set()
        self._live = sys.stderr.isatty() and not quiet

    def __call__(self, value: object) -> None:
        """Hear how far the queue is."""
        progress: AddProgress = value  # type: ignore[assignment]
        self.tell()
        if not self._live:
            return
        words = tr("{n} of {m}").format(n=progress.done, m=progress.total)
        if progress.resting_s:
            seconds = round(progress.resting_s)
            words = tr_n(
                "the site wants a rest of {n} second", "the site wants a rest of {n} seconds", seconds
            )
            words = words.format(n=seconds)
        print(f"{CLEAR_LINE}{words} {progress.title[:60]}", end="", file=sys.stderr, flush=True)

    def tell(self) -> None:
        """Print a line for each that is over since the last time."""
        from viewer.library.add_queue import AddState

        if self._live:
            print(CLEAR_LINE, end="", file=sys.stderr, flush=True)
        for item in self._queue.items():
            if item.number in self._told or item.state in (AddState.WAITING, AddState.FETCHING):
                continue
            self._told.add(item.number)
            if self._quiet:
                continue
            name = item.title or item.video.id
            if item.state is AddState.FAILED:
                print(tr("failed: {title}: {reason}").format(title=name, reason=item.reason), flush=True)
            elif item.state is AddState.EXISTS:
                print(tr("exists already: {path}").format(path=item.path), flush=True)
            else:
                print(tr("saved: {path}").format(path=item.path), flush=True)
