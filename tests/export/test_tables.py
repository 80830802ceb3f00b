from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings

from tests.export.quotes import MANY_SCRIPTS, QUOTE, outlines
from viewer.base.errors import ReadError
from viewer.domain.cited_quote import CitedQuote, Outline, quotes_of
from viewer.export.tables import COLUMNS, from_csv, from_json, to_csv, to_json


@settings(max_examples=60, deadline=None)
@given(outlines)
def test_json_is_read_back_equal(outline: Outline) -> None:
    assert from_json(to_json(outline, "Title ☕")) == ("Title ☕", list(outline))


def test_json_says_what_it_is() -> None:
    data = json.loads(to_json([QUOTE, *MANY_SCRIPTS], "T"))
    assert (data["format"], data["version"], data["title"]) == ("soundbite-quotes", 1, "T")
    assert data["parts"][0]["start_ms"] == 3_723_000
    assert [part["kind"] for part in data["parts"]] == [
        "quote",
        "heading",
        "quote",
        "quote",
        "quote",
        "words",
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other"}', '{"format": "soundbite-quotes"}'])
def test_other_json_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(ReadError):
        from_json(text)


@settings(max_examples=60, deadline=None)
@given(outlines)
def test_csv_is_read_back_equal(outline: Outline) -> None:
    rows = from_csv(to_csv(outline))
    wanted = quotes_of(outline)
    assert [row["text"] for row in rows] == [quote.text.replace("\0", "") for quote in wanted]
    assert [row["speaker"] for row in rows] == [(quote.speaker or "").replace("\0", "") for quote in wanted]
    assert [row["start_ms"] for row in rows] == [
        str(quote.segment.start_ms) if quote.segment else "" for quote in wanted
    ]


@pytest.mark.parametrize(
    "words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", '=cmd|"/C calc"!A0', "'=1", "\r=1"]
)
def test_no_cell_is_a_formula(words: str) -> None:
    written = to_csv([CitedQuote(words, speaker=words, comment=words)])
    row = next(csv.DictReader(io.StringIO(written, newline="")))
    for cell in row.values():
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert from_csv(written)[0]["text"] == words


def test_the_columns_are_in_their_order() -> None:
    assert to_csv([]).strip() == ",".join(COLUMNS)


@pytest.mark.parametrize(
    "hidden", ["\n", "\u00a0", "\u200b", "\ufeff", "\x0b", " \t", "\u3000", "\r\n", "", "\u202e"]
)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff20"])
def test_what_is_not_seen_does_not_hide_a_formula(hidden: str, sign: str) -> None:
    """Spreadsheets pass over white space, and read signs in full width."""
    text = f"{hidden}{sign}cmd|' /C calc'!A0"
    written = to_csv([CitedQuote(text)])
    assert next(csv.DictReader(io.StringIO(written, newline="")))["text"] == f"'{text}"
    assert from_csv(written)[0]["text"] == text
