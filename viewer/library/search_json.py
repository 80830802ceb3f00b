"""Search results as plain data: the stable schema behind ``soundbite search --json``. Keys are only ever added."""

from __future__ import annotations

from typing import Any

from viewer.library.search import SearchHit, SearchResult


def hit_to_json(hit: SearchHit) -> dict[str, Any]:
    """One hit. Times in whole ms, absent values None; ``marks`` are ranges (start, end) in ``snippet``."""
    return {
        "path": hit.path,
        "title": hit.title,
        "kind": hit.kind,
        "speaker": hit.speaker,
        "video_id": hit.video_id,
        "start_ms": hit.start_ms,
        "end_ms": hit.end_ms,
        "snippet": hit.snippet,
        "marks": [list(mark) for mark in hit.marks],
        "score": hit.score,
        "mark_id": hit.mark_id,
        "colour": hit.colour,
    }


def result_to_json(result: SearchResult) -> dict[str, Any]:
    """The whole answer; ``total`` is a lower bound when ``complete`` is false."""
    return {
        "hits": [hit_to_json(hit) for hit in result.hits],
        "total": result.total,
        "complete": result.complete,
        "did_you_mean": result.did_you_mean,
    }
