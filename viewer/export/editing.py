"""For editing programs: the clips in a folder, and their order as EDL (CMX 3600), FCPXML and OpenTimelineIO.

The timeline is OpenTimelineIO's, which writes the EDL and its own form. The FCPXML is written here
(:mod:`viewer.export.fcpxml`): OpenTimelineIO's adapter for it knows whole rates only and leaves the sound out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.domain.cited_quote import Outline
from viewer.domain.video import Segment
from viewer.export.edit_list import EditClip, facts_of, frames_at, one_line, timeline_rate, with_markers
from viewer.export.fcpxml import fcpxml
from viewer.export.flat_clips import flat_clip
from viewer.export.safe_names import clip_file_name, folder_name, free_path
from viewer.export.targets import told_of
from viewer.media.clip_files import Clip
from viewer.media.saving import folder_beside

if TYPE_CHECKING:
    import opentimelineio as otio

MEDIA_FOLDER = "media"
_EVENT = re.compile(r"^(\d{3,}  .{8} )V     C", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class EditProgress:
    """Clip ``number`` of ``total`` is being written; ``fraction`` of everything, 0..1."""

    number: int
    total: int
    fraction: float


@dataclass(frozen=True, slots=True)
class EditFolder:
    """What was written: the folder and the files in it. ``rate`` is the timeline's, in pictures a second."""

    folder: Path
    edl: Path
    fcpxml: Path
    otio: Path
    media: tuple[Path, ...]
    rate: Fraction


def export_for_editing(
    title: str,
    outline: Outline,
    clips: Mapping[Segment, Clip],
    parent: Path,
    ffmpeg: Path | None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> EditFolder:
    """Write a new folder below ``parent`` with the clips and three descriptions of their order. Blocks.

    The clips have no hidden pictures (editing programs know nothing of edit lists). Whole or not at all; what is
    there is never replaced. Raises MediaError, Cancelled, and ValueError for an outline without clips.
    """
    cancel = cancel or CancelToken()
    wanted = with_markers(outline)
    if not wanted:
        raise ValueError("nothing to edit")
    with told_of(parent):
        name = folder_name(title)
        with folder_beside(parent / name) as work:
            target = free_path(parent, name)
            made = work / "made"
            (made / MEDIA_FOLDER).mkdir(parents=True)
            edits = []
            for number, (quote, segment, markers) in enumerate(wanted, 1):
                progress(EditProgress(number, len(wanted), (number - 1) / len(wanted)))
                file = made / MEDIA_FOLDER / clip_file_name(number, quote)
                edits.append(
                    EditClip(quote, flat_clip(clips[segment], segment, file, ffmpeg, cancel), markers)
                )
            rate = timeline_rate(edits)
            stem = target.name
            write_timeline(title, edits, rate, made, made / f"{stem}.otio", made / f"{stem}.edl")
            text = fcpxml(title, edits, rate, target / MEDIA_FOLDER)
            (made / f"{stem}.fcpxml").write_text(text, "utf-8")
            cancel.raise_if_cancelled()
            made.rename(target)
    progress(EditProgress(len(wanted), len(wanted), 1.0))
    media = tuple(target / MEDIA_FOLDER / edit.file.path.name for edit in edits)
    edl, xml, own = (target / f"{stem}.{suffix}" for suffix in ("edl", "fcpxml", "otio"))
    return EditFolder(target, edl, xml, own, media, rate)


def write_timeline(
    title: str, edits: Sequence[EditClip], rate: Fraction, folder: Path, otio_file: Path, edl_file: Path
) -> None:
    """Write the timeline as OpenTimelineIO's own file and as an EDL."""
    from otio_cmx3600_adapter import cmx_3600  # here: a start does without it

    timeline = _timeline(title, edits, rate, folder, in_timeline_rate=False)
    otio_file.write_text(timeline.to_json_string(), "utf-8")
    plain = _timeline(title, edits, rate, folder, in_timeline_rate=True)
    edl = cmx_3600.write_to_string(plain, rate=float(rate), style="premiere")
    drop = rate in (Fraction(30000, 1001), Fraction(60000, 1001))
    head = "FCM: DROP FRAME\n\n" if drop else "FCM: NON-DROP FRAME\n\n"
    # The adapter writes the picture alone; each of these clips has its sound with it.
    edl = _EVENT.sub(r"\1AA/V  C", edl.replace("\n\n", "\n" + head, 1))
    edl_file.write_text(edl, "utf-8")


def _timeline(
    title: str, edits: Sequence[EditClip], rate: Fraction, folder: Path, *, in_timeline_rate: bool
) -> otio.schema.Timeline:
    """The clips one after the other. An EDL has one rate: ``in_timeline_rate`` tells everything in that."""
    import opentimelineio as otio

    timeline = otio.schema.Timeline(one_line(title) or "Soundbite")
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    timeline.tracks.append(track)
    for edit in edits:
        own = rate if in_timeline_rate else edit.rate
        frames = frames_at(edit, rate) if in_timeline_rate else edit.file.frames
        whole = otio.opentime.TimeRange(
            otio.opentime.RationalTime(0, float(own)), otio.opentime.RationalTime(frames, float(own))
        )
        url = edit.file.path.relative_to(folder).as_posix()
        clip = otio.schema.Clip(
            edit.file.path.name,
            otio.schema.ExternalReference(url, whole),
            whole,
            metadata={"soundbite": facts_of(edit.quote)},
        )
        if not in_timeline_rate:
            for text in edit.markers:
                start = otio.opentime.TimeRange(
                    otio.opentime.RationalTime(0, float(own)), otio.opentime.RationalTime(1, float(own))
                )
                clip.markers.append(otio.schema.Marker(text, start))
        else:
            comments = [
                f"SOURCE: {one_line(edit.quote.url_at)}",
                *(f"NOTE: {text}" for text in edit.markers),
            ]
            clip.metadata["cmx_3600"] = {"reel": "AX", "comments": comments}
        track.append(clip)
    return timeline
