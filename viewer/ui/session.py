"""The open note and what clicking in it does: from rows, lines and places to the clip that plays, or to a plain word."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.base.settings import Settings
from viewer.domain.captioning import caption_at
from viewer.domain.note import Note
from viewer.domain.playing import cue_segment, segment_from
from viewer.domain.timestamp import format_timestamp
from viewer.domain.video import Segment, VideoRef
from viewer.media.failures import RENEWABLE_KINDS, FailureKind, MediaError
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.clip_state import ClipStatus
from viewer.qt.now_playing import PlayerState
from viewer.qt.timed_rows import RowKind, TimedRow
from viewer.ui.actions import key_of
from viewer.ui.coming import Coming
from viewer.ui.list_places import go_back, places_in
from viewer.ui.main_window import MainWindow
from viewer.ui.notes_view import open_in_browser
from viewer.ui.paint_hold import PaintHold
from viewer.ui.quote_words import with_found_times
from viewer.ui.reading_place import ReadingPlaces
from viewer.ui.status_banner import OFFLINE, BannerButton
from viewer.ui.text import failure_line, failure_words
from viewer.ui.text_marks import marks_of

if TYPE_CHECKING:
    from viewer.library.quotes import NoteCheck

log = logging.getLogger(__name__)


class NoteSession(QObject):
    """Keeps which note is open, sends its segments to the controller, and shows how that went."""

    renewWanted = Signal()
    """a failure smells of an old yt-dlp, and the user wants it renewed"""

    noteChanged = Signal(object)
    """Note, or None"""

    checked = Signal()
    """what was found out about the open note's quotes is shown, with the times that were found"""

    keptChanged = Signal(int, int)
    """how many of the note's highlights are kept, and how many there are"""

    def __init__(
        self,
        window: MainWindow,
        controller: ClipController,
        player: ClipPlayer,
        settings: Settings,
        places: ReadingPlaces,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._player = player
        self._settings = settings
        self.note: Note | None = None
        self.path = ""
        self._places = places
        # With a lead-in or tail a longer segment is played; its row is still the one that was clicked.
        self._row_of: dict[Segment, Segment] = {}
        self._coming = Coming(window.side.player, controller, player)
        self._paint_hold = PaintHold(window, player, window.side.player)

    # -- opening ---------------------------------------------------------------------------------------------

    def show(self, note: Note, path: str, *, by_itself: bool = False) -> None:
        """Open ``note`` in every pane. What plays goes on playing.

        ``by_itself``: the reader did not ask for it, so what was said to them stays.
        """
        window, length = self._window, self.default_length_ms
        self._remember_place()
        if path != self.path and not by_itself:
            window.banner.dismiss()
        again = path == self.path and self.note is not None
        self.note, self.path = note, path
        window.reader.show_note(note, path)
        lists = window.side.lists
        places = places_in(lists) if again else None
        for model in lists.models.values():
            model.set_note(note, length)
        lists.count()
        go_back(lists, places)
        window.timeline.show_note(note, length)
        window.actions_set.set_state(note=True, clip=self._player.segment is not None)
        window.setWindowTitle(f"{note.title} — Soundbite")
        if self._player.segment is None:
            self.idle()
        for segment in lists.segments():
            lists.set_clip_state(segment, self._controller.state(segment))
        self._controller.look_up(lists.segments())
        lists.set_playing(self._controller.playing)
        playing = self._player.segment
        if playing is not None and playing.video in note.videos:
            window.timeline.set_range(playing.start_ms, playing.end_ms)
            self.position_changed(self._player.position_ms)
        window.side.controls.set_playable(bool(lists.segments()))
        self.count_kept()
        self._places.restore(path)
        self.noteChanged.emit(note)

    def show_checks(self, found: NoteCheck) -> None:
        """Mark the open note's quotes with what was found out, and read by the best transcript there is.

        Nothing when another note, or another version of this one, has been opened since.
        """
        note = self.note
        if note is None or found.note != replace(note, transcript=found.note.transcript):
            return
        had_text = bool(note.transcript.cues)
        self.note = replace(note, transcript=found.reading)
        window = self._window
        window.reader.show_transcript(found.reading)
        if found.reading.cues and not had_text:
            # Its captions are kept: they are what one reads first, unless the reader was elsewhere the last time.
            window.reader.tabs.setCurrentIndex(0)
            self._places.restore(self.path)
        window.reader.transcript.set_marks(marks_of(found.note, found.checks, found.reading))
        lists = window.side.lists
        lists.show_checks(found.note, found.checks)
        for segment in lists.segments():
            lists.set_clip_state(segment, self._controller.state(segment))
        self._controller.look_up(lists.segments())
        timed = with_found_times(self.note, found.checks)
        if timed.quotes != note.quotes or not had_text:
            hits = list(window.timeline.hits)
            window.timeline.show_note(timed, self.default_length_ms)
            window.timeline.set_hits(hits)
        window.side.controls.set_playable(bool(lists.segments()))
        playing = self._player.segment
        if playing is None:
            self.idle()
        elif playing.video in note.videos:
            window.timeline.set_range(playing.start_ms, playing.end_ms)
            self.position_changed(self._player.position_ms)
        self.checked.emit()

    def show_nothing(
        self, title: str, advice: str, button: str = "", icon: str = "", *, by_itself: bool = False
    ) -> None:
        """Close the open note, and say what to do next; a ``button`` opens a folder. ``by_itself`` as for ``show``."""
        self._remember_place()
        self.note, self.path = None, ""
        window = self._window
        if not by_itself:
            window.banner.dismiss()
        window.reader.show_empty(title, advice, button, icon)
        for model in window.side.lists.models.values():
            model.set_note(None, 0)
        window.side.lists.count(open_note=False)
        window.timeline.show_note(None, 0)
        if self._player.state is not PlayerState.PLAYING:
            self._controller.stop()  # what stands still belongs to what was open
        window.side.controls.set_playable(False)
        window.actions_set.set_state(note=False, clip=self._player.segment is not None)
        window.setWindowTitle("Soundbite")
        if self._player.segment is None:
            self.idle()
        self.count_kept()
        self.noteChanged.emit(None)

    def _remember_place(self) -> None:
        if self.note is not None:
            self._places.remember(self.path)

    def show_failure_to_open(self, error: object) -> None:
        """Say why a note cannot be shown."""
        if not isinstance(error, ViewerError):
            log.warning("a note could not be opened: %r", error)
        words = failure_line(error)
        self.show_nothing(tr("This note could not be opened"), words, icon="warning")

    def idle(self) -> None:
        """Nothing plays: the stage says what a click will do."""
        note = self.note
        if note is None:
            words, hint = tr("Nothing is open"), tr("What you play is seen here.")
        elif self._window.side.lists.segments() or note.transcript.timed:
            words = tr("Nothing is playing")
            hint = tr("Click a highlight, a quote or a time: it plays here.")
        elif note.video is not None:
            words = tr("No times are known yet")
            hint = tr("With the transcript of the video each quote finds its place ({key}).")
            hint = hint.format(key=key_of("get_transcript"))
        else:
            words = tr("Text only")
            hint = tr("This note names no video.")
        self._window.side.player.show_idle(words, hint)

    @property
    def default_length_ms(self) -> int:
        """How long something plays that has no end, ms."""
        return int(self._settings.get("play.default_length")) * 1000

    # -- playing ---------------------------------------------------------------------------------------------

    def play(self, segment: Segment) -> None:
        """Play the segment, with the lead-in and tail the user chose."""
        self._window.banner.dismiss()
        played = self.with_edges(segment)
        self._stand_for(played, segment)
        self._window.side.player.clear_picture()
        self.play_exactly(played)

    def play_exactly(self, segment: Segment) -> None:
        """Play this and nothing before or after it; the last picture stays until its first one comes."""
        self._controller.play(segment)
        self.show_state(segment)

    def row_of(self, segment: Segment) -> Segment:
        """The segment of the row for which ``segment`` is played: its own without lead-in, tail and moved ends."""
        return self._row_of.get(segment, segment)

    def take_for(self, segment: Segment, other: Segment) -> None:
        """Let ``segment`` stand for the row of ``other``: it is the same clip with its ends moved."""
        self._stand_for(segment, self.row_of(other))

    def _stand_for(self, played: Segment, row: Segment) -> None:
        if played == row:  # nothing to remember: there would be more with every note that is opened
            self._row_of.pop(played, None)
        else:
            self._row_of[played] = row

    def toggle(self) -> None:
        """Play or pause; with nothing in the player, begin with the chosen or first row."""
        if self._player.state is PlayerState.FAILED:
            self._controller.retry()
            return
        if self._player.segment is not None:
            self._player.toggle()
            return
        row = self._window.side.lists.current_row()
        segments = self._window.side.lists.segments()
        if row is not None and row.segment is not None:
            self.play(row.segment)
        elif segments:
            self.play(segments[0])

    def stop_fetching(self) -> None:
        """Stop every download; what was there before is shown again."""
        self._controller.cancel_all()
        self._show_what_is_there()

    def _show_what_is_there(self) -> None:
        """The frame of what is in the player, paused; else what a click would do."""
        if self._player.segment is None or not self._window.side.player.restore_picture():
            self.idle()

    def with_edges(self, segment: Segment) -> Segment:
        """The segment with the lead-in and tail the user chose."""
        before = int(self._settings.get("play.lead_in")) * 1000
        after = int(self._settings.get("play.tail")) * 1000
        end = segment.end_ms + after
        note = self.note
        if after and note is not None and note.video == segment.video and note.metadata.duration_ms:
            end = max(segment.end_ms, min(end, note.metadata.duration_ms))
        return Segment(segment.video, max(0, segment.start_ms - before), end)

    def play_cue(self, row: int) -> None:
        """Play from the transcript's line."""
        if self.note is None:
            return
        cue = self.note.transcript.cues[row]
        self._play_or_explain(cue_segment(self.note, cue, self.default_length_ms), cue.text)

    def play_time(self, video_id: str, ms: int) -> None:
        """Play from a place in a video of the note."""
        if self.note is not None:
            self._play_or_explain(segment_from(self.note, video_id, ms, None, self.default_length_ms), "")

    def play_place(self, ms: int) -> None:
        """Play from a place of the timeline: seek when the player holds it."""
        segment = self._player.segment
        if segment is not None and segment.start_ms <= ms < segment.end_ms:
            self._player.seek(ms)
        elif self.note is not None and self.note.video is not None:
            self.play_time(self.note.video.id, ms)

    def explain_untimed(self, row: TimedRow) -> None:
        """Say that no time is known for this row, and offer what there is; a mark's words are shown instead."""
        if row.kind is RowKind.MARK:
            return
        self._play_or_explain(None, row.text or row.title)

    def _play_or_explain(self, segment: Segment | None, words: str) -> None:
        if segment is not None:
            self.play(segment)
            return
        video = self.note.video if self.note is not None else None
        if video is None:
            self._window.banner.show_info(
                tr("No time known yet"),
                tr("This note names no video, so there is nothing to play."),
            )
            return
        self._window.banner.show_info(
            tr("No time known yet"),
            tr("The note does not say when this is said. You can look for it in the video itself."),
            [BannerButton(tr("Open the video"), lambda: open_in_browser(video.url), primary=True)],
        )

    def show_state(self, segment: Segment) -> None:
        """Show the clip's state on its rows and, when it is the wanted one, on the stage."""
        state = self._controller.state(segment)
        self._window.side.lists.set_clip_state(self.row_of(segment), state)
        if state.status in (ClipStatus.READY, ClipStatus.NOT_FETCHED):
            self.count_kept()
        self._coming.show(segment, state)

    def show_playing(self, segment: Segment | None) -> None:
        """Mark what is in the player."""
        row = None if segment is None else self.row_of(segment)
        self._window.side.lists.set_playing(row)
        if segment is None or self.note is None or segment.video not in self.note.videos:
            # Nothing of this note is being said: a collection may have gone on to another one.
            self._window.timeline.clear_range()
            self._window.reader.transcript.set_playing(None)
            self._window.side.show_caption("")
        self._window.actions_set.set_state(note=self.note is not None, clip=segment is not None)

    def fail(self, segment: Segment, error: object) -> None:
        """Say why the clip cannot be played; turn to its line, and offer what there is."""
        self._show_what_is_there()
        if not isinstance(error, ViewerError):
            log.warning("a clip could not be played: %r", error)
        message, advice = failure_words(error, tr("The clip could not be played."))
        place = format_timestamp(segment.start_ms)
        site = (
            tr("Open on YouTube at {place}") if segment.video.is_youtube else tr("Open the page at {place}")
        )
        address = segment.video.url_at(segment.start_ms)
        buttons = [
            BannerButton(tr("Retry"), self._controller.retry, primary=True),
            BannerButton(site.format(place=place), lambda: open_in_browser(address)),
        ]
        if isinstance(error, MediaError) and error.kind in RENEWABLE_KINDS:
            buttons[0] = BannerButton(tr("Renew yt-dlp"), self.renewWanted.emit, primary=True)
            buttons.insert(1, BannerButton(tr("Retry"), self._controller.retry))
        offline = isinstance(error, MediaError) and error.kind is FailureKind.OFFLINE
        if offline:
            buttons[0] = BannerButton(tr("Go online and play"), self._go_online, primary=True)
        self._window.banner.show_failure(message, advice, buttons, about=OFFLINE if offline else "")
        note = self.note
        if note is None or note.transcript.cue_at(segment.start_ms) is None:
            return
        if segment.video == (note.video_by_id(note.transcript.video_id) or note.video):
            self._window.reader.show_place(segment.start_ms)

    def _go_online(self) -> None:
        self._settings.set("fetch.offline", False)
        self._controller.retry()

    # -- following -------------------------------------------------------------------------------------------

    def position_changed(self, ms: int) -> None:
        """Mark the line that is being said, move the playhead and the slider."""
        self._window.side.controls.set_position(ms)
        segment, note = self._player.segment, self.note
        if segment is None or note is None or segment.video not in note.videos:
            return
        if segment.video == note.video:
            self._window.timeline.set_position(ms)
        transcript_video = note.video_by_id(note.transcript.video_id) or note.video
        if segment.video == transcript_video:
            self._window.reader.transcript.set_playing(note.transcript.cue_at(ms))
            self._window.side.show_caption(caption_at(note.transcript, ms))

    def range_changed(self, start_ms: int, end_ms: int) -> None:
        """Show the stretch that is in the player."""
        self._window.side.controls.set_range(start_ms, end_ms)
        self.show_range(start_ms, end_ms)

    def show_range(self, start_ms: int, end_ms: int) -> None:
        """Show on the timeline what plays, or will when its moved ends have come."""
        segment, note = self._player.segment, self.note
        if segment is not None and note is not None and segment.video == note.video:
            self._window.timeline.set_range(start_ms, end_ms)

    def player_state_changed(self, state: PlayerState) -> None:
        """Show what the player does."""
        self._window.side.controls.set_state(state)
        if state is PlayerState.EMPTY:
            self.idle()

    # -- taking along ----------------------------------------------------------------------------------------

    def count_kept(self) -> None:
        """Write on the offline button how many of the note's clips are kept."""
        highlights = self._window.side.lists.models[RowKind.HIGHLIGHT].segments()
        ready = sum(self._controller.state(s).status is ClipStatus.READY for s in highlights)
        kept = f"{ready}/{len(highlights)}" if highlights else ""
        self._window.top.set_offline(self._controller.offline, kept)
        if self.note is not None:
            self.keptChanged.emit(ready, len(highlights))

    def video_place(self) -> tuple[VideoRef, int] | None:
        """The video and place (ms) that is meant now: what plays, else the chosen row's, else the note's start."""
        playing = self._player.segment
        if playing is not None:
            return playing.video, max(playing.start_ms, self._player.position_ms)
        row = self._window.side.lists.current_row()
        if row is not None and row.segment is not None:
            return row.segment.video, row.segment.start_ms
        if self.note is not None and self.note.video is not None:
            return self.note.video, 0
        return None
