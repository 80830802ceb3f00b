"""The manual in every language: complete, with the same headings and places, in that language and not in English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from viewer.base.language import OWN_NAMES, use
from viewer.base.paths import resources_dir
from viewer.ui import manual as manual_module
from viewer.ui.actions import TABLE
from viewer.ui.manual import PLACE, chapters, filled, manual_dir
from viewer.ui.manual_window import ManualWindow, mirrored_tables
from viewer.ui.notes_html import markdown_html
from viewer.ui.speech import speak
from viewer.ui.theme import ThemeManager

OTHERS = tuple(name for name in OWN_NAMES if name != "en")
PAGES = sorted(path.name for path in manual_dir("en").glob("*.md"))
TABLES = {"keys", "settings"}


@pytest.fixture(autouse=True)
def english_again(qapp: object) -> Iterator[None]:
    usual = QLocale()
    yield
    speak("en")
    QLocale.setDefault(usual)


def page(language: str, name: str) -> str:
    return (manual_dir(language) / name).read_text(encoding="utf-8")


def shape(text: str) -> list[str]:
    """What every language's page has in the same order: headings, rows of lists and of tables."""
    return re.findall(r"^(#+ |- |\d+\. |\| ?)", text, re.MULTILINE)


def places(text: str) -> Counter[str]:
    return Counter(match[0] for match in PLACE.finditer(text))


def links(text: str) -> list[str]:
    return sorted(re.findall(r"\]\(([^)]*)\)", text))


def test_the_pages_are_those_of_the_english_manual() -> None:
    assert {folder.name for folder in (resources_dir() / "manual").iterdir()} == set(OWN_NAMES)
    for language in OTHERS:
        assert sorted(path.name for path in manual_dir(language).glob("*")) == PAGES


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_the_english_one_says(language: str, name: str) -> None:
    english, own = page("en", name), page(language, name)
    assert shape(own) == shape(english)
    assert places(own) == places(english)
    assert links(own) == links(english)
    assert len(re.findall(r"\*\*[^*{]+\*\*", own)) == len(re.findall(r"\*\*[^*{]+\*\*", english))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_not_english(language: str, name: str) -> None:
    def lines(text: str) -> set[str]:
        bare = (re.sub(r"`[^`]*`|[-|#*]", "", PLACE.sub("", line)).strip() for line in text.splitlines())
        return {line for line in bare if len(line) > 12}

    english, own = lines(page("en", name)), lines(page(language, name))
    assert not english & own
    words = re.findall(r"\b(?:the|and|with|what|which|that|from|nothing)\b", " ".join(own), re.IGNORECASE)
    assert words == []


@pytest.mark.checkout
@pytest.mark.parametrize("language", OWN_NAMES)
def test_every_place_names_an_action_a_key_or_words_of_the_program(language: str) -> None:
    known = (resources_dir() / "translations" / "soundbite.pot").read_text(encoding="utf-8")
    texts = set(re.findall(r'^msgid "(.+)"$', known, re.MULTILINE))
    for name in PAGES:
        for match in PLACE.finditer(page(language, name)):
            wanted = match["name"]
            if wanted.startswith('"'):
                assert wanted.strip('"') in texts, (name, wanted)
            elif match["kind"] == "key":
                assert QKeySequence(wanted).count() == 1, (name, wanted)
            else:
                assert wanted in TABLE or wanted in TABLES, (name, wanted)


@pytest.mark.parametrize("language", OWN_NAMES)
def test_every_page_is_made_without_a_sign_left_over(language: str) -> None:
    assert speak(language) == language
    for chapter in chapters():
        assert chapter.language == language
        made = re.sub(r"<code>.*?</code>", "", markdown_html(chapter.markdown))
        assert "**" not in made, chapter.name
        assert "{{" not in made, chapter.name
        assert not re.search(r"\*\w", made), chapter.name


def test_words_and_menus_are_those_of_the_program() -> None:
    assert filled('{{"Look it up"}} {{menu:renew}} {{menu:open_folder}}') == (
        "**Look it up** **Help › Renew yt-dlp** **Library › Open folder**"
    )
    assert use(resources_dir() / "translations", "de")
    assert filled('{{"Look it up"}} {{menu:renew}}') == "**Nachsehen** **Hilfe › yt-dlp aktualisieren**"
    with pytest.raises(KeyError):
        filled("{{no_such_action}}")


def test_signs_keep_their_order_among_words_from_right_to_left() -> None:
    assert filled("{{start_earlier}}", right_to_left=True) == "**\u2066\\[\u2069**"
    assert filled("{{start_earlier}}") == "**\\[**"


def test_a_table_that_is_read_from_right_to_left_begins_at_the_right() -> None:
    row = "<table><tr>\n<td>first</td>\n<td>second</td>\n</tr></table>"
    assert "<tr><td>second</td><td>first</td></tr>" in mirrored_tables(row)


def test_a_page_that_a_language_lacks_is_shown_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, pages in {"en": ("01-a.md", "02-b.md"), "ar": ("02-b.md",)}.items():
        folder = tmp_path / "manual" / language
        folder.mkdir(parents=True)
        for name in pages:
            (folder / name).write_text(f"# {language} {name}\n", encoding="utf-8")
    monkeypatch.setattr(manual_module, "resources_dir", lambda: tmp_path)
    found = [(one.name, one.title, one.right_to_left) for one in chapters("ar")]
    assert found == [("a", "en 01-a.md", False), ("b", "ar 02-b.md", True)]


@pytest.mark.parametrize(("language", "right"), [("ar", True), ("de", False)])
def test_the_window_opens_in_the_language_and_its_direction(qtbot: QtBot, language: str, right: bool) -> None:
    speak(language)
    window = ManualWindow(ThemeManager())
    qtbot.addWidget(window)
    window.show()
    assert window.isRightToLeft() is right
    assert window.open_chapter("playing")
    chapter = window.chapter()
    assert chapter is not None
    assert chapter.title == page(language, "03-playing.md").splitlines()[0].lstrip("# ")
    assert chapter.title in window.page.toPlainText()
    width = window.view.viewport().width()
    assert window.view.sizeHintForColumn(0) <= width, "a chapter's title is cut off"
    wanted = Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight
    block, directions = window.page.document().begin(), set()
    while block.isValid():
        directions.add(block.textDirection())
        block = block.next()
    assert directions == {wanted}
