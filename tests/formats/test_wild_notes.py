"""Shapes of notes beyond the samples', each as a reader would understand it."""

from __future__ import annotations

import pytest

from viewer.domain.note import Note, NoteFormat
from viewer.formats.registry import parse

VIDEO = "dQw4w9WgXcQ"
URL = f"https://www.youtube.com/watch?v={VIDEO}"


def note(body: str, front: str = "") -> Note:
    return parse(f"---\nvideo_id: {VIDEO}\ntitle: A talk\n{front}---\n\n{body}\n")


def said(body: str) -> list[tuple[str, str | None, int | None]]:
    return [(quote.text, quote.speaker, quote.start_ms) for quote in note(f"## Quotes\n\n{body}").quotes]


@pytest.mark.parametrize(
    ("block", "text", "speaker", "start_ms"),
    [
        (f'> "Words." [0:05]({URL}&t=5s) — Ann', "Words.", "Ann", 5000),
        (f'> [0:05]({URL}&t=5s) "Words." — Ann', "Words.", "Ann", 5000),
        (f'> **Ann:** "Words." ([0:05]({URL}&t=5s))', "Words.", "Ann", 5000),
        (f'> - "Words." — Ann, [0:05]({URL}&t=5s)', "Words.", "Ann", 5000),
        (f'> "Words."\n> — Ann, [0:05]({URL}&t=5s), [0:09]({URL}&t=9s)', "Words.", "Ann", 5000),
        (f'> "Words." — Ann (at [0:05]({URL}&t=5s))', "Words.", "Ann", 5000),
        (f'> [!quote]\n> "Words."\n> — Ann, [0:05]({URL}&t=5s)', "Words.", "Ann", 5000),
        ('> [!quote] Ann\n> "Words."', "Words.", "Ann", None),
        (f'> "Words."\n> — Ann, {URL}&t=5s', "Words.", "Ann", 5000),
        (f'> "Words." — Ann (<https://youtu.be/{VIDEO}?t=5>)', "Words.", "Ann", 5000),
        (f'> [!quote] Ann\n> "Words."\n> — Ann, [0:05]({URL}&t=5s)', "Words.", "Ann", 5000),
        (f"> 「我们在这里。」\n> ——张三，[0:05]({URL}&t=5s)", "我们在这里。", "张三", 5000),
        ('*"Words in italics."* — Ann', "Words in italics.", "Ann", None),
        ('- "Words." — ann.eth (at home)', "Words.", "ann.eth (at home)", None),
        ('> "Words." — @ann, 2025-03-02', "Words.", "@ann, 2025-03-02", None),
        ('> "Words," — he said', '"Words," — he said', None, None),
        (f'> "Words."\n> — Ann, ~[0:05]({URL}&t=5s)', "Words.", "Ann", 5000),
        ("> We go on without marks. — Ann Lee", "We go on without marks.", "Ann Lee", None),
        (
            "> We went to one place. — and then we left",
            "We went to one place. — and then we left",
            None,
            None,
        ),
    ],
)
def test_speaker_and_time_are_found_wherever_they_stand(
    block: str, text: str, speaker: str | None, start_ms: int | None
) -> None:
    assert said(block) == [(text, speaker, start_ms)]


def test_a_callouts_title_that_is_no_speaker_is_not_lost() -> None:
    assert said('> [!quote] On dogs\n> "They bark."\n> — Ann') == [("On dogs\n\nThey bark.", "Ann", None)]


def test_headings_underlined_with_dashes_are_headings() -> None:
    found = note(f"Transcript\n----------\n\n[0:00]({URL}&t=0s) Hello.\n\nVerdict\n---\nGood.")
    assert [cue.text for cue in found.transcript.cues] == ["Hello."]
    assert [(section.title, section.markdown) for section in found.sections] == [("Verdict", "Good.")]


