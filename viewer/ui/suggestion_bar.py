"""The line above a note that names no video: which it probably speaks of, to be accepted or refused once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from viewer.base.language import tr, tr_n
from viewer.library.relations import Suggestion
from viewer.ui.buttons import KeyGuard, text_button
from viewer.ui.fonts import font


def reason_words(suggestion: Suggestion) -> str:
    """Why two notes may speak of one talk: ``same title, same publisher``."""
    parts = [tr("same title") if suggestion.likeness >= 1 else tr("much the same title")]
    if suggestion.channel:
        parts.append(tr("same publisher"))
    if suggestion.speakers:
        parts.append(tr("both quote {names}").format(names=", ".join(suggestion.speakers[:2])))
    if suggestion.days_apart is not None:
        days = suggestion.days_apart
        parts.append(
            tr("same day") if not days else tr_n("{n} day apart", "{n} days apart", days).format(n=days)
        )
    return ", ".join(parts)


class SuggestionBar(QWidget):
    """Shown while a suggestion waits for its answer."""

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suggestionBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setFont(font(13))
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.accept = text_button(tr("Use its video"), "primary", self)
        self.accept.setObjectName("acceptSuggestion")
        self.accept.setToolTip(tr("The quotes of this note then play from that video; Details can undo it"))
        self.refuse = text_button(tr("Not the same"), "outline", self)
        self.refuse.setObjectName("refuseSuggestion")
        self.refuse.setToolTip(tr("Do not ask again for this note; Details can undo it"))
        for button, answer in ((self.accept, True), (self.refuse, False)):
            button.setFont(font(13))
            button.clicked.connect(lambda _=False, answer=answer: self.answered.emit(answer))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.accept)
        buttons.addWidget(self.refuse)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 10, 24, 10)
        column.setSpacing(8)
        column.addWidget(self.words, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(buttons)
        self._guard = KeyGuard(self)
        self._guard.guard(self)
        self.hide()

    def offer(self, title: str, suggestion: Suggestion) -> None:
        """Ask whether the note speaks of the same talk as the one with this title."""
        self.words.setText(
            tr("Probably the same talk as “{title}” ({reason}).").format(
                title=title, reason=reason_words(suggestion)
            )
        )
        self.show()
