"""How long it takes to judge every quote of a library, as JSON: ``python -m tests.benchmarks.quotes``.

Each note has an hour's transcript of 9 000 words and eight quotes of all kinds (verbatim, edited, with ellipses,
never said). A quarter of the notes have word-timed captions kept besides, and a quarter have captions only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

from tests.domain.synthetic_talk import Talk, make_quotes, make_talk
from viewer.domain.paragraphs import readable
from viewer.domain.timestamp import format_timestamp
from viewer.domain.video import VideoRef
from viewer.library.loader import load_note
from viewer.library.quotes import check_library, check_note, verdict_counts
from viewer.media.caption_store import CaptionStore, KeptCaptions

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
_QUOTES = 8
_TALKS = 6


def note_text(number: int, video: VideoRef, talk: Talk, quotes: list[str], own: bool) -> str:
    """One video note about the talk; ``own``: with a transcript of its own."""
    out = [
        f'---\nvideo_id: "{video.id}"\ntitle: "Talk {number}"\nchannel: Slow Mornings\n'
        f"duration: {talk.duration_ms // 1000}\nurl: {video.url}\n---\n\n# Talk {number}\n\n## Surprising Quotes\n"
    ]
    for text in quotes:
        quoted = " ".join(text.replace('"', "'").split())
        out.append(f'\n> "{quoted}"\n> — Ada, [0:30]({video.url}&t=30s)\n')
    if own:
        out.append("\n## Transcript\n")
        for cue in talk.transcript(per_cue=80).cues:
            second = (cue.start_ms or 0) // 1000
            out.append(f"\n[{format_timestamp(second * 1000)}]({video.url}&t={second}s) {cue.text}\n")
    return "".join(out)


def measure(notes: int, folder: Path) -> dict[str, object]:
    store = CaptionStore(folder / "captions", ["en"])
    talks = [make_talk(seed, SEEDS) for seed in range(1, _TALKS + 1)]
    truths = [make_quotes(seed, talk, make_talk(seed + 1000, SEEDS)) for seed, talk in enumerate(talks, 1)]
    jobs: list[tuple[str, VideoRef | None]] = []
    for number in range(notes):
        talk, truth = talks[number % _TALKS], truths[number % _TALKS]
        video = VideoRef.youtube(f"bench{number:06d}")
        picked = [truth[(number * _QUOTES + 75 * at) % len(truth)].text for at in range(_QUOTES)]
        path = folder / f"{number}.md"
        path.write_text(note_text(number, video, talk, picked, own=number % 4 != 3), "utf-8")
        if number % 4 >= 2:
            store.add(KeptCaptions(video, "en", True, talk.transcript().cues, talk.duration_ms))
        jobs.append((str(path), None))
    began = time.perf_counter()
    checks = [check for _, found in check_library(jobs, store.find) for check in found]
    seconds = time.perf_counter() - began
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    kinds: dict[str, list[float]] = {"own": [], "own and captions": [], "captions": []}
    for number in range(min(24, notes)):
        note = load_note(jobs[number][0])
        begun = time.perf_counter()
        check_note(jobs[number][0], note, store.find)
        kind = ("own", "own", "own and captions", "captions")[number % 4]
        kinds[kind].append((time.perf_counter() - begun) * 1000)
    hour = talks[0].transcript()
    begun = time.perf_counter()
    readable(hour)
    return {
        "notes": notes,
        "quotes": len(checks),
        "processors": os.cpu_count(),
        "seconds": round(seconds, 1),
        "seconds_for_1000_notes": round(seconds * 1000 / notes, 1),
        "processor_s_of_children": round(spent.ru_utime + spent.ru_stime, 1),
        "note_ms_median": {kind: round(statistics.median(ms), 1) for kind, ms in kinds.items() if ms},
        "readable_ms": round((time.perf_counter() - begun) * 1000, 1),
        "verdicts": verdict_counts(checks),
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(options.notes, Path(folder)), indent=2))


if __name__ == "__main__":
    main()
