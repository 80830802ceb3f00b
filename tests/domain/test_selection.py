from __future__ import annotations

from viewer.domain.selection import (
    selected_segment,
    selected_speaker,
    selected_words,
    trimmed,
    words_between,
)
from viewer.domain.timestamp import parse_timestamp
from viewer.domain.transcript import Cue, Transcript, with_ends
from viewer.domain.video import Segment, VideoRef

VIDEO = VideoRef.youtube("ZAJ4D8RAyfY")


def talk(text: str, end: str = "1:00") -> Transcript:
    """``Ada 0:00 hello | Tom 0:05 world``."""
    cues = []
    for part in text.split("|"):
        speaker, time, words = part.strip().split(" ", 2)
        cues.append(Cue(parse_timestamp(time), None, speaker if speaker != "-" else None, words))
    return Transcript(with_ends(cues, parse_timestamp(end)), video_id=VIDEO.id)


SAID = talk("Ada 0:00 hello there | Ada 0:10 my old friend | Tom 0:20 good  morning")


def test_words_are_joined_and_parted_by_speaker() -> None:
    assert selected_words(SAID, (0, 6), (1, 6)) == "there my old"
    assert selected_words(SAID, (1, 7), (2, 20)) == "friend\n\ngood morning"
    assert selected_speaker(SAID, (0, 0), (1, 3)) == "Ada"
    assert selected_speaker(SAID, (1, 0), (2, 3)) == "Ada & Tom"


def test_scripts_without_spaces_are_joined_without() -> None:
    said = talk("- 0:00 我是 | - 0:05 人")
    assert selected_words(said, (0, 0), (1, 1)) == "我是人"


def test_white_space_at_the_ends_is_no_part_of_a_selection() -> None:
    assert trimmed(SAID, (0, 5), (1, 0)) == ((0, 6), (0, 11))
    assert trimmed(SAID, (1, 2), (1, 3)) is None
    assert trimmed(SAID, (0, 11), (1, 0)) is None
    assert trimmed(SAID, (1, 6), (0, 0)) == ((0, 0), (1, 6))
    assert trimmed(SAID, (0, 0), (99, 5)) == ((0, 0), (2, 13))
    assert trimmed(Transcript(), (0, 0), (0, 5)) is None


def test_without_word_times_the_place_in_the_cue_counts() -> None:
    # "old" is letters 3 to 6 of 13 in 10 s.
    assert selected_segment(SAID, (1, 3), (1, 6)) == Segment(VIDEO, 12_307, 14_615)
    assert selected_segment(SAID, (1, 4), (1, 5)) == Segment(VIDEO, 12_307, 14_615)  # never half a word


def test_with_word_times_it_is_exact() -> None:
    said = Transcript(
        (Cue(1000, 9000, None, "one two three four", words=(1000, 2000, 4000, 6500)),), "x", VIDEO.id
    )
    assert selected_segment(said, (0, 4), (0, 13)) == Segment(VIDEO, 2000, 4940)


def test_untimed_words_have_no_segment() -> None:
    said = Transcript((Cue(None, None, None, "hello"),), video_id=VIDEO.id)
    assert selected_segment(said, (0, 0), (0, 5)) is None
    assert selected_segment(Transcript(SAID.cues), (0, 0), (0, 5)) is None
    assert selected_segment(Transcript(SAID.cues), (0, 0), (0, 5), VIDEO) is not None


def test_words_between_two_times() -> None:
    assert words_between(SAID, 0, 60_000) == ((0, 0), (2, 13))
    assert words_between(SAID, 10_000, 12_500) == ((1, 0), (1, 2))
    found = words_between(SAID, 5_000, 15_000)
    assert found is not None
    assert selected_words(SAID, *found) == "there my old"
    assert words_between(SAID, 70_000, 80_000) is None
    assert words_between(Transcript(), 0, 1000) is None


def test_backwards_transcripts_give_what_stands_together() -> None:
    said = talk("- 0:30 late words here | - 0:00 one | - 0:10 two | - 0:20 three")
    found = words_between(said, 0, 32_000)
    assert found is not None
    assert selected_words(said, *found).endswith("one two three")
