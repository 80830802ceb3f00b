"""What is written as a note is read back equal, whatever strangers put into titles and captions."""

from __future__ import annotations

import datetime
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from viewer.domain.note import KeyPoint, Metadata, Note, NoteFormat, Section
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import VideoRef
from viewer.formats.note_writer import settled, write_note
from viewer.formats.registry import parse_bytes

VIDEO = VideoRef.youtube("ZAJ4D8RAyfY")
ODD = [
    "---", "```", "~~~", "**", "__", "*a*", "`b`", "[0:05](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=5s)", "0:16", "> ",
    "# ", "## Transcript", "- ", "Jane: ", "Q: ", '"', "'", ": ", "\n", "\r\n", "\u2028", "\t", "\\", "&amp;", "&#35;", "<b>",
    "<details>", "|", "{", "]", "é", "Ã©", "â€™", "😀", "日本語", "نص", "\u200b", "\ufeff", "\x00", "{{", "%(id)s", "$(rm)",
    "http://x.y", "1.", ">> ", "[Music]", "--- ", "...", "C#", "no", "null", "~", "1e10", "x" * 200,
]  # fmt: skip
WORDS = st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=12)), max_size=6).map("".join)
LINES = st.lists(
    st.sampled_from(["## Transcript", "0:00 Intro", "> said — Ann, [0:16](http://y.z)", "```", "---", "Links", "a", ""]),
    max_size=12,
).map("\n".join)  # fmt: skip
NAMES = st.one_of(st.none(), st.sampled_from(["Jane Doe", "Dr. O'Neil", "JANE", "李雷", "9:30 news"]), WORDS)
SECONDS = st.integers(0, 90_000)


@st.composite
def notes(draw: st.DrawFn) -> Note:
    cues = draw(st.lists(st.tuples(SECONDS, NAMES, WORDS), max_size=5))
    points = draw(st.lists(st.tuples(SECONDS, WORDS), max_size=4))
    video = draw(
        st.sampled_from([VIDEO, VideoRef.youtube("__ab__cd-__"), VideoRef.youtube("-_abcdefgh_")])
        | st.just(VideoRef("https://vimeo.com/12", "https://vimeo.com/12"))
    )
    return Note(
        NoteFormat.VIDEO_NOTE,
        Metadata(
            draw(WORDS),
            draw(st.none() | WORDS),
            draw(st.none() | st.dates(datetime.date(1990, 1, 1))),
            draw(st.none() | st.integers(1, 100_000).map(lambda seconds: seconds * 1000)),
            draw(st.none() | st.integers(0, 10**10)),
            tuple(draw(st.lists(WORDS, max_size=3))),
            (),
            "https://i.ytimg.com/vi/ZAJ4D8RAyfY/hq.jpg",
        ),
        (video,),
        sections=(Section("Description", 2, draw(LINES | WORDS)),),
        key_points=tuple(KeyPoint(title, "", None, at * 1000 + 250) for at, title in points),
        transcript=Transcript(tuple(Cue(at * 1000 + 700, None, name, text) for at, name, text in cues)),
    )


def carried(note: Note) -> dict[str, object]:
    return {
        "metadata": note.metadata,
        "videos": note.videos,
        "points": [(point.title, point.video_id, point.start_ms) for point in note.key_points],
        "cues": [(cue.start_ms, cue.speaker, cue.text) for cue in note.transcript.cues],
        "others": (note.highlights, note.quotes, note.mentions, note.chapters),
    }


def simple(title: str, *texts: str, channel: str | None = None, description: str = "") -> Note:
    return Note(
        NoteFormat.VIDEO_NOTE,
        Metadata(title, channel),
        (VIDEO,),
        sections=(Section("Description", 2, description),),
        transcript=Transcript(tuple(Cue(row * 1000, None, None, text) for row, text in enumerate(texts))),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(notes())
@example(simple("Ã© Ã¨ â€™ Ã¼ Ã¶", "Ã© Ã¨ â€™ Ã¼ Ã¶ naÃ¯ve cafÃ©", channel="Ã©"))
@example(simple("[" * 130, "[" * 130))
@example(simple("Best quotes", "Q: a", "Q: b", "Q: c"))
@example(simple("https://www.youtube.com/watch?v=AAAAAAAAAAA", "- dash", ") bracket", ": colon"))
@example(
    simple(
        "a", "b", description='> "So be it" — Ann, [0:16](https://youtu.be/AAAAAAAAAAA?t=16)\n# Highlights'
    )
)
@example(simple("a", channel='"Weird Al" Yankovic'))
@example(simple("a", channel='["x"]'))
def test_what_is_written_is_read_back_equal(note: Note) -> None:
    text = write_note(note)
    assert carried(parse_bytes(text.encode())) == carried(settled(note))


@given(WORDS)
def test_settling_changes_nothing_but_spaces_and_what_is_no_letter(said: str) -> None:
    kept = "".join(cue.text for cue in settled(simple("a", said)).transcript.cues)
    lost = set("".join(said.split())) - set("".join(kept.split()))
    assert all(unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Cf") for letter in lost)
    assert [letter for letter in said if letter not in lost and not letter.isspace()] == [
        letter for letter in kept if not letter.isspace()
    ]


def test_it_looks_like_the_samples() -> None:
    note = Note(
        NoteFormat.VIDEO_NOTE,
        Metadata(
            "What does Sam Altman want? | 3 Wow", "Turing Post", datetime.date(2025, 6, 16), 516_000, 804, ("AI", "Robots"),
            (), "https://i.ytimg.com/vi/ZAJ4D8RAyfY/hq.jpg",
        ),
        (VIDEO,),
        key_points=(KeyPoint("The Gentle Singularity", "", None, 16_000),),
        transcript=Transcript((Cue(0, None, None, "We all know."), Cue(16_900, None, "Ksenia", "Last week, it's 5*3."))),
    )  # fmt: skip
    assert write_note(note) == (
        "---\n"
        "video_id: ZAJ4D8RAyfY\n"
        'title: "What does Sam Altman want? | 3 Wow"\n'
        "channel: Turing Post\n"
        "duration: 516\n"
        'duration_formatted: "8:36"\n'
        "view_count: 804\n"
        "upload_date: 2025-06-16\n"
        "url: https://www.youtube.com/watch?v=ZAJ4D8RAyfY\n"
        "thumbnail: https://i.ytimg.com/vi/ZAJ4D8RAyfY/hq.jpg\n"
        "tags:\n  - AI\n  - Robots\n"
        "---\n\n"
        "# What does Sam Altman want? | 3 Wow\n\n"
        "## Key Points\n\n"
        "- **The Gentle Singularity** ([0:16](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=16s))\n\n"
        "## Transcript\n\n"
        "[0:00](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=0s) We all know.\n\n"
        "**Ksenia:** [0:16](https://www.youtube.com/watch?v=ZAJ4D8RAyfY&t=16s) Last week, it's 5*3.\n"
    )


def test_the_description_is_kept_as_prose() -> None:
    note = parse_bytes(
        write_note(simple("a", "b", description="Hello <b>\n\n# not a heading\n0:00 Intro\nend")).encode()
    )
    assert [section.title for section in note.sections] == ["Description"]
    assert "not a heading" in note.sections[0].markdown
    assert "Intro" not in note.sections[0].markdown


@pytest.mark.parametrize("text", ["", "\x00", "\n"])
def test_a_video_without_a_title_has_its_id(text: str) -> None:
    assert parse_bytes(write_note(simple(text)).encode()).title == VIDEO.id