@pytest.mark.parametrize(
    "line", ["A sentence that ends.", "- an item", "> quoted", "**Bold words**", "1. one"]
)
def test_a_rule_below_text_makes_no_heading_of_it(line: str) -> None:
    (section,) = note(f"## Notes\n\n{line}\n---\n\nMore.").sections
    assert section.title == "Notes"
    assert line in section.markdown


def test_a_podcasts_few_long_turns_are_a_transcript_without_its_heading() -> None:
    text = (
        "# Episode 5\n\nAnn (00:00:00):\nWelcome.\n\nBob (00:03:20):\nThank you.\n\n(00:04:21):\nAnd more.\n"
    )
    found = parse(text)
    assert found.format is NoteFormat.VIDEO_NOTE
    assert [(cue.start_ms, cue.speaker, cue.text) for cue in found.transcript.cues] == [
        (0, "Ann", "Welcome."),
        (200_000, "Bob", "Thank you."),
        (261_000, "Bob", "And more."),
    ]


def test_prose_that_speaks_of_yt_dlp_is_no_highlight() -> None:
    found = note("## Prompt\n\n```\nwrite a note\nyt-dlp --help\n```")
    assert (found.highlights, found.problems) == ((), ())
    assert found.sections[0].title == "Prompt"
    assert "yt-dlp --help" in found.sections[0].markdown


def test_a_refused_clip_in_prose_is_told_and_still_shown() -> None:
    found = note(f'## Notes\n\n```bash\nyt-dlp --download-sections "*0:16-1:00" "{URL}" --exec id\n```')
    assert found.highlights == ()
    assert [problem.code for problem in found.problems] == ["clip-command-refused"]
    assert "--exec" in found.sections[0].markdown


@pytest.mark.parametrize(
    "command",
    [
        'yt-dlp --download-sections "*3:20-5:00" -t mp4 -o "clip.%(ext)s" "$URL"',
        'yt-dlp --download-sections "*1:30-inf" [--proxy ...] URL',
        'yt-dlp --download-sections "*00:01:30-00:02:15" "https://youtube.com/watch?v=..." -o "clip.mp4"',
    ],
)
@pytest.mark.parametrize("title", ["Guide", "Clips"])
def test_an_example_in_a_guide_is_no_refused_clip(command: str, title: str) -> None:
    found = parse(f'# {title}\n\n## Sections\n\nDownload "only" a part:\n\n```bash\n{command}\n```\n')
    assert (found.format, found.highlights, found.problems) == (NoteFormat.PLAIN, (), ())
    assert command in found.sections[0].markdown


def test_a_refused_clip_that_names_its_video_is_told_without_front_matter_too() -> None:
    found = parse(
        f'# T\n\n## One\n\n```bash\nyt-dlp --download-sections "*0:16-1:00" "{URL}" --exec id\n```\n'
    )
    assert [problem.code for problem in found.problems] == ["clip-command-refused"]


def test_a_channel_written_as_an_object_shows_its_name() -> None:
    assert note("x", 'channel: {"name": "Chan", "id": "UC"}\n').metadata.channel == "Chan"


def test_an_insight_pages_attributed_quotes_are_quotes_and_prose() -> None:
    found = parse(
        f'+++\ntitle = "X"\n[extra]\nvideo_id = "{VIDEO}"\n+++\n\n## Quotes\n\n> "Said here." — Ann\n'
    )
    assert [(quote.text, quote.speaker, quote.video_id) for quote in found.quotes] == [
        ("Said here.", "Ann", VIDEO)
    ]
    assert "Said here." in found.sections[0].markdown


def test_a_plain_name_is_a_speaker_where_it_is_one_elsewhere_in_bold() -> None:
    body = f"## Transcript\n\n**Ann:** [0:00]({URL}&t=0s) One.\n[0:05]({URL}&t=5s) Ann: Two.\n[0:09]({URL}&t=9s) Look: three."
    cues = note(body).transcript.cues
    assert [(cue.speaker, cue.text) for cue in cues] == [
        ("Ann", "One."),
        ("Ann", "Two."),
        (None, "Look: three."),
    ]


