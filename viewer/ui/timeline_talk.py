"""What the timeline shows of the talk itself: how densely it names things, advertisement, what is kept, the chapters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from viewer.base.language import tr, tr_n
from viewer.domain.note import Note
from viewer.domain.timestamp import format_range, format_timestamp
from viewer.domain.video import VideoRef
from viewer.ui.theme import Theme

MENTIONS, ADS, KEPT, CHAPTERS, HITS = "mentions", "ads", "kept", "chapters", "hits"
KINDS = (MENTIONS, ADS, KEPT, CHAPTERS, HITS)

_BARS = 96
"""The talk is cut into so many parts; a bar's height says how much is named in its part."""

_TOP, _HEIGHT = 67.0, 13.0
"""Where the lane lies in the strip, px from its top."""

MIDDLE = _TOP + _HEIGHT / 2


@dataclass(frozen=True, slots=True)
class Spot:
    """Something at a place of the talk, ``start_ms`` to ``end_ms``; ``words`` say what. ``weight`` is a bar's height, 0 to 1."""

    kind: str
    start_ms: int
    end_ms: int
    words: str
    weight: float = 1.0

    @property
    def spoken(self) -> str:
        """Its time and its words."""
        return f"{format_timestamp(self.start_ms)}  {self.words}"


def kind_words(kind: str) -> str:
    """The name of a kind of spot."""
    return {
        MENTIONS: tr("Mentions"),
        ADS: tr("Advertisement"),
        KEPT: tr("Kept offline"),
        CHAPTERS: tr("Chapters"),
        HITS: tr("Found places"),
    }[kind]


class TalkLane:
    """The spots of one talk, by kind."""

    def __init__(self) -> None:
        self._spots: dict[str, list[Spot]] = {kind: [] for kind in KINDS}
        self._video: VideoRef | None = None

    def spots(self, kind: str) -> Sequence[Spot]:
        """What there is of one kind, by time."""
        return self._spots[kind]

    @property
    def kinds(self) -> list[str]:
        """The kinds of which there is something."""
        return [kind for kind in KINDS if self._spots[kind]]

    def show_note(self, note: Note | None, video: VideoRef | None, duration_ms: int) -> None:
        """Take what the note says about this video; what is kept of the same video stays."""
        kept = self._spots[KEPT] if video == self._video else []
        self._video = video
        self._spots = {kind: [] for kind in KINDS}
        self._spots[KEPT] = kept
        if note is None or video is None or not duration_ms:
            return
        self._spots[MENTIONS] = _mentions(note, video, duration_ms)
        if (note.video_by_id(note.transcript.video_id) or note.video) == video:
            self._spots[ADS] = _ads(note, duration_ms)
        starts = [chapter for chapter in note.chapters if chapter.start_ms <= duration_ms]
        for chapter, after in itertools.zip_longest(starts, starts[1:]):
            end = after.start_ms if after is not None else duration_ms
            words = tr("Chapter: {title}").format(title=chapter.title)
            self._spots[CHAPTERS].append(Spot(CHAPTERS, chapter.start_ms, max(chapter.start_ms, end), words))

    def set_kept(self, stretches: Iterable[tuple[int, int]]) -> bool:
        """These stretches (ms) are kept offline; False when that was known."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(stretches):
            if merged and start <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        words = tr("Kept offline: {place}")
        spots = [Spot(KEPT, a, b, words.format(place=format_range(a, b))) for a, b in merged]
        changed = spots != self._spots[KEPT]
        self._spots[KEPT] = spots
        return changed

    def set_hits(self, places_ms: Iterable[int]) -> None:
        """A search found something at these places."""
        words = tr("Found by the search")
        self._spots[HITS] = [Spot(HITS, place, place, words) for place in sorted(places_ms)]

    def words_at(self, ms: int, reach_ms: int) -> list[str]:
        """What there is at ``ms``, in a line each; what has no length counts within ``reach_ms``."""
        found = []
        for kind in (CHAPTERS, HITS, MENTIONS, ADS, KEPT):
            for spot in self._spots[kind]:
                reach = reach_ms if spot.end_ms == spot.start_ms else 0
                if spot.start_ms - reach <= ms <= spot.end_ms + reach:
                    found.append(spot.words)
                    break
        return found

    # -- painting --------------------------------------------------------------------------------------------

    def shape(self, spot: Spot, x_of: Callable[[int], float]) -> QRectF:
        """Where a spot is drawn; ``x_of`` gives the place of a time."""
        left, right = x_of(spot.start_ms), x_of(spot.end_ms)
        return QRectF(left, _TOP, max(4.0, right - left), _HEIGHT)

    def paint(self, painter: QPainter, theme: Theme, x_of: Callable[[int], float]) -> None:
        """Hatching for advertisement, bars for mentions, a line beneath for what is kept: told apart without colour."""
        floor = _TOP + _HEIGHT
        for spot in self._spots[ADS]:
            painter.setPen(QPen(theme.color("warning"), 1))
            painter.setBrush(QBrush(theme.color("warning"), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(self.shape(spot, x_of).adjusted(0, 0, 0, -3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("mention"))
        for spot in self._spots[MENTIONS]:
            place = self.shape(spot, x_of)
            height = 3 + (_HEIGHT - 7) * spot.weight
            width = max(2.0, place.width() - 1)
            painter.drawRect(QRectF(place.left(), floor - 4 - height, width, height))
        painter.setPen(QPen(theme.color("success"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for spot in self._spots[KEPT]:
            left = x_of(spot.start_ms)
            painter.drawLine(QPointF(left, floor - 1), QPointF(max(left + 3, x_of(spot.end_ms)), floor - 1))


def _mentions(note: Note, video: VideoRef, duration_ms: int) -> list[Spot]:
    names: dict[int, list[str]] = {}
    for mention in note.mentions:
        about = note.video_by_id(mention.video_id) if mention.video_id else note.video
        if mention.start_ms is not None and about == video and mention.start_ms <= duration_ms:
            part = min(_BARS - 1, mention.start_ms * _BARS // duration_ms)
            names.setdefault(part, []).append(mention.name)
    most = max(map(len, names.values()), default=1)
    spots = []
    for part, found in sorted(names.items()):
        shown = ", ".join(dict.fromkeys(found))
        words = tr_n("{n} mention: {names}", "{n} mentions: {names}", len(found))
        words = words.format(n=len(found), names=shown if len(shown) <= 120 else shown[:119] + "…")
        start = -(-part * duration_ms // _BARS)
        spots.append(Spot(MENTIONS, start, (part + 1) * duration_ms // _BARS, words, len(found) / most))
    return spots


def _ads(note: Note, duration_ms: int) -> list[Spot]:
    stretches: list[list[int]] = []
    cues = [cue for cue in note.transcript.cues if cue.start_ms is not None]
    open_ended = False
    for cue in cues:
        start = cue.start_ms or 0
        if open_ended and stretches:
            stretches[-1][1] = max(stretches[-1][0], start)
            open_ended = False
        if cue.ad:
            if stretches and stretches[-1][1] >= start:
                stretches[-1][1] = max(stretches[-1][1], cue.end_ms or start)
            else:
                stretches.append([start, cue.end_ms or start])
            open_ended = cue.end_ms is None
    if open_ended and stretches:
        stretches[-1][1] = duration_ms
    words = tr("Advertisement: {place}")
    return [Spot(ADS, a, b, words.format(place=format_range(a, b))) for a, b in stretches]
