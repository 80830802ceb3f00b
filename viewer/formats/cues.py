"""Transcripts as people write them into notes: from lines to cues.

Seen in real notes: ``**Speaker:** [0:02](url) text``, ``[0:00](url) text``, ``Name (00:03:20):``, ``(00:01:21):``,
``\\[00:04:01.06\\]``, ``Name: 00:00:00``, ``0:00 text``, headings with times, and paragraphs with no time at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from viewer.domain.note import Chapter, Problem
from viewer.domain.timestamp import format_timestamp
from viewer.domain.transcript import Cue
from viewer.formats.cue_lines import (
    BOLD_SPEAKER,
    NAME_LINE,
    PLAIN_SPEAKER,
    CueStart,
    cue_start,
    is_capitalised,
    is_label,
    is_name,
    name_alone,
    without_speaker,
)
from viewer.formats.inline import TIME_TOKEN, TimeMark, plain, time_mark
from viewer.formats.points import RULE
from viewer.formats.problems import problem

_HTML = re.compile(r"[ \t]*</?(?:details|summary|br|p|div)\b[^>\n]{0,200}>[ \t]*", re.I)
_SUMMARY = re.compile(
    r"<summary\b[^>\n]{0,200}>[^<\n]{0,60}\b(?:transcript|transcription|click|expand|show|view|open)\b[^<\n]{0,60}</summary>",
    re.I,
)
"""The label of a folded transcript: it says nothing. Any other label is kept."""

"""The label of a folded part ("Click to expand"): no speech."""


@dataclass(slots=True)
class CueLines:
    """What a transcript's lines gave: cues in order, chapters named between them, lines that are neither."""

    cues: list[Cue] = field(default_factory=list)
    video_ids: list[str] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    start_ms: int | None
    end_ms: int | None
    speaker: str | None
    line: int
    words: list[str] = field(default_factory=list)
    perhaps: tuple[str, str] | None = None
    above: str | None = None
    """What may be the speaker: the line above the time, or the only words beside it (then ``beside`` is set)."""

    beside: bool = False
    chapter: Chapter | None = None

    def text(self) -> str:
        paragraphs = "\n".join(self.words).split("\n\n")
        return "\n\n".join(" ".join(part.split("\n")).strip() for part in paragraphs if part.strip())


