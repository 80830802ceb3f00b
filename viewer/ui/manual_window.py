"""The manual in a window of its own: chapters at the left, the page at the right, and a field that searches them all."""

from __future__ import annotations

import re

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, QUrl
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import tr, tr_n
from viewer.ui.buttons import clearable, describe
from viewer.ui.fonts import font
from viewer.ui.icons import product_icon
from viewer.ui.manual import Chapter, chapters
from viewer.ui.notes_html import markdown_html
from viewer.ui.notes_view import open_in_browser
from viewer.ui.reading_text import ReadingText
from viewer.ui.theme import ThemeManager

_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[hd])>.*?</\1>", re.DOTALL)


def mirrored_tables(html: str) -> str:
    """``html`` with the first column of every table at the right. Qt lays tables out from left to right only."""

    def turned(row: re.Match[str]) -> str:
        return f"<tr>{''.join(reversed([cell[0] for cell in _CELL.finditer(row[1])]))}</tr>"

    return _ROW.sub(turned, html).replace("<table>", '<table width="100%">')


class ManualPage(ReadingText):
    """One chapter, in the reading text's own type."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self.setObjectName("manualPage")
        self.setAccessibleName(tr("Manual"))
        self._chapter: Chapter | None = None

    def show_chapter(self, chapter: Chapter) -> None:
        """Show this chapter from its beginning."""
        self._chapter = chapter
        self.verticalScrollBar().setValue(0)
        self.render_again()

    def make_page(self) -> None:
        """Make the page anew."""
        if self._chapter is None:
            return
        theme, size = self.themes.theme, self.text_size
        right = self._chapter.right_to_left
        cell = "4px 0 4px 20px" if right else "4px 20px 4px 0"
        css = (
            f"p,li{{line-height:{self.leading()}%;margin-top:0;margin-bottom:{round(size * 0.6)}px}}"
            f"ul,ol{{margin-top:0;margin-bottom:{round(size * 0.7)}px;-qt-list-indent:1}}"
            f"a{{color:{theme.css('accent')};text-decoration:none}}"
            f"h1{{font-size:{round(size * 1.6)}px;font-weight:600;margin:0 0 {size}px 0}}"
            f"h2{{font-size:{round(size * 1.2)}px;font-weight:600;margin:{round(size * 1.4)}px 0 {size // 2}px 0}}"
            f"strong{{font-weight:600}}"
            f"code{{font-family:monospace;font-size:{round(size * 0.9)}px;color:{theme.css('text_soft')}}}"
            # "left" is where the line begins, as Qt understands it.
            f"th{{text-align:left;font-weight:600;color:{theme.css('text_soft')}}}"
            f"th,td{{padding:{cell}}}"
        )
        # A list's line may begin with a key: its first letter does not say where the line begins.
        option = self.document().defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight)
        self.document().setDefaultTextOption(option)
        page = markdown_html(self._chapter.markdown)
        if right:
            page = mirrored_tables(page)
        self.setHtml(f"<style>{css}</style>{page}")
        self.lay_out()


class ManualWindow(QWidget):
    """Opened with ``show``; closed, it is gone."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None, language: str = "") -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("manualWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(tr("Manual — Soundbite"))
        self.setWindowIcon(product_icon())
        self.resize(960, 760)
        self._all = chapters(language)
        self._shown: list[Chapter] = []
        self.field = QLineEdit(self)
        self.field.setObjectName("manualField")
        self.field.setPlaceholderText(tr("Search the manual"))
        describe(self.field, tr("Show the chapters that hold these words; Enter goes to the next place"))
        clearable(self.field, themes.theme, tr("Clear"))
        self.words = QLabel(self)
        self.words.setFont(font(12))
        self.words.setProperty("role", "soft")
        self._titles = QStringListModel(self)
        self.view = QListView(self)
        self.view.setObjectName("manualChapters")
        self.view.setAccessibleName(tr("Chapters"))
        self.view.setModel(self._titles)
        self.view.setFont(font(14))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setSpacing(3)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.page = ManualPage(themes, self)
        self._place = 0
        self._build()
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self._next)
        self.view.selectionModel().currentChanged.connect(self._turn)
        self.page.anchorClicked.connect(self._clicked)
        self._search("")

    def _build(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 16, 12, 12)
        column.setSpacing(8)
        for widget in (self.field, self.words, self.view):
            column.addWidget(widget)
        right = QFrame(self)
        right.setObjectName("readerPane")
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 8, 0, 0)
        beside.addWidget(self.page)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        widest = (
            max(self.view.fontMetrics().horizontalAdvance(one.title) for one in self._all) if self._all else 0
        )
        splitter.setSizes([max(240, widest + 64), 720])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)

    # -- chapters --------------------------------------------------------------------------------------------

    def open_chapter(self, name: str) -> bool:
        """Turn to the chapter of this name (``keys``); False when there is none."""
        self.field.clear()
        for row, chapter in enumerate(self._shown):
            if chapter.name == name:
                self.view.setCurrentIndex(self._titles.index(row))
                return True
        return False

    def chapter(self) -> Chapter | None:
        """The chapter that is shown."""
        row = self.view.currentIndex().row()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _turn(self, index: QModelIndex) -> None:
        chapter = self.chapter()
        if chapter is not None:
            self.page.show_chapter(chapter)
            self._mark()

    def _search(self, wanted: str) -> None:
        before = self.chapter()
        needle = wanted.strip().casefold()
        self._shown = [one for one in self._all if needle in one.words.casefold()]
        self._titles.setStringList([one.title for one in self._shown])
        if not self._shown:
            self.words.setText(tr("Nothing found"))
            return
        count = tr_n("{n} chapter", "{n} chapters", len(self._shown)).format(n=len(self._shown))
        self.words.setText(count if needle else "")
        row = self._shown.index(before) if before in self._shown else 0
        self.view.setCurrentIndex(self._titles.index(row))
        self._mark()

    def _mark(self) -> None:
        self.page.refresh()
        found = self.page.find_all(self.field.text().strip())
        self._place = 0
        if found:
            self.page.show_find(0)

    def _next(self) -> None:
        """Enter: the next place, and from the last the next chapter's."""
        places = self.page.finds
        if self._place + 1 < places:
            self._place += 1
            self.page.show_find(self._place)
        elif self._shown:
            row = (self.view.currentIndex().row() + 1) % len(self._shown)
            self.view.setCurrentIndex(self._titles.index(row))

    def _clicked(self, url: QUrl) -> None:
        if not url.scheme():
            self.open_chapter(url.toString().removesuffix(".md").partition("-")[2] or url.toString())
        else:
            open_in_browser(url.toString())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
        elif event.key() == Qt.Key.Key_Escape or (control and event.key() == Qt.Key.Key_W):
            self.close()
        elif control and event.key() == Qt.Key.Key_F:
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.selectAll()
        else:
            super().keyPressEvent(event)
