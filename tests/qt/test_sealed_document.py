"""A page of somebody's words opens no file: what it names is seen nowhere in the picture of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from viewer.qt.sealed_document import SealedDocument
from viewer.ui.reading_text import ReadingText
from viewer.ui.theme import ThemeManager

RED = QColor(255, 0, 0)
PAGES = [
    "<img src='{folder}/red.png'>",
    "<img src='file://{folder}/red.png'>",
    "<p style='background-image:url({folder}/red.png)'>words</p>",
    "<style>@import url(file://{folder}/red.css);</style><p>words</p>",
    "<table background='{folder}/red.png'><tr><td>words</td></tr></table>",
    "<body background='{folder}/red.png'>words</body>",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    picture = QImage(50, 50, QImage.Format.Format_RGB32)
    picture.fill(RED)
    assert picture.save(str(tmp_path / "red.png"))
    (tmp_path / "red.css").write_text("p { background-color: #ff0000 }", "utf-8")
    return tmp_path


def is_red(widget: QWidget) -> bool:
    shown = widget.grab().toImage()
    return any(
        shown.pixelColor(x, y) == RED for x in range(0, shown.width(), 3) for y in range(0, shown.height(), 3)
    )


class Page(ReadingText):
    def make_page(self) -> None: ...


@pytest.mark.parametrize("html", PAGES)
def test_a_sealed_page_opens_nothing(qtbot: QtBot, folder: Path, html: str) -> None:
    html = html.format(folder=folder)
    plain, sealed, reading = QTextEdit(), QTextEdit(), Page(ThemeManager("light"))
    sealed.setDocument(SealedDocument(sealed))
    for page in (plain, sealed, reading):
        qtbot.addWidget(page)
        page.resize(200, 150)
        page.show()
        page.setHtml(html)
    assert is_red(plain)  # or the test proves nothing
    assert not is_red(sealed)
    assert not is_red(reading)