class _CueReader:
    """Reads a transcript's lines in order; one object for one transcript."""

    def __init__(self, video_id: str | None) -> None:
        self.result = CueLines()
        self._video_id = video_id
        self._open: _Open | None = None
        self._done: list[_Open] = []
        self._pending: str | None = None
        self._pending_used = True
        self._pending_titles: list[tuple[str, int]] = []
        self._speaker: str | None = None
        self._after_rule = False

    def heading(self, title: str, line: int) -> None:
        """A heading within the transcript: a chapter, where it or the next cue has a time."""
        self._close()
        self._after_rule = False
        start = cue_start(title, line)
        found = start.mark if start is not None else self._time_at_end(title, line)
        if found is None:
            self._pending_titles.append((plain(title), line))
            return
        self._note_mark(found)
        words: list[str] = []
        if start is None:
            name = title[: found.begin] + title[found.end :]
        elif start.speaker:
            name, words = start.speaker, [start.text] if start.text.strip() else []
        else:
            name = start.text
        name = plain(name).strip(" ()[]-–—:|")
        chapter = (
            Chapter(name, found.start_ms, found.video_id or self._video_id, None, line) if name else None
        )
        self._open = _Open(found.start_ms, found.end_ms, None, line, words, chapter=chapter)

    @staticmethod
    def _time_at_end(title: str, line: int) -> TimeMark | None:
        for match in TIME_TOKEN.finditer(title, 0, 2500):
            if not title[match.end() :].strip(" )]*_"):
                return time_mark(match, line)
        return None

    def line(self, text: str, number: int) -> None:
        """One line below the last heading."""
        if "<" in text:
            label = "<summary" in text.lower()
            text = _HTML.sub(" ", _SUMMARY.sub(" ", text))
            if label and text.strip():
                self.result.others.append(text.strip())
                return
        bare = text.strip()
        if bare[:1] == "|":
            self._table_row(bare, number)
            return
        if not bare.strip("> "):
            self._blank()
            return
        if RULE.match(text):
            self._after_rule = True
            self._blank()
            return
        start = cue_start(text, number)
        if start is not None:
            self._begin(start, number)
            return
        if self._after_rule:
            # A line below the rule that ends the transcript: a footer, no speech.
            self.result.others.append(text)
            return
        self._words(bare, number)

    def _table_row(self, text: str, number: int) -> None:
        """A row of a table: time, perhaps speaker, words. Its head is no speech."""
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if not any(cell.strip(":-") for cell in cells):
            return
        start = cue_start(cells[0], number)
        if start is None:
            self.result.others.append(text)
        elif len(cells) == 3 and is_name(cells[1]):
            self._begin(replace(start, speaker=start.speaker or plain(cells[1]), text=cells[2]), number)
        else:
            self._begin(replace(start, text=" ".join([start.text, *cells[1:]]).strip()), number)

    def _begin(self, start: CueStart, number: int) -> None:
        above = self._name_above() if start.speaker is None and not start.text.strip() else None
        self._close()
        self._after_rule = False
        self._note_mark(start.mark)
        speaker = start.speaker or (self._speaker if start.goes_on else None) or self._take_pending()
        if start.speaker:
            self._drop_pending()
        self._place_titles(start.mark)
        pieces = _further_times(start.text, number)
        perhaps = start.perhaps if len(pieces) == 1 else None
        first = [pieces[0][1]]
        beside = above is None and start.speaker is None
        above = name_alone(first[0]) if beside else above
        self._open = _Open(
            start.mark.start_ms, start.mark.end_ms, speaker, number, first, perhaps, above, beside
        )
        self._speaker = speaker or self._speaker
        for mark, words in pieces[1:]:
            if mark is not None:
                self._close()
                self._note_mark(mark)
                self._open = _Open(mark.start_ms, mark.end_ms, None, number, [words])

    def _name_above(self) -> str | None:
        """What may be a name on the line above a time that stands alone, below an empty line."""
        words = self._open.words if self._open is not None else []
        return name_alone(words[-1]) if words and (len(words) == 1 or not words[-2]) else None

    def _place_titles(self, mark: TimeMark) -> None:
        for title, line in self._pending_titles:
            self.result.chapters.append(
                Chapter(title, mark.start_ms, mark.video_id or self._video_id, None, line)
            )
        self._pending_titles.clear()

    def _note_mark(self, mark: TimeMark) -> None:
        if mark.problem is not None:
            self.result.problems.append(mark.problem)
        if mark.video_id is not None and mark.video_id not in self.result.video_ids:
            self.result.video_ids.append(mark.video_id)

    def _words(self, text: str, number: int) -> None:
        waiting = self._open is not None and self._open.start_ms is not None and not any(self._open.words)
        alone, named = NAME_LINE.match(text), BOLD_SPEAKER.match(text)
        found = alone or named
        label = found is not None and is_label(found[1])
        if alone is not None and is_name(alone[1].strip()) and len(alone[1].split()) <= 6 and not label:
            if waiting and self._open is not None and self._open.speaker is None:
                self._open.speaker = self._speaker = plain(alone[1])
                return
            self._close()
            self._drop_pending()
            self._pending = self._speaker = plain(alone[1])
            self._pending_used = False
            return
        if named is not None and is_name(named[1].strip()) and not label:
            self._speaker = plain(named[1])
            if waiting and self._open is not None and self._open.speaker is None:
                self._open.speaker = self._speaker
                self._open.words.append(text[named.end() :])
                return
            self._close()
            self._drop_pending()
            words, mark = self._time_behind(text[named.end() :], number)
            self._open = _Open(
                mark.start_ms if mark else None, mark.end_ms if mark else None, self._speaker, number, [words]
            )
            return
        if self._open is not None and self._open.perhaps and self._open.start_ms is None:
            maybe = PLAIN_SPEAKER.match(text)
            if maybe is not None and len(maybe[1].split()) <= 4 and is_capitalised(maybe[1]):
                self._close()
        if self._open is None:
            self._open = _Open(None, None, self._take_pending(), number)
            maybe = PLAIN_SPEAKER.match(text)
            if self._open.speaker is None and maybe is not None and is_capitalised(maybe[1]):
                self._open.perhaps = (maybe[1].strip(), text[maybe.end() :])
        self._open.words.append(text)

    def _take_pending(self) -> str | None:
        """The speaker whose name stood alone on a line above."""
        self._pending_used = True
        return self._pending

    def _drop_pending(self) -> None:
        """Another speaker begins; a name after which nothing was said is kept as text."""
        if self._pending is not None and not self._pending_used:
            self.result.others.append(self._pending)
        self._pending, self._pending_used = None, True

    def _time_behind(self, text: str, number: int) -> tuple[str, TimeMark | None]:
        """Words and the linked time at their end: some write the time behind what was said."""
        for match in TIME_TOKEN.finditer(text[-2500:]) if text.endswith(")") else ():
            mark = time_mark(match, number) if match["label"] is not None else None
            if mark is not None and match.end() == min(len(text), 2500):
                self._note_mark(mark)
                return text[: len(text) - (match.end() - match.start())].rstrip(" (—–-"), mark
        return text, None

    def _blank(self) -> None:
        if self._open is None:
            return
        if self._open.start_ms is None and self._open.speaker is None and any(self._open.words):
            self._close()
        else:
            self._open.words.append("")

    def _close(self) -> None:
        if self._open is not None:
            self._done.append(self._open)
        self._open = None

    def finish(self) -> CueLines:
        """Everything read, with the speakers that only the whole can tell."""
        self._close()
        self._drop_pending()
        for title, line in self._pending_titles:
            self._done.append(_Open(None, None, None, line, [title]))
        self._names_on_lines()
        self._chapters_or_speakers()
        named = {item.speaker for item in self._done if item.speaker}
        names = _sure_speakers([item.perhaps for item in self._done], named)
        boxed = sum(item.perhaps is not None and item.perhaps[0][0] == "[" for item in self._done)
        if boxed * 2 < len(self._done):
            names = {name for name in names if name[0] != "["}
        for item in self._done:
            speaker, words = item.speaker, item.text()
            if item.perhaps is not None and speaker is None and item.perhaps[0] in names:
                speaker = item.perhaps[0].strip("[]")
                words = without_speaker(words)
            text = plain(words)
            if text or item.start_ms is not None:
                self.result.cues.append(Cue(item.start_ms, item.end_ms, speaker, text, item.line))
        self._drop_empty()
        return self.result

    def _names_on_lines(self) -> None:
        """Names on lines of their own, above a time or behind it: a few that come again and again are speakers."""
        timed = sum(item.start_ms is not None for item in self._done)
        for beside in (False, True):
            found = [item.above for item in self._done if item.above and item.beside is beside]
            if len(found) < 3 or len(set(found)) * 2 > len(found) or len(found) * 2 < timed:
                continue
            before: _Open | None = None
            for item in self._done:
                if item.above and item.beside is beside and (not beside or any(item.words[1:])):
                    if beside:
                        item.words = item.words[1:]
                    elif before is not None:
                        before.words = before.words[:-1]
                    item.speaker = item.above
                before = item

    def _chapters_or_speakers(self) -> None:
        """Headings with times are chapters, unless the same few come again and again: then they are speakers."""
        headed = [item for item in self._done if item.chapter is not None]
        titles = {item.chapter.title for item in headed if item.chapter is not None}
        if len(headed) >= 3 and len(titles) * 3 <= len(headed) * 2:
            for item in headed:
                item.speaker = item.speaker or (item.chapter.title if item.chapter else None)
            return
        self.result.chapters.extend(item.chapter for item in headed if item.chapter is not None)
        self.result.chapters.sort(key=lambda chapter: chapter.line or 0)

    def _drop_empty(self) -> None:
        """A heading's time with cues of their own below it makes no cue."""
        self.result.cues = [cue for cue in self.result.cues if cue.text or cue.speaker]


