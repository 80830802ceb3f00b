"""Marked words found again, also in a note that was edited since: by their place, by their letters, by what is alike.

White space is left out of every comparison: an edited note may cut its cues elsewhere.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from viewer.domain.alignment import TranscriptIndex, locate
from viewer.domain.judgement import CueSpan, Judgement, Verdict
from viewer.domain.mark import TextAnchor
from viewer.domain.selection import Position, parts_of
from viewer.domain.transcript import Transcript
from viewer.domain.video import Segment

_CONTEXT = 48
"""Characters before and after the words that are kept to tell them from others like them."""

_SHORT = 16
"""Letters; so few words may stand anywhere, so their surroundings have to agree."""

_LEAST_CONTEXT = 6
_MOST_OCCURRENCES = 500
_NEAR_MS = 60_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where marked words stand now: from a character of one cue to a character (not included) of the same or a later.

    ``exact`` says that these are the very words; else they were found by what is alike.
    """

    first_cue: int
    first_offset: int
    last_cue: int
    last_offset: int
    exact: bool = True

    @property
    def first(self) -> Position:
        """The first character."""
        return self.first_cue, self.first_offset

    @property
    def last(self) -> Position:
        """The character after the last."""
        return self.last_cue, self.last_offset


def make_anchor(transcript: Transcript, first: Position, last: Position) -> TextAnchor:
    """The anchor of the words from ``first`` to ``last`` (half-open). ValueError when there are none."""
    parts = parts_of(transcript, first, last)
    if not parts:
        raise ValueError("no words are selected")
    cues = transcript.cues
    (row, start, _), (last_row, _, end) = parts[0], parts[-1]
    before, after = cues[row].text[:start], cues[last_row].text[end:]
    while len(before) < _CONTEXT and row > 0:
        row -= 1
        before = f"{cues[row].text} {before}"
    while len(after) < _CONTEXT and last_row + 1 < len(cues):
        last_row += 1
        after = f"{after} {cues[last_row].text}"
    return TextAnchor(
        exact=" ".join(" ".join(cues[row].text[begin:stop].split()) for row, begin, stop in parts),
        prefix=" ".join(before.split())[-_CONTEXT:],
        suffix=" ".join(after.split())[:_CONTEXT],
        cue=parts[0][0],
        offset=start,
    )


def find_anchor(transcript: Transcript, anchor: TextAnchor, segment: Segment | None = None) -> Place | None:
    """Where the anchor's words stand now; None when they cannot be found. For many marks use :class:`AnchorFinder`."""
    return AnchorFinder(transcript).find(anchor, segment)


