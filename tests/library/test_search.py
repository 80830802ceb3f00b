from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.library.conftest import Library, note_text
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.library.folding import fold
from viewer.library.marking import marked_ranges, over_the_end
from viewer.library.query import parse_query, token_ranges


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    library = Library(tmp_path_factory.mktemp("shelf"))
    library.write(
        "altman.md",
        note_text(
            "The gentle singularity",
            video="AAAAAAAAAAA",
            channel="Turing Post",
            date="2025-06-16",
            tags=("Robots", "Deep Learning"),
            highlight="We are past the event horizon",
            cues="Ada Lindqvist: 0:00 The takeoff has started | Tom Ćirić: 0:05 Humanity is close to building superintelligence",
        ),
    )
    library.write(
        "cafe.md",
        note_text(
            "Café Théorie",
            video="BBBBBBBBBBB",
            channel="Slow Mornings",
            date="2023-02-01",
            tags=("cooking",),
            cues="Zoë: 0:00 An event in Łódź on the horizon | Tom Ćirić: 0:07 Die Straße is co-pilot country; Αθήνα too",
        ),
    )
    library.write(
        "asia.md",
        note_text(
            "人工智能的未来",
            video="CCCCCCCCCCC",
            channel="東京",
            date="2024-12-31",
            cues="王: 0:00 我们用OpenAI的模型研究人工智能 | 田中: 0:09 東京タワーは高いです | นิด: 0:12 ภาษาไทยไม่มีช่องว่าง | राम: 0:15 हिन्दी में नमस्ते | 김: 0:18 인공지능은 재미있다",
        ),
    )
    library.write(
        "plain.md", "# A page\n\nJust some reading about gardens.\n\nAnd a second paragraph on compost.\n"
    )
    library.write(
        "rtl.md",
        note_text("עברית", video="DDDDDDDDDDD", cues="דנה: 0:00 שָׁלוֹם עולם | علي: 0:05 مَرْحَبًا بالعالم"),
    )
    library.refresh()
    yield library
    library.catalog.close()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("horizon lodz", {"cafe/transcript"}),
        ("horizon event", {"altman/highlight", "cafe/transcript"}),
        ('"event horizon"', {"altman/highlight"}),
        ('"horizon event"', set()),
        ("event hor", {"altman/highlight", "cafe/transcript"}),
        ("event hor ", {"altman/highlight", "cafe/transcript"}),
        ("even horizon", {"altman/highlight", "cafe/transcript"}),
        ("eve horizon -past", {"cafe/transcript"}),
        ("ev horizon", set()),
        ('"even horizon"', set()),
        ("takeo*", {"altman/transcript"}),
        ("TAKEOFF", {"altman/transcript"}),
        ("cafe theorie", {"cafe/title"}),
        ("CAFÉ", {"cafe/title"}),
        ("Łódź", {"cafe/transcript"}),
        ("strasse", {"cafe/transcript"}),
        ("αθηνα", {"cafe/transcript"}),
        ("copilot", set()),
        ("co-pilot", {"cafe/transcript"}),
        ("event -takeoff -gentle -past", {"cafe/transcript"}),
        ('event -"event horizon"', {"cafe/transcript"}),
        ("event channel:turing", {"altman/highlight"}),
        ('event channel:"slow mornings"', {"cafe/transcript"}),
        ("event -channel:turing", {"cafe/transcript"}),
        ("event tag:robots", {"altman/highlight"}),
        ("event -tag:robots", {"cafe/transcript"}),
        ("speaker:ciric", {"altman/transcript", "cafe/transcript"}),
        ("speaker:ciric close", {"altman/transcript"}),
        ("close -speaker:ciric", set()),
        ("kind:highlight event", {"altman/highlight"}),
        ("kind:transcript event", {"cafe/transcript"}),
        ("-kind:transcript event", {"altman/highlight"}),
        ("event after:2024", {"altman/highlight"}),
        ("event before:2024", {"cafe/transcript"}),
        ("event after:2025-06-16", {"altman/highlight"}),
        ("event before:2025-06-16", {"cafe/transcript"}),
        ("event has:clip", {"altman/highlight"}),
        ("has:clip", {"altman/highlight"}),
        ("channel:turing", {"altman/title"}),
        ("gardens", {"plain/section"}),
        ("compost gardens", {"plain/title", "plain/section"}),
        ("人工智能", {"asia/title", "asia/transcript"}),
        ("工智", {"asia/title", "asia/transcript"}),
        ("智", {"asia/title", "asia/transcript"}),
        ("研究", {"asia/transcript"}),
        ("openai", {"asia/transcript"}),
        ("用OpenAI的模", {"asia/transcript"}),
        ("タワー", {"asia/transcript"}),
        ("ไทย", {"asia/transcript"}),
        ("नमस्ते", {"asia/transcript"}),
        ("지능", {"asia/transcript"}),
        ("智人", set()),
        ("שלום", {"rtl/transcript"}),
        ("مرحبا", {"rtl/transcript"}),
        ("unknown:thing takeoff", set()),
        ("", set()),
        ("   ", set()),
        ("speaker:", set()),
        ("-", set()),
        ('"', set()),
        ("!!!", set()),
        ("zebra", set()),
        ("kind:highlight|transcript event", {"altman/highlight", "cafe/transcript"}),
        ("kind:highlight,quote event", {"altman/highlight"}),
        ("speaker:lindqvist|zoe", {"altman/transcript", "cafe/transcript"}),
        ("channel:turing|slow event", {"altman/highlight", "cafe/transcript"}),
        ("tag:cooking|robots event", {"altman/highlight", "cafe/transcript"}),
        ("tag:#robots event", {"altman/highlight"}),
        ('speaker:"=tom ciric"', {"altman/transcript", "cafe/transcript"}),
        ('speaker:"=tom"', set()),
        ('speaker:"=tom|=zoe"', {"cafe/transcript"}),
        ("tag:=robots event", {"altman/highlight"}),
        ("tag:=robot event", set()),
        ("event -before:2024", {"altman/highlight"}),
        ("event -after:2024", {"cafe/transcript"}),
        ("event after:20250616", {"altman/highlight"}),
        ("event after:2023 after:2025", {"altman/highlight"}),
        ("event before:2026 before:2024", {"cafe/transcript"}),
        ("speaker: ciric close", {"altman/transcript"}),
        ("speaker\uff1aciric close", {"altman/transcript"}),
        ("takeoff OR lodz", {"altman/transcript", "cafe/transcript"}),
        ("takeoff | lodz", {"altman/transcript", "cafe/transcript"}),
        ("takeoff OR lodz kind:transcript horizon", {"cafe/transcript"}),
        ('horizon "the takeoff" OR "an event" kind:transcript', {"cafe/transcript"}),
        ("takeoff OR", {"altman/transcript"}),
        ("OR takeoff", set()),
        ("takeoff or lodz", set()),
        ("event AND horizon", {"altman/highlight", "cafe/transcript"}),
        ("event NOT past", {"cafe/transcript"}),
        ("event NOT tag:robots", {"cafe/transcript"}),
        ("event has:quote", set()),
        ("event has:nonsense", set()),
        ("event kind:nonsense ", set()),
        ("event kind:high", {"altman/highlight"}),
        ("event has:cl", {"altman/highlight", "cafe/transcript"}),
        ("event before:20", {"altman/highlight", "cafe/transcript"}),
        ("turing post", {"altman/title"}),
        ("lindqvist", {"altman/title"}),
        ("deep learning", {"altman/title"}),
        ("turing takeoff", {"altman/title", "altman/transcript"}),
        ("singularity superintelligence", {"altman/title", "altman/transcript"}),
        ("singularity superintelligence -humanity", set()),
        ("singularity superintelligence after:2026", set()),
        ("singularity superintelligence kind:transcript", set()),
        ("singularity lodz", set()),
        ('"has started humanity is"', {"altman/transcript"}),
        ('"has started humani', {"altman/transcript"}),
        ('"started is"', set()),
        ("-takeoff channel:turing", set()),
        ("-zebra channel:turing", {"altman/title"}),
    ],
)
def test_the_query_language(shelf, query, expected):
    assert set(shelf.found(query)) == expected


