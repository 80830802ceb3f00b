from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFontDatabase, QGuiApplication, QPageSize
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.export.quotes import MANY_SCRIPTS, QUOTE, VIDEO
from tests.standin.media import ffmpeg
from tests.ui.conftest import NoNetwork
from viewer.app import Application
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.domain.cited_quote import Heading
from viewer.domain.collection import CollectionItem, ItemKind, new_item_id
from viewer.domain.mark import Mark
from viewer.domain.video import Segment
from viewer.export.tables import from_json
from viewer.media.tools import Tools
from viewer.qt.pdf_file import page_size, write_pdf
from viewer.qt.timed_rows import RowKind
from viewer.ui.copy_quote import COPY_KINDS, quote_data
from viewer.ui.export_dialog import ExportDialog
from viewer.ui.quote_picture import quote_picture
from viewer.ui.theme import THEMES, load_theme


def choose(dialog: ExportDialog, what: str, form: str) -> None:
    dialog.what.setCurrentIndex(dialog.what.findData(what))
    dialog.form.setCurrentIndex(dialog.form.findData(form))
    assert dialog.source.id == what
    assert dialog.form.currentData() == form


def written(qtbot: QtBot, dialog: ExportDialog, target: Path) -> Path:
    dialog.start(target)
    qtbot.waitUntil(lambda: not dialog._exporting.busy, timeout=20_000)
    assert dialog.show_button.isVisible(), dialog.state.text()
    assert dialog.state.text().startswith(f"Saved as {target.name}")
    return target


@pytest.fixture
def dialog(application: Application, fetcher: NoNetwork) -> ExportDialog:
    fetcher.tools = Tools((), Path(ffmpeg()), None)  # type: ignore[attr-defined]
    found = application.exports.open()
    assert found is not None
    return found


@pytest.mark.parametrize("form", ["md", "html", "pdf", "docx", "csv", "json", "apa", "anki"])
def test_a_notes_quotes_are_written(qtbot: QtBot, dialog: ExportDialog, tmp_path: Path, form: str) -> None:
    choose(dialog, "highlights", form)
    target = written(qtbot, dialog, tmp_path / "out.x")
    assert target.stat().st_size > 500
    assert "5 quotes" in dialog.state.text()
    dialog.close()


def test_what_was_found_out_is_written_too(qtbot: QtBot, dialog: ExportDialog, tmp_path: Path) -> None:
    choose(dialog, "highlights", "json")
    title, parts = from_json(written(qtbot, dialog, tmp_path / "a.json").read_text("utf-8"))
    assert title.startswith("What does Sam Altman")
    assert parts[0].verdict is not None
    assert parts[0].verdict_words
    assert parts[0].context_after
    assert parts[0].url_at.endswith("&t=16s")
    dialog.close()


@pytest.mark.parametrize("form", ["txt", "md", "srt", "vtt"])
def test_a_transcript_is_written(qtbot: QtBot, dialog: ExportDialog, tmp_path: Path, form: str) -> None:
    choose(dialog, "transcript", form)
    assert dialog.form.count() == 4
    text = written(qtbot, dialog, tmp_path / f"a.{form}").read_text("utf-8")
    assert "OpenAI" in text
    dialog.close()


def test_a_search_is_written(qtbot: QtBot, application: Application, tmp_path: Path) -> None:
    application.window.top.search.setText("intelligence")
    dialog = application.exports.open("search")
    assert dialog is not None
    assert dialog.source.id == "search"
    choose(dialog, "search", "json")
    _, parts = from_json(written(qtbot, dialog, tmp_path / "a.json").read_text("utf-8"))
    assert len(parts) > 3
    assert all(part.note_title for part in parts)
    dialog.close()


def test_an_outline_of_others_is_written(qtbot: QtBot, application: Application, tmp_path: Path) -> None:
    dialog = application.exports.export([QUOTE, *MANY_SCRIPTS], "Mine")
    choose(dialog, "outline", "csl-json")
    assert len(json.loads(written(qtbot, dialog, tmp_path / "a.json").read_text("utf-8"))) == 4
    dialog.close()


def test_a_file_that_cannot_be_written_is_told(qtbot: QtBot, dialog: ExportDialog, tmp_path: Path) -> None:
    dialog.start(tmp_path / "gone" / "a.md")
    qtbot.waitUntil(lambda: not dialog._exporting.busy, timeout=20_000)
    assert "could not be written" in dialog.state.text()
    assert "folder" in dialog.state.text()
    assert dialog.start_button.isVisible()
    dialog.close()


def test_the_form_is_remembered(qtbot: QtBot, application: Application, tmp_path: Path) -> None:
    dialog = application.exports.export([QUOTE], "Mine")
    choose(dialog, "outline", "csv")
    written(qtbot, dialog, tmp_path / "a.csv")
    again = application.exports.export([QUOTE], "Mine")
    assert again.form.currentData() == "csv"
    dialog.close()
    again.close()


# --- copying


def test_a_row_offers_every_kind(application: Application) -> None:
    lists = application.window.side.lists
    row = lists.models[RowKind.HIGHLIGHT].row(0)
    menu = QMenu()
    application.exports.fill_row_menu(row, menu)
    (below,) = [action.menu() for action in menu.actions() if action.menu()]
    kinds = [action for action in below.actions() if action.objectName().startswith("copyAs_")]
    assert [action.objectName().removeprefix("copyAs_") for action in kinds] == list(COPY_KINDS)
    clipboard = QGuiApplication.clipboard()
    for action in kinds:
        clipboard.clear()
        action.trigger()
        if action.objectName() == "copyAs_picture":
            assert clipboard.image().width() == 1600
        else:
            assert "past the event horizon" in clipboard.text()
    menu.deleteLater()


