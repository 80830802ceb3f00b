"""Is it true, and where was it said? Every highlight and quote of a note laid over the transcripts of its videos."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from viewer.domain.alignment import TranscriptIndex, locate
from viewer.domain.judgement import Change, CueSpan, Judgement, Verdict
from viewer.domain.note import Note, NoteFormat
from viewer.domain.paragraphs import readable
from viewer.domain.transcript import Transcript, with_ends
from viewer.domain.video import Segment, VideoRef
from viewer.domain.word_transfer import with_word_times
from viewer.domain.words import quote_words

NEAR_MS = 10_000
"""Words that begin so near to the note's time, or anywhere in the note's clip, are where the note says."""

_SHORT_CUE_WORDS = 20
"""Cues with fewer words on average are captions, made for the screen: they are joined before they are read."""

_SAME_WORDS = 0.25
"""A talk that lacks more of the words, however common, is in another language; of the same language it has half."""

_FEW_WORDS = 15
"""From fewer words no language can be told; the note's prose is asked as well, as far as its beginning goes."""
_PROSE_CHARS = 2000

_RANK = {
    Verdict.VERBATIM: 0,
    Verdict.EDITED: 1,
    Verdict.STITCHED: 2,
    Verdict.PARAPHRASE: 3,
    Verdict.NOT_FOUND: 4,
    Verdict.CANNOT_BE_CHECKED: 5,
}

_UNKNOWN = Judgement(Verdict.CANNOT_BE_CHECKED)


class QuoteKind(str, enum.Enum):
    """Which of a note's lists a quote stands in."""

    HIGHLIGHT = "highlight"
    QUOTE = "quote"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is known of what was said in one video.

    ``reading`` is the transcript to show: the note's own where it has one, else captions joined to paragraphs.
    ``compared`` are the transcripts to compare with, that of ``reading`` first; none when nothing is known.
    ``indexes`` are those made ready for comparing: some MB for an hour of talk, so who only shows what was found
    keeps it :meth:`unindexed`.
    """

    video: VideoRef | None
    reading: Transcript = field(default_factory=Transcript)
    compared: tuple[Transcript, ...] = ()
    indexes: tuple[TranscriptIndex, ...] = ()

    @classmethod
    def of(cls, video: VideoRef | None, reading: Transcript, indexes: Iterable[TranscriptIndex]) -> Spoken:
        """With the transcripts of these indexes."""
        made = tuple(indexes)
        return cls(video, reading, tuple(index.transcript for index in made), made)

    def unindexed(self) -> Spoken:
        """The same for reading: quotes cannot be checked with it any more."""
        return replace(self, indexes=())


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """One quote of a note, judged.

    ``kind`` and ``row`` say where it stands: ``note.highlights[row]`` or ``note.quotes[row]``. ``note_start_ms`` and
    ``note_end_ms`` are the note's own range (ms). ``judgement`` speaks of the transcript with this ``origin``;
    ``marks`` are the quote's words in the transcript that is read (:attr:`Spoken.reading`). ``elsewhere``: the words
    were said, but not where the note says.
    """

    kind: QuoteKind
    row: int
    text: str
    speaker: str | None = None
    section: str | None = None
    video: VideoRef | None = None
    note_start_ms: int | None = None
    note_end_ms: int | None = None
    judgement: Judgement = _UNKNOWN
    origin: str = ""
    marks: tuple[CueSpan, ...] = ()
    elsewhere: bool = False

    @property
    def verdict(self) -> Verdict:
        """How true the quote is."""
        return self.judgement.verdict

    @property
    def video_id(self) -> str | None:
        """The video in which it was looked for or found."""
        return self.video.id if self.video else None

    @property
    def start_ms(self) -> int | None:
        """When its first word is said (ms); None when not found."""
        return self.judgement.start_ms

    @property
    def end_ms(self) -> int | None:
        """When its last word has been said (ms); None when not found."""
        return self.judgement.end_ms

    @property
    def said(self) -> str:
        """What was said there, in the transcript's words."""
        return self.judgement.said

    @property
    def differences(self) -> tuple[Change, ...]:
        """The comparison word by word, equal stretches included, in the quote's order."""
        return self.judgement.changes

    @property
    def to_check(self) -> bool:
        """Whether somebody should look before this is printed: its words differ, or its time does."""
        return self.elsewhere or self.verdict not in (Verdict.VERBATIM, Verdict.CANNOT_BE_CHECKED)

    def words_segment(
        self, lead_in_ms: int = 0, tail_ms: int = 0, duration_ms: int | None = None
    ) -> Segment | None:
        """From the first word to the last, with a lead-in and a tail, within the video; None when not found."""
        if self.video is None or self.start_ms is None or self.end_ms is None:
            return None
        start = max(0, self.start_ms - lead_in_ms)
        end = self.end_ms + tail_ms
        if duration_ms is not None and start < duration_ms:
            end = min(end, duration_ms)
        return Segment(self.video, start, end) if end > start else None


