"""A transcript as the HTML that a QTextDocument takes in one go (763 cues: 35 ms, a cursor takes four times that)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from viewer.domain.timestamp import format_timestamp
from viewer.domain.transcript import Transcript
from viewer.ui.painting import direction_of
from viewer.ui.text import escape
from viewer.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class RenderedTranscript:
    """The HTML, and where each cue went: ``block_of_row`` has the text block of each cue (ascending),
    ``prefix_of_row`` how many characters of that block are the time."""

    html: str
    block_of_row: tuple[int, ...]
    prefix_of_row: tuple[int, ...]


def gutter_px(transcript: Transcript, size: int) -> int:
    """Width of the gutter in px: enough for the longest time, nothing when there are no times."""
    if not transcript.timed:
        return 0
    last = max((cue.start_ms or 0) for cue in transcript.cues)
    # In large type every em of it is taken from the text: as wide as the longest time and a gap, no wider.
    return round(size * (4.1 if last >= 3_600_000 else 3.4 if last >= 600_000 else 2.9))


def render_transcript(
    transcript: Transcript, theme: Theme, size: int, leading: int = 115
) -> RenderedTranscript:
    """One paragraph a cue; a speaker's name stands above his first cue.

    ``size`` is the text's, in px; ``leading`` the distance of lines in percent of the typeface's own.
    """
    parts: list[str] = []
    blocks: list[int] = []
    prefixes: list[int] = []
    gutter = gutter_px(transcript, size)
    order = {name: number for number, name in enumerate(transcript.speakers)}
    before: str | None = None
    number = 0
    small = round(size * 0.82)
    for row, cue in enumerate(transcript.cues):
        # What is said in Arabic has its times at the right, whatever the window's language is.
        right = direction_of(cue.text) is Qt.LayoutDirection.RightToLeft
        way = ' dir="rtl"' if right else ""
        if cue.speaker and cue.speaker != before:
            color = theme.speaker(order[cue.speaker])
            top = 0 if row == 0 else round(size * 0.9)
            sides = f"{gutter}px 4px 0" if right else f"0 4px {gutter}px"
            parts.append(
                f'<p{way} style="margin:{top}px {sides};font-size:{small}px;font-weight:600;'
                f'color:{color}">{escape(cue.speaker)}</p>'
            )
            number += 1
        before = cue.speaker or before
        body = escape(" ".join(cue.text.split()))
        time = ""
        if cue.start_ms is not None:
            label = format_timestamp(cue.start_ms)
            prefixes.append(len(label) + 1)
            time = (
                f'<a href="cue:{row}" style="font-size:{small}px;color:{theme.css("accent")};'
                f'text-decoration:none">{label}</a>&#9;'
            )
        else:
            prefixes.append(0)
        color = f";color:{theme.css('text_soft')}" if cue.ad else ""
        side = "right" if right else "left"
        indent = f"margin-{side}:{gutter}px;text-indent:{-gutter if time else 0}px"
        parts.append(f'<p{way} style="{indent};white-space:pre-wrap{color}">{time}{body}</p>')
        blocks.append(number)
        number += 1
    bottom = round(size * 0.7)
    css = f"p{{margin-top:0;margin-bottom:{bottom}px;line-height:{leading}%}}"
    return RenderedTranscript(f"<style>{css}</style>" + "".join(parts), tuple(blocks), tuple(prefixes))
