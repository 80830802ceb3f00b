"""What a film is made of: cards, clips, captions and chapters, from an outline."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from viewer.domain.cited_quote import CitedQuote, Heading, Words
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import Segment, VideoRef
from viewer.export.film_parts import Captions, CardKind, CardPart, ClipPart, FilmOptions, plan_film
from viewer.export.film_workshop import Text, chapter_list, srt
from viewer.export.quote_sources import QuoteSourceReader, around

VIDEO = VideoRef.youtube("abcdefghijk")
QUOTE = CitedQuote(
    "“The words.”",
    "Ann",
    "A heading",
    note_title="A talk",
    channel="Channel",
    published=datetime.date(2025, 3, 1),
    segment=Segment(VIDEO, 16_000, 60_000),
)
TALK = Transcript(
    (
        Cue(0, 8000, None, "Long before."),
        Cue(10_000, 15_000, None, "Just before."),
        Cue(15_500, 20_000, None, "One two three four."),
        Cue(30_000, 40_000, None, "Five six seven."),
        Cue(60_000, 65_000, None, "Just after."),
        Cue(200_000, 205_000, None, "Long after."),
    )
)


def test_headings_words_and_clips_in_order() -> None:
    parts = plan_film([Heading("Part\none"), Words("I say:\nthis"), QUOTE, Heading(" ")], FilmOptions())
    assert [type(part) for part in parts] == [CardPart, CardPart, CardPart, ClipPart]
    cards = [part.card for part in parts if isinstance(part, CardPart)]
    assert [(card.kind, card.title) for card in cards] == [
        (CardKind.HEADING, "Part one"),
        (CardKind.WORDS, "I say:\nthis"),
        (CardKind.CLIP, "Ann"),
    ]
    assert cards[2].lines == ("A heading", "A talk", "Channel · 2025-03-01 · 0:16–1:00")
    assert [part.chapter for part in parts] == ["Part one", "I say: this", "A heading", ""]


def test_without_cards_the_clips_begin_the_chapters() -> None:
    (part,) = plan_film([QUOTE], FilmOptions(cards=False))
    assert isinstance(part, ClipPart)
    assert part.chapter == "A heading"


def test_a_quote_without_a_time_is_read() -> None:
    (part,) = plan_film([replace(QUOTE, segment=None)], FilmOptions())
    assert isinstance(part, CardPart)
    assert (part.card.title, part.card.lines[0]) == ("The words.", "Ann")
    assert plan_film([replace(QUOTE, segment=None, text="")], FilmOptions()) == []


def test_captions_are_the_transcripts_words_within_the_clip() -> None:
    *_, part = plan_film([QUOTE], FilmOptions(), lambda quote: TALK)
    assert isinstance(part, ClipPart)
    assert [(line.start_ms, line.end_ms, line.text) for line in part.captions] == [
        (0, 4000, "One two three four."),
        (14_000, 24_000, "Five six seven."),
    ]
    *_, bare = plan_film([QUOTE], FilmOptions(Captions.NONE), lambda quote: TALK)
    assert isinstance(bare, ClipPart)
    assert bare.captions == ()


def test_without_a_transcript_the_quote_is_the_caption() -> None:
    *_, part = plan_film([QUOTE], FilmOptions())
    assert isinstance(part, ClipPart)
    assert [line.text for line in part.captions] == ["The words."]


def test_long_titles_are_shortened_for_chapters() -> None:
    part = plan_film([Heading("word " * 40)], FilmOptions())[0]
    assert len(part.chapter) <= 80
    assert part.chapter.endswith("…")
    assert isinstance(part, CardPart)
    assert 3000 <= part.duration_ms <= 12_000


def test_nothing_in_captions_and_titles_is_markup() -> None:
    text = srt([Text(3_661_001, 3_662_000, "<b>a</b> {\\an8} -->\nx")])
    assert text.startswith("1\n01:01:01,001 --> 01:01:02,000\n")
    assert "<b>" not in text
    assert "{\\" not in text
    assert text.count("-->") == 1
    assert chapter_list("a\n[CHAPTER]", [Text(0, 5, "b=c;d#e\\")]).splitlines() == [
        ";FFMETADATA1",
        "title=a [CHAPTER]",
        "[CHAPTER]",
        "TIMEBASE=1/1000",
        "START=0",
        "END=5",
        "title=b\\=c\\;d\\#e\\\\",
    ]


def test_what_was_said_around_a_quote() -> None:
    assert around(QUOTE, TALK) == ("Long before. Just before.", "Just after.")
    assert around(replace(QUOTE, context_before="own"), TALK) == ("Long before. Just before.", "Just after.")
    assert around(replace(QUOTE, context_before="own"), None) == ("own", "")
    assert around(QUOTE, None) == ("", "")


def test_of_a_note_that_is_gone_nothing_is_known(tmp_path: Path) -> None:
    reader = QuoteSourceReader()
    source = reader.of(replace(QUOTE, note_path=str(tmp_path / "gone.md")))
    assert (source.note_file, source.check, source.transcript) == (None, None, None)
    assert reader.transcript_of(QUOTE) is None
