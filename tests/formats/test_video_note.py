"""Video notes as they are found in the world: one small made-up note for each way of writing a part."""

from __future__ import annotations

import pytest

from viewer.domain.note import NoteFormat
from viewer.formats.registry import parse

ID = "ZAJ4D8RAyfY"
OTHER = "JfE1Wun9xkk"
URL = f"https://www.youtube.com/watch?v={ID}"
HEAD = f"---\nvideo_id: {ID}\ntitle: A talk\n---\n\n"


def link(seconds: int, label: str | None = None, video: str = ID) -> str:
    label = label or f"{seconds // 60}:{seconds % 60:02}"
    return f"[{label}](https://www.youtube.com/watch?v={video}&t={seconds}s)"


def clip(section: str, video: str = ID) -> str:
    return (
        "<details>\n<summary>Clip command</summary>\n\n```bash\n"
        f'yt-dlp --download-sections "*{section}" "https://www.youtube.com/watch?v={video}" '
        f'--force-keyframes-at-cuts --merge-output-format mp4 -o "{video}.mp4"\n```\n</details>\n'
    )


def cues(text: str) -> str:
    """The transcript of a note in short: ``2 Ann: hello | 5 hi`` (seconds; ``-`` for no time)."""
    note = parse(f"{HEAD}## Transcript\n\n{text}\n")
    assert note.sections == ()
    return " | ".join(
        f"{'-' if cue.start_ms is None else format(cue.start_ms / 1000, 'g')} "
        f"{cue.speaker + ': ' if cue.speaker else ''}{cue.text}"
        for cue in note.transcript.cues
    )


def codes(note) -> list[str]:
    return [problem.code for problem in note.problems]


# --- highlights -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "quote", "speaker"),
    [
        (f'> "We are here."\n> — Ann, {link(16)}', "We are here.", "Ann"),
        (f'> "We are here."\n> -- Ann, {link(16)}', "We are here.", "Ann"),
        (f'> "We are here."\n> - Ann, {link(16)}', "We are here.", "Ann"),
        (f'> "We are here."\n> Ann, {link(16)}', "We are here.", "Ann"),
        (f'> "We are here."\n>\n> — Ann ({link(16)})', "We are here.", "Ann"),
        (f'> "We are here."\n\n— Ann, {link(16)}', "We are here.", "Ann"),
        (f'> "We are here." — Ann, {link(16)}', "We are here.", "Ann"),
        (f'"We are here."\n— Ann, {link(16)}', "We are here.", "Ann"),
        (f"> “We are here.”\n> — *Ann*, {link(16)}", "We are here.", "Ann"),
        (f'> "We are here."\n> {link(16)}', "We are here.", None),
        (f'> "We are here." {link(16)}', "We are here.", None),
        (f'> "We are here."\n> — Ann on Bob, {link(16)}', "We are here.", "Ann on Bob"),
        (f'> "We are here."\n> — Ann & Bob, {link(16)}', "We are here.", "Ann & Bob"),
        (f'> "We are here."\n> — Ann (quoting Bob), {link(16)}', "We are here.", "Ann (quoting Bob)"),
        (f'> "We are here."\n> — Steve Jobs, 2009, {link(16)}', "We are here.", "Steve Jobs, 2009"),
        (f'> "One."\n>\n> "Two."\n> — Ann, {link(16)}', "One.\n\nTwo.", "Ann"),
        (f'> "One.\n>\n> "Two."\n> — Ann, {link(16)}', "One.\n\nTwo.", "Ann"),
        (f'> "One."\n> — Ann, {link(16)}\n>\n> "Two."\n> — Bob, {link(20)}', "One.\n\nTwo.", "Ann & Bob"),
        (f'> He said "go" and went.\n> — Ann, {link(16)}', 'He said "go" and went.', "Ann"),
        (f'> "Go" and "come"\n> — Ann, {link(16)}', '"Go" and "come"', "Ann"),
    ],
)
@pytest.mark.parametrize("first", ["quote", "clip"])
def test_the_quote_of_a_highlight(block, quote, speaker, first):
    parts = [block + "\n", clip("0:16-1:00")]
    if first == "clip":
        parts.reverse()
    note = parse(HEAD + "## Highlights\n\n### The title\n\n" + "\n".join(parts))
    (highlight,) = note.highlights
    assert (highlight.quote, highlight.speaker) == (quote, speaker)
    assert (highlight.title, highlight.start_ms, highlight.end_ms) == ("The title", 16_000, 60_000)
    assert note.problems == ()
    assert note.sections == ()


