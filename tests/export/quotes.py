"""Quotes for the tests of this room, and generated ones."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from viewer.domain.cited_quote import CitedQuote, Heading, Words
from viewer.domain.video import Segment, VideoRef

VIDEO = VideoRef.youtube("dQw4w9WgXcQ")

QUOTE = CitedQuote(
    "“Read the last page first.”",
    "Jane Doe",
    title="On endings",
    note_title="How to read a book: the slow way",
    channel="Example Talks",
    published=datetime.date(2023, 9, 3),
    url=VIDEO.url,
    segment=Segment(VIDEO, 3_723_000, 3_760_500),
    verdict="verbatim",
    verdict_words="verbatim",
    comment="Use this.",
    tags=("endings", "reading slowly"),
    colour="important",
    note_path="/notes/a.md",
)

MANY_SCRIPTS = [
    Heading("كتب"),
    CitedQuote("اقرأ الصفحة الأخيرة أولا.", "نور", note_title="كيف تقرأ كتابا", url=VIDEO.url),
    CitedQuote(
        "最後のページから読む。", "花子", note_title="本の読み方", segment=QUOTE.segment, url=VIDEO.url
    ),
    CitedQuote("Read 📚 slowly 👩🏽‍🏫.", "Zoë", note_title="Émojis & <tags>", url=VIDEO.url),
    Words("My own line: 2 < 3 & so on"),
]

text = st.text(st.characters(codec="utf-8"), max_size=40)
_videos = st.sampled_from([VIDEO, VideoRef("https://vimeo.com/12345", "https://vimeo.com/12345")])


@st.composite
def _segments(draw: st.DrawFn) -> Segment:
    start = draw(st.integers(0, 10**7))
    return Segment(draw(_videos), start, start + draw(st.integers(1, 10**6)))


quotes = st.builds(
    CitedQuote,
    text=text,
    speaker=st.none() | text,
    title=text,
    note_title=text,
    channel=st.none() | text,
    published=st.none() | st.dates(datetime.date(1900, 1, 1)),
    url=st.sampled_from(["", VIDEO.url]),
    segment=st.none() | _segments(),
    verdict=st.sampled_from([None, "verbatim", "edited"]),
    verdict_words=text,
    context_before=text,
    context_after=text,
    comment=text,
    tags=st.lists(text, max_size=3).map(tuple),
    colour=st.sampled_from([None, "doubt"]),
    note_path=text,
)
outlines = st.lists(quotes | st.builds(Heading, text) | st.builds(Words, text), max_size=6)
