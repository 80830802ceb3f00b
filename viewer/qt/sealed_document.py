"""Pages of words that reach for nothing: no picture and no style sheet is read from the disk, whatever the page names.

A document of Qt's opens local files by itself, also where ``loadResource`` gives it nothing; only something in their
place keeps it from that.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QImage, QTextDocument


def nothing_for(kind: int) -> object:
    """What stands in for a resource of this kind (``QTextDocument.ResourceType``): one clear pixel, or no words."""
    if kind != QTextDocument.ResourceType.ImageResource.value:
        return ""
    pixel = QImage(1, 1, QImage.Format.Format_ARGB32)
    pixel.fill(0)
    return pixel


class SealedDocument(QTextDocument):
    """A document that may be shown or printed with anybody's words in it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing, whatever is asked for."""
        return nothing_for(kind)
