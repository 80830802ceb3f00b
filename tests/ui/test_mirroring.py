"""What is painted by hand runs as the window runs; words run as their own language does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QAbstractSpinBox, QApplication
from pytestqt.qtbot import QtBot

from viewer.base import language
from viewer.base.paths import resources_dir
from viewer.base.settings import Settings
from viewer.domain.transcript import Cue, Transcript
from viewer.ui.actions import with_keys
from viewer.ui.painting import direction_of, draw_text, mirror, mirrored_place, upright
from viewer.ui.preferences import Preferences
from viewer.ui.text import DOT
from viewer.ui.theme import ThemeManager
from viewer.ui.transcript_view import TranscriptView

RIGHT, LEFT = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight


@pytest.fixture
def arabic() -> Iterator[None]:
    assert language.use(resources_dir() / "translations", "ar")
    yield
    language.use(resources_dir() / "translations", "en")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Sam Altman", LEFT),
        ("0:16 نحن", RIGHT),
        ("“نحن", RIGHT),
        ("12:31", LEFT),
        ("שלום", RIGHT),
        ("", LEFT),
        ("OpenAI في", LEFT),
    ],
)
def test_the_first_letter_says_how_a_text_runs(text: str, wanted: Qt.LayoutDirection) -> None:
    assert direction_of(text) is wanted


def inked(image: QImage) -> tuple[int, int]:
    """The first and the last column that is not white."""
    columns = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).lightness() < 200 for y in range(image.height()))
    ]
    return columns[0], columns[-1]


def drawn(direction: Qt.LayoutDirection, text: str, most: int = 1) -> tuple[int, int]:
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    mirror(painter, QRectF(0, 0, 200, 100), direction)
    draw_text(painter, text, QFont("DejaVu Sans", 10), QColor("black"), QRectF(10, 5, 120, 90), most)
    painter.end()
    return inked(image)


def test_what_is_mirrored_begins_at_the_right(qtbot: QtBot) -> None:
    left, right = drawn(LEFT, "Word"), drawn(RIGHT, "Word")
    assert left[0] < 15
    assert right[1] > 185
    # No glyph is turned round: the same ink, moved.
    assert abs((left[1] - left[0]) - (right[1] - right[0])) <= 1


def test_a_paragraph_begins_where_its_own_language_does(qtbot: QtBot) -> None:
    words = "We are past the event horizon and the takeoff has started, he says"
    assert abs(drawn(RIGHT, words, most=8)[0] - 70) < 4


def test_upright_undoes_the_mirror(qtbot: QtBot) -> None:
    image = QImage(100, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    mirror(painter, QRectF(0, 0, 100, 10), RIGHT)
    with upright(painter, QRectF(0, 0, 40, 10)):
        painter.fillRect(QRectF(0, 0, 10, 10), QColor("black"))
    painter.fillRect(QRectF(0, 0, 5, 10), QColor("black"))
    painter.end()
    assert inked(image) == (60, 99)


def test_the_mouse_finds_what_was_moved() -> None:
    row = QRectF(20, 0, 100, 50)
    assert mirrored_place(QPointF(30, 5), row, RIGHT) == QPointF(110, 5)
    assert mirrored_place(QPointF(30, 5), row, LEFT) == QPointF(30, 5)


def test_the_parts_of_a_line_are_set_apart_from_right_to_left(arabic: None) -> None:
    line = DOT.join(["Turing Post", "16 يونيو"])
    assert line == "\u200f\u2068Turing Post\u2069 · \u206816 يونيو\u2069"


def test_elsewhere_they_are_simply_joined() -> None:
    assert DOT.join(["Turing Post", "8:36"]) == "Turing Post · 8:36"


@pytest.mark.parametrize("window", [LEFT, RIGHT])
def test_an_arabic_transcript_has_its_times_at_the_right(qtbot: QtBot, window: Qt.LayoutDirection) -> None:
    view = TranscriptView(ThemeManager("light"))
    qtbot.addWidget(view)
    view.setLayoutDirection(window)
    view.resize(500, 300)
    view.show()
    words = "نحن جميعًا نعرف أن هذه الشركات مهتمة جدًا بالوصول إلى الذكاء الفائق فما معنى ذلك حقًا"
    view.show_transcript(Transcript((Cue(0, 16_000, None, words), Cue(16_000, None, None, words))))
    block = view.document().firstBlock()
    layout = block.layout()
    assert block.textDirection() is RIGHT
    time, text = layout.lineAt(0).cursorToX(0), layout.lineAt(0).cursorToX(8)
    assert _x(time) > _x(text)
    assert view.horizontalScrollBar().maximum() == 0


def _x(answer: object) -> float:
    return float(answer[0] if isinstance(answer, (tuple, list)) else answer)  # type: ignore[arg-type]


@pytest.fixture
def mirrored() -> Iterator[None]:
    QApplication.setLayoutDirection(RIGHT)
    yield
    QApplication.setLayoutDirection(LEFT)


@pytest.mark.parametrize("key", ["look.spacing", "play.speed", "look.text_size"])
def test_numbers_begin_where_words_do(
    qtbot: QtBot, tmp_path: Path, arabic: None, mirrored: None, key: str
) -> None:
    ThemeManager("light").apply()
    window = Preferences(Settings(tmp_path / "settings.toml"))
    qtbot.addWidget(window)
    window.show()
    box = window.findChild(QAbstractSpinBox, f"setting_{key}")
    assert isinstance(box, QAbstractSpinBox)
    image = QImage(box.lineEdit().size(), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    box.lineEdit().render(image)
    first, last = inked(image)
    assert first > image.width() / 2
    assert last > image.width() - 12


def test_a_path_in_an_arabic_line_keeps_its_order(arabic: None) -> None:
    assert language.set_apart("/home/me") == "\u200f\u2068/home/me\u2069"
    assert language.set_apart("") == ""


def test_a_path_in_an_english_line_is_left_alone() -> None:
    assert language.set_apart("/home/me") == "/home/me"


def test_keys_in_an_arabic_line_keep_their_order(arabic: None) -> None:
    assert with_keys("تفضيلات", "preferences") == "تفضيلات (\u200f\u2068Ctrl+,\u2069)"
