from __future__ import annotations

import pytest

from viewer.domain.cited_quote import CitedQuote, Heading, Words, quotes_of
from viewer.domain.video import Segment, VideoRef

VIDEO = VideoRef.youtube("dQw4w9WgXcQ")


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("“Read more.”", "Read more."),
        ('"Read more."', "Read more."),
        ("„Lies mehr.“", "Lies mehr."),
        ("「もっと読んで」", "もっと読んで"),
        ("“Read more.", "Read more."),
        ('"Yes" and "no"', '"Yes" and "no"'),
        ("He said “go” and went.", "He said “go” and went."),
        ("  plain ", "plain"),
        ('"', ""),
    ],
)
def test_the_notes_own_quotation_marks_are_taken_off(written: str, bare: str) -> None:
    assert CitedQuote(written).bare_text == bare


def test_the_address_is_that_of_the_second() -> None:
    timed = CitedQuote("a", url=VIDEO.url, segment=Segment(VIDEO, 65_900, 70_000))
    assert timed.url_at == "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=65s"
    assert CitedQuote("a", url=VIDEO.url).url_at == VIDEO.url


def test_quotes_of_an_outline_keep_their_order() -> None:
    one, two = CitedQuote("one"), CitedQuote("two")
    assert quotes_of([Heading("h"), one, Words("w"), two]) == [one, two]
