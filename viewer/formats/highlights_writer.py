"""The reader's marks of a note as text, in the dialect of the sample notes: heading, clip command, quote, speaker, time.

What people read is what is read back: the clip command gives the segment, the block quote the words, the lines below
it the comment, the slanted line colour and tags. A last line, an HTML comment that no reader shows, has the mark's id
and what finds its words again. Words come from strangers, so whatever would mean something in Markdown is written so
that it does not; the clip command is written only where its own strict reader reads it back.
"""

from __future__ import annotations

import json
import re

import yaml

from viewer.domain.mark import Mark, title_of
from viewer.domain.note import ClipCommand
from viewer.domain.timestamp import format_timestamp
from viewer.domain.video import Segment, VideoRef
from viewer.formats.clip_command import parse_clip_command

MARKER = "soundbite_marks"
"""The front matter's key that says whose file this is; its value is the file's own id."""

DATA = "soundbite-mark"
"""The first word of the HTML comment that ends a mark."""

_MARKS = frozenset("\\`*_[]~|")
_SPECIAL = re.compile(
    "yt-(?=dlp)|[\\\\`*_\\[\\]~|<]|&(?=#?[0-9A-Za-z]{1,40};)|(?<!\\S)#|[\u200b\u200e\u200f\u2028-\u202e]",
    re.I,
)
"""What Markdown takes for its own, what an editor may not show or may take away, and what would be a command."""

_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9:/?&=._~%+,@-]+\Z")
"""Addresses in which no shell finds anything to do, between double quotes."""

OWN_LINE = re.compile(
    r"\\*(?=#|>|`{3}|~{3}|<|\[!\[|\||(?:=+|-+)\s*\Z|\*(?:important|question|agree|doubt)\*)", re.I
)
"""What at the beginning of a comment's line would be read as a part of the file; a backslash before it says it is none."""

INLINE_TRAP = re.compile(r"(?<!\\)\\*(?=<!--)|(?<=yt)\\*(?=-dlp)", re.I)
"""What within a comment's line would be: the beginning of an HTML comment, a command."""


def write_head(title: str, video: VideoRef | None, key: str) -> str:
    """How the file begins: front matter and headings. ``key`` is the file's own id."""
    lines = ["---"]
    if video is not None and video.is_youtube:
        lines += [f"video_id: {_quoted(video.id)}"]
    lines.append(f"title: {_quoted(f'{title} (highlights)')}")
    if video is not None:
        lines.append(f"{'url' if video.is_youtube else 'video_url'}: {_quoted(video.url)}")
    lines += [
        f"note: {_quoted(title)}",
        f"{MARKER}: {key}",
        "---",
        "",
        f"# {escaped(title)} (highlights)",
        "",
    ]
    return "\n".join([*lines, "## Highlights", ""])


def write_heading(mark: Mark) -> str:
    """A mark's heading: its first words."""
    words = title_of(mark)
    if not words:
        return f"### {format_timestamp(mark.segment.start_ms) if mark.segment else 'Mark'}"
    return f'### "{escaped(words)}"' if mark.text else f"### {escaped(words)}"


def write_mark(mark: Mark, heading: str | None = None) -> str:
    """One mark with its heading (or the one given), ending with an empty line."""
    command = clip_command(mark.segment) if mark.segment is not None else None
    parts = [heading or write_heading(mark)]
    if mark.segment is not None and command is not None:
        parts.append(_clip(mark.segment, command))
    quote = _quote(mark)
    if quote:
        parts.append(quote)
    if mark.comment:
        parts.append(_comment(mark.comment))
    colour = f"*{mark.colour.value}*"
    parts.append(
        " · ".join([colour, ", ".join(f"#{escaped(tag)}" for tag in mark.tags)] if mark.tags else [colour])
    )
    parts.append(_data(mark, with_segment=mark.segment is not None and command is None))
    return "\n\n".join(parts) + "\n"


