"""A small bar beside selected words, or a mark that was clicked: colours, note, clip. It takes no focus by itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from viewer.base.language import tr
from viewer.domain.mark import Mark
from viewer.ui.actions import describe_action
from viewer.ui.buttons import KeyGuard, icon_button
from viewer.ui.colour_buttons import ColourButtons
from viewer.ui.shadow import SoftShadow
from viewer.ui.theme import ThemeManager
from viewer.ui.transcript_view import TranscriptView

_SETTLE_MS = 250
"""A selection made with the keyboard is complete when the keys rest for so long."""

_GAP = 8


class SelectionBar(QFrame):
    """Floats over the transcript while words are selected or a mark is chosen in it (``mark``)."""

    colourChosen = Signal(object)
    """MarkColour"""
    noteWanted = Signal()
    clipWanted = Signal()
    gatherWanted = Signal()
    removeWanted = Signal()

    def __init__(self, view: TranscriptView, themes: ThemeManager) -> None:
        super().__init__(view)
        self.setObjectName("selectionBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Mark the selected words"))
        self._view = view
        self.mark: Mark | None = None
        self._place: QRectF | None = None
        theme = themes.theme
        self.colours = ColourButtons(themes, self)
        self.colours.chosen.connect(self.colourChosen)
        self.note = self._button("comment", tr("Write a note to it"), "mark_note", themes)
        self.clip = self._button("clip", tr("Make a clip of this"), "mark_clip", themes)
        self.gather = self._button("collection", tr("Add to the collection"), "gather", themes)
        self.remove = icon_button("remove", tr("Remove the mark (Del)"), theme, self, 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(2)
        row.addWidget(self.colours)
        row.addSpacing(6)
        for button in (self.note, self.clip, self.gather, self.remove):
            row.addWidget(button)
        self.note.clicked.connect(self.noteWanted)
        self.clip.clicked.connect(self.clipWanted)
        self.gather.clicked.connect(self.gatherWanted)
        self.remove.clicked.connect(self.removeWanted)
        self.shadow = SoftShadow(self, reach=16, below=4, alpha=50, radius=10)
        self._guard = KeyGuard(self)
        self._guard.guard(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._settled)
        view.selectionChanged.connect(self._selection_changed)
        view.viewport().installEventFilter(self)
        view.installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self._scrolled)
        view.rendered.connect(self.dismiss)
        self.hide()

    def _button(self, icon: str, words: str, action: str, themes: ThemeManager) -> QToolButton:
        button = icon_button(icon, words, themes.theme, self, 16)
        button.setObjectName(f"bar_{action}")
        describe_action(button, words, action)
        return button

    # -- showing ---------------------------------------------------------------------------------------------

    def show_mark(self, mark: Mark) -> None:
        """Offer what can be done with a mark, beside its words."""
        rect = self._view.own.around(mark.id)
        if rect is not None:
            self._show(mark, rect)

    def dismiss(self) -> None:
        """Take the bar away; the selection stays."""
        self._settle.stop()
        self.mark = self._place = None
        if self.isVisible():
            inside = self.focusWidget() is not None and self.focusWidget().hasFocus()
            self.hide()
            if inside:
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, mark: Mark | None, rect: QRectF) -> None:
        self.mark = mark
        self._place = rect.translated(0, self._view.verticalScrollBar().value())
        self.colours.set_colour(mark.colour if mark is not None else None)
        self.remove.setVisible(mark is not None)
        self.setAccessibleName(tr("Mark the selected words") if mark is None else tr("This mark"))
        self.adjustSize()
        self._put()
        self.show()
        self.raise_()

    def _put(self) -> None:
        """Above the words; beneath them where there is no room; never outside the view."""
        if self._place is None:
            return
        place = self._place.translated(0, -self._view.verticalScrollBar().value())
        room = self._view.viewport().rect()
        size = self.sizeHint()
        left = min(max(8, int(place.center().x() - size.width() / 2)), room.width() - size.width() - 8)
        top = int(place.top()) - size.height() - _GAP
        if top < 4:
            top = int(place.bottom()) + _GAP + 4
        hidden = place.bottom() < 0 or place.top() > room.height() or top + size.height() > room.height()
        self.setGeometry(QRect(QPoint(max(8, left), top), size))
        self.setVisible(not hidden)

    def _settled(self) -> None:
        cursor = self._view.textCursor()
        if not cursor.hasSelection() or self._view.selected() is None:
            self.dismiss()
            return
        start, end = self._view.textCursor(), self._view.textCursor()
        start.setPosition(cursor.selectionStart())
        end.setPosition(cursor.selectionEnd())
        first, last = self._view.cursorRect(start), self._view.cursorRect(end)
        rect = first.united(last)
        if first.top() != last.top():
            rect.setLeft(min(first.left(), last.left()))
            rect.setRight(max(last.right(), self._view.viewport().width() // 2))
        # Of a long selection that begins out of sight, its visible part.
        rect = rect.intersected(self._view.viewport().rect().adjusted(0, -40, 0, 40))
        if rect.isValid():
            self._show(None, QRectF(rect))

    # -- what happens around ---------------------------------------------------------------------------------

    def _selection_changed(self) -> None:
        if not self._view.textCursor().hasSelection():
            self.dismiss()
        else:
            self._settle.start()

    def _scrolled(self) -> None:
        if self._place is not None:
            self._put()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and watched is self._view.viewport():
            self.dismiss()
        elif kind == QEvent.Type.MouseButtonRelease and watched is self._view.viewport():
            # The view has to take the release first: its selection is final then.
            if self._view.textCursor().hasSelection():
                self._settle.start(1)
        elif kind == QEvent.Type.Hide and watched is self._view:
            self.dismiss()
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress and watched is self._view:
            if event.key() == Qt.Key.Key_Escape and self.isVisible():
                self.dismiss()
                return True
            if event.key() == Qt.Key.Key_Delete and self.mark is not None:
                self.removeWanted.emit()
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)
