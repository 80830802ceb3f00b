"""Timed text files: WebVTT, SRT and YouTube's XML captions, from text to cues.

https://www.w3.org/TR/webvtt1/ describes WebVTT; YouTube's automatic captions add ``<00:00:01.000><c> word</c>`` and
roll: every line is shown again above the next one. SRT has no standard; XML captions are YouTube's srv1 to srv3.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from viewer.domain.note import Chapter, Metadata, Problem
from viewer.domain.timestamp import parse_timestamp
from viewer.domain.transcript import Cue
from viewer.domain.video import VideoRef
from viewer.formats.problems import problem
from viewer.formats.repair import repair

_ARROW = re.compile(
    r"[ \t]*(\d{1,4}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?)[ \t]*-->[ \t]*(\d{1,4}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?)(?:[ \t].*)?\Z"
)
_WORD_TIME = re.compile(r"<(\d{1,4}:\d{2}(?::\d{2})?[.,]\d{1,3})>")
_VOICE = re.compile(r"<v(?:\.[^ \t>]{0,80})?[ \t]+([^>]{1,100})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
_SPOKEN_NAME = re.compile(r"(?:>>+[ \t]*)?\[?([A-Z][\w .'’-]{0,40}?)\]?:[ \t]+(?=\S)")
_XML_START = re.compile(r"<(?:text|p)\b([^>]{0,300})>")
_XML_END = re.compile(r"</(?:text|p)>")
_XML_ATTRIBUTE = re.compile(r"\b(start|dur|t|d)=\"([0-9.]{1,12})\"")


@dataclass(slots=True)
class SideText:
    """What one caption or side file holds."""

    kind: str
    """``vtt``, ``srt``, ``json3``, ``xml``, ``speakers``, ``segments`` (those without speakers) or ``info``."""

    cues: tuple[Cue, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    video: VideoRef | None = None
    chapters: tuple[Chapter, ...] = ()
    summary: str | None = None
    others: str = ""
    """Text that is no cue (comments, cues with a broken time): shown as a section, so that nothing is lost."""

    problems: list[Problem] = field(default_factory=list)


def is_srt(text: str) -> bool:
    """Whether a text begins like SRT: with a cue's times, or with a number and then those."""
    first, _, rest = text.partition("\n")
    line = rest.partition("\n")[0] if first.strip().isdigit() else first
    return len(line) < 200 and _ARROW.match(line) is not None


def read_blocks(text: str, kind: str) -> SideText:
    """Read blocks of ``start --> end`` and text. What is no cue (a comment, a bad time) becomes ``others``."""
    text, damage = repair(text)
    found: list[tuple[Cue, list[str]]] = []
    bad: list[int] = []
    lines = text.split("\n")
    used = bytearray(len(lines))
    arrows = [row for row, line in enumerate(lines) if "-->" in line]
    for row, following in pairwise([*arrows, len(lines)]):
        match = _ARROW.match(lines[row]) if len(lines[row]) < 400 else None
        start = parse_timestamp(match[1]) if match else None
        end = parse_timestamp(match[2]) if match else None
        if start is None or end is None:
            bad.append(row + 1)
            continue
        words, end_row = _block_text(lines, row + 1, following, kind)
        name = lines[row - 1].strip() if row and not used[row - 1] else ""
        begin = row - 1 if name.isdigit() or (name and kind == "vtt") else row
        used[begin:end_row] = b"\1" * (end_row - begin)
        cue = _cue(start, max(end, start), words, row + 1)
        if cue.text:
            found.append((cue, [_clean(line) for line in words]))
    side = SideText(kind, tuple(_without_rolling(found)), problems=[damage] if damage else [])
    if kind == "vtt":
        side.metadata = _vtt_header(lines)
    side.others = _others(lines, used)
    if bad or not found:
        message = f"{len(bad) or 'All'} parts of this caption file are no cues; they are shown as text."
        side.problems.append(problem("captions-broken", bad[0] if bad else None, message))
    return side


def _block_text(lines: Sequence[str], begin: int, following: int, kind: str) -> tuple[list[str], int]:
    """The lines of a cue and the row behind it: in WebVTT it ends at an empty line (one blank is YouTube's)."""
    if kind == "vtt":
        end = begin
        while end < following and lines[end]:
            end += 1
        return list(lines[begin:end]), end
    end = following
    if following < len(lines) and end > begin and lines[end - 1].strip().isdigit():
        end -= 1  # the number of the next cue
    return [line for line in lines[begin:end] if line.strip()], end


def _others(lines: Sequence[str], used: bytearray) -> str:
    """The lines outside all cues, without WebVTT's header and its blocks of style."""
    kept: list[str] = []
    skipping = bool(lines) and lines[0].lstrip("\ufeff").startswith("WEBVTT")
    for line, taken in zip(lines, used, strict=True):
        bare = line.strip()
        if not bare:
            skipping = False
        elif bare in ("STYLE", "REGION"):
            skipping = True
        if not taken and not skipping and bare != "NOTE":
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _vtt_header(lines: Sequence[str]) -> Metadata:
    title = lines[0].partition("WEBVTT")[2].strip(" \t-–—")
    return Metadata(title if len(title) <= 200 else "")


