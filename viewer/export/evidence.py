"""An evidence bundle: clips, what was said in them and around them, where it comes from, and checksums of all of it.

A folder with ``index.html`` (any browser, no script, no network), ``manifest.json`` (the same for programs),
``SHA256SUMS`` and ``clips/``. The clips are copied as they were fetched: not a picture in them is encoded anew.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viewer import __version__
from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.domain.cited_quote import CitedQuote, Outline
from viewer.domain.video import Segment
from viewer.export.checksums import sha256_of, write_sums
from viewer.export.evidence_page import evidence_page
from viewer.export.exhibits import ClipFile, Exhibit, NoteFile, utc_text
from viewer.export.quote_sources import QuoteSourceReader, around
from viewer.export.safe_names import clip_file_name, folder_name, free_path
from viewer.export.targets import told_of
from viewer.media.clip_files import Clip
from viewer.media.saving import folder_beside, save_clip_as

FORM = "soundbite-evidence"
FORM_VERSION = 1


@dataclass(frozen=True, slots=True)
class EvidenceProgress:
    """Clip ``number`` of ``total`` is being copied; ``fraction`` of everything, 0..1."""

    number: int
    total: int
    fraction: float


@dataclass(frozen=True, slots=True)
class EvidenceFolder:
    """What was written."""

    folder: Path
    index: Path
    manifest: Path
    exhibits: tuple[Exhibit, ...]


def export_evidence(
    title: str,
    outline: Outline,
    clips: Mapping[Segment, Clip],
    parent: Path,
    sources: QuoteSourceReader,
    versions: Mapping[str, str],
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    now: datetime.datetime | None = None,
) -> EvidenceFolder:
    """Write a new folder below ``parent``; whole or not at all, and what is there is never replaced. Blocks.

    ``clips`` are those of ``gathering.gather``; a quote without a time is shown without a clip. ``versions`` of the
    programs used go into the manifest, ``now`` is the moment of the export. Raises MediaError, Cancelled.
    """
    cancel = cancel or CancelToken()
    now = (now or datetime.datetime.now(datetime.timezone.utc)).astimezone(datetime.timezone.utc)
    with told_of(parent):
        name = folder_name(title)
        with folder_beside(parent / name) as work:
            made = work / "made"
            (made / "clips").mkdir(parents=True)
            exhibits = _exhibits(outline, clips, made, sources, progress, cancel)
            manifest = manifest_of(title, exhibits, {"Soundbite": __version__, **versions}, now)
            text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
            (made / "manifest.json").write_bytes(text.encode())
            page = evidence_page(title, outline, exhibits, manifest)
            (made / "index.html").write_bytes(page.encode("utf-8", "replace"))
            sums = {one.clip.path: one.clip.sha256 for one in exhibits if one.clip is not None}
            for own in ("index.html", "manifest.json"):
                sums[own] = sha256_of(made / own)
            write_sums(made, sums)
            cancel.raise_if_cancelled()
            target = free_path(parent, name)
            made.rename(target)
    progress(EvidenceProgress(len(exhibits), len(exhibits), 1.0))
    return EvidenceFolder(target, target / "index.html", target / "manifest.json", tuple(exhibits))


def _exhibits(
    outline: Outline,
    clips: Mapping[Segment, Clip],
    made: Path,
    sources: QuoteSourceReader,
    progress: Progress,
    cancel: CancelToken,
) -> list[Exhibit]:
    quotes = [part for part in outline if isinstance(part, CitedQuote)]
    exhibits = []
    for number, quote in enumerate(quotes, 1):
        cancel.raise_if_cancelled()
        progress(EvidenceProgress(number, len(quotes), (number - 1) / len(quotes)))
        source = sources.of(quote)
        clip = None
        if quote.segment is not None:
            file = made / "clips" / clip_file_name(number, quote)
            kept = clips[quote.segment]
            save_clip_as(kept, quote.segment, file, "mp4", None, cancel=cancel)
            fetched = datetime.datetime.fromtimestamp(int(kept.created), datetime.timezone.utc)
            clip = ClipFile(
                f"clips/{file.name}", sha256_of(file, cancel), file.stat().st_size, fetched, kept.quality
            )
        note = _note_file(source.note_file)
        exhibits.append(Exhibit(number, quote, source, note, clip, *around(quote, source.captions)))
    return exhibits


def _note_file(path: Path | None) -> NoteFile | None:
    try:
        return NoteFile(path.name, sha256_of(path), path.stat().st_size) if path is not None else None
    except OSError:
        return None  # it vanished just now


def manifest_of(
    title: str, exhibits: list[Exhibit], versions: Mapping[str, str], now: datetime.datetime
) -> dict[str, Any]:
    """The bundle as data, for programs. Times are whole ms, absent values ``null``; keys are only ever added."""
    return {
        "form": FORM,
        "version": FORM_VERSION,
        "title": title,
        "exported": utc_text(now),
        "programs": dict(versions),
        "exhibits": [_exhibit_data(one) for one in exhibits],
    }


def _exhibit_data(exhibit: Exhibit) -> dict[str, Any]:
    quote, clip, note, check = exhibit.quote, exhibit.clip, exhibit.note, exhibit.source.check
    segment = quote.segment
    return {
        "number": exhibit.number,
        "title": quote.title or None,
        "quote": quote.bare_text,
        "speaker": quote.speaker,
        "before": exhibit.before or None,
        "after": exhibit.after or None,
        "comment": quote.comment or None,
        "tags": list(quote.tags),
        "verdict": {
            "value": exhibit.verdict.value if exhibit.verdict is not None else None,
            "said": (check.said or None) if check is not None else None,
            "said_start_ms": check.start_ms if check is not None else None,
            "said_end_ms": check.end_ms if check is not None else None,
            "elsewhere": check.elsewhere if check is not None else None,
            "score": check.judgement.score if check is not None else None,
            "transcript": (check.origin or None) if check is not None else None,
            "differences": [
                {"kind": one.op.value, "quote": one.quote, "said": one.said}
                for one in (check.differences if check is not None else ())
                if one.op.value != "equal"
            ],
        },
        "source": {
            "note_title": quote.note_title or None,
            "channel": quote.channel,
            "published": quote.published.isoformat() if quote.published else None,
            "video": segment.video.url if segment is not None else quote.url or None,
            "address": quote.url_at or None,
            "start_ms": segment.start_ms if segment is not None else None,
            "end_ms": segment.end_ms if segment is not None else None,
            "note_file": {"name": note.name, "sha256": note.sha256, "size_bytes": note.size_bytes}
            if note is not None
            else None,
        },
        "clip": {
            "file": clip.path,
            "sha256": clip.sha256,
            "size_bytes": clip.size_bytes,
            "fetched": utc_text(clip.fetched),
            "picture_height": clip.quality,
        }
        if clip is not None
        else None,
    }
