"""Running yt-dlp's command for what is small: a folder of its own to work in, and patience when the site says 429."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from viewer.base.cancel import CancelToken
from viewer.base.paths import AppPaths
from viewer.media import process
from viewer.media.failures import FailureKind, MediaError, classify, from_os_error
from viewer.media.tools import Tools

log = logging.getLogger(__name__)

PAUSES_S = (2.0, 6.0, 15.0)
"""How long to wait after 429 (too many requests) before the next try."""

_DEAD_AFTER_S = 24 * 3600


@contextmanager
def work_folder(paths: AppPaths, prefix: str) -> Iterator[Path]:
    """A scratch folder with an ``empty`` one in it, for yt-dlp to stand in; both are gone afterwards.

    What a crash left there under the same ``prefix`` is swept up after a day. Raises MediaError.
    """
    try:
        paths.work.mkdir(parents=True, exist_ok=True)
        for left in paths.work.glob(f"{prefix}-*"):  # by a crash
            with suppress(FileNotFoundError):  # another program may be faster
                if time.time() - left.stat().st_mtime > _DEAD_AFTER_S:
                    shutil.rmtree(left, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=paths.work)).absolute()
        (work / "empty").mkdir()
    except OSError as error:
        raise from_os_error(error, "preparing a download") from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run_patiently(
    tools: Tools,
    arguments: Sequence[str],
    *,
    work: Path,
    cancel: CancelToken,
    budget_s: float,
    pauses_s: Sequence[float] = PAUSES_S,
    on_line: process.LineListener | None = None,
) -> process.Outcome:
    """Run yt-dlp in the empty folder of ``work``; after 429 wait ``pauses_s`` and try again. Blocks.

    ``budget_s`` bounds each run. ``on_line`` hears a second try from its beginning. Raises MediaError, Cancelled.
    """
    for pause in (*pauses_s, None):
        outcome = process.run(
            [*tools.ytdlp, *arguments],
            cwd=work / "empty",
            on_line=on_line,
            cancel=cancel,
            timeout_s=budget_s,
            leash=True,
        )
        if outcome.start_error:
            raise MediaError(FailureKind.NO_YTDLP, outcome.words)
        if outcome.timed_out:
            raise MediaError(FailureKind.TIMED_OUT, outcome.words)
        if outcome.ok:
            return outcome
        failure = classify(outcome.stderr, outcome.returncode)
        if failure.kind is not FailureKind.TOO_MANY_REQUESTS or pause is None:
            raise failure
        log.info("%s: too many requests; waiting %.0f s", arguments[-1], pause)
        cancel.wait(pause)
    raise AssertionError("unreachable")
