"""The program's door: no sub-command opens the window, a sub-command is for the terminal.

Hidden words exist for the frozen program, whose ``sys.executable`` is no Python: ``--run-ytdlp ARGS`` and
``--run-worker`` re-enter it as yt-dlp and as the resolver, ``--run-copy FOLDER ROLE ARGS`` as a renewed yt-dlp,
``--run-pip ARGS`` as the pip that fetches one, ``--run-leash PROGRAM ARGS`` as what ends a program with us. They are
looked at before anything else is imported.
"""

from __future__ import annotations

import os
import sys

_QUIET = "qt.multimedia*.info=false;qt.multimedia*.debug=false;qt.multimedia.symbolsresolver=false"
"""What Qt's media parts and their ffmpeg say at every start and every file; their warnings are heard."""


def main(argv: list[str] | None = None) -> int:
    """Run the program and return its exit code. ``argv`` is without the program's name."""
    if getattr(sys, "frozen", False):
        import multiprocessing

        # The indexer's further processes re-enter the frozen program here and go no further.
        multiprocessing.freeze_support()
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["--run-ytdlp"]:
        import runpy

        sys.argv = ["yt-dlp", *arguments[1:]]
        runpy.run_module("yt_dlp", run_name="__main__", alter_sys=True)
        return 0
    if arguments[:1] == ["--run-worker"]:
        from viewer.media import worker

        return worker.main()
    frozen = bool(getattr(sys, "frozen", False))
    if frozen and arguments[:1] == ["--run-copy"]:
        from viewer.media import ytdlp_start

        return ytdlp_start.main(arguments[1:])
    if frozen and arguments[:1] == ["--run-pip"]:
        import runpy

        sys.argv = ["pip", *arguments[1:]]
        runpy.run_module("pip", run_name="__main__", alter_sys=True)
        return 0
    if frozen and arguments[:1] == ["--run-leash"]:
        from viewer.media import leash, process

        # Being started has changed the environment: what is started now must not find that.
        return leash.main(arguments[1:], process.clean_environment())
    # In the environment, since the first of it is said while Qt is imported. The user's own rules win.
    os.environ.setdefault("QT_LOGGING_RULES", _QUIET)
    if arguments[:1] == ["--selftest"]:
        from viewer import selftest

        return selftest.run()
    from viewer import cli

    if cli.wants(arguments):
        return cli.main(arguments)
    from viewer.qt import lean_imports

    lean_imports.begin()
    from viewer import app

    return app.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
