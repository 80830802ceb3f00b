from __future__ import annotations

import pytest

from viewer.base.untrusted import read_json, told_number, told_text


@pytest.mark.parametrize("text", ["[" * 60_000, '{"a":' * 60_000, "", "nothing", "1" * 5000])
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        read_json(text)


def test_json_is_read() -> None:
    assert read_json(b'{"a": [1, null]}') == {"a": [1, None]}


@pytest.mark.parametrize("value", [10**400, float("inf"), float("nan"), -1, True, "7", None, [7]])
def test_what_is_no_number_is_none(value: object) -> None:
    assert told_number(value) is None


@pytest.mark.parametrize("value", [0, 7, 1.5, 10**15])
def test_a_number_is_a_float(value: float) -> None:
    assert told_number(value) == value


def test_half_a_letter_is_told_as_a_whole_one() -> None:
    assert told_text("T\ud800 \U0001f600") == "T\ufffd \U0001f600"
    assert told_text(["T"]) == ""