def test_a_highlight_without_a_clip_plays_from_its_time():
    note = parse(f'{HEAD}## Highlights\n\n### One\n\n> "Words."\n> — Ann, {link(16)}\n')
    (highlight,) = note.highlights
    assert (highlight.start_ms, highlight.end_ms, highlight.clip) == (16_000, None, None)


def test_a_picture_gives_its_address_and_the_time_where_nothing_else_does():
    note = parse(
        f"{HEAD}## Highlights\n\n### One\n\n[![Clip](https://i.ytimg.com/vi/{ID}/hq.jpg)]({URL}&t=33s)\n\n> Words.\n"
    )
    (highlight,) = note.highlights
    assert (highlight.picture_url, highlight.start_ms) == (f"https://i.ytimg.com/vi/{ID}/hq.jpg", 33_000)


def test_prose_in_a_highlight_is_kept_as_a_section():
    note = parse(f'{HEAD}## Highlights\n\n### One\n\nWhy this matters.\n\n> "Words."\n> — Ann, {link(16)}\n')
    assert [(section.title, section.markdown) for section in note.sections] == [("One", "Why this matters.")]


def test_a_list_of_highlights_without_headings():
    note = parse(f"{HEAD}## Highlights\n\n- **First** ({link(16)}) - what it is\n- **Second** ({link(30)})\n")
    assert [(h.title, h.start_ms) for h in note.highlights] == [("First", 16_000), ("Second", 30_000)]


def test_every_highlight_of_a_round_up_knows_its_own_video():
    note = parse(
        "# Weekly round-up\n\n## Talk A\n\n### Highlights\n\n#### One\n\n"
        f"{clip('0:16-1:00')}\n## Talk B\n\n### Highlights\n\n#### Two\n\n{clip('0:20-0:40', OTHER)}\n"
        f"### Key Points\n\n- **Point** ({link(5, video=OTHER)}) - text\n"
    )
    assert note.format is NoteFormat.VIDEO_NOTE
    assert [(h.title, h.video_id) for h in note.highlights] == [("One", ID), ("Two", OTHER)]
    assert note.key_points[0].video_id == OTHER
    assert [video.id for video in note.videos] == [ID, OTHER]
    assert [section.title for section in note.sections] == ["Talk A", "Talk B"]


def test_a_clip_of_another_video_keeps_its_own():
    note = parse(f"{HEAD}## Highlights\n\n### One\n\n{clip('0:16-1:00', OTHER)}")
    assert (note.highlights[0].video_id, note.highlights[0].clip.video.id) == (OTHER, OTHER)


def test_a_clip_that_ends_after_the_video_is_kept_and_said():
    head = HEAD.replace("title:", "duration: 40\ntitle:")
    note = parse(f"{head}## Highlights\n\n### One\n\n{clip('0:16-1:00')}")
    assert codes(note) == ["clip-after-end"]
    assert note.highlights[0].clip is not None


def test_a_label_and_a_link_that_disagree():
    note = parse(f'{HEAD}## Highlights\n\n### One\n\n> "Words."\n> — Ann, {link(99, "0:16")}\n')
    assert note.highlights[0].start_ms == 99_000
    assert [(problem.code, problem.line) for problem in note.problems] == [("time-disagrees", 11)]


# --- quotes, points, mentions, chapters -------------------------------------------------------------------------


def test_quotes_in_every_shape():
    note = parse(
        f'{HEAD}## Notable Quotes\n\n- "First one." — Ann ({link(16)})\n- **Bob** ({link(20)}): "Second one."\n'
        f'1. "Third one." - Cid, 2009\n\n> "Fourth one."\n> — Ann, {link(30, "0:30-0:45")}\n\n'
        f'"Fifth one." — Dee, {link(50)}\n\nA line that is none.\n'
    )
    assert [(q.text, q.speaker, q.start_ms) for q in note.quotes] == [
        ("First one.", "Ann", 16_000),
        ("Second one.", "Bob", 20_000),
        ("Third one.", "Cid, 2009", None),
        ("Fourth one.", "Ann", 30_000),
        ("Fifth one.", "Dee", 50_000),
    ]
    assert {q.section for q in note.quotes} == {"Notable Quotes"}
    assert [section.markdown for section in note.sections] == ["A line that is none."]


