"""Front matter under other spellings, broken, and hostile."""

from __future__ import annotations

import datetime
import time

import pytest

from viewer.formats.front_matter import split_front_matter
from viewer.formats.metadata import parse_date, parse_duration
from viewer.formats.registry import parse

ID = "ZAJ4D8RAyfY"


def yaml(*lines: str):
    return parse("---\n" + "\n".join(lines) + "\n---\n\nBody.\n")


@pytest.mark.parametrize("key", ["video_id", "videoId", "id", "youtube_id", "Video-ID"])
def test_the_id_by_any_name(key):
    assert yaml(f"{key}: {ID}").video.id == ID


@pytest.mark.parametrize(
    "address",
    [
        f"https://youtu.be/{ID}?si=x", f"https://www.youtube.com/shorts/{ID}", f"https://m.youtube.com/watch?v={ID}&t=1m2s",
        f"https://www.youtube.com/live/{ID}#t=5", f"https://www.youtube.com/embed/{ID}",
        f"https://music.youtube.com/watch?v={ID}&list=PLx",
    ],
)  # fmt: skip
def test_the_video_by_any_address(address):
    assert yaml(f"url: {address}").video.id == ID


@pytest.mark.parametrize("video_id", ["-AJ4D8RAyfY", "_AJ4D8RAyfY", "12345678901", "1234567e901"])
def test_ids_that_yaml_would_like_to_misread(video_id):
    assert yaml(f"video_id: {video_id}").video.id == video_id


def test_another_sites_video():
    note = yaml("video_url: https://vimeo.com/12345")
    assert note.video.url == "https://vimeo.com/12345"


@pytest.mark.parametrize(
    "line",
    [
        "duration: 516", "duration: 516.0", 'duration: "8:36"', "duration: 8:36", "duration: 0:08:36", "duration: PT8M36S",
        "durationFormatted: 8:36", "duration_formatted: '8:36'", "length: 8 min 36 s", "duration: '516'",
    ],
)  # fmt: skip
def test_durations(line):
    note = yaml(f"video_id: {ID}", line)
    assert (note.metadata.duration_ms, note.problems) == (516_000, ())


def test_base_60_is_a_time_of_an_hour():
    assert yaml(f"video_id: {ID}", "duration: 1:02:03").metadata.duration_ms == 3_723_000


@pytest.mark.parametrize(
    "line",
    [
        "upload_date: 2014-02-04", "uploadDate: 20140204", "date: '2014-02-04'", "date: 2014-02-04T10:00:00Z",
        "published: February 4, 2014", "date: 2014-02-04 10:00:00", "date: 4 Feb 2014", "upload_date: 2014/2/4",
    ],
)  # fmt: skip
def test_dates(line):
    note = yaml(f"video_id: {ID}", line)
    assert (note.metadata.published, note.problems) == (datetime.date(2014, 2, 4), ())


@pytest.mark.parametrize(
    "text", ["", "soon", "2014-13-01", "20141301", "8/10/2025", "x" * 1000, "0000-00-00"]
)
def test_what_is_no_date(text):
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["", "0", "long", "1:75", "PT", "9" * 50, "-5"])
def test_what_is_no_duration(text):
    assert parse_duration(text) is None


def test_a_value_that_is_none_is_a_problem_with_its_line_and_is_kept():
    note = yaml(f"video_id: {ID}", "duration: long", "upload_date: soon")
    assert [(p.code, p.line) for p in note.problems] == [("value-ignored", 3), ("value-ignored", 4)]
    assert dict(note.metadata.extra) == {"duration": "long", "upload_date": "soon"}


@pytest.mark.parametrize(
    "lines",
    [
        ["tags:", "  - AI", "  - Open AI"], ["tags: [AI, Open AI]"], ["tags: AI, Open AI"], ['tags: \'["AI", "Open AI"]\''],
        ["tags:", "- '#AI'", '- "[[Open AI]]"'], ["keywords: [AI, 'Open AI']"],
    ],
)  # fmt: skip
def test_tags(lines):
    assert yaml(*lines).metadata.tags == ("AI", "Open AI")