def test_a_phrase_over_two_cues_is_one_hit(shelf):
    (hit,) = shelf.catalog.search('"has started humanity is"').hits
    assert (hit.start_ms, hit.snippet[:32]) == (0, "The takeoff has started Humanity")
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["has", "started", "Humanity", "is"]


def test_words_in_two_cues_that_follow_each_other_are_one_place(shelf):
    (hit,) = shelf.catalog.search("superintelligence takeoff").hits
    assert (hit.kind, hit.start_ms) == ("transcript", 0)
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["takeoff", "superintelligence"]


def test_a_note_found_by_its_channel_says_so(shelf):
    (hit,) = shelf.catalog.search("turing post").hits
    assert hit.snippet == "The gentle singularity · Turing Post"


def test_a_title_is_found_behind_hundreds_of_mentions(library, monkeypatch):
    monkeypatch.setattr("viewer.library.search._CANDIDATES", 5)
    points = "".join(
        f"- [0:{n:02}](https://youtu.be/AAAAAAAAAAA?t={n}) **Zebra {n}** zebra\n" for n in range(1, 30)
    )
    library.write("a.md", note_text("Of horses", video="AAAAAAAAAAA") + f"\n## Key Points\n\n{points}")
    library.write(
        "b.md", note_text("The zebra", video="BBBBBBBBBBB", cues="Ada: 0:00 horses | Ada: 0:05 donkeys")
    )
    library.refresh()
    assert library.catalog.search("zebra").total > 25
    assert library.found("zebra")[0] == "b/title"


