"""A note's marks here and in its file brought together: what changed on one side is taken, what changed on both is kept twice.

The third side is what the file held when Soundbite last wrote it. Pure: no disk, no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from viewer.base.language import tr
from viewer.domain.mark import Mark, new_mark_id, title_of
from viewer.formats.highlights_file import FilePart, MarkFile, ReadMark
from viewer.formats.highlights_writer import write_heading, write_mark

FIELDS = ("segment", "text", "speaker", "colour", "comment", "tags")
"""What can be changed in the file; the rest of a mark is Soundbite's own."""

_MANY = 2
"""If so many marks or more are gone from a file at once, all of them, that was hardly meant."""

REMOVED_HERE, REMOVED_THERE = "removed-here", "removed-there"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A mark that was changed here and in the file. Both states were kept; this says so.

    ``what`` is the field that both changed, or REMOVED_HERE or REMOVED_THERE: removed on one side, changed on the
    other, and therefore kept. ``copy_id`` is the second mark that now holds the file's state, where one was made.
    ``all_gone``: every mark went from the file at once, which was hardly meant.
    """

    mark_id: str
    what: str
    words: str
    copy_id: str | None = None
    all_gone: bool = False

    @property
    def message(self) -> str:
        """What happened, in a plain sentence."""
        if self.what == REMOVED_HERE:
            return tr("“{words}” was removed here but changed in its file; it is back.").format(
                words=self.words
            )
        if self.what == REMOVED_THERE:
            return tr("“{words}” is gone from its file but was kept here; it is in the file again.").format(
                words=self.words
            )
        if self.copy_id is None:
            return tr("The comment on “{words}” was changed here and in its file; it now holds both.").format(
                words=self.words
            )
        return tr("“{words}” was changed here and in its file; there are now two marks.").format(
            words=self.words
        )


@dataclass(slots=True)
class Merge:
    """What a merge comes to: marks to write to and to remove from the database, and conflicts."""

    put: list[Mark] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def merge(
    base: Mapping[str, ReadMark], ours: Mapping[str, Mark], theirs: Mapping[str, ReadMark], now_ms: int
) -> Merge:
    """Bring ``ours`` (the database) and ``theirs`` (the file) together; ``base`` is what was last written.

    New marks of the file have neither path nor title of their note yet. ``now_ms`` is the time of change (ms).
    """
    done = Merge()
    emptied = len(base) >= _MANY and not any(mark_id in theirs for mark_id in base)
    for mark_id in dict.fromkeys([*ours, *theirs]):
        mine, read = ours.get(mark_id), theirs.get(mark_id)
        was = base.get(mark_id)
        if mine is not None and read is not None:
            _both(done, was, mine, read, now_ms, ours)
        elif mine is not None:
            _only_ours(done, was, mine, emptied=emptied)
        elif read is not None:
            _only_theirs(done, was, read, now_ms)
    return done


def _both(
    done: Merge, was: ReadMark | None, mine: Mark, read: ReadMark, now_ms: int, ours: Mapping[str, Mark]
) -> None:
    before = was.filled(mine) if was is not None else None
    other = read.filled(before or mine)
    values: dict[str, object] = {}
    clashes: list[str] = []
    for name in FIELDS:
        here, there = getattr(mine, name), getattr(other, name)
        earlier = getattr(before, name) if before is not None else None
        if here == there or (before is not None and there == earlier):
            continue
        if before is not None and here == earlier:
            values[name] = there
        elif name == "tags":
            values[name] = _tags(earlier or (), here, there)
        elif name == "comment" and (_holds(here, there) or _holds(there, here)):
            values[name] = max(here, there, key=len)
        elif name == "comment":
            values[name] = f"{here}\n\n{there}"
            done.conflicts.append(Conflict(mine.id, name, title_of(mine)))
        else:
            clashes.append(name)
    kept = replace(mine, **values, changed_ms=now_ms) if values else mine  # type: ignore[arg-type]
    if not same(kept, mine):
        done.put.append(kept)
    # The copy may have been made before, and the program ended before the file was written.
    if clashes and not any(same(one, other) for one in ours.values()):
        copy = replace(
            other,
            id=new_mark_id(),
            note_path=mine.note_path,
            note_title=mine.note_title,
            anchor=mine.anchor,
            created_ms=now_ms,
            changed_ms=now_ms,
        )
        done.put.append(copy)
        done.conflicts.append(Conflict(mine.id, clashes[0], title_of(mine), copy.id))


def _holds(text: str, lines: str) -> bool:
    """Whether a comment has all the lines of another, together and whole."""
    return not lines or f"\n{lines}\n" in f"\n{text}\n"


def _tags(earlier: Sequence[str], here: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """Tags by three sides: what either added is there, what either took away is not."""
    kept = [tag for tag in here if tag in there or tag not in earlier]
    return tuple(dict.fromkeys([*kept, *(tag for tag in there if tag not in earlier)]))


def _only_ours(done: Merge, was: ReadMark | None, mine: Mark, *, emptied: bool) -> None:
    if was is not None and not emptied and same(was.filled(mine), mine):
        done.remove.append(mine.id)
        return
    if was is not None:
        done.conflicts.append(Conflict(mine.id, REMOVED_THERE, title_of(mine), all_gone=emptied))


def _only_theirs(done: Merge, was: ReadMark | None, read: ReadMark, now_ms: int) -> None:
    mark = read.mark
    if was is not None:
        mark = read.filled(was.mark)
        if same(was.mark, mark):
            return  # removed here: it goes from the file, too
        done.conflicts.append(Conflict(mark.id, REMOVED_HERE, title_of(mark)))
    mark = replace(mark, changed_ms=now_ms)
    done.put.append(mark)


def without(file: MarkFile, mark_ids: Collection[str]) -> MarkFile:
    """The file with these marks as somebody else's text: they belong to another note, and were copied over here."""
    return replace(
        file,
        parts=tuple(
            replace(part, read=None) if part.read is not None and part.read.mark.id in mark_ids else part
            for part in file.parts
        ),
    )