class AnchorFinder:
    """Finds the marks of one transcript. What a search needs is made when the first mark needs it."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._text: str | None = None
        self._starts: list[int] = []
        self._index: TranscriptIndex | None = None

    def find(self, anchor: TextAnchor, segment: Segment | None = None) -> Place | None:
        """Where the anchor's words stand now; None when they cannot be found.

        First where they stood, then the same letters with the same surroundings, then (``exact`` is then False) what
        is alike, near the segment's time where there is one.
        """
        wanted = _squeezed(anchor.exact)
        if not wanted:
            return None
        return (
            self._where_it_was(anchor, wanted)
            or self._same_letters(anchor, wanted, segment)
            or (self._alike(anchor, segment))
        )

    def _where_it_was(self, anchor: TextAnchor, wanted: str) -> Place | None:
        cues = self._transcript.cues
        row, at = anchor.cue, anchor.offset
        if row is None or at is None or not 0 <= row < len(cues) or not 0 <= at <= len(cues[row].text):
            return None
        if not _agrees(_squeezed(anchor.prefix), _squeezed(cues[row].text[:at]), backwards=True):
            return None
        found, start = "", at
        for last in range(row, len(cues)):
            part = _squeezed(cues[last].text[start:])
            if len(found) + len(part) >= len(wanted):
                if not (found + part).startswith(wanted):
                    return None
                end = _raw_offset(cues[last].text, start, len(wanted) - len(found))
                return Place(row, at, last, end)
            found, start = found + part, 0
            if not wanted.startswith(found):
                return None
        return None

    def _same_letters(self, anchor: TextAnchor, wanted: str, segment: Segment | None) -> Place | None:
        text = self._squeezed_text()
        before, after = _squeezed(anchor.prefix), _squeezed(anchor.suffix)
        best: tuple[tuple[int, int, int], int] | None = None
        place, tries = text.find(wanted), 0
        while place >= 0 and tries < _MOST_OCCURRENCES:
            end = place + len(wanted)
            context = _common(before, text[max(0, place - len(before)) : place], backwards=True)
            context += _common(after, text[end : end + len(after)], backwards=False)
            row = bisect_right(self._starts, place) - 1
            score = (context, -self._late(row, segment), -abs(row - (anchor.cue or 0)))
            if best is None or score > best[0]:
                best = (score, place)
            place, tries = text.find(wanted, place + 1), tries + 1
        if best is None:
            return None
        (context, late, _), place = best
        needed = min(_LEAST_CONTEXT, len(before) + len(after))
        near = segment is not None and -late <= _NEAR_MS // 4
        if len(wanted) < _SHORT and context < needed and not near:
            return None
        return self._place(place, place + len(wanted))

    def _late(self, row: int, segment: Segment | None) -> int:
        """How far (ms) a cue is from where the mark was; 0 where nobody knows."""
        start = self._transcript.cues[row].start_ms
        return abs(start - segment.start_ms) if start is not None and segment is not None else 0

    def _place(self, first: int, last: int) -> Place:
        row = bisect_right(self._starts, first) - 1
        last_row = bisect_right(self._starts, last - 1) - 1
        cues = self._transcript.cues
        begin = _raw_offset(cues[row].text, 0, first - self._starts[row] + 1) - 1
        end = _raw_offset(cues[last_row].text, 0, last - self._starts[last_row])
        return Place(row, begin, last_row, end)

    def _squeezed_text(self) -> str:
        if self._text is None:
            parts, size = [], 0
            for cue in self._transcript.cues:
                self._starts.append(size)
                parts.append(_squeezed(cue.text))
                size += len(parts[-1])
            self._text = "".join(parts)
        return self._text

    def _alike(self, anchor: TextAnchor, segment: Segment | None) -> Place | None:
        if self._index is None:
            self._index = TranscriptIndex(self._transcript)
        near = segment.start_ms if segment is not None else None
        judgement = locate(self._index, anchor.exact, near)
        close = _is_near(judgement, near)
        sure = judgement.verdict in (Verdict.VERBATIM, Verdict.EDITED, Verdict.STITCHED)
        if (sure and (close or len(_squeezed(anchor.exact)) >= _SHORT)) or (
            close and judgement.verdict is Verdict.PARAPHRASE
        ):
            largest = max(judgement.places, key=lambda place: place.said_words[1] - place.said_words[0])
            return _around(largest.spans)
        return self._by_context(anchor, near)

    def _by_context(self, anchor: TextAnchor, near: int | None) -> Place | None:
        """What stands now between the words before and after: few words that were changed are found like that."""
        if (not anchor.prefix and not anchor.suffix) or self._index is None:
            return None
        begin = len(anchor.prefix) + 1 if anchor.prefix else 0
        end = begin + len(anchor.exact)
        judgement = locate(self._index, f"{anchor.prefix} {anchor.exact} {anchor.suffix}".strip(), near)
        if judgement.verdict not in (Verdict.VERBATIM, Verdict.EDITED):
            return None
        inside = [
            piece for piece in judgement.pieces if piece.quote_chars[0] < end and piece.quote_chars[1] > begin
        ]
        spans: list[CueSpan] = []
        for piece in inside:
            if begin <= piece.quote_chars[0] and piece.quote_chars[1] <= end:
                spans += piece.spans
        spans += [
            span
            for change in judgement.changes
            if begin <= change.quote_chars[0] and change.quote_chars[1] <= end
            for span in change.spans
        ]
        return _around(tuple(spans))


def _is_near(judgement: Judgement, near_ms: int | None) -> bool:
    start = judgement.start_ms
    return start is not None and near_ms is not None and abs(start - near_ms) <= _NEAR_MS


def _around(spans: tuple[CueSpan, ...]) -> Place | None:
    if not spans:
        return None
    first = min(spans, key=lambda span: (span.row, span.start))
    last = max(spans, key=lambda span: (span.row, span.end))
    return Place(first.row, first.start, last.row, last.end, exact=False)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _raw_offset(text: str, start: int, letters: int) -> int:
    """The character behind the ``letters``-th letter that is no white space, counted from ``start``."""
    at = start
    while letters > 0 and at < len(text):
        letters -= not text[at].isspace()
        at += 1
    return at


def _common(one: str, other: str, *, backwards: bool) -> int:
    """How many letters two texts share at their ends (``backwards``) or at their beginnings."""
    if backwards:
        one, other = one[::-1], other[::-1]
    size = min(len(one), len(other))
    return next((at for at in range(size) if one[at] != other[at]), size)


def _agrees(context: str, text: str, *, backwards: bool) -> bool:
    """Whether what stands beside the words is what stood there, as far as either goes (but a little of it)."""
    size = min(len(context), len(text), _LEAST_CONTEXT)
    return _common(context, text, backwards=backwards) >= size
