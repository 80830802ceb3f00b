"""How long it takes to judge a quote, as JSON on standard output: ``python -m tests.benchmarks.alignment``.

Times on a shared machine mean little alone, so that each is also given as a ratio to a floor measured in the same
run: for a quote, difflib's longest common run of words between the quote and the whole talk; for the index,
splitting the text at white space and counting its words.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

from tests.domain.synthetic_talk import make_quotes, make_talk
from viewer.domain.alignment import TranscriptIndex, locate

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def took(work: Callable[[], object]) -> float:
    """Milliseconds that ``work`` took."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(seed: int, repeats: int) -> dict[str, object]:
    talk = make_talk(seed, SEEDS)
    transcript = talk.transcript()
    text = " ".join(cue.text for cue in transcript.cues)
    quotes = make_quotes(seed, talk, make_talk(seed + 1000, SEEDS, samples=False))
    index_ms = min(took(lambda: TranscriptIndex(transcript, talk.duration_ms)) for _ in range(repeats))
    index_floor_ms = min(took(lambda: Counter(text.lower().split())) for _ in range(repeats))
    index = TranscriptIndex(transcript, talk.duration_ms)
    times = [
        min(took(lambda text=truth.text: locate(index, text)) for _ in range(repeats))  # type: ignore[misc]
        for truth in quotes
    ]
    words = text.lower().split()
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(words)
    floor = []
    for truth in quotes[::20]:
        matcher.set_seq1(truth.text.lower().split())
        floor.append(took(matcher.find_longest_match))
    kinds = {truth.kind for truth in quotes}
    median, floor_median = statistics.median(times), statistics.median(floor)
    return {
        "words": len(index),
        "quotes": len(quotes),
        "quote_ms": {
            "median": round(median, 3),
            "p99": round(percentile(times, 0.99), 3),
            "max": round(max(times), 3),
        },
        "quote_ms_median_by_kind": {
            kind: round(
                statistics.median(ms for ms, truth in zip(times, quotes, strict=True) if truth.kind == kind),
                3,
            )
            for kind in sorted(kinds)
        },
        "quote_floor_ms": round(floor_median, 3),
        "quote_ratio": round(median / floor_median, 3),
        "index_ms": round(index_ms, 1),
        "index_floor_ms": round(index_floor_ms, 2),
        "index_ratio": round(index_ms / index_floor_ms, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    print(json.dumps(measure(options.seed, options.repeats), indent=2))


if __name__ == "__main__":
    main()
