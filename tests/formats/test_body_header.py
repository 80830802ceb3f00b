"""What the head of a body says where there is no front matter: made-up notes in the manner of those in the world."""

from __future__ import annotations

import datetime

import pytest

from viewer.domain.note import NoteFormat
from viewer.formats.registry import parse

VIDEO = "dQw4w9WgXcQ"
URL = f"https://www.youtube.com/watch?v={VIDEO}"
FACTS = (VIDEO, "Slow Mornings", datetime.date(2024, 5, 6), 754_000)


def facts(text: str) -> tuple[object, ...]:
    note = parse(text, name="a.md")
    meta = note.metadata
    return (note.video.id if note.video else None, meta.channel, meta.published, meta.duration_ms)


@pytest.mark.parametrize(
    "head",
    [
        f"- **Channel:** Slow Mornings\n- **Date:** 2024-05-06\n- **Duration:** 12:34\n- **URL:** {URL}",
        f"**Creator:** Slow Mornings\n**Duration:** 12:34 | **Views:** 21K | **Published:** May 6, 2024\n**Link**: [{URL}]({URL})",
        f"> **Source**: {URL}\n> **Published**: 2024-05-06\n> **Show / Channel**: Slow Mornings\n> **Duration**: 00:12:34",
        f"Source: {URL}\n\nMetadata:\n- id: {VIDEO}\n- uploader/channel: Slow Mornings\n- upload_date: 20240506\n- duration_seconds: 754",
        f"- **URL**: {URL}\n- **チャンネル**: Slow Mornings\n- **投稿日**: 2024年5月6日\n- **再生時間**: 12:34",
        f"- Kanal: Slow Mornings\n- Datum: 06.05.2024\n- Dauer: 12m34s\n- Quelle: {URL}",
        f"القناة: Slow Mornings\nالتاريخ: 2024-05-06\nالمدة: 12:34\nالرابط: {URL}",
        f"| Field | Value |\n|---|---|\n| Channel | Slow Mornings |\n| Published | 2024-05-06 |\n| Duration | 12:34 |\n| URL | {URL} |",
    ],
)
def test_the_first_lines_stand_in_for_a_front_matter(head: str) -> None:
    text = f"# Talk\n\n{head}\n\n## Notes\n\nWords.\n"
    assert facts(text) == FACTS
    assert "Slow Mornings" in parse(text).sections[0].markdown


def test_the_front_matter_is_believed_first() -> None:
    text = f"---\nvideo_id: {VIDEO}\nchannel: Slow Mornings\ndate: 2024-05-06\nduration: 754\n---\n\n# T\n\n- **Channel:** Other\n- **URL:** https://youtu.be/abcdefghijk\n- **Duration:** 1:00\n"
    assert facts(text) == FACTS


@pytest.mark.parametrize(
    "line",
    [
        "Published: unknown",
        "- **Duration:** a long time",
        "Author: 5",
        "Note: 12:30 is lunch",
        "See: https://example.com/page",
    ],
)
def test_a_fact_that_is_none_is_no_problem(line: str) -> None:
    note = parse(f"# Talk\n\n{line}\n\nWords.\n")
    assert note.problems == ()
    assert note.videos == ()


def test_facts_below_the_first_heading_are_prose() -> None:
    assert facts("# Talk\n\n## Speakers\n\n- **Channel:** Other\n- **Date:** 2020-01-01\n") == (None,) * 4


@pytest.mark.parametrize(
    "embedded",
    [
        f'{{{{ youtube(id="{VIDEO}", caption="x") }}}}',
        f'{{{{< youtube id="{VIDEO}" >}}}}',
        f"{{{{< youtube {VIDEO} >}}}}",
        f"{{% youtube {VIDEO} %}}",
        f'<iframe width="5" src="https://www.youtube-nocookie.com/embed/{VIDEO}?start=3"></iframe>',
        f"![](https://www.youtube.com/watch?v={VIDEO})",
        f"![a talk](https://youtu.be/{VIDEO})",
    ],
)
def test_the_only_embedded_video_is_the_notes(embedded: str) -> None:
    text = f"---\ntitle: A page\n---\n\nBefore.\n\n{embedded}\n\nAfter.\n"
    assert facts(text)[0] == VIDEO
    assert facts(text + "\n![](https://youtu.be/abcdefghijk)\n")[0] is None


def test_a_video_that_is_linked_into_again_and_again_is_the_notes() -> None:
    one = f"- **[00:00]({URL}&t=0s)** - first\n- **[01:30]({URL}?t=90)** - second\n"
    assert facts(f"# Notes\n\n{one}")[0] == VIDEO
    assert facts(f"# Notes\n\n- [a]({URL}&t=5s)\n")[0] is None
    assert facts(f"# Notes\n\n{one}- [c](https://youtu.be/abcdefghijk?t=5)\n")[0] is None


def test_a_link_that_says_it_is_the_video() -> None:
    text = f"# T\n\n> 🎬 [Vídeo original](https://youtu.be/{VIDEO}) — 12m18s\n\n## Transcrição\n\n[00:00:00](https://youtu.be/{VIDEO}?t=0) Olá.\n"
    note = parse(text)
    assert (note.format, facts(text)[0]) == (NoteFormat.VIDEO_NOTE, VIDEO)


def test_views_may_be_rounded() -> None:
    assert parse("# T\n\n- **Views:** 190.5K views\n").metadata.view_count == 190_500


def test_two_spellings_of_one_key_lose_neither() -> None:
    note = parse("---\ntitle: One\nTitel: Two\n---\nWords.\n")
    assert note.title == "One"
    assert ("Titel", "Two") in note.metadata.extra


def test_facts_on_one_line() -> None:
    assert facts("# T\n\n- Duration: 12 min 34 s · Channel: Slow Mornings · Voice: a\n")[1::2] == (
        "Slow Mornings",
        754_000,
    )
