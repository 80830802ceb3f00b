"""What the user types into the search field, understood. Every text is a query; none is an error.

    event horizon          both words, in any order, accents and case aside; the last one may be unfinished
    "event horizon"        the phrase
    horiz*                 words that begin so; all of them are taken so where nothing is found otherwise
    event OR horizon       either word (also |); AND is understood, NOT is the same as a minus
    -singularity           not that word (also -"a phrase", -tag:robots)
    speaker:altman channel:"turing post" tag:robots
    speaker:"=sam"         nobody but Sam, not Sam Altman; so for channel and tag
    speaker:altman|brin    either of them; so for channel, tag and kind
    kind:quote             also highlight, transcript, mention, point, chapter, title, summary, section, mark
    before:2025 after:2024-06 after:2024-06-16
    has:clip               also transcript, highlight, quote, mention, video

``after:`` includes the day, month or year it names, ``before:`` does not. A filter whose value means nothing is
searched as the words that it is made of, so that nothing else than asked for is found.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from viewer.library.folding import PICTURE, UNSPACED_RUN, fold, pairs
from viewer.library.passages import KIND_NAMES

FILTERS = ("speaker", "channel", "tag", "kind", "has", "before", "after")
"""The names of the filters."""

_PART = re.compile(
    r'(?P<minus>-?)(?:(?P<name>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)(?P<close>"?)|(?P<word>[^\s"]+))'
)
_LOOSE = re.compile(rf"(?<![^\s-])({'|'.join(FILTERS)})[:\uff1a](?:\s+(?=[^\s-]))?", re.IGNORECASE)
"""A filter's name with the space that some put before the value, or another keyboard's colon."""

_BETWEEN = frozenset({"OR", "|", "AND", "NOT"})
"""Words in capitals that say how the next one belongs to those before."""

_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\xab\xbb\uff02", '"'))
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?\Z")
_HALF_DATE = re.compile(r"[\d./-]*\Z")
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)\Z")
_HALF_DATE = re.compile(r"[\d./-]*\Z")
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)\Z")
_ASCII_TOKEN = re.compile(r"[A-Za-z0-9]+")
_USUAL_TOKEN = re.compile(r"[^\W_]+")
"""What ``str.isalnum`` takes: all of a word's letters but marks and private ones."""

KINDS = {name: number for number, name in enumerate(KIND_NAMES)} | {
    "key_point": KIND_NAMES.index("point"),
    "note": 0,
}
"""The kinds of passages by the names that a query may give them."""

HAS = frozenset({"clip", "transcript", "highlight", "quote", "mention", "video"})
"""What a note or passage may be asked to have."""

_MOST_TERMS = 24
_LONGEST = 400
_SHORTEST_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow each other, folded. ``prefix``: the last one may go on.

    ``spaced`` are the tokens as the index has them (runs of unspaced script as pairs); ``plain`` as they are read.
    ``either``: this or the term before it.
    """

    plain: tuple[str, ...]
    spaced: tuple[str, ...]
    prefix: bool = False
    exclude: bool = False
    either: bool = False

    @property
    def match(self) -> str:
        """The term in FTS5's language. Tokens hold no quotes, so nothing can break out."""
        return f'"{" ".join(self.spaced)}"{"*" if self.prefix else ""}'


@dataclass(frozen=True, slots=True)
class Query:
    """An understood query. Filters are folded texts, with ``|`` between alternatives (:func:`any_of`);
    ``before``/``after`` are ISO dates, possibly shortened."""

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
        """The terms that must occur, or one of which must: see ``choices``."""
        return tuple(term for term in self.terms if not term.exclude)

    @property
    def choices(self) -> tuple[tuple[Term, ...], ...]:
        """Of each of these one term must occur."""
        groups: list[list[Term]] = []
        for term in self.wanted:
            if term.either and groups:
                groups[-1].append(term)
            else:
                groups.append([term])
        return tuple(map(tuple, groups))

    @property
    def excluded(self) -> tuple[Term, ...]:
        """The terms that must not occur."""
        return tuple(term for term in self.terms if term.exclude)

    def loosened(self) -> Query:
        """The query with every wanted word of three letters and more as the beginning of one; phrases stay."""
        return replace(self, terms=tuple(map(_loosened, self.terms)))

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


def _loosened(term: Term) -> Term:
    word = term.spaced[0]
    if term.exclude or len(term.plain) > 1 or term.plain != term.spaced or len(word) < _SHORTEST_BEGINNING:
        return term
    return replace(term, prefix=True)


