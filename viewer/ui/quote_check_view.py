"""A quote beside what was said: the differences marked word by word, both to be heard, what was said to be copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QTextEdit, QVBoxLayout, QWidget

from viewer.base.language import tr
from viewer.domain.judgement import Op
from viewer.domain.timestamp import format_range
from viewer.domain.transcript import Transcript
from viewer.domain.video import Segment
from viewer.qt.sealed_document import SealedDocument
from viewer.qt.timed_rows import TimedRow
from viewer.ui.buttons import close_button, text_button
from viewer.ui.fonts import font
from viewer.ui.icons import paint_icon
from viewer.ui.quote_words import (
    COLORS,
    ICONS,
    Run,
    differences_words,
    elsewhere_words,
    origin_words,
    quote_runs,
    said_runs,
    verdict_sentence,
    verdict_words,
)
from viewer.ui.screen_room import open_size
from viewer.ui.text import DOT, escape
from viewer.ui.theme import Theme, ThemeManager

if TYPE_CHECKING:
    from viewer.domain.quote_checks import QuoteCheck

_BUTTON_ROW = 32
"""Height of the row of buttons below either side, px: the sides stay level when one has none."""

_MOST_PLACES = 4
"""Of a quote stitched from more places only so many get a button."""


def style_of(op: Op, theme: Theme) -> str:
    """How words of this kind of difference look, as CSS: each told apart by its form, too, not by colour alone."""
    if op is Op.OMITTED:
        return f"text-decoration:line-through;color:{theme.css('danger')};background-color:{theme.css('danger_soft')}"
    if op is Op.ADDED:
        return (
            f"font-weight:700;text-decoration:underline;color:{theme.css('success')};"
            f"background-color:{theme.css('accent_soft')}"
        )
    if op is Op.CHANGED:
        return (
            f"font-style:italic;font-weight:600;color:{theme.css('warning')};"
            f"background-color:{theme.css('warning_soft')}"
        )
    return ""


def runs_html(runs: Sequence[Run], theme: Theme, size: int) -> str:
    """The pieces as one paragraph; a gap is a small mark that something stands there on the other side."""
    parts = []
    for run in runs:
        if run.gap:
            parts.append(f'<span style="color:{theme.css("text_soft")}">‸</span>')
        elif run.op is Op.EQUAL:
            parts.append(escape(run.text))
        else:
            parts.append(f'<span style="{style_of(run.op, theme)}">{escape(run.text)}</span>')
    body = "".join(parts)
    return f'<p style="font-size:{size}px;line-height:150%;white-space:pre-wrap">{body}</p>'


class _Icon(QWidget):
    def __init__(self, name: str, color: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._color = name, color
        self.setFixedSize(22, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, self._name, self._color, QRectF(self.rect()))


class QuoteCheckView(QDialog):
    """One quote, compared. It stays beside the window while the quote plays in it. ``transcript`` is the one compared with."""

    segmentActivated = Signal(object)
    """Segment to play"""
    stepWanted = Signal(int)
    """1: the next quote, -1: the previous one"""

    def __init__(
        self,
        row: TimedRow,
        check: QuoteCheck,
        transcript: Transcript | None,
        themes: ThemeManager,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("quoteCheckView")
        self.setWindowTitle(tr("The quote and what was said"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_size(self, 880, 520)
        self.check = check
        self._row = row
        self._themes = themes
        self._transcript = transcript
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(self._head(themes.theme))
        sides = QHBoxLayout()
        sides.setSpacing(20)
        self.quote = self._text("quoteSide", tr("The note"))
        self.said = self._text("saidSide", tr("What was said"))
        sides.addLayout(self._side(tr("The note"), self._note_words(), self.quote, self._note_buttons()), 1)
        sides.addLayout(
            self._side(tr("What was said"), self._said_words(), self.said, self._said_buttons()), 1
        )
        column.addLayout(sides, 1)
        self._legend = QLabel(self)
        self._legend.setObjectName("legend")
        column.addWidget(self._legend)
        column.addLayout(self._foot())
        themes.changed.connect(self._fill)
        self._fill()

    # -- building --------------------------------------------------------------------------------------------

    def _head(self, theme: Theme) -> QHBoxLayout:
        check = self.check
        token = theme.css(COLORS[check.verdict])
        words = verdict_words(check.verdict)
        title = QLabel(words[:1].upper() + words[1:], self)
        title.setObjectName("verdict")
        title.setFont(font(20, bold=True))
        parts = [verdict_sentence(check), differences_words(check)]
        if check.elsewhere:
            said, note = elsewhere_words(check)
            parts.append(tr("{said}, {note}.").format(said=said, note=note))
        sentence = QLabel(" ".join(_sentence(part) for part in parts if part), self)
        sentence.setObjectName("verdictSentence")
        sentence.setTextFormat(Qt.TextFormat.PlainText)
        sentence.setFont(font(14))
        sentence.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(_Icon(ICONS[check.verdict], token, self), 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(title, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addSpacing(8)
        line.addWidget(sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _text(self, name: str, words: str) -> QTextEdit:
        page = QTextEdit(self)
        page.setDocument(SealedDocument(page))
        page.setObjectName(name)
        page.setReadOnly(True)
        page.setAccessibleName(words)
        page.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        page.document().setDocumentMargin(14)
        return page

    def _side(self, title: str, words: str, page: QTextEdit, buttons: QHBoxLayout) -> QVBoxLayout:
        head = QLabel(title, self)
        head.setFont(font(14, bold=True))
        under = QLabel(words, self)
        under.setFont(font(12))
        under.setProperty("role", "soft")
        under.setTextFormat(Qt.TextFormat.PlainText)
        side = QVBoxLayout()
        side.setSpacing(4)
        side.addWidget(head)
        side.addWidget(under)
        side.addWidget(page, 1)
        side.addSpacing(4)
        side.addLayout(buttons)
        return side

    def _note_words(self) -> str:
        speaker = self.check.speaker
        return DOT.join(part for part in (speaker or "", self.check.section or "") if part) or " "

    def _said_words(self) -> str:
        return origin_words(self.check.origin) if self.check.origin else " "

    def _note_buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addStrut(_BUTTON_ROW)
        row = self._row
        if row.segment is not None and not row.found:
            self.play_note = self._play_button(row.segment, "outline")
            line.addWidget(self.play_note)
        line.addStretch(1)
        return line

    def _said_buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addStrut(_BUTTON_ROW)
        for number, segment in enumerate(self._places()):
            line.addWidget(self._play_button(segment, "outline" if number else "primary"))
        line.addStretch(1)
        if self.check.said:
            copy = text_button(tr("Copy what was said"), "outline", self)
            copy.setObjectName("copySaid")
            copy.setToolTip(tr("Copy these words without the marks"))
            copy.setAutoDefault(False)
            copy.clicked.connect(lambda _=False: QApplication.clipboard().setText(self.check.said))
            line.addWidget(copy)
        return line

    def _places(self) -> list[Segment]:
        """Where the quote's words are said: one stretch, or one for each part."""
        check = self.check
        places = check.judgement.places
        if check.video is None or len(places) < 2:
            words = check.words_segment()
            return [words] if words is not None else []
        times = [(place.start_ms, place.end_ms) for place in places[:_MOST_PLACES]]
        return [
            Segment(check.video, start, end)
            for start, end in times
            if start is not None and end is not None and end > start
        ]

    def _play_button(self, segment: Segment, kind: str) -> QWidget:
        place = format_range(segment.start_ms, segment.end_ms)
        button = text_button(tr("Play {place}").format(place=place), kind, self)
        button.setToolTip(tr("Play this in the window"))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: self.segmentActivated.emit(segment))
        return button

    def _foot(self) -> QHBoxLayout:
        line = QHBoxLayout()
        for words, by in ((tr("Previous quote"), -1), (tr("Next quote"), 1)):
            button = text_button(words, "outline", self)
            button.setToolTip(words)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, by=by: self.stepWanted.emit(by))
            line.addWidget(button)
        line.addStretch(1)
        line.addWidget(close_button(self))
        return line

    # -- what is shown ---------------------------------------------------------------------------------------

    def _fill(self) -> None:
        theme, check = self._themes.theme, self.check
        same = not any(one.op is not Op.EQUAL for one in check.differences)
        quote = quote_runs(check) if check.differences else [Run(Op.EQUAL, check.text)]
        said = said_runs(check, self._transcript)
        self.quote.setHtml(runs_html(quote, theme, 16))
        if said:
            self.said.setHtml(runs_html(said, theme, 16))
        else:
            self.said.setHtml(runs_html([Run(Op.EQUAL, tr("Nothing like it was found."))], theme, 16))
        names = {Op.OMITTED: tr("left out"), Op.ADDED: tr("added"), Op.CHANGED: tr("changed")}
        spoken = [
            f"{names[one.op]}: {' → '.join(part for part in (one.said, one.quote) if part)}"
            for one in check.differences
            if one.op in names
        ]
        self.said.setAccessibleDescription("; ".join(spoken))
        samples = "&nbsp;&nbsp;&nbsp;".join(
            f'<span style="{style_of(op, theme)}">{escape(words)}</span>' for op, words in names.items()
        )
        words = tr("In the quote:")
        self._legend.setText(f"{escape(words)}&nbsp; {samples}")
        self._legend.setVisible(not same)


def _sentence(words: str) -> str:
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "。")) else tr("{words}.").format(words=words)
