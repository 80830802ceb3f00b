"""Which kind of caption or side file a text is, decided by its content."""

from __future__ import annotations

from viewer.formats.decoding import normalised
from viewer.formats.side_json import read_json
from viewer.formats.subtitles import SideText, is_srt, read_blocks, read_xml


def read_side_text(text: str) -> SideText | None:
    """What a text holds that is a caption or side file; None when it is none. Never raises."""
    text = normalised(text)
    start = text[:4096].lstrip("\ufeff \t\n")
    if start.startswith("WEBVTT"):
        return read_blocks(text, "vtt")
    if start[:1] in ("{", "["):
        return read_json(text)
    if start.startswith(("<?xml", "<transcript", "<timedtext")) and (
        "<text " in text[:20_000] or "<p " in text[:20_000]
    ):
        return read_xml(text)
    if is_srt(start):
        return read_blocks(text, "srt")
    return None
