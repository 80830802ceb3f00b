"""Small words of the window: lengths, dates, counts and HTML, in the user's locale."""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterable

from PySide6.QtCore import QDate, QLocale

from viewer.base.errors import ViewerError
from viewer.base.language import is_right_to_left, tr, tr_n
from viewer.domain.note import Note
from viewer.domain.timestamp import format_timestamp


class _Dot(str):
    """A text between parts of a line, each of which runs as its own language does."""

    __slots__ = ()

    def join(self, parts: Iterable[str], /) -> str:
        """The parts, with this between them. From right to left each is set apart, as names and dates must be."""
        if not is_right_to_left():
            return super().join(parts)
        return "\u200f" + super().join(f"\u2068{part}\u2069" for part in parts)


DOT = _Dot(" · ")


def date_text(day: datetime.date | None) -> str:
    """``16 Jun 2025`` in the user's locale; nothing without a date."""
    if day is None:
        return ""
    return QLocale().toString(QDate(day.year, day.month, day.day), tr("d MMM yyyy"))


def count_text(count: int | None) -> str:
    """``12,345`` in the user's locale; nothing for None."""
    return "" if count is None else QLocale().toString(count)


def meta_line(note: Note) -> str:
    """``Turing Post · 16 Jun 2025 · 8:36 · 804 views``, without what is not known."""
    meta = note.metadata
    parts = [meta.channel or "", date_text(meta.published)]
    if meta.duration_ms:
        parts.append(format_timestamp(meta.duration_ms))
    if meta.view_count is not None:
        words = tr_n("{n} view", "{n} views", meta.view_count).format(n=count_text(meta.view_count))
        parts.append(words)
    return DOT.join(part for part in parts if part)


def length_text(ms: int) -> str:
    """A length in words that a reader takes in at once: ``44 s``, ``3 min``, ``1 h 02 min``."""
    seconds = round(ms / 1000)
    if seconds < 100:
        return tr("{n} s").format(n=seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{n} min").format(n=minutes)
    return tr("{h} h {min} min").format(h=minutes // 60, min=f"{minutes % 60:02}")


def size_text(size: int) -> str:
    """``48.0 MB`` in the user's locale, in thousands as the limits in the preferences are."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def escape(text: str) -> str:
    """``text`` as it may stand in HTML."""
    return html.escape(text, quote=True)


def failure_words(error: object, otherwise: str = "") -> tuple[str, str]:
    """What is said of a failure: its own message and advice, or ``otherwise`` and that the log knows more of our bug."""
    if isinstance(error, ViewerError):
        return error.message, error.advice
    return otherwise, tr("Something went wrong inside Soundbite; the log has the details.")


def failure_line(error: object) -> str:
    """What is said of a failure, as one line."""
    return " ".join(failure_words(error)).strip()
