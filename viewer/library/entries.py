"""What the library tells about its notes without opening them: one frozen row a note, and the summary of a refresh."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from viewer.domain.note import NoteFormat


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """One row of the library.

    ``id`` stays the same while the note lives, also when its file is renamed. ``folder`` is the library folder it
    was found under. ``speakers`` are those of quotes and transcript. ``quotes`` counts those outside the
    highlights, ``clips`` the sound clip commands. ``problem_count`` is the number of problems in the file.
    ``opened_at`` is when the user last opened it (ms since the epoch; None: never), ``modified_ns`` the file's own
    time. ``indexed`` is False while only the file's name is known.
    """

    id: int
    path: str
    folder: str
    title: str
    channel: str | None = None
    published: datetime.date | None = None
    duration_ms: int | None = None
    format: NoteFormat = NoteFormat.PLAIN
    video_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    highlights: int = 0
    quotes: int = 0
    key_points: int = 0
    mentions: int = 0
    cues: int = 0
    clips: int = 0
    problem_count: int = 0
    opened_at: int | None = None
    modified_ns: int = 0
    indexed: bool = True

    @property
    def has_transcript(self) -> bool:
        """Whether the note (or a file beside it) has a transcript."""
        return self.cues > 0

    @property
    def video_id(self) -> str | None:
        """The first video's id; None when the note names none."""
        return self.video_ids[0] if self.video_ids else None


@dataclass(frozen=True, slots=True)
class RefreshProgress:
    """How far a refresh is: ``done`` of ``total`` files; ``changed`` are the notes whose rows are new since the last."""

    done: int
    total: int
    changed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RefreshSummary:
    """What a refresh found, as note ids. ``total`` is the number of notes now.

    ``renamed`` notes kept their id and got another path (they are not in ``changed`` unless their text changed
    too). ``unreadable`` are folders that could not be read; their notes stay as they are known. ``rebuilt`` says
    that the index was damaged or of another version and has been made anew.
    """

    added: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    renamed: tuple[int, ...] = ()
    total: int = 0
    unreadable: tuple[str, ...] = ()
    rebuilt: bool = False
    folders: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.renamed)
