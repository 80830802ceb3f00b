"""Cuts are exact to the picture, and no bytes whatever bring the reader down."""

from __future__ import annotations

import io
import math
import random
import struct
import time
import tracemalloc
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.standin import catalogue, media
from viewer.media import mp4_read
from viewer.media.fragments import _entry_samples
from viewer.media.mp4_read import Mp4Error, Sample, Track, boxes, read_fragment, read_index, read_tracks
from viewer.media.mp4_write import Cut, cut_track, read_moov, recut, to_units, write_clip

TALKS = {
    "30 a second, B-frames": catalogue.MINUTE,
    "25 a second, none": catalogue.videos()[catalogue.FPS25_ID].talk,
    "29.97 a second": catalogue.videos()[catalogue.FPS2997_ID].talk,
}


def load(path: Path) -> Track:
    data = path.read_bytes()
    track = read_tracks(data)[0]
    for box in boxes(data):
        if box.kind == b"moof":
            track.samples += read_fragment(data, box, box.start - 8, track)
    return track


def expected(talk: media.Talk, start_ms: int, end_ms: int) -> tuple[int, int]:
    return math.ceil(talk.fps * start_ms / 1000), math.ceil(talk.fps * end_ms / 1000) - 1


@pytest.mark.parametrize("name", TALKS)
def test_random_cuts_are_exact_to_the_picture_and_the_sound(name: str, tmp_path: Path) -> None:
    talk = TALKS[name]
    picture, sound = media.make(talk, "134"), media.make(talk, "140")
    tracks = [load(picture), load(sound)]
    chance = random.Random(name)
    for number in range(5):
        start = chance.randrange(0, 55_000) if number else 0
        end = start + chance.randrange(300, 4_000)
        target = tmp_path / f"{number}.mp4"
        with picture.open("rb") as one, sound.open("rb") as other:
            write_clip(target, [cut_track(track, start, end) for track in tracks], [one, other])
        first, last, count = media.first_and_last_frame(target)
        assert (first, last) == expected(talk, start, end), (start, end)
        assert count == last - first + 1
        heard = media.audio_time(target)
        # In the silent tenth of a second nothing can be heard.
        if heard is not None:
            assert abs(heard * 1000 - start) < 25


def test_recut_takes_off_what_is_after_the_end(tmp_path: Path) -> None:
    talk = catalogue.MINUTE
    picture = media.make(talk, "134")
    long, short = tmp_path / "long.mp4", tmp_path / "short.mp4"
    with picture.open("rb") as file:
        write_clip(long, [cut_track(load(picture), 7_350, 9_500)], [file])
    recut(long, short, 0, 1_000)
    assert media.first_and_last_frame(short)[:2] == expected(talk, 7_350, 8_350)


def test_the_index_tells_every_byte_of_the_file() -> None:
    path = media.make(catalogue.MINUTE, "134")
    index = read_index(path.read_bytes())
    assert [entry.first for entry in index[1:]] == [entry.last + 1 for entry in index[:-1]]
    assert index[-1].last + 1 <= path.stat().st_size
    assert (index[0].start_ms, index[-1].end_ms) == (0, 60_000)


@given(ms=st.integers(0, 10**9), scale=st.integers(1, 10**6))
def test_a_moment_is_never_before_the_start(ms: int, scale: int) -> None:
    assert (
        Fraction(to_units(ms, scale), scale) >= Fraction(ms, 1000) > Fraction(to_units(ms, scale) - 1, scale)
    )


def simple_track(keys: list[bool], *, video: bool = True) -> Track:
    track = Track(1, b"vide" if video else b"soun", 1000, bytes(20))
    track.samples = [Sample(i * 40, i * 40, 40, 10, key, i * 10) for i, key in enumerate(keys)]
    return track


def test_a_cut_reaches_back_to_the_key_picture() -> None:
    cut = cut_track(simple_track([True, False, False, True, False, False]), 80, 200)
    assert (cut.samples[0].dts, cut.media_time, cut.start, cut.end) == (0, 80, 80, 200)
    cut = cut_track(simple_track([True, False, False, True, False, False]), 130, 10_000)
    assert (cut.samples[0].dts, cut.end) == (120, 240)


def test_a_cut_without_a_key_picture_or_without_anything_is_refused() -> None:
    with pytest.raises(Mp4Error, match="key picture"):
        cut_track(simple_track([False, False]), 0, 80)
    with pytest.raises(Mp4Error, match="sample between"):
        cut_track(simple_track([True]), 5_000, 6_000)


