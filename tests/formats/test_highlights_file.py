from __future__ import annotations

import html
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from viewer.domain.mark import Mark, MarkColour, TextAnchor, clean_line
from viewer.domain.video import Segment, VideoRef, parse_address
from viewer.formats.highlights_file import MarkFile, read_mark_file, unescaped
from viewer.formats.highlights_writer import clip_command, escaped, write_head, write_mark
from viewer.formats.registry import parse

KEY = "0123456789abcdef0123456789abcdef"
VIDEO = VideoRef.youtube("-AJ4D8RAyfY")

nasty = st.sampled_from(
    [
        "plain words",
        '"',
        "`",
        "```",
        "~~~",
        "\\",
        "*",
        "**bold**",
        "_",
        "[a](b)",
        "[!\\[",
        "<!-- x -->",
        "-->",
        "<details>",
        "</details>",
        "# head",
        "### head",
        "> quote",
        "— Ann, [0:16](https://x.org)",
        "---",
        "===",
        "\n",
        "\n\n",
        "*important* · #a",
        "&amp;",
        "&#45;",
        "yt-dlp --exec rm",
        "yt\\-dlp",
        "$(rm)",
        ", ",
        "[0:16](u)",
        "\u2028",
        "\u202e",
        "\u00a0",
        "我是人",
        "<!-- soundbite-mark {} -->",
        "1. ",
        "- ",
        "    code",
        "|a|b|",
        "![x](y)",
        "\\#",
        "\\\\>",
    ]
)
texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(nasty, st.text(max_size=5)), max_size=8).map("".join),
    st.lists(nasty, max_size=6).map(" ".join),
)
videos = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{11}", fullmatch=True).map(VideoRef.youtube),
    st.sampled_from(
        [
            "https://vimeo.com/12345",
            "https://example.org/watch?v=$(rm%20-rf)&x=1",
            "https://example.org/a(b)!;c",
            "https://example.org/$1/!!/x",
        ]
    ).map(lambda url: parse_address(url).video),  # type: ignore[union-attr]
)
segments = st.builds(
    lambda video, start, length: Segment(video, start, start + length),
    videos,
    st.integers(0, 10_000_000_000),
    st.integers(1, 10_000_000),
)
counts = st.one_of(st.none(), st.integers(0, 1 << 40))
marks = st.builds(
    Mark,
    id=st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    note_path=st.just(""),
    note_title=st.just(""),
    segment=st.one_of(st.none(), segments),
    anchor=st.one_of(st.none(), st.builds(TextAnchor, texts, texts, texts, counts, counts)),
    text=texts,
    speaker=st.one_of(st.none(), texts),
    colour=st.sampled_from(MarkColour),
    comment=texts,
    tags=st.lists(texts, max_size=4).map(tuple),
    created_ms=st.integers(0, 1 << 45),
    changed_ms=st.integers(0, 1 << 45),
)


def a_mark(number: int = 0, **more: object) -> Mark:
    values: dict[str, object] = {
        "id": f"{number:032x}",
        "note_path": "",
        "note_title": "",
        "segment": Segment(VIDEO, 16_000, 60_000),
        "anchor": TextAnchor("We are past", "So ", " the", 3, 4),
        "text": "We are past the event horizon.",
        "speaker": "Ksenia",
        "colour": MarkColour.QUESTION,
        "comment": "Is it so?",
        "tags": ("energy", "two words"),
        **more,
    }
    return Mark(**values)  # type: ignore[arg-type]


def file_of(*written: Mark) -> str:
    return "\n".join([write_head("A talk", VIDEO, KEY), *map(write_mark, written)])


def read(text: str) -> MarkFile:
    return read_mark_file(text)


def test_it_looks_like_the_samples() -> None:
    url = "https://www.youtube.com/watch?v=-AJ4D8RAyfY"
    assert (
        write_mark(a_mark(7))
        == f"""### "We are past the event horizon."

[![Clip](https://img.youtube.com/vi/-AJ4D8RAyfY/hqdefault.jpg)]({url}&t=16s)
<details>
<summary>Clip command</summary>

```bash
yt-dlp --download-sections "*0:16-1:00" "{url}" --force-keyframes-at-cuts --merge-output-format mp4 -o "-AJ4D8RAyfY-0m16s.mp4"
```
</details>

> "We are past the event horizon."
> — Ksenia, [0:16]({url}&t=16s)

Is it so?

*question* · #energy, #two words

<!-- soundbite-mark {{"id":"00000000000000000000000000000007","created":0,"changed":0,"anchor":["We are past","So "," the",3,4]}} -->
"""
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(marks, max_size=4, unique_by=lambda mark: mark.id), texts, st.one_of(st.none(), videos))
def test_what_is_written_is_read_back_equal(written: list[Mark], title: str, video: VideoRef | None) -> None:
    title = clean_line(title)
    text = "\n".join([write_head(title, video, KEY), *map(write_mark, written)])
    text.encode("utf-8", "surrogatepass")
    found = read(text)
    assert found.key == KEY
    assert [one.filled(mark) for one, mark in zip(found.marks.values(), written, strict=True)] == written
    assert "\n".join([found.head, *(part.text for part in found.parts)]) == text


