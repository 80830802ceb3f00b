from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.ordering import between


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=120))
def test_there_is_always_room_anywhere(places: list[int]) -> None:
    order: list[str] = []
    for place in places:
        at = place % (len(order) + 1)
        low = order[at - 1] if at else None
        high = order[at] if at < len(order) else None
        order.insert(at, between(low, high))
        assert order == sorted(order)
        assert len(set(order)) == len(order)


def test_adding_at_the_end_keeps_positions_short() -> None:
    last = None
    for _ in range(5000):
        last = between(last, None)
    assert len(last or "") == 8


def test_even_always_in_the_same_gap() -> None:
    low, high = between(None, None), between(between(None, None), None)
    for _ in range(300):
        high = between(low, high)
    assert low < high


def test_what_is_not_in_order_is_refused() -> None:
    with pytest.raises(ValueError, match="not in order"):
        between("i0000000", "i0000000")