@pytest.mark.parametrize(
    ("line", "title", "text", "seconds"),
    [
        (f"- **Name** ({link(16)}) - the text", "Name", "the text", 16),
        (f"* **Name** ({link(16)}): the text", "Name", "the text", 16),
        (f"- **Name:** ({link(16)}) the text", "Name", "the text", 16),
        (f"- {link(16)} **Name** - the text", "Name", "the text", 16),
        (f"- **{link(16)}** Name: the text", "Name", "the text", 16),
        (f"- **{link(16)} Name** — the text", "Name", "the text", 16),
        (f"1. Name ({link(16)}) – the text", "Name", "the text", 16),
        (f"- {link(16)} - the text", "the text", "", 16),
        ("- **Name** (0:16) - the text", "Name", "the text", 16),
        ("- [0:16] **Name** - the text", "Name", "the text", 16),
        (f"- **Name** - the text ({link(16)})", "Name", "the text", 16),
        ("- **Name:** the text", "Name", "the text", None),
        ("- Name: the text", "Name", "the text", None),
        (f"- **Name** ({link(16)}, {link(50)}) - the text", "Name", "the text (also 0:50)", 16),
        (f"- **Name** ({link(7110, '118:30')}) - the text", "Name", "the text", 7110),
        (f"- **Name** ({link(16)}) - the text\n  - more of it", "Name", "the text\n- more of it", 16),
        (f"### Name ({link(16)})\n\nthe text", "Name", "the text", 16),
    ],
)
def test_a_key_point(line, title, text, seconds):
    note = parse(f"{HEAD}## Key Takeaways\n\n{line}\n")
    (point,) = note.key_points
    assert (point.title, point.text) == (title, text)
    assert point.start_ms == (None if seconds is None else seconds * 1000)
    assert note.sections == ()


def test_mentions_of_every_kind_the_note_names():
    note = parse(
        f"{HEAD}## Mentions\n\n### Books\n- **SICP** ({link(8)}) - a book\n- [[Obsidian|Obs]] ({link(9)})\n\n"
        f"### Countries\n- Spain\n\n**Planes:**\n- **A380** - big\n\n## Products\n\n- **Phone** ({link(10)}) - rings\n"
    )
    assert [(m.kind, m.name, m.text) for m in note.mentions] == [
        ("Books", "SICP", "a book"),
        ("Books", "Obs", ""),
        ("Countries", "Spain", ""),
        ("Planes", "A380", "big"),
        ("Products", "Phone", "rings"),
    ]


