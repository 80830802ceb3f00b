"""An evidence bundle holds what it says, opens anywhere, and shows any change."""

from __future__ import annotations

import datetime
import errno
import hashlib
import html.parser
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.export.conftest import THIRTY, Keep
from tests.standin import media
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled, ReadError
from viewer.cli import main
from viewer.domain.cited_quote import CitedQuote, Heading, Words
from viewer.domain.judgement import Verdict
from viewer.domain.video import Segment
from viewer.export.checksums import verify_folder
from viewer.export.evidence import EvidenceFolder, export_evidence
from viewer.export.quote_sources import QuoteSourceReader
from viewer.media.clip_files import Clip
from viewer.media.failures import MediaError

NOW = datetime.datetime(2026, 11, 21, 6, 30, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
WORDS = [
    "We began with nothing but a garage and a very old computer.",
    "Then the first customer came, and she wanted everything by Monday.",
    "So we built it in two days, and it nearly worked.",
    "Nobody slept, and the coffee was terrible.",
    "In the end she paid us twice what we had asked.",
]
NOTE = """---
title: "A talk about beginnings"
video_id: "{video}"
channel: "Beginnings"
upload_date: 2025-03-01
duration: 20
---

## Transcript

{cues}
"""
HOSTILE = '</title><script>alert(1)</script>"><img src=x onerror=alert(1)> ../../x\u202e'


@pytest.fixture
def kept(keep: Keep) -> tuple[Clip, Segment]:
    return keep(THIRTY, 4.0, 8.0, inside=1.5)


@pytest.fixture
def note_file(tmp_path: Path, kept: tuple[Clip, Segment]) -> Path:
    cues = "\n\n".join(
        f"**Ann:** [0:{4 * at:02d}](https://youtu.be/x?t={4 * at}) {text}" for at, text in enumerate(WORDS)
    )
    file = tmp_path / "A talk.md"
    file.write_text(NOTE.format(video=kept[1].video.id, cues=cues), "utf-8")
    return file


@pytest.fixture
def quote(kept: tuple[Clip, Segment], note_file: Path) -> CitedQuote:
    return CitedQuote(
        "“Then the first customer came, she wanted everything by Monday.”",
        "Ann Lee",
        "The first customer",
        note_title="A talk about beginnings",
        channel="Beginnings",
        published=datetime.date(2025, 3, 1),
        url=kept[1].video.url,
        segment=kept[1],
        comment="for chapter 2",
        tags=("start",),
        note_path=str(note_file),
    )


def bundle(title: str, outline: list[object], kept: tuple[Clip, Segment], parent: Path) -> EvidenceFolder:
    parent.mkdir(exist_ok=True)
    clips = {kept[1]: kept[0]}
    return export_evidence(
        *(title, outline, clips, parent, QuoteSourceReader(), {"ffmpeg": "7.1"}),  # type: ignore[arg-type]
        now=NOW,
    )


def test_it_holds_the_clip_the_words_around_and_where_all_of_it_comes_from(
    kept: tuple[Clip, Segment], quote: CitedQuote, note_file: Path, tmp_path: Path
) -> None:
    made = bundle("My case", [Heading("Beginnings"), quote, Words("That is all.")], kept, tmp_path / "out")
    data = json.loads(made.manifest.read_text("utf-8"))
    assert (data["title"], data["exported"]) == ("My case", "2026-11-21T05:30:05Z")
    assert data["programs"]["ffmpeg"] == "7.1"
    (exhibit,) = data["exhibits"]
    assert exhibit["before"] == WORDS[0]
    assert exhibit["after"] == " ".join(WORDS[2:])
    assert exhibit["verdict"]["value"] == Verdict.EDITED.value
    assert exhibit["verdict"]["said"].startswith("Then the first customer came")
    assert {"kind": "omitted", "quote": "", "said": "and"} in exhibit["verdict"]["differences"]
    assert exhibit["verdict"]["transcript"] == "note"
    source = exhibit["source"]
    assert source["address"].endswith("&t=4s")
    assert source["note_file"]["sha256"] == hashlib.sha256(note_file.read_bytes()).hexdigest()
    clip = made.folder / exhibit["clip"]["file"]
    assert media.first_and_last_frame(clip) == (120, 239, 120)
    assert exhibit["clip"]["sha256"] == hashlib.sha256(clip.read_bytes()).hexdigest()
    assert exhibit["clip"]["fetched"].endswith("Z")
    page = made.index.read_text("utf-8")
    for text in (
        *WORDS[2:],
        "My case",
        "That is all.",
        "1 word left out",
        "for chapter 2",
        source["note_file"]["sha256"],
    ):
        assert text in page


def test_sha256sum_and_our_own_command_agree(
    kept: tuple[Clip, Segment], quote: CitedQuote, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = bundle("x", [quote, replace(quote, title="Again")], kept, tmp_path / "out")

    def checked() -> int:
        if shutil.which("sha256sum") is None:
            return main(["verify", str(made.folder)])
        argv = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
        return subprocess.run(argv, cwd=made.folder, capture_output=True, check=False).returncode

    assert checked() == 0
    assert main(["verify", str(made.folder)]) == 0
    assert "4 files are as they were." in capsys.readouterr().out
    clip = next((made.folder / "clips").iterdir())
    whole = clip.read_bytes()
    clip.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    (made.folder / "new\x1b[31m.txt").write_text("x")
    assert checked() != 0
    assert main(["verify", str(made.folder)]) == 1
    said = capsys.readouterr().out
    assert f"CHANGED  clips/{clip.name}" in said
    assert "\x1b" not in said
    clip.unlink()
    found = verify_folder(made.folder)
    assert (found.missing, found.ok) == ((f"clips/{clip.name}",), False)


def test_a_list_that_points_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    digest = hashlib.sha256(b"x").hexdigest()
    (folder / "SHA256SUMS").write_text(
        f"{digest}  ../secret\n{digest}  /etc/passwd\n{digest}  link\nrubbish\n"
    )
    found = verify_folder(folder)
    assert (found.good, len(found.unsafe), found.ok) == ((), 4, False)
    with pytest.raises(ReadError):
        verify_folder(tmp_path / "nowhere")
    assert main(["verify", str(tmp_path / "nowhere")]) == 1


class Seen(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "poster", "data")]


def test_nothing_hostile_gets_into_page_paths_or_links(
    kept: tuple[Clip, Segment], quote: CitedQuote, tmp_path: Path
) -> None:
    bad = replace(
        quote,
        **dict.fromkeys(("text", "speaker", "title", "note_title", "channel", "comment"), HOSTILE),
        tags=(HOSTILE,),
        verdict=HOSTILE,
        verdict_words=HOSTILE,
        context_before=HOSTILE,
        context_after="{{ 7 * 7 }}{% raw %}",
        note_path="/nowhere/" + HOSTILE,
    )
    timeless = replace(bad, segment=None, url="javascript:alert(1)")
    parent = tmp_path / "out"
    made = bundle(
        HOSTILE, [Heading(HOSTILE), Words(HOSTILE), bad, timeless, replace(quote, segment=None)], kept, parent
    )
    assert list(parent.iterdir()) == [made.folder]
    page = made.index.read_text("utf-8")
    seen = Seen()
    seen.feed(page)
    assert not {"script", "img", "iframe", "object", "link", "base", "form"} & set(seen.tags)
    assert "{{ 7 * 7 }}" in page
    outside = [
        one
        for one in seen.addresses
        if not one.startswith(("#", "clips/", "https://www.youtube.com/watch?v="))
    ]
    assert outside == []
    assert all((made.folder / one).is_file() for one in seen.addresses if one.startswith("clips/"))
    assert verify_folder(made.folder).ok


def test_a_second_export_takes_another_name_and_a_cancel_leaves_nothing(
    kept: tuple[Clip, Segment], quote: CitedQuote, tmp_path: Path
) -> None:
    parent = tmp_path / "out"
    first = bundle("x", [quote], kept, parent)
    assert bundle("x", [quote], kept, parent).folder != first.folder
    token, empty = CancelToken(), tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(Cancelled):
        export_evidence(
            *("x", [quote, quote], {kept[1]: kept[0]}, empty, QuoteSourceReader(), {}),
            lambda value: token.cancel(),
            token,
        )
    assert list(empty.iterdir()) == []
    with pytest.raises(MediaError, match="cannot be written"):
        export_evidence("x", [quote], {kept[1]: kept[0]}, tmp_path / "none", QuoteSourceReader(), {})


def test_a_quote_that_was_never_said_is_told_so(
    kept: tuple[Clip, Segment], quote: CitedQuote, tmp_path: Path
) -> None:
    other = replace(quote, text="Purple elephants dance upon the frozen lake every winter morning.")
    made = bundle("x", [other, replace(quote, note_path="")], kept, tmp_path / "out")
    assert [one.verdict for one in made.exhibits][1] is None
    assert made.exhibits[0].verdict in (Verdict.NOT_FOUND, Verdict.CANNOT_BE_CHECKED)


def test_a_full_disk_in_the_middle_is_said_and_leaves_nothing(
    kept: tuple[Clip, Segment], quote: CitedQuote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("viewer.export.evidence.write_sums", full)
    with pytest.raises(MediaError, match="no space left in") as caught:
        bundle("x", [quote], kept, tmp_path / "out")
    assert "preferences" not in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []
