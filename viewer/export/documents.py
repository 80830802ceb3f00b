"""An outline as a document to be read: Markdown, and one self-contained HTML page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.base.cancel import CancelToken
from viewer.base.language import tr
from viewer.domain.cited_quote import CitedQuote, Heading, Outline, OutlinePart
from viewer.export.quote_text import as_markdown, escape_markdown, place_text, source_parts

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATE = Path(__file__).with_name("document.html")
_COLOURS = ("important", "question", "agree", "doubt")


def caption_text(quote: CitedQuote) -> str:
    """What stands below a quote: ``— Jane Doe, How to read, Example Talks, 2023-09-03``; nothing is said twice."""
    return ", ".join(dict.fromkeys(source_parts(quote)))


def to_markdown(outline: Outline, title: str) -> str:
    """The document as Markdown (CommonMark): block quotes, each time a link to that second."""
    blocks = [f"# {_line(title)}"]
    for part in outline:
        if isinstance(part, CitedQuote):
            blocks.append(_markdown_quote(part))
        elif isinstance(part, Heading):
            blocks.append(f"## {_line(part.text)}")
        else:
            blocks.append(escape_markdown(part.text.strip()))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _line(text: str) -> str:
    return escape_markdown(" ".join(text.split()))


def _markdown_quote(quote: CitedQuote) -> str:
    blocks = [f"### {_line(quote.title)}" if quote.title else "", as_markdown(quote).rstrip("\n")]
    if not quote.bare_text:
        blocks[1] = "\n".join(blocks[1].split("\n")[2:]).removeprefix("> ")
    if quote.verdict_words:
        compared = tr("Compared with what was said:")
        blocks.append(f"*{compared} {_line(quote.verdict_words)}*")
    blocks.append(escape_markdown(quote.comment.strip()))
    blocks.append(" ".join("\\#" + _line(tag) for tag in quote.tags))
    return "\n\n".join(block for block in blocks if block)


def to_html(outline: Outline, title: str, language: str = "en", cancel: CancelToken | None = None) -> str:
    """The document as one HTML page that needs nothing else, and may run and fetch nothing. Every value is escaped."""
    parts = []
    for part in outline:
        if cancel is not None:
            cancel.raise_if_cancelled()
        parts.append(_values(part))
    direction = "rtl" if language.partition("_")[0] in ("ar", "fa", "he", "ur") else "ltr"
    return _template().render(
        title=title, parts=parts, language=language.replace("_", "-"), direction=direction
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # here: a start does without it

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_TEMPLATE.read_text("utf-8"))


def _values(part: OutlinePart) -> dict[str, Any]:
    if not isinstance(part, CitedQuote):
        return {"kind": "heading" if isinstance(part, Heading) else "words", "text": part.text}
    url = part.url_at
    return {
        "kind": "quote",
        "title": part.title,
        "text": part.bare_text,
        "source": caption_text(part),
        "place": place_text(part),
        # Only an address of the web becomes a link: a note may hold anything.
        "url": url if url.startswith(("https://", "http://")) else "",
        "verdict": part.verdict_words,
        "comment": part.comment,
        "tags": part.tags,
        "colour": part.colour if part.colour in _COLOURS else "",
    }