def test_a_track_that_begins_late_stays_late(tmp_path: Path) -> None:
    track = simple_track([True, True], video=False)
    late = Cut(track, tuple(track.samples), -500, 80)
    assert late.media_time == -500
    write_clip(tmp_path / "late.mp4", [late], [io.BytesIO(bytes(20))])
    with (tmp_path / "late.mp4").open("rb") as file:
        read = read_tracks(read_moov(file))[0]
    assert [sample.pts for sample in read.samples] == [500, 540]


def test_data_cut_short_is_told(tmp_path: Path) -> None:
    track = simple_track([True, True])
    with pytest.raises(Mp4Error, match="run over"):
        write_clip(tmp_path / "x.mp4", [cut_track(track, 0, 80)], [io.BytesIO(bytes(15))])


def parse_all(data: bytes) -> None:
    tracks = read_tracks(data)
    read_index(data)
    for box in boxes(data):
        if box.kind == b"moof":
            for track in tracks:
                track.samples += read_fragment(data, box, box.start - 8, track)
    for track in tracks:
        cut_track(track, 1_000, 3_000)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6_000), st.integers(0, 255)), min_size=1, max_size=8),
    st.integers(0, 9_000),
)
def test_damaged_bytes_are_refused_and_nothing_worse(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(media.make(catalogue.MINUTE, "134").open("rb").read(9_000))
    for place, value in changes:
        data[place] = value
    try:
        parse_all(bytes(data[:cut] if cut > 4_000 else data))
    except Mp4Error:
        pass


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Mp4Error):
        read_tracks(data)


def _box(kind: bytes, *parts: bytes) -> bytes:
    inside = b"".join(parts)
    return struct.pack(">I", len(inside) + 8) + kind + inside


def _film(stbl: bytes, tracks: int = 1) -> bytes:
    scale = struct.pack(">5I", 0, 0, 0, 1000, 0) + bytes(80)
    trak = _box(
        b"trak",
        _box(b"tkhd", bytes(84)),
        _box(b"mdia", _box(b"mdhd", scale), _box(b"hdlr", bytes(8) + b"vide"), _box(b"minf", stbl)),
    )
    return _box(b"moov", _box(b"mvhd", scale), *[trak] * tracks)


def _stbl(sizes: bytes, stts: bytes, stsc: bytes = b"") -> bytes:
    one = struct.pack(">IIIII", 0, 1, 1, 1_000_000, 1)
    return _box(
        b"stbl",
        _box(b"stsd", bytes(16)),
        _box(b"stsz", sizes),
        _box(b"stts", stts),
        _box(b"stsc", stsc or one),
        _box(b"stco", struct.pack(">III", 0, 1, 100)),
    )


@pytest.mark.parametrize("bomb", ["stts", "stsz", "tracks", "stsc", "trun"])
def test_few_bytes_never_take_much_room(bomb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One number may stand for four thousand million samples."""
    monkeypatch.setattr(mp4_read, "_MAX_ALIKE", 5_000)
    two = struct.pack(">5I", 0, 0, 2, 10, 10)
    endless = struct.pack(">IIII", 0, 1, 0xFFFF_FFFF, 10)
    alike = struct.pack(">III", 0, 10, 4_000)
    films = {
        "stts": _film(_stbl(two, endless)),
        "stsz": _film(_stbl(struct.pack(">III", 0, 10, 3_900_000), endless)),
        "tracks": _film(_stbl(alike, endless), tracks=200),
        "stsc": _film(_stbl(two, endless, struct.pack(">II", 0, 9000) + struct.pack(">III", 1, 0, 1) * 9000)),
        "trun": b"",
    }
    began = time.monotonic()
    tracemalloc.start(1)
    try:
        if bomb == "trun":
            track = simple_track([])
            track.id = 1
            trun = _box(b"trun", struct.pack(">II", 0, 3_900_000))
            fragment = _box(
                b"moof",
                _box(b"traf", _box(b"tfhd", struct.pack(">II", 0, 1)), _box(b"tfdt", bytes(8)), trun * 50),
            )
            with pytest.raises(Mp4Error):
                read_fragment(fragment, next(boxes(fragment)), 0, track)
        elif bomb == "stts":
            assert len(read_tracks(films[bomb])[0].samples) == 2
        else:
            with pytest.raises(Mp4Error):
                read_tracks(films[bomb])
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
        assert time.monotonic() - began < 5
    finally:
        tracemalloc.stop()


def test_many_small_fragments_in_one_take_no_more_room() -> None:
    track = simple_track([])
    track.id = 1
    trun = _box(b"trun", struct.pack(">II", 0, 150_000))
    moof = _box(
        b"moof", _box(b"traf", _box(b"tfhd", struct.pack(">II", 0, 1)), _box(b"tfdt", bytes(8)), trun)
    )
    with pytest.raises(Mp4Error, match="too many"):
        _entry_samples(moof * 1000, 0, len(moof) * 1000, track)
