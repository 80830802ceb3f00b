"""The catalogues say what the program says, completely, and nothing that a form could break."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "packaging"))

pytest.importorskip("babel")
import translations  # noqa: E402
from babel.messages.catalog import Message  # noqa: E402
from babel.messages.pofile import read_po  # noqa: E402

from viewer.base import language  # noqa: E402

pytestmark = pytest.mark.checkout

LANGUAGES = translations.LANGUAGES
LEFT_OUT_FORMS = {"ar": 3}
"""Of Arabic's forms those for none, one and two may say the number as a word."""


@pytest.fixture(scope="module")
def template() -> translations.Catalog:
    return translations.collect()


def messages(lang: str) -> list[Message]:
    return [message for message in translations.read(lang) if message.id]


def fields(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)(?:![rs])?(?::[^}]*)?\}", text))


def pairs(lang: str) -> Iterator[tuple[str, str, set[str], bool]]:
    """(original, translation, allowed fields, whether every field must be there)"""
    for message in messages(lang):
        if not translations.is_complete(message):
            continue  # told by a test of its own
        if isinstance(message.id, str):
            yield message.id, str(message.string), fields(message.id), True
            continue
        one, many = message.id
        for number, form in enumerate(message.string):
            spelled = number < LEFT_OUT_FORMS.get(lang, 0)
            yield (
                (one if number == 0 and lang != "ja" else many),
                form,
                fields(many) | fields(one),
                not spelled,
            )


def test_the_template_is_what_the_code_says(template: translations.Catalog) -> None:
    """Red? ``python packaging/translations.py`` collects anew."""
    with (translations.FOLDER / "soundbite.pot").open("rb") as file:
        kept = read_po(file)
    # Which file a text stands in is for translators to read: moving it makes no other text.
    assert [message.id for message in kept] == [message.id for message in sorted(template)]


def test_no_text_is_hidden_from_the_collector(template: translations.Catalog) -> None:
    """Before Python 3.12 what is within an f-string is not seen."""
    known = {text for message in template for text in _as_tuple(message.id)}
    for path in sorted((ROOT / "viewer").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in translations.KEYWORDS:
                texts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                hidden = [text for text in texts if text and isinstance(text, str) and text not in known]
                assert not hidden, f"{path.name}, line {node.lineno}"


def _as_tuple(texts: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_translated(lang: str, template: translations.Catalog) -> None:
    assert {str(message.id) for message in messages(lang)} == {str(m.id) for m in template if m.id}
    assert [message.id for message in translations.missing(lang)] == []
    assert [message.id for message in messages(lang) if message.fuzzy] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_compiled_catalogue_is_what_the_text_says(lang: str) -> None:
    assert translations.mo_file(lang).read_bytes() == translations.mo_bytes(lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_translation_breaks_a_placeholder(lang: str) -> None:
    broken = []
    for original, text, allowed, all_wanted in pairs(lang):
        found = fields(text)
        if not found <= allowed or (all_wanted and found != fields(original) and found != allowed):
            broken.append((original, text))
    assert broken == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ends_and_edges_are_those_of_the_original(lang: str) -> None:
    wrong = []
    for original, text, _, _ in pairs(lang):
        bare = text.strip("\u200f")
        edges = (original[:1].isspace(), original[-1:].isspace(), "\n" in original)
        own = (bare[:1].isspace(), bare[-1:].isspace(), "\n" in bare)
        # Japanese and Arabic bring the space with their own brackets and commas.
        if (
            lang in ("ja", "ar")
            and original[:1] + original[-1:] != original.strip()[:1] + original.strip()[-1:]
        ):
            own = edges
        if edges != own or original.rstrip().endswith("…") != bare.rstrip().endswith("…"):
            wrong.append((original, text))
    assert wrong == []


@pytest.mark.parametrize(("lang", "forms"), [("de", 2), ("es", 2), ("fr", 2), ("ja", 1), ("ar", 6)])
def test_counts_have_the_forms_of_the_language(lang: str, forms: int) -> None:
    counted = [message for message in messages(lang) if not isinstance(message.id, str)]
    assert counted
    assert {len(message.string) for message in counted} == {forms}


def test_arabic_counts_in_six_ways() -> None:
    try:
        assert language.use(translations.FOLDER, "ar")
        said = [language.tr_n("{n} clip", "{n} clips", n).format(n=n) for n in (0, 1, 2, 3, 11, 100)]
    finally:
        language.use(translations.FOLDER, "en")
    assert len(set(said)) == 6
    assert said[1:3] == ["مقطع واحد", "مقطعان"]
    assert said[4] == "11 مقطعًا"


# --- the code

MODULES = sorted((ROOT / "viewer").rglob("*.py"))

SHOWN = {
    *("setText", "setToolTip", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription"),
    *("setWindowTitle", "setStatusTip", "setTitle", "setInformativeText", "addAction", "addMenu", "addTab"),
    *("QLabel", "QPushButton", "QAction", "QCheckBox", "QRadioButton", "QGroupBox", "text_button"),
    *(
        "ViewerError",
        "ReadError",
        "SettingError",
        "MediaError",
        "describe",
        "show_info",
        "show_failure",
        "BannerButton",
    ),
}
"""What puts a text before the user's eyes or ears."""

SAME_IN_EVERY_LANGUAGE = re.compile(r"(Soundbite|yt-dlp|ffmpeg|YouTube|https?://\S*|[a-z]+(-[a-z]+)+)")
"""Names of programs and sites, addresses; names of our own with a hyphen (no language has those)."""


def _texts(node: ast.expr) -> Iterator[str]:
    """The literal texts of an argument that are not within a call of their own."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant):
                yield str(part.value)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from _texts(node.left)
        yield from _texts(node.right)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value)


def _is_words(text: str) -> bool:
    bare = SAME_IN_EVERY_LANGUAGE.sub("", re.sub(r"<[^>]*>|&\w+;", "", text))
    return re.search(r"[A-Za-z]{2}", bare) is not None


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def test_what_is_shown_goes_through_tr() -> None:
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or _name(node) not in SHOWN:
                continue
            shown = [*node.args, *(one.value for one in node.keywords if one.arg in ("message", "advice"))]
            if _name(node) == "MediaError":
                shown = [one.value for one in node.keywords if one.arg in ("message", "advice")]
            elif _name(node).endswith("Error"):
                shown = [*node.args[:2], *(one.value for one in node.keywords if one.arg != "detail")]
            if _name(node) == "text_button":
                shown = node.args[:1]
            if _name(node) == "addMenu" or _name(node) == "addAction":
                shown = node.args[:2]
            for argument in shown:
                if any(_is_words(text) for text in _texts(argument)):
                    where = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
                    found.append(f"{where} {ast.unparse(argument)}")
    assert found == []


def test_tr_is_given_literal_texts_only() -> None:
    """A text that is put together before tr() is in no catalogue; a text twice in tr() and tr_n() is in one of them."""
    found, plain, counted = [], set(), set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or _name(node) not in ("tr", "tr_n", "tr_noop"):
                continue
            if any(isinstance(argument, (ast.JoinedStr, ast.BinOp)) for argument in node.args):
                found.append(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if _name(node) == "tr_n":
                counted.update(texts)
            else:
                plain.update(texts)
    assert found == []
    # gettext looks a counted text up by its plural only.
    assert sorted(plain & counted) == []