def test_rich_text_has_a_plain_form_beside_it(application: Application) -> None:
    data = quote_data(QUOTE, "rich")
    assert "<blockquote" in data.html()
    assert data.text().startswith("“Read the last page first.”")
    assert "<i>How to read a book" in quote_data(QUOTE, "apa").html()


def test_the_kinds_open_by_a_key(application: Application) -> None:
    lists = application.window.side.lists
    lists.views[RowKind.HIGHLIGHT].setCurrentIndex(lists.models[RowKind.HIGHLIGHT].index(0, 0))
    application.window.actions_set["copy_as"].trigger()
    menu = application.window.findChild(QMenu, "copyAsMenu")
    assert menu is not None
    assert menu.isVisible()
    menu.close()


# --- pictures and PDF


@pytest.mark.parametrize("name", THEMES)
def test_a_picture_is_painted_in_every_theme(application: Application, name: str) -> None:
    theme = load_theme(name)
    for quote in (QUOTE, MANY_SCRIPTS[1], MANY_SCRIPTS[2], MANY_SCRIPTS[3]):
        image = quote_picture(quote, theme)
        assert image.width() == 1600
        assert image.pixelColor(20, 300) == theme.color("surface")
        colours = {image.pixel(x, y) for x in range(100, 1500, 7) for y in range(140, image.height(), 7)}
        assert len(colours) > 5


def test_longer_words_make_a_higher_picture_up_to_a_limit(application: Application) -> None:
    theme = load_theme("light")
    heights = [
        quote_picture(replace(QUOTE, text="word " * count), theme).height() for count in (5, 100, 400, 4000)
    ]
    assert heights == sorted(heights)
    assert heights[-1] < 5000


def test_a_picture_is_saved(application: Application, tmp_path: Path) -> None:
    application.exports.copying.save_picture(QUOTE, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".png"] == ["a.png"]


def test_paper_is_that_of_the_country() -> None:
    assert page_size(QLocale("en_US")) == QPageSize.PageSizeId.Letter
    assert page_size(QLocale("de_DE")) == QPageSize.PageSizeId.A4


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")
def test_pdftotext_reads_the_pdf(application: Application, tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    write_pdf([QUOTE], "A title & <more>", target, CancelToken(), locale=QLocale("de_DE"))
    text = " ".join(_pdf_text(target).split())
    for words in (
        "A title & <more>",
        "“Read the last page first.”",
        "1:02:03–1:02:40",
        "Jane Doe",
        "Use this.",
    ):
        assert words in text
    assert "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3723s" in text
    write_pdf(MANY_SCRIPTS, "T", target, CancelToken())
    text = _pdf_text(target)
    if QFontDatabase.families(QFontDatabase.WritingSystem.Japanese):  # a bare system has no such typeface
        assert "最後のページから読む。" in text
    assert "My own line: 2 < 3 & so on" in text


def _pdf_text(file: Path) -> str:
    outcome = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True, timeout=30)
    return outcome.stdout.decode()


def test_a_long_pdf_has_pages_and_can_be_stopped(application: Application, tmp_path: Path) -> None:
    many = [replace(QUOTE, text=f"{n} words", segment=Segment(VIDEO, n, n + 1)) for n in range(300)]
    target = tmp_path / "a.pdf"
    write_pdf(many, "Many", target, CancelToken())
    assert target.read_bytes().startswith(b"%PDF-")
    assert target.read_bytes().count(b"/Type /Page\n") > 10
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        write_pdf(many, "Many", target, token)


# --- marks and collections


def test_marks_and_a_collection_are_written(qtbot: QtBot, application: Application, tmp_path: Path) -> None:
    note, path = application.session.note, application.session.path
    assert note is not None
    segment = Segment(note.videos[0], 16_000, 60_000)
    mark = Mark("m1", path, note.title, segment, None, "past the event horizon", "Sam", comment="Why?")
    application.catalog.marks.add(mark)
    store = application.catalog.collections
    store.create("My film")
    (collection,) = store.all()
    items = [
        CollectionItem(new_item_id(), ItemKind.HEADING, "Begin"),
        CollectionItem(
            *(new_item_id(), ItemKind.CLIP, "", "past the event horizon", segment),
            mark_id="m1",
            note_path=path,
            note_title=note.title,
        ),
    ]
    store.add(collection.id, items)
    application.marks.collections.current = collection.id
    application.marks.gathering.open_pane()
    qtbot.waitUntil(lambda: len(application.marks.gathering.items) == 2, timeout=5000)

    dialog = application.exports.open("collection")
    assert dialog is not None
    choose(dialog, "collection", "json")
    title, parts = from_json(written(qtbot, dialog, tmp_path / "a.json").read_text("utf-8"))
    assert title == "My film"
    assert parts[0] == Heading("Begin")
    assert (parts[1].comment, parts[1].channel, parts[1].segment) == ("Why?", "Turing Post", segment)
    choose(dialog, "marks", "md")
    assert "past the event horizon" in written(qtbot, dialog, tmp_path / "a.md").read_text("utf-8")
    choose(dialog, "all-marks", "csv")
    assert b"Why?" in written(qtbot, dialog, tmp_path / "a.csv").read_bytes()
    menu = QMenu()
    application.marks.gathering.menuAboutToShow.emit(menu)
    assert "Export…" in [action.text() for action in menu.actions()]
    menu.deleteLater()
    dialog.close()