def test_titles_leave_room_for_passages(library):
    for number in range(30):
        library.write(
            f"{number}.md", note_text(f"Zebra {number}", cues="Ada: 0:00 a zebra | Tom: 0:05 world")
        )
    library.refresh()
    kinds = [hit.kind for hit in library.catalog.search("zebra", limit=20).hits]
    assert kinds == ["title"] * 5 + ["transcript"] * 15
    assert len(library.catalog.search("zebra kind:title", limit=20).hits) == 20
    assert [hit.kind for hit in library.catalog.search("zebra", limit=1).hits] == ["title"]


def test_a_phrase_that_goes_on_in_the_next_text():
    query = parse_query('"the event horizon is"')
    left, right = over_the_end("past the event", "Horizon is near", query)
    assert (left, right) == (((5, 8), (9, 14)), ((0, 7), (8, 10)))
    assert over_the_end("past the event horizon is", "near", query) == ((), ())
    assert over_the_end("past the", "horizon is", query) == ((), ())


def test_what_is_known_about_a_note_is_forgotten_with_it(library):
    library.write("a.md", note_text("Talk", channel="Old Harbour", tags=("boats",), cues="Zoe: 0:00 hello"))
    library.refresh()
    assert library.found("harbour") == library.found("boats") == ["a/title"]
    library.write(
        "a.md", note_text("Talk", channel="New Quay", tags=("trains",), cues="Max: 0:00 hello there")
    )
    library.refresh()
    assert library.found("harbour") == library.found("boats") == library.found("zoe") == []
    assert library.found("quay") == library.found("trains") == library.found("max") == ["a/title"]
    (library.folder / "a.md").unlink()
    library.refresh()
    assert library.found("quay") == []


def test_one_word_typed_often_counts_once(shelf):
    once, often = (shelf.catalog.search(text).hits[0].score for text in ("takeoff ", "takeoff " * 20))
    assert once == often


def test_titles_and_highlights_come_first(shelf):
    assert shelf.found("event")[0] == "altman/highlight"
    assert shelf.found("人工智能") == ["asia/title", "asia/transcript"]


