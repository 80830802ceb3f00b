"""A quote to the clipboard, or as a picture to a file: the menu "Copy as" and what it does."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QObject
from PySide6.QtGui import QGuiApplication, QImageWriter
from PySide6.QtWidgets import QFileDialog, QMenu

from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_noop
from viewer.domain.cited_quote import CitedQuote
from viewer.domain.mark import Mark
from viewer.domain.note import Note
from viewer.qt.timed_rows import TimedRow
from viewer.ui.main_window import MainWindow
from viewer.ui.reveal import reveal
from viewer.ui.status_banner import BannerButton

log = logging.getLogger(__name__)

COPY_KINDS = {
    "text": tr_noop("Text with its source"),
    "rich": tr_noop("Formatted text with a link"),
    "md": tr_noop("Markdown"),
    "apa": tr_noop("Citation, APA 7"),
    "chicago": tr_noop("Citation, Chicago 18"),
    "mla": tr_noop("Citation, MLA 9"),
    "bibtex": tr_noop("Citation for BibTeX"),
    "csl-json": tr_noop("Citation as CSL-JSON"),
    "picture": tr_noop("Picture"),
}
"""What a quote can be copied as: id and name, in the menu's order."""


def row_quote(path: str, note: Note, row: TimedRow) -> CitedQuote:
    """A row of the open note with its source, as it is shown: with its found time and verdict."""
    from viewer.export.outlines import (
        mark_quote,
        verdict_words,
    )  # here: a start does without what judges quotes

    if isinstance(row.source, Mark):
        return mark_quote(row.source, note)
    segment = row.segment
    video = segment.video if segment is not None else note.video
    verdict = row.check.verdict.value if row.check is not None else None
    return CitedQuote(
        text=row.text or row.title,
        speaker=row.speaker,
        title=row.title if row.text else "",
        note_title=note.title,
        channel=note.metadata.channel,
        published=note.metadata.published,
        url=video.url if video is not None else "",
        segment=segment,
        verdict=verdict,
        verdict_words=verdict_words(verdict),
        note_path=path,
    )


def quote_data(quote: CitedQuote, kind: str) -> QMimeData:
    """What the clipboard gets for ``kind``, one of COPY_KINDS but ``picture``. KeyError for another."""
    from viewer.export import quote_text  # here: a start does without it

    data = QMimeData()
    if kind == "text":
        data.setText(quote_text.with_source(quote))
    elif kind == "rich":
        data.setText(quote_text.with_source(quote))
        data.setHtml(quote_text.as_html(quote))
    elif kind == "md":
        data.setText(quote_text.as_markdown(quote))
    else:
        from viewer.export import citing  # here: a start does without it

        if kind == "bibtex":
            data.setText(citing.to_bibtex([quote]))
        elif kind == "csl-json":
            data.setText(json.dumps(citing.to_csl_json([quote]), ensure_ascii=False, indent=2))
        else:
            data.setText(citing.cited_text(quote, kind))
            data.setHtml(citing.cited_text(quote, kind, as_html=True))
    return data


class CopyQuote(QObject):
    """Fills the menu, copies, and says so."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def fill_menu(self, menu: QMenu, quote_of: Callable[[], CitedQuote | None]) -> QMenu:
        """Add the sub-menu "Copy as" for the quote that ``quote_of`` gives when one of its rows is chosen."""
        below = menu.addMenu(tr("Copy as"))
        below.setObjectName("copyAsMenu")
        self.fill(below, quote_of)
        return below

    def fill(self, menu: QMenu, quote_of: Callable[[], CitedQuote | None]) -> None:
        """Add the kinds themselves."""
        for kind, name in COPY_KINDS.items():
            if kind in ("apa", "picture"):
                menu.addSeparator()
            action = menu.addAction(tr(name))
            action.setObjectName(f"copyAs_{kind}")
            action.triggered.connect(lambda _=False, kind=kind: self.copy(quote_of(), kind))
        save = menu.addAction(tr("Save as a picture…"))
        save.triggered.connect(lambda _=False: self.ask_picture(quote_of()))

    def copy(self, quote: CitedQuote | None, kind: str) -> None:
        """Copy ``quote`` as ``kind`` and say so; nothing without a quote."""
        banner = self._window.banner
        if quote is None or not (quote.bare_text or quote.title):
            banner.show_info(tr("Choose a quote first"))
            return
        if kind == "picture":
            from viewer.ui.quote_picture import quote_picture

            QGuiApplication.clipboard().setImage(quote_picture(quote, self._window.themes.theme))
            banner.show_info(tr("Copied as a picture"), quote.bare_text[:120])
            return
        data = quote_data(quote, kind)
        words = data.text().strip().partition("\n")[0]
        QGuiApplication.clipboard().setMimeData(data)
        banner.show_info(tr("Copied: {kind}").format(kind=tr(COPY_KINDS[kind])), words[:160])

    def ask_picture(self, quote: CitedQuote | None) -> None:
        """Ask for a file, and save the quote as a picture there."""
        if quote is None:
            self._window.banner.show_info(tr("Choose a quote first"))
            return
        from viewer.export.safe_names import folder_name

        dialog = QFileDialog(self._window, tr("Save as a picture"))
        dialog.setObjectName("savePicture")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Picture (*.png)"))
        dialog.setDefaultSuffix("png")
        dialog.selectFile(f"{folder_name(quote.title or quote.bare_text[:40])}.png")
        dialog.fileSelected.connect(lambda path: self.save_picture(quote, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_picture(self, quote: CitedQuote, target: Path) -> None:
        """Save the quote as a PNG, whole or not at all."""
        from viewer.export.writing import whole_file
        from viewer.ui.quote_picture import quote_picture

        banner = self._window.banner
        try:
            with whole_file(target) as part:
                if not QImageWriter(str(part), QByteArray(b"png")).write(
                    quote_picture(quote, self._window.themes.theme)
                ):
                    raise OSError("the picture could not be encoded")
        except ViewerError as error:
            banner.show_failure(error.message, error.advice)
            return
        show = BannerButton(tr("Show in folder"), lambda: reveal(target))
        banner.show_info(tr("Saved as {name}").format(name=target.name), "", [show])
