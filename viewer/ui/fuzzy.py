"""How well a few typed letters fit a text: in order, not necessarily together, best at the beginnings of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_START = 12
_TOGETHER = 8
_WHOLE = 24
_FAR = 0.4

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match:
    """How well it fits (more is better), and the places of the letters that were found."""

    score: float
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked(Generic[T]):
    """Something that fits, and how."""

    item: T
    match: Match


def match(wanted: str, text: str) -> Match | None:
    """How ``wanted`` fits ``text``, letter case ignored; None when it does not. Every word of it must fit, in any order."""
    places: set[int] = set()
    score = 0.0
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when they are lowered: the places would be wrong
        lowered = text
    for word in wanted.lower().split():
        found = _word(word, lowered)
        if found is None:
            return None
        score += found.score
        places.update(found.places)
    return Match(score - len(text) * 0.02, tuple(sorted(places)))


def _word(word: str, text: str) -> Match | None:
    best: Match | None = None
    at = text.find(word)
    while at >= 0:
        starts = at == 0 or not text[at - 1].isalnum()
        score = _WHOLE + len(word) * _TOGETHER + (_START * 2 if starts else 0) - at * _FAR * 0.1
        if best is None or score > best.score:
            best = Match(score, tuple(range(at, at + len(word))))
        if starts:
            break
        at = text.find(word, at + 1)
    return best or _scattered(word, text)


def _scattered(word: str, text: str) -> Match | None:
    """The letters one after the other; the beginning of a word is taken before a letter within one."""
    places: list[int] = []
    score = 0.0
    at = 0
    for number, letter in enumerate(word):
        place = text.find(letter, at)
        if place < 0:
            return None
        rest = word[number:]
        start = place
        while start >= 0 and start > 0 and text[start - 1].isalnum() and start != at:
            start = text.find(letter, start + 1)
        # Only when what is left still fits behind it.
        if start > place and _fits(rest[1:], text, start + 1):
            place = start
        if place == 0 or not text[place - 1].isalnum():
            score += _START
        if places and place == places[-1] + 1:
            score += _TOGETHER
        elif places:
            score -= min(10, place - places[-1]) * _FAR
        places.append(place)
        at = place + 1
    if len(word) > 2 and places[-1] - places[0] > len(word) * 8:
        return None  # so far apart it is chance
    return Match(score, tuple(places))


def _fits(word: str, text: str, at: int) -> bool:
    for letter in word:
        at = text.find(letter, at) + 1
        if not at:
            return False
    return True


def ranked(
    wanted: str, items: Iterable[T], text_of: Callable[[T], str], most: int = 200
) -> Sequence[Ranked[T]]:
    """What fits, the best first; equals stay in their order. Everything, in its order, for nothing wanted."""
    if not wanted.strip():
        return [Ranked(item, Match(0)) for item in items][:most]
    found = [Ranked(item, fit) for item in items if (fit := match(wanted, text_of(item))) is not None]
    found.sort(key=lambda one: -one.match.score)
    return found[:most]
