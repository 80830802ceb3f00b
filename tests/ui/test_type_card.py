"""How the text looks, changed while one sees it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.app import Application
from viewer.ui.theme import THEMES
from viewer.ui.type_card import TypeCard


def opened(application: Application) -> TypeCard:
    application.window.actions_set["type"].trigger()
    card: TypeCard = application.comforts.type_card
    assert card.isVisible()
    return card


def test_every_change_counts_at_once(application: Application) -> None:
    card, page = opened(application), application.window.reader.transcript
    QTest.keyClick(card.sliders["look.text_size"], Qt.Key.Key_Right)
    assert page.text_size == 17
    card.sliders["look.measure"].setValue(60)
    card.sliders["look.spacing"].setValue(200)
    assert (page.measure, page.spacing) == (60, 200)
    card.typefaces.button(1).click()
    assert page.serif
    card.looks.button(THEMES.index("sepia")).click()
    assert application.themes.theme.name == "sepia"
    card.close()


def test_it_shows_what_is_chosen_and_escape_closes_it(application: Application) -> None:
    application.settings.set("look.serif", True)
    card = opened(application)
    assert card.typefaces.button(1).isChecked()
    assert not card.typefaces.button(0).isChecked()
    assert card.looks.button(THEMES.index("light")).isChecked()
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not any(
        isinstance(child, TypeCard) and child.isVisible() for child in application.window.children()
    )
