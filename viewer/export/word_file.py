"""An outline as a DOCX, by python-docx: real headings, quotes in Word's own styles, links, any script."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from viewer.base.cancel import CancelToken
from viewer.base.language import tr
from viewer.domain.cited_quote import CitedQuote, Heading, Outline
from viewer.export.documents import caption_text
from viewer.export.quote_text import place_text, runs_right_to_left

if TYPE_CHECKING:
    from docx.document import Document

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no place for."""


def to_docx(outline: Outline, title: str, cancel: CancelToken | None = None) -> bytes:
    """The document as the bytes of a DOCX file. Raises Cancelled."""
    import docx  # here: a start does without it

    document = docx.Document()
    document.core_properties.title = _clean(title)[:255]
    document.core_properties.author = ""
    document.core_properties.comments = "Soundbite"
    _add(document, title, "Title")
    for part in outline:
        if cancel is not None:
            cancel.raise_if_cancelled()
        if isinstance(part, CitedQuote):
            _add_quote(document, part)
        elif isinstance(part, Heading):
            _add(document, part.text, "Heading 1")
        else:
            _add(document, part.text, "Normal")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


_STYLE_IDS = {"Title": "Title", "Heading 1": "Heading1", "Heading 2": "Heading2", "Quote": "Quote"}
"""The styles of python-docx's own template that are used, by name: their ids in it."""


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _add(document: Document, text: str, style: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.text.paragraph import Paragraph

    body = document.element.body
    element: Any = OxmlElement("w:p")
    # Before the section's properties, which stand last: python-docx would look for them through all that is there.
    body[-1].addprevious(element)
    paragraph = Paragraph(element, document._body)
    if style != "Normal":
        # By its id: looking a style up by its name takes python-docx longer than all the rest.
        paragraph._p.style = _STYLE_IDS[style]
    lines = _clean(text).strip().split("\n")
    for number, line in enumerate(lines):
        run = paragraph.add_run(line)
        if number < len(lines) - 1:
            run.add_break()
    if runs_right_to_left(text):
        _set_right_to_left(paragraph)
    return paragraph


def _set_right_to_left(paragraph: Any) -> None:
    # ECMA-376 part 1, 17.3.1.6 (bidi) and 17.3.2.30 (rtl); bidi comes before jc, ind and spacing in the schema's order.
    from docx.oxml import OxmlElement

    properties = paragraph._p.get_or_add_pPr()
    style = properties.find(f"{{{_W}}}pStyle")
    mark = OxmlElement("w:bidi")
    if style is not None:
        style.addnext(mark)
    else:
        properties.insert(0, mark)
    for run in paragraph.runs:
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _add_quote(document: Document, quote: CitedQuote) -> None:
    from docx.shared import Pt

    if quote.title:
        _add(document, quote.title, "Heading 2").paragraph_format.keep_with_next = True
    if quote.bare_text:
        words = _add(document, f"“{quote.bare_text}”", "Quote")
        words.paragraph_format.left_indent = Pt(18)
        words.paragraph_format.space_after = Pt(2)
        words.paragraph_format.keep_with_next = True
    source, place = caption_text(quote), place_text(quote)
    line = _add(document, f"— {source}" if source else "", "Normal")
    line.paragraph_format.left_indent = Pt(18)
    url = quote.url_at
    if source and (place or url):
        line.add_run(", ")
    if url.startswith(("https://", "http://")):
        _add_link(line, place or url, url)
    elif place:
        line.add_run(place)
    if quote.verdict_words:
        line.add_run(f" · {_clean(quote.verdict_words)}")
    for run in line.runs:
        run.font.size = Pt(9.5)
    if quote.comment:
        _add(document, quote.comment, "Normal").paragraph_format.left_indent = Pt(18)
    if quote.tags:
        words = tr("Tags: {tags}").format(tags=", ".join(quote.tags))
        _add(document, words, "Normal").paragraph_format.left_indent = Pt(18)


def _add_link(paragraph: Any, text: str, url: str) -> None:
    """A hyperlink (ECMA-376 part 1, 17.16.22), for which python-docx has no call of its own."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    link = OxmlElement("w:hyperlink")
    # One relation a link, without looking for one that is there: that would take the square of their number.
    relations = paragraph.part.rels
    number = f"rIdLink{len(relations)}"
    relations.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, _clean(url), number, is_external=True)
    link.set(qn("r:id"), number)
    run = paragraph.add_run(_clean(text))
    run.font.color.rgb = RGBColor(0x2F, 0x5B, 0xD0)
    run.font.underline = True
    run.font.size = Pt(9.5)
    link.append(run._r)
    paragraph._p.append(link)
