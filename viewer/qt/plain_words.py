"""Words for places where Qt guesses whether they are HTML: tooltips above all.

A title like ``<img src="/dev/zero">`` would be read by Qt as a page, and the file would be opened when the pointer rests
on it (``Qt::mightBeRichText``; a QToolTip has no other setting).
"""

from __future__ import annotations

import re

_SIGN = re.compile(r"<|&(?=lt;)")
_JOINER = "\u2060"
"""WORD JOINER: it is not seen and takes no room."""


def plain_tip(words: str) -> str:
    """``words`` so that Qt shows them as they are written, whatever they hold."""
    return _SIGN.sub(rf"\g<0>{_JOINER}", words)
