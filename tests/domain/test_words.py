from __future__ import annotations

import pytest

from viewer.domain.words import Tokens, add_words, join_numbers, quote_words, script_of


def keys(text: str) -> str:
    return " ".join(quote_words(text).tokens.keys)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, WORLD!", "hello world"),
        ("super-intelligence", "super intelligence"),
        ("don’t it's he'll can't won't", "do not it is he will can not will not"),
        ("Altman's gonna", "altmans going to"),
        ("rock & roll, okay", "rock and roll ok"),
        ("Straße café ﬁn", "strasse cafe fin"),
        ("snake_case *bold*", "snake case bold"),
        ("[Music] so [laughter] it", "so it"),
        ("3D GPT-5 1x", "3d gpt 5 1x"),
        ("我们 AI好", "我 们 ai 好"),
        ("สวัสดี", "ส วั ส ดี"),
        ("‘’ʼ", ""),
    ],
)
def test_keys(text: str, expected: str) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("six", "6"),
        ("twenty-five", "25"),
        ("one hundred and twenty", "120"),
        ("two thousand five hundred", "2500"),
        ("two thousand and five", "2005"),
        ("nineteen eighty-four", "1984"),
        ("three hundred thousand two hundred and five", "300205"),
        ("1,000,000", "1000000"),
        ("6,5", "6.5"),
        ("$6.5 billion", "6500000000 dollars"),
        ("six point five billion dollars", "6500000000 dollars"),
        ("$50T", "50000000000000 dollars"),
        ("£3 and €4", "3 pounds and 4 euros"),
        ("10k", "10000"),
        ("a million", "1000000"),
        ("a man", "a man"),
        ("21st twenty-first first 1st", "21th 21th 1th 1th"),
        ("between one hundred and two hundred", "between 100 and 200"),
        ("one hundred and twenty. One", "120 1"),
        ("six million, five people", "6000000 5 people"),
        ("two thousand, five hundred", "2500"),
        ("five hundred million", "500000000"),
        ("5 hundred", "500"),
        ("one two three", "1 2 3"),
        ("１２ ٦", "12 6"),
        ("1.2.3", "1.2.3"),
        ("a $ sign", "a dollars sign"),
    ],
)
def test_numbers(text: str, expected: str) -> None:
    assert keys(text) == expected


def test_every_key_knows_its_characters() -> None:
    text = "They don't pay $6.5 billion, twenty-five percent."
    tokens = quote_words(text).tokens
    read = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    assert read == ["They", "do", "n't", "pay", "6.5 billion", "$", "twenty-five", "percent"]


def test_a_number_may_go_on_in_the_next_row() -> None:
    tokens = Tokens()
    add_words(tokens, "some twenty", 0)
    add_words(tokens, "five men", 1)
    joined = join_numbers(tokens)
    assert joined.keys == ["some", "25", "men"]
    assert (joined.rows[1], joined.starts[1], joined.end_rows[1], joined.ends[1]) == (0, 5, 1, 4)


@pytest.mark.parametrize("mark", ["...", "…", ". . .", "[...]", "[…]", "(...)"])
def test_an_ellipsis_is_a_break(mark: str) -> None:
    assert quote_words(f"one thing {mark} another {mark}").breaks == {2}


def test_brackets_mark_insertions() -> None:
    quote = quote_words("then [the company] bought [I] mean [W]e")
    assert quote.tokens.keys == ["then", "the", "company", "bought", "i", "mean", "we"]
    assert quote.inserted == {1, 2, 4}


def test_scripts() -> None:
    assert [script_of(key) for key in ("word", "слово", "מילה", "12")] == ["LATIN", "CYRILLIC", "HEBREW", ""]
