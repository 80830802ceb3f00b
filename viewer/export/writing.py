"""Every form in which quotes are written, as one table; and writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.errors import ReadError
from viewer.base.language import tr, tr_noop
from viewer.domain.cited_quote import Outline, quotes_of
from viewer.domain.video import Segment
from viewer.export import tables
from viewer.export.anki import CardMedia, write_anki
from viewer.export.citing import STYLES, cite_all, to_bibtex, to_csl_json
from viewer.export.documents import to_html, to_markdown
from viewer.export.outlines import has_quotes
from viewer.export.word_file import to_docx


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """One form: its id, the name that is shown (to be translated) and its file's suffix without a dot."""

    id: str
    name: str
    suffix: str


FORMATS: tuple[DocumentFormat, ...] = (
    DocumentFormat("md", tr_noop("Markdown"), "md"),
    DocumentFormat("html", tr_noop("Web page (HTML)"), "html"),
    DocumentFormat("pdf", tr_noop("PDF"), "pdf"),
    DocumentFormat("docx", tr_noop("Word document (DOCX)"), "docx"),
    DocumentFormat("csv", tr_noop("Table (CSV)"), "csv"),
    DocumentFormat("json", tr_noop("Data (JSON)"), "json"),
    DocumentFormat("bibtex", tr_noop("Citations for BibTeX"), "bib"),
    DocumentFormat("csl-json", tr_noop("Citations for Zotero and others (CSL-JSON)"), "json"),
    DocumentFormat("apa", tr_noop("Citations, APA 7"), "txt"),
    DocumentFormat("chicago", tr_noop("Citations, Chicago 18"), "txt"),
    DocumentFormat("mla", tr_noop("Citations, MLA 9"), "txt"),
    DocumentFormat("anki", tr_noop("Anki cards"), "apkg"),
)
"""Every form. ``pdf`` is made by the window: it needs Qt to shape the text."""

CORE_FORMATS = tuple(one.id for one in FORMATS if one.id != "pdf")
"""Those that :func:`write_outline` writes."""

PdfWriter = Callable[[Outline, str, Path, CancelToken], None]
"""Writes an outline with a title to a PDF file; the window has one."""


def format_by_id(format_id: str) -> DocumentFormat:
    """The form with this id. KeyError when there is none."""
    return {one.id: one for one in FORMATS}[format_id]


def write_outline(
    outline: Outline,
    title: str,
    format_id: str,
    target: Path,
    *,
    language: str = "en",
    media: Mapping[Segment, CardMedia] | None = None,
    pdf: PdfWriter | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Path:
    """Write the document to ``target`` as ``format_id``; what was there is replaced only by the finished file.

    Raises ReadError when there is nothing to write or the file cannot be written, Cancelled, KeyError for another form.
    """
    format_by_id(format_id)
    if not has_quotes(outline):
        raise ReadError(tr("There is nothing to write: no quotes are chosen."))
    cancel = cancel or CancelToken()
    with whole_file(target) as part:
        if format_id == "anki":
            write_anki(outline, title, part, media, progress, cancel)
        elif format_id == "pdf":
            if pdf is None:
                raise KeyError("pdf is written by the window")
            pdf(outline, title, part, cancel)
        else:
            part.write_bytes(_content(outline, title, format_id, language, cancel))
        cancel.raise_if_cancelled()
    return target


def write_text(text: str, target: Path) -> Path:
    """Write a text file (UTF-8), whole or not at all. Raises ReadError when it cannot be written."""
    with whole_file(target) as part:
        part.write_bytes(_encoded(text))
    return target


def _encoded(text: str) -> bytes:
    # Half a letter (a lone surrogate) from a broken file has no place in UTF-8.
    return text.encode("utf-8", "replace")


def _content(outline: Outline, title: str, format_id: str, language: str, cancel: CancelToken) -> bytes:
    quotes = quotes_of(outline)
    if format_id == "docx":
        return to_docx(outline, title, cancel)
    if format_id == "csv":
        # With the mark: Excel takes UTF-8 without it for the computer's old code page.
        return b"\xef\xbb\xbf" + _encoded(tables.to_csv(outline))
    if format_id == "md":
        return _encoded(to_markdown(outline, title))
    if format_id == "html":
        return _encoded(to_html(outline, title, language, cancel))
    if format_id == "json":
        return _encoded(tables.to_json(outline, title))
    if format_id == "bibtex":
        return _encoded(to_bibtex(quotes))
    if format_id == "csl-json":
        return _encoded(json.dumps(to_csl_json(quotes), ensure_ascii=False, indent=2) + "\n")
    return _encoded(cited_list(outline, format_id, cancel))


def cited_list(outline: Outline, style: str, cancel: CancelToken | None = None) -> str:
    """Every quote with its citation in ``style``, then the list of works, each once, in alphabetical order."""
    quotes = quotes_of(outline)
    citations = cite_all(quotes, style, cancel=cancel)
    blocks = []
    for number, (quote, citation) in enumerate(zip(quotes, citations, strict=True), 1):
        said = f"{quote.speaker}: “{quote.bare_text}”" if quote.speaker else f"“{quote.bare_text}”"
        if style == "chicago":
            blocks.append(f"{said} [{number}]\n{number}. {citation.inline}")
        else:
            blocks.append(f"{said} {citation.inline}")
    heading = {"apa": "References", "chicago": "Bibliography", "mla": "Works Cited"}[style]
    assert style in STYLES
    entries = sorted(
        {citation.entry for citation in citations}, key=lambda entry: entry.strip("“").casefold()
    )
    return "\n\n".join([*blocks, heading, *entries]) + "\n"


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A file beside ``target`` to write to; it takes the target's place when all went well. Raises ReadError."""
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(
            dir=target.absolute().parent, prefix=".soundbite-", suffix=target.suffix
        )
        os.close(handle)
        part = Path(name)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.chmod(_mode(target))
        part.replace(target)
    except OSError as error:
        raise _failure(target, error) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """The rights of the file that is replaced; those of a new file otherwise."""
    with contextlib.suppress(OSError):
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _failure(target: Path, error: OSError) -> ReadError:
    message = tr("{name} could not be written.").format(name=target.name)
    if error.errno == errno.ENOSPC:
        advice = tr("The disk is full: make room, or choose another folder.")
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        advice = tr("The folder is protected against writing: choose another one.")
    elif not target.absolute().parent.is_dir():
        advice = tr("Its folder does not exist: choose another one.")
    elif target.is_dir():
        advice = tr("There is a folder of this name: choose another name.")
    else:
        advice = tr("Check that the folder is yours and that no other program has the file open.")
    return ReadError(message, advice, str(error))
