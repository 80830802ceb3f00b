"""Transcripts, chapters and speakers that no English heading announces: made-up notes, a shape each."""

from __future__ import annotations

import pytest

from viewer.domain.note import Note
from viewer.formats.registry import parse

VIDEO = "dQw4w9WgXcQ"
URL = f"https://www.youtube.com/watch?v={VIDEO}"


def cues(note: Note) -> list[tuple[int | None, str | None, str]]:
    return [
        (None if cue.start_ms is None else cue.start_ms // 1000, cue.speaker, cue.text)
        for cue in note.transcript.cues
    ]


def chapters(text: str) -> list[tuple[int, str]]:
    return [(chapter.start_ms // 1000, chapter.title) for chapter in parse(text).chapters]


@pytest.mark.parametrize(
    "heading",
    [
        "Transkript",
        "Transcrição",
        "Расшифровка",
        "تفريغ نصي",
        "תמלול",
        "文字起こし（全文）",
        "逐字稿",
        "녹취록",
        "ट्रांसक्रिप्ट",
        "บทถอดเสียง",
    ],
)
def test_a_transcript_is_announced_in_any_language(heading: str) -> None:
    assert cues(parse(f"# T\n\n## {heading}\n\n[00:03] Words.\n")) == [(3, None, "Words.")]


def test_parts_announced_in_another_language() -> None:
    note = parse(
        '# T\n\n## Zusammenfassung\n\nKurz.\n\n## Kernaussagen\n\n- Eins\n\n## Zitate\n\n> "Wort." — Ann\n'
    )
    assert (
        note.summary,
        [point.title for point in note.key_points],
        [quote.text for quote in note.quotes],
    ) == (
        "Kurz.",
        ["Eins"],
        ["Wort."],
    )


@pytest.mark.parametrize("heading", ["引用", "Citations", "全文", "Data", "Description"])
def test_a_heading_that_may_mean_something_else_announces_nothing(heading: str) -> None:
    note = parse(f"# T\n\n## {heading}\n\nWords of an article.\n")
    assert (note.quotes, note.transcript.cues) == ((), ())


SAID = [(0, "Ann Lee", "Hello all."), (12, "Bob", "Thank you."), (15, "Ann Lee", "Go on then.")]


@pytest.mark.parametrize(
    "body",
    [
        "Ann Lee: 00:00:00\n\nHello all.\n\nBob: 00:00:12\n\nThank you.\n\nAnn Lee: 00:00:15\n\nGo on then.\n",
        "**Ann Lee** (00:00:00.000)\n\nHello all.\n\n**Bob** (00:00:12.100)\n\nThank you.\n\n**Ann Lee** (00:00:15)\n\nGo on then.\n",
        "### [00:00:00] Ann Lee\n\nHello all.\n\n---\n\n### [00:00:12] Bob\n\nThank you.\n\n---\n\n### [00:00:15] Ann Lee\n\nGo on then.\n",
        "## Transcript\n\n[00:00] [Ann Lee] Hello all.\n[00:12] [Bob] Thank you.\n[00:15] [Ann Lee] Go on then.\n",
        "## Transcript\n\nAnn Lee(00:00:00): Hello all.\nBob(00:00:12): Thank you.\nAnn Lee(00:00:15): Go on then.\n",
    ],
)
def test_who_speaks_and_when(body: str) -> None:
    assert cues(parse(f"# T\n\n{body}")) == SAID


def test_two_turns_are_enough_where_nothing_else_is_meant() -> None:
    assert (
        len(cues(parse("Ann: 00:00:05\n\nHello to all of you.\n\nBob: 00:00:09\n\nThank you very much.\n")))
        == 2
    )
    assert cues(parse("Start: 00:10\nEnd: 00:20\nBreak: 00:05\n")) == []
    assert cues(parse("Welcome: 09:00\n\nLunch: 12:30\n\nClose: 17:00\n")) == []


def test_sounds_in_brackets_are_nobodys_name() -> None:
    body = "## Transcript\n\n[00:00] [Music] one\n[00:02] [Music] two\n[00:04] [Applause] three\n"
    assert {speaker for _, speaker, _ in cues(parse(body))} == {None}


def test_a_conversation_without_times() -> None:
    body = "**Ann Lee:** One.\n\n**Bob:** Two.\n\n**Ann Lee:** \\[00:04:08.01\\] Three.\n\nAnd more.\n\n**Bob:** Four.\n"
    found = cues(parse(body))
    assert [(start, speaker) for start, speaker, _ in found] == [
        (None, "Ann Lee"),
        (None, "Bob"),
        (248, "Ann Lee"),
        (None, "Bob"),
    ]
    assert "And more." in found[2][2]
    plain = "".join(f"Speaker {n % 2}: some words here.\n\n" for n in range(4))
    assert [speaker for _, speaker, _ in cues(parse(plain))] == ["Speaker 0", "Speaker 1"] * 2


@pytest.mark.parametrize(
    "body",
    [
        "**Pros:** cheap\n\n**Cons:** slow\n\n**Pros:** small\n\n**Cons:** loud\n",
        "**Note:** one\n\n**Tip:** two\n\n**Note:** three\n\n**Tip:** four\n",
        "**Input:** a = [1].\n\n**Output:** 3.\n\n**Input:** b.\n\n**Output:** 4.\n\n**Input:** c.\n\n**Output:** 5.\n",
        "**Red Fox:** `a` one\n\n**Grey Wolf:** two\n\n**Red Fox:** three\n\n**Grey Wolf:** four\n",
        "**Alpha:** one\n\n**Beta:** two\n\n**Gamma:** three\n\n**Delta:** four\n",
        "- **Ann:** one\n- **Bob:** two\n- **Ann:** three\n- **Bob:** four\n",
    ],
)
def test_labels_and_lists_are_no_conversation(body: str) -> None:
    assert cues(parse(f"# T\n\n{body}")) == []


def test_languages_named_below_a_speaker_are_words() -> None:
    turn = "### [00:0{n}:00] {name}\n\n**English:**\nHello.\n\n**中文翻译:**\n你好。\n\n"
    body = "".join(turn.format(n=n, name=name) for n, name in enumerate(("Ann", "Bob", "Ann")))
    assert [(start, speaker) for start, speaker, _ in cues(parse(body))] == [
        (0, "Ann"),
        (60, "Bob"),
        (120, "Ann"),
    ]


def test_headings_that_are_only_times_part_a_transcript() -> None:
    body = "# T\n\n## [00:00:00 – 00:05:00]\n\n**[00:00:00]** One.\n\n## [00:05:00 – 00:09:00]\n\n**[00:05:00]** Two.\n"
    assert cues(parse(body)) == [(0, None, "One."), (300, None, "Two.")]


@pytest.mark.parametrize(
    "heading",
    [
        "[00:01:10] The surgeon",
        f"[01:10]({URL}&t=70s) The surgeon",
        f"[The surgeon]({URL}&t=70s)",
        "The surgeon (1:10-2:30)",
        "The surgeon `[章节 1:10-2:30]`",
    ],
)
def test_a_heading_with_a_time_is_a_chapter_and_its_prose_stays(heading: str) -> None:
    text = f"---\nvideo_id: {VIDEO}\n---\n# T\n\n## {heading}\n\n- A point.\n\n## Other\n\nWords.\n"
    assert chapters(text) == [(70, "The surgeon")]
    assert cues(parse(text)) == []
    assert "A point." in parse(text).sections[0].markdown


def test_listed_chapters_are_believed_over_headings() -> None:
    assert chapters("# T\n\n## Chapters\n\n- 0:00 Start\n\n## [00:01:10] Later\n\nWords.\n") == [(0, "Start")]


def test_a_bare_time_in_a_heading_may_be_one_of_day() -> None:
    assert chapters("# Plan\n\n## 9:30 Breakfast\n\nEggs.\n\n## Lunch 12:30\n\nSoup.\n") == []


def test_chapters_below_a_label() -> None:
    text = "# T\n\nWords above.\n\n⏱️ Video Chapters:\n\n[00:00:00](https://youtu.be/dQw4w9WgXcQ?t=0) Start of it\n\n[00:00:38](https://youtu.be/dQw4w9WgXcQ?t=38) All about levels and more\n\n[00:01:08](https://youtu.be/dQw4w9WgXcQ?t=68) A third one here\n"
    assert [start for start, _ in chapters(text)] == [0, 38, 68]
    assert cues(parse(text)) == []
    assert "Words above." in parse(text).sections[0].markdown


def test_a_rule_parts_chapters_from_the_transcript() -> None:
    text = f"# T\n\n## Chapters\n\n- [00:00 — Start]({URL}&t=0s)\n- [03:15 — End]({URL}&t=195s)\n\n---\n\n**[00:00]({URL}&t=0s)** Hello.\n\n**[03:15]({URL}&t=195s)** Bye.\n"
    assert chapters(text) == [(0, "Start"), (195, "End")]
    assert cues(parse(text)) == [(0, None, "Hello."), (195, None, "Bye.")]


@pytest.mark.parametrize(
    "aside",
    [
        "> Made by a machine.\n> Handle with care.",
        "> [!warning] About this\n> Not checked.",
        "*Language: English*",
    ],
)
def test_what_is_said_about_a_transcript_is_no_speech(aside: str) -> None:
    note = parse(f"# T\n\n## Transcript\n\n{aside}\n\n[0:00] One.\n\n[0:05] Two.\n")
    assert [start for start, _, _ in cues(note)] == [0, 5]
    assert aside.split("\n")[-1].strip("*> ") in note.sections[0].markdown


def test_a_transcript_all_in_quotes_is_speech() -> None:
    assert (
        "Words that were said"
        in parse("## Transcript\n\n> [!note]- Open\n> Words that were said.\n").transcript.cues[-1].text
    )


def test_an_opening_line_above_an_unannounced_transcript_is_prose() -> None:
    spoken = "".join(f"[00:{n:02}] one two\n" for n in range(0, 20, 4))
    note = parse(f"# T\n\nMade by a machine.\n\n{spoken}")
    assert len(cues(note)) == 5
    assert note.sections[0].markdown == "Made by a machine."


def test_front_matter_chapters_without_titles_are_none() -> None:
    assert chapters("---\ntitle: T\nchapters: [2, 3, 6]\n---\nWords.\n") == []


def test_short_lines_are_captions_where_they_follow_fast_and_contents_where_not() -> None:
    fast = "".join(f"[00:{n:02}] one two\n" for n in range(0, 20, 4))
    slow = "".join(f"[{n:02}:00] one two\n" for n in range(0, 20, 4))
    assert len(cues(parse(fast))) == 5
    assert cues(parse(slow)) == []


def test_highlights_in_a_table() -> None:
    note = parse(
        "## Top Highlights (ranked)\n\n| # | Timestamp | Type | Quote/Summary |\n|---|---|---|---|\n"
        '| 1 | 5:23-5:45 | Joke | "We never asked." |\n| 2 | 12:10 | Story | The night of it |\n'
    )
    found = [(item.title, item.quote, item.start_ms, item.end_ms) for item in note.highlights]
    assert found == [
        ("We never asked.", "We never asked.", 323_000, 345_000),
        ("The night of it", None, 730_000, None),
    ]
    assert "Joke" in note.sections[0].markdown


def test_clips_that_an_analysis_proposes_are_highlights() -> None:
    note = parse(
        "# T\n\n## CLIP #1: A title\n\n**Timestamp**: 00:07:47.211 → 00:09:18.763 (about 92s)\n**Why it works**: It is short.\n"
    )
    (item,) = note.highlights
    assert (item.title, item.start_ms, item.end_ms) == ("CLIP #1: A title", 467_211, 558_763)
    assert "about 92s" in note.sections[-1].markdown
    assert "It is short." in note.sections[-1].markdown
    assert parse("# T\n\n## Clip 1 of the paper\n\nNo time here.\n").highlights == ()


def test_chapters_in_a_table_with_the_time_in_the_middle() -> None:
    assert chapters(
        "## Chapter Summary\n\n| Chapter | Time | Point |\n|---|---|---|\n| Opening | 0:00 | Why |\n| Launch | 10:02 | What |\n"
    ) == [
        (0, "Opening - Why"),
        (602, "Launch - What"),
    ]


@pytest.mark.parametrize(
    "body", ["| Command | What |\n|---|---|\n| `a` | b |\n", "```\ntool run\n```\n\nRun it.\n"]
)
def test_a_part_that_explains_transcripts_is_prose(body: str) -> None:
    assert cues(parse(f"# Guide\n\n## Transcription\n\n{body}")) == []


def test_facts_above_a_transcript_are_nobodys_name() -> None:
    note = parse(
        "# T\n\n- Language: de\n- Duration: 01:31\n\n**Speaker 1** (00:00): Some words.\n\n**Speaker 2** (01:14): And more of them.\n"
    )
    assert [speaker for _, speaker, _ in cues(note)] == ["Speaker 1", "Speaker 2"]
    assert note.metadata.duration_ms == 91_000


def test_a_verse_behind_a_heading_is_no_chapter_where_there_is_no_video() -> None:
    assert chapters("# Study\n\n## The beginning (1:10-2:30)\n\nWords.\n") == []


def test_a_first_heading_that_says_more_than_the_title_is_kept() -> None:
    note = parse("---\ntitle: A talk (short)\n---\n# A talk (longer)\n\nWords.\n\n# A Talk, short\n\nMore.\n")
    assert [(section.title, section.level) for section in note.sections] == [
        ("A talk (longer)", 1),
        ("A Talk, short", 1),
    ]


TURNS = [
    (0, "Ann Lee", "we went there early in the day"),
    (5, "Bob", "then the other one said no"),
    (17, "Ann Lee", "and so it ended for everybody"),
]
TURNS += [(31, "Bob", "we all left and nobody came back")]


@pytest.mark.parametrize("head", ["", "## Transcript\n\n"])
@pytest.mark.parametrize(
    "shape",
    [
        "{name}\n00:00:{at:02}\n{words}\n\n",
        "0:{at:02} - {name}\n{words}\n\n",
        "[{name}, 00:00:{at:02}] {words}\n",
        "#### {name} — 0:{at:02}\n\n{words}\n\n",
        "[{name}] 00:00:{at:02}\n{words}\n\n",
        "{name}  0:{at:02}\n{words}\n\n",
    ],
)
def test_names_beside_and_above_times(shape: str, head: str) -> None:
    body = "".join(shape.format(at=at, name=name, words=words) for at, name, words in TURNS)
    assert cues(parse(f"# T\n\n{head}{body}")) == TURNS


@pytest.mark.parametrize("shape", ["[{at}s] {words}\n", "[{at}.00s -> {end}.00s] {words}\n"])
def test_times_in_seconds(shape: str) -> None:
    body = "".join(shape.format(at=at, end=at + 4, words=words) for at, _, words in TURNS)
    note = parse(f"## Transcript\n\n{body}")
    assert cues(note) == [(at, None, words) for at, _, words in TURNS]
    assert cues(parse("We ran 5 km in [25s] and more.\n")) == []


def test_short_words_above_a_time_are_no_names() -> None:
    body = "".join(
        f"0:{n:02}\n\n{words}\n\n"
        for n, words in ((0, "Hello"), (4, "Right"), (8, "Good Morning"), (12, "Well"))
    )
    assert [text for _, _, text in cues(parse(f"## Transcript\n\n{body}"))] == [
        "Hello",
        "Right",
        "Good Morning",
        "Well",
    ]


def test_a_transcript_in_a_table() -> None:
    rows = "".join(f"| 0:{at:02} | {name} | {words} |\n" for at, name, words in TURNS)
    assert cues(parse(f"# T\n\n## Transcript\n\n| Time | Speaker | Text |\n|---|---|---|\n{rows}")) == TURNS


def test_lines_counted_in_seconds() -> None:
    front = f"---\nvideo_id: {VIDEO}\n---\n"
    said = "".join(f"[{n}] words said here\n" for n in (0, 4, 9, 15, 15, 31))
    assert [start for start, _, _ in cues(parse(front + said))] == [0, 4, 9, 15, 15, 31]
    references = "".join(f"[{n}] Lee, A. A paper that was read.\n" for n in range(1, 12))
    assert cues(parse(f"{front}## References\n\n{references}")) == []
    assert cues(parse(said)) == []
