"""Puts the user's choices in force: at the start, and at once whenever one is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.base.settings import Settings
from viewer.media.late_fetcher import LateFetcher
from viewer.media.options import FetchOptions
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.ui import keymap, motion
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession
from viewer.ui.status_banner import OFFLINE

if TYPE_CHECKING:
    from viewer.media.fetcher import Fetcher

READING = ("look.text_size", "look.serif", "look.measure", "look.spacing")
"""The settings of the reading text, in the order in which a page takes them."""

_AT_START = (
    "look.text_size",
    "look.motion",
    "library.sort",
    "play.volume",
    "play.muted",
    "play.speed",
    "play.loop",
    "play.captions",
    "play.sound_only",
    "fetch.offline",
    "fetch.parallel",
)


def fetch_options(settings: Settings) -> FetchOptions:
    """The user's choices for downloads."""
    return FetchOptions(
        quality=settings.get("fetch.quality"),
        cookies_browser=settings.get("fetch.cookies_browser"),
        proxy=settings.get("fetch.proxy"),
        rate_limit_kib=settings.get("fetch.rate_limit"),
        offline=settings.get("fetch.offline"),
    )


class AppliedSettings(QObject):
    """Listens to the settings for the life of the window."""

    def __init__(
        self,
        settings: Settings,
        window: MainWindow,
        session: NoteSession,
        player: ClipPlayer,
        clips: ClipController,
        fetcher: LateFetcher | Fetcher,
    ) -> None:
        super().__init__(window)
        self._settings = settings
        self._window = window
        self._session = session
        self._player = player
        self._clips = clips
        self._fetcher = fetcher
        for key in _AT_START:
            self.apply(key)
        settings.listen(self.apply)

    def apply(self, key: str) -> None:
        """Put the setting ``key`` in force."""
        value = self._settings.get(key)
        if key == "look.theme":
            self._window.themes.choose(value)
        elif key in READING:
            self._window.reader.set_type(*(self._settings.get(one) for one in READING))
        elif key == "look.motion":
            motion.use(value)
        elif key == "keys.chosen":
            self._window.actions_set.use_keys(keymap.read(value))
            self._window.top.show_keys()
        elif key == "library.sort":
            self._window.library.set_sort(value)
        elif key.startswith("fetch."):
            self._apply_fetching(key)
        elif key.startswith("play."):
            self._apply_playing(key, value)

    def _apply_fetching(self, key: str) -> None:
        self._fetcher.options = fetch_options(self._settings)
        if key == "fetch.quality":
            self._clips.set_quality(self._settings.get(key))
            self._clips.look_up(self._window.side.lists.segments())
        elif key == "fetch.parallel":
            self._clips.set_parallel(self._settings.get(key))
        elif key == "fetch.offline":
            offline = bool(self._settings.get(key))
            self._clips.set_offline(offline)
            if not offline:
                self._window.banner.drop(OFFLINE)
            self._window.actions_set["offline"].setChecked(offline)
            self._session.count_kept()

    def _apply_playing(self, key: str, value: float) -> None:
        controls, actions = self._window.side.controls, self._window.actions_set
        if key == "play.volume":
            self._player.set_volume(int(value))
            controls.set_volume(int(value))
        elif key == "play.muted":
            self._player.set_muted(bool(value))
            controls.set_muted(bool(value))
            actions["mute"].setChecked(bool(value))
        elif key == "play.speed":
            self._player.set_speed(float(value))
            controls.set_speed(float(value))
        elif key == "play.default_length" and self._session.note is not None:
            self._session.show(self._session.note, self._session.path)  # its rows have other ends now
        elif key == "play.loop":
            self._player.set_loop(bool(value))
            controls.set_loop(bool(value))
            actions["loop"].setChecked(bool(value))
        elif key == "play.captions":
            self._window.side.set_captions(bool(value))
            actions["captions"].setChecked(bool(value))
        elif key == "play.sound_only":
            self._window.side.set_sound_only(bool(value))
            actions["sound_only"].setChecked(bool(value))
