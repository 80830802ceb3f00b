"""What the user types into the search field, understood. Every text is a query; none is an error.

    event horizon          both words, in any order, accents and case aside; the last one may be unfinished
    "event horizon"        the phrase
    horiz*                 words that begin so
    -singularity           not that word (also -"a phrase", -tag:robots)
    speaker:altman channel:"turing post" tag:robots
    kind:quote             also highlight, transcript, mention, point, chapter, title, summary, section, mark
    before:2025 after:2024-06 after:2024-06-16
    has:clip               also transcript, highlight, video

``after:`` includes the day, month or year it names, ``before:`` does not.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from viewer.library.folding import UNSPACED_RUN, fold, pairs
from viewer.library.passages import KIND_NAMES

_PART = re.compile(
    r'(?P<minus>-?)(?:(?P<name>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)(?P<close>"?)|(?P<word>[^\s"]+))'
)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?\Z")
_ASCII_TOKEN = re.compile(r"[A-Za-z0-9]+")
_USUAL_TOKEN = re.compile(r"[^\W_]+")
"""What ``str.isalnum`` takes: all of a word's letters but marks and private ones."""

_KINDS = {name: number for number, name in enumerate(KIND_NAMES)} | {
    "key_point": KIND_NAMES.index("point"),
    "note": 0,
}
_HAS = frozenset({"clip", "transcript", "highlight", "video"})
_MOST_TERMS = 24
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow each other, folded. ``prefix``: the last one may go on.

    ``spaced`` are the tokens as the index has them (runs of unspaced script as pairs); ``plain`` as they are read.
    """

    plain: tuple[str, ...]
    spaced: tuple[str, ...]
    prefix: bool = False
    exclude: bool = False

    @property
    def match(self) -> str:
        """The term in FTS5's language. Tokens hold no quotes, so nothing can break out."""
        return f'"{" ".join(self.spaced)}"{"*" if self.prefix else ""}'


