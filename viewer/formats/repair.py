"""Damaged text made whole: UTF-8 that was once read as Mac Roman or Windows-1252 and saved again.

An em dash then shows as ``‚Äî``, a magnifying glass as ``\uf8ffüîç``. Such sequences are exact: the letters for a UTF-8
lead byte and the right number of letters for continuation bytes. One of them proves little (a text about broken
text), so a whole document is judged: enough sequences, and hardly any sound letter beyond ASCII among them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from viewer.domain.note import Problem
from viewer.formats.problems import problem

_CODECS = ("mac_roman", "windows-1252")
_NAMES = {"mac_roman": "Mac Roman", "windows-1252": "Windows-1252"}
_EVIDENCE = 2_000_000
"""Letters in which the proof is looked for."""

_ENOUGH = 3.0
_CODE = re.compile(r"`[^`\n]*`")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_RUN = re.compile(r"[^\x00-\x7f]{2,}")
"""Where damage can be: every sequence is two letters or more beyond ASCII in a row."""


def _letter(byte: int, codec: str) -> str:
    """The letter of a byte. Windows leaves five bytes of its code page empty; programs read them as control letters."""
    try:
        return bytes([byte]).decode(codec)
    except UnicodeDecodeError:
        return chr(byte)


_LETTERS = {codec: [_letter(byte, codec) for byte in range(256)] for codec in _CODECS}
_BYTES = {codec: {letter: byte for byte, letter in enumerate(letters)} for codec, letters in _LETTERS.items()}

_PAIR_LEADS = (0xC2, 0xC3, 0xC4, 0xC5, 0xCE, 0xCF, 0xD0, 0xD1, 0xD7, 0xD8, 0xD9)
"""Lead bytes of pairs that are repaired: Latin, Greek, Cyrillic, Hebrew, Arabic. The others are curly quotation
marks in Mac Roman and capital letters in Windows-1252, which stand before such letters in sound text as well."""


def _escaped(letters: list[str], places: tuple[int, ...]) -> str:
    return "".join(re.escape(letters[place]) for place in places)


def _pattern(codec: str) -> re.Pattern[str]:
    letters = _LETTERS[codec]

    def any_of(first: int, last: int) -> str:
        return "[" + "".join(re.escape(letter) for letter in letters[first : last + 1]) + "]"

    tail = any_of(0x80, 0xBF)
    return re.compile(
        f"{any_of(0xF0, 0xF4)}{tail}{{3}}|{any_of(0xE1, 0xEF)}{tail}{{2}}|{letters[0xE0]}{any_of(0xA0, 0xBF)}{tail}"
        f"|[{_escaped(letters, _PAIR_LEADS)}]{tail}"
    )


_APPLE = "\uf8ff"
_MAC_TAIL = "[" + re.escape(bytes(range(0x80, 0xC0)).decode("mac_roman")) + "]"
_HEADLESS = re.compile(rf"(?<![{_APPLE}\w])ü{_MAC_TAIL}{{2}}")

_PATTERNS = {codec: _pattern(codec) for codec in _CODECS}


def _sound(match: re.Match[str], codec: str) -> str | None:
    """What a sequence once was; None when that is no letter anybody writes."""
    try:
        text = bytes(_BYTES[codec][letter] for letter in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return None
    if text == _APPLE:
        return text
    return None if unicodedata.category(text) in ("Cn", "Cc", "Co", "Cs") else text


@dataclass(frozen=True, slots=True)
class _Proof:
    score: float
    sequences: int
    others: int

    @property
    def holds(self) -> bool:
        return self.score >= _ENOUGH and self.sequences >= 2 * self.others


def _proof(text: str, codec: str) -> _Proof:
    """Weigh the evidence: long sequences weigh more, code (where damage may be quoted on purpose) does not count."""
    sample = _CODE.sub(" ", text[:_EVIDENCE])
    score, sequences, covered = 0.0, 0, []
    light = _LETTERS[codec][0xC2:0xC4]
    for match in _PATTERNS[codec].finditer(sample):
        if _sound(match, codec) is None:
            continue
        sequences += 1
        score += {4: 3.0, 3: 1.5}.get(len(match[0])) or (0.5 if match[0][0] in light else 0.25)
        covered.append(match.span())
    left = _without(sample, covered) if covered else sample
    others = sum(1 for _ in _BEYOND_ASCII.finditer(left)) if covered else 0
    return _Proof(score, sequences, others)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    pieces, place = [], 0
    for begin, end in spans:
        pieces.append(text[place:begin])
        place = end
    pieces.append(text[place:])
    return " ".join(pieces)


def repair(text: str) -> tuple[str, Problem | None]:
    """The text made whole and the problem that says so; the same text and None when nothing is proven damaged."""
    if text.isascii():
        return text, None
    runs = " ".join(_RUN.findall(text))
    if not any(pattern.search(runs) for pattern in _PATTERNS.values()):
        return text, None  # most texts: their few letters beyond ASCII are looked at, not all letters
    repaired, first, used = text, -1, ""
    for _ in range(3):  # some text has been through it twice
        codec = next((name for name in _CODECS if _proof(repaired, name).holds), None)
        if codec is None:
            break
        sequence = _first_damage(repaired, codec)
        better = _mended(repaired, codec)
        if better == repaired:
            break
        from ftfy.badness import badness  # here: it takes 50 ms to load, and few notes are damaged

        if badness(better[:20_000]) > badness(repaired[:20_000]):
            break
        if first < 0:
            first, used = sequence, codec
        repaired = better
    if first < 0:
        return text, None
    line = text.count("\n", 0, first) + 1
    message = f"The text was damaged (UTF-8 read as {_NAMES[used]}); it is shown repaired, the file was not touched."
    return repaired, problem("text-repaired", line, message)


def _mended(text: str, codec: str) -> str:
    if codec == "mac_roman":
        # The lead of every picture is Apple's private letter, which some programs drop: "üîç" alone.
        text = _HEADLESS.sub(rf"{_APPLE}\g<0>", text)
    return _PATTERNS[codec].sub(lambda match: _sound(match, codec) or match[0], text)


def _first_damage(text: str, codec: str) -> int:
    for match in _PATTERNS[codec].finditer(text):
        if _sound(match, codec) is not None:
            return match.start()
    return 0
