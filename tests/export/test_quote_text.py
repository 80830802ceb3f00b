from __future__ import annotations

import pytest

from viewer.domain.cited_quote import CitedQuote
from viewer.export.quote_text import as_html, as_markdown, markdown_link


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil/share", "\\\\evil\\x"]
)
def test_only_an_address_of_the_web_becomes_a_link(url: str) -> None:
    """What is copied is pasted into programs that follow links."""
    quote = CitedQuote("Words", url=url)
    assert "href" not in as_html(quote)
    assert "cite=" not in as_html(quote)
    assert f"<{url}>" not in as_markdown(quote)
    assert markdown_link("0:16", url) == "0:16"


def test_an_address_of_the_web_is_a_link() -> None:
    quote = CitedQuote("Words", url="https://example.com/a?b=1&c=2")
    assert 'href="https://example.com/a?b=1&amp;c=2"' in as_html(quote)
    assert "<https://example.com/a?b=1&c=2>" in as_markdown(quote)