def parse_query(text: str) -> Query:
    """Understand what was typed. Never raises."""
    text = unicodedata.normalize("NFC", text[:_LONGEST].replace("\0", " ")).translate(_QUOTES)
    text = _LOOSE.sub(r"\1:", text)
    typing = bool(text) and not text[-1].isspace()
    asked = _Asked()
    for match in _PART.finditer(text):
        is_phrase = match["phrase"] is not None
        value = match["phrase"] if is_phrase else match["word"]
        unfinished = typing and match.end() == len(text) and match["close"] != '"'
        exclude = match["minus"] == "-"
        name = (match["name"] or "").lower()
        if match[0] in _BETWEEN and text[: match.start()].strip():
            asked.between = match[0]
            continue
        if not name and not is_phrase and value.removesuffix(":").lower() in FILTERS and value[-1:] == ":":
            continue  # the value is still to be typed
        if name in FILTERS and asked.filter(name, value, exclude, unfinished):
            continue
        if name:
            value = f"{match['name']}:{value}"
        asked.words(value, is_phrase, exclude, unfinished)
    return asked.query()


class _Asked:
    """What a query asks for, gathered part by part."""

    def __init__(self) -> None:
        self.between = ""
        """one of _BETWEEN that the next words follow"""
        self._terms: dict[Term, None] = {}
        self._texts: dict[str, list[str]] = {}
        self._kinds: dict[bool, set[int]] = {False: set(), True: set()}
        self._has: dict[bool, set[str]] = {False: set(), True: set()}
        self._before: list[str] = []
        self._after: list[str] = []

    def words(self, value: str, is_phrase: bool, exclude: bool, unfinished: bool) -> None:
        """Words that must or must not occur."""
        between, self.between = self.between, ""
        exclude = exclude or between == "NOT"
        either = between in ("OR", "|") and not exclude
        for term in _terms(value, is_phrase, exclude, unfinished):
            if len(self._terms) < _MOST_TERMS:
                self._terms[replace(term, either=either)] = None

    def filter(self, name: str, value: str, exclude: bool, unfinished: bool) -> bool:
        """Take a filter; False when its value means nothing, and more letters would not help."""
        between, self.between = self.between, ""
        exclude = exclude or between == "NOT"
        if name in ("speaker", "channel", "tag"):
            text = "|".join(part for item in value.split("|") if (part := fold(item).strip(" #\t")))
            if text:
                self._texts.setdefault(("not_" if exclude else "") + name + "s", []).append(text)
            return True
        if name == "kind":
            found = {kind for item in re.split("[|,]", value) for kind in _kinds(item, unfinished)}
            self._kinds[exclude] |= found
            return bool(found) or not value.strip()
        if name == "has":
            things = {item for item in HAS if value.lower().strip() in (item, item + "s")}
            self._has[exclude] |= things
            return bool(things) or (unfinished and any(item.startswith(value.lower()) for item in HAS))
        date = _date(value)
        if date:
            (self._before if (name == "before") is not exclude else self._after).append(date)
        return date is not None or (unfinished and _HALF_DATE.match(value) is not None)

    def query(self) -> Query:
        """All of it."""
        return Query(
            tuple(self._terms),
            **{key: tuple(values) for key, values in self._texts.items()},
            kinds=frozenset(self._kinds[False]),
            not_kinds=frozenset(self._kinds[True]),
            has=frozenset(self._has[False]),
            not_has=frozenset(self._has[True]),
            before=min(self._before, default=None),
            after=max(self._after, default=None),
        )


def any_of(wanted: str, text: str) -> bool:
    """Whether one of a filter's alternatives (``altman|brin``) is in a folded text, or is that text (``=sam``)."""
    return any(part[1:] == text if part.startswith("=") else part in text for part in wanted.split("|"))


def _kinds(value: str, unfinished: bool) -> set[int]:
    value = value.lower().strip()
    if not value:
        return set()
    exact = {number for name, number in KINDS.items() if value in (name, name + "s")}
    return exact or (
        {number for name, number in KINDS.items() if name.startswith(value)} if unfinished else set()
    )


def _date(value: str) -> str | None:
    value = value.strip().replace("/", "-").replace(".", "-")
    match = _DATE.match(value) or _DAY.match(value)
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
    """Whether the index takes the letter as part of a word (letters, numbers, marks, private use, pictures)."""
    if not letter:
        return False
    category = unicodedata.category(letter)
    return category[0] in "LNM" or category == "Co" or PICTURE.match(letter) is not None


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