def test_a_speaker_in_brackets_is_named_without_them() -> None:
    (cue,) = note(f"## Transcript\n\n**[Audience]:** [0:00]({URL}&t=0s) Oh.").transcript.cues
    assert (cue.speaker, cue.text) == ("Audience", "Oh.")


SHOW_NOTES = '{head}\n\nWhat it is all about.\n\nA theme\n\n  • Altman says a "short one" here.\n  • {bullet}\n  • Insight: text.\n'


@pytest.mark.parametrize(
    ("bullet", "text", "speaker"),
    [
        ('Quote: "Short one."', "Short one.", None),
        ('Quote (Bob): "Selling is for other people."', "Selling is for other people.", "Bob"),
        ('**Key quote:** "Never."', "Never.", None),
    ],
)
def test_what_is_labelled_a_quote_is_one_however_short(bullet: str, text: str, speaker: str | None) -> None:
    found = parse(SHOW_NOTES.format(head="The Pod\nJanuary 5, 2025\n\nA title", bullet=bullet))
    assert found.format is NoteFormat.SHOW_NOTES
    assert [(quote.text, quote.speaker) for quote in found.quotes] == [(text, speaker)]
    assert [point.title for point in found.key_points] == ["Insight"]


@pytest.mark.parametrize(
    "head",
    [
        "The Pod\nJanuary 5, 2025\n\nHow one title is told from a name",
        "The Pod\nHow one title is told from a name\nJanuary 5, 2025",
        "How one title is told from a name\nThe Pod\nJanuary 5, 2025",
    ],
)
def test_publisher_and_title_are_told_apart_in_any_order(head: str) -> None:
    found = parse(SHOW_NOTES.format(head=head, bullet="Quote: x"))
    assert (found.title, found.metadata.channel) == ("How one title is told from a name", "The Pod")


def test_labels_and_pictures_that_a_highlight_has_no_place_for_are_shown() -> None:
    found = note(
        f'## Highlights\n\n### One\n\n![a](https://x.y/1.png)\n\n![Second](https://x.y/2.png)\n\n> "Words."\n> — Ann, [0:05]({URL}&t=5s)'
        '\n\n**Quote:** "Others."\n\n**Speaker:** Bob\n\n**Time:** noon'
    )
    (highlight,) = found.highlights
    assert (highlight.quote, highlight.speaker, highlight.picture_url) == (
        "Words.",
        "Ann",
        "https://x.y/1.png",
    )
    for words in ("Others.", "Bob", "noon", "Second"):
        assert words in found.sections[0].markdown


@pytest.mark.parametrize(("label", "shown"), [("Full transcript", False), ("With corrections by Bob", True)])
def test_the_label_of_a_folded_transcript_is_dropped_only_if_it_says_no_more(label: str, shown: bool) -> None:
    body = f"## Transcript\n\n<details>\n<summary>{label}</summary>\n\n[0:00]({URL}&t=0s) Hello.\n</details>"
    found = note(body)
    assert [cue.text for cue in found.transcript.cues] == ["Hello."]
    assert [section.markdown for section in found.sections] == ([label] if shown else [])


@pytest.mark.parametrize("address", [f"{URL}&t=12s", f"<{URL}&t=12s>"])
def test_a_mentions_time_may_be_a_bare_address(address: str) -> None:
    (mention,) = note(f"## Mentions\n\n### Jackets\n\n- **M65** ({address}) - olive").mentions
    assert (mention.name, mention.text, mention.start_ms) == ("M65", "olive", 12_000)


@pytest.mark.parametrize("bullet", ["🔹", "▶️", "✅", "•", "–", "1)"])
def test_signs_that_writers_use_for_bullets_are_bullets(bullet: str) -> None:
    found = note(f"## Key Points\n\n{bullet} **One** ([0:01]({URL}&t=1s)) - first\n{bullet} **Two** - second")
    assert [(point.title, point.text, point.start_ms) for point in found.key_points] == [
        ("One", "first", 1000),
        ("Two", "second", None),
    ]
