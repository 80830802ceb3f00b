"""Films, folders for editing programs and evidence bundles, made on a worker thread: clips first, then the rest."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from viewer.base.cancel import CancelToken, Progress
from viewer.domain.cited_quote import Outline
from viewer.domain.video import Segment
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.qt.jobs import JobRunner, Lane
from viewer.qt.one_order import OneOrder

if TYPE_CHECKING:  # what makes films is loaded when one is made, not at the start
    from viewer.export.film_parts import CardPainter
    from viewer.export.quote_sources import QuoteSourceReader
    from viewer.media.tools import Tools


class TakeOutKind(str, enum.Enum):
    """What is made of an outline."""

    FILM = "film"
    EDITING = "editing"
    EVIDENCE = "evidence"

    def __str__(self) -> str:
        return self.value


class FetchesForTakingOut(Protocol):
    """What is needed of :class:`viewer.media.fetcher.Fetcher`."""

    @property
    def tools(self) -> Tools:
        """The external programs."""
        ...

    def fetch(self, segment: Segment, progress: Progress, cancel: CancelToken) -> Clip:
        """The clip of ``segment``; blocks."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """What the user wants. ``target`` is the film's file; for the others the folder in which theirs is made.

    ``captions`` is the value of a ``film_parts.Captions``; ``cards`` is whether each clip has one before it.
    """

    kind: TakeOutKind
    title: str
    outline: Outline = field(repr=False)
    target: Path
    captions: str = "track"
    cards: bool = True


@dataclass(frozen=True, slots=True)
class TakeOutProgress:
    """How far an order is: clips are being fetched, or the rest is made. ``fraction`` of everything, 0..1."""

    fetching: bool
    number: int
    total: int
    fraction: float


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What was made, and where. Of a film: its length, and how many clips were copied or encoded anew."""

    kind: TakeOutKind
    path: Path
    clips: int
    size_bytes: int = 0
    duration_ms: int = 0
    copied: int = 0
    encoded: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an outline needs, as far as is known without the network: clips, their length, and how many are kept."""

    clips: int
    duration_ms: int
    kept: int


class TakingOut(OneOrder):
    """Carries out one order at a time; ``progressed`` brings a TakeOutProgress, ``done`` a TakenOut.

    Clips that came stay kept when an order is stopped.
    """

    counted = Signal(object)
    """Wanted"""

    def __init__(
        self,
        runner: JobRunner,
        store: ClipStore,
        fetcher: FetchesForTakingOut,
        painter: CardPainter,
        sources: Callable[[], QuoteSourceReader],
        parent: QObject | None = None,
    ) -> None:
        """``sources`` is called on the worker thread, once an order."""
        super().__init__(runner, parent)
        self._store = store
        self._fetcher = fetcher
        self._painter = painter
        self._sources = sources

    def count(self, outline: Outline) -> None:
        """Find out what ``outline`` needs; ``counted`` brings it."""
        store = self._store

        def look(progress: Progress, cancel: CancelToken) -> Wanted:
            from viewer.export.gathering import segments_of

            segments = segments_of(outline)
            kept = sum(store.find(segment) is not None for segment in segments)
            return Wanted(len(segments), sum(one.duration_ms for one in segments), kept)

        self._runner.start(Lane.STORE, look).succeeded.connect(self.counted)

    def start(self, order: Order) -> None:
        """Begin; nothing happens while another order is under way."""
        fetcher, painter, sources = self._fetcher, self._painter, self._sources

        def work(progress: Progress, cancel: CancelToken) -> TakenOut:
            return carry_out(order, fetcher, painter, sources(), progress, cancel)

        self.begin(work, order)


def carry_out(
    order: Order,
    fetcher: FetchesForTakingOut,
    painter: CardPainter,
    sources: QuoteSourceReader,
    progress: Progress,
    cancel: CancelToken,
) -> TakenOut:
    """Fetch what is missing, then make it. Blocks; progress gets TakeOutProgress. Raises ViewerError, Cancelled."""
    from viewer.export.gathering import GatherProgress, gather

    share = 0.0

    def fetching(value: object) -> None:
        nonlocal share
        if isinstance(value, GatherProgress):
            if value.fetch is not None and (value.fetch.fraction or 0.0) < 1.0:
                share = 0.5  # something really comes: it takes about as long as the rest
            progress(TakeOutProgress(True, value.number, value.total, value.fraction * share))

    clips = gather(order.outline, fetcher, fetching, cancel)

    def making(value: Any) -> None:
        number: int = getattr(value, "part", 0) or getattr(value, "number", 0)
        total: int = getattr(value, "parts", 0) or getattr(value, "total", 0)
        progress(TakeOutProgress(False, number, total, share + (1 - share) * value.fraction))

    if order.kind is TakeOutKind.FILM:
        return _film(order, clips, fetcher, painter, sources, making, cancel)
    if order.kind is TakeOutKind.EDITING:
        from viewer.export.editing import export_for_editing

        made = export_for_editing(
            *(order.title, order.outline, clips, order.target, fetcher.tools.ffmpeg), making, cancel
        )
        return TakenOut(order.kind, made.fcpxml, len(made.media))
    from viewer.export.evidence import export_evidence
    from viewer.media.tools import diagnose

    versions = {one.name: one.version for one in diagnose(fetcher.tools) if one.version}
    bundle = export_evidence(
        *(order.title, order.outline, clips, order.target, sources, versions), making, cancel
    )
    return TakenOut(order.kind, bundle.index, sum(one.clip is not None for one in bundle.exhibits))


def _film(
    order: Order,
    clips: dict[Segment, Clip],
    fetcher: FetchesForTakingOut,
    painter: CardPainter,
    sources: QuoteSourceReader,
    making: Progress,
    cancel: CancelToken,
) -> TakenOut:
    from viewer.export.film import make_film
    from viewer.export.film_parts import Captions, FilmOptions, plan_film

    options = FilmOptions(Captions(order.captions), order.cards)
    parts = plan_film(order.outline, options, sources.transcript_of)
    film = make_film(
        *(order.title, parts, clips, order.target, options, painter, fetcher.tools.ffmpeg), making, cancel
    )
    return TakenOut(
        order.kind, film.path, len(clips), film.size_bytes, film.duration_ms, film.copied, film.encoded
    )
