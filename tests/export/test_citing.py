"""What the published manuals ask for. APA 7 §10.12 and §8.28, CMOS 18 §14.167, MLA 9 §5.31 and §6.39."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from tests.export.quotes import MANY_SCRIPTS, QUOTE, VIDEO, quotes
from viewer.domain.cited_quote import CitedQuote, quotes_of
from viewer.domain.video import Segment
from viewer.export.citing import cite, cite_all, cited_text, to_bibtex, to_csl_json

URL = VIDEO.url


@pytest.mark.parametrize(
    ("style", "inline", "entry"),
    [
        (
            "apa",
            "(Example Talks, 2023, 1:02:03–1:02:40)",
            f"Example Talks. (2023, September 3). How to read a book: the slow way [Video]. YouTube. {URL}",
        ),
        (
            "chicago",
            "Example Talks, “How to Read a Book: The Slow Way,” YouTube, September 3, 2023, "
            f"1:02:03–1:02:40, {URL}.",
            f"Example Talks. “How to Read a Book: The Slow Way.” YouTube, September 3, 2023. {URL}.",
        ),
        (
            "mla",
            "(Example Talks 01:02:03–40)",
            f"Example Talks. “How to Read a Book: The Slow Way.” YouTube, 3 Sept. 2023, {URL}.",
        ),
    ],
)
def test_a_video_is_cited_as_the_manual_says(style: str, inline: str, entry: str) -> None:
    found = cite(QUOTE, style)
    assert (found.inline, found.entry) == (inline, entry)


@pytest.mark.parametrize(
    ("style", "inline", "entry"),
    [
        (
            "apa",
            "(How to read a book: the slow way, 2023, 1:02:03–1:02:40)",
            f"How to read a book: the slow way [Video]. (2023, September 3). YouTube. {URL}",
        ),
        (
            "chicago",
            f"“How to Read a Book: The Slow Way,” YouTube, September 3, 2023, 1:02:03–1:02:40, {URL}.",
            f"“How to Read a Book: The Slow Way.” YouTube, September 3, 2023. {URL}.",
        ),
        (
            "mla",
            "(“How to Read a Book: The Slow Way” 01:02:03–40)",
            f"“How to Read a Book: The Slow Way.” YouTube, 3 Sept. 2023, {URL}.",
        ),
    ],
)
def test_without_a_channel_the_title_comes_first_and_only_once(style: str, inline: str, entry: str) -> None:
    found = cite(replace(QUOTE, channel=None), style)
    assert (found.inline, found.entry) == (inline, entry)


def test_without_a_date_apa_says_so() -> None:
    found = cite(replace(QUOTE, published=None), "apa")
    assert found.inline == "(Example Talks, n.d., 1:02:03–1:02:40)"
    assert found.entry == f"Example Talks. (n.d.). How to read a book: the slow way [Video]. YouTube. {URL}"


@pytest.mark.parametrize("style", ["apa", "chicago", "mla"])
def test_a_questions_mark_is_not_followed_by_a_full_stop(style: str) -> None:
    entry = cite(replace(QUOTE, note_title="Why read?"), style).entry
    assert "?." not in entry
    assert "”." not in entry


def test_html_has_italics_and_escapes_the_title() -> None:
    quote = replace(QUOTE, note_title="Books <b>& 'more'</b> &lt;")
    assert "<i>Books &lt;b&gt;&amp; 'more'&lt;/b&gt; &amp;lt;</i>" in cite(quote, "apa", as_html=True).entry
    assert "Books <b>& 'more'</b> &lt; [Video]" in cite(quote, "apa").entry
    assert "<i>YouTube</i>" in cite(quote, "mla", as_html=True).entry


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "short"),
    [
        (5_000, 9_000, "00:00:05–09"),
        (5_000, 65_000, "00:00:05–01:05"),
        (5_000, 5_400, "00:00:05"),
        (3_599_000, 3_601_000, "00:59:59–01:00:01"),
    ],
)
def test_mla_writes_only_what_changes_of_a_range(start_ms: int, end_ms: int, short: str) -> None:
    quote = replace(QUOTE, segment=Segment(VIDEO, start_ms, end_ms))
    assert cite(quote, "mla").inline == f"(Example Talks {short})"


@pytest.mark.parametrize("style", ["apa", "chicago", "mla"])
def test_other_scripts_and_notes_that_know_nothing_are_cited_too(style: str) -> None:
    for quote in [*quotes_of(MANY_SCRIPTS), CitedQuote("x", note_title="A title"), CitedQuote("x")]:
        found = cite(quote, style)
        assert quote.note_title.partition(" ")[0] in found.entry
        assert not any("\ue000" <= letter <= "\uf8ff" for letter in found.inline + found.entry)


def test_each_of_many_quotes_of_one_work_has_its_own_place() -> None:
    later = replace(QUOTE, segment=Segment(VIDEO, 1000, 2000))
    assert [one.inline for one in cite_all([QUOTE, later, replace(QUOTE, segment=None)], "chicago")] == [
        f"Example Talks, “How to Read a Book: The Slow Way,” YouTube, September 3, 2023, {place}{URL}."
        for place in ("1:02:03–1:02:40, ", "0:01–0:02, ", "")
    ]


def test_the_quote_stands_before_its_citation_and_names_who_speaks() -> None:
    text = cited_text(QUOTE, "apa")
    assert text.startswith("Jane Doe: “Read the last page first.” (Example Talks, 2023, 1:02:03–1:02:40)\n\n")
    assert cited_text(QUOTE, "chicago").splitlines()[0].endswith("[1]")


def test_bibtex_is_read_back_by_a_reader_of_bibtex(tmp_path) -> None:
    from citeproc.source.bibtex import BibTeX

    quote = replace(QUOTE, note_title="100% of R&D costs $5 #1 _x_")
    file = tmp_path / "a.bib"
    file.write_text(to_bibtex([quote, QUOTE, QUOTE]), "utf-8")
    found = BibTeX(str(file), "utf-8")
    assert sorted(found) == ["example2023-3723", "example2023-3723-2", "example2023-3723-3"]
    assert "How to read" in str(found["example2023-3723-2"].title)
    assert "R&D" in str(found["example2023-3723"].title).replace("\\", "")
    assert r"100\% of R\&D costs \$5 \#1 \_x\_" in to_bibtex([quote])


def test_csl_json_has_the_range_in_its_note() -> None:
    (item,) = to_csl_json([QUOTE])
    assert item["type"] == "motion_picture"
    assert item["issued"] == {"date-parts": [[2023, 9, 3]]}
    assert item["author"] == [{"literal": "Example Talks"}]
    assert item["note"] == "1:02:03–1:02:40 Jane Doe: “Read the last page first.”"
    assert item["URL"].endswith("&t=3723s")
    assert item["custom"]["start_ms"] == 3_723_000


def assert_braces_are_closed(bibtex: str) -> None:
    """As BibTeX counts them: escaped ones too."""
    depth = 0
    for letter in bibtex:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0, bibtex
    assert depth == 0, bibtex


def test_braces_in_a_title_do_not_end_its_field() -> None:
    bibtex = to_bibtex([replace(QUOTE, note_title="}{ and \\{", text="{", speaker="}"), QUOTE])
    assert_braces_are_closed(bibtex)
    assert r"\textbraceright{}\textbraceleft{} and \textbackslash{}\textbraceleft{}" in bibtex


@settings(max_examples=6, deadline=None)
@given(quotes)
def test_no_quote_is_too_odd_to_cite(quote: CitedQuote) -> None:
    for style in ("apa", "chicago", "mla"):
        assert cite(quote, style).entry is not None
    assert_braces_are_closed(to_bibtex([quote]))
    to_csl_json([quote])
