"""Fills a share/ folder outside of `packaging/build`, for Flatpak: `share.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builder import linux, steps


def main() -> None:
    # The Python that runs this has the program installed; there is no build/venv.
    steps.PYTHON = Path(sys.executable)
    steps.BUILD.mkdir(exist_ok=True)
    linux.place_desktop_files(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
