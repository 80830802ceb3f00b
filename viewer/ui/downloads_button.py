"""The button in the top bar that is there while something comes in: how much, how fast; its menu stops and retries."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from viewer.base.language import tr
from viewer.domain.timestamp import format_range
from viewer.domain.video import Segment, VideoRef
from viewer.qt.clip_state import ClipStatus, clip_state_text
from viewer.qt.downloads import Download, Downloads, Totals
from viewer.ui.fonts import font
from viewer.ui.icons import set_icon
from viewer.ui.text import DOT, size_text
from viewer.ui.theme import Theme, ThemeManager

_EVERY_MS = 200
"""Numbers that change more often cannot be read."""


class DownloadsButton(QToolButton):
    """``2 · 1.4 MB/s``. Hidden when nothing runs, waits or failed."""

    def __init__(self, downloads: Downloads, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("downloadsButton")
        self.setFont(font(13))
        self.setProperty("wide", True)
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._downloads = downloads
        self._themes = themes
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self.fill)
        self.setMenu(self._menu)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.update_words)
        downloads.changed.connect(self._changed)
        self.update_words()

    def _changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def update_words(self) -> None:
        """Write what the sum is now."""
        totals = self._downloads.totals()
        busy = totals.running + totals.waiting
        self.setVisible(bool(busy or totals.paused or totals.failed))
        set_icon(self, *self._icon(totals))
        if busy:
            parts = [str(busy)]
        elif totals.paused:
            parts = [tr("{n} paused").format(n=totals.paused)]
        else:
            parts = [tr("{n} failed").format(n=totals.failed)]
        if totals.speed:
            parts.append(tr("{speed}/s").format(speed=size_text(int(totals.speed))))
        self.setText(DOT.join(parts))
        words = [tr("{n} running, {w} waiting").format(n=totals.running, w=totals.waiting)]
        if totals.paused:
            words.append(tr("{n} paused").format(n=totals.paused))
        if totals.done_bytes:
            words.append(size_text(totals.done_bytes))
        if totals.eta:
            words.append(tr("{n} s left").format(n=round(totals.eta)))
        if totals.failed:
            words.append(tr("{n} failed").format(n=totals.failed))
        self.setToolTip(tr("Downloads: {words}").format(words=DOT.join(words)))
        self.setAccessibleName(tr("Downloads"))
        self.setAccessibleDescription(DOT.join(words))

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {"pause_fetching": self._downloads.toggle_paused}

    def _icon(self, totals: Totals) -> tuple[str, Theme, str]:
        theme = self._themes.theme
        if totals.running + totals.waiting:
            return "download", theme, "text"
        return ("pause", theme, "text") if totals.paused else ("warning", theme, "danger")

    def fill(self) -> None:
        """List what there is, each with what can be done about it."""
        self._menu.clear()
        items = self._downloads.items()
        for item in items:
            self._add(item)
        if items:
            self._menu.addSeparator()
        if any(item.pause is not None and _moves(item) for item in items):
            _act(self._menu, tr("Pause all"), self._downloads.pause_all)
        if any(item.state.status is ClipStatus.PAUSED for item in items):
            _act(self._menu, tr("Resume all"), self._downloads.resume_all)
        everything = self._menu.addAction(tr("Stop all"))
        everything.triggered.connect(lambda _=False: self._downloads.stop_all())

    def _add(self, item: Download) -> None:
        failed = item.state.status is ClipStatus.FAILED
        part = self._menu.addMenu(DOT.join([_place(item.key, tr("Whole video")), self._state_words(item)]))
        if failed and item.retry is not None:
            _act(part, tr("Retry"), item.retry)
        if item.pause is not None and _moves(item):
            _act(part, tr("Pause"), item.pause)
        if item.resume is not None and item.state.status is ClipStatus.PAUSED:
            _act(part, tr("Resume"), item.resume)
        _act(part, tr("Forget it") if failed else tr("Stop"), item.stop)

    def _state_words(self, item: Download) -> str:
        state = item.state
        if state.status is ClipStatus.FAILED:
            return state.error.message if state.error is not None else tr("failed")
        if state.status is ClipStatus.WAITING:
            return tr("waiting")
        if state.status is ClipStatus.PAUSED:
            return clip_state_text(state)
        parts = [f"{int(state.fraction * 100)} %"] if state.fraction is not None else []
        if state.done_bytes:
            parts.append(size_text(state.done_bytes))
        if state.speed:
            parts.append(tr("{speed}/s").format(speed=size_text(int(state.speed))))
        if state.eta:
            parts.append(tr("{n} s left").format(n=round(state.eta)))
        return DOT.join(parts) or tr("beginning")


def _moves(item: Download) -> bool:
    return item.state.status in (ClipStatus.WAITING, ClipStatus.FETCHING)


def _place(key: Segment | VideoRef | str, whole: str) -> str:
    if isinstance(key, Segment):
        return format_range(key.start_ms, key.end_ms)
    return whole if isinstance(key, VideoRef) else key.replace("&", "&&")


def _act(menu: QMenu, words: str, act: Callable[[], None]) -> None:
    menu.addAction(words).triggered.connect(lambda _=False: act())
