from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.export.quotes import MANY_SCRIPTS, QUOTE, VIDEO
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled, ReadError
from viewer.domain.cited_quote import CitedQuote, Heading
from viewer.domain.video import Segment
from viewer.export.tables import from_json
from viewer.export.word_file import to_docx
from viewer.export.writing import CORE_FORMATS, FORMATS, cited_list, whole_file, write_outline, write_text

ALL = [QUOTE, *MANY_SCRIPTS]


@pytest.mark.parametrize("format_id", CORE_FORMATS)
def test_every_form_is_written_with_every_script(tmp_path: Path, format_id: str) -> None:
    target = tmp_path / "Zoë’s 本 & more.out"
    assert write_outline(ALL, "Title & <more>", format_id, target) == target
    assert target.stat().st_size > 200
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(_usual_file(tmp_path).stat().st_mode)


def _usual_file(folder: Path) -> Path:
    file = folder / "usual"
    file.write_text("x")
    return file


def test_ids_are_told_apart() -> None:
    assert len({one.id for one in FORMATS}) == len(FORMATS)


def test_what_is_there_stays_until_the_new_file_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.html"
    target.write_text("before")
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        write_outline(ALL, "T", "html", target, cancel=token)
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_while_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail_half_way() -> None:
        with whole_file(tmp_path / "a.txt") as part:
            part.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["gone/a.txt", "folder"])
def test_what_cannot_be_written_is_said_in_plain_words(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ReadError) as caught:
        write_text("x", tmp_path / name)
    assert "could not be written" in str(caught.value)
    assert "folder" in caught.value.advice
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_an_outline_without_quotes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError):
        write_outline([Heading("only")], "T", "md", tmp_path / "a.md")


def test_half_letters_are_written_too(tmp_path: Path) -> None:
    broken = CitedQuote("half \ud83d letter", note_title="T\x00\x0b", speaker="\ufffe")
    for format_id in CORE_FORMATS:
        write_outline([broken], "T\ud83d", format_id, tmp_path / f"a.{format_id}")


def test_json_on_the_disk_is_read_back_equal(tmp_path: Path) -> None:
    target = write_outline(ALL, "T", "json", tmp_path / "a.json")
    assert from_json(target.read_text("utf-8")) == ("T", ALL)


def test_a_list_of_works_names_each_once() -> None:
    other = replace(QUOTE, note_title="Another talk", segment=Segment(VIDEO, 0, 1000))
    text = cited_list([QUOTE, other, replace(QUOTE, segment=None)], "apa")
    assert text.count("[Video]") == 2
    assert text.index("Another talk") < text.index("How to read")
    assert "[2]\n2. Example Talks" in cited_list([QUOTE, other], "chicago")


def test_word_files_have_headings_links_and_right_to_left_paragraphs(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(to_docx(ALL, "T"))
    xml = zipfile.ZipFile(file).read("word/document.xml").decode()
    assert xml.count("<w:hyperlink ") == 4
    assert "<w:bidi/>" in xml
    assert "<w:rtl/>" in xml
    import docx

    styles = [paragraph.style.name for paragraph in docx.Document(str(file)).paragraphs]
    assert styles[:3] == ["Title", "Heading 2", "Quote"]
    assert "Heading 1" in styles


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.timeout(120)
def test_libreoffice_reads_the_word_file(tmp_path: Path) -> None:
    write_outline(ALL, "A title", "docx", tmp_path / "a.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    arguments = ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "a.docx"]
    subprocess.run(arguments, cwd=tmp_path, check=True, capture_output=True, timeout=100)
    text = (tmp_path / "a.txt").read_text("utf-8-sig")
    for words in (
        "A title",
        "“Read the last page first.”",
        "Jane Doe",
        "1:02:03–1:02:40",
        "اقرأ الصفحة الأخيرة أولا.",
        "最後のページから読む。",
        "👩🏽‍🏫",
        "My own line: 2 < 3 & so on",
    ):
        assert words in text


def _cards(file: Path, folder: Path) -> list[tuple[str, str, str]]:
    folder.mkdir()
    with zipfile.ZipFile(file) as package:
        package.extractall(folder)
    with sqlite3.connect(folder / "collection.anki2") as database:
        rows = database.execute("select guid, flds, tags from notes order by id").fetchall()
    database.close()
    return rows


def test_anki_cards_have_the_same_id_again_and_carry_words_and_media(tmp_path: Path) -> None:
    from viewer.export.anki import MODEL_ID, CardMedia

    picture, sound = tmp_path / "s.jpg", tmp_path / "s.m4a"
    picture.write_bytes(b"picture")
    sound.write_bytes(b"sound")
    media = {QUOTE.segment: CardMedia(picture, sound)}
    first = write_outline([*ALL, QUOTE], "Deck", "anki", tmp_path / "a.apkg", media=media)
    changed = replace(QUOTE, comment="Another comment", tags=("new",), verdict="edited")
    second = write_outline([changed], "Deck", "anki", tmp_path / "b.apkg")
    cards, again = _cards(first, tmp_path / "a"), _cards(second, tmp_path / "b")
    assert len(cards) == 4
    assert cards[0][0] == again[0][0]
    assert "Another comment" in again[0][1]
    assert "Read the last page first." in cards[0][1]
    assert "[sound:soundbite-" in cards[0][1]
    assert " reading_slowly " in cards[0][2]
    assert "اقرأ الصفحة" in cards[1][1]
    names = zipfile.ZipFile(first).read("media").decode()
    assert names.count("soundbite-") == 4  # two quotes of one clip
    assert (tmp_path / "a" / "0").read_bytes() in (b"picture", b"sound")
    with sqlite3.connect(tmp_path / "a" / "collection.anki2") as database:
        assert str(MODEL_ID) in database.execute("select models from col").fetchone()[0]
        deck_a = database.execute("select distinct did from cards").fetchall()
    with sqlite3.connect(tmp_path / "b" / "collection.anki2") as database:
        assert deck_a == database.execute("select distinct did from cards").fetchall()


@pytest.mark.parametrize(
    "format_id", ["md", "html", "csv", "json", "bibtex", "csl-json", "apa", "anki", "docx"]
)
def test_ten_thousand_quotes(tmp_path: Path, format_id: str) -> None:
    many = [
        replace(QUOTE, text=f"Words {n} كلمة 言葉 😀", segment=Segment(VIDEO, n * 1000, n * 1000 + 900))
        for n in range(2_000 if format_id == "docx" else 10_000)
    ]
    begin = time.monotonic()
    target = write_outline(many, "Many", format_id, tmp_path / "a")
    assert time.monotonic() - begin < 60
    assert target.stat().st_size > 100_000 or format_id in ("anki", "docx")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_protected_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ReadError) as caught:
            write_text("x", tmp_path / "a.txt")
        assert "protected" in caught.value.advice
    finally:
        tmp_path.chmod(0o700)
