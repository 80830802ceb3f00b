"""Much Python work at a time: in further processes, which do not compete with the window for the interpreter."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import TypeVar

from viewer.base.cancel import CancelToken

_AHEAD = 3
"""So many chunks a process are under way: enough to keep all busy, little enough to hold in memory."""

_MOST_PROCESSES = 8

Item = TypeVar("Item")
Result = TypeVar("Result")


def process_count() -> int:
    """How many processes work at once: one for every core, as the writer waits for the disk now and then."""
    return max(1, min(_MOST_PROCESSES, os.cpu_count() or 1))


def in_processes(
    work: Callable[[Item], Result], items: Sequence[Item], chunk: int, cancel: CancelToken | None
) -> Iterator[Result]:
    """``work`` of every item, ``chunk`` items at a time in a process, in any order.

    ``work``, items and results travel by pickle. Raises Cancelled, and BrokenProcessPool or OSError when a process
    dies or cannot be started.
    """
    count = process_count()
    chunks = [items[start : start + chunk] for start in range(0, len(items), chunk)]
    # "spawn": a fork of a process with threads (Qt has some) may deadlock.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
    try:
        pending: set[Future[list[Result]]] = set()
        for part in chunks:
            pending.add(pool.submit(_all, work, part))
            if len(pending) < count * _AHEAD:
                continue
            finished, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in finished:
                yield from future.result()
            if cancel is not None:
                cancel.raise_if_cancelled()
        for future in list(pending):
            yield from future.result()
            if cancel is not None:
                cancel.raise_if_cancelled()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """In each new process: stand back behind the window, and end with the process that asked."""
    if hasattr(os, "nice"):
        os.nice(5)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(0)

        threading.Thread(target=follow, daemon=True).start()


def _all(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    return [work(item) for item in items]
