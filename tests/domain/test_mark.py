from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.mark import clean_comment, clean_line, clean_tags, clean_words


def test_words_become_paragraphs() -> None:
    assert clean_words("  one\ntwo \t three\n\n\n four\u2028five ") == "one two three\n\nfour five"


def test_a_comments_lines_are_kept() -> None:
    assert clean_comment("\n a\r\n\r\n\r\n  b \n\n") == "a\n\nb"


def test_tags_are_one_line_each_without_signs() -> None:
    assert clean_tags(["#Energy", "energy", " ", "two,\nwords", "##"]) == ("Energy", "two words")


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (clean_line, clean_words, clean_comment):
        once = clean(text)
        assert clean(once) == once
        once.encode("utf-8")
    assert clean_tags(clean_tags([text])) == clean_tags([text])