def test_a_hit_says_where_it_is(shelf):
    (hit,) = shelf.catalog.search("superintelligence").hits
    assert (hit.kind, hit.speaker, hit.video_id, hit.start_ms) == (
        "transcript",
        "Tom Ćirić",
        "AAAAAAAAAAA",
        5000,
    )
    assert hit.title == "The gentle singularity"
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["superintelligence"]


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("takeo", ["takeoff"]),
        ("LODZ", ["Łódź"]),
        ("łódz", ["Łódź"]),
        ("strasse", ["Straße"]),
        ("co-pilot", ["co", "pilot"]),
        ("工智", ["工智"]),
        ("ไทย", ["ไทย"]),
        ('"the takeoff"', ["The", "takeoff"]),
    ],
)
def test_marks(shelf, query, marked):
    hits = shelf.catalog.search(query).hits
    found = [hits[0].snippet[start:end] for start, end in hits[0].marks] if hits else []
    assert found == marked


def test_a_long_passage_is_cut_around_the_hit(library):
    library.write("a.md", note_text(cues=f"Ada: 0:00 {'filler words ' * 60}needle {'more words ' * 60}"))
    library.refresh()
    (hit,) = library.catalog.search("needle").hits
    assert len(hit.snippet) < 260
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["needle"]


def test_did_you_mean(shelf):
    assert shelf.catalog.search("takoff ").did_you_mean == "takeoff "
    assert shelf.catalog.search("superinteligense").did_you_mean == "superintelligence"
    assert shelf.catalog.search("kakeoff").did_you_mean == "takeoff"
    assert shelf.catalog.search("takeoff").did_you_mean is None
    assert shelf.catalog.search("qqqqqq").did_you_mean is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kind:qoute ", None),
        ("speeker:ciric close", "speaker:ciric close"),
        ("takeoff kind:transcrpt", "takeoff kind:transcript"),
        ("takeof kind:transcrpt has:clp ", None),
        ("STRASE", "strasse"),
        ('"event horizn"', '"event horizon"'),
        ("singulrity superintelligence", "singularity superintelligence"),
    ],
)
def test_did_you_mean_another_filter_or_word(shelf, typed, meant):
    assert shelf.catalog.search(typed).did_you_mean == meant


def test_who_asks_for_many_gets_many(library):
    cues = " | ".join(f"Ada: {n // 60}:{n % 60:02} zebra {n}" for n in range(700))
    library.write("a.md", note_text("Talk", cues=cues))
    library.refresh()
    assert len(library.catalog.search("zebra", limit=650).hits) == 650


def test_limit_and_total(library):
    words = " | ".join(f"Ada: 0:{number:02} apple number {number}" for number in range(40))
    library.write("a.md", note_text(cues=words))
    library.refresh()
    result = library.catalog.search("apple", limit=7)
    assert (len(result.hits), result.total, result.complete) == (7, 40, True)
    assert len(library.catalog.search("apple").hits) == 40


def test_a_common_word_is_bounded_but_says_so(library, monkeypatch):
    monkeypatch.setattr("viewer.library.search._COUNTED", 10)
    words = " | ".join(f"Ada: 0:{number:02} apple number {number}" for number in range(40))
    library.write("a.md", note_text(cues=words))
    library.refresh()
    result = library.catalog.search("apple")
    assert (result.total, result.complete) == (10, False)


