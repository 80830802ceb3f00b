"""Finding one's place in a transcript."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.transcript import Cue, Transcript, with_ends


def cues(*starts):
    return tuple(Cue(start, None, None, f"cue {row}") for row, start in enumerate(starts))


def test_the_cue_at_a_time_is_the_last_one_begun():
    transcript = Transcript(cues(0, 16_000, 49_000))
    assert [transcript.cue_at(ms) for ms in (-1, 0, 15_999, 16_000, 10**9)] == [None, 0, 0, 1, 2]


def test_times_that_run_backwards_are_found_by_time_in_the_files_order():
    transcript = Transcript(cues(10_000, 5_000, 20_000))
    assert [transcript.cue_at(ms) for ms in (6_000, 12_000, 21_000)] == [1, 0, 2]


def test_cues_without_times_are_never_the_playing_one():
    transcript = Transcript(cues(None, None))
    assert not transcript.timed
    assert transcript.cue_at(5) is None


def test_ends_come_from_the_next_later_cue_and_the_video():
    assert [cue.end_ms for cue in with_ends(cues(0, 5_000, 5_000, None, 9_000), 12_000)] == [
        5_000,
        9_000,
        9_000,
        None,
        12_000,
    ]
    assert with_ends(cues(0), None)[0].end_ms is None
    assert with_ends(cues(9_000), 5_000)[0].end_ms is None


def test_an_end_that_is_given_stays():
    assert with_ends((Cue(0, 2_000, None, "a"), Cue(5_000, None, None, "b")), None)[0].end_ms == 2_000


def test_speakers_come_once_in_order():
    said = tuple(Cue(0, None, name, "") for name in ("Bob", "Ann", None, "Bob"))
    assert Transcript(said).speakers == ("Bob", "Ann")


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**7)), max_size=50), st.integers(0, 10**7))
def test_the_place_is_what_a_linear_search_finds(starts, ms):
    transcript = Transcript(cues(*starts))
    begun = [start for start in starts if start is not None and start <= ms]
    row = transcript.cue_at(ms)
    assert (None if row is None else transcript.cues[row].start_ms) == (max(begun) if begun else None)
