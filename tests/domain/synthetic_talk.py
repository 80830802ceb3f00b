"""A talk of an hour that nobody gave, and quotes from it of which the truth is known."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from viewer.domain.transcript import Cue, Transcript

_COMMON = (
    "the and to of a that I in is it you we this for be have on with as are they not but what at so can from or "
    "was there all about will if think just like an do more their one our very really how people when who which "
    "would by your know has because then going now been than some were out up could into these get make no time "
    "them also only other over where any see way much even most first after well here need those us why say two "
    "want actually back through right things something being his her every many did had may same should new year"
)
COMMON = _COMMON.split()
_PHRASES = (
    "I think that|you know|one of the things|a lot of|at the end of the day|in the world|going to be|"
    "it turns out that|we are going to|and so on|if you look at|the fact that|in terms of|as well as|"
    "kind of|the way that|we have to|I would say|some of the|this is the"
)
PHRASES = [phrase.split() for phrase in _PHRASES.split("|")]
NUMBERS = [
    ("six", "6"),
    ("twenty five", "25"),
    ("ninety percent", "90%"),
    ("six point five billion dollars", "$6.5 billion"),
    ("five thousand", "5,000"),
    ("twenty twenty six", "2026"),
    ("three", "3"),
    ("fifty trillion dollars", "$50 trillion"),
    ("one hundred and twenty", "120"),
    ("twelve", "12"),
]
_SYLLABLES = "ka lo mi ter ven sor tal ri da pen gu shi bro lin ex mar no fel tic ju"
SYLLABLES = _SYLLABLES.split()


@dataclass
class Said:
    """One word as it was said. ``number`` is its place in NUMBERS (the first word of it), -1 for a plain word."""

    text: str
    start_ms: int = 0
    end_ms: int = 0
    number: int = -1


@dataclass
class Talk:
    words: list[Said] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    vocabulary: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    @property
    def duration_ms(self) -> int:
        return self.words[-1].end_ms + 500

    def transcript(self, per_cue: int = 9) -> Transcript:
        """As captions with word times, some nine words a cue."""
        cues = []
        for first in range(0, len(self.words), per_cue):
            words = self.words[first : first + per_cue]
            text = " ".join(word.text for word in words)
            times = tuple(word.start_ms for word in words)
            cues.append(Cue(words[0].start_ms, words[-1].end_ms, None, text, words=times))
        return Transcript(tuple(cues), "captions:en")


@dataclass(frozen=True)
class Truth:
    """A quote and what is true about it: its kind, first and last word said (None: it was never said)."""

    kind: str
    text: str
    first: int | None = None
    last: int | None = None


def _vocabulary(rng: random.Random, seeds: Path) -> list[str]:
    found = set(COMMON)
    vocabulary = list(COMMON)
    for file in sorted(seeds.glob("*.txt")):
        for word in file.read_text(encoding="utf-8").split():
            bare = word.strip(".,!?\"':;()[]*#")
            if bare.isalpha() and bare.isascii() and len(bare) > 3 and bare.lower() not in found:
                found.add(bare.lower())
                vocabulary.append(bare)
    while len(vocabulary) < 2600:
        word = "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4)))
        if word not in found:
            found.add(word)
            vocabulary.append(word)
    rare = vocabulary[len(COMMON) :]
    rng.shuffle(rare)
    return vocabulary[: len(COMMON)] + rare


def make_talk(seed: int, seeds: Path, size: int = 9000, samples: bool = True) -> Talk:
    """A talk of an hour: Zipf's vocabulary, the phrases everybody uses, numbers, and the ``samples``' sentences."""
    rng = random.Random(seed)
    vocabulary = _vocabulary(rng, seeds)
    weights = [1 / (rank + 2.7) for rank in range(1, len(vocabulary) + 1)]
    real = [
        sentence.split()
        for line in (seeds / "000_444db1c560ca1a42.txt")
        .read_text(encoding="utf-8")
        .split("## Transcript")[1]
        .splitlines()
        for sentence in line.partition(") ")[2].split(". ")
        if 5 <= len(sentence.split()) <= 30 and not any(letter.isdigit() for letter in sentence)
    ]
    rng.shuffle(real)
    talk = Talk(vocabulary=vocabulary, weights=weights)
    while len(talk.words) < size:
        first = len(talk.words)
        if samples and real and rng.random() < 0.2:
            words = [Said(word) for word in real.pop()]
        else:
            words = _sentence(rng, vocabulary, weights)
        words[0].text = words[0].text[:1].upper() + words[0].text[1:]
        words[-1].text = words[-1].text.rstrip(".") + rng.choice("....?")
        talk.words += words
        talk.sentences.append((first, len(talk.words)))
    _give_times(rng, talk, 60)
    return talk


def _sentence(rng: random.Random, vocabulary: list[str], weights: list[float]) -> list[Said]:
    length = rng.randint(6, 24)
    words: list[Said] = []
    while len(words) < length:
        chance = rng.random()
        if chance < 0.07:
            words += [Said(word) for word in rng.choice(PHRASES)]
        elif chance < 0.09:
            number = rng.randrange(len(NUMBERS))
            spoken = NUMBERS[number][0].split()
            if words and words[-1].number != -1:
                continue
            words += [Said(word, number=number if at == 0 else -2) for at, word in enumerate(spoken)]
        else:
            words += [Said(word) for word in rng.choices(vocabulary, weights, k=3)]
        if rng.random() < 0.15 and words[-1].number == -1:
            words[-1].text += ","
    return words


def _give_times(rng: random.Random, talk: Talk, minutes: int) -> None:
    lengths = [120 + 45 * len(word.text) * rng.uniform(0.7, 1.3) for word in talk.words]
    pauses = [rng.uniform(150, 700) if word.text[-1] in ".?" else 0.0 for word in talk.words]
    factor = minutes * 60_000 / (sum(lengths) + sum(pauses))
    now = 0.0
    for word, length, pause in zip(talk.words, lengths, pauses, strict=True):
        word.start_ms = int(now)
        now += length * factor
        word.end_ms = int(now)
        now += pause * factor


def _write(rng: random.Random, talk: Talk, picked: list[int], new: dict[int, str] | None = None) -> str:
    """The picked words as a note would write them: numbers in digits, other case, other punctuation."""
    parts = []
    new = new or {}
    digits, loud = rng.random() < 0.5, rng.random() < 0.1
    at = 0
    while at < len(picked):
        word = talk.words[picked[at]]
        spoken = NUMBERS[word.number][0].split() if word.number >= 0 else []
        whole = range(picked[at], picked[at] + len(spoken))
        if (
            spoken
            and digits
            and picked[at : at + len(spoken)] == list(whole)
            and not any(n in new for n in whole)
        ):
            parts.append(NUMBERS[word.number][1])
            at += len(spoken)
            continue
        text = new.get(picked[at], word.text)
        if rng.random() < 0.1:
            text = text.strip(",.?") + rng.choice(["", ",", ";", "!"])
        parts.append(text.upper() if loud else text.replace("'", "’"))
        at += 1
    return rng.choice(['"{}"', "“{}”", "{}"]).format(" ".join(part for part in parts if part))


def _stretch(rng: random.Random, talk: Talk, most: int) -> tuple[int, int]:
    """Whole sentences, or a part of one; at least seven words."""
    while True:
        at = rng.randrange(len(talk.sentences) - 5)
        first = talk.sentences[at][0]
        last = talk.sentences[at + rng.randint(0, most - 1)][1]
        if rng.random() < 0.4:
            first = rng.randint(first, max(first, last - 8))
        # A quote does not begin or end within a number: nobody quotes "point five billion dollars".
        while talk.words[first].number == -2:
            first -= 1
        if last - first >= 7:
            return first, last


def _edited(rng: random.Random, talk: Talk, first: int, last: int) -> Truth:
    """Up to a fifth of the words dropped, changed or added."""
    share = rng.uniform(0.02, 0.2)
    picked, new = [], {}
    for at in range(first, last):
        if rng.random() >= share:
            picked.append(at)
            continue
        what = rng.random()
        if what < 0.4:
            continue
        picked.append(at)
        other = rng.choices(talk.vocabulary, talk.weights)[0]
        new[at] = other if what < 0.8 else f"{talk.words[at].text} {other}"
    return Truth("edited", _write(rng, talk, picked, new), picked[0], picked[-1] + 1)


def _joined(rng: random.Random, talk: Talk, ellipsis: bool) -> Truth:
    """Two sentences whose middle is left out, with an ellipsis or silently."""
    while True:
        at = rng.randrange(len(talk.sentences) - 10)
        other = at + rng.randint(2, 5 if ellipsis else 2)
        one, two = talk.sentences[at], talk.sentences[other]
        if min(one[1] - one[0], two[1] - two[0]) >= 6:
            break
    mark = rng.choice([" ... ", "… ", " [...] "]) if ellipsis else " "
    text = (
        _write(rng, talk, list(range(*one))).strip('"“”')
        + mark
        + _write(rng, talk, list(range(*two))).strip('"“”')
    )
    return Truth("ellipsis" if ellipsis else "dropped", text, one[0], two[1])


def _stitched(rng: random.Random, talk: Talk) -> Truth:
    """Two sentences from far apart, or neighbours in the wrong order."""
    while True:
        at = rng.randrange(1, len(talk.sentences) - 2)
        far = rng.random() < 0.5
        other = rng.randrange(len(talk.sentences)) if far else at - 1
        one, two = talk.sentences[at], talk.sentences[other]
        if min(one[1] - one[0], two[1] - two[0]) >= 8 and (not far or abs(at - other) > 40):
            break
    text = " ".join(_write(rng, talk, list(range(*words))).strip('"“”') for words in (one, two))
    if far:
        longer = max(one, two, key=lambda words: words[1] - words[0])
        return Truth("far", text, *longer)
    return Truth("reordered", text, two[0], one[1])


def _never_said(rng: random.Random, talk: Talk, other: Talk, kind: str) -> Truth:
    length = rng.randint(7, 35)
    if kind == "another talk":
        first = rng.randrange(len(other.words) - length)
        words = [word.text for word in other.words[first : first + length]]
    elif kind == "plausible":
        # Its own words and its own turns of phrase, in an order of which nobody thought.
        words = [word.text for word in _sentence(rng, talk.vocabulary, talk.weights)]
    else:
        words = rng.sample(talk.vocabulary[len(COMMON) :], length // 2) + rng.choices(COMMON, k=length // 2)
        rng.shuffle(words)
    return Truth(f"never: {kind}", " ".join(words))


def make_quotes(seed: int, talk: Talk, other: Talk) -> list[Truth]:
    """500 quotes from ``talk`` and 100 that were never said; ``other`` is another talk in the same language."""
    rng = random.Random(seed)
    quotes = []
    for _ in range(200):
        first, last = _stretch(rng, talk, 3)
        quotes.append(Truth("verbatim", _write(rng, talk, list(range(first, last))), first, last))
    for _ in range(150):
        quotes.append(_edited(rng, talk, *_stretch(rng, talk, 3)))
    quotes += [_joined(rng, talk, at % 2 == 0) for at in range(80)]
    quotes += [_stitched(rng, talk) for _ in range(70)]
    for kind, count in (("another talk", 40), ("plausible", 30), ("topic", 30)):
        quotes += [_never_said(rng, talk, other, kind) for _ in range(count)]
    return quotes
