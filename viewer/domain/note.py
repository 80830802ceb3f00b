"""A note: everything that one file says about one or more videos."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass, field, replace

from viewer.domain.transcript import Transcript
from viewer.domain.video import VideoRef


class NoteFormat(str, enum.Enum):
    """Which family a file belongs to, decided by its content. The values are part of the JSON schema."""

    VIDEO_NOTE = "video-note"
    INSIGHT_PAGE = "insight-page"
    SHOW_NOTES = "show-notes"
    CAPTIONS = "captions"
    PLAIN = "plain"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be read as meant. Never an exception.

    ``line`` is 1-based, None when it concerns the whole file. ``code`` is a stable short name
    (``text-repaired``); ``message`` says what it is and what was done instead, in a plain sentence.
    """

    line: int | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of prose under its heading. ``level`` is the heading's (0: text before any heading)."""

    title: str
    level: int
    markdown: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ClipCommand:
    """A note's clip command, parsed and found sound. ``file_name`` is only ever a suggestion (None: none given)."""

    video: VideoRef
    start_ms: int
    end_ms: int
    file_name: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Highlight:
    """A titled quote chosen by the note. Its segment is the clip's where there is one, else its timestamp's."""

    title: str
    quote: str | None = None
    speaker: str | None = None
    video_id: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    clip: ClipCommand | None = None
    picture_url: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words somebody said, outside the highlights. ``section`` is the heading they stand under."""

    text: str
    speaker: str | None = None
    video_id: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    section: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """A titled statement, with a time where the note gives one."""

    title: str
    text: str = ""
    video_id: str | None = None
    start_ms: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody or something the talk names. ``kind`` is the note's own heading, e.g. ``Companies``."""

    kind: str
    name: str
    text: str = ""
    video_id: str | None = None
    start_ms: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled stretch of the video."""

    title: str
    start_ms: int
    video_id: str | None = None
    end_ms: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the front matter says. ``extra`` keeps every further key as (name, text), in the file's order."""

    title: str = ""
    channel: str | None = None
    published: datetime.date | None = None
    duration_ms: int | None = None
    view_count: int | None = None
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    picture_url: str | None = None
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """One parsed file. Immutable; equal when every part is equal."""

    format: NoteFormat
    metadata: Metadata = field(default_factory=Metadata)
    videos: tuple[VideoRef, ...] = ()
    summary: str | None = None
    sections: tuple[Section, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    quotes: tuple[Quote, ...] = ()
    key_points: tuple[KeyPoint, ...] = ()
    mentions: tuple[Mention, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    transcript: Transcript = field(default_factory=Transcript)
    problems: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """The note's title."""
        return self.metadata.title

    @property
    def video(self) -> VideoRef | None:
        """The first, usually the only video; None for a note that names none."""
        return self.videos[0] if self.videos else None

    def video_by_id(self, video_id: str | None) -> VideoRef | None:
        """The video with this id, whether listed or not; None for None or an id that names no video."""
        for video in self.videos:
            if video.id == video_id:
                return video
        return VideoRef.from_id(video_id) if video_id else None

    def with_video(self, video: VideoRef) -> Note:
        """A note that names no video, filled in with the one it speaks of: everything in it that can have a video has it.

        A note that names one is returned as it is.
        """
        if self.videos:
            return self
        return replace(
            self,
            videos=(video,),
            highlights=tuple(replace(one, video_id=one.video_id or video.id) for one in self.highlights),
            quotes=tuple(replace(one, video_id=one.video_id or video.id) for one in self.quotes),
            key_points=tuple(replace(one, video_id=one.video_id or video.id) for one in self.key_points),
            mentions=tuple(replace(one, video_id=one.video_id or video.id) for one in self.mentions),
            chapters=tuple(replace(one, video_id=one.video_id or video.id) for one in self.chapters),
            transcript=Transcript(
                self.transcript.cues, self.transcript.origin, self.transcript.video_id or video.id
            ),
        )
