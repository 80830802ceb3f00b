"""Renders the program's icon as PNG. Run by the build's Python: `icons.py SVG FOLDER SIZE ...`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer


def main() -> None:
    _application = QGuiApplication([])
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    renderer = QSvgRenderer(str(source))
    folder.mkdir(parents=True, exist_ok=True)
    for size in map(int, sys.argv[3:]):
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        if not image.save(str(folder / f"{size}.png")):
            raise SystemExit(f"{folder / f'{size}.png'} could not be written")


if __name__ == "__main__":
    main()
