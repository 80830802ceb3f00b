"""Folding, near words, cutting running text, naming side files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.library.folding import fold, indexed
from viewer.library.index_store import id_of_path
from viewer.library.loader import side_keys, stem_of
from viewer.library.passages import as_text, from_text, pieces, readable
from viewer.library.vocabulary import distance


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café", "cafe"),
        ("ŁÓDŹ", "lodz"),
        ("Søren Ørsted", "soren orsted"),
        ("ısı", "isi"),
        ("œuvre", "oeuvre"),
        ("ＯｐｅｎＡＩ", "openai"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("المدرسة على", "المدرسه علي"),
        ("Straße", "strasse"),
        ("Ἀθῆναι", "αθηναι"),
        ("हिन्दी", "हिन्दी"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded


def test_unspaced_script_is_indexed_as_pairs():
    assert indexed("我是人 and I").split() == ["我是", "是人", "人", "and", "i"]
    assert indexed("plain Text") == "plain Text"


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("cat", "cat", 0), ("cat", "cut", 1), ("cat", "act", 1), ("cat", "chat", 1), ("cat", "dogs", 3)],
)
def test_distance(one, other, steps):
    assert distance(one, other, 2) == steps
    assert distance(other, one, 2) == steps


@given(st.text(max_size=9), st.text(max_size=9))
def test_distance_is_symmetric_and_bounded(one, other):
    assert distance(one, other, 2) == distance(other, one, 2) <= 3
    assert (distance(one, other, 2) == 0) == (one == other)


@given(st.lists(st.text(alphabet="ab \n", max_size=400), max_size=12).map("\n\n".join))
def test_pieces_lose_no_word(text):
    assert " ".join(pieces(text)).split() == text.split()


def test_pieces_are_short_and_at_words():
    found = list(pieces("word " * 2000))
    assert max(map(len, found)) <= 1500
    assert all(set(piece.split()) == {"word"} for piece in found)
    assert "".join(pieces("x" * 5000)) == "x" * 5000


@given(
    st.lists(st.text(alphabet=st.characters(blacklist_characters="\x1f"), min_size=1), max_size=5).map(tuple)
)
def test_lists_in_a_column(values):
    assert from_text(as_text(values)) == values


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("A talk.en.vtt", "A talk"),
        ("A talk.zh-Hans.srt", "A talk"),
        ("ZAJ4D8RAyfY.info.json", "ZAJ4D8RAyfY"),
        ("ZAJ4D8RAyfY.json", "ZAJ4D8RAyfY"),
        ("v1.2.md", "v1.2"),
        ("A talk.en-orig.json3", "A talk"),
    ],
)
def test_stems(name, stem):
    assert stem_of(name) == stem


def test_side_files_are_found_by_the_video_they_name():
    assert "ZAJ4D8RAyfY" in side_keys("What a talk [ZAJ4D8RAyfY].en.vtt")
    assert "-AJ4D8RAyfY" in side_keys("-AJ4D8RAyfY.json")
    assert side_keys("notes.json") == ("notes",)


def test_ids_fit_qts_int_and_step_aside():
    number = id_of_path("/a.md")
    assert 0 < number < 2**31
    assert id_of_path("/a.md", {number}) != number


def test_markdown_is_indexed_as_it_is_read():
    text = "## Links\n> **Bold** [the label](https://example.com/watch?v=1) and ![a picture](x.png) `code`"
    assert readable(text) == "Links\nBold the label and a picture code"
