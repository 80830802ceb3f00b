"""Where the reader was in the lists of a note, so that its file being read anew moves nothing."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.qt.roles import Role
from viewer.qt.timed_rows import RowKind, TimedRow
from viewer.ui.highlights_pane import HighlightsPane


@dataclass(frozen=True, slots=True)
class ListPlaces:
    """The tab in front; for each list its chosen row and how far it was scrolled (px)."""

    tab: int
    rows: dict[RowKind, TimedRow | None]
    scrolled: dict[RowKind, int]


def places_in(pane: HighlightsPane) -> ListPlaces:
    """Where the reader is now."""
    rows: dict[RowKind, TimedRow | None] = {}
    for kind, view in pane.views.items():
        row = view.currentIndex().data(Role.ROW)
        rows[kind] = row if isinstance(row, TimedRow) else None
    scrolled = {kind: view.verticalScrollBar().value() for kind, view in pane.views.items()}
    return ListPlaces(pane.tabs.currentIndex(), rows, scrolled)


def go_back(pane: HighlightsPane, places: ListPlaces | None) -> None:
    """Go there again, as far as it is still there; None is the beginning of every list."""
    if places is None:
        for view in pane.views.values():
            view.verticalScrollBar().setValue(0)
        return
    kinds = list(pane.views)
    if 0 <= places.tab < len(kinds) and pane.models[kinds[places.tab]].count:
        pane.tabs.setCurrentIndex(places.tab)
    for kind, view in pane.views.items():
        model, before = view.model(), places.rows[kind]
        if before is not None:
            for number in range(model.rowCount()):
                row = model.index(number, 0).data(Role.ROW)
                if isinstance(row, TimedRow) and (row.title, row.text) == (before.title, before.text):
                    view.setCurrentIndex(model.index(number, 0))
                    break
        if places.scrolled[kind]:
            view.doItemsLayout()  # the cards must have their heights before there is anything to scroll
            view.verticalScrollBar().setValue(places.scrolled[kind])
