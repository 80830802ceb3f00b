from __future__ import annotations

import datetime
from dataclasses import replace

from tests.export.quotes import VIDEO
from viewer.domain.cited_quote import CitedQuote, Heading, Words, quotes_of
from viewer.domain.collection import CollectionItem, ItemKind
from viewer.domain.mark import Mark, MarkColour, TextAnchor
from viewer.domain.note import Highlight, Metadata, Note, NoteFormat, Quote
from viewer.domain.quote_checks import best_transcripts, check_quotes
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import Segment
from viewer.export.outlines import (
    collection_outline,
    has_quotes,
    hits_outline,
    marks_outline,
    note_outline,
    verdict_words,
)
from viewer.library.search import SearchHit

NOTE = Note(
    NoteFormat.VIDEO_NOTE,
    Metadata("A talk", "Example", datetime.date(2024, 1, 2), 600_000),
    (VIDEO,),
    highlights=(Highlight("First", "We read slowly here.", "Ann", VIDEO.id, 10_000, 20_000),),
    quotes=(
        Quote("And nobody minds it.", "Bob", section="Asides"),
        Quote("Nobody ever said these words at all.", "Bob", section="Asides"),
    ),
    transcript=Transcript(
        (
            Cue(0, 10_000, "Ann", "Good morning to everybody who came."),
            Cue(10_000, 20_000, "Ann", "We read slowly here. And nobody minds it."),
            Cue(20_000, 30_000, "Ann", "Let us begin with the last page then."),
        ),
        video_id=VIDEO.id,
    ),
)
SEGMENT = Segment(VIDEO, 10_000, 20_000)
MARK = Mark(
    "m1",
    "/n/a.md",
    "A talk",
    SEGMENT,
    TextAnchor("slowly", "We read", "here."),
    "slowly",
    "Ann",
    MarkColour.DOUBT,
    "Really?",
    ("pace",),
)


def note_of(path: str) -> Note | None:
    return NOTE if path == "/n/a.md" else None


def test_a_note_gives_its_highlights_and_its_quotes_under_their_headings() -> None:
    parts = note_outline("/n/a.md", NOTE)
    first = parts[0]
    assert isinstance(first, CitedQuote)
    assert (first.title, first.text, first.segment) == ("First", "We read slowly here.", SEGMENT)
    assert (first.channel, first.published, first.url) == ("Example", datetime.date(2024, 1, 2), VIDEO.url)
    assert first.verdict is None
    assert parts[1] == Heading("Asides")
    assert len(quotes_of(parts)) == 3
    assert [part for part in parts if isinstance(part, Heading)] == [Heading("Asides")]


def test_checks_bring_verdicts_times_and_what_was_said_around() -> None:
    spoken = best_transcripts(NOTE)
    parts = quotes_of(
        note_outline("/n/a.md", NOTE, check_quotes(NOTE, spoken), reading=spoken[VIDEO.id].reading)
    )
    assert [part.verdict for part in parts] == ["verbatim", "verbatim", "cannot-be-checked"]
    assert parts[0].context_before == "Good morning to everybody who came."
    assert parts[0].context_after.startswith("And nobody minds it.")
    found = parts[1].segment
    assert found is not None
    assert 10_000 <= found.start_ms < found.end_ms <= 20_000
    assert parts[2].segment is None
    assert parts[2].url_at == VIDEO.url


def test_only_a_part_of_a_note() -> None:
    assert len(note_outline("p", NOTE, quotes=False)) == 1
    assert len(quotes_of(note_outline("p", NOTE, highlights=False))) == 2


def test_marks_stand_under_their_notes_and_keep_what_the_user_wrote() -> None:
    other = replace(MARK, id="m2", note_path="/n/gone.md", note_title="Gone", segment=None)
    parts = marks_outline([MARK, replace(MARK, id="m3"), other], note_of)
    assert [part.text for part in parts if isinstance(part, Heading)] == ["A talk", "Gone"]
    first, _, last = quotes_of(parts)
    assert (first.comment, first.tags, first.colour) == ("Really?", ("pace",), "doubt")
    assert (first.context_before, first.context_after) == ("We read", "here.")
    assert (first.channel, last.channel, last.url) == ("Example", None, "")
    assert not any(isinstance(part, Heading) for part in marks_outline([MARK], note_of, headings=False))


def test_a_collection_keeps_its_order_and_the_ends_the_user_set() -> None:
    items = [
        CollectionItem("1", ItemKind.HEADING, "Begin"),
        CollectionItem("2", ItemKind.TEXT, text="Mine"),
        CollectionItem(
            "3",
            ItemKind.CLIP,
            "Title",
            "slowly",
            SEGMENT,
            clip_start_ms=9_000,
            mark_id="m1",
            note_path="/n/a.md",
            note_title="A talk",
            verdict="edited",
        ),
    ]
    heading, words, quote = collection_outline(items, note_of, {"m1": MARK})
    assert (heading, words) == (Heading("Begin"), Words("Mine"))
    assert isinstance(quote, CitedQuote)
    assert quote.segment == Segment(VIDEO, 9_000, 20_000)
    assert (quote.comment, quote.verdict, quote.verdict_words) == (
        "Really?",
        "edited",
        verdict_words("edited"),
    )
    assert quote.channel == "Example"


def test_the_comment_of_a_gathered_mark_is_no_title_and_is_said_once() -> None:
    item = CollectionItem("3", ItemKind.CLIP, "Really?", "slowly", SEGMENT, mark_id="m1", note_path="/n/a.md")
    for known in ({"m1": MARK}, {}):  # its mark may be gone
        (quote,) = collection_outline([item], note_of, known)
        assert isinstance(quote, CitedQuote)
        assert (quote.title, quote.comment) == ("", "Really?")


def test_hits_have_their_source() -> None:
    hit = SearchHit(1, "/n/a.md", "A talk", "transcript", "Ann", VIDEO.id, 10_000, 20_000, "We read", (), 1.0)
    (quote,) = quotes_of(hits_outline([hit], note_of))
    assert (quote.text, quote.speaker, quote.segment, quote.channel) == ("We read", "Ann", SEGMENT, "Example")
    (gone,) = quotes_of(hits_outline([replace(hit, path="/gone")], note_of))
    assert (gone.segment, gone.note_title) == (None, "A talk")


def test_headings_alone_are_nothing_to_write() -> None:
    assert not has_quotes([Heading("a")])
    assert has_quotes([Words("a")])
    assert verdict_words("no verdict") == ""
