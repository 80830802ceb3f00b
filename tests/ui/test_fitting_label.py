"""Words of any length in so many lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.fitting_label import FittingLabel
from viewer.ui.fonts import font

LONG = (
    "A very long title of a very long talk in which somebody explains why "
    + "Kapitänsmütze" * 6
    + " matters today"
)


@pytest.fixture
def label(qtbot: QtBot) -> Iterator[FittingLabel]:
    box = QWidget()
    qtbot.addWidget(box)
    made = FittingLabel(3, box)
    made.setFont(font(22, bold=True))
    column = QVBoxLayout(box)
    column.addWidget(made)
    column.addStretch(1)
    box.resize(900, 500)
    box.show()
    yield made
    box.close()


def lines(label: FittingLabel) -> float:
    return label.heightForWidth(label.width()) / QFontMetricsF(label.font()).lineSpacing()


@pytest.mark.parametrize("width", [260, 340, 420, 520, 700])
def test_no_more_lines_than_these_and_no_letter_over_the_edge(label: FittingLabel, width: int) -> None:
    label.setText(LONG)
    label.window().resize(width, 500)
    assert lines(label) < 3.5
    assert label.shown.endswith("…") or label.shown == LONG
    assert label.text() == LONG
    assert label.sizeHint().width() > 0
    metrics = QFontMetricsF(label.font())
    assert max(metrics.horizontalAdvance(part) for part in ["Kapitänsmütze", "Kapitänsmütze"]) < width


def test_what_fits_is_left_alone_and_comes_back_with_room(label: FittingLabel) -> None:
    label.setText("Short")
    assert label.shown == "Short"
    assert not label.toolTip()
    label.setText(LONG)
    label.window().resize(300, 500)
    assert label.shown != LONG
    assert label.toolTip() == LONG
    label.window().resize(1900, 500)
    assert label.shown == LONG
    assert not label.toolTip()