@pytest.mark.parametrize(
    "line",
    [
        "channel: Turing Post",
        'channel: "[[Turing Post]]"',
        "channel: [[Turing Post]]",
        "author: ['Turing Post']",
    ],
)
def test_channels(line):
    assert yaml(line).metadata.channel == "Turing Post"


def test_a_wrapped_title_is_one_line():
    assert yaml("title: >-", "  A long", "  title").title == "A long title"
    assert yaml('title: "A long', '  title"').title == "A long title"


def test_further_keys_are_kept_in_order():
    note = yaml("guest: Ann", f"video_id: {ID}", "rating: 5", "nested: {a: 1, b: [x, y]}")
    assert note.metadata.extra == (("guest", "Ann"), ("rating", "5"), ("nested", "a: 1, b: x, y"))


def test_a_broken_block_is_read_line_by_line_and_the_body_as_what_it_is():
    note = yaml("title: What: a talk", f"video_id: {ID}", "tags: [a, b", "[[x]], [[y]]")
    assert (note.title, note.video.id) == ("What: a talk", ID)
    assert [(p.code, p.line) for p in note.problems] == [("front-matter-broken", 2)]
    assert "Body." in [section.markdown for section in note.sections]
    assert any("[[x]], [[y]]" in section.markdown for section in note.sections)


def test_broken_toml():
    note = parse(
        '+++\ntitle = "Page"\ndate = 2025-99-01\n[extra]\nvideo_id = "ZAJ4D8RAyfY"\n+++\n\n## One\n\nBody.\n'
    )
    assert (note.title, note.video.id) == ("Page", ID)
    assert ("front-matter-broken", 3) in [(p.code, p.line) for p in note.problems]
    assert note.sections[-1].markdown == "Body."


def test_a_block_that_is_never_closed():
    note = parse(f"---\ntitle: A talk\nvideo_id: {ID}\n\n## Transcript\n\n[0:00] hello\n")
    assert (note.title, note.video.id, len(note.transcript.cues)) == ("A talk", ID, 1)
    assert [(p.code, p.line) for p in note.problems] == [("front-matter-broken", 1)]


def test_two_rules_with_prose_between_are_no_front_matter():
    note = parse("---\n\nSome prose here.\n\n---\n\nMore.\n")
    assert "Some prose here." in note.sections[0].markdown
    assert note.problems == ()


def test_lines_are_counted_in_the_file():
    front = split_front_matter("\n\n---\ntitle: x\ndate: y\n---\n\nBody\n")
    assert (front.lines, front.body.strip()) == ({"title": 4, "date": 5}, "Body")
    assert front.body_line == 7


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    "block",
    [
        LAUGHS,
        "a: " + "[" * 200_000,
        "- " * 100_000,
        "a: " + "{a: " * 50_000,
        "? " * 50_000,
        "a: &x [*x, *x]\n" * 50,
        "\n".join(" " * n + "a:" for n in range(2_000)),
        "a: " + "x" * 300_000,
    ],
)
@pytest.mark.parametrize("marks", ["---", "+++"])
def test_a_bomb_is_a_problem_within_a_second(block, marks):
    begun = time.process_time()
    note = parse(f"{marks}\n{block}\n{marks}\n\nBody.\n")
    assert time.process_time() - begun < 1.5
    assert any(problem.code.startswith("front-matter-") for problem in note.problems) or marks == "+++"
    assert any("Body." in section.markdown for section in note.sections)


def test_an_honest_alias_is_followed():
    assert yaml("channel: &c Turing Post", "tags: [*c, AI]").metadata.tags == ("Turing Post", "AI")


def test_json_inside_a_text():
    note = yaml('video: \'{"id": "ZAJ4D8RAyfY", "channel": "Turing Post", "duration": 516}\'')
    assert (note.video.id, note.metadata.channel, note.metadata.duration_ms) == (ID, "Turing Post", 516_000)
