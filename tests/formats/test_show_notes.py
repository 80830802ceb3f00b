"""Show notes: plain text whose header, headings, bullets and quotes are found without marks."""

from __future__ import annotations

import pytest

from viewer.domain.note import NoteFormat
from viewer.formats.registry import parse
from viewer.formats.sentences import quoted_sentences

BODY = """
An opening paragraph that says what the talk is about, in one or two sentences, at some length.

A First Theme

  • "We were wrong about that, and now we know it."
  • Prose with a "scare quote" in it and more words to follow here.
  • Strategic Insight: It matters.

Key Takeaways:

  • Plain statement of something.
  • Be Bold: Do it now.

Conclusion

That was all of it.
"""


def test_every_part_is_found():
    note = parse("a16z\nOctober 8, 2025\n\nThe Title of It\n" + BODY)
    assert note.format is NoteFormat.SHOW_NOTES
    assert (note.metadata.channel, note.metadata.published.isoformat(), note.title) == (
        "a16z",
        "2025-10-08",
        "The Title of It",
    )
    assert note.summary.startswith("An opening paragraph")
    assert [(s.title, s.markdown.count("\n- ") + s.markdown.startswith("- ")) for s in note.sections] == [
        ("A First Theme", 3),
        ("Key Takeaways", 2),
        ("Conclusion", 0),
    ]
    assert [(q.text, q.section) for q in note.quotes] == [
        ("We were wrong about that, and now we know it.", "A First Theme")
    ]
    assert [(p.title, p.text) for p in note.key_points] == [
        ("Strategic Insight", "It matters."),
        ("Plain statement of something.", ""),
        ("Be Bold", "Do it now."),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "a16z\nOctober 8, 2025\n\nThe Title of It\n", "The Title of It\n\na16z\nOctober 8, 2025\n",
        "The Title of It\n\na16z | October 8, 2025\n", "Title: The Title of It\nPublisher: a16z\nDate: 2025-10-08\n",
        "a16z\n8 Oct 2025\n\nThe Title of It\n", "# The Title of It\n\na16z\nOct 8, 2025\n",
    ],
)  # fmt: skip
def test_headers(header):
    note = parse(header + BODY)
    assert (note.title, note.metadata.channel) == ("The Title of It", "a16z")
    assert note.metadata.published.isoformat() == "2025-10-08"


def test_without_a_date_or_with_dashes_for_dots():
    assert parse("a16z\n\nThe Title of It\n" + BODY).format is NoteFormat.SHOW_NOTES
    note = parse("a16z\nOctober 8, 2025\n\nThe Title of It\n" + BODY.replace("  •", "-"))
    assert (note.format, len(note.quotes)) == (NoteFormat.SHOW_NOTES, 1)


def test_an_address_gives_the_video():
    note = parse(
        "a16z\nOctober 8, 2025\n\nThe Title of It\n" + BODY + "\nWatch: https://youtu.be/ZAJ4D8RAyfY\n"
    )
    assert note.video.id == "ZAJ4D8RAyfY"
    assert note.quotes[0].video_id == "ZAJ4D8RAyfY"


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ('"We are past the event horizon now."', [("We are past the event horizon now.", None)]),
        ("“We are past the event horizon now.”", [("We are past the event horizon now.", None)]),
        ("«Nous avons passé l'horizon des événements.»", [("Nous avons passé l'horizon des événements.", None)]),
        ("「私たちは事象の地平線を越えました。」", [("私たちは事象の地平線を越えました。", None)]),
        ('Quote: "I would bet on it."', [("I would bet on it.", None)]),
        ('**Quote:** "I would bet on it."', [("I would bet on it.", None)]),
        ('Altman says, "We have to build it ourselves."', [("We have to build it ourselves.", "Altman")]),
        ('Sam Altman explained: "we have to build it ourselves."', [("we have to build it ourselves.", "Sam Altman")]),
        ('"We have to build it ourselves," says Sam Altman.', [("We have to build it ourselves,", "Sam Altman")]),
        ('"We have to build it ourselves." — Sam Altman', [("We have to build it ourselves.", "Sam Altman")]),
        ('He says, "We have to build it ourselves."', [("We have to build it ourselves.", None)]),
        ('"One is a whole sentence." And then: "Two is a whole sentence."', [("One is a whole sentence.", None), ("Two is a whole sentence.", None)]),
        ('The "AI scientist" and the "singularity" of "world models"—all of it.', []),
        ('From the level of "electrons to model distribution."', []),
        ('An article called "The Gentle Singularity." Just that.', []),
        ('A 5" disk and a 3" disk.', []),
        ('"Scaling laws for language models": The observation that size matters.', []),
        ("The 'bitter lesson' of it.", []),
    ],
)  # fmt: skip
def test_whole_sentences_are_quotes_and_scare_quotes_are_not(text, quotes):
    assert [(q.text, q.speaker) for q in quoted_sentences(text, 1)] == quotes


@pytest.mark.parametrize(
    "text",
    [
        "# Project\n\nSome words.\n\n- one\n- two\n- three\n\n## Use\n\nRun it.\n",
        'Milk\nBread\n- eggs\n- "cheese"\n',
        "Dear Ann,\n\nOctober 8, 2025\n\nI write to you about this.\n\nYours\n",
    ],
)
def test_other_plain_texts_are_not_show_notes(text):
    assert parse(text).format is NoteFormat.PLAIN
