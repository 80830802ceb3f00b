"""Which frames of a player reach the screen: none from outside the segment, none from before a seek, no black one."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtMultimedia import QVideoFrame, QVideoSink

_SEEK_PATIENCE_S = 1.0
_USUAL_FRAME_US = 40_000
_NEAR_US = 250_000
"""The first frame at or after a place may be so much later where the picture pauses."""
_ROUNDING_US = 3
"""What a time may lose on its way through the file's units."""


class FrameGate(QObject):
    """Stands between a QMediaPlayer (``sink`` is its video output) and the widget that shows the picture.

    Times are those of the media file. Qt sends an empty frame at the end and when a source changes; kept back,
    the last picture stays on the screen until there is another.
    """

    overrun = Signal()
    """A frame from after the end came: the segment is over."""
    began = Signal()
    """The first frame since ``expect_from`` was let through."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sink: QVideoSink | None = None
        self._output: Any = None
        self._open = False
        self._end_us = 0
        self._seek_ms: int | None = None
        self._seek_until = 0.0
        self._first_us: int | None = None
        self._only_first = False
        self.seen = False
        """Whether the file has given any frame yet."""
        self.frame_us = _USUAL_FRAME_US
        """How long a frame lasts."""
        self.shown_us = 0
        """Where the frame on the screen begins."""

    @property
    def sink(self) -> QVideoSink:
        """The player's video output. Made when it is first asked for: it loads ffmpeg."""
        if self._sink is None:
            self._sink = QVideoSink(self)
            self._sink.videoFrameChanged.connect(self._take, Qt.ConnectionType.QueuedConnection)
        return self._sink

    @property
    def seeking(self) -> bool:
        """Whether the frame of the last seek is awaited; given up after a second (there may be none)."""
        if self._seek_ms is not None and time.monotonic() > self._seek_until:
            self._seek_ms = None
        return self._seek_ms is not None

    @property
    def end_ms(self) -> int:
        """No frame that begins here or later is let through."""
        return self._end_us // 1000

    def shut(self) -> None:
        """Let nothing through until the next ``expect``: another file comes."""
        self._open = self.seen = self._only_first = False
        self._seek_ms = self._first_us = None

    def set_frame_rate(self, per_second: float | None) -> None:
        """What the file says of itself; None when it does not."""
        self.frame_us = round(1_000_000 / per_second) if per_second else _USUAL_FRAME_US

    def set_end(self, media_ms: int) -> None:
        """Let no frame through that begins here or later."""
        self._end_us = media_ms * 1000

    def expect(self, media_ms: int) -> None:
        """A seek was asked for: the frame of this place is the next to be let through."""
        self._open = True
        self._only_first = False
        self._first_us = None
        self._seek_ms = media_ms
        self._seek_until = time.monotonic() + _SEEK_PATIENCE_S

    def expect_from(self, media_ms: int, *, only_first: bool = False) -> None:
        """It will play from its beginning: the first frame at or after this place is the first to be let through.

        ``only_first``: and the last one until ``let_all_through`` (the player will be told to stand still, but late).
        """
        if not self._open:
            self._open = True
            self._first_us = media_ms * 1000
            self._only_first = only_first

    def let_all_through(self) -> None:
        """It plays on from the frame that stands."""
        self._only_first = False

    def set_output(self, output: QObject | None) -> None:
        """Show on a QVideoSink or on anything that has one, beginning with the frame that stands."""
        self._output = output
        frame = self._sink.videoFrame() if self._sink is not None else None
        if self._open and frame is not None and frame.isValid():
            self._show(frame)

    def clear(self) -> None:
        """Show nothing."""
        self.shut()
        if self._sink is not None:
            self._show(QVideoFrame())

    def _show(self, frame: QVideoFrame) -> None:
        if self._output is not None:
            sink = self._output if isinstance(self._output, QVideoSink) else self._output.videoSink()
            sink.setVideoFrame(frame)

    @Slot(QVideoFrame)
    def _take(self, frame: QVideoFrame) -> None:
        if not self._open or not frame.isValid():
            return
        self.seen = True
        start_us, end_us = frame.startTime(), frame.endTime()
        if end_us > start_us >= 0:
            self.frame_us = end_us - start_us
        if self.seeking:
            # Frames that were under way when the seek was asked for are not its answer.
            place_us = (self._seek_ms or 0) * 1000
            if not start_us - _NEAR_US <= place_us < start_us + self.frame_us:
                return
            self._seek_ms = None
        if self._first_us is not None:
            if start_us + _ROUNDING_US < self._first_us:
                return
            self._first_us = None
            self.began.emit()
        elif self._only_first:
            return
        # Whole ms against frames of 33.3: what begins less than one before the end is beyond it.
        if start_us + 1000 > self._end_us:
            self.overrun.emit()
            return
        self.shown_us = start_us
        self._show(frame)
