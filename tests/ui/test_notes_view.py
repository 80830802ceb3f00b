"""The page of prose: lists that one can read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor, QImage, QTextBlock, QTextCursor
from pytestqt.qtbot import QtBot

from viewer.domain.note import Note, Section
from viewer.formats.registry import parse
from viewer.ui.notes_view import NotesView
from viewer.ui.theme import ThemeManager

LISTS = "- first\n- second\n  - inner\n\n1. one\n2. two\n\nAfter."


@pytest.fixture
def page(qtbot: QtBot) -> NotesView:
    themes = ThemeManager("light")
    themes.apply()
    view = NotesView(themes)
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show_note(note(LISTS))
    view.show()
    return view


def note(markdown: str) -> Note:
    return replace(parse("# A talk\n\nwords"), sections=(Section("Points", 2, markdown),))


def block_of(view: NotesView, words: str) -> QTextBlock:
    block = view.document().begin()
    while block.text().strip() != words:
        block = block.next()
        assert block.isValid(), words
    return block


def gap_after_sign(view: NotesView, words: str) -> int:
    """px without ink between an item's sign and its words."""
    block = block_of(view, words)
    rect = view.document().documentLayout().blockBoundingRect(block)
    picture = QImage(view.viewport().size(), QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    view.viewport().render(picture)
    height = round(rect.height())
    dark = [
        any(QColor(picture.pixel(x, round(rect.top()) + y)).lightness() < 140 for y in range(height))
        for x in range(picture.width() - 20)
    ]
    first = dark.index(True)
    end = dark.index(False, first)
    return dark.index(True, end) - end


@pytest.mark.parametrize("words", ["first", "inner"])
def test_a_sign_stands_apart_from_its_words(page: NotesView, words: str) -> None:
    assert gap_after_sign(page, words) >= page.text_size / 2


def test_an_item_of_an_item_stands_further_in(page: NotesView) -> None:
    outer, inner = (
        page.cursorRect(QTextCursor(block_of(page, words))).left() for words in ("second", "inner")
    )
    assert inner > outer + page.text_size


def test_items_are_nearer_to_each_other_than_paragraphs_are(page: NotesView) -> None:
    def below(words: str) -> float:
        return block_of(page, words).blockFormat().bottomMargin()

    assert 0 < below("first") < below("two")
    assert below("first") < below("After.")


def test_words_of_items_are_copied_without_what_is_added_for_the_eye(page: NotesView) -> None:
    assert "\u2002" not in page.toPlainText()
    assert "second" in [line.strip() for line in page.toPlainText().splitlines()]
