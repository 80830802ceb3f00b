"""The page behind F1: every action and its keys, from the one table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from viewer.base.language import tr
from viewer.ui.actions import ACTIONS, MENUS, keys_text
from viewer.ui.buttons import clearable, close_button
from viewer.ui.fonts import font
from viewer.ui.reading_text import ReadingText
from viewer.ui.text import escape
from viewer.ui.theme import ThemeManager


class ShortcutsHelp(QDialog):
    """A searchable list of keys. Opened with ``open()``; it never blocks."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys and help"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 640)
        self._themes = themes
        title = QLabel(tr("Keys"), self)
        title.setFont(font(20, bold=True))
        hint = QLabel(
            tr(
                "Click any quote, highlight, key point, mention or time: it plays. "
                "Esc always goes one step back."
            ),
            self,
        )
        hint.setWordWrap(True)
        hint.setProperty("role", "soft")
        hint.setFont(font(13))
        self._field = QLineEdit(self)
        self._field.setPlaceholderText(tr("Filter"))
        self._field.setAccessibleName(tr("Filter the keys"))
        self._field.setToolTip(tr("Show only the actions that hold these letters"))
        clearable(self._field, themes.theme, tr("Clear"))
        self._page = ReadingText(themes, self)
        self._page.setObjectName("shortcutsPage")
        self._page.setAccessibleName(tr("Actions and their keys"))
        close = close_button(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        for widget in (title, hint, self._field, self._page):
            column.addWidget(widget)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self._field.textChanged.connect(self._fill)
        self._fill("")
        self._field.setFocus()

    def _fill(self, wanted: str) -> None:
        theme = self._themes.theme
        parts = [f"<style>td{{font-size:14px;padding:4px 16px 4px 0;color:{theme.css('text')}}}</style>"]
        for menu in MENUS:
            rows = []
            for spec in ACTIONS:
                words = tr(spec.text)
                keys = keys_text(spec)
                if spec.menu != menu or not keys or wanted.lower() not in f"{words} {keys}".lower():
                    continue
                rows.append(
                    f"<tr><td width='65%'>{escape(words)}</td>"
                    f"<td style='color:{theme.css('accent')};font-weight:600'>{escape(keys)}</td></tr>"
                )
            if rows:
                name = escape(tr(menu).upper())
                parts.append(
                    f"<p style='font-size:11px;font-weight:600;color:{theme.css('text_soft')};"
                    f"margin:16px 0 4px 0'>{name}</p><table width='100%' cellspacing='0'>{''.join(rows)}</table>"
                )
        if len(parts) == 1:
            parts.append(f"<p>{escape(tr('No action matches.'))}</p>")
        self._page.setHtml("".join(parts))
