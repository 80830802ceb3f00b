"""The card behind “Aa”: how the text looks, changed while one sees it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import tr
from viewer.base.settings import Settings
from viewer.base.settings_table import setting
from viewer.ui.buttons import describe, text_button
from viewer.ui.fonts import font, reading_family
from viewer.ui.theme import THEMES

_WIDTH = 320


class TypeCard(QFrame):
    """Size, typeface, line length, line spacing, theme. Every change is a setting and counts at once; Esc closes it."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("typeCard")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr("How the text looks"))
        self.setFixedWidth(_WIDTH)
        self._settings = settings
        self.sliders: dict[str, QSlider] = {}
        self._values: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(self._typefaces())
        column.addLayout(self._measures())
        column.addLayout(self._themes())
        usual = text_button(tr("As it was"), "link", self)
        usual.setToolTip(tr("The usual size, typeface, length and spacing"))
        usual.setFont(font(12, bold=True))
        usual.clicked.connect(self._usual)
        column.addWidget(usual, 0, Qt.AlignmentFlag.AlignLeft)

    # -- building --------------------------------------------------------------------------------------------

    def _choices(self, key: str, choices: list[tuple[object, str]]) -> tuple[QHBoxLayout, QButtonGroup]:
        row, group = QHBoxLayout(), QButtonGroup(self)
        row.setSpacing(6)
        for number, (value, words) in enumerate(choices):
            button = QPushButton(words, self)
            button.setProperty("kind", "toggle")
            button.setCheckable(True)
            button.setChecked(self._settings.get(key) == value)
            button.setFont(font(13))
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.clicked.connect(lambda _=False, value=value: self._settings.set(key, value))
            group.addButton(button, number)
            row.addWidget(button)
        return row, group

    def _typefaces(self) -> QHBoxLayout:
        row, self.typefaces = self._choices("look.serif", [(False, tr("Sans")), (True, tr("Serif"))])
        for number, serif in enumerate((False, True)):
            self.typefaces.button(number).setFont(font(14, family=reading_family(serif)))
        return row

    def _measures(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, (key, words, step) in enumerate(
            (
                ("look.text_size", tr("Text size"), 1),
                ("look.measure", tr("Line length"), 1),
                ("look.spacing", tr("Line spacing"), 5),
            )
        ):
            spec = setting(key)
            label, value, slider = QLabel(words, self), QLabel(self), QSlider(Qt.Orientation.Horizontal, self)
            slider.setObjectName(f"type_{key}")
            slider.setRange(int(spec.minimum or 0), int(spec.maximum or 100))
            slider.setSingleStep(step)
            slider.setPageStep(step * 5)
            slider.setValue(int(self._settings.get(key)))
            describe(slider, words)
            slider.valueChanged.connect(lambda number, key=key: self._moved(key, number))
            for text in (label, value):
                text.setFont(font(13))
            value.setProperty("role", "soft")
            value.setMinimumWidth(34)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for place, widget in enumerate((label, slider, value)):
                grid.addWidget(widget, row, place)
            self.sliders[key], self._values[key] = slider, value
            value.setText(str(slider.value()))
        grid.setColumnStretch(1, 1)
        return grid

    def _themes(self) -> QHBoxLayout:
        names = (tr("Light"), tr("Dark"), tr("Sepia"), tr("Contrast"))
        row, self.looks = self._choices("look.theme", list(zip(THEMES, names, strict=True)))
        return row

    # -- changing --------------------------------------------------------------------------------------------

    def _moved(self, key: str, number: int) -> None:
        self._values[key].setText(str(number))
        self._settings.set(key, number)

    def _usual(self) -> None:
        for key, slider in self.sliders.items():
            slider.setValue(int(setting(key).default))  # type: ignore[arg-type]
        self._settings.set("look.serif", setting("look.serif").default)
        self.typefaces.button(int(self._settings.get("look.serif"))).setChecked(True)

    def open_at(self, button: QWidget) -> None:
        """Show the card beneath ``button``, inside the screen."""
        self.adjustSize()
        corner = button.mapToGlobal(button.rect().bottomRight())
        left = corner.x() - self.width()
        screen = button.screen().availableGeometry()
        self.move(QPoint(max(screen.left() + 8, left), corner.y() + 6))
        self.show()
        self.sliders["look.text_size"].setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
