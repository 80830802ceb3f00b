"""A transcript as a file: plain text, Markdown, SRT, WebVTT."""

from __future__ import annotations

from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.domain.transcript import Transcript
from viewer.domain.video import VideoRef
from viewer.formats import transcript_text

TRANSCRIPT_FORMATS = ("txt", "md", "srt", "vtt")
"""What a transcript can be written as; each is its file's suffix, too."""


def transcript_as(
    kind: str, lines: Transcript, reading: Transcript | None = None, video: VideoRef | None = None
) -> str:
    """The transcript as ``kind``. ``lines`` are as they came, for players; ``reading`` is made of paragraphs, for people.

    Raises ReadError when players' captions are asked for and nothing in it has a time; KeyError for another kind.
    """
    reading = reading if reading is not None and reading.cues else lines
    if kind in ("srt", "vtt") and not lines.timed:
        raise ReadError(
            tr("This transcript has no times."), tr("Write it as text or Markdown: captions need times.")
        )
    if kind == "srt":
        return transcript_text.to_srt(lines)
    if kind == "vtt":
        return transcript_text.to_vtt(lines)
    if kind == "md":
        return transcript_text.to_markdown(reading, video)
    if kind == "txt":
        return transcript_text.to_plain(reading)
    raise KeyError(kind)