_OFTEN = 3
"""So often a beginning is said that is a speaker's name though others are set off in bold."""


def _sure_speakers(candidates: Iterable[tuple[str, str] | None], named: set[str]) -> set[str]:
    """Which ``Name:`` beginnings are speakers: few names, said again and again, and those ``named`` surely elsewhere."""
    counts = Counter(candidate[0] for candidate in candidates if candidate is not None)
    if named:
        return named | {name for name, count in counts.items() if count >= _OFTEN}
    total = sum(counts.values())
    if total < 2 or len(counts) > max(2, total // 2):
        return set()
    return set(counts)


def _further_times(text: str, number: int) -> list[tuple[TimeMark | None, str]]:
    """Split text at further links whose label is a time: each begins a cue of its own."""
    if "](" not in text:
        return [(None, text)]
    pieces: list[tuple[TimeMark | None, str]] = []
    mark: TimeMark | None = None
    begin = 0
    for match in TIME_TOKEN.finditer(text):
        if match["label"] is None:
            continue
        found = time_mark(match, number)
        if found is None or not found.linked:
            continue
        pieces.append((mark, text[begin : match.start()].strip()))
        mark, begin = found, match.end()
    pieces.append((mark, text[begin:].strip()))
    return pieces


def read_cues(lines: Sequence[tuple[int, str, bool]], video_id: str | None) -> CueLines:
    """Read a transcript's lines: (1-based number, text, whether it is a heading), in order."""
    reader = _CueReader(video_id)
    for number, text, is_heading in lines:
        if is_heading:
            reader.heading(text, number)
        else:
            reader.line(text, number)
    return reader.finish()


def times_backwards(cues: Iterable[Cue]) -> Problem | None:
    """The problem of a transcript whose times run backwards somewhere; None when they do not."""
    previous: int | None = None
    first: Cue | None = None
    count = 0
    for cue in cues:
        if cue.start_ms is None:
            continue
        if previous is not None and cue.start_ms < previous:
            count += 1
            first = first or cue
        previous = cue.start_ms
    if first is None or first.start_ms is None:
        return None
    where = format_timestamp(first.start_ms)
    more = (
        f", and in {count - 1} more places" if count > 2 else ", and in one more place" if count == 2 else ""
    )
    return problem(
        "times-backwards", first.line, f"The times run backwards at {where}{more}; the file's order was kept."
    )
