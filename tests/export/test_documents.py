from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from tests.export.quotes import MANY_SCRIPTS, QUOTE, outlines, text
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.domain.cited_quote import CitedQuote, Heading, Outline, Words
from viewer.export.documents import to_html, to_markdown
from viewer.export.quote_text import as_html, as_markdown, escape_markdown, with_source


def shown(html: str) -> str:
    """The text that a page shows."""

    class Reader(HTMLParser):
        words = ""

        def handle_data(self, data: str) -> None:
            self.words += data

    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.words


def test_a_quote_as_text_says_who_where_and_when() -> None:
    assert with_source(QUOTE).split("\n") == [
        "“Read the last page first.”",
        "— Jane Doe, “How to read a book: the slow way”, 1:02:03",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3723s",
    ]


def test_a_quote_as_markdown_links_to_the_second() -> None:
    assert as_markdown(QUOTE) == (
        "> Read the last page first.\n>\n> — Jane Doe, *How to read a book: the slow way*, "
        "[1:02:03–1:02:40](<https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3723s>)\n"
    )


def test_a_quote_as_html_is_a_blockquote_with_a_link_and_nothing_of_its_words_is_a_tag() -> None:
    html = as_html(replace(QUOTE, text="<script>alert(1)</script>", speaker="<b>"))
    assert "<script>" not in html
    assert "<b>" not in html
    assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=3723s"' in html


@settings(max_examples=80, deadline=None)
@given(text)
def test_markdown_shows_the_words_as_they_are(words: str) -> None:
    plain = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", words).split())
    html = MarkdownIt("commonmark").render(escape_markdown(plain))
    assert " ".join(shown(html).split()) == plain


@pytest.mark.parametrize(
    "words",
    [
        "# no heading",
        "1. no list",
        "- no list",
        "*no* _stress_",
        "[no](link)",
        "&amp; stays",
        "<b>",
        "a\n===",
        "+ x",
        "> x",
    ],
)
def test_words_are_never_markdown(words: str) -> None:
    html = MarkdownIt("commonmark").render(escape_markdown(words))
    assert shown(html).strip() == words
    assert not re.search(r"<(h\d|li|em|a |b>|blockquote)", html)


def test_a_document_in_markdown_has_headings_quotes_and_own_words() -> None:
    html = MarkdownIt("commonmark").render(
        to_markdown(
            [Heading("One"), QUOTE, Words("Mine"), CitedQuote("", comment="Only this", note_title="N")], "T"
        )
    )
    assert "<h1>T</h1>" in html
    assert "<h2>One</h2>" in html
    assert "<h3>On endings</h3>" in html
    assert html.count("<blockquote>") == 1
    assert "#endings #reading slowly" in html
    for word in ("Mine", "Use this.", "Only this", "1:02:03–1:02:40"):
        assert word in html


def test_a_page_needs_nothing_and_may_run_nothing() -> None:
    hostile = CitedQuote(
        "</style><script>x</script>", title="<img src=x>", url="javascript:alert(1)", colour='"><b>'
    )
    page = to_html([QUOTE, hostile, *MANY_SCRIPTS], "A <title>", "ar")
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in page
    assert "default-src 'none'" in page
    assert 'dir="rtl"' in page
    assert 'class="important"' in page
    for words in (
        "اقرأ الصفحة الأخيرة أولا.",
        "最後のページから読む。",
        "Read 📚 slowly 👩🏽‍🏫.",
        "2 < 3 & so on",
    ):
        assert words in shown(page)


@settings(max_examples=30, deadline=None)
@given(outlines)
def test_no_outline_is_too_odd_for_a_page(outline: Outline) -> None:
    assert to_html(outline, "T").endswith("</html>")
    assert to_markdown(outline, "T")


def test_writing_a_page_can_be_stopped() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        to_html([QUOTE], "T", "en", token)
