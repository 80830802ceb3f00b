"""What of a clip can be copied: however its pictures are ordered, every shown one comes once, and none that is hidden."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from viewer.export.film_pieces import Shown, Spool, picture_times, split
from viewer.export.film_sound import SoundLine
from viewer.media.mp4_read import Mp4Error, Sample, Track
from viewer.media.mp4_write import Cut, cut_track

TICKS = 10
"""Track units from picture to picture."""


def talk(groups: list[list[int]]) -> Track:
    """A track of groups that begin with a key picture; a group is the order in which its pictures are decoded."""
    track = Track(1, b"vide", 10 * TICKS, b"")
    number = 0
    for group in groups:
        for step, place in enumerate([0, *(one + 1 for one in group)]):
            dts, pts = (number + step) * TICKS, (number + place) * TICKS
            track.samples.append(Sample(dts, pts, TICKS, 1, step == 0, dts))
        number += len(group) + 1
    return track


@st.composite
def cuts(draw: st.DrawFn) -> Cut:
    sizes = draw(st.lists(st.sampled_from([0, 2, 4, 5, 6]), min_size=1, max_size=3))
    track = talk([draw(st.permutations(range(size))) for size in sizes])
    last = len(track.samples) * 100
    start = draw(st.one_of(st.just(0), st.integers(0, last - 1)))
    end = draw(st.integers(start + 1, last + 50))
    try:
        return cut_track(track, start, end)
    except Mp4Error:
        return cut_track(track, 0, last)


@given(cuts())
def test_head_middle_and_tail_are_all_that_is_shown(cut: Cut) -> None:
    parts = split(cut)
    wanted = picture_times(cut)
    head = picture_times(parts.head, cut.start) if parts.head is not None else []
    middle = [Fraction(one.pts - cut.start, cut.track.timescale) for one in parts.middle]
    tail = picture_times(parts.tail, cut.start) if parts.tail is not None else []
    assert [*head, *sorted(middle), *tail] == wanted
    assert parts.head is None or head
    assert parts.tail is None or tail
    if parts.middle:
        assert parts.middle[0].sync
        # Decoding needs nothing from outside: the middle is an unbroken run of the cut.
        first = cut.samples.index(parts.middle[0])
        assert cut.samples[first : first + len(parts.middle)] == parts.middle
        for part in (parts.head, parts.tail):
            assert part is None or part.samples[0].sync


@given(cuts(), st.integers(0, 5000))
def test_what_was_spooled_is_shown_as_long_as_before_and_decoded_in_time(cut: Cut, begin_ms: int) -> None:
    middle = split(cut).middle
    if not middle:
        return
    file = Path(__file__)
    samples = tuple(Sample(one.dts, one.pts, one.duration, 1, one.sync, 0) for one in middle)
    times = tuple(Fraction(one.pts - cut.start, cut.track.timescale) for one in middle)
    begin = Fraction(begin_ms, 1000)
    spool = Spool(io.BytesIO(), cut.track, 360_000)
    spool.add(Shown(file, cut.track, samples, times), begin)
    end = begin + max(times) + Fraction(1, 10)
    made = spool.cut(end)
    assert [one.pts for one in made.samples] == [round((begin + time) * 360_000) for time in times]
    assert all(one.dts <= one.pts for one in made.samples)
    steps = [one.dts for one in made.samples]
    assert steps == sorted(set(steps))
    assert made.end == round(end * 360_000)


def test_sound_never_drifts(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(bytes(10))
    track = Track(1, b"soun", 44_100, b"")
    samples = tuple(Sample(at * 1024, at * 1024, 1024, 1, True, 0) for at in range(200))
    silence = Shown(file, track, samples[:9], tuple(Fraction(one.pts, 44_100) for one in samples[:9]))
    spool = Spool(io.BytesIO(), track, 44_100)
    line = SoundLine(spool, silence, 44_100)
    at = Fraction(0)
    for _ in range(60):
        times = tuple(Fraction(one.pts, 44_100) - Fraction(1, 3) for one in samples)
        after = at + Fraction(1001, 1000)
        line.add(Shown(file, track, samples, times), at, after)
        at = after
        assert abs(line.end - at) <= Fraction(512, 44_100)
    made = spool.cut(line.end)
    assert {one.duration for one in made.samples} == {1024}
