"""From what is selected in the shown transcript to places in its cues, in whole words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor, QTextDocument

from viewer.domain.transcript import Transcript
from viewer.ui.text_marks import own_offset
from viewer.ui.transcript_html import RenderedTranscript

if TYPE_CHECKING:  # what reads words is loaded when some are selected, not at the start
    from viewer.domain.selection import Position


def selected_range(
    cursor: QTextCursor, document: QTextDocument, rendered: RenderedTranscript, transcript: Transcript
) -> tuple[Position, Position] | None:
    """The selected words, half-open, each as (row of the cue, character in its text); None without any.

    Times and speakers' names are no words. A word of which a part is selected counts as a whole.
    """
    begin, end = cursor.selectionStart(), cursor.selectionEnd()
    if begin == end:
        return None
    first: Position | None = None
    last: Position | None = None
    for row, number in enumerate(rendered.block_of_row):
        block = document.findBlockByNumber(number)
        text_at = block.position() + rendered.prefix_of_row[row]
        if block.position() + block.length() <= begin:
            continue
        if block.position() >= end:
            break
        shown = block.text()[rendered.prefix_of_row[row] :]
        stretch = _whole_words(shown, max(0, begin - text_at), max(0, min(len(shown), end - text_at)))
        if stretch is None:
            continue
        text = transcript.cues[row].text
        if first is None:
            first = (row, own_offset(text, stretch[0]))
        last = (row, own_offset(text, stretch[1]))
    return (first, last) if first is not None and last is not None else None


def _whole_words(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch without white space at its ends, and with the rest of words it cuts; None when nothing is in it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start >= end:
        return None
    while start > 0 and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while end < len(text) and _in_word(text[end - 1]) and _in_word(text[end]):
        end += 1
    return start, end


def _in_word(letter: str) -> bool:
    from viewer.domain.words import is_unspaced

    # Of a language without spaces each letter is a word.
    return (letter.isalnum() or letter in "'’") and not is_unspaced(letter)
