"""Everything the file says about itself: metadata, tags, and what could not be read as meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QTextTable
from PySide6.QtWidgets import QWidget

from viewer.base.language import tr, tr_noop
from viewer.domain.note import Note, Problem
from viewer.domain.timestamp import format_timestamp
from viewer.domain.transcript import Transcript
from viewer.formats.problem_words import problem_text
from viewer.ui.notes_view import open_in_browser
from viewer.ui.quote_words import origin_words
from viewer.ui.reading_text import ReadingText
from viewer.ui.text import count_text, date_text, escape
from viewer.ui.theme import ThemeManager


@dataclass(frozen=True, slots=True)
class RelationLine:
    """What joins the note to another: words, the other's title and address (``note:12``), and what can be done."""

    words: str
    title: str
    address: str
    act_words: str = ""
    act: str = ""


_KINDS = {
    "video-note": tr_noop("video note"),
    "insight-page": tr_noop("insight page"),
    "show-notes": tr_noop("show notes"),
    "captions": tr_noop("captions"),
    "plain": tr_noop("plain text"),
}
"""What a file is, by the name of its format."""


class DetailsView(ReadingText):
    """Shows the note's metadata, the notes it belongs to, and its problems."""

    relationChosen = Signal(str)
    """address of a relation, or of what can be done about it"""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self.setObjectName("detailsView")
        self.setAccessibleName(tr("Details"))
        self._note: Note | None = None
        self._path = ""
        self._relations: tuple[RelationLine, ...] = ()
        self._near: tuple[RelationLine, ...] = ()
        self._health: tuple[str, ...] = ()
        self._oddities: tuple[Problem, ...] = ()
        self._pointed: Problem | None = None
        self._pointed_row = -1
        self._went_to: int | None = None
        self.anchorClicked.connect(self._clicked)

    def show_note(self, note: Note, path: str) -> None:
        """Show the note's details. ``path`` is its file."""
        self._note, self._path = note, path
        self._relations = self._near = ()
        self._health, self._oddities = (), ()
        self._pointed = None
        self._pointed_row = -1
        self.verticalScrollBar().setValue(0)
        self.render_again()

    def show_transcript(self, transcript: Transcript) -> None:
        """Say where this transcript, by which the note is read now, comes from."""
        if self._note is not None and self._note.transcript != transcript:
            self._note = replace(self._note, transcript=transcript)
            self.render_again()

    def show_relations(self, lines: Sequence[RelationLine]) -> None:
        """Say which other notes belong to this one."""
        if tuple(lines) != self._relations:
            self._relations = tuple(lines)
            self.render_again()

    def show_related(self, lines: Sequence[RelationLine]) -> None:
        """Name the notes that share people or tags with this one."""
        if tuple(lines) != self._near:
            self._near = tuple(lines)
            self.render_again()

    def show_health(self, words: Sequence[str], oddities: Sequence[Problem]) -> None:
        """Say how sound the note is, and what looks wrong in it although it could be read."""
        if (tuple(words), tuple(oddities)) != (self._health, self._oddities):
            self._health, self._oddities = tuple(words), tuple(oddities)
            self.render_again()

    def point_at(self, problem: Problem) -> None:
        """Mark one problem of the note and bring it into sight: now, or as soon as it is among those that are shown."""
        self._pointed, self._went_to = problem, None
        self.render_again()

    def make_page(self) -> None:
        """Make the page anew."""
        if self._note is None:
            return
        place = self.verticalScrollBar().value()
        size = max(13, self.text_size - 2)
        theme = self.themes.theme
        rows = "".join(
            f'<tr><td style="color:{theme.css("text_soft")};padding:3px 20px 3px 0;white-space:nowrap">'
            f'{escape(name)}</td><td style="padding:3px 0">{value}</td></tr>'
            for name, value in self._rows(self._note)
            if value
        )
        body = (
            f"<table cellspacing='0'>{rows}</table>"
            + self._related()
            + self._nearby()
            + self._problems(self._note)
        )
        self.setHtml(
            f"<style>a{{color:{theme.css('accent')};text-decoration:none}}"
            f"td,p{{font-size:{size}px;line-height:{round(self.leading() * 0.94)}%}}</style>{body}"
        )
        self.lay_out()
        self.verticalScrollBar().setValue(place)
        # What arrives late moves the row: it is followed until the reader scrolls.
        if self._pointed_row >= 0 and self._went_to in (None, place):
            self._go_to_pointed()

    def _go_to_pointed(self) -> None:
        table = self.document().rootFrame().childFrames()[-1]
        if isinstance(table, QTextTable):
            cell = table.cellAt(self._pointed_row, 0).firstCursorPosition()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.cursorRect(cell).top() - self.viewport().height() // 3)
            self._went_to = bar.value()

    def _rows(self, note: Note) -> list[tuple[str, str]]:
        meta = note.metadata
        videos = "<br>".join(f'<a href="{escape(v.url)}">{escape(v.url)}</a>' for v in note.videos)
        rows = [
            (tr("Title"), escape(meta.title)),
            (tr("Channel"), escape(meta.channel or "")),
            (tr("Published"), escape(date_text(meta.published))),
            (tr("Length"), format_timestamp(meta.duration_ms) if meta.duration_ms else ""),
            (tr("Views"), count_text(meta.view_count)),
            (tr("Video"), videos),
            (tr("Tags"), escape(", ".join(meta.tags))),
            (tr("Categories"), escape(", ".join(meta.categories))),
            (tr("Speakers"), escape(", ".join(note.transcript.speakers))),
            (
                tr("Transcript"),
                escape(origin_words(note.transcript.origin) if note.transcript.cues else ""),
            ),
            (tr("Kind of file"), escape(tr(_KINDS.get(note.format.value, note.format.value)))),
            (tr("File"), escape(self._path)),
        ]
        return rows + [(escape(name), escape(value)) for name, value in meta.extra]

    def _related(self) -> str:
        lines = []
        for line in self._relations:
            act = f' · <a href="{escape(line.act)}">{escape(line.act_words)}</a>' if line.act else ""
            link = f'<a href="{escape(line.address)}">{escape(line.title)}</a>'
            lines.append(f'<p style="margin-top:12px;margin-bottom:0">{escape(line.words)} {link}{act}</p>')
        return "".join(lines)

    def _head(self, words: str) -> str:
        return (
            f'<p style="font-size:{self.text_size}px;font-weight:600;margin-top:24px;margin-bottom:4px">'
            f"{escape(words)}</p>"
        )

    def _nearby(self) -> str:
        if not self._near:
            return ""
        soft = self.themes.theme.css("text_soft")
        lines = [
            f'<p style="margin-top:8px;margin-bottom:0"><a href="{escape(line.address)}">{escape(line.title)}</a>'
            f'<br><span style="color:{soft}">{escape(line.words)}</span> · '
            f'<a href="{escape(line.act)}">{escape(line.act_words)}</a></p>'
            for line in self._near
        ]
        return self._head(tr("Related notes")) + "".join(lines)

    def _problems(self, note: Note) -> str:
        theme = self.themes.theme
        head = self._head(tr("Health of this note"))
        head += "".join(f'<p style="margin-bottom:0">{escape(words)}</p>' for words in self._health)
        problems = (*note.problems, *(one for one in self._oddities if one not in note.problems))
        if not problems:
            nothing = escape(tr("Every part of this file was understood."))
            return f'{head}<p style="color:{theme.css("text_soft")}">{nothing}</p>'
        rows = []
        self._pointed_row = problems.index(self._pointed) if self._pointed in problems else -1
        for problem in problems:
            where = escape(tr("Line {line}").format(line=problem.line) if problem.line else tr("Whole file"))
            words = escape(problem_text(problem))
            if problem == self._pointed:
                words = f'<span style="background-color:{theme.css("find")}">{words}</span>'
            rows.append(
                f'<tr><td style="color:{theme.css("warning")};padding:3px 20px 3px 0;white-space:nowrap">'
                f'{where}</td><td style="padding:3px 0">{words}</td></tr>'
            )
        return f"{head}<table cellspacing='0'>{''.join(rows)}</table>"

    def _clicked(self, url: QUrl) -> None:
        if url.scheme() in ("note", "answer", "window"):
            self.relationChosen.emit(url.toString())
        else:
            open_in_browser(url.toString())