@dataclass(frozen=True, slots=True)
class Query:
    """An understood query. Filters are folded texts; ``before``/``after`` ISO dates, possibly shortened."""

    terms: tuple[Term, ...] = ()
    speakers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    not_speakers: tuple[str, ...] = ()
    not_channels: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    kinds: frozenset[int] = frozenset()
    not_kinds: frozenset[int] = frozenset()
    before: str | None = None
    after: str | None = None
    has: frozenset[str] = frozenset()
    not_has: frozenset[str] = frozenset()

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that must occur."""
        return tuple(term for term in self.terms if not term.exclude)

    @property
    def excluded(self) -> tuple[Term, ...]:
        """The terms that must not occur."""
        return tuple(term for term in self.terms if term.exclude)

    @property
    def empty(self) -> bool:
        """Whether nothing is asked."""
        return self == Query()

    @property
    def filters_notes(self) -> bool:
        """Whether whole notes are left out by something else than words."""
        return bool(
            self.channels
            or self.tags
            or self.not_channels
            or self.not_tags
            or self.before
            or self.after
            or self.speakers
            or (self.has | self.not_has) - {"clip"}
        )


def parse_query(text: str) -> Query:
    """Understand what was typed. Never raises."""
    text = unicodedata.normalize("NFC", text[:_LONGEST].replace("\0", " "))
    text = text.replace("“", '"').replace("”", '"').replace("„", '"')
    typing = bool(text) and not text[-1].isspace()
    terms: list[Term] = []
    found: dict[str, list[str]] = {}
    kinds: dict[bool, set[int]] = {False: set(), True: set()}
    has: dict[bool, set[str]] = {False: set(), True: set()}
    dates: dict[str, str] = {}
    for match in _PART.finditer(text):
        exclude = match["minus"] == "-"
        name = (match["name"] or "").lower()
        is_phrase = match["phrase"] is not None
        value = match["phrase"] if is_phrase else match["word"]
        unfinished = typing and match.end() == len(text) and match["close"] != '"'
        if name in ("speaker", "channel", "tag"):
            if fold(value).strip():
                found.setdefault(("not_" if exclude else "") + name + "s", []).append(fold(value).strip())
            continue
        if name == "kind":
            kinds[exclude] |= _kinds(value, unfinished)
            continue
        if name == "has":
            has[exclude] |= {item for item in _HAS if item == value.lower() or item + "s" == value.lower()}
            continue
        if name in ("before", "after"):
            date = _date(value)
            if date:
                dates[name] = date
            continue
        if name:
            value = f"{match['name']}:{value}"
        if len(terms) < _MOST_TERMS:
            terms += _terms(value, is_phrase, exclude, unfinished)
    return Query(
        tuple(terms),
        **{key: tuple(values) for key, values in found.items()},
        kinds=frozenset(kinds[False]),
        not_kinds=frozenset(kinds[True]),
        has=frozenset(has[False]),
        not_has=frozenset(has[True]),
        before=dates.get("before"),
        after=dates.get("after"),
    )


def _kinds(value: str, unfinished: bool) -> set[int]:
    value = value.lower().strip()
    if not value:
        return set()
    exact = {number for name, number in _KINDS.items() if value in (name, name + "s")}
    return exact or (
        {number for name, number in _KINDS.items() if name.startswith(value)} if unfinished else set()
    )


def _date(value: str) -> str | None:
    match = _DATE.match(value.strip().replace("/", "-"))
    if match is None:
        return None
    return "-".join(part.zfill(2) for part in match.groups() if part)


def _terms(value: str, is_phrase: bool, exclude: bool, unfinished: bool) -> list[Term]:
    """The terms in one word or phrase as typed. A word like ``co-pilot`` is a phrase; one of signs only is none."""
    prefix = unfinished or (not is_phrase and value.endswith("*"))
    # "foo." just typed: the word is over.
    if prefix and not is_phrase and not value.endswith("*") and not is_token_letter(value[-1:]):
        prefix = False
    plain = tuple(folded for word in tokens(value) if (folded := fold(word)))
    if not plain:
        return []
    cut: list[str] = []
    for number, word in enumerate(plain):
        last = number == len(plain) - 1
        runs = _runs(word)
        for place, (run, unspaced) in enumerate(runs):
            if not unspaced:
                cut.append(run)
            elif not last or place < len(runs) - 1:
                cut += pairs(run)
            elif len(run) > 1:
                cut += pairs(run)[:-1]
                prefix = False
            else:
                cut.append(run)
                prefix = True
    return [Term(plain, tuple(cut), prefix, exclude)]


def _runs(word: str) -> list[tuple[str, bool]]:
    """A word cut where the script changes between spaced and unspaced: (letters, unspaced)."""
    runs = []
    place = 0
    for match in UNSPACED_RUN.finditer(word):
        if match.start() > place:
            runs.append((word[place : match.start()], False))
        runs.append((match[0], True))
        place = match.end()
    if place < len(word):
        runs.append((word[place:], False))
    return runs


def is_token_letter(letter: str) -> bool:
    """Whether the index takes the letter as part of a word (letters, numbers, marks, private use)."""
    if not letter:
        return False
    category = unicodedata.category(letter)
    return category[0] in "LNM" or category == "Co"


def tokens(text: str) -> list[str]:
    """The words of a text as the index sees them, not folded."""
    return [text[start:end] for start, end in token_ranges(text)]


def token_ranges(text: str) -> list[tuple[int, int]]:
    """Where the words of a text are: (start, end) of each."""
    if text.isascii():
        return [match.span() for match in _ASCII_TOKEN.finditer(text)]
    between = set(_USUAL_TOKEN.sub("", text))
    if not any(letter > "\x7f" and is_token_letter(letter) for letter in between):
        return [match.span() for match in _USUAL_TOKEN.finditer(text)]
    ranges = []
    start = -1
    for place, letter in enumerate(text):
        if letter.isalnum() or is_token_letter(letter):
            if start < 0:
                start = place
        elif start >= 0:
            ranges.append((start, place))
            start = -1
    if start >= 0:
        ranges.append((start, len(text)))
    return ranges