def clip_command(segment: Segment) -> str | None:
    """The segment's clip command in the shape of the samples; None where it could not be read back, or not safely."""
    video = segment.video
    start, end = (format_timestamp(ms, millis=ms % 1000 > 0) for ms in (segment.start_ms, segment.end_ms))
    minutes, seconds = divmod(segment.start_ms // 1000, 60)
    name = f"{video.id if video.is_youtube else video.key}-{minutes}m{seconds}s.mp4"
    if not _PLAIN_URL.match(video.url):
        return None
    command = (
        f'yt-dlp --download-sections "*{start}-{end}" "{video.url}" --force-keyframes-at-cuts '
        f'--merge-output-format mp4 -o "{name}"'
    )
    read = parse_clip_command(command)
    if not isinstance(read, ClipCommand) or (read.video, read.start_ms, read.end_ms) != (
        video,
        segment.start_ms,
        segment.end_ms,
    ):
        return None
    return command


def escaped(text: str) -> str:
    """One line that Markdown shows as it is."""
    return _SPECIAL.sub(_harmless, text)


def _harmless(match: re.Match[str]) -> str:
    letters = match[0]
    if letters in _MARKS:
        return f"\\{letters}"
    return f"{letters[:-1]}&#{ord(letters[-1])};"


def _quoted(text: str) -> str:
    """A text as YAML between double quotes."""
    written: str = yaml.dump(text, default_style='"', allow_unicode=True, width=1_000_000)
    return written.strip()


def _clip(segment: Segment, command: str) -> str:
    video = segment.video
    lines = []
    if video.is_youtube:
        address = video.url_at(segment.start_ms)
        lines.append(f"[![Clip](https://img.youtube.com/vi/{video.id}/hqdefault.jpg)]({address})")
    lines += ["<details>", "<summary>Clip command</summary>", "", "```bash", command, "```", "</details>"]
    return "\n".join(lines)


def _quote(mark: Mark) -> str:
    lines: list[str] = []
    for paragraph in mark.text.split("\n\n") if mark.text else ():
        lines += [*([">"] if lines else []), f'> "{escaped(paragraph)}"']
    told = [escaped(mark.speaker)] if mark.speaker else []
    if mark.segment is not None:
        address = mark.segment.video.url_at(mark.segment.start_ms).replace("(", "%28").replace(")", "%29")
        told.append(f"[{format_timestamp(mark.segment.start_ms)}]({address})")
    if told:
        lines.append(f"> — {', '.join(told)}")
    return "\n".join(lines)


def _comment(text: str) -> str:
    """The comment's lines as they are (it may be Markdown), but for those that would be read as something else."""
    lines = [_comment_line(line) for line in text.split("\n")]
    # Two blanks at its end keep a line's end, where Markdown would join the next one to it.
    return "\n".join(
        f"{line}  " if line and row + 1 < len(lines) and lines[row + 1] else line
        for row, line in enumerate(lines)
    )


def _comment_line(line: str) -> str:
    line = INLINE_TRAP.sub(r"\g<0>\\", line)
    return f"\\{line}" if OWN_LINE.match(line) else line


def _data(mark: Mark, *, with_segment: bool) -> str:
    told: dict[str, object] = {"id": mark.id, "created": mark.created_ms, "changed": mark.changed_ms}
    anchor, segment = mark.anchor, mark.segment
    if anchor is not None:
        told["anchor"] = [anchor.exact, anchor.prefix, anchor.suffix, anchor.cue, anchor.offset]
    if with_segment and segment is not None:
        told["segment"] = [segment.video.id, segment.start_ms, segment.end_ms]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    # Nothing in it may end the comment, or its line.
    text = re.sub(
        r"[<>\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]|-(?=-)|(?<=-)-", lambda m: f"\\u{ord(m[0]):04x}", text
    )
    return f"<!-- {DATA} {text} -->"