def test_chapters_in_every_shape():
    note = parse(
        HEAD.replace("title:", "duration: 600\ntitle:")
        + f"## Video Chapters\n\n- {link(0)} Intro\n- 1:30 Next\n2:00 - Third\n- **Fourth** (3:00)\n"
    )
    assert [(c.title, c.start_ms // 1000, c.end_ms // 1000) for c in note.chapters] == [
        ("Intro", 0, 90),
        ("Next", 90, 120),
        ("Third", 120, 180),
        ("Fourth", 180, 600),
    ]


def test_sections_nobody_planned_for_stay_in_order():
    note = parse(
        f"{HEAD}## Verdict\n\nGood.\n\n## Prompt\n\nBe nice.\n\n## Jackets Featured\n\n- **A-2** ({link(3)})\n"
    )
    assert [section.title for section in note.sections] == ["Verdict", "Prompt", "Jackets Featured"]


# --- transcripts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"**Ann:** {link(2)} hello\n\n**Bob Q.:** {link(5)} hi", "2 Ann: hello | 5 Bob Q.: hi"),
        (f"**Ann** {link(2)}: hello\n**Bob** ({link(5)}): hi", "2 Ann: hello | 5 Bob: hi"),
        (f"{link(2)} **Ann:** hello\n\n{link(5)} **Bob**: hi", "2 Ann: hello | 5 Bob: hi"),
        (f"{link(0)} hello\n\nmore\n\n{link(5)} hi", "0 hello\n\nmore | 5 hi"),
        (f"{link(0)} hello {link(4)} there", "0 hello | 4 there"),
        ("Ann Lee (00:03:20):\nHello.\n\n(00:03:25):\nMore.\n\nBob (00:04:00):\nYes.", "200 Ann Lee: Hello. | 205 Ann Lee: More. | 240 Bob: Yes."),
        ("(00:01:21):\nHello.\n\n(00:01:25):\nMore.", "81 Hello. | 85 More."),
        ("\\[00:04:01.06\\] one\n\\[00:04:05.10\\] two", "241.06 one | 245.1 two"),
        ("Ann: 00:00:00\nhello\nBob: 00:00:10\nhi", "0 Ann: hello | 10 Bob: hi"),
        ("Ann 00:00:03\nhey\n\nBob 00:00:09\nyo", "3 Ann: hey | 9 Bob: yo"),
        ("0:00 hello\n0:05 world\n118:30 far", "0 hello | 5 world | 7110 far"),
        ("0:00\nhello\n0:05\nworld", "0 hello | 5 world"),
        ("**0:00** hello\n\n**[0:05] Ann:** hi", "0 hello | 5 Ann: hi"),
        ("- [0:00] Ann: hello\n- [0:05] Bob: hi", "0 Ann: hello | 5 Bob: hi"),
        ("[00:00 - 00:05] Ann: hello\n[00:05 - 1:02:03] Bob: hi", "0 Ann: hello | 5 Bob: hi"),
        ("**Ann**\n\n[0:01] hi\n\n**Bob**\n\n[0:03] ho", "1 Ann: hi | 3 Bob: ho"),
        ("`[00:00]` hello\n\n`00:05` hi", "0 hello | 5 hi"),
        ("[00:00:00.000 --> 00:00:05.000]  hello\n[00:00:05.000 --> 00:00:09.000]  hi", "0 hello | 5 hi"),
        (f"> {link(2)} hello\n>\n> {link(5)} hi", "2 hello | 5 hi"),
        (f"**Ann:** hello {link(2)}\n\n**Bob:** hi {link(5)}", "2 Ann: hello | 5 Bob: hi"),
        (f"{link(2)}\n**Ann:** hello\n\n{link(5)}\n**Bob:** hi", "2 Ann: hello | 5 Bob: hi"),
        (f"[Ann](https://x.org) {link(2)}: hello", "2 Ann: hello"),
        (f"**[0:02]({URL}&t=2s) Ann:** hello", "2 Ann: hello"),
        (f"### Ann {link(2)}\n\nhello\n\n### Bob {link(5)}\n\nhi\n\n### Ann {link(9)}\n\nbye", "2 Ann: hello | 5 Bob: hi | 9 Ann: bye"),
        ("<details>\n<summary>Click to expand</summary>\n\n0:05 hello\n\n</details>", "5 hello"),
        ("Q: why?\nA: because\nQ: so?\nA: yes", "- Q: why? | - A: because | - Q: so? | - A: yes"),
        ("One paragraph.\n\nAnother one.", "- One paragraph. | - Another one."),
        ("**Ann:** hello\n\nmore\n\n**Bob:** hi", "- Ann: hello\n\nmore | - Bob: hi"),
        ("Ann: hello\n\nBob: hi\n\nAnn: bye", "- Ann: hello | - Bob: hi | - Ann: bye"),
        ("[0:00] We met at 3:45 in the morning.\n[0:09] And then: nothing.", "0 We met at 3:45 in the morning. | 9 And then: nothing."),
        ("[0:00] 你好，世界。\n[0:05] مرحبا بالعالم", "0 你好，世界。 | 5 مرحبا بالعالم"),
    ],
)  # fmt: skip
def test_a_transcript(text, expected):
    assert cues(text) == expected


def test_headings_with_times_are_chapters_and_begin_cues():
    note = parse(f"{HEAD}## Full Transcript\n\n### {link(0)} Intro\n\nhello\n\n### Part two (0:30)\n\nbye\n")
    assert [(c.title, c.start_ms) for c in note.chapters] == [("Intro", 0), ("Part two", 30_000)]
    assert [(c.text, c.start_ms, c.end_ms) for c in note.transcript.cues] == [
        ("hello", 0, 30_000),
        ("bye", 30_000, None),
    ]


def test_headings_between_cues_are_chapters_at_the_next_time():
    note = parse(
        f"{HEAD}## Transcript\n\n### Intro\n\n**Ann:** {link(2)} hello\n\n### End\n\n**Ann:** {link(32)} bye\n"
    )
    assert [(c.title, c.start_ms) for c in note.chapters] == [("Intro", 2_000), ("End", 32_000)]


def test_a_transcript_below_no_telling_heading_is_found():
    lines = "\n\n".join(f"Ann (00:00:{n}0):\nSome words that were said in this place." for n in range(5))
    note = parse(f"{HEAD}# A talk\n\n{lines}\n")
    assert [cue.speaker for cue in note.transcript.cues] == ["Ann"] * 5


