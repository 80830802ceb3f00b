"""One quote as text: plain with its source, Markdown and HTML with a link to the second."""

from __future__ import annotations

import html
import re
import unicodedata

from viewer.domain.cited_quote import CitedQuote
from viewer.domain.timestamp import format_range, format_timestamp

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~])")
_LINE_MARK = re.compile(r"^(\s*)(#{1,6}(?=\s)|[-+](?=\s)|=+\s*$|-+\s*$|>|\d{1,9}[.)](?=\s))", re.MULTILINE)


def with_source(quote: CitedQuote) -> str:
    """The words in quotation marks, who said them in which talk and when, and the address of the place."""
    bare = quote.bare_text
    place = f", {format_timestamp(quote.segment.start_ms)}" if quote.segment is not None else ""
    title = f"“{quote.note_title}”" if quote.note_title else ""
    source = ", ".join(part for part in (quote.speaker or quote.channel, title) if part)
    lines = [f"“{bare}”" if bare else "", f"— {source}{place}" if source else "", quote.url_at]
    return "\n".join(line for line in lines if line)


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter runs so (https://unicode.org/reports/tr9/#P2)."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def place_text(quote: CitedQuote) -> str:
    """``0:16–1:00``; empty without a known time."""
    if quote.segment is None:
        return ""
    return format_range(quote.segment.start_ms, quote.segment.end_ms)


def source_parts(quote: CitedQuote) -> list[str]:
    """Who, in which talk, of which channel and day: what stands below a quote, without its time."""
    day = quote.published.isoformat() if quote.published is not None else ""
    return [part for part in (quote.speaker, quote.note_title, quote.channel, day) if part]


def escape_markdown(text: str) -> str:
    """``text`` so that Markdown (CommonMark) shows it as it is written, its line breaks included."""
    text = _MARKDOWN.sub(r"\\\1", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _LINE_MARK.sub(lambda match: match[1] + _escaped_mark(match[2]), text)
    # An entity written out would be read as its letter.
    return re.sub(r"&(?=#?\w{1,32};)", r"\\&", text)


def _escaped_mark(mark: str) -> str:
    return f"{mark[:-1]}\\{mark[-1]}" if mark[0].isdigit() else f"\\{mark}"


def markdown_link(text: str, url: str) -> str:
    """A Markdown link; the bare text without an address."""
    return f"[{escape_markdown(text)}](<{url}>)" if _is_web(url) else escape_markdown(text)


def as_markdown(quote: CitedQuote) -> str:
    """A block quote, and below it who and where, the time as a link to that second."""
    lines = [f"> {line}" if line.strip() else ">" for line in escape_markdown(quote.bare_text).split("\n")]
    who = escape_markdown(quote.speaker or quote.channel or "")
    title = f"*{escape_markdown(quote.note_title)}*" if quote.note_title else ""
    place = place_text(quote)
    if place:
        link = markdown_link(place, quote.url_at)
    else:
        link = f"<{quote.url}>" if _is_web(quote.url) else escape_markdown(quote.url)
    source = ", ".join(part for part in (who, title, link) if part)
    if source:
        lines += [">", f"> — {source}"]
    return "\n".join(lines) + "\n"


def _is_web(url: str) -> bool:
    """Whether an address may be a link: whatever else there is ("javascript:") stays words."""
    return url.startswith(("https://", "http://"))


def as_html(quote: CitedQuote) -> str:
    """A ``blockquote`` with its source, for a clipboard that word processors read. Everything in it is escaped."""
    words = "<br>".join(html.escape(line) for line in quote.bare_text.split("\n"))
    title = html.escape(quote.note_title)
    place, url = html.escape(place_text(quote)), html.escape(quote.url_at, quote=True)
    parts = [html.escape(quote.speaker or quote.channel or ""), f"<cite>{title}</cite>" if title else ""]
    linked = _is_web(url)
    if url:
        parts.append(f'<a href="{url}">{place or url}</a>' if linked else place or url)
    source = ", ".join(part for part in parts if part)
    cite = f' cite="{url}"' if linked else ""
    below = f"<p>— {source}</p>" if source else ""
    return f"<blockquote{cite}><p>“{words}”</p>{below}</blockquote>"
