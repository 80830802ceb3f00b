"""Four buttons for the four colours of a mark: told apart by sign and place as well."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from viewer.domain.mark import MarkColour
from viewer.qt.mark_rows import colour_words
from viewer.ui.actions import describe_action
from viewer.ui.icons import paint_icon
from viewer.ui.own_marks import COLOURS, icon_of, ink, tint
from viewer.ui.theme import ThemeManager

SIDE = 30


def action_of(colour: MarkColour) -> str:
    """The id of the action that marks in this colour."""
    return f"mark_{colour.value}"


class ColourButton(QToolButton):
    """One colour: a round field in it, with its sign. Checked while it is the mark's."""

    def __init__(self, colour: MarkColour, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.colour = colour
        self._themes = themes
        self.setCheckable(True)
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        describe_action(self, colour_words(colour), action_of(colour))
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = theme.color(ink(self.colour))
        field = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        painter.setBrush(theme.color(tint(self.colour)))
        painter.setPen(QPen(color, 1.25))
        painter.drawEllipse(field)
        paint_icon(painter, icon_of(self.colour), theme.css(ink(self.colour)), field.adjusted(4, 4, -4, -4))
        if self.isChecked() or self.hasFocus() or self.underMouse():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color if self.isChecked() else theme.color("accent"), 2.0))
            painter.drawEllipse(field.adjusted(-2.5, -2.5, 2.5, 2.5))


class ColourButtons(QWidget):
    """The four in a row."""

    chosen = Signal(object)
    """MarkColour whose button was pressed"""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {colour: ColourButton(colour, themes, self) for colour in COLOURS}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for colour, button in self.buttons.items():
            button.setObjectName(f"colour_{colour.value}")
            row.addWidget(button)
            button.clicked.connect(lambda _=False, colour=colour: self.chosen.emit(colour))

    def set_colour(self, colour: MarkColour | None) -> None:
        """Show which is the mark's."""
        for one, button in self.buttons.items():
            button.setChecked(one is colour)