def same(one: Mark, other: Mark) -> bool:
    """Whether two marks agree in all that a file can say."""
    return all(getattr(one, name) == getattr(other, name) for name in FIELDS)


def compose(file: MarkFile, marks: Iterable[Mark], last: MarkFile) -> str:
    """The file's text with these marks, in their order where they are new. ``last`` is what was written last.

    What is as it was keeps its own lines, and so does everything that is no mark of ours. A heading that somebody
    has changed stays when its mark is written anew.
    """
    wanted = {mark.id: mark for mark in marks}
    untouched = {part.text.rstrip() for part in last.parts}
    places = {mark_id: place for place, mark_id in enumerate(wanted)}
    parts: list[tuple[int | None, str]] = []
    for part in file.parts:
        if part.read is None:
            parts.append((None, part.text))
        elif part.read.mark.id in wanted:
            mark = wanted.pop(part.read.mark.id)
            there = part.read.mark if part.text.rstrip() in untouched else part.read.filled(mark)
            parts.append((places[mark.id], part.text if same(there, mark) else _part(part, part.read, mark)))
    for mark in wanted.values():
        place = places[mark.id]
        numbers = [number for number, _ in parts]
        later = (row for row, number in enumerate(numbers) if number is not None and number > place)
        end = max((row for row, number in enumerate(numbers) if number is not None), default=-1)
        parts.insert(next(later, end + 1), (place, write_mark(mark)))
    text = file.head
    for _, part_text in parts:
        text = (text if text.endswith("\n") else f"{text}\n") + part_text
        text += "\n" if text.endswith("\n") else ""
    return f"{text.rstrip()}\n" if parts else text


def _part(part: FilePart, read: ReadMark, mark: Mark) -> str:
    own = part.heading.strip() == write_heading(read.mark)
    return write_mark(mark, None if own else part.heading)