def test_times_that_run_backwards_keep_their_order_and_are_said():
    note = parse(f"{HEAD}## Transcript\n\n[0:10] back\n[0:05] to\n[0:20] future\n")
    assert [cue.start_ms for cue in note.transcript.cues] == [10_000, 5_000, 20_000]
    assert [(p.code, p.line) for p in note.problems] == [("times-backwards", 9)]


def test_a_footer_below_a_rule_is_no_speech():
    note = parse(f"{HEAD}## Transcript\n\n{link(0)} hello\n\n---\n\n*Made by a machine.*\n")
    assert [cue.text for cue in note.transcript.cues] == ["hello"]
    assert [section.markdown for section in note.sections] == ["*Made by a machine.*"]


@pytest.mark.parametrize(
    ("minutes", "words", "partial"), [(10, 1500, False), (10, 200, True), (10, 0, False)]
)
def test_an_abridged_transcript_is_said(minutes, words, partial):
    head = HEAD.replace("title:", f"duration: {minutes * 60}\ntitle:")
    text = "\n\n".join(f"{link(n * 6)} " + "word " * (words // 100) for n in range(100)) if words else ""
    note = parse(f"{head}## Transcript\n\n{text}\n")
    assert ("transcript-partial" in codes(note)) is partial


def test_a_transcript_that_stops_early_is_said_with_its_share():
    head = HEAD.replace("title:", "duration: 1000\ntitle:")
    text = "\n\n".join(f"{link(n * 10)} " + "word " * 30 for n in range(50))
    (found,) = parse(f"{head}## Transcript\n\n{text}\n").problems
    assert found.code == "transcript-partial"
    assert "about 50 %" in found.message


# --- which family -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD, NoteFormat.VIDEO_NOTE),
        (f"---\nurl: {URL}\n---\nText", NoteFormat.VIDEO_NOTE),
        (f"# Talk\n\n## Highlights\n\n### One\n\n{clip('0:16-1:00')}", NoteFormat.VIDEO_NOTE),
        ("# Talk\n\n## Transcript\n\n[0:00] hello\n", NoteFormat.VIDEO_NOTE),
        ("# Project\n\nRead me.\n\n- one\n- two\n", NoteFormat.PLAIN),
        ("---\ntitle: Index\n---\n\n# Notes\n\n- [one](one.md)\n", NoteFormat.PLAIN),
        ("---\ntitle: A post\nurl: https://example.com/post\n---\n\nWords.\n", NoteFormat.PLAIN),
        ("+++\ntitle = \"Index\"\nsort_by = \"date\"\n+++\n", NoteFormat.PLAIN),
        ("+++\ntitle = \"Page\"\ndate = 2025-10-28\n+++\n\n## Overview\n\nWords.\n", NoteFormat.INSIGHT_PAGE),
        ("Just words.", NoteFormat.PLAIN),
    ],
)  # fmt: skip
def test_the_family_is_told_by_content(text, expected):
    assert parse(text, name="misleading.vtt").format is expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: From the head\n---\n# Heading\n", "From the head"),
        ("# Heading **bold**\n\nText", "Heading bold"),
        ("Heading\n=======\n\nText", "Heading"),
        ("Only text.", "my file"),
    ],
)
def test_the_title(text, title):
    assert parse(text, name="my file.md").title == title


def test_plain_reading_keeps_every_heading_and_code():
    note = parse("Before.\n\n# One\n\n```\n# not a heading\n```\n\n## Two\n")
    assert [(s.title, s.level) for s in note.sections] == [("", 0), ("One", 1), ("Two", 2)]
    assert "# not a heading" in note.sections[1].markdown


def test_a_fence_that_is_never_closed_swallows_nothing():
    note = parse(f"{HEAD}## Summary\n\n```\n\n## Transcript\n\n[0:00] hello\n")
    assert len(note.transcript.cues) == 1


def test_an_insight_page_with_chapters_and_another_spelling_of_the_id():
    note = parse(
        f'+++\ntitle = "Page"\n[extra]\nyoutube_id = "{ID}"\n[[extra.chapters]]\ntitle = "Start"\ntime = "0:00"\n'
        '[[extra.chapters]]\ntitle = "End"\ntime = "1:02:03"\n+++\n\n## Key Insights\n\n- One\n'
    )
    assert note.format is NoteFormat.INSIGHT_PAGE
    assert [(c.title, c.start_ms) for c in note.chapters] == [("Start", 0), ("End", 3_723_000)]
    assert note.video.id == ID
    assert [s.title for s in note.sections] == ["Key Insights"]


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("🎬 Highlights", "highlights"), ("Highlights (1)", "highlights"), ("1. Highlights:", "highlights"),
        ("**Highlights**", "highlights"), ("Best Moments", "highlights"),
    ],
)  # fmt: skip
def test_headings_of_highlights_under_other_names(heading, part):
    note = parse(f"{HEAD}## {heading}\n\n### 0:16 - One\n\n> Words.\n")
    assert [(h.title, h.start_ms) for h in note.highlights] == [("One", 16_000)]


