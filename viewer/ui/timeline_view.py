"""The whole video as one strip: highlights, quotes, key points, chapters and my marks as shapes, and the playhead."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from viewer.base.language import tr, tr_n
from viewer.domain.mark import Mark as OwnMark
from viewer.domain.note import Note
from viewer.domain.timestamp import format_timestamp
from viewer.qt.plain_words import plain_tip
from viewer.ui.fonts import font
from viewer.ui.painting import text_width
from viewer.ui.theme import ThemeManager
from viewer.ui.timeline_marks import Mark, MarkLanes, paint_mark
from viewer.ui.timeline_strip import HEIGHT, LEFT, Strip
from viewer.ui.timeline_talk import CHAPTERS, HITS, Spot, TalkLane, kind_words

_LEAST_DRAG = 3
"""A stretch that is drawn shorter than this (px) is a slip of the hand."""


class TimelineView(QWidget):
    """Click or Enter plays a mark; Left and Right go from mark to mark. ``elsewhere`` on the strip seeks there."""

    segmentActivated = Signal(object)
    placeActivated = Signal(int)
    """ms: an empty place of the strip was clicked"""
    stretchChosen = Signal(int, int)
    """start and end (ms) of a stretch that was drawn with Shift"""
    menuWanted = Signal(int, object, QMenu)
    """ms and the reader's own mark (or None) under the pointer, menu to fill"""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timelineView")
        self.setAccessibleName(tr("Timeline of the video"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(tr("The whole video: click a mark to play it; draw with Shift to mark a stretch"))
        self._themes = themes
        self._lanes = MarkLanes()
        self._talk = TalkLane()
        self._kind = ""
        self._spot: Spot | None = None
        self._empty_words = ""
        self._duration = 0
        self._playhead: int | None = None
        self._range: tuple[int, int] | None = None
        self._current = -1
        self._hover = -1
        self._names = (tr("Highlights"), tr("Quotes"), tr("Points"), tr("My marks"), tr("Mentions"))
        # Where the strip begins: right of the longest name, which some languages have longer than others.
        self._left = max(LEFT, *(round(text_width(words, font(11))) + 32 for words in self._names))
        self._stretch: tuple[int, int] | None = None
        self._drawn_from: int | None = None
        themes.changed.connect(self.update)

    # -- what is shown ---------------------------------------------------------------------------------------

    def show_note(self, note: Note | None, default_length_ms: int) -> None:
        """Show the marks of the note's first video; nothing for None or a note without times."""
        self._kind, self._spot = "", None
        self._empty_words = (
            tr("No times are known in this note yet")
            if note is not None
            else tr("The open talk is seen here at a glance")
        )
        self._playhead = self._range = self._stretch = self._drawn_from = None
        self._current = self._hover = -1
        self._lanes.show_note(note, default_length_ms)
        self._duration = 0
        if note is not None:
            cues = max((cue.end_ms or cue.start_ms or 0 for cue in note.transcript.cues), default=0)
            self._duration = note.metadata.duration_ms or max(self._lanes.last_ms, cues)
        self._talk.show_note(note, note.video if note is not None else None, self._duration)
        self._marks_changed()

    def set_own_marks(self, marks: Sequence[OwnMark]) -> None:
        """Show the reader's own marks in their lane; those of another video than the strip's are left out."""
        chosen = self._meant
        self._lanes.set_own(marks)
        self._current = self._lanes.marks.index(chosen) if chosen in self._lanes.marks else -1
        self._marks_changed()

    def _marks_changed(self) -> None:
        self._hover = -1
        self._describe()
        self.update()

    def set_stretch(self, stretch: tuple[int, int] | None) -> None:
        """Show a stretch (start and end, ms) that is about to be marked; None for none."""
        if stretch != self._stretch:
            self._stretch = stretch
            self.update()

    @property
    def _meant(self) -> Mark | None:
        marks = self._lanes.marks
        return marks[self._current] if 0 <= self._current < len(marks) else None

    @property
    def chosen(self) -> OwnMark | None:
        """The reader's own mark that is chosen on the strip."""
        return self._meant.own if self._meant is not None else None

    def set_position(self, ms: int | None) -> None:
        """Put the playhead at ``ms``; None takes it away."""
        if ms != self._playhead:
            before, self._playhead = self._playhead, ms
            for place in (before, ms):
                if place is not None:
                    self.update(int(self.strip.x(place)) - 8, 0, 16, self.height())

    def set_range(self, start_ms: int, end_ms: int) -> None:
        """Mark the stretch that is in the player."""
        self._range = (start_ms, end_ms)
        self.update()

    def clear_range(self) -> None:
        """Nothing is in the player."""
        self._range = self._playhead = None
        self.update()

    def set_hits(self, places_ms: list[int]) -> None:
        """Show where a search found something."""
        self._talk.set_hits(places_ms)
        self._forget_spot()
        self.update()

    def set_kept(self, stretches: list[tuple[int, int]]) -> None:
        """Show which stretches (start and end, ms) of the talk are kept offline."""
        if self._talk.set_kept(stretches):
            self._forget_spot()
            self.update()

    @property
    def talk(self) -> TalkLane:
        """Mentions, advertisement, what is kept, chapters and hits."""
        return self._talk

    @property
    def hits(self) -> list[int]:
        """Where a search found something (ms)."""
        return [spot.start_ms for spot in self._talk.spots(HITS)]

    @property
    def range_ms(self) -> tuple[int, int] | None:
        """Start and end of the stretch that is marked as playing."""
        return self._range

    @property
    def marks(self) -> list[Mark]:
        """What is on the strip, by time."""
        return list(self._lanes.marks)

    # -- geometry --------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(800, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    @property
    def strip(self) -> Strip:
        """Where times lie at this width."""
        return Strip(self._left, self.width(), self._duration)

    def shape(self, mark: Mark) -> QRectF:
        """Where a mark is drawn."""
        return self.strip.shape(mark, self._lanes.following_ms(mark))

    def mark_at(self, x: float, y: float) -> int:
        """Number of the mark under a point, with some room around it; -1 for none."""
        return self._lanes.at(x, y, self.shape)

    # -- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(11))
        if not self._duration:
            painter.setFont(font(12))
            painter.setPen(theme.color("text_soft"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._empty_words)
            return
        strip = self.strip
        strip.paint_lanes(painter, theme, self._names, self._talk.spots(CHAPTERS))
        if self._range is not None:
            strip.paint_playing(painter, theme, self._range)
        if self._stretch is not None:
            strip.paint_drawn(painter, theme, self._stretch)
        self._talk.paint(painter, theme, strip.x)
        for number, mark in enumerate(self._lanes.marks):
            ringed = number == self._hover or (number == self._current and not self._kind and self.hasFocus())
            paint_mark(painter, theme, mark, self.shape(mark), ringed=ringed)
        if self._spot is not None and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("text"), 1.5))
            painter.drawRoundedRect(self._talk.shape(self._spot, strip.x).adjusted(-3, -3, 3, 3), 4, 4)
        strip.paint_hits(painter, theme, self._talk.spots(HITS))
        if self._playhead is not None:
            strip.paint_playhead(painter, theme, self._playhead)

    # -- events ----------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drawn_from is not None:
            here = self.strip.ms(event.position().x())
            self.set_stretch((min(self._drawn_from, here), max(self._drawn_from, here)))
            return
        number = self.mark_at(event.position().x(), event.position().y())
        if number != self._hover:
            self._hover = number
            self.setCursor(Qt.CursorShape.PointingHandCursor if number >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._duration:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and event.position().x() >= self._left - 8:
            self._drawn_from = self.strip.ms(event.position().x())
            return
        number = self.mark_at(event.position().x(), event.position().y())
        self._kind, self._spot = "", None
        if number >= 0:
            self._current = number
            self.segmentActivated.emit(self._lanes.marks[number].segment)
        elif event.position().x() >= self._left - 8:
            self.placeActivated.emit(self.strip.ms(event.position().x()))
        self._describe()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        begun, self._drawn_from = self._drawn_from, None
        stretch = self._stretch
        if begun is None:
            super().mouseReleaseEvent(event)
            return
        self.set_stretch(None)
        if stretch is not None and self.strip.x(stretch[1]) - self.strip.x(stretch[0]) >= _LEAST_DRAG:
            self.stretchChosen.emit(*stretch)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._duration:
            return
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = event.pos().toPointF()
        number = self._current if keyboard else self.mark_at(place.x(), place.y())
        mark = self._lanes.marks[number] if 0 <= number < len(self._lanes.marks) else None
        usual = self._playhead or (mark.segment.start_ms if mark is not None else 0)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        own = mark.own if mark is not None else None
        self.menuWanted.emit(usual if keyboard else self.strip.ms(place.x()), own, menu)
        menu.popup(event.globalPos())

    def words_at(self, x: float, y: float) -> str:
        """What is at a point of the strip, for the pointer: a mark's words, else all that is there of the talk."""
        number = self.mark_at(x, y)
        if number >= 0:
            return self._lanes.marks[number].words
        if not self._duration or x < self._left - 4:
            return self.toolTip()
        ms = self.strip.ms(x)
        found = self._talk.words_at(ms, max(0, self.strip.ms(x + 6) - ms))
        return "\n".join((format_timestamp(ms), *found)) if found else self.toolTip()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            words = plain_tip(self.words_at(event.pos().x(), event.pos().y()))
            QToolTip.showText(event.globalPos(), words, self)
            return True
        own = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            mine = event.key() in own and not event.modifiers()
            event.setAccepted(mine)
            return mine or super().event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if event.key() == Qt.Key.Key_Right else -1)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._turn(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._spot is not None:
            self.placeActivated.emit(self._spot.start_ms)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._meant is not None:
            self.segmentActivated.emit(self._meant.segment)
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) mark, or spot of the kind that is looked at."""
        if self._kind:
            spots = self._talk.spots(self._kind)
            if spots:
                number = spots.index(self._spot) + by if self._spot in spots else 0
                self._spot = spots[max(0, min(len(spots) - 1, number))]
        elif self._lanes.marks:
            self._current = max(0, min(len(self._lanes.marks) - 1, self._current + by))
        self._describe()
        self.update()

    def _turn(self, by: int) -> None:
        """Look at the marks, or at what there is of another kind: mentions, advertisement, what is kept, chapters, hits."""
        kinds = ["", *self._talk.kinds]
        here = kinds.index(self._kind) if self._kind in kinds else 0
        self._kind = kinds[max(0, min(len(kinds) - 1, here + by))]
        spots = self._talk.spots(self._kind) if self._kind else ()
        self._spot = spots[0] if spots else None
        self._describe()
        self.update()

    def _forget_spot(self) -> None:
        if self._kind and self._spot not in self._talk.spots(self._kind):
            self._kind, self._spot = "", None
            self._describe()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._current < 0 and self._lanes.marks and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._current = 0
            self._describe()
        super().focusInEvent(event)
        self.update()

    def _describe(self) -> None:
        words = tr_n(
            "{n} mark. Enter plays it.",
            "{n} marks. Left and Right go from one to the next, Enter plays.",
            len(self._lanes.marks),
        ).format(n=len(self._lanes.marks))
        if self._meant is not None:
            words = self._meant.words
        if self._spot is not None:
            words = f"{kind_words(self._kind)}: {self._spot.spoken}"
        elif self._talk.kinds:
            names = ", ".join(kind_words(kind) for kind in self._talk.kinds)
            words += " " + tr("Down goes to: {kinds}.").format(kinds=names)
        self.setAccessibleDescription(words)