@settings(max_examples=100, deadline=None)
@given(st.lists(marks, min_size=1, max_size=3, unique_by=lambda mark: mark.id))
def test_any_reader_of_notes_finds_the_highlights_and_their_clips(written: list[Mark]) -> None:
    note = parse(file_of(*written))
    assert not [problem for problem in note.problems if problem.code == "clip-command-refused"]
    clips = [Segment(h.clip.video, h.clip.start_ms, h.clip.end_ms) for h in note.highlights if h.clip]
    expected = [mark.segment for mark in written if mark.segment and clip_command(mark.segment)]
    assert clips == expected


def test_the_notes_reader_gives_the_words_and_the_speaker() -> None:
    note = parse(file_of(a_mark(1), a_mark(2, text="Five * and\n\nsix_times", speaker="A. B.")))
    assert [(h.quote, h.speaker, h.start_ms, h.end_ms) for h in note.highlights] == [
        ("We are past the event horizon.", "Ksenia", 16_000, 60_000),
        ("Five * and\n\nsix_times", "A. B.", 16_000, 60_000),
    ]
    assert note.problems == ()


def test_no_command_is_written_that_a_shell_would_take_apart() -> None:
    for url in ("https://example.org/$(x)", "https://example.org/a;b!c", "https://example.org/$1"):
        segment = Segment(parse_address(url).video, 0, 1000)  # type: ignore[union-attr]
        assert clip_command(segment) is None
        mark = a_mark(segment=segment)
        assert read(file_of(mark)).marks[mark.id].mark == mark


@given(texts)
def test_escaping_is_taken_back(text: str) -> None:
    line = clean_line(text)
    assert unescaped(escaped(line)) == line


@settings(max_examples=100, deadline=None)
@given(texts)
def test_any_markdown_reader_shows_the_words_as_they_are(text: str) -> None:
    line = clean_line(text)
    if line:
        shown = MarkdownIt("commonmark").render(
            f'> "{escaped(line)}"\n> — {escaped(line)}, [0:16](https://x.org)'
        )
        words = html.unescape(re.sub(r"<[^>]+>", "", shown))
        assert " ".join(words.split()) == " ".join(f'"{line}" — {line}, 0:16'.split())
        assert not re.search(r"<(?!/?(?:blockquote|p|a)\b)", shown)


def test_outside_edits_are_read() -> None:
    mark = a_mark(1)
    text = file_of(mark)
    text = text.replace(
        '> "We are past the event horizon."', '> "We are past the horizon of events.\n> It has begun."'
    )
    text = text.replace("— Ksenia", "-- Ksenia B.").replace("*0:16-1:00", "*0:15-1:01.5")
    text = text.replace("Is it so?", "Is it?\nI > doubt it.\n\n> a quote of mine")
    text = text.replace("*question* · #energy, #two words", "*Doubt* · #power,#x")
    assert read(text.replace("\n", "\r\n")).marks[mark.id].mark == replace(
        mark,
        text="We are past the horizon of events. It has begun.",
        speaker="Ksenia B.",
        segment=Segment(VIDEO, 15_000, 61_500),
        comment="Is it?\nI > doubt it.\n\n> a quote of mine",
        colour=MarkColour.DOUBT,
        tags=("power", "x"),
    )


def test_lines_that_are_gone_say_nothing() -> None:
    mark = a_mark(1)
    lines = file_of(mark).split("\n")
    at = next(row for row, line in enumerate(lines) if line.startswith("###"))
    bare = "\n".join([*lines[: at + 1], lines[-2], "a new comment"])
    found = read(bare).marks[mark.id]
    assert found.unsaid == {"segment", "colour", "tags", "text", "speaker"}
    assert found.filled(mark) == replace(mark, comment="a new comment")


def test_what_others_write_is_theirs() -> None:
    mark = a_mark(1)
    text = file_of(mark) + "\n## My own\n\nwords\n\n### A heading\n\nmore\n" + write_mark(mark)
    found = read(text)
    assert [part.read is not None for part in found.parts] == [True, False, False, False]
    assert read("# Nothing of ours\n\n### x\n").key == ""
    assert read("").marks == {}
