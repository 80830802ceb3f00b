"""The card of hits: what Enter means while a result is on its way, and where the pointer lies."""

from __future__ import annotations

import datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QPaintEvent
from PySide6.QtWidgets import QWidget

from viewer.library.search import SearchHit, SearchResult
from viewer.ui.hit_list import hit_source
from viewer.ui.search_popup import SearchPopup
from viewer.ui.theme import ThemeManager

RETURN = int(Qt.Key.Key_Return)


def hit(number: int, kind: str = "transcript", **more) -> SearchHit:
    return SearchHit(
        number, f"/{number}.md", f"Talk {number}", kind, None, None, 1000, 2000, "words", (), 1.0, **more
    )


FOUND = SearchResult((hit(1), hit(2), hit(3)), 3)


@pytest.fixture
def popup(qtbot):
    shown = SearchPopup(ThemeManager())
    shown.chosen = []
    shown.hitChosen.connect(lambda found: shown.chosen.append(("open", found.note_id)))
    shown.hitPlayed.connect(lambda found: shown.chosen.append(("play", found.note_id)))
    shown.queryChosen.connect(lambda text: shown.chosen.append(("query", text)))
    yield shown
    shown.deleteLater()


def test_enter_means_the_result_that_is_on_its_way(popup):
    popup.show_result(FOUND)
    popup.expect()
    popup.key(RETURN)
    assert popup.chosen == []
    popup.show_result(SearchResult((hit(7), hit(8)), 2))
    assert popup.chosen == [("open", 7)]
    popup.expect()
    popup.play_current()
    popup.show_result(FOUND)
    assert popup.chosen == [("open", 7), ("play", 1)]


def test_an_enter_before_more_letters_is_forgotten(popup):
    popup.expect()
    popup.key(RETURN)
    popup.expect()
    popup.show_result(FOUND)
    assert popup.chosen == []
    popup.expect()
    popup.key(RETURN)
    popup.give_up()
    popup.show_result(FOUND)
    assert popup.chosen == []


def test_enter_takes_the_suggestion(popup):
    popup.show_result(SearchResult(did_you_mean="altman"))
    popup.key(RETURN)
    assert popup.chosen == [("query", "altman")]


def test_a_pointer_at_rest_chooses_nothing(popup):
    popup.show_result(FOUND)
    third = popup.view.model().index(2, 0)
    popup.view.entered.emit(third)
    assert popup.current_hit().note_id == 1
    QCursor.setPos(QCursor.pos() + QPoint(40, 30))
    popup.view.entered.emit(third)
    assert popup.current_hit().note_id == 3


def test_passages_stay_in_sight_below_many_notes(popup):
    notes = tuple(hit(number, "title") for number in range(9))
    popup.show_result(SearchResult((*notes, hit(10), hit(11)), 11))
    model = popup.view.model()
    rows = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    assert rows[:5] == ["NOTES", *(f"Talk {n}" for n in range(4))]
    assert rows[5:] == ["PASSAGES", "Talk 10", "Talk 11", "MORE NOTES", *(f"Talk {n}" for n in range(4, 9))]
    assert popup.current_hit().note_id == 0
    popup.show_result(SearchResult(notes, 9))
    assert model.rowCount() == 9


def test_a_note_says_whose_it_is_and_when():
    found = hit(1, "title", channel="Turing Post", published=datetime.date(2025, 6, 16))
    assert hit_source(found).startswith("Turing Post · 16")
    assert hit_source(hit(1, "title")) == "note"


class Ground(QWidget):
    """What lies beneath the card; ``painted`` is how many px of it were painted."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        rect = event.region().boundingRect()
        self.painted += rect.width() * rect.height()


def test_other_hits_do_not_paint_what_lies_beneath(qtbot):
    ground = Ground()
    qtbot.addWidget(ground)
    ground.resize(700, 500)
    themes = ThemeManager()
    popup = SearchPopup(themes, ground)
    popup.setGeometry(40, 40, 600, 400)
    ground.show()
    popup.show_result(FOUND)
    for _ in range(2):  # the theme's change takes the colour back
        qtbot.wait(60)
        ground.painted = 0
        popup.view.viewport().update()
        qtbot.wait(60)
        assert ground.painted == 0
        themes.apply()
