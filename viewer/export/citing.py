"""Citations in APA, Chicago and MLA by citeproc-py and the official CSL styles; as data for BibTeX and CSL-JSON.

A video is cited as its publisher's work: the channel is the author (APA 7 §10.12; MLA 9; CMOS 18 §14.167), the one who
speaks is named in the text. The styles come from https://github.com/citation-style-language/styles (CC BY-SA 3.0).
"""

from __future__ import annotations

import functools
import html
import io
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from viewer.base.cancel import CancelToken
from viewer.base.paths import resources_dir
from viewer.domain.cited_quote import CitedQuote
from viewer.domain.timestamp import format_timestamp

STYLES = {
    "apa": ("APA 7", "apa.csl"),
    "chicago": ("Chicago 18", "chicago-notes-bibliography.csl"),
    "mla": ("MLA 9", "modern-language-association.csl"),
}
"""The styles by their id: the name that is shown, and the file in ``resources/csl``."""

_NOBODY = "\ue000"
"""Stands for the author where there is none: citeproc-py does not do the substitution of an author without remains."""
_AMP, _LESS, _MORE = "\ue001", "\ue002", "\ue003"
"""Stand for ``&<>`` on their way through citeproc-py, which escapes nothing."""

_PLACE = "\ue004"
"""Stands for the time range, so that a work is rendered once however often it is cited."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote's citation: what stands in the text (or in a note) with the time range, and the entry in the list of works."""

    inline: str
    entry: str


def cite(quote: CitedQuote, style: str, *, as_html: bool = False) -> Citation:
    """The quote's citation in one of :data:`STYLES`; plain, or as HTML with italics. KeyError for another style."""
    return cite_all([quote], style, as_html=as_html)[0]


def cite_all(
    quotes: Sequence[CitedQuote], style: str, *, as_html: bool = False, cancel: CancelToken | None = None
) -> list[Citation]:
    """The citations of many quotes, in their order; every work is rendered once. Raises Cancelled."""
    rendered: dict[tuple[object, ...], tuple[str, str, str]] = {}
    result = []
    for quote in quotes:
        key = _work_key(quote)
        if key not in rendered:
            if cancel is not None:
                cancel.raise_if_cancelled()
            rendered[key] = _render(csl_work(quote, style), style, as_html)
        timed, untimed, entry = rendered[key]
        place = time_range(quote, short=style == "mla")
        result.append(Citation(timed.replace(_PLACE, place) if place else untimed, entry))
    return result


def _render(work: dict[str, Any], style: str, as_html: bool) -> tuple[str, str, str]:
    """What stands in the text with a place, without one, and in the list of works. Some 20 ms."""
    from citeproc import Citation as Group
    from citeproc import CitationItem, CitationStylesBibliography, Locator, formatter
    from citeproc.source.json import CiteProcJSON

    source = CiteProcJSON([work | {"id": "work"}])
    form = formatter.html if as_html else formatter.plain
    inlines, entry = [], ""
    for locator in (Locator("timestamp", _PLACE), None):
        group = Group([CitationItem("work", locator=locator) if locator else CitationItem("work")])
        # A bibliography of its own: in one for all, a second note about a work would be shortened.
        bibliography = CitationStylesBibliography(_style(style), source, form)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            bibliography.register(group)
            entry = entry or str(bibliography.bibliography()[0])
            inline = str(bibliography.cite(group, lambda _: None))
        if style != "chicago":
            inline = inline.replace(_NOBODY, _title_inline(work["title"], entry, style, as_html))
        inlines.append(_mended(inline, as_html))
    entry = _mended(_title_first(entry) if style == "apa" else entry, as_html)
    return inlines[0], inlines[1], entry


def cited_text(quote: CitedQuote, style: str, *, as_html: bool = False) -> str:
    """The quote as it goes into a paper: who says it, the words, the citation, and the entry for the list of works."""
    found = cite(quote, style, as_html=as_html)
    speaker, words = quote.speaker or "", quote.bare_text
    if as_html:
        speaker, words = html.escape(speaker), html.escape(words)
    said = f"{speaker}: “{words}”" if speaker else f"“{words}”"
    if style == "chicago":
        # Notes and bibliography: the citation is a note, not part of the sentence.
        parts = [f"{said}<sup>1</sup>" if as_html else f"{said} [1]", f"1. {found.inline}", found.entry]
    else:
        parts = [f"{said} {found.inline}", found.entry]
    return "".join(f"<p>{part}</p>" for part in parts) if as_html else "\n\n".join(parts) + "\n"


