"""The library for the window: folders, refreshing, opening notes and searching, off the GUI thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from viewer.qt.jobs import JobRunner
from viewer.qt.models import LibraryModel


class LibraryController(QObject):
    """Owns the use of the catalog from Qt, and the one LibraryModel (``model``)."""

    progressed = Signal(int, int)
    """done, total files of the running refresh"""
    refreshed = Signal(object)
    """RefreshSummary"""
    failed = Signal(object)
    """ViewerError (or a bug's exception) of a refresh"""
    noteOpened = Signal(object, object)
    """note id, Note"""
    noteFailed = Signal(object, object)
    """note id, error"""
    searchFinished = Signal(str, object)
    """text, SearchResult"""
    searchFailed = Signal(str, object)
    busyChanged = Signal(bool)
    """whether a refresh runs"""

    def __init__(self, runner: JobRunner, catalog: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)

    model: LibraryModel

    def open_folders(self, folders: list[Path]) -> None: ...
    def refresh(self) -> None: ...
    def cancel_refresh(self) -> None: ...
    def open_note(self, note_id: Any) -> None: ...
    def search(self, text: str) -> None: ...
