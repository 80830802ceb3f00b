"""The translations are set as their languages are set: quotation marks, spaces, question marks, full stops."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packaging"))

pytest.importorskip("babel")
import translations

NOT_WORDS = re.compile(
    r"\{[^}]*\}|\w+://[\w.:/]*\w|\w+://|\"yt-dlp\[default,deno\]\"|soundbite:VIDEO\?t=[\d-]+"
)
"""Placeholders, addresses and commands: they have no language."""

ENDS = {".": ".。", "?": "?؟？"}


def texts(lang: str) -> Iterator[tuple[str, str]]:
    """(original, translation without what has no language), every form of it."""
    for message in translations.read(lang):
        if message.id and translations.is_complete(message):
            original = message.id if isinstance(message.id, str) else message.id[-1]
            forms = (message.string,) if isinstance(message.string, str) else message.string
            for form in forms:
                yield original, NOT_WORDS.sub("x", form)


FAULTS = {
    "de": r"[«»”]|\"|^[^„]*“",
    "es": r"[“”]|\"|\s[?!]|\s[:;,.](?:\s|$)",
    "fr": r"[“”]|\"|[^\u00a0][;?!»]|«[^\u00a0]|[^\u00a0\d]:(?:\s|$)",
    "ja": r"[“”\"«»?!;,]|[ぁ-んァ-ヶ一-龠]\.",
    "ar": r"[“”\"?;,]",
}


@pytest.mark.parametrize("lang", translations.LANGUAGES)
def test_signs_are_those_of_the_language(lang: str) -> None:
    fault = re.compile(FAULTS[lang])
    assert [text for _, text in texts(lang) if fault.search(text)] == []


def test_spanish_questions_are_opened_as_they_are_closed() -> None:
    assert [text for _, text in texts("es") if text.count("?") != text.count("¿")] == []


@pytest.mark.parametrize("lang", translations.LANGUAGES)
def test_no_translation_has_signs_that_typewriters_had(lang: str) -> None:
    assert [text for _, text in texts(lang) if "..." in text or "'" in text or "&" in text] == []


@pytest.mark.parametrize("lang", translations.LANGUAGES)
def test_a_sentence_ends_as_the_original_does(lang: str) -> None:
    wrong = []
    for original, text in texts(lang):
        end = original.rstrip()[-1:]
        bare = text.rstrip("\u200f\u200e ")
        # A Japanese guess at what was meant is no question.
        if end in ENDS and bare and bare[-1] not in ENDS[end] and not (lang == "ja" and end == "?"):
            wrong.append(text)
    assert wrong == []