def reads_as_it_is(note: Note) -> bool:
    """Whether the note's transcript was written to be read, not cut for the screen as captions are."""
    return note.format is not NoteFormat.CAPTIONS and note.transcript.origin == "note"


def best_transcripts(
    note: Note, side: Sequence[Transcript] = (), kept: Mapping[str, Transcript] | None = None
) -> dict[str, Spoken]:
    """For each video of the note (by id; ``""`` for a transcript that names none) what was said in it.

    ``side`` are the transcripts of caption files beside the note, as they came; ``kept`` fetched captions by video
    id. The note's own transcript is read first; the word times of the others make it exact.
    """
    own = note.transcript
    main = own.video_id or (note.video.id if note.video else "")
    joins = not reads_as_it_is(note)
    result: dict[str, Spoken] = {}
    ids = [video.id for video in note.videos] or ([main] if own.cues or side else [])
    for video_id in dict.fromkeys(ids):
        others = [*side] if video_id == main else []
        if kept and video_id in kept:
            others.append(kept[video_id])
        single = len(note.videos) <= 1
        duration = note.metadata.duration_ms if single else None
        result[video_id] = _spoken(
            note.video_by_id(video_id or None),
            own if video_id == main else Transcript(),
            [other for other in others if other.cues and other.origin != own.origin],
            joins,
            duration,
        )
    return result


def _spoken(
    video: VideoRef | None,
    own: Transcript,
    others: Sequence[Transcript],
    joins: bool,
    duration_ms: int | None,
) -> Spoken:
    """What is known of one video; ``joins``: the ``own`` transcript is made of captions, to be joined to be read."""
    worded = next((other for other in others if _has_words(other)), None)
    if own.cues and not joins:
        indexes = [TranscriptIndex(other, duration_ms) for other in others]
        reading = own
        if worded is not None:
            reading = with_word_times(own, indexes[others.index(worded)])
            if not own.timed:
                reading = _timed_by_words(reading, duration_ms)
        first = TranscriptIndex(reading, duration_ms)
        return Spoken.of(video, reading, (first, *(index for index in indexes if _same_talk(first, index))))
    if not own.cues and not others:
        return Spoken(video)
    best = own if own.cues else worded or others[0]
    reading = _joined(best)
    compared = [reading, *(other for other in others if other is not best)]
    if reading is not best and not all(cue.words for cue in reading.cues):
        # A paragraph has no time for each of its words: the captions it was made from are nearer to the place.
        compared.insert(1, best)
    return Spoken.of(video, reading, (TranscriptIndex(each, duration_ms) for each in compared))


def _has_words(transcript: Transcript) -> bool:
    return any(cue.words for cue in transcript.cues)


def _timed_by_words(transcript: Transcript, duration_ms: int | None) -> Transcript:
    """Give cues that have no time the time of their first word."""
    cues = [
        replace(cue, start_ms=cue.words[0]) if cue.start_ms is None and cue.words else cue
        for cue in transcript.cues
    ]
    return Transcript(with_ends(cues, duration_ms), transcript.origin, transcript.video_id)


def _joined(transcript: Transcript) -> Transcript:
    """The transcript; when it is made of short captions, joined to paragraphs."""
    timed = [cue for cue in transcript.cues if cue.start_ms is not None]
    if sum(len(cue.text.split()) for cue in timed) >= _SHORT_CUE_WORDS * len(timed):
        return transcript
    return readable(transcript).transcript


def _same_talk(one: TranscriptIndex, other: TranscriptIndex) -> bool:
    """Whether two transcripts share enough words to be of one talk in one language."""
    return _shared_words(one.tokens.keys, other) >= 2 * _SAME_WORDS


def _shared_words(keys: Sequence[str], index: TranscriptIndex) -> float:
    return sum(key in index.positions for key in keys) / len(keys) if keys else 1.0


def check_quotes(note: Note, spoken: Mapping[str, Spoken]) -> tuple[QuoteCheck, ...]:
    """Judge every highlight and every quote of the note, in the note's order: highlights, then quotes. Never raises.

    ``spoken`` comes from :func:`best_transcripts`. A highlight without a quote is not among them.
    """
    checks = [
        QuoteCheck(
            QuoteKind.HIGHLIGHT,
            row,
            item.quote,
            item.speaker,
            None,
            note.video_by_id(item.video_id),
            item.start_ms,
            item.end_ms,
        )
        for row, item in enumerate(note.highlights)
        if item.quote
    ]
    checks += [
        QuoteCheck(
            QuoteKind.QUOTE,
            row,
            item.text,
            item.speaker,
            item.section,
            note.video_by_id(item.video_id),
            item.start_ms,
            item.end_ms,
        )
        for row, item in enumerate(note.quotes)
    ]
    judged = [_judged(check, spoken) for check in checks]
    return tuple(_unless_foreign(note, judged, spoken))


