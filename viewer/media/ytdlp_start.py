"""Starts a renewed yt-dlp in a process of its own; when it does not start, the one that came with the program.

This file is run by path (see :func:`viewer.media.tools.ytdlp_command`) and imports nothing of ours; frozen, the word
``--run-copy`` leads here. Its arguments are the copy's folder, a role, and the role's own arguments::

    FOLDER ytdlp ARGS...    be yt-dlp's command
    FOLDER worker           be the warm worker
    FOLDER prove            import it, look at its parts, print one line of JSON; nothing stands in for it
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import re
import runpy
import sys

FAILED_SUFFIX = ".failed"
"""Beside a copy's folder: it did not start, and why. It is not tried again."""

_PROVING_ADDRESS = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def prefer(folder: str) -> bool:
    """Put ``folder`` first on the module path and import yt-dlp from it; False when that fails and it was taken back.

    Nothing is written into the folder: what lies in it is checked file by file.
    """
    wrote = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    sys.path.insert(0, folder)
    try:
        _import_from(folder)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the edge of this process: whatever it was, go back
        sys.path.remove(folder)
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(os.path.join(folder, "")):
                del sys.modules[name]
        importlib.invalidate_caches()
        sys.dont_write_bytecode = wrote
        words = f"{type(error).__name__}: {error}"
        print(f"WARNING: the renewed yt-dlp does not start ({words})", file=sys.stderr)
        _remember_failure(folder, words)
        return False
    return True


def _remember_failure(folder: str, words: str) -> None:
    if not os.path.isdir(folder):
        return  # the system's own, a zip file: nothing is written beside it
    try:
        with open(folder + FAILED_SUFFIX, "w", encoding="utf-8") as file:
            file.write(words + "\n")
    except OSError:
        pass  # then it is tried again at the next start


def _import_from(folder: str) -> object:
    module = importlib.import_module("yt_dlp")
    if not (module.__file__ or "").startswith(os.path.join(folder, "")):
        raise ImportError(f"there is no yt_dlp in {folder}")
    return module


def prove(folder: str) -> dict[str, object]:
    """Import yt-dlp from ``folder`` and look at what Soundbite needs of it. Raises whatever goes wrong.

    The answer holds ``version``, ``extractors`` (how many sites) and ``ejs`` (the version of its JavaScript pieces,
    which must be the very one that it asks for).
    """
    sys.path.insert(0, folder)
    yt_dlp = _import_from(folder)
    version: str = yt_dlp.version.__version__  # type: ignore[attr-defined]
    extractor = importlib.import_module("yt_dlp.extractor")
    classes = list(extractor.gen_extractor_classes())
    if not any(one.ie_key() == "Youtube" and one.suitable(_PROVING_ADDRESS) for one in classes):
        raise ImportError("its list of sites does not know YouTube")
    pinned = _pinned_ejs(folder)
    ejs = importlib.import_module("yt_dlp_ejs")
    if ejs.version != pinned:
        raise ImportError(f"it wants yt-dlp-ejs {pinned}, not {ejs.version}")
    return {"version": version, "extractors": len(classes), "ejs": ejs.version}


def _pinned_ejs(folder: str) -> str:
    for distribution in importlib.metadata.distributions(name="yt-dlp", path=[folder]):
        for requirement in distribution.requires or ():
            match = re.match(r"yt-dlp-ejs\s*==\s*([0-9][0-9A-Za-z.]*)", requirement)
            if match:
                return match[1]
    raise ImportError("it does not say which yt-dlp-ejs it wants")


def main(arguments: list[str]) -> int:
    """Play the role; returns the exit code (2 for arguments that are none of ours)."""
    if len(arguments) < 2 or arguments[1] not in ("ytdlp", "worker", "prove"):
        print("usage: FOLDER ytdlp|worker|prove ...", file=sys.stderr)
        return 2
    folder, role, rest = os.path.abspath(arguments[0]), arguments[1], arguments[2:]
    here = os.path.dirname(os.path.abspath(__file__))
    # A run by path puts this folder first on the module path, and its names could hide others.
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != here]
    if role == "prove":
        print(json.dumps(prove(folder)))
        return 0
    prefer(folder)
    if role == "ytdlp":
        sys.argv = ["yt-dlp", *rest]
        runpy.run_module("yt_dlp", run_name="__main__", alter_sys=True)
    elif getattr(sys, "frozen", False):
        return int(importlib.import_module("viewer.media.worker").main())
    else:
        runpy.run_path(os.path.join(here, "worker.py"), run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