def _cue(start: int, end: int, lines: Sequence[str], number: int) -> Cue:
    raw = "\n".join(lines)
    speaker = None
    voice = _VOICE.search(raw) if "<v" in raw else None
    if voice is not None:
        speaker = html.unescape(voice[1]).strip()
    words: tuple[int, ...] = ()
    if _WORD_TIME.search(raw):
        return _timed_cue(start, end, raw, speaker, number)
    text = _clean(raw)
    if speaker is None:
        named = _SPOKEN_NAME.match(text)
        if named is not None and len(named[1].split()) <= 4:
            speaker, text = named[1].strip(), text[named.end() :]
    return Cue(start, end, speaker, text, number, words=words)


def _timed_cue(start: int, end: int, raw: str, speaker: str | None, number: int) -> Cue:
    """A cue with ``<00:00:01.000>`` between its words: only the line that has them is new, the others repeat."""
    fresh = [line for line in raw.split("\n") if _WORD_TIME.search(line)]
    texts: list[str] = []
    times: list[int] = []
    now = start
    for line in fresh:
        for place, piece in enumerate(_WORD_TIME.split(line)):
            if place % 2:
                now = parse_timestamp(piece) or now
                continue
            for word in _clean(piece).split():
                texts.append(word)
                times.append(now)
    return Cue(start, end, speaker, " ".join(texts), number, words=tuple(times))


def _clean(text: str) -> str:
    if "<" in text or "{" in text:
        text = _TAG.sub("", _WORD_TIME.sub("", text))
    return " ".join(html.unescape(text).split())


def _without_rolling(found: Sequence[tuple[Cue, list[str]]]) -> list[Cue]:
    """Cues without what rolling captions repeat: lines of one cue that are shown again at the top of the next."""
    shown: list[str] = []
    last: Cue | None = None
    fresh: list[tuple[Cue, list[str] | None]] = []
    repeated = 0
    for cue, lines in found:
        lines = [line for line in lines if line]
        again = _repeated(shown, lines) if last is not None and _follows(last, cue) else 0
        repeated += bool(again)
        fresh.append((cue, lines[again:] if again else None))
        shown, last = lines, cue
    timed = any(cue.words for cue, _ in found)
    if not timed and repeated * 3 < len(found):
        return [cue for cue, _ in found]  # somebody said the same twice
    result: list[Cue] = []
    for cue, left in fresh:
        if left is not None and not left and result:
            result[-1] = replace(result[-1], end_ms=max(result[-1].end_ms or 0, cue.end_ms or 0))
        elif cue.words or left is None:
            result.append(cue)
        else:
            result.append(replace(cue, text=" ".join(left)))
    return trimmed_cues(result)


def _follows(last: Cue, cue: Cue) -> bool:
    return cue.start_ms is not None and last.end_ms is not None and cue.start_ms - last.end_ms <= 100


def _repeated(shown: Sequence[str], lines: Sequence[str]) -> int:
    """How many lines at the top of a cue are those at the bottom of the one before."""
    for count in range(min(len(shown), len(lines)), 0, -1):
        if list(shown[-count:]) == list(lines[:count]):
            return count
    return 0


def trimmed_cues(cues: Sequence[Cue]) -> list[Cue]:
    """Cues that end where the next one begins: rolling captions stay on the screen while the next is said."""
    result = list(cues)
    for row, (cue, following) in enumerate(pairwise(cues)):
        if cue.start_ms is None or following.start_ms is None or cue.end_ms is None:
            continue
        if cue.start_ms < following.start_ms < cue.end_ms:
            result[row] = replace(cue, end_ms=following.start_ms)
    return result


def read_xml(text: str) -> SideText:
    """YouTube's XML captions (srv1 to srv3), by their two elements; no XML parser, so no entity can explode."""
    cues = []
    for piece in _XML_END.split(text):
        openings = list(_XML_START.finditer(piece))
        if not openings:
            continue
        opening = openings[-1]
        known = dict(_XML_ATTRIBUTE.findall(opening[1]))
        scale = 1000 if "start" in known else 1  # seconds in the old form, milliseconds in the new one
        start = round(_number(known.get("start", known.get("t"))) * scale)
        length = round(_number(known.get("dur", known.get("d"))) * scale)
        words = html.unescape(_clean(piece[opening.end() :]))
        if words:
            cues.append(Cue(start, start + length if length else None, None, words))
    side = SideText("xml", tuple(trimmed_cues(cues)))
    if not cues:
        side.problems.append(problem("captions-broken", None, "This caption file has no cues."))
    return side


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