@pytest.mark.parametrize(
    "heading",
    [
        "Full Transcript",
        "Transcript (auto-generated)",
        "Transcript, part 1",
        "📝 TRANSCRIPT",
        "Interview Transcript",
    ],
)
def test_headings_of_transcripts_under_other_names(heading):
    assert len(parse(f"{HEAD}## {heading}\n\n[0:00] hello\n").transcript.cues) == 1


def test_a_readme_with_highlights_and_tools_is_no_note():
    note = parse(
        "# Project\n\n## Highlights\n\n- **Fast** - very\n- **Small**\n\n## Tools\n\n- **make** - builds\n\n"
        "## Features\n\n### Highlights\n\n#### Speed\n\nIt is fast.\n"
    )
    assert note.format is NoteFormat.PLAIN
    assert [s.title for s in note.sections] == ["Highlights", "Tools", "Features", "Speed"]


def test_a_table_of_cues_and_one_of_chapters():
    note = parse(
        f"{HEAD}## Transcript\n\n| Time | Speaker | Text |\n|---|---|---|\n| 0:02 | Ann | hello |\n| 0:05 | Bob | hi |\n\n"
        "## Chapters\n\n| 0:02 | First |\n"
    )
    assert [(c.start_ms, c.speaker, c.text) for c in note.transcript.cues] == [
        (2_000, "Ann", "hello"),
        (5_000, "Bob", "hi"),
    ]
    assert [(c.start_ms, c.title) for c in note.chapters] == [(2_000, "First")]


def test_a_highlight_that_says_with_labels_what_others_attribute():
    note = parse(
        f'{HEAD}## Highlights\n\n### One\n\n**Quote:** "Said words."\n\n**Speaker:** Ann\n\n**Time:** {link(16)}\n\n'
        '### Two\n\n- **Quote:** "Other words."\n- **Speaker:** Bob\n- **Timestamp:** 0:20 - 0:40\n'
    )
    assert [(h.quote, h.speaker, h.start_ms, h.end_ms) for h in note.highlights] == [
        ("Said words.", "Ann", 16_000, None),
        ("Other words.", "Bob", 20_000, 40_000),
    ]
    assert note.sections == ()


def clip_fence(start: str, end: str) -> str:
    return (
        f'```bash\nyt-dlp --download-sections "*{start}-{end}" "https://www.youtube.com/watch?v={ID}" --force-keyframes-at-cuts'
        ' --merge-output-format mp4 -o "x.mp4"\n```\n'
    )


@pytest.mark.parametrize(
    "title",
    [
        '**{name}**\n\n> "{name} said." — Ann\n',
        '1. **{name}**\n\n> "{name} said." — Ann\n',
        '- **{name}**\n  > "{name} said." — Ann\n',
    ],
)
def test_several_clips_below_one_heading_each_have_their_title(title):
    text = "".join(
        title.format(name=name) + f"\n{clip_fence(at, f'{at[:-1]}9')}\n"
        for name, at in (("One", "0:00"), ("Two", "1:00"))
    )
    note = parse(f"---\nvideo_id: {ID}\n---\n## Highlights\n\nWords above.\n\n{text}")
    assert [(item.title, item.quote, item.clip.end_ms) for item in note.highlights] == [
        ("One", "One said.", 9000),
        ("Two", "Two said.", 69_000),
    ]
    assert [section.markdown for section in note.sections] == ["Words above."]


def test_a_second_clip_of_a_highlight_is_a_clip_as_well():
    note = parse(
        f'---\nvideo_id: {ID}\n---\n## Highlights\n\n### One\n\n> "A." — Ann\n\n{clip_fence("0:05", "0:09")}\n{clip_fence("2:05", "2:09")}'
    )
    assert [(item.title, item.quote, item.start_ms) for item in note.highlights] == [
        ("One", "A.", 5000),
        ("One", None, 125_000),
    ]
    assert note.sections == ()
