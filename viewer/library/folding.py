"""How words are made comparable: letter case and accents folded away, scripts without spaces cut into pairs.

SQLite's tokenizer sees a Chinese or Thai sentence as one word. So for the index and for queries, every run of such
letters is written as overlapping pairs and its last letter (``我是人`` -> ``我是 是人 人``): any substring of two or
more letters is then a phrase of pairs, one of one letter a prefix. It works with every FTS5, also those without
the trigram tokenizer (SQLite before 3.34), which besides cannot find fewer than three letters.
"""

from __future__ import annotations

import re
import unicodedata

# Thai, Lao, Tibetan, Myanmar, Khmer; kana; CJK ideographs with their extensions; Hangul; pictures as ``fold`` has them.
_UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uac00-\ud7a3\U00020000-\U0003ffff\U000ff000-\U000fffff"
)
UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
"""A run of letters of scripts that are written without spaces (Hangul is: its particles cling to words)."""

_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0640\u064b-\u065f\u0670]+")
"""Combining accents of Latin, Greek and Cyrillic; the optional vowel points of Hebrew and Arabic."""

_PICTURES = "\U0001f000-\U0001faff\u2600-\u27bf"
PICTURE = re.compile(f"[{_PICTURES}]")
"""Emoji and their kin."""

_ODD = re.compile(
    f"[{_PICTURES}\ufe0f\U0001f3fb-\U0001f3ff\u0142\u0111\u00f8\u00e6\u0153\u00f0\u0127\u0131\u0167"
    "\u0629\u0649\u06cc\u06a9\uff00-\uffef\ufb00-\ufb06\ufb50-\ufbff\ufe70-\ufefc]"
)
"""Letters that neither ``casefold`` nor taking accents off makes comparable."""

_LETTERS = {
    **dict(zip("łđøðħıŧ", "ldodhit", strict=True)),
    "æ": "ae",
    "œ": "oe",
    **dict(zip("ةىیک", "هييك", strict=True)),  # Arabic and Persian write some letters in two ways
    "\ufe0f": "",
    **{chr(tone): "" for tone in range(0x1F3FB, 0x1F400)},
}
"""No accent in Unicode's eyes, but in the eyes of who has no such key; no letter is left of a picture's variant."""

_FIRST_PICTURE = 0x1F000
_PICTURES_AS = 0xFF000
"""Pictures become private letters, since SQLite takes signs for gaps between words."""

TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
"""For FTS5. ``M*``: without it the vowel signs of Hindi, Tamil and others would cut words apart."""


def fold(text: str) -> str:
    """The text without letter case and accents (``Straße`` is ``strasse``); marks that make words stay."""
    if text.isascii():
        return text.lower()
    text = text.casefold()
    if _ODD.search(text) is not None:
        text = _ODD.sub(_usual, text)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def _usual(match: re.Match[str]) -> str:
    """What an odd letter is compared as: the plain letter, the one of usual width, or a picture's private letter."""
    letter = match[0]
    plain = _LETTERS.get(letter)
    if plain is not None:
        return plain
    if PICTURE.match(letter):
        number = ord(letter)
        return chr(
            _PICTURES_AS + (number - _FIRST_PICTURE if number >= _FIRST_PICTURE else number - 0x2600 + 0xC00)
        )
    return unicodedata.normalize("NFKD", letter)


def indexed(text: str) -> str:
    """The text as it is put into the full-text index: folded by us, since SQLite folds Latin letters only."""
    if text.isascii():
        return text
    return spaced(fold(text))


def spaced(text: str) -> str:
    """The text with every run of unspaced script written as pairs; the very same text when it has none."""
    if text.isascii() or UNSPACED_RUN.search(text) is None:
        return text
    return UNSPACED_RUN.sub(lambda match: f" {' '.join(pairs(match[0]))} ", text)


def pairs(run: str) -> list[str]:
    """Overlapping pairs of a run's letters, and its last letter."""
    return [run[place : place + 2] for place in range(len(run))]