def time_range(quote: CitedQuote, *, short: bool = False) -> str:
    """``1:02:03–1:02:40``; ``short`` as MLA writes it: ``01:02:03–40``. Empty without a known time."""
    if quote.segment is None:
        return ""
    start, end = quote.segment.start_ms // 1000 * 1000, quote.segment.end_ms // 1000 * 1000
    if not short:
        first, last = format_timestamp(start), format_timestamp(end)
        return first if first == last else f"{first}–{last}"
    pieces = [[f"{s // 3600:02}", f"{s // 60 % 60:02}", f"{s % 60:02}"] for s in (start // 1000, end // 1000)]
    first, rest = ":".join(pieces[0]), pieces[1]
    if pieces[0] == pieces[1]:
        return first
    while pieces[0][0] == rest[0]:
        pieces[0], rest = pieces[0][1:], rest[1:]
    return f"{first}–{':'.join(rest)}"


def csl_work(quote: CitedQuote, style: str = "") -> dict[str, Any]:
    """The video as a CSL item without an id, in the type from which ``style`` makes what its manual asks for."""
    site = site_name(quote)
    work: dict[str, Any] = {"title": _guarded(quote.note_title or quote.title) or "Untitled"}
    if style in ("chicago", "mla"):
        # As motion_picture both would set the title as a film's, and leave out the day.
        work |= {"type": "webpage", "container-title": site}
    else:
        work |= {"type": "motion_picture", "genre": "Video", "publisher": site}
    if quote.url:
        work["URL"] = _guarded(quote.url)
    if quote.published is not None:
        day = quote.published
        work["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    work["author"] = [{"literal": _guarded(quote.channel) if quote.channel else _NOBODY}]
    return {key: value for key, value in work.items() if value}


def site_name(quote: CitedQuote) -> str:
    """``YouTube``, or the host of another site's address; empty without one."""
    host = quote.url.partition("://")[2].partition("/")[0].lower().removeprefix("www.")
    if host in ("youtube.com", "youtu.be", "m.youtube.com"):
        return "YouTube"
    return {"vimeo.com": "Vimeo", "ted.com": "TED"}.get(host, host)


def _work_key(quote: CitedQuote) -> tuple[object, ...]:
    return quote.url, quote.note_title or quote.title, quote.channel, quote.published


def _guarded(text: str) -> str:
    text = " ".join(
        "".join(letter for letter in text if letter not in (_NOBODY, _AMP, _LESS, _MORE, _PLACE)).split()
    )
    return text.replace("&", _AMP).replace("<", _LESS).replace(">", _MORE)


@functools.cache
def _style(style: str) -> Any:
    from citeproc import CitationStylesStyle
    from lxml import etree

    tree = etree.parse(str(resources_dir() / "csl" / STYLES[style][1]))
    # citeproc-py takes "only if it is needed to tell two works apart" for "always".
    for node in tree.iterfind(".//{*}if[@disambiguate='true']"):
        node.set("disambiguate", "false")
        node.set("variable", "archive-place")
    return CitationStylesStyle(io.BytesIO(etree.tostring(tree)), validate=False)


def _title_inline(title: str, entry: str, style: str, as_html: bool) -> str:
    """What stands for a missing author in the text: the title, set as the list of works sets it."""
    if style == "mla":
        match = re.search("“(.+)”", entry)
        return f"“{match[1] if match else title}”"
    return f"<i>{title}</i>" if as_html else title


def _mended(text: str, as_html: bool) -> str:
    """What citeproc-py leaves undone: punctuation goes inside the quotation marks (en-US), nobody is named nobody."""
    text = text.replace(". Retrieved http", ". http")
    text = re.sub(rf"{_NOBODY}[.,]? ", "", text).replace(_NOBODY, "")
    text = re.sub(r"([?!])”\.", r"\1”", text)
    text = re.sub(r"”([.,])", r"\1”", text)
    text = re.sub(r"([?!…])(</i>)?\.(?= |$)", r"\1\2", text)
    text = html.unescape(" ".join(text.split()))
    for guard, letter in ((_AMP, "&"), (_LESS, "<"), (_MORE, ">")):
        text = text.replace(guard, html.escape(letter) if as_html else letter)
    return text


def _title_first(text: str) -> str:
    """APA 7 §9.12: without an author the title moves to the author's place, before the date."""
    match = re.match(rf"{_NOBODY}\. (\([^()]*\))\. (.+?\[Video\])\.", text)
    return f"{match[2]}. {match[1]}.{text[match.end() :]}" if match else text


# --- data


def to_csl_json(quotes: Iterable[CitedQuote]) -> list[dict[str, Any]]:
    """One CSL item a quote (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html), the time in ``note``.

    What CSL has no field for stands in ``custom``: the quote, who said it, and its range in ms.
    """
    items = []
    for key, quote in _keyed(quotes):
        work = {name: _plain(value) for name, value in csl_work(quote).items()}
        if not quote.channel:
            work.pop("author")
        place = time_range(quote)
        words = f"{quote.speaker}: “{quote.bare_text}”" if quote.speaker else f"“{quote.bare_text}”"
        custom = {
            "quote": quote.bare_text,
            "speaker": quote.speaker,
            "start_ms": quote.segment.start_ms if quote.segment else None,
            "end_ms": quote.segment.end_ms if quote.segment else None,
        }
        note = f"{place} {words}".strip()
        items.append({"id": key, **work, "note": note, "custom": custom})
        items[-1]["URL"] = quote.url_at
        if not quote.url_at:
            del items[-1]["URL"]
    return items


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(_AMP, "&").replace(_LESS, "<").replace(_MORE, ">").replace(_NOBODY, "")
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, dict) else value


_LATEX = {
    "\\": r"\textbackslash{}",
    # Not \{ and \}: BibTeX counts these braces too, and one alone would swallow the rest of the file.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def _latex(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in " ".join(text.split()))


def to_bibtex(quotes: Iterable[CitedQuote]) -> str:
    """One ``@misc`` entry a quote, UTF-8, for BibTeX and biblatex; the quote with its time range is the ``note``."""
    entries = []
    for key, quote in _keyed(quotes):
        words = f"``{_latex(quote.bare_text)}''"
        note = ", ".join(
            part for part in (_latex(quote.speaker or ""), time_range(quote, short=False)) if part
        )
        fields = {
            "author": f"{{{_latex(quote.channel)}}}" if quote.channel else "",
            "title": f"{{{_latex(quote.note_title or quote.title)}}}",
            "year": str(quote.published.year) if quote.published else "",
            "month": str(quote.published.month) if quote.published else "",
            "howpublished": _latex(site_name(quote)),
            # An address stands in a verbatim field, where nothing is escaped; braces in it would end the field.
            "url": quote.url_at.replace("{", "%7B").replace("}", "%7D"),
            "note": f"{note}: {words}" if note else words,
        }
        if quote.published:
            fields["date"] = quote.published.isoformat()
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        entries.append("\n".join([f"@misc{{{key},", *lines, "}"]))
    return "\n\n".join(entries) + ("\n" if entries else "")


def _keyed(quotes: Iterable[CitedQuote]) -> Iterable[tuple[str, CitedQuote]]:
    """Each quote with a key that no other has: ``turing2025-16``; plain letters, as BibTeX wants."""
    used: set[str] = set()
    for quote in quotes:
        word = next(iter(re.findall(r"[A-Za-z0-9]+", quote.channel or quote.note_title)), "quote").lower()
        year = str(quote.published.year) if quote.published else ""
        place = f"-{quote.segment.start_ms // 1000}" if quote.segment else ""
        key = base = f"{word}{year}{place}"
        number = 1
        while key in used:
            number += 1
            key = f"{base}-{number}"
        used.add(key)
        yield key, quote
