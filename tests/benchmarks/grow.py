"""Grow a library: made-up video notes in the manner of the first sample, as many as one likes.

    python tests/benchmarks/grow.py FOLDER [--notes N] [--cues N] [--words N] [--seed N]

The words follow Zipf's law as in real speech (a few make up half the text, most are rare), so that searches for
``the`` and for a rare name cost what they cost in the world. The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import bisect
import datetime
import itertools
import random
from dataclasses import dataclass
from pathlib import Path

COMMON = [
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "that",
    "it",
    "is",
    "was",
    "i",
    "you",
    "for",
    "on",
    "with",
    "we",
    "as",
    "be",
    "they",
    "this",
    "are",
    "at",
    "have",
    "not",
    "but",
    "what",
    "so",
    "or",
    "by",
    "from",
    "one",
    "all",
    "about",
    "there",
    "can",
    "would",
    "like",
    "when",
    "if",
    "people",
    "know",
    "just",
    "think",
    "which",
    "out",
    "then",
    "because",
    "up",
    "do",
    "how",
    "their",
    "going",
    "right",
    "will",
    "more",
    "really",
    "time",
    "some",
    "very",
    "into",
    "them",
    "now",
    "other",
    "could",
    "get",
    "than",
    "way",
    "make",
    "our",
    "see",
    "who",
    "say",
    "these",
    "also",
    "something",
    "things",
    "good",
    "much",
    "look",
    "world",
    "years",
    "work",
    "thing",
    "need",
    "model",
    "data",
    "train",
    "machine",
    "learning",
    "science",
    "future",
    "company",
    "product",
    "human",
    "system",
    "open",
    "question",
    "point",
    "today",
    "different",
    "actually",
]
NAMES = (
    "Ada Lindqvist",
    "Tom Okafor",
    "Mei Tanaka",
    "Ravi Anand",
    "Sofía Núñez",
    "Jan de Wit",
    "Lena Baum",
    "Omar Said",
)
CHANNELS = ("Slow Mornings", "Deep Field Notes", "The Workshop", "Café Théorie", "Night Train", "Open Bench")
TAGS = (
    "physics",
    "history",
    "energy",
    "software",
    "music",
    "biology",
    "language",
    "cities",
    "robots",
    "oceans",
)
KINDS = ("Companies", "People", "Products and technologies", "Books")
_SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fe",
    "ga",
    "ge",
    "ka",
    "ke",
    "ki",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "pe",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "ve",
    "vo",
    "za",
]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True)
class Size:
    """How much to grow: notes, cues a note, words a cue, different words in all."""

    notes: int = 200
    cues: int = 76
    words: int = 105
    vocabulary: int = 60_000


class Speech:
    """Endless made-up talk."""

    def __init__(self, rng: random.Random, vocabulary: int) -> None:
        self._rng = rng
        words = dict.fromkeys(COMMON)
        while len(words) < vocabulary:
            words["".join(rng.choices(_SYLLABLES, k=rng.choice((2, 2, 3, 3, 4))))] = None
        self.words = list(words)
        self._weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def text(self, count: int) -> str:
        """So many words as sentences."""
        words = self._rng.choices(self.words, cum_weights=self._weights, k=count)
        for place in range(0, count, 14):
            words[place] = words[place].capitalize()
            if place:
                words[place - 1] += "."
        return " ".join(words) + "."

    def rare(self) -> str:
        """A word that hardly ever occurs."""
        return self.words[bisect.bisect(self._weights, self._weights[-1] * self._rng.uniform(0.9, 1)) - 1]


def stamp(seconds: int) -> str:
    """Seconds as people write them."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def note_text(number: int, rng: random.Random, speech: Speech, size: Size) -> str:
    """One note."""
    video = "".join(rng.choices(_LETTERS, k=11))
    url = f"https://www.youtube.com/watch?v={video}"
    guest, host = rng.sample(NAMES, 2)
    step = 40
    duration = size.cues * step + 30
    day = datetime.date(2012, 1, 1) + datetime.timedelta(days=rng.randrange(5000))
    title = f"{speech.rare().capitalize()} and {speech.rare()}: {speech.text(5)[:-1]}"
    tags = "".join(f"  - {tag}\n" for tag in rng.sample(TAGS, 3))
    out = [
        f'---\nvideo_id: "{video}"\ntitle: "{title}"\nchannel: {rng.choice(CHANNELS)}\nduration: {duration}\n'
        f'duration_formatted: "{stamp(duration)}"\nview_count: {rng.randrange(10**6)}\nupload_date: {day}\n'
        f"url: {url}\nthumbnail: https://i.ytimg.com/vi/{video}/hqdefault.jpg\ntags:\n{tags}---\n\n# {title}\n\n## Summary\n\n"
        f"{speech.text(60)}\n\n{speech.text(50)}\n\n## Highlights\n"
    ]
    for _ in range(4):
        start = rng.randrange(0, duration - 60)
        end = start + rng.randrange(20, 59)
        out.append(
            f'\n### "{speech.text(5)[:-1]}"\n\n[![Clip](https://img.youtube.com/vi/{video}/hqdefault.jpg)]({url}&t={start}s)\n'
            f'<details>\n<summary>Clip command</summary>\n\n```bash\nyt-dlp --download-sections "*{stamp(start)}-{stamp(end)}" "{url}" '
            f'--force-keyframes-at-cuts --merge-output-format mp4 -o "{video}-{start // 60}m{start % 60}s.mp4"\n```\n</details>\n\n'
            f'> "{speech.text(35)}"\n> — {guest}, [{stamp(start)}]({url}&t={start}s)\n'
        )
    out.append("\n## Key Points\n\n")
    for _ in range(8):
        start = rng.randrange(0, duration)
        out.append(f"- **{speech.text(4)[:-1]}** [{stamp(start)}]({url}&t={start}s) - {speech.text(18)}\n")
    out.append("\n## Mentions\n")
    for kind in KINDS[: 2 + number % 3]:
        out.append(f"\n### {kind}\n\n")
        for _ in range(3):
            start = rng.randrange(0, duration)
            out.append(
                f"- **{speech.rare().capitalize()}** [{stamp(start)}]({url}&t={start}s) - {speech.text(8)}\n"
            )
    out.append("\n## Surprising Quotes\n")
    for _ in range(3):
        start = rng.randrange(0, duration)
        out.append(f'\n> "{speech.text(25)}"\n> — {guest}, [{stamp(start)}]({url}&t={start}s)\n')
    out.append("\n## Transcript\n")
    for row in range(size.cues):
        speaker = host if row % 3 == 0 else guest
        words = max(3, int(rng.gauss(size.words, size.words / 4)))
        out.append(f"\n**{speaker}:** [{stamp(row * step)}]({url}&t={row * step}s) {speech.text(words)}\n")
    return "".join(out)


def grow(folder: Path, size: Size, seed: int = 1) -> int:
    """Write the library; the number of bytes written. Notes lie in folders of at most 500."""
    rng = random.Random(seed)
    speech = Speech(rng, size.vocabulary)
    total = 0
    for number in range(size.notes):
        target = folder / f"{number // 500:03}" / f"{number:05}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        text = note_text(number, rng, speech, size)
        total += target.write_bytes(text.encode())
    return total


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    defaults = Size()
    parser.add_argument("--notes", type=int, default=defaults.notes)
    parser.add_argument("--cues", type=int, default=defaults.cues)
    parser.add_argument("--words", type=int, default=defaults.words)
    parser.add_argument("--vocabulary", type=int, default=defaults.vocabulary)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    size = Size(given.notes, given.cues, given.words, given.vocabulary)
    written = grow(given.folder, size, given.seed)
    print(f"{size.notes} notes, {written / 1e6:.1f} MB in {given.folder}")


if __name__ == "__main__":
    main()
