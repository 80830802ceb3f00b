"""The context menu of the transcript: playing and copying."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu

from viewer.base.language import tr


def fill_transcript_menu(
    menu: QMenu,
    play: Callable[[], object] | None,
    copy_with: Callable[..., object],
    select_all: Callable[[], object],
) -> None:
    """Add what can be done with a line and with the selection. ``play`` is None where the line has no time."""
    playing = menu.addAction(tr("Play from here"))
    playing.setEnabled(play is not None)
    if play is not None:
        playing.triggered.connect(lambda _=False: play())
    menu.addSeparator()
    for text, times, speakers in (
        (tr("Copy"), False, False),
        (tr("Copy with times"), True, False),
        (tr("Copy with times and speakers"), True, True),
    ):
        copy = partial(copy_with, times=times, speakers=speakers)
        menu.addAction(text).triggered.connect(lambda _=False, copy=copy: copy())
    menu.addSeparator()
    menu.addAction(tr("Select all")).triggered.connect(lambda _=False: select_all())