def _judged(check: QuoteCheck, spoken: Mapping[str, Spoken]) -> QuoteCheck:
    """The check with the best judgement that any transcript of its video gives; of any video when it names none."""
    if check.video_id is None:
        places = list(spoken.values())
    else:
        places = [spoken[check.video_id]] if check.video_id in spoken else []
    found = [_judged_in(check, place) for place in places]
    if not found:
        return check
    best = min(found, key=lambda one: _RANK[one.verdict])
    if not best.judgement.found and len(found) > 1:
        # Of several videos it may be the one whose words are not known.
        unknown = any(one.verdict is Verdict.CANNOT_BE_CHECKED for one in found)
        return replace(best, video=None, judgement=_UNKNOWN if unknown else best.judgement)
    return replace(best, elsewhere=_is_elsewhere(best))


def _judged_in(check: QuoteCheck, place: Spoken) -> QuoteCheck:
    near = check.note_start_ms
    best: tuple[tuple[int, bool], Judgement, str] | None = None
    others: list[Judgement] = []
    marks: tuple[CueSpan, ...] = ()
    for number, index in enumerate(place.indexes):
        judgement = locate(index, check.text, near)
        if number == 0:
            marks = judgement.spans
        rank = (_RANK[judgement.verdict], judgement.start_ms is None)
        if best is None or rank < best[0]:
            best = rank, judgement, index.transcript.origin
        if judgement.start_ms is not None:
            others.append(judgement)
        if judgement.verdict is Verdict.VERBATIM and judgement.exact:
            break
    if best is None:
        return replace(check, video=check.video or place.video)
    _, judgement, origin = best
    # Another transcript of the same words may know their time, or know it better.
    nearest = min((one for one in others if _agree(judgement, one)), key=_vagueness, default=judgement)
    if _vagueness(nearest) < _vagueness(judgement):
        judgement = replace(judgement, start_ms=nearest.start_ms, end_ms=nearest.end_ms, exact=nearest.exact)
    return replace(check, video=check.video or place.video, judgement=judgement, origin=origin, marks=marks)


def _vagueness(judgement: Judgement) -> tuple[bool, bool, int]:
    """Orders judgements of the same words by how closely their times are known, the closest first."""
    start, end = judgement.start_ms, judgement.end_ms
    untimed = start is None or end is None
    # Known to the word, a longer stretch is no vaguer than a shorter one.
    length = 0 if judgement.exact or start is None or end is None else end - start
    return untimed, not judgement.exact, length


def _agree(coarse: Judgement, exact: Judgement) -> bool:
    """Whether both judgements point at the same moment."""
    if not coarse.found or exact.start_ms is None or exact.end_ms is None:
        return False
    if coarse.start_ms is None or coarse.end_ms is None:
        return True
    return exact.start_ms <= coarse.end_ms + NEAR_MS and exact.end_ms >= coarse.start_ms - NEAR_MS


def _is_elsewhere(check: QuoteCheck) -> bool:
    """Whether the words were said, and not within the note's range nor near to its time."""
    judgement, note_start = check.judgement, check.note_start_ms
    if note_start is None or not judgement.found or judgement.verdict is Verdict.PARAPHRASE:
        return False
    first = note_start - NEAR_MS
    last = max(note_start + NEAR_MS, check.note_end_ms or 0)
    ranges = [(judgement.start_ms, judgement.end_ms, judgement.exact)]
    if len(judgement.places) > 1:
        ranges += [(place.start_ms, place.end_ms, place.exact) for place in judgement.places]
    for start, end, exact in ranges:
        if start is None or end is None:
            return False
        # Of a cue's time it is only known that the words lie in it.
        if start <= last and (start if exact else end) >= first:
            return False
    return True


def _unless_foreign(note: Note, checks: list[QuoteCheck], spoken: Mapping[str, Spoken]) -> list[QuoteCheck]:
    """Take back "not found" where the talk is in another language than the quotes: that proves nothing."""
    foreign = set()
    for video_id in {check.video_id or "" for check in checks if check.verdict is Verdict.NOT_FOUND}:
        places = [spoken[video_id]] if video_id in spoken else list(spoken.values())
        keys: list[str] = []
        for check in checks:
            if (check.video_id or "") == video_id:
                keys += quote_words(check.text).tokens.keys
        if len(keys) < _FEW_WORDS:
            prose = " ".join([note.summary or "", *(section.markdown for section in note.sections[:3])])
            keys += quote_words(prose[:_PROSE_CHARS]).tokens.keys
        if all(_shared_words(keys, index) < _SAME_WORDS for place in places for index in place.indexes):
            foreign.add(video_id)
    if not foreign:
        return checks
    return [
        replace(check, judgement=_UNKNOWN)
        if check.verdict is Verdict.NOT_FOUND and (check.video_id or "") in foreign
        else check
        for check in checks
    ]
