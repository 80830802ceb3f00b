"""The context menu of the transcript: playing and copying."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from viewer.base.language import tr

if TYPE_CHECKING:
    from viewer.ui.transcript_view import TranscriptView


def fill_transcript_menu(view: TranscriptView, menu: QMenu, row: int | None) -> None:
    """Add what can be done with the line in ``row`` and with the selection."""
    play = menu.addAction(tr("Play from here"))
    play.setEnabled(row is not None and view.start_of(row) is not None)
    play.triggered.connect(lambda _=False: view.cueActivated.emit(row))
    menu.addSeparator()
    for text, times, speakers in (
        (tr("Copy"), False, False),
        (tr("Copy with times"), True, False),
        (tr("Copy with times and speakers"), True, True),
    ):
        copy = partial(view.copy_with, times=times, speakers=speakers)
        menu.addAction(text).triggered.connect(lambda _=False, copy=copy: copy())
    menu.addSeparator()
    menu.addAction(tr("Select all")).triggered.connect(lambda _=False: view.selectAll())
