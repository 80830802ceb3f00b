"""What the keys of the player do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from viewer.base.language import tr
from viewer.base.settings import Settings
from viewer.base.settings_table import setting
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.ui.clip_ends import ClipEnds
from viewer.ui.continuation import Continuation
from viewer.ui.main_window import MainWindow
from viewer.ui.notes_view import open_in_browser
from viewer.ui.player_controls import SPEEDS
from viewer.ui.row_menu import quote_with_source
from viewer.ui.session import NoteSession


class PlayCommands(QObject):
    """Handlers of the actions in the Play and Clip menus."""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        controller: ClipController,
        player: ClipPlayer,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._controller = controller
        self._player = player
        self._settings = settings
        self.continuation = Continuation(window, session, controller, player, settings)
        self.ends = ClipEnds(window, session, controller, player)
        window.side.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pointer comes to the clips: the first click shall not wait for what plays them."""
        if event.type() == QEvent.Type.Enter:
            watched.removeEventFilter(self)
            self._player.prepare()
        return super().eventFilter(watched, event)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        player = self._player
        lists = self._window.side.lists
        return {
            "pause": self._session.toggle,
            "back": lambda: self._move(-5000),
            "forward": lambda: self._move(5000),
            "back_more": lambda: self._move(-10_000),
            "forward_more": lambda: self._move(10_000),
            "frame_back": lambda: player.step_frames(-1),
            "frame_forward": lambda: player.step_frames(1),
            "slower": lambda: self._change_speed(-1),
            "faster": lambda: self._change_speed(1),
            "loop": lambda: self._switch("play.loop"),
            "mute": lambda: self._switch("play.muted"),
            "captions": lambda: self._switch("play.captions"),
            "sound_only": lambda: self._switch("play.sound_only"),
            "play_on": self.continuation.toggle_talk,
            "play_all": self.continuation.toggle_highlights,
            "start_earlier": lambda: self.ends.nudge(-1000, 0),
            "start_later": lambda: self.ends.nudge(1000, 0),
            "end_later": lambda: self.ends.nudge(0, 1000),
            "end_earlier": lambda: self.ends.nudge(0, -1000),
            "next_highlight": lambda: lists.step(1),
            "previous_highlight": lambda: lists.step(-1),
            "play_row": lambda: lists.step(0),
            "stop_fetching": self._session.stop_fetching,
            "copy_quote": self.copy_quote,
            "open_video": self.open_video,
            "follow": self._window.reader.transcript.follow,
        }

    def _move(self, by: int) -> None:
        self._player.seek(self._player.position_ms + by)

    def _switch(self, key: str) -> None:
        self._settings.set(key, not self._settings.get(key))

    def _change_speed(self, by: int) -> None:
        now = self._settings.get("play.speed")
        nearest = min(range(len(SPEEDS)), key=lambda number: abs(SPEEDS[number] - now))
        self.set_speed(SPEEDS[max(0, min(len(SPEEDS) - 1, nearest + by))])

    def set_speed(self, speed: float) -> None:
        """Play at ``speed`` from now on."""
        limits = setting("play.speed")
        self._settings.set("play.speed", max(limits.minimum or 0.5, min(limits.maximum or 3.0, float(speed))))

    def copy_quote(self) -> None:
        """Copy the chosen (else the playing) quote with its source; selected text as it is."""
        page = self._window.reader.page()
        if page.textCursor().hasSelection() and page.hasFocus():
            page.copy()
            self._window.banner.show_info(tr("The selected words are copied"))
            return
        if self._session.note is None:
            return
        row = self._window.side.lists.current_row()
        text = quote_with_source(self._session.path, self._session.note, row)
        QApplication.clipboard().setText(text)
        self._window.banner.show_info(tr("Copied with its source"), text.splitlines()[0])

    def open_video(self) -> None:
        """Open the video in the browser, at the place that is meant."""
        place = self._session.video_place()
        if place is None:
            self._window.banner.show_info(tr("This note names no video"))
        else:
            open_in_browser(place[0].url_at(place[1]))
