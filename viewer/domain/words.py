"""Words as they are compared: case, punctuation, accents, hyphens and the writing of numbers do not matter.

A *key* is what two spellings of one word have in common. Every key knows the characters it was read from, so
that what was compared can be shown. Languages that write no spaces are compared letter by letter.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache

from viewer.domain.numerals import CURRENCIES, STARTERS, goes_on_alone, read_number, written_number

# Marks that Python's \w leaves out though they are part of a word: accents, Hebrew and Arabic points, the vowel
# signs of the Indic scripts, joiners, direction marks and the soft hyphen.
_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a03\u0a3c-\u0a51\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    "\u0b82\u0bbe-\u0bd7\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0d57"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200c-\u200f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
# Scripts without spaces between words: Thai, Lao, Myanmar, Khmer, kana, Han. Each letter with its marks is a word.
_EACH = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u1000-\u102a\u103f\u1050-\u1055"
    "\u1780-\u17b3\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_EACH_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u1056-\u1059\u17b4-\u17d3"
    "\u3099\u309a"
)
_APOSTROPHES = "'’‘ʼ＇`"
_SOUND = (
    r"\[(?:__+|music|musik|música|musique|applause|laughter|laughs|laughing|laugh|cheering|sic|inaudible|"
    r"crosstalk|silence|noise|foreign|clears throat|sighs|pause|beep|bleep)\]"
)
_SIGN = "[" + re.escape("".join(CURRENCIES)) + "%&]"

# A sentence's end (a capital follows, or the row ends), or a comma: a number seldom goes on behind them.
_STOP = r"""(?P<stop>[.!?;:…。！？]+["”’)\]]*(?:\s+(?-i:(?=[^\W\d_a-z]))|\s*$)|,(?=\s))"""


@lru_cache(maxsize=2)  # compiled when first wanted: it takes 15 ms that a start need not wait for
def _pattern(letter: str, marks: str) -> re.Pattern[str]:
    rest = f"[{marks}]*" if marks else ""
    word = f"(?:{letter}{rest})+"
    return re.compile(
        rf"(?P<sound>{_SOUND})"
        # "[W]e": a capital that the quoting hand has changed.
        rf"|(?P<word>\[[^\W\d_]\]{word}|\d+(?:[.,]\d+)+(?:{letter})*|{word}(?:[{_APOSTROPHES}]{word})*)"
        rf"|(?P<each>[{_EACH}][{_EACH_MARKS}{_MARKS}]*)|(?P<sign>{_SIGN})|{_STOP}",
        re.IGNORECASE,
    )


_ASCII = re.compile(
    rf"(?P<sound>{_SOUND})|(?P<word>\[[a-z]\][a-z]+|\d+(?:[.,]\d+)+[a-z0-9]*|[a-z0-9]+(?:['`][a-z0-9]+)*)"
    rf"|(?P<sign>[$%&])|{_STOP}",
    re.IGNORECASE,
)
_SPACED_LETTER = r"[^\W_]"
_UNSPACED_LETTER = rf"(?![{_EACH}])[^\W_]"
_HAS_EACH = re.compile(f"[{_EACH}]")

# Marks that writers may leave out: accents, Hebrew points, Arabic vowels and hamzas, tatweel, invisible signs.
_OPTIONAL = re.compile(
    "[\u00ad\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c-\u200f\ufe00-\ufe0f]"
)
_NO_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")

_IS_WORDS = "it that what he she there here who where how when why this everybody everyone"
_IS = frozenset(_IS_WORDS.split())
_ENDINGS = {"re": "are", "ve": "have", "ll": "will", "m": "am", "d": "would"}
_WHOLE: dict[str, tuple[str, str, int]] = {
    "can't": ("can", "not", 3),
    "cannot": ("can", "not", 3),
    "won't": ("will", "not", 2),
    "shan't": ("shall", "not", 3),
    "let's": ("let", "us", 3),
    "gonna": ("going", "to", 3),
    "wanna": ("want", "to", 3),
    "gotta": ("got", "to", 3),
}
_SAME = {
    "%": "percent",
    "&": "and",
    "okay": "ok",
    "dollar": "dollars",
    "euro": "euros",
    "pound": "pounds",
    "alright": "allright",
}

Part = tuple[str, int, int]
"""One key of a written word and the characters of the word that stand for it."""


@dataclass(slots=True)
class Tokens:
    """Words to compare, as columns: key, and the characters (row of the text, offset) from which it was read."""

    keys: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    end_rows: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    stops: dict[int, str] = field(default_factory=dict)
    """The punctuation before these words: a sentence's end, or a comma."""

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, key: str, row: int, start: int, end_row: int, end: int) -> None:
        """Append one word."""
        self.keys.append(key)
        self.rows.append(row)
        self.starts.append(start)
        self.end_rows.append(end_row)
        self.ends.append(end)


def fold(text: str) -> str:
    """What the spellings of ``text`` have in common: NFKC, case folded, without the marks that may be left out."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _OPTIONAL.sub("", folded))


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in text)


@lru_cache(maxsize=1 << 12)
def word_parts(raw: str) -> tuple[Part, ...]:
    """The keys of one written word: usually one; ``don't`` is ``do`` and ``not``."""
    word = _NO_APOSTROPHE.sub("'", fold(raw)).replace("[", "").replace("]", "")
    if not word.strip("'"):
        return ()
    size = len(raw)
    if word[0].isdigit():
        word = word if word.isascii() else _digits(word)
        return ((written_number(word) or word.replace(",", "").replace("'", ""), 0, size),)
    if word in _WHOLE:
        first, second, cut = _WHOLE[word]
        return (first, 0, cut), (second, cut, size)
    if "'" in word:
        base, _, ending = word.rpartition("'")
        if ending == "t" and base.endswith("n") and len(base) > 1:
            return (base[:-1], 0, len(base) - 1), ("not", len(base) - 1, size)
        if ending in _ENDINGS or (ending == "s" and base in _IS):
            return (base.replace("'", ""), 0, len(base)), (_ENDINGS.get(ending, "is"), len(base), size)
        word = word.replace("'", "")
    return ((_SAME.get(word, word), 0, size),)


def add_words(tokens: Tokens, text: str, row: int = 0) -> None:
    """Append the words of ``text`` as they stand; numbers are not joined yet (:func:`join_numbers`)."""
    if text.isascii():
        pattern = _ASCII
    else:
        pattern = _pattern(_UNSPACED_LETTER if _HAS_EACH.search(text) else _SPACED_LETTER, _MARKS)
    keys, rows, starts = tokens.keys, tokens.rows, tokens.starts
    end_rows, ends = tokens.end_rows, tokens.ends
    for match in pattern.finditer(text):
        kind = match.lastgroup
        if kind == "sound":
            continue
        if kind == "stop":
            tokens.stops[len(keys)] = match[0]
            continue
        start = match.start()
        raw = match[0]
        if kind == "sign":
            tokens.add(_SAME.get(raw, raw), row, start, row, match.end())
            continue
        for key, first, last in word_parts(raw):
            keys.append(key)
            rows.append(row)
            starts.append(start + first)
            end_rows.append(row)
            ends.append(start + last)


def join_numbers(tokens: Tokens) -> Tokens:
    """The same words with every number as one key, its currency behind it: ``$6.5 billion`` -> 6500000000, dollars."""
    keys = tokens.keys
    result = Tokens()
    at, done = 0, 0
    for at, key in enumerate(keys):
        if at < done or not (key in STARTERS or key[0].isdigit()):
            continue
        currency = CURRENCIES.get(key)
        first = at + 1 if currency else at
        number = _number(tokens, first)
        if number is None and not currency:
            continue
        _copy(tokens, result, done, at)
        done = first
        if number is not None:
            name, done = number
            last = done - 1
            result.add(
                name, tokens.rows[first], tokens.starts[first], tokens.end_rows[last], tokens.ends[last]
            )
        if currency:
            result.add(currency, tokens.rows[at], tokens.starts[at], tokens.end_rows[at], tokens.ends[at])
    _copy(tokens, result, done, len(keys))
    return result


def _number(tokens: Tokens, at: int) -> tuple[str, int] | None:
    """The number that begins at this word, as :func:`read_number`, but none that runs over a sentence's end."""
    keys = tokens.keys
    if at >= len(keys):
        return None
    number = read_number(keys, at)
    if number is None:
        return None
    for stop in range(at + 1, number[1]):
        mark = tokens.stops.get(stop)
        if mark is None or not goes_on_alone(keys, stop, mark == ","):
            continue
        number = read_number(keys[at:stop], 0)
        return (number[0], at + number[1]) if number else None
    return number


def _copy(source: Tokens, target: Tokens, first: int, last: int) -> None:
    target.keys += source.keys[first:last]
    target.rows += source.rows[first:last]
    target.starts += source.starts[first:last]
    target.end_rows += source.end_rows[first:last]
    target.ends += source.ends[first:last]


_ELLIPSIS = re.compile(r"\[\s*(?:\.\s?\.\s?\.+|…)\s*\]|\(\s*(?:\.\s?\.\s?\.+|…)\s*\)|\.\s?\.\s?\.+|…")
_BRACKETS = re.compile(r"\[([^\[\]\n]{1,80})\]")


@dataclass(frozen=True, slots=True)
class QuoteWords:
    """A quote's words; ``breaks`` are the words before which it marks an omission; ``inserted`` stand in brackets."""

    text: str
    tokens: Tokens
    breaks: frozenset[int]
    inserted: frozenset[int]


def quote_words(text: str) -> QuoteWords:
    """Read a quote. ``...``, ``…``, ``[...]`` mark an omission; ``[AI]`` is a word of the quoting hand."""
    raw = Tokens()
    add_words(raw, text)
    tokens = join_numbers(raw)
    size = len(tokens)
    # A currency sign stands before its number but is read after it: the order of starts is nearly sorted.
    starts = sorted(tokens.starts)
    breaks = frozenset(bisect_left(starts, match.start()) for match in _ELLIPSIS.finditer(text))
    inserted = frozenset(
        at
        for match in _BRACKETS.finditer(text)
        for at in range(size)
        if match.start() < tokens.starts[at] < match.end()
    )
    return QuoteWords(text, tokens, breaks - {0, size}, inserted)


def is_unspaced(key: str) -> bool:
    """Whether this key is one letter of a language that writes no spaces."""
    return not key.isascii() and _HAS_EACH.match(key) is not None


def script_of(key: str) -> str:
    """The script of a key's first letter, coarsely: ``LATIN``, ``CYRILLIC``, ``HEBREW``, ...; empty for none."""
    for letter in key:
        if letter.isalpha():
            return "LATIN" if letter.isascii() else unicodedata.name(letter, "").split(" ", 1)[0]
    return ""
