"""Which typefaces are used where. Sizes are px, so that the 4 px grid holds at every desktop's own font size."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

from viewer.base.language import is_right_to_left

_UI = ("Inter", "Cantarell", "Ubuntu", "Noto Sans", "Open Sans")
_SERIF = (
    "Source Serif 4",
    "Source Serif Pro",
    "Charter",
    "Iowan Old Style",
    "Georgia",
    "Literata",
    "Noto Serif",
    "DejaVu Serif",
)
_POOR = ("DejaVu Sans", "Bitstream Vera Sans", "Sans", "Sans Serif", "")


@lru_cache(maxsize=1)
def ui_family() -> str:
    """The desktop's own typeface; on a bare system that only has a stop-gap, the best of what is installed."""
    family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if family not in _POOR:
        return family
    return _first(_UI) or family


@lru_cache(maxsize=1)
def serif_family() -> str:
    """A serif typeface for reading; the desktop's own choice when none of the known ones is installed."""
    return _first(_SERIF) or QFont("serif").defaultFamily()


def reading_family(serif: bool) -> str:
    """The typeface of the reading text."""
    return serif_family() if serif else ui_family()


def _first(families: tuple[str, ...]) -> str:
    installed = set(QFontDatabase.families())
    return next((family for family in families if family in installed), "")


def font(size: float, *, bold: bool = False, family: str | None = None, spacing: float = 0) -> QFont:
    """A font of the interface: ``size`` in px, ``spacing`` in px between letters (never in Arabic, whose letters join)."""
    result = QFont(family or ui_family())
    result.setPixelSize(round(size))
    if bold:
        result.setWeight(QFont.Weight.DemiBold)
    if spacing and not is_right_to_left():
        result.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    return result
