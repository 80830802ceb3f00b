"""The Markdown below a front matter, read part by part: what each heading announces decides how it is read.

Every line ends up somewhere: in a highlight, a quote, a point, a mention, a chapter, a cue, or, where no rule
understands it, in a section under its heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from viewer.domain.note import (
    Chapter,
    Highlight,
    KeyPoint,
    Mention,
    Problem,
    Quote,
    Section,
)
from viewer.domain.transcript import Cue
from viewer.formats.cue_lines import (
    counted_in_seconds,
    first_cue_row,
    looks_like_dialogue,
    looks_like_transcript,
    preface_rows,
)
from viewer.formats.cues import read_cues
from viewer.formats.highlights import (
    context_video,
    has_clip_command,
    is_numbered_clip,
    names_video_to_clip,
    one_clip_each,
    read_highlight,
)
from viewer.formats.inline import plain
from viewer.formats.listed_highlights import listed_highlights
from viewer.formats.outline import Part
from viewer.formats.part_lines import (
    by_bold_lines,
    chapter_lines,
    has_time,
    quote_lines,
    quoted_lines,
    without_rules,
)
from viewer.formats.points import Item, Point, read_items, read_point
from viewer.formats.quotes import Line, Said, quote_blocks, read_block
from viewer.formats.roles import Role, is_mention_kind, is_usual_name, role_of, words_of
from viewer.formats.timed_parts import (
    chapter_of,
    chapters_label,
    cut,
    speaks_of_transcripts,
    transcript_below_list,
    turns_from,
)

_SILENT = (Role.TRANSCRIPT, Role.HIGHLIGHTS, Role.KEY_POINTS, Role.CHAPTERS)
"""Roles whose heading is not kept with what is read below it: a heading that says more becomes a section."""


class BodyReader:
    """Reads the parts of one text into the lists that make a note. One object for one text.

    ``video_id`` is the note's own video. With ``only_timed`` a part is taken into structures only where something
    in it has a time (an insight page keeps all its prose as sections).
    """

    def __init__(self, video_id: str | None, *, only_timed: bool = False) -> None:
        self.sections: list[Section] = []
        self.highlights: list[Highlight] = []
        self.quotes: list[Quote] = []
        self.key_points: list[KeyPoint] = []
        self.mentions: list[Mention] = []
        self.chapters: list[Chapter] = []
        self.headed_chapters: list[Chapter] = []  # by headings with times: for a note that lists none
        self.cues: list[Cue] = []
        self.transcript_video: str | None = None
        self.summary: str | None = None
        self.problems: list[Problem] = []
        self._main = video_id
        self._only_timed = only_timed
        self._context: list[tuple[int, str]] = []

    # --- walking ------------------------------------------------------------------------------------------------

    def read(self, parts: Sequence[Part], title: str) -> None:
        """Read all parts. A first heading that only repeats ``title`` is not shown again."""
        parts = [self._with_seconds(part) for part in parts] if self._main is not None else parts
        row = looked = 0
        while row < len(parts):
            part = parts[row]
            role = role_of(part.title) if part.level else Role.OTHER
            end = row + 1
            if role not in (Role.OTHER, Role.SUMMARY):
                while end < len(parts) and self._belongs(part, parts[end], role):
                    end += 1
            self._enter(part)
            if role is Role.OTHER and part.level and row >= looked and not self._only_timed:
                looked, spoken = turns_from(parts, row)
                if spoken:
                    self._transcript(parts[row:looked], with_heading=True)
                    row = looked
                    continue
            scope = parts[row:end]
            if self._only_timed and role is not Role.OTHER and not has_time(scope):
                for child in scope:
                    self._prose(child, title)
            else:
                if role in _SILENT and not is_usual_name(part.title):
                    self._heading(part)
                self._READERS[role](self, scope, title)
            row = end
        self.quotes.sort(key=lambda quote: quote.line or 0)

    @staticmethod
    def _with_seconds(part: Part) -> Part:
        counted = counted_in_seconds(part.lines)
        return part if counted is None else replace(part, lines=tuple(counted))

    @staticmethod
    def _belongs(head: Part, part: Part, role: Role) -> bool:
        if part.level > head.level:
            return True
        # Some writers give the headings inside a transcript or the highlights the same level as the heading above.
        return (
            role is Role.HIGHLIGHTS
            and part.level == head.level
            and head.blank
            and has_clip_command(part)
            and (role_of(part.title) is Role.OTHER)
        )

    def _enter(self, part: Part) -> None:
        """Keep track of the video that the enclosing headings speak of."""
        while self._context and self._context[-1][0] >= part.level:
            self._context.pop()
        video = context_video(part) if (part.level and "http" in part.title) or self._main is None else None
        if video is not None:
            self._context.append((part.level, video))

    @property
    def _video(self) -> str | None:
        return self._context[-1][1] if self._context else self._main

    # --- prose --------------------------------------------------------------------------------------------------

    def _read_other(self, scope: Sequence[Part], title: str) -> None:
        for part in scope:
            if part.level and has_clip_command(part) and self._clip_in_prose(part):
                continue
            if part.level and is_numbered_clip(part):
                self._highlight(part)
                continue
            if is_mention_kind(part.title) and self._mentions_of_kind(part):
                continue
            label = chapters_label(part)
            if label is not None:
                above, below = cut(part, label + 1)
                self._prose(above, title)
                self._read_chapters([below], title)
            elif not self._only_timed and (
                looks_like_transcript(part.lines)
                or looks_like_dialogue(part.lines, in_video_note=self._video is not None)
            ):
                telling = part.level > 0 and words_of(part.title) != words_of(title)
                self._transcript([part], with_heading=telling, above=first_cue_row(part.lines))
            else:
                self._prose(part, title)

    def _clip_in_prose(self, part: Part) -> bool:
        """Read a part that stands under no telling heading as a highlight; False where it only speaks of yt-dlp."""
        read = read_highlight(part, self._video)
        if read.highlight.clip is None and self._video is None and not names_video_to_clip(part):
            return False  # an example in a guide
        if read.highlight.clip is None and read.highlight.quote is None:
            if any("--download-sections" in line for line in part.lines):
                self.problems.extend(read.problems)
            return False
        self._highlight(part)
        return True

    def _prose(self, part: Part, title: str) -> None:
        text = without_rules(part.lines)
        repeats = part.level > 0 and words_of(part.title) == words_of(title)
        if not text and (part.level == 0 or repeats):
            return
        self.sections.append(Section(plain(part.title), part.level, text, part.line))
        chapter = chapter_of(part, self._video)
        if chapter is not None:
            self.headed_chapters.append(chapter)
        if ">" in text:
            self._quotes_in_prose(part)

    def _quotes_in_prose(self, part: Part) -> None:
        """Attributed block quotes in prose are quotes as well, timed ones below any heading; the prose stays whole."""
        untimed = role_of(part.title) is Role.QUOTES
        for block in quote_blocks(quote_lines(part)):
            for said in read_block(block):
                if said.text and said.speaker and (untimed or said.mark is not None):
                    self._quote(said, plain(part.title) or None)

    def _heading(self, part: Part) -> None:
        """Keep the words of a heading whose lines are read elsewhere."""
        self.sections.append(Section(plain(part.title), part.level, "", part.line))

    def _read_summary(self, scope: Sequence[Part], title: str) -> None:
        text = without_rules(scope[0].lines)
        if text and self.summary is None:
            self.summary = text
        self._prose(scope[0], title)

    def _leave(self, part: Part, lines: Iterable[str]) -> None:
        """Show as a section what no rule understood."""
        text = re.sub(r"\n{3,}", "\n\n", without_rules(tuple(lines)))
        if text:
            self.sections.append(Section(plain(part.title), part.level, text, part.line))

    # --- highlights ---------------------------------------------------------------------------------------------

    def _read_highlights(self, scope: Sequence[Part], title: str) -> None:
        head, *children = scope
        if not head.blank:
            self._highlights_without_headings(head)
        level = min((child.level for child in children), default=0)
        row = 0
        while row < len(children):
            part = children[row]
            self._enter(part)
            row += 1
            deeper = []
            while row < len(children) and children[row].level > level:
                deeper.append(children[row])
                row += 1
            if deeper and not has_clip_command(part) and any(has_clip_command(child) for child in deeper):
                # A heading that groups highlights, e.g. by video or by theme.
                self._prose(part, "")
                for child in deeper:
                    self._highlight(child)
                continue
            self._highlight(part)
            for child in deeper:
                self._read_other([child], "")

    def _highlight(self, part: Part) -> None:
        above, *pieces = one_clip_each(part)
        if pieces:
            self._leave(above, above.lines)
            for piece in pieces:
                self._highlight(piece)
            return
        read = read_highlight(part, self._video)
        said = read.highlight
        if (
            self._main is None
            and said.clip is None
            and said.start_ms is None
            and said.speaker is None
            and not (read.problems and names_video_to_clip(part))
        ):
            # The highlights of a product, not of a talk.
            self._prose(part, "")
            return
        self.problems.extend(read.problems)
        self.highlights.extend((read.highlight, *read.further))
        self._leave(part, read.others)

    def _highlights_without_headings(self, head: Part) -> None:
        """Highlights written as a list or as bare block quotes below the one heading."""
        if has_clip_command(head):
            self._highlight(head)
            return
        listed = listed_highlights(head, self._video, in_video_note=self._main is not None)
        if listed is None:
            self._prose(head, "")
            return
        self.highlights.extend(listed.highlights)
        self.problems.extend(listed.problems)
        self._leave(head, listed.others)

    # --- quotes -------------------------------------------------------------------------------------------------

    def _read_quotes(self, scope: Sequence[Part], title: str) -> None:
        for part in scope:
            self._enter(part)
            if part is not scope[0] and has_clip_command(part):
                self._highlight(part)
                continue
            before = len(self.quotes)
            blocks = quote_blocks(quote_lines(part))
            for block in blocks:
                for said in read_block(block):
                    self._quote(said, plain(part.title))
            rest = tuple(
                "" if line.lstrip().startswith(">") and row not in part.fenced else line
                for row, line in enumerate(part.lines)
            )
            others = self._attributions_below(rest, part, before) if blocks else list(rest)
            others = self._quote_items(others, part)
            self._leave(part, others)
            silent = len(self.quotes) == before and not any(map(str.strip, others))
            if silent and (part is not scope[0] or not is_usual_name(part.title)):
                self._heading(part)

    def _attributions_below(self, rest: Sequence[str], part: Part, before: int) -> list[str]:
        """``— Name, [t](url)`` below a block quote, outside it, belongs to that quote."""
        others = list(rest)
        for row, line in enumerate(rest):
            if not line.lstrip().startswith(("—", "–", "--", "- ")):
                continue
            number = part.first + row
            known = [
                place for place in range(before, len(self.quotes)) if (self.quotes[place].line or 0) < number
            ]
            if not known or self.quotes[known[-1]].speaker is not None:
                continue
            quote = self.quotes[known[-1]]
            found = read_block([Line(quote.line or 0, quote.text), Line(number, line)])
            if len(found) == 1 and found[0].speaker and found[0].text == quote.text:
                self.quotes.pop(known[-1])
                self._quote(found[0], quote.section)
                self.quotes.insert(known[-1], self.quotes.pop())
                others[row] = ""
        return others

    def _quote_items(self, lines: Sequence[str], part: Part) -> list[str]:
        """Quotes written as list items or as paragraphs of their own."""
        found, left = quoted_lines(lines, part.first)
        for said in found:
            self._quote(said, plain(part.title))
        return left

    def _quote(self, said: Said, section: str | None) -> None:
        self._note_problem(said.mark.problem if said.mark else None)
        start, end, video = self._when(said)
        if said.text:
            self.quotes.append(Quote(said.text, said.speaker, video, start, end, section, said.line))

    def _when(self, said: Said) -> tuple[int | None, int | None, str | None]:
        mark = said.mark
        if mark is None:
            return None, None, self._video
        return mark.start_ms, mark.end_ms, mark.video_id or self._video

    # --- points, mentions, chapters -----------------------------------------------------------------------------

    def _read_key_points(self, scope: Sequence[Part], title: str) -> None:
        for part in scope:
            self._enter(part)
            items, others = read_items(part.lines, part.first)
            head = part is scope[0]
            point = None if head else read_point(Item(part.line, part.title), split_name=False)
            if point is not None and not items and (point.mark is not None or not part.blank):
                title, more = (point.name, point.text) if point.name else (point.text, "")
                text = "\n".join(words for words in (more, without_rules(part.lines)) if words)
                self._add_key_point(Point(title, text, point.mark, part.line))
                continue
            if point is not None and not (items and any(map(str.strip, others))):
                self._heading(part)
            for item in items:
                self._add_key_point(read_point(item))
            self._leave(part, others)

    def _add_key_point(self, point: Point) -> None:
        self._note_problem(point.problem)
        start, video = self._point_time(point)
        self.key_points.append(KeyPoint(point.name, point.text, video, start, point.line))

    def _point_time(self, point: Point) -> tuple[int | None, str | None]:
        mark = point.mark
        return (mark.start_ms, mark.video_id or self._video) if mark else (None, self._video)

    def _read_mentions(self, scope: Sequence[Part], title: str) -> None:
        for part in scope:
            self._enter(part)
            if not self._mentions_of_kind(part, sure=True):
                self._leave(part, part.lines)
                if part.blank and part is not scope[0]:
                    self._heading(part)

    def _mentions_of_kind(self, part: Part, *, sure: bool = False) -> bool:
        """Read a list of mentions; a line of bold words alone names the kind of those below. Whether it was one."""
        groups = by_bold_lines(part)
        if not any(items for _, items, _ in groups):
            return False
        if not sure and not any(
            (self._main is not None and item.text.startswith(("**", "__", "[[")))
            or read_point(item).mark is not None
            for _, items, _ in groups
            for item in items
        ):
            return False
        for kind, items, others in groups:
            for item in items:
                point = read_point(item)
                self._note_problem(point.problem)
                start, video = self._point_time(point)
                self.mentions.append(Mention(kind, point.name, point.text, video, start, item.line))
            self._leave(part, others)
        return True

    def _read_chapters(self, scope: Sequence[Part], title: str) -> None:
        for part in scope:
            self._enter(part)
            if part is not scope[0] and looks_like_transcript(part.lines):
                self._transcript([part], with_heading=True)
                continue
            below = transcript_below_list(part)
            if below:
                part, spoken = cut(part, below)
                self._transcript([spoken])
            if not self._chapter_list(part):
                self._prose(part, title)
            elif part is not scope[0]:
                self._heading(part)

    def _chapter_list(self, part: Part) -> bool:
        points, others = chapter_lines(part)
        for point in points:
            self._note_problem(point.problem)
            start, video = self._point_time(point)
            end = point.mark.end_ms if point.mark else None
            self.chapters.append(Chapter(point.name, start or 0, video, end, point.line))
        if not points:
            return False
        self._leave(part, others)
        return True

    # --- transcript ---------------------------------------------------------------------------------------------

    def _read_transcript(self, scope: Sequence[Part], title: str) -> None:
        if all(part.blank for part in scope) and len(scope) == 1:
            return
        if self._video is None and speaks_of_transcripts(scope):
            for part in scope:
                self._prose(part, title)
            return
        self._transcript(scope, above=preface_rows(scope[0].lines))

    def _transcript(self, scope: Sequence[Part], *, with_heading: bool = False, above: int = 0) -> None:
        """Read parts as a transcript. ``above``: so many lines of the first speak of it and are no speech."""
        lines: list[tuple[int, str, bool]] = []
        if above:
            self._leave(scope[0], scope[0].lines[:above])
        for part in scope:
            skipped = above if part is scope[0] else 0
            if part is not scope[0] or with_heading:
                lines.append((part.line, part.title, True))
            marks = {row for row in part.fenced if part.lines[row].lstrip()[:3] in ("```", "~~~")}
            lines.extend(
                (part.first + row, text, False)
                for row, text in enumerate(part.lines)
                if row >= skipped and row not in marks
            )
        read = read_cues(lines, self._video)
        self.cues.extend(read.cues)
        self.chapters.extend(read.chapters)
        self.problems.extend(read.problems)
        if self.transcript_video is None:
            self.transcript_video = read.video_ids[0] if read.video_ids else self._video
        self._leave(scope[0], read.others)

    def _note_problem(self, found: Problem | None) -> None:
        if found is not None:
            self.problems.append(found)

    _READERS = {
        Role.SUMMARY: _read_summary,
        Role.HIGHLIGHTS: _read_highlights,
        Role.KEY_POINTS: _read_key_points,
        Role.MENTIONS: _read_mentions,
        Role.QUOTES: _read_quotes,
        Role.TRANSCRIPT: _read_transcript,
        Role.CHAPTERS: _read_chapters,
        Role.OTHER: _read_other,
    }