def test_common_words_and_prefixes_still_find_everything(library, monkeypatch):
    """The ways for very common words give the same answers as the plain way."""
    words = " | ".join(f"Ada: 0:{number:02} apple word{number} applause" for number in range(40))
    for number in range(3):
        library.write(f"{number}.md", note_text(f"T{number}", tags=(f"t{number}",), cues=words))
    library.refresh()
    queries = [
        "apple",
        "app",
        '"apple word7"',
        "apple word1",
        "tag:t1 apple",
        "word7 -word70",
        "apple kind:title",
    ]
    monkeypatch.setattr("viewer.library.search._SOFT_S", 10.0)  # a busy machine finds them all, too
    plain = [library.catalog.search(query, limit=500) for query in queries]
    monkeypatch.setattr("viewer.library.expressions.RARE", 1)
    monkeypatch.setattr("viewer.library.search._WINDOW", 7)
    bounded = [library.catalog.search(query, limit=500) for query in queries]
    assert [result.total for result in bounded] == [result.total for result in plain]
    assert [{hit.start_ms for hit in result.hits} for result in bounded] == [
        {hit.start_ms for hit in result.hits} for result in plain
    ]


def test_cancel_stops_a_search(shelf):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        shelf.catalog.search("event", cancel=token)
    assert shelf.found("event")


def test_cancel_interrupts_a_statement_that_runs(library):
    library.refresh()
    session = library.catalog.store.pool.session()
    token = CancelToken()
    threading.Timer(0.1, token.cancel).start()
    begun = time.monotonic()
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(Cancelled), session.cancelled_by(token):
        session.rows(endless)
    assert time.monotonic() - begun < 2
    assert session.rows("SELECT 1") == [(1,)]


def test_a_late_interrupt_meant_for_another_search_is_survived(shelf, monkeypatch):
    from viewer.library import search as module

    sound, calls = module._matches, []

    def interrupted(*args):
        calls.append(1)
        if len(calls) == 1:
            raise Cancelled
        return sound(*args)

    monkeypatch.setattr(module, "_matches", interrupted)
    assert shelf.found("takeoff") == ["altman/transcript"]


HOSTILE = [
    '"',
    '""',
    '"""',
    "*",
    "AND OR NOT NEAR",
    "NEAR(a b, 2)",
    "a AND",
    "(((",
    "^a",
    "text:hello",
    "{a b} : c",
    "'; DROP TABLE notes; --",
    "a\0b",
    "%_%",
    "\ud800",
    'speaker:"',
    "before:yesterday after:99999",
    "kind:nothing hello",
    "has:money hello",
    "-" * 100,
    "a " * 5000,
    "x" * 100_000,
    "tag:'\" channel:)( -speaker:%",
    "人" * 500,
    "\u0301\u0301",
    "🔍🎧",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_no_errors(shelf, query):
    shelf.catalog.search(query)
    assert not shelf.catalog.needs_refresh


def test_a_word_whose_correction_would_be_a_filter_is_not_corrected(shelf):
    result = shelf.catalog.search("0AS:0")
    assert result.did_you_mean is None
    assert not shelf.catalog.needs_refresh  # asking FTS5 for no words looked like a damaged index


PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            *'"*-:()^ ',
            "speaker:",
            "-tag:",
            "kind:",
            "before:2",
            "after:",
            "has:",
            "event",
            "人工",
            " AND ",
            " NOT ",
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=10).map("".join))
def test_any_text_is_a_query(shelf, text):
    result = shelf.catalog.search(text)
    for hit in result.hits:
        for start, end in hit.marks:
            assert 0 <= start < end <= len(hit.snippet)
    assert not shelf.catalog.needs_refresh


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_parsing_never_raises(text):
    parse_query(text)


@pytest.mark.parametrize(
    "text", ["Tea and teapots, TEA.", "“Tea” and teapots – TEA…", "tea\u0301 and teapots, ťea Tea_TEA"]
)
@pytest.mark.parametrize("query", ["tea", "tea*", "tea and", '"tea"', "pots"])
def test_words_are_marked_alike_with_and_without_other_letters(text: str, query: str):
    understood = parse_query(query)
    by_token = [
        (start, end)
        for start, end in token_ranges(text)
        for term in understood.wanted
        for word in term.plain
        if fold(text[start:end]) == word
        or (word == term.plain[-1] and term.prefix and fold(text[start:end]).startswith(word))
    ]
    assert marked_ranges(text, understood) == tuple(sorted(set(by_token)))
