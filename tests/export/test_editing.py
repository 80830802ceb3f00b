"""What editing programs get: files without hidden pictures, and lists that OpenTimelineIO reads as they were meant."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import opentimelineio as otio
import pytest

from tests.export.conftest import NTSC, THIRTY, TWENTY_FIVE, Keep
from tests.standin import media
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.domain.cited_quote import CitedQuote, Heading, Words
from viewer.domain.video import Segment, VideoRef
from viewer.export.edit_list import EditClip, standard_rate, timeline_rate
from viewer.export.editing import export_for_editing, write_timeline
from viewer.export.fcpxml import fcpxml
from viewer.export.flat_clips import FlatClip, flat_clip
from viewer.media.failures import MediaError
from viewer.media.mp4_read import read_tracks
from viewer.media.mp4_write import read_moov
from viewer.media.tools import Tools

VIDEO = VideoRef.youtube("abcdefghijk")
FILM = Fraction(24000, 1001)
RATES = [FILM, Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(60)]


def quote(segment: Segment, speaker: str = "Ann Lee", **more: object) -> CitedQuote:
    known = CitedQuote(
        "“The words.”",
        speaker,
        note_title="A talk",
        channel="The channel",
        published=datetime.date(2025, 3, 1),
        url=segment.video.url,
        segment=segment,
    )
    return replace(known, **more)  # type: ignore[arg-type]


def edit(number: int, rate: Fraction, frames: int, folder: Path, *markers: str) -> EditClip:
    file = FlatClip(folder / "media" / f"{number:02d}-clip.mp4", frames, rate, 1280, 720, 44100, 2)
    return EditClip(quote(Segment(VIDEO, 16_000, 60_000)), file, markers)


def of_otio(path: Path, adapter: str, **options: object) -> otio.schema.Timeline:
    read = otio.adapters.read_from_string(path.read_text("utf-8"), adapter, **options)
    while isinstance(read, otio.schema.SerializableCollection):
        read = read[0]
    return read


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{float(rate):.2f}")
def test_an_edl_has_the_right_ranges_at_every_rate(rate: Fraction, tmp_path: Path) -> None:
    edits = [edit(1, rate, 2000, tmp_path), edit(2, rate, 77, tmp_path)]
    write_timeline("A cut", edits, rate, tmp_path, tmp_path / "a.otio", tmp_path / "a.edl")
    timeline = of_otio(tmp_path / "a.edl", "cmx_3600", rate=float(rate))
    assert timeline.name == "A cut"
    (video,) = timeline.video_tracks()
    assert len(timeline.audio_tracks()) == 2
    found = [(one.source_range.start_time.value, one.source_range.duration.value) for one in video]
    assert found == [(0, 2000), (0, 77)]
    assert all(abs(one.source_range.duration.rate - float(rate)) < 1e-9 for one in video)
    assert video.range_of_child_at_index(1).start_time.value == 2000
    assert [one.name for one in video] == ["01-clip.mp4", "02-clip.mp4"]
    drop = "FCM: DROP FRAME" in (tmp_path / "a.edl").read_text()
    assert drop == (rate == Fraction(30000, 1001))


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{float(rate):.2f}")
def test_otio_and_fcpxml_have_them_too(rate: Fraction, tmp_path: Path) -> None:
    edits = [edit(1, rate, 2000, tmp_path, "Part one"), edit(2, rate, 77, tmp_path)]
    write_timeline("A cut", edits, rate, tmp_path, tmp_path / "a.otio", tmp_path / "a.edl")
    (video,) = of_otio(tmp_path / "a.otio", "otio_json").video_tracks()
    assert [(one.source_range.duration.value, one.source_range.duration.rate) for one in video] == [
        (2000, float(rate)),
        (77, float(rate)),
    ]
    assert video[0].media_reference.target_url == "media/01-clip.mp4"
    assert video[0].markers[0].name == "Part one"
    file = tmp_path / "a.fcpxml"
    file.write_text(fcpxml("A cut", edits, rate, tmp_path / "media"), "utf-8")
    clips = ElementTree.fromstring(file.read_text("utf-8").partition("<!DOCTYPE fcpxml>")[2]).findall(
        ".//asset-clip"
    )
    seconds = [
        [Fraction(one.get(key, "").rstrip("s")) for key in ("offset", "start", "duration")] for one in clips
    ]
    assert seconds == [[0, 0, 2000 / rate], [2000 / rate, 0, 77 / rate]]
    # OpenTimelineIO's adapter knows whole rates only: it reads 29.97 as 29, and sees a picture of nothing between.
    read = of_otio(file, "fcpx_xml")
    (whole,) = read.video_tracks()
    track = list(whole.find_clips())
    counted = int(rate)
    assert [one.source_range.duration.rate for one in track] == [counted, counted]
    for one, frames in zip(track, (2000, 77), strict=True):
        assert abs(one.source_range.duration.to_seconds() - float(frames / rate)) < 1.01 / counted
        assert one.source_range.start_time.value == 0
    if rate.denominator == 1:
        assert [one.source_range.duration.value for one in track] == [2000, 77]
    assert [one.name for one in track[0].markers] == ["Part one"]


def test_several_rates_on_one_timeline(tmp_path: Path) -> None:
    edits = [edit(1, Fraction(25), 100, tmp_path), edit(2, Fraction(30), 300, tmp_path)]
    rate = timeline_rate(edits)
    assert rate == 30
    write_timeline("x", edits, rate, tmp_path, tmp_path / "a.otio", tmp_path / "a.edl")
    (video,) = of_otio(tmp_path / "a.edl", "cmx_3600", rate=30).video_tracks()
    assert [one.source_range.duration.value for one in video] == [120, 300]
    root = ElementTree.fromstring(fcpxml("x", edits, rate, tmp_path).partition("<!DOCTYPE fcpxml>")[2])
    assert [one.get("srcFrameRate") for one in root.iter("conform-rate")] == ["25"]
    assert len(root.findall(".//format")) == 2


def test_measured_rates_become_standard_ones() -> None:
    assert standard_rate(Fraction(90000, 3003)) == Fraction(30000, 1001)
    assert standard_rate(Fraction(360000, 15015)) == FILM
    assert standard_rate(Fraction(24)) == 24
    assert standard_rate(Fraction(2997, 100)) == Fraction(30000, 1001)
    assert standard_rate(Fraction(15)) == 15
    assert timeline_rate([edit(1, Fraction(15), 10, Path("/"))]) == 30


def test_a_flat_clip_has_no_hidden_pictures(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    clip, segment = keep(NTSC, 3.3, 6.7)
    made = flat_clip(clip, segment, tmp_path / "a.mp4", tools.ffmpeg, CancelToken())
    assert (made.frames, standard_rate(made.rate)) == (102, Fraction(30000, 1001))
    assert (made.width, made.height, made.sound_rate, made.channels) == (640, 360, 44100, 2)
    with made.path.open("rb") as file:
        track = next(one for one in read_tracks(read_moov(file)) if one.is_video)
    assert min(sample.pts for sample in track.samples) == 0
    assert media.first_and_last_frame(made.path) == (99, 200, 102)
    heard = media.audio_time(made.path)
    assert heard is not None
    assert abs(heard - 99 * 1001 / 30000) < 0.025


def test_the_folder_with_hostile_titles(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    first, second = keep(THIRTY, 5.0, 6.0), keep(TWENTY_FIVE, 10.0, 11.0)
    title = '../../etc/<b>&"x"\n\0*:|?'
    outline = [
        Heading("Part\n001  AX  V  C  evil"),
        quote(first[1], speaker="../../a\nb", comment="]]> & <x> \x07"),
        Words("between"),
        quote(second[1], speaker="Łukasz 李"),
        CitedQuote("no time"),
    ]
    clips = {segment: clip for clip, segment in (first, second)}
    parent = tmp_path / "out"
    parent.mkdir()
    done = export_for_editing(title, outline, clips, parent, tools.ffmpeg)
    assert [path.name for path in parent.iterdir()] == [done.folder.name]
    assert sorted(path.name for path in (done.folder / "media").iterdir()) == [
        "01-a-b-0m05s.mp4",
        "02-ukasz-0m10s.mp4",
    ]
    (video,) = of_otio(done.edl, "cmx_3600", rate=float(done.rate)).video_tracks()
    assert len(video) == 2
    assert len(re.findall(r"^\d{3} ", done.edl.read_text("utf-8"), re.MULTILINE)) == 2
    root = ElementTree.fromstring(done.fcpxml.read_text("utf-8").partition("<!DOCTYPE fcpxml>")[2])
    sources = [Path(unquote(urlsplit(one.get("src", "")).path)) for one in root.iter("asset")]
    assert all(path.is_file() for path in sources)
    (own,) = of_otio(done.otio, "otio_json").video_tracks()
    assert all((done.folder / one.media_reference.target_url).is_file() for one in own)
    assert [one.source_range.duration.value for one in own] == [30, 25]
    again = export_for_editing(title, outline, clips, parent, tools.ffmpeg)
    assert again.folder != done.folder


def test_a_cancel_and_a_missing_folder_leave_nothing(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    clip, segment = keep(THIRTY, 5.0, 6.0)
    token = CancelToken()
    parent = tmp_path / "out"
    parent.mkdir()
    with pytest.raises(Cancelled):
        export_for_editing(
            *("t", [quote(segment)] * 2, {segment: clip}, parent, tools.ffmpeg),
            lambda value: token.cancel(),
            token,
        )
    assert list(parent.iterdir()) == []
    with pytest.raises(MediaError, match="cannot be written"):
        export_for_editing("t", [quote(segment)], {segment: clip}, tmp_path / "none", tools.ffmpeg)
