from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_selection import VIDEO, talk
from viewer.domain.anchoring import AnchorFinder, Place, find_anchor, make_anchor
from viewer.domain.mark import TextAnchor
from viewer.domain.selection import selected_words, trimmed
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import Segment

TALK = (
    "- 0:00 Yesterday my neighbour bought seven green bicycles. "
    "| - 0:10 Nobody knows why, since he never learned how to ride. "
    "| - 0:20 His daughter painted every one of them and sold the whole lot at the harbour. "
    "| - 0:30 Energy is the bottleneck of everything that we are going to build. "
    "| - 0:40 And yes, the harbour was closed that day, yes, because of the fog."
)
SAID = talk(TALK)


def anchor_of(words: str, said: Transcript = SAID) -> TextAnchor:
    row = next(row for row, cue in enumerate(said.cues) if words in cue.text)
    at = said.cues[row].text.index(words)
    return make_anchor(said, (row, at), (row, at + len(words)))


def words_at(said: Transcript, place: Place | None) -> str:
    assert place is not None
    return selected_words(said, place.first, place.last)


def test_an_anchor_knows_its_words_and_what_stands_around_them() -> None:
    anchor = anchor_of("never learned")
    assert (anchor.exact, anchor.cue, anchor.offset) == ("never learned", 1, 27)
    assert anchor.prefix.endswith("since he")
    assert anchor.suffix.startswith("how to ride. His")


def test_in_the_same_note_it_is_where_it_was() -> None:
    assert find_anchor(SAID, anchor_of("never learned")) == Place(1, 27, 1, 40)


def test_lines_that_move_are_followed() -> None:
    anchor = anchor_of("never learned")
    moved = talk("- 0:00 A new line. | " + TALK)
    assert find_anchor(moved, anchor) == Place(2, 27, 2, 40)


def test_lines_that_are_cut_elsewhere_are_followed() -> None:
    anchor = make_anchor(SAID, (0, 30), (1, 11))
    joined = Transcript((Cue(0, 50_000, None, "\n".join(cue.text for cue in SAID.cues)),))
    place = find_anchor(joined, anchor)
    assert words_at(joined, place) == "seven green bicycles. Nobody know"
    assert place is not None
    assert place.exact


def test_of_the_same_words_those_with_the_same_surroundings_count() -> None:
    first, second = anchor_of("the harbour"), make_anchor(SAID, (4, 37), (4, 40))
    assert second.exact == "day"
    longer = talk("- 0:00 the harbour the harbour day day | " + TALK)
    assert find_anchor(longer, first) == Place(3, 65, 3, 76)
    assert find_anchor(longer, second) == Place(5, 37, 5, 40)


def test_edited_words_are_found_by_what_is_alike() -> None:
    anchor = anchor_of("daughter painted every one of them and sold the whole lot")
    edited = talk(TALK.replace("painted every one of them", "painted each of them, then"))
    place = find_anchor(edited, anchor)
    assert words_at(edited, place) == "daughter painted each of them, then and sold the whole lot"
    assert place is not None
    assert not place.exact


def test_few_words_that_were_changed_are_found_by_what_stands_around_them() -> None:
    anchor = anchor_of("bottleneck")
    edited = talk(TALK.replace("bottleneck", "chokepoint"))
    place = find_anchor(edited, anchor, Segment(VIDEO, 32_000, 33_000))
    assert words_at(edited, place) == "chokepoint"


def test_words_that_are_gone_are_not_found() -> None:
    anchor = anchor_of("Energy is the bottleneck of everything")
    other = talk(
        "- 0:00 A quite different talk about the history of porcelain. | - 0:30 It has no such words."
    )
    assert find_anchor(other, anchor, Segment(VIDEO, 30_000, 33_000)) is None
    assert find_anchor(Transcript(), anchor) is None


def test_a_short_word_elsewhere_is_not_taken_for_it() -> None:
    anchor = make_anchor(SAID, (4, 4), (4, 7))
    assert anchor.exact == "yes"
    other = talk("- 0:00 Well, yes. | - 0:30 The rest is all about porcelain.")
    assert find_anchor(other, anchor) is None


def test_one_finder_serves_many_marks() -> None:
    finder = AnchorFinder(talk("- 0:00 New. | " + TALK))
    assert finder.find(anchor_of("bicycles")) == Place(1, 42, 1, 50)
    assert finder.find(anchor_of("harbour")) == Place(3, 69, 3, 76)


texts = st.text(st.sampled_from("ab c\n我é  .,"), max_size=12)


@given(st.lists(texts, min_size=1, max_size=5), st.data())
def test_whatever_is_selected_is_found_in_the_same_transcript(cues: list[str], data: st.DataObject) -> None:
    said = Transcript(tuple(Cue(None, None, None, text) for text in cues))
    rows = st.integers(0, len(cues) - 1)
    first, last = (
        (row, data.draw(st.integers(0, len(cues[row])))) for row in (data.draw(rows), data.draw(rows))
    )
    selection = trimmed(said, first, last)
    if selection is None:
        return
    place = find_anchor(said, make_anchor(said, *selection))
    assert place is not None
    assert (place.first, place.last, place.exact) == (*selection, True)


@given(st.text(), st.text(), st.text(), st.lists(st.text(max_size=30), max_size=4), st.integers(-2, 5))
def test_no_anchor_breaks_it(exact: str, prefix: str, suffix: str, cues: list[str], cue: int) -> None:
    said = Transcript(tuple(Cue(None, None, None, text) for text in cues))
    place = find_anchor(said, TextAnchor(exact, prefix, suffix, cue, cue))
    if place is not None:
        assert trimmed(said, place.first, place.last) is not None
