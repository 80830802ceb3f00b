"""Starts a program that does not outlive us, even when we are killed and can end nothing any more.

This file is run by path (see :func:`viewer.media.process.leashed`) and imports nothing of ours; frozen, the word
``--run-leash`` leads here. Its arguments are the program and the program's own arguments. Its stdin is a pipe that
nobody writes to: it ends when the process that holds the other end does, however that happens.

The program takes this process's place, so its exit code, its signals and its place as leader of its group are what
they would be without. Beside it in the group stays a copy of this process that only waits for the pipe's end, and
then ends the whole group by force. (PR_SET_PDEATHSIG would reach the program but not the ffmpeg that it started,
and is sent already when the *thread* that started it ends.)
"""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Mapping

NOT_STARTED = 127
"""The exit code when the program cannot be started; what a shell says, too."""


def _wait_and_end(pipe: int) -> None:
    """The copy: hold nothing that others wait for, and end the group when the pipe ends."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a group that is ended politely is ended by its leader
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (1, 2):
        os.dup2(nothing, number)
    while os.read(pipe, 64):
        pass
    os.killpg(0, signal.SIGKILL)


def main(argv: list[str], environment: Mapping[str, str] | None = None) -> int:
    """Become the program ``argv``; returns only when it cannot be started. Its group must be its own: it is ended whole."""
    if not argv or not stat.S_ISFIFO(os.fstat(0).st_mode):
        print("wants a program, and a pipe whose other end says when all is over", file=sys.stderr)
        return NOT_STARTED
    if os.fork() == 0:
        try:
            _wait_and_end(0)
        finally:
            os._exit(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    try:
        os.execvpe(argv[0], argv, dict(os.environ if environment is None else environment))  # noqa: S606 - that is the point
    except OSError as error:
        print(f"{argv[0]}: {error}", file=sys.stderr)
        return NOT_STARTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
