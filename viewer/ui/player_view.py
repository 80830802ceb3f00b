"""The picture: frames of the player painted in a plain widget, or words that say what to do while there are none."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtMultimedia import QVideoFrame, QVideoSink
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.base.language import tr
from viewer.ui import motion
from viewer.ui.actions import describe_action
from viewer.ui.fonts import font
from viewer.ui.icons import paint_icon
from viewer.ui.painting import draw_text, text_height
from viewer.ui.theme import ThemeManager

_SIGN, _SMALL_SIGN = 44.0, 28.0
"""px of the disc over the words while there is no picture, and where there is little room."""


class PlayerView(QWidget):
    """A 16:9 stage. ``sink`` is where the player sends its frames. A click toggles play, a double click fills the screen."""

    toggled = Signal()
    fullScreenWanted = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("playerView")
        describe_action(self, tr("Click to play or pause, double click for full screen"), "fullscreen")
        self.setAccessibleName(tr("Picture of the video"))
        self._themes = themes
        self._sink: QVideoSink | None = None
        self._frame = QVideoFrame()
        self._title = ""
        self._hint = ""
        self._busy = False
        self._fraction: float | None = None
        self.full = False
        self.sound_only = False
        self._turn = 0
        self._spin = QTimer(self)
        self._spin.setInterval(33)
        self._spin.timeout.connect(self._turn_on)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 112)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        themes.changed.connect(self.update)

    @property
    def sink(self) -> QVideoSink:
        """Where the player sends its frames. Made when it is first asked for: it loads ffmpeg."""
        if self._sink is None:
            self._sink = QVideoSink(self)
            self._sink.videoFrameChanged.connect(self._frame_changed)
        return self._sink

    def videoSink(self) -> QVideoSink:  # noqa: N802 - as QVideoWidget has it
        """The same as ``sink``: a player takes anything that has this."""
        return self.sink

    # -- what is shown ---------------------------------------------------------------------------------------

    def show_idle(self, title: str, hint: str) -> None:
        """Show words instead of a picture."""
        self._frame = QVideoFrame()
        self._title, self._hint = title, hint
        self.set_busy(False)
        self.setAccessibleDescription(f"{title} {hint}".strip())
        self.update()

    def set_busy(self, busy: bool, fraction: float | None = None, words: str = "") -> None:
        """Show that a clip is on its way: ``fraction`` 0..1 of it, None when not known."""
        self._busy, self._fraction = busy, fraction
        if busy:
            self._frame = QVideoFrame()
            self._hint = words
            if motion.reduced():
                self._spin.stop()
            elif not self._spin.isActive():
                self._spin.start()
        else:
            self._spin.stop()
        self.update()

    def restore_picture(self) -> bool:
        """Show again the last frame of what is still in the player; False when there is none."""
        self.set_busy(False)
        self._frame = self._sink.videoFrame() if self._sink is not None else QVideoFrame()
        self.update()
        return self._frame.isValid()

    def set_sound_only(self, on: bool) -> None:
        """Show a word instead of the picture while something plays."""
        self.sound_only = on
        self.update()

    def clear_picture(self) -> None:
        """Forget the last frame (the next clip must not begin with it)."""
        self._frame = QVideoFrame()
        self.update()

    @property
    def busy(self) -> bool:
        """Whether it shows that a clip is on its way."""
        return self._busy

    @property
    def has_picture(self) -> bool:
        """Whether a frame is shown."""
        return self._frame.isValid()

    def _frame_changed(self, frame: QVideoFrame) -> None:
        self._frame = frame
        if self._busy and frame.isValid():
            self.set_busy(False)
        self.update()

    def _turn_on(self) -> None:
        self._turn = (self._turn + 8) % 360
        self.update()

    # -- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = QRectF(self.rect())
        if not self.full:
            path = QPainterPath()
            path.addRoundedRect(whole, 10, 10)
            painter.fillPath(path, theme.color("stage"))
            painter.setClipPath(path)
        else:
            painter.fillRect(whole, theme.color("stage"))
        if self._frame.isValid() and self.sound_only:
            painter.setFont(font(12.5))
            painter.setPen(theme.color("stage_soft"))
            painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, tr("Sound only"))
        elif self._frame.isValid():
            options = QVideoFrame.PaintOptions()
            options.backgroundColor = theme.color("stage")
            self._frame.paint(painter, whole, options)
        else:
            if theme.name == "contrast" and not self.full:  # black on black: where it ends is not seen else
                painter.setPen(theme.color("border"))
                painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
            self._paint_words(painter, whole)

    def _paint_words(self, painter: QPainter, whole: QRectF) -> None:
        theme = self._themes.theme
        title, small = font(15, bold=True), font(12.5)
        width = min(whole.width() - 48, 420)
        left = whole.center().x() - width / 2
        title_height = text_height(self._title, title, width, 2)
        hint_height = text_height(self._hint, small, width, 3, 1.1)
        mark, gap = self._sign_size(whole.height(), title_height + 6 + hint_height)
        top = whole.center().y() - (mark + gap + title_height + 6 + hint_height) / 2
        disc = QRectF(whole.center().x() - mark / 2, max(whole.top() + 6, top), mark, mark)
        if self._busy:
            painter.setPen(QPen(theme.color("stage_soft"), 3))
            painter.setOpacity(0.35)
            painter.drawEllipse(disc)
            painter.setOpacity(1)
            accent = "#6fcdbf"
            painter.setPen(QPen(QColor(accent), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            if self._fraction is None:
                painter.drawArc(disc, -self._turn * 16, 80 * 16)
            else:
                painter.drawArc(disc, 90 * 16, -int(360 * 16 * max(0.03, self._fraction)))
                painter.setFont(font(12 if mark > _SMALL_SIGN else 10, bold=True))
                painter.setPen(theme.color("stage_text"))
                painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, f"{int(self._fraction * 100)}")
        elif mark:
            painter.setPen(QPen(theme.color("stage_soft"), 1.5))
            painter.drawEllipse(disc)
            inset = mark * 0.27
            paint_icon(painter, "play", theme.css("stage_text"), disc.adjusted(inset, inset, -inset, -inset))
        place = QRectF(left, disc.bottom() + gap, width, whole.height())
        used = draw_text(painter, self._title, title, theme.color("stage_text"), place, 2, centred=True)
        place.setTop(place.top() + used + 6)
        draw_text(painter, self._hint, small, theme.color("stage_soft"), place, 3, 1.1, centred=True)

    def _sign_size(self, height: float, words: float) -> tuple[float, float]:
        """How large the sign over ``words`` px of text is, and how far above it: it gives way first. px."""
        for mark, gap in ((_SIGN, 14.0), (_SMALL_SIGN, 8.0)):
            if mark + gap + words + 12 <= height:
                return mark, gap
        return (_SMALL_SIGN, 8.0) if self._busy else (0.0, 0.0)

    # -- size and events -------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(360, 203)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.toggled.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fullScreenWanted.emit()
